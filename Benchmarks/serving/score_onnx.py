"""A regression model in ONNX behind `init` and `run`, as every Python server of the benchmark runs it."""

import json
import os
from pathlib import Path

import numpy
import onnxruntime

session = None
inputs = ()


def init():
    global session, inputs
    [model] = Path(os.environ["AZUREML_MODEL_DIR"]).rglob("model.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # One core for the client.
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    inputs = [(each.name, object if "string" in each.type else numpy.float32) for each in session.get_inputs()]


def run(raw_data):
    table = json.loads(raw_data)["input_data"]
    columns = dict(zip(table["columns"], zip(*table["data"], strict=True), strict=True))
    feed = {name: numpy.array(columns[name], dtype) for name, dtype in inputs}
    return session.run(None, feed)[0].ravel().tolist()
