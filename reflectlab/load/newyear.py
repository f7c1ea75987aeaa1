"""Dates without a year in a log that runs over New Year: one year cannot be right for all of them."""

from collections.abc import Callable, Iterable

import polars as pl

from ..errors import AmbiguousDateError
from .dateparts import CLOCK_BEGINS, take_day
from .raw import ROW
from .screening import Screen

_LARGE = 183
"""A step of more days than this, against the order of the rows, is from one year into the next."""


def times_in_order(screen: Screen, others: Callable[[], Iterable[pl.Series]]) -> None:
    """Read the times of a log whose rows stand in order of time, the newest first or the oldest.

    Parameters
    ----------
    screen : Screen
        With `time`.
    others : callable
        See `Screen.times`.

    Raises
    ------
    AmbiguousDateError
        If the year was given, and the rows are in order but for steps over New Year.
    """
    screen.frame = screen.frame.with_columns(_written=pl.col("time").str.strip_chars())
    screen.times("time", others)
    if screen.options.year is not None:
        _refuse_new_year(screen)
    screen.frame = screen.frame.drop("_written")


def _refuse_new_year(screen: Screen) -> None:
    day = pl.coalesce(pl.col("_written").str.extract(CLOCK_BEGINS, 1), "_written")
    dated = screen.frame.select(ROW, "_written", "time", day=day)
    read = {text: take_day(text) for text in dated["day"].unique().to_list()}
    yearless = dated.filter(pl.col("day").is_in([text for text, one in read.items() if one and one.year is None]))
    days = pl.col("time").diff().dt.total_seconds() / 86_400
    steps = yearless.with_columns(step=days, last=pl.col("_written").shift())
    sign = 1 if (steps["step"] > 0).sum() > (steps["step"] < 0).sum() else -1
    against = steps.filter(pl.col("step") * sign < 0)
    over = against.filter(pl.col("step").abs() > _LARGE)
    if over.is_empty() or over.height < against.height:
        return
    row, written, last = over.select(ROW, "_written", "last").row(0)
    raise AmbiguousDateError(
        f'{screen.raw}: the dates have no year and run over New Year, from "{last}" to "{written}" (row {row}): '
        "one year cannot be right for all of them. Cut the file there, and write the year into the dates of one part."
    )
