"""Scoring scripts: loaded as a module, `init` once, `run` per request."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from types import ModuleType
from typing import Any, Callable

from lazuli_worker import shims
from lazuli_worker.failure import StartError, ending
from lazuli_worker.inputs import input_for
from lazuli_worker.interface import describe_script
from lazuli_worker.plan import Plan
from lazuli_worker.scorer import Scorer


def load_script(plan: Plan) -> Scorer:
    """Imports the script, calls its `init` and finds out how its `run` wants its input. Raises StartError."""
    shims.install()
    path = os.path.join(plan.script_folder, plan.script_file)
    module = import_script(plan.script_folder, plan.script_file, path)
    for name in ("init", "run"):
        if not callable(getattr(module, name, None)):
            raise StartError(
                f"The scoring script {plan.script_file} has no {name}() function. It needs init() and run()."
            )
    run = scoring_function(module)
    invoke = input_for(run, plan.script_file)
    concurrent = inspect.iscoroutinefunction(run) or inspect.iscoroutinefunction(inspect.unwrap(run))
    initialise(module.init, plan.script_file)
    return Scorer(invoke, lambda: describe_script(run), concurrent)


def import_script(folder: str, file: str, path: str) -> ModuleType:
    """The script as a module. Its folder comes first on the path, then the folder of the staged code."""
    if not os.path.isfile(path):
        raise StartError(f"There is no scoring script {file} in the code ({folder}). It holds: {listing(folder)}.")
    os.chdir(folder)
    for each in (folder, os.path.dirname(path)):
        if each in sys.path:
            sys.path.remove(each)
        sys.path.insert(0, each)
    stem = os.path.splitext(os.path.basename(file))[0]
    # A name that another module has (logging.py…) would take that one's place.
    taken = not stem.isidentifier() or stem in sys.modules or stem in getattr(sys, "stdlib_module_names", ())
    name = "entry_module" if taken else stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StartError(f"The scoring script {file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that its classes can be pickled and its functions be found again
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise StartError(f"The scoring script {file} could not be loaded:") from error
    except BaseException as error:
        raise StartError(f"The scoring script {file} {ending(error)} while it was loaded:") from error
    return module


def listing(folder: str) -> str:
    try:
        return ", ".join(sorted(os.listdir(folder))[:20]) or "nothing"
    except OSError as error:
        return str(error)


def scoring_function(module: ModuleType) -> Callable[..., Any]:
    """The `run` to be called: scripts that a tool generated ("driver modules") only pass it on to the real one."""
    driven = getattr(module, "driver_module", None)
    if isinstance(driven, ModuleType) and callable(getattr(driven, "run", None)):
        return driven.run
    return module.run


def initialise(init: Callable[[], Any], file: str) -> None:
    """Calls `init`, on the event loop if it is a coroutine. Raises StartError."""
    try:
        made = init()
        if inspect.isawaitable(made):
            from lazuli_worker.concurrently import event_loop

            event_loop().run_until_complete(finish(made))
    except Exception as error:
        raise StartError(f"init() of the scoring script {file} failed:") from error
    except BaseException as error:
        raise StartError(f"init() of the scoring script {file} {ending(error)}:") from error


async def finish(made: Any) -> dict[str, Any]:
    return await made
