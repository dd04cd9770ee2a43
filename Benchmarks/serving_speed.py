"""Measures Lazuli's online endpoints side by side with Azure's own inference server, FastAPI with onnxruntime and
`mlflow models serve`, all on this machine, in this run, one worker each.

The figure that counts is the processor time of a server's whole process tree a request; rates and percentiles stand
beside it, and the share of the processors that other work took meanwhile. Ratios first: absolute figures are this
machine's.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from process_tree import proportional_megabytes
from results import add_to_results
from serving_lifecycle import measure_lifecycle
from serving_load import Load, apache_load, load
from serving_servers import ECHO, ONNX, SERVERS, Models, ScoringServer
from tracking_artifacts import Row
from tracking_load import short

CONNECTIONS = (1, 8, 64)
CLOSE = 1e-3
"""How far predictions of two servers may lie apart, relative to their size."""


@dataclass
class Bench:
    """What to compare and for how long."""

    folder: Path
    models: Models
    servers: list[str]
    seconds: float
    rounds: int

    def made(self, scorer: str, stack: ExitStack) -> list[ScoringServer]:
        """The servers that have this scorer, started, their answers compared."""
        servers = [SERVERS[name](scorer, self.models, self.folder / scorer / name) for name in self.servers]
        servers = [server for server in servers if scorer in server.scorers]
        for server in servers:
            stack.callback(server.stop)
            server.start()
        return servers


@dataclass
class Cell:
    """One kind of request to one kind of scorer."""

    what: str
    scorer: str
    rows: int
    bar: str


CELLS = {
    "echo": Cell("echo script", ECHO, 1, "≤ 110 µs; rate at 64 ≥ 8 times Azure's"),
    "onnx-1": Cell("ONNX, 1 row", ONNX, 1, "≤ 40 µs and ≤ 1/5 of FastAPI's"),
    "onnx-100": Cell("ONNX, 100 rows", ONNX, 100, "≤ 450 µs and ≤ 0.55 of the best peer's"),
}


def measure_cell(bench: Bench, cell: Cell) -> Iterator[Row]:
    """All servers at 1, 8 and 64 connections, in turns; the round with the least processor time counts."""
    with ExitStack() as stack:
        servers = bench.made(cell.scorer, stack)
        rows = bench.models.rows(cell.rows)
        if cell.scorer == ONNX:
            compare_predictions(servers, rows)
        for connections in CONNECTIONS:
            loads: dict[str, list[Load]] = {server.name: [] for server in servers}
            for _ in range(bench.rounds):
                for server in servers:
                    loads[server.name].append(load(server, server.scoring.body(rows), connections, bench.seconds))
            best = {name: min(taken, key=lambda each: each.cpu) for name, taken in loads.items()}
            yield f"{cell.what}, {connections} connections", beside(best), cell.bar if connections == 8 else "—"


def compare_predictions(servers: list[ScoringServer], rows: dict) -> None:
    """Servers that give other numbers are not measured against each other."""
    wanted = servers[0].predictions(rows)
    for server in servers[1:]:
        given = server.predictions(rows)
        same = len(given) == len(wanted) and all(
            abs(ours - theirs) <= CLOSE * max(1.0, abs(ours)) for ours, theirs in zip(wanted, given, strict=True)
        )
        if not same:
            raise SystemExit(f"{server.name} predicts {given[:3]}, {servers[0].name} {wanted[:3]}")


def beside(loads: dict[str, Load]) -> str:
    """Each server's figures, the first one's processor time as a share of each other's."""
    first, *others = loads.items()
    shares = ", ".join(f"1/{short(other.cpu / first[1].cpu)} of {name}" for name, other in others if first[1].cpu)
    figures = "; ".join(f"{name}: {taken}" for name, taken in loads.items())
    return f"CPU {shares} ({figures})" if shares else figures


def measure_ab(bench: Bench) -> Iterator[Row]:
    """ab with eight clients, a new connection for each request and then kept alive."""
    with ExitStack() as stack:
        servers = bench.made(ECHO, stack)
        for keep_alive, how in ((False, "a connection each"), (True, "kept alive")):
            taken = {
                server.name: apache_load(server, server.scoring.body(bench.models.rows(1)), 8, 4000, keep_alive)
                for server in servers
            }
            yield f"ab, echo script, 8 clients, {how}", beside(taken), "0 failed"


def measure_start(bench: Bench) -> Iterator[Row]:
    """Start of a whole server with the ONNX model to its first score, and what it holds after a few requests."""
    first: dict[str, float] = {}
    held: dict[str, float] = {}
    for name in bench.servers:
        server = SERVERS[name](ONNX, bench.models, bench.folder / "start" / name)
        try:
            first[server.name] = statistics.median([server.start()])
            body = server.scoring.body(bench.models.rows(1))
            for _ in range(20):
                server.scoring.ask(body)
            time.sleep(2)
            held[server.name] = proportional_megabytes(server.pid)
        finally:
            server.stop()
    yield "start of a server to its first score, ONNX", told(first, "s"), "—"
    yield "memory of the tree behind one ONNX model (PSS)", told(held, "MB"), "—"


def told(values: dict[str, float], unit: str) -> str:
    return ", ".join(f"{name} {short(value)} {unit}" for name, value in values.items())


PARTS = {
    **{name: (lambda bench, cell=cell: measure_cell(bench, cell)) for name, cell in CELLS.items()},
    "ab": measure_ab,
    "start": measure_start,
    "lifecycle": lambda bench: measure_lifecycle(bench.models, bench.folder / "lifecycle"),
}


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without names")
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=list(SERVERS), help="which servers")
    parser.add_argument("--seconds", type=float, default=6, help="how long each load lasts (default: 6)")
    parser.add_argument("--rounds", type=int, default=2, help="how often each load is repeated (default: 2)")
    parser.add_argument("--keep", action="store_true", help="add the figures to RESULTS.md")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="lazuli-bench-") as folder:
        models = Models(Path(folder) / "models").make()
        bench = Bench(Path(folder), models, chosen.servers, chosen.seconds, chosen.rounds)
        for part in chosen.parts or PARTS:
            if part == "lifecycle" and "lazuli" not in chosen.servers:
                continue
            for row in PARTS[part](bench):
                rows.append(row)
                print(" | ".join(row), flush=True)
    if chosen.keep:
        add_to_results(rows)


if __name__ == "__main__":
    main()
