"""What the gateway is to a host, small enough for a test: it starts the host and speaks frames with it."""

from __future__ import annotations

import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

WORKER = Path(__file__).resolve().parents[1] / "lazuli_worker"
PATIENCE = 20.0


class Reply(NamedTuple):
    """A reply frame, taken apart."""

    number: int
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    def json(self) -> Any:
        return json.loads(self.body)


def http_head(method: str = "POST", target: str = "/score", headers: dict[str, str] | None = None) -> bytes:
    """The head of an HTTP request as the gateway passes it on."""
    lines = {"Host": "127.0.0.1", "Content-Type": "application/json", "x-ms-request-id": "request-1", **(headers or {})}
    return f"{method} {target} HTTP/1.1\r\n".encode() + b"".join(f"{k}: {v}\r\n".encode() for k, v in lines.items())


def frame(number: int, body: bytes = b"", head: bytes = b"", kind: int = 1) -> bytes:
    return struct.pack("<IIBBHI", 12 + len(head) + len(body), number, kind, 0, 0, len(head)) + head + body


class Connection:
    """One connection to a host."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> Reply:
        """The next reply. Raises EOFError when the host has gone."""
        start = self.file.read(16)
        if len(start) < 16:
            raise EOFError("the host has gone")
        length, number, status, _, head_length = struct.unpack("<IIHHI", start)
        rest = self.file.read(length - 12)
        lines = [line.partition(": ") for line in rest[:head_length].decode("latin-1").split("\r\n") if line]
        return Reply(number, status, [(name, value) for name, _, value in lines], rest[head_length:])

    def close(self) -> None:
        self.file.close()
        self.socket.close()


class Host:
    """A host process and its files."""

    def __init__(self, folder: Path, plan: dict[str, Any], python: str, variables: dict[str, str]) -> None:
        self.socket = folder / "host.socket"
        self.progress_file = folder / "progress"
        self.progress_file.write_bytes(bytes(64))
        self.plan_file = folder / "plan.json"
        common = {
            "socket": str(self.socket),
            "progress": str(self.progress_file),
            "endpoint": "e",
            "deployment": "blue",
        }
        self.plan_file.write_text(json.dumps({**common, **plan}))
        self.log_file = folder / "log"
        self.connections: list[Connection] = []
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [python, str(WORKER), str(self.plan_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                # Nothing compiled is to lie in the host's own folder, which is made part of the program.
                env={**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled"), **variables},
            )

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def ready(self) -> Host:
        """Waits until the socket can be connected to. Raises AssertionError with the log when the host ended."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self.connections.append(Connection(self.socket))
                return self
            except OSError:
                assert self.process.poll() is None, f"the host ended with {self.process.returncode}:\n{self.log}"
                time.sleep(0.005)
        raise AssertionError(f"the host does not listen:\n{self.log}")

    def connect(self) -> Connection:
        self.connections.append(Connection(self.socket))
        return self.connections[-1]

    def ask(self, body: bytes | str = b"", head: bytes | None = None, kind: int = 1, number: int = 7) -> Reply:
        """One request and its reply, on the first connection."""
        data = body.encode() if isinstance(body, str) else body
        self.connections[0].send(frame(number, data, http_head() if head is None else head, kind))
        reply = self.connections[0].receive()
        assert reply.number == number
        return reply

    def describe(self) -> dict[str, Any]:
        return self.ask(head=b"", kind=2).json()["openapi"]

    def progress(self) -> tuple[int, int]:
        with self.progress_file.open("rb") as file, mmap.mmap(file.fileno(), 64, access=mmap.ACCESS_READ) as view:
            return struct.unpack_from("<QQ", view)

    def ended(self) -> int:
        """The exit code, waited for."""
        return self.process.wait(timeout=PATIENCE)

    def stop(self) -> int:
        """What the supervisor does at the end."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def close(self) -> None:
        for connection in self.connections:
            connection.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def this_python() -> str:
    """The Python that hosts run with: LAZULI_HOST_PYTHON, or this one."""
    return os.environ.get("LAZULI_HOST_PYTHON", sys.executable)
