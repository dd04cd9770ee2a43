"""Upload and download of one large blob, beside `cp` and `sha256sum` of the same file."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from lazuli_server import LazuliServer
from lazuli_wire import Wire
from request_speed import resident_kilobytes

SIZE = 1 << 30


def measure_blobs(server: LazuliServer, wire: Wire) -> Iterator[tuple[str, str, str]]:
    """One gibibyte each way by curl over TLS with a signed link, in one request."""
    folder = Path(server.home).parent / "blob-bench"
    folder.mkdir()
    file = folder / "file"
    with file.open("wb") as written:
        block = os.urandom(1 << 24)
        for _ in range(SIZE >> 24):
            written.write(block)
    copied = seconds(f"cp {file} {folder}/copy && sync {folder}/copy && sha256sum {folder}/copy")
    store = f"{server.workspace_path}/datastores/workspaceblobstore"
    container = wire.send("GET", store).json()["properties"]["containerName"]
    token = wire.send("POST", f"{store}/listSecrets", {"expirableSecret": True}).json()["sasToken"]
    address = f"{server.blob}/{container}/bench/file?{token}"
    curl = f"curl -sS --fail --noproxy '*' --cacert {server.exports['REQUESTS_CA_BUNDLE']}"
    assert server.process is not None
    before = resident_kilobytes(server.process.pid)
    put = f"{curl} -X PUT -T {file} -H 'x-ms-blob-type: BlockBlob' -H 'Expect:' '{address}'"
    up = seconds(put)
    down = seconds(f"{curl} -o {folder}/back '{address}'")
    growth = (resident_kilobytes(server.process.pid) - before) / 1024
    subprocess.run(["cmp", file, folder / "back"], check=True)
    yield "blob upload, 1 GiB, against cp + sync + sha256", ratio(copied, up), "≥ 60 %"
    yield "blob download, 1 GiB, against cp + sync + sha256", ratio(copied, down), "≥ 60 %"
    yield "memory growth over both", f"{growth:.0f} MiB", "≤ 50 MB"


def seconds(command: str) -> float:
    began = time.monotonic()
    subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def ratio(peer: float, ours: float) -> str:
    return f"{peer / ours:.0%} (ours {SIZE / ours / 1e6:,.0f} MB/s, peer {SIZE / peer / 1e6:,.0f} MB/s)"
