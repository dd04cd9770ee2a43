"""show-progress lets errors through and thins out the steps."""


def test_errors_are_shown_and_steps_are_thinned(run_script):
    steps = "".join(f"[{number}/400] Compiling File{number}.swift\n" for number in range(1, 401))
    shown = run_script("show-progress", typed=steps + "/x/A.swift:1:2: error: no such thing\nwarning: quiet\n").stdout
    assert "error: no such thing" in shown
    assert "quiet" not in shown
    assert len(shown.splitlines()) == 5
