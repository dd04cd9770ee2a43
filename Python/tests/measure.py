"""Measures what the host itself costs: `python measure.py [requests]`.

One request at a time and 64 under way; CPU microseconds of the host's process per request, and round trips per second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from gateway import Host, frame, http_head, this_python

SCRIPT = "import json\ndef init():\n    pass\ndef run(raw_data):\n    return json.loads(raw_data)\n"
ASYNC_SCRIPT = SCRIPT.replace("def run", "async def run")
BODY = b'{"data": [[0.1, 2, 3.5, 4, 5, 6, 7, 8, 9, 10]]}'


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measure(host: Host, count: int, depth: int) -> tuple[float, float, float]:
    """CPU µs of the host per request, requests per second, and the middle round trip in µs."""
    connection = host.connections[0]
    data = frame(1, BODY, http_head()) * depth
    trips = []
    before, started = cpu_seconds(host.process.pid), time.perf_counter()
    for _ in range(count // depth):
        sent = time.perf_counter()
        connection.send(data)
        for _ in range(depth):
            connection.receive()
        trips.append(time.perf_counter() - sent)
    spent, taken = cpu_seconds(host.process.pid) - before, time.perf_counter() - started
    return spent / count * 1e6, count / taken, sorted(trips)[len(trips) // 2] * 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 64_000
    for name, text in (("run", SCRIPT), ("async run", ASYNC_SCRIPT)):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "score.py").write_text(text)
            host = Host(
                Path(folder), {"kind": "script", "script": {"folder": folder, "file": "score.py"}}, this_python(), {}
            )
            host.ready()
            for depth in (1, 64):
                cpu, rate, middle = measure(host, count, depth)
                print(
                    f"{name:<10} {depth:>3} under way: {cpu:6.1f} µs CPU, {rate:9.0f}/s, middle trip {middle:8.1f} µs"
                )
            host.close()


if __name__ == "__main__":
    main()
