"""Runs a program and takes down what it took of the machine, and what others took meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lazuli_server import OWN_PROCESS_GROUP, quiet_environment
from process_tree import TICKS, cpu_seconds, peak_megabytes, proportional_megabytes, stat_of, tree

INTERVAL = 0.5
"""Seconds between two looks at a tree's memory."""
WAITING = {"OMP_WAIT_POLICY": "passive", "PYTHONWARNINGS": "ignore", "MLFLOW_DISABLE_TELEMETRY": "true"}
"""Threads that wait must sleep: on shared cores a spinning one takes the time from those it waits for."""


@dataclass(frozen=True)
class Usage:
    """What one run took, from the start of its first process to that one's exit."""

    wall: float
    cpu: float
    others: float
    megabytes: float
    code: int
    ended_by_us: bool


def measured(command: list[str | Path], folder: Path, log: Path, limit: float) -> Usage:
    """Run a program to its end, at most so many seconds."""
    with log.open("ab") as out:
        busy, began = busy_seconds(), time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=folder,
            env=quiet_environment() | WAITING, **OWN_PROCESS_GROUP,
        )  # fmt: skip
    watch = Watch(process, began + limit)
    watcher = threading.Thread(target=watch.look)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    taken = busy_seconds() - busy
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.ended.set()
    watcher.join()
    end_session(process.pid)
    cpu = max(used.ru_utime + used.ru_stime, watch.cpu)
    others = max(taken - cpu, 0) / (wall * (os.cpu_count() or 1))
    return Usage(wall, cpu, others, watch.megabytes, process.returncode, watch.too_long)


class Watch:
    """Looks at a tree of processes now and then, and ends it when its time is over."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        self.process = process
        self.deadline = deadline
        self.ended = threading.Event()
        self.megabytes = 0.0
        self.cpu = 0.0
        self.too_long = False

    def look(self) -> None:
        while not self.ended.wait(INTERVAL):
            self.megabytes = max(self.megabytes, held_megabytes(self.process.pid))
            self.cpu = max(self.cpu, cpu_seconds(self.process.pid))
            if time.monotonic() > self.deadline and not self.too_long:
                self.too_long = True
                for pid in tree(self.process.pid):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)


def held_megabytes(root: int) -> float:
    """What a tree holds together, or the most that one of its processes has held, whatever is more."""
    most = [proportional_megabytes(root)]
    for pid in tree(root):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, AssertionError):
            most.append(peak_megabytes(pid))
    return max(most)


def end_session(leader: int) -> None:
    """End what a program left behind in the session that it led."""
    for entry in Path("/proc").glob("[0-9]*"):
        stat = stat_of(int(entry.name))
        if stat and int(stat[3]) == leader:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGKILL)


def busy_seconds() -> float:
    """Processor time that the whole machine has spent, that which its host took from it with it."""
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = (
        int(ticks) for ticks in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / TICKS


def wait_for_quiet(share: float, patience: float) -> None:
    """Wait until others take no more than a share of the processors, or until patience is over."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        busy, began = busy_seconds(), time.monotonic()
        time.sleep(1)
        if (busy_seconds() - busy) / (time.monotonic() - began) / (os.cpu_count() or 1) <= share:
            return
