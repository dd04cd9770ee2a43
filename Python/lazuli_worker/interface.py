"""What `describe` tells of a scoring script: the schemas of its decorators, if it has any."""

from __future__ import annotations

import copy
import inspect
import sys
from typing import Any, Callable


def schema_module() -> Any | None:
    """`inference_schema.schema_util`, if the script (or what it imports) has loaded it."""
    return sys.modules.get("inference_schema.schema_util")


def is_schema_decorated(run: Callable[..., Any]) -> bool:
    """Whether `run` bears `@input_schema` or `@output_schema`."""
    module = schema_module()
    return bool(module is not None and module.is_schema_decorated(run))


def describe_script(run: Callable[..., Any]) -> dict[str, Any]:
    """Input and output of `run` as JSON schemas with an example each, and its doc string's first line."""
    said: dict[str, Any] = {"input": None, "inputExample": None, "output": None, "outputExample": None}
    text = inspect.getdoc(inspect.unwrap(run)) or ""
    said["description"] = text.splitlines()[0] if text else "Calls run() of the scoring script."
    if is_schema_decorated(run):
        module = schema_module()
        said["input"], said["inputExample"] = apart(module.get_input_schema(run))
        said["output"], said["outputExample"] = apart(module.get_output_schema(run))
    return said


def apart(schema: dict[str, Any]) -> Any:
    """A schema without its example, and the example."""
    schema = copy.deepcopy(schema)
    return schema, schema.pop("example", None)
