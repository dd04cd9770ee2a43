"""Tracking under faults: kills amid batches, races, values and paths nobody should send, and callers who may not."""

from __future__ import annotations

import collections
import math
import random
import re
import socket
import threading
import time
import urllib.parse
from functools import partial

import pytest
import requests
from faulty_servers import KILLS, SEED, assert_database_is_sound

PATIENCE = 30
POINTS_PER_BATCH = 40
CLIENTS = 8


class Tracking:
    """MLflow's REST calls without its client, which would try again by itself."""

    def __init__(self, server, auth=None):
        self.address = server.exports["MLFLOW_TRACKING_URI"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth

    def send(self, method, path, **options):
        return self.session.request(method, f"{self.address}/{path}", timeout=PATIENCE, **options)

    def post(self, call, **body):
        return self.send("POST", f"api/2.0/mlflow/{call}", json=body)

    def get(self, call, **query):
        return self.send("GET", f"api/2.0/mlflow/{call}", params=query)

    def experiment(self, name):
        return self.post("experiments/create", name=name).json()["experiment_id"]

    def run(self, experiment="0"):
        return self.post("runs/create", experiment_id=experiment).json()["run"]["info"]["run_id"]

    def history(self, run, key):
        """Every point of a metric, page after page."""
        points, token = [], None
        while True:
            page = self.get("metrics/get-history", run_id=run, metric_key=key, max_results=1000, page_token=token)
            assert page.status_code == 200, page.text
            points += page.json().get("metrics", [])
            token = page.json().get("next_page_token")
            if not token:
                return points


@pytest.fixture
def tracking(server):
    return Tracking(server)


def refusal(reply, status=400):
    """The error code and the message of a refused call."""
    assert reply.status_code == status, f"{reply.status_code} {reply.text[:500]}"
    return reply.json()["error_code"], reply.json()["message"]


# A kill at any moment


class BatchClient(threading.Thread):
    """Logs batch after batch to a run of its own, remembering which were acknowledged, until the server is gone."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.tracking = Tracking(server)
        self.run_id = self.tracking.run()
        self.number = number
        self.acknowledged = 0
        self.unexpected: list[str] = []

    def run(self):
        while True:
            begin = self.acknowledged * POINTS_PER_BATCH
            points = [
                {"key": f"m{self.number}", "value": step / 8, "timestamp": 1_700_000_000_000 + step, "step": step}
                for step in range(begin, begin + POINTS_PER_BATCH)
            ]
            try:
                reply = self.tracking.post("runs/log-batch", run_id=self.run_id, metrics=points)
            except requests.RequestException:
                return
            if reply.status_code != 200:
                self.unexpected.append(f"{reply.status_code} {reply.text[:200]}")
                return
            self.acknowledged += 1


def assert_each_point_is_there_once(server, clients):
    tracking = Tracking(server)
    for client in clients:
        points = tracking.history(client.run_id, f"m{client.number}")
        times = collections.Counter(point["step"] for point in points)
        assert set(times.values()) <= {1}, "a point is there twice"
        kept, promised = len(times), client.acknowledged * POINTS_PER_BATCH
        # The batch under way at the kill may be there, then whole.
        assert kept in (promised, promised + POINTS_PER_BATCH), f"{promised} points were acknowledged, {kept} are there"
        assert sorted(times) == list(range(kept))
        assert all(point["value"] == point["step"] / 8 for point in points)
        if kept:
            run = tracking.get("runs/get", run_id=client.run_id).json()["run"]
            assert [metric["step"] for metric in run["data"]["metrics"]] == [kept - 1]


def test_acknowledged_points_are_there_once_after_a_kill_at_any_moment(fragile_server):
    dice = random.Random(SEED)
    home = None
    for attempt in range(KILLS):
        server = fragile_server(home)
        home = server.home
        clients = [BatchClient(server, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(dice.uniform(0.01, 0.4))
        server.kill()
        for client in clients:
            client.join(PATIENCE)
            assert not client.unexpected, f"attempt {attempt}, seed {SEED}: {client.unexpected}"
        assert_database_is_sound(home)
        again = fragile_server(home)
        assert_each_point_is_there_once(again, clients)
        again.stop()


# Clients that race


def at_once(*calls):
    """Makes the calls at the same moment, each in a thread, and gives their results in order."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        barrier.wait(PATIENCE)
        results[index] = call()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


def test_of_two_clients_creating_an_experiment_one_is_told_that_it_exists(server, unique_name):
    for _ in range(20):
        name = unique_name("race")
        callers = [Tracking(server) for _ in range(2)]
        replies = at_once(*(partial(caller.post, "experiments/create", name=name) for caller in callers))
        won, lost = sorted(replies, key=lambda reply: reply.status_code)
        assert won.status_code == 200
        code, message = refusal(lost)
        assert code == "RESOURCE_ALREADY_EXISTS"
        assert name in message
        found = callers[0].get("experiments/get-by-name", experiment_name=name).json()["experiment"]
        assert found["experiment_id"] == won.json()["experiment_id"]


def test_of_two_clients_logging_a_param_differently_one_is_refused(server):
    for _ in range(20):
        callers = [Tracking(server) for _ in range(2)]
        run = callers[0].run()
        calls = [
            partial(caller.post, "runs/log-parameter", run_id=run, key="k", value=value)
            for caller, value in zip(callers, "ab", strict=True)
        ]
        replies = at_once(*calls)
        assert sorted(reply.status_code for reply in replies) == [200, 400]
        kept = callers[0].get("runs/get", run_id=run).json()["run"]["data"]["params"]
        assert [param["value"] for param in kept] == ["ab"[[reply.status_code for reply in replies].index(200)]]


def test_versions_registered_at_once_get_numbers_of_their_own(server, unique_name):
    name = unique_name("race")
    callers = [Tracking(server) for _ in range(CLIENTS)]
    callers[0].post("registered-models/create", name=name)
    call = {"name": name, "source": "s3://bucket/model"}
    replies = at_once(*(partial(caller.post, "model-versions/create", **call) for caller in callers))
    numbers = sorted(int(reply.json()["model_version"]["version"]) for reply in replies)
    assert numbers == list(range(1, CLIENTS + 1))


# Values


def test_a_param_that_changes_is_refused_in_mlflows_words_and_the_batch_with_it(tracking):
    run = tracking.run()
    tracking.post("runs/log-parameter", run_id=run, key="depth", value="3")
    code, message = refusal(
        tracking.post(
            "runs/log-batch",
            run_id=run,
            params=[{"key": "new", "value": "1"}, {"key": "depth", "value": "4"}],
            metrics=[{"key": "m", "value": 1, "timestamp": 1, "step": 0}],
        )
    )
    assert code == "INVALID_PARAMETER_VALUE"
    assert "Changing param values is not allowed" in message
    assert "depth" in message
    assert "3" in message
    data = tracking.get("runs/get", run_id=run).json()["run"]["data"]
    assert [(param["key"], param["value"]) for param in data["params"]] == [("depth", "3")]
    assert not data.get("metrics")


def test_values_of_six_thousand_characters_are_kept_and_longer_ones_refused(tracking):
    run = tracking.run()
    longest = "é" * 6000
    assert tracking.post("runs/log-parameter", run_id=run, key="long", value=longest).status_code == 200
    (param,) = tracking.get("runs/get", run_id=run).json()["run"]["data"]["params"]
    assert param["value"] == longest
    code, _ = refusal(tracking.post("runs/log-parameter", run_id=run, key="longer", value=longest + "é"))
    assert code == "INVALID_PARAMETER_VALUE"


def test_numbers_that_are_none_are_kept(tracking):
    run = tracking.run()
    for step, value in enumerate(("NaN", "Infinity", "-Infinity")):
        reply = tracking.post("runs/log-metric", run_id=run, key="m", value=value, timestamp=1, step=step)
        assert reply.status_code == 200, reply.text
    values = [float(point["value"]) for point in tracking.history(run, "m")]
    assert math.isnan(values[0])
    assert values[1:] == [1.7976931348623157e308, -1.7976931348623157e308]
    found = tracking.post("runs/search", experiment_ids=["0"], filter="metrics.m > 0", order_by=["metrics.m DESC"])
    assert found.status_code == 200


@pytest.mark.parametrize("key", ["метрика/точность", "精度", "a b", "x.y-z_0/1", "crème brûlée"])
def test_keys_of_any_alphabet_make_the_round_trip(tracking, key):
    run = tracking.run()
    entry = {"key": key, "value": "☃ \u0007 \U0001f48e"}
    points = [{"key": key, "value": 1, "timestamp": 1, "step": 0}]
    reply = tracking.post("runs/log-batch", run_id=run, params=[entry], tags=[entry], metrics=points)
    assert reply.status_code == 200, reply.text
    data = tracking.get("runs/get", run_id=run).json()["run"]["data"]
    assert entry in data["params"]
    assert entry in data["tags"]
    assert [point["value"] for point in tracking.history(run, key)] == [1]
    found = tracking.post("runs/search", experiment_ids=["0"], filter=f"params.`{key}` = '{entry['value']}'").json()
    assert run in {each["info"]["run_id"] for each in found["runs"]}


@pytest.mark.parametrize("key", ["", "../up", "/root", "a//b", "a/../b", "semi;colon", "x" * 251, "new\nline", "."])
def test_keys_that_could_be_paths_are_refused(tracking, key):
    run = tracking.run()
    code, message = refusal(tracking.post("runs/log-metric", run_id=run, key=key, value=1, timestamp=1, step=0))
    assert code == "INVALID_PARAMETER_VALUE"
    assert message


def test_ten_thousand_tags_of_a_run_are_kept_and_found(tracking, unique_name):
    experiment = tracking.experiment(unique_name("tags"))
    run = tracking.run(experiment)
    for begin in range(0, 10_000, 100):
        tags = [{"key": f"tag{index}", "value": str(index)} for index in range(begin, begin + 100)]
        assert tracking.post("runs/log-batch", run_id=run, tags=tags).status_code == 200
    kept = tracking.get("runs/get", run_id=run).json()["run"]["data"]["tags"]
    values = {tag["key"]: tag["value"] for tag in kept}
    assert all(values[f"tag{index}"] == str(index) for index in range(10_000))
    both = "tags.tag9999 = '9999' and tags.tag0 = '0'"
    found = tracking.post("runs/search", experiment_ids=[experiment], filter=both)
    assert len(found.json()["runs"]) == 1


# Filters


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("metrics.a >", 12),
        ("attributes.run_id IN (", 23),
        ("attributes.run_id IN (,)", 23),
        ("attributes.run_id IN ('a',,)", 27),
        ("metrics.a > 1 AND", 18),
        ("metrics.a > 1 AND AND params.b = 'c'", 19),
        ("metrics.a > 1 params.b = 'c'", 15),
        ("params.b = 'open", 12),
        ("params.b = 'c' OR colour = 'x'", 19),
        ("metrics.a ~ 1", 11),
        ("(metrics.a > 1", 15),
        ("metrics.a > 1)", 14),
        ("nonsense.a = 'b'", 1),
    ],
)
def test_a_malformed_filter_is_told_at_which_character(tracking, text, position):
    code, message = refusal(tracking.post("runs/search", experiment_ids=["0"], filter=text))
    assert code == "INVALID_PARAMETER_VALUE"
    assert re.search(rf"at character {position}\b", message), message


WORDS = [
    "metrics.a", "params.`b c`", 'tags."d"', "attributes.status", "AND", "OR", "NOT", "(", ")", "=", "!=", ">", "LIKE",
    "ILIKE", "IN", "IS", "NULL", "'x'", "'%_'", "1", "-1e999", "'", "`", '"', ",", "\\", "é", "--", ";", "0x1", "?",
]  # fmt: skip


def test_no_filter_is_a_fault_of_the_server(tracking):
    dice = random.Random(SEED)
    for number in range(500):
        text = " ".join(dice.choices(WORDS, k=dice.randint(1, 12)))
        call = dice.choice(["runs/search", "experiments/search"])
        body = {"experiment_ids": ["0"]} if call == "runs/search" else {"max_results": 10}
        reply = tracking.post(call, filter=text, order_by=[dice.choice(WORDS)] if number % 3 == 0 else [], **body)
        assert reply.status_code in (200, 400), f"{reply.status_code} {reply.text[:300]} for {text!r}, seed {SEED}"


def test_a_filter_cannot_reach_into_the_statement(tracking, unique_name):
    experiment = tracking.experiment(unique_name("inject"))
    run = tracking.run(experiment)
    for text in ("params.a = 'x'' OR 1=1 --'", "tags.`a') OR 1=1 --` = 'x'", "params.a LIKE '%''; DROP TABLE run; --'"):
        reply = tracking.post("runs/search", experiment_ids=[experiment], filter=text)
        assert reply.status_code == 400 or not reply.json().get("runs"), text
    assert tracking.get("runs/get", run_id=run).status_code == 200


# Artifacts


WAYS_OUT = (
    "..%2f..%2fx", "%2e%2e/%2e%2e/x", "a/%2e%2e/%2e%2e/%2e%2e/x", "%2fetc%2fpasswd", "a%00b", "..%5c..%5cx",
    "%252e%252e%2fx",
)  # fmt: skip


@pytest.mark.parametrize("path", WAYS_OUT)
def test_no_path_leads_out_of_the_artifacts(server, tracking, path):
    run = tracking.run()
    before = {entry for entry in server.home.parent.rglob("x") if entry.is_file()}
    place = f"api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    put = tracking.send("PUT", f"{place}/{path}", data=b"out")
    assert put.status_code == 400 or is_below(server, run, before), put.text
    assert tracking.send("GET", f"{place}/{path}").status_code in (200, 400, 404)
    query = urllib.parse.urlencode({"run_id": run, "path": urllib.parse.unquote(path)})
    assert tracking.send("GET", f"get-artifact?{query}").status_code in (200, 400, 404)
    assert tracking.send("GET", f"api/2.0/mlflow/artifacts/list?{query}").status_code in (200, 400, 404)


def is_below(server, run, before):
    """A name that only looks like a way out is a file of the run and nothing else."""
    return all(run in str(entry) for entry in {e for e in server.home.parent.rglob("x") if e.is_file()} - before)


def test_an_upload_cut_half_way_leaves_nothing_and_the_file_that_was_there(server, tracking):
    run = tracking.run()
    place = f"api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    assert tracking.send("PUT", f"{place}/kept.bin", data=b"before").status_code == 200
    address = urllib.parse.urlparse(tracking.address)
    for name in ("kept.bin", "half.bin"):
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
            lines = [f"PUT {address.path}/{place}/{name} HTTP/1.1", f"Host: {address.netloc}"]
            head = "\r\n".join([*lines, "Content-Length: 1000000", "", ""])
            connection.sendall(head.encode() + b"x" * 400_000)
    assert tracking.send("GET", f"{place}/kept.bin").content == b"before"
    assert tracking.send("GET", f"{place}/half.bin").status_code == 404
    listed = tracking.get("artifacts/list", run_id=run).json()["files"]
    assert [entry["path"] for entry in listed] == ["kept.bin"]


# Who may


@pytest.fixture
def signed_in(server):
    """Calls as a program with a role, by what MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD send."""

    def make(role):
        principal = server.run_json("principal", "create", "--name", f"tracking-{role}", "--role", role)
        return Tracking(server, (principal["clientId"], principal["clientSecret"]))

    return make


def test_a_reader_sees_runs_and_cannot_log(tracking, signed_in):
    run = tracking.run()
    reader = signed_in("Reader")
    assert reader.get("runs/get", run_id=run).status_code == 200
    assert reader.post("runs/search", experiment_ids=["0"]).status_code == 200
    refused = [
        reader.post("runs/log-metric", run_id=run, key="m", value=1, timestamp=1, step=0),
        reader.post("runs/log-batch", run_id=run, tags=[{"key": "a", "value": "b"}]),
        reader.post("runs/create", experiment_id="0"),
        reader.post("experiments/create", name="a-readers"),
        reader.post("registered-models/create", name="a-readers"),
        reader.send("PUT", f"api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a.txt", data=b"x"),
    ]
    for reply in refused:
        code, message = refusal(reply, 403)
        assert code == "PERMISSION_DENIED"
        assert "Microsoft.MachineLearningServices" in message
    assert not tracking.get("runs/get", run_id=run).json()["run"]["data"].get("metrics")


def test_a_name_and_password_sign_a_client_in(signed_in):
    worker = signed_in("AzureML Data Scientist")
    run = worker.run()
    assert worker.post("runs/log-metric", run_id=run, key="m", value=1, timestamp=1, step=0).status_code == 200
    assert [point["value"] for point in worker.history(run, "m")] == [1]


@pytest.mark.parametrize("auth", [("nobody", "x"), ("", "")])
def test_a_wrong_name_or_password_is_refused_though_none_is_asked_for(server, auth):
    reply = Tracking(server, auth).get("experiments/get", experiment_id="0")
    code, message = refusal(reply, 401)
    assert code == "UNAUTHENTICATED"
    assert "lazuli principal create" in message
