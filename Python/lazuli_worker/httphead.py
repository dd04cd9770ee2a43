"""The head of an HTTP request, read only by those who look into it."""

from __future__ import annotations

JSON_TYPE = "application/json"


class HTTPHead:
    """Request line and header lines as the gateway passed them on."""

    __slots__ = ("headers", "method", "target")

    def __init__(self, raw: bytes) -> None:
        lines = bytes(raw).decode("latin-1").split("\r\n")
        first = lines[0].split(" ")
        self.method: str = first[0] or "POST"
        self.target: str = first[1] if len(first) > 1 else "/score"
        self.headers: list[tuple[str, str]] = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers.append((name.strip(), value.strip()))

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header, whose name may be written in any case."""
        wanted = name.lower()
        for each, value in self.headers:
            if each.lower() == wanted:
                return value
        return default

    def as_dictionary(self) -> dict[str, str]:
        """The headers under names like `Content-Type`; values of a repeated one are joined by commas."""
        named: dict[str, str] = {}
        for name, value in self.headers:
            title = name.title()
            named[title] = f"{named[title]},{value}" if title in named else value
        return named


def is_post(head: memoryview) -> bool:
    return head[:5] == b"POST " or len(head) == 0


def is_json(content_type: str) -> bool:
    """Whether a media type says JSON: `application/json`, `application/problem+json`…"""
    kind = content_type.split(";")[0].strip().lower()
    return kind == JSON_TYPE or (kind.startswith("application/") and kind.endswith("+json"))
