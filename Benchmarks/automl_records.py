"""One record for each run of the AutoML benchmark, kept in a JSON file that later runs can use again."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from automl_losses import Losses

CONTENDED = 0.15
"""The share of the processors beyond which others spoil a run."""


@dataclass
class Record:
    """A framework's run on one split of one table. Times in seconds; memory and size in megabytes."""

    table: str
    task: str
    metric: str
    seed: int
    data: str
    train_rows: int
    test_rows: int
    columns: int
    framework: str
    recipe: str
    budget: float | None
    machine: str
    attempt: int = 1
    version: str = ""
    chosen: str = ""
    wall: float = 0
    fit: float | None = None
    cpu: float = 0
    others: float = 0
    megabytes: float = 0
    model_megabytes: float = 0
    loss: float | None = None
    standard_error: float | None = None
    failure: str = ""
    losses: str = ""

    @property
    def overrun(self) -> float:
        return self.wall - self.budget if self.budget else 0.0

    @property
    def contended(self) -> bool:
        return self.others > CONTENDED

    @property
    def spoilt(self) -> bool:
        """Whether others robbed the run of its time. One without a budget takes its time; only its figures suffer."""
        return self.contended and self.budget is not None

    @property
    def counts(self) -> bool:
        """Whether the run's losses may be compared with others."""
        return not self.spoilt and not self.failure

    @property
    def row_losses(self) -> Losses:
        return Losses.unpacked(self.losses, self.task == "regression")

    @property
    def what(self) -> tuple:
        """Runs of which this is the same are the same run."""
        return self.table, self.seed, self.data, self.framework, self.recipe, self.budget, self.machine

    def __str__(self) -> str:
        result = self.failure or f"{self.metric} {self.loss:.5g} ± {self.standard_error:.2g}"
        fit = f", fit {self.fit:.1f} s" if self.fit is not None else ""
        over = f" ({self.overrun:+.1f})" if self.budget else ""
        loud = ", CONTENDED" if self.contended else ""
        return (
            f"{self.table}, split {self.seed}, {self.framework}: {result}; wall {self.wall:.1f} s{over}{fit}, "
            f"CPU {self.cpu:.0f} s, others {self.others:.0%}{loud}, {self.megabytes:.0f} MB, "
            f"model {self.model_megabytes:.2f} MB{', ' + self.chosen if self.chosen else ''}"
        )


class Ledger:
    """The records of a run, written down after each one, and those of an earlier run to be used again."""

    def __init__(self, file: Path, earlier: list[Path]) -> None:
        self.file = file
        self.records: list[Record] = []
        self.known = {
            record.what: record for path in earlier if path.exists() for record in read(path) if record.counts
        }

    def add(self, record: Record) -> Record:
        self.records.append(record)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps([asdict(each) for each in self.records], indent=0))
        partial.rename(self.file)
        return record


def read(file: Path) -> list[Record]:
    return [Record(**row) for row in json.loads(file.read_text())]


@cache
def machine() -> str:
    """The kind of machine: figures of another kind are not comparable."""
    text = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{model or platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
