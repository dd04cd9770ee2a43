"""A `lazuli up` of its own for scripts that need one: a fresh state folder, free ports, removed afterwards."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60


def program() -> Path:
    """The program: LAZULI_BIN, else the debug build of this folder."""
    found = Path(os.environ.get("LAZULI_BIN") or ROOT / ".build/debug/lazuli").absolute()
    if not found.exists():
        raise SystemExit(f"There is no program at {found}. First: make build")
    return found


@contextmanager
def temporary_server() -> Iterator[Path]:
    """Gives the state folder of a server that has started."""
    with tempfile.TemporaryDirectory(prefix="lazuli-script-") as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        command = [program(), "up", "--home", home, "--port", "0", "--blob-port", "0", "--http-port", "0"]
        with log.open("wb") as written:
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=written, stderr=written)
        try:
            wait_for_start(server, home, log)
            yield home
        finally:
            server.terminate()
            server.wait(30)


def wait_for_start(server: subprocess.Popen[bytes], home: Path, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not (home / "server.json").exists():
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The server did not start. It said:\n{log.read_text()}")
        time.sleep(0.05)
