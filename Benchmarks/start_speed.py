"""How soon a server answers, and what it holds in memory when nothing happens."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from lazuli_server import LazuliServer
from lazuli_wire import Wire
from request_speed import resident_kilobytes

JOBS = 10_000
STARTS = 5
SWEEP = {
    "jobType": "Sweep", "experimentName": "bench", "searchSpace": {"a": ["choice", [[1, 2]]]},
    "objective": {"goal": "Minimize", "primaryMetric": "loss"},
    "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
    "trial": {"command": "true", "environmentId": "azureml:AzureML-minimal@latest"},
}  # fmt: skip


def measure_idle_memory(server: LazuliServer, _: Wire) -> Iterator[tuple[str, str, str]]:
    """The server alone, some seconds after its start."""
    assert server.process is not None
    time.sleep(3)
    yield "idle memory of the whole server", f"{resident_kilobytes(server.process.pid) / 1024:.0f} MiB", "≤ 80 MB"


def measure_start(server: LazuliServer, wire: Wire) -> Iterator[tuple[str, str, str]]:
    """From the start of the process to the first answer, with ten thousand jobs in the store."""

    def put(number: int) -> None:
        path = f"{server.workspace_path}/jobs/job-{number}"
        Wire.send(wires[number % len(wires)], "PUT", path, {"properties": SWEEP}).raise_for_status()

    wires = [Wire(server) for _ in range(8)]
    with ThreadPoolExecutor(len(wires)) as pool:
        list(pool.map(put, range(JOBS)))
    taken = []
    for _ in range(STARTS):
        server.stop()
        taken.append(time_to_answer(server))
    yield (
        f"start to first answer, {JOBS:,} jobs in the store, median of {STARTS}",
        f"{statistics.median(taken) * 1000:.0f} ms",
        "≤ 200 ms",
    )


def time_to_answer(server: LazuliServer) -> float:
    """The address file is written once all three listeners answer."""
    began = time.time()
    server.start()
    return server.address_file.stat().st_mtime - began
