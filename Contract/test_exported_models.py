"""The winner of an experiment over a table of every kind of column: MLflow, ONNX Runtime and the native host load its
folder and predict the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import onnxruntime
import pandas as pd
import pytest

from lazuli_server import program
from native_host import LIBRARIES, NativeHost

ROWS = 600
TRAINING_LIBRARIES = {
    "lightGBM": f"{LIBRARIES['lightgbm']}/lightgbm/lib/lib_lightgbm.so",
    "xgboost": f"{LIBRARIES['xgboost']}/xgboost/lib/libxgboost.so",
}


def people() -> pd.DataFrame:
    random = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "number": np.arange(ROWS),
            "age": random.integers(18, 90, ROWS),
            "income": random.gamma(3, 9000, ROWS).round(2),
            "city": random.choice(["Łódź", "Rome", "Oslo", "New York", "Bern", "Lima", "Kyiv", "Quito"], ROWS),
            "member": random.random(ROWS) < 0.4,
            "since": pd.Timestamp("2015-01-01") + pd.to_timedelta(random.integers(0, 10**8, ROWS), unit="s"),
            "comment": random.choice(["very good value", "bad, do NOT buy", "would buy again; cheap", "ok"], ROWS),
        }
    )
    frame.loc[random.random(ROWS) < 0.1, "income"] = np.nan
    frame.loc[random.random(ROWS) < 0.1, "city"] = None
    score = (
        (frame.age - 50) / 20
        + (frame.city == "Oslo") * 2
        - frame.member * 1.5
        + frame.comment.str.contains("good") * 2
        + (frame.since.dt.month > 6)
        + random.normal(0, 0.7, ROWS)
    )
    frame["bought"] = np.where(score > 1, "yes", "no")
    frame["spent"] = (score * 123.4 + 5000).round(2)
    return frame


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains for one target and gives the model's folder and the table without the targets."""
    models: dict[str, tuple[Path, pd.DataFrame]] = {}

    def train(target: str, task: str, **settings: Any) -> tuple[Path, pd.DataFrame]:
        if target not in models:
            folder = tmp_path_factory.mktemp(target)
            table = people().drop(columns="spent" if target == "bought" else "bought")
            table.to_csv(folder / "table.csv", index=False)
            plan = {
                "settings": {
                    "task": task,
                    "target": target,
                    "data": {"training": str(folder / "table.csv")},
                    "limits": {"seconds": 20, "trials": 6},
                    **settings,
                },
                "libraries": TRAINING_LIBRARIES,
                "output": str(folder),
                "runID": "run-of-the-test",
            }
            (folder / "plan.json").write_text(json.dumps(plan))
            done = subprocess.run([program(), "child", "automl", folder], capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stdout + done.stderr
            models[target] = folder / "outputs" / "mlflow-model", table.drop(columns=target)
        return models[target]

    return train


@pytest.fixture
def native(tmp_path):
    """What the native host answers to a table."""
    hosts = []

    def ask(model: Path, table: pd.DataFrame) -> Any:
        hosts.append(NativeHost(tmp_path / f"host{len(hosts)}", model))
        body = {"input_data": json.loads(table.to_json(orient="split", date_format="iso", double_precision=15))}
        status, answer = hosts[-1].ask(body)
        assert status == 200, answer
        return answer

    yield ask
    for each in hosts:
        each.process.kill()
        each.process.wait()


def probabilities(model: Path, table: pd.DataFrame) -> np.ndarray:
    return mlflow.pyfunc.load_model(str(model)).predict(table, params={"predict_method": "predict_proba"})


def test_labels_are_the_same_in_mlflow_and_in_the_native_host(trained, native):
    model, table = trained("bought", "classification")
    labels = mlflow.pyfunc.load_model(str(model)).predict(table)
    assert set(labels) == {"yes", "no"}
    assert native(model, table) == list(labels)
    shares = probabilities(model, table)
    assert shares.shape == (ROWS, 2)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert [["no", "yes"][place] for place in shares.argmax(axis=1)] == list(labels)


def test_values_are_the_same_in_mlflow_and_in_the_native_host(trained, native):
    model, table = trained("spent", "regression")
    values = mlflow.pyfunc.load_model(str(model)).predict(table)
    assert np.allclose(native(model, table), values, rtol=1e-5)
    assert np.corrcoef(values, people().spent)[0, 1] > 0.8


def test_the_folder_says_what_mlflow_wants_to_know(trained):
    model, table = trained("bought", "classification")
    described = mlflow.models.Model.load(str(model))
    assert described.run_id == "run-of-the-test"
    assert set(described.flavors) == {"onnx", "python_function"}
    types = {column.name: column.type.name for column in described.signature.inputs}
    assert types.items() <= {
        "age": "long", "income": "double", "city": "string", "member": "boolean", "since": "datetime",
        "comment": "string", "number": "long",
    }.items()  # fmt: skip
    example = described.load_input_example(str(model))
    assert len(mlflow.pyfunc.load_model(str(model)).predict(example)) == len(example)
    assert mlflow.onnx.load_model(str(model)).graph.input


def test_the_graph_alone_takes_the_columns_as_they_are(trained):
    model, table = trained("bought", "classification")
    session = onnxruntime.InferenceSession(str(model / "model.onnx"))
    kinds = {"tensor(float)": np.float32, "tensor(double)": np.float64}
    feed = {}
    for column in session.get_inputs():
        values = table[column.name]
        if column.name == "since":
            values = (values - pd.Timestamp(0)) / pd.Timedelta(seconds=1)
        elif column.name == "member":
            values = values.map({True: "True", False: "False"})
        values = values.to_numpy(kinds[column.type]) if column.type in kinds else values.fillna("").to_numpy(object)
        feed[column.name] = values.reshape(-1, 1)
    assert np.allclose(session.run(None, feed)[1], probabilities(model, table), atol=1e-6)


def test_mlflow_serves_the_folder_on_the_command_line(trained, tmp_path):
    model, table = trained("bought", "classification")
    (tmp_path / "rows.csv").write_text(table.head(3).to_csv(index=False))
    command = [sys.executable, "-m", "mlflow", "models", "predict", "--env-manager", "local", "-m", str(model)]
    rows = ["-i", str(model / "serving_input_example.json"), "-t", "json", "-o", str(tmp_path / "answer.json")]
    subprocess.run(command + rows, check=True, timeout=120, capture_output=True, env={**os.environ})
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert set(answer["predictions"]) <= {"yes", "no"}
