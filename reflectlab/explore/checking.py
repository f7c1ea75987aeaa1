"""What was understood of a file, in words and tables: counts, the first rows, and every problem with its place."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..log import ProgressLog
from ..problems import KEPT
from .plain import TableView

SAMPLE = 5
"""How many rows are shown of what was understood."""

MOST = 200
"""How many problems are listed."""

_TABLES = {
    "events": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "event": "What happened"},
    "collaborations": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "role": "Role"},
}
_CAPTIONS = {"events": "What happened", "collaborations": "Who worked together"}
_PROBLEMS = {"where": "Where", "value": "Found", "message": "What is wrong", "hint": "What to do"}


def understood(log: ProgressLog) -> str:
    """Return what is in a log, and how its rows add up.

    Examples
    --------
    >>> import reflectlab
    >>> understood(reflectlab.example()).splitlines()[1]
    '37 rows read = 37 rows in the log + 0 rows listed below.'
    """
    read, loaded, listed = (int(log.account[column].sum()) for column in ("read", "loaded", "listed"))
    said = repr(log).removeprefix("ProgressLog: ")
    return f"{said}\n{read:,} rows read = {loaded:,} rows in the log + {listed:,} rows listed below."


def samples(log: ProgressLog) -> list[TableView]:
    """Return the first rows of what happened and of who worked together."""
    found = {name: getattr(log, name) for name in _TABLES}
    return [
        TableView(table.head(SAMPLE), columns=_TABLES[name], caption=_first(_CAPTIONS[name], len(table), SAMPLE))
        for name, table in found.items()
        if len(table)
    ]


def problem_table(problems: pd.DataFrame) -> TableView:
    """Return the problems, each with its place and what to do; those that left a row out come first."""
    remark = problems["code"].isin([*KEPT, "unused_table"])
    told = f"{int((~remark).sum()):,} that left rows out of the log, {int(remark.sum()):,} remarks"
    first = pd.concat([problems[~remark], problems[remark]]).head(MOST)
    places = [_place(problem) for problem in first.to_dict("records")]
    return TableView(first.assign(where=places), columns=_PROBLEMS, caption=_first(told, len(problems), MOST))


def _first(what: str, count: int, most: int) -> str:
    return what if count <= most else f"{what}: the first {most} of {count:,}"


def _place(problem: Mapping[Any, Any]) -> str:
    """Return where a problem stands, from the file to the column."""
    told = {"file": "{}", "sheet": "sheet {}", "row": "row {}", "column": "column {}"}
    return ", ".join(form.format(problem[name]) for name, form in told.items() if not pd.isna(problem[name]))
