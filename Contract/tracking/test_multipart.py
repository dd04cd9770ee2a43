"""Large files in parts: the stock client sends them side by side, and an upload that was given up leaves nothing."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
import requests

CHUNK = 5 << 20


@pytest.fixture
def parts(monkeypatch) -> None:
    """The client sends files of more than a chunk in parts."""
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", str(CHUNK))
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(CHUNK))


@pytest.fixture
def run(client, experiment) -> str:
    return client.create_run(experiment).info.run_id


@pytest.fixture
def begun(tracking_uri, experiment, run):
    """An upload of three parts that has begun: what the server said, and a function for its calls."""

    def call(verb: str, **body) -> requests.Response:
        address = f"{tracking_uri}/api/2.0/mlflow-artifacts/mpu/{verb}/{experiment}/{run}/artifacts/folder"
        headers = {"Authorization": f"Bearer {token}"} if (token := os.environ.get("MLFLOW_TRACKING_TOKEN")) else {}
        return requests.post(address, json={"path": "big.bin"} | body, headers=headers, timeout=30)

    return call("create", num_parts=3).json(), call


def unfinished(server) -> list[Path]:
    return [path for path in server.home.rglob(".uploads/*") if path.is_file()]


@pytest.mark.parametrize("size", [CHUNK * 4 + 12_345, CHUNK * 3])
def test_a_large_file_arrives_whole(client, run, parts, tmp_path, size):
    file = tmp_path / "big é.bin"
    file.write_bytes(os.urandom(size))
    client.log_artifact(run, str(file), "models")
    assert [(item.path, item.file_size) for item in client.list_artifacts(run, "models")] == [
        ("models/big é.bin", size)
    ]
    fetched = client.download_artifacts(run, "models/big é.bin", str(tmp_path))
    assert hashlib.sha256(Path(fetched).read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()


def test_the_server_says_that_it_takes_parts(tracking_uri):
    told = requests.get(f"{tracking_uri}/api/3.0/mlflow/server-info", timeout=30).json()
    assert told["multipart_uploads_enabled"] is True
    assert told["multipart_downloads_enabled"] is False


def test_parts_come_in_any_order_and_again(begun, client, run, tmp_path):
    reply, call = begun
    pieces = {1: b"a" * 1000, 2: b"b" * 1000, 3: b"c" * 10}
    for number in (3, 2, 1, 2):
        part = reply["credentials"][number - 1]
        assert requests.put(part["url"], pieces[part["part_number"]], timeout=30).status_code == 200
    assert client.list_artifacts(run) == []
    assert call("complete", upload_id=reply["upload_id"], parts=[]).status_code == 200
    fetched = Path(client.download_artifacts(run, "folder/big.bin", str(tmp_path)))
    assert fetched.read_bytes() == b"".join(pieces.values())


def test_an_upload_with_parts_missing_is_not_completed(begun, client, run):
    reply, call = begun
    requests.put(reply["credentials"][0]["url"], b"a", timeout=30)
    refused = call("complete", upload_id=reply["upload_id"], parts=[])
    assert refused.status_code == 400
    assert "part 2, 3 is missing" in refused.json()["message"]
    assert client.list_artifacts(run) == []


def test_nothing_is_left_of_an_aborted_upload(server, tracking_uri, experiment, run, begun):
    reply, call = begun
    address = reply["credentials"][0]["url"]
    requests.put(address, b"a" * 1000, timeout=30)
    before = len(unfinished(server))
    assert before > 0
    assert call("abort", upload_id=reply["upload_id"]).status_code == 200
    assert len(unfinished(server)) == before - 2
    assert requests.put(address, b"a", timeout=30).status_code == 404
    assert call("complete", upload_id=reply["upload_id"], parts=[]).status_code == 404


def test_an_address_that_was_tampered_with_is_refused(begun):
    reply, _ = begun
    first, second = (part["url"] for part in reply["credentials"][:2])
    signature = first.split("?")[1]
    assert requests.put(second.split("?")[0] + "?" + signature, b"a", timeout=30).status_code == 403
    later = first.replace("expires=", "expires=9")
    assert requests.put(later, b"a", timeout=30).status_code == 403
    assert requests.put(first.split("?")[0], b"a", timeout=30).status_code == 403


def test_an_upload_is_for_its_path_alone(begun, tracking_uri, experiment, run):
    reply, call = begun
    refused = call("complete", upload_id=reply["upload_id"], parts=[], path="other.bin")
    assert refused.status_code == 400
    assert "another path" in refused.json()["message"]
