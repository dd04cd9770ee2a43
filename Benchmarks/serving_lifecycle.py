"""How soon deployments come, grow, wake and how many there can be."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from process_tree import proportional_megabytes
from serving_servers import ECHO, ONNX, Models, Ours, wait_for_score
from tracking_artifacts import Row
from tracking_load import short
from waiting import wait_until

TIMES = 5
MANY = 100
WAKES = 2
SLEEPY = 150
"""Seconds in which a deployment without requests must have gone to sleep: a minute, and what the scaler needs."""


def measure_lifecycle(models: Models, home: Path) -> Iterator[Row]:
    """Lazuli alone: it is the only one of the servers that makes deployments."""
    for scorer, kind, bar in ((ECHO, "scripted", "≤ 2 s"), (ONNX, "native", "≤ 0.3 s")):
        server = Ours(scorer, models, home / scorer)
        try:
            server.begin()
            wait_for_score(server.scoring, server.scoring.body(models.rows(1)))
            yield (
                f"known environment, create → first 200, {kind}, median of {TIMES}",
                f"{short(statistics.median(first_scores(server)))} s", bar,
            )  # fmt: skip
            yield f"scale-out of one instance, {kind}", f"{short(scale_out(server))} s", "≤ 2 s"
            yield f"wake from zero, {kind}, median of {WAKES}", f"{short(wake(server))} s", "≤ 1.5 s"
            if scorer == ONNX:
                yield from idle_memory(server)
                yield from many(server)
        finally:
            server.stop()


def first_scores(server: Ours) -> Iterator[float]:
    """From the call that makes a deployment to the first score of it, by the deployment's own header."""
    scoring = server.scoring
    body = scoring.body(server.models.rows(1))
    for number in range(TIMES):
        name = f"try{number}"
        scoring.headers["azureml-model-deployment"] = name
        with ThreadPoolExecutor(1) as maker:
            began = time.monotonic()
            made = maker.submit(server.deploy, server.endpoint, name)
            wait_for_score(scoring, body)
            yield time.monotonic() - began
            made.result()
        server.server.run("online-deployment", "delete", "-n", name, "-e", server.endpoint, "--yes")


def scale_out(server: Ours) -> float:
    began = time.monotonic()
    server.server.run(
        "online-deployment", "update", "-n", "blue", "-e", server.endpoint, "--set", "instance_count=2", seconds=60
    )
    return time.monotonic() - began


def wake(server: Ours) -> float:
    """The first answer of a deployment that sleeps."""
    settings = {
        "type": "target_utilization", "min_instances": 0, "max_instances": 1, "polling_interval": 1,
        "target_utilization_percentage": 70,
    }  # fmt: skip
    server.deploy(server.endpoint, "sleeper", scale_settings=settings)
    scoring = server.scoring
    scoring.headers["azureml-model-deployment"] = "sleeper"
    body = scoring.body(server.models.rows(1))
    taken = []
    for _ in range(WAKES):
        wait_for_score(scoring, body)
        wait_until(lambda: instances(server, "sleeper") == 0, "the deployment sleeps", SLEEPY, 1)
        taken.append(timed(lambda: scoring.ask(body).raise_for_status()))
    server.server.run("online-deployment", "delete", "-n", "sleeper", "-e", server.endpoint, "--yes")
    return statistics.median(taken)


def instances(server: Ours, deployment: str) -> int:
    """How many instances answer now."""
    numbers = server.server.run_json("online-endpoint", "metrics", "-n", server.endpoint)
    return int(numbers["deployments"][deployment]["instances"])


def timed(task: Callable[[], object]) -> float:
    began = time.monotonic()
    task()
    return time.monotonic() - began


def idle_memory(server: Ours) -> Iterator[Row]:
    """What one more deployment adds to the tree."""
    before = proportional_megabytes(server.pid)
    server.deploy(server.endpoint, "weighed")
    time.sleep(2)
    added = proportional_megabytes(server.pid) - before
    yield "idle native deployment, added to the tree (PSS)", f"{short(added)} MB", "≤ 60 MB and its model"
    server.server.run("online-deployment", "delete", "-n", "weighed", "-e", server.endpoint, "--yes")


def many(server: Ours) -> Iterator[Row]:
    began = time.monotonic()
    for number in range(MANY):
        server.add(f"many-{number:03}")
    made = time.monotonic() - began
    for number in (0, MANY // 2, MANY - 1):
        scoring = server.scoring_of(f"many-{number:03}")
        wait_for_score(scoring, scoring.body(server.models.rows(1)))
    held = proportional_megabytes(server.pid)
    yield (
        f"{MANY} endpoints with a native deployment each",
        f"made in {made:.0f} s, {held:,.0f} MB in all",
        "they answer",
    )
