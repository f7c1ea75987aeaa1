"""Which log is which: a key of its own, made at first opening, by which it is known again when it has grown."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..log import ProgressLog

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What keys are made of: no two of these are taken for one another."""

_ALIKE = 0.5
"""Which share of the learners, and of the goals, a log has to have in common with what it was."""

_LOGS = (
    "CREATE TABLE IF NOT EXISTS logs (log_key TEXT PRIMARY KEY, known TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS belongs (note_id TEXT PRIMARY KEY, log_key TEXT NOT NULL)",
)
"""Which log a note belongs to stands beside the notes: a file of before has the same notes, which belong to none."""

Known = Mapping[str, Collection[str]]


def known_by(log: "ProgressLog") -> dict[str, list[str]]:
    """Return by what a log is known again: its learners, each in a class, and its goals.

    >>> import reflectlab
    >>> known_by(reflectlab.example())["learners"][:2]
    ['Room 5 / Aroha', 'Room 5 / Ben']
    """
    learners = zip(log.learners["class_id"].fillna(""), log.learners["name"], strict=True)
    return {
        "learners": sorted(f"{room} / {name}" for room, name in learners),
        "goals": sorted(log.goals["title"].astype(str)),
    }


def need_logs(kept: sqlite3.Connection) -> None:
    """Make the tables of logs, where there are none yet."""
    for question in _LOGS:
        kept.execute(question)


def key_in(kept: sqlite3.Connection, log: Known) -> str:
    """Return the key of a log: the one of the log that it was, or a new one, which is kept."""
    need_logs(kept)
    rows = kept.execute("SELECT log_key, known FROM logs ORDER BY rowid").fetchall()
    alike = {key: _likeness(log, json.loads(known)) for key, known in rows}
    key = max((key for key, share in alike.items() if share >= _ALIKE), key=alike.__getitem__, default="")
    key = key or "".join(secrets.choice(_SIGNS) for _ in range(6))
    kept.execute("INSERT OR REPLACE INTO logs (log_key, known) VALUES (?, ?)", [key, json.dumps(log)])
    return key


def _likeness(one: Known, other: Known) -> float:
    """Return how much two logs have in common: of the learners of the larger one, and of the goals of the smaller."""
    shares = [(max, "learners"), (min, "goals")]
    return min(_common(set(one[name]), set(other[name]), of) for of, name in shares)


def _common(one: set[str], other: set[str], of: Callable[[int, int], int]) -> float:
    whole = of(len(one), len(other))
    return len(one & other) / whole if whole else float(one == other)
