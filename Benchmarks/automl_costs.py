"""Measures what automated learning costs besides the learning: how soon a first model is there, what the program itself
takes beside its training processes, memory for a large table, and the time of one row in the native host.

Each figure is taken alone, on this machine, in this run; the tables are made up, with fixed seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lazuli_server import OWN_PROCESS_GROUP, LazuliServer, program, quiet_environment
from lazuli_wire import Wire
from process_tree import TICKS, proportional_megabytes, stat_of, tree
from results import add_to_results
from serving_load import load
from serving_servers import ONNX, Models, Ours, wait_for_score

Row = tuple[str, str, str]
ML_TABLE = """\
paths:
  - file: ./rows.csv
transformations:
  - read_delimited: {delimiter: ','}
"""
SECONDS = 5
"""Of a load on the native host."""
WORDS = ("amber", "basalt", "cobalt", "dolomite", "epidote")


def main() -> None:
    """Measure the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without names")
    parser.add_argument("--keep", action="store_true", help="add the figures to RESULTS.md")
    chosen = parser.parse_args()
    rows: list[Row] = []
    for part in chosen.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="lazuli-bench-") as folder:
            for row in PARTS[part](Path(folder)):
                rows.append(row)
                print(" | ".join(row), flush=True)
    if chosen.keep:
        add_to_results(rows)


def made_up(file: Path, rows: int, columns: int) -> Path:
    """Numbers, every fifth column words; whether `y` is yes follows from six of them, and a little chance."""
    draw = random.Random(rows)
    is_word = [column % 5 == 4 for column in range(columns)]
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*(f"c{column}" for column in range(columns)), "y"])
        for _ in range(rows):
            cells = [draw.choice(WORDS) if word else round(draw.gauss(0, 1), 4) for word in is_word]
            leaning = cells[0] + cells[1] * cells[2] + (cells[4] == "cobalt") + 0.5 * abs(cells[3]) + draw.gauss(0, 0.5)
            writer.writerow([*cells, "yes" if leaning > 0.8 else "no"])
    return file


# The first model


def measure_first_model(folder: Path) -> Iterator[Row]:
    """From the PUT of a job over 10,000 rows to the first child run that has ended, as a client sees it."""
    data = folder / "data"
    data.mkdir()
    made_up(data / "rows.csv", 10_000, 20)
    (data / "MLTable").write_text(ML_TABLE)
    server = LazuliServer(folder / "home").start()
    try:
        wire = Wire(server)
        taken = [first_model(server, wire, data, f"first-{number}") for number in range(5)]
    finally:
        server.stop()
    yield (
        "job over 10,000 × 20 cells: PUT to the first model on the leaderboard, median of 5",
        f"{statistics.median(taken):.2f} s (least {min(taken):.2f}, most {max(taken):.2f})",
        "≤ 1.5 s",
    )


def first_model(server: LazuliServer, wire: Wire, data: Path, name: str) -> float:
    details = {
        "taskType": "Classification", "targetColumnName": "y", "primaryMetric": "Accuracy",
        "trainingData": {"jobInputType": "mltable", "uri": f"file://{data}"},
        "limitSettings": {"timeout": "PT20S", "maxTrials": 4},
    }  # fmt: skip
    began = time.monotonic()
    body = {"properties": {"jobType": "AutoML", "experimentName": "costs", "taskDetails": details}}
    wire.send("PUT", f"{server.workspace_path}/jobs/{name}", body).raise_for_status()
    while time.monotonic() - began < 60:
        if any(is_completed(server, wire, f"{name}_{child}") for child in range(3)):
            taken = time.monotonic() - began
            break
        time.sleep(0.01)
    else:
        raise SystemExit(f"{name} had no model after a minute")
    while not is_completed(server, wire, name):
        time.sleep(0.2)
    return taken


def is_completed(server: LazuliServer, wire: Wire, job: str) -> bool:
    reply = wire.send("GET", f"{server.workspace_path}/jobs/{job}")
    return reply.ok and reply.json()["properties"]["status"] == "Completed"


# Beside the training


def measure_overhead(folder: Path) -> Iterator[Row]:
    """The program's own processor time, reading the table to the last chart, in all that it and its processes took."""
    table = made_up(folder / "rows.csv", 10_000, 20)
    run = watched(table, folder, 30)
    yield (
        "30 s over 10,000 × 20 cells: processor time outside of the training processes",
        f"{run.own / run.all:.1%} ({run.own:.2f} of {run.all:.1f} s; wall {run.wall:.1f} s)",
        "≤ 5 %",
    )


def measure_large(folder: Path, seconds: int = 600) -> Iterator[Row]:
    """A million rows of thirty columns within ten minutes, and the memory of all processes together."""
    table = made_up(folder / "rows.csv", 1_000_000, 30)
    size = table.stat().st_size / 1e6
    run = watched(table, folder, seconds)
    yield f"1,000,000 × 30 cells, {size:.0f} MB of CSV, {seconds} s: start to exit", f"{run.wall:.0f} s", "≤ 10 min"
    memory = f"{run.peak:.0f} MB, {run.peak / size:.1f} × the table"
    yield "its memory, all processes together", memory, "≤ 4 × the table"
    yield "its leaderboard", run.leaderboard, "—"


class Watched:
    """One run of the command line, from its start to its exit."""

    own = all = wall = peak = 0.0
    leaderboard = ""


def watched(table: Path, folder: Path, seconds: float) -> Watched:
    run, began = Watched(), time.monotonic()
    command = [program(), "automl", "train", table, "--target", "y", "--metric", "log_loss"]
    process = subprocess.Popen(
        [*command, "--timeout-seconds", f"{seconds:g}", "--output", folder / "run"], stdout=subprocess.DEVNULL,
        env=quiet_environment(), **OWN_PROCESS_GROUP,
    )  # fmt: skip
    others: dict[int, float] = {}
    while process.poll() is None:
        for pid in tree(process.pid):
            stat = stat_of(pid)
            if stat and pid == process.pid:
                run.own = (int(stat[11]) + int(stat[12])) / TICKS
            elif stat:
                others[pid] = (int(stat[11]) + int(stat[12])) / TICKS
        run.peak = max(run.peak, proportional_megabytes(process.pid))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"lazuli automl train ended with {process.returncode}")
    run.wall, run.all = time.monotonic() - began, run.own + sum(others.values())
    board = json.loads((folder / "run" / "outputs" / "leaderboard.json").read_text())
    run.leaderboard = f"{len(board)} models" if isinstance(board, list) else f"{len(board.get('trials', board))} models"
    return run


# One row


def measure_latency(folder: Path) -> Iterator[Row]:
    """Processor time of the native host a request of one row, at one connection, of a booster and of an ensemble."""
    table = made_up(folder / "rows.csv", 10_000, 20)
    for name, options, bar in (
        ("a single booster", ["--allow", "LightGBM", "--max-trials", "1"], "≤ 50 µs"),
        ("the ensemble", [], "≤ 300 µs"),
    ):
        output = folder / name.replace(" ", "-")
        subprocess.run(
            [program(), "automl", "train", table, "--target", "y", "--metric", "log_loss", "--timeout-seconds", "20",
             "--output", output, *options],
            check=True, stdout=subprocess.DEVNULL, env=quiet_environment(),
        )  # fmt: skip
        model = output / "outputs" / "mlflow-model"
        pipeline = json.loads((model / "pipeline.json").read_text())
        kinds = ", ".join(sorted({member["algorithm"] for member in pipeline["members"]}))
        yield (
            f"one row in the native host, {name} ({len(pipeline['members'])} models: {kinds})",
            host_time(folder / f"home-{output.name}", model),
            bar,
        )


class Exported(Ours):
    """An endpoint for a model folder, on the native host."""

    def __init__(self, model: Path, home: Path) -> None:
        super().__init__(ONNX, Models(model), home)

    def document(self, endpoint: str, deployment: str) -> dict[str, Any]:
        return super().document(endpoint, deployment) | {
            "model": {"path": str(self.models.folder), "type": "mlflow_model"}
        }


def host_time(home: Path, model: Path) -> str:
    example = json.loads((model / "input_example.json").read_text())
    body = json.dumps({"input_data": {"columns": example["columns"], "data": example["data"][:1]}})
    exported = Exported(model, home)
    try:
        exported.begin()
        wait_for_score(exported.scoring, body)
        return asked(exported, body)
    finally:
        exported.stop()


def asked(exported: Exported, body: str) -> str:
    """Requests by wrk at eight connections, and the processor time of the host's own process meanwhile."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in tree(exported.pid)}
    host = next(pid for pid, command in commands.items() if b"\0score\0" in command)
    load(exported, body, 8, 2)
    before = own_seconds(host)
    taken = load(exported, body, 8, SECONDS)
    each = (own_seconds(host) - before) / (taken.rate * SECONDS)
    return f"{each * 1e6:.0f} µs of processor time, frames and JSON included (whole server: {taken})"


def own_seconds(pid: int) -> float:
    stat = stat_of(pid)
    return (int(stat[11]) + int(stat[12])) / TICKS


PARTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "first-model": measure_first_model,
    "overhead": measure_overhead,
    "latency": measure_latency,
    "large": measure_large,
}


if __name__ == "__main__":
    main()
