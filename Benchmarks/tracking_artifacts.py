"""Artifacts through the servers' proxies, by curl, and what Lazuli holds in memory meanwhile."""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from blob_speed import seconds as seconds_of
from process_tree import forget_peak, peak_megabytes, proportional_megabytes
from tracking_data import require
from tracking_servers import ARTIFACTS, TrackingServer

Row = tuple[str, str, str]
SIZE = 100_000_000
ROUNDS = 5
BLOCK = 1 << 24


def measure_artifacts(bench) -> Iterator[Row]:
    """A file of 100 MB each way, the servers taking turns; then a large one by Lazuli alone."""
    folder = bench.ours.home.parent / "files"
    folder.mkdir()
    sent = write_file(folder / "sent", SIZE)
    ups: dict[TrackingServer, list[float]] = {server: [] for server in bench.both}
    downs: dict[TrackingServer, list[float]] = {server: [] for server in bench.both}
    for _ in range(ROUNDS):
        for server in bench.both:
            up, down = there_and_back(server, sent)
            ups[server].append(up)
            downs[server].append(down)
    yield "artifact upload, 100 MB", faster(*(statistics.median(taken) for taken in ups.values())), "≥ 1×"
    yield "artifact download, 100 MB", faster(*(statistics.median(taken) for taken in downs.values())), "≥ 1×"
    sent.unlink()
    yield measure_growth(bench.ours, write_file(folder / "large", bench.large))


def there_and_back(server: TrackingServer, file: Path) -> tuple[float, float]:
    """The seconds that an upload into a new run and the download take; what comes back must be what went."""
    address = f"{server.address}{ARTIFACTS}/{new_place(server)}/file"
    back = file.with_name("back")
    curl = "curl -sS --fail --noproxy '*'"
    up = seconds_of(f"{curl} -T {file} -H 'Content-Type: application/octet-stream' -H 'Expect:' {address}")
    down = seconds_of(f"{curl} -o {back} {address}")
    require(hash_of(back) == hash_of(file), server, "an artifact comes back changed")
    back.unlink()
    return up, down


def new_place(server: TrackingServer) -> str:
    """Where the artifacts of a new run belong."""
    uri = server.new_run(server.new_experiment())["artifact_uri"]
    scheme, _, path = uri.partition(":")
    require(scheme == "mlflow-artifacts", server, f"artifacts do not go through the proxy: {uri}")
    return path.strip("/")


def measure_growth(server: TrackingServer, file: Path) -> Row:
    """The most that the server's own process held while a large file went up and down, over what it held before."""
    time.sleep(1)
    forget_peak(server.pid)
    before, tree_before = peak_megabytes(server.pid), proportional_megabytes(server.pid)
    up, down = there_and_back(server, file)
    size = file.stat().st_size
    growth = peak_megabytes(server.pid) - before
    left = proportional_megabytes(server.pid) - tree_before
    speed = f"up {size / up / 1e6:,.0f} MB/s, down {size / down / 1e6:,.0f} MB/s; {left:+.0f} MB afterwards"
    what = f"memory growth while {size / (1 << 30):.3g} GiB go up and down, at the most"
    return what, f"{growth:.0f} MB ({speed})", "≤ 30 MB"


def write_file(file: Path, size: int) -> Path:
    """A file of chance, of one block over and over."""
    block = os.urandom(BLOCK)
    with file.open("wb") as written:
        for first in range(0, size, BLOCK):
            written.write(block[: min(BLOCK, size - first)])
    return file


def hash_of(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as read:
        while block := read.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def faster(ours: float, peer: float) -> str:
    return f"{peer / ours:.2f}× (ours {SIZE / ours / 1e6:,.0f} MB/s, peer {SIZE / peer / 1e6:,.0f} MB/s)"
