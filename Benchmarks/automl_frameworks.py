"""The frameworks that the AutoML benchmark compares, each as the command lines that fit it and let it predict."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from automl_tables import Split
from lazuli_server import REPOSITORY, program

HERE = Path(__file__).parent
SCRIPTS = HERE / "automl"
SCORER = "serving"
"""The peers' Python that has ONNX Runtime."""


@dataclass(frozen=True)
class Framework:
    """A runner in its own Python. Without a budget it stops by itself."""

    name: str
    runner: str
    python: str
    seconds: float | None
    options: tuple[str, ...] = ()

    @property
    def recipe(self) -> str:
        """Changes with whatever a run depends on besides its rows; kept runs of another recipe are not used again."""
        files = [HERE / f"{self.python}-requirements.txt", SCRIPTS / "runner.py", SCRIPTS / f"{self.runner}.py"]
        return digest(*files)

    def fit(self, split: Split, folder: Path) -> list[str | Path]:
        table = split.table
        budget = ["--seconds", str(self.seconds)] if self.seconds else []
        return [
            *self._script("fit", split.train, folder), "--target", table.target, "--task", table.task,
            "--seed", str(split.seed), *budget,
        ]  # fmt: skip

    def predict(self, split: Split, folder: Path) -> list[str | Path]:
        return self._script("predict", split.test, folder)

    def model_bytes(self, folder: Path) -> int:
        """The size of what one has to keep for predictions: the folder or file of the model."""
        return size(folder / "model")

    def facts(self, folder: Path) -> dict:
        """What the runner said of its fit."""
        file = folder / "fit.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def _script(self, step: str, table: Path, folder: Path) -> list[str | Path]:
        script = SCRIPTS / f"{self.runner}.py"
        return [peer_python(self.python), script, step, table, "--output", folder, *self.options]


@dataclass(frozen=True)
class Lazuli(Framework):
    """Our program, without a server; its model is scored by ONNX Runtime."""

    @property
    def recipe(self) -> str:
        return digest(program(), SCRIPTS / "with_onnx.py")

    def fit(self, split: Split, folder: Path) -> list[str | Path]:
        (folder / "classes.json").write_text(json.dumps(split.classes))
        return [
            program(), "automl", "train", split.train, "--target", split.table.target,
            "--metric", split.table.metric, "--timeout-seconds", f"{self.seconds:g}", "--output", folder / "run",
        ]  # fmt: skip

    def predict(self, split: Split, folder: Path) -> list[str | Path]:
        return [peer_python(SCORER), SCRIPTS / f"{self.runner}.py", "predict", split.test, "--output", folder]

    def model_bytes(self, folder: Path) -> int:
        return size(folder / "run" / "outputs" / "mlflow-model" / "model.onnx")


OURS, OURS_SHORT, FLAML, AUTOGLUON = "lazuli", "lazuli-short", "flaml", "autogluon"
PLAIN, STOPPED = "lightgbm", "lightgbm-stopped"


def frameworks(seconds: float) -> dict[str, Framework]:
    """Ours with a budget and a sixth of it, the peers with twice the budget, and two yardsticks without any."""
    every = [
        Lazuli(OURS, "with_onnx", SCORER, seconds),
        Lazuli(OURS_SHORT, "with_onnx", SCORER, seconds / 6),
        Framework(FLAML, "with_flaml", "flaml", 2 * seconds),
        Framework(AUTOGLUON, "with_autogluon", "autogluon", 2 * seconds),
        Framework(PLAIN, "with_lightgbm", "flaml", None),
        Framework(STOPPED, "with_lightgbm", "flaml", None, ("--stopped",)),
    ]
    return {framework.name: framework for framework in every}


def install(chosen: list[Framework]) -> None:
    """Make the Pythons that the chosen frameworks need."""
    names = sorted({framework.python for framework in chosen})
    if subprocess.run([REPOSITORY / "Scripts" / "peers", *names], check=False).returncode:
        raise SystemExit("The peers' Pythons are not there; the lines above say why.")


def peer_python(name: str) -> Path:
    return REPOSITORY / ".tools" / "peers" / name / "bin" / "python"


def size(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def digest(*files: Path) -> str:
    data = hashlib.sha256()
    for file in files:
        data.update(file.read_bytes())
    return data.hexdigest()[:16]
