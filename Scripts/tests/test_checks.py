"""The other checks find what they look for, and nothing else."""

import subprocess

import pytest


@pytest.mark.parametrize(
    "path",
    [
        "Sources/Ground/LazuliCore/A.swift",
        "Sources/Ground/LazuliResources/JSONHelpers.swift",
        "Sources/Ground/LazuliResources/Utils/A.swift",
        "Contract/common.py",
        "Scripts/misc-things",
        "Sources/BlobManager.swift",
    ],
)
def test_a_name_that_says_nothing_is_reported(run_script, tree, path):
    checked = run_script("check-names", tree({path: ""}))
    assert checked.returncode == 1
    assert len(checked.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "path",
    ["Sources/Base64Text.swift", "Sources/StateDatabase.swift", "Sources/Score.swift", "Sources/Commonality.swift"],
)
def test_a_word_that_only_looks_like_one_is_let_be(run_script, tree, path):
    assert run_script("check-names", tree({path: ""})).returncode == 0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("see /ro" + "ot/notes.txt", "a path of one machine"),
        ("cd /wo" + "rk/main", "a path of one machine"),
        ("open('/ho" + "me/anna/data.csv')", "a path of one machine"),
        ("https://py" + "pi.org/simple", "a package registry"),
        ("--extra-index" + "-url https://packages.internal/simple", "a package index"),
        ("http://10" + ".1.2.3:8080/", "a private network"),
        ("-----BEGIN EC PRIVATE" + " KEY-----", "a private key"),
        ("AccountKey=" + "A1b2" * 16, "a storage account key"),
        ("eyJ" + "hbGciOiJFUzI1NiIs.eyJ" + "zdWIiOiJhbm5hIiwi." + "c2lnbmF0dXJlIGhlcmU", "a signed token"),
        ("gh" + "p_" + "a1B2" * 9, "an access token"),
    ],
)
def test_what_must_not_be_in_the_tree_is_reported_with_its_line(run_script, tree, line, what):
    checked = run_script("check-secrets-and-paths", tree({"a.txt": f"first\n{line}\n"}))
    assert checked.returncode == 1
    assert checked.stdout.startswith("a.txt:2: ")
    assert what in checked.stdout


@pytest.mark.parametrize(
    "line",
    [
        "$HOME/.lazuli and ~/.lazuli and ./work/train.py",
        "https://127.0.0.1:7701/work/queue",
        "/home/me/project",
        "--extra-index-url https://example.org/simple",
        "-----BEGIN CERTIFICATE-----",
        "AccountKey=wrong",
        "cd /ro" + "ot/x  # not a secret",
    ],
)
def test_what_only_looks_like_it_is_let_be(run_script, tree, line):
    checked = run_script("check-secrets-and-paths", tree({"a.txt": line + "\n"}))
    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_warning_of_ours_is_reported_once_and_others_are_let_be(run_script, tmp_path):
    log = tmp_path / "build.log"
    ours = "/x/Sources/Ground/LazuliResources/A.swift:3:5: warning: variable 'a' was never used"
    log.write_text(f"[1/2] Compiling A\n{ours}\n{ours}\n/x/.build/checkouts/nio/Sources/N.swift:1:1: warning: old\n")
    checked = run_script("check-warnings", log)
    assert checked.returncode == 1
    assert checked.stdout == "Sources/Ground/LazuliResources/A.swift:3:5: warning: variable 'a' was never used\n"
    log.write_text("[1/2] Compiling A\nBuild complete!\n")
    assert run_script("check-warnings", log).returncode == 0


def test_a_long_file_is_named_but_no_failure(run_script, tree):
    root = tree({"long.swift": "\n" * 401, "short.swift": "\n" * 400})
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    checked = run_script("check-sizes", root)
    assert checked.returncode == 0
    assert checked.stdout.startswith("long.swift: 401 lines")
    assert "short" not in checked.stdout
