"""What is written beside the bars of working together: the sentence, rates, and shares of what was noted."""

from typing import Any

import pandas as pd

from .blocks import count, noted
from .inputs import cannot_tell
from .kinds import KINDS, told_kinds
from .style import percent

DAYS = ("days_with_anyone", "days_on_goal")


def sentence(table: pd.DataFrame) -> str:
    """Return how often learners took part, of which kind, who chose it, and how often there was somebody."""
    total = int(table["participations"].fillna(0).sum())
    parts = told_kinds({kind: int(table[kind].fillna(0).sum()) for kind in KINDS})
    known, chosen = int(table["choice_known"].fillna(0).sum()), int(table["self_chosen"].fillna(0).sum())
    told = f"By their own choice {noted(chosen, known, total)}" if known else "Nobody noted who chose it"
    untold = "".join(f" {each}" for each in cannot_tell(table))
    return f"Learners took part {count(total, 'time')}: {parts}. {told}.{_somebody(table)}{untold}"


def shares(table: pd.DataFrame) -> list[str]:
    """Return on what share of the days with an open goal there was somebody to work with."""
    pairs = zip(*(table[day] for day in DAYS), strict=True)
    return ["–" if pd.isna(on_goal) or not on_goal else percent(there / on_goal) for there, on_goal in pairs]


def rate(per_week: Any) -> str:
    """Return a rate with one decimal; a dash where there is none."""
    return "–" if pd.isna(per_week) else f"{per_week:.1f}"


def whole(total: Any) -> str:
    """Return a number; a dash where it is not told."""
    return "–" if pd.isna(total) else f"{total:.0f}"


def part(some: Any, known: Any) -> str:
    """Return a part of what is known; a dash where nothing is."""
    return f"{some:.0f} of {known:.0f}" if not pd.isna(known) and known > 0 else "–"


def _somebody(table: pd.DataFrame) -> str:
    there, on_goal = (int(table[day].fillna(0).sum()) for day in DAYS)
    days = count(on_goal, "learner's day", "learners' days")
    return f" On {there} of {days} with an open goal a classmate had it too or had met it." if on_goal else ""
