"""Predictions as JSON, the way MLflow's own server writes them."""

from __future__ import annotations

import base64
import datetime
import json
import sys
from typing import Any


def as_json(result: Any) -> bytes:
    """Arrays as lists, tables as a list of records. Raises TypeError for what has no form in JSON."""
    if type(result) is dict:
        result = {name: plain(value) for name, value in result.items()}
    return json.dumps(plain(result), default=member).encode()


def plain(value: Any) -> Any:
    """A whole result without its array or table type; anything else as it is."""
    kind = type(value).__name__
    if kind == "ndarray":
        return value.tolist()
    if kind == "DataFrame":
        return value.to_dict(orient="records")
    if kind == "Series":
        return value.to_frame().to_dict(orient="records")
    return value


def member(value: Any) -> Any:
    """What `json` does not know inside a result."""
    if isinstance(value, (bytes, bytearray)):
        return base64.encodebytes(value).decode("ascii")
    if isinstance(value, (datetime.date, datetime.time)):  # pandas' own moments are of these kinds too
        return value.isoformat()
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.datetime64):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "model_dump"):
        return value.model_dump()
    changed = plain(value)
    if changed is value:
        raise TypeError(f"it holds a {type(value).__name__}")
    return changed
