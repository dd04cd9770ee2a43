"""The progress file: tells the gateway which request is being worked on, so that it knows which one killed us."""

from __future__ import annotations

import mmap
import time
from typing import Any

try:
    clock = time.monotonic_ns  # CLOCK_MONOTONIC, the gateway's clock too
except AttributeError:  # pragma: no cover - Python 3.6

    def clock() -> int:
        return int(time.monotonic() * 1e9)


IDLE = 0
SEVERAL = 2**64 - 1
SIZE = 64


def open_progress(path: str) -> Any:
    """The two numbers of the progress file: [0] the request's id plus one, [1] when its work began (nanoseconds).

    Both are written as whole words of the machine (little-endian on every machine that this runs on), the id last.
    Without a path they are kept in memory. Raises OSError when the file is not there.
    """
    if not path:
        return memoryview(bytearray(SIZE)).cast("Q")
    with open(path, "r+b") as file:
        return memoryview(mmap.mmap(file.fileno(), SIZE)).cast("Q")
