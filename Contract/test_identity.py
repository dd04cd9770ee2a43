"""Contract A3: who may come in, how, and who may do what (roles RB-01 to RB-05, RB-12 to RB-14)."""

import base64
import json
import os
import threading
import time

import jwt
import pytest
from azure.ai.ml.entities import AmlCompute, Environment, Workspace
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import (
    ClientSecretCredential,
    DefaultAzureCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
)

from lazuli_wire import error_of
from running_jobs import shell_job

ANY_TENANT = "7c2d9d1e-0000-4000-8000-5d6f7a8b9c0d"
ML_AUDIENCE = "https://ml.azure.lazuli"


def claims_of(token):
    """The claims of a JWT, unchecked."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@pytest.fixture(scope="module")
def principals(server):
    """One service principal per role, made at first use."""
    made = {}

    def of(role):
        if role not in made:
            arguments = ["principal", "create", "--name", f"robot-{len(made)}"]
            made[role] = server.run_json(*arguments, *(["--role", role] if role else []))
        return made[role]

    return of


@pytest.fixture
def client_with(client_for, principals):
    """An MLClient signed in as a service principal with a role."""

    def sign_in(role):
        principal = principals(role)
        return client_for(ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"]))

    return sign_in


# Ways in


def test_the_default_credential_gives_a_token_for_the_audience_asked_for(server):
    token = DefaultAzureCredential().get_token(f"{server.api}/.default").token
    assert claims_of(token)["aud"].rstrip("/") == server.api


def test_the_machine_learning_audience_is_exact(server):
    assert claims_of(DefaultAzureCredential().get_token(f"{ML_AUDIENCE}/.default").token)["aud"] == ML_AUDIENCE


def test_a_managed_identity_gets_a_token(server):
    assert ManagedIdentityCredential().get_token(f"{server.api}/.default").token.count(".") == 2


def test_a_managed_identity_needs_the_secret_header(wire, server):
    for headers in ({}, {"X-IDENTITY-HEADER": "wrong"}):
        reply = wire.send("GET", f"{server.exports['IDENTITY_ENDPOINT']}?resource=x", token="", headers=headers)
        assert reply.status_code in (400, 401, 403)
        assert "access_token" not in reply.text


def test_a_client_secret_lets_a_principal_in_under_any_tenant(client_with, server):
    assert client_with("Reader").workspaces.get(server.workspace).name == server.workspace


def test_the_environment_credential_lets_a_principal_in(principals, client_for, server, monkeypatch):
    principal = principals("Reader")
    monkeypatch.setenv("AZURE_TENANT_ID", ANY_TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", principal["clientId"])
    monkeypatch.setenv("AZURE_CLIENT_SECRET", principal["clientSecret"])
    assert client_for(EnvironmentCredential()).workspaces.get(server.workspace).name == server.workspace


def test_a_wrong_secret_is_an_invalid_client(principals, server):
    credential = ClientSecretCredential(ANY_TENANT, principals("Reader")["clientId"], "wrong-secret")
    with pytest.raises(ClientAuthenticationError, match="invalid_client|AADSTS7000215"):
        credential.get_token(f"{server.api}/.default")


def test_an_unknown_client_is_refused_in_oauths_words(wire, server):
    document = wire.send("GET", f"{server.api}/adfs/{ANY_TENANT}/.well-known/openid-configuration", token="").json()
    form = "client_id=nobody&client_secret=x&grant_type=client_credentials&scope=x/.default"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = wire.send("POST", document["token_endpoint"], token="", data=form, headers=headers)
    assert reply.status_code in (400, 401)
    assert reply.json()["error"] in ("invalid_client", "unauthorized_client")


def test_the_keys_that_sign_tokens_are_published(wire, server):
    document = wire.send("GET", f"{server.api}/adfs/{ANY_TENANT}/.well-known/openid-configuration", token="").json()
    (key, *_) = wire.send("GET", document["jwks_uri"], token="").json()["keys"]
    assert (key["kty"], key["crv"]) == ("EC", "P-256")
    assert "d" not in key


def test_a_person_signs_in_with_a_device_code(wire, server, client_for):
    def approve(_address, code, _expires):
        path = f"/lazuli/devicecodes/{code}/approve"
        threading.Thread(target=wire.send, args=("POST", path), daemon=True).start()

    credential = DeviceCodeCredential(
        tenant_id=ANY_TENANT,
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        prompt_callback=approve,
        timeout=60,
    )
    assert client_for(credential).workspaces.get(server.workspace).name == server.workspace


# Tokens that are none


def changed_claims(token, **claims):
    """The token with other claims under the old signature."""
    head, _, signature = token.split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims_of(token) | claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def unsigned(token):
    """The token with the algorithm `none`."""
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


FORGERIES = {
    "garbage": lambda token: "garbage",
    "three dots": lambda token: "a.b.c",
    "empty segments": lambda token: "..",
    "cut short": lambda token: token[:-10],
    "other claims": lambda token: changed_claims(token, oid="somebody-else"),
    "longer life": lambda token: changed_claims(token, exp=4102444800),
    "expired": lambda token: changed_claims(token, exp=1),
    "unsigned": unsigned,
    "very long": lambda token: "x" * 20000,
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_is_none_is_refused(wire, forgery):
    reply = wire.send("GET", wire.server.workspace_path, token=FORGERIES[forgery](wire.own_token))
    assert reply.status_code in (401, 431 if forgery == "very long" else 401), reply.text


def signed_by_the_server(server, token, **claims):
    """A token like the given one, with other claims, under a true signature of the server's own key."""
    (key,) = server.home.rglob("token-signing.pem")
    headers = {"kid": jwt.get_unverified_header(token)["kid"]}
    return jwt.encode(claims_of(token) | claims, key.read_text(), algorithm="ES256", headers=headers)


def test_a_genuine_token_counts_until_it_expires(wire, server):
    now = int(time.time())
    fresh = signed_by_the_server(server, wire.own_token, exp=now + 60)
    assert wire.send("GET", server.workspace_path, token=fresh).status_code == 200
    expired = signed_by_the_server(server, wire.own_token, nbf=now - 7200, iat=now - 7200, exp=now - 3600)
    reply = wire.send("GET", server.workspace_path, token=expired)
    assert reply.status_code == 401
    assert "expired" in error_of(reply)["message"]


def test_a_call_without_a_token_is_refused_with_the_way_in(wire):
    reply = wire.send("GET", wire.server.workspace_path, token="")
    assert reply.status_code == 401
    assert "lazuli env" in error_of(reply)["message"]


def test_basic_credentials_are_refused_with_the_likely_cause(wire):
    reply = wire.send("GET", wire.server.workspace_path, token="", headers={"Authorization": "Basic YTpi"})
    assert reply.status_code == 401
    assert "netrc" in error_of(reply)["message"]


def test_documents_that_lead_to_a_token_need_none(wire, server):
    for url in (server.exports["ARM_CLOUD_METADATA_URL"], f"{server.api}/discovery"):
        assert wire.send("GET", url, token="").status_code == 200


# Roles


def assert_may_not(call, action):
    with pytest.raises(HttpResponseError) as refusal:
        call()
    assert refusal.value.status_code == 403
    assert action.lower() in str(refusal.value).lower()


def test_somebody_without_a_role_sees_nothing(client_with, server):
    assert_may_not(
        lambda: client_with("").workspaces.get(server.workspace), "Microsoft.MachineLearningServices/workspaces/read"
    )


def test_a_reader_reads_and_does_not_write(client_with, unique_name):
    client = client_with("Reader")
    list(client.jobs.list())
    list(client.environments.list())
    assert_may_not(
        lambda: client.environments.create_or_update(Environment(name=unique_name("e"), version="1", image="ubuntu")),
        "environments/versions/write",
    )
    assert_may_not(lambda: client.jobs.create_or_update(shell_job("echo x")), "jobs/write")


def test_a_reader_may_not_take_secrets(wire, principals, server):
    principal = principals("Reader")
    credential = ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"])
    token = credential.get_token(f"{server.api}/.default").token
    reply = wire.post("datastores/workspaceblobstore/listSecrets", {}, token=token)
    assert reply.status_code == 403
    assert "listSecrets/action" in error_of(reply)["message"]


def test_a_data_scientist_submits_and_registers_and_makes_no_compute(client_with, unique_name):
    client = client_with("AzureML Data Scientist")
    client.environments.create_or_update(Environment(name=unique_name("e"), version="1", image="ubuntu"))
    client.jobs.create_or_update(shell_job("echo by a scientist"))
    wanted = AmlCompute(name=unique_name("c"), size="STANDARD_DS3_v2", location="local")
    assert_may_not(lambda: client.compute.begin_create_or_update(wanted).result(), "computes/write")


def test_a_data_scientist_does_not_change_the_workspace(wire, principals, server):
    principal = principals("AzureML Data Scientist")
    credential = ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"])
    token = credential.get_token(f"{server.api}/.default").token
    reply = wire.send("PATCH", server.workspace_path, {"tags": {"x": "y"}}, token=token)
    assert reply.status_code == 403
    assert "workspaces/write" in error_of(reply)["message"]


def test_a_compute_operator_makes_compute_and_submits_nothing(client_with, unique_name):
    client = client_with("AzureML Compute Operator")
    name = unique_name("c")
    wanted = AmlCompute(name=name, size="STANDARD_DS3_v2", location="local")
    client.compute.begin_create_or_update(wanted).result()
    client.compute.begin_delete(name).wait()
    assert_may_not(
        lambda: client.environments.create_or_update(Environment(name=unique_name("e"), version="1", image="ubuntu")),
        "environments/versions/write",
    )
    assert_may_not(lambda: client.jobs.create_or_update(shell_job("echo x")), "jobs/write")


@pytest.mark.parametrize(("role", "allowed"), [("Contributor", False), ("Owner", True)])
def test_only_an_owner_gives_roles_to_others(server, wire, principals, role, allowed):
    giver, receiver = principals(role), principals("")
    credential = ClientSecretCredential(ANY_TENANT, giver["clientId"], giver["clientSecret"])
    token = credential.get_token(f"{server.api}/.default").token
    listed = wire.send("GET", f"{server.group_path}/providers/Microsoft.Authorization/roleDefinitions").json()["value"]
    reader = next(role["id"] for role in listed if role["properties"]["roleName"] == "Reader")
    body = {"properties": {"roleDefinitionId": reader, "principalId": receiver.get("objectId", receiver["clientId"])}}
    path = f"{server.workspace_path}/providers/Microsoft.Authorization/roleAssignments"
    reply = wire.send("PUT", f"{path}/2b7f0000-0000-4000-8000-{len(role):012}", body, token=token)
    if allowed:
        assert reply.status_code in (200, 201), reply.text
    else:
        assert reply.status_code == 403
        assert "Microsoft.Authorization/roleAssignments/write" in error_of(reply)["message"]


def test_a_role_counts_from_the_next_call_on(server, client_for, unique_name):
    principal = server.run_json("principal", "create", "--name", unique_name("late"))
    client = client_for(ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"]))
    with pytest.raises(HttpResponseError):
        client.workspaces.get(server.workspace)
    role = ["--assignee", principal["clientId"], "--role", "Reader", "--scope", server.workspace_path]
    server.run("role", "assignment", "create", *role)
    assert client.workspaces.get(server.workspace).name == server.workspace


def test_a_contributor_makes_a_workspace(client_for, principals, wire, server, unique_name):
    principal = principals("Contributor")
    assignee = ["--assignee", principal["objectId"], "--role", "Contributor", "--scope", server.group_path]
    server.run("role", "assignment", "create", *assignee)
    client = client_for(ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"]))
    name = unique_name("made")
    client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    assert wire.send("GET", f"{server.workspaces_path}/{name}").status_code == 200


def test_a_role_ends_with_its_workspace_even_if_another_takes_the_name(
    ml_client, client_for, server, wire, unique_name
):
    name = unique_name("gone")
    ml_client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    principal = server.run_json("principal", "create", "--name", unique_name("guest"))
    place = ["--scope", f"{server.workspaces_path}/{name}"]
    server.run("role", "assignment", "create", "--assignee", principal["clientId"], "--role", "Reader", *place)
    guest = client_for(ClientSecretCredential(ANY_TENANT, principal["clientId"], principal["clientSecret"]))
    assert guest.workspaces.get(name).name == name
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=True).result()
    ml_client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    with pytest.raises(HttpResponseError) as refused:
        guest.workspaces.get(name)
    assert refused.value.status_code == 403
