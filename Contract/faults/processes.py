"""Processes of this machine, as /proc shows them."""

from __future__ import annotations

from pathlib import Path


def processes_with(text: str) -> list[int]:
    """The ids of the processes whose command line, its arguments joined by zero bytes, holds a text."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command_line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in command_line:
            found.append(int(folder.name))
    return found


def resident_megabytes(process: int) -> float:
    """The memory a process holds now."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
