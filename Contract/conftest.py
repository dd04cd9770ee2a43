"""One server for the whole run. It must be up before any test module imports `azure.ai.ml`, which reads the cloud's
metadata while it is imported; so it is started when pytest is configured, not by a fixture."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lazuli_server import LazuliServer
from lazuli_wire import Wire

if TYPE_CHECKING:
    from azure.ai.ml import MLClient

SERVER = pytest.StashKey[LazuliServer]()
LOG_OFFSET = pytest.StashKey[int]()
FOREIGN_CREDENTIALS = ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID", "NETRC")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server and put its exports into the environment, as `eval "$(lazuli env)"` would."""
    if config.option.collectonly:
        return
    server = LazuliServer(Path(tempfile.mkdtemp(prefix="lazuli-contract-")) / "home")
    config.stash[SERVER] = server
    server.start()
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # The client would call its makers.
    for name in FOREIGN_CREDENTIALS:
        os.environ.pop(name, None)
    os.environ.update(server.exports)


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is None or server.process is None:
        return
    server.stop()
    if os.environ.get("LAZULI_KEEP_HOME"):
        print(f"\nThe server's state folder and log are kept in {server.home.parent}")
    else:
        shutil.rmtree(server.home.parent, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[Any]:
    """A test that fails shows what the server wrote meanwhile."""
    report = yield
    server = item.config.stash.get(SERVER, None)
    if server is not None and call.when == "setup":
        item.stash[LOG_OFFSET] = server.log_size()
    if server is not None and report.failed:
        report.sections.append(("server log", server.log_since(item.stash.get(LOG_OFFSET, 0))[-8000:]))
    return report


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> LazuliServer:
    return pytestconfig.stash[SERVER]


@pytest.fixture(scope="session")
def wire(server: LazuliServer) -> Wire:
    return Wire(server)


@pytest.fixture(scope="session")
def client_for(server: LazuliServer) -> Callable[..., MLClient]:
    """Makes an MLClient of the default workspace (or another) for a credential."""

    def make(credential: Any, workspace: str | None = None) -> MLClient:
        from azure.ai.ml import MLClient

        return MLClient(credential, server.subscription, server.resource_group, workspace or server.workspace)

    return make


@pytest.fixture(scope="session")
def ml_client(client_for: Callable[..., MLClient]) -> MLClient:
    """The stock client, signed in as the owner the way an unmodified script does it."""
    from azure.identity import DefaultAzureCredential

    return client_for(DefaultAzureCredential())


@pytest.fixture
def unique_name() -> Callable[[str], str]:
    """Makes names nobody else uses: `unique_name("data")` gives `data-1f0c9a2b`."""
    return lambda word: f"{word}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is also the current one; the stock client names experiments after it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
