"""What the fault tests share: how many times to try, and how a server's database is checked."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

FULL = os.environ.get("LAZULI_FAULTS") == "full"
KILLS = int(os.environ.get("LAZULI_KILLS", "200" if FULL else "20"))
BODIES = int(os.environ.get("LAZULI_BODIES", "5000" if FULL else "500"))
SEED = int(os.environ.get("LAZULI_SEED", "20"))
"""Printed with a failure, so that the same run can be had again."""


def assert_database_is_sound(home: Path) -> None:
    """SQLite's own check of every database in the state folder."""
    databases = list(home.glob("*.sqlite"))
    assert databases, f"{home} holds no database"
    for database in databases:
        connection = sqlite3.connect(database)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            connection.close()
