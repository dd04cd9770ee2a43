"""Submit a job with the stock SDK and follow it to its end. Nothing in here knows of Lazuli.

eval "$(lazuli env)"
lazuli env --write-config
python submit_with_sdk.py
"""

from azure.ai.ml import MLClient, command
from azure.identity import DefaultAzureCredential

ml_client = MLClient.from_config(DefaultAzureCredential())

job = command(
    display_name="Count to a number",
    experiment_name="samples",
    command="for i in $(seq ${{inputs.last}}); do echo $i; sleep 1; done",
    inputs={"last": 3},
    environment="AzureML-minimal@latest",
)
submitted = ml_client.jobs.create_or_update(job)
ml_client.jobs.stream(submitted.name)
print(submitted.name, "has ended:", ml_client.jobs.get(submitted.name).status)
