"""The words of a log, and where a goal stands after each event.

The rule is in the glossary of the package: the status of a learner on a goal is given by the last event that
changes it, and events of one instant apply in the order of `EVENTS`.
"""

import narwhals as nw

EVENTS = ("set", "started", "worked", "stuck", "met", "reopened", "dropped")
"""What can happen to a learner on a goal, in the order in which events of one instant apply."""

STATUSES = ("set", "working", "stuck", "met", "dropped")
"""Where a learner can stand on a goal."""

OPEN = ("set", "working", "stuck")
"""The statuses of an open goal."""

ROLES = ("helper", "seeker", "peer")
"""What a learner may be recorded as in an episode."""

CHOOSERS = ("learner", "teacher")
"""Who may have chosen a goal, or to work together."""

KINDS = ("gave_support", "sought_support", "shared_goal", "other")
"""What a participation is, from where the participants stand; the first that applies."""

SPELL = ["learner_id", "goal_id"]

_GIVES = dict(zip(EVENTS, (0, 1, 1, 2, 3, 1, 4), strict=True))
_BEFORE_ALL = -(2**62)


def with_statuses(events: nw.LazyFrame) -> nw.LazyFrame:
    """Add where each goal stands after each event.

    Parameters
    ----------
    events : narwhals.LazyFrame
        With `learner_id, goal_id, event, instant, row`; `instant` is a positive whole number that tells time.

    Returns
    -------
    narwhals.LazyFrame
        The same rows with `position` (from 1, the order in which the events of a learner on a goal apply) and
        `status`.

    Notes
    -----
    `started`, `worked` and `stuck` leave a goal that stands at met where it is; every other event gives its own
    status. So the status after an event needs only the last of those others: it is carried forward as the
    largest of `position * 8 + status`, which every engine can do with a running maximum.

    At one instant `reopened` comes last, but first where the goal stood at met before: then the order is settled
    by the last earlier instant that fixes the status whatever came before it.
    """
    ordered = _with_position(_with_stood_at_met(events))
    decisive = nw.col("event").is_in(["set", "met", "reopened", "dropped"])
    gives = _number(_GIVES)
    mark = nw.when(decisive).then(nw.col("position") * 8 + gives).otherwise(nw.lit(_BEFORE_ALL))
    carried = ordered.with_columns(_gives=gives, _mark=mark).with_columns(
        _last=nw.col("_mark").cum_max().over(*SPELL, order_by="position")
    )
    stays = ~decisive & (nw.col("_last") > 0) & (nw.col("_last") % 8 == STATUSES.index("met"))
    code = nw.when(stays).then(nw.lit(STATUSES.index("met"))).otherwise(nw.col("_gives"))
    named = carried.with_columns(status_code=code).with_columns(status=status_word(nw.col("status_code")))
    return named.drop("_gives", "_mark", "_last")


def status_word(code: nw.Expr) -> nw.Expr:
    """Return the status that a code stands for; missing stays missing."""
    return code.replace_strict(dict(enumerate(STATUSES)), default=None, return_dtype=nw.String)


def _with_stood_at_met(events: nw.LazyFrame) -> nw.LazyFrame:
    has = {event: (nw.col("event") == event).cast(nw.Int64) for event in EVENTS}
    together = [*SPELL, "instant"]
    instants = events.group_by(together).agg(
        _met=has["met"].max(),
        _reopened=has["reopened"].max(),
        _set=has["set"].max(),
        _dropped=has["dropped"].max(),
    )
    met, reopened, set_, dropped = (nw.col(f"_{event}") == 1 for event in ("met", "reopened", "set", "dropped"))
    closes = dropped | (reopened & ~met) | (set_ & ~met)
    fixes = nw.when(closes).then(nw.lit(0)).otherwise(nw.when(met & ~reopened).then(nw.lit(1)))
    marked = instants.with_columns(_mark=nw.col("instant") * 2 + fixes)
    known = marked.with_columns(_mark=nw.col("_mark").fill_null(_BEFORE_ALL)).with_columns(
        _before=nw.col("_mark").cum_max().over(*SPELL, order_by="instant")
    )
    earlier = known.with_columns(_before=nw.col("_before").shift(1).over(*SPELL, order_by="instant"))
    stood = (nw.col("_before").fill_null(0) > 0) & (nw.col("_before").fill_null(0) % 2 == 1)
    return events.join(earlier.select(*together, _stood=stood), on=together, how="left")


def _with_position(events: nw.LazyFrame) -> nw.LazyFrame:
    rank = _number({event: number for number, event in enumerate(EVENTS, start=1)})
    first = (nw.col("event") == "reopened") & nw.col("_stood")
    ranked = events.with_columns(_rank=nw.when(first).then(nw.lit(0)).otherwise(rank), _one=nw.lit(1))
    order = ["instant", "_rank", "row"]
    counted = ranked.with_columns(position=nw.col("_one").cum_sum().over(*SPELL, order_by=order))
    return counted.with_columns(nw.col("position").cast(nw.Int64)).drop("_stood", "_rank", "_one")


def _number(numbers: dict[str, int]) -> nw.Expr:
    return nw.col("event").replace_strict(numbers, default=None, return_dtype=nw.Int64)
