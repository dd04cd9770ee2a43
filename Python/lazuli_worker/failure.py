"""What the log says when the user's code fails: a sentence and the user's own part of the traceback."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType

HERE = os.path.dirname(os.path.abspath(__file__))


class StartError(Exception):
    """The host cannot serve. The message says why; the traceback of its cause, if there is one, belongs to the log."""


def own_frame(trace: TracebackType) -> bool:
    file = trace.tb_frame.f_code.co_filename
    return file.startswith(HERE) or file.startswith("<frozen importlib")


def user_part(trace: TracebackType | None) -> TracebackType | None:
    """The traceback without our frames and the import system's at its beginning."""
    while trace is not None and own_frame(trace) and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is not None and own_frame(trace) else trace


def say(sentence: str, error: BaseException | None = None) -> None:
    """Writes a sentence, and the traceback of `error`, to the log in one piece."""
    text = sentence + "\n"
    if error is not None:
        text += "".join(traceback.format_exception(type(error), error, user_part(error.__traceback__)))
    try:
        sys.stdout.flush()
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # The script closed its streams, or the log's reader has gone.
        pass


def ending(error: BaseException) -> str:
    """How an exit asked for by the user's code is worded."""
    code = error.code if isinstance(error, SystemExit) else type(error).__name__
    return f"asked to end the program ({code!r})" if isinstance(code, str) else f"asked to end the program with {code}"
