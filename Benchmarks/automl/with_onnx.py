"""Scores Lazuli's exported model with nothing but ONNX Runtime: each input of the graph is a column of the table as its
file spells it, words as words (a missing one is empty), numbers as numbers (a missing one is not a number), dates as
seconds since 1970."""

import json

import numpy
import onnxruntime
import pandas
from runner import run

MODEL = "run/outputs/mlflow-model/model.onnx"
INTEGERS = {"tensor(int64)": numpy.int64, "tensor(int32)": numpy.int32}
FLOATS = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64}


def predict(asked):
    rows = pandas.read_csv(asked.table, dtype=str, keep_default_na=False)
    session = onnxruntime.InferenceSession(asked.output / MODEL, providers=["CPUExecutionProvider"])
    feed = {each.name: column(rows[each.name], each.type, len(each.shape)) for each in session.get_inputs()}
    answers = session.run(None, feed)
    if len(answers) == 1:
        return answers[0], ()
    labels, probabilities = answers[0].ravel(), answers[1]
    return probabilities, classes(labels, probabilities, json.loads((asked.output / "classes.json").read_text()))


def column(words, kind, dimensions):
    values = typed(words, kind)
    return values.reshape(-1, 1) if dimensions == 2 else values


def typed(words, kind):
    if kind == "tensor(string)":
        return words.to_numpy(object)
    if kind == "tensor(bool)":
        return words.str.lower().isin(["true", "1", "yes"]).to_numpy()
    numbers = pandas.to_numeric(words, errors="coerce")
    if kind == "tensor(double)" and numbers.isna().all():
        dates = pandas.to_datetime(words, errors="coerce", utc=True, format="ISO8601")
        numbers = (dates - pandas.Timestamp(0, tz="UTC")) / pandas.Timedelta(seconds=1)
    if kind in INTEGERS:
        return numbers.fillna(0).to_numpy(INTEGERS[kind])
    return numbers.to_numpy(FLOATS[kind])


def classes(labels, probabilities, seen):
    """The classes in the order of the probabilities' columns: the sorted one that agrees with the labels."""
    likeliest = probabilities.argmax(axis=1)
    for order in orders(seen):
        agreeing = numpy.mean([same(order[best], label) for best, label in zip(likeliest, labels, strict=True)])
        if len(order) == probabilities.shape[1] and agreeing > 0.99:
            return order
    raise SystemExit("The labels of the graph are not those of its largest probabilities in any sorted order.")


def orders(seen):
    """The classes of the training rows, sorted as words and, where they are numbers, as numbers."""
    yield sorted(seen)
    try:
        yield sorted(seen, key=float)
    except ValueError:
        return


def same(name, label):
    label = label.decode() if isinstance(label, bytes) else str(label)
    return name == label or name.lower() == label.lower() or is_same_number(name, label)


def is_same_number(name, label):
    try:
        return float(name) == float(label)
    except ValueError:
        return False


def fit(_):
    raise SystemExit("Lazuli trains by itself; this only scores.")


run(fit, predict)
