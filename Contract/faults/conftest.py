"""Servers of their own for tests that end them badly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lazuli_server import LazuliServer


@pytest.fixture
def fragile_server(tmp_path: Path) -> Iterator[Callable[..., LazuliServer]]:
    """Starts servers that a test may kill; what is left of them is stopped afterwards."""
    started: list[LazuliServer] = []

    def start(home: Path | None = None) -> LazuliServer:
        server = LazuliServer(home or tmp_path / f"home-{len(started)}").start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
