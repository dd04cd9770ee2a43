"""Contract B9: what a job leaves behind, and how it is fetched."""

import pytest
from azure.ai.ml import Output
from azure.core.exceptions import ResourceNotFoundError

from lazuli_wire import error_of
from running_jobs import complete, downloaded, finish, shell_job

WRITE = "mkdir -p ${{outputs.made}} && echo content > ${{outputs.made}}/file.txt"


def test_a_named_output_is_downloaded_by_its_name(ml_client, wire, tmp_path):
    job = complete(ml_client, wire, shell_job(WRITE, outputs={"made": Output(type="uri_folder")}))
    files = downloaded(ml_client, job.name, tmp_path, output_name="made")
    assert files["named-outputs/made/file.txt"].read_text() == "content\n"


def test_an_output_without_a_type_is_a_folder(ml_client, wire, tmp_path):
    job = complete(ml_client, wire, shell_job(WRITE, outputs={"made": Output()}))
    assert wire.get(f"jobs/{job.name}").json()["properties"]["outputs"]["made"]["jobOutputType"] == "uri_folder"
    assert "named-outputs/made/file.txt" in downloaded(ml_client, job.name, tmp_path, output_name="made")


def test_all_means_logs_artifacts_and_named_outputs(ml_client, wire, tmp_path):
    line = WRITE + " && mkdir -p outputs && echo kept > outputs/kept.txt"
    job = complete(ml_client, wire, shell_job(line, outputs={"made": Output(type="uri_folder")}))
    files = downloaded(ml_client, job.name, tmp_path, all=True)
    assert "named-outputs/made/file.txt" in files
    assert files["artifacts/outputs/kept.txt"].read_text() == "kept\n"
    assert "artifacts/user_logs/std_log.txt" in files


def test_the_plain_download_gives_the_log(ml_client, wire, tmp_path):
    job = complete(ml_client, wire, shell_job("echo in the log"))
    files = downloaded(ml_client, job.name, tmp_path)
    assert "in the log" in files["artifacts/user_logs/std_log.txt"].read_text()


def test_a_file_output_goes_to_the_path_with_the_jobs_name(ml_client, wire, tmp_path):
    path = "azureml://datastores/workspaceblobstore/paths/chosen/${{name}}/hello.txt"
    job = complete(
        ml_client,
        wire,
        shell_job(
            "echo -n world > ${{outputs.made}}", outputs={"made": Output(type="uri_file", path=path, mode="rw_mount")}
        ),
    )
    uri = wire.get(f"jobs/{job.name}").json()["properties"]["outputs"]["made"]["uri"]
    assert uri.endswith(f"/paths/chosen/{job.name}/hello.txt")
    (found,) = downloaded(ml_client, job.name, tmp_path, output_name="made").values()
    assert found.read_text() == "world"


@pytest.mark.parametrize("mode", ["upload", "rw_mount"])
def test_every_mode_of_writing_ends_in_the_same_place(ml_client, wire, tmp_path, mode):
    job = complete(ml_client, wire, shell_job(WRITE, outputs={"made": Output(type="uri_folder", mode=mode)}))
    assert "named-outputs/made/file.txt" in downloaded(ml_client, job.name, tmp_path, output_name="made")


def test_an_output_with_a_name_becomes_a_data_asset(ml_client, wire, unique_name):
    name = unique_name("registered")
    complete(ml_client, wire, shell_job(WRITE, outputs={"made": Output(type="uri_folder", name=name, version="7")}))
    asset = ml_client.data.get(name, version="7")
    assert asset.type == "uri_folder"


def test_a_model_output_with_a_name_becomes_a_model(ml_client, wire, unique_name, tmp_path):
    name = unique_name("registered")
    line = "mkdir -p ${{outputs.made}} && echo 'flavors: {}' > ${{outputs.made}}/MLmodel"
    job = complete(ml_client, wire, shell_job(line, outputs={"made": Output(type="mlflow_model", name=name)}))
    assert ml_client.models.get(name, version="1").type == "mlflow_model"
    assert "named-outputs/made/MLmodel" in downloaded(ml_client, job.name, tmp_path, output_name="made")


def test_a_job_that_fails_registers_nothing(ml_client, unique_name):
    name = unique_name("never")
    job = finish(ml_client, shell_job(WRITE + " && exit 1", outputs={"made": Output(type="uri_folder", name=name)}))
    assert job.status == "Failed"
    with pytest.raises(ResourceNotFoundError):
        ml_client.data.get(name, version="1")


def test_what_a_failed_job_wrote_can_still_be_fetched(ml_client, wire, tmp_path):
    job = finish(ml_client, shell_job("mkdir -p outputs && echo so far > outputs/partial.txt; exit 1"))
    assert downloaded(ml_client, job.name, tmp_path)["artifacts/outputs/partial.txt"].read_text() == "so far\n"


@pytest.mark.parametrize("path", ["../../../outside/", "a/../../outside/", "a/../../../../outside/"])
def test_an_output_path_that_tries_to_leave_its_store_is_refused(wire, server, unique_name, path):
    body = {
        "properties": {
            "jobType": "Command",
            "command": WRITE,
            "environmentId": "azureml:AzureML-minimal@latest",
            "outputs": {
                "made": {"jobOutputType": "uri_folder", "uri": f"azureml://datastores/workspaceblobstore/paths/{path}"}
            },
        }
    }
    reply = wire.put(f"jobs/{unique_name('job')}", body)
    assert reply.status_code == 400
    assert "outside" in error_of(reply)["message"]
    assert not list(server.home.parent.rglob("outside"))
