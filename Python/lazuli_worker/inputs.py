"""How `run` wants its input: the body as text, the request itself, or the members of a JSON object."""

from __future__ import annotations

import inspect
import json
from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

from lazuli_worker import amlrequest
from lazuli_worker.amlrequest import AMLRequest
from lazuli_worker.amlresponse import AMLResponse
from lazuli_worker.answers import RefusedError
from lazuli_worker.failure import StartError
from lazuli_worker.httphead import HTTPHead, is_json, is_post
from lazuli_worker.interface import is_schema_decorated

Invoke = Callable[[memoryview, memoryview], Any]
Run = Callable[..., Any]
REQUEST_HEADERS = "request_headers"
ROUTED = {"GET", "HEAD", "OPTIONS", "POST"}


def input_for(run: Run, file: str) -> Invoke:
    """A function of head and body that calls `run`. Raises StartError when `run` cannot take an input."""
    parameters = list(inspect.signature(run).parameters.values())
    wants_headers = any(each.name == REQUEST_HEADERS for each in parameters)
    inputs = [each for each in parameters if each.name != REQUEST_HEADERS]
    if not inputs:
        raise StartError(
            f"run() of the scoring script {file} takes no input. It needs a parameter, like run(raw_data)."
        )
    decorated = is_schema_decorated(run)
    if amlrequest.raw_http_requested and decorated:
        raise StartError(f"run() of the scoring script {file} bears both @rawhttp and @input_schema. Choose one.")
    if wants_headers:
        run = with_headers(run, inputs[0])
    if amlrequest.raw_http_requested:
        return raw_input(run, wants_headers)
    if decorated:
        return schema_input(run, inputs, wants_headers)
    return text_input(run, wants_headers)


def with_headers(run: Run, first: inspect.Parameter) -> Run:
    """`run` with its input first and the headers by name, wherever the script has put them."""
    if first.kind in (first.POSITIONAL_ONLY, first.VAR_POSITIONAL):
        return run

    def call(*values: Any, **named: Any) -> Any:
        if values:
            named[first.name] = values[0]
        return run(**named)

    return call


def text_input(run: Run, wants_headers: bool) -> Invoke:
    """For a plain `run(raw_data)`: the body as text; what it holds is the script's affair."""

    def invoke(head: memoryview, body: memoryview) -> Any:
        text = body_text(body) if is_post(head) else query_text(head)
        if wants_headers:
            return run(text, request_headers=HTTPHead(head).as_dictionary())
        return run(text)

    return invoke


def body_text(body: memoryview) -> str:
    try:
        return str(body, "utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"Input cannot be decoded as UTF-8: {error}") from None


def query_text(head: memoryview) -> str:
    return json.dumps(query_members(HTTPHead(head)))


def raw_input(run: Run, wants_headers: bool) -> Invoke:
    """For `@rawhttp`: the request itself, GET and OPTIONS too."""

    def invoke(head: memoryview, body: memoryview) -> Any:
        request = AMLRequest(bytes(head), bytes(body))
        check_method(request.method)
        if wants_headers:
            return run(request, request_headers=HTTPHead(head).as_dictionary())
        return run(request)

    return invoke


def schema_input(run: Run, parameters: list[inspect.Parameter], wants_headers: bool) -> Invoke:
    """For `@input_schema`: the members of the JSON object under the parameters' names."""

    def invoke(head: memoryview, body: memoryview) -> Any:
        parsed = HTTPHead(head)
        members = json_members(parsed, body) if is_post(head) else query_members(parsed)
        named = {}
        for each in parameters:
            value = members.get(each.name, each.default)
            if value is inspect.Parameter.empty:
                raise RefusedError(400, f"A value is not provided for the {each.name!r} parameter.")
            named[each.name] = value
        if wants_headers:
            named[REQUEST_HEADERS] = parsed.as_dictionary()
        return run(**named)

    return invoke


def json_members(head: HTTPHead, body: memoryview) -> dict[str, Any]:
    """The body as a JSON object; a client that names no type at all is believed to send JSON."""
    if not is_json(head.get("content-type", "application/json")):
        raise RefusedError(415, "Expects Content-Type to be application/json")
    if not body:
        raise RefusedError(400, "POST body is empty. Expecting a JSON dictionary.")
    try:
        members = json.loads(bytes(body))
    except json.JSONDecodeError as error:
        raise RefusedError(400, f"POST body could not be decoded as JSON: {error}") from None
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"Input cannot be decoded as UTF-8: {error}") from None
    if not isinstance(members, dict):
        raise RefusedError(400, "POST body should be a JSON dictionary.")
    return members


def query_members(head: HTTPHead) -> dict[str, Any]:
    """GET: the query as if it were the body's members, each value JSON if it can be read so.

    Raises RefusedError for methods that no scoring script knows; OPTIONS is answered with nothing, in good order.
    """
    if head.method == "OPTIONS":
        refused = RefusedError(200, "")
        empty = AMLResponse("", 200)
        refused.reply = (200, empty.header_lines(), empty.get_data())
        raise refused
    if head.method == "HEAD":
        raise RefusedError(405, "Method not allowed")
    check_method(head.method)
    query = parse_qs(urlsplit(head.target).query, keep_blank_values=True)
    read = {name: [json_or_text(each) for each in values] for name, values in query.items()}
    return {name: values[0] if len(values) == 1 else values for name, values in read.items()}


def check_method(method: str) -> None:
    """Raises RefusedError for a method that Azure's server has no route for."""
    if method not in ROUTED:
        raise RefusedError(405, "The method is not allowed for the requested URL.")


def json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
