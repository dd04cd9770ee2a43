"""Traffic between deployments: split, mirrored, shifted under load; deployments changed while they serve."""

import threading

import pytest

from scoring_endpoints import OnlineEndpoint
from waiting import wait_until

COLOUR = """
import os


def init():
    pass


def run(raw_data):
    print("asked", raw_data)
    return "{colour}"
"""


@pytest.fixture(scope="module")
def online(ml_client, tmp_path_factory):
    endpoint = OnlineEndpoint(ml_client, tmp_path_factory.mktemp("traffic"), "scoring-traffic")
    for colour in ("blue", "green"):
        endpoint.deploy(colour, COLOUR.format(colour=colour))
    endpoint.send_traffic(blue=100)
    yield endpoint
    endpoint.delete()


class Load:
    """Calls without a pause until the end of the block; `statuses` counts what came back, connection errors as 0."""

    def __init__(self, online, threads=4):
        self.online = online
        self.statuses: dict[int, int] = {}
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]
        self.lock = threading.Lock()

    def run(self):
        while not self.ended.is_set():
            try:
                for status, _ in self.online.calls(100):
                    self.count(status)
            except OSError:
                self.count(0)

    def count(self, status):
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        wait_until(lambda: self.statuses, "the load has begun")
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join(60)


def test_ten_thousand_calls_are_split_90_to_10_within_one_and_a_half_points(online):
    online.send_traffic(blue=90, green=10)
    answers = online.answers(10_000)
    assert {status for status, _ in answers} == {200}
    share = 100 * sum(1 for _, colour in answers if colour == "green") / len(answers)
    assert abs(share - 10) < 1.5


def test_the_header_goes_past_the_split(online):
    online.send_traffic(blue=100)
    assert {colour for _, colour in online.answers(100, deployment="green")} == {"green"}


def test_no_request_fails_while_traffic_shifts_twenty_times(online):
    with Load(online) as load:
        for shift in range(20):
            online.send_traffic(blue=100 * (shift % 2), green=100 * (1 - shift % 2))
    assert set(load.statuses) == {200}, load.statuses
    assert load.statuses[200] > 200


def test_no_request_fails_while_a_deployment_is_updated_and_the_new_code_serves_then(online):
    online.send_traffic(blue=100)
    with Load(online) as load:
        online.deploy("blue", COLOUR.format(colour="navy"))
        assert online.ask().json() == "navy"
    assert set(load.statuses) == {200}, load.statuses


def test_no_request_fails_while_instances_come_and_go(ml_client, online):
    online.send_traffic(green=100)
    with Load(online) as load:
        for count in (3, 1):
            stored = ml_client.online_deployments.get("green", online.name)
            stored.instance_count = count
            ml_client.online_deployments.begin_create_or_update(stored).result()
    assert set(load.statuses) == {200}, load.statuses
    assert ml_client.online_deployments.get("green", online.name).instance_count == 1


def test_an_update_that_does_not_start_leaves_the_old_one_serving(online):
    online.send_traffic(green=100)
    with Load(online) as load:
        with pytest.raises(Exception, match="no weights"):
            online.deploy("green", "def init():\n    raise RuntimeError('no weights')\ndef run(d):\n    return d\n")
        assert online.ask().json() == "green"
    assert set(load.statuses) == {200}, load.statuses
    online.deploy("green", COLOUR.format(colour="green"))


def test_mirrored_requests_reach_the_other_deployment_and_answers_come_from_the_first(online):
    online.update(traffic={"blue": 100}, mirror_traffic={"green": 50})
    for number in range(40):
        assert online.ask(f"mirrored {number}").headers["azureml-model-deployment"] == "blue"
    wait_until(lambda: "asked mirrored" in online.logs("green"), "copies reach green")
    online.update(mirror_traffic={"green": 0})
    online.ask("not mirrored")
    copies = online.logs("green").count("asked mirrored")
    assert 5 <= copies <= 35
    assert "not mirrored" not in online.logs("green")


def test_without_traffic_a_call_is_a_404_that_says_how_to_set_it(online):
    online.send_traffic(blue=0, green=0)
    reply = online.ask()
    assert reply.status_code == 404
    assert "traffic" in reply.text
    assert online.ask(deployment="blue").status_code == 200


def test_a_deployment_with_traffic_cannot_be_deleted(ml_client, online):
    online.send_traffic(blue=100)
    with pytest.raises(Exception, match="traffic"):
        ml_client.online_deployments.begin_delete("blue", online.name).result()
    assert online.ask().status_code == 200
