"""What clients send to an MLflow model: Azure's `input_data` and MLflow's own forms."""

from __future__ import annotations

import io
import json
from typing import Any, NamedTuple

from lazuli_worker.mlflow_columns import PayloadError, conform, tensors

WRAPPED = ("dataframe_split", "dataframe_records", "instances", "inputs")
BARE = ("input_data", "data")
BESIDE = {"params", "signature_name"}
SPLIT = {"columns", "index", "data"}


class Payload(NamedTuple):
    """What the model gets, and whether its answer goes out bare (`[1]`) or as `{"predictions": [1]}`."""

    data: Any
    params: dict[str, Any] | None
    bare: bool


def read_csv(body: bytes, schema: Any) -> Payload:
    """A table as text/csv, with a line of names. Raises PayloadError."""
    import pandas

    try:
        frame = pandas.read_csv(io.BytesIO(body))
    except ValueError as error:
        raise PayloadError(f"The body cannot be read as CSV: {error}") from error
    return Payload(conform(frame, schema), None, False)


def read_json(body: bytes, schema: Any) -> Payload:
    """A JSON object with exactly one of the known keys. Raises PayloadError."""
    try:
        members = json.loads(body)
    except ValueError as error:
        raise PayloadError(f"The body cannot be read as JSON: {error}") from error
    if not isinstance(members, dict):
        raise PayloadError(f"The body must be a JSON object with one of the keys {named()}, not a {said(members)}.")
    params = members.get("params")
    if params is not None and not isinstance(params, dict):
        raise PayloadError(f'"params" must be a JSON object, not a {said(params)}.')
    if "columns" in members and "data" in members and set(members) <= SPLIT:
        return Payload(table_of_parts(members, schema), None, True)
    keys = [key for key in members if key not in BESIDE]
    if len(keys) != 1 or keys[0] not in WRAPPED + BARE:
        have = ", ".join(f'"{key}"' for key in keys) or "none of them"
        raise PayloadError(f"The body must have exactly one of the keys {named()}; it has {have}.")
    key = keys[0]
    return Payload(READERS[key](members[key], schema), params, key in BARE)


def named() -> str:
    return ", ".join(f'"{key}"' for key in BARE + WRAPPED)


def said(value: Any) -> str:
    return {list: "list", str: "text", bool: "boolean", type(None): "null"}.get(type(value), "number")


def has_tensors(schema: Any) -> bool:
    return schema is not None and schema.is_tensor_spec()


def table_of_parts(value: Any, schema: Any) -> Any:
    """`{"columns": …, "index": …, "data": …}` as a table; columns and index may be left out."""
    import pandas

    if not isinstance(value, dict) or "data" not in value or set(value) - SPLIT:
        raise PayloadError('Give an object of "columns", "index" (if any) and "data".')
    try:
        frame = pandas.DataFrame(value["data"], index=value.get("index"), columns=value.get("columns"))
    except (ValueError, TypeError, AssertionError) as error:
        raise PayloadError(f"Columns, index and data do not go together: {error}") from error
    return conform(frame, schema)


def table_of_rows(value: Any, schema: Any) -> Any:
    """A list of objects (or of lists, in the order of the signature) as a table."""
    import pandas

    if not isinstance(value, list):
        raise PayloadError(f"Give a list of rows, not a {said(value)}.")
    try:
        frame = pandas.DataFrame(value)
    except (ValueError, TypeError) as error:
        raise PayloadError(f"The rows do not make a table: {error}") from error
    return conform(frame, schema)


def rows(value: Any, schema: Any) -> Any:
    """`instances`: row by row, each an object, a list or a value."""
    if not has_tensors(schema):
        return table_of_rows(value, schema)
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return tensors({name: [row.get(name) for row in value] for name in value[0]}, schema)
    return tensors(value, schema)


def columns(value: Any, schema: Any) -> Any:
    """`inputs`: column by column, or one array; without a signature as it came."""
    if schema is None:
        return value
    if has_tensors(schema):
        return tensors(value, schema)
    if isinstance(value, dict):
        import pandas

        alone = all(not isinstance(each, list) for each in value.values())
        try:
            return conform(pandas.DataFrame([value] if alone else value), schema)
        except (ValueError, TypeError) as error:
            if isinstance(error, PayloadError):
                raise
            raise PayloadError(f"The columns do not make a table: {error}") from error
    return table_of_rows(value if isinstance(value, list) else [value], schema)


def any_form(value: Any, schema: Any) -> Any:
    """`input_data`: a table in parts, rows, columns or an array, as the value itself and the signature tell."""
    if isinstance(value, dict):
        tensor_names = has_tensors(schema) and set(value) <= set(schema.input_names())
        if "data" in value and set(value) <= SPLIT and not tensor_names:
            table = table_of_parts(value, schema)
            return tensors(table.values.tolist(), schema) if has_tensors(schema) else table
        return columns(value, schema)
    return rows(value, schema)


READERS = {
    "dataframe_split": table_of_parts,
    "dataframe_records": table_of_rows,
    "instances": rows,
    "inputs": columns,
    "input_data": any_form,
    "data": any_form,
}
