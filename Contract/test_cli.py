"""The command line program with the groups, verbs and YAML files of `az ml`."""

import json
import re

import pytest
import yaml

import yaml_files
from lazuli_server import said

EVERY_ASSET = [(group, shape) for group, shapes in yaml_files.ASSETS.items() for shape in shapes]


@pytest.fixture
def files(folder):
    """A folder with the neighbours of the YAML files; `files / name` is a file in it."""
    yaml_files.write_neighbours(folder)
    return folder


@pytest.fixture
def run_job(server, files):
    """Writes a job's YAML, runs it to its end with `--stream`, and gives what was printed."""

    def run(text, *arguments, check=True):
        (files / "job.yml").write_text(text)
        return server.run("job", "create", "--file", files / "job.yml", "--stream", *arguments, check=check)

    return run


def submitted(server, files, text, *arguments):
    """Creates a job without waiting and gives its name."""
    (files / "job.yml").write_text(text)
    return server.run(
        "job", "create", "-f", files / "job.yml", "--query", "name", "-o", "tsv", *arguments
    ).stdout.strip()


def without_times(shown):
    """What `show` gave but for who touched it last, and when."""
    return {key: value for key, value in shown.items() if key != "creation_context"}


# Jobs


def test_the_smallest_job_prints_its_line(run_job):
    assert "hello world" in said(run_job(yaml_files.HELLO))


def test_a_variable_of_the_file_reaches_the_command(run_job):
    assert "value is lapis" in said(run_job(yaml_files.VARIABLE))


def test_a_number_of_the_file_stays_what_it_was(run_job):
    shown = said(run_job(yaml_files.INPUTS))
    assert "first hello world" in shown
    assert "then <42>" in shown


def test_a_code_folder_is_found_beside_the_file(server, files, tmp_path_factory):
    (files / "job.yml").write_text(yaml_files.CODE)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert "hello.py" in said(server.run("job", "create", "-f", files / "job.yml", "--stream", folder=elsewhere))


def test_a_named_output_is_downloaded(server, files, tmp_path):
    name = submitted(server, files, yaml_files.OUTPUT)
    server.run("job", "stream", "--name", name)
    server.run("job", "download", "--name", name, "--output-name", "made", "--download-path", tmp_path / "back")
    (found,) = (tmp_path / "back").rglob("made.txt")
    assert found.read_text() == "made here\n"


def test_a_file_output_lands_under_the_jobs_name(server, files, tmp_path):
    name = submitted(server, files, yaml_files.CHOSEN_FILE)
    server.run("job", "stream", "-n", name)
    server.run("job", "download", "-n", name, "--all", "-p", tmp_path / "back")
    assert [path.read_text() for path in (tmp_path / "back").rglob("made.txt")] == ["world"]


def test_a_local_model_is_an_input(run_job):
    assert "MLmodel" in said(run_job(yaml_files.MODEL_INPUT))


def test_a_job_is_shown_listed_tagged_archived_and_restored(server, files):
    name = submitted(server, files, yaml_files.HELLO)
    server.run("job", "stream", "-n", name)
    assert server.run_json("job", "show", "-n", name)["status"] == "Completed"
    assert name in {job["name"] for job in server.run_json("job", "list")}
    server.run("job", "update", "-n", name, "--set", "tags.seen=yes")
    assert server.run_json("job", "show", "-n", name)["tags"]["seen"] == "yes"
    server.run("job", "archive", "-n", name)
    assert name not in {job["name"] for job in server.run_json("job", "list")}
    server.run("job", "restore", "-n", name)
    assert name in {job["name"] for job in server.run_json("job", "list")}


def test_a_running_job_is_cancelled(server, files):
    name = submitted(server, files, yaml_files.HELLO.replace('echo "hello world"', "sleep 600"))
    server.run("job", "cancel", "-n", name)
    assert server.run_json("job", "show", "-n", name)["status"] in ("CancelRequested", "Canceled")


def test_a_failing_job_gives_another_exit_code_and_the_reason(run_job):
    ended = run_job(yaml_files.HELLO.replace('echo "hello world"', "exit 3"), check=False)
    assert ended.returncode != 0
    assert "3" in said(ended)


def test_set_changes_the_file_before_it_is_sent(server, files):
    name = submitted(server, files, yaml_files.INPUTS, "--set", "inputs.number=7", "display_name=set by hand")
    server.run("job", "stream", "-n", name)
    shown = server.run_json("job", "show", "-n", name)
    assert shown["display_name"] == "set by hand"
    assert str(shown["inputs"]["number"]) in ("7", "{'value': '7'}") or "7" in json.dumps(shown["inputs"]["number"])


def test_a_file_can_come_from_standard_input(server):
    text = yaml_files.HELLO
    assert "hello world" in said(server.run("job", "create", "--file", "-", "--stream", typed=text))


def test_a_job_file_is_checked_without_being_sent(server, files):
    (files / "job.yml").write_text(yaml_files.HELLO)
    server.run("job", "validate", "-f", files / "job.yml")
    (files / "job.yml").write_text(yaml_files.HELLO.replace("command:", "comand:"))
    refused = server.run("job", "validate", "-f", files / "job.yml", check=False)
    assert refused.returncode != 0
    assert "command" in said(refused)


# Assets and resources


@pytest.mark.parametrize(("group", "shape"), EVERY_ASSET)
def test_what_show_gives_makes_the_same_thing_again(server, files, unique_name, group, shape):
    name = unique_name(shape).replace("-", "_" if group in ("datastore", "component") else "-")
    (files / "it.yml").write_text(yaml_files.ASSETS[group][shape].format(name=name))
    made = server.run_json(group, "create", "--file", files / "it.yml")
    assert made["name"] == name
    which = ["--name", name] + (["--version", str(made["version"])] if group in yaml_files.VERSIONED else [])
    shown = server.run(group, "show", *which, "-o", "yaml").stdout
    (files / "again.yml").write_text(shown)
    server.run(group, "create", "--file", files / "again.yml")
    again = server.run(group, "show", *which, "-o", "yaml").stdout
    assert without_times(yaml.safe_load(again)) == without_times(yaml.safe_load(shown))


@pytest.mark.parametrize("group", yaml_files.VERSIONED)
def test_assets_are_listed_archived_and_restored(server, files, unique_name, group):
    shape, text = next(iter(yaml_files.ASSETS[group].items()))
    name = unique_name(shape).replace("-", "_")
    (files / "it.yml").write_text(text.format(name=name))
    server.run(group, "create", "-f", files / "it.yml")

    def names():
        return {item["name"] for item in server.run_json(group, "list")}

    assert name in names()
    assert [str(item["version"]) for item in server.run_json(group, "list", "--name", name)] == ["1"]
    server.run(group, "archive", "-n", name)
    assert name not in names()
    server.run(group, "restore", "-n", name)
    assert name in names()


def test_the_label_latest_is_understood(server, files, unique_name):
    name = unique_name("env")
    for version in ("1", "2"):
        server.run("environment", "create", "--name", name, "--version", version, "--image", "ubuntu")
    assert str(server.run_json("environment", "show", "-n", name, "--label", "latest")["version"]) == "2"


def test_a_model_is_downloaded(server, files, unique_name, tmp_path):
    name = unique_name("model")
    server.run("model", "create", "-n", name, "--version", "1", "--path", files / "weights.bin")
    server.run("model", "download", "-n", name, "-v", "1", "--download-path", tmp_path / "back")
    assert [path.read_text() for path in (tmp_path / "back").rglob("weights.bin")] == ["weights\n"]


def test_sizes_of_machines_are_listed(server):
    names = {size["name"].lower() for size in server.run_json("compute", "list-sizes")}
    assert {"standard_ds3_v2", "standard_ds11_v2"} <= names


def test_the_default_workspace_is_shown(server):
    assert server.run_json("workspace", "show")["name"] == server.workspace


# Output


def test_every_form_of_output_is_written(server):
    def shown(form):
        return server.run("workspace", "show", "-n", server.workspace, "-o", form).stdout

    assert json.loads(shown("json"))["name"] == server.workspace
    assert yaml.safe_load(shown("yaml"))["name"] == server.workspace
    assert server.workspace in shown("table")
    assert server.workspace in shown("tsv")
    assert shown("none") == ""


def test_a_query_picks_from_the_answer(server):
    query = "[?starts_with(name, 'AzureML-minimal')].name | [0]"
    assert server.run("environment", "list", "--query", query, "-o", "tsv").stdout.strip() == "AzureML-minimal"


def test_a_query_that_is_none_is_refused_with_its_place(server):
    refused = server.run("environment", "list", "--query", "[?name ==", check=False)
    assert refused.returncode != 0
    assert "query" in said(refused).lower()


def test_workspace_and_group_can_be_named(server):
    shown = server.run_json(
        "environment",
        "list",
        "-g",
        server.resource_group,
        "-w",
        server.workspace,
        "--subscription",
        server.subscription,
    )
    assert shown
    refused = server.run("environment", "list", "-w", "no-such-workspace", check=False)
    assert refused.returncode != 0
    assert "no-such-workspace" in said(refused)


# Mistakes


def test_a_mistyped_key_is_shown_with_file_line_column_and_the_nearest(server, files):
    (files / "job.yml").write_text("environment: azureml:AzureML-minimal@latest\ncomand: echo x\n")
    refused = server.run("job", "create", "-f", files / "job.yml", check=False)
    assert refused.returncode != 0
    assert re.search(r"job\.yml:2:1\b", said(refused)), said(refused)
    assert "command" in said(refused)


def test_all_mistakes_of_a_file_are_told_at_once(server, files):
    (files / "job.yml").write_text(
        "comand: echo x\nenvironment: azureml:AzureML-minimal@latest\nresources:\n  instance_count: two\n"
        "outputs:\n  made:\n    type: uri_foldr\n"
    )
    told = said(server.run("job", "create", "-f", files / "job.yml", check=False))
    for place in ("job.yml:1", "job.yml:4", "job.yml:7"):
        assert place in told
    assert "uri_folder" in told


@pytest.mark.parametrize(
    "text", ["command: [", "a: b: c", "\tcommand: x", "- 1\n- 2", "", "&a [*a]", "command: !!python/x y"]
)
def test_yaml_that_is_none_is_refused_with_its_file(server, files, text):
    (files / "job.yml").write_text(text)
    refused = server.run("job", "create", "-f", files / "job.yml", check=False)
    assert refused.returncode != 0
    assert "job.yml" in said(refused)
    assert "Fatal" not in said(refused)


def test_a_file_that_is_not_there_is_named(server, files):
    refused = server.run("job", "create", "-f", files / "nothing.yml", check=False)
    assert refused.returncode != 0
    assert "nothing.yml" in said(refused)


def test_an_unknown_verb_is_answered_with_the_way_to_help(server):
    refused = server.run("job", "crate", check=False)
    assert refused.returncode != 0
    assert "crate" in said(refused)
    assert "job --help" in said(refused)


def test_an_unknown_name_gives_a_sentence_and_an_exit_code(server):
    refused = server.run("job", "show", "-n", "no-such-job", check=False)
    assert refused.returncode != 0
    assert "no-such-job" in said(refused)


# The program itself


def test_the_status_says_that_all_is_well(server):
    assert server.api.split("://")[1] in said(server.run("status"))


def test_the_diagnosis_finds_nothing_wrong(server):
    assert server.run("diagnose").returncode == 0


def test_the_exports_can_be_read_by_a_shell(server):
    shown = server.run("env").stdout
    assert re.search(r"^export ARM_CLOUD_METADATA_URL=", shown, re.M)
    assert "set -gx" in server.run("env", "--shell", "fish").stdout
    assert "$env:" in server.run("env", "--shell", "powershell").stdout


def test_the_client_reads_the_configuration_that_env_writes(server, folder, monkeypatch):
    from azure.ai.ml import MLClient
    from azure.identity import DefaultAzureCredential

    server.run("env", "--write-config", folder=folder)
    assert MLClient.from_config(DefaultAzureCredential(), path=str(folder)).workspace_name == server.workspace


def test_run_gives_one_command_the_exports(server):
    shown = server.run("run", "--", "sh", "-c", "echo $ARM_CLOUD_METADATA_URL").stdout
    assert shown.strip() == server.exports["ARM_CLOUD_METADATA_URL"]
