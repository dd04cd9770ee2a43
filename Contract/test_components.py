"""Contract B8: components."""

import pytest
from azure.ai.ml import load_component
from azure.core.exceptions import ResourceNotFoundError

TRAIN = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: {name}
version: "{version}"
display_name: Train
type: command
inputs:
  training_data:
    type: uri_folder
  learning_rate:
    type: number
    default: 0.1
  note:
    type: string
    optional: true
outputs:
  model_output:
    type: uri_folder
code: ./src
environment: azureml:AzureML-minimal@latest
command: >-
  python train.py --data ${{{{inputs.training_data}}}} --lr ${{{{inputs.learning_rate}}}}
  $[[--note ${{{{inputs.note}}}}]] --out ${{{{outputs.model_output}}}}
"""


@pytest.fixture
def written(folder, unique_name):
    """Writes a component's YAML beside its code and gives the file."""
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text("print('training')\n")
    name = unique_name("train").replace("-", "_")

    def write(version="1"):
        (folder / "train.yml").write_text(TRAIN.format(name=name, version=version))
        return folder / "train.yml"

    write.name = name
    return write


def test_a_component_of_yaml_is_registered_and_read_back(ml_client, written):
    ml_client.components.create_or_update(load_component(source=written()))
    stored = ml_client.components.get(written.name, version="1")
    assert stored.display_name == "Train"
    assert stored.inputs["learning_rate"]["default"] in ("0.1", 0.1)
    assert stored.inputs["note"]["optional"] is True
    assert stored.outputs["model_output"]["type"] == "uri_folder"
    assert "$[[--note" in stored.command


def test_no_version_means_the_newest(ml_client, written):
    for version in ("1", "2"):
        ml_client.components.create_or_update(load_component(source=written(version)))
    assert ml_client.components.get(written.name).version == "2"
    assert ml_client.components.get(written.name, label="latest").version == "2"


def test_components_are_listed_archived_and_restored(ml_client, written):
    ml_client.components.create_or_update(load_component(source=written()))
    assert written.name in {component.name for component in ml_client.components.list()}
    ml_client.components.archive(written.name, version="1")
    assert list(ml_client.components.list(written.name)) == []
    ml_client.components.restore(written.name, version="1")
    assert [component.version for component in ml_client.components.list(written.name)] == ["1"]


def test_an_unknown_component_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no_such_component"):
        ml_client.components.get("no_such_component", version="1")


def test_an_anonymous_component_may_be_sent_again(wire):
    path = "components/azureml_anonymous/versions/5f0d3c6e-0000-4000-8000-0000000000aa"
    spec = {
        "name": "azureml_anonymous",
        "version": "5f0d3c6e-0000-4000-8000-0000000000aa",
        "type": "command",
        "command": "echo x",
        "environment": "azureml:AzureML-minimal@latest",
    }
    body = {"properties": {"componentSpec": spec, "isAnonymous": True}}
    assert wire.put(path, body).status_code in (200, 201)
    assert wire.put(path, body).status_code == 200


def test_what_the_client_dumps_makes_the_same_component_again(ml_client, written, folder):
    made = ml_client.components.create_or_update(load_component(source=written()))
    ml_client.components.get(made.name, made.version).dump(folder / "dumped.yml")
    again = ml_client.components.create_or_update(load_component(source=folder / "dumped.yml"))
    assert again.id == made.id


def test_the_stored_specification_has_no_id(wire, ml_client, written):
    ml_client.components.create_or_update(load_component(source=written()))
    spec = wire.get(f"components/{written.name}/versions/1").json()["properties"]["componentSpec"]
    assert "id" not in spec
    assert (spec["name"], spec["version"]) == (written.name, "1")
