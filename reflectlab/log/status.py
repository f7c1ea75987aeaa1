"""The words of a log, and where a goal stands after each event.

The rule is in the glossary of the package: the status of a learner on a goal is given by the last event that
changes it, and events of one instant apply in the order of `EVENTS`.
"""

import narwhals as nw

from ..schema import EVENTS, STATUSES

SPELL = ["learner_id", "goal_id"]

ORDER = ["instant", "_rank", "row"]

# The status that each event gives, as its number in STATUSES, in the order of EVENTS: started, worked and reopened
# all give "working". A number, since engines can carry the largest of numbers forward and not the last of words.
_GIVES = dict(zip(EVENTS, (0, 1, 1, 2, 3, 1, 4), strict=True))

_MET = STATUSES.index("met")

# Less than any mark, so that a running maximum passes over it; not the least Int64, from which one more step overflows.
_BEFORE_ALL = -(2**62)


def with_statuses(events: nw.LazyFrame, *, held: bool) -> nw.LazyFrame:
    """Add to events where each goal stands after each, as `status`, and the order in which they apply as `position`.

    `instant` is a positive whole number that tells time; `held` tells whether the rows are in memory, by Polars.

    Notes
    -----
    `started`, `worked` and `stuck` leave a goal that stands at met where it is; every other event gives its own
    status. So the status after an event needs only the last of those others: it is carried forward as the
    largest of `position * 8 + status`, which every engine can do with a running maximum.

    At one instant `reopened` comes last, but first where the goal stood at met before: then the order is settled
    by the last earlier instant that fixes the status whatever came before it.
    """
    ranked = _with_rank(_with_stood_at_met(events, held=held))
    ordered = _sorted_once(ranked) if held else _windowed(ranked)
    named = ordered.with_columns(status=status_word(nw.col("status_code")))
    return named.drop("_stood", "_rank", "_gives", "_decisive")


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
    return last.with_columns(status_code=code).drop("_one", "_mark", "_last")


def _sorted_once(ranked: nw.LazyFrame) -> nw.LazyFrame:
    """Do the same on Polars, which sorts anew for each window that has an order: one sort, of whole numbers."""
    import polars as pl

    frame = ranked.to_native().collect()
    # Texts are slow to sort by: the physical numbers of a categorical put rows of one spell together, in any order.
    learner, goal = (pl.col(column).cast(pl.Categorical).to_physical().cast(pl.Int64) for column in SPELL)
    n, spell = pl.int_range(pl.len(), dtype=pl.Int64), learner * 2**32 + goal
    moment = pl.col("instant") * 8 + pl.col("_rank")
    rows = frame.select("row", "_gives", "_decisive", _spell=spell, _moment=moment, _at=n)
    rows = rows.sort("_spell", "_moment", "row").with_columns(_n=n)
    first = pl.when(pl.col("_spell") != pl.col("_spell").shift(1)).then("_n").fill_null(0).cum_max()
    last = pl.when("_decisive").then(pl.col("_n") * 8 + pl.col("_gives")).fill_null(-1).cum_max()
    known = rows.select("_at", "_gives", "_decisive", "_n", _first=first, _last=last)
    stays = ~pl.col("_decisive") & (pl.col("_last") >= pl.col("_first") * 8) & (pl.col("_last") % 8 == _MET)
    told = known.select(
        "_at",
        position=pl.col("_n") - pl.col("_first") + 1,
        status_code=pl.when(stays).then(pl.lit(_MET, pl.Int64)).otherwise("_gives"),
    ).sort("_at")
    settled: nw.LazyFrame = nw.from_native(frame.hstack(told.drop("_at")).lazy())
    return settled


def status_word(code: nw.Expr) -> nw.Expr:
    """Return the status that a code stands for; missing stays missing."""
    return code.replace_strict(dict(enumerate(STATUSES)), default=None, return_dtype=nw.String)


def _with_stood_at_met(events: nw.LazyFrame, *, held: bool) -> nw.LazyFrame:
    """Add `_stood`: whether the goal stood at met before, where something was reopened in an instant of several."""
    # To reopen is rare, and what follows is dear: only the spells in which it happens are looked at.
    few = events.select(*SPELL, "instant", "event")
    reopened = few.filter(nw.col("event") == "reopened").select(*SPELL).unique()
    stood = _stood_before(few.join(reopened, on=SPELL, how="semi"))
    if held:
        stood = stood.collect().lazy()
        if stood.select(nw.len()).collect().item() == 0:
            return events.with_columns(_stood=nw.lit(False))
    joined = events.join(stood, on=[*SPELL, "instant"], how="left")
    return joined.with_columns(nw.col("_stood").fill_null(False))


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
    rank = _number({event: number for number, event in enumerate(EVENTS, start=1)})
    # Only what stood at met can be reopened: where it did before this instant, `reopened` begins the instant.
    first = (nw.col("event") == "reopened") & nw.col("_stood")
    return events.with_columns(
        _rank=nw.when(first).then(nw.lit(0)).otherwise(rank),
        _gives=_number(_GIVES),
        _decisive=nw.col("event").is_in(["set", "met", "reopened", "dropped"]),
    )


def _number(numbers: dict[str, int]) -> nw.Expr:
    return nw.col("event").replace_strict(numbers, default=None, return_dtype=nw.Int64)
