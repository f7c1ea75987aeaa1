"""The school days of the terms, counted: plain numpy, for what is written by hand."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Dates = NDArray[np.datetime64]

Numbers = NDArray[np.int64]

DAY = np.timedelta64(1, "D")


class SchoolDays:
    """Which school day a date belongs to: its own, else the next one, else the last; from 1.

    `first` is the earliest date that is asked about, `last` the latest.
    """

    def __init__(self, terms: Iterable[tuple[Any, Any, str | None]], first: Any, last: Any) -> None:
        self.days = np.concatenate([_of_term(*term) for term in sorted(terms, key=lambda term: term[0])])
        self.base = min(_date(first), self.days[0])
        dates = np.arange(self.base, max(_date(last), self.days[-1]) + DAY)
        after = np.searchsorted(self.days, dates)
        self.belongs: Numbers = np.minimum(after + 1, len(self.days)).astype(np.int64)
        self.upto: Numbers = np.searchsorted(self.days, dates, side="right").astype(np.int64)
        self.next: Numbers = (after + 1).astype(np.int64)
        mondays = (self.days + 3).astype("datetime64[W]")
        starts = {_date(start) for start, *_ in terms}
        new_term = np.isin(self.days, [self.days[np.searchsorted(self.days, start)] for start in starts])
        new_week = np.r_[True, mondays[1:] != mondays[:-1]] | new_term
        weeks = np.cumsum(new_week)
        before = np.maximum.accumulate(np.where(new_term, weeks - 1, 0))
        self.week: Numbers = np.r_[0, weeks - before].astype(np.int64)


def _of_term(start: Any, end: Any, closed: str | None) -> Dates:
    days = np.arange(_date(start), _date(end) + DAY)
    days = days[np.is_busday(days)]
    for part in (closed or "").replace(",", " ").replace(";", " ").split():
        first, _, last = part.partition("..")
        days = days[(days < _date(first)) | (days > _date(last or first))]
    return days


def _date(moment: Any) -> np.datetime64:
    return np.datetime64(moment, "D")
