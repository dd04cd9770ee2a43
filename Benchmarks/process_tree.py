"""What a server with all its processes takes of the machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, so [0] is the state; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def tree(root: int) -> list[int]:
    """A process, its descendants, and what else is in the session that it leads."""
    stats = {int(entry.name): stat_of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    found = {root} | {pid for pid, stat in stats.items() if stat and int(stat[3]) == root}
    while True:
        more = {pid for pid, stat in stats.items() if stat and int(stat[1]) in found} - found
        if not more:
            return sorted(pid for pid in found if stats.get(pid))
        found |= more


def started(pid: int) -> str:
    """When a process began, which tells it from a later one of its number; empty when it is gone."""
    stat = stat_of(pid)
    return stat[19] if stat and stat[0] != "Z" else ""


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process that we started, by force if need be, and what it leaves behind."""
    members = [(pid, started(pid)) for pid in tree(process.pid)]
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, began in members:
        if began and started(pid) == began:
            os.kill(pid, signal.SIGKILL)


def cpu_seconds(root: int) -> float:
    """Processor time of the tree so far; that of children which have ended and were waited for is in it."""
    stats = [stat_of(pid) for pid in tree(root)]
    return sum(int(ticks) for stat in stats if stat for ticks in stat[11:15]) / TICKS


def proportional_megabytes(root: int) -> float:
    """Memory of the tree, pages that processes share counted once (PSS)."""
    kilobytes = 0
    for pid in tree(root):
        try:
            kilobytes += number_after("Pss:", Path(f"/proc/{pid}/smaps_rollup").read_text())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return kilobytes * 1024 / 1e6


def forget_peak(pid: int) -> None:
    """Let `peak_megabytes` count from what the process holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_megabytes(pid: int) -> float:
    """The most that one process has held in memory since `forget_peak`."""
    return number_after("VmHWM:", Path(f"/proc/{pid}/status").read_text()) * 1024 / 1e6


def number_after(label: str, text: str) -> int:
    found = re.search(rf"^{label}\s+(\d+)", text, re.MULTILINE)
    assert found, f"{label} is missing"
    return int(found.group(1))
