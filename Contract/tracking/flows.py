"""What the programs of other Pythons share: a few functions, one a flow, run one after the other in one process,
since their clients take seconds to import. `python <program> <file>` writes for each flow what went wrong."""

from __future__ import annotations

import json
import sys
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException


def new(word: str) -> str:
    """A name nobody else uses."""
    return f"{word}-{uuid.uuid4().hex[:8]}"


def refused(call: Callable[[], object], text: str) -> None:
    """The call is refused in words that hold the text."""
    try:
        call()
    except MlflowException as error:
        assert text in str(error), error
    else:
        raise AssertionError(f"{text!r} was expected, and nothing was refused")


def outcome(flow: Callable[[], None]) -> str:
    """What went wrong, or nothing."""
    try:
        flow()
    except Exception:
        return traceback.format_exc()
    finally:
        while mlflow.active_run():
            mlflow.end_run()
    return ""


def run_all(flows: tuple[Callable[[], None], ...]) -> None:
    """Run the flows and write their outcomes to the file that the command line names."""
    Path(sys.argv[1]).write_text(json.dumps({flow.__name__: outcome(flow) for flow in flows}))
