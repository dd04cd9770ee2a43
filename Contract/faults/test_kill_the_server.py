"""kill -9 at random moments of writing: whatever was acknowledged is there afterwards, and the database is sound."""

import hashlib
import random
import threading

import requests
from faulty_servers import KILLS, SEED, assert_database_is_sound

from lazuli_wire import Wire


class Writer(threading.Thread):
    """Writes resources and blobs as fast as it can until the server is gone, and remembers what was acknowledged."""

    def __init__(self, wire, sas, number):
        super().__init__(daemon=True)
        self.wire, self.sas, self.number = wire, sas, number
        self.acknowledged: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.unexpected: list[str] = []

    def run(self):
        place, signature = self.sas
        count = 0
        while True:
            count += 1
            try:
                self.write_resource(f"environments/e{self.number}-{count}/versions/1", f"image:{count}")
                self.write_blob(f"{place}/w{self.number}/{count}.bin?{signature}", count)
            except (requests.RequestException, ConnectionError):
                return

    def write_resource(self, path, image):
        reply = self.wire.put(path, {"properties": {"image": image}})
        if reply.status_code in (200, 201):
            self.acknowledged[path] = image
        else:
            self.unexpected.append(f"PUT {path}: {reply.status_code} {reply.text[:200]}")

    def write_blob(self, url, count):
        content = hashlib.sha256(f"{self.number}-{count}".encode()).digest() * (1 + count % 2048)
        headers = {"x-ms-blob-type": "BlockBlob"}
        reply = self.wire.send("PUT", url, data=content, token="", headers=headers)
        if reply.status_code == 201:
            self.digests[url.split("?")[0].split("/", 3)[3]] = hashlib.sha256(content).hexdigest()
        else:
            self.unexpected.append(f"PUT {url}: {reply.status_code} {reply.text[:200]}")


def pending_upload(wire, guid):
    """A place to write blobs to, with its signature."""
    answer = wire.post(f"codes/{guid}/versions/1/startPendingUpload", {"pendingUploadType": "TemporaryBlobReference"})
    place, signature = answer.json()["blobReferenceForConsumption"]["credential"]["sasUri"].split("?")
    return place, signature


def assert_everything_is_there(server, writers):
    wire = Wire(server)
    for writer in writers:
        for path, image in writer.acknowledged.items():
            reply = wire.get(path)
            assert reply.status_code == 200, f"{path} was acknowledged and is lost: {reply.text}"
            assert reply.json()["properties"]["image"] == image
        for name, digest in writer.digests.items():
            (found,) = (server.home / "blobs").glob(f"*/{name}")
            assert hashlib.sha256(found.read_bytes()).hexdigest() == digest, f"{name} is not whole"


def test_what_was_acknowledged_survives_a_kill_at_any_moment(fragile_server):
    dice = random.Random(SEED)
    home = None
    for attempt in range(KILLS):
        server = fragile_server(home)
        home = server.home
        wire = Wire(server)
        guid = f"0b5ad4c8-0000-4000-8000-{attempt:012}"
        writers = [
            Writer(wire_of_its_own, pending_upload(wire, guid), f"{attempt}-{number}")
            for number, wire_of_its_own in enumerate((Wire(server), Wire(server)))
        ]
        for writer in writers:
            writer.start()
        writers[0].join(dice.uniform(0.02, 0.6))
        server.kill()
        for writer in writers:
            writer.join(30)
            assert not writer.unexpected, f"attempt {attempt}, seed {SEED}: {writer.unexpected[:3]}"
        assert_database_is_sound(home)
        again = fragile_server(home)
        assert_everything_is_there(again, writers)
        again.stop()


def test_a_server_that_was_killed_starts_again_with_nothing_left_over(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    place, signature = pending_upload(wire, "0b5ad4c8-0000-4000-8000-0000000000ff")
    half = threading.Thread(target=send_half_a_body, args=(server, place, signature), daemon=True)
    half.start()
    half.join(0.5)
    server.kill()
    again = fragile_server(server.home)
    container = place.rsplit("/", 1)[1]
    assert not list((again.home / "blobs").glob(f"*/{container}/half.bin"))
    leftovers = [path for path in (again.home / "blobs").rglob("*") if path.is_file() and path.stat().st_size == 1000]
    assert not leftovers


def send_half_a_body(server, place, signature):
    """Announces more than it sends."""
    import time

    def slowly():
        yield b"x" * 1000
        time.sleep(20)

    path = place.split("/", 3)[3]
    headers = {"x-ms-blob-type": "BlockBlob", "Content-Length": "100000"}
    url = f"{server.blob}/{path}/half.bin?{signature}"
    try:
        requests.put(url, data=slowly(), headers=headers, timeout=25, verify=server.exports["REQUESTS_CA_BUNDLE"])
    except requests.RequestException:
        return
