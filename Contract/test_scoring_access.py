"""Endpoints for signed-in callers (`aad_token`)."""

import pytest
from azure.identity import DefaultAzureCredential

from scoring_endpoints import OnlineEndpoint


@pytest.fixture
def endpoint(ml_client, folder, unique_name):
    made = OnlineEndpoint(ml_client, folder, unique_name("signed"))
    yield made
    ml_client.online_endpoints.begin_delete(made.name).wait()


def test_a_signed_in_caller_with_the_role_scores_and_others_do_not(server, ml_client, endpoint):
    endpoint.deploy("blue")
    stored = ml_client.online_endpoints.get(endpoint.name)
    stored.auth_mode = "aad_token"
    ml_client.online_endpoints.begin_create_or_update(stored).result()
    token = DefaultAzureCredential().get_token("https://ml.azure.com/.default").token
    assert endpoint.ask('"x"', headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert endpoint.ask('"x"').status_code == 401
    reader = server.run_json("principal", "create", "--name", endpoint.name, "--role", "Reader")
    secret = {"client_id": reader["clientId"], "client_secret": reader["clientSecret"]}
    answer = endpoint.session.post(
        f"{server.api}/adfs/{reader['tenantId']}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "scope": "https://ml.azure.com/.default"} | secret,
        verify=server.addresses["ca"],
    )
    foreign = answer.json()["access_token"]
    refusal = endpoint.ask('"x"', headers={"Authorization": f"Bearer {foreign}"})
    assert refusal.status_code == 403
    assert "onlineEndpoints/score/action" in refusal.text
