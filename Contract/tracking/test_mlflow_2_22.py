"""The MLflow client of the second generation, as many libraries still pin it."""

from __future__ import annotations

from pathlib import Path

import pytest
from other_python import flows_of, outcomes_of

PROGRAM = Path(__file__).with_name("mlflow_2_22_flows.py")


@pytest.fixture(scope="module")
def outcomes(server, tmp_path_factory) -> dict[str, str]:
    return outcomes_of(server, "mlflow-2.22", PROGRAM, tmp_path_factory.mktemp("older"))


@pytest.mark.parametrize("flow", flows_of(PROGRAM))
def test_the_older_client_works(outcomes, flow):
    assert outcomes[flow] == "", outcomes[flow]
