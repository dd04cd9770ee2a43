"""Serves a model that works on one request after another, on the main thread, as `init` did."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from struct import Struct
from typing import Any, Callable

from lazuli_worker.failure import say
from lazuli_worker.frames import DESCRIBE, SCORE, append_reply
from lazuli_worker.inbox import Inbox, Request
from lazuli_worker.progress import IDLE, clock
from lazuli_worker.scorer import Scorer

HOLD = 1_000_000  # nanoseconds that an answer may wait for the next ones of its burst
FADING = 0.98  # of what is expected of a run: one slow run keeps the next hundred from being held back for
SEND_TIMEOUT = Struct("@ll").pack(30, 0)  # for a gateway that is there but reads nothing
DRAIN_SECONDS = 10.0
POLL_MILLISECONDS = 5000  # only for a signal that falls between a look at the flag and the wait


class SerialServer:
    """Reads bursts of frames, scores them in order and sends their answers together when they are quick."""

    def __init__(self, bind: Callable[[], socket.socket], scorer: Scorer, progress: Any) -> None:
        self.bind = bind
        self.scorer = scorer
        self.progress = progress
        self.poll = select.poll()
        self.connections: dict[int, socket.socket] = {}
        self.inboxes: dict[int, Inbox] = {}
        self.ending = False
        self.expected = HOLD  # nanoseconds that the next run may take, as far as the last ones tell

    def run(self) -> None:
        """Until SIGTERM; then answers what has been taken in."""
        waker, wake = os.pipe()
        for end in (waker, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGTERM, lambda *_: self.end(wake))
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.poll.register(waker, select.POLLIN)
        self.listener = self.bind()  # from here on we may be told to end
        self.poll.register(self.listener, select.POLLIN)
        while not self.ending:
            for number, _ in self.poll.poll(POLL_MILLISECONDS):
                if number in self.connections:
                    self.read(number)
                elif number == waker:
                    os.read(waker, 4096)
                else:
                    self.accept()
        self.drain()

    def end(self, wake: int) -> None:
        self.ending = True
        with contextlib.suppress(BlockingIOError):  # It is full: the poll wakes anyway.
            os.write(wake, b"\0")

    def accept(self) -> None:
        try:
            connection, _ = self.listener.accept()
        except OSError:  # The gateway went before we came to it.
            return
        connection.setblocking(True)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, SEND_TIMEOUT)
        self.connections[connection.fileno()] = connection
        self.inboxes[connection.fileno()] = Inbox()
        self.poll.register(connection, select.POLLIN)

    def read(self, number: int) -> bool:
        """Takes in what a connection holds and answers it. False: there was nothing."""
        connection, inbox = self.connections[number], self.inboxes[number]
        try:
            if not inbox.receive(connection):
                self.drop(number)
                return False
            self.work(connection, inbox)
        except BlockingIOError:
            return False
        except ValueError as error:
            say(f"The gateway sent {error}; its connection is closed.")
            self.drop(number)
        except OSError:  # It has gone; nobody waits for these answers any more.
            self.drop(number)
        return True

    def work(self, connection: socket.socket, inbox: Inbox) -> None:
        """Scores every whole request in the inbox.

        Raises OSError when the answers find no taker (BlockingIOError never leaves here: that is for reading).
        """
        parts: list[bytes] = []
        progress = self.progress
        since = 0
        try:
            for request in inbox.requests():
                began = clock()
                if parts and began - since + self.expected > HOLD:
                    self.send(connection, parts)
                progress[1] = began
                progress[0] = request[0] + 1
                self.score(request, parts)
                done = clock()
                self.expected = max(done - began, int(self.expected * FADING))
                if len(parts) <= 3:
                    since = done
        finally:
            progress[0] = IDLE
        if parts:
            self.send(connection, parts)

    def score(self, request: Request, parts: list[bytes]) -> None:
        number, kind, head, body = request
        if kind == SCORE:
            append_reply(parts, number, self.scorer.score(head, body))
        elif kind == DESCRIBE:
            append_reply(parts, number, self.scorer.interface())
        else:
            raise ValueError(f"a frame of the unknown kind {kind}")

    def send(self, connection: socket.socket, parts: list[bytes]) -> None:
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        parts.clear()
        try:
            connection.sendall(data)
        except BlockingIOError as error:
            raise OSError("the gateway takes no answers") from error

    def drop(self, number: int) -> None:
        connection = self.connections.pop(number)
        del self.inboxes[number]
        self.poll.unregister(number)
        connection.close()

    def drain(self) -> None:
        """Answers what the sockets still hold, takes no new connection."""
        self.listener.close()
        until = time.monotonic() + DRAIN_SECONDS
        for number in list(self.connections):
            while time.monotonic() < until and number in self.connections and self.read(number):
                pass
