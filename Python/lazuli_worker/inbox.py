"""What has come in on one connection and is not yet worked on."""

from __future__ import annotations

import socket
from typing import Iterator, Tuple

from lazuli_worker.frames import LENGTH, REQUEST

USUAL_SIZE = 256 * 1024
Request = Tuple[int, int, memoryview, memoryview]
"""Id, kind, head and body; the views are valid until the next `receive`."""


class Inbox:
    """A buffer that is kept between reads: a burst of small requests costs one system call and no allocation."""

    __slots__ = ("buffer", "end", "start", "view")

    def __init__(self) -> None:
        self.start = 0
        self.end = 0
        self.use(bytearray(USUAL_SIZE))

    def use(self, buffer: bytearray) -> None:
        self.buffer = buffer
        self.view = memoryview(buffer)

    def receive(self, connection: socket.socket) -> bool:
        """Takes in what the socket holds, without waiting. False: the gateway has gone.

        Raises BlockingIOError when there is nothing to read and OSError when the connection broke.
        """
        self.make_room()
        count = connection.recv_into(self.view[self.end :], 0, socket.MSG_DONTWAIT)
        self.end += count
        return count > 0

    def make_room(self) -> None:
        """Moves a frame that came in part to the front, into a larger buffer if it needs one."""
        held = self.end - self.start
        wanted = LENGTH.size
        if held >= wanted:
            wanted += LENGTH.unpack_from(self.buffer, self.start)[0]
        size = max(wanted, USUAL_SIZE)
        if size != len(self.buffer) and (size > len(self.buffer) or held <= USUAL_SIZE):
            larger = bytearray(size)
            larger[:held] = self.view[self.start : self.end]
            self.use(larger)
        elif held and self.start:
            self.buffer[:held] = self.buffer[self.start : self.end]
        elif self.start == 0:
            return
        self.start, self.end = 0, held

    def requests(self) -> Iterator[Request]:
        """The requests that are here as a whole, in the order of arrival.

        Raises ValueError when what came cannot be a request.
        """
        view, buffer = self.view, self.buffer
        while self.end - self.start >= REQUEST.size:
            start = self.start
            length, number, kind, _, _, head_length = REQUEST.unpack_from(buffer, start)
            end = start + LENGTH.size + length
            body = start + REQUEST.size + head_length
            if body > end:
                raise ValueError("a frame whose head is longer than the frame")
            if end > self.end:
                return
            self.start = end
            yield number, kind, view[start + REQUEST.size : body], view[body:end]
