"""Loads a scoring server with wrk over kept-alive connections, or with ab, and watches the machine meanwhile."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from process_tree import TICKS, cpu_seconds
from serving_servers import PATIENCE, ScoringServer
from tracking_load import SETTLE, short

SCRIPT = """
wrk.method = "POST"
wrk.body = [==[%(body)s]==]
%(headers)s
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("counted %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass
class Load:
    """What a server made of a load. Latencies in milliseconds, processor time in microseconds a request."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    foreign: float
    """Share of the machine's processors that other work took meanwhile, 0 to 1."""

    def __str__(self) -> str:
        percentiles = " / ".join(short(value) for value in (self.p50, self.p95, self.p99))
        return f"{short(self.cpu)} µs, {self.rate:,.0f}/s, {percentiles} ms, others {self.foreign:.0%}"


@dataclass
class Watch:
    """Processor time of a server, and of all else but the load's own, between its making and `ended`."""

    pid: int

    def __post_init__(self) -> None:
        self.own = cpu_seconds(self.pid)
        self.busy, self.all = machine_seconds()
        self.children = children_seconds()

    def ended(self) -> tuple[float, float]:
        """The server's seconds, and the share that others had."""
        own = cpu_seconds(self.pid) - self.own
        busy, whole = machine_seconds()
        load = children_seconds() - self.children
        others = max(0.0, (busy - self.busy) - own - load)
        return own, others / max(whole - self.all, 1 / TICKS)


def machine_seconds() -> tuple[float, float]:
    """Seconds that all processors were busy, and seconds that they had."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / TICKS, sum(ticks) / TICKS


def children_seconds() -> float:
    """Processor time of this process and of the loaders that it has waited for."""
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in stat[11:15]) / TICKS


def load(server: ScoringServer, body: str, connections: int, seconds: float) -> Load:
    """Run wrk; a failed answer fails the measurement."""
    scoring = server.scoring
    headers = scoring.headers | {"Content-Type": "application/json"}
    lines = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % {"body": body, "headers": lines})
        script.flush()
        watch = Watch(server.pid)
        said = subprocess.run(
            [
                "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", f"--timeout={PATIENCE}s", "-s", script.name,
                scoring.address + scoring.path,
            ],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    time.sleep(SETTLE)
    own, foreign = watch.ended()
    found = re.search(r"counted (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if not found or int(found[6]) or not int(found[1]):
        raise SystemExit(f"wrk met failures of {server.name}:\n{said}")
    answered, duration, p50, p95, p99, _ = (int(number) for number in found.groups())
    # What was under way when wrk stopped was worked on too.
    cpu = own / (answered + connections) * 1e6
    return Load(answered / duration * 1e6, p50 / 1000, p95 / 1000, p99 / 1000, cpu, foreign)


def apache_load(server: ScoringServer, body: str, connections: int, requests: int, keep_alive: bool) -> Load:
    """Run ab, which speaks HTTP/1.0; one failed request fails the measurement."""
    scoring = server.scoring
    headers = [part for name, value in scoring.headers.items() for part in ("-H", f"{name}: {value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(body)
        file.flush()
        watch = Watch(server.pid)
        said = subprocess.run(
            [
                "ab", "-q", *(["-k"] if keep_alive else []), "-n", str(requests), "-c", str(connections),
                "-p", file.name, "-T", "application/json", *headers, scoring.address + scoring.path,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    time.sleep(SETTLE)
    own, foreign = watch.ended()
    failed = re.search(r"Failed requests:\s+(\d+)", said.stdout)
    if said.returncode or not failed or int(failed[1]) or "Non-2xx" in said.stdout:
        raise SystemExit(f"ab met failures of {server.name}:\n{said.stdout[-2000:]}{said.stderr[-1000:]}")
    rate = float(re.search(r"Requests per second:\s+([\d.]+)", said.stdout)[1])
    p50, p95, p99 = (float(re.search(rf"^\s+{percent}%\s+(\d+)", said.stdout, re.M)[1]) for percent in (50, 95, 99))
    return Load(rate, p50, p95, p99, own / requests * 1e6, foreign)
