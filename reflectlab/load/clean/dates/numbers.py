"""Dates that are written as one number: days, seconds or milliseconds that are counted, or digits without a mark."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ....language import day_in_words, gettext, translatable
from ....log.calendar import odd_span

NUMBER = re.compile(r"\d+([.,]\d+)?")
"""What may count days or seconds, and is no date as people write one."""

COUNTED = ("excel", "excel1904", "unix", "unix_ms")
"""The date formats that count."""

_EPOCHS = {"excel": datetime(1899, 12, 30), "excel1904": datetime(1904, 1, 1)}

_LEAP_BUG = 61

_DIGITS = {
    "%Y%m%d": 8, "%d%m%Y": 8, "%m%d%Y": 8, "%m%d": 4, "%d%m": 4, "%y%m%d": 6, "%d%m%y": 6, "%m%d%y": 6,
    "%Y%m%d%H%M": 12, "%Y%m%d%H%M%S": 14,
}  # fmt: skip
"""The forms without a mark between the numbers, and how many digits each has."""

_SAID = translatable({
    "excel": "days of a spreadsheet", "unix": "seconds since 1970", "unix_ms": "milliseconds since 1970",
    "%Y%m%d": "year, month, day", "%d%m%Y": "day, month, year", "%m%d%Y": "month, day, year", "%m%d": "month, day",
    "%d%m": "day, month", "%y%m%d": "year, month, day", "%d%m%y": "day, month, year", "%m%d%y": "month, day, year",
    "%Y%m%d%H%M": "year, month, day, hour, minute", "%Y%m%d%H%M%S": "year, month, day and the time of day",
})  # fmt: skip

_MOST = 0.1
"""The share of numbers that may be slips, when it is looked for what they are."""


@dataclass(frozen=True)
class Form:
    """A form that the numbers of a column can have: what `date_format` calls it, and what each number is then.

    In a form without a year, the times are in the year 2000.
    """

    name: str
    times: Mapping[str, datetime]

    @property
    def has_year(self) -> bool:
        """Whether the year is told."""
        return self.name in COUNTED or "y" in self.name.casefold()

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day."""
        return min(self.times.values()).date(), max(self.times.values()).date()

    @property
    def plausible(self) -> bool:
        """Whether a log of today can be of these days."""
        return not self.has_year or odd_span(*self.span) is None

    @property
    def said(self) -> str:
        """What the numbers are then, in words, with the span that it gives."""
        first, last = (_day(day, year=self.has_year) for day in self.span)
        what = gettext(_SAID[self.name])
        if first == last:
            return gettext("{numbers}, on {day}", numbers=what, day=first)
        return gettext("{numbers}, from {first} to {last}", numbers=what, first=first, last=last)

    @property
    def arguments(self) -> Mapping[str, str | int]:
        """How it is said to `load`; a year stands for the one that the caller knows."""
        return {"date_format": self.name} | ({} if self.has_year else {"year": 2026})


def _day(day: date, *, year: bool) -> str:
    return day_in_words(day, "d MMMM y") if year else day_in_words(day, "d MMMM")


def forms_of(numbers: Sequence[str], tz: str) -> list[Form]:
    """Return every form that nearly all of some numbers can have, the most plausible and shortest span first.

    >>> [form.name for form in forms_of(["0206", "0517"], "UTC")]
    ['%m%d', 'unix', 'unix_ms', 'excel']
    >>> [form.name for form in forms_of(["46206", "46211.5"], "UTC")][0]
    'excel'
    """
    forms = [form for name in ("excel", "unix", "unix_ms", *_DIGITS) if (form := _form(name, numbers, tz))]
    return sorted(forms, key=lambda form: (not form.plausible, form.span[1] - form.span[0]))


def _form(name: str, numbers: Sequence[str], tz: str) -> Form | None:
    times = {}
    for number in numbers:
        try:
            times[number] = counted_to(number, name, tz) if name in COUNTED else _from_digits(number, name)
        except (ValueError, OverflowError, OSError):
            continue
    return Form(name, times) if times and len(times) >= (1 - _MOST) * len(numbers) else None


def _from_digits(number: str, form: str) -> datetime:
    if not number.isdigit() or len(number) != _DIGITS[form]:
        raise ValueError(form)
    yearless = "y" not in form.casefold()
    return datetime.strptime(f"2000{number}" if yearless else number, f"%Y{form}" if yearless else form)


def counted_to(number: str, form: str, tz: str) -> datetime:
    """Return the moment that a number counts to; the school's clock, where the number is a moment of the world.

    Raises ValueError, OverflowError or OSError if it is too large, or of the days that spreadsheets count wrongly.
    """
    count = float(number.replace(",", "."))
    if form in ("unix", "unix_ms"):
        moment = datetime.fromtimestamp(count / (1000 if form == "unix_ms" else 1), UTC)
        return moment.astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    if form == "excel" and count < _LEAP_BUG:
        raise ValueError("1900")
    return _EPOCHS[form] + timedelta(milliseconds=round(count * 86_400_000))
