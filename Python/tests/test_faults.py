"""What goes wrong: in the script, on the wire, at the end."""

import os
import signal
import time

import pytest

from gateway import PATIENCE, Connection, frame, http_head

ECHO = "def init():\n    pass\ndef run(raw_data):\n    return raw_data\n"


def until(condition):
    """Waits for a condition, as long as patience lasts."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def run(raw_data):\n    return 1\n", "has no init() function"),
        ("def init():\n    pass\n", "has no run() function"),
        ("def init(:\n", "SyntaxError"),
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("def init():\n    raise RuntimeError('no weights')\ndef run(d):\n    pass\n", "RuntimeError: no weights"),
        ("import sys\ndef init():\n    sys.exit(0)\ndef run(d):\n    pass\n", "asked to end the program with 0"),
        ("import sys\nsys.exit('bye')\n", "asked to end the program ('bye')"),
        ("def init():\n    pass\ndef run():\n    pass\n", "takes no input"),
    ],
)
def test_a_script_that_cannot_be_loaded_says_why_and_ends_with_1(start_script, text, said):
    host = start_script(text)
    assert host.ended() == 1
    assert said in host.log
    assert not host.socket.exists()
    assert "lazuli_worker" not in host.log


def test_the_traceback_of_init_names_the_line(start_script):
    host = start_script("def init():\n    load()\ndef load():\n    raise ValueError('x')\ndef run(d):\n    pass\n")
    assert host.ended() == 1
    assert 'score.py", line 2, in init' in host.log
    assert 'score.py", line 4, in load' in host.log


def test_a_script_that_is_not_there_is_named_with_what_is(start_host, tmp_path):
    (tmp_path / "other.py").write_text("")
    host = start_host(kind="script", script={"folder": str(tmp_path), "file": "score.py"})
    assert host.ended() == 1
    assert "score.py" in host.log
    assert "other.py" in host.log


def test_an_init_that_hangs_is_not_ready_and_ends_when_told(start_script):
    host = start_script(
        "import time\ndef init():\n    print('in', flush=True)\n    time.sleep(600)\ndef run(d):\n    pass\n"
    )
    until(lambda: "in" in host.log)
    with pytest.raises(OSError):
        Connection(host.socket)
    assert host.stop() == -signal.SIGTERM


def test_an_exception_in_run_is_a_500_that_tells_nothing_and_the_log_has_the_traceback(script):
    host = script("def init():\n    pass\ndef run(raw_data):\n    return 1 / 0\n")
    reply = host.ask(head=http_head(headers={"x-ms-request-id": "abc-123"}))
    assert reply.status == 500
    assert reply.header("x-ms-run-function-failed") == "True"
    assert reply.json() == {"message": "An unexpected error occurred in scoring script. Check the logs for more info."}
    assert "abc-123" in host.log
    assert 'score.py", line 4, in run' in host.log
    assert "ZeroDivisionError" in host.log
    assert "lazuli_worker" not in host.log


@pytest.mark.parametrize("end", ["sys.exit(3)", "raise KeyboardInterrupt", "raise BaseException('odd')"])
def test_a_run_that_asks_to_end_the_program_fails_alone(script, end):
    host = script(f"import sys\ndef init():\n    pass\ndef run(d):\n    if d == 'end':\n        {end}\n    return d\n")
    assert host.ask("end").status == 500
    assert host.ask("go on").json() == "go on"


def test_a_run_that_kills_the_process_leaves_its_id_in_the_progress_file(script):
    host = script(
        "import os\ndef init():\n    pass\ndef run(d):\n    if d == 'die':\n        os._exit(5)\n    return d\n"
    )
    host.connections[0].send(frame(41, b"go") + frame(42, b"die") + frame(43, b"lost"))
    assert host.ended() == 5
    assert host.progress()[0] == 43


def test_a_run_that_hangs_shows_when_it_began(script):
    host = script("import time\ndef init():\n    pass\ndef run(d):\n    time.sleep(600)\n")
    assert host.progress() == (0, 0)
    host.connections[0].send(frame(9, b"x"))
    until(lambda: host.progress()[0] == 10)
    assert abs(time.clock_gettime_ns(time.CLOCK_MONOTONIC) - host.progress()[1]) < 10e9


def test_when_nothing_is_worked_on_the_progress_file_says_so(script):
    host = script(ECHO)
    host.ask("x")
    assert host.progress()[0] == 0


def test_a_body_of_ten_megabytes_goes_through_and_small_ones_after_it(script):
    host = script("def init():\n    pass\ndef run(d):\n    return len(d)\n")
    assert host.ask(b"a" * 10_000_000).json() == 10_000_000
    assert host.ask(b"abc").json() == 3


def test_thousands_of_frames_in_a_row_are_answered_in_order(script):
    host = script(ECHO)
    connection = host.connections[0]
    for first in range(0, 6000, 600):
        connection.send(b"".join(frame(number, b"%d" % number, http_head()) for number in range(first, first + 600)))
        replies = [connection.receive() for _ in range(600)]
        assert [reply.number for reply in replies] == list(range(first, first + 600))
        assert all(reply.json() == str(reply.number) for reply in replies)


def test_a_frame_may_come_in_pieces_of_any_size(script):
    connection = script(ECHO).connections[0]
    data = frame(1, b"first", http_head()) + frame(2, b"second", http_head())
    for byte in data:
        connection.send(bytes([byte]))
    assert [connection.receive().json() for _ in range(2)] == ["first", "second"]


def test_an_answer_does_not_wait_for_the_slow_request_behind_it(script):
    host = script("import time\ndef init():\n    pass\ndef run(d):\n    time.sleep(float(d))\n    return d\n")
    connection = host.connections[0]
    connection.send(frame(1, b"0.002") + frame(2, b"600"))
    assert connection.receive().number == 1


def test_a_gateway_that_goes_in_the_middle_of_a_frame_is_forgotten(script):
    host = script(ECHO)
    gone = host.connect()
    gone.send(frame(1, b"x" * 1000)[:500])
    gone.close()
    assert host.ask("still here").json() == "still here"


def test_a_gateway_that_goes_before_its_answer_is_forgotten(script):
    host = script("import time\ndef init():\n    pass\ndef run(d):\n    time.sleep(0.2)\n    return 'x' * 1000000\n")
    gone = host.connect()
    gone.send(frame(1, b"x") * 3)
    gone.close()
    assert host.ask("still here").status == 200


def test_a_gateway_can_come_back_and_several_may_be_there_at_once(script):
    host = script(ECHO)
    host.connections.pop().close()
    first, second = host.connect(), host.connect()
    second.send(frame(2, b"b"))
    first.send(frame(1, b"a"))
    assert (first.receive().json(), second.receive().json()) == ("a", "b")


@pytest.mark.parametrize("bad", [frame(1, b"x", kind=9), b"\x0c\0\0\0" + b"\0" * 8 + b"\xff\0\0\0"])
def test_a_frame_that_cannot_be_read_ends_its_connection_alone(script, bad):
    host = script(ECHO)
    other = host.connect()
    other.send(bad)
    with pytest.raises((EOFError, ConnectionError)):
        other.receive()
    assert host.ask("on").json() == "on"


def test_told_to_end_it_answers_what_it_has_taken_in(script):
    host = script("import time\ndef init():\n    pass\ndef run(d):\n    time.sleep(0.05)\n    return d\n")
    host.connections[0].send(b"".join(frame(number, b"%d" % number) for number in range(5)))
    until(lambda: host.progress()[0])
    host.process.send_signal(signal.SIGTERM)
    assert [host.connections[0].receive().json() for _ in range(5)] == ["0", "1", "2", "3", "4"]
    assert host.ended() == 0


def test_told_to_end_while_idle_it_ends_at_once_and_prints_nothing(script):
    host = script(ECHO)
    started = time.monotonic()
    assert host.stop() == 0
    assert time.monotonic() - started < 2
    assert host.log == ""


def test_threads_left_running_do_not_keep_it(script):
    host = script(
        "import threading, time\ndef init():\n    threading.Thread(target=time.sleep, args=[600]).start()\n"
        "def run(d):\n    return d\n"
    )
    assert host.stop() == 0


def test_a_socket_that_a_killed_host_left_is_replaced(script):
    host = script(ECHO)
    os.kill(host.process.pid, signal.SIGKILL)
    host.ended()
    assert host.socket.exists()
    assert script(ECHO).ask("again").json() == "again"


def test_a_plan_that_cannot_be_read_is_named(start_host, tmp_path):
    assert start_host(kind="dance").ended() == 1
    assert '"dance"' in (tmp_path / "log").read_text()
