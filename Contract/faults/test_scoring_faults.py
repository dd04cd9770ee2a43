"""What goes wrong in a model, in a client or in both: the request is answered, and the others go on."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from azure.core.exceptions import HttpResponseError

from scoring_endpoints import ECHO, OnlineEndpoint
from waiting import wait_until

FAULTY = """
import os
import time


def init():
    pass


def run(raw_data):
    if raw_data == "raise":
        raise ValueError("not this one")
    if raw_data == "hang":
        time.sleep(600)
    if raw_data == "die":
        os._exit(9)
    if raw_data == "grow":
        held = bytearray(6 << 30)
        for page in range(0, len(held), 4096):
            held[page] = 1
    if raw_data.startswith("sleep "):
        time.sleep(float(raw_data[6:]))
    return os.getpid()
"""


@pytest.fixture(scope="module")
def online(ml_client, tmp_path_factory):
    endpoint = OnlineEndpoint(ml_client, tmp_path_factory.mktemp("faults"), "scoring-faults")
    endpoint.deploy("echo", ECHO)
    endpoint.deploy("faulty", FAULTY, timeout=2000)
    endpoint.deploy("two", FAULTY, timeout=2000, instance_count=2)
    yield endpoint
    endpoint.delete()


def refusal(online, name, script, **options):
    """The message with which a deployment that cannot start is refused."""
    with pytest.raises(HttpResponseError) as refused:
        online.deploy(name, script, **options)
    return str(refused.value)


# The script does not start


def test_an_init_that_raises_is_told_with_its_error(online):
    said = refusal(online, "raises", "def init():\n    raise RuntimeError('no weights')\ndef run(d):\n    pass\n")
    assert "no weights" in said
    assert "Traceback" in online.logs("raises")


def test_an_init_that_exits_is_told_with_its_code(online):
    said = refusal(online, "exits", "import sys\ndef init():\n    sys.exit(3)\ndef run(d):\n    pass\n")
    assert "3" in said
    assert "asked to end the program with 3" in online.logs("exits")


def test_an_init_that_kills_the_process_is_told(online):
    said = refusal(online, "killed", "import os\ndef init():\n    os.kill(os.getpid(), 9)\ndef run(d):\n    pass\n")
    assert "9" in said or "SIGKILL" in said or "kill" in said.lower()


def test_an_init_that_hangs_is_ended_after_the_probes_patience(online):
    from azure.ai.ml.entities import ProbeSettings

    patience = ProbeSettings(initial_delay=1, period=1, failure_threshold=2)
    script = "import time\ndef init():\n    print('loading')\n    time.sleep(600)\ndef run(d):\n    pass\n"
    said = refusal(online, "hangs", script, readiness_probe=patience)
    assert "did not load within 3 s" in said
    assert "loading" in online.logs("hangs")


# The script fails while it runs


def test_a_run_that_raises_is_a_500_with_the_request_id_and_the_traceback_is_in_the_log_alone(online):
    reply = online.ask("raise", "faulty", headers={"x-ms-request-id": "the-bad-one"})
    assert reply.status_code == 500
    assert reply.headers["x-ms-request-id"] == "the-bad-one"
    assert reply.headers["x-ms-run-function-failed"] == "True"
    assert "not this one" not in reply.text
    assert "score.py" not in reply.text
    wait_until(lambda: "not this one" in online.logs("faulty"), "the log has the traceback")
    log = online.logs("faulty")
    assert "the-bad-one" in log
    assert "ValueError" in log
    assert online.ask("1", "faulty").status_code == 200


def test_a_run_that_hangs_is_ended_at_its_limit_and_others_go_on(online):
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(online.ask, "hang", "two")
        wait_until(lambda: time.monotonic() - started > 0.3, "it hangs")
        others = [online.session.post(online.uri, data="1", headers=headers(online, "two")) for _ in range(20)]
        assert [reply.status_code for reply in others] == [200] * 20
        assert time.monotonic() - started < 2
        reply = hanging.result()
    assert reply.status_code in (408, 504)
    assert "request_timeout_ms" in reply.text
    assert 1.9 < time.monotonic() - started < 5
    wait_until(lambda: len(processes(online)) == 2, "both instances serve again")


def processes(online):
    """The processes that answer when several calls are made at once."""
    replies = online.at_once(8, threads=8, body="sleep 0.02", deployment="two")
    assert {reply.status_code for reply in replies} == {200}, [reply.text for reply in replies]
    return {reply.json() for reply in replies}


def headers(online, deployment):
    return {"Authorization": f"Bearer {online.key}", "azureml-model-deployment": deployment}


def test_a_run_that_kills_its_process_is_answered_502_once_and_the_next_are_served(online):
    before = online.ask("1", "faulty").json()
    assert online.ask("die", "faulty").status_code == 502
    after = online.ask("1", "faulty")
    assert after.status_code == 200
    assert after.json() != before
    assert "9" in online.logs("faulty")


def test_of_many_requests_under_way_only_the_one_that_kills_the_process_fails(online):
    bodies = ["sleep 0.01"] * 15 + ["die"] + ["sleep 0.01"] * 15
    with ThreadPoolExecutor(len(bodies)) as pool:
        statuses = list(pool.map(lambda body: online.ask(body, "two").status_code, bodies))
    assert sorted(statuses) == [200] * 30 + [502]


def test_a_crash_loop_backs_off_says_so_and_ends_when_the_model_behaves(online, ml_client):
    online.deploy("loop", FAULTY)
    for _ in range(3):
        online.becomes("loop")
        assert online.ask("die", "loop").status_code == 502
    wait_until(lambda: "rash loop" in online.logs("loop"), "the log names the crash loop")
    online.becomes("loop", seconds=60)
    assert online.ask("1", "echo").status_code == 200


def test_a_model_that_takes_more_memory_than_its_machine_has_is_ended_alone(online):
    online.deploy("hungry", FAULTY, timeout=60_000, instance_type="Standard_DS1_v2")
    assert online.ask("grow", "hungry").status_code in (500, 502)
    assert online.ask("1", "echo").status_code == 200
    online.becomes("hungry")


# Too much


def test_more_requests_than_can_be_served_are_told_to_come_back_and_none_is_lost(online):
    online.deploy("slow", FAULTY, queue_wait=500)
    replies = online.at_once(40, threads=40, body="sleep 0.2", deployment="slow")
    statuses = [reply.status_code for reply in replies]
    assert set(statuses) == {200, 429}, statuses
    assert all(int(reply.headers["Retry-After"]) >= 1 for reply in replies if reply.status_code == 429)
    assert statuses.count(200) >= 2


# Clients that misbehave


def head(online, deployment="echo", length=0, extra=""):
    return (
        f"POST {urlsplit(online.uri).path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {online.key}\r\n"
        f"azureml-model-deployment: {deployment}\r\nContent-Length: {length}\r\n{extra}\r\n"
    ).encode()


def connect(online):
    split = urlsplit(online.uri)
    return socket.create_connection((split.hostname, split.port), 60)


def test_a_client_that_goes_in_the_middle_of_its_body_is_forgotten(online):
    for _ in range(50):
        client = connect(online)
        client.sendall(head(online, length=1_000_000) + b"x" * 1000)
        client.close()
    assert online.ask("still here", "echo").json() == "still here"


def test_a_client_that_goes_before_its_answer_keeps_nobody(online):
    for _ in range(20):
        client = connect(online)
        client.sendall(head(online, "two", 9) + b"sleep 0.1")
        client.close()
    assert online.ask("1", "two").status_code == 200


def test_a_gigabyte_is_refused_before_it_is_sent(online):
    with connect(online) as client:
        client.sendall(head(online, length=1 << 30))
        answer = client.recv(65536)
    assert b" 413 " in answer.splitlines()[0]


def test_a_gigabyte_in_chunks_is_refused_on_the_way(online):
    sent = 0
    with connect(online) as client:
        client.sendall(head(online).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
        chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
        try:
            while sent < 1024:
                client.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert sent < 1024
        try:
            answer = client.recv(65536)
        except OSError:
            answer = b""
    assert not answer or b" 413 " in answer.splitlines()[0]


def test_a_hundred_clients_that_send_a_byte_now_and_then_do_not_slow_the_others(online):
    slow = [connect(online) for _ in range(100)]
    ended = threading.Event()

    def drip():
        data = head(online, length=10)
        for byte in data:
            for client in slow:
                try:
                    client.sendall(bytes([byte]))
                except OSError:
                    return
            if ended.wait(0.05):
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    started = time.monotonic()
    assert {online.ask("1", "echo").status_code for _ in range(100)} == {200}
    assert time.monotonic() - started < 10
    ended.set()
    thread.join(10)
    for client in slow:
        client.close()


@pytest.mark.parametrize(
    "line",
    [b"POST\r\n\r\n", b"GARBAGE \x00\xff HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"],
)
def test_what_is_no_request_is_a_400(online, line):
    with connect(online) as client:
        client.sendall(line)
        answer = client.recv(65536)
    assert b" 400 " in answer.splitlines()[0]
