"""The plan: what this host is to load and where it listens."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Plan(NamedTuple):
    """The members of the plan file that concern a Python host; see Documentation/Scoring-hosts.md."""

    socket: str
    progress: str
    kind: str
    endpoint: str
    deployment: str
    script_folder: str
    script_file: str
    model_path: str


def read_plan(path: str) -> Plan:
    """Reads a plan file.

    Raises OSError or ValueError when it cannot be read, KeyError when a member is missing.
    """
    with open(path, encoding="utf-8") as file:
        members: dict[str, Any] = json.load(file)
    script = members.get("script") or {}
    model = members.get("model") or {}
    return Plan(
        socket=members["socket"],
        progress=members.get("progress") or "",
        kind=members["kind"],
        endpoint=members.get("endpoint", ""),
        deployment=members.get("deployment", ""),
        script_folder=script.get("folder", ""),
        script_file=script.get("file", ""),
        model_path=model.get("path") or model.get("folder") or "",
    )
