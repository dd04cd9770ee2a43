"""The servers that the scoring benchmark compares, behind one face: Lazuli, Azure's own inference server, FastAPI with
onnxruntime, and `mlflow models serve`. One worker each, all on 127.0.0.1."""

from __future__ import annotations

import json
import os
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from lazuli_server import OWN_PROCESS_GROUP, REPOSITORY, LazuliServer, quiet_environment
from process_tree import end_tree
from tracking_servers import free_port

PATIENCE = 180
SCRIPTS = Path(__file__).with_name("serving")
ECHO = "score_echo"
ONNX = "score_onnx"


def peer_python(name: str) -> Path:
    return REPOSITORY / ".tools" / "peers" / name / "bin" / "python"


@dataclass
class Models:
    """The model's files, made once a run by the peers' own Python."""

    folder: Path

    @cached_property
    def table(self) -> dict[str, Any]:
        """A hundred rows, by columns and data."""
        return json.loads((self.folder / "rows.json").read_text())

    def make(self) -> Models:
        command = [peer_python("serving"), SCRIPTS / "make_models.py", self.folder]
        made = subprocess.run(command, capture_output=True, text=True, env=quiet_environment(), check=False)
        if made.returncode:
            raise SystemExit(f"The benchmark's model could not be made:\n{made.stderr[-3000:]}")
        return self

    def rows(self, count: int) -> dict[str, Any]:
        return {"columns": self.table["columns"], "data": self.table["data"][:count]}


@dataclass
class Scoring:
    """Where and how a server is asked for a score."""

    address: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    envelope: str = "input_data"

    def body(self, rows: dict[str, Any]) -> str:
        return json.dumps({self.envelope: rows})

    def ask(self, body: str, session: Any = requests) -> requests.Response:
        headers = self.headers | {"Content-Type": "application/json"}
        return session.post(self.address + self.path, data=body, headers=headers, timeout=PATIENCE)


class ScoringServer(ABC):
    """One server with one scorer behind it."""

    name: str
    scorers: tuple[str, ...]

    def __init__(self, scorer: str, models: Models, home: Path) -> None:
        self.scorer = scorer
        self.models = models
        self.home = home

    @property
    @abstractmethod
    def pid(self) -> int:
        """The first process of the server's tree."""

    @property
    @abstractmethod
    def scoring(self) -> Scoring:
        """Known once the server has begun."""

    @abstractmethod
    def begin(self) -> None:
        """Start everything that answers."""

    @abstractmethod
    def stop(self) -> None:
        """End the tree; harmless when it was never begun."""

    def start(self) -> float:
        """Begin, and return after how many seconds the first score came."""
        began = time.monotonic()
        self.begin()
        wait_for_score(self.scoring, self.scoring.body(self.models.rows(1)))
        return time.monotonic() - began

    def predictions(self, rows: dict[str, Any]) -> list[float]:
        """The scores of some rows as plain numbers, whatever they came wrapped in."""
        answer = self.scoring.ask(self.scoring.body(rows))
        if not answer.ok:
            raise SystemExit(f"{self.name} answers {answer.status_code}: {answer.text[:1000]}")
        return list(numbers(answer.json()))


def numbers(value: Any):
    """All numbers in some JSON, in their order; JSON in texts is looked into."""
    if isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers(each)
    else:
        yield float(value)


def wait_for_score(scoring: Scoring, body: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    said = "nothing"
    while time.monotonic() < deadline:
        try:
            answer = scoring.ask(body)
            if answer.status_code == 200:
                return
            said = f"{answer.status_code} {answer.text[:500]}"
        except requests.ConnectionError:
            pass
        time.sleep(0.002)
    raise SystemExit(f"No score came from {scoring.address} in {seconds} s; the last answer was: {said}")


class Peer(ScoringServer):
    """A server in Python, a process of its own."""

    process: subprocess.Popen[bytes] | None = None
    python: str

    def __init__(self, scorer: str, models: Models, home: Path) -> None:
        super().__init__(scorer, models, home)
        self.port = free_port()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def scoring(self) -> Scoring:
        return Scoring(f"http://127.0.0.1:{self.port}", "/score")

    @property
    @abstractmethod
    def command(self) -> list[str | Path]:
        """What to run."""

    @property
    def variables(self) -> dict[str, str]:
        programs = peer_python(self.python).parent
        return quiet_environment() | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1",
            "AZUREML_MODEL_DIR": str(self.models.folder / "onnx"), "MLFLOW_DISABLE_TELEMETRY": "true",
        }  # fmt: skip

    def begin(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.home,
                env=self.variables, **OWN_PROCESS_GROUP,
            )  # fmt: skip

    def stop(self) -> None:
        if self.process is not None:
            end_tree(self.process)
        self.process = None


class AzureServer(Peer):
    """The server that Azure puts around scoring scripts, from PyPI."""

    name = "Azure's server"
    scorers = (ECHO, ONNX)
    python = "azure-server"

    @property
    def command(self) -> list[str | Path]:
        return [
            peer_python(self.python), SCRIPTS / "azure_server.py", "--port", str(self.port),
            "--health_port", str(free_port()), "--entry_script", SCRIPTS / f"{self.scorer}.py",
        ]  # fmt: skip


class FastAPIServer(Peer):
    """What a team writes that serves a model itself."""

    name = "FastAPI"
    scorers = (ECHO, ONNX)
    python = "serving"

    @property
    def command(self) -> list[str | Path]:
        return [
            peer_python(self.python), "-m", "uvicorn", "fastapi_app:app", "--app-dir", SCRIPTS, "--host", "127.0.0.1",
            "--port", str(self.port), "--no-access-log",
        ]  # fmt: skip

    @property
    def variables(self) -> dict[str, str]:
        return super().variables | {"SCORER": self.scorer}


class MLflowServer(Peer):
    """`mlflow models serve` with the same ONNX file in MLflow's wrapping."""

    name = "mlflow models serve"
    scorers = (ONNX,)
    python = "serving"

    @property
    def command(self) -> list[str | Path]:
        return [
            peer_python(self.python), "-m", "mlflow", "models", "serve", "--model-uri", self.models.folder / "mlflow",
            "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--env-manager", "local",
        ]  # fmt: skip

    @property
    def scoring(self) -> Scoring:
        return Scoring(f"http://127.0.0.1:{self.port}", "/invocations", envelope="dataframe_split")


class Ours(ScoringServer):
    """Lazuli: the scoring script on its Python worker, the ONNX model without any Python."""

    name = "Lazuli"
    scorers = (ECHO, ONNX)
    endpoint = "bench"

    def __init__(self, scorer: str, models: Models, home: Path) -> None:
        super().__init__(scorer, models, home)
        self.server = LazuliServer(home / "lazuli")

    @property
    def pid(self) -> int:
        assert self.server.process is not None
        return self.server.process.pid

    @property
    def scoring(self) -> Scoring:
        return self.scoring_of(self.endpoint)

    def scoring_of(self, endpoint: str) -> Scoring:
        uri = self.server.run_json("online-endpoint", "show", "-n", endpoint)["scoring_uri"]
        key = self.server.run_json("online-endpoint", "get-credentials", "-n", endpoint)["primaryKey"]
        address, _, path = uri.partition("://")[2].partition("/")
        return Scoring(f"http://{address}", f"/{path}", {"Authorization": f"Bearer {key}"})

    def begin(self) -> None:
        self.server.start()
        self.add(self.endpoint)

    def stop(self) -> None:
        if self.server.process is not None:
            self.server.stop()

    def add(self, endpoint: str, deployment: str = "blue", **extra: Any) -> None:
        """An endpoint and its deployment of this server's scorer."""
        self.server.run("online-endpoint", "create", "-n", endpoint)
        self.deploy(endpoint, deployment, **extra)
        self.server.run("online-endpoint", "update", "-n", endpoint, "--traffic", f"{deployment}=100")

    def deploy(self, endpoint: str, deployment: str = "blue", **extra: Any) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        file = self.home / f"{endpoint}-{deployment}.yml"
        file.write_text(json.dumps(self.document(endpoint, deployment) | extra))
        self.server.run("online-deployment", "create", "-f", file, seconds=PATIENCE)

    def document(self, endpoint: str, deployment: str) -> dict[str, Any]:
        common = {
            "name": deployment, "endpoint_name": endpoint, "instance_type": "Standard_DS3_v2", "instance_count": 1,
            "request_settings": {"max_concurrent_requests_per_instance": 64, "request_timeout_ms": 30_000},
        }  # fmt: skip
        if self.scorer == ONNX:
            return common | {"model": {"path": str(self.models.folder / "mlflow"), "type": "mlflow_model"}}
        code = self.home / "code"
        code.mkdir(parents=True, exist_ok=True)
        (code / "score.py").write_text((SCRIPTS / f"{ECHO}.py").read_text())
        return common | {
            "environment": "azureml:AzureML-minimal@latest",
            "code_configuration": {"code": str(code), "scoring_script": "score.py"},
        }


SERVERS = {"lazuli": Ours, "fastapi": FastAPIServer, "azure": AzureServer, "mlflow": MLflowServer}
