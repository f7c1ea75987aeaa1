"""A time of day in a column of its own, beside the one of the days."""

import re
from collections.abc import Callable, Sequence

import polars as pl

from ...files.raw import RawTable
from .moments import CLOCK_BEGINS, day_of, take_clock
from .numbers import NUMBER

_BEFORE_TIMES = re.compile(r"1(?:899-12-3[01]|900-01-0[01]) ")
"""The day that a spreadsheet writes before a time of day."""


def with_clocks(times: pl.Series, clocks: pl.Series) -> pl.Series:
    """Put times of day into the days that have none yet."""
    known = {text: _clock(text) for text in clocks.unique().to_list()}
    since = clocks.replace_strict(known, return_dtype=pl.Duration("us"), default=None)
    return times.zip_with((since.is_null() | (times.dt.truncate("1d") != times)).fill_null(value=True), times + since)


def no_clocks(clocks: pl.Series) -> list[str]:
    """Return what stands in a column of times of day and is none.

    >>> no_clocks(pl.Series(["9:15", "", "soon"]))
    ['soon']
    """
    return [text for text in clocks.unique().to_list() if text.strip() and _clock(text) is None]


def _clock(text: str) -> object:
    clock = take_clock(_BEFORE_TIMES.sub("", text.strip()))
    return clock.since if clock else None


def clock_column(raw: RawTable, headers: Sequence[str]) -> tuple[str, str] | None:
    """Return which of some columns holds the days and which their times of day, if two do so.

    >>> from ...files.raw import ROW
    >>> frame = pl.DataFrame({"Time": ["9:15", ""], "Date": ["20/07/2026", "21/07/2026"], ROW: [2, 3]})
    >>> clock_column(RawTable("log.csv", None, ("Time", "Date"), 1, frame), ["Time", "Date"])
    ('Date', 'Time')
    """
    clocks = [header for header in headers if _mostly(raw.frame[header], lambda text: _clock(text) is not None)]
    days = [header for header in headers if header not in clocks and _mostly(raw.frame[header], _is_bare_day)]
    return (days[0], clocks[0]) if days and clocks else None


_LOOKED_AT = 1000


def _mostly(texts: pl.Series, fits: Callable[[str], bool]) -> bool:
    values = texts.head(_LOOKED_AT).unique().str.strip_chars().to_list()
    filled = [text for text in values if text]
    return sum(map(fits, filled)) > len(filled) / 2


def _is_bare_day(text: str) -> bool:
    if re.fullmatch(CLOCK_BEGINS, text):
        return False
    return day_of(text) is not None or NUMBER.fullmatch(text) is not None
