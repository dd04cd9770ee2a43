"""From what `run` returned to what goes out."""

from __future__ import annotations

import json
from typing import Any

from lazuli_worker.frames import Reply

SUCCESS = b"Content-Type: application/json\r\nx-ms-run-function-failed: False\r\nx-ms-run-fn-exec-ms: %.3f\r\n"
FAILED = "Content-Type: application/json\r\nx-ms-run-function-failed: {}\r\n"
OURS = {"content-length", "connection", "transfer-encoding"}  # the gateway writes these itself
BODILESS = {204, 304}


class RefusedError(Exception):
    """A request that is answered without the user's code: a client's fault. `reply` is what goes out."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.reply = message_reply(status, message)


class UnencodableError(Exception):
    """What `run` returned cannot be written as JSON; the message says what to return instead."""


def message_reply(status: int, message: str, run_failed: bool = False) -> Reply:
    """An error answer as Azure's server words it: `{"message": …}`."""
    return status, FAILED.format(run_failed).encode(), json.dumps({"message": message}).encode()


def answer(result: Any, seconds: float) -> Reply:
    """The reply for what `run` returned: a response as it is, all else as JSON (a `str` too), None as `{}`.

    Raises UnencodableError when the result is neither.
    """
    if hasattr(result, "get_data"):
        return response_reply(result, seconds)
    try:
        body = b"{}" if result is None else json.dumps(result).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UnencodableError(advice(result, error)) from error
    return 200, SUCCESS % (seconds * 1000), body


def response_reply(response: Any, seconds: float) -> Reply:
    """The reply for an AMLResponse or a Flask response, ours or the package's."""
    headers = [(name, str(value)) for name, value in response.headers.items() if name.lower() not in OURS]
    status = int(response.status_code)
    if status >= 500:
        headers = [pair for pair in headers if pair[0].lower() != "x-ms-run-function-failed"]
        headers.append(("x-ms-run-function-failed", "True"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    lines += f"x-ms-run-fn-exec-ms: {seconds * 1000:.3f}\r\n"
    body = b"" if status in BODILESS else bytes(response.get_data())
    return status, lines.encode("latin-1", "replace"), body


def advice(result: Any, error: BaseException) -> str:
    """What to do about a result that is no JSON."""
    kind = type(result)
    name = f"{kind.__module__}.{kind.__qualname__}".replace("builtins.", "")
    if hasattr(result, "tolist"):
        hint = "Return its tolist()."
    elif hasattr(result, "to_dict"):
        hint = "Return its to_dict(orient='records')."
    elif kind.__name__ == "coroutine":
        hint = "Declare run() itself with async def."
    elif isinstance(result, (bytes, bytearray, memoryview)):
        hint = "Return AMLResponse(data, 200, {'Content-Type': …}) for bytes."
    else:
        hint = "Return dict, list, str, numbers, None, or an AMLResponse."
    return f"run() returned {name}, which cannot be written as JSON: {error}. {hint}"
