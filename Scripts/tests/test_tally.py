"""The tally counts what the result files say, and takes a part without results for a failure."""

PASSED = '<testcase classname="A" name="one"/>'
FAILED = '<testcase classname="A" name="two"><failure message="m"/><failure message="again"/></testcase>'
BROKEN = '<testcase classname="A" name="three"><error message="m"/></testcase>'
SKIPPED = '<testcase classname="A" name="four"><skipped/></testcase>'


def write(folder, part, cases, code, file=None):
    if cases is not None:
        (folder / (file or f"{part}.xml")).write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    (folder / f"{part}.exit").write_text(str(code))


def last_line(finished):
    return finished.stdout.splitlines()[-1]


def test_all_parts_are_summed(run_script, tmp_path):
    write(tmp_path, "swift", PASSED * 3, 0, file="swift-swift-testing.xml")
    write(tmp_path, "contract", PASSED * 2 + SKIPPED, 0)
    finished = run_script("tally", tmp_path, "swift", "contract")
    assert (finished.returncode, last_line(finished)) == (0, "5 passed, 0 failed")


def test_a_test_with_two_failures_is_one_failed_test_and_is_named(run_script, tmp_path):
    write(tmp_path, "swift", PASSED + FAILED + BROKEN, 1)
    finished = run_script("tally", tmp_path, "swift")
    assert (finished.returncode, last_line(finished)) == (1, "1 passed, 2 failed")
    assert "failed: A.two" in finished.stdout


def test_a_crash_counts_as_a_failure_though_every_test_passed(run_script, tmp_path):
    write(tmp_path, "swift", PASSED, 139)
    finished = run_script("tally", tmp_path, "swift")
    assert (finished.returncode, last_line(finished)) == (1, "1 passed, 1 failed")


def test_a_part_that_never_ran_counts_as_a_failure(run_script, tmp_path):
    finished = run_script("tally", tmp_path, "contract")
    assert (finished.returncode, last_line(finished)) == (1, "0 passed, 1 failed")


def test_results_that_cannot_be_read_count_as_a_failure(run_script, tmp_path):
    (tmp_path / "swift.xml").write_text("<testsuites><testcase")
    (tmp_path / "swift.exit").write_text("0")
    finished = run_script("tally", tmp_path, "swift")
    assert (finished.returncode, last_line(finished)) == (1, "0 passed, 1 failed")


def test_a_crash_is_named_with_its_place(run_script, tmp_path):
    (tmp_path / "swift.exit").write_text("1")
    (tmp_path / "swift.log").write_text(
        "ok\n*** Program crashed: Bad pointer ***\n\n 1 [ra] run() + 6 in x at /x/Y.swift:5:1\n"
    )
    finished = run_script("tally", tmp_path, "swift")
    assert "| *** Program crashed: Bad pointer ***" in finished.stdout
    assert "Y.swift:5" in finished.stdout
