"""Bodies nobody should send: whatever they are, the answer is a refusal or a success, never a fault or a hang."""

import copy
import json
import random
import string

import pytest
from faulty_servers import BODIES, SEED

STORE = "azureml://datastores/workspaceblobstore/paths/x"
COMMAND = {"jobType": "Command", "command": "echo ${{inputs.a}}", "environmentId": "azureml:AzureML-minimal@latest"}
GOOD = {
    "jobs/{n}": COMMAND | {"inputs": {"a": {"jobInputType": "literal", "value": "1"}}, "limits": {"timeout": "PT1H"}},
    "data/{n}/versions/1": {"dataType": "uri_file", "dataUri": STORE, "tags": {"a": "b"}},
    "environments/{n}/versions/1": {"image": "ubuntu", "condaFile": "dependencies:\n  - python=3.11\n"},
    "models/{n}/versions/1": {"modelType": "custom_model", "modelUri": "https://example.com/model", "flavors": {}},
    "components/{n}/versions/1": {
        "componentSpec": {"type": "command", "name": "c", "command": "x", "environment": "e"}
    },
    "computes/{n}": {
        "computeType": "AmlCompute",
        "properties": {"vmSize": "STANDARD_DS3_v2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2}},
    },
    "datastores/{n}": {
        "datastoreType": "AzureBlob",
        "accountName": "account",
        "containerName": "container",
        "credentials": {"credentialsType": "None"},
    },
    "schedules/{n}": {
        "trigger": {"triggerType": "Cron", "expression": "0 9 * * 1", "timeZone": "UTC"},
        "action": {"actionType": "CreateJob", "jobDefinition": COMMAND},
    },
    "onlineEndpoints/{n}": {"authMode": "Key", "description": "d", "traffic": {}, "mirrorTraffic": {}},
    "batchEndpoints/{n}": {"authMode": "aadToken", "description": "d", "properties": {"a": "b"}},
    "connections/{n}": {"category": "Git", "target": "https://x", "authType": "PAT", "credentials": {"pat": "p"}},
}
"""For each kind that takes a body: its path and the `properties` of a good one."""

PLACED = ("computes/{n}", "onlineEndpoints/{n}", "batchEndpoints/{n}")
"""The kinds whose bodies name a region beside their properties."""

ODD_VALUES = [
    None, True, -1, 0, 1e308, 10**40, "", " ", "\u0000", "\ud7ff", "x" * 10_000, [], {}, [[]], {"": {}}, "PT", "${{",
    "${{inputs.}}", "../../etc/passwd", "azureml:", "azureml://", "azureml:a:b:c", "1.5e", "\U0001f48e", ["a"] * 1000,
]  # fmt: skip


def good_body(path):
    return ({"location": "local"} if path in PLACED else {}) | {"properties": GOOD[path]}


def places(value, path=()):
    """The path of every member and element of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def spoiled(good, dice):
    """A copy of a good body with up to three things wrong."""
    body = copy.deepcopy(good)
    for _ in range(dice.randint(1, 3)):
        known = list(places(body))
        if not known:
            break
        *before, last = dice.choice(known)
        parent = body
        for key in before:
            parent = parent[key]
        action = dice.choice(("replace", "remove", "rename", "nest"))
        if action == "replace" or isinstance(parent, list):
            parent[last] = copy.deepcopy(dice.choice(ODD_VALUES))
        elif action == "remove":
            del parent[last]
        elif action == "rename":
            parent["".join(dice.sample(string.ascii_letters, 8))] = parent.pop(last)
        else:
            parent[last] = {"nested": parent[last]}
    return body


def broken_bytes(good, dice):
    """The bytes of a good body, cut, doubled or with some of them changed."""
    text = bytearray(json.dumps(good).encode())
    for _ in range(dice.randint(1, 8)):
        text[dice.randrange(len(text))] = dice.randrange(256)
    return bytes(text[: dice.randint(0, len(text))]) if dice.random() < 0.5 else bytes(text)


def assert_no_fault(reply, sent):
    assert reply.status_code < 500 or reply.status_code == 501, f"{reply.status_code} {reply.text[:500]} for {sent}"
    if reply.status_code >= 400:
        assert reply.json()["error"]["message"], sent


@pytest.mark.parametrize("path", GOOD)
def test_a_good_body_is_taken(wire, unique_name, path):
    body = good_body(path)
    reply = wire.put(path.format(n=unique_name("good").replace("-", "")[:20]), body)
    assert reply.status_code in (200, 201, 501), reply.text


def test_no_spoiled_body_is_a_fault_of_the_server(wire):
    dice = random.Random(SEED)
    for number in range(BODIES):
        path = dice.choice(list(GOOD))
        body = spoiled(good_body(path), dice)
        sent = f"body {number} of seed {SEED}: PUT {path} {json.dumps(body)[:2000]}"
        assert_no_fault(wire.put(path.format(n=f"fuzz{number}"), body), sent)


def test_no_broken_bytes_are_a_fault_of_the_server(wire):
    dice = random.Random(SEED + 1)
    for number in range(BODIES // 2):
        path = dice.choice(list(GOOD))
        data = broken_bytes(good_body(path), dice)
        assert_no_fault(wire.put(path.format(n=f"bytes{number}"), data=data), f"{path} {data!r}")


def test_no_odd_path_or_query_is_a_fault_of_the_server(wire):
    dice = random.Random(SEED + 2)
    letters = string.ascii_letters + string.digits + "%.~:@$+,;=-_/ \u00e9\u4e2d"
    for _ in range(BODIES // 2):
        tail = "".join(dice.choices(letters, k=dice.randint(1, 40)))
        query = {"$top": dice.choice(["", "x", "-5", "1e9"]), "$skip": tail, "listViewType": tail}
        method = dice.choice(["GET", "DELETE", "POST", "PATCH", "PUT"])
        assert_no_fault(wire.send(method, wire.here(f"jobs/{tail}"), query=query), f"{method} {tail!r}")


def test_no_odd_token_is_a_fault_of_the_server(wire):
    dice = random.Random(SEED + 3)
    for _ in range(min(BODIES, 500)):
        token = "".join(dice.choices(string.ascii_letters + string.digits + "-_.=+/ ", k=dice.randint(1, 300))).strip()
        reply = wire.send("GET", wire.server.workspace_path, token=token or "x")
        assert reply.status_code == 401, f"{reply.status_code} for {token!r}"


def test_no_odd_query_is_a_fault_of_the_blob_service(wire, server):
    dice = random.Random(SEED + 4)
    for _ in range(BODIES // 2):
        word = "".join(dice.choices(string.printable.strip(), k=dice.randint(1, 30)))
        query = {
            "comp": dice.choice(["list", "block", "blocklist", "metadata", word]),
            "sig": word,
            "se": word,
            "sp": "r",
        }
        url = f"{server.blob}/{dice.choice(['azureml', word])}/{word}"
        reply = wire._session.request(dice.choice(["GET", "PUT", "HEAD", "DELETE"]), url, params=query, timeout=30)
        assert reply.status_code < 500 or reply.status_code == 501, f"{reply.status_code} for {url} {query}"


def test_the_server_is_well_after_all_that(wire):
    assert wire.send("GET", wire.server.workspace_path).status_code == 200
