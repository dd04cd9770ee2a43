"""The request as a `@rawhttp` script sees it."""

from __future__ import annotations

import io
import json
from http.cookies import CookieError, SimpleCookie
from typing import Any, Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from lazuli_worker.httphead import HTTPHead, is_json
from lazuli_worker.multipart import parse_form
from lazuli_worker.multivalues import Headers, MultiValues

raw_http_requested = False
FORM_TYPE = "application/x-www-form-urlencoded"


def rawhttp(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a `run` that wants the request itself."""
    global raw_http_requested
    raw_http_requested = True
    return function


class AMLRequest:
    """An HTTP request with the members that scripts use: those of a Flask request, read when they are asked for."""

    def __init__(self, head: bytes = b"", body: bytes = b"") -> None:
        self._head = HTTPHead(head)
        self._body = body
        self._kept: dict[str, Any] = {}
        split = urlsplit(self._head.target)
        self.method: str = self._head.method
        self.path: str = unquote(split.path) or "/"
        self.query_string: bytes = split.query.encode("latin-1")
        self.scheme: str = self._head.get("x-forwarded-proto", "http")
        self.host: str = self._head.get("host", "localhost")

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    # Where it goes

    @property
    def full_path(self) -> str:
        return f"{self.path}?{self.query_string.decode('latin-1')}"

    @property
    def host_url(self) -> str:
        return f"{self.scheme}://{self.host}/"

    url_root = host_url

    @property
    def base_url(self) -> str:
        return self.host_url + self.path.lstrip("/")

    @property
    def url(self) -> str:
        query = self.query_string.decode("latin-1")
        return f"{self.base_url}?{query}" if query else self.base_url

    @property
    def args(self) -> MultiValues:
        pairs = parse_qsl(self.query_string.decode("latin-1"), keep_blank_values=True)
        return self._once("args", lambda: MultiValues(pairs))

    # What it says of itself

    @property
    def headers(self) -> Headers:
        return self._once("headers", lambda: Headers((name.title(), value) for name, value in self._head.headers))

    @property
    def cookies(self) -> MultiValues:
        return self._once("cookies", lambda: read_cookies(self._head.get("cookie")))

    @property
    def content_type(self) -> str | None:
        return self._head.get("content-type") or None

    @property
    def mimetype(self) -> str:
        return (self.content_type or "").split(";")[0].strip().lower()

    @property
    def content_length(self) -> int | None:
        return len(self._body)

    @property
    def is_json(self) -> bool:
        return is_json(self.content_type or "")

    @property
    def remote_addr(self) -> str:
        return self._head.get("x-forwarded-for").split(",")[0].strip() or "127.0.0.1"

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def authorization(self) -> None:
        """None: the gateway keeps credentials to itself."""
        return None

    @property
    def content_encoding(self) -> None:
        """None: the gateway has decoded the body."""
        return None

    @property
    def user_agent(self) -> str:
        return self._head.get("user-agent")

    # What it brings

    @property
    def data(self) -> bytes:
        """The body, unless it is a form: that is in `form` and `files`."""
        return b"" if self.mimetype in (FORM_TYPE, "multipart/form-data") else self._body

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def stream(self) -> io.BytesIO:
        return self._once("stream", lambda: io.BytesIO(self._body))

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON. Raises ValueError (unless `silent`) when it is none, or its type does not say JSON."""
        try:
            if not (force or self.is_json):
                raise ValueError(
                    "The request's Content-Type is not application/json; get_json(force=True) reads it anyway."
                )
            return self._once("json", lambda: json.loads(self._body))
        except ValueError:
            if silent:
                return None
            raise

    @property
    def json(self) -> Any:
        return self.get_json()

    @property
    def form(self) -> MultiValues:
        if self.mimetype == FORM_TYPE:
            pairs = parse_qsl(self._body.decode("utf-8", "replace"), keep_blank_values=True)
            return self._once("form", lambda: MultiValues(pairs))
        return MultiValues(self._parts()[0])

    @property
    def files(self) -> MultiValues:
        return self._once("files", lambda: MultiValues(self._parts()[1]))

    @property
    def values(self) -> MultiValues:
        both = [self.args, self.form] if self.method in ("POST", "PUT", "PATCH") else [self.args]
        return MultiValues((name, value) for each in both for name in each for value in each.getlist(name))

    def _parts(self) -> Any:
        if self.mimetype != "multipart/form-data":
            return [], []
        return self._once("parts", lambda: parse_form(self.content_type or "", self._body))

    def __repr__(self) -> str:
        return f"<AMLRequest {self.url!r} [{self.method}]>"


def read_cookies(text: str) -> MultiValues:
    try:
        return MultiValues((name, morsel.value) for name, morsel in SimpleCookie(text).items())
    except CookieError:
        return MultiValues()
