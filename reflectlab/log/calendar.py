"""School days and weeks: the clock that every duration in the package is told by, and what span a log may have.

Weekends and closed days do not count, and what happens on one belongs to the next school day.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from ..language import gettext, translatable

ONE_DAY = timedelta(days=1)

_OLDEST, _AHEAD, _LONGEST = timedelta(days=30 * 366), timedelta(days=2 * 366), timedelta(days=3 * 366)
"""How far back and ahead a log is still plausible, and how long it may be."""


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes
    ----------
    term_id, title : str
    start, end : datetime.date
        The first and the last day.
    closed : tuple of datetime.date
        Days on which there is no school, beside weekends.
    """

    term_id: str
    title: str
    start: date
    end: date
    closed: tuple[date, ...] = ()

    def school_days(self) -> list[date]:
        """Return the days of this term on which there is school."""
        closed = set(self.closed)
        days = (self.start + n * ONE_DAY for n in range((self.end - self.start).days + 1))
        return [day for day in days if day.weekday() < 5 and day not in closed]


@dataclass(frozen=True)
class Calendar:
    """The school days of one or several terms, counted.

    Parameters
    ----------
    terms : tuple of Term
        In order of time, without overlap.

    Notes
    -----
    `day` counts the school days of a term and `week` the calendar weeks (Monday to Sunday) that hold at least
    one of them, both from 1. `school_day` counts on across terms.

    Examples
    --------
    >>> from datetime import date
    >>> term = Term("t3", "Term 3", date(2026, 7, 20), date(2026, 7, 31), closed=(date(2026, 7, 24),))
    >>> calendar = Calendar((term,))
    >>> calendar.days[["date", "day", "week"]].tail(2).to_string(index=False, header=False)
    '2026-07-30   8    2\\n2026-07-31   9    2'
    >>> calendar.school_day(date(2026, 7, 25))  # a Saturday belongs to Monday
    5
    """

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        for before, after in zip(self.terms, self.terms[1:], strict=False):
            if after.start <= before.end:
                raise ArgumentError(
                    f'Terms must follow one another: "{after.term_id}" starts on {after.start}, '
                    f'"{before.term_id}" ends on {before.end}. Correct one of the two dates.'
                )
        for term in self.terms:
            if not term.school_days():
                raise ArgumentError(
                    f'Term "{term.term_id}" ({term.start} to {term.end}) has no school day: weekends and '
                    "closed days do not count. Correct its dates."
                )

    @cached_property
    def days(self) -> pd.DataFrame:
        """Every school day: `date, term_id, day, week, school_day`."""
        rows = []
        for term in self.terms:
            mondays: dict[date, int] = {}
            for number, day in enumerate(term.school_days(), start=1):
                week = mondays.setdefault(day - day.weekday() * ONE_DAY, len(mondays) + 1)
                rows.append((day, term.term_id, number, week))
        frame = pd.DataFrame(rows, columns=["date", "term_id", "day", "week"])
        frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
        return frame.assign(term_id=frame["term_id"].astype("str"), school_day=range(1, len(frame) + 1))

    def dates(self, first: date, last: date) -> pd.DataFrame:
        """Return the school day that each calendar date from `first` to `last` belongs to.

        Parameters
        ----------
        first, last : datetime.date

        Returns
        -------
        pandas.DataFrame
            `date, term_id, day, week, school_day, in_term`: one row a date. What is after the last school day
            belongs to the last one; `in_term` tells whether a term holds the date.
        """
        dates = pd.DataFrame({"date": pd.date_range(first, last).astype("datetime64[us]")})
        belongs = pd.merge_asof(dates, self.days, on="date", direction="forward")
        closing = self.days.iloc[-1]
        belongs = belongs.fillna({name: closing[name] for name in ("term_id", "day", "week", "school_day")})
        inside = pd.Series(False, index=dates.index)
        for term in self.terms:
            inside |= dates["date"].between(pd.Timestamp(term.start), pd.Timestamp(term.end))
        return belongs.assign(in_term=inside).astype({"day": "int64", "week": "int64", "school_day": "int64"})

    def school_day(self, day: date) -> int:
        """Return the number of the school day that a date belongs to."""
        return min(int(self.days["date"].searchsorted(pd.Timestamp(day))) + 1, len(self.days))

    def days_until(self, day: date, later: date) -> int:
        """Return how many school days there are after a day up to a later one; fewer than none up to an earlier one.

        After the last term every weekday is one: a log is not always told when school goes on.

        Parameters
        ----------
        day, later : datetime.date

        Examples
        --------
        >>> from datetime import date
        >>> calendar = Calendar((one_term(date(2026, 7, 20), date(2026, 7, 24)),))
        >>> [calendar.days_until(date(2026, 7, 23), later) for later in (date(2026, 7, 28), date(2026, 7, 20))]
        [3, -3]
        """
        if later < day:
            return -self.days_until(later, day)
        first, last = (int(self.days["date"].searchsorted(pd.Timestamp(each), side="right")) for each in (day, later))
        beyond = max(day, self.terms[-1].end) + ONE_DAY
        return last - first + max(int(np.busday_count(beyond, later + ONE_DAY)), 0)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """Every school week: `term_id, week, first_day, last_day` (school days) and `until`, its last date."""
        grouped = self.days.groupby(["term_id", "week"], sort=False)
        spans = {
            "first_day": ("school_day", "min"),
            "last_day": ("school_day", "max"),
            "until": ("date", "max"),
        }
        return grouped.agg(**spans).reset_index()


def one_term(first: date, last: date) -> Term:
    """Return the term that a log without terms is taken to have: from its first to its last day.

    Examples
    --------
    >>> one_term(date(2026, 7, 20), date(2026, 8, 1)).end  # a Saturday: its Monday is a school day
    datetime.date(2026, 8, 3)
    """
    while last.weekday() >= 5:
        last += ONE_DAY
    return Term("term", "The term of this log", first, last)


def parse_closed(text: str | None) -> tuple[date, ...]:
    """Return the days in a cell such as `2026-08-07; 2026-08-24..2026-08-28`.

    Examples
    --------
    >>> len(parse_closed("2026-08-07; 2026-08-24..2026-08-28"))
    6
    """
    days: list[date] = []
    for part in re.split(r"[;,\s]+", (text or "").strip()):
        if part:
            first, _, last = part.partition("..")
            days += _range(_iso(first), _iso(last or first))
    return tuple(days)


def format_closed(days: Iterable[date]) -> str:
    """Return closed days as the text of one cell, the inverse of `parse_closed`."""
    return "; ".join(day.isoformat() for day in days)


def sorted_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms in order of time."""
    return tuple(sorted(terms, key=lambda term: term.start))


def _range(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def _iso(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentError(gettext('A closed day is written as 2026-08-07; got "{text}".', text=text)) from None


def odd_span(first: date, last: date) -> str | None:
    """Say what is odd about the days that a log runs over, if anything is.

    >>> odd_span(date(1900, 7, 23), date(1901, 5, 30))
    'far from today'
    """
    today = date.today()
    if first < today - _OLDEST or last > today + _AHEAD:
        return translatable("far from today")
    return translatable("more than three years long") if last - first > _LONGEST else None
