"""When each goal was first set, started, met: one row a learner and goal, which tells any earlier day as well."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals as nw

from .frames import differs
from .status import SPELL

if TYPE_CHECKING:
    import polars as pl

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

_CHOICES = 4
"""Above it the position of an event, below it who chose."""


def firsts(events: nw.LazyFrame, keys: Sequence[str] = SPELL, *, held: bool) -> nw.LazyFrame:
    """Return the first event of each kind, for each of `keys`, of events with statuses; `held` are those in memory.

    Returns
    -------
    narwhals.LazyFrame
        `keys`; `first_on, first_day`, of the first event of all, and `first_row`, the least row of its instant; for
        each of `EVENTS_OF` `*_on`, `*_day`, `*_at` (the position) and `*_row`, missing where there is none;
        `chosen`, by whom the goal was set, one of `CHOOSERS` or 0.

    Notes
    -----
    Since events lie in the order of time, what was known by a day is what of these is not after it.
    """
    named = events.with_columns(chosen=nw.col("chosen_by").replace_strict(CHOOSERS, default=0, return_dtype=nw.Int64))
    return _of_neighbours(named, keys) if held else _of_groups(named, keys)


def _of_neighbours(events: nw.LazyFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """Take the first row of each on Polars, where the rows lie in order: each of `keys` has a number."""
    import polars as pl

    begins = differs(keys)
    rows = events.to_native().select(*keys, "instant", "event", "chosen", *_TOLD.values())
    rows = rows.with_columns(_n=begins.cum_sum(), _at=pl.int_range(pl.len(), dtype=pl.Int64)).collect()
    first = rows.select(*keys, "_n", "instant", first_on="time", first_day="school_day").filter(begins)
    told = first.drop("instant").with_columns(_least_rows(rows.select("_n", "instant", "row"), first["instant"]))
    for kind, of in EVENTS_OF.items():
        of_kind = rows.select("_n", "_at", is_one=pl.col("event").is_in(of)).filter("is_one").filter(differs(["_n"]))
        at = told.select("_n").join(of_kind, on="_n", how="left", maintain_order="left")["_at"]
        columns = {f"{kind}_{what}": rows[name].gather(at) for what, name in _TOLD.items()}
        told = told.with_columns(**columns, **({"chosen": rows["chosen"].gather(at)} if kind == "set" else {}))
    found: nw.LazyFrame = nw.from_native(told.drop("_n").lazy())
    return found


def _least_rows(rows: "pl.DataFrame", opening: "pl.Series") -> "pl.Series":
    """Return the least row of the first instant of each number."""
    import polars as pl

    there = rows.filter(pl.col("instant") == opening.gather(rows["_n"] - 1))
    if there.height > opening.len():
        there = there.group_by("_n").agg(pl.col("row").min()).sort("_n")
    return there["row"].alias("first_row")


def _of_groups(events: nw.LazyFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """Do the same by groups: what is first of one kind is so in time, in school days and in position."""
    place = nw.col("position")
    placed = events.with_columns(_row=place * _ROWS + nw.col("row"), _chosen=place * _CHOICES + nw.col("chosen"))
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
        _first=nw.col("instant").min(),
    )
    instants = placed.group_by(*keys, "instant").agg(first_row=nw.col("row").min())
    earliest = instants.rename({"instant": "_first"})
    told = mins.join(earliest, on=[*keys, "_first"], how="left").drop("_first")
    rows = {f"{kind}_row": nw.col(f"{kind}_row") % _ROWS for kind in EVENTS_OF}
    return told.with_columns(chosen=nw.col("chosen") % _CHOICES, **rows)
