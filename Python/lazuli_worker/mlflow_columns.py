"""Brings what JSON gives to the types that the model's signature names. MLflow itself refuses what then differs."""

from __future__ import annotations

import base64
from typing import Any


class PayloadError(ValueError):
    """A payload that this model cannot take; the message says why."""


def conform(frame: Any, schema: Any) -> Any:
    """The table with the signature's column names and types, as far as JSON left them open."""
    if schema is None or schema.is_tensor_spec():
        return frame
    specs = list(schema.inputs)
    names = [spec.name for spec in specs]
    unnamed = list(frame.columns) == list(range(len(frame.columns)))
    if unnamed and all(name is not None for name in names):
        if len(names) != len(frame.columns):
            raise PayloadError(
                f"Rows have {len(frame.columns)} values; the signature has {len(names)} columns: {', '.join(names)}."
            )
        frame.columns = names
    for place, spec in enumerate(specs):
        column = spec.name if spec.name is not None else (frame.columns[place] if place < len(frame.columns) else None)
        if column is not None and column in frame.columns:
            convert(frame, column, spec)
    return frame


def convert(frame: Any, column: Any, spec: Any) -> None:
    """Gives one column its type where that can be done without loss. Raises PayloadError where it cannot."""
    kind = getattr(spec.type, "name", "")
    convert_values = CONVERSIONS.get(kind)
    if convert_values is None:
        return
    values = frame[column]
    try:
        changed = convert_values(values)
    except (ValueError, TypeError, OverflowError) as error:
        raise PayloadError(f'The column "{column}" must be of the type {kind}: {error}') from error
    if changed is not values:
        frame[column] = changed


def to_integer(width: str) -> Any:
    def change(values: Any) -> Any:
        if values.dtype == width:
            return values
        if values.isna().any():  # An optional column with gaps stays as it is: MLflow knows what to say.
            return values
        numbers = values.astype("float64") if values.dtype.kind in "fO" else values
        whole = numbers.astype(width)
        if (whole != numbers).any():
            raise ValueError("a value is no whole number that fits")
        return values.astype(width) if values.dtype.kind in "iuO" else whole

    return change


def to_real(width: str) -> Any:
    def change(values: Any) -> Any:
        return values if values.dtype == width else values.astype(width)

    return change


def to_boolean(values: Any) -> Any:
    if values.dtype == bool or values.isna().any():
        return values
    if not values.isin([0, 1]).all():
        raise ValueError("a value is neither true nor false")
    return values.astype(bool)


def to_moment(values: Any) -> Any:
    import pandas

    return values if values.dtype.kind == "M" else pandas.to_datetime(values).astype("datetime64[ns]")


def to_bytes(values: Any) -> Any:
    return values.map(lambda text: base64.b64decode(text, validate=True) if isinstance(text, str) else text)


CONVERSIONS = {
    "integer": to_integer("int32"),
    "long": to_integer("int64"),
    "float": to_real("float32"),
    "double": to_real("float64"),
    "boolean": to_boolean,
    "datetime": to_moment,
    "binary": to_bytes,
}


def tensors(value: Any, schema: Any) -> Any:
    """An array, or one per name, of the signature's types. Raises PayloadError."""
    import numpy

    if schema is None:
        return numpy.array(value)
    specs = {spec.name: spec for spec in schema.inputs}
    try:
        if isinstance(value, dict):
            return {name: numpy.array(each, tensor_type(specs.get(name))) for name, each in value.items()}
        only = next(iter(specs.values()))
        array = numpy.array(value, tensor_type(only))
        return {only.name: array} if only.name is not None else array
    except (ValueError, TypeError, OverflowError) as error:
        raise PayloadError(f"The values do not make an array of the signature's type: {error}") from error


def tensor_type(spec: Any) -> Any:
    return None if spec is None else spec.type
