"""Where learners stood on goals at some moments, looked up in events in memory that lie in order."""

from typing import Any

import numpy as np
import polars as pl

from .status import SPELL

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

CLOSING = ("met", "dropped")
"""Who does this at a moment still had the goal open as it came."""


def stood(events: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return how learners stood as moments came: after all events before, and those of the moment but for `CLOSING`.

    Parameters
    ----------
    events : polars.DataFrame
        `learner_id, goal_id, instant, event, status_code, school_day`, in the order of their spells.
    asked : polars.DataFrame
        `learner_id, goal_id, instant`; the ids are of the same `Enum` as those of the events.

    Returns
    -------
    polars.DataFrame
        A row for each that is asked: `status_code`, missing where there was no event yet; `met_day`, the school day
        on which the goal was last met before; `met_now`, 1 where it was met at the moment itself, else 0.
    """
    begin, end = _spells(events, asked)
    instant, moment = events["instant"].to_numpy(), asked["instant"].to_numpy()
    before = _places(instant, moment, begin, end, equal=False)
    upto = _places(instant, moment, before, end, equal=True)
    met = _latest(events["event"] == "met")
    open_now = _latest(~events["event"].is_in(CLOSING))[upto]
    last = np.where(open_now > before, open_now, before)
    met_before = met[before]
    told = {"status_code": (last, last > begin), "met_day": (met_before, met_before > begin)}
    columns = {"status_code": events["status_code"], "met_day": events["school_day"]}
    found = {name: columns[name].gather(_or_none(place - 1, known)) for name, (place, known) in told.items()}
    return pl.DataFrame(found).with_columns(met_now=pl.Series((met[upto] > before).astype(np.int64)))


def _spells(events: pl.DataFrame, asked: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """Return where the events of each learner and goal that is asked for begin and end."""
    goals = max(frame.select(pl.col("goal_id").to_physical().max()).item() or 0 for frame in (events, asked)) + 1
    keys, wanted = (
        frame.select(pl.col(SPELL[0]).to_physical().cast(pl.Int64) * goals + pl.col(SPELL[1]).to_physical())
        .to_series()
        .to_numpy()
        for frame in (events, asked)
    )
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    number = np.searchsorted(keys[begins], wanted)
    edges = np.append(begins, len(keys))
    here = np.append(keys[begins], -1)[number] == wanted
    begin = np.where(here, edges[number], 0)
    return begin, np.where(here, edges[np.minimum(number + 1, len(begins))], begin)


def _places(instant: Numbers, moment: Numbers, low: Numbers, high: Numbers, *, equal: bool) -> Numbers:
    """Return behind which event of each spell a moment comes: the first that is later, or, if not `equal`, not earlier.

    All are halved at once: there are as many steps as the longest spell has halves.
    """
    low, high = low.copy(), high.copy()
    while (searching := low < high).any():
        middle = (low + high) // 2
        there = instant[np.minimum(middle, len(instant) - 1)]
        earlier = searching & ((there <= moment) if equal else (there < moment))
        low = np.where(earlier, middle + 1, low)
        high = np.where(searching & ~earlier, middle, high)
    return low


def _latest(flags: pl.Series) -> Numbers:
    """Return for each number of rows the place, from 1, of the last of them with a flag; 0 where there is none."""
    places = np.arange(1, len(flags) + 1)
    return np.append(0, np.maximum.accumulate(np.where(flags.to_numpy(), places, 0)))


def _or_none(places: Numbers, known: Any) -> pl.Series:
    return pl.Series(places).set(pl.Series(~known), None)
