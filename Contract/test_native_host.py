"""The native model host gives what the models' own libraries give, and says what is wrong with a request."""

import json
import struct

import lightgbm
import mlflow
import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
import xgboost
from mlflow.models import infer_signature
from onnx import TensorProto, helper
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from native_host import DESCRIBE, Connection, NativeHost
from waiting import wait_until

TEXTS, NUMBERS = ["cut", "colour"], ["carat", "depth", "table"]


def diamonds(rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "cut": random.choice(["Fair", "Good", "Ideal"], rows),
            "colour": random.choice(list("DEFGH"), rows),
            "carat": random.gamma(2, 0.4, rows).round(2),
            "depth": random.normal(61, 2, rows).round(1),
            "table": random.normal(57, 2, rows).round(),
        }
    )
    price = frame.carat**2 * 3000 + (frame.cut == "Ideal") * 500 + frame.depth * 10
    return frame, price.to_numpy()


@pytest.fixture
def host(tmp_path):
    """Starts hosts, and ends those that a test leaves running."""
    started = []

    def start(model, **options):
        started.append(NativeHost(tmp_path / f"host{len(started)}", model, **options))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def pipeline_graph(estimator, frame, target):
    """One-hot encoded texts beside numbers in front of a regressor, each column an input of the graph."""
    columns = ColumnTransformer(
        [("texts", OneHotEncoder(handle_unknown="ignore"), TEXTS), ("numbers", "passthrough", NUMBERS)]
    )
    fitted = make_pipeline(columns, estimator).fit(frame, target)
    types = [(name, (StringTensorType if name in TEXTS else FloatTensorType)([None, 1])) for name in frame]
    return convert_sklearn(fitted, initial_types=types)


def graph_prediction(graph, frame):
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    feeds = {name: frame[[name]].to_numpy(object if name in TEXTS else np.float32) for name in frame}
    return session.run(None, feeds)[0].ravel()


@pytest.mark.parametrize(
    ("estimator", "engine"),
    [
        (RandomForestRegressor(20, max_depth=5, random_state=1), "own tree evaluator"),
        (RandomForestRegressor(5, random_state=1), "own tree evaluator"),
        (LinearRegression(), "ONNX Runtime"),
    ],
    ids=["small trees", "large trees", "linear"],
)
def test_an_onnx_pipeline_predicts_as_onnx_runtime_does(host, tmp_path, estimator, engine):
    frame, price = diamonds()
    graph = pipeline_graph(estimator, frame, price)
    onnx.save(graph, tmp_path / "model.onnx")
    native, wanted = host(tmp_path / "model.onnx"), graph_prediction(graph, frame)
    _, description = native.ask(b"", kind=DESCRIBE)
    assert engine in description["openapi"]["description"]
    for rows in (1, 7, 8, 100, 300):
        status, answer = native.ask({"input_data": frame.head(rows).to_dict("split")})
        assert status == 200
        assert answer == pytest.approx(wanted[:rows], rel=1e-6)
    assert native.ask({"dataframe_records": frame.head(3).to_dict("records")}) == (200, {"predictions": answer[:3]})
    unheard = frame.head(2).assign(cut="Unheard of", carat=[np.nan, 1.0])
    if engine != "ONNX Runtime":
        _, answer = native.ask(json.dumps({"data": unheard.to_dict("records")}).encode())
        assert answer == pytest.approx(graph_prediction(graph, unheard), rel=1e-6)


def fed_by_columns(graph):
    """The same graph with inputs of one dimension, which is how MLflow feeds columns."""
    inner = graph.graph
    inner.initializer.append(onnx.helper.make_tensor("axis", onnx.TensorProto.INT64, [1], [1]))
    names = [each.name for each in inner.input]
    for node in inner.node:
        for place, name in enumerate(node.input):
            node.input[place] = f"{name}_table" if name in names else name
    for each in inner.input:
        del each.type.tensor_type.shape.dim[1]
    nodes = [onnx.helper.make_node("Unsqueeze", [name, "axis"], [f"{name}_table"]) for name in names]
    nodes += list(inner.node)
    del inner.node[:]
    inner.node.extend(nodes)
    onnx.checker.check_model(graph)
    return graph


def test_a_pipeline_fed_by_columns_of_one_dimension_predicts_the_same_without_a_library(host, tmp_path):
    frame, price = diamonds()
    graph = pipeline_graph(RandomForestRegressor(20, max_depth=5, random_state=1), frame, price)
    wanted = graph_prediction(graph, frame)
    onnx.save(fed_by_columns(graph), tmp_path / "model.onnx")
    native = host(tmp_path / "model.onnx")
    assert "own tree evaluator" in native.ask(b"", kind=DESCRIBE)[1]["openapi"]["description"]
    assert native.ask({"input_data": frame.to_dict("split")})[1] == pytest.approx(wanted, rel=1e-6)


def test_a_classifier_answers_with_label_and_probability_by_class(host, tmp_path):
    frame, price = diamonds()
    values = frame[NUMBERS].to_numpy(np.float32)
    fitted = LogisticRegression(max_iter=500).fit(values, np.where(price > 3000, "dear", "cheap"))
    onnx.save(to_onnx(fitted, values[:1]), tmp_path / "model.onnx")
    status, answer = host(tmp_path / "model.onnx").ask({"data": values[:20].tolist()})
    assert status == 200
    assert [row["output_label"] for row in answer] == fitted.predict(values[:20]).tolist()
    probabilities = [[row["output_probability"][name] for name in fitted.classes_] for row in answer]
    assert np.array(probabilities) == pytest.approx(fitted.predict_proba(values[:20]), abs=1e-5)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (TensorProto.FLOAT, 0.5),
        (TensorProto.DOUBLE, 0.1),
        (TensorProto.INT64, 2**53 + 1),
        (TensorProto.INT32, -7),
        (TensorProto.BOOL, True),
        (TensorProto.STRING, 'a "quoted"\nGrün'),
    ],
)
def test_every_type_of_tensor_goes_in_and_out_unchanged(host, tmp_path, kind, value):
    names = ["a", "b"]
    graph = helper.make_graph(
        [helper.make_node("Identity", [name], [name + "_out"]) for name in names],
        "identity",
        [helper.make_tensor_value_info(name, kind, [None, 1]) for name in names],
        [helper.make_tensor_value_info(name + "_out", kind, [None, 1]) for name in names],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, tmp_path / "model.onnx")
    native, row = host(tmp_path / "model.onnx"), {"a": value, "b": value}
    assert native.ask({"input_data": [row, row]}) == (200, [{"a_out": value, "b_out": value}] * 2)
    assert native.ask({"inputs": {"b": [value], "a": [[value]]}}) == (
        200,
        {"predictions": [{"a_out": value, "b_out": value}]},
    )


@pytest.mark.parametrize(
    "parameters",
    [
        {"objective": "regression"},
        {"objective": "poisson"},
        {"objective": "binary", "num_leaves": 100},
        {"objective": "multiclass", "num_class": 3, "num_leaves": 63},
        {"objective": "regression", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5},
        {"objective": "regression", "linear_tree": True},
    ],
    ids=lambda parameters: " ".join(map(str, parameters.values())),
)
def test_a_lightgbm_model_predicts_as_lightgbm_does(host, tmp_path, parameters):
    frame, price = diamonds(2000)
    frame = frame.astype(dict.fromkeys(TEXTS, "category"))
    frame.loc[::5, "depth"] = np.nan
    targets = {"binary": price > 2000, "multiclass": np.digitize(price, [1500, 4000])}
    target = targets.get(parameters["objective"], price)
    options = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, **parameters}
    booster = lightgbm.train(options, lightgbm.Dataset(frame, target, free_raw_data=False), 30)
    booster.save_model(tmp_path / "model.txt")
    native = host(tmp_path / "model.txt")
    wanted = booster.predict(frame)
    rows = json.loads(frame.to_json(orient="split", index=False))
    rows["data"][3][0] = "Never trained with"
    unseen = frame.copy()
    unseen.loc[3, "cut"] = None
    wanted[3] = booster.predict(unseen.iloc[3:4])[0]
    for first, last in ((0, 1), (3, 4), (0, 100), (0, 2000)):
        status, answer = native.ask({"dataframe_split": {**rows, "data": rows["data"][first:last]}})
        assert status == 200
        assert np.array(answer["predictions"]) == pytest.approx(wanted[first:last], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("ending", ["json", "ubj"])
def test_an_xgboost_model_predicts_as_xgboost_does(host, tmp_path, ending):
    frame, price = diamonds()
    values = frame[NUMBERS].astype(float)
    booster = xgboost.train({"max_depth": 4, "nthread": 1}, xgboost.DMatrix(values, price), 20)
    booster.save_model(tmp_path / f"model.{ending}")
    native = host(tmp_path / f"model.{ending}")
    for rows in (1, 300):
        _, answer = native.ask({"input_data": values.head(rows).to_dict("split")})
        assert answer == pytest.approx(booster.predict(xgboost.DMatrix(values.head(rows))), rel=1e-6)
    missing = values.head(1).assign(carat=np.nan)
    _, answer = native.ask({"data": [{"carat": None, "depth": missing.depth[0], "table": missing.table[0]}]})
    assert answer == pytest.approx(booster.predict(xgboost.DMatrix(missing)), rel=1e-6)


def test_mlflow_models_answer_as_pyfunc_does(host, tmp_path):
    frame, price = diamonds()
    values = frame[NUMBERS].astype(float)
    booster = lightgbm.train({"verbose": -1}, lightgbm.Dataset(values, price), 10)
    graph = to_onnx(LinearRegression().fit(values.to_numpy(np.float32), price), values.to_numpy(np.float32)[:1])
    signature = infer_signature(values, price)
    mlflow.lightgbm.save_model(booster, tmp_path / "lightgbm", signature=signature)
    mlflow.onnx.save_model(graph, tmp_path / "onnx", signature=signature)
    for name in ("lightgbm", "onnx"):
        wanted = mlflow.pyfunc.load_model(str(tmp_path / name)).predict(values.head(5))
        records = wanted.to_dict("records") if isinstance(wanted, pd.DataFrame) else wanted.tolist()
        assert host(tmp_path / name).ask({"input_data": values.head(5).to_dict("split")}) == (200, records)


def test_a_model_that_needs_python_or_a_library_that_is_not_there_is_told(host, tmp_path):
    frame, price = diamonds()
    mlflow.sklearn.save_model(LinearRegression().fit(frame[NUMBERS], price), tmp_path / "sklearn")
    refused = host(tmp_path / "sklearn")
    assert refused.process.wait(20) == 1
    assert "flavour sklearn is loaded by Python" in refused.complaint
    onnx.save(pipeline_graph(LinearRegression(), frame, price), tmp_path / "model.onnx")
    refused = host(tmp_path / "model.onnx", libraries={})
    assert refused.process.wait(20) == 1
    assert "needs the library onnxruntime" in refused.complaint
    assert "lazuli native install" in refused.complaint


@pytest.fixture
def forest(host, tmp_path):
    frame, price = diamonds()
    onnx.save(pipeline_graph(RandomForestRegressor(5, max_depth=3), frame, price), tmp_path / "model.onnx")
    return host(tmp_path / "model.onnx")


def test_a_wrong_payload_is_told_with_signature_and_a_sample_that_works(forest):
    for body, expected in [
        (b"", "no body"),
        (b'{"input_data": [', "not valid JSON"),
        ({"rows": []}, "one of the keys"),
        ({"input_data": [["Ideal", "D", 1, 2]]}, "Row 0 has 4 values; 5 are expected"),
        ({"input_data": {"columns": ["cut"], "data": [["Ideal"]]}}, 'lacks the column "colour"'),
        ({"input_data": [["Ideal", "D", "1", 2, 3]]}, 'Row 0, column "carat": "1" is not a number'),
    ]:
        status, answer = forest.ask(body)
        assert status == 400
        assert expected in answer["error"]["message"]
        assert answer["error"]["code"] == "BadRequest"
        assert [column["name"] for column in answer["error"]["signature"]] == TEXTS + NUMBERS
        assert forest.ask(answer["error"]["sample"])[0] == 200


def test_many_requests_under_way_on_two_connections_are_all_answered(forest):
    second = Connection(forest.path)
    body = {"data": [["Ideal", "D", 1, 61, 57]]}
    _, wanted = forest.ask(body)
    for connection in (forest, second):
        numbers = [connection.send(body if index % 3 else {"data": [[]]}) for index in range(300)]
        replies = [connection.receive() for _ in numbers]
        assert [reply[0] for reply in replies] == numbers
        assert {reply[1] for reply in replies} == {200, 400}
        assert {reply[3] for reply in replies if reply[1] == 200} == {json.dumps(wanted).encode()}
    assert forest.progress.read_bytes()[:8] == bytes(8)
    assert struct.unpack("<Q", forest.progress.read_bytes()[8:16])[0] > 0


def test_a_frame_that_contradicts_itself_ends_its_connection_alone(forest):
    broken = Connection(forest.path)
    broken.socket.sendall(struct.pack("<IIBBHI", 12, 1, 1, 0, 0, 999))
    with pytest.raises(ConnectionError):
        broken.receive()
    assert forest.ask({"data": [["Ideal", "D", 1, 61, 57]]})[0] == 200


def test_a_body_of_many_megabytes_is_scored(forest):
    status, answer = forest.ask({"data": [["Ideal", "D", 1.25, 61, 57]] * 200_000})
    assert status == 200
    assert len(answer) == 200_000
    assert len(set(answer)) == 1


def test_sigterm_lets_what_came_in_be_answered(forest):
    body = {"data": [["Ideal", "D", 1, 61, 57]] * 1000}
    numbers = [forest.send(body) for _ in range(20)]
    first = forest.receive()
    forest.process.terminate()
    assert [first[0], *(forest.receive()[0] for _ in numbers[1:])] == numbers
    assert forest.process.wait(20) == 0


def test_a_socket_that_an_earlier_host_left_is_replaced(host, tmp_path, forest):
    forest.process.kill()
    forest.process.wait()
    assert forest.path.exists()
    again = host(tmp_path / "model.onnx")
    again.stop()
    replaced = NativeHost(forest.path.parent, tmp_path / "model.onnx")
    wait_until(lambda: replaced.ask({"data": []}) == (200, []), "the new host answers")
    assert replaced.stop() == 0
