"""Contract B12: batch endpoints and deployments are stored and shown; running them is a later part."""

import pytest
from azure.ai.ml import Input
from azure.ai.ml.constants import BatchDeploymentOutputAction
from azure.ai.ml.entities import AmlCompute, BatchDeployment, BatchEndpoint, BatchRetrySettings, Model
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError


@pytest.fixture(scope="module")
def cluster(ml_client):
    wanted = AmlCompute(name="batch-cluster", size="STANDARD_DS11_V2", location="local", max_instances=4)
    return ml_client.compute.begin_create_or_update(wanted).result()


@pytest.fixture
def endpoint(ml_client, unique_name):
    wanted = BatchEndpoint(name=unique_name("batch"), description="A batch endpoint")
    made = ml_client.batch_endpoints.begin_create_or_update(wanted).result()
    yield made
    ml_client.batch_endpoints.begin_delete(made.name).wait()


@pytest.fixture
def deployment(ml_client, endpoint, cluster, folder, unique_name):
    (folder / "model").mkdir()
    (folder / "model" / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n")
    model = Model(name=unique_name("mlflow-model"), path=str(folder / "model"), type="mlflow_model")
    wanted = BatchDeployment(
        name="forecast-mlflow",
        description="A sales forecaster",
        endpoint_name=endpoint.name,
        model=ml_client.models.create_or_update(model),
        compute=cluster.name,
        instance_count=2,
        max_concurrency_per_instance=2,
        mini_batch_size=2,
        output_action=BatchDeploymentOutputAction.APPEND_ROW,
        output_file_name="predictions.csv",
        retry_settings=BatchRetrySettings(max_retries=3, timeout=300),
        logging_level="info",
    )
    return ml_client.batch_deployments.begin_create_or_update(wanted).result()


def test_an_endpoint_is_made_read_and_listed(ml_client, endpoint):
    stored = ml_client.batch_endpoints.get(endpoint.name)
    assert stored.description == "A batch endpoint"
    assert stored.scoring_uri.startswith("https://")
    assert endpoint.name in {each.name for each in ml_client.batch_endpoints.list()}


def test_a_deployment_keeps_all_its_settings(ml_client, endpoint, deployment):
    stored = ml_client.batch_deployments.get("forecast-mlflow", endpoint.name)
    assert (stored.mini_batch_size, stored.max_concurrency_per_instance) == (2, 2)
    assert (stored.output_action, stored.output_file_name) == ("append_row", "predictions.csv")
    assert (stored.retry_settings.max_retries, stored.retry_settings.timeout) == (3, 300)
    assert stored.resources.instance_count == 2
    assert [each.name for each in ml_client.batch_deployments.list(endpoint.name)] == ["forecast-mlflow"]


def test_the_first_deployment_is_the_default(ml_client, endpoint, deployment):
    assert ml_client.batch_endpoints.get(endpoint.name).defaults.deployment_name == "forecast-mlflow"


def test_another_default_can_be_chosen(ml_client, endpoint, deployment):
    stored = ml_client.batch_endpoints.get(endpoint.name)
    stored.defaults.deployment_name = "forecast-mlflow"
    ml_client.batch_endpoints.begin_create_or_update(stored).result()
    assert ml_client.batch_endpoints.get(endpoint.name).defaults.deployment_name == "forecast-mlflow"


def test_an_endpoint_without_jobs_lists_none(ml_client, endpoint, deployment):
    assert list(ml_client.batch_endpoints.list_jobs(endpoint_name=endpoint.name)) == []


def test_a_deleted_endpoint_is_gone(ml_client, unique_name):
    name = unique_name("gone")
    ml_client.batch_endpoints.begin_create_or_update(BatchEndpoint(name=name)).result()
    ml_client.batch_endpoints.begin_delete(name).wait()
    with pytest.raises(ResourceNotFoundError):
        ml_client.batch_endpoints.get(name)


def test_invoking_says_that_it_is_not_built(ml_client, endpoint, deployment):
    given = Input(type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/rows/")
    with pytest.raises(HttpResponseError) as refusal:
        ml_client.batch_endpoints.invoke(endpoint_name=endpoint.name, inputs={"rows": given})
    assert refusal.value.status_code == 501
