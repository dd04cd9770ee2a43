"""The MLflow client of the second generation, as many libraries still pin it, in a Python of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lazuli_server import said

PROGRAM = Path(__file__).with_name("mlflow_2_22_flows.py")
FLOWS = re.findall(r"^def (\w+)\(\) -> None", PROGRAM.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, str]:
    """What went wrong in each flow, run by the Python that `Scripts/clients` makes beside the one of these tests."""
    python = Path(os.environ.get("LAZULI_OLDER_CLIENTS", f"{sys.prefix}-mlflow-2.22")) / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{python} is not there: run Scripts/clients, or name its folder in LAZULI_OLDER_CLIENTS")
    folder = tmp_path_factory.mktemp("older")
    command = [python, "-W", "ignore", PROGRAM, folder / "outcomes.json"]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300, check=False)
    assert finished.returncode == 0, said(finished)
    return json.loads((folder / "outcomes.json").read_text())


@pytest.mark.parametrize("flow", FLOWS)
def test_the_older_client_works(outcomes, flow):
    assert outcomes[flow] == "", outcomes[flow]
