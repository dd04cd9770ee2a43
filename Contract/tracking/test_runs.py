"""Runs, params, metrics, tags, inputs and searches through the stock MLflow client."""

from __future__ import annotations

import math
import threading

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException, RestException


def test_the_fluent_calls_of_a_tutorial_work(client, experiment):
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "name": "a b"})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metrics({"loss": 0.25, "accuracy": 0.9}, step=2)
        mlflow.set_tag("colour", "blue")
    stored = client.get_run(run.info.run_id)
    assert stored.info.status == "FINISHED"
    assert stored.data.params == {"depth": "3", "rate": "0.1", "name": "a b"}
    assert stored.data.metrics == {"loss": 0.25, "accuracy": 0.9}
    assert stored.data.tags["colour"] == "blue"
    assert stored.info.run_name == "first" == stored.data.tags["mlflow.runName"]


def test_a_param_keeps_its_value(client, experiment):
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "depth", 3)
    client.log_param(run, "depth", 3)
    with pytest.raises(MlflowException, match="Changing param values is not allowed"):
        client.log_param(run, "depth", 4)
    long = "x" * 6000
    client.log_param(run, "long", long)
    assert client.get_run(run).data.params["long"] == long
    with pytest.raises(MlflowException, match="exceeds the maximum length"):
        client.log_batch(run, params=[Param("longer", "x" * 6001)])


def test_special_values_come_back(client, experiment):
    run = client.create_run(experiment).info.run_id
    for step, value in enumerate((math.nan, math.inf, -math.inf)):
        client.log_metric(run, "m", value, step=step)
    values = [point.value for point in client.get_metric_history(run, "m")]
    assert math.isnan(values[0])
    assert values[1:] == [1.7976931348623157e308, -1.7976931348623157e308]


def test_batches_beyond_the_limits_are_split_or_refused(client, experiment):
    run = client.create_run(experiment).info.run_id
    with pytest.raises(RestException, match="at most 1000"):
        client._tracking_client.store.log_batch(run, [Metric(f"m{i}", 1, 1, 0) for i in range(1001)], [], [])
    mlflow.start_run(run_id=run)
    mlflow.log_params({f"p{i}": i for i in range(250)})
    mlflow.set_tags({f"t{i}": i for i in range(250)})
    mlflow.log_metrics({f"m{i}": i for i in range(1500)})
    mlflow.end_run()
    data = client.get_run(run).data
    assert len(data.params) == 250
    assert len(data.metrics) == 1500
    assert sum(key.startswith("t") for key in data.tags) == 250


def test_points_logged_by_many_threads_are_all_there(client, experiment):
    run = client.create_run(experiment).info.run_id

    def log(worker: int) -> None:
        for batch in range(5):
            points = [Metric(f"m{worker}", step, step, step) for step in range(batch * 50, batch * 50 + 50)]
            client.log_batch(run, metrics=points)

    threads = [threading.Thread(target=log, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in range(8):
        assert [point.step for point in client.get_metric_history(run, f"m{worker}")] == list(range(250))


def test_a_long_history_comes_in_pages(client, experiment):
    run = client.create_run(experiment).info.run_id
    for start in range(0, 3000, 1000):
        client.log_batch(run, metrics=[Metric("m", i, i, i) for i in range(start, start + 1000)])
    store = client._tracking_client.store
    page = store.get_metric_history(run, "m", max_results=700, page_token=None)
    seen = list(page)
    while page.token:
        page = store.get_metric_history(run, "m", max_results=700, page_token=page.token)
        seen += list(page)
    assert [point.value for point in seen] == [float(i) for i in range(3000)]


def test_searches_filter_order_and_page(client, experiment):
    for index in range(12):
        client.log_batch(
            client.create_run(experiment, start_time=index + 1).info.run_id,
            metrics=[Metric("acc", index / 10, 1, 0)],
            params=[Param("half", str(index % 2))],
            tags=[RunTag("team", "red" if index < 6 else "Blue")],
        )
    found = client.search_runs([experiment], "metrics.acc > 0.25 and params.half = '0'", order_by=["metrics.acc DESC"])
    assert [run.data.metrics["acc"] for run in found] == [1.0, 0.8, 0.6, 0.4]
    assert len(client.search_runs([experiment], "tags.team ILIKE 'b%'")) == 6
    assert len(client.search_runs([experiment], "tags.team LIKE 'b%'")) == 0
    assert len(client.search_runs([experiment], "attributes.start_time < 4 OR metrics.acc >= 1")) == 5
    pages, token = [], None
    while True:
        page = client.search_runs([experiment], max_results=5, page_token=token, order_by=["metrics.acc ASC"])
        pages.append([run.data.metrics["acc"] for run in page])
        token = page.token
        if not token:
            break
    assert [len(page) for page in pages] == [5, 5, 2]
    assert sum(pages, []) == [index / 10 for index in range(12)]


@pytest.mark.parametrize(
    ("filter_string", "message"),
    [
        ("metrics.acc > 'x'", "Expected numeric value type"),
        ("params.a = 1", "Expected a quoted string value"),
        ("nonsense.a = '1'", "Invalid entity type 'nonsense'"),
        ("metrics.acc > 1 extra", "Invalid clause.*extra.*character 17"),
        ("params.a = 'open", "not closed"),
    ],
)
def test_a_bad_filter_is_told_where(client, experiment, filter_string, message):
    with pytest.raises(MlflowException, match=message):
        client.search_runs([experiment], filter_string)


def test_runs_and_experiments_are_deleted_and_restored(client, experiment):
    run = client.create_run(experiment).info.run_id
    client.delete_run(run)
    assert not client.search_runs([experiment])
    assert len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)) == 1
    with pytest.raises(MlflowException, match="must be in the 'active' state"):
        client.set_tag(run, "a", "b")
    client.restore_run(run)
    client.delete_experiment(experiment)
    assert client.get_experiment(experiment).lifecycle_stage == "deleted"
    client.restore_experiment(experiment)
    assert len(client.search_runs([experiment])) == 1


def test_datasets_are_noted_and_searched(client, experiment):
    pandas = pytest.importorskip("pandas")
    dataset = mlflow.data.from_pandas(pandas.DataFrame({"a": [1, 2]}), name="small")
    with mlflow.start_run() as run:
        mlflow.log_input(dataset, context="training")
    stored = client.get_run(run.info.run_id)
    assert stored.inputs.dataset_inputs[0].dataset.name == "small"
    assert len(client.search_runs([experiment], "dataset.name = 'small' and dataset.context = 'training'")) == 1


def test_unicode_keys_and_values_survive(client, experiment):
    run = client.create_run(experiment).info.run_id
    client.log_batch(
        run, metrics=[Metric("精度", 1, 1, 0)], params=[Param("épaisseur", "œ")], tags=[RunTag("ключ", "☃")]
    )
    data = client.get_run(run).data
    assert data.metrics == {"精度": 1.0}
    assert data.params == {"épaisseur": "œ"}
    assert data.tags["ключ"] == "☃"
    with pytest.raises(MlflowException):
        client.log_batch(run, params=[Param("../up", "1")])
