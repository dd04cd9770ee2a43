"""The tables of the AutoML benchmark, and their splits. A cell stays as its file spells it, so that all frameworks read
the same words; the test rows go to the frameworks without their target."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lazuli_server import REPOSITORY

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
TEST_SHARE = 0.25
METRICS = {BINARY: "log_loss", MULTICLASS: "log_loss", REGRESSION: "root_mean_squared_error"}


@dataclass(frozen=True)
class Rows:
    """Cells as words, below their columns' names."""

    header: list[str]
    cells: list[list[str]]

    def without(self, *names: str) -> Rows:
        kept = [index for index, name in enumerate(self.header) if name not in names]
        return Rows([self.header[index] for index in kept], [[row[index] for index in kept] for row in self.cells])

    def column(self, name: str) -> list[str]:
        index = self.header.index(name)
        return [row[index] for row in self.cells]

    def write(self, file: Path) -> Path:
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows([self.header, *self.cells])
        return file


@dataclass(frozen=True)
class Table:
    """A table to learn from: where its rows come from and what is to be predicted."""

    name: str
    task: str
    target: str
    read: Callable[[], Rows]

    @property
    def metric(self) -> str:
        return METRICS[self.task]


@dataclass(frozen=True)
class Split:
    """Three quarters of a table to train on, and a quarter to be judged by."""

    table: Table
    seed: int
    train: Path
    test: Path
    truth: list[str]
    classes: list[str]
    columns: int
    train_rows: int

    @property
    def fingerprint(self) -> str:
        """Tells whether two runs had the same rows."""
        data = hashlib.sha256(self.train.read_bytes())
        data.update(self.test.read_bytes())
        return data.hexdigest()[:16]


def split(table: Table, rows: Rows, seed: int, folder: Path) -> Split:
    """The same for a seed on every machine; classes keep their shares."""
    folder.mkdir(parents=True)
    target = rows.column(table.target)
    picked = test_rows(target, table, seed)
    train = Rows(rows.header, [cells for index, cells in enumerate(rows.cells) if index not in picked])
    test = Rows(rows.header, [cells for index, cells in enumerate(rows.cells) if index in picked])
    classes = [] if table.task == REGRESSION else sorted(set(train.column(table.target)))
    return Split(
        table, seed, train.write(folder / "train.csv"), test.without(table.target).write(folder / "test.csv"),
        test.column(table.target), classes, len(rows.header) - 1, len(train.cells),
    )  # fmt: skip


def test_rows(target: list[str], table: Table, seed: int) -> set[int]:
    groups: dict[str, list[int]] = {}
    for index, value in enumerate(target):
        groups.setdefault("" if table.task == REGRESSION else value, []).append(index)
    chance = random.Random(f"{table.name} {seed}")
    picked: set[int] = set()
    for _, members in sorted(groups.items()):
        chance.shuffle(members)
        picked.update(members[: round(len(members) * TEST_SHARE)])
    return picked


def read_csv(file: Path, skip: int = 0) -> Rows:
    """A CSV, packed or not, less some lines before its header."""
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    header, *cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[skip:]
    return Rows(header, [row for row in cells if row])


def shared_data() -> Path:
    """LAZULI_BENCHMARK_DATA, else the folder of shared public tables beside this repository."""
    return Path(os.environ.get("LAZULI_BENCHMARK_DATA", REPOSITORY.parent / "shared" / "data"))


def shared_tables(folder: Path) -> list[Table]:
    """The tables to be judged by. Iris and penguins are too small to tell frameworks apart; ask for them by name."""

    def table(name: str, task: str, target: str, file: str, without: tuple[str, ...] = (), skip: int = 0) -> Table:
        return Table(name, task, target, lambda: read_csv(folder / file, skip).without(*without))

    credit, wine = "credit-default/default_of_credit_card_clients.csv.gz", "wine-quality/wine_quality.csv.gz"
    return [
        table("bank-marketing", BINARY, "y", "bank-marketing/bankmarketing_train.csv.gz"),
        table("credit-default", BINARY, "default payment next month", credit, without=("ID",), skip=1),
        table("titanic", BINARY, "Survived", "titanic/titanic.csv"),
        table("diabetes", BINARY, "Diabetic", "diabetes-dp100/diabetes.csv"),
        table("heart", BINARY, "target", "heart/heart.csv"),
        Table("mnist", MULTICLASS, "digit", lambda: digits(folder / "mnist")),
        Table("wine-grade", MULTICLASS, "grade", lambda: grades(read_csv(folder / wine))),
        table("diamonds", REGRESSION, "price", "diamonds/diamonds.csv.gz"),
        table("california-housing", REGRESSION, "medianHouseValue", "california-housing/california_housing.csv.gz"),
        table("wine-quality", REGRESSION, "quality", wine, without=("type",)),
        table("hardware-perf", REGRESSION, "ERP", "hardware-perf/machine.csv"),
        table("iris", MULTICLASS, "species", "iris/iris.csv"),
        table("penguins", MULTICLASS, "species", "penguins/penguins.csv"),
    ]


TOO_SMALL = {"iris", "penguins"}


def folder_tables(folder: Path) -> list[Table]:
    """The tables of another folder, named by its manifest.json: name, task, target and file of each."""

    def table(row: dict) -> Table:
        return Table(row["name"], row["task"], row["target"], lambda: read_csv(folder / row["file"]))

    return [table(row) for row in json.loads((folder / "manifest.json").read_text())]


def grades(rows: Rows) -> Rows:
    """Wine by its quality as a class; the few wines at both ends are put to their neighbours, 4 and 8."""
    quality = [min(max(int(float(value)), 4), 8) for value in rows.column("quality")]
    rest = rows.without("quality")
    return Rows([*rest.header, "grade"], [[*row, f"q{value}"] for row, value in zip(rest.cells, quality, strict=True)])


SIDE = 28


def digits(folder: Path) -> Rows:
    """Ten thousand handwritten digits, each pixel the sum of four of the original's: 14 by 14."""
    images = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:]
    corners = [row * SIDE + column for row in range(0, SIDE, 2) for column in range(0, SIDE, 2)]
    cells = []
    for number, label in enumerate(labels):
        image = images[number * SIDE**2 : (number + 1) * SIDE**2]
        pixels = (image[at] + image[at + 1] + image[at + SIDE] + image[at + SIDE + 1] for at in corners)
        cells.append([*map(str, pixels), str(label)])
    return Rows([f"pixel{index}" for index in range(len(corners))] + ["digit"], cells)
