"""Tables that AutoML learns from in the tests: one that is made here, and the public ones where they are at hand."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

PUBLIC = Path(os.environ.get("LAZULI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
"""The folder with the public tables; tests that need one are skipped without it."""

MLTABLE = """\
paths:
  - file: ./{file}
transformations:
  - read_delimited:
      delimiter: ','
      encoding: 'ascii'
"""

JOBS = ("admin.", "technician", "blue-collar", "student")


def customers(rows: int = 600, seed: int = 7) -> str:
    """Customers as CSV: whether one said yes follows from age, balance and job, and a little chance."""
    draw = random.Random(seed)
    lines = ["age,balance,job,contact,y"]
    for _ in range(rows):
        age, balance, job = draw.randint(18, 80), round(draw.gauss(1000, 600), 2), draw.choice(JOBS)
        leaning = (age - 45) / 15 + (balance - 1000) / 600 + (2 if job == "student" else 0) + draw.gauss(0, 0.3)
        answer = "yes" if leaning > 1 else "no"
        lines.append(f"{age},{balance},{job},{draw.choice(('cellular', 'telephone'))},{answer}")
    return "\n".join(lines) + "\n"


def table(folder: Path, text: str, name: str = "rows.csv") -> Path:
    """A folder with an MLTable file and the rows it names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MLTable").write_text(MLTABLE.format(file=name))
    (folder / name).write_text(text)
    return folder


def public(*parts: str) -> str | None:
    """The text of a public table, unpacked; None where it is not at hand."""
    path = PUBLIC.joinpath(*parts)
    if not path.exists():
        return None
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
