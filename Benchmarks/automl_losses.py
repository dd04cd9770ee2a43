"""How wrong predictions are: a loss for each row, and what two frameworks' losses say about each other."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy

from automl_tables import REGRESSION, Split

SMALLEST = 1e-15
"""The least probability that is believed, as scoring libraries have it: a certain prediction that is wrong costs 35."""


@dataclass(frozen=True)
class Losses:
    """One run's losses on the test rows: squared errors, or negative logarithms of the true class's probability."""

    rows: numpy.ndarray
    regression: bool

    @property
    def total(self) -> float:
        """The metric: root of the mean square, or mean logarithm."""
        mean = float(self.rows.mean())
        return mean**0.5 if self.regression else mean

    @property
    def shares(self) -> numpy.ndarray:
        """What each row adds to the metric, to first order, so that its spread is the metric's."""
        return self.rows / (2 * self.total) if self.regression and self.total else self.rows

    @property
    def standard_error(self) -> float:
        return standard_error(self.shares)

    def packed(self) -> str:
        return base64.b64encode(zlib.compress(self.rows.astype("<f4").tobytes())).decode()

    @staticmethod
    def unpacked(text: str, regression: bool) -> Losses:
        return Losses(numpy.frombuffer(zlib.decompress(base64.b64decode(text)), "<f4").astype(float), regression)


def standard_error(values: numpy.ndarray) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5)


def read_losses(predictions: Path, split: Split) -> Losses:
    """The losses of the predictions that a runner left; refused when they do not fit the test rows."""
    with numpy.load(predictions) as file:
        values, classes = file["values"], [str(name) for name in file["classes"]]
    if len(values) != len(split.truth) or not numpy.isfinite(values).all():
        raise ValueError(f"{len(values)} predictions for {len(split.truth)} rows, or one that is no number")
    if split.table.task == REGRESSION:
        return Losses((values[:, 0] - numpy.array(split.truth, dtype=float)) ** 2, True)
    if (values < 0).any() or (values.sum(axis=1) <= 0).any():
        raise ValueError("the probabilities of a row are negative or nothing")
    places = {name: place_of(name, classes) for name in set(split.truth)}
    chosen = values[numpy.arange(len(values)), [places[name] for name in split.truth]]
    chosen = numpy.where([places[name] < 0 for name in split.truth], 0, chosen)
    return Losses(-numpy.log(numpy.clip(chosen / values.sum(axis=1), SMALLEST, 1)), False)


def place_of(name: str, classes: list[str]) -> int:
    """Which column holds the probability of a class; -1 when the framework never heard of it."""
    for place, given in enumerate(classes):
        if given == name or given.lower() == name.lower() or is_same_number(given, name):
            return place
    return -1


def is_same_number(given: str, name: str) -> bool:
    try:
        return float(given) == float(name)
    except ValueError:
        return False


@dataclass(frozen=True)
class Comparison:
    """Our losses beside a peer's over the splits of one table."""

    ours: float
    peer: float
    error: float
    won: int
    splits: int

    @property
    def ratio(self) -> float:
        return self.ours / self.peer if self.peer else float("inf")

    @property
    def tied(self) -> bool:
        """Whether the difference is within one standard error."""
        return abs(self.ours - self.peer) <= self.error


def compare(pairs: list[tuple[Losses, Losses]]) -> Comparison:
    """Pairs of ours and a peer's, of one split each. The error is that of the mean difference, row by row."""
    errors = [standard_error(ours.shares - peer.shares) for ours, peer in pairs]
    return Comparison(
        ours=sum(ours.total for ours, _ in pairs) / len(pairs),
        peer=sum(peer.total for _, peer in pairs) / len(pairs),
        error=sum(error**2 for error in errors) ** 0.5 / len(pairs),
        won=sum(ours.total < peer.total for ours, peer in pairs),
        splits=len(pairs),
    )
