"""Contract B6: models."""

import pytest
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Model
from azure.core.exceptions import ResourceNotFoundError

from running_jobs import complete, shell_job

ML_MODEL = "artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n"


@pytest.fixture
def model_folder(folder):
    model = folder / "model"
    model.mkdir()
    (model / "MLmodel").write_text(ML_MODEL)
    (model / "model.pkl").write_bytes(b"not really a pickle")
    return model


def test_an_mlflow_model_is_registered_and_read_back(ml_client, model_folder, unique_name):
    name = unique_name("model")
    ml_client.models.create_or_update(Model(name=name, path=str(model_folder), type=AssetTypes.MLFLOW_MODEL))
    stored = ml_client.models.get(name, version="1")
    assert stored.type == "mlflow_model"
    assert stored.path.rstrip("/").endswith("/model")


def test_versions_count_up_and_latest_is_the_newest(ml_client, model_folder, unique_name):
    name = unique_name("counted")
    for wanted in ("1", "2"):
        made = ml_client.models.create_or_update(Model(name=name, path=str(model_folder), type="custom_model"))
        assert made.version == wanted
    assert ml_client.models.get(name, label="latest").version == "2"
    assert ml_client.models.get(name, version=1).version == "1"


def test_a_download_gives_the_files_back(ml_client, model_folder, unique_name, tmp_path):
    name = unique_name("fetched")
    ml_client.models.create_or_update(Model(name=name, path=str(model_folder), type="mlflow_model", version="1"))
    ml_client.models.download(name, version="1", download_path=str(tmp_path / "back"))
    found = {path.name: path.read_bytes() for path in (tmp_path / "back").rglob("*") if path.is_file()}
    assert found == {"MLmodel": ML_MODEL.encode(), "model.pkl": b"not really a pickle"}


def test_a_model_is_registered_from_the_artifacts_of_a_job(ml_client, wire, unique_name, tmp_path):
    job = complete(ml_client, wire, shell_job("mkdir -p outputs/model && echo weights > outputs/model/weights.txt"))
    name = unique_name("from-job")
    path = f"azureml://jobs/{job.name}/outputs/artifacts/paths/outputs/model/"
    ml_client.models.create_or_update(Model(name=name, path=path, type="custom_model", version="1"))
    ml_client.models.download(name, version="1", download_path=str(tmp_path))
    assert [path.read_text() for path in tmp_path.rglob("weights.txt")] == ["weights\n"]


def test_lists_and_archive_follow_the_other_assets(ml_client, model_folder, unique_name):
    name = unique_name("listed")
    ml_client.models.create_or_update(Model(name=name, path=str(model_folder), type="custom_model", version="1"))
    assert name in {model.name for model in ml_client.models.list()}
    ml_client.models.archive(name, version="1")
    assert list(ml_client.models.list(name)) == []
    ml_client.models.restore(name, version="1")
    assert [model.version for model in ml_client.models.list(name)] == ["1"]


def test_an_unknown_model_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no-such-model"):
        ml_client.models.get("no-such-model", version="1")


def test_every_reply_has_a_map_of_flavors(ml_client, wire, model_folder, unique_name):
    uploaded = ml_client.models.create_or_update(Model(name=unique_name("m"), path=str(model_folder), version="1"))
    name = unique_name("bare")
    body = {"properties": {"modelType": "custom_model", "modelUri": uploaded.path}}
    assert wire.put(f"models/{name}/versions/1", body).json()["properties"]["flavors"] == {}
    assert wire.get(f"models/{name}/versions/1").json()["properties"]["flavors"] == {}
