"""Contract B5: environments."""

import pytest
from azure.ai.ml.entities import BuildContext, Environment
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from run_history import everything_told, failure_of, log_of
from running_jobs import complete, finish, python_job, shell_job

OLD_CURATED = "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu"
CONDA = "name: small\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip:\n      - six==1.16.0\n"


@pytest.fixture
def conda_file(folder):
    (folder / "conda.yml").write_text(CONDA)
    return folder / "conda.yml"


def test_curated_environments_are_there_from_the_start(ml_client):
    names = [environment.name for environment in ml_client.environments.list()]
    curated = [name for name in names if name.startswith("AzureML-")]
    assert "AzureML-minimal" in curated
    assert len(curated) >= 3


def test_an_environment_from_an_image_and_a_conda_file_is_kept(ml_client, conda_file, unique_name):
    name = unique_name("environment")
    ml_client.environments.create_or_update(
        Environment(name=name, image="mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04", conda_file=str(conda_file))
    )
    stored = ml_client.environments.get(name, version="1")
    assert stored.image == "mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04"
    assert "six==1.16.0" in str(stored.conda_file)


def test_an_integer_version_is_the_same_as_its_text(ml_client, unique_name):
    name = unique_name("numbered")
    ml_client.environments.create_or_update(Environment(name=name, version="11", image="ubuntu"))
    assert ml_client.environments.get(name, version=11).version == "11"


def test_the_label_latest_is_the_newest_version(ml_client, unique_name):
    name = unique_name("labelled")
    for version in ("1", "2"):
        ml_client.environments.create_or_update(Environment(name=name, version=version, image="ubuntu"))
    assert ml_client.environments.get(name, label="latest").version == "2"


def test_a_build_context_is_uploaded_and_kept(ml_client, folder, unique_name):
    context = folder / "ctx"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM python:3.11\n")
    name = unique_name("built")
    ml_client.environments.create_or_update(Environment(name=name, build=BuildContext(path=str(context))))
    assert ml_client.environments.get(name, version="1").build.path.rstrip("/").endswith("/ctx")


def test_archiving_hides_and_restoring_shows(ml_client, unique_name):
    name = unique_name("hidden")
    ml_client.environments.create_or_update(Environment(name=name, version="1", image="ubuntu"))
    ml_client.environments.archive(name, version="1")
    assert list(ml_client.environments.list(name)) == []
    ml_client.environments.restore(name, version="1")
    assert [environment.version for environment in ml_client.environments.list(name)] == ["1"]


def test_an_unknown_environment_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no-such-environment"):
        ml_client.environments.get("no-such-environment", version="1")


def test_a_job_runs_in_an_environment_made_from_a_conda_file(ml_client, wire, conda_file, unique_name):
    environment = Environment(name=unique_name("conda"), image="ubuntu:22.04", conda_file=str(conda_file))
    registered = ml_client.environments.create_or_update(environment)
    job = complete(ml_client, wire, python_job("import six; print('six', six.__version__)", environment=registered))
    assert "six 1.16.0" in log_of(wire, job.name)


def test_a_job_runs_in_an_environment_written_inline(ml_client, wire, conda_file):
    environment = Environment(image="ubuntu:22.04", conda_file=str(conda_file))
    job = complete(ml_client, wire, python_job("import six; print('six', six.__version__)", environment=environment))
    assert "six 1.16.0" in log_of(wire, job.name)


def test_a_registry_reference_is_taken_for_the_curated_environment(ml_client, wire):
    reference = "azureml://registries/azureml/environments/AzureML-minimal/labels/latest"
    complete(ml_client, wire, shell_job("echo from the registry", environment=reference))


@pytest.mark.sklearn
def test_an_old_curated_name_runs_in_a_kept_environment_and_says_so(ml_client, wire):
    job = python_job("import sklearn; print('sklearn', sklearn.__version__)", environment=f"{OLD_CURATED}@latest")
    ended = complete(ml_client, wire, job, seconds=300)
    assert "sklearn " in log_of(wire, ended.name)
    notices = everything_told(wire, ended.name).replace(f"{OLD_CURATED}@latest", "")
    assert OLD_CURATED in notices


def test_a_pin_that_cannot_be_had_fails_the_job_and_names_the_culprit(ml_client, wire, folder):
    (folder / "conda.yml").write_text(CONDA.replace("six==1.16.0", "six==999.0.0"))
    environment = Environment(image="ubuntu:22.04", conda_file=str(folder / "conda.yml"))
    ended = finish(ml_client, shell_job("echo never", environment=environment), seconds=60)
    assert ended.status == "Failed"
    reason = failure_of(wire, ended.name)
    assert "six" in reason
    assert "999.0.0" in reason


def test_an_old_python_falls_to_the_nearest_and_says_so(ml_client, wire, folder):
    (folder / "conda.yml").write_text("dependencies:\n  - python=3.7\n")
    environment = Environment(image="ubuntu:22.04", conda_file=str(folder / "conda.yml"))
    job = complete(ml_client, wire, python_job("import sys; print(sys.version)", environment=environment))
    assert "3.7" in everything_told(wire, job.name)


def test_an_environment_that_is_not_there_is_refused_at_submit_with_the_nearest(ml_client, unique_name):
    name = unique_name("there")
    ml_client.environments.create_or_update(Environment(name=name, version="1", image="ubuntu"))
    with pytest.raises(HttpResponseError, match=name) as refusal:
        ml_client.jobs.create_or_update(shell_job("echo never", environment=f"{name[:-1]}_:1"))
    assert refusal.value.status_code == 400
