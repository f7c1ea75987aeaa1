"""Goal by goal: how many have it, how long it takes, who is stuck on it, and who could help."""

from datetime import date

import pandas as pd

from ..errors import one_of
from ..log import Day, ProgressLog
from ..log.frames import Schema, typed
from ..schema import OPEN
from .availability import without
from .completion import completion
from .episodes import episodes
from .opportunities import standing_of_day
from .progress import spells, status
from .shared import as_of, holds, reported_learners, with_cannot_tell
from .time_to_goal import median_days, taking

GOAL_SUMMARY: Schema = {
    "class_id": "str",
    "goal_id": "str",
    "learners": "count",
    "met": "count",
    "dropped": "count",
    "stuck": "count",
    "could_help": "count",
    "together": "count?",
    "alone": "count?",
    "at_risk": "count",
    "median_days": "count?",
    "median_low": "count?",
    "median_high": "count?",
    "days_known": "count?",
}

GOAL_LEARNERS: Schema = {
    "class_id": "str",
    "goal_id": "str",
    "part": "str",
    "learner_id": "str",
    "since": "time",
    "days": "count",
}

_ORDERS = ("name", "slow", "stuck")

_GOAL = ["class_id", "goal_id"]

_PEOPLE = [*_GOAL, "_part", "_first", "learner_id"]
"""The order of learners: where they are stuck those the longest, where they could help those who met it the latest."""

_FEWEST = 5
"""Of how many learners who have begun a goal there is an interval: of fewer none is near to holding."""


def goal_summary(log: ProgressLog, *, order: str = "name", on: Day | None = None) -> pd.DataFrame:
    """Return how each goal goes in each class: how many have it, how long it takes, who is on it with whom.

    Parameters
    ----------
    log : ProgressLog
    order : {"name", "slow", "stuck"}
        The order of the goals of a class: by title; the slowest first; those that the most are stuck on first.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        One row for each goal that a class has: `class_id, goal_id`; `learners`, how many have it and have not dropped
        it; `met`, of these; `dropped`; `stuck`, who are in the class on that day and stuck on it; `could_help`, who
        could be asked (`goal_learners` names both); `together`, of `learners`, who have worked with somebody on it
        while they had it open, and `alone`, who have begun it and have not; `at_risk`, how many the median rests on,
        the most at one time; `median_days`, within how many school days of being begun half of them were met, missing
        as long as fewer have, with its 95 % interval from `median_low` to `median_high`, each missing where it is not
        reached; `days_known`, for how many days that is known. What the log cannot tell is missing.

    See Also
    --------
    goal_learners : who is stuck on each goal, and who could help.
    time_to_goal : the curve that the median is read from.
    compare : whether working together goes with meeting goals sooner, which `together` and `alone` do not tell.

    Notes
    -----
    `learners`, `met` and `dropped` are those of `completion`: of a period (`log.select(start=)`) the goals that
    learners had in it. The median is the first day on which the Aalen-Johansen curve of `time_to_goal` is at one half
    or above, and its interval the days on which the bounds of the curve are [1]_; with fewer than five who have begun
    it there is none.

    Classes come one after another. Within a class `name` goes by title, capitals or not; `slow` by `median_days`, and
    where that is not reached by `days_known`, the longest first, goals that fewer than five have begun behind all
    others; `stuck` by how many are stuck, the most first, equals as in `slow`. What is still equal goes by title, then
    by `goal_id`. Learners are never put in an order of merit.

    References
    ----------
    .. [1] Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38,
       29-41.

    Examples
    --------
    >>> import reflectlab
    >>> table = goal_summary(reflectlab.example(), order="stuck")
    >>> table.loc[:0, ["goal_id", "learners", "met", "stuck", "could_help"]].to_numpy().tolist()
    [['paragraphs', 2, 1, 1, 1]]
    """
    one_of("order", order, _ORDERS)
    day = as_of(log, on)
    own = _own_goals(log, day)
    counts = own.groupby(_GOAL)[["learners", "met", "dropped", "together", "alone"]].sum()
    people = _people(log, day)
    parts = pd.crosstab([people["class_id"], people["goal_id"]], people["part"])
    parts = parts.reindex(index=counts.index, columns=["stuck", "could_help"], fill_value=0)
    found = counts.join(parts).join(_medians(log, day)).fillna({"at_risk": 0}).reset_index()
    if not holds(log, "collaborations"):
        found = without(found, ["together", "alone"])
    found = typed(_ordered(log, _classless(found), order), GOAL_SUMMARY)
    return with_cannot_tell(found, log, "events", "collaborations", "set")


def goal_learners(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return who is stuck on each goal, and who could help.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        One row for each learner: `class_id, goal_id`; `part`, `stuck` or `could_help`; `learner_id`; `since` when
        they stand so, and the school `days` since then.

    See Also
    --------
    opportunities : whom to ask, learner by learner, given out so that nobody is asked too often.

    Notes
    -----
    Who could help has met a goal that a classmate has open, and is in the class and not away on that day: those of
    them who met it in the last 20 school days are whom `opportunities` suggests as supporters. Goals go by class and
    `goal_id`; of each first those who are stuck, the longest first, then those who could help, who met it the latest
    first; equals by `learner_id`.

    Examples
    --------
    >>> import reflectlab
    >>> goal_learners(reflectlab.example())[["goal_id", "part", "learner_id", "days"]].to_numpy().tolist()
    [['paragraphs', 'stuck', 'hemi', 3], ['paragraphs', 'could_help', 'aroha', 2]]
    """
    found = typed(_classless(_people(log, as_of(log, on))).sort_values(_PEOPLE), GOAL_LEARNERS)
    return with_cannot_tell(found, log, "events", "set")


def _own_goals(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return each learner's goals, with what is so: `learners` (not dropped), `met`, `together`, `alone`."""
    own = completion(log, [*_GOAL, "learner_id"], on=day).fillna({"class_id": ""})
    own = own[["learner_id", *_GOAL, "goals", "met", "dropped"]].rename(columns={"goals": "learners"})
    stands = spells(log, on=day)[["learner_id", "goal_id", "status"]]
    taking = episodes(log, on=day)
    taking = taking[(taking["partners"] > 0) & taking["status"].isin(OPEN)]
    company = taking[["learner_id", "goal_id"]].drop_duplicates().assign(_company=1)
    keys = ["learner_id", "goal_id"]
    found = own.merge(stands, on=keys, how="left").merge(company, on=keys, how="left")
    begun = (found["learners"] > 0) & (found["status"] != "set")
    together = (found["learners"] > 0) & (found["_company"] == 1)
    return found.assign(together=together, alone=begun & ~together)


def _people(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return who is stuck on each goal and who could help, with what puts them in order."""
    now = status(log, day).fillna({"class_id": ""})
    stuck = now[now["status"] == "stuck"]
    stuck = stuck.rename(columns={"days_in_status": "days"}).assign(part="stuck", _first=-stuck["days_in_status"])
    stands = standing_of_day(log, day).fillna({"class_id": ""})
    wanted = now.loc[now["status"].isin(OPEN), _GOAL].drop_duplicates()
    met = stands[stands["status"] == "met"]
    helpers = met[met["learner_id"].isin(reported_learners(log))].merge(wanted, on=_GOAL)
    helpers = helpers.rename(columns={"start": "since"}).assign(part="could_help", _first=helpers["days"])
    return pd.concat([stuck.assign(_part=0), helpers.assign(_part=1)], ignore_index=True)


def _medians(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return how long it takes half of those who begin a goal to meet it."""
    found = median_days(taking(log, _GOAL, day), _GOAL)
    few = found["at_risk"] < _FEWEST
    return found.assign(median_low=found["median_low"].mask(few), median_high=found["median_high"].mask(few))


def _classless(found: pd.DataFrame) -> pd.DataFrame:
    """Let the class be missing of those whose class nobody wrote down."""
    return found.assign(class_id=found["class_id"].where(found["class_id"] != ""))


def _ordered(log: ProgressLog, found: pd.DataFrame, order: str) -> pd.DataFrame:
    titles = log.goals.set_index("goal_id")["title"]
    found = found.assign(
        _title=found["goal_id"].map(titles).fillna(found["goal_id"]).str.casefold(),
        _few=found["at_risk"] < _FEWEST,
        _slow=-found["median_days"].fillna(found["days_known"]).fillna(0),
        _stuck=-found["stuck"],
    )
    first = {"name": [], "slow": ["_few", "_slow"], "stuck": ["_stuck", "_few", "_slow"]}[order]
    return found.sort_values(["class_id", *first, "_title", "goal_id"], ignore_index=True)
