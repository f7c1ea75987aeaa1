"""Columns of dates made whole: a date written once for a day, a time of day in a column of its own; and odd spans."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from ...files.raw import RawTable
from ...options import Options
from .moments import CLOCK_BEGINS, day_of, take_clock
from .numbers import NUMBER, forms_of, odd_span

_BEFORE_TIMES = re.compile(r"1(?:899-12-3[01]|900-01-0[01]) ")
"""The day that a spreadsheet writes before a time of day."""


def carried_down(times: pl.Series, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Put the day above into each row whose cell is blank, and say which rows these are.

    Below what is no date nothing is carried on: it may be of any day.

    >>> texts = pl.Series(["20/07", "", "soon", ""])
    >>> times, carried = carried_down(pl.Series([datetime(2026, 7, 20), None, None, None]), texts)
    >>> times.is_not_null().to_list(), carried.to_list()
    ([True, True, False, False], [False, True, False, False])
    """
    begins = texts.str.slice(0, 1)
    if not ((begins < "!") | (begins >= "\x80")).any():  # nothing is empty, or begins with a blank
        return times, pl.Series([False]).new_from_index(0, len(texts))
    blank = texts.str.strip_chars() == ""
    above = pl.int_range(len(texts), eager=True).set(blank, None).forward_fill()
    carried = times.gather(above).dt.truncate("1d")
    return carried.zip_with(blank, times), blank & carried.is_not_null()


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


def oddness(times: pl.Series, texts: pl.Series, options: Options) -> tuple[str, str] | None:
    """Say what is odd about the span of a column of dates, and what to do about it; None where nothing is.

    >>> times = pl.Series([datetime(1900, 7, 24), datetime(1901, 5, 31)])
    >>> oddness(times, pl.Series(["0206", "0517"]), Options())[0]
    'The dates run from 1900-07-24 to 1901-05-31: that is far from today.'
    """
    first, last = times.min(), times.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    odd = odd_span(first.date(), last.date())
    if odd is None:
        return None
    text = f"The dates run from {first:%Y-%m-%d} to {last:%Y-%m-%d}: that is {odd}."
    return text, _other_form(texts, options) or "Nothing needs to be done if they are right; a year may be a slip."


def _other_form(texts: pl.Series, options: Options) -> str | None:
    values = [text for text in texts.unique(maintain_order=True).str.strip_chars().to_list() if text]
    if not all(NUMBER.fullmatch(text) for text in values):
        return None
    other = [form for form in forms_of(values, options.tz) if form.plausible and form.name != options.date_format]
    return f"They may be {other[0].said}; if so, say so: {options.say(**other[0].arguments)}." if other else None
