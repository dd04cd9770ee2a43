"""What the tracking benchmark writes before it reads, the same for both servers, and what must come back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tracking_servers import TrackingServer

THREADS = 4
BATCH = 1000
METRICS = 10
STRIDE = 7919
"""A prime, so that multiples of it modulo the number of runs are those numbers in another order."""


def require(holds: bool, server: TrackingServer, what: str) -> None:
    """A wrong answer ends the benchmark: the speed of wrong answers is of no use."""
    if not holds:
        raise SystemExit(f"{type(server).__name__} answers wrongly: {what}")


def score(number: int, runs: int) -> float:
    """The metric that is searched by; no two runs have the same."""
    assert math.gcd(STRIDE, runs) == 1, f"{runs} runs: take a number that is no multiple of {STRIDE}"
    return number * STRIDE % runs / runs


def fill_runs(server: TrackingServer, runs: int) -> tuple[str, float]:
    """An experiment with so many runs, each of one `create` and one `log-batch`, and how many were written a second."""
    experiment = server.new_experiment()

    def write(first: int) -> None:
        writer = server.copy()
        for number in range(first, runs, THREADS):
            write_run(writer, experiment, number, runs)

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    return experiment, runs / (time.monotonic() - began)


def write_run(server: TrackingServer, experiment: str, number: int, runs: int) -> str:
    """A finished run's usual load: ten metrics, ten parameters, three tags."""
    tags = [{"key": f"mlflow.source.{part}", "value": "bench"} for part in ("name", "type", "git.commit")]
    created = {"experiment_id": experiment, "run_name": f"run-{number}", "start_time": number + 1, "tags": tags}
    run_id = server.send("POST", "runs/create", created)["run"]["info"]["run_id"]
    metrics = [
        {"key": f"metric_{index}", "value": score(number, runs) + index, "timestamp": 1, "step": 0}
        for index in range(METRICS)
    ]
    params = [{"key": f"param_{index}", "value": str(number * index)} for index in range(METRICS)]
    server.send("POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics, "params": params})
    return run_id


def fill_points(server: TrackingServer, points: int) -> tuple[str, float]:
    """A run with so many points of one metric, by batches of a thousand, and how many were written a second."""
    run_id = server.new_run(server.new_experiment())["run_id"]
    began = time.monotonic()
    for first in range(0, points, BATCH):
        metrics = [
            {"key": "loss", "value": 1 / (step + 1), "timestamp": 1_700_000_000_000 + step, "step": step}
            for step in range(first, min(first + BATCH, points))
        ]
        server.send("POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics})
    return run_id, points / (time.monotonic() - began)


def history(server: TrackingServer, run_id: str, key: str, page: int | None = 25_000) -> list[dict[str, Any]]:
    """All points of a metric, by pages as the client reads them; `None`: in one answer."""
    return list(pages(server, "GET", "metrics/get-history", {"run_id": run_id, "metric_key": key}, page, "metrics"))


def count_runs(server: TrackingServer, experiment: str) -> int:
    return sum(1 for _ in pages(server, "POST", "runs/search", {"experiment_ids": [experiment]}, 50_000, "runs"))


def pages(
    server: TrackingServer, method: str, call: str, asked: dict[str, Any], page: int | None, member: str
) -> Iterator[dict[str, Any]]:
    """The members of all pages of an answer."""
    asked = dict(asked) if page is None else asked | {"max_results": page}
    while True:
        reply = server.send(method, call, **{"query" if method == "GET" else "body": asked})
        yield from reply.get(member, [])
        if not reply.get("next_page_token"):
            return
        asked["page_token"] = reply["next_page_token"]
