"""The two servers that the tracking benchmark compares, behind one face: Lazuli and `mlflow server`."""

from __future__ import annotations

import copy
import http.client
import os
import socket
import subprocess
import time
import uuid
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from lazuli_server import OWN_PROCESS_GROUP, REPOSITORY, LazuliServer, quiet_environment
from process_tree import end_tree

CALLS = "/api/2.0/mlflow"
ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"
PATIENCE = 120
WARMERS = 8
FIRST = 64


class TrackingServer(ABC):
    """A server on a port of its own with one folder for all it keeps."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    @abstractmethod
    def pid(self) -> int:
        """The first process of the server's tree."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @abstractmethod
    def begin(self) -> None:
        """Start the process."""

    @abstractmethod
    def stop(self) -> None:
        """End the process and its tree; harmless when it was never begun."""

    def start(self) -> float:
        """Start the server and return after how many seconds it answered for the first time."""
        began = time.monotonic()
        watcher = ThreadPoolExecutor(1)
        try:
            answered = watcher.submit(first_answer, self.port)
            self.begin()
            return answered.result() - began
        finally:
            watcher.shutdown(wait=False, cancel_futures=True)

    def send(self, method: str, call: str, body: Any = None, query: Any = None) -> dict[str, Any]:
        """One call of the tracking API, and its answer."""
        reply = self._session.request(
            method, f"{self.address}{CALLS}/{call}", json=body, params=query, timeout=PATIENCE
        )
        if not reply.ok:
            raise SystemExit(f"{type(self).__name__} answers {reply.status_code} to {call}: {reply.text[:500]}")
        return reply.json()

    def warm_up(self) -> None:
        """Let every worker answer calls, on new connections each: a first call opens the store."""
        with ThreadPoolExecutor(WARMERS) as pool:
            list(pool.map(lambda _: self.copy().send("POST", "experiments/search", {"max_results": 1}), range(FIRST)))

    def copy(self) -> TrackingServer:
        """The same server with a connection of its own, for another thread."""
        other = copy.copy(self)
        other._session = requests.Session()
        other._session.trust_env = False
        return other

    def new_experiment(self) -> str:
        return self.send("POST", "experiments/create", {"name": f"bench-{uuid.uuid4().hex}"})["experiment_id"]

    def new_run(self, experiment: str) -> dict[str, Any]:
        """The info of a new run."""
        body = {"experiment_id": experiment, "start_time": int(time.time() * 1000)}
        return self.send("POST", "runs/create", body)["run"]["info"]


class Ours(TrackingServer):
    """Lazuli, by its plain listener."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._server = LazuliServer(home)

    @property
    def pid(self) -> int:
        assert self._server.process is not None
        return self._server.process.pid

    def begin(self) -> None:
        self._server.start((0, 0, self.port))

    def stop(self) -> None:
        if self._server.process is not None:
            self._server.stop()


class Peer(TrackingServer):
    """MLflow's server as it comes: four workers and a SQLite file."""

    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        programs = REPOSITORY / ".tools" / "peers" / "mlflow" / "bin"
        environment = quiet_environment() | {"MLFLOW_DISABLE_TELEMETRY": "true"}
        environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    programs / "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port),
                    "--backend-store-uri", f"sqlite:///{self.home}/mlflow.db",
                    "--artifacts-destination", self.home / "artifacts",
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.home, env=environment, **OWN_PROCESS_GROUP,
            )  # fmt: skip

    def stop(self) -> None:
        if self.process is not None:
            end_tree(self.process)
        self.process = None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def first_answer(port: int) -> float:
    """When a server on this port first said that it is well, by the monotonic clock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return time.monotonic()
        except (OSError, http.client.HTTPException):
            time.sleep(0.002)
        finally:
            connection.close()
    raise SystemExit(f"Nothing answered on port {port} in {PATIENCE} s.")
