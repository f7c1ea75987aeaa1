"""What share of their own goals learners met."""

from datetime import date
from math import nan

import narwhals as nw
import pandas as pd

from ..log import Day, ProgressLog, midnight
from ..log.firsts import STATUS_CODES
from ..log.frames import PANDAS, Schema, collected, to_pandas, typed
from ..log.status import SPELL
from .shared import (
    DROPPED_CODE,
    MET_CODE,
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
    rows = _standing(log, day, every, of_learners, of_goals)
    table = to_pandas(_sums(rows, list(schema)), {**schema, **dict.fromkeys(_SUMS, "count")}, held=log.held)
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


def _standing(
    log: ProgressLog, day: date, every: str | None, of_learners: list[str], of_goals: list[str]
) -> nw.LazyFrame:
    """Return where each goal stood at the end of each period, of those that its learner had in it."""
    whole = every is None and log.selection.start is None
    if whole:
        at_end = last_known(log, day).with_columns(_seen=midnight(day))
    else:
        at_end = _had(log, known_events(log, day), log.small(_bounds(log, day, every)))
    stood = at_end.with_columns(_stands=nw.col("mark") % STATUS_CODES)
    rows = with_groups(log, stood, [*of_learners, "left"], of_goals)
    return rows if whole else rows.filter(nw.col("left").is_null() | (nw.col("left") >= nw.col("_from")))


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
    found = spans[["term_id", "week"]].assign(**bounds, _seen=pd.Series(seen, dtype="datetime64[us]"))
    return found.astype({"_first": "int64", "_from": "datetime64[us]"})  # of no period they would be of no type


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
    stands = nw.col("_stands")
    flags = {
        "goals": stands != DROPPED_CODE,
        "met": stands == MET_CODE,
        "dropped": stands == DROPPED_CODE,
        "left_open": stands.is_in(OPEN_CODES) & (nw.col("left") < nw.col("_seen")),
    }
    each = list(dict.fromkeys([*keys, "learner_id"]))
    per_learner = rows.group_by(each).agg(**{name: indicator(flag).sum() for name, flag in flags.items()})
    goals, met = nw.col("goals"), nw.col("met")
    of_learner = {name: nw.col(name) for name in flags} | {
        "learners": indicator(goals > 0),
        "met_met": met * met,
        "goals_met": goals * met,
        "goals_goals": goals * goals,
    }
    sums = {name: number.cast(nw.Int64).sum() for name, number in of_learner.items()}
    return per_learner.group_by(keys).agg(**sums) if keys else per_learner.select(**sums)


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
        if len(table) < len(groups):
            table = groups.merge(table, on=names, how="left") if names else table.reindex(groups.index)
            table = table.fillna(dict.fromkeys(_SUMS, 0.0))
        return table.sort_values(names, ignore_index=True) if names else table
    spans = periods(log, every, day)[columns].reset_index(names="_order")
    grid = groups.merge(spans, how="cross").astype({name: PANDAS[kind] for name, kind in period_columns(every).items()})
    filled = grid.merge(table, on=[*names, *columns], how="left").fillna(dict.fromkeys(_SUMS, 0.0))
    return filled.sort_values([*names, "_order"], ignore_index=True)
