"""The host travels inside the program: nothing may be left behind."""

import ast
import re
import sys
from pathlib import Path

import pytest

from gateway import WORKER

MODULES = sorted(WORKER.glob("*.py"))


def test_every_module_is_carried_in_the_program():
    carried = set(re.findall(r'\("(\w+\.py)",', (WORKER.parent / "PythonWorker.swift").read_text()))
    assert carried == {module.name for module in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_python_3_7_and_imports_what_every_python_has(module):
    tree = ast.parse(module.read_text(), feature_version=(3, 7))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name.split(".")[0] for name in named} - set(sys.stdlib_module_names) - {"lazuli_worker"}
    assert foreign <= ({"mlflow", "numpy", "pandas"} if module.name.startswith("mlflow_") else set())


def test_the_host_is_small():
    assert all(len(Path(module).read_text().splitlines()) <= 250 for module in MODULES)
