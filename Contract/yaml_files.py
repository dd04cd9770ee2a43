"""YAML files in the form `az ml` reads; each exercises what one of the public samples does."""

from __future__ import annotations

from pathlib import Path

HELLO = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: echo "hello world"
environment: azureml:AzureML-minimal@latest
"""

VARIABLE = """\
command: echo "value is $lazuli_word"
environment: azureml:AzureML-minimal@latest
environment_variables:
  lazuli_word: lapis
"""

INPUTS = """\
command: |
  echo "first ${{inputs.word}}"
  echo "then <${{inputs.number}}>"
environment: azureml:AzureML-minimal@latest
inputs:
  word: "hello world"
  number: 42
"""

OUTPUT = """\
command: echo "made here" > ${{outputs.made}}/made.txt
environment: azureml:AzureML-minimal@latest
outputs:
  made:
"""

CODE = """\
command: ls
code: src
environment: azureml:AzureML-minimal@latest
"""

CHOSEN_FILE = """\
command: echo -n world > ${{outputs.made}}
environment: azureml:AzureML-minimal@latest
outputs:
  made:
    type: uri_file
    path: azureml://datastores/workspaceblobstore/paths/chosen/${{name}}/made.txt
    mode: rw_mount
"""

MODEL_INPUT = """\
command: ls ${{inputs.model}}
environment: azureml:AzureML-minimal@latest
inputs:
  model:
    type: mlflow_model
    path: model
"""

ASSETS = {
    "data": {
        "file": "$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\n"
        "name: {name}\ndescription: one file\ntype: uri_file\npath: rows.csv\n",
        "folder": "name: {name}\ntype: uri_folder\npath: folder\n",
        "mltable": "name: {name}\ntype: mltable\npath: table\n",
    },
    "environment": {
        "image": "name: {name}\nimage: ubuntu:22.04\ndescription: an image\n",
        "conda": "name: {name}\nimage: ubuntu:22.04\nconda_file: conda.yml\n",
    },
    "model": {
        "file": "name: {name}\npath: weights.bin\ntype: custom_model\n",
        "mlflow": "name: {name}\npath: model\ntype: mlflow_model\n",
    },
    "component": {
        "command": "name: {name}\nversion: 1\ntype: command\ncommand: echo ${{{{inputs.word}}}}\n"
        "environment: azureml:AzureML-minimal@latest\ninputs:\n  word:\n    type: string\n    default: lapis\n",
    },
    "compute": {
        "cluster": "name: {name}\ntype: amlcompute\nsize: STANDARD_DS3_v2\nmin_instances: 0\nmax_instances: 2\n"
        "idle_time_before_scale_down: 120\n",
        "instance": "name: {name}\ntype: computeinstance\nsize: STANDARD_DS3_v2\n",
    },
    "datastore": {
        "blob": "name: {name}\ntype: azure_blob\ndescription: a store\naccount_name: mytestblobstore\n"
        "container_name: data-container\ncredentials:\n  account_key: c29tZSBrZXk=\n",
    },
    "workspace": {"basic": "name: {name}\nlocation: local\ndisplay_name: Basic\ndescription: of YAML\n"},
}
"""For each group of `az ml`, a file of each shape: the public samples' assets and resources."""

VERSIONED = ("data", "environment", "model", "component")


def write_neighbours(folder: Path) -> None:
    """What the files above point to, by paths relative to the file."""
    contents = {
        "rows.csv": "a,b\n1,2\n",
        "folder/one.csv": "1\n",
        "table/MLTable": "type: mltable\npaths:\n  - pattern: ./*.csv\n",
        "table/rows.csv": "a,b\n1,2\n",
        "conda.yml": "name: small\ndependencies:\n  - python=3.11\n",
        "weights.bin": "weights\n",
        "model/MLmodel": "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n",
        "src/hello.py": "print('hello')\n",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
