"""From the plan to a socket that answers: loads the model, then serves until it is told to end."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import signal
import socket
import sys
import threading

from lazuli_worker.failure import StartError, ending, say
from lazuli_worker.plan import Plan, read_plan
from lazuli_worker.progress import open_progress
from lazuli_worker.scorer import Scorer

LAST_WORD_SECONDS = 3.0
BACKLOG = 16
LOG_LINE = "%(asctime)s %(levelname).1s [%(process)d] %(name)s - %(message)s"


def main(arguments: list[str]) -> int:
    """Runs the host of one plan. 0: told to end; 1: could not load or serve, the log says why."""
    if len(arguments) != 1:
        say("usage: lazuli_worker <plan.json>")
        return 1
    try:
        plan = read_plan(arguments[0])
    except (OSError, ValueError, KeyError) as error:
        say(f"The plan {arguments[0]} cannot be read: {error!r}")
        return 1
    prepare_streams()
    try:
        scorer = load(plan)
        serve(plan, scorer)
    except StartError as failure:
        say(str(failure), failure.__cause__)
        return leave(1)
    except OSError as error:
        say(f"The host of {plan.endpoint}/{plan.deployment} cannot listen on {plan.socket}: {error}")
        return leave(1)
    except BaseException as error:
        say(f"The host of {plan.endpoint}/{plan.deployment} {ending(error)}", error)
        return leave(1)
    return leave(0)


def prepare_streams() -> None:
    """Lines reach the log at once, and `logging` shows INFO and above until the script configures it otherwise."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    faulthandler.enable()
    fallback = logging.StreamHandler()
    fallback.setFormatter(logging.Formatter(LOG_LINE))
    # The fallback instead of a handler of the root logger: `logging.basicConfig` in the script still works.
    logging.lastResort = fallback  # type: ignore[assignment]
    logging.getLogger().setLevel(logging.INFO)


def load(plan: Plan) -> Scorer:
    """The loaded model. Raises StartError."""
    if plan.kind == "script":
        from lazuli_worker.script import load_script

        return load_script(plan)
    if plan.kind == "mlflow":
        from lazuli_worker.mlflow_model import load_model

        return load_model(plan)
    raise StartError(f'The Python host does not know plans of the kind "{plan.kind}", only script and mlflow.')


def serve(plan: Plan, scorer: Scorer) -> None:
    """Binds the socket, which says that the model is loaded, and answers until SIGTERM."""
    progress = open_progress(plan.progress)
    if scorer.concurrent:
        from lazuli_worker.concurrently import serve_concurrently

        serve_concurrently(lambda: listen(plan.socket), scorer, progress)
    else:
        from lazuli_worker.serially import SerialServer

        SerialServer(lambda: listen(plan.socket), scorer, progress).run()


def listen(path: str) -> socket.socket:
    """A listening socket at `path`; one that a killed host left there is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    try:
        listener.bind(path)
    except OSError as error:
        if "too long" not in str(error):
            raise
        bind_short(listener, path)
    os.chmod(path, 0o600)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def bind_short(listener: socket.socket, path: str) -> None:
    """Binds where the whole path exceeds what an address holds, by way of the open folder's short name."""
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        listener.bind(f"/proc/self/fd/{folder}/{os.path.basename(path)}")
    finally:
        os.close(folder)


def leave(code: int) -> int:
    """Threads that the script left running do not keep the process: they have a moment, then it ends anyway."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    watchdog = threading.Timer(LAST_WORD_SECONDS, os._exit, [code])
    watchdog.daemon = True
    watchdog.start()
    return code
