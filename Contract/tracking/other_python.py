"""Clients that cannot live beside the others: programs run by the Pythons that `Scripts/clients` makes for them."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest


def python_of(clients: str) -> Path:
    """The Python of `requirements-<clients>.txt`, beside the one these tests run in; without it they are skipped."""
    folder = os.environ.get("LAZULI_CLIENTS", sys.prefix)
    python = Path(f"{folder}-{clients}") / "bin" / "python"
    if not python.exists():
        pytest.skip(
            f"{python} is not there: run Scripts/clients, or name the folder before -{clients} in LAZULI_CLIENTS"
        )
    return python


def flows_of(program: Path) -> list[str]:
    """The names of a program's flows."""
    return re.findall(r"^def (\w+)\(\) -> None", program.read_text(), re.MULTILINE)


def outcomes_of(server, clients: str, program: Path, folder: Path) -> dict[str, str]:
    """What went wrong in each flow of a program, run as `lazuli run -- python <program>`."""
    file = folder / "outcomes.json"
    command = [python_of(clients), "-W", "ignore", program, file]
    server.run("run", "--", *command, folder=folder, seconds=300, extra={"MLFLOW_DISABLE_TELEMETRY": "true"})
    return json.loads(file.read_text())
