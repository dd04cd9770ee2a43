"""check-floors finds imports that point up or sideways, and lets the others be."""

import shutil

import pytest

from conftest import SCRIPTS
from floors import FLOORS, complaint

HOUSE = {
    "Sources/Ground/LazuliResources/Name.swift": "import Foundation\n",
    "Sources/Ground/LazuliArtifacts/Store.swift": "public import LazuliResources\n",
    "Sources/Domain/LazuliDomain/Port.swift": "package import LazuliArtifacts\n",
    "Sources/Features/LazuliJobs/Job.swift": "import LazuliDomain\n",
    "Sources/Features/LazuliAssets/Asset.swift": "import LazuliDomain\n",
    "Sources/Faces/LazuliARMFace/Face.swift": "import LazuliDomain\n",
    "Sources/Faces/LazuliMLflowFace/Face.swift": "import LazuliJobs\n",
    "Sources/Program/lazuli/Main.swift": "import LazuliARMFace\n",
}


def test_a_house_in_order_passes(run_script, tree):
    checked = run_script("check-floors", tree(HOUSE))
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("Sources/Ground/LazuliArtifacts/Store.swift", "import LazuliJobs", "Features lies above Ground"),
        ("Sources/Ground/LazuliResources/Name.swift", "import LazuliArtifacts", "two modules of one floor"),
        ("Sources/Features/LazuliJobs/Job.swift", "package import LazuliAssets", "two modules of one floor"),
        ("Sources/Features/LazuliJobs/Job.swift", "  @testable import struct LazuliAssets.Asset", "two modules"),
        ("Sources/Features/LazuliJobs/Job.swift", "@_spi(Rules) public import LazuliARMFace", "Faces lies above"),
        ("Sources/Faces/LazuliARMFace/Face.swift", "import LazuliJobs", "imports nothing of Features"),
    ],
)
def test_a_planted_violation_is_reported_with_its_line(run_script, tree, file, line, reason):
    checked = run_script("check-floors", tree(HOUSE | {file: f"import Foundation\n{line}\n"}))
    assert checked.returncode == 1
    assert f"{file}:2: " in checked.stdout
    assert reason in checked.stdout
    assert len(checked.stdout.splitlines()) == 1


def test_a_violation_planted_in_a_copy_of_this_tree_is_reported(run_script, tmp_path):
    shutil.copytree(SCRIPTS.parent / "Sources", tmp_path / "Sources")
    assert run_script("check-floors", tmp_path).returncode == 0
    resource = next((tmp_path / "Sources/Ground/LazuliResources").rglob("*.swift"))
    resource.write_text("import LazuliServer\n" + resource.read_text())
    checked = run_script("check-floors", tmp_path)
    assert checked.returncode == 1
    assert f"{resource.relative_to(tmp_path)}:1: LazuliResources may not import LazuliServer" in checked.stdout


def test_an_import_in_a_remark_or_a_text_is_none(run_script, tree):
    text = '// import LazuliJobs\nlet line = "import LazuliJobs"\nimportant LazuliJobs\n'
    assert run_script("check-floors", tree(HOUSE | {"Sources/Ground/LazuliResources/Name.swift": text})).returncode == 0


def test_an_unknown_floor_and_a_file_outside_a_module_are_reported(run_script, tree):
    checked = run_script("check-floors", tree(HOUSE | {"Sources/Attic/Old/A.swift": "", "Sources/Ground/B.swift": ""}))
    assert checked.returncode == 1
    assert "Sources/Attic: no such floor" in checked.stdout
    assert "Sources/Ground/B.swift: belongs in the folder of a module" in checked.stdout


def test_every_floor_may_import_every_floor_below_it():
    for height, floor in enumerate(FLOORS):
        assert all(complaint("A", floor, "B", below) is None for below in FLOORS[:height])
        assert all(complaint("A", floor, "B", above) for above in FLOORS[height + 1 :])
