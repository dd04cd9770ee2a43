"""From a bank's table to a model that answers: AutoML, an endpoint with a key, its document, a client, a load test.

eval "$(lazuli env)"
lazuli env --write-config
python bank_marketing.py                            # with a table that it makes up
python bank_marketing.py bankmarketing_train.csv    # with the real one (.csv or .csv.gz), of the same columns

The columns are those of UCI's "Bank Marketing" (Moro, Cortez, Rita 2014). Nothing in here knows of Lazuli: it is the
stock `azure-ai-ml` SDK, and plain HTTP where the model is called.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import mlflow
from azure.ai.ml import Input, MLClient, automl
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model
from azure.identity import DefaultAzureCredential

CLIENT = {
    "age": 17, "campaign": 1, "cons.conf.idx": -46.2, "cons.price.idx": 92.893, "contact": "cellular",
    "day_of_week": "mon", "default": "no", "duration": 971, "education": "university.degree", "emp.var.rate": -1.8,
    "euribor3m": 1.299, "housing": "yes", "job": "blue-collar", "loan": "yes", "marital": "married", "month": "may",
    "nr.employed": 5099.1, "pdays": 999, "poutcome": "failure", "previous": 1,
}  # fmt: skip
QUESTION = {"data": [CLIENT, CLIENT | {"age": 87, "duration": 471}]}
"""Will these two say yes when the bank calls?"""

ML_TABLE = """\
paths:
  - file: ./bank.csv
transformations:
  - read_delimited:
      delimiter: ','
      encoding: utf8
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="AutoML, an endpoint, a client and a load test in one go.")
    parser.add_argument("table", type=Path, nargs="?", help="bankmarketing_train.csv; made up without it")
    parser.add_argument("--minutes", type=int, default=1, help="how long AutoML may look for a model")
    parser.add_argument("--trials", type=int, default=12, help="how many models it may try")
    arguments = parser.parse_args()

    ml_client = MLClient.from_config(DefaultAzureCredential())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        table = register_table(ml_client, folder, arguments.table)
        best = find_model(ml_client, table, arguments.minutes, arguments.trials)
        model = register_model(ml_client, best)
        endpoint = make_endpoint(ml_client)
        try:
            deploy(ml_client, endpoint, model)
            key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
            read_document(endpoint.openapi_uri, key)
            question = folder / "data.json"
            question.write_text(json.dumps(QUESTION))
            print("The answer to two clients:", ask(endpoint.scoring_uri, key, question.read_bytes()))
            load_test(endpoint.scoring_uri, key, question)
        finally:
            ml_client.online_endpoints.begin_delete(endpoint.name).wait()
            print("Deleted the endpoint", endpoint.name)


# The table


def register_table(ml_client: MLClient, folder: Path, source: Path | None) -> Data:
    """A data asset of the type MLTable: a folder with the rows, and a file that says how to read them."""
    place = folder / "table"
    place.mkdir()
    (place / "MLTable").write_text(ML_TABLE)
    if source is None:
        make_up(place / "bank.csv")
    elif source.suffix == ".gz":
        (place / "bank.csv").write_bytes(gzip.decompress(source.read_bytes()))
    else:
        shutil.copyfile(source, place / "bank.csv")
    data = Data(name="bank-marketing", path=str(place), type=AssetTypes.MLTABLE, description="Calls of a bank")
    made = ml_client.data.create_or_update(data)
    print("Registered the table", made.name, "as version", made.version)
    return made


def make_up(file: Path, rows: int = 4000) -> None:
    """Writes calls whose outcome follows from their length, the client's history and a little chance."""
    draw = random.Random(4)
    choices = {
        "contact": ("cellular", "telephone"),
        "day_of_week": ("mon", "tue", "wed", "thu", "fri"),
        "default": ("no", "unknown"),
        "education": ("basic.9y", "high.school", "professional.course", "university.degree", "unknown"),
        "housing": ("yes", "no"),
        "job": ("admin.", "blue-collar", "retired", "student", "technician", "unknown"),
        "loan": ("no", "no", "yes"),
        "marital": ("married", "single", "divorced"),
        "month": ("mar", "may", "jul", "aug", "nov"),
        "poutcome": ("nonexistent", "nonexistent", "failure", "success"),
    }
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, [*CLIENT, "y"])
        writer.writeheader()
        for _ in range(rows):
            call = {column: draw.choice(values) for column, values in choices.items()}
            is_slump = draw.random() < 0.35
            call |= {
                "age": draw.randint(18, 90),
                "campaign": draw.randint(1, 6),
                "duration": int(draw.expovariate(1 / 260)),
                "pdays": draw.randint(3, 12) if call["poutcome"] == "success" else 999,
                "previous": 0 if call["poutcome"] == "nonexistent" else draw.randint(1, 3),
                "emp.var.rate": -1.8 if is_slump else 1.4,
                "cons.price.idx": 92.893 if is_slump else 93.918,
                "cons.conf.idx": -46.2 if is_slump else -42.7,
                "euribor3m": round(draw.uniform(1.2, 1.4) if is_slump else draw.uniform(4.8, 5.0), 3),
                "nr.employed": 5099.1 if is_slump else 5228.1,
            }
            leaning = call["duration"] / 250 + is_slump + 3 * (call["poutcome"] == "success") + draw.gauss(0, 0.5)
            writer.writerow(call | {"y": "yes" if leaning > 3.5 else "no"})


# The model


def find_model(ml_client: MLClient, table: Data, minutes: int, trials: int) -> str:
    """Lets AutoML try models, and gives the name of the best one's run."""
    job = automl.classification(
        training_data=Input(type=AssetTypes.MLTABLE, path=f"azureml:{table.name}:{table.version}"),
        target_column_name="y",
        primary_metric="AUC_weighted",
        experiment_name="bank-marketing",
    )
    job.set_limits(timeout_minutes=minutes, max_trials=trials)
    started = time.monotonic()
    submitted = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(submitted.name)
    ended = ml_client.jobs.get(submitted.name)
    if ended.status != "Completed":
        raise SystemExit(f"The job {ended.name} has ended as {ended.status}.")
    best = ended.tags["automl_best_child_run_id"]
    run = mlflow.get_run(best)
    print(f"The best model after {time.monotonic() - started:.0f} s: {run.info.run_name}")
    for metric in ("AUC_weighted", "accuracy", "norm_macro_recall", "log_loss"):
        print(f"    {metric:<20} {run.data.metrics[metric]:.4f}")
    return best


def register_model(ml_client: MLClient, best: str) -> Model:
    path = f"azureml://jobs/{best}/outputs/artifacts/paths/outputs/mlflow-model/"
    made = ml_client.models.create_or_update(Model(name="bank-marketing", path=path, type=AssetTypes.MLFLOW_MODEL))
    print("Registered the model", made.name, "as version", made.version)
    return made


# The endpoint


def make_endpoint(ml_client: MLClient) -> ManagedOnlineEndpoint:
    """An address of its own that asks for a key."""
    endpoint = ManagedOnlineEndpoint(name=f"bank-{uuid.uuid4().hex[:8]}", auth_mode="key")
    return ml_client.online_endpoints.begin_create_or_update(endpoint).result()


def deploy(ml_client: MLClient, endpoint: ManagedOnlineEndpoint, model: Model) -> None:
    """Puts the model behind the address, without a scoring script and without an environment."""
    started = time.monotonic()
    deployment = ManagedOnlineDeployment(
        name="blue",
        endpoint_name=endpoint.name,
        model=model.id,
        instance_type="Standard_DS3_v2",
        instance_count=1,
        app_insights_enabled=True,
    )
    ml_client.online_deployments.begin_create_or_update(deployment).result()
    endpoint.traffic = {"blue": 100}
    ml_client.online_endpoints.begin_create_or_update(endpoint).result()
    print(f"Deployed after {time.monotonic() - started:.1f} s: {endpoint.scoring_uri}")


def read_document(uri: str, key: str) -> None:
    """The endpoint's Swagger 2.0 document says what it is asked, and what it answers."""
    request = urllib.request.Request(f"{uri}?version=2", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        document = json.load(reply)
    calls = [f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs]
    asked = json.dumps(document["definitions"]["ServiceInput"])
    named = [column for column in CLIENT if f'"{column}"' in asked]
    print(f"Its document ({uri}) offers", ", ".join(calls), f"and names {len(named)} of {len(CLIENT)} columns")


def ask(uri: str, key: str, body: bytes) -> object:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    with urllib.request.urlopen(urllib.request.Request(uri, body, headers), timeout=30) as reply:
        return json.load(reply)


def load_test(uri: str, key: str, question: Path) -> None:
    """A thousand calls, eight at a time, by Apache's `ab`: none may fail."""
    if not shutil.which("ab"):
        print("The load test is left out: ab is not installed (apt-get install apache2-utils).")
        return
    command = ["ab", "-n", "1000", "-c", "8", "-p", question, "-T", "application/json"]
    ended = subprocess.run(
        [*command, "-H", f"Authorization: Bearer {key}", uri], capture_output=True, text=True, timeout=300
    )
    told = dict(re.findall(r"^ *([\w %-]+?):? {2,}(\S.*)$", ended.stdout.replace("\t", " "), re.M))
    if told.get("Failed requests") != "0" or "Non-2xx responses" in told:
        raise SystemExit(f"The load test failed:\n{ended.stdout}{ended.stderr}")
    print("A thousand calls by ab, eight at a time:")
    for line in ("Failed requests", "Requests per second", "50%", "99%"):
        print(f"    {line:<20} {told[line]}")


if __name__ == "__main__":
    main()
