"""Serves a model whose `run` is a coroutine: many requests at once on one event loop."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any, Callable

from lazuli_worker.failure import say
from lazuli_worker.frames import DESCRIBE, LENGTH, REQUEST, SCORE, Reply, append_reply
from lazuli_worker.progress import IDLE, SEVERAL, clock
from lazuli_worker.scorer import Scorer

DRAIN_SECONDS = 10.0
_loop: asyncio.AbstractEventLoop | None = None


def event_loop() -> asyncio.AbstractEventLoop:
    """The loop on which `init` (where it is a coroutine) and every `run` work: what one makes the other can await."""
    global _loop
    if _loop is None:
        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
    return _loop


def serve_concurrently(bind: Callable[[], socket.socket], scorer: Scorer, progress: Any) -> None:
    """Until SIGTERM; then awaits what is under way."""
    event_loop().run_until_complete(serve(bind, scorer, progress))


async def serve(bind: Callable[[], socket.socket], scorer: Scorer, progress: Any) -> None:
    loop = asyncio.get_event_loop()
    told = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    tasks = Tasks(progress)
    server = await loop.create_unix_server(lambda: Connection(scorer, tasks), sock=bind())
    await told.wait()
    server.close()
    await asyncio.sleep(0)
    if tasks.running:
        await asyncio.wait(tasks.running, timeout=DRAIN_SECONDS)


class Tasks:
    """What is under way, and the word of it in the progress file."""

    def __init__(self, progress: Any) -> None:
        self.progress = progress
        self.running: set[asyncio.Task[None]] = set()

    def add(self, task: asyncio.Task[None]) -> None:
        if not self.running:
            self.progress[1] = clock()
            self.progress[0] = SEVERAL
        self.running.add(task)
        task.add_done_callback(self.remove)

    def remove(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        if not self.running:
            self.progress[0] = IDLE


class Connection(asyncio.Protocol):
    """One connection of the gateway."""

    def __init__(self, scorer: Scorer, tasks: Tasks) -> None:
        self.scorer = scorer
        self.tasks = tasks
        self.held = bytearray()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.held += data
        start = 0
        while len(self.held) - start >= REQUEST.size:
            length, number, kind, _, _, head_length = REQUEST.unpack_from(self.held, start)
            end = start + LENGTH.size + length
            body = start + REQUEST.size + head_length
            if body > end or kind not in (SCORE, DESCRIBE):
                say("The gateway sent a frame that cannot be read; its connection is closed.")
                self.transport.abort()
                return
            if end > len(self.held):
                break
            self.begin(number, kind, bytes(self.held[start + REQUEST.size : body]), bytes(self.held[body:end]))
            start = end
        del self.held[:start]

    def begin(self, number: int, kind: int, head: bytes, body: bytes) -> None:
        if kind == DESCRIBE:
            self.send(number, self.scorer.interface())
        else:
            self.tasks.add(asyncio.get_event_loop().create_task(self.score(number, memoryview(head), memoryview(body))))

    async def score(self, number: int, head: memoryview, body: memoryview) -> None:
        self.send(number, await self.scorer.score_concurrently(head, body))

    def send(self, number: int, reply: Reply) -> None:
        parts: list[bytes] = []
        append_reply(parts, number, reply)
        self.transport.write(b"".join(parts))  # A gateway that has gone: the transport drops it.
