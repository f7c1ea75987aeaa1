"""What a log cannot tell, because it does not hold it; and arguments that must be whole numbers."""

from collections.abc import Iterable

import narwhals as nw
import pandas as pd

from ..errors import ArgumentError
from ..log import ProgressLog

_MISSING = {
    "events": "This log has no events, so it cannot tell where anybody stood on a goal: every time together is of the "
    'kind "other", and nobody can be found who is on the same goal or has met it.',
    "collaborations": "This log has no collaborations, so it cannot tell who worked with whom, nor call anybody alone.",
}


def cannot_tell(log: ProgressLog, needs: Iterable[str] = ("events", "collaborations")) -> list[str]:
    """Return what a log cannot tell about working together, in plain sentences.

    Parameters
    ----------
    log : ProgressLog
    needs : iterable of str
        The tables that would be needed: `events`, `collaborations`.

    Returns
    -------
    list of str
        Empty where nothing is missing. The measures of working together carry those that concern them in
        `.attrs["cannot_tell"]`.

    Examples
    --------
    >>> import pandas as pd
    >>> import reflectlab
    >>> pair = pd.DataFrame({"episode_id": "e1", "time": "2026-07-22", "learner_id": ["aroha", "ben"]})
    >>> cannot_tell(reflectlab.ProgressLog.from_tables(collaborations=pair))[0][:26]
    'This log has no events, so'
    >>> cannot_tell(reflectlab.example())
    []
    """
    return [_MISSING[table] for table in needs if not holds(log, table)]


def holds(log: ProgressLog, table: str) -> bool:
    """Tell whether a table of the log, whole whatever is selected, has a row."""
    return bool(log.frame(table).select("learner_id").head(1).select(nw.len()).collect().item())


def noted(table: pd.DataFrame, log: ProgressLog, *needs: str) -> pd.DataFrame:
    """Return a table that carries what the log cannot tell about it."""
    table.attrs["cannot_tell"] = cannot_tell(log, needs)
    return table


def need_whole(argument: str, value: object, least: int) -> None:
    """Raise `ArgumentError` unless a value is a whole number, `least` or more.

    Examples
    --------
    >>> need_whole("within", 0.5, 1)
    Traceback (most recent call last):
        ...
    reflectlab.errors.ArgumentError: `within` must be a whole number from 1; got 0.5.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ArgumentError(f"`{argument}` must be a whole number from {least}; got {value!r}.")
