"""Requests a second on the management API over TLS, by wrk on the same cores."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lazuli_server import LazuliServer
from lazuli_wire import Wire

SECONDS = 8
CONNECTIONS = 8

PUT = """
local count = 0
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
request = function()
  count = count + 1
  local path = "%s/data/bench-" .. id .. "/versions/" .. count .. "?api-version=2023-04-01-preview"
  return wrk.format("PUT", path, nil, body)
end
body = '{"properties":{"dataType":"uri_file","dataUri":"azureml://datastores/workspaceblobstore/paths/x.csv"}}'
"""


def measure_requests(server: LazuliServer, wire: Wire) -> Iterator[tuple[str, str, str]]:
    """GET of one resource, and durable PUTs of new ones."""
    body = {"properties": {"dataType": "uri_file", "dataUri": "azureml://datastores/workspaceblobstore/paths/x.csv"}}
    item = f"{server.workspace_path}/data/one/versions/1"
    wire.send("PUT", item, body).raise_for_status()
    rate, latency = wrk(server, wire, f"{item}?api-version=2023-04-01-preview")
    yield f"GET of a resource, {CONNECTIONS} connections, TLS", f"{rate:,.0f}/s (p50 {latency})", "≥ 8,000/s"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(PUT % server.workspace_path)
        script.flush()
        rate, latency = wrk(server, wire, "/", "-s", script.name)
    yield (
        f"PUT of a new resource, durable, {CONNECTIONS} connections, TLS",
        f"{rate:,.0f}/s (p50 {latency})",
        "≥ 2,000/s",
    )


def wrk(server: LazuliServer, wire: Wire, path: str, *more: str) -> tuple[float, str]:
    """Run wrk; a single failed answer fails the measurement."""
    command = [
        "wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency",
        "-H", f"Authorization: Bearer {wire.own_token}", "-H", "Content-Type: application/json",
        *more, f"{server.api}{path}",
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"wrk met failures:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    median = re.search(r"50%\s+(\S+)", said)
    assert rate and median, said
    return float(rate.group(1)), median.group(1)


def resident_kilobytes(pid: int) -> int:
    """What of a process is in memory now."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", text)
    assert found
    return int(found.group(1))
