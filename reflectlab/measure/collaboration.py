"""How often learners worked together, in which way, and who chose it; and how often they chose for themselves."""

from datetime import date

import narwhals as nw
import pandas as pd

from ..log import Day, ProgressLog
from ..log.frames import PANDAS, Schema, collected, typed
from ..log.status import SPELL
from ..log.tables import days_away
from ..schema import KINDS
from .episodes import participations, with_goal
from .shared import (
    PERIOD,
    By,
    as_of,
    chooser,
    grouping,
    holds,
    indicator,
    known_firsts,
    period_columns,
    periods,
    since_start,
    with_cannot_tell,
    with_groups,
)

SCHOOL_WEEK = 5
"""What is said to be a week has so many school days."""

COLLABORATION: Schema = {
    "episodes": "count",
    "participations": "count",
    "minutes": "rate",
    "minutes_known": "count",
    "participant_minutes": "rate",
    "shared_goal": "count",
    "gave_support": "count",
    "sought_support": "count",
    "other": "count",
    "self_chosen": "count",
    "choice_known": "count",
    "per_week": "rate",
}


def collaboration(
    log: ProgressLog, by: By = ("learner_id",), *, every: str | None = None, on: Day | None = None
) -> pd.DataFrame:
    """Return how often learners worked with others, in which way, and who chose it.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `learner_id`, `class_id`, `goal_id`, `strand`, any attribute of the learners.
    every : {"week", "term"}, optional
        Add a row for each school week or term.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by` and of the period; `episodes` (distinct); `participations`, to which `shared_goal,
        gave_support, sought_support, other` sum; `minutes` on the clock, of each episode the longest that a learner
        of the group noted, summed over the `minutes_known` episodes of which one did; `participant_minutes`, summed
        over the learners; `self_chosen` of the `choice_known`; `per_week`, participations per five school days on
        which a learner was present: not those on which they were away (`log.absences`), of a half day a half. A
        learner who was present and worked with nobody has a row of zeros; who is the only one noted in an episode
        worked with nobody.

    Examples
    --------
    >>> import reflectlab
    >>> table = collaboration(reflectlab.example())
    >>> kinds = table[["shared_goal", "gave_support", "sought_support", "other"]].sum(axis=1)
    >>> bool((kinds == table["participations"]).all())
    True
    """
    day = as_of(log, on)
    of_learners, of_goals, by_schema = grouping(log, by)
    spans = periods(log, every, day)
    period = period_columns(every)
    taken = since_start(log, participations(log, day)).filter(nw.col("partners") > 0)
    if every:
        weeks = log.frame("calendar").select("school_day", "term_id")
        taken = taken.join(weeks, on="school_day", how="left")
    grouped = with_groups(log, taken, of_learners, of_goals)
    counts = _counted(grouped, [*by_schema, *period])
    present = _present(log, of_learners, spans, every, day)
    table = _joined(counts, present, {**by_schema, **period}, of_goals)
    table = typed(_ordered(table, log, list(by_schema), period), {**by_schema, **period, **COLLABORATION})
    return with_cannot_tell(table, log, "events", "collaborations")


def _counted(rows: nw.LazyFrame, keys: list[str]) -> pd.DataFrame:
    kinds = {kind: indicator(nw.col("kind") == kind) for kind in KINDS}
    flags = rows.with_columns(
        _all=nw.lit(1),
        participations=nw.lit(1),
        self_chosen=indicator(nw.col("chosen_by") == "learner"),
        choice_known=indicator(~nw.col("chosen_by").is_null()),
        **kinds,
    )
    sums = ["participations", "self_chosen", "choice_known", *KINDS]
    each = flags.group_by([*keys, "_all", "episode_id"]).agg(
        *(nw.col(name).sum() for name in sums), longest=nw.col("minutes").max(), minutes=nw.col("minutes").sum()
    )
    counts = each.with_columns(minutes_known=indicator(~nw.col("longest").is_null()), episodes=nw.lit(1))
    return collected(
        counts.group_by([*keys, "_all"]).agg(
            *(nw.col(name).sum() for name in ("episodes", "minutes_known", *sums)),
            minutes=nw.col("longest").sum(),
            participant_minutes=nw.col("minutes").sum(),
        )
    )


def _present(
    log: ProgressLog, of_learners: list[str], spans: pd.DataFrame, every: str | None, day: date
) -> pd.DataFrame:
    """Return in how many weeks of five school days the learners of each group were present, in each period."""
    weeks = log.calendar.weeks
    weeks = weeks[(weeks["first_day"] <= spans["last_day"].max()) & (weeks["last_day"] >= spans["first_day"].min())]
    start = log.calendar.school_day(log.selection.start) if log.selection.start else 1
    weeks = weeks.assign(
        first_day=weeks["first_day"].clip(lower=start),
        last_day=weeks["last_day"].clip(upper=log.calendar.school_day(day)),
    )
    whose = list(dict.fromkeys(["learner_id", *of_learners]))
    learners = log.reported(log.frame("learners")).select(*whose, "from_day", "to_day")
    each = learners.join(log.small(weeks.drop(columns="until")), how="cross").with_columns(
        first_day=nw.max_horizontal("from_day", "first_day"), last_day=nw.min_horizontal("to_day", "last_day")
    )
    there = each.filter(nw.col("first_day") <= nw.col("last_day"))
    there = there.with_columns(_days=nw.col("last_day") - nw.col("first_day") + 1)
    there = _without_days_away(log, there) if holds(log, "absences") else there
    weeks_there = (nw.col("_days").cast(nw.Float64()).sum() / SCHOOL_WEEK).alias("weeks")
    keys = [*of_learners, *period_columns(every), "_all"]
    return collected(there.with_columns(_all=nw.lit(1)).group_by(keys).agg(weeks_there))


def _without_days_away(log: ProgressLog, there: nw.LazyFrame) -> nw.LazyFrame:
    """Take the days off on which each learner was away; leave out the weeks in which they never were there."""
    week = ["learner_id", "first_day", "last_day"]
    away = there.select(week).join(days_away(log.frame("absences")), on="learner_id", how="inner")
    within = (nw.col("school_day") >= nw.col("first_day")) & (nw.col("school_day") <= nw.col("last_day"))
    days = away.filter(within).group_by(week).agg(nw.col("away").sum())
    left = there.join(days, on=week, how="left")
    return left.with_columns(_days=nw.col("_days") - nw.col("away").fill_null(0.0)).filter(nw.col("_days") > 0)


def _joined(counts: pd.DataFrame, present: pd.DataFrame, schema: dict[str, str], of_goals: list[str]) -> pd.DataFrame:
    """Give every group that was present a row, and keep those that took part outside their presence."""
    types = {name: PANDAS[kind] for name, kind in schema.items()}
    counts = counts.astype(types)
    present = present.astype({name: kind for name, kind in types.items() if name in present})
    if of_goals:
        observed = counts[[name for name in schema if name not in PERIOD]].drop_duplicates()
        shared = [name for name in observed if name in present]
        present = present.merge(observed, on=shared) if shared else present.merge(observed, how="cross")
    table = present.merge(counts, on=[*schema, "_all"], how="outer")
    # Minutes that nobody noted are unknown, not 0; where nobody worked together there were none.
    known = (table["minutes_known"].fillna(0) > 0) | (table["participations"].fillna(0) == 0)
    totals = ["episodes", "participations", "minutes_known", "self_chosen", "choice_known", *KINDS]
    minutes = {name: table[name].fillna(0.0).where(known) for name in ("minutes", "participant_minutes")}
    table = table.fillna(dict.fromkeys(totals, 0)).assign(**minutes)
    return table.assign(per_week=table["participations"].astype(float) / table["weeks"])


def _ordered(table: pd.DataFrame, log: ProgressLog, names: list[str], period: dict[str, str]) -> pd.DataFrame:
    if "term_id" in period:
        order = {term.term_id: number for number, term in enumerate(log.calendar.terms)}
        table = table.assign(_term=table["term_id"].map(order))
        names = [*names, "_term", *(["week"] if "week" in period else [])]
    return table.sort_values(names, ignore_index=True) if names else table


WHAT = ("goals", "participations")

AGENCY: Schema = {
    f"{what}{part}": kind
    for what in WHAT
    for part, kind in {"": "count", "_known": "count", "_chosen": "count", "_share": "rate"}.items()
}


def agency(
    log: ProgressLog, by: By = ("learner_id",), *, every: str | None = None, on: Day | None = None
) -> pd.DataFrame:
    """Return how often learners chose for themselves: their goals, and to work together.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `learner_id`, `class_id`, `goal_id`, `strand`, any attribute of the learners.
    every : {"week", "term"}, optional
        Add a row for each school week or term. A goal belongs to the one in which it was set (where nobody noted
        that, in which it is first mentioned).
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by` and of the period; `goals` that learners came to have, `goals_known`, of which it is
        noted who chose, `goals_chosen`, by the learner, and `goals_share`, `goals_chosen / goals_known`, missing
        where it is noted of none. In the same way `participations` in episodes, `participations_known`,
        `participations_chosen`, `participations_share`. An episode of two is two participations, since each of
        them may note it differently. A learner who was present has a row, if only of zeros.

    Examples
    --------
    >>> import reflectlab
    >>> table = agency(reflectlab.example(), by="class_id")
    >>> table["goals_known"].item(), table["goals_chosen"].item(), table["goals_share"].item()
    (5, 3, 0.6)
    """
    day = as_of(log, on)
    of_learners, of_goals, schema = grouping(log, by)
    period = period_columns(every)
    keys = {**schema, **period}
    present = _present(log, of_learners, periods(log, every, day), every, day)
    counts = []
    for what, rows in zip(WHAT, (_goals(log, day), _participations(log, day)), strict=True):
        told = since_start(log, rows)
        told = told.join(log.frame("calendar").select("school_day", "term_id", "week"), on="school_day", how="left")
        counts.append(_choices_counted(with_groups(log, told, of_learners, of_goals), list(keys), what, keys))
    table = _every_group(present, counts, schema, keys, of_goals)
    for each in counts:
        table = table.merge(each, on=[*keys, "_all"], how="outer")
    table = _with_shares(table.fillna({name: 0 for name, kind in AGENCY.items() if kind == "count"}))
    return with_cannot_tell(
        typed(_ordered(table, log, list(schema), period), {**keys, **AGENCY}), log, "events", "collaborations"
    )


def _goals(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return each learner's goals: when they were first set (or else mentioned), and who chose them (0 unknown)."""
    return known_firsts(log, day).select(
        *SPELL,
        time=nw.coalesce("set_on", "first_on"),
        school_day=nw.coalesce("set_day", "first_day"),
        chosen=nw.col("chosen").fill_null(0),
    )


def _participations(log: ProgressLog, day: date) -> nw.LazyFrame:
    rows = with_goal(log, day).filter(nw.col("partners") > 0)
    return rows.select("learner_id", "time", "school_day", goal_id="goal", chosen=chooser())


def _choices_counted(rows: nw.LazyFrame, keys: list[str], what: str, schema: Schema) -> pd.DataFrame:
    flags = rows.with_columns(
        _all=nw.lit(1), _known=indicator(nw.col("chosen") > 0), _chosen=indicator(nw.col("chosen") == 1)
    )
    sums = {what: nw.len(), f"{what}_known": nw.col("_known").sum(), f"{what}_chosen": nw.col("_chosen").sum()}
    found = collected(flags.group_by([*keys, "_all"]).agg(**sums))
    return found.astype({name: PANDAS[schema[name]] for name in keys} | dict.fromkeys(sums, "int64"))


def _every_group(
    present: pd.DataFrame, counts: list[pd.DataFrame], schema: Schema, keys: Schema, of_goals: list[str]
) -> pd.DataFrame:
    """Return the groups and periods in which a learner was present, for the goals that occur in each."""
    table = present.drop(columns="weeks")
    table = table.astype({name: PANDAS[kind] for name, kind in keys.items() if name in table})
    if not of_goals:
        return table
    observed = pd.concat([each[list(schema)] for each in counts]).drop_duplicates()
    shared = [name for name in observed if name in table]
    return table.merge(observed, on=shared) if shared else table.merge(observed, how="cross")


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    known = {what: table[f"{what}_known"].astype(float) for what in WHAT}
    return table.assign(
        **{f"{what}_share": table[f"{what}_chosen"] / known[what].where(known[what] > 0) for what in WHAT}
    )
