"""Starts the native model host on a plan of its own, as the server does, and speaks its frames
(Documentation/Scoring-hosts.md)."""

from __future__ import annotations

import functools
import json
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

import lightgbm
import onnxruntime
import xgboost

from waiting import wait_until

SCORE, DESCRIBE = 1, 2
LIBRARIES = {
    module.__name__: str(Path(module.__file__ or "").parent.parent) for module in (onnxruntime, lightgbm, xgboost)
}


class Connection:
    """One connection of a gateway to a host."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))
        self.last = 0

    def send(
        self, body: Any, line: str = "POST /score HTTP/1.1", headers: dict[str, str] | None = None, kind: int = SCORE
    ) -> int:
        """Send one frame; what is not bytes goes out as JSON. Return its number."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [line, *(f"{name}: {value}" for name, value in (headers or {}).items())]
        head = b"" if kind == DESCRIBE else "".join(f"{text}\r\n" for text in lines).encode()
        self.last += 1
        length = 12 + len(head) + len(content)
        self.socket.sendall(struct.pack("<IIBBHI", length, self.last, kind, 0, 0, len(head)) + head + content)
        return self.last

    def receive(self) -> tuple[int, int, str, bytes]:
        """The next reply: number, status, head, body."""
        (length,) = struct.unpack("<I", self._exactly(4))
        reply = self._exactly(length)
        number, status, _, head = struct.unpack("<IHHI", reply[:12])
        return number, status, reply[12 : 12 + head].decode(), reply[12 + head :]

    def ask(self, body: Any, line: str = "POST /score HTTP/1.1", **options: Any) -> tuple[int, Any]:
        """Status and JSON of the answer to one request."""
        number = self.send(body, line, **options)
        answered, status, _, content = self.receive()
        assert answered == number
        return status, json.loads(content)

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self.socket.recv(count - len(parts))
            if not part:
                raise ConnectionError("the host closed the connection")
            parts += part
        return bytes(parts)


class NativeHost(Connection):
    """A host process, and a first connection to it."""

    def __init__(self, folder: Path, model: Path, libraries: dict[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "socket"
        self.progress = folder / "progress"
        self.progress.write_bytes(bytes(64))
        plan = {
            "socket": str(self.path),
            "progress": str(self.progress),
            "kind": "native",
            "endpoint": "diamonds",
            "deployment": "blue",
            "model": {"folder": str(model.parent), "path": str(model), "type": "custom_model", "name": "gem"},
            "libraries": LIBRARIES if libraries is None else libraries,
        }
        (folder / "plan.json").write_text(json.dumps(plan))
        program = os.environ.get("LAZULI_BIN", ".build/debug/lazuli")
        self.process = subprocess.Popen(
            [program, "child", "score", str(folder / "plan.json")], stderr=subprocess.PIPE, text=True
        )
        wait_until(lambda: self.process.poll() is not None or self._listens(), "the host listens", pause=0.02)
        if self.process.poll() is None:
            super().__init__(self.path)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as trial:
            return trial.connect_ex(str(self.path)) == 0

    @functools.cached_property
    def complaint(self) -> str:
        """What a host that could not start said."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)
