"""The words of a log, and where a goal stands after each event.

The rule is in the glossary of the package: the status of a learner on a goal is given by the last event that
changes it, and events of one instant apply in the order of `EVENTS`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals as nw

from ..schema import EVENTS, OPEN, STATUSES
from .frames import differs, ends

if TYPE_CHECKING:
    import polars as pl

SPELL = ["learner_id", "goal_id"]

ORDER = ["instant", "_rank", "row"]

# The status that each event gives, as its number in STATUSES, in the order of EVENTS: started, worked and reopened
# all give "working". A number, since engines can carry the largest of numbers forward and not the last of words.
_GIVES = dict(zip(EVENTS, (0, 1, 1, 2, 3, 1, 4), strict=True))

_MET = STATUSES.index("met")

CLOSED_CODES = [number for number, status in enumerate(STATUSES) if status not in OPEN]

RUNS = ("status", "status_code", "before", "position", "go", "start", "start_day", "stop", "stop_day")
"""The columns of `runs`, beside those of the spell."""

_PLACES = 2**32
"""Above it the number of a spell, below it the place of a row."""

# Less than any mark, so that a running maximum passes over it; not the least Int64, from which one more step overflows.
_BEFORE_ALL = -(2**62)


def with_statuses(events: nw.LazyFrame, *, held: bool) -> nw.LazyFrame:
    """Add to events where each goal stands after each, as `status`, and the order in which they apply as `position`.

    `instant` is a positive whole number that tells time; `held` tells whether the rows are in memory, by Polars. Also
    added: `status_code`, and `go`, which time at its goal an event belongs to, from 1: a further one begins where what
    was met or dropped is taken up again.

    Notes
    -----
    `started`, `worked` and `stuck` leave a goal that stands at met where it is; every other event gives its own
    status. So the status after an event needs only the last of those others: it is carried forward as the
    largest of `position * 8 + status`, which every engine can do with a running maximum.

    At one instant `reopened` comes last, but first where the goal stood at met before: then the order is settled
    by the last earlier instant that fixes the status whatever came before it.
    """
    ranked = _with_rank(_with_stood_at_met(events, held=held))
    ordered = _sorted_once(ranked, held=held) if ranked.implementation.is_polars() else _windowed(ranked)
    coded = ordered.drop("_stood", "_rank", "_gives", "_decisive")
    return with_status_words(coded) if held else coded.with_columns(status=status_word(nw.col("status_code")))


def with_status_words(events: nw.LazyFrame) -> nw.LazyFrame:
    """Add the word of each status where the rows are held: a number with a name, as their ids are."""
    import polars as pl

    words = pl.Series(STATUSES, dtype=pl.Enum(STATUSES))
    named: nw.LazyFrame = nw.from_native(events.to_native().with_columns(status=pl.lit(words).gather("status_code")))
    return named


def _windowed(ranked: nw.LazyFrame) -> nw.LazyFrame:
    counted = ranked.with_columns(_one=nw.lit(1)).with_columns(
        position=nw.col("_one").cum_sum().over(*SPELL, order_by=ORDER).cast(nw.Int64)
    )
    mark = nw.when(nw.col("_decisive")).then(nw.col("position") * 8 + nw.col("_gives")).otherwise(nw.lit(_BEFORE_ALL))
    last = counted.with_columns(_mark=mark).with_columns(
        _last=nw.col("_mark").cum_max().over(*SPELL, order_by="position")
    )
    stays = ~nw.col("_decisive") & (nw.col("_last") > 0) & (nw.col("_last") % 8 == _MET)
    code = nw.when(stays).then(nw.lit(_MET)).otherwise(nw.col("_gives"))
    coded = last.with_columns(status_code=code).with_columns(
        _before=nw.col("status_code").shift(1).over(*SPELL, order_by="position")
    )
    again = nw.col("_before").is_in(CLOSED_CODES) & ~nw.col("status_code").is_in(CLOSED_CODES)
    marked = coded.with_columns(_again=nw.when(again).then(nw.lit(1)).otherwise(nw.lit(0)))
    go = nw.col("_again").cum_sum().over(*SPELL, order_by="position").cast(nw.Int64) + 1
    return marked.with_columns(go=go).drop("_one", "_mark", "_last", "_before", "_again")


def _sorted_once(ranked: nw.LazyFrame, *, held: bool) -> nw.LazyFrame:
    """Do the same on Polars by one sort: what else needs an order looks at its neighbours, and is not sorted anew."""
    import polars as pl

    unsorted: pl.LazyFrame = ranked.to_native()
    rows = _in_order(unsorted.collect()).lazy() if held else unsorted.sort(*SPELL, *ORDER)
    first = pl.when(differs(SPELL)).then(pl.int_range(pl.len(), dtype=pl.Int64)).forward_fill()
    counted = rows.with_columns(_n=pl.int_range(pl.len(), dtype=pl.Int64), _first=first)
    last = pl.when("_decisive").then(pl.col("_n") * 8 + pl.col("_gives")).fill_null(-1).cum_max()
    stays = ~pl.col("_decisive") & (pl.col("_last") >= pl.col("_first") * 8) & (pl.col("_last") % 8 == _MET)
    told = counted.with_columns(_last=last).with_columns(
        position=pl.col("_n") - pl.col("_first") + 1,
        status_code=pl.when(stays).then(pl.lit(_MET)).otherwise("_gives").cast(pl.Int8),
    )
    closed = pl.col("status_code").is_in(CLOSED_CODES)
    again = ~closed & closed.shift(1, fill_value=False) & (pl.col("position") > 1)
    told = told.with_columns(_again=again.cum_sum().cast(pl.Int64))
    goes = told.with_columns(go=pl.col("_again") - pl.col("_again").gather("_first") + 1)
    settled: nw.LazyFrame = nw.from_native(goes.drop("_n", "_first", "_last", "_again"))
    return settled


def in_spells(events: nw.LazyFrame) -> nw.LazyFrame:
    """Return events of Polars, of which the ids are numbers, spell after spell; those of one in the order they had.

    They are sorted by one number, which is much quicker than by several columns.
    """
    import polars as pl

    rows: pl.DataFrame = events.to_native().collect()
    codes = rows.select(pl.col(name).to_physical().cast(pl.Int64) for name in SPELL)
    learner, goal = codes.get_columns()
    learners, goals = ((most or 0) + 1 for most in codes.max().row(0))
    if learners * goals > _PLACES // 2 or rows.height > _PLACES:  # more than one number can tell
        return events
    nth = pl.int_range(rows.height, dtype=pl.Int64, eager=True)
    place = ((learner * goals + goal) * _PLACES + nth).sort() & (_PLACES - 1)
    packed: nw.LazyFrame = nw.from_native(rows[place].lazy())
    return packed


def _in_order(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Sort by spell and as events apply, if the rows do not lie so, as those of most logs do within a spell."""
    order = [*SPELL, *ORDER]
    return rows.sort(order) if rows.select(_goes_back(order).any()).item() else rows


def _goes_back(columns: Sequence[str]) -> "pl.Expr":
    """Return whether a row of Polars is to come before the one before it."""
    import polars as pl

    first, *rest = (pl.col(name) for name in columns)
    back = first < first.shift(1)
    return back | ((first == first.shift(1)) & _goes_back(columns[1:])) if rest else back


def runs(events: nw.LazyFrame) -> nw.LazyFrame:
    """Return the unbroken statuses that events with statuses make, of the whole log.

    Returns
    -------
    narwhals.LazyFrame
        `learner_id, goal_id, status, status_code`; `before`, the code of the status left behind, missing for the
        first; `position` and `go` of the event that begins it; `start, start_day` and `stop, stop_day`, of the event
        that begins it and of the next one's, missing for the last.

    Notes
    -----
    What was superseded within one instant was never seen by anybody: only the last status of an instant counts. Since
    events lie in the order of time, whatever is true before a moment is told by the runs that begin before it.
    """
    found = _runs_of_neighbours(events) if events.implementation.is_polars() else _runs_of_windows(events)
    return found.select(*SPELL, *RUNS)


def _runs_of_neighbours(events: nw.LazyFrame) -> nw.LazyFrame:
    import polars as pl

    columns = [*SPELL, "status", "status_code", "position", "go", "instant", "time", "school_day"]
    rows = events.to_native().select(columns)
    settled = rows.filter(ends([*SPELL, "instant"]))
    first = differs(SPELL)
    before = pl.when(~first).then(pl.col("status_code").shift(1))
    begins = settled.with_columns(before=before).filter(first | (pl.col("before") != pl.col("status_code")))
    following = {
        name: pl.when(~ends(SPELL)).then(pl.col(of).shift(-1))
        for name, of in (("stop", "time"), ("stop_day", "school_day"))
    }
    told: nw.LazyFrame = nw.from_native(
        begins.with_columns(start=pl.col("time"), start_day=pl.col("school_day"), **following)
    )
    return told


def _runs_of_windows(events: nw.LazyFrame) -> nw.LazyFrame:
    last = nw.col("position").max().over(*SPELL, "instant")
    settled = events.with_columns(_last=last).filter(nw.col("position") == nw.col("_last"))
    before = nw.col("status_code").shift(1).over(*SPELL, order_by="position")
    begins = settled.with_columns(before=before)
    begins = begins.filter(nw.col("before").is_null() | (nw.col("before") != nw.col("status_code")))
    return begins.with_columns(
        start=nw.col("time"),
        start_day=nw.col("school_day"),
        stop=nw.col("time").shift(-1).over(*SPELL, order_by="position"),
        stop_day=nw.col("school_day").shift(-1).over(*SPELL, order_by="position"),
    )


def status_word(code: nw.Expr) -> nw.Expr:
    """Return the status that a code stands for; missing stays missing."""
    return code.replace_strict(dict(enumerate(STATUSES)), default=None, return_dtype=nw.String)


def _with_stood_at_met(events: nw.LazyFrame, *, held: bool) -> nw.LazyFrame:
    """Add `_stood`: whether the goal stood at met before, where something was reopened in an instant of several."""
    # To reopen is rare, and what follows is dear: only the spells in which it happens are looked at.
    few = events.select(*SPELL, "instant", "event")
    if held and not _reopened_with_others(few):
        return events.with_columns(_stood=nw.lit(False))
    reopened = few.filter(nw.col("event") == "reopened").select(*SPELL).unique()
    stood = _stood_before(few.join(reopened, on=SPELL, how="semi"))
    joined = events.join(stood, on=[*SPELL, "instant"], how="left")
    return joined.with_columns(nw.col("_stood").fill_null(False))


def _reopened_with_others(events: nw.LazyFrame) -> bool:
    """Tell whether something may have been reopened in an instant of several; rows out of order may always."""
    import polars as pl

    same = ~differs([*SPELL, "instant"])
    reopened = pl.col("event") == "reopened"
    beside = (reopened & (same | same.shift(-1, fill_value=False))) | _goes_back([*SPELL, "instant"])
    return bool(events.to_native().select(beside.any()).collect().item())


def _stood_before(events: nw.LazyFrame) -> nw.LazyFrame:
    """Return the instants of several events before which a goal stood at met: their keys, and `_stood`."""
    has = {event: (nw.col("event") == event).cast(nw.Int64) for event in EVENTS}
    instants = events.group_by(*SPELL, "instant").agg(
        _met=has["met"].max(),
        _reopened=has["reopened"].max(),
        _set=has["set"].max(),
        _dropped=has["dropped"].max(),
        _several=nw.len(),
    )
    met, reopened, set_, dropped = (nw.col(f"_{event}") == 1 for event in ("met", "reopened", "set", "dropped"))
    # Some instants fix whether the goal stands at met after them, whatever it stood at before. `met` and `reopened`
    # together do not: which of the two comes last depends on what was before.
    closes = dropped | (reopened & ~met) | (set_ & ~met)
    fixes = nw.when(closes).then(nw.lit(0)).otherwise(nw.when(met & ~reopened).then(nw.lit(1)))
    marked = instants.with_columns(_mark=nw.col("instant") * 2 + fixes)
    known = marked.with_columns(_mark=nw.col("_mark").fill_null(_BEFORE_ALL)).with_columns(
        _before=nw.col("_mark").cum_max().over(*SPELL, order_by="instant")
    )
    earlier = known.with_columns(_before=nw.col("_before").shift(1).over(*SPELL, order_by="instant"))
    stood = (nw.col("_before").fill_null(0) > 0) & (nw.col("_before").fill_null(0) % 2 == 1)
    return earlier.filter(stood & (nw.col("_several") > 1)).select(*SPELL, "instant", _stood=nw.lit(True))


def _with_rank(events: nw.LazyFrame) -> nw.LazyFrame:
    """Add the rank of an event within its instant, the status that it gives, and whether it gives it in any case."""
    ranks = {event: number for number, event in enumerate(EVENTS, start=1)}
    numbered = _numbered(_numbered(events, "_rank", ranks), "_gives", _GIVES)
    # Only what stood at met can be reopened: where it did before this instant, `reopened` begins the instant.
    first = (nw.col("event") == "reopened") & nw.col("_stood")
    return numbered.with_columns(
        _rank=nw.when(first).then(nw.lit(0)).otherwise(nw.col("_rank")),
        _decisive=nw.col("event").is_in(["set", "met", "reopened", "dropped"]),
    )


def _numbered(events: nw.LazyFrame, name: str, numbers: Mapping[str, int]) -> nw.LazyFrame:
    """Add the number of each event: on Polars by the number that its word has, where words have one."""
    if events.select("event").collect_schema()["event"] != nw.Enum:
        number = nw.col("event").replace_strict(numbers, default=None, return_dtype=nw.Int64)
        return events.with_columns(number.alias(name))
    import polars as pl

    found = pl.lit(pl.Series([numbers[event] for event in EVENTS], dtype=pl.Int8)).gather(pl.col("event").to_physical())
    told: nw.LazyFrame = nw.from_native(events.to_native().with_columns(found.alias(name)))
    return told
