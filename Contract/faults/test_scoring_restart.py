"""kill -9 of the server: endpoints are back, on the replicas that went on living or on new ones."""

import time

import pytest
import requests

from waiting import wait_until

SCRIPT = "import os\n\n\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return os.getpid()\n"
DEPLOYMENT = """
name: blue
endpoint_name: {name}
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:AzureML-minimal@latest
instance_type: Standard_DS2_v2
instance_count: 1
"""
BACK = 2.0
"""Seconds from the server's start to the first answer."""


@pytest.fixture
def served(fragile_server, tmp_path):
    """A server of its own with one endpoint; gives it and the endpoint's name."""
    server = fragile_server()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text(SCRIPT)
    (tmp_path / "blue.yml").write_text(DEPLOYMENT.format(name="lasting"))
    server.run("online-endpoint", "create", "--name", "lasting")
    server.run("online-deployment", "create", "-f", tmp_path / "blue.yml", "--all-traffic")
    return server


def caller(server):
    """A function that calls the endpoint of a server; None while it is not there."""
    uri = server.run_json("online-endpoint", "show", "--name", "lasting")["scoring_uri"]
    key = server.run_json("online-endpoint", "get-credentials", "--name", "lasting")["primaryKey"]

    def call():
        try:
            reply = requests.post(uri, "{}", headers={"Authorization": f"Bearer {key}"}, timeout=30)
        except requests.RequestException:
            return None
        return reply.json() if reply.status_code == 200 else None

    return call


def test_a_killed_server_serves_its_endpoints_again_within_two_seconds(served, fragile_server):
    before = caller(served)()
    assert before
    served.kill()
    again = fragile_server(served.home)
    call = caller(again)
    started = time.monotonic()
    after = wait_until(call, "the endpoint answers", 30, 0.02)
    assert time.monotonic() - started < BACK
    assert isinstance(after, int)


def test_a_server_that_is_stopped_and_started_serves_its_endpoints_again(served, fragile_server):
    assert served.stop() == 0
    again = fragile_server(served.home)
    assert wait_until(caller(again), "the endpoint answers", 30, 0.02)


def test_replicas_killed_while_the_server_was_away_are_made_again(served, fragile_server):
    import os
    import signal

    process = caller(served)()
    served.kill()
    os.kill(process, signal.SIGKILL)
    again = fragile_server(served.home)
    after = wait_until(caller(again), "the endpoint answers", 30, 0.02)
    assert after != process
