"""Of the goals open at the end of one week, how many are met by the end of another: with and without company."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ...errors import ArgumentError, one_of
from ...log import ProgressLog
from ...log.frames import Schema, collected, typed
from ..shared import reported
from ..statistics import newcombe, with_interval
from .counting_process import DAY, moments

LANDMARK: Schema = {
    "exposure": "str",
    "goals": "count",
    "met": "count",
    "learners": "count",
    "rate": "rate",
    "low": "rate",
    "high": "rate",
    "days_under_way": "rate",
}

SIDES = ("collaborative", "personalised")

FEWEST_GOALS = 10
"""Fewer goals than this on either side are not compared."""


@dataclass(frozen=True, repr=False, eq=False)
class Landmark:
    """What `landmark` found.

    Attributes
    ----------
    table : pandas.DataFrame
        Two rows, `exposure` by the end of the first week: `goals` open then, of them `met` by the end of the second,
        `learners`, and `rate` with its 95 % interval `low, high`; `days_under_way`, the mean school days that the
        goals had been under way.
    difference, low, high : float or None
        Of the rates, with its 95 % interval; None where there are too few goals.
    sentence : str
        All this in plain words.
    """

    table: pd.DataFrame
    difference: float | None
    low: float | None
    high: float | None
    sentence: str

    def __repr__(self) -> str:
        return f"Landmark: {self.sentence}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def landmark(log: ProgressLog, week: int, until: int, *, term: str | None = None) -> Landmark:
    """Return how many goals open at the end of a week are met by the end of another, with and without company by then.

    Parameters
    ----------
    log : ProgressLog
    week : int
        The school week at whose end goals are open, and sorted by whether their learner has worked on them with
        somebody.
    until : int
        The later week of the same term by whose end they are met or not.
    term : str, optional
        Which term; default the last that the log reaches.

    Returns
    -------
    Landmark

    Raises
    ------
    ArgumentError
        If there are no such weeks, or the log ends before the second is over.

    Notes
    -----
    Sorting goals at a landmark and looking ahead from there does away with immortal-time bias [1]_. What remains is
    that goals with company have mostly been under way for longer, and belong to other children: `compare` sees to
    both. All goals of a learner who left before the end are left out, met or not; dropped ones count as not met.
    Intervals are Wilson's with the design effect of several goals per learner, that of the difference is made of them
    [2]_.

    References
    ----------
    .. [1] Anderson, J. R., Cain, K. C. and Gelber, R. D. (1983). Analysis of survival by tumor response. Journal of
       Clinical Oncology 1, 710-719.
    .. [2] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison
       of eleven methods. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> import reflectlab
    >>> landmark(reflectlab.simulate(seed=1), week=4, until=6)
    Landmark: Of 84 goals open at the end of week 4 (1 more left out: the learner left), 37 had been worked on with
    somebody: 28 were met (76 %, from 60 to 87) by the end of week 6; of the 47 others, 37 were met (79 %, from 65 to
    88). The difference is -3 points, from -21 to +14. ...
    """
    now, later = _ends(log, week, until, term)
    rows = reported(log, moments(log, "school_days"))
    is_open = (nw.col("begun") < now) & (nw.col("end") > now)
    frame = rows.filter(is_open).select("learner_id", "goal_id", "begun", "end", "ending", "together", "_gone")
    goals = collected(frame)
    left = goals["_gone"] < later
    goals = goals[~left].assign(
        exposure=np.where(goals.loc[~left, "together"] <= now, *SIDES),
        met=(goals["ending"] == "met") & (goals["end"] <= later),
        days=(now - goals["begun"]) / DAY,
    )
    table = _table(goals)
    apart = _difference(table)
    return Landmark(table, *apart, sentence=_sentence(table, apart, week, until, int(left.sum())))


def _ends(log: ProgressLog, week: int, until: int, term: str | None) -> tuple[int, int]:
    """Return the evenings of the last school days of the two weeks."""
    weeks = log.calendar.weeks
    today = log.calendar.school_day(log.last_day)
    if term is None:
        term = str(weeks.loc[weeks["first_day"] <= today, "term_id"].iloc[-1])
    one_of("term", term, list(dict.fromkeys(weeks["term_id"])))
    last = weeks[weeks["term_id"] == term].set_index("week")["last_day"]
    for name, number in (("week", week), ("until", until)):
        if number not in last.index:
            raise ArgumentError(f"must be a week of the term, 1 to {last.index.max()}; got {number!r}.", name)
    if until <= week:
        raise ArgumentError(f"must be a week after `week` ({week}); got {until}.", "until")
    if last[until] > today:
        raise ArgumentError(f"Week {until} is not over when the log ends, on {log.last_day}; `until` must be earlier.")
    return (int(last[week]) + 1) * DAY, (int(last[until]) + 1) * DAY


def _table(goals: pd.DataFrame) -> pd.DataFrame:
    of_learner = goals.groupby(["exposure", "learner_id"])
    sums = of_learner.agg(goals=("met", "size"), met=("met", "sum"), days=("days", "sum"))
    sums = sums.astype(float).assign(
        learners=1.0,
        met_met=lambda each: each["met"] ** 2,
        goals_met=lambda each: each["goals"] * each["met"],
        goals_goals=lambda each: each["goals"] ** 2,
    )
    table = sums.groupby("exposure").sum().reindex(SIDES, fill_value=0.0).rename_axis("exposure").reset_index()
    days = (table["days"] / table["goals"].where(table["goals"] > 0)).rename("days_under_way")
    return typed(with_interval(table).assign(days_under_way=days), LANDMARK)


def _difference(table: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    if (table["goals"] < FEWEST_GOALS).any():
        return None, None, None
    together, alone = table[["rate", "low", "high"]].itertuples(index=False, name=None)
    return newcombe(together, alone)


def _sentence(
    table: pd.DataFrame, apart: tuple[float | None, float | None, float | None], week: int, until: int, left: int
) -> str:
    together, alone = table.to_dict("records")
    both = together["goals"] + alone["goals"]
    gone = f" ({left} more left out: the learner left)" if left else ""
    if not both:
        return f"No goal was open at the end of week {week}{gone}."
    counts = f"Of {_goals(both)} open at the end of week {week}{gone},"
    if not (together["goals"] and alone["goals"]):
        which = "none" if alone["goals"] else "every one"
        share = _share(alone if alone["goals"] else together)
        return f"{counts} {which} had been worked on with somebody; {share} by the end of week {until}."
    said = (
        f"{counts} {together['goals']} had been worked on with somebody: {_share(together)} by the end of week "
        f"{until}; of the {alone['goals']} others, {_share(alone)}."
    )
    difference, low, high = apart
    if difference is None or low is None or high is None:
        return f"{said} These are too few to compare: at least {FEWEST_GOALS} are needed on either side."
    older = f"{together['days_under_way']:.0f} school days against {alone['days_under_way']:.0f}"
    return (
        f"{said} The difference is {100 * difference:+.0f} points, from {100 * low:+.0f} to {100 * high:+.0f}. "
        f"An association, not proof: those with somebody had been under way for {older}, and children choose."
    )


def _goals(number: int) -> str:
    return "1 goal" if number == 1 else f"{number} goals"


def _share(row: Mapping[Hashable, Any]) -> str:
    met = f"{row['met'] or 'none'} {'was' if row['met'] < 2 else 'were'} met"
    return f"{met} ({100 * row['rate']:.0f} %, from {100 * row['low']:.0f} to {100 * row['high']:.0f})"
