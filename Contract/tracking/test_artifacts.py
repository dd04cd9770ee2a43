"""Artifacts through the proxy: whole files, parts of them, folders, and paths that lead elsewhere."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import mlflow
import pytest


def request(tracking_uri: str, method: str, path: str, body: bytes | None = None, **headers: str):
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    url = f"{tracking_uri}/api/2.0/mlflow-artifacts/artifacts/{path}"
    return urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=60)


def test_files_and_folders_make_the_round_trip(client, experiment, tmp_path):
    (tmp_path / "out" / "deep").mkdir(parents=True)
    (tmp_path / "out" / "a é.txt").write_text("lapis")
    (tmp_path / "out" / "deep" / "b.bin").write_bytes(os.urandom(3_000_000))
    run = client.create_run(experiment).info.run_id
    client.log_artifacts(run, str(tmp_path / "out"), "results")
    client.log_text(run, "hello", "note.txt")
    assert {item.path for item in client.list_artifacts(run)} == {"note.txt", "results"}
    assert {item.path for item in client.list_artifacts(run, "results")} == {"results/a é.txt", "results/deep"}
    fetched = client.download_artifacts(run, "results", str(tmp_path / "in"))
    for name in ("a é.txt", "deep/b.bin"):
        assert (Path(fetched) / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_a_range_gives_its_bytes(client, experiment, tracking_uri):
    run = client.create_run(experiment).info.run_id
    client.log_text(run, "0123456789", "digits.txt")
    reply = request(tracking_uri, "GET", f"{experiment}/{run}/artifacts/digits.txt", Range="bytes=3-5")
    assert (reply.status, reply.read(), reply.headers["Content-Range"]) == (206, b"345", "bytes 3-5/10")


def test_deleted_artifacts_are_gone(client, experiment, tracking_uri):
    run = client.create_run(experiment).info.run_id
    client.log_text(run, "x", "folder/x.txt")
    request(tracking_uri, "DELETE", f"{experiment}/{run}/artifacts/folder")
    assert client.list_artifacts(run) == []


@pytest.mark.parametrize("path", ["..%2f..%2fx", "0/r/artifacts/%2e%2e/%2e%2e/%2e%2e/%2e%2e/x", "%2fetc%2fpasswd"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_paths_that_lead_elsewhere_are_refused(client, tracking_uri, method, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        request(tracking_uri, method, path, b"x" if method == "PUT" else None)
    assert caught.value.code == 400


def test_an_upload_that_breaks_off_leaves_nothing(client, experiment, tracking_uri):
    address = urllib.parse.urlparse(tracking_uri)
    if address.scheme != "http":
        pytest.skip("needs the plain listener")
    run = client.create_run(experiment).info.run_id
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        path = f"{address.path}/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/half.bin"
        token = os.environ.get("MLFLOW_TRACKING_TOKEN")
        lines = [f"PUT {path} HTTP/1.1", f"Host: {address.netloc}", "Content-Length: 1000000"]
        lines += [f"Authorization: Bearer {token}"] if token else []
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + b"x" * 400_000)
    client.log_text(run, "whole", "whole.txt")
    assert [item.path for item in client.list_artifacts(run)] == ["whole.txt"]


def test_tables_and_dictionaries_are_logged(client, experiment):
    pandas = pytest.importorskip("pandas")
    with mlflow.start_run() as run:
        mlflow.log_dict({"a": 1}, "d.json")
        mlflow.log_table(pandas.DataFrame({"a": [1, 2]}), "table.json")
    assert mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/d.json") == {"a": 1}
    assert len(mlflow.load_table("table.json", run_ids=[run.info.run_id])) == 2
