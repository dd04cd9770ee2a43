"""What a server says of its jobs, read by plain HTTP."""

from __future__ import annotations

from typing import Any

from lazuli_wire import Wire
from waiting import wait_until

FINAL = {"Completed", "Failed", "Canceled"}


def status_of(wire: Wire, name: str) -> str:
    return wire.get(f"jobs/{name}").json()["properties"]["status"]


def end_of(wire: Wire, name: str, seconds: float = 90) -> str:
    """Wait for the job's end and give its last status."""

    def look() -> str | None:
        status = status_of(wire, name)
        return status if status in FINAL else None

    return wait_until(look, f"job {name} ends", seconds)


def details_of(wire: Wire, name: str) -> dict[str, Any]:
    """The run's details of the history plane: status, error, log files."""
    reply = wire.send("GET", wire.history(f"runs/{name}/details"))
    assert reply.status_code == 200, reply.text
    return reply.json()


def log_of(wire: Wire, name: str) -> str:
    """What the job wrote so far, by the self-authorising URL that `jobs.stream` uses."""
    url = details_of(wire, name).get("logFiles", {}).get("user_logs/std_log.txt")
    if url is None:
        return ""
    reply = wire.send("GET", url, token="")
    return reply.text if reply.status_code == 200 else ""


def wait_for_line(wire: Wire, name: str, text: str, seconds: float = 60) -> str:
    def look() -> str | None:
        log = log_of(wire, name)
        return log if text in log else None

    return wait_until(look, f"{text!r} in the log of {name}", seconds)


def everything_told(wire: Wire, name: str) -> str:
    """All the server says of a job: the resource, the run's details and the log."""
    return (
        wire.get(f"jobs/{name}").text + wire.send("GET", wire.history(f"runs/{name}/details")).text + log_of(wire, name)
    )


def failure_of(wire: Wire, name: str) -> str:
    """The message that `jobs.stream` raises for a job that failed."""
    return details_of(wire, name)["error"]["error"]["message"]
