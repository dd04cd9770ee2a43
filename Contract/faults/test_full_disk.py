"""A disk that fills up: writes are refused in words, what was there stays, and room makes all well again."""

import os
import subprocess

import pytest
from faulty_servers import assert_database_is_sound

from lazuli_wire import Wire, error_of

MEGABYTE = 1 << 20


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 48 MB in memory."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_refuses_writes_and_keeps_what_is_there(small_disk, fragile_server):
    server = fragile_server(small_disk / "home")
    wire = Wire(server)
    assert wire.put("environments/before/versions/1", {"properties": {"image": "ubuntu"}}).status_code in (200, 201)
    ballast = small_disk / "ballast"
    fill(ballast)
    replies = [
        wire.put(f"environments/during{number}/versions/1", {"properties": {"image": "x" * 100_000}})
        for number in range(20)
    ]
    refused = [reply for reply in replies if reply.status_code not in (200, 201)]
    assert refused, "every write was acknowledged on a full disk"
    for reply in refused:
        assert reply.status_code == 507, reply.text
        assert "disk" in error_of(reply)["message"].lower()
    assert wire.get("environments/before/versions/1").status_code == 200
    ballast.unlink()
    assert wire.put("environments/after/versions/1", {"properties": {"image": "ubuntu"}}).status_code in (200, 201)
    acknowledged = [number for number, reply in enumerate(replies) if reply.status_code in (200, 201)]
    server.stop()
    assert_database_is_sound(server.home)
    again = Wire(fragile_server(server.home))
    for number in acknowledged:
        assert again.get(f"environments/during{number}/versions/1").status_code == 200


def test_an_upload_that_does_not_fit_is_refused_and_leaves_nothing(small_disk, fragile_server):
    server = fragile_server(small_disk / "home")
    wire = Wire(server)
    answer = wire.post(
        "codes/0b5ad4c8-0000-4000-8000-0000000000ee/versions/1/startPendingUpload",
        {"pendingUploadType": "TemporaryBlobReference"},
    ).json()
    place, signature = answer["blobReferenceForConsumption"]["credential"]["sasUri"].split("?")
    headers = {"x-ms-blob-type": "BlockBlob"}
    url = f"{place}/big.bin?{signature}"
    reply = wire.send("PUT", url, data=b"x" * (64 * MEGABYTE), token="", headers=headers)
    assert reply.status_code in (507, 413, 403), reply.text
    assert wire.send("HEAD", url, token="").status_code == 404
    small = wire.send("PUT", f"{place}/small.bin?{signature}", data=b"x", token="", headers=headers)
    assert small.status_code == 201


def fill(path):
    """Write until no byte is left."""
    with path.open("wb", buffering=0) as ballast:
        for size in (MEGABYTE, 4096, 1):
            try:
                while True:
                    ballast.write(b"x" * size)
            except OSError:
                continue
