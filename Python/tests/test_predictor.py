"""The module that MLflow loads an exported model with, over a small graph of each kind of input."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
sys.path.insert(0, str(Path(__file__).parent.parent / "lazuli_predictor"))

from lazuli_predictor import _load_pyfunc  # noqa: E402

FLOAT, DOUBLE, TEXT = onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.STRING


def saved(folder, nodes, inputs, outputs, constants=()):
    def values(pairs):
        return [onnx.helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in pairs]

    graph = onnx.helper.make_graph(nodes, "model", values(inputs), values(outputs), list(constants))
    versions = [onnx.helper.make_opsetid("", 17), onnx.helper.make_opsetid("ai.onnx.ml", 3)]
    model = onnx.helper.make_model(graph, opset_imports=versions, ir_version=8)
    path = folder / "model.onnx"
    onnx.save(model, path)
    return str(path)


@pytest.fixture
def echo(tmp_path):
    """Gives back what reaches the graph of a column of that type."""

    def ask(kind, values):
        inputs, outputs = [("x", kind, [None, 1])], [("y", kind, [None, 1])]
        path = saved(tmp_path, [onnx.helper.make_node("Identity", ["x"], ["y"])], inputs, outputs)
        return list(_load_pyfunc(path).predict(pd.DataFrame({"x": values})))

    return ask


@pytest.fixture
def classifier(tmp_path):
    """`yes` where x is above 0.5, which it also gives as the probability."""
    constants = [
        onnx.helper.make_tensor("one", FLOAT, [], [1.0]),
        onnx.helper.make_tensor("classes", TEXT, [2], [b"no", b"yes"]),
    ]
    node = onnx.helper.make_node
    nodes = [
        node("Sub", ["one", "x"], ["rest"]),
        node("Concat", ["rest", "x"], ["probabilities"], axis=1),
        node("ArgMax", ["probabilities"], ["place"], axis=1, keepdims=0),
        node("Gather", ["classes", "place"], ["label"], axis=0),
    ]
    outputs = [("label", TEXT, [None]), ("probabilities", FLOAT, [None, 2])]
    return _load_pyfunc(saved(tmp_path, nodes, [("x", FLOAT, [None, 1])], outputs, constants))


@pytest.mark.parametrize(
    "values",
    [[1, 2], [1.0, 2.0], ["1", "2"], [True, 2], pd.array([1, 2], dtype="Int64"), np.array([1, 2], dtype="uint8")],
    ids=["integers", "reals", "texts", "truths", "nullable", "small"],
)
def test_numbers_of_every_type_reach_the_graph(echo, values):
    assert echo(FLOAT, values) == [1.0, 2.0]


def test_a_missing_number_is_nan(echo):
    assert np.isnan(echo(FLOAT, [None, 2.5])[0])
    assert np.isnan(echo(FLOAT, pd.array([None, 2], dtype="Int64"))[0])


def test_texts_numbers_and_truths_reach_the_graph_as_texts(echo):
    assert echo(TEXT, ["a", True, 3, 4.0, 0.5]) == ["a", "True", "3", "4", "0.5"]
    assert echo(TEXT, pd.Series(["b", "a"], dtype="category")) == ["b", "a"]


def test_a_missing_text_is_the_empty_one(echo):
    assert echo(TEXT, ["a", None, np.nan, pd.NA]) == ["a", "", "", ""]


def test_dates_are_seconds_since_1970(echo):
    assert echo(DOUBLE, ["1970-01-02T00:00:01", "1970-01-01 02:00:00+02:00"]) == [86_401.0, 0.0]
    assert echo(DOUBLE, pd.to_datetime(["2001-09-09T01:46:40.5"])) == [1_000_000_000.5]
    assert echo(DOUBLE, [12.5, 13]) == [12.5, 13.0]
    assert np.isnan(echo(DOUBLE, pd.to_datetime(["2001-09-09", None]))[1])


def test_labels_are_predicted_and_probabilities_on_request(classifier):
    frame = pd.DataFrame({"x": [0.25, 0.75], "other": [1, 2]})
    assert list(classifier.predict(frame)) == ["no", "yes"]
    assert classifier.predict(frame, {"predict_method": "predict_proba"}).tolist() == [[0.75, 0.25], [0.25, 0.75]]
    assert list(classifier.predict({"x": [0.75]})) == ["yes"]


def test_what_the_model_cannot_do_is_told(classifier):
    with pytest.raises(ValueError, match="columns x are missing. The model reads: x"):
        classifier.predict(pd.DataFrame({"y": [1]}))
    with pytest.raises(ValueError, match="no predict_method 'explain'; it has predict, predict_proba"):
        classifier.predict(pd.DataFrame({"x": [1]}), {"predict_method": "explain"})
    with pytest.raises(ValueError, match="column 'x' cannot be read"):
        classifier.predict(pd.DataFrame({"x": ["many"]}))
