"""Loads a tracking server: with wrk over kept-alive connections, or call by call."""

from __future__ import annotations

import http.client
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from process_tree import cpu_seconds
from tracking_servers import CALLS, PATIENCE, TrackingServer

SETTLE = 0.5
"""Seconds in which a server ends what was under way when wrk stopped."""

SCRIPT = """
local pieces, count = {}, 0
for piece in ([==[%(body)s@]==]):gmatch("([^@]*)@") do pieces[#pieces + 1] = piece end
wrk.headers["Content-Type"] = "application/json"
request = function()
  count = count + 1
  return wrk.format("%(method)s", "%(path)s", nil, table.concat(pieces, tostring(count)))
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("counted %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass
class Load:
    """What a server made of a load. Times are in milliseconds."""

    answered: int
    sent: int
    rate: float
    median: float
    worst_of_99: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.rate:,.{digits(self.rate)}f}/s, p50 {short(self.median)}, p99 {short(self.worst_of_99)} ms"


def load(server: TrackingServer, method: str, call: str, body: Any, connections: int, seconds: float) -> Load:
    """Run wrk; a failed answer fails the measurement. Texts "@" and "@123" of the body become the request's number."""
    text = "" if body is None else re.sub(r'"(@\d*)"', r"\1", json.dumps(body))
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % {"body": text, "method": method, "path": f"{CALLS}/{call}"})
        script.flush()
        before = cpu_seconds(server.pid)
        said = subprocess.run(
            [
                "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", f"--timeout={PATIENCE}s",
                "-s", script.name, server.address,
            ],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    time.sleep(SETTLE)
    found = re.search(r"counted (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if not found or int(found[5]) or not int(found[1]):
        raise SystemExit(f"wrk met failures of {type(server).__name__} in {call}:\n{said}")
    answered, microseconds, median, late, _ = (int(number) for number in found.groups())
    sent = answered + connections
    cpu = (cpu_seconds(server.pid) - before) / sent * 1000
    return Load(answered, sent, answered / microseconds * 1e6, median / 1000, late / 1000, cpu)


@dataclass
class Series:
    """The same thing done several times, one after the other. Times are in milliseconds."""

    times: int
    median: float
    cpu: float


def one_by_one(server: TrackingServer, task: Callable[[http.client.HTTPConnection], None], seconds: float) -> Series:
    """Do a task at least three times and for some seconds, each time on a new connection."""
    taken: list[float] = []
    before = cpu_seconds(server.pid)
    while len(taken) < 3 or sum(taken) < seconds:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.connect()
        began = time.monotonic()
        task(connection)
        taken.append(time.monotonic() - began)
        connection.close()
    cpu = cpu_seconds(server.pid) - before
    return Series(len(taken), statistics.median(taken) * 1000, cpu / len(taken) * 1000)


def ask(connection: http.client.HTTPConnection, method: str, call: str, body: Any = None) -> bytes:
    """One call and the bytes of its answer, which is not looked into."""
    text = None if body is None else json.dumps(body)
    connection.request(method, f"{CALLS}/{call}", text, {"Content-Type": "application/json"})
    reply = connection.getresponse()
    answer = reply.read()
    if reply.status != 200:
        raise SystemExit(f"{call} was answered by {reply.status}: {answer[:500]!r}")
    return answer


def short(number: float) -> str:
    return f"{number:,.{digits(number)}f}"


def digits(number: float) -> int:
    """How many decimals say enough."""
    return 0 if number >= 100 else 1 if number >= 10 else 2
