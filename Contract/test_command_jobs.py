"""Contract B9: command jobs from submit to end, as the stock client sees them."""

import json
import logging

import pytest
from azure.ai.ml import MpiDistribution, PyTorchDistribution, command
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError

from run_history import details_of, failure_of, log_of, wait_for_line
from running_jobs import MINIMAL, complete, finish, python_job, shell_job


def streamed(ml_client, capsys, job):
    """What `jobs.stream` prints for a job that is submitted now."""
    capsys.readouterr()
    submitted = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(submitted.name)
    return capsys.readouterr().out


def test_a_job_without_compute_runs_to_its_end(ml_client, wire):
    job = complete(ml_client, wire, shell_job('echo "hello world"'))
    assert "hello world\n" in log_of(wire, job.name)


def test_a_submitted_job_comes_back_with_name_status_and_a_link(ml_client, wire, server):
    job = ml_client.create_or_update(
        shell_job("echo x", display_name="shown", experiment_name="trial", tags={"a": "b"})
    )
    assert job.status in ("NotStarted", "Queued", "Preparing", "Starting", "Running")
    assert (job.display_name, job.experiment_name, job.tags) == ("shown", "trial", {"a": "b"})
    assert job.studio_url.startswith("http")
    assert "?" in job.studio_url
    complete(ml_client, wire, job.name)


def test_the_experiment_is_named_after_the_current_folder(ml_client, folder, monkeypatch):
    (folder / "diamonds").mkdir()
    monkeypatch.chdir(folder / "diamonds")
    assert ml_client.jobs.create_or_update(shell_job("echo x")).experiment_name == "diamonds"


def test_a_code_folder_is_where_the_command_runs(ml_client, wire, folder):
    source = folder / "src"
    (source / "part").mkdir(parents=True)
    (source / "train.py").write_text("from part import word\nprint('imported', word.WORD)\n")
    (source / "part" / "word.py").write_text("WORD = 'lapis'\n")
    job = complete(ml_client, wire, shell_job("ls && python train.py", code=str(source)))
    log = log_of(wire, job.name)
    assert "imported lapis" in log
    assert "train.py" in log


def test_environment_variables_reach_the_command(ml_client, wire):
    job = complete(
        ml_client, wire, shell_job("echo value=$hello_env_var", environment_variables={"hello_env_var": "hello world"})
    )
    assert "value=hello world" in log_of(wire, job.name)


def test_the_variables_that_users_rely_on_are_set(ml_client, wire, server):
    program = "import json, os; print('VARS', json.dumps({k: v for k, v in os.environ.items()}))"
    job = complete(ml_client, wire, python_job(program, experiment_name="variables"))
    line = next(line for line in log_of(wire, job.name).splitlines() if line.startswith("VARS "))
    seen = json.loads(line.removeprefix("VARS "))
    assert seen["AZUREML_RUN_ID"] == job.name
    assert seen["AZUREML_ARM_SUBSCRIPTION"] == server.subscription
    assert seen["AZUREML_ARM_RESOURCEGROUP"] == server.resource_group
    assert seen["AZUREML_ARM_WORKSPACE_NAME"] == server.workspace
    assert seen["MLFLOW_RUN_ID"] == job.name
    assert seen["MLFLOW_EXPERIMENT_NAME"] == "variables"
    assert seen["MLFLOW_TRACKING_URI"].startswith("http")


def test_libraries_are_told_how_many_cores_they_may_use(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo threads=$OMP_NUM_THREADS", instance_type="Standard_DS2_v2"))
    assert "threads=2" in log_of(wire, job.name)


def test_what_a_job_installs_is_its_own(ml_client, wire):
    install = "pip install --quiet six==1.16.0 && python -c 'import six; print(six.__file__)'"
    job = complete(ml_client, wire, shell_job(install))
    assert "/packages/six.py" in log_of(wire, job.name)
    assert finish(ml_client, shell_job("python -c 'import six'")).status == "Failed"


def test_a_command_of_several_lines_runs_line_by_line(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo one\necho two\n\necho three > outputs/x || mkdir -p outputs\n"))
    lines = log_of(wire, job.name).splitlines()
    assert lines.index("one") < lines.index("two")


def test_a_failing_job_fails_with_its_exit_code(ml_client, wire):
    job = finish(ml_client, shell_job("echo before; exit 3"))
    assert job.status == "Failed"
    assert "3" in failure_of(wire, job.name)


def test_a_failure_carries_the_last_lines_of_the_traceback(ml_client, wire):
    job = finish(ml_client, python_job("def train():\n    raise ValueError('the label column is missing')\n\ntrain()"))
    assert job.status == "Failed"
    message = failure_of(wire, job.name)
    assert "ValueError: the label column is missing" in message
    assert "Traceback (most recent call last)" in log_of(wire, job.name)


def test_the_stream_shows_every_line_and_the_end(ml_client, capsys):
    shown = streamed(
        ml_client, capsys, python_job("import time\nfor i in range(5):\n    print('line', i); time.sleep(.3)")
    )
    assert [line for line in shown.splitlines() if line.startswith("line ")] == [f"line {i}" for i in range(5)]
    assert "Execution Summary" in shown


def test_the_stream_of_a_job_that_ends_at_once_shows_its_log_too(ml_client, capsys):
    assert "over already" in streamed(ml_client, capsys, shell_job("echo over already"))


def test_the_stream_of_a_failing_job_raises_its_error(ml_client, capsys):
    with pytest.raises(JobException, match="the well is dry"):
        streamed(ml_client, capsys, python_job("import time; time.sleep(1); raise RuntimeError('the well is dry')"))


def test_the_log_is_there_while_the_job_runs(ml_client, wire):
    job = ml_client.jobs.create_or_update(python_job("import time; print('early'); time.sleep(120)"))
    wait_for_line(wire, job.name, "early")
    assert ml_client.jobs.get(job.name).status == "Running"
    ml_client.jobs.begin_cancel(job.name).wait()


def test_what_goes_to_standard_error_is_in_the_log(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo to-stderr >&2"))
    assert "to-stderr" in log_of(wire, job.name)


def test_the_log_url_is_closed_without_its_signature(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo secret line"))
    url = details_of(wire, job.name)["logFiles"]["user_logs/std_log.txt"]
    reply = wire.send("GET", url.split("?")[0], token="")
    assert reply.status_code in (401, 403, 404, 409)
    assert "secret line" not in reply.text


def test_instance_count_and_distribution_give_ranks(ml_client, wire):
    job = complete(
        ml_client,
        wire,
        shell_job(
            'echo "rank=$RANK of=$WORLD_SIZE local=$LOCAL_RANK master=$MASTER_ADDR:$MASTER_PORT"',
            instance_count=2,
            distribution=PyTorchDistribution(process_count_per_instance=1),
        ),
    )
    log = log_of(wire, job.name)
    assert "rank=0 of=2" in log
    reply = wire.get(f"jobs/{job.name}").json()["properties"]
    assert reply["resources"]["instanceCount"] == 2
    assert reply["distribution"]["distributionType"].lower() == "pytorch"


def test_an_mpi_distribution_is_kept(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x", distribution=MpiDistribution(process_count_per_instance=1)))
    assert wire.get(f"jobs/{job.name}").json()["properties"]["distribution"]["distributionType"].lower() == "mpi"


def test_a_job_that_exceeds_its_timeout_is_ended_with_that_reason(ml_client, wire):
    job = shell_job("sleep 600")
    job.set_limits(timeout=2)
    ended = finish(ml_client, job, seconds=90)
    assert ended.status in ("Failed", "Canceled")
    assert "time" in failure_of(wire, ended.name).lower()


def test_services_are_accepted_and_returned(ml_client, wire):
    from azure.ai.ml.entities import JupyterLabJobService

    job = shell_job("echo x", services={"lab": JupyterLabJobService()})
    ended = complete(ml_client, wire, job)
    assert "lab" in wire.get(f"jobs/{ended.name}").json()["properties"]["services"]


def test_the_end_state_carries_times_and_use(ml_client, wire):
    job = complete(ml_client, wire, python_job("sum(i * i for i in range(3_000_000))"))
    details = details_of(wire, job.name)
    assert details["startTimeUtc"] <= details["endTimeUtc"]
    told = json.dumps(wire.get(f"jobs/{job.name}").json()["properties"]["properties"]).lower()
    assert "cpu" in told
    assert "memory" in told or "rss" in told


def test_the_same_name_may_not_be_submitted_twice_with_other_content(ml_client, wire, unique_name):
    name = unique_name("job")
    complete(ml_client, wire, shell_job("echo one", name=name))
    with pytest.raises(HttpResponseError) as refusal:
        ml_client.jobs.create_or_update(shell_job("echo two", name=name))
    assert refusal.value.status_code in (400, 409)


def test_default_azure_credential_works_inside_a_job(ml_client, wire):
    program = (
        "from azure.identity import DefaultAzureCredential\n"
        "token = DefaultAzureCredential().get_token('https://storage.azure.com/.default').token\n"
        "print('TOKEN', token.count('.'))\n"
    )
    job = complete(ml_client, wire, python_job(program))
    assert "TOKEN 2" in log_of(wire, job.name)


def test_a_job_written_with_the_plain_command_function_runs(ml_client, wire, folder):
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--training_data')\nprint(p.parse_args())\n"
    )
    job = command(
        code="./src",
        command="python train.py --training_data diabetes.csv",
        environment=MINIMAL,
        display_name="train-model",
        experiment_name="train-classification-model",
    )
    ended = complete(ml_client, wire, job)
    assert "training_data='diabetes.csv'" in log_of(wire, ended.name)


def test_the_client_logs_no_warning_about_the_server(ml_client, wire, caplog):
    with caplog.at_level(logging.WARNING):
        complete(ml_client, wire, shell_job("echo quiet"))
    assert not [record.message for record in caplog.records if "unknown" in record.message.lower()]


def test_git_words_in_the_properties_are_kept(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x", properties={"mlflow.source.git.branch": "main"}))
    assert wire.get(f"jobs/{job.name}").json()["properties"]["properties"]["mlflow.source.git.branch"] == "main"
