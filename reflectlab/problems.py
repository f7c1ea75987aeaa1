"""What was wrong in a file: where, and what to do about it.

A problem either leaves its source row out of the log, or, where its code is in `KEPT`, remarks on a row that
was loaded all the same.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

KEPT = frozenset(
    {
        "after_met",
        "bad_minutes",
        "error_cell",
        "merged",
        "normalised",
        "other_class",
        "outside_presence",
        "outside_terms",
        "similar_names",
        "unknown_column",
    }
)
"""Codes of remarks: the row they name was loaded."""

COLUMNS = ("file", "sheet", "row", "column", "code", "value", "message", "hint")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong.

    Attributes
    ----------
    code : str
        A short word for the kind of problem, the same in every release.
    message, hint : str
        A plain sentence that says what was found, and one that says what to do.
    file, sheet, column, value : str or None
        Where it stands, and what stands there.
    row : int or None
        The row a spreadsheet shows: the header is row 1.

    Examples
    --------
    >>> Problem("unknown_event", '"achived" is no event.', 'Did you mean "achieved"?', row=7).kept
    False
    """

    code: str
    message: str
    hint: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def kept(self) -> bool:
        """Whether the row was loaded all the same."""
        return self.code in KEPT


def left_out(problems: pd.DataFrame) -> pd.DataFrame:
    """Return the problems that left something out of the log, without the remarks on what was loaded.

    Parameters
    ----------
    problems : pandas.DataFrame
        As in `ProgressLog.problems`.

    Examples
    --------
    >>> found = problems_frame([Problem("bad_time", "", ""), Problem("merged", "", "")])
    >>> left_out(found)["code"].tolist()
    ['bad_time']
    """
    return problems[~problems["code"].isin(KEPT)]


def problems_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return the problems as a table, one row each.

    Parameters
    ----------
    problems : iterable of Problem

    Returns
    -------
    pandas.DataFrame
        Columns `file, sheet, row, column, code, value, message, hint`; `row` is `Int64`, the rest `str`.

    Examples
    --------
    >>> problems_frame([Problem("bad_time", "No date.", "Write one.", row=3)])[["row", "code"]].to_dict("list")
    {'row': [3], 'code': ['bad_time']}
    """
    frame = pd.DataFrame([asdict(problem) for problem in problems], columns=list(COLUMNS))
    return frame.astype({column: "Int64" if column == "row" else "str" for column in COLUMNS})
