"""One date, or one time of day, as people write it: taken apart."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from .month_names import months_in_english
from .numbers import NUMBER

YEARS = range(1900, 2200)
"""The years that a log can be of: anything else is a slip."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LONG = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "sept",
)  # fmt: skip

_HALF = r"[ap]\.?m\.?|morning|afternoon|midday|noon"

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:uhr|hrs?|h))?"
)

_ZONE = r"(?:\s*(?:(?:utc|gmt)(?=[+-]))?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}|(?<=utc|gmt)[+-]\d(?::\d{2})?))?"

CLOCK_BEGINS = (
    rf"(?i)^(.*?)(?:[\s,]+(?:(?:at|um|à|kl\.?)\s+)?|T)(\d{{1,2}}[:.h]\d\d.*|\d{{1,2}}\s?[ap]\.?m\.?|\(?(?:{_HALF})\)?)$"
)
"""What stands before a time of day, and from where on that stands; for Python and for Polars."""

_CLOCK_AND_ZONE = re.compile(_CLOCK + _ZONE, re.IGNORECASE | re.ASCII)

_HALF_DAY = re.compile(rf"\(?({_HALF})\)?", re.IGNORECASE)

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"

_MONTH = r"(?P<month>[a-z]{3,9})\.?"

_NUMBERED = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

_A_YEAR = re.compile(r"(?:19|20)\d\d")

_YEAR = r"(?P<year>\d{4}|\d{2})"

_SHAPES = tuple(
    re.compile(_WEEKDAY + shape, re.IGNORECASE | re.ASCII)
    for shape in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<other>\d{{1,2}})(?:(?P=sep){_YEAR}|\.)?",
        rf"{_NUMBERED}[\s./-]+(?:of\s+)?{_MONTH}(?:[\s,./-]+{_YEAR})?",
        rf"{_MONTH}[\s./-]+{_NUMBERED}(?:[\s,./-]+{_YEAR})?",
        rf"(?P<year>\d{{4}})[\s,./-]+{_MONTH}[\s./-]+{_NUMBERED}",
    )
)


@dataclass(frozen=True)
class TakenDay:
    """A day taken apart: month and day, or two numbers that may be either way round."""

    year: int | None = None
    month: int | None = None
    day: int = 0
    first: int = 0
    other: int = 0

    @cached_property
    def order(self) -> Literal["day", "month", "either", "neither", "settled"]:
        """Say which of the two numbers is the day."""
        if self.month is not None or self.first == self.other:
            return "settled"
        day, month = self.other <= 12 < self.first <= 31, self.first <= 12 < self.other <= 31
        if day or month:
            return "day" if day else "month"
        return "either" if max(self.first, self.other) <= 12 else "neither"


@dataclass(frozen=True)
class Clock:
    """A time of day taken apart: the time since midnight, and what it is ahead of UTC where a zone is written."""

    since: timedelta = timedelta()
    offset: timedelta | None = None


def looks_like_date(text: str) -> bool:
    """Tell whether a text is written as a date, whatever day it may be.

    >>> looks_like_date("3/8"), looks_like_date("Monday 3 Aug"), looks_like_date("0.5")
    (True, True, False)
    """
    return bool(text) and day_of(text.strip()) is not None and NUMBER.fullmatch(text.strip()) is None


def day_of(text: str) -> TakenDay | None:
    """Return the day of a date; None where it is no date or its time of day is none."""
    between = re.fullmatch(CLOCK_BEGINS, text)
    if between is None:
        return _day_in_any_language(text)
    return _day_in_any_language(between[1]) if take_clock(between[2]) else None


def _day_in_any_language(text: str) -> TakenDay | None:
    day = take_day(text)
    if day is None and _A_YEAR.search(text):  # without a year it may be anything
        return take_day(months_in_english([text]).get(text, ""))
    return day


@lru_cache(maxsize=1 << 14)
def take_day(text: str) -> TakenDay | None:
    """Take a day apart; None where it is none."""
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            month = parts.get("month")
            number = int(month) if month and month.isdigit() else _month(month)
            if month and number is None:
                return None
            first, other = int(parts.get("first") or 0), int(parts.get("other") or 0)
            return TakenDay(_year(parts["year"]), number, int(parts.get("day") or 0), first, other)
    return None


def _month(name: str | None) -> int | None:
    known = name and name.casefold()
    return _MONTHS.index(known[:3]) + 1 if known and (known in _MONTHS or known in _LONG) else None


def _year(text: str | None) -> int | None:
    """Return the year; of two digits, as POSIX has it: 69 is 1969, 68 is 2068."""
    if text is None or len(text) == 4:
        return None if text is None else int(text)
    return int(text) + (1900 if int(text) > 68 else 2000)


def take_clock(text: str | None) -> Clock | None:
    """Take a time of day apart; None where it is none. Nothing written is midnight."""
    if text is None:
        return Clock()
    if half := _HALF_DAY.fullmatch(text):
        begins = half[1].casefold().replace(".", "") in ("am", "morning")
        return Clock(timedelta() if begins else timedelta(hours=12))
    parts = _CLOCK_AND_ZONE.fullmatch(text)
    if parts is None or not (parts["minute"] or parts["half"]):
        return None
    hour, minute, second = int(parts["hour"]), int(parts["minute"] or 0), int(parts["second"] or 0)
    if half_day := parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half_day[0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    part = int((parts["part"] or "0").ljust(6, "0")[:6])
    since = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=part)
    return Clock(since, _offset(parts["zone"]))


def _offset(zone: str | None) -> timedelta | None:
    if zone is None or zone[0] not in "+-":
        return None if zone is None else timedelta()
    hours, minutes = zone[1:].split(":") if ":" in zone else (zone[1:3], zone[3:])
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -size if zone[0] == "-" else size


@lru_cache(maxsize=1 << 14)
def beginning_of(day: TakenDay | None, year: int | None, dayfirst: bool) -> datetime | None:
    """Return the midnight at which a day begins; None where there is no such day."""
    if day is None:
        return None
    number, month = day.day, day.month
    if month is None:
        number, month = (day.first, day.other) if dayfirst else (day.other, day.first)
    try:
        return datetime(day.year if day.year is not None else year or 0, month, number)
    except ValueError:
        return None
