"""A program as somebody wrote it for the cloud: its own host names, a client secret, no word of this server. The proxy
test runs it in a process of its own, for the stock client reads the cloud's settings while it is imported."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    from azure.ai.ml import MLClient, command
    from azure.ai.ml.constants import AssetTypes
    from azure.ai.ml.entities import Data, ManagedOnlineEndpoint
    from azure.identity import ClientSecretCredential

    tenant, client, secret = "72f988bf-86f1-41af-91ab-2d7cd011db47", *sys.argv[1:3]
    workspace = (
        os.environ["AZURE_SUBSCRIPTION_ID"],
        os.environ["LAZULI_RESOURCE_GROUP"],
        os.environ["LAZULI_WORKSPACE"],
    )
    ml_client = MLClient(ClientSecretCredential(tenant, client, secret), *workspace)
    Path("rows.csv").write_text("a,b\n1,2\n")
    data = ml_client.data.create_or_update(Data(name="proxied", path="rows.csv", type=AssetTypes.URI_FILE))
    Path("src").mkdir()
    Path("src/train.py").write_text("print('trained by way of the proxy')\n")
    job = ml_client.jobs.create_or_update(
        command(code="src", command="python train.py", environment="AzureML-minimal@latest")
    )
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path="back")
    ml_client.begin_create_or_update(ManagedOnlineEndpoint(name=sys.argv[3], auth_mode="key")).result()
    print(
        json.dumps(
            {
                "arm": ml_client._base_url,
                "data": data.path,
                "status": ml_client.jobs.get(job.name).status,
                "log": "".join(path.read_text() for path in Path("back").rglob("*.txt")),
                "endpoints": [endpoint.name for endpoint in ml_client.online_endpoints.list()],
            }
        ),
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
