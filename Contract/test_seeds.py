"""The code of the two documents the product is made from, as printed but for ids and environment variables.

Documentation/Seeds.md lists every block of both in order with its state; the names here carry the block's number."""

import datetime
import json

import mlflow.sklearn
import pandas as pd
import pytest
import requests
from azure.ai.ml import Input, MLClient, automl, command
from azure.ai.ml.constants import AssetTypes, BatchDeploymentOutputAction
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    BatchDeployment,
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    ComputeInstance,
    Data,
    Environment,
    JobSchedule,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    RecurrenceTrigger,
)
from azure.ai.ml.sweep import Choice, Normal
from azure.identity import ClientSecretCredential
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from run_history import log_of
from running_jobs import MINIMAL, complete, one_step_pipeline

SERVING_PACKAGES = ["mlflow-skinny==3.17.2", "pandas==2.2.3", "scikit-learn==1.5.2", "skops==0.16.0"]
"""What a served model of these tests needs, at the versions the tests themselves have."""

OLD_CURATED = "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest"


@pytest.fixture(scope="module")
def aml_cluster(ml_client):
    """The compute that most blocks name (block 1-30)."""
    cpu_cluster = AmlCompute(
        name="aml-cluster",
        type="amlcompute",
        size="STANDARD_DS11_V2",
        min_instances=0,
        max_instances=4,
        idle_time_before_scale_down=120,
        tier="Dedicated",
    )
    return ml_client.compute.begin_create_or_update(cpu_cluster).result()


@pytest.fixture
def model_folder(folder):
    """A folder with an MLflow model in `model`: a classifier that answers 1 for what lies above 10."""
    rows = pd.DataFrame({"glucose": [1.0, 5.0, 9.0, 11.0, 15.0, 19.0]})
    mlflow.sklearn.save_model(
        LogisticRegression(C=1000.0).fit(rows, [0, 0, 0, 1, 1, 1]),
        folder / "model",
        signature=infer_signature(rows, pd.Series([0])),
        pip_requirements=SERVING_PACKAGES,
    )
    return folder


@pytest.fixture
def source_folder(folder):
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text("import sys\nprint('trained', sys.argv[1:])\n")
    return folder


# The first document


def test_block_1_04_a_blob_datastore(ml_client):
    blob_datastore = AzureBlobDatastore(
        name="blob_example",
        description="Datastore pointing to a blob container",
        account_name="mytestblobstore",
        container_name="data-container",
        credentials=AccountKeyConfiguration(account_key="XXXxxxXXXxXXXXxxXXX"),
    )
    ml_client.create_or_update(blob_datastore)
    assert ml_client.datastores.get("blob_example").account_name == "mytestblobstore"


def test_block_1_05_a_data_asset_that_a_script_reads(ml_client, wire, folder):
    (folder / "diabetes.csv").write_text("age,label\n50,1\n")
    my_data = Data(
        path="./diabetes.csv",
        type=AssetTypes.URI_FILE,
        description="<description>",
        name="diabetes-file",
        version="1",
    )
    ml_client.data.create_or_update(my_data)
    (folder / "src").mkdir()
    (folder / "src" / "read.py").write_text(
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--input_data', type=str)\n"
        "args = parser.parse_args()\nprint(open(args.input_data).read())\n"
    )
    job = command(
        code="./src",
        command="python read.py --input_data ${{inputs.input_data}}",
        inputs={"input_data": Input(type=AssetTypes.URI_FILE, path="azureml:diabetes-file:1")},
        environment=MINIMAL,
    )
    assert "50,1" in log_of(wire, complete(ml_client, wire, job).name)


def test_block_1_06_an_ml_table_over_text_files(ml_client, folder):
    (folder / "table").mkdir()
    (folder / "table" / "MLTable").write_text(
        "type: mltable\n\npaths:\n  - pattern: ./*.txt\ntransformations:\n  - read_delimited:\n"
        "      delimiter: ','\n      encoding: ascii\n      header: all_files_same_headers\n"
    )
    (folder / "table" / "rows.txt").write_text("a,b\n1,2\n")
    made = ml_client.data.create_or_update(Data(path="./table", type=AssetTypes.MLTABLE, name="input-data-automl"))
    assert made.type == "mltable"


def test_block_1_07_a_compute_instance(ml_client):
    ci_basic_name = "basic-ci-12345"
    ci_basic = ComputeInstance(name=ci_basic_name, size="STANDARD_DS3_v2")
    assert ml_client.begin_create_or_update(ci_basic).result().provisioning_state == "Succeeded"


def test_block_1_08_a_cluster(ml_client):
    cluster_basic = AmlCompute(
        name="cpu-cluster",
        type="amlcompute",
        size="STANDARD_DS3_v2",
        location="westus",
        min_instances=0,
        max_instances=2,
        idle_time_before_scale_down=120,
        tier="low_priority",
    )
    assert ml_client.begin_create_or_update(cluster_basic).result().provisioning_state == "Succeeded"


def test_block_1_09_the_environments_by_name(ml_client, capsys):
    envs = ml_client.environments.list()
    for env in envs:
        print(env.name)
    assert "AzureML-" in capsys.readouterr().out


def test_block_1_10_one_environment(ml_client, capsys):
    ml_client.environments.create_or_update(Environment(name="my-environment", version="1", image="ubuntu:22.04"))
    env = ml_client.environments.get(name="my-environment", version="1")
    print(env)
    assert "my-environment" in capsys.readouterr().out


@pytest.mark.sklearn
@pytest.mark.parametrize(
    ("block", "display_name", "experiment_name"),
    [
        (11, "train-with-curated-environment", "train-with-curated-environment"),
        (17, "train-model", "train-classification-model"),
    ],
)
def test_blocks_1_11_and_1_17_a_script_in_a_curated_environment(
    ml_client, wire, aml_cluster, source_folder, block, display_name, experiment_name
):
    job = command(
        code="./src",
        command="python train.py",
        environment=OLD_CURATED,
        compute="aml-cluster",
        display_name=display_name,
        experiment_name=experiment_name,
    )
    returned_job = ml_client.create_or_update(job)
    ended = complete(ml_client, wire, returned_job.name, seconds=300)
    assert (ended.display_name, ended.experiment_name) == (display_name, experiment_name)
    assert "trained []" in log_of(wire, ended.name)


def test_blocks_1_12_to_1_15_an_automl_job_is_submitted(ml_client, aml_cluster):
    my_training_data_input = Input(type=AssetTypes.MLTABLE, path="azureml://datastores/workspaceblobstore/paths/t/")
    from azure.ai.ml.automl import ClassificationPrimaryMetrics

    assert "accuracy" in {metric.value.lower() for metric in ClassificationPrimaryMetrics}
    classification_job = automl.classification(
        compute="aml-cluster",
        experiment_name="auto-ml-class-dev",
        training_data=my_training_data_input,
        target_column_name="Diabetic",
        primary_metric="accuracy",
        n_cross_validations=5,
        enable_model_explainability=True,
    )
    returned_job = ml_client.jobs.create_or_update(classification_job)
    aml_url = returned_job.studio_url
    assert aml_url.startswith("http")


def test_block_1_16_mlflow_in_a_notebook(server, folder):
    import mlflow
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import train_test_split
    from xgboost import XGBClassifier

    rows_and_labels = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(*rows_and_labels, random_state=0)  # noqa: N806
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])  # Which `eval "$(lazuli env)"` does.

    mlflow.set_experiment(experiment_name="heart-condition-classifier")

    try:
        with mlflow.start_run():
            mlflow.xgboost.autolog()

            model = XGBClassifier(use_label_encoder=False, eval_metric="logloss")
            model.fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)
    finally:
        mlflow.xgboost.autolog(disable=True)

    run = mlflow.last_active_run()
    assert run.info.status == "FINISHED"
    assert run.data.params["eval_metric"] == "logloss"
    assert run.data.metrics["validation_0-logloss"] < 0.3
    (logged,) = mlflow.search_logged_models(filter_string=f"source_run_id = '{run.info.run_id}'", output_format="list")
    assert list(mlflow.pyfunc.load_model(logged.model_uri).predict(X_test)) == list(model.predict(X_test))


def test_block_1_18_a_parameter_of_the_script(ml_client, wire, source_folder):
    job = command(code="./src", command="python train.py --training_data diabetes.csv", environment=MINIMAL)
    assert "trained ['--training_data', 'diabetes.csv']" in log_of(wire, complete(ml_client, wire, job).name)


def test_block_1_19_a_search_space_on_a_command(ml_client, aml_cluster, source_folder):
    job = command(
        code="./src",
        command="python train.py ${{inputs.batch_size}} ${{inputs.learning_rate}}",
        environment=MINIMAL,
        compute="aml-cluster",
        inputs={"batch_size": 16, "learning_rate": 10.0},
    )
    command_job_for_sweep = job(
        batch_size=Choice(values=[16, 32, 64]),
        learning_rate=Normal(mu=10, sigma=3),
    )
    sweep_job = command_job_for_sweep.sweep(sampling_algorithm="random", primary_metric="acc", goal="maximize")
    stored = ml_client.jobs.get(ml_client.create_or_update(sweep_job).name)
    assert (stored.search_space["learning_rate"].mu, stored.search_space["learning_rate"].sigma) == (10, 3)


def test_block_1_20_a_schedule_for_every_minute(ml_client, folder):
    pipeline_job = one_step_pipeline(folder)
    schedule_name = "run_every_minute"
    recurrence_trigger = RecurrenceTrigger(
        frequency="minute",
        interval=1,
    )
    job_schedule = JobSchedule(name=schedule_name, trigger=recurrence_trigger, create_job=pipeline_job)
    job_schedule = ml_client.schedules.begin_create_or_update(schedule=job_schedule).result()
    assert job_schedule.is_enabled
    ml_client.schedules.begin_disable(schedule_name).result()


def test_blocks_1_21_1_22_and_1_27_an_online_endpoint_for_an_mlflow_model(ml_client, model_folder):
    endpoint = ManagedOnlineEndpoint(
        name="endpoint-example",
        description="Online endpoint",
        auth_mode="key",
    )
    ml_client.begin_create_or_update(endpoint).result()
    model = Model(
        path="./model",
        type=AssetTypes.MLFLOW_MODEL,
        description="my sample mlflow model",
    )
    blue_deployment = ManagedOnlineDeployment(
        name="blue",
        endpoint_name="endpoint-example",
        model=model,
        instance_type="Standard_F4s_v2",
        instance_count=1,
    )
    ml_client.online_deployments.begin_create_or_update(blue_deployment).result()
    blue_deployment.traffic = {"blue": 100}
    ml_client.begin_create_or_update(blue_deployment).result()
    endpoint.traffic = {"blue": 100}
    ml_client.begin_create_or_update(endpoint).result()
    assert ml_client.online_endpoints.get("endpoint-example").traffic == {"blue": 100}
    (model_folder / "sample-data.json").write_text(
        json.dumps({"input_data": {"columns": ["glucose"], "index": [0], "data": [[18.5]]}})
    )
    response = ml_client.online_endpoints.invoke(
        endpoint_name="endpoint-example", deployment_name="blue", request_file="sample-data.json"
    )
    assert response[1] == "1"
    ml_client.online_endpoints.begin_delete(name="endpoint-example").wait()


def test_blocks_1_24_and_1_25_an_environment_of_image_and_conda_file(ml_client, folder):
    (folder / "src").mkdir()
    (folder / "src" / "conda.yml").write_text(
        "name: basic-env-cpu\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.7\n  - scikit-learn\n"
        "  - pandas\n  - numpy\n  - matplotlib\n"
    )
    env = Environment(
        image="mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04",
        conda_file="./src/conda.yml",
        name="deployment-environment",
        description="Environment created from a Docker image plus Conda environment.",
    )
    ml_client.environments.create_or_update(env)
    assert "matplotlib" in str(ml_client.environments.get("deployment-environment", label="latest").conda_file)


def test_block_1_26_a_deployment_with_code_once_its_environment_has_a_label(ml_client, model_folder, unique_name):
    name = unique_name("endpoint")
    (model_folder / "src").mkdir()
    (model_folder / "src" / "score.py").write_text("def init():\n    pass\n\n\ndef run(raw_data):\n    return [1]\n")
    ml_client.environments.create_or_update(Environment(name="scoring-environment", image="python:3.11"))
    ml_client.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    blue_deployment = ManagedOnlineDeployment(
        name="blue",
        endpoint_name=name,
        model=Model(path="./model"),
        environment="scoring-environment@latest",
        code_configuration=CodeConfiguration(code="./src", scoring_script="score.py"),
        instance_type="Standard_DS2_v2",
        instance_count=1,
    )
    made = ml_client.online_deployments.begin_create_or_update(blue_deployment).result()
    assert made.instance_type == "Standard_DS2_v2"
    ml_client.online_endpoints.begin_delete(name=name).wait()


def test_blocks_1_29_to_1_32_a_batch_endpoint_with_its_deployment(ml_client, aml_cluster, model_folder):
    endpoint = BatchEndpoint(
        name="endpoint-example",
        description="A batch endpoint",
    )
    ml_client.batch_endpoints.begin_create_or_update(endpoint).wait()
    model_name = "mlflow-model"
    model = ml_client.models.create_or_update(Model(name=model_name, path="./model", type=AssetTypes.MLFLOW_MODEL))
    deployment = BatchDeployment(
        name="forecast-mlflow",
        description="A sales forecaster",
        endpoint_name=endpoint.name,
        model=model,
        compute="aml-cluster",
        instance_count=2,
        max_concurrency_per_instance=2,
        mini_batch_size=2,
        output_action=BatchDeploymentOutputAction.APPEND_ROW,
        output_file_name="predictions.csv",
        retry_settings=BatchRetrySettings(max_retries=3, timeout=300),
        logging_level="info",
    )
    ml_client.batch_deployments.begin_create_or_update(deployment).wait()
    assert ml_client.batch_deployments.get("forecast-mlflow", "endpoint-example").mini_batch_size == 2


# The second document


def test_blocks_2_06_to_2_11_a_registered_model_is_deployed(server, ml_client, model_folder, unique_name):
    ml_client.models.create_or_update(Model(name="example", version="1", path="./model"))
    ml_client.environments.create_or_update(Environment(name="aml-keras-mnist", version="11", image="python:3.11"))
    (model_folder / "src" / "number_predictor").mkdir(parents=True)
    (model_folder / "src" / "number_predictor" / "scoring.py").write_text(
        "def init():\n    pass\n\n\ndef run(raw_data):\n    return 8\n"
    )
    principal = server.run_json("principal", "create", "--name", unique_name("mnist"), "--role", "Contributor")
    subscription_id = server.subscription
    resource_group = server.resource_group
    workspace_name = server.workspace
    credential = ClientSecretCredential(principal["tenantId"], principal["clientId"], principal["clientSecret"])
    own_client = MLClient(credential, subscription_id, resource_group, workspace_name)
    endpoint_name = "mnist-endpt-" + datetime.datetime.now().strftime("%m%d%H%M%f")
    endpoint = ManagedOnlineEndpoint(name=endpoint_name, description="this is a sample endpoint", auth_mode="key")
    endpoint = own_client.online_endpoints.begin_create_or_update(endpoint).result()
    registered_model_name = "example"
    latest_model_version = 1
    registered_environment_name = "aml-keras-mnist"
    latest_environment_version = 11
    model = own_client.models.get(name=registered_model_name, version=latest_model_version)
    env = own_client.environments.get(name=registered_environment_name, version=latest_environment_version)
    blue_deployment = ManagedOnlineDeployment(
        name="blue",
        endpoint_name=endpoint_name,
        model=model,
        environment=env,
        code_configuration=CodeConfiguration(code="./src/number_predictor", scoring_script="scoring.py"),
        instance_type="Standard_D2_v2",
        instance_count=1,
    )
    own_client.begin_create_or_update(blue_deployment).result()
    endpoint = own_client.online_endpoints.get(endpoint_name)
    key = own_client.online_endpoints.get_keys(endpoint_name).primary_key
    answer = requests.post(endpoint.scoring_uri, headers={"Authorization": f"Bearer {key}"}, data='{"data": "iVBORw0"}')
    assert (answer.status_code, answer.text) == (200, "8")
    own_client.online_endpoints.begin_delete(endpoint_name).wait()
