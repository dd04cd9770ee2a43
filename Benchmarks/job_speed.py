"""How soon a job's own code runs, and how fast a queue of small jobs drains."""

from __future__ import annotations

import statistics
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from lazuli_server import LazuliServer
from lazuli_wire import Wire
from waiting import wait_until

ENVIRONMENT = "azureml:AzureML-minimal@latest"
STARTS = 15
QUEUED = 500
SLOTS = 2
FINAL = {"Completed", "Failed", "Canceled"}


def submit(server: LazuliServer, wire: Wire, command: str) -> str:
    """Put a command job and return its name."""
    name = f"bench-{uuid.uuid4().hex[:12]}"
    properties = {"jobType": "Command", "command": command, "environmentId": ENVIRONMENT, "experimentName": "bench"}
    reply = wire.send("PUT", f"{server.workspace_path}/jobs/{name}", {"properties": properties})
    reply.raise_for_status()
    return name


def status(server: LazuliServer, wire: Wire, name: str) -> str:
    return wire.send("GET", f"{server.workspace_path}/jobs/{name}").json()["properties"]["status"]


def finish(server: LazuliServer, wire: Wire, name: str) -> None:
    wait_until(lambda: status(server, wire, name) in FINAL, f"job {name} ends", 300)


def user_log(server: LazuliServer, name: str) -> str:
    [log] = Path(server.home).glob(f"blobs/*/azureml/ExperimentRun/dcid.{name}/user_logs/std_log.txt")
    return log.read_text()


def measure_job_start(server: LazuliServer, wire: Wire) -> Iterator[tuple[str, str, str]]:
    """Submit → first line of user code, by the clock of the user's own code; Python's own start apart."""
    command = 'python -c "import time; print(time.time())"'
    cold = time.monotonic()
    finish(server, wire, submit(server, wire, command))
    cold = time.monotonic() - cold
    taken = []
    for _ in range(STARTS):
        began = time.time()
        name = submit(server, wire, command)
        finish(server, wire, name)
        taken.append(float(user_log(server, name)) - began)
    [python] = Path(server.home).glob("environments/*/bin/python")
    own = statistics.median(python_start(python) for _ in range(STARTS))
    median = statistics.median(taken)
    yield (
        "job: submit → first line of user code, warm environment, median",
        f"{median:.3f} s, of which Python's own start {own:.3f} s ({STARTS} jobs)",
        "≤ 0.4 s",
    )
    yield "job: first job of a new server, environment built", f"{cold:.1f} s", "—"


def python_start(python: Path) -> float:
    began = time.time()
    printed = subprocess.run(
        [python, "-c", "import time; print(time.time())"], capture_output=True, text=True, check=True
    )
    return float(printed.stdout) - began


def measure_drain(server: LazuliServer, wire: Wire) -> Iterator[tuple[str, str, str]]:
    """How long a queue of one-line jobs takes on two slots, beside the same lines run by a shell two at a time."""
    finish(server, wire, submit(server, wire, "true"))
    names = [submit(server, wire, "echo hello") for _ in range(QUEUED)]
    began = time.monotonic()
    done = server_count(server, wire)
    wait_until(lambda: all_done(server, wire, names), "the queue drains", 600)
    taken = time.monotonic() - began
    left = QUEUED - done
    yield (
        f"queue: {QUEUED} one-line jobs on {SLOTS} slots, overhead a job",
        f"{taken / left * SLOTS * 1000:.0f} ms ({left} were left when the clock started, {taken:.1f} s)",
        "≤ 60 ms",
    )


def server_count(server: LazuliServer, wire: Wire) -> int:
    """How many jobs have ended already."""
    jobs = wire.send("GET", f"{server.workspace_path}/jobs", query={"$top": "1000"}).json()["value"]
    return sum(job["properties"]["status"] in FINAL for job in jobs) - 1


def all_done(server: LazuliServer, wire: Wire, names: list[str]) -> bool:
    return status(server, wire, names[-1]) in FINAL and server_count(server, wire) >= len(names)
