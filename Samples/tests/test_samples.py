"""Every sample runs as its page says, against a server of the test's own."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lazuli_server import program, quiet_environment, said
from waiting import wait_until

SAMPLES = Path(__file__).resolve().parents[1]


@pytest.fixture
def run_python(server, folder):
    """Runs a sample in an empty folder under the variables of `lazuli env`, and gives what it printed."""

    def run(sample, *arguments):
        finished = subprocess.run(
            [sys.executable, SAMPLES / sample, *arguments],
            cwd=folder,
            env=quiet_environment() | server.exports | {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "1"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert finished.returncode == 0, said(finished)
        return finished.stdout

    return run


def test_every_sample_has_a_test():
    own_text = Path(__file__).read_text()
    samples = [path.name for path in SAMPLES.iterdir() if path.name not in ("tests", "README.md", "__pycache__")]
    assert [name for name in samples if f'"{name}' not in own_text] == []


def test_hello_greets_whom_it_is_told_to(server):
    assert "Hello, world." in said(server.run("job", "create", "-f", SAMPLES / "hello.yml", "--stream"))
    greeting = server.run("job", "create", "-f", SAMPLES / "hello.yml", "--stream", "--set", "inputs.who=Ada")
    assert "Hello, Ada." in said(greeting)


def test_the_sdk_sample_counts_and_ends_completed(server, folder, run_python):
    server.run("env", "--write-config", folder=folder)
    printed = run_python("submit_with_sdk.py")
    assert "1\n2\n3\n" in printed
    assert re.search(r"has ended: .*completed", printed, re.IGNORECASE)


def test_the_mlflow_sample_reads_back_what_it_logged(run_python):
    assert "A falling loss ends with a loss of 0.0625" in run_python("log_with_mlflow.py")


def test_the_bank_story_ends_with_an_answer_and_a_load_test_without_a_failed_call(server, folder, run_python):
    server.run("env", "--write-config", folder=folder)
    printed = run_python("bank_marketing.py", "--trials", "6")
    accuracy = re.search(r"accuracy +([\d.]+)", printed)
    assert accuracy and float(accuracy[1]) > 0.9
    assert "POST /score and names 20 of 20 columns" in printed
    answer = re.search(r"The answer to two clients: (.+)", printed)
    assert answer and answer[1].count("yes") + answer[1].count("no") == 2
    failed = re.search(r"Failed requests +(\d+)", printed)
    assert failed[1] == "0" if shutil.which("ab") else "ab is not installed" in printed
    left = [endpoint["name"] for endpoint in server.run_json("online-endpoint", "list")]
    assert not [name for name in left if name.startswith("bank-")]


def test_training_digits_registers_a_model_and_keeps_its_metrics(server, run_python):
    job = SAMPLES / "train-digits" / "job.yml"
    name = server.run_json("job", "create", "-f", job, "--set", "inputs.trees=30")["name"]
    assert "It reads" in said(server.run("job", "stream", "-n", name, seconds=600))
    assert server.run_json("job", "show", "-n", name)["status"] == "Completed"
    model = server.run_json("model", "show", "-n", "digits", "--label", "latest")
    assert model["type"] == "mlflow_model"
    assert model["job_name"] == name

    printed = run_python("show_metrics.py", name, "--server", server.address_file)
    accuracy = re.search(r"test_accuracy +([\d.]+)", printed)
    assert accuracy and float(accuracy[1]) > 0.9


def test_learning_from_a_table_finds_a_model_that_prices_flats(server):
    streamed = server.run("job", "create", "-f", SAMPLES / "learn" / "job.yml", "--stream", seconds=300)
    name = server.run_json("job", "list")[0]["name"]
    job = server.run_json("job", "show", "-n", name)
    assert job["status"] == "Completed", said(streamed)
    trials = {trial["name"] for trial in server.run_json("job", "list", "--parent-job-name", name)}
    assert job["tags"]["automl_best_child_run_id"] in trials


def test_the_curl_sample_lists_the_jobs(server):
    name = server.run_json("job", "create", "-f", SAMPLES / "hello.yml")["name"]
    command = [SAMPLES / "list_with_curl.sh", server.subscription, server.resource_group, server.workspace]
    variables = quiet_environment() | server.exports
    finished = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, said(finished)
    assert name in [job["name"] for job in json.loads(finished.stdout)["value"]]


def test_the_served_model_prices_flats_as_the_readme_says(server, folder):
    sample = SAMPLES / "serve"
    server.run("online-endpoint", "create", "-f", sample / "endpoint.yml")
    server.run("online-deployment", "create", "-f", sample / "blue.yml", "--all-traffic")
    prices = "[218600, 347900]"
    call = ("online-endpoint", "invoke", "-n", "flats", "-r", sample / "request.json", "-o", "tsv")
    assert server.run(*call).stdout.strip() == prices
    (folder / "lazuli").symlink_to(program())
    called = subprocess.run(
        [SAMPLES / "serve_with_curl.sh"],
        env=quiet_environment() | {"LAZULI_HOME": str(server.home), "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert called.stdout.strip() == prices, said(called)
    rows = wait_until(
        lambda: server.run_json("online-deployment", "logs", "-n", "blue", "-e", "flats", "--query", "status = 200"),
        "the requests are in the log",
    )
    assert rows[0]["status"] == 200
    server.run("online-endpoint", "delete", "-n", "flats", "--yes")
