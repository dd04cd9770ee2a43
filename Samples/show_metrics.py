"""Print the metrics of a job, by MLflow's REST API and the standard library alone.

python show_metrics.py <job name>                          # after eval "$(lazuli env)"
python show_metrics.py <job name> --server ~/.lazuli/server.json
"""

import argparse
import json
import os
import urllib.parse
import urllib.request
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("job")
    parser.add_argument("--server", type=Path, help="server.json of a state folder on this machine")
    arguments = parser.parse_args()

    data = run_data(tracking_address(arguments.server), arguments.job)
    for metric in sorted(data.get("metrics", []), key=lambda metric: metric["key"]):
        print(f"    {metric['key']:<44} {metric['value']:.4f}")


def tracking_address(server: Path | None) -> str:
    """The plain address of MLflow: from server.json, else from the environment."""
    if server is not None:
        return json.loads(server.read_text())["http"]
    if "MLFLOW_TRACKING_URI" not in os.environ:
        raise SystemExit('MLFLOW_TRACKING_URI is not set. First: eval "$(lazuli env)"')
    return os.environ["MLFLOW_TRACKING_URI"]


def run_data(address: str, job: str) -> dict:
    """A run's params and metrics. A job's name is its run's id."""
    query = urllib.parse.urlencode({"run_id": job})
    request = urllib.request.Request(f"{address}/api/2.0/mlflow/runs/get?{query}")
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["run"]["data"]


if __name__ == "__main__":
    main()
