"""The answer that a script makes itself."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from typing import Any

from lazuli_worker.multivalues import Headers

TEXT_TYPE = "text/html; charset=utf-8"
JSON_TYPE = "application/json"


class AMLResponse:
    """Status, headers and body as they go out.

    `message` is text, bytes or an iterable of either; with `json_str` anything that JSON can say; None gives `{}`.
    A header value with commas becomes several lines.
    """

    def __init__(
        self,
        message: Any,
        status_code: int,
        response_headers: dict[str, str] | None = None,
        json_str: bool = False,
        run_function_failed: bool = False,
    ) -> None:
        given = response_headers or {}
        self.status_code = int(status_code)
        self.headers = Headers()
        if message is None or json_str:
            self.set_data(json.dumps({} if message is None else message))
            self.headers.add("Content-Type", JSON_TYPE)
        else:
            self.set_data(message)
            if "Content-Type" not in given:
                self.headers.add("Content-Type", TEXT_TYPE)
        self.headers["x-ms-run-function-failed"] = run_function_failed
        for name, value in given.items():
            for each in value.split(","):
                self.headers.add(name, each.strip())

    # The body

    def set_data(self, value: Any) -> None:
        """Raises TypeError for what is neither text nor bytes nor an iterable of them."""
        self._data = whole(value)

    def get_data(self, as_text: bool = False) -> Any:
        return self._data.decode("utf-8", "replace") if as_text else self._data

    data = property(get_data, set_data)

    @property
    def json(self) -> Any:
        return self.get_json()

    def get_json(self, force: bool = False, silent: bool = False) -> Any:
        try:
            return json.loads(self._data)
        except ValueError:
            if silent:
                return None
            raise

    # What it says of itself

    @property
    def status(self) -> str:
        return str(self.status_code)

    @property
    def content_type(self) -> str | None:
        return self.headers.get("Content-Type")

    @content_type.setter
    def content_type(self, value: str) -> None:
        self.headers["Content-Type"] = value

    @property
    def mimetype(self) -> str:
        return (self.content_type or "").split(";")[0].strip().lower()

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.content_type = f"{value}; charset=utf-8" if value.startswith("text/") else value

    def set_cookie(self, key: str, value: str = "", **attributes: Any) -> None:
        """Adds a Set-Cookie line; attributes are those of `http.cookies`, with `_` for `-`."""
        cookie = SimpleCookie()
        cookie[key] = value
        attributes.setdefault("path", "/")
        for name, each in attributes.items():
            if each is not None and each is not False:
                cookie[key][name.replace("_", "-")] = each
        self.headers.add("Set-Cookie", cookie[key].OutputString())

    def header_lines(self) -> bytes:
        """The header lines as a frame bears them."""
        return "".join(f"{name}: {value}\r\n" for name, value in self.headers).encode("latin-1", "replace")


def whole(value: Any) -> bytes:
    """Text, bytes or an iterable of them in one piece."""
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    return b"".join(whole(each) for each in value)
