"""The groups and periods of a measure: which columns they are, and what they are called."""

from collections.abc import Mapping, Sequence

import pandas as pd

from .picture import called
from .style import plain

PERIODS = ("term_id", "week")
_GROUPS = ("in", "groups")
_MANY = {
    "class_id": ("in", "classes"),
    "goal_id": ("on", "goals"),
    "learner_id": ("by", "learners"),
    "strand": ("in", "strands"),
}


def group_columns(frame: pd.DataFrame, measured: Sequence[str]) -> list[str]:
    """Return the columns that name a group: those that are neither measured nor a period."""
    return [column for column in frame.columns if column not in (*measured, *PERIODS)]


def in_groups(number: int, columns: Sequence[str]) -> str:
    """Return in how many groups, by the name of what they are.

    Examples
    --------
    >>> in_groups(4, ["class_id"]), in_groups(26, ["learner_id"]), in_groups(2, ["class_id", "strand"])
    ('in 4 classes', 'by 26 learners', 'in 2 groups')
    """
    word, things = _MANY.get(columns[0], _GROUPS) if len(columns) == 1 else _GROUPS
    return f"{word} {number} {things}"


def group_labels(frame: pd.DataFrame, columns: Sequence[str], names: Mapping[str, str]) -> pd.Series:
    """Return what the group of each row is called."""
    texts = [
        ["" if missing else called(names, str(value)) for value, missing in _known(frame[column])] for column in columns
    ]
    joined = [" · ".join(part for part in parts if part) or "not noted" for parts in zip(*texts, strict=True)]
    return pd.Series(joined if columns else [""] * len(frame), index=frame.index, dtype="str")


def period_labels(frame: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Return the place of each row's period, and what the periods are called.

    Weeks of one term are `Week 1`; of several, `Term 3 · 1`.
    """
    columns = [column for column in PERIODS if column in frame]
    keys = list(frame[columns].itertuples(index=False, name=None))
    periods = list(dict.fromkeys(keys))
    places = pd.Series([periods.index(key) for key in keys], index=frame.index, dtype="int64")
    return places, [_period(dict(zip(columns, key, strict=True)), frame) for key in periods]


def short_periods(periods: Sequence[str]) -> list[str]:
    """Return what stands below an axis: after `Week 1` the number is enough.

    Examples
    --------
    >>> short_periods(["Week 1", "Week 2"]), short_periods(["t1 · 1", "t2 · 1"])
    (['Week 1', '2'], ['t1 · 1', 't2 · 1'])
    """
    return [*periods[:1], *(period.removeprefix("Week ") for period in periods[1:])]


def _period(key: dict[str, object], frame: pd.DataFrame) -> str:
    if "week" not in key:
        return plain(key["term_id"])
    several = "term_id" in frame and frame["term_id"].nunique() > 1
    return f"{plain(key['term_id'])} · {key['week']}" if several else f"Week {key['week']}"


def _known(column: pd.Series) -> list[tuple[object, bool]]:
    return list(zip(column, column.isna(), strict=True))
