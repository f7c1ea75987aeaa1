"""Dates and times as people write them; what can be read in two ways is decided from all dates of a file, or asked.

Nothing is guessed: a date that cannot be read is named, with the reason.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from ...errors import AmbiguousDateError
from ..options import Options

_FORMS = (
    ("%Y-%m-%d", 10),
    ("%Y-%m-%d %H:%M:%S", 19),
    ("%Y-%m-%dT%H:%M:%S", 19),
    ("%Y-%m-%d %H:%M", 16),
    ("%Y-%m-%d %H:%M:%S%.f", 26),
    ("%Y-%m-%dT%H:%M:%S%.f", 26),
)

_EPOCHS = {"excel": datetime(1899, 12, 30), "excel1904": datetime(1904, 1, 1)}

_LEAP_BUG = 61

_TOUCHING = re.compile(r"%[a-zA-Z]%[a-zA-Z]")

_WITH_YEAR = re.compile(r"%[YyGcxs]")


class Read(NamedTuple):
    """What a text says: a moment, or why it says none; perhaps a remark."""

    time: datetime | None = None
    why: str | None = None
    remark: str | None = None


@dataclass(frozen=True)
class Where:
    """Where dates stand: the table as messages call it, the column, and the other columns of the file."""

    table: str
    column: str
    others: Callable[[], Iterable[pl.Series]] = lambda: ()


def read_dates(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read a column of dates.

    Parameters
    ----------
    texts : polars.Series
        Text; an empty one is no date.
    options : Options
        Its `date_format`, `dayfirst`, `year` and `tz` count here.
    where : Where

    Returns
    -------
    polars.DataFrame
        One row for each text: `time` (missing where there is none), `why` (a sentence that says why a text is no
        date) and `remark` (a sentence on one that was read).

    Raises
    ------
    AmbiguousDateError
        If 03/04 can be read in two ways and no date of the file tells, or no date has a year.

    Examples
    --------
    >>> texts = pl.Series(["03/04/2026", "25/03/2026, 9:15 am", "31/04/2026", ""])
    >>> read_dates(texts, Options(), Where("log.csv", "date"))["time"].to_list()
    [datetime.datetime(2026, 4, 3, 0, 0), datetime.datetime(2026, 3, 25, 9, 15), None, None]
    """
    read = _read(texts, options, where)
    left_out = _left_out_by_the_clock(read["time"], options.tz)
    if not left_out.any():
        return read
    text = f"The clock never showed this in {options.tz}: on that day it was put forward. It was read as it is written."
    return read.with_columns(remark=pl.when(left_out).then(pl.lit(text)).otherwise("remark"))


def zoned_in(texts: pl.Series, options: Options) -> pl.Series:
    """Tell which dates carry a zone; seconds since 1970 are of UTC.

    Examples
    --------
    >>> zoned_in(pl.Series(["2026-07-20T09:15:00Z", "20/7/2026 9:15 am GMT+12", "2026-07-20"]), Options()).to_list()
    [True, True, False]
    """
    form = options.date_format
    if form is not None:
        return pl.Series([form == "unix" or "%z" in form]).new_from_index(0, len(texts)) & (texts != "")
    plain = texts.str.len_bytes().is_in([length for _, length in _FORMS]) & ~texts.str.contains(_HOURS_OFF)
    if plain.all():
        return ~plain
    return ~plain & texts.str.contains(_CARRIES_ZONE)


_CARRIES_ZONE = r"(?i)\d:\d\d(?:[:.,]\d+)*\s*(?:[ap]\.?m\.?)?\s*(?:z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?|utc|gmt)\s*$"

_HOURS_OFF = r"[+-]\d\d$"
"""At the end of a date of the length of a plain one."""


def _left_out_by_the_clock(times: pl.Series, tz: str) -> pl.Series:
    """Say which times do not exist in a zone; a midnight may be a day without a time."""
    if tz == "UTC":
        return pl.Series([False]).new_from_index(0, len(times))
    zoned = times.dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null")
    return zoned.is_null() & times.is_not_null() & (times.dt.time() != time(0))


def _read(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    time = _plain_iso(texts) if options.date_format is None else _no_times(len(texts))
    nothing = pl.lit(None, pl.String)
    read = pl.DataFrame({"time": time}).with_columns(why=nothing, remark=nothing)
    rows = time.is_null().arg_true()
    left = texts.gather(rows).str.strip_chars()
    if not (filled := left != "").any():
        return read
    rest = (_written if options.date_format is None else _formatted)(left.filter(filled), options, where)
    parts = read.with_row_index("n"), rest.with_columns(n=rows.filter(filled))
    return parts[0].update(parts[1], on="n").drop("n")


def _no_times(size: int) -> pl.Series:
    return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, size)


def _plain_iso(texts: pl.Series) -> pl.Series:
    """Read the ISO forms that programs write; the length is asked too, as a space in a form matches none."""
    size = texts.str.len_bytes()
    time = _no_times(len(texts))
    for form, length in _FORMS:
        if (fits := (size == length) & time.is_null()).any():
            found = texts if fits.all() else texts.set(~fits, None)
            read = found.str.to_datetime(form, strict=False, time_unit="us")
            time = read if fits.all() else time.zip_with(~fits, read)
    slips = (time < datetime(YEARS[0], 1, 1)) | (time >= datetime(YEARS[-1] + 1, 1, 1))
    return time.set(slips, None) if slips.any() else time


def _written(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read dates as people write them; the days and the times of day are few, and each is taken apart once."""
    split = pl.col("text").str.extract(CLOCK_BEGINS, 1), pl.col("text").str.extract(CLOCK_BEGINS, 2)
    rows = texts.alias("text").to_frame().select("text", day=pl.coalesce(split[0], "text"), clock=split[1])
    days = {text: take_day(text) for text in rows["day"].unique(maintain_order=True).to_list()}
    _require_a_year(days, options, where)
    dayfirst = options.dayfirst if options.dayfirst is not None else _decided(days, options, where)
    midnights = pl.DataFrame(
        {"day": list(days), "midnight": [beginning_of(day, options.year, dayfirst) for day in days.values()]},
        schema={"day": pl.String, "midnight": pl.Datetime("us")},
    )
    timed = rows.join(midnights, on="day", how="left", maintain_order="left").join(
        _clocks(rows["clock"]), on="clock", how="left", maintain_order="left", nulls_equal=True
    )
    local = pl.col("midnight") + pl.col("since")
    zoned = (local - pl.col("offset")).dt.replace_time_zone("UTC").dt.convert_time_zone(options.tz)
    time = pl.when(pl.col("offset").is_null()).then(local).otherwise(zoned.dt.replace_time_zone(None))
    timed = timed.select("text", "day", time=time).with_columns(_within_years())
    bad = timed["time"].is_null()
    why = [_why(text, days[day], options, dayfirst) for text, day, _ in timed.filter(bad).iter_rows()]
    reasons = pl.Series([None], dtype=pl.String).new_from_index(0, timed.height).scatter(bad.arg_true(), why)
    return timed.select("time", why=reasons, remark=pl.lit(None, pl.String))


def _within_years() -> pl.Expr:
    return pl.when(pl.col("time").dt.year().is_between(YEARS[0], YEARS[-1])).then("time").alias("time")


def _clocks(texts: pl.Series) -> pl.DataFrame:
    values = texts.unique().to_list()
    clocks = [take_clock(text) for text in values]
    return pl.DataFrame(
        {
            "clock": values,
            "since": [clock.since if clock else None for clock in clocks],
            "offset": [clock.offset if clock else None for clock in clocks],
        },
        schema={"clock": pl.String, "since": pl.Duration("us"), "offset": pl.Duration("us")},
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


def _require_a_year(days: Mapping[str, TakenDay | None], options: Options, where: Where) -> None:
    known = {text: day for text, day in days.items() if day}
    if known and options.year is None and all(day.year is None for day in known.values()):
        raise AmbiguousDateError(
            f'{where.table}: the dates of the column "{where.column}" have no year, such as "{next(iter(known))}". '
            f"Say which it is: {options.say(year=2026)}.",
            "year",
        )


def _decided(days: Mapping[str, TakenDay | None], options: Options, where: Where) -> bool:
    """Say whether the day comes first; dates that tell nothing are no evidence."""
    ways = f"{options.say(dayfirst=True)} or {options.say(dayfirst=False)}"
    example = _examples(days)
    if "either" in example and not {"day", "month"} & example.keys():
        example = _told_elsewhere(where) | {"either": example["either"]}
    if {"day", "month"} <= example.keys():
        raise AmbiguousDateError(
            f'{where.table}: the dates of the column "{where.column}" can be read in two ways: the day comes first in '
            f'"{example["day"]}" and the month in "{example["month"]}". Say which is right, and the others are listed: '
            f"{ways}.",
            "dayfirst",
        )
    if "either" in example and not {"day", "month"} & example.keys():
        first, other = re.findall(r"\d+", example["either"])[:2]
        raise AmbiguousDateError(
            f'{where.table}: in the column "{where.column}", "{example["either"]}" can be day {int(first)} of month '
            f"{int(other)} or day {int(other)} of month {int(first)}, and no date of the file tells. "
            f"Say which: {ways}.",
            "dayfirst",
        )
    return "month" not in example


def _examples(days: Mapping[str, TakenDay | None]) -> dict[str, str]:
    return {day.order: text for text, day in reversed(list(days.items())) if day}


def _told_elsewhere(where: Where) -> dict[str, str]:
    """Look at the other dates of the file, those with a year: 8/20 may be a mark."""
    told: dict[str, str] = {}
    for column in where.others():
        values = column.unique(maintain_order=True).to_list()
        days = {value: day_of(value.strip()) for value in values}
        told = _examples({value: day for value, day in days.items() if day and day.year is not None}) | told
    return {order: text for order, text in told.items() if order in ("day", "month")}


def _why(text: str, day: TakenDay | None, options: Options, dayfirst: bool) -> str:
    """Say why a text is no date."""
    if NUMBER.fullmatch(text):
        counted = f"If it counts days as spreadsheets do, say so: {options.say(date_format='excel')}."
        return f'"{text}" is a number, not a date. {counted}'
    if day is None or day_of(text) is None:
        return f'"{text}" is not a date.'
    if day.year is None and options.year is None:
        return f'"{text}" has no year.'
    if day.year is not None and day.year not in YEARS:
        return f'"{text}" is in the year {day.year}.'
    order = "" if day.order == "settled" else f" where the {'day' if dayfirst else 'month'} is written first"
    return f'"{text}" is no day of the calendar{order}.'


def _formatted(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read dates in the form that the caller gave."""
    form = str(options.date_format)
    counted = form in (*_EPOCHS, "unix")
    if not counted and not _WITH_YEAR.search(form) and options.year is None:
        raise AmbiguousDateError(
            f'{where.table}: the date format "{form}" of the column "{where.column}" has no year. '
            f"Say which it is: {options.say(year=2026)}.",
            "year",
        )
    values = texts.unique().to_list()
    read = [(_counted if counted else _strptime)(value.strip(), form, options) for value in values]
    schema = pl.Schema({"text": pl.String(), "time": pl.Datetime("us"), "why": pl.String(), "remark": pl.String()})
    known = pl.DataFrame([(value, *one) for value, one in zip(values, read, strict=True)], schema, orient="row")
    return texts.alias("text").to_frame().join(known, on="text", how="left", maintain_order="left").drop("text")


def _checked(value: str, time: datetime, remark: str | None = None) -> Read:
    if time.year not in YEARS:
        return Read(why=f'"{value}" is in the year {time.year}.')
    return Read(time, remark=remark)


def _counted(value: str, form: str, options: Options) -> Read:
    if not NUMBER.fullmatch(value):
        return Read(why=f'"{value}" is no number, as the date format "{form}" has it.')
    number = float(value.replace(",", "."))
    try:
        if form == "unix":
            moment = datetime.fromtimestamp(number, UTC).astimezone(ZoneInfo(options.tz)).replace(tzinfo=None)
            return _checked(value, moment)
        if form == "excel" and number < _LEAP_BUG:
            return Read(why=f'"{value}" is in the year 1900.')
        return _checked(value, _EPOCHS[form] + timedelta(milliseconds=round(number * 86_400_000)))
    except (OverflowError, ValueError, OSError):
        return Read(why=f'"{value}" is too large for a date.')


def _strptime(value: str, form: str, options: Options) -> Read:
    yearless = not _WITH_YEAR.search(form)
    try:
        moment = datetime.strptime(f"{options.year} {value}" if yearless else value, f"%Y {form}" if yearless else form)
    except ValueError:
        return Read(why=f'"{value}" is not written as {form}.')
    remark = None
    if _TOUCHING.search(form) and (full := moment.strftime(form)) != value:
        remark = f'"{value}" was read as {moment:%Y-%m-%d}; written in full that is "{full}".'
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(options.tz)).replace(tzinfo=None)
    return _checked(value, moment, remark)


YEARS = range(1900, 2200)
"""The years that a log can be of: anything else is a slip."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LONG = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "sept",
)  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)

_ZONE = r"(?:\s*(?:(?:utc|gmt)(?=[+-]))?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}|(?<=utc|gmt)[+-]\d(?::\d{2})?))?"

CLOCK_BEGINS = r"^(.*?)(?:[\s,]+(?:at\s+)?|T)(\d{1,2}[:.]\d\d.*)$"
"""What stands before a time of day, and from where on that stands; for Python and for Polars."""

_CLOCK_AND_ZONE = re.compile(_CLOCK + _ZONE, re.IGNORECASE | re.ASCII)

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"

_MONTH = r"(?P<month>[a-z]{3,9})\.?"

_NUMBERED = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

_YEAR = r"(?P<year>\d{4}|\d{2})"

_SHAPES = tuple(
    re.compile(_WEEKDAY + shape, re.IGNORECASE | re.ASCII)
    for shape in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<other>\d{{1,2}})(?:(?P=sep){_YEAR})?",
        rf"{_NUMBERED}[\s./-]+(?:of\s+)?{_MONTH}(?:[\s,./-]+{_YEAR})?",
        rf"{_MONTH}[\s./-]+{_NUMBERED}(?:[\s,./-]+{_YEAR})?",
    )
)

NUMBER = re.compile(r"\d+([.,]\d+)?")
"""What may count days or seconds, and is no date as people write one."""


@dataclass(frozen=True)
class Clock:
    """A time of day taken apart: the time since midnight, and what it is ahead of UTC where a zone is written."""

    since: timedelta = timedelta()
    offset: timedelta | None = None


def looks_like_date(text: str) -> bool:
    """Tell whether a text is written as a date, whatever day it may be.

    Examples
    --------
    >>> looks_like_date("3/8"), looks_like_date("Monday 3 Aug"), looks_like_date("0.5")
    (True, True, False)
    """
    return bool(text) and day_of(text.strip()) is not None and NUMBER.fullmatch(text.strip()) is None


def day_of(text: str) -> TakenDay | None:
    """Return the day of a date; None where it is no date or its time of day is none."""
    between = re.fullmatch(CLOCK_BEGINS, text)
    if between is None:
        return take_day(text)
    return take_day(between[1]) if take_clock(between[2]) else None


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
    parts = _CLOCK_AND_ZONE.fullmatch(text)
    if parts is None:
        return None
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    if half := parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
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
