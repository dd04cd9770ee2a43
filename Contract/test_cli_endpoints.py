"""The command line program with `az ml online-endpoint` and `az ml online-deployment`: verbs, flags and YAML files."""

import itertools
import json
import re
import shlex
import signal

import pytest
import yaml

from lazuli_server import program, said
from waiting import wait_until

ENDPOINT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json
name: {name}
auth_mode: key
tags:
  team: lapis
"""

DEPLOYMENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: {endpoint}
model:
  path: model
code_configuration:
  code: src
  scoring_script: score.py
environment: azureml:AzureML-minimal@latest
environment_variables:
  GREETING: hello
  WORKERS: 1
instance_type: Standard_DS3_v2
instance_count: 1
request_settings:
  request_timeout_ms: 3500
  max_concurrent_requests_per_instance: 4
  max_queue_wait_ms: 1000
liveness_probe:
  initial_delay: 10
  period: 11
  timeout: 2
  success_threshold: 1
  failure_threshold: 30
readiness_probe:
  period: 3
app_insights_enabled: false
egress_public_network_access: enabled
"""

EXTRAS = """\
scale_settings:
  type: target_utilization
  min_instances: 1
  max_instances: 3
  polling_interval: 10
  target_utilization_percentage: 70
data_collector:
  collections:
    model_inputs:
      enabled: "True"
    model_outputs:
      enabled: "False"
  sampling_rate: 0.5
  rolling_rate: hour
  request_logging:
    capture_headers: [user-agent]
"""

SCORE = """\
import json
import os


def init():
    print("ready in", os.environ["GREETING"])


def run(raw_data):
    data = json.loads(raw_data)
    if data.get("fail"):
        raise ValueError("asked to fail")
    return [data["a"] + 1, os.environ["GREETING"]]
"""


@pytest.fixture
def files(folder):
    (folder / "src").mkdir()
    (folder / "src" / "score.py").write_text(SCORE)
    (folder / "model").mkdir()
    (folder / "model" / "weights.txt").write_text("weights of the command line\n")
    (folder / "request.json").write_text('{"a": 1}')
    return folder


@pytest.fixture
def endpoint(server, files, unique_name):
    """An endpoint of a YAML file; its name."""
    name = unique_name("cli")
    (files / "endpoint.yml").write_text(ENDPOINT.format(name=name))
    server.run("online-endpoint", "create", "--file", files / "endpoint.yml")
    yield name
    server.run("online-endpoint", "delete", "--name", name, "--yes")


@pytest.fixture
def deployed(server, files, endpoint):
    """The endpoint with `blue` behind it, all traffic there; its name."""
    (files / "blue.yml").write_text(DEPLOYMENT.format(endpoint=endpoint))
    server.run("online-deployment", "create", "-f", files / "blue.yml", "--all-traffic", seconds=180)
    return endpoint


def without_times(shown):
    return {key: value for key, value in shown.items() if key != "creation_context"}


# Endpoints


def test_an_endpoint_is_shown_and_listed(server, endpoint):
    shown = server.run_json("online-endpoint", "show", "-n", endpoint)
    assert (shown["name"], shown["auth_mode"], shown["tags"]) == (endpoint, "key", {"team": "lapis"})
    assert shown["provisioning_state"] == "Succeeded"
    assert shown["scoring_uri"].endswith("/score")
    assert endpoint in {each["name"] for each in server.run_json("online-endpoint", "list")}


def test_an_endpoint_needs_no_file(server, unique_name):
    name = unique_name("bare")
    made = server.run_json("online-endpoint", "create", "-n", name)
    assert made["auth_mode"] == "key"
    server.run("online-endpoint", "delete", "-n", name, "--yes", "--no-wait")


def test_an_endpoint_with_tokens_is_made_by_a_flag(server, unique_name):
    name = unique_name("tokens")
    assert server.run_json("online-endpoint", "create", "-n", name, "--auth-mode", "aml_token")["auth_mode"] == (
        "aml_token"
    )
    server.run("online-endpoint", "delete", "-n", name, "-y")


def test_deleting_asks_first(server, endpoint):
    refused = server.run("online-endpoint", "delete", "-n", endpoint, check=False)
    assert refused.returncode != 0
    assert "--yes" in said(refused)


def test_a_key_comes_out_bare(server, endpoint):
    key = server.run("online-endpoint", "get-credentials", "-n", endpoint, "-o", "tsv", "--query", "primaryKey").stdout
    assert key.strip() == server.run_json("online-endpoint", "get-credentials", "-n", endpoint)["primaryKey"]


@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_one_key_is_made_anew(server, endpoint, which):
    before = server.run_json("online-endpoint", "get-credentials", "-n", endpoint)
    server.run("online-endpoint", "regenerate-keys", "-n", endpoint, "--key-type", which)
    after = server.run_json("online-endpoint", "get-credentials", "-n", endpoint)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"{which}Key"}


def test_traffic_for_a_deployment_that_is_not_there_is_refused(server, endpoint):
    refused = server.run("online-endpoint", "update", "-n", endpoint, "--traffic", "blue=100", check=False)
    assert refused.returncode != 0
    assert "blue" in said(refused)


@pytest.mark.parametrize("shares", ["blue", "blue=x", "blue=101"])
def test_shares_that_are_none_are_refused_before_anything_is_sent(server, shares):
    refused = server.run("online-endpoint", "update", "-n", "no-such-endpoint", "--traffic", shares, check=False)
    assert refused.returncode == 2
    assert "share" in said(refused)


def test_a_mistyped_key_of_a_deployment_is_shown_with_its_line(server, files):
    (files / "it.yml").write_text(DEPLOYMENT.format(endpoint="e").replace("instance_type", "instance_typ"))
    refused = server.run("online-deployment", "create", "-f", files / "it.yml", check=False)
    assert re.search(r"it\.yml:13:1\b.*instance_type", said(refused)), said(refused)


# Deployments


def test_a_deployment_is_made_of_local_files(server, deployed):
    shown = server.run_json("online-deployment", "show", "-n", "blue", "-e", deployed)
    assert (shown["name"], shown["endpoint_name"], shown["instance_count"]) == ("blue", deployed, 1)
    assert shown["model"].startswith("azureml:")
    assert shown["code_configuration"]["scoring_script"] == "score.py"
    assert shown["request_settings"] == {
        "request_timeout_ms": 3500, "max_concurrent_requests_per_instance": 4, "max_queue_wait_ms": 1000,
    }  # fmt: skip
    assert (shown["liveness_probe"]["period"], shown["readiness_probe"]["period"]) == (11, 3)
    assert shown["environment_variables"] == {"GREETING": "hello", "WORKERS": "1"}
    assert server.run_json("online-endpoint", "show", "-n", deployed)["traffic"] == {"blue": 100}
    assert [each["name"] for each in server.run_json("online-deployment", "list", "-e", deployed)] == ["blue"]


@pytest.mark.parametrize("kind", ["online-endpoint", "online-deployment"])
def test_what_show_gives_makes_the_same_thing_again(server, files, endpoint, kind):
    (files / "blue.yml").write_text(DEPLOYMENT.format(endpoint=endpoint) + EXTRAS)
    server.run("online-deployment", "create", "-f", files / "blue.yml", seconds=180)
    which = ["-n", endpoint] if kind == "online-endpoint" else ["-n", "blue", "-e", endpoint]
    shown = server.run(kind, "show", *which, "-o", "yaml").stdout
    (files / "again.yml").write_text(shown)
    server.run(kind, "create", "-f", files / "again.yml", seconds=180)
    again = server.run(kind, "show", *which, "-o", "yaml").stdout
    assert without_times(yaml.safe_load(again)) == without_times(yaml.safe_load(shown))


def test_what_a_file_says_reaches_the_wire_in_its_form(server, wire, files, endpoint):
    (files / "blue.yml").write_text(DEPLOYMENT.format(endpoint=endpoint) + EXTRAS)
    server.run("online-deployment", "create", "-f", files / "blue.yml", seconds=180)
    properties = wire.get(f"onlineEndpoints/{endpoint}/deployments/blue").json()["properties"]
    assert properties["requestSettings"]["requestTimeout"] == "PT3.5S"
    assert properties["livenessProbe"]["initialDelay"] == "PT10S"
    assert properties["scaleSettings"]["scaleType"] == "TargetUtilization"
    assert properties["scaleSettings"]["pollingInterval"] == "PT10S"
    collector = properties["dataCollector"]
    assert collector["collections"]["model_inputs"] == {"dataCollectionMode": "Enabled", "samplingRate": 0.5}
    assert (collector["rollingRate"], collector["requestLogging"]) == ("Hour", {"captureHeaders": ["user-agent"]})


def test_registered_assets_are_named_with_labels(server, files, endpoint, unique_name):
    model, environment = unique_name("model"), unique_name("env")
    server.run("model", "create", "-n", model, "--path", files / "model", "--type", "custom_model")
    server.run("environment", "create", "-n", environment, "--image", "python:3.11")
    (files / "green.yml").write_text(
        f"name: green\nendpoint_name: {endpoint}\nmodel: azureml:{model}@latest\n"
        f"environment: azureml:{environment}@latest\ninstance_type: Standard_DS3_v2\n"
        "code_configuration:\n  code: src\n  scoring_script: score.py\nenvironment_variables:\n  GREETING: hello\n"
    )
    server.run("online-deployment", "create", "-f", files / "green.yml", seconds=180)
    shown = server.run_json("online-deployment", "show", "-n", "green", "-e", endpoint)
    assert shown["model"] == f"azureml:{model}:1"


def test_instances_are_changed_in_place(server, deployed):
    server.run("online-deployment", "update", "-n", "blue", "-e", deployed, "--set", "instance_count=2", seconds=180)
    assert server.run_json("online-deployment", "show", "-n", "blue", "-e", deployed)["instance_count"] == 2


def test_traffic_is_split_and_mirrored(server, files, deployed):
    server.run(
        "online-deployment", "create", "-f", files / "blue.yml", "--name", "green", "-e", deployed, seconds=180
    )  # fmt: skip

    def update(*arguments):
        server.run("online-endpoint", "update", "-n", deployed, *arguments)
        return server.run_json("online-endpoint", "show", "-n", deployed)

    assert update("--traffic", "blue=90 green=10")["traffic"] == {"blue": 90, "green": 10}
    assert update("--traffic", "green=100")["traffic"] == {"green": 100}
    assert update("--traffic", "blue=100", "--mirror-traffic", "green=10")["mirror_traffic"] == {"green": 10}
    assert update("--set", "tags.seen=yes")["tags"] == {"team": "lapis", "seen": "yes"}
    server.run("online-endpoint", "update", "-n", deployed, "--mirror-traffic", "green=0")
    server.run("online-deployment", "delete", "-n", "green", "-e", deployed, "--yes", "--no-wait")


# Calls


def test_invoke_gives_the_body_as_it_was_sent(server, files, deployed):
    call = ["online-endpoint", "invoke", "-n", deployed, "--request-file", files / "request.json"]
    assert server.run(*call, "-o", "tsv").stdout.rstrip("\n") == '[2, "hello"]'
    assert json.loads(json.loads(server.run(*call).stdout)) == [2, "hello"]


def test_invoke_asks_the_deployment_that_is_named(server, files, deployed):
    call = ["online-endpoint", "invoke", "-n", deployed, "-r", files / "request.json"]
    assert server.run(*call, "-d", "blue", "-o", "tsv").stdout.rstrip("\n") == '[2, "hello"]'
    refused = server.run(*call, "-d", "mauve", check=False)
    assert refused.returncode != 0
    assert "mauve" in said(refused)


def test_a_call_that_fails_gives_another_exit_code(server, files, deployed):
    (files / "request.json").write_text('{"fail": true}')
    failed = server.run("online-endpoint", "invoke", "-n", deployed, "-r", files / "request.json", check=False)
    assert failed.returncode != 0
    assert "500" in said(failed) or "fail" in said(failed).lower()


def test_logs_hold_what_the_script_prints(server, deployed):
    logs = server.run("online-deployment", "get-logs", "-n", "blue", "-e", deployed, "--lines", "100").stdout
    assert "ready in hello" in logs


def test_requests_are_listed_and_filtered(server, files, deployed):
    call = ["online-endpoint", "invoke", "-n", deployed, "-r", files / "request.json"]
    server.run(*call)
    (files / "request.json").write_text('{"fail": true}')
    server.run(*call, check=False)

    def rows(*arguments):
        return server.run_json("online-deployment", "logs", "-n", "blue", "-e", deployed, *arguments)

    wait_until(lambda: len(rows()) == 2, "both requests are in the log")
    assert [row["status"] for row in rows()] == [500, 200]
    assert [row["status"] for row in rows("--query", "status >= 500 and latency >= 0ms")] == [500]
    assert rows("--query", "latency > 100s") == []
    assert [row["requestId"] for row in rows("--query", rows()[1]["requestId"])] == [rows()[1]["requestId"]]
    refused = server.run(
        "online-deployment", "logs", "-n", "blue", "-e", deployed, "--query", "colour > 3", check=False
    )
    assert refused.returncode != 0
    assert "status, latency" in said(refused)


def test_numbers_of_an_endpoint_are_shown(server, files, deployed):
    server.run("online-endpoint", "invoke", "-n", deployed, "-r", files / "request.json")
    numbers = server.run_json("online-endpoint", "metrics", "-n", deployed)["deployments"]["blue"]
    assert numbers["requests"] == 1
    assert numbers["statuses"] == {"200": 1}
    assert numbers["latency"]["p99Ms"] > 0


# In the foreground


def test_a_local_deployment_is_served_as_long_as_its_command_runs(server, files, unique_name):
    name = unique_name("local")
    (files / "blue.yml").write_text(DEPLOYMENT.format(endpoint=name))
    with server.begun("online-deployment", "create", "--local", "-f", files / "blue.yml") as command:
        call = ["online-endpoint", "invoke", "-n", name, "-r", files / "request.json", "-o", "tsv"]
        answered = wait_until(lambda: server.run(*call, check=False).stdout.rstrip("\n"), "the deployment serves")
        assert answered == '[2, "hello"]'
        told = list(itertools.takewhile(lambda line: line != "Ctrl-C ends it. Its log:\n", command.stderr))
        command.send_signal(signal.SIGINT)
        assert command.wait(timeout=60) == 0, told
        assert "ready in hello" in command.stdout.read()
    assert any("is served at http" in line for line in told)
    assert name not in {each["name"] for each in server.run_json("online-endpoint", "list")}


def test_a_local_deployment_that_fails_shows_its_log_and_leaves_nothing(server, files, unique_name):
    name = unique_name("local")
    (files / "src" / "score.py").write_text(
        "def init():\n    raise ValueError('no weights')\n\n\ndef run(raw):\n    pass\n"
    )
    (files / "blue.yml").write_text(DEPLOYMENT.format(endpoint=name))
    failed = server.run("online-deployment", "create", "--local", "-f", files / "blue.yml", check=False)
    assert failed.returncode != 0
    assert "no weights" in said(failed)
    assert name not in {each["name"] for each in server.run_json("online-endpoint", "list")}


def test_a_sequence_of_az_runs_under_its_own_words(server, files, deployed):
    script = f"""
        set -e
        az() {{ {shlex.quote(str(program()))} "$@"; }}
        az ml online-endpoint show -n {deployed} -o tsv --query scoring_uri
        az ml online-deployment get-logs --name blue --endpoint {deployed} > /dev/null
        az ml online-endpoint invoke --name {deployed} --request-file request.json
        az ml online-deployment show --name blue --endpoint-name {deployed} --query provisioning_state -o tsv
    """
    lines = server.run("run", "--", "bash", "-c", script, folder=files).stdout.splitlines()
    assert lines[0].endswith("/score")
    assert lines[-1] == "Succeeded"
