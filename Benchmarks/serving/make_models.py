"""Trains the benchmark's model and writes it as ONNX, and as an MLflow model around the same ONNX file.

Prices of stones made up by rule and chance, like the public diamonds table: three columns of words, six of numbers. The
words are one-hot, 200 trees follow. Runs in the peers' own Python: make_models.py <folder>
"""

import json
import sys
from pathlib import Path

import lightgbm
import mlflow
import numpy
import onnx
import pandas
from mlflow.models import infer_signature
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from skl2onnx import convert_sklearn, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import calculate_linear_regressor_output_shapes
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

TREES = 200
ROWS = 20_000
SEED = 20
WORDS = {
    "cut": ["Fair", "Good", "Very Good", "Premium", "Ideal"],
    "color": list("DEFGHIJ"),
    "clarity": ["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"],
}
NUMBERS = ["carat", "depth", "table", "x", "y", "z"]


def stones() -> tuple[pandas.DataFrame, numpy.ndarray]:
    chance = numpy.random.default_rng(SEED)
    carat = chance.gamma(2.2, 0.36, ROWS).clip(0.2, 5).round(2)
    edge = 6.5 * carat ** (1 / 3)
    columns = {name: chance.choice(words, ROWS) for name, words in WORDS.items()}
    columns |= {
        "carat": carat, "depth": chance.normal(61.7, 1.4, ROWS).round(1),
        "table": chance.normal(57.5, 2.2, ROWS).round(0),
        "x": (edge * chance.normal(1, 0.02, ROWS)).round(2), "y": (edge * chance.normal(1, 0.02, ROWS)).round(2),
        "z": (edge * 0.62 * chance.normal(1, 0.02, ROWS)).round(2),
    }  # fmt: skip
    quality = sum(numpy.array([WORDS[name].index(word) for word in columns[name]]) for name in WORDS)
    price = 330 + 3_900 * carat**1.9 * (1 + quality / 20) * chance.lognormal(0, 0.1, ROWS)
    return pandas.DataFrame(columns), price


def trained(rows: pandas.DataFrame, price: numpy.ndarray) -> Pipeline:
    encode = ColumnTransformer(
        [("words", OneHotEncoder(sparse_output=False), list(WORDS)), ("numbers", "passthrough", NUMBERS)]
    )
    trees = lightgbm.LGBMRegressor(n_estimators=TREES, num_threads=1, verbose=-1, random_state=SEED)
    return Pipeline([("encode", encode), ("trees", trees)]).fit(rows, price)


def as_onnx(pipeline: Pipeline):
    update_registered_converter(
        lightgbm.LGBMRegressor, "LightGbmLGBMRegressor", calculate_linear_regressor_output_shapes, convert_lightgbm,
        options={"split": None},
    )  # fmt: skip
    types = [(name, StringTensorType([None, 1])) for name in WORDS]
    types += [(name, FloatTensorType([None, 1])) for name in NUMBERS]
    return fed_by_columns(convert_sklearn(pipeline, initial_types=types, target_opset={"": 17, "ai.onnx.ml": 3}))


def fed_by_columns(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with inputs of one dimension, as MLflow feeds them; the converter made n × 1 tables of them."""
    graph = model.graph
    graph.initializer.append(onnx.helper.make_tensor("column_axis", onnx.TensorProto.INT64, [1], [1]))
    tables = {each.name: f"{each.name}_table" for each in graph.input}
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = tables.get(name, name)
    for each in graph.input:
        del each.type.tensor_type.shape.dim[1]
    lift = [onnx.helper.make_node("Unsqueeze", [name, "column_axis"], [table]) for name, table in tables.items()]
    nodes = lift + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    folder = Path(sys.argv[1])
    rows, price = stones()
    model = as_onnx(trained(rows, price))
    (folder / "onnx").mkdir(parents=True)
    (folder / "onnx" / "model.onnx").write_bytes(model.SerializeToString())
    # Columns of JSON numbers are doubles; the wrapping makes them the floats that the graph takes.
    example = rows.head(2)
    mlflow.onnx.save_model(
        model, folder / "mlflow", signature=infer_signature(example, numpy.zeros((2, 1), numpy.float32)),
        onnx_execution_providers=["CPUExecutionProvider"], onnx_session_options={"intra_op_num_threads": 1},
    )  # fmt: skip
    sample = rows.head(100)
    table = {"columns": list(sample.columns), "data": sample.to_numpy().tolist()}
    (folder / "rows.json").write_text(json.dumps(table))


if __name__ == "__main__":
    main()
