"""Dates and times as people write them; what can be read in two ways is decided from all dates of a file, or asked.

Nothing is guessed: a date that cannot be read is named, with the reason.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from ....errors import AmbiguousDateError
from ....language import gettext, ngettext, number_in_words
from ...options import Options
from .moments import CLOCK_BEGINS, YEARS, TakenDay, beginning_of, day_of, take_clock, take_day
from .month_names import months_in_english
from .numbers import COUNTED, NUMBER, Form, counted_to, forms_of

_FORMS = (
    ("%Y-%m-%d", 10),
    ("%Y-%m-%d %H:%M:%S", 19),
    ("%Y-%m-%dT%H:%M:%S", 19),
    ("%Y-%m-%d %H:%M", 16),
    ("%Y-%m-%d %H:%M:%S%.f", 26),
    ("%Y-%m-%dT%H:%M:%S%.f", 26),
)

SWAPPED = "swapped"
"""The date format of a column in which a spreadsheet took the month for the day wherever it could."""

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
    """Read a column of dates: `time`, `why` a text is no date, and a `remark` on one that was read; one row a text.

    `iso` tells whether it is written as programs do.

    Raises AmbiguousDateError if 03/04 can be read in two ways and no date of the file tells, or no date has a year; if
    all are numbers, or a spreadsheet seems to have swapped day and month.

    >>> texts = pl.Series(["03/04/2026", "25/03/2026, 9:15 am", "31/04/2026", ""])
    >>> read_dates(texts, Options(), Where("log.csv", "date"))["time"].to_list()
    [datetime.datetime(2026, 4, 3, 0, 0), datetime.datetime(2026, 3, 25, 9, 15), None, None]
    """
    read = _read(texts, options, where)
    left_out = _left_out_by_the_clock(read["time"], options.tz)
    if not left_out.any():
        return read
    text = gettext(
        "The clock never showed this in {tz}: on that day it was put forward. It was read as it is written.",
        tz=options.tz,
    )
    return read.with_columns(remark=pl.when(left_out).then(pl.lit(text)).otherwise("remark"))


def zoned_in(texts: pl.Series, iso: pl.Series, options: Options) -> pl.Series:
    """Tell which dates carry a zone; seconds since 1970 are of UTC, and what is `iso`, as programs write, carries none.

    >>> texts = pl.Series(["2026-07-20T09:15:00Z", "20/7/2026 9:15 am GMT+12", "2026-07-20"])
    >>> zoned_in(texts, pl.Series([False, False, True]), Options()).to_list()
    [True, True, False]
    """
    form = options.date_format
    if form is not None:
        return pl.Series([form == "unix" or "%z" in form]).new_from_index(0, len(texts)) & (texts != "")
    return ~iso if iso.all() else ~iso & texts.str.contains(_CARRIES_ZONE)


_CARRIES_ZONE = r"(?i)\d:\d\d(?:[:.,]\d+)*\s*(?:[ap]\.?m\.?)?\s*(?:z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?|utc|gmt)\s*$"


def _left_out_by_the_clock(times: pl.Series, tz: str) -> pl.Series:
    """Say which times do not exist in a zone; a midnight may be a day without a time."""
    if tz == "UTC":
        return pl.Series([False]).new_from_index(0, len(times))
    zoned = times.dt.replace_time_zone(tz, ambiguous="earliest", non_existent="null")
    return zoned.is_null() & times.is_not_null() & (times.dt.time() != time(0))


def _read(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    own = options.date_format in (None, SWAPPED, *COUNTED)
    time = _plain_iso(texts) if own else _no_times(len(texts))
    read = time.to_frame("time").with_columns(
        iso=pl.col("time").is_not_null(), why=pl.lit(None, pl.String), remark=pl.lit(None, pl.String)
    )
    if options.date_format == SWAPPED:
        time = _turned_back(time)
        read = read.with_columns(time=time)
    rows = time.is_null().arg_true()
    left = texts.gather(rows).str.strip_chars()
    if not (filled := left != "").any():
        return read
    rest = (_beside if own else _formatted)(left.filter(filled), time.drop_nulls(), options, where)
    parts = read.with_row_index("n"), rest.with_columns(n=rows.filter(filled))
    return parts[0].update(parts[1], on="n").drop("n")


def _beside(texts: pl.Series, plain: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read what is not written as programs do, numbers apart from what people write."""
    numbers = texts.str.contains(f"^(?:{NUMBER.pattern})$")
    if options.date_format is None and not numbers.any():
        _refuse_swapped(texts, plain, options, where)
    if not numbers.any():
        return _written(texts, options, where)
    if options.date_format in COUNTED:
        read = _formatted(texts.filter(numbers), plain, options, where)
        rest = replace(options, date_format=None)
    else:
        people = _written(texts.filter(~numbers), options, where) if not numbers.all() else None
        dates = plain if people is None else pl.concat([plain, people["time"].drop_nulls()])
        read, rest = _numbers(texts.filter(numbers), dates, options, where), options
    if numbers.all():
        return read
    parts = [(read, numbers.arg_true()), (_written(texts.filter(~numbers), rest, where), (~numbers).arg_true())]
    return pl.concat([part.with_columns(n=rows) for part, rows in parts]).sort("n").drop("n")


def _numbers(texts: pl.Series, dates: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read numbers beside dates as the one form in which they are of the same time; ask where there are no dates."""
    values = texts.unique(maintain_order=True).to_list()
    forms = forms_of(values, options.tz)
    if dates.is_empty() and forms:
        raise AmbiguousDateError(_which_form(values[0], forms, options, where), "date_format")
    near = [form for form in forms if form.has_year and _of_the_same_time(form, dates)]
    if len(near) != 1:
        return _written(texts, options, where)
    times = [near[0].times.get(text) for text in texts]
    read = pl.DataFrame({"time": times}, schema={"time": pl.Datetime("us")})
    why = [None if when else _why(text, None, options, dayfirst=True) for text, when in zip(texts, times, strict=True)]
    remarks: list[str | None] = [None] * len(texts)
    first = next(n for n, when in enumerate(times) if when)
    remarks[first] = ngettext(
        "One of the dates of this column is a number. It was read as {said}: the other dates are of the same time.",
        "{number} of the dates of this column are numbers. They were read as {said}: the other "
        "dates are of the same time.",
        len(texts),
        number=number_in_words(len(texts)),
        said=near[0].said,
    )
    return read.with_columns(why=pl.Series(why, dtype=pl.String), remark=pl.Series(remarks, dtype=pl.String))


def _of_the_same_time(form: Form, dates: pl.Series) -> bool:
    first, last = dates.min(), dates.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return False
    begins, ends = form.span
    return (first.date() - begins).days <= _NEAR and (ends - last.date()).days <= _NEAR


_NEAR = 366
"""How many days numbers may be before or after the dates beside them."""


def _which_form(example: str, forms: list[Form], options: Options, where: Where) -> str:
    """Ask what the numbers of a column are: the forms that they can have, each with the span that it gives."""
    offered = [form for form in forms if form.plausible][:3] or forms[:2]
    ways = [
        gettext("They may be {said}; if so, say so: {option}.", said=form.said, option=options.say(**form.arguments))
        for form in offered
    ]
    yearless = [gettext("Say the right year.")] if not all(form.has_year for form in offered) else []
    text = gettext(
        '{table}: the dates of the column "{column}" are numbers such as "{example}".',
        table=where.table,
        column=where.column,
        example=example,
    )
    return " ".join([text, *ways, *yearless])


def _refuse_swapped(texts: pl.Series, plain: pl.Series, options: Options, where: Where) -> None:
    """Ask where date cells all have a day that may be a month, and text dates in the same column none such.

    That is the trace of a spreadsheet that took the day for the month wherever there is such a month.
    """
    if options.dayfirst is not None or plain.is_empty() or (plain.dt.day() > 12).any():
        return
    parts = (
        texts.unique(maintain_order=True)
        .to_frame("text")
        .select(pl.coalesce(pl.col("text").str.extract(CLOCK_BEGINS, 1), "text"))
    )
    days = _days(parts["text"].to_list())
    known = [(text, day) for text, day in days.items() if day and day.year is not None]
    if not known or any(day.order not in ("day", "month") for _, day in known):
        return
    written = [moment for _, day in known if (moment := beginning_of(day, None, day.order == "day"))]
    as_is, turned = (_span([*times.to_list(), *written]) for times in (plain, _turned_back(plain)))
    many = min(plain.dt.date().n_unique(), len(known)) >= _SURE
    if not many and turned[1] - turned[0] >= as_is[1] - as_is[0]:
        return
    raise AmbiguousDateError(
        gettext(
            '{table}: in the column "{column}" the date cells all have a day up to 12, such as '
            '{plain}, and the dates written as text all a later one, such as "{known}". That is the '
            "trace of a spreadsheet that swapped day and month wherever it could. To turn them back "
            "({turned} to {turned_last}): {option}. To read them as they are ({as_is} to {as_is_last}): "
            "{other_option}.",
            table=where.table,
            column=where.column,
            plain=f"{plain[0]:%Y-%m-%d}",
            known=known[0][0],
            turned=turned[0],
            turned_last=turned[1],
            option=options.say(date_format=SWAPPED),
            as_is=as_is[0],
            as_is_last=as_is[1],
            other_option=options.say(dayfirst=known[0][1].order == "day"),
        ),
        "date_format",
    )


_SURE = 3
"""How many days of either sort are too many to be so by chance."""


def _span(times: list[datetime]) -> tuple[date, date]:
    return min(times).date(), max(times).date()


def _turned_back(times: pl.Series) -> pl.Series:
    """Swap day and month where that gives a date."""
    frame = times.alias("t").to_frame()
    t = pl.col("t")
    turned = pl.datetime(t.dt.year(), t.dt.day(), t.dt.month()) + (t - t.dt.truncate("1d"))
    swapped = pl.when(t.dt.day() <= 12).then(turned).otherwise(t)
    return frame.select(swapped.cast(pl.Datetime("us")).alias("t"))["t"]


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
        if not time.null_count():
            break
    slips = (time < datetime(YEARS[0], 1, 1)) | (time >= datetime(YEARS[-1] + 1, 1, 1))
    return time.set(slips, None) if slips.any() else time


def _written(texts: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read dates as people write them; the days and the times of day are few, and each is taken apart once."""
    split = pl.col("text").str.extract(CLOCK_BEGINS, 1), pl.col("text").str.extract(CLOCK_BEGINS, 2)
    rows = texts.alias("text").to_frame().select("text", day=pl.coalesce(split[0], "text"), clock=split[1])
    days = _days(rows["day"].unique(maintain_order=True).to_list())
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


def _days(texts: Iterable[str]) -> dict[str, TakenDay | None]:
    """Take days apart, those in other languages together: one date may tell what the next is written in."""
    days = {text: take_day(text) for text in texts}
    said = months_in_english([text for text, day in days.items() if day is None])
    return days | {text: take_day(english) for text, english in said.items()}


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


def _require_a_year(days: Mapping[str, TakenDay | None], options: Options, where: Where) -> None:
    known = {text: day for text, day in days.items() if day}
    if known and options.year is None and all(day.year is None for day in known.values()):
        raise AmbiguousDateError(
            gettext(
                '{table}: the dates of the column "{column}" have no year, such as "{date}". Say which '
                "it is: {option}.",
                table=where.table,
                column=where.column,
                date=next(iter(known)),
                option=options.say(year=2026),
            ),
            "year",
        )


def _decided(days: Mapping[str, TakenDay | None], options: Options, where: Where) -> bool:
    """Say whether the day comes first; dates that tell nothing are no evidence."""
    ways = gettext("{one} or {other}", one=options.say(dayfirst=True), other=options.say(dayfirst=False))
    example = _examples(days)
    if "either" in example and not {"day", "month"} & example.keys():
        example = _told_elsewhere(where) | {"either": example["either"]}
    if {"day", "month"} <= example.keys():
        raise AmbiguousDateError(
            gettext(
                '{table}: the dates of the column "{column}" can be read in two ways: the day comes '
                'first in "{day}" and the month in "{month}". Say which is right, and the others '
                "are listed: {ways}.",
                table=where.table,
                column=where.column,
                day=example["day"],
                month=example["month"],
                ways=ways,
            ),
            "dayfirst",
        )
    if "either" in example and not {"day", "month"} & example.keys():
        first, other = re.findall(r"\d+", example["either"])[:2]
        raise AmbiguousDateError(
            gettext(
                '{table}: in the column "{column}", "{example}" can be day {first} of month {other} or day '
                "{other} of month {first}, and no date of the file tells. Say which: {ways}.",
                table=where.table,
                column=where.column,
                example=example["either"],
                first=int(first),
                other=int(other),
                ways=ways,
            ),
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
        return gettext('"{text}" is a number, not a date: nothing beside it tells what it counts.', text=text)
    if day is None or day_of(text) is None:
        return gettext('"{text}" is not a date.', text=text)
    if day.year is None and options.year is None:
        return gettext('"{text}" has no year.', text=text)
    if day.year is not None and day.year not in YEARS:
        return gettext('"{text}" is in the year {year}.', text=text, year=day.year)
    if day.order == "settled":
        return gettext('"{text}" is no day of the calendar.', text=text)
    if dayfirst:
        return gettext('"{text}" is no day of the calendar where the day is written first.', text=text)
    return gettext('"{text}" is no day of the calendar where the month is written first.', text=text)


def _formatted(texts: pl.Series, _: pl.Series, options: Options, where: Where) -> pl.DataFrame:
    """Read dates in the form that the caller gave."""
    form = str(options.date_format)
    counts = form in COUNTED
    if not counts and not _WITH_YEAR.search(form) and options.year is None:
        raise AmbiguousDateError(
            gettext(
                '{table}: the date format "{form}" of the column "{column}" has no year. Say which it is: {option}.',
                table=where.table,
                form=form,
                column=where.column,
                option=options.say(year=2026),
            ),
            "year",
        )
    values = texts.unique().to_list()
    read = [(_counted if counts else _strptime)(value.strip(), form, options) for value in values]
    schema = pl.Schema({"text": pl.String(), "time": pl.Datetime("us"), "why": pl.String(), "remark": pl.String()})
    known = pl.DataFrame([(value, *one) for value, one in zip(values, read, strict=True)], schema, orient="row")
    return texts.alias("text").to_frame().join(known, on="text", how="left", maintain_order="left").drop("text")


def _checked(value: str, time: datetime, remark: str | None = None) -> Read:
    if time.year not in YEARS:
        return Read(why=gettext('"{value}" is in the year {year}.', value=value, year=time.year))
    return Read(time, remark=remark)


def _counted(value: str, form: str, options: Options) -> Read:
    try:
        return _checked(value, counted_to(value, form, options.tz))
    except (OverflowError, ValueError, OSError):
        return Read(why=gettext('"{value}" counts to no day of the calendar as "{form}".', value=value, form=form))


def _strptime(value: str, form: str, options: Options) -> Read:
    yearless = not _WITH_YEAR.search(form)
    try:
        moment = datetime.strptime(f"{options.year} {value}" if yearless else value, f"%Y {form}" if yearless else form)
    except ValueError:
        return Read(why=gettext('"{value}" is not written as {form}.', value=value, form=form))
    remark = None
    if _TOUCHING.search(form) and (full := moment.strftime(form)) != value:
        remark = gettext(
            '"{value}" was read as {moment}; written in full that is "{full}".',
            value=value,
            moment=f"{moment:%Y-%m-%d}",
            full=full,
        )
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(options.tz)).replace(tzinfo=None)
    return _checked(value, moment, remark)


def carried_down(times: pl.Series, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Put the day above into each row whose cell is blank, and say which rows these are.

    Below what is no date nothing is carried on: it may be of any day.

    >>> texts = pl.Series(["20/07", "", "soon", ""])
    >>> times, carried = carried_down(pl.Series([datetime(2026, 7, 20), None, None, None]), texts)
    >>> times.is_not_null().to_list(), carried.to_list()
    ([True, True, False, False], [False, True, False, False])
    """
    if not ((texts < "!") | (texts >= "\x80")).any():  # nothing is empty, or begins with a blank
        return times, pl.Series([False]).new_from_index(0, len(texts))
    blank = texts.str.strip_chars() == ""
    above = pl.int_range(len(texts), eager=True).set(blank, None).forward_fill()
    carried = times.gather(above).dt.truncate("1d")
    return carried.zip_with(blank, times), blank & carried.is_not_null()
