"""Contract B3: local paths are uploaded once, whatever they are for."""

import hashlib

import pytest
from azure.ai.ml.entities import Data

from run_history import log_of
from running_jobs import complete, shell_job


@pytest.fixture
def uploads(monkeypatch):
    """Counts the blobs that the stock storage client really uploads."""
    from azure.storage.blob import BlobClient

    names: list[str] = []
    original = BlobClient.upload_blob

    def counting(self, *arguments, **options):
        names.append(self.blob_name)
        return original(self, *arguments, **options)

    monkeypatch.setattr(BlobClient, "upload_blob", counting)
    return names


def data_of(ml_client, path, name, version="1"):
    kind = "uri_folder" if path.is_dir() else "uri_file"
    return ml_client.data.create_or_update(Data(path=str(path), type=kind, name=name, version=version))


def bytes_of(wire, ml_client, uri, into):
    """The content behind a data asset's URI, through the stock download helper."""
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    download_artifact_from_aml_uri(uri=uri, destination=str(into), datastore_operation=ml_client.datastores)
    return {path.relative_to(into).as_posix(): path.read_bytes() for path in into.rglob("*") if path.is_file()}


def test_a_file_arrives_whole(ml_client, wire, folder, unique_name):
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    asset = data_of(ml_client, folder / "rows.csv", unique_name("file"))
    assert bytes_of(wire, ml_client, asset.path, folder / "back") == {"rows.csv": b"a,b\n1,2\n"}


def test_a_folder_with_odd_names_arrives_whole(ml_client, wire, folder, unique_name):
    source = folder / "source"
    (source / "deep" / "er").mkdir(parents=True)
    contents = {"one.txt": b"1", "deep/two words.txt": b"2", "deep/er/dr\u00e9i+%41.txt": b"3", "empty.txt": b""}
    for name, content in contents.items():
        (source / name).write_bytes(content)
    asset = data_of(ml_client, source, unique_name("folder"))
    got = bytes_of(wire, ml_client, asset.path, folder / "back")
    assert {name.removeprefix("source/"): content for name, content in got.items()} == contents


def test_the_same_content_is_not_uploaded_twice(ml_client, folder, unique_name, uploads):
    (folder / "rows.csv").write_text(unique_name("content"))
    first = data_of(ml_client, folder / "rows.csv", unique_name("file"))
    sent = len(uploads)
    assert sent == 1
    second = data_of(ml_client, folder / "rows.csv", unique_name("file"))
    assert len(uploads) == sent
    assert first.path == second.path


def test_an_unchanged_code_folder_is_not_uploaded_twice(ml_client, folder, unique_name, uploads):
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text(f"print({unique_name('hello')!r})\n")
    one = ml_client.jobs.create_or_update(shell_job("python train.py", code=str(folder / "src")))
    sent = len(uploads)
    assert sent == 1
    two = ml_client.jobs.create_or_update(shell_job("python train.py", code=str(folder / "src")))
    assert len(uploads) == sent
    assert one.code == two.code


def test_ignored_files_stay_at_home(ml_client, wire, folder):
    source = folder / "src"
    source.mkdir()
    (source / ".amlignore").write_text("*.log\nsecret/\n")
    (source / "keep.txt").write_text("kept")
    (source / "noise.log").write_text("noise")
    (source / "secret").mkdir()
    (source / "secret" / "key.txt").write_text("key")
    job = complete(ml_client, wire, shell_job("find . -type f", code=str(source)))
    log = log_of(wire, job.name)
    assert "keep.txt" in log
    assert "noise.log" not in log
    assert "key.txt" not in log


def test_a_file_of_seventy_megabytes_goes_up_in_blocks_and_comes_back_whole(ml_client, wire, folder, unique_name):
    block = bytes(range(256)) * 4096
    with (folder / "big.bin").open("wb") as big:
        for _ in range(70):
            big.write(block)
    wanted = hashlib.sha256((folder / "big.bin").read_bytes()).hexdigest()
    asset = data_of(ml_client, folder / "big.bin", unique_name("big"))
    (content,) = bytes_of(wire, ml_client, asset.path, folder / "back").values()
    assert hashlib.sha256(content).hexdigest() == wanted


def test_a_lookup_of_unknown_code_is_an_empty_list(wire):
    reply = wire.get("codes/0b5ad4c8-0000-4000-8000-000000000000/versions", query={"hash": "0" * 64})
    assert reply.status_code == 200
    assert reply.json()["value"] == []


def test_a_pending_upload_names_a_fresh_container_of_one_segment(wire):
    answers = [
        wire.post(f"codes/{guid}/versions/1/startPendingUpload", {"pendingUploadType": "TemporaryBlobReference"}).json()
        for guid in ("0b5ad4c8-0000-4000-8000-00000000000a", "0b5ad4c8-0000-4000-8000-00000000000b")
    ]
    places = [answer["blobReferenceForConsumption"]["blobUri"] for answer in answers]
    assert places[0] != places[1]
    for answer, place in zip(answers, places, strict=True):
        assert place.removeprefix("https://").count("/") == 1
        assert answer["blobReferenceForConsumption"]["credential"]["sasUri"].startswith(place + "?")
