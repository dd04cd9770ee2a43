"""Two stories told with the command line: a safe rollout in every step, and an MLflow model without code."""

import json
import os
import pickle

import pytest
import requests

from waiting import wait_until

ENDPOINT = """
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json
name: my-endpoint
auth_mode: key
"""
DEPLOYMENT = """
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: {colour}
endpoint_name: my-endpoint
model:
  path: ../{colour}/model/
code_configuration:
  code: ../{colour}/onlinescoring/
  scoring_script: score.py
environment:
  conda_file: ../{colour}/environment/conda.yaml
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest
instance_type: Standard_DS3_v2
instance_count: 1
"""
SCORE = """
import json
import logging
import os


def init():
    global factor
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model/factor.json")) as file:
        factor = json.load(file)
    logging.info("Init complete")


def run(raw_data):
    logging.info("model {colour}: request received")
    return [factor * sum(row) for row in json.loads(raw_data)["data"]]
"""
CONDA = "name: model-env\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"
REQUEST = {"data": [[1, 2, 3], [4, 5, 6]]}


@pytest.fixture
def files(folder):
    """The files of the story as a sample lays them out: a folder of YAML beside a folder per model."""
    (folder / "sample").mkdir()
    for colour, factor in (("blue", 1), ("green", 10)):
        for part, name, text in (
            ("model", "factor.json", str(factor)),
            ("onlinescoring", "score.py", SCORE.replace("{colour}", colour)),
            ("environment", "conda.yaml", CONDA),
        ):
            (folder / colour / part).mkdir(parents=True)
            (folder / colour / part / name).write_text(text)
        (folder / "sample" / f"{colour}-deployment.yml").write_text(DEPLOYMENT.format(colour=colour))
    (folder / "sample" / "endpoint.yml").write_text(ENDPOINT)
    (folder / "request.json").write_text(json.dumps(REQUEST))
    return folder


def invoked(printed):
    """The answer in what `invoke` printed: like `az`, it prints the body as a JSON string."""
    return json.loads(json.loads(printed))


def test_a_safe_rollout_goes_through_in_every_step(server, files, unique_name):
    name = unique_name("endpt-sr")
    sample, request = files / "sample", files / "request.json"

    def endpoint(verb, *arguments):
        return server.run("online-endpoint", verb, "--name", name, *arguments).stdout.strip()

    def deployment(verb, colour, *arguments):
        return server.run("online-deployment", verb, "--name", colour, "--endpoint-name", name, *arguments).stdout

    endpoint("create", "-f", sample / "endpoint.yml")
    deployment("create", "blue", "-f", sample / "blue-deployment.yml", "--all-traffic")
    assert invoked(endpoint("invoke", "--request-file", request)) == [6, 15]
    deployment("update", "blue", "--set", "instance_count=2")
    assert server.run_json("online-deployment", "show", "-n", "blue", "-e", name)["instance_count"] == 2
    deployment("create", "green", "-f", sample / "green-deployment.yml")
    assert json.loads(endpoint("show", "--query", "traffic", "-o", "json")).get("green", 0) == 0
    assert invoked(endpoint("invoke", "--deployment-name", "green", "--request-file", request)) == [60, 150]
    key = endpoint("get-credentials", "-o", "tsv", "--query", "primaryKey")
    uri = endpoint("show", "-o", "tsv", "--query", "scoring_uri")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def answered(count):
        replies = [requests.post(uri, json=REQUEST, headers=headers, timeout=30) for _ in range(count)]
        assert {reply.status_code for reply in replies} == {200}
        return sum(reply.json() == [60, 150] for reply in replies)

    direct = requests.post(uri, json=REQUEST, headers=headers | {"azureml-model-deployment": "green"}, timeout=30)
    assert direct.json() == [60, 150]
    endpoint("update", "--mirror-traffic", "green=10")
    assert answered(100) == 0
    wait_until(
        lambda: deployment("get-logs", "green", "--lines", "500").count("request received") > 2, "copies reach green"
    )
    endpoint("update", "--mirror-traffic", "green=0")
    endpoint("update", "--traffic", "blue=90 green=10")
    assert 60 <= answered(1000) <= 140
    endpoint("update", "--traffic", "blue=0 green=100")
    assert answered(50) == 50
    server.run("online-deployment", "delete", "--name", "blue", "--endpoint", name, "--yes", "--no-wait")
    server.run("online-endpoint", "delete", "--name", name, "--yes", "--no-wait")
    wait_until(lambda: requests.post(uri, json=REQUEST, headers=headers, timeout=30).status_code == 404, "it is gone")


@pytest.mark.sklearn
def test_an_mlflow_model_is_served_without_code_or_environment(server, folder, unique_name):
    write_mlflow_model(folder / "diabetes" / "model")
    name = unique_name("ncd")
    (folder / "endpoint.yaml").write_text(ENDPOINT)
    (folder / "deployment.yaml").write_text(
        "name: sklearn-deployment\nendpoint_name: my-endpoint\nmodel:\n"
        f"  name: {unique_name('ncd-model')}\n  version: 2\n  path: diabetes/model\n  type: mlflow_model\n"
        "instance_type: Standard_DS3_v2\ninstance_count: 1\n"
    )
    rows = {"columns": ["age", "bmi"], "data": [[1.0, 2.0], [10.0, 2.0]], "index": [0, 1]}
    (folder / "request.json").write_text(json.dumps({"input_data": rows}))
    (folder / "wrong.json").write_text(json.dumps({"input_data": [[1.0]]}))
    server.run("online-endpoint", "create", "--name", name, "-f", folder / "endpoint.yaml")
    server.run(
        *("online-deployment", "create", "--name", "sklearn-deployment", "--endpoint", name),
        *("-f", folder / "deployment.yaml", "--all-traffic"),
        extra={"UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", "")},
        seconds=600,
    )
    answer = server.run("online-endpoint", "invoke", "--name", name, "--request-file", folder / "request.json").stdout
    assert [round(each, 6) for each in invoked(answer)] == [5.0, 23.0]
    refused = server.run(
        "online-endpoint", "invoke", "--name", name, "--request-file", folder / "wrong.json", check=False
    )
    assert refused.returncode != 0
    assert "2 columns" in refused.stderr
    server.run("online-endpoint", "delete", "--name", name, "--yes")


def write_mlflow_model(folder):
    """A linear model, 2 age + bmi + 1, as `mlflow.sklearn.save_model` lays it out."""
    from sklearn.linear_model import LinearRegression

    columns = [{"type": "double", "name": name, "required": True} for name in ("age", "bmi")]
    points = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    model = LinearRegression().fit(points, [1.0, 3.0, 2.0, 4.0])
    folder.mkdir(parents=True)
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
    flavour = {
        "loader_module": "mlflow.sklearn",
        "model_path": "model.pkl",
        "env": "conda.yaml",
        "python_version": "3.11",
    }
    sklearn = {"pickled_model": "model.pkl", "serialization_format": "pickle", "sklearn_version": "1.5.2"}
    signature = {"inputs": json.dumps(columns), "outputs": '[{"type": "double", "required": true}]'}
    flavours = {"python_function": flavour, "sklearn": sklearn}
    written = {"artifact_path": "model", "flavors": flavours, "signature": signature, "run_id": "0" * 32}
    (folder / "MLmodel").write_text(json.dumps(written))
    packages = ["mlflow-skinny==3.17.2", "pandas==2.2.3", "numpy==2.2.6", "scikit-learn==1.5.2"]
    environment = {"name": "mlflow-env", "dependencies": ["python=3.11", "pip", {"pip": packages}]}
    (folder / "conda.yaml").write_text(json.dumps(environment))
