"""What the frameworks' runners share. Each is a program of its own in its framework's own Python:

    with_<framework>.py fit TABLE.csv --target NAME --task binary|multiclass|regression --output FOLDER
                        [--seconds BUDGET] [--seed NUMBER]
    with_<framework>.py predict TABLE.csv --output FOLDER

`fit` is what the benchmark measures, from the program's start to its exit; it leaves the model and fit.json in the
folder. `predict` reads a table without the target and leaves predictions.npz: one row of numbers for each row of the
table (a probability for each class, or the value) and the names of the classes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

REGRESSION = "regression"


def arguments() -> argparse.Namespace:
    """What the program is asked to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["fit", "predict"])
    parser.add_argument("table", type=Path)
    parser.add_argument("--target")
    parser.add_argument("--task", choices=["binary", "multiclass", REGRESSION])
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, required=True)
    return parser.parse_args()


def run(fit: Callable[[argparse.Namespace], dict[str, Any]], predict: Callable[[argparse.Namespace], Any]) -> None:
    """Fit, and say how long that took beside the start and the reading; or predict."""
    asked = arguments()
    if asked.step == "predict":
        values, classes = predict(asked)
        write_predictions(asked.output, values, classes)
        return
    asked.output.mkdir(parents=True, exist_ok=True)
    facts = fit(asked)
    (asked.output / "fit.json").write_text(json.dumps(facts))


def timed(work: Callable[[], Any]) -> float:
    """Seconds that some work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def write_predictions(folder: Path, values: Any, classes: Iterable[Any]) -> None:
    import numpy

    values = numpy.asarray(values, dtype=numpy.float64)
    values = values.reshape(len(values), -1)
    numpy.savez(folder / "predictions.npz", values=values, classes=numpy.array([str(name) for name in classes]))
