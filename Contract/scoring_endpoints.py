"""Online endpoints of the tests: made by the stock client, called with plain HTTP as a consumer calls them."""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    CodeConfiguration,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    OnlineRequestSettings,
)

from running_jobs import MINIMAL
from waiting import wait_until

HEADER = "azureml-model-deployment"
ECHO = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


class OnlineEndpoint:
    """One endpoint and its deployments; `ask` is what a consumer with the key does."""

    def __init__(self, ml_client: MLClient, folder: Path, name: str, auth_mode: str = "key") -> None:
        self.ml_client = ml_client
        self.folder = folder
        wanted = ManagedOnlineEndpoint(name=name, auth_mode=auth_mode)
        made = ml_client.online_endpoints.begin_create_or_update(wanted).result()
        self.name: str = made.name
        self.uri: str = made.scoring_uri
        keys = ml_client.online_endpoints.get_keys(name)
        self.key: str = keys.primary_key if auth_mode == "key" else keys.access_token
        self.session = requests.Session()
        self.session.trust_env = False

    # Deployments

    def deployment(self, name: str, script: str, **options: Any) -> ManagedOnlineDeployment:
        """A deployment of a scoring script given as text; `timeout`, `queue_wait` (ms) and `at_once` are its limits."""
        code = self.folder / f"code-{uuid.uuid4().hex[:8]}"
        code.mkdir()
        (code / "score.py").write_text(textwrap.dedent(script))
        limits = {
            "request_timeout_ms": options.pop("timeout", 5000),
            "max_queue_wait_ms": options.pop("queue_wait", 5000),
            "max_concurrent_requests_per_instance": options.pop("at_once", 1),
        }
        usual = {"environment": MINIMAL, "instance_type": "Standard_DS2_v2", "instance_count": 1}
        return ManagedOnlineDeployment(
            name=name,
            endpoint_name=self.name,
            code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
            request_settings=OnlineRequestSettings(**limits),
            **(usual | options),
        )

    def deploy(self, name: str, script: str = ECHO, **options: Any) -> ManagedOnlineDeployment:
        """Creates or updates a deployment and waits until it serves."""
        wanted = self.deployment(name, script, **options)
        return self.ml_client.online_deployments.begin_create_or_update(wanted, skip_script_validation=True).result()

    def send_traffic(self, **shares: int) -> None:
        self.update(traffic=shares)

    def update(self, **members: Any) -> None:
        """Changes members of the endpoint, as `begin_create_or_update` of a read one does."""
        stored = self.ml_client.online_endpoints.get(self.name)
        for member, value in members.items():
            setattr(stored, member, value)
        self.ml_client.online_endpoints.begin_create_or_update(stored).result()

    def logs(self, deployment: str, lines: int = 200) -> str:
        return self.ml_client.online_deployments.get_logs(deployment, self.name, lines)

    # Calls

    def ask(
        self,
        body: str | bytes = "{}",
        deployment: str | None = None,
        method: str = "POST",
        query: str = "",
        **options: Any,
    ) -> requests.Response:
        """One call with the key; `headers` are added, None as a value takes one away."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if deployment:
            headers[HEADER] = deployment
        headers |= options.pop("headers", {})
        data = body.encode() if isinstance(body, str) else body
        return self.session.request(
            method, self.uri + query, data=data, headers=headers, timeout=options.pop("patience", 60), **options
        )

    def at_once(self, count: int, threads: int, **options: Any) -> list[requests.Response]:
        """The replies to many calls, `threads` of them under way at any time."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda _: self.ask(**options), range(count)))

    def answers(self, count: int, threads: int = 4, deployment: str | None = None) -> list[tuple[int, str]]:
        """Status and answering deployment of many calls, made over a few connections as fast as they are answered."""
        with ThreadPoolExecutor(threads) as pool:
            parts = pool.map(lambda _: list(self.calls(count // threads, deployment)), range(threads))
            return [each for part in parts for each in part]

    def calls(self, count: int, deployment: str | None = None) -> Iterator[tuple[int, str]]:
        split = urlsplit(self.uri)
        connection = HTTPConnection(split.netloc, timeout=60)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if deployment:
            headers[HEADER] = deployment
        for _ in range(count):
            connection.request("POST", split.path, b"{}", headers)
            reply = connection.getresponse()
            reply.read()
            yield reply.status, reply.headers.get(HEADER, "")
        connection.close()

    def becomes(self, deployment: str, status: int = 200, seconds: float = 60) -> requests.Response:
        """Waits until calls are answered with a status."""

        def look() -> requests.Response | None:
            reply = self.ask(deployment=deployment)
            return reply if reply.status_code == status else None

        return wait_until(look, f"{deployment} of {self.name} answers {status}", seconds)

    def delete(self) -> None:
        self.session.close()
        self.ml_client.online_endpoints.begin_delete(self.name).wait()
