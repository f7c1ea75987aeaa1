"""Who could work with whom: invitations for the learners to choose from."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from ..language import gettext, ngettext, translatable
from ..log import Day, ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from ..log.tables import days_away
from ..schema import OPEN
from .lottery import drawn
from .progress import status_runs
from .shared import as_of, need_whole, reported_learners, with_cannot_tell
from .statistics import Floats, Ints
from .time_to_goal import due_days

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
    draw: int | None = None,
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
    draw : int, optional
        A seed: then a lot tells who of those with equal suggestions, of one class and one need, is shown theirs at once
        and who five school days later. Each day is another draw.

    Returns
    -------
    pandas.DataFrame
        Up to three rows for each learner with an open goal, those stuck the longest first: `learner_id, goal_id`;
        `need`, where the learner stands (`stuck`, `working`, `set`); `suggestion`: `supporter`, a classmate who met
        the goal lately, `same_goal`, one who has it open too, or `teacher` where there is neither;
        `with_learner_id`; `reason`, a plain sentence to the learner, which names the classmate. With `draw` also
        `lot`, `now` or `later` (missing for the teacher's), `equal`, whose lots are compared, `drawn_on` and `show_on`:
        keep it with `keep_draw`, and see what came of it with `invited`. The last column, `due`, is the day by which
        the learner is to meet the goal, where there is one (`due_days`); nobody is suggested for it.

    Notes
    -----
    Who is away on that day (`log.absences`) neither is invited nor suggested.

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
    if draw is not None:
        need_whole("draw", draw, 0)
    day = as_of(log, on)
    learners = collected(log.frame("learners").select("learner_id", "class_id", "name"))
    reported = reported_learners(log)
    found: dict[Turn, list[Suggestion]] = {}
    for room in _rooms(standing_of_day(log, day), recency):
        if not reported.isdisjoint(room.learners):
            found |= suggestions(room, per_helper)
    served = sorted(place for place in found if place[-1] in reported)
    called = names if names is not None else dict(zip(learners["learner_id"], learners["name"], strict=True))
    rows = [(place[-1], *_told(each, called)) for place in served for each in found[place]]
    table = typed(pd.DataFrame(rows, columns=list(OPPORTUNITIES)), OPPORTUNITIES)
    if draw is not None:
        table = drawn(log, table, learners.set_index("learner_id")["class_id"], day, draw)
    days = due_days(log, on=day)
    due = days[days["outcome"].isin(["open", "past"])].set_index(SPELL)["due"]
    table["due"] = due.reindex(pd.MultiIndex.from_frame(table[SPELL])).to_numpy()
    return with_cannot_tell(table, log, "events", "set")


def standing_of_day(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return where those who are there stand on a day: `class_id, learner_id, goal_id, status, start, days`."""
    learners = collected(log.frame("learners").select("learner_id", "class_id", "joined", "left"))
    today = log.calendar.school_day(day)
    last = status_runs(log, day).filter(nw.col("stop").is_null())
    stands = collected(last.select(*SPELL, "status", "start", "start_day"))
    joined, left, date_of = learners["joined"], learners["left"], pd.Timestamp(day)
    here = learners[(joined.isna() | (joined <= date_of)) & (left.isna() | (left >= date_of))]
    away = days_away(log.frame("absences")).filter((nw.col("school_day") == today) & (nw.col("away") == 1)).collect()
    here = here[~here["learner_id"].isin(away["learner_id"].to_list())]
    stands = stands.merge(here[["learner_id", "class_id"]], on="learner_id").sort_values(SPELL)
    return stands.assign(days=today - stands["start_day"])


@dataclass(frozen=True)
class Goal:
    """An open goal of a learner: where they stand on it, and for how many school days."""

    goal_id: str
    need: str
    days: int

    @property
    def stuck(self) -> bool:
        """Whether the learner is stuck on it."""
        return self.need == "stuck"

    @property
    def urgency(self) -> tuple[int, int]:
        """Stuck before working before not started, the longest first."""
        return NEEDS.index(self.need), -self.days


@dataclass
class ClassDay:
    """One class on one day: the open `goals` of each learner who has any, and of each goal who holds or lately met it.

    `holders` has where each learner stands on the goal, `met` how many school days ago each met it.
    """

    goals: dict[str, list[Goal]] = field(default_factory=dict)
    holders: dict[str, dict[str, str]] = field(default_factory=dict)
    met: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def learners(self) -> list[str]:
        """The learners with an open goal."""
        return list(self.goals)

    def is_stuck(self, learner: str) -> bool:
        """Tell whether a learner is stuck on any goal."""
        return any(goal.stuck for goal in self.goals[learner])

    def pressing(self, learner: str) -> list[Goal]:
        """Return the goals to find a supporter for: those the learner is stuck on, else all that are open."""
        goals = self.goals[learner]
        return [goal for goal in goals if goal.stuck] or goals

    def peers(self, learner: str) -> list[tuple[Goal, str]]:
        """Return the classmates who have a goal of this learner open, with the goal."""
        goals = self.goals[learner]
        return [(goal, peer) for goal in goals for peer in self.holders[goal.goal_id] if peer != learner]


def _rooms(stands: pd.DataFrame, recency: int) -> Iterator[ClassDay]:
    """Yield the classes; learners whose class nobody wrote down are one."""
    for _, rows in stands.groupby("class_id", dropna=False, sort=True):
        room = ClassDay()
        columns = (rows[name] for name in ("learner_id", "goal_id", "status", "days"))
        for learner, goal, status, days in zip(*columns, strict=True):
            if status in OPEN:
                room.goals.setdefault(learner, []).append(Goal(goal, status, int(days)))
                room.holders.setdefault(goal, {})[learner] = status
            elif status == "met" and days <= recency:
                room.met.setdefault(goal, {})[learner] = int(days)
        yield room


@dataclass(frozen=True)
class Suggestion:
    """One suggestion: somebody to work with on a goal, or the teacher, and why.

    `reason` is a message, in which `{name}` stands for the person; or two, of one school day and of several, `days`.
    """

    goal: Goal
    kind: str
    person: str | None
    reason: str | tuple[str, str]
    days: int = 0

    def said(self, name: str | None) -> str:
        """Return the reason in the language that is spoken, of a person who is called so."""
        if isinstance(self.reason, tuple):
            return ngettext(*self.reason, self.days, name=name)
        return gettext(self.reason, name=name)


def _told(found: Suggestion, names: Mapping[str, str]) -> tuple[str | None, ...]:
    reason = found.said(names.get(found.person or "", found.person))
    return found.goal.goal_id, found.goal.need, found.kind, found.person, reason


MOST_SUGGESTIONS = 3
"""The most suggestions that a learner gets."""

NEEDS = ("stuck", "working", "set")
"""Where a learner can stand on an open goal, the most pressing first."""

_TOGETHER = translatable(
    {
        "stuck": "{name} is stuck on this goal too: you could think about it together.",
        "working": "{name} is working on this goal too: you could work on it together.",
        "set": "{name} has this goal too and has not started it yet: you could begin it together.",
    }
)

_NOBODY = translatable(
    "Nobody else in the class has this goal open or met it lately: you could talk about it with your teacher."
)

_ALL_ASKED = translatable(
    "Whoever met this goal lately stands in other suggestions already: you could talk about it with your teacher."
)

_MET_TODAY = translatable("{name} met this goal today: you could ask about it.")

_MET = translatable(
    (
        "{name} met this goal {number} school day ago: you could ask about it.",
        "{name} met this goal {number} school days ago: you could ask about it.",
    )
)

Turn = tuple[int, int, str]
"""Where a learner comes among those of a school: (0, minus the days) if stuck, (1, 0) if not, and the learner."""


def suggestions(room: ClassDay, per_helper: int) -> dict[Turn, list[Suggestion]]:
    """Return up to three suggestions for each learner of a class, by when it is the learner's turn to be served."""
    for goals in room.goals.values():
        goals.sort(key=lambda goal: (goal.urgency, goal.goal_id))
    places = sorted((*_need(room.goals[learner][0]), learner) for learner in room.learners)
    order = [learner for *_, learner in places]
    given = _supporters(room, order, per_helper)
    asked: Counter[str | None] = Counter()
    return {place: _for_learner(room, place[-1], given[place[-1]], asked) for place in places}


def _need(goal: Goal) -> tuple[int, int]:
    return (0, -goal.days) if goal.stuck else (1, 0)


def _supporters(room: ClassDay, order: Sequence[str], per_helper: int) -> dict[str, list[Suggestion]]:
    """Give out supporters in turns, in each to those who are stuck before the others."""
    helpers = sorted({helper for met in room.met.values() for helper in met})
    left = np.full(len(helpers), per_helper, dtype=np.int64)
    given: dict[str, list[Suggestion]] = {learner: [] for learner in order}
    wanted = {learner: _wanted(room, learner) for learner in order}
    for turn in range(MOST_SUGGESTIONS):
        for stuck in (True, False):
            asking = [each for each in order if wanted[each] > turn and room.is_stuck(each) == stuck]
            _give(room, asking, helpers, left, given)
    return given


def _wanted(room: ClassDay, learner: str) -> int:
    """Return how many supporters there is room for, beside classmates on the same goal."""
    peers = {peer for _, peer in room.peers(learner)}
    return MOST_SUGGESTIONS - min(len(peers), 1 if room.is_stuck(learner) else 2)


def _give(
    room: ClassDay,
    asking: Sequence[str],
    helpers: Sequence[str],
    left: Ints,
    given: dict[str, list[Suggestion]],
) -> None:
    """Give each of those who ask one more supporter, as far as there are any left."""
    place = {helper: number for number, helper in enumerate(helpers)}
    costs = np.full((len(asking), len(helpers)), np.inf)
    goals: dict[tuple[int, int], Goal] = {}
    for row, learner in enumerate(asking):
        known = {each.person for each in given[learner]}
        for goal in room.pressing(learner):
            for helper, days in room.met.get(goal.goal_id, {}).items():
                if helper not in known and days < costs[row, place[helper]]:
                    costs[row, place[helper]], goals[row, place[helper]] = days, goal
    for row, column in enumerate(assign(costs, left).tolist()):
        if column >= 0:
            left[column] -= 1
            days = int(costs[row, column])
            reason = _MET if days else _MET_TODAY
            given[asking[row]].append(Suggestion(goals[row, column], "supporter", helpers[column], reason, days))


def _for_learner(
    room: ClassDay, learner: str, supporters: list[Suggestion], asked: Counter[str | None]
) -> list[Suggestion]:
    """Return the suggestions for one learner, the most pressing goal first."""
    found = [*supporters[:1], *_for_teacher(room, learner, supporters), *supporters[1:]][:MOST_SUGGESTIONS]
    found += _peers(room, learner, {each.person for each in found}, asked)[: MOST_SUGGESTIONS - len(found)]
    asked.update(each.person for each in found if each.kind == "same_goal")
    kinds = ("supporter", "same_goal") if room.is_stuck(learner) else ("same_goal", "supporter")
    order = [goal.goal_id for goal in room.goals[learner]]
    return sorted(found, key=lambda each: (order.index(each.goal.goal_id), [*kinds, "teacher"].index(each.kind)))


def _for_teacher(room: ClassDay, learner: str, supporters: list[Suggestion]) -> list[Suggestion]:
    """Return the goals for the teacher: those the learner is stuck on alone, or any where there is nobody at all."""
    helped = {each.goal.goal_id for each in supporters}
    goals = [goal for goal in room.pressing(learner) if goal.stuck and goal.goal_id not in helped]
    alone = [goal for goal in goals if len(room.holders[goal.goal_id]) == 1]
    if not supporters and not room.peers(learner):
        alone = alone or room.goals[learner][:1]
    met_lately = [goal.goal_id in room.met for goal in alone]
    reasons = [_ALL_ASKED if met else _NOBODY for met in met_lately]
    return [Suggestion(goal, "teacher", None, reason) for goal, reason in zip(alone, reasons, strict=True)]


def _peers(room: ClassDay, learner: str, known: set[str | None], asked: Counter[str | None]) -> list[Suggestion]:
    """Return classmates on the same goal, each once: the more pressing goal first, then who was suggested the least."""
    options = []
    for goal, peer in room.peers(learner):
        stands = room.holders[goal.goal_id][peer]
        key = (NEEDS.index(goal.need), asked[peer], goal.urgency, NEEDS.index(stands), peer)
        options.append((key, Suggestion(goal, "same_goal", peer, _TOGETHER[stands])))
    found: dict[str | None, Suggestion] = {}
    for _, option in sorted(options, key=lambda each: each[0]):
        if option.person not in known:
            found.setdefault(option.person, option)
    return list(found.values())


def assign(costs: Floats, capacity: Ints) -> Ints:
    """Give each learner one helper: the place of the helper, or -1 for nobody.

    `costs` (learners x helpers) are whole numbers from 0, how long ago; infinite where the helper is not one for the
    learner. `capacity` is how often each may be given.

    Notes
    -----
    As few learners without a helper as possible; among these solutions one with the least sum of costs; among
    these one in which the fewest are given who are given already. The three are one linear assignment [1]_: a helper
    has a column for each time they may be given, the later ones dearer by one part in many, and for each learner
    there is a column for nobody, dearer than all others together.

    References
    ----------
    .. [1] Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions on
       Aerospace and Electronic Systems 52, 1679-1696. In `scipy.optimize.linear_sum_assignment`.

    Examples
    --------
    >>> assign(np.array([[0.0, 4.0], [1.0, np.inf]]), np.array([1, 1])).tolist()
    [1, 0]
    """
    given = np.full(len(costs), -1, dtype=np.int64)
    rows = np.flatnonzero((np.isfinite(costs) & (capacity > 0)).any(axis=1))
    if not len(rows):
        return given
    columns = np.flatnonzero((np.isfinite(costs[rows]) & (capacity > 0)).any(axis=0))
    given[rows] = _solved(costs[np.ix_(rows, columns)], np.minimum(capacity[columns], len(rows)), columns)
    return given


def _solved(costs: Floats, capacity: Ints, columns: Ints) -> Ints:
    from scipy.optimize import linear_sum_assignment

    number = len(costs)
    helper = np.repeat(np.arange(len(columns)), capacity)
    turn = np.arange(len(helper)) - np.repeat(np.cumsum(capacity) - capacity, capacity)
    parts = float(number * capacity.max())
    priced = costs[:, helper] * parts + turn
    dearest = (priced.max(where=np.isfinite(priced), initial=0.0) + 1) * number
    who, which = linear_sum_assignment(np.hstack([priced, np.full((number, number), dearest)]))
    given = np.full(number, -1, dtype=np.int64)
    served = which < len(helper)
    given[who[served]] = columns[helper[which[served]]]
    return given
