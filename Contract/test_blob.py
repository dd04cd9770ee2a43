"""Contract A4 and B3: the blob service, driven by the stock azure-storage-blob client and by plain HTTP."""

import base64
import hashlib
import os
from urllib.parse import urlsplit

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError
from azure.core.exceptions import ResourceNotFoundError as NotFound
from azure.storage.blob import BlobBlock, BlobServiceClient, ContainerClient

REFUSED = (403, 401)


class Account:
    """The storage account of the default workspace."""

    def __init__(self, wire, ml_client):
        store = ml_client.datastores.get("workspaceblobstore")
        self.name = store.account_name
        self.container = store.container_name
        suffix = wire.send("GET", wire.server.exports["ARM_CLOUD_METADATA_URL"], token="").json()[0]["suffixes"][
            "storage"
        ]
        self.url = f"https://{self.name}.blob.{suffix}"
        secrets = wire.post("datastores/workspaceblobstore/listSecrets", {"expirableSecret": True}).json()
        self.sas = secrets.get("sasToken")
        self.key = secrets.get("key") or ml_client.workspaces.get_keys(wire.server.workspace).user_storage_key

    def service(self, credential=None) -> BlobServiceClient:
        return BlobServiceClient(self.url, credential=self.key if credential is None else credential, retry_total=0)


@pytest.fixture(scope="session")
def account(wire, ml_client):
    return Account(wire, ml_client)


@pytest.fixture
def container(account, unique_name) -> ContainerClient:
    return account.service().create_container(unique_name("box"))


def raw_sas(account, server, container):
    """A signed URL of a container on plain HTTP, split into place and query."""
    from azure.storage.blob import generate_container_sas

    signature = generate_container_sas(
        account.name, container.container_name, account_key=account.key, permission="rwdlac", expiry="2099-01-01T00:00Z"
    )
    return f"{server.blob}/{container.container_name}", signature


# Credentials


def test_the_account_key_signs_every_request(container):
    container.upload_blob("hello.txt", b"hello")
    assert container.download_blob("hello.txt").readall() == b"hello"


def test_a_wrong_account_key_is_refused(account):
    forged = base64.b64encode(os.urandom(64)).decode()
    with pytest.raises(ClientAuthenticationError) as refusal:
        list(account.service(forged).get_container_client(account.container).list_blobs())
    assert refusal.value.status_code in REFUSED
    assert refusal.value.error_code == "AuthenticationFailed"


def test_a_signed_url_lets_one_in(account, container):
    from azure.storage.blob import generate_container_sas

    signature = generate_container_sas(
        account.name, container.container_name, account_key=account.key, permission="rwl", expiry="2099-01-01T00:00Z"
    )
    guest = account.service(signature).get_container_client(container.container_name)
    guest.upload_blob("by-guest.txt", b"x")
    assert [blob.name for blob in guest.list_blobs()] == ["by-guest.txt"]


def test_a_signed_url_for_reading_does_not_write(account, container):
    from azure.storage.blob import generate_container_sas

    signature = generate_container_sas(
        account.name, container.container_name, account_key=account.key, permission="r", expiry="2099-01-01T00:00Z"
    )
    guest = account.service(signature).get_container_client(container.container_name)
    with pytest.raises(HttpResponseError) as refusal:
        guest.upload_blob("by-guest.txt", b"x")
    assert refusal.value.status_code == 403


def test_a_signed_url_for_one_container_does_not_open_another(account, container, unique_name):
    from azure.storage.blob import generate_container_sas

    other = account.service().create_container(unique_name("other"))
    signature = generate_container_sas(
        account.name, container.container_name, account_key=account.key, permission="rwl", expiry="2099-01-01T00:00Z"
    )
    guest = account.service(signature).get_container_client(other.container_name)
    with pytest.raises(HttpResponseError) as refusal:
        guest.upload_blob("by-guest.txt", b"x")
    assert refusal.value.status_code == 403


def test_an_expired_signed_url_is_refused(account, container):
    from azure.storage.blob import generate_container_sas

    signature = generate_container_sas(
        account.name, container.container_name, account_key=account.key, permission="rwl", expiry="2020-01-01T00:00Z"
    )
    guest = account.service(signature).get_container_client(container.container_name)
    with pytest.raises(HttpResponseError) as refusal:
        list(guest.list_blobs())
    assert refusal.value.status_code == 403


def test_a_signed_url_with_one_changed_letter_is_refused(account, server, container):
    place, signature = raw_sas(account, server, container)
    forged = signature.replace("sp=rwdlac", "sp=rwdlacx", 1) if "sp=rwdlac" in signature else signature[:-8] + "AAAA%3D"
    reply = requests.get(f"{place}?restype=container&comp=list&{forged}", timeout=30)
    assert reply.status_code == 403
    assert reply.headers["x-ms-error-code"] == "AuthenticationFailed"


def test_the_signed_token_of_a_datastore_works_without_the_key(account):
    if account.sas is None:
        pytest.skip("this server hands out account keys")
    service = account.service(account.sas)
    service.get_blob_client(account.container, "by-sas.txt").upload_blob(b"x", overwrite=True)


def test_a_bearer_token_for_storage_lets_one_in(account, container):
    from azure.identity import DefaultAzureCredential

    service = account.service(DefaultAzureCredential())
    blob = service.get_blob_client(container.container_name, "by-token.txt")
    blob.upload_blob(b"token")
    assert blob.download_blob().readall() == b"token"


def test_nobody_gets_in_without_a_credential(account, server):
    reply = requests.get(f"{server.blob}/{account.container}?restype=container&comp=list", timeout=30)
    assert reply.status_code in (401, 403, 409)
    assert b"EnumerationResults" not in reply.content


# Containers


def test_a_container_that_exists_is_a_conflict(account, container):
    with pytest.raises(ResourceExistsError) as refusal:
        account.service().create_container(container.container_name)
    assert refusal.value.status_code == 409
    assert refusal.value.error_code == "ContainerAlreadyExists"


def test_a_deleted_container_is_gone(account, container):
    container.upload_blob("x", b"x")
    container.delete_container()
    with pytest.raises(NotFound) as refusal:
        list(container.list_blobs())
    assert refusal.value.error_code == "ContainerNotFound"


def test_a_container_tells_its_properties(container):
    properties = container.get_container_properties()
    assert properties.name == container.container_name
    assert properties.etag


@pytest.mark.parametrize("name", ["A-Capital", "x", "two--dashes", "-front", "a_b"])
def test_a_container_name_against_the_rules_is_refused(account, name):
    with pytest.raises(HttpResponseError) as refusal:
        account.service().create_container(name)
    assert refusal.value.status_code == 400


# Blobs


def test_a_blob_tells_its_properties_and_metadata(container):
    blob = container.upload_blob("p.txt", b"12345", metadata={"colour": "blue"})
    properties = blob.get_blob_properties()
    assert properties.size == 5
    assert properties.metadata == {"colour": "blue"}
    assert properties.blob_type == "BlockBlob"
    assert properties.etag
    assert properties.last_modified


def test_metadata_can_be_set_afterwards(container):
    blob = container.upload_blob("m.txt", b"x")
    blob.set_blob_metadata({"upload_status": "completed"})
    assert blob.get_blob_properties().metadata == {"upload_status": "completed"}


def test_content_settings_can_be_set_and_read(container):
    from azure.storage.blob import ContentSettings

    blob = container.upload_blob("c.json", b"{}", content_settings=ContentSettings(content_type="application/json"))
    assert blob.get_blob_properties().content_settings.content_type == "application/json"


def test_a_missing_blob_is_called_missing(container):
    with pytest.raises(NotFound) as refusal:
        container.get_blob_client("nothing").get_blob_properties()
    assert refusal.value.error_code == "BlobNotFound"


def test_an_upload_without_overwrite_keeps_what_is_there(container):
    container.upload_blob("once.txt", b"first")
    with pytest.raises(ResourceExistsError) as refusal:
        container.upload_blob("once.txt", b"second")
    assert refusal.value.error_code == "BlobAlreadyExists"
    assert container.download_blob("once.txt").readall() == b"first"


def test_an_overwrite_replaces_content_and_etag(container):
    before = container.upload_blob("twice.txt", b"first").get_blob_properties().etag
    after = container.upload_blob("twice.txt", b"second", overwrite=True).get_blob_properties().etag
    assert before != after
    assert container.download_blob("twice.txt").readall() == b"second"


def test_a_stale_etag_stops_a_write(container):
    from azure.core import MatchConditions
    from azure.core.exceptions import ResourceModifiedError

    blob = container.upload_blob("guarded.txt", b"first")
    old = blob.get_blob_properties().etag
    blob.upload_blob(b"second", overwrite=True)
    with pytest.raises(ResourceModifiedError):
        blob.upload_blob(b"third", overwrite=True, etag=old, match_condition=MatchConditions.IfNotModified)
    assert blob.download_blob().readall() == b"second"


def test_an_empty_blob_comes_back_empty(container):
    container.upload_blob("empty", b"")
    assert container.download_blob("empty").readall() == b""


def test_a_range_gives_exactly_those_bytes(container):
    container.upload_blob("range.bin", bytes(range(256)))
    assert container.download_blob("range.bin", offset=10, length=5).readall() == bytes(range(10, 15))
    assert container.download_blob("range.bin", offset=250).readall() == bytes(range(250, 256))


def test_a_range_on_the_wire_is_206_with_its_place(account, server, container):
    container.upload_blob("range.bin", b"0123456789")
    place, signature = raw_sas(account, server, container)
    reply = requests.get(f"{place}/range.bin?{signature}", headers={"x-ms-range": "bytes=2-4"}, timeout=30)
    assert (reply.status_code, reply.content) == (206, b"234")
    assert reply.headers["Content-Range"] == "bytes 2-4/10"


def test_a_range_beyond_the_end_is_416(account, server, container):
    container.upload_blob("short.bin", b"01")
    place, signature = raw_sas(account, server, container)
    reply = requests.get(f"{place}/short.bin?{signature}", headers={"Range": "bytes=5-9"}, timeout=30)
    assert reply.status_code == 416
    assert reply.headers["x-ms-error-code"] == "InvalidRange"


def test_a_head_tells_the_length_and_has_no_body(account, server, container):
    container.upload_blob("head.bin", b"0123456789")
    place, signature = raw_sas(account, server, container)
    reply = requests.head(f"{place}/head.bin?{signature}", timeout=30)
    assert (reply.status_code, reply.headers["Content-Length"], reply.content) == (200, "10", b"")


def test_seventy_megabytes_in_blocks_come_back_whole(container):
    content = os.urandom(1 << 20) * 70
    container.upload_blob("big.bin", content, max_concurrency=4)
    returned = container.download_blob("big.bin", max_concurrency=4).readall()
    assert hashlib.sha256(returned).digest() == hashlib.sha256(content).digest()


def test_blocks_are_joined_in_the_order_of_the_list(container):
    blob = container.get_blob_client("ordered.txt")
    for name, content in (("b", b"world"), ("a", b"hello ")):
        blob.stage_block(base64.b64encode(name.encode()).decode(), content)
    blob.commit_block_list([BlobBlock(base64.b64encode(name).decode()) for name in (b"a", b"b")])
    assert blob.download_blob().readall() == b"hello world"


def test_blocks_that_were_not_committed_are_no_blob(container):
    blob = container.get_blob_client("half.txt")
    blob.stage_block(base64.b64encode(b"a").decode(), b"half")
    assert not blob.exists()


def test_a_block_list_that_names_an_unknown_block_is_refused(container):
    blob = container.get_blob_client("wrong.txt")
    with pytest.raises(HttpResponseError) as refusal:
        blob.commit_block_list([BlobBlock(base64.b64encode(b"unknown").decode())])
    assert refusal.value.status_code == 400
    assert refusal.value.error_code == "InvalidBlockList"


def test_a_body_that_does_not_match_its_digest_is_refused(account, server, container):
    place, signature = raw_sas(account, server, container)
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    headers = {"x-ms-blob-type": "BlockBlob", "Content-MD5": wrong}
    reply = requests.put(f"{place}/digest.txt?{signature}", data=b"content", headers=headers, timeout=30)
    assert reply.status_code == 400
    assert reply.headers["x-ms-error-code"] == "Md5Mismatch"
    assert not container.get_blob_client("digest.txt").exists()


def test_a_blob_is_copied_within_the_account(container):
    source = container.upload_blob("from.txt", b"content", metadata={"kept": "yes"})
    copy = container.get_blob_client("to.txt")
    assert copy.start_copy_from_url(source.url)["copy_status"] == "success"
    assert copy.download_blob().readall() == b"content"
    assert copy.get_blob_properties().metadata == {"kept": "yes"}


def test_a_deleted_blob_is_gone(container):
    container.upload_blob("gone.txt", b"x")
    container.delete_blob("gone.txt")
    assert not container.get_blob_client("gone.txt").exists()
    with pytest.raises(NotFound):
        container.delete_blob("gone.txt")


# Lists


def test_a_list_can_be_narrowed_by_prefix_and_carries_metadata(container):
    container.upload_blob("a/1.txt", b"1", metadata={"n": "1"})
    container.upload_blob("a/2.txt", b"22")
    container.upload_blob("b/3.txt", b"333")
    listed = {blob.name: blob for blob in container.list_blobs(name_starts_with="a/", include=["metadata"])}
    assert sorted(listed) == ["a/1.txt", "a/2.txt"]
    assert listed["a/1.txt"].metadata == {"n": "1"}
    assert listed["a/2.txt"].size == 2


def test_a_list_with_a_delimiter_shows_folders(container):
    for name in ("top.txt", "a/1.txt", "a/2.txt", "b/c/3.txt"):
        container.upload_blob(name, b"x")
    assert [item.name for item in container.walk_blobs(delimiter="/")] == ["a/", "b/", "top.txt"]


def test_a_list_longer_than_a_page_is_followed_by_its_marker(container):
    names = [f"{number:02}.txt" for number in range(12)]
    for name in names:
        container.upload_blob(name, b"")
    pages = list(container.list_blobs(results_per_page=5).by_page())
    assert [[blob.name for blob in page] for page in pages] == [names[:5], names[5:10], names[10:]]


# Names


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "a/../../outside.txt",
        "a/..",
        "..",
        "%2e%2e/outside.txt",
        "..%2foutside.txt",
        "a%00b",
        "a//../../b",
    ],
)
def test_a_name_that_tries_to_leave_its_container_is_refused(account, server, container, name):
    place, signature = raw_sas(account, server, container)
    request = requests.Request("PUT", place, data=b"x", headers={"x-ms-blob-type": "BlockBlob"}).prepare()
    request.url = f"{place}/{name}?{signature}"
    with requests.Session() as session:
        reply = session.send(request, timeout=30, verify=os.environ["REQUESTS_CA_BUNDLE"])
    assert reply.status_code in (400, 403), reply.text
    assert not list(server.home.rglob("outside.txt"))


@pytest.mark.parametrize(
    "name", ["two words.txt", "plus+and%25.txt", "d\u00e9j\u00e0/\u4e2d\u6587.txt", "a:b;c'd.txt", "x" * 200]
)
def test_an_odd_name_that_is_allowed_comes_back_as_it_was(container, name):
    container.upload_blob(name, name.encode())
    assert [blob.name for blob in container.list_blobs()] == [name]
    assert container.download_blob(name).readall() == name.encode()


def test_blobs_are_plain_files_under_the_state_folder(server, account, container):
    container.upload_blob("folder/plain.txt", b"plain")
    place = server.home / "blobs" / account.name / container.container_name / "folder" / "plain.txt"
    assert place.read_bytes() == b"plain"


def test_the_account_name_may_stand_before_an_at_sign(account):
    assert "@" in urlsplit(account.url).netloc
