"""Dates without a year that run over New Year cannot have one year."""

import polars as pl

from ....errors import AmbiguousDateError
from ....language import gettext
from ...files.raw import ROW
from .moments import CLOCK_BEGINS, take_day

_LARGE = 183
"""A step of more days than this is from one year into the next."""


def refuse_new_year(times: pl.DataFrame, table: str, *, by_hand: bool) -> None:
    """Look at the times of a log whose rows stand in order of time, the newest first or the oldest: `written`, `time`.

    In one that is kept `by_hand` they may stand in another order.

    Raises AmbiguousDateError if the rows are in order but for steps over New Year; by hand, if they are of one winter.
    """
    yearless = _without_year(times)
    days = pl.col("time").diff().dt.total_seconds() / 86_400
    steps = yearless.with_columns(step=days, last=pl.col("written").shift())
    small, large = steps.filter(pl.col("step").abs() <= _LARGE)["step"], steps.filter(pl.col("step").abs() > _LARGE)
    on, back = int((small > 0).sum()), int((small < 0).sum())
    to_and_fro = large.select(pl.col("step").sign().n_unique()).item() > 1
    if on != back:  # a large step in the direction of the others skips some months
        large = large.filter((pl.col("step") > 0) == (on < back))
    if large.is_empty() or (to_and_fro if by_hand else on == back or min(on, back)):
        return
    if by_hand and not _is_one_winter(yearless["time"]):
        return
    row, written, last = large.select(ROW, "written", "last").row(0)
    raise AmbiguousDateError(
        gettext(
            '{raw}: the dates have no year and run over New Year, from "{last}" to "{written}" (row {row}): one year '
            "cannot be right for all of them. Write the year into the dates.",
            raw=table,
            last=last,
            written=written,
            row=row,
        )
    )


def refuse_due_long_before(days: pl.DataFrame, table: str) -> None:
    """Look at the days due of a log, `written` and `due`, beside the times of their rows, `time`.

    Raises AmbiguousDateError if one that has no year would be more than half a year before its row.
    """
    long_before = pl.col("time") - pl.col("due") > pl.duration(days=_LARGE)
    for row, written in _without_year(days).filter(long_before).select(ROW, "written").head(1).iter_rows():
        raise AmbiguousDateError(
            gettext(
                '{raw}: the day due "{written}" has no year, and would be long before its row ({row}): it seems to be '
                "after New Year. Write the year into the dates.",
                raw=table,
                written=written,
                row=row,
            )
        )


def refuse_new_year_in_grid(times: pl.DataFrame, table: str) -> None:
    """Look at the times of a grid, whose days stand in no order: `written`, `time`.

    Raises AmbiguousDateError if the days without a year are those of one winter.
    """
    yearless = _without_year(times).drop_nulls("time").sort("time")
    if yearless.is_empty() or not _is_one_winter(yearless["time"]):
        return
    raise AmbiguousDateError(
        gettext(
            '{raw}: the dates have no year and seem to run over New Year, such as "{last}" and "{first}": one year '
            "cannot be right for both. Write the year into the dates.",
            raw=table,
            last=yearless["written"][-1],
            first=yearless["written"][0],
        )
    )


def _without_year(times: pl.DataFrame) -> pl.DataFrame:
    day = pl.coalesce(pl.col("written").str.extract(CLOCK_BEGINS, 1), "written")
    dated = times.with_columns(day=day)
    read = {text: take_day(text) for text in dated["day"].unique().to_list()}
    return dated.filter(pl.col("day").is_in([text for text, one in read.items() if one and one.year is None]))


_HOLIDAY = 60
"""The most days from the last date of a year to the first of the next, in what runs over New Year."""


def _is_one_winter(times: pl.Series) -> bool:
    """Tell whether days of one year leave a longer time blank within it than around New Year: they are of two years.

    >>> from datetime import datetime
    >>> _is_one_winter(pl.Series([datetime(2026, 12, 14), datetime(2026, 1, 20)]))
    True
    >>> _is_one_winter(pl.Series([datetime(2026, 12, 14), datetime(2026, 3, 2)]))
    False
    """
    days = times.dt.ordinal_day().unique().sort()
    around = 365 - int(days[-1]) + int(days[0])
    return around <= _HOLIDAY and max(days.diff().drop_nulls(), default=0) > around
