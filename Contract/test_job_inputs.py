"""Contract B9 and the URI schemes: every kind of input reaches the command as it should."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from azure.ai.ml import Input, Output
from azure.ai.ml.entities import Data, Model
from azure.core.exceptions import HttpResponseError

from run_history import end_of, failure_of, log_of
from running_jobs import MINIMAL, complete, finish, shell_job

SHOW = "cat ${{inputs.given}}"
LIST = "cd ${{inputs.given}} && find . -type f | sort"


@pytest.fixture
def rows(folder):
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    return folder / "rows.csv"


@pytest.fixture
def rows_folder(folder):
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "one.csv").write_text("one\n")
    (folder / "data" / "deep" / "two.csv").write_text("two\n")
    return folder / "data"


@pytest.fixture
def stored(ml_client, rows, unique_name):
    """A registered file."""
    return ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=unique_name("rows"), version="1"))


def log_with(ml_client, wire, line, **options):
    return log_of(wire, complete(ml_client, wire, shell_job(line, **options)).name)


def test_literals_arrive_as_they_were_written(ml_client, wire):
    line = "echo s=${{inputs.s}} n=${{inputs.n}} f=${{inputs.f}} b=${{inputs.b}}"
    inputs = {"s": "hello world", "n": 42, "f": 0.1, "b": True}
    assert "s=hello world n=42 f=0.1 b=True" in log_with(ml_client, wire, line, inputs=inputs)


@pytest.mark.parametrize("text", ["it's", 'a "quoted" word', "$HOME", "`id`", "a;b&c|d", "two  spaces", "{{braces}}"])
def test_a_literal_in_quotes_is_put_in_as_text(ml_client, wire, text):
    line = "cat <<'END_OF_TEXT'\n<${{inputs.given}}>\nEND_OF_TEXT"
    assert f"<{text}>" in log_with(ml_client, wire, line, inputs={"given": text})


def test_a_local_file_is_uploaded_and_read(ml_client, wire, rows):
    given = Input(type="uri_file", path=str(rows))
    assert "a,b\n1,2\n" in log_with(ml_client, wire, SHOW, inputs={"given": given})


def test_a_local_folder_is_uploaded_and_listed(ml_client, wire, rows_folder):
    given = Input(type="uri_folder", path=str(rows_folder))
    assert "./deep/two.csv\n./one.csv\n" in log_with(ml_client, wire, LIST, inputs={"given": given})


@pytest.mark.parametrize("mode", ["ro_mount", "download", "direct"])
def test_a_registered_file_is_read_in_every_mode(ml_client, wire, stored, mode):
    given = Input(type="uri_file", path=f"azureml:{stored.name}:1", mode=mode)
    log = log_with(ml_client, wire, "echo '${{inputs.given}}'", inputs={"given": given})
    if mode == "direct":
        assert "azureml://" in log
    else:
        assert "rows.csv" in log
        assert "azureml://" not in log


@pytest.mark.parametrize("mode", ["ro_mount", "eval_mount", "download"])
def test_a_job_cannot_change_what_is_registered(ml_client, wire, rows_folder, unique_name, mode):
    data = Data(path=str(rows_folder), type="uri_folder", name=unique_name("shared"), version="1")
    given = Input(type="uri_folder", path=ml_client.data.create_or_update(data).id, mode=mode)
    spoil = "echo spoilt >> ${{inputs.given}}/one.csv; rm ${{inputs.given}}/deep/two.csv; touch ${{inputs.given}}/new"
    finish(ml_client, shell_job(spoil, inputs={"given": given}))
    look = "cat ${{inputs.given}}/one.csv; ls -R ${{inputs.given}}"
    seen = log_with(ml_client, wire, look, inputs={"given": given})
    assert "spoilt" not in seen and "two.csv" in seen and "new" not in seen.split()


def test_an_output_may_lie_below_an_input(ml_client, wire, rows_folder, unique_name):
    place = f"azureml://datastores/workspaceblobstore/paths/{unique_name('nested')}"
    first = shell_job("echo 1 > ${{outputs.out}}/first", outputs={"out": Output(type="uri_folder", path=place)})
    complete(ml_client, wire, first)
    second = shell_job(
        "ls ${{inputs.all}}; echo 2 > ${{outputs.out}}/second; ! touch ${{inputs.all}}/third",
        inputs={"all": Input(type="uri_folder", path=place)},
        outputs={"out": Output(type="uri_folder", path=f"{place}/below")},
    )
    assert "first" in log_of(wire, complete(ml_client, wire, second).name)


def test_a_downloaded_input_is_the_jobs_own_to_change(ml_client, wire, stored):
    given = Input(type="uri_file", path=stored.id, mode="download")
    assert "changed" in log_with(
        ml_client, wire, "echo changed >> ${{inputs.given}} && cat ${{inputs.given}}", inputs={"given": given}
    )


def test_a_registered_asset_is_found_by_its_label(wire, stored, unique_name):
    name = unique_name("job")
    body = {
        "jobType": "Command",
        "command": SHOW,
        "environmentId": f"azureml:{MINIMAL}",
        "inputs": {"given": {"jobInputType": "uri_file", "uri": f"azureml:{stored.name}@latest"}},
    }
    assert wire.put(f"jobs/{name}", {"properties": body}).status_code in (200, 201)
    assert end_of(wire, name) == "Completed"
    assert "1,2" in log_of(wire, name)


def test_the_short_datastore_uri_is_read(ml_client, wire, stored):
    path = "azureml://datastores/workspaceblobstore/paths/" + stored.path.split("/paths/")[1]
    assert "1,2" in log_with(ml_client, wire, SHOW, inputs={"given": Input(type="uri_file", path=path)})


def test_the_long_datastore_uri_is_read(ml_client, wire, server, stored):
    path = (
        f"azureml://subscriptions/{server.subscription}/resourcegroups/{server.resource_group}"
        f"/workspaces/{server.workspace}/datastores/workspaceblobstore/paths/{stored.path.split('/paths/')[1]}"
    )
    assert "1,2" in log_with(ml_client, wire, SHOW, inputs={"given": Input(type="uri_file", path=path)})


@pytest.mark.parametrize(
    "form", ["wasbs://{c}@{a}.blob.core.windows.net/{p}", "wasbs://{a}.blob.core.windows.net/{c}/{p}"]
)
def test_a_wasbs_uri_of_an_account_held_here_is_read(ml_client, wire, stored, form):
    store = ml_client.datastores.get("workspaceblobstore")
    path = form.format(c=store.container_name, a=store.account_name, p=stored.path.split("/paths/")[1])
    assert "1,2" in log_with(ml_client, wire, SHOW, inputs={"given": Input(type="uri_file", path=path)})


def test_an_http_url_is_fetched(ml_client, wire, rows):
    handler = partial(SimpleHTTPRequestHandler, directory=str(rows.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{web.server_port}/rows.csv"
        assert "1,2" in log_with(ml_client, wire, SHOW, inputs={"given": Input(type="uri_file", path=url)})
        web.shutdown()


def test_an_http_url_that_fails_ends_the_job_with_the_url(ml_client, wire):
    url = "http://127.0.0.1:9/rows.csv"
    job = finish(ml_client, shell_job(SHOW, inputs={"given": Input(type="uri_file", path=url)}))
    assert job.status == "Failed"
    assert url in failure_of(wire, job.name)


def test_an_ml_table_arrives_as_a_folder(ml_client, wire, folder):
    table = folder / "table"
    table.mkdir()
    (table / "MLTable").write_text("type: mltable\npaths:\n  - pattern: ./*.csv\n")
    (table / "rows.csv").write_text("a,b\n1,2\n")
    given = Input(type="mltable", path=str(table))
    assert "./MLTable\n./rows.csv" in log_with(ml_client, wire, LIST, inputs={"given": given})


def test_a_local_mlflow_model_arrives_as_a_folder(ml_client, wire, folder):
    (folder / "model").mkdir()
    (folder / "model" / "MLmodel").write_text("flavors: {}\n")
    given = Input(type="mlflow_model", path=str(folder / "model"))
    assert "MLmodel" in log_with(ml_client, wire, LIST, inputs={"given": given})


def test_a_registered_model_is_an_input(ml_client, wire, folder, unique_name):
    (folder / "weights.bin").write_text("weights\n")
    name = unique_name("model")
    ml_client.models.create_or_update(
        Model(name=name, path=str(folder / "weights.bin"), type="custom_model", version="1")
    )
    given = Input(type="custom_model", path=f"azureml:{name}:1")
    assert "weights" in log_with(ml_client, wire, SHOW, inputs={"given": given})


def test_the_output_of_a_job_is_an_input_of_the_next(ml_client, wire):
    from azure.ai.ml import Output

    first = complete(
        ml_client,
        wire,
        shell_job("echo handed-over > ${{outputs.made}}/x.txt", outputs={"made": Output(type="uri_folder")}),
    )
    given = Input(type="uri_folder", path=f"azureml://jobs/{first.name}/outputs/made/paths/")
    assert "handed-over" in log_with(ml_client, wire, "cat ${{inputs.given}}/x.txt", inputs={"given": given})


def test_an_optional_part_of_the_command_is_left_out_without_its_input(ml_client, wire):
    line = "echo always $[[--note ${{inputs.note}}]] end"
    reply = log_with(ml_client, wire, line, inputs={"note": Input(type="string", optional=True)})
    assert "always end" in " ".join(reply.split())


def test_an_input_asset_that_is_not_there_is_refused_at_submit(ml_client, stored):
    given = Input(type="uri_file", path=f"azureml:{stored.name}:9")
    with pytest.raises(HttpResponseError, match=stored.name) as refusal:
        ml_client.jobs.create_or_update(shell_job(SHOW, inputs={"given": given}))
    assert refusal.value.status_code in (400, 404)


def test_a_path_that_is_not_there_ends_the_job_with_its_uri(ml_client, wire):
    path = "azureml://datastores/workspaceblobstore/paths/no/such/file.csv"
    job = finish(ml_client, shell_job(SHOW, inputs={"given": Input(type="uri_file", path=path)}))
    assert job.status == "Failed"
    assert "no/such/file.csv" in failure_of(wire, job.name)


def test_a_command_that_names_an_unknown_input_is_refused(ml_client, wire, unique_name):
    body = {
        "properties": {
            "jobType": "Command",
            "command": "echo ${{inputs.learning_rat}}",
            "environmentId": "azureml:AzureML-minimal@latest",
            "inputs": {"learning_rate": {"jobInputType": "literal", "value": "0.1"}},
        }
    }
    reply = wire.put(f"jobs/{unique_name('job')}", body)
    assert reply.status_code == 400
    assert "learning_rate" in reply.text
