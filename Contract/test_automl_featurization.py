"""Custom featurization: what stands for missing values, and features that must not be made."""

import json
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient

from automl_tables import customers, table
from running_jobs import complete

CUSTOM = """\
type: automl
task: classification
primary_metric: accuracy
target_column_name: y
training_data:
  path: {data}
  type: mltable
limits:
  timeout_minutes: 2
  max_trials: 3
featurization:
  mode: custom
  blocked_transformers: [OneHotEncoder]
  transformer_params:
    imputer:
      - fields: [job]
        parameters: {{strategy: most_frequent}}
      - fields: [balance]
        parameters: {{strategy: constant, fill_value: 1000}}
"""


def with_gaps(text):
    """The same customers, of whom some told no job, and some no balance."""
    head, *lines = text.splitlines()
    for place in range(0, len(lines), 7):
        age, balance, job, rest = lines[place].split(",", 3)
        lines[place] = f"{age},,{job},{rest}" if place % 2 else f"{age},{balance},,{rest}"
    return "\n".join([head, *lines]) + "\n"


def test_missing_values_count_as_what_the_user_says_in_training_and_in_the_model(server, ml_client, wire, folder):
    data = table(folder / "customers", with_gaps(customers()))
    (folder / "job.yml").write_text(CUSTOM.format(data=data))
    made = json.loads(server.run("job", "create", "-f", folder / "job.yml", folder=folder).stdout)
    ended = complete(ml_client, wire, made["name"], seconds=240)
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    best = MlflowClient().get_run(ended.name).data.tags["automl_best_child_run_id"]
    outputs = Path(MlflowClient().download_artifacts(best, "outputs", str(folder)))

    customer = pd.read_csv(data / "rows.csv").drop(columns="y")
    usual, whole = customer["job"].mode()[0], customer.dropna().head(50)
    predict = mlflow.pyfunc.load_model(str(outputs / "mlflow-model")).predict
    assert list(predict(whole.assign(job=None))) == list(predict(whole.assign(job=usual)))
    assert list(predict(whole.assign(balance=float("nan")))) == list(predict(whole.assign(balance=1000.0)))
    assert "one-hot" not in (outputs / "mlflow-model" / "pipeline.json").read_text()
