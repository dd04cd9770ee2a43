"""Keeps the figures of a run in RESULTS.md."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path

from lazuli_server import program

RESULTS = Path(__file__).with_name("RESULTS.md")


def add_to_results(rows: list[tuple[str, str, str]]) -> None:
    """Add a dated section with the machine and the kind of build."""
    kind = "release" if "release" in str(program().resolve()) else "debug"
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = f"\n## {day}, {kind} build, {os.cpu_count()} cores, {platform.machine()}\n\n"
    load = f"Load average when done: {os.getloadavg()[0]:.1f}.\n\n"
    table = "| what | measured | bar |\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    text = RESULTS.read_text() if RESULTS.exists() else "# Results\n"
    RESULTS.write_text(text + head + load + table)
