"""Command jobs of the tests: made short, waited for, and read back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from azure.ai.ml import MLClient, command, dsl, load_component
from azure.ai.ml.entities import Command, Job, PipelineJob

from lazuli_wire import Wire
from run_history import FINAL, log_of
from waiting import wait_until

MINIMAL = "AzureML-minimal@latest"
"""The curated environment that holds hardly more than Python, and is ready soonest."""


def shell_job(line: str, **options: Any) -> Command:
    """A command job in the cheapest environment."""
    return command(**({"environment": MINIMAL, "command": line} | options))


def python_job(program: str, **options: Any) -> Command:
    """A command job that runs a few lines of Python."""
    return shell_job(f"python -u -c {shlex.quote(program)}", **options)


def finish(ml_client: MLClient, job: Job | str, seconds: float = 120) -> Job:
    """Submit the job unless it is a name already, and wait for its end, whatever that is."""
    name = job if isinstance(job, str) else ml_client.jobs.create_or_update(job).name
    return wait_for_status(ml_client, name, FINAL, seconds)


def complete(ml_client: MLClient, wire: Wire, job: Job | str, seconds: float = 120) -> Job:
    """Submit the job and wait until it is Completed; any other end fails with its log."""
    ended = finish(ml_client, job, seconds)
    assert ended.status == "Completed", f"{ended.name} is {ended.status}. Its log:\n{log_of(wire, ended.name)}"
    return ended


def wait_for_status(ml_client: MLClient, name: str, wanted: set[str], seconds: float = 120) -> Job:
    def look() -> Job | None:
        job = ml_client.jobs.get(name)
        return job if job.status in wanted or job.status in FINAL else None

    job = wait_until(look, f"job {name} becomes one of {sorted(wanted)}", seconds)
    assert job.status in wanted, f"Job {name} ended as {job.status} before it was one of {sorted(wanted)}."
    return job


def downloaded(ml_client: MLClient, name: str, into: Path, **options: Any) -> dict[str, Path]:
    """Download from a job and give the files by their path below `into`."""
    ml_client.jobs.download(name, download_path=into, **options)
    return {path.relative_to(into).as_posix(): path for path in into.rglob("*") if path.is_file()}


def one_step_pipeline(folder: Path) -> PipelineJob:
    """A pipeline of one command, for what needs some pipeline."""
    (folder / "step.yml").write_text(
        f"name: step\ntype: command\ncommand: echo a step\nenvironment: azureml:{MINIMAL}\n"
    )
    step = load_component(source=folder / "step.yml")

    @dsl.pipeline(default_compute="serverless")
    def one_step() -> None:
        step()

    return one_step()
