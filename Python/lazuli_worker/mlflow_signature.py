"""What a model says of its input and output: its signature and its input example."""

from __future__ import annotations

import json
import os
from typing import Any

SCALARS: dict[str, tuple[dict[str, Any], Any]] = {
    "boolean": ({"type": "boolean"}, True),
    "integer": ({"type": "integer", "format": "int32"}, 1),
    "long": ({"type": "integer", "format": "int64"}, 1),
    "float": ({"type": "number", "format": "float"}, 1.0),
    "double": ({"type": "number", "format": "double"}, 1.0),
    "string": ({"type": "string"}, "text"),
    "binary": ({"type": "string", "format": "byte"}, "AAEC"),
    "datetime": ({"type": "string", "format": "date-time"}, "2024-01-31T00:00:00"),
}


class Signature:
    """Signature and sample of one model. `schema` is MLflow's own; None for a model that has none."""

    def __init__(self, model: Any, path: str) -> None:
        metadata = getattr(model, "metadata", None)
        self.schema = metadata.get_input_schema() if metadata is not None else None
        self.output = metadata.get_output_schema() if metadata is not None else None
        self.params = read_params(metadata)
        self.sample = read_example(metadata, path) or made_up(self.schema)

    def as_dictionary(self) -> dict[str, Any] | None:
        """Names and types of inputs, outputs and params, as MLflow writes them."""
        if self.schema is None:
            return None
        said = {"inputs": self.schema.to_dict()}
        if self.output is not None:
            said["outputs"] = self.output.to_dict()
        if self.params:
            said["params"] = self.params
        return said

    def describe(self) -> dict[str, Any]:
        """The answer to *describe*."""
        return {
            "input": input_schema(self.schema, self.params),
            "inputExample": self.sample,
            "output": output_schema(self.output),
            "outputExample": None,
            "description": describing(self.schema),
        }


def read_params(metadata: Any) -> list[dict[str, Any]]:
    """The params of the signature, which models have from MLflow 2.6 on."""
    get = getattr(metadata, "get_params_schema", None)
    schema = get() if get is not None else None
    return schema.to_dict() if schema is not None else []


def read_example(metadata: Any, path: str) -> Any:
    """The model's input example in Azure's form; None if it has none that can be read."""
    info = getattr(metadata, "saved_input_example_info", None) or {}
    try:
        with open(os.path.join(path, info["artifact_path"]), encoding="utf-8") as file:
            example = json.load(file)
    except (KeyError, OSError, ValueError):
        return None
    if isinstance(example, dict):
        for key in ("inputs", "instances", "dataframe_split", "dataframe_records"):
            if set(example) - {"params"} == {key}:
                return {"input_data": example[key], **{name: example[name] for name in example if name == "params"}}
    return {"input_data": example}


def made_up(schema: Any) -> Any:
    """A request of the right form when the model brings none."""
    if schema is None:
        return {"input_data": [[1.0]]}
    if schema.is_tensor_spec():
        arrays = {spec.name: zeros([1 if size < 0 else size for size in spec.shape]) for spec in schema.inputs}
        return {"input_data": arrays.get(None, arrays)}
    row = [SCALARS.get(getattr(spec.type, "name", ""), ({}, None))[1] for spec in schema.inputs]
    return {"input_data": {"columns": column_names(schema), "index": [0], "data": [row]}}


def zeros(shape: list[int]) -> Any:
    """Nested lists of that shape, of at most four values a side: a sample is to be read by people."""
    return 0.0 if not shape else [zeros(shape[1:]) for _ in range(min(shape[0], 4))]


def column_names(schema: Any) -> list[Any]:
    return [spec.name if spec.name is not None else place for place, spec in enumerate(schema.inputs)]


def describing(schema: Any) -> str:
    if schema is None:
        return "Predictions of an MLflow model without a signature."
    if schema.is_tensor_spec():
        return "Predictions of an MLflow model that takes arrays."
    said = ", ".join(
        f"{name} ({getattr(s.type, 'name', s.type)})" for name, s in zip(column_names(schema), schema.inputs)
    )
    return f"Predictions of an MLflow model with the columns {said}."


def input_schema(schema: Any, params: list[dict[str, Any]]) -> dict[str, Any]:
    """A JSON schema of a request in Azure's form."""
    table = {
        "type": "object",
        "properties": {
            "columns": {"type": "array", "items": {"type": "string"}},
            "index": {"type": "array", "items": {"type": "integer"}},
            "data": {"type": "array", "items": {"type": "array", "items": {}}},
        },
        "required": ["data"],
    }
    columns = schema is not None and not schema.is_tensor_spec()
    properties: dict[str, Any] = {"input_data": table if columns else {}}
    if params:
        named = {each["name"]: SCALARS.get(str(each.get("type")), ({}, None))[0] for each in params}
        properties["params"] = {"type": "object", "properties": named}
    return {"type": "object", "properties": properties, "required": ["input_data"]}


def output_schema(schema: Any) -> dict[str, Any]:
    """A JSON schema of the answer: a list, of records where the outputs have names."""
    if schema is None or schema.is_tensor_spec() or any(spec.name is None for spec in schema.inputs):
        return {"type": "array", "items": {}}
    named = {spec.name: SCALARS.get(getattr(spec.type, "name", ""), ({}, None))[0] for spec in schema.inputs}
    return {"type": "array", "items": {"type": "object", "properties": named}}
