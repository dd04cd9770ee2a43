"""What a server needs of a model: whatever kind it is of."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any, Awaitable, Callable

from lazuli_worker.answers import RefusedError, UnencodableError, answer, message_reply
from lazuli_worker.failure import ending, say
from lazuli_worker.frames import Reply
from lazuli_worker.httphead import HTTPHead

SCRIPT_FAILED = "An unexpected error occurred in scoring script. Check the logs for more info."
NOT_ENCODED = "An unexpected internal error occurred. Check the logs for more info."


class Scorer:
    """Scores requests with one loaded model.

    `invoke(head, body)` gives what the user's code returned (an awaitable if `concurrent`) and raises RefusedError for
    a request that the code is not to see; `encode(result, seconds)` makes the reply of it.
    """

    def __init__(
        self,
        invoke: Callable[[memoryview, memoryview], Any],
        describe: Callable[[], dict[str, Any]],
        concurrent: bool = False,
        encode: Callable[[Any, float], Reply] = answer,
    ) -> None:
        self.invoke = invoke
        self.describe = describe
        self.concurrent = concurrent
        self.encode = encode

    def score(self, head: memoryview, body: memoryview) -> Reply:
        """Never raises: what goes wrong becomes an answer, and a traceback in the log."""
        try:
            started = perf_counter()
            result = self.invoke(head, body)
            return self.encode(result, perf_counter() - started)
        except BaseException as error:
            return failure_reply(error, head)

    async def score_concurrently(self, head: memoryview, body: memoryview) -> Reply:
        """The same for a model whose code is awaited. Cancellation alone passes through."""
        from asyncio import CancelledError

        try:
            started = perf_counter()
            result = await as_awaitable(self.invoke(head, body))
            return self.encode(result, perf_counter() - started)
        except CancelledError:
            raise
        except BaseException as error:
            return failure_reply(error, head)

    def interface(self) -> Reply:
        """The reply to *describe*."""
        try:
            body = json.dumps({"openapi": self.describe()}, default=str)
        except Exception as error:
            say("The interface of the model cannot be described:", error)
            body = json.dumps({"openapi": {}})
        return 200, b"", body.encode()


async def as_awaitable(result: Awaitable[Any]) -> Any:
    return await result


def failure_reply(error: BaseException, head: memoryview) -> Reply:
    """The answer when there is no result; the user's traceback goes to the log, under the request's id."""
    if isinstance(error, RefusedError):
        return error.reply
    request = HTTPHead(head).get("x-ms-request-id", "without an id")
    if isinstance(error, UnencodableError):
        say(f"Request {request}: {error}")
        return message_reply(500, NOT_ENCODED)
    if isinstance(error, Exception):
        say(f"Request {request}: the scoring code failed:", error)
    else:
        say(f"Request {request}: the scoring code {ending(error)}, which is an error:", error)
    return message_reply(500, SCRIPT_FAILED, run_failed=True)
