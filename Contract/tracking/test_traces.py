"""Traces with the stock client: written by decorators and by hand, found, judged, deleted."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import secrets
import zlib

import mlflow
import pytest
import requests
from mlflow.entities import AssessmentSource, SpanStatusCode, SpanType
from mlflow.exceptions import MlflowException


@pytest.fixture
def sent(client, experiment):
    """Calls a function, and gives the trace that the server holds of it."""

    def send(call, *arguments):
        with contextlib.suppress(ValueError):
            call(*arguments)
        mlflow.flush_trace_async_logging()
        return mlflow.get_trace(mlflow.get_last_active_trace_id())

    return send


@mlflow.trace(span_type=SpanType.TOOL, attributes={"unit": "metre"})
def double(length: float) -> float:
    return 2 * length


@mlflow.trace(name="plan")
def plan(lengths: list[float]) -> dict[str, float]:
    with mlflow.start_span(name="sum", span_type=SpanType.CHAIN) as span:
        span.set_inputs({"lengths": lengths})
        total = sum(double(length) for length in lengths)
        span.set_outputs(total)
        span.set_attributes({"count": len(lengths), "nested": {"ratio": 0.5, "parts": [1, "é"]}})
    return {"total": total}


def test_nested_spans_come_back_as_they_were_written(sent):
    trace = sent(plan, [1.5, 2.0])
    assert [span.name for span in trace.data.spans][:2] == ["plan", "sum"]
    assert trace.info.status == "OK"
    root, inner, *leaves = trace.data.spans
    assert root.parent_id is None
    assert inner.parent_id == root.span_id
    assert {leaf.parent_id for leaf in leaves} == {inner.span_id}
    assert root.inputs == {"lengths": [1.5, 2.0]}
    assert root.outputs == {"total": 7.0}
    assert inner.get_attribute("nested") == {"ratio": 0.5, "parts": [1, "é"]}
    assert inner.get_attribute("count") == 2
    assert inner.span_type == SpanType.CHAIN
    assert leaves[0].get_attribute("unit") == "metre"
    assert all(root.start_time_ns <= span.start_time_ns <= span.end_time_ns <= root.end_time_ns for span in leaves)
    assert "7.0" in trace.info.response_preview


def test_an_exception_is_told_by_the_span_and_by_the_trace(sent):
    @mlflow.trace
    def fail(_):
        raise ValueError("no such length")

    trace = sent(fail, 1)
    assert trace.info.status == "ERROR"
    (span,) = trace.data.spans
    assert span.status.status_code == SpanStatusCode.ERROR
    (event,) = span.events
    assert event.name == "exception"
    assert event.attributes["exception.message"] == "no such length"


def test_asynchronous_functions_are_traced(sent):
    @mlflow.trace
    async def wait():
        await asyncio.gather(*(asyncio.to_thread(double, length) for length in (1.0, 2.0)))

    trace = sent(lambda: asyncio.run(wait()))
    assert sorted(span.name for span in trace.data.spans) == ["double", "double", "wait"]


def test_traces_are_found_by_what_is_known_of_them(client, experiment, sent):
    def tagged(env: str):
        with mlflow.start_span(name=f"in-{env}"):
            mlflow.update_current_trace(tags={"env": env}, metadata={"team": env.upper()})
            double(1)

    ids = {env: sent(tagged, env).info.trace_id for env in ("dev", "prod")}

    def found(filter_string: str, **more) -> list[str]:
        traces = client.search_traces(locations=[experiment], filter_string=filter_string, **more)
        return [trace.info.trace_id for trace in traces]

    assert found("tags.env = 'prod'") == [ids["prod"]]
    assert found("metadata.team LIKE 'D%'") == [ids["dev"]]
    assert found("name = 'in-dev'") == [ids["dev"]]
    assert found("status = 'OK'", order_by=["timestamp_ms ASC"]) == [ids["dev"], ids["prod"]]
    assert found("status = 'ERROR'") == []
    assert found(f"request_id = '{ids['dev']}' AND execution_time_ms >= 0") == [ids["dev"]]
    assert len(found("span.type = 'TOOL' AND span.attributes.unit = 'metre'")) == 2
    first = client.search_traces(locations=[experiment], max_results=1)
    rest = client.search_traces(locations=[experiment], max_results=1, page_token=first.token)
    assert {first[0].info.trace_id, rest[0].info.trace_id} == set(ids.values())
    assert rest.token is None
    with pytest.raises(MlflowException, match="Invalid attribute key 'colour'"):
        found("colour = 'blue'")


def test_search_gives_a_table(experiment, sent):
    sent(plan, [1.0])
    table = mlflow.search_traces(locations=[experiment])
    assert len(table) == 1
    assert table.iloc[0]["request"] == {"lengths": [1.0]}
    assert table.iloc[0]["response"] == {"total": 2.0}


def test_a_trace_of_a_run_is_found_by_the_run(client, experiment, sent):
    with mlflow.start_run() as run:
        inside = sent(double, 1)
    outside = sent(double, 2)

    def of_run() -> set[str]:
        traces = client.search_traces(locations=[experiment], run_id=run.info.run_id)
        return {trace.info.trace_id for trace in traces}

    assert of_run() == {inside.info.trace_id}
    client.link_traces_to_run([outside.info.trace_id], run.info.run_id)
    assert of_run() == {inside.info.trace_id, outside.info.trace_id}


def test_tags_of_a_trace_change(client, sent):
    trace_id = sent(double, 1).info.trace_id
    client.set_trace_tag(trace_id, "colour", "blue")
    client.set_trace_tag(trace_id, "colour", "green")
    assert client.get_trace(trace_id).info.tags["colour"] == "green"
    client.delete_trace_tag(trace_id, "colour")
    assert "colour" not in client.get_trace(trace_id).info.tags


def test_feedback_is_given_overridden_and_taken_back(sent):
    trace_id = sent(double, 1).info.trace_id
    judge = AssessmentSource(source_type="LLM_JUDGE", source_id="judge")
    first = mlflow.log_feedback(trace_id=trace_id, name="right", value=False, source=judge, rationale="odd")
    second = mlflow.override_feedback(
        trace_id=trace_id, assessment_id=first.assessment_id, value=True, source=AssessmentSource("HUMAN", "ann")
    )
    assert mlflow.get_assessment(trace_id, first.assessment_id).valid is False
    assert [item.value for item in mlflow.get_trace(trace_id).search_assessments("right")] == [True]
    mlflow.delete_assessment(trace_id=trace_id, assessment_id=second.assessment_id)
    restored = mlflow.get_assessment(trace_id, first.assessment_id)
    assert (restored.valid, restored.rationale, restored.source.source_type) == (True, "odd", "LLM_JUDGE")


def test_expectations_of_any_shape_are_kept(experiment, client, sent):
    trace_id = sent(double, 1).info.trace_id
    values = {"text": "two", "number": 2.5, "list": ["a", "b"], "object": {"a": [1, {"b": None}]}}
    for name, value in values.items():
        mlflow.log_expectation(trace_id=trace_id, name=name, value=value)
    assessments = mlflow.get_trace(trace_id).info.assessments
    assert {item.name: item.value for item in assessments} == values
    changed = mlflow.update_assessment(
        trace_id=trace_id,
        assessment_id=assessments[0].assessment_id,
        assessment=mlflow.entities.Expectation(name="text", value="three"),
    )
    assert changed.value == "three"
    found = client.search_traces(locations=[experiment], filter_string="expectation.text = 'three'")
    assert [trace.info.trace_id for trace in found] == [trace_id]


def test_deleted_traces_are_gone_with_their_files(client, experiment, sent, tracking_uri):
    ids = [sent(double, length).info.trace_id for length in range(3)]
    assert client.delete_traces(experiment, trace_ids=ids[:1]) == 1
    with pytest.raises(MlflowException, match="not found"):
        client._tracing_client.get_trace_info(ids[0])
    files = f"{tracking_uri}/api/2.0/mlflow-artifacts/artifacts"
    listed = requests.get(files, params={"path": f"{experiment}/traces/{ids[0]}/artifacts"}, timeout=30)
    assert listed.json() == {}
    assert client.delete_traces(experiment, max_timestamp_millis=2**50, max_traces=1) == 1
    left = client.search_traces(locations=[experiment])
    assert [trace.info.trace_id for trace in left] == ids[2:]


@pytest.mark.parametrize(
    ("encoding", "packed"), [("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_spans_of_other_opentelemetry_programs_become_a_trace(client, experiment, tracking_uri, encoding, packed):
    span = {
        "traceId": secrets.token_hex(16),
        "spanId": "eee19b7ec3c1b174",
        "name": "shop",
        "kind": 2,
        "startTimeUnixNano": "1544712660000000000",
        "endTimeUnixNano": "1544712661000000000",
        "attributes": [{"key": "http.status", "value": {"intValue": "200"}}],
        "status": {},
    }
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop-service"}}]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span]}]}]}
    reply = requests.post(
        f"{tracking_uri}/v1/traces",
        data=packed(json.dumps(body).encode()),
        headers={
            "x-mlflow-experiment-id": experiment,
            "Content-Type": "application/json",
            "Content-Encoding": encoding,
        },
        timeout=30,
    )
    assert reply.status_code == 200, reply.text
    (trace,) = client.search_traces(locations=[experiment])
    assert trace.info.execution_duration == 1000
    assert trace.info.tags["service.name"] == "shop-service"
    assert trace.data.spans[0].get_attribute("http.status") == 200
