"""When each goal was first set, started, met: one row a learner and goal, which tells any earlier day as well."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from .frames import differs
from .status import SPELL

if TYPE_CHECKING:
    import polars as pl

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

BEGINNINGS = {"started": ("started",), "set": ("set",), "other": ("worked", "stuck", "reopened")}
"""The events that a goal begins with, the first kind that is noted counts."""

EVENTS_OF: Mapping[str, tuple[str, ...]] = {**BEGINNINGS, "met": ("met",), "dropped": ("dropped",)}
"""The kinds of event of which the first is told, and the events of each."""

CHOOSERS = {"learner": 1, "teacher": 2}
"""Who may have chosen, as a number; 0 where nobody noted it."""

_TOLD = {"on": "time", "day": "school_day", "at": "position", "row": "row"}
"""What is told of the first event of a kind, and of which column of the events."""

_ROWS = 2**32
"""Above it the position of an event, below it its row."""

_NO_ROW = 2**62

STATUS_CODES = 8
"""The place of an event in its spell, and where the goal stands after it, are one number: `position * CODES + code`."""

_CHOICES = 4
"""Above it the position of an event, below it who chose."""


def firsts(events: nw.LazyFrame, keys: Sequence[str] = SPELL, *, held: bool) -> nw.LazyFrame:
    """Return the first event of each kind, for each of `keys`, of events with statuses; `held` are those in memory.

    Returns
    -------
    narwhals.LazyFrame
        `keys`; `first_on, first_day`, of the first event of all, and `first_row`, the least row of its instant; for
        each of `EVENTS_OF` `*_on`, `*_day`, `*_at` (the position) and `*_row`, missing where there is none;
        `chosen`, by whom the goal was set, one of `CHOOSERS` or 0; `last_on, last_day` and `mark`, of the last event.

    Notes
    -----
    Since events lie in the order of time, what was known by a day is what of these is not after it.
    """
    return _of_neighbours(events, keys) if held else _of_groups(events, keys)


def _of_neighbours(events: nw.LazyFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """Do it on Polars, where the rows lie in order: find their places; what they tell is looked up when asked for."""
    import polars as pl

    columns = [*keys, "event", "chosen_by", "status_code", *_TOLD.values()]
    rows: pl.DataFrame = events.to_native().select(columns).collect()
    begins = rows.select(differs(keys)).to_series().to_numpy()
    number, opening = begins.cumsum(dtype=np.int32) - 1, np.flatnonzero(begins)
    places = {f"_{kind}": _first_places(rows["event"], of, number, len(opening)) for kind, of in EVENTS_OF.items()}
    places |= {"_first": pl.Series(opening), "_last": pl.Series(np.append(opening[1:], len(rows))[: len(opening)] - 1)}
    told = {
        f"{kind}_{what}": pl.lit(rows[name]).gather(f"_{kind}") for kind in EVENTS_OF for what, name in _TOLD.items()
    }
    told |= {
        f"{end}_{what}": pl.lit(rows[_TOLD[what]]).gather(f"_{end}")
        for end in ("first", "last")
        for what in ("on", "day")
    }
    position, code = (pl.lit(rows[name]).gather("_last") for name in ("position", "status_code"))
    chosen = pl.lit(rows["chosen_by"]).gather("_set").replace_strict(CHOOSERS, default=0, return_dtype=pl.Int64)
    told |= {"chosen": pl.when(pl.col("_set").is_not_null()).then(chosen), "mark": position * STATUS_CODES + code}
    spells = rows.select(keys)[opening].with_columns(first_row=_least_rows(rows, opening), **places)
    found: nw.LazyFrame = nw.from_native(spells.lazy().with_columns(**told).drop(*places))
    return found


def _first_places(event: "pl.Series", of: Sequence[str], number: "Numbers", spells: int) -> "pl.Series":
    """Return the place of the first of some events in each spell, missing where there is none."""
    import polars as pl

    at = np.flatnonzero(event.is_in(of).to_numpy())
    whose = number[at]
    first = np.flatnonzero(np.append(True, whose[1:] != whose[:-1])[: len(at)])
    found = np.full(spells, -1)
    found[whose[first]] = at[first]
    places = pl.Series(found)
    return places.set(places < 0, None)


def _least_rows(rows: "pl.DataFrame", opening: "Numbers") -> "pl.Series":
    """Return the least row of the first instant of each spell; what has no row comes last."""
    import polars as pl

    time, row = rows["time"].to_numpy(), rows["row"].fill_null(_NO_ROW).to_numpy()
    least, closing = row[opening], np.append(opening[1:], len(row))[: len(opening)]
    spell, at = np.arange(len(opening)), opening + 1  # most spells begin with one event: few are looked at further
    while len(spell):
        there = at < closing[spell]
        spell, at = spell[there], at[there]
        there = time[at] == time[opening[spell]]
        spell, at = spell[there], at[there]
        least[spell] = np.minimum(least[spell], row[at])
        at = at + 1
    found = pl.Series(least)
    return found.set(found == _NO_ROW, None)


def _of_groups(events: nw.LazyFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """Do the same by groups: what is first of one kind is so in time, in school days and in position."""
    place, chosen = nw.col("position"), nw.col("chosen_by").replace_strict(CHOOSERS, default=0, return_dtype=nw.Int64)
    placed = events.with_columns(
        _row=place * _ROWS + nw.col("row"),
        _chosen=place * _CHOICES + chosen,
        mark=place * STATUS_CODES + nw.col("status_code"),
    )
    of_kind = {kind: nw.col("event").is_in(of) for kind, of in EVENTS_OF.items()}
    taken = {"on": "time", "day": "school_day", "at": "position", "row": "_row"}
    marked = placed.with_columns(
        **{
            f"{kind}_{what}": nw.when(is_one).then(nw.col(name))
            for kind, is_one in of_kind.items()
            for what, name in taken.items()
        },
        chosen=nw.when(of_kind["set"]).then(nw.col("_chosen")),
    )
    names = [f"{kind}_{what}" for kind in EVENTS_OF for what in taken]
    mins = marked.group_by(*keys).agg(
        *(nw.col(name).min() for name in (*names, "chosen")),
        first_on=nw.col("time").min(),
        first_day=nw.col("school_day").min(),
        last_on=nw.col("time").max(),
        last_day=nw.col("school_day").max(),
        mark=nw.col("mark").max(),
        _first=nw.col("instant").min(),
    )
    instants = placed.group_by(*keys, "instant").agg(first_row=nw.col("row").min())
    earliest = instants.rename({"instant": "_first"})
    told = mins.join(earliest, on=[*keys, "_first"], how="left").drop("_first")
    rows = {f"{kind}_row": nw.col(f"{kind}_row") % _ROWS for kind in EVENTS_OF}
    return told.with_columns(chosen=nw.col("chosen") % _CHOICES, **rows)
