"""Measures Lazuli's MLflow tracking calls side by side with `mlflow server`, both on this machine, in this run.

Each case checks the answers of both servers first. A server's processor time is that of its whole process tree.
Ratios first: absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from process_tree import proportional_megabytes, tree
from results import add_to_results
from tracking_artifacts import Row, measure_artifacts
from tracking_data import BATCH, METRICS, count_runs, fill_points, fill_runs, history, require, score, write_run
from tracking_load import Load, Series, ask, load, one_by_one, short
from tracking_servers import Ours, Peer, TrackingServer

CONNECTIONS = 8
POINTS = 100_000
PAGE = 25_000
QUIET = 10
"""Seconds after its start in which a server becomes idle."""


@dataclass
class Bench:
    """Both servers and how much to do with them."""

    ours: Ours
    peer: Peer
    runs: int
    seconds: float
    large: int

    @property
    def both(self) -> tuple[Ours, Peer]:
        return self.ours, self.peer

    def begin(self) -> None:
        for server in self.both:
            server.start()
            server.warm_up()
        time.sleep(QUIET)


def compare(what: str, ours: Load, peer: Load, rate: str = "", cpu: str = "", median: str = "") -> Iterator[Row]:
    """The rows for which there is a bar."""
    if rate:
        yield f"{what}: rate", f"{short(ours.rate / peer.rate)}× (ours {ours}; peer {peer})", rate
    if cpu:
        yield f"{what}: CPU a request", less(ours.cpu, peer.cpu), cpu
    if median:
        yield f"{what}: p50", less(ours.median, peer.median), median


def compare_series(what: str, ours: Series, peer: Series, bar: str) -> Row:
    cpu = f"CPU ours {short(ours.cpu)} ms, peer {short(peer.cpu)} ms; {ours.times} and {peer.times} times"
    return f"{what}: median", f"{less(ours.median, peer.median)}; {cpu}", bar


def less(ours: float, peer: float) -> str:
    return f"1/{short(peer / ours) if ours else '∞'} (ours {short(ours)} ms, peer {short(peer)} ms)"


def measure_requests(bench: Bench) -> Iterator[Row]:
    """The calls of a training loop. What was answered must be in the store."""
    at_eight = f"{CONNECTIONS} connections"
    yield from compare(f"create run, {at_eight}", *(create_runs(bench, server) for server in bench.both), **small())
    logs = [log_metrics(bench, server, CONNECTIONS) for server in bench.both]
    yield from compare(f"log-metric, {at_eight}", *logs, **small())
    logs = [log_metrics(bench, server, 1) for server in bench.both]
    yield from compare("log-metric, 1 connection", *logs, median="≤ 1 ms")
    yield from compare(f"get run, {at_eight}", *(get_runs(bench, server) for server in bench.both), **small())
    batches = [log_batches(bench, server) for server in bench.both]
    yield from compare(f"log-batch of {BATCH:,} metrics, 1 connection", *batches, rate="≥ 25×", cpu="≤ 4 ms")


def small() -> dict[str, str]:
    """The bars of the small calls."""
    return {"rate": "≥ 25×", "cpu": "≤ 0.2 ms"}


def create_runs(bench: Bench, server: TrackingServer) -> Load:
    experiment = server.new_experiment()
    tags = [{"key": f"mlflow.{part}", "value": "bench"} for part in ("user", "source.name", "source.type")]
    body = {"experiment_id": experiment, "user_id": "bench", "run_name": "run-@", "start_time": "@", "tags": tags}
    done = load(server, "POST", "runs/create", body, CONNECTIONS, bench.seconds)
    kept = count_runs(server, experiment)
    require(done.answered <= kept <= done.sent, server, f"{done.answered} runs were created, {kept} are there")
    return done


def log_metrics(bench: Bench, server: TrackingServer, connections: int) -> Load:
    run_id = server.new_run(server.new_experiment())["run_id"]
    body = {"run_uuid": run_id, "run_id": run_id, "key": "loss", "value": 0.25, "timestamp": "@", "step": "@"}
    done = load(server, "POST", "runs/log-metric", body, connections, bench.seconds)
    check_points(server, run_id, "loss", done, 1)
    return done


def log_batches(bench: Bench, server: TrackingServer) -> Load:
    """A thousand points of ten metrics a request, all new."""
    run_id = server.new_run(server.new_experiment())["run_id"]
    metrics = [
        {"key": f"metric_{index % METRICS}", "value": index / 7, "timestamp": "@", "step": f"@{index // METRICS:03}"}
        for index in range(BATCH)
    ]
    done = load(server, "POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics}, 1, bench.seconds)
    check_points(server, run_id, "metric_0", done, BATCH // METRICS)
    return done


def check_points(server: TrackingServer, run_id: str, key: str, done: Load, each: int) -> None:
    """No point of an answered request may be missing, and none be there twice."""
    steps = [point["step"] for point in history(server, run_id, key)]
    fits = done.answered * each <= len(steps) <= done.sent * each and len(set(steps)) == len(steps)
    require(fits, server, f"{done.answered} requests of {each} points left {len(steps)} points")


def get_runs(bench: Bench, server: TrackingServer) -> Load:
    run_id = write_run(server, server.new_experiment(), 1, bench.runs)
    query = {"run_uuid": run_id, "run_id": run_id}
    data = server.send("GET", "runs/get", query=query)["run"]["data"]
    require(len(data["metrics"]) == len(data["params"]) == METRICS, server, "a run lacks what was logged")
    return load(server, "GET", f"runs/get?{urlencode(query)}", None, CONNECTIONS, bench.seconds)


def measure_search(bench: Bench) -> Iterator[Row]:
    """The runs of a large experiment: the best hundred of one half, and a page of full runs."""
    (ours, our_rate), (peer, peer_rate) = (fill_runs(server, bench.runs) for server in bench.both)
    written = f"{short(our_rate / peer_rate)}× (ours {short(our_rate)} runs/s, peer {short(peer_rate)} runs/s)"
    yield f"write {bench.runs:,} runs (create and one batch each), 4 threads", written, "—"
    best = {"filter": "metrics.metric_0 > 0.5", "order_by": ["metrics.metric_0 DESC"], "max_results": 100}
    searches = [search(bench, *where, best) for where in ((bench.ours, ours), (bench.peer, peer))]
    what = f"search of {bench.runs:,} runs, filter and order by a metric, top 100, 1 connection"
    yield from compare(what, *searches, rate="≥ 60×", cpu="≤ 4 ms")
    page = {"order_by": ["metrics.metric_0 DESC"], "max_results": 1000}
    read = [full_page(bench, *where, page) for where in ((bench.ours, ours), (bench.peer, peer))]
    yield compare_series(f"page of 1,000 of {bench.runs:,} runs, ordered by a metric", *read, "≤ 40 ms")


def search(bench: Bench, server: TrackingServer, experiment: str, asked: dict) -> Load:
    asked = asked | {"experiment_ids": [experiment]}
    check_found(server, asked, bench.runs, lambda value: value > 0.5)
    return load(server, "POST", "runs/search", asked, 1, bench.seconds)


def full_page(bench: Bench, server: TrackingServer, experiment: str, asked: dict) -> Series:
    asked = asked | {"experiment_ids": [experiment]}
    check_found(server, asked, bench.runs, lambda _: True)
    return one_by_one(server, lambda connection: void(ask(connection, "POST", "runs/search", asked)), bench.seconds)


def check_found(server: TrackingServer, asked: dict, runs: int, wanted) -> None:
    """The found runs must be the right ones, in the right order, with all that was logged."""
    found = [run["data"] for run in server.send("POST", "runs/search", asked)["runs"]]
    values = [next(one["value"] for one in run["metrics"] if one["key"] == "metric_0") for run in found]
    right = sorted(filter(wanted, (score(number, runs) for number in range(runs))), reverse=True)
    require(values == right[: asked["max_results"]], server, "a search finds other runs")
    full = all(len(run["metrics"]) == len(run["params"]) == METRICS for run in found)
    require(full, server, "a found run lacks what was logged")


def measure_history(bench: Bench) -> Iterator[Row]:
    """All points of one metric, page by page as the client reads them, and in one answer."""
    (ours, our_rate), (peer, peer_rate) = (fill_points(server, POINTS) for server in bench.both)
    written = f"{short(our_rate / peer_rate)}× (ours {our_rate:,.0f} points/s, peer {peer_rate:,.0f} points/s)"
    yield f"write {POINTS:,} points by batches of {BATCH:,}, 1 thread", written, "—"
    for page, name in ((None, "in one answer"), (PAGE, f"by pages of {PAGE:,}")):
        read = [read_history(bench, *where, page) for where in ((bench.ours, ours), (bench.peer, peer))]
        yield compare_series(f"history of {POINTS:,} points, {name}", *read, "≤ 60 ms")


def read_history(bench: Bench, server: TrackingServer, run_id: str, page: int | None) -> Series:
    steps = [point["step"] for point in history(server, run_id, "loss", page)]
    require(steps == list(range(POINTS)), server, "a history lacks points, or their order")

    def read(connection: http.client.HTTPConnection) -> None:
        asked = {"run_id": run_id, "metric_key": "loss"} | ({"max_results": page} if page else {})
        while True:
            answer = ask(connection, "GET", f"metrics/get-history?{urlencode(asked)}")
            token = token_of(answer)
            if not token:
                return
            asked["page_token"] = token

    return one_by_one(server, read, bench.seconds)


def token_of(answer: bytes) -> str:
    """The token of the next page, found without reading the points, which would count as the server's time."""
    _, found, rest = answer[-1000:].partition(b'"next_page_token":')
    return json.JSONDecoder().raw_decode(rest.decode().lstrip())[0] if found else ""


def void(_: object) -> None:
    """Takes what nobody needs."""


def measure_start(bench: Bench) -> Iterator[Row]:
    """Each server alone: the first start on an empty folder, what it holds when idle, and a start again."""
    first, idle, again, processes = [], [], [], []
    for server in bench.both:
        try:
            first.append(server.start() * 1000)
            time.sleep(QUIET)
            idle.append(proportional_megabytes(server.pid))
            processes.append(len(tree(server.pid)))
            server.stop()
            again.append(server.start() * 1000)
        finally:
            server.stop()
    yield "start to first answer, empty folder", less(*first), "≤ 200 ms"
    yield "start to first answer, again", less(*again), "≤ 200 ms"
    held = f"(ours {idle[0]:.0f} MB in {processes[0]}, peer {idle[1]:,.0f} MB in {processes[1]} processes)"
    yield "idle memory of the whole tree (PSS)", f"1/{short(idle[1] / idle[0])} {held}", "≤ 80 MB"


PARTS = {
    "requests": measure_requests,
    "search": measure_search,
    "history": measure_history,
    "artifacts": measure_artifacts,
    "start": measure_start,
}


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without names")
    parser.add_argument("--full", action="store_true", help="search 10,000 runs, whose writing takes minutes")
    parser.add_argument("--runs", type=int, help="search so many runs (default: 2,000)")
    parser.add_argument("--seconds", type=float, default=8, help="how long each load lasts (default: 8)")
    parser.add_argument("--large", type=int, default=1 << 30, help="bytes of the large artifact (default: 1 GiB)")
    parser.add_argument("--keep", action="store_true", help="add the figures to RESULTS.md")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    runs = chosen.runs or (10_000 if chosen.full else 2_000)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="lazuli-bench-") as folder:
        for part in chosen.parts or PARTS:
            home = Path(folder) / part
            bench = Bench(Ours(home / "lazuli"), Peer(home / "mlflow"), runs, chosen.seconds, chosen.large)
            try:
                if part != "start":
                    bench.begin()
                for row in PARTS[part](bench):
                    rows.append(row)
                    print(" | ".join(row), flush=True)
            finally:
                bench.ours.stop()
                bench.peer.stop()
    if chosen.keep:
        add_to_results(rows)


if __name__ == "__main__":
    main()
