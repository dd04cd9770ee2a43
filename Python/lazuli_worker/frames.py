"""Frames as they lie on the socket: a request comes in one, its reply leaves in one."""

from __future__ import annotations

from struct import Struct
from typing import Tuple

LENGTH = Struct("<I")
REQUEST = Struct("<IIBBHI")  # length of what follows, id, kind, 0, 0, length of the head
REPLY = Struct("<IIHHI")  # length of what follows, id, status, 0, length of the head
AFTER_LENGTH = REQUEST.size - LENGTH.size

SCORE = 1
DESCRIBE = 2

Reply = Tuple[int, bytes, bytes]
"""Status, header lines (each ended by CRLF; empty means `Content-Type: application/json`) and body."""


def append_reply(parts: list[bytes], number: int, reply: Reply) -> None:
    """Appends the frame of `reply` to the request `number` to what is to be sent."""
    status, head, body = reply
    parts.append(REPLY.pack(AFTER_LENGTH + len(head) + len(body), number, status, 0, len(head)))
    if head:
        parts.append(head)
    parts.append(body)
