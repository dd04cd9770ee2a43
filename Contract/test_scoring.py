"""Contract B11 and clients 2.2, 2.3: models are deployed by the stock client and called as consumers call them."""

import gzip
import json
import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from azure.ai.ml.entities import Model
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from scoring_endpoints import ECHO, OnlineEndpoint

ALL = """
import json
import os

from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse


def init():
    print("loading from", os.environ["AZUREML_MODEL_DIR"])


@rawhttp
def run(request):
    return AMLResponse(request.get_data() or request.args["q"].encode(), 201, {"Content-Type": "image/png"})
"""
TELLS = """
import json
import os


def init():
    global weights
    folder = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(folder, "weights", "weights.txt")) as file:
        weights = file.read()
    print("init has read", weights)


def run(raw_data):
    print("run has been given", raw_data)
    return [1, weights, os.environ["COLOUR"], os.environ["AZUREML_ENTRY_SCRIPT"]]
"""


@pytest.fixture(scope="module")
def online(ml_client, tmp_path_factory):
    """One endpoint for the tests of this file; each has deployments of its own, called by their header."""
    endpoint = OnlineEndpoint(ml_client, tmp_path_factory.mktemp("online"), "scoring-contract")
    endpoint.deploy("echo", ECHO)
    yield endpoint
    endpoint.delete()


def test_a_model_with_a_script_is_deployed_called_read_and_deleted(ml_client, folder, unique_name):
    online = OnlineEndpoint(ml_client, folder, unique_name("online"))
    (folder / "weights").mkdir()
    (folder / "weights" / "weights.txt").write_text("heavy")
    model = ml_client.models.create_or_update(Model(path=folder / "weights", name=unique_name("weights")))
    blue = online.deploy("blue", TELLS, model=f"{model.name}@latest", environment_variables={"COLOUR": "blue"})
    assert blue.provisioning_state == "Succeeded"
    online.send_traffic(blue=100)
    (folder / "request.json").write_text('{"data": [[1, 2]]}')
    answer = ml_client.online_endpoints.invoke(endpoint_name=online.name, request_file=folder / "request.json")
    assert answer[1] == "1"
    assert json.loads(answer) == [1, "heavy", "blue", "score.py"]
    named = ml_client.online_endpoints.invoke(
        endpoint_name=online.name, deployment_name="blue", request_file=folder / "request.json"
    )
    assert named == answer
    assert "init has read heavy" in online.logs("blue")
    assert 'run has been given {"data": [[1, 2]]}' in online.logs("blue")
    assert [each.name for each in ml_client.online_deployments.list(online.name)] == ["blue"]
    online.send_traffic(blue=0)
    ml_client.online_deployments.begin_delete("blue", online.name).wait()
    assert online.ask().status_code == 404
    online.delete()
    with pytest.raises(ResourceNotFoundError):
        ml_client.online_endpoints.get(online.name)
    assert online.ask().status_code == 404


def test_the_header_that_the_stock_client_leaks_into_later_calls_does_no_harm(ml_client, online, folder, unique_name):
    (folder / "request.json").write_text("{}")
    ml_client.online_endpoints.invoke(
        endpoint_name=online.name, deployment_name="echo", request_file=folder / "request.json"
    )
    other = OnlineEndpoint(ml_client, folder, unique_name("other"))
    other.deploy("green", ECHO.replace("return raw_data", "return 'green'"))
    other.send_traffic(green=100)
    answer = ml_client.online_endpoints.invoke(endpoint_name=other.name, request_file=folder / "request.json")
    assert answer == '"green"'
    other.delete()


def test_a_deployment_that_is_not_there_is_a_404_that_names_those_near(online):
    reply = online.ask(deployment="ecco")
    assert reply.status_code == 404
    assert "ecco" in reply.text
    assert "echo" in reply.text


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer ", "Basic x", "Bearer \u00e9"])
def test_without_the_key_nothing_is_scored(online, header):
    sent = {"Authorization": header.encode("latin-1") if header else None}
    reply = online.ask(deployment="echo", headers=sent)
    assert reply.status_code == 401
    assert online.key not in reply.text


def test_both_keys_work_and_a_renewed_one_replaces_the_old_at_once(ml_client, online):
    keys = ml_client.online_endpoints.get_keys(online.name)
    second = {"Authorization": f"Bearer {keys.secondary_key}"}
    assert online.ask(deployment="echo", headers=second).status_code == 200
    ml_client.online_endpoints.begin_regenerate_keys(online.name, key_type="secondary").wait()
    assert online.ask(deployment="echo", headers=second).status_code == 401
    assert online.ask(deployment="echo").status_code == 200


def test_an_endpoint_with_tokens_takes_its_own_tokens_alone(ml_client, online, folder, unique_name):
    other = OnlineEndpoint(ml_client, folder, unique_name("token"), auth_mode="aml_token")
    other.deploy("echo")
    assert other.ask("[1]", deployment="echo").json() == "[1]"
    stranger = {"Authorization": f"Bearer {online.key}"}
    assert other.ask(deployment="echo", headers=stranger).status_code == 401
    other.delete()


def test_a_string_is_json_in_json_even_without_a_content_type(online):
    reply = online.ask(json.dumps({"data": "x"}), deployment="echo", headers={"Content-Type": None})
    assert reply.text == json.dumps('{"data": "x"}')
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["x-ms-run-function-failed"] == "False"
    assert reply.headers["x-ms-request-id"]


def test_the_request_id_of_the_caller_comes_back(online):
    reply = online.ask(deployment="echo", headers={"x-ms-request-id": "mine-1"})
    assert reply.headers["x-ms-request-id"] == "mine-1"


def test_ten_megabytes_go_through(online):
    body = json.dumps({"data": "A" * 10_000_000})
    assert len(online.ask(body, deployment="echo").json()) == len(body)


def test_a_compressed_body_is_given_to_the_script_as_it_was(online):
    body = gzip.compress(b'{"data": "packed"}')
    reply = online.ask(body, deployment="echo", headers={"Content-Encoding": "gzip"})
    assert reply.json() == '{"data": "packed"}'


def test_a_chunked_body_is_given_to_the_script_whole(online):
    headers = {"Authorization": f"Bearer {online.key}", "azureml-model-deployment": "echo"}
    reply = online.session.post(online.uri, data=iter([b"one ", b"two"]), headers=headers, timeout=30)
    assert reply.json() == "one two"


def test_an_old_client_without_keep_alive_is_served(online):
    split = urlsplit(online.uri)
    request = (
        f"POST {split.path} HTTP/1.0\r\nAuthorization: Bearer {online.key}\r\n"
        f"azureml-model-deployment: echo\r\nContent-Length: 3\r\n\r\n[1]"
    )
    with socket.create_connection((split.hostname, split.port), 30) as client:
        client.sendall(request.encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.")
    assert b" 200 " in head.splitlines()[0]
    assert body == b'"[1]"'


def test_a_connection_serves_many_requests(online):
    split = urlsplit(online.uri)
    client = HTTPConnection(split.netloc, timeout=30)
    client.connect()
    port = client.sock.getsockname()[1]
    for number in range(50):
        headers = {"Authorization": f"Bearer {online.key}", "azureml-model-deployment": "echo"}
        client.request("POST", split.path, str(number), headers)
        assert client.getresponse().read() == f'"{number}"'.encode()
        assert client.sock.getsockname()[1] == port
    client.close()


def test_a_script_may_take_the_request_and_make_the_answer_itself(online, folder):
    (folder / "model.bin").write_bytes(b"model")
    online.deploy("raw", ALL, model=Model(path=str(folder / "model.bin"), name="raw-model"))
    reply = online.ask(b"\x89PNG\x00\xff", deployment="raw", headers={"Content-Type": "image/png"})
    assert (reply.status_code, reply.content) == (201, b"\x89PNG\x00\xff")
    assert reply.headers["Content-Type"] == "image/png"
    assert online.ask(b"", "raw", "GET", "?q=asked").content == b"asked"


def test_every_worker_of_every_instance_takes_its_share(online):
    script = "import os\ndef init():\n    pass\ndef run(raw_data):\n    return os.getpid()\n"
    online.deploy("many", script, instance_count=2, environment_variables={"WORKER_COUNT": "2"})

    answered = [reply.json() for reply in online.at_once(400, deployment="many", threads=16)]
    seen = {process: answered.count(process) for process in answered}
    assert len(seen) == 4, seen
    assert min(seen.values()) > 20, seen


def test_an_async_run_works_on_as_many_requests_at_once_as_it_is_given(online):
    script = """
        import asyncio

        async def init():
            global under_way, most
            under_way = most = 0

        async def run(raw_data):
            global under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.1)
            under_way -= 1
            return most
    """
    online.deploy("awaits", script, at_once=20)
    replies = online.at_once(100, deployment="awaits", threads=20)
    assert {reply.status_code for reply in replies} == {200}
    assert max(reply.json() for reply in replies) >= 10


def test_a_script_that_fails_to_load_is_refused_with_its_reason_and_its_log(ml_client, online):
    with pytest.raises(HttpResponseError, match="no weights here"):
        online.deploy("broken", "def init():\n    raise RuntimeError('no weights here')\ndef run(d):\n    return d\n")
    assert "Traceback" in online.logs("broken")
    assert 'score.py", line 2, in init' in online.logs("broken")
    assert ml_client.online_deployments.get("broken", online.name).provisioning_state == "Failed"


def test_health_and_interface_are_read_without_a_key(online):
    place = online.uri.removesuffix("/score")
    assert online.session.get(place + "/", timeout=30).text == "Healthy"
    newer = online.session.get(place + "/swagger.json", timeout=30).json()
    older = online.session.get(place + "/swagger.json?version=2", timeout=30).json()
    assert newer["openapi"].startswith("3.")
    assert older["swagger"] == "2.0"
    assert any(path.endswith("/score") for path in newer["paths"])
    assert any(path.endswith("/score") for path in older["paths"])
