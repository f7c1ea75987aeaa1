"""Who could work with whom: invitations for the learners to choose from."""

from collections.abc import Iterator, Mapping
from datetime import date

import narwhals as nw
import pandas as pd

from ..frames import Schema, typed
from ..log import Day, ProgressLog
from ..statuses import OPEN, SPELL
from ._blind import need_whole, noted
from ._common import as_of
from ._inviting import Goal, Place, Room, Suggestion, suggestions
from .progress import runs

OPPORTUNITIES: Schema = dict.fromkeys(
    ("learner_id", "goal_id", "need", "suggestion", "with_learner_id", "reason"), "str"
)


def opportunities(
    log: ProgressLog,
    on: Day | None = None,
    recency: int = 20,
    per_helper: int = 2,
    *,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return who could work with whom on a day, each suggestion with its reason.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.
    recency : int
        A classmate who met the goal at most this many school days ago can be a supporter.
    per_helper : int
        How often a classmate is suggested as a supporter at most.
    names : mapping, optional
        What learners are called in the reasons, by `learner_id`; as in the log by default.

    Returns
    -------
    pandas.DataFrame
        Up to three rows for each learner with an open goal, those stuck the longest first: `learner_id, goal_id`;
        `need`, where the learner stands (`stuck`, `working`, `set`); `suggestion`: `supporter`, a classmate who met
        the goal lately, `same_goal`, one who has it open too, or `teacher` where there is neither;
        `with_learner_id`; `reason`, a plain sentence to the learner, which names the classmate.

    Notes
    -----
    Supporters are given out in turns, to the learners who are stuck before the others, and in each turn by an
    assignment that leaves as few without one as possible and then takes those who met the goal the most recently.
    A learner who is stuck is offered a supporter first, others a classmate on the same goal; nobody is suggested to
    a learner twice. A goal that a learner is stuck on and that nobody can help with has its own row `teacher`.

    Examples
    --------
    >>> import reflectlab
    >>> found = opportunities(reflectlab.example())
    >>> found.loc[0, ["learner_id", "suggestion", "with_learner_id"]].tolist()
    ['hemi', 'supporter', 'aroha']
    >>> found.loc[0, "reason"]
    'Aroha met this goal 2 school days ago: you could ask about it.'
    """
    need_whole("recency", recency, 0)
    need_whole("per_helper", per_helper, 0)
    day = as_of(log, on)
    columns = ["learner_id", "class_id", "name", "from_day", "to_day"]
    learners = log.frame("learners").select(columns).collect().to_pandas()
    reported = set(log.reported(log.frame("learners")).select("learner_id").collect()["learner_id"].to_list())
    found: dict[Place, list[Suggestion]] = {}
    for room in _rooms(_standing(log, day, learners), recency):
        if not reported.isdisjoint(room.learners):
            found |= suggestions(room, per_helper)
    served = sorted(place for place in found if place[-1] in reported)
    called = names if names is not None else dict(zip(learners["learner_id"], learners["name"], strict=True))
    rows = [(place[-1], *_told(each, called)) for place in served for each in found[place]]
    return noted(typed(pd.DataFrame(rows, columns=list(OPPORTUNITIES)), OPPORTUNITIES), log, "events")


def _standing(log: ProgressLog, day: date, learners: pd.DataFrame) -> pd.DataFrame:
    """Return where those who are there stand on a day: `class_id, learner_id, goal_id, status, days`."""
    today = log.calendar.school_day(day)
    last = runs(log, day).filter(nw.col("stop").is_null())
    stands = last.select(*SPELL, "status", "start_day").collect().to_pandas()
    here = learners[(learners["from_day"] <= today) & (learners["to_day"] >= today)]
    stands = stands.merge(here[["learner_id", "class_id"]], on="learner_id").sort_values(SPELL)
    return stands.assign(days=today - stands["start_day"])


def _rooms(stands: pd.DataFrame, recency: int) -> Iterator[Room]:
    """Yield the classes; learners whose class nobody wrote down are one."""
    for _, rows in stands.groupby("class_id", dropna=False, sort=True):
        room = Room()
        columns = (rows[name] for name in ("learner_id", "goal_id", "status", "days"))
        for learner, goal, status, days in zip(*columns, strict=True):
            if status in OPEN:
                room.goals.setdefault(learner, []).append(Goal(goal, status, int(days)))
                room.holders.setdefault(goal, {})[learner] = status
            elif status == "met" and days <= recency:
                room.met.setdefault(goal, {})[learner] = int(days)
        yield room


def _told(found: Suggestion, names: Mapping[str, str]) -> tuple[str | None, ...]:
    reason = found.reason.format(name=names.get(found.person or "", found.person))
    return found.goal.goal_id, found.goal.need, found.kind, found.person, reason
