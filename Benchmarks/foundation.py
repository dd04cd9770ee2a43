"""Measures what the foundation promises: job start, queue drain, requests, blobs, start-up, memory.

Every figure is taken on a server of its own, on this machine, in this run; a peer's figure from the same run stands
beside it where there is one. Ratios first: absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import tempfile
from pathlib import Path

from blob_speed import measure_blobs
from job_speed import measure_drain, measure_job_start
from lazuli_server import LazuliServer, program
from lazuli_wire import Wire
from request_speed import measure_requests
from start_speed import measure_idle_memory, measure_start

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "memory": measure_idle_memory,
    "start-of-jobs": measure_job_start,
    "drain": measure_drain,
    "requests": measure_requests,
    "blobs": measure_blobs,
    "start": measure_start,
}


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without names")
    parser.add_argument("--keep", action="store_true", help="add the figures to RESULTS.md")
    chosen = parser.parse_args()
    rows: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory(prefix="lazuli-bench-") as folder:
        for part in chosen.parts or PARTS:
            server = LazuliServer(Path(folder) / part).start()
            try:
                for row in PARTS[part](server, Wire(server)):
                    rows.append(row)
                    print(" | ".join(row), flush=True)
            finally:
                server.stop()
    if chosen.keep:
        add_to_results(rows)


def add_to_results(rows: list[tuple[str, str, str]]) -> None:
    """Add a dated section with the machine and the kind of build."""
    kind = "release" if "release" in str(program().resolve()) else "debug"
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = f"\n## {day}, {kind} build, {os.cpu_count()} cores, {platform.machine()}\n\n"
    load = f"Load average when done: {os.getloadavg()[0]:.1f}.\n\n"
    table = "| what | measured | bar |\n|---|---|---|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    text = RESULTS.read_text() if RESULTS.exists() else "# Results\n"
    RESULTS.write_text(text + head + load + table)


if __name__ == "__main__":
    main()
