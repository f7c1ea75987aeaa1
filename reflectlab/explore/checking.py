"""What was understood of a file, in words and tables: counts, the first rows, and every problem with its place."""

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
_PROBLEMS = {
    "file": "File", "sheet": "Sheet", "row": "Row", "column": "Column", "value": "Found",
    "message": "What is wrong", "hint": "What to do",
}  # fmt: skip


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
        TableView(table.head(SAMPLE), columns=_TABLES[name], caption=f"The first of {len(table):,} {name}")
        for name, table in found.items()
        if len(table)
    ]


def problem_table(problems: pd.DataFrame) -> TableView:
    """Return the problems, each with its place and what to do; those that left a row out come first."""
    remark = problems["code"].isin([*KEPT, "unused_table"])
    left_out, remarks = int((~remark).sum()), int(remark.sum())
    caption = f"{left_out:,} left rows out of the log, {remarks:,} are remarks"
    if len(problems) > MOST:
        caption += f"; the first {MOST} of them"
    shown = {name: title for name, title in _PROBLEMS.items() if problems[name].notna().any()}
    first = pd.concat([problems[~remark], problems[remark]]).head(MOST)
    return TableView(first, columns=shown or _PROBLEMS, caption=caption)
