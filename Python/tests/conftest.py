"""Hosts for the tests: each is a process of its own, driven over its socket."""

import textwrap
from pathlib import Path

import pytest

from gateway import Host, this_python


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """Variables that let hosts keep compiled modules between tests: MLflow has thousands."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled"))}


@pytest.fixture
def start_host(tmp_path, compiled):
    """Starts a host of a plan and ends it with the test: `start_host(kind="script", script={…})`."""
    hosts = []

    def start(python=None, variables=None, **plan):
        hosts.append(Host(tmp_path, plan, python or this_python(), {**compiled, **(variables or {})}))
        return hosts[-1]

    yield start
    for each in hosts:
        each.close()


@pytest.fixture
def start_script(start_host, tmp_path):
    """Starts a host of a scoring script given as text; `files` are further files beside it."""

    def start(text, file="score.py", files=None, **options):
        code = tmp_path / "code"
        for name, content in {file: text, **(files or {})}.items():
            target = code / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(content))
        return start_host(kind="script", script={"folder": str(code), "file": file}, **options)

    return start


@pytest.fixture
def script(start_script):
    """A host of a scoring script, loaded and connected to."""
    return lambda text, **options: start_script(text, **options).ready()


@pytest.fixture
def code(tmp_path) -> Path:
    """The folder of the staged code."""
    return tmp_path / "code"
