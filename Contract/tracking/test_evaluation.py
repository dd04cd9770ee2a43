"""Evaluation data sets, scorers and GraphQL with the stock client."""

from __future__ import annotations

import mlflow
import pytest
import requests
from mlflow.exceptions import MlflowException
from mlflow.genai import datasets


@pytest.fixture
def dataset(client, experiment, unique_name):
    return datasets.create_dataset(name=unique_name("questions"), experiment_id=[experiment], tags={"team": "ml"})


def test_records_are_merged_by_their_inputs(dataset):
    dataset.merge_records(
        [
            {"inputs": {"question": "one"}, "expectations": {"answer": 1}},
            {"inputs": {"question": "two"}, "tags": {"hard": "yes"}},
        ]
    )
    dataset.merge_records([{"inputs": {"question": "one"}, "expectations": {"unit": "m"}}])
    table = datasets.get_dataset(dataset_id=dataset.dataset_id).to_df()
    assert [row["question"] for row in table["inputs"]] == ["one", "two"]
    assert table["expectations"][0] == {"answer": 1, "unit": "m"}
    assert table["tags"][1]["hard"] == "yes"


def test_traces_become_records(client, experiment, dataset):
    @mlflow.trace
    def answer(question: str) -> str:
        return question.upper()

    answer("why")
    mlflow.flush_trace_async_logging()
    dataset.merge_records(mlflow.search_traces(locations=[experiment], return_type="list"))
    (record,) = datasets.get_dataset(dataset_id=dataset.dataset_id).to_df().to_dict("records")
    assert record["inputs"] == {"question": "why"}
    assert record["source_type"] == "TRACE"


def test_data_sets_are_found_and_deleted(client, experiment, dataset):
    found = client.search_datasets(experiment_ids=[experiment], filter_string="tags.team = 'ml'")
    assert [item.dataset_id for item in found] == [dataset.dataset_id]
    client.set_dataset_tags(dataset.dataset_id, {"team": "data", "stage": "new"})
    client.delete_dataset_tag(dataset.dataset_id, "stage")
    tags = client.get_dataset(dataset.dataset_id).tags
    assert (tags["team"], "stage" in tags) == ("data", False)
    client.delete_dataset(dataset.dataset_id)
    with pytest.raises(MlflowException, match="not found"):
        client.get_dataset(dataset.dataset_id)


def test_scorers_are_kept_by_version(client, experiment):
    store = client._tracking_client.store
    versions = [store.register_scorer(experiment, "polite", text).scorer_version for text in ('{"a": 1}', '{"a": 2}')]
    assert versions == [1, 2]
    assert [scorer.scorer_version for scorer in store.list_scorers(experiment)] == [2]
    assert store.get_scorer(experiment, "polite", version=1).scorer_version == 1
    store.delete_scorer(experiment, "polite")
    assert store.list_scorers(experiment) == []


def test_the_page_asks_for_a_run_over_graphql(client, experiment, tracking_uri):
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 0.5)
    query = """
        query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
          mlflowGetRun(input: $data) {
            run { info { runId experimentId } experiment { experimentId } data { metrics { key value step } } }
          }
        }"""
    body = {"query": query, "operationName": "GetRun", "variables": {"data": {"runId": run.info.run_id}}}
    answer = requests.post(f"{tracking_uri}/graphql", json=body, timeout=30).json()
    assert answer["errors"] is None
    found = answer["data"]["mlflowGetRun"]["run"]
    assert found["info"] == {"runId": run.info.run_id, "experimentId": experiment}
    assert found["data"]["metrics"] == [{"key": "loss", "value": 0.5, "step": "0"}]
