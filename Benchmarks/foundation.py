"""Measures what the foundation promises: job start, queue drain, requests, blobs, start-up, memory.

Every figure is taken on a server of its own, on this machine, in this run; a peer's figure from the same run stands
beside it where there is one. Ratios first: absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from blob_speed import measure_blobs
from job_speed import measure_drain, measure_job_start
from lazuli_server import LazuliServer
from lazuli_wire import Wire
from request_speed import measure_requests
from results import add_to_results
from start_speed import measure_idle_memory, measure_start

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


if __name__ == "__main__":
    main()
