"""Loads a model that Lazuli's automated machine learning made: MLflow's python_function over one ONNX graph.

The graph holds the whole featurisation. What is done here is to bring a table's columns to the graph's three kinds of
input: numbers, texts, and dates as seconds since 1970; a missing value is NaN or the empty text.
"""

import numpy as np
import onnxruntime
import pandas as pd


def _load_pyfunc(path, model_config=None):
    """MLflow calls this with the path of the graph."""
    return Predictor(path)


class Predictor:
    """Predicts labels or values, on request probabilities."""

    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.inputs = self.session.get_inputs()
        self.outputs = [output.name for output in self.session.get_outputs()]

    @property
    def is_classifier(self):
        return len(self.outputs) == 2

    def predict(self, data, params=None):
        """Labels or values, one a row; with ``params={"predict_method": "predict_proba"}`` rows x classes."""
        method = (params or {}).get("predict_method", "predict")
        if method == "predict":
            return self._run(data, self.outputs[0]).reshape(-1)
        if method == "predict_proba" and self.is_classifier:
            return self._run(data, self.outputs[1])
        known = ["predict", "predict_proba"] if self.is_classifier else ["predict"]
        raise ValueError(f"The model has no predict_method {method!r}; it has {', '.join(known)}.")

    def predict_proba(self, data):
        return self.predict(data, {"predict_method": "predict_proba"})

    def get_raw_model(self):
        return self.session

    def _run(self, data, output):
        table = self._table(data)
        feed = {column.name: self._tensor(table, column) for column in self.inputs}
        return self.session.run([output], feed)[0]

    def _table(self, data):
        names = [column.name for column in self.inputs]
        if isinstance(data, dict):
            data = pd.DataFrame({name: np.asarray(values).reshape(-1) for name, values in data.items()})
        elif not isinstance(data, pd.DataFrame):
            data = pd.DataFrame(np.asarray(data), columns=names)
        absent = [name for name in names if name not in data.columns]
        if absent:
            raise ValueError(f"The columns {', '.join(absent)} are missing. The model reads: {', '.join(names)}.")
        return data

    def _tensor(self, table, column):
        convert = {"tensor(string)": texts, "tensor(double)": seconds}.get(column.type, numbers)
        try:
            return convert(table[column.name]).reshape(-1, 1)
        except (TypeError, ValueError) as error:
            raise ValueError(f"The column {column.name!r} cannot be read: {error}") from error


def numbers(values):
    return pd.to_numeric(values, errors="raise").to_numpy(dtype=np.float32, na_value=np.nan)


def seconds(values):
    """Numbers are seconds since 1970 already; dates without a time zone are UTC."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_datetime64_any_dtype(values):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        moments = pd.to_datetime(values, utc=True)
    except ValueError:
        # The dates are not all written alike.
        moments = [pd.to_datetime(value, utc=True) for value in values]
    moments = pd.DatetimeIndex(moments).tz_localize(None)
    result = (moments.values.astype("datetime64[us]") - np.datetime64(0, "us")) / np.timedelta64(1, "s")
    return np.where(moments.isna(), np.nan, result).astype(np.float64)


def texts(values):
    plain = values.astype(object)
    return np.array(["" if missing else text(value) for value, missing in zip(plain, plain.isna())], dtype=object)


def text(value):
    """A whole number is written without a fraction, whichever type it has."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)
