"""Scripts whose run() is a coroutine."""

import signal

import pytest

from gateway import frame
from test_faults import until

SLEEPER = """
import asyncio
async def init():
    global gate
    gate = asyncio.Event()
async def run(raw_data):
    if raw_data == "open":
        gate.set()
    elif raw_data == "fail":
        raise RuntimeError("failed")
    else:
        await gate.wait()
    return raw_data
"""


def test_requests_are_under_way_at_once_and_the_progress_file_says_so(script):
    host = script(SLEEPER)
    connection = host.connections[0]
    connection.send(b"".join(frame(number, b"wait") for number in range(50)))
    until(lambda: host.progress()[0] == 2**64 - 1)
    connection.send(frame(99, b"open"))
    assert connection.receive().number == 99
    assert sorted(connection.receive().number for _ in range(50)) == list(range(50))
    until(lambda: host.progress()[0] == 0)


def test_one_that_fails_fails_alone(script):
    host = script(SLEEPER)
    reply = host.ask("fail")
    assert (reply.status, reply.header("x-ms-run-function-failed")) == (500, "True")
    assert "RuntimeError: failed" in host.log
    assert host.ask("open").json() == "open"


def test_told_to_end_it_awaits_what_is_under_way(script):
    host = script(
        "import asyncio\ndef init():\n    pass\nasync def run(d):\n    await asyncio.sleep(0.2)\n    return d\n"
    )
    host.connections[0].send(frame(1, b"a") + frame(2, b"b"))
    until(lambda: host.progress()[0])
    host.process.send_signal(signal.SIGTERM)
    assert {host.connections[0].receive().json() for _ in range(2)} == {"a", "b"}
    assert host.ended() == 0
    assert host.log == ""


def test_a_gateway_that_goes_is_forgotten(script):
    host = script(SLEEPER)
    gone = host.connect()
    gone.send(frame(1, b"wait") + frame(2, b"x" * 100)[:50])
    gone.close()
    assert host.ask("open").json() == "open"


def test_a_frame_may_come_in_pieces(script):
    connection = script(SLEEPER).connections[0]
    for byte in frame(1, b"open"):
        connection.send(bytes([byte]))
    assert connection.receive().json() == "open"


def test_a_body_of_ten_megabytes_goes_through(script):
    host = script("def init():\n    pass\nasync def run(d):\n    return len(d)\n")
    assert host.ask(b"a" * 10_000_000).json() == 10_000_000


def test_an_async_init_that_fails_says_why(start_script):
    host = start_script("async def init():\n    raise ValueError('no weights')\nasync def run(d):\n    return d\n")
    assert host.ended() == 1
    assert "no weights" in host.log


def test_a_coroutine_that_a_plain_run_returns_is_a_500_with_advice(script):
    host = script("def init():\n    pass\nasync def later():\n    pass\ndef run(d):\n    return later()\n")
    assert host.ask().status == 500
    assert "async def" in host.log


@pytest.mark.parametrize("count", [2])
def test_several_connections_are_served(script, count):
    host = script(SLEEPER)
    for connection in [host.connect() for _ in range(count)]:
        connection.send(frame(1, b"open"))
        assert connection.receive().json() == "open"
