"""The one place where a test waits: it asks again and again, up to a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], what: str, seconds: float = 60, pause: float = 0.1) -> Found:
    """Return the first true value of `look()`; fail with `what` in the message when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:g} s in vain for this: {what}. The last look gave {found!r}.")
        time.sleep(pause)
