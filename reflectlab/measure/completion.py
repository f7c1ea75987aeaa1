"""What share of their own goals learners met."""

from datetime import date
from math import nan

import narwhals as nw
import pandas as pd

from ..log import Day, ProgressLog, midnight
from ..log.firsts import STATUS_CODES
from ..log.frames import PANDAS, Schema, collected, typed
from ..log.status import SPELL, status_word
from ..schema import OPEN
from .shared import (
    OPEN_CODES,
    By,
    as_of,
    grouping,
    indicator,
    known_events,
    last_known,
    period_columns,
    periods,
    with_cannot_tell,
    with_groups,
)
from .statistics import with_interval

COMPLETION: Schema = {
    "goals": "count",
    "met": "count",
    "dropped": "count",
    "left_open": "count",
    "learners": "count",
    "rate": "rate",
    "low": "rate",
    "high": "rate",
}

_SUMS = ("goals", "met", "dropped", "left_open", "learners", "met_met", "goals_met", "goals_goals")


def completion(
    log: ProgressLog, by: By = ("class_id",), *, every: str | None = None, on: Day | None = None
) -> pd.DataFrame:
    """Return the share of their own goals that learners have met.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `learner_id`, `class_id`, `goal_id`, `strand`, any attribute of the learners.
    every : {"week", "term"}, optional
        Add a row for each term, or for each school week of a term with what was before it in the term.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by` and of the period (`term_id`, `week`); `goals`, those that these learners had in it, open
        at its beginning or set in it, and not dropped; of them `met`, standing at met at its end, and `left_open`,
        open when their learner left; `dropped`; `learners` with such goals; `rate = met / goals`, and `low` and
        `high`, its 95 % interval. Learners without a goal have a row without a rate. Where the log does not say which
        goals were set (`log.blind`), `goals` are those that it tells of, rates are missing, and
        `attrs["cannot_tell"]` says why.

    Notes
    -----
    What was over before a term, or before the first day of `select(start=)`, is left out, and so are the goals of who
    had left by then; what was met or dropped before and taken up again in it is not.

    Goals of one learner are alike, so the Wilson interval takes n divided by the design effect: the variance of
    the ratio with learners as clusters over that of as many independent goals, at least 1 [1]_. Where every goal
    or none is met it cannot be estimated, and each learner counts once; with one learner, goals count. Where it is
    above n / (n - 1) for n learners the interval reaches as far as Student's t does with n - 1 degrees of freedom.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected number
       of positive counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> import reflectlab
    >>> table = completion(reflectlab.example(), by="learner_id")
    >>> bool((table["met"] <= table["goals"]).all())
    True
    """
    day = as_of(log, on)
    of_learners, of_goals, by_schema = grouping(log, by)
    schema = {**by_schema, **period_columns(every)}
    standing = _standing(log, day, every)
    rows = with_groups(log, standing, of_learners, of_goals)
    keys = list(schema)
    sums = collected(_sums(rows, keys))
    table = typed(sums, {**schema, **dict.fromkeys(_SUMS, "count")})
    groups = table[[*by_schema]].drop_duplicates(ignore_index=True) if of_goals else _everyone(log, by_schema)
    table = with_interval(_complete(table, groups, log, list(by_schema), every, day))
    if "set" in log.blind:
        table = table.assign(rate=nan, low=nan, high=nan)
    return with_cannot_tell(typed(table, {**schema, **COMPLETION}), log, "set")


def _everyone(log: ProgressLog, by_schema: Schema) -> pd.DataFrame:
    """Return the groups of the learners that are reported; one of all where there is nothing to group by."""
    if not by_schema:
        return pd.DataFrame(index=[0])
    if not log.scanned:  # then they are in pandas once, whatever asks
        return log.learners[[*by_schema]].drop_duplicates(ignore_index=True)
    learners = log.reported(log.frame("learners")).with_columns(_all=nw.lit(1))
    return typed(collected(learners.select(*by_schema, "_all").unique()), by_schema)


def _standing(log: ProgressLog, day: date, every: str | None) -> nw.LazyFrame:
    """Return where each goal stood at the end of each period, of those that its learner had in it."""
    if every is None and log.selection.start is None:
        at_end = last_known(log, day).with_columns(_from=nw.lit(None, nw.Datetime("us")), _seen=midnight(day))
    else:
        at_end = _had(log, known_events(log, day), log.small(_bounds(log, day, every)))
    left = log.frame("learners").select("learner_id", "left")
    stood = at_end.join(left, on="learner_id", how="left")
    here = nw.col("_from").is_null() | nw.col("left").is_null() | (nw.col("left") >= nw.col("_from"))
    return stood.filter(here).with_columns(status=status_word(nw.col("mark") % STATUS_CODES))


def _bounds(log: ProgressLog, day: date, every: str | None) -> pd.DataFrame:
    """Return of each period its first and last school day and their dates: a week is looked at as part of its term."""
    spans = periods(log, every, day)
    if every is None:
        spans = spans.iloc[:1].assign(first_day=1, last_day=log.calendar.school_day(day))
    # The last period is looked at from the day asked for, even where it is not over.
    seen = [*spans["until"].iloc[:-1], pd.Timestamp(day)][: len(spans)]
    terms = log.calendar.days.groupby("term_id")["school_day"].min()
    first = spans["term_id"].map(terms) if every == "week" else spans["first_day"]
    begins = first.map(log.calendar.days.set_index("school_day")["date"])
    start = pd.Timestamp(log.selection.start) if log.selection.start else begins.min()
    bounds = {"_first": first, "_until": spans["last_day"], "_from": begins.where(begins > start, start)}
    return spans[["term_id", "week"]].assign(**bounds, _seen=pd.Series(seen, dtype="datetime64[us]"))


def _had(log: ProgressLog, events: nw.LazyFrame, bounds: nw.LazyFrame) -> nw.LazyFrame:
    """Return how each goal stood at the end of each period, where it was open in it or came to stand otherwise."""
    start = log.selection.start
    early = nw.col("time") < midnight(start) if start else nw.lit(False)
    days = [*SPELL, "school_day", "_early"]
    daily = (
        events.with_columns(_early=early, _open=indicator(nw.col("status_code").is_in(OPEN_CODES)))
        .group_by(days)
        .agg(nw.col("mark").max(), nw.col("_open").max())
    )
    happened = daily.join(bounds, how="cross").filter(nw.col("school_day") <= nw.col("_until"))
    before = nw.col("_early") | (nw.col("school_day") < nw.col("_first"))
    marked = happened.with_columns(
        _before=nw.when(before).then(nw.col("mark")), _open=nw.when(~before).then(nw.col("_open"))
    )
    at_end = marked.group_by([*SPELL, "term_id", "week", "_from", "_seen"]).agg(
        *(nw.col(name).max() for name in ("mark", "_before", "_open"))
    )
    stood, stands = nw.col("_before") % STATUS_CODES, nw.col("mark") % STATUS_CODES
    new = stood.is_null() | stood.is_in(OPEN_CODES) | (stood != stands)
    return at_end.filter(new | (nw.col("_open").fill_null(0) == 1))


def _sums(rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    is_open = nw.col("status").is_in(list(OPEN))
    dropped = nw.col("status") == "dropped"
    flags = rows.with_columns(
        _goals=indicator(~dropped),
        _met=indicator(nw.col("status") == "met"),
        _dropped=indicator(dropped),
        _left=indicator(is_open & ~nw.col("left").is_null() & (nw.col("left") < nw.col("_seen"))),
        _all=nw.lit(1),
    )
    each = list(dict.fromkeys([*keys, "learner_id"]))
    per_learner = flags.group_by([*each, "_all"]).agg(
        goals=nw.col("_goals").sum(),
        met=nw.col("_met").sum(),
        dropped=nw.col("_dropped").sum(),
        left_open=nw.col("_left").sum(),
    )
    goals, met = nw.col("goals"), nw.col("met")
    squared = per_learner.with_columns(
        learners=indicator(goals > 0), met_met=met * met, goals_met=goals * met, goals_goals=goals * goals
    )
    return squared.group_by([*keys, "_all"]).agg(*(nw.col(name).sum().cast(nw.Int64) for name in _SUMS))


def _complete(
    table: pd.DataFrame,
    groups: pd.DataFrame,
    log: ProgressLog,
    names: list[str],
    every: str | None,
    day: date,
) -> pd.DataFrame:
    """Give every group a row in every period, in order."""
    columns = list(period_columns(every))
    if not columns:
        filled = groups.merge(table, on=names, how="left") if names else table.reindex(groups.index)
        if filled[_SUMS[0]].isna().any():
            filled = filled.fillna(dict.fromkeys(_SUMS, 0.0))
        return filled.sort_values(names, ignore_index=True) if names else filled
    spans = periods(log, every, day)[columns].reset_index(names="_order")
    grid = groups.merge(spans, how="cross").astype({name: PANDAS[kind] for name, kind in period_columns(every).items()})
    filled = grid.merge(table, on=[*names, *columns], how="left").fillna(dict.fromkeys(_SUMS, 0.0))
    return filled.sort_values([*names, "_order"], ignore_index=True)
