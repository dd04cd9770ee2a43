"""Measures what Lazuli's automated learning makes of a table in a given time, side by side with FLAML and AutoGluon at
twice that time, and with a sixth of it beside LightGBM alone; all on this machine, from a process's start to its exit.

Each run is a process of its own on a seeded split. A run during which others took more than 15 % of the processors does
not count and is tried again. Every run is kept in a file of .build/results/automl; with --reuse, runs of such files
stand for new ones where rows, recipe, budget and machine are the same. Ratios first: absolute figures are this
machine's.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from automl_frameworks import Framework, frameworks, install
from automl_losses import read_losses
from automl_records import Ledger, Record, machine, read
from automl_report import report
from automl_tables import TOO_SMALL, Split, Table, folder_tables, shared_data, shared_tables, split
from automl_usage import Usage, measured, wait_for_quiet
from lazuli_server import REPOSITORY, quiet_environment
from results import add_to_results

RESULTS = REPOSITORY / ".build" / "results" / "automl"
SEEDS = (1, 2, 3)
QUIET = 0.08
"""The share of the processors that others may take when a run begins."""


@dataclass(frozen=True)
class Bench:
    """Where runs happen and how often each may be tried."""

    home: Path
    ledger: Ledger
    tries: int
    patience: float

    def run(self, framework: Framework, on: Split) -> None:
        """One run that counts, or the last of some that do not."""
        known = self.ledger.known.get(blank(framework, on).what)
        if known:
            self.ledger.add(known)
            print(f"{known} (kept)", flush=True)
            return
        for attempt in range(1, self.tries + 1):
            wait_for_quiet(QUIET, self.patience)
            record = self.ledger.add(self.attempt(framework, on, attempt))
            print(record, flush=True)
            if not record.spoilt:
                return

    def attempt(self, framework: Framework, on: Split, attempt: int) -> Record:
        folder = self.home / framework.name
        folder.mkdir()
        try:
            record = blank(framework, on)
            record.attempt = attempt
            log = folder / "log"
            usage = measured(framework.fit(on, folder), folder, log, limit(framework))
            fill(record, usage, framework, folder)
            if usage.code:
                record.failure = failure(usage, log)
            else:
                judge(record, framework, on, folder)
            return record
        finally:
            shutil.rmtree(folder)


def blank(framework: Framework, on: Split) -> Record:
    table = on.table
    return Record(
        table.name, table.task, table.metric, on.seed, on.fingerprint, on.train_rows, len(on.truth), on.columns,
        framework.name, framework.recipe, framework.seconds, machine(),
    )  # fmt: skip


def limit(framework: Framework) -> float:
    """Seconds after which a run is given up; peers are known to go on for long beyond their budget."""
    return 120 + 4 * (framework.seconds or 120)


def fill(record: Record, usage: Usage, framework: Framework, folder: Path) -> None:
    facts = framework.facts(folder)
    record.version, record.chosen = facts.get("version", ""), facts.get("chosen", "")
    record.fit = facts.get("fit")
    record.wall, record.cpu, record.others = usage.wall, usage.cpu, usage.others
    record.megabytes = usage.megabytes
    record.model_megabytes = framework.model_bytes(folder) / 1e6


def failure(usage: Usage, log: Path) -> str:
    if usage.ended_by_us:
        return f"given up after {usage.wall:.0f} s"
    return f"ended with {usage.code}: {last_words(log.read_text(errors='replace'))}"


def last_words(text: str) -> str:
    return " ".join(text.strip().splitlines()[-3:])[-400:] or "nothing was said"


def judge(record: Record, framework: Framework, on: Split, folder: Path) -> None:
    """Let the model predict the test rows, which is not timed, and compare with the truth."""
    done = subprocess.run(
        framework.predict(on, folder), capture_output=True, text=True, check=False, cwd=folder, env=quiet_environment()
    )
    if done.returncode:
        record.failure = f"no predictions: {last_words(done.stderr or done.stdout)}"
        return
    try:
        losses = read_losses(folder / "predictions.npz", on)
    except (OSError, ValueError) as error:
        record.failure = f"predictions that cannot be judged: {error}"
        return
    record.loss, record.standard_error, record.losses = losses.total, losses.standard_error, losses.packed()


def chosen_tables(folder: Path | None, names: list[str] | None) -> list[Table]:
    tables = folder_tables(folder) if folder else shared_tables(shared_data())
    known = {table.name: table for table in tables}
    unknown = set(names or ()) - set(known)
    if unknown:
        raise SystemExit(f"There is no table {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    return [known[name] for name in names] if names else [table for table in tables if table.name not in TOO_SMALL]


def read_rows(table: Table):
    """The rows of a table; nothing, with a word about it, when its file is not here."""
    try:
        return table.read()
    except FileNotFoundError as error:
        print(f"{table.name} is left out: {error.filename} is missing (LAZULI_BENCHMARK_DATA names the folder)")
        return None


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/run automl", description=__doc__)
    names = list(frameworks(30))
    parser.add_argument("--tables", nargs="+", help="which tables (default: all but the smallest)")
    parser.add_argument("--folder", type=Path, help="tables of another folder, named by its manifest.json")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), help="which splits (default: 1 2 3)")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="which frameworks")
    parser.add_argument("--seconds", type=float, default=30, help="our budget; peers get twice as much (default: 30)")
    parser.add_argument("--reuse", nargs="+", type=Path, default=[], help="files of earlier runs to use again")
    parser.add_argument("--output", type=Path, help="the file to keep the runs in")
    parser.add_argument("--tries", type=int, default=3, help="how often a contended run is begun (default: 3)")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a quiet machine (default: 60)")
    parser.add_argument("--report", nargs="+", type=Path, help="only report what is in these files")
    parser.add_argument("--keep", action="store_true", help="add the figures to RESULTS.md")
    return parser.parse_args()


def measure(chosen: argparse.Namespace) -> list[Record]:
    wanted = [framework for name, framework in frameworks(chosen.seconds).items() if name in chosen.only]
    install(wanted)
    day = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d-%H%M%S")
    ledger = Ledger(chosen.output or RESULTS / f"{day}.json", chosen.reuse)
    with tempfile.TemporaryDirectory(prefix="lazuli-bench-") as folder:
        bench = Bench(Path(folder), ledger, chosen.tries, chosen.patience)
        for table in chosen_tables(chosen.folder, chosen.tables):
            rows = read_rows(table)
            for seed in chosen.seeds if rows else ():
                on = split(table, rows, seed, Path(folder) / f"{table.name}-{seed}")
                for framework in wanted:
                    bench.run(framework, on)
    print(f"The runs are kept in {ledger.file}", flush=True)
    return ledger.records


def main() -> None:
    """Run what is asked for, print the comparison, and keep it if told to."""
    chosen = parsed()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    records = [record for file in chosen.report for record in read(file)] if chosen.report else measure(chosen)
    rows = list(report(records))
    for row in rows:
        print(" | ".join(row))
    if chosen.keep:
        add_to_results(rows)


if __name__ == "__main__":
    main()
