"""The scripts under test are next door; some are modules, some are programs."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))


@pytest.fixture
def run_script():
    """Runs a script and gives its exit code and what it printed, both streams."""

    def run(name, *arguments, typed=None, variables=None):
        return subprocess.run(
            [SCRIPTS / name, *arguments],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            env=variables,
        )

    return run


@pytest.fixture
def tree(tmp_path):
    """Writes files into an empty git repository: `tree({"Sources/a.swift": "text"})` gives its root."""

    def write(files):
        subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write
