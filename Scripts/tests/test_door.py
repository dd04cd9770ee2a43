"""The one door: what `make` and `.ci/run` offer."""

import re
import subprocess

from conftest import SCRIPTS

ROOT = SCRIPTS.parent


def test_bare_make_lists_every_target_with_a_line():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    for target in targets:
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE), target


def test_every_script_named_by_the_makefile_exists_and_can_be_run():
    for name in re.findall(r"Scripts/([\w-]+)", (ROOT / "Makefile").read_text()):
        script = SCRIPTS / name
        assert script.exists(), name
        assert script.stat().st_mode & 0o111, name


def test_continuous_integration_calls_check_and_test_and_nothing_else():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert [re.search(r"make .*?(\w+) <", line)[1] for line in lines if line.startswith("make ")] == ["check", "test"]


def test_setup_changes_nothing_when_all_is_there():
    first = subprocess.run([SCRIPTS / "setup"], capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    second = subprocess.run([SCRIPTS / "setup"], capture_output=True, text=True)
    assert (second.returncode, second.stdout) == (0, "")
