"""Contract A5: programs with the cloud's own addresses written into them reach this server through its proxy."""

import http.server
import json
import socket
import ssl
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from lazuli_server import said

PROGRAM = Path(__file__).with_name("cloud_program.py")


@pytest.fixture(scope="module")
def proxied(server):
    """The variables of `lazuli env --proxy`."""
    return json.loads(server.run("env", "--proxy", "--json").stdout)


@pytest.fixture
def session(proxied):
    """Plain `requests` as it works under those variables."""
    with requests.Session() as made:
        made.proxies = {"https": proxied["HTTPS_PROXY"], "http": proxied["HTTP_PROXY"]}
        made.verify = proxied["REQUESTS_CA_BUNDLE"]
        made.trust_env = False
        yield made


@contextmanager
def somebody_elses_server(answer):
    """A server of the world: a plain one on a port of this machine, under a name the proxy does not answer for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            body = answer(self, sent)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def connect(proxied, target):
    """Asks for a tunnel by hand; gives the socket and the head of the answer."""
    host, port = proxied["HTTPS_PROXY"].removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)), timeout=20)
    raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = raw.recv(1)
        if not piece:
            break
        head += piece
    return raw, head.decode()


# The stock client, with the cloud's own settings


def test_an_unmodified_program_for_the_cloud_runs(server, unique_name, folder):
    robot = server.run_json("principal", "create", "--name", unique_name("robot"), "--role", "Contributor")
    endpoint = unique_name("far")
    ended = server.run(
        "run", "--proxy", "--", sys.executable, PROGRAM, robot["clientId"], robot["clientSecret"], endpoint,
        folder=folder, seconds=240, extra={"MLFLOW_DISABLE_TELEMETRY": "true"},
    )  # fmt: skip
    told = json.loads(ended.stderr.strip().splitlines()[-1])
    assert told["arm"] == "https://management.azure.com"
    assert told["status"] == "Completed", said(ended)
    assert "trained by way of the proxy" in told["log"]
    assert endpoint in told["endpoints"]
    server.run("online-endpoint", "delete", "-n", endpoint, "--yes")


def test_the_variables_of_our_own_cloud_are_taken_away(server):
    shown = server.run("env", "--proxy").stdout
    assert "unset ARM_CLOUD_METADATA_URL" in shown
    kept = server.run(
        "run", "--proxy", "--", "sh", "-c", "echo ${ARM_CLOUD_METADATA_URL:-none}", extra=server.exports
    ).stdout
    assert kept.strip() == "none"


# The proxy itself


def test_the_clouds_names_are_answered_with_certificates_of_our_authority(proxied):
    for name in ("management.azure.com", "e.westeurope.inference.ml.azure.com", "lazuli.blob.core.windows.net"):
        raw, head = connect(proxied, f"{name}:443")
        assert head.startswith("HTTP/1.1 200")
        context = ssl.create_default_context(cafile=proxied["REQUESTS_CA_BUNDLE"])
        with context.wrap_socket(raw, server_hostname=name) as secured:
            assert ("DNS", name) in secured.getpeercert()["subjectAltName"]


def test_every_other_host_is_tunnelled_untouched(proxied):
    sent, seen = bytes(range(256)) * 4096, []
    with socket.create_server(("127.0.0.1", 0)) as world:
        raw, head = connect(proxied, f"127.0.0.1:{world.getsockname()[1]}")
        assert head.startswith("HTTP/1.1 200")

        def echo():
            taken, _ = world.accept()
            with taken:
                while piece := taken.recv(1 << 16):
                    seen.append(piece)
                taken.sendall(b"".join(seen))

        thread = threading.Thread(target=echo)
        thread.start()
        with raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            back = b""
            while piece := raw.recv(1 << 16):
                back += piece
        thread.join()
    assert b"".join(seen) == sent
    assert back == sent


def test_plain_requests_are_passed_on(session):
    with somebody_elses_server(lambda handler, sent: f"{handler.path} {sent.decode()}".encode()) as port:
        for _ in range(3):
            assert session.post(f"http://127.0.0.1:{port}/a/b?c=d", data="hello").text == "/a/b?c=d hello"


def test_large_answers_arrive_whole(session):
    whole = bytes(range(256)) * 40_000
    with somebody_elses_server(lambda *_: whole) as port:
        assert session.post(f"http://127.0.0.1:{port}/", data="x").content == whole


def test_a_host_that_cannot_be_reached_is_told_in_a_sentence(proxied, session):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    _, head = connect(proxied, f"127.0.0.1:{port}")
    assert head.startswith("HTTP/1.1 502")
    refused = session.post(f"http://127.0.0.1:{port}/", data="x")
    assert refused.status_code == 502
    assert f"127.0.0.1:{port} cannot be reached" in refused.text


@pytest.mark.parametrize("line", ["GET / HTTP/1.1", "CONNECT nowhere HTTP/1.1", "nonsense"])
def test_what_is_not_for_a_proxy_is_told_so(proxied, line):
    host, port = proxied["HTTPS_PROXY"].removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(f"{line}\r\n\r\n".encode())
        told = b""
        while piece := raw.recv(4096):
            told += piece
    assert told.startswith(b"HTTP/1.1 400")


def test_the_proxy_listens_on_this_machine_alone(proxied):
    assert proxied["HTTPS_PROXY"].startswith("http://127.0.0.1:")
