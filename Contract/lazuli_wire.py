"""Plain HTTP to a server, for what no stock client would ever send."""

from __future__ import annotations

from typing import Any

import requests

from lazuli_server import LazuliServer

VERSION = "2024-10-01-preview"
PATIENCE = 30
"""Seconds after which a request counts as hung."""


class Wire:
    """Requests with the owner's token unless another, or none (`token=""`), is given."""

    def __init__(self, server: LazuliServer) -> None:
        self.server = server
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = server.exports["REQUESTS_CA_BUNDLE"]
        self._own_token: str | None = None

    @property
    def own_token(self) -> str:
        """The owner's token for the management plane, fetched once."""
        if self._own_token is None:
            self._own_token = self.managed_identity_token(self.server.api)
        return self._own_token

    def managed_identity_token(self, resource: str) -> str:
        """A token by the managed-identity protocol (contract A3)."""
        reply = self._session.get(
            self.server.exports["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": resource},
            headers={"X-IDENTITY-HEADER": self.server.exports["IDENTITY_HEADER"]},
            timeout=PATIENCE,
        )
        reply.raise_for_status()
        return reply.json()["access_token"]

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        data: bytes | str | None = None,
    ) -> requests.Response:
        """Send to an absolute URL or to a path of the management plane."""
        bearer = self.own_token if token is None else token
        sent = dict(headers or {})
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        return self._session.request(
            method,
            path if path.startswith("http") else self.server.api + path,
            params=None if path.startswith("http") else {"api-version": VERSION} | (query or {}),
            json=body,
            data=data,
            headers=sent,
            timeout=PATIENCE,
        )

    def here(self, path: str) -> str:
        """The path of something in the default workspace."""
        return f"{self.server.workspace_path}/{path}"

    def history(self, path: str) -> str:
        """The path of something in the run history of the default workspace."""
        return f"/history/v1.0{self.server.workspace_path}/{path}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.send("GET", self.here(path), **options)

    def put(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.send("PUT", self.here(path), body, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.send("POST", self.here(path), body, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.send("DELETE", self.here(path), **options)


def error_of(reply: requests.Response) -> dict[str, Any]:
    """The `error` member of an ARM error body; fails when the reply has none."""
    body = reply.json()
    assert set(body) == {"error"}, f"{reply.status_code}: not an ARM error body: {body}"
    assert body["error"]["code"], body
    assert body["error"]["message"], body
    return body["error"]


def all_messages(error: dict[str, Any]) -> str:
    """The message of an error and of all its details, one a line."""
    return "\n".join([error["message"], *(all_messages(detail) for detail in error.get("details", []))])


def all_targets(error: dict[str, Any]) -> set[str]:
    """The places that an error and all its details point to."""
    return {error.get("target", "")}.union(*(all_targets(detail) for detail in error.get("details", [])))
