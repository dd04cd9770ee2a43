"""MLflow models: what they take, what they answer, what they refuse. Their code is a few lines each, no flavour."""

import json

import pytest

from gateway import Host, http_head, this_python

pytest.importorskip("mlflow")
pytest.importorskip("pandas")

TABLE = {
    "inputs": '[{"type": "long", "name": "a", "required": true}, {"type": "double", "name": "b", "required": true}]',
    "outputs": '[{"type": "double", "required": true}]',
}
ARRAY = {"inputs": json.dumps([{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}])}
NAMED_ARRAYS = {
    "inputs": json.dumps(
        [
            {"name": "x", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}},
            {"name": "y", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}},
        ]
    )
}
SUM = "def predict(self, data):\n        return (data['a'] + data['b']).to_numpy()"


@pytest.fixture(scope="module")
def model(tmp_path_factory, compiled):
    """Hosts of models written by hand: `predict` as text, and the signature; the same pair gives the same host."""
    hosts = {}

    def start(predict=SUM, signature=None):
        key = predict + str(signature)
        if key not in hosts:
            folder = tmp_path_factory.mktemp("model")
            plan = {"folder": str(folder), "path": str(write_model(folder, predict, signature)), "type": "mlflow_model"}
            hosts[key] = Host(folder, {"kind": "mlflow", "model": plan}, this_python(), compiled).ready()
        return hosts[key]

    yield start
    for each in hosts.values():
        each.close()


def write_model(folder, predict, signature):
    """Writes an MLflow model: a module with `predict`, and the file that names it. Gives its folder."""
    (folder / "model" / "code").mkdir(parents=True)
    (folder / "model" / "code" / "loaded_by_hand.py").write_text(
        f"import numpy, pandas\nclass Model:\n    {predict}\ndef _load_pyfunc(path):\n    return Model()\n"
    )
    flavour = {"loader_module": "loaded_by_hand", "code": "code", "python_version": "3.11"}
    written = {"flavors": {"python_function": flavour}, "model_uuid": "0" * 32, "run_id": None}
    (folder / "model" / "MLmodel").write_text(
        json.dumps({**written, **({"signature": signature} if signature else {})})
    )
    return folder / "model"


SPLIT = {"columns": ["b", "a"], "index": [0, 1], "data": [[0.5, 1], [1, 2]]}
RECORDS = [{"a": 1, "b": 0.5}, {"a": 2, "b": 1}]


def test_azures_form_is_answered_by_a_bare_list(model):
    host = model(signature=TABLE)
    for body in (
        {"input_data": SPLIT},
        {"input_data": RECORDS},
        {"input_data": [[1, 0.5], [2, 1]]},
        {"input_data": {"a": [1, 2], "b": [0.5, 1]}},
        {"input_data": {"data": [[1, 0.5], [2, 1]]}},
        {"data": RECORDS},
        SPLIT,
    ):
        reply = host.ask(json.dumps(body))
        assert (reply.status, reply.body) == (200, b"[1.5, 3.0]"), body
        assert reply.header("x-ms-run-function-failed") == "False"


def test_mlflows_own_forms_are_answered_under_predictions(model):
    host = model(signature=TABLE)
    for body in (
        {"dataframe_split": SPLIT},
        {"dataframe_records": RECORDS},
        {"instances": RECORDS},
        {"inputs": {"a": [1, 2], "b": [0.5, 1]}},
    ):
        assert host.ask(json.dumps(body)).json() == {"predictions": [1.5, 3.0]}, body


def test_a_table_may_come_as_csv(model):
    reply = model(signature=TABLE).ask("a,b\n1,0.5\n2,1\n", head=http_head(headers={"Content-Type": "text/csv"}))
    assert reply.json() == {"predictions": [1.5, 3.0]}


def test_arrays_get_the_signatures_type(model):
    host = model("def predict(self, data):\n        return [str(data.dtype), list(data.shape)]", ARRAY)
    for body in ({"input_data": [[1, 2]]}, {"instances": [[1, 2]]}, {"inputs": [[1, 2]]}):
        reply = host.ask(json.dumps(body))
        assert reply.status == 200, reply.body
        assert b'"float32", [1, 2]' in reply.body


def test_several_arrays_go_by_their_names(model):
    host = model("def predict(self, data):\n        return data['y'].sum(axis=1) + data['x']", NAMED_ARRAYS)
    assert host.ask(json.dumps({"input_data": {"x": [1, 2], "y": [[1, 2], [3, 4]]}})).json() == [4.0, 9.0]
    rows = [{"x": 1, "y": [1, 2]}, {"x": 2, "y": [3, 4]}]
    assert host.ask(json.dumps({"instances": rows})).json() == {"predictions": [4.0, 9.0]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("", "cannot be read as JSON"),
        ("[1]", "must be a JSON object"),
        ('{"rows": []}', '"rows"'),
        ('{"input_data": [[1, 2]], "instances": [[1, 2]]}', "exactly one of the keys"),
        ('{"input_data": [[1, 2, 3]]}', "Rows have 3 values; the signature has 2 columns"),
        ('{"input_data": [{"a": 1}]}', "b"),
        ('{"input_data": [{"a": 1.5, "b": 1}]}', 'column "a" must be of the type long'),
        ('{"input_data": [{"a": "x", "b": 1}]}', 'column "a" must be of the type long'),
        ('{"input_data": {"columns": ["a"], "data": [[1, 2]]}}', "do not go together"),
        ('{"input_data": "text"}', "list of rows"),
        ('{"input_data": [[1, 2]], "params": 3}', '"params" must be a JSON object'),
    ],
)
def test_a_payload_that_does_not_fit_is_a_400_with_the_signature_and_a_sample_that_works(model, body, said):
    host = model(signature=TABLE)
    reply = host.ask(body)
    assert reply.status == 400
    error = reply.json()["error"]
    assert error["code"] == "BadRequest"
    assert said in error["message"]
    assert [column["name"] for column in error["signature"]["inputs"]] == ["a", "b"]
    assert host.ask(json.dumps(error["sample"])).status == 200


def test_an_exception_of_the_model_is_a_500_and_the_log_has_its_traceback(model):
    host = model("def predict(self, data):\n        return 1 / 0", TABLE)
    reply = host.ask(json.dumps({"input_data": RECORDS}))
    assert reply.status == 500
    assert reply.header("x-ms-run-function-failed") == "True"
    assert b"ZeroDivisionError" not in reply.body
    assert "ZeroDivisionError" in host.log


def test_a_model_that_cannot_be_loaded_says_why_and_ends_with_1(start_host, tmp_path):
    host = start_host(kind="mlflow", model={"folder": str(tmp_path), "path": str(tmp_path / "none")})
    assert host.ended() == 1
    assert "could not be loaded" in host.log


@pytest.mark.parametrize(
    ("result", "answer"),
    [
        ("pandas.DataFrame({'p': [0.5], 'q': ['x']})", [{"p": 0.5, "q": "x"}]),
        ("pandas.Series([1, 2], name='s')", [{"s": 1}, {"s": 2}]),
        ("numpy.array([[1, 2]])", [[1, 2]]),
        ("[numpy.float64(0.5), numpy.int64(2)]", [0.5, 2]),
        ("{'label': numpy.array([1])}", {"label": [1]}),
        ("pandas.DataFrame({'when': [pandas.Timestamp('2024-01-31')]})", [{"when": "2024-01-31T00:00:00"}]),
        ("['text', None]", ["text", None]),
    ],
)
def test_results_are_written_as_mlflows_own_server_does(model, result, answer):
    host = model("def predict(self, data):\n        return eval(data.iloc[0, 0])")
    assert host.ask(json.dumps({"input_data": [[result]]})).json() == answer
    assert host.ask(json.dumps({"instances": [[result]]})).json() == {"predictions": answer}


def test_a_model_without_a_signature_gets_a_table(model):
    host = model("def predict(self, data):\n        return [type(data).__name__, list(data.columns)]")
    assert host.ask(json.dumps({"input_data": RECORDS})).json() == ["DataFrame", ["a", "b"]]


def test_params_reach_the_model(model):
    signature = {**TABLE, "params": '[{"name": "times", "type": "long", "default": 1, "shape": null}]'}
    host = model("def predict(self, data, params=None):\n        return data['b'] * params['times']", signature)
    body = {"input_data": RECORDS, "params": {"times": 4}}
    assert host.ask(json.dumps(body)).json() == [{"b": 2.0}, {"b": 4.0}]
    assert host.ask(json.dumps({**body, "params": {"times": "many"}})).status == 400


def test_describe_gives_the_signature_and_a_sample(model):
    said = model(signature=TABLE).describe()
    assert said["inputExample"] == {"input_data": {"columns": ["a", "b"], "index": [0], "data": [[1, 1.0]]}}
    assert said["input"]["required"] == ["input_data"]
    assert "a (long), b (double)" in said["description"]


def test_a_get_is_refused(model):
    assert model(signature=TABLE).ask(head=http_head("GET")).status == 405
