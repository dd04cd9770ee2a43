"""Starts and ends a `lazuli up` of the test's own, and runs the command line program against it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from waiting import wait_until

REPOSITORY = Path(__file__).resolve().parent.parent
OWN_PROCESS_GROUP = {"start_new_session": True}


def program() -> Path:
    """The program under test: LAZULI_BIN, else the debug build of this repository."""
    return Path(os.environ.get("LAZULI_BIN", REPOSITORY / ".build" / "debug" / "lazuli")).absolute()


@dataclass
class LazuliServer:
    """One server with one state folder. `start`, `kill` and `start` again keep the folder, and may change the ports."""

    home: Path
    process: subprocess.Popen[bytes] | None = None
    addresses: dict[str, Any] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)

    @property
    def log_file(self) -> Path:
        return self.home.parent / f"{self.home.name}.log"

    @property
    def address_file(self) -> Path:
        return self.home / "server.json"

    @property
    def api(self) -> str:
        return self.addresses["api"].rstrip("/")

    @property
    def blob(self) -> str:
        return self.addresses["blob"].rstrip("/")

    @property
    def subscription(self) -> str:
        return self.exports["AZURE_SUBSCRIPTION_ID"]

    @property
    def resource_group(self) -> str:
        return self.exports["LAZULI_RESOURCE_GROUP"]

    @property
    def workspace(self) -> str:
        return self.exports["LAZULI_WORKSPACE"]

    @property
    def group_path(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"

    @property
    def workspaces_path(self) -> str:
        return f"{self.group_path}/providers/Microsoft.MachineLearningServices/workspaces"

    @property
    def workspace_path(self) -> str:
        return f"{self.workspaces_path}/{self.workspace}"

    def start(self, ports: tuple[int, int, int] = (0, 0, 0), seconds: float = 60) -> LazuliServer:
        """Start the server and wait until it has written its addresses and answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.address_file.unlink(missing_ok=True)
        api, blob, http = (str(port) for port in ports)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [program(), "up", "--home", self.home, "--port", api, "--blob-port", blob, "--http-port", http],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=quiet_environment(),
                **OWN_PROCESS_GROUP,
            )
        self.addresses = wait_until(self._read_addresses, "the server writes server.json", seconds)
        self.exports = json.loads(self.run("env", "--json").stdout)
        return self

    def kill(self) -> None:
        """End the server as a power cut would: no warning, its jobs' supervisors stay."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 30) -> int:
        """End the server as `lazuli down` would, and return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def run(
        self,
        *arguments: str | Path,
        check: bool = True,
        seconds: float = 120,
        folder: Path | None = None,
        typed: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run `lazuli <arguments>` against this server; with `check`, a failure shows what the program wrote."""
        finished = subprocess.run(
            [program(), *arguments],
            capture_output=True,
            text=True,
            timeout=seconds,
            cwd=folder,
            input=typed or "",
            env=quiet_environment() | {"LAZULI_HOME": str(self.home)} | (extra or {}),
            check=False,
        )
        if check and finished.returncode != 0:
            command = " ".join(str(argument) for argument in arguments)
            raise AssertionError(f"`lazuli {command}` ended with {finished.returncode}:\n{said(finished)}")
        return finished

    @contextmanager
    def begun(self, *arguments: str | Path, folder: Path | None = None) -> Iterator[subprocess.Popen[str]]:
        """Start `lazuli <arguments>` and go on; what still runs at the end is ended."""
        process = subprocess.Popen(
            [program(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=quiet_environment() | {"LAZULI_HOME": str(self.home)},
            **OWN_PROCESS_GROUP,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def run_json(self, *arguments: str | Path, **options: Any) -> Any:
        """Run `lazuli <arguments> -o json` and read what it prints."""
        return json.loads(self.run(*arguments, "-o", "json", **options).stdout)

    def log_since(self, offset: int) -> str:
        with self.log_file.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    def log_size(self) -> int:
        return self.log_file.stat().st_size

    def _read_addresses(self) -> dict[str, Any] | None:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"The server ended with {self.process.returncode}:\n{self.log_since(0)[-4000:]}")
        try:
            return json.loads(self.address_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None


def quiet_environment() -> dict[str, str]:
    """The caller's environment without what would point the program, or a client in it, somewhere else."""
    foreign = ("AZURE_", "LAZULI_", "MLFLOW_", "AZUREML_", "IDENTITY_", "ARM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def said(finished: subprocess.CompletedProcess[str]) -> str:
    """What a program wrote, both streams."""
    return finished.stdout + finished.stderr
