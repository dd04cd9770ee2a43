"""What the runs of the AutoML benchmark say, ratios first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from automl_frameworks import AUTOGLUON, FLAML, OURS, OURS_SHORT, PLAIN, STOPPED
from automl_losses import Comparison, compare
from automl_records import Record
from tracking_artifacts import Row
from tracking_load import short

RIVALS = ((OURS, FLAML), (OURS, AUTOGLUON), (OURS_SHORT, PLAIN), (OURS_SHORT, STOPPED))
BARS = {
    FLAML: "< 1, or within the error, on every table",
    AUTOGLUON: "< 1, or within the error, on 2/3 of the tables; never above 1.03",
    PLAIN: "< 1, or within the error, on every table",
    STOPPED: "< 1, or within the error, on every table",
}


def report(records: list[Record]) -> Iterator[Row]:
    """Our losses as shares of the peers', table by table and in sum; then what each framework took of the machine."""
    counted = [record for record in records if record.counts]
    tables = list(dict.fromkeys(record.table for record in records))
    for ours, peer in RIVALS:
        found = {table: pair(counted, table, ours, peer) for table in tables}
        compared = {table: comparison for table, comparison in found.items() if comparison}
        if compared:
            yield verdict(ours, peer, compared, len(tables))
            for table, comparison in compared.items():
                yield f"{table}: loss of {ours} beside {peer}", told(comparison), "—"
    for name in dict.fromkeys(record.framework for record in records):
        yield from taken(name, [record for record in records if record.framework == name])


def pair(records: list[Record], table: str, ours: str, peer: str) -> Comparison | None:
    """The splits of a table on which both have a run that counts."""
    of = {(record.framework, record.seed): record for record in records if record.table == table}
    seeds = [seed for name, seed in of if name == ours and (peer, seed) in of]
    pairs = [(of[ours, seed].row_losses, of[peer, seed].row_losses) for seed in seeds]
    return compare(pairs) if pairs else None


def told(found: Comparison) -> str:
    mark = " tied" if found.tied else ""
    error = found.error / found.peer if found.peer else 0
    figures = f"ours {found.ours:.5g}, peer {found.peer:.5g}; better on {found.won} of {found.splits} splits"
    return f"{found.ratio:.4f} ± {error:.4f}×{mark} ({figures})"


def verdict(ours: str, peer: str, compared: dict[str, Comparison], tables: int) -> Row:
    better = sum(found.ratio < 1 for found in compared.values())
    tied = sum(found.tied and found.ratio >= 1 for found in compared.values())
    worst = max(compared, key=lambda table: compared[table].ratio)
    ratios = [found.ratio for found in compared.values()]
    mean = math.prod(ratios) ** (1 / len(ratios))
    figures = f"better on {better}, tied on {tied} more; mean {mean:.4f}×, worst {max(ratios):.4f}× ({worst})"
    missing = f"; {tables - len(compared)} not compared" if tables > len(compared) else ""
    return f"**{ours} beside {peer}**, {len(compared)} tables", figures + missing, BARS[peer]


def taken(name: str, records: list[Record]) -> Iterator[Row]:
    """Time, memory and size of one framework: the middle and the most of its runs."""
    done = [record for record in records if record.counts and not record.contended]
    failed = [record for record in records if record.failure]
    spoilt = sum(record.spoilt for record in records)
    ours = name in (OURS, OURS_SHORT)
    if done:
        over = [record.overrun for record in done if record.budget]
        wall = spread(done, lambda record: record.wall, "s")
        late = f"; beyond the budget at most {max(over):.1f} s" if over else ""
        yield f"{name}: start to exit", f"{wall}{late} ({len(done)} runs)", "≤ 1 s beyond the budget" if ours else "—"
        memory, model = spread(done, lambda record: record.megabytes, "MB"), spread(done, model_size, "MB")
        yield f"{name}: memory at its peak", memory, "≤ 500 MB" if ours else "—"
        yield f"{name}: size of the model", model, "≤ 10 MB" if ours else "—"
    if failed or spoilt:
        why = "; ".join(dict.fromkeys(f"{record.table}: {record.failure[:120]}" for record in failed))
        yield f"{name}: runs that do not count", f"{spoilt} contended, {len(failed)} failed {why}".strip(), "none"


def model_size(record: Record) -> float:
    return record.model_megabytes


def spread(records: list[Record], value: Callable[[Record], float], unit: str) -> str:
    values = sorted(map(value, records))
    return f"{short(values[len(values) // 2])} {unit}, at most {short(values[-1])} {unit}"
