"""Bodies of the type multipart/form-data: fields and files."""

from __future__ import annotations

import io
import re
import shutil
from typing import Any

from lazuli_worker.multivalues import Headers

PARAMETER = re.compile(r';\s*([\w*.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')


class UploadedFile:
    """One file of a form, with what scripts ask of it: `filename`, `read`, `save`, `stream`."""

    def __init__(self, name: str, filename: str, headers: Headers, data: bytes) -> None:
        self.name = name
        self.filename = filename
        self.headers = headers
        self.content_type = headers.get("content-type", "")
        self.mimetype = self.content_type.split(";")[0].strip().lower()
        self.content_length = len(data)
        self.stream = io.BytesIO(data)

    def save(self, target: Any, buffer_size: int = 16384) -> None:
        """Writes the file to a path or an open file."""
        if hasattr(target, "write"):
            shutil.copyfileobj(self.stream, target, buffer_size)
        else:
            with open(target, "wb") as file:
                shutil.copyfileobj(self.stream, file, buffer_size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __iter__(self) -> Any:
        return iter(self.stream)

    def __bool__(self) -> bool:
        return bool(self.filename)

    def __repr__(self) -> str:
        return f"<UploadedFile {self.filename!r} ({self.content_type!r})>"


def parameters(value: str) -> dict[str, str]:
    """The parameters behind a header's value: `boundary`, `name`, `filename`…"""
    found = {}
    for name, text in PARAMETER.findall(value):
        if text[:1] == '"':
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        found[name.lower()] = text
    return found


def parse_form(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, UploadedFile]]]:
    """Fields and files in order. A body that is no form gives none."""
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, UploadedFile]] = []
    boundary = parameters(content_type).get("boundary", "")
    if not boundary:
        return fields, files
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1"))[1:]:
        if part.startswith(b"--"):
            break
        lines, gap, data = part.partition(b"\r\n\r\n")
        if not gap:
            continue
        split = (line.partition(":") for line in lines.decode("utf-8", "replace").split("\r\n") if ":" in line)
        headers = Headers((name.strip(), value.strip()) for name, _, value in split)
        said = parameters(headers.get("content-disposition", ""))
        name = said.get("name", "")
        if "filename" in said:
            files.append((name, UploadedFile(name, said["filename"], headers, data)))
        else:
            fields.append((name, data.decode("utf-8", "replace")))
    return fields, files
