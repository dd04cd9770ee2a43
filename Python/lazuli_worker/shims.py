"""Makes the modules importable from which scripts take `rawhttp`, `AMLRequest` and `AMLResponse`.

Ours stand before the real packages: a script behaves the same whether its environment has them or not, and does not
wait for Flask to load. Every other module of those packages is left alone; their parents are made up only where they
are missing.
"""

from __future__ import annotations

import importlib.machinery
import sys
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import Any, Sequence

from lazuli_worker.amlrequest import AMLRequest, rawhttp
from lazuli_worker.amlresponse import AMLResponse

REQUEST = {"AMLRequest": AMLRequest, "rawhttp": rawhttp}
RESPONSE = {"AMLResponse": AMLResponse}
OURS: dict[str, dict[str, Any]] = {
    "azureml.contrib.services": {"rawhttp": rawhttp},
    "azureml.contrib.services.aml_request": REQUEST,
    "azureml.contrib.services.aml_response": RESPONSE,
    "azureml_inference_server_http.api.aml_request": REQUEST,
    "azureml_inference_server_http.api.aml_response": RESPONSE,
}
PARENTS = {"azureml", "azureml.contrib", "azureml_inference_server_http", "azureml_inference_server_http.api"}


class Shim(Loader):
    """Fills a module with what we offer under its name."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(self.members)


class Finder(MetaPathFinder):
    """Finds the modules named in `members`."""

    def __init__(self, members: dict[str, dict[str, Any]]) -> None:
        self.members = members

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.members:
            return None
        package = fullname in PARENTS or fullname == "azureml.contrib.services"
        return importlib.machinery.ModuleSpec(fullname, Shim(self.members[fullname]), is_package=package)


def install() -> None:
    """Ours before all, the parents after all."""
    sys.meta_path.insert(0, Finder(OURS))
    sys.meta_path.append(Finder({name: {} for name in PARENTS}))
