"""Working together: episodes, collaboration."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from math import nan
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.progress import period_dtypes
from tests.oracle.school import OPEN, Event, Part, School, applied, day_of, frame, in_order

KINDS = ["shared_goal", "gave_support", "sought_support", "other"]
GOAL_COLUMNS = {"goal_id", "title", "strand", "level"}


class Participation(NamedTuple):
    """One row of `episodes`."""

    episode_id: str
    time: datetime
    week: int
    learner_id: str
    goal_id: str | None
    role: str | None
    chosen_by: str | None
    partners: int
    status: str | None
    kind: str
    also_shared: bool
    ambiguous: bool
    days_since_met: int | None


def episodes(school: School, on: date | None = None) -> pd.DataFrame:
    """One row per participant, sorted by time, episode and learner."""
    return frame(
        [participation for participation, _ in _participations(school, on)],
        episode_id="str",
        time="datetime64[us]",
        week="int64",
        learner_id="str",
        goal_id="str",
        role="str",
        chosen_by="str",
        partners="int64",
        status="str",
        kind="str",
        also_shared="boolean",
        ambiguous="boolean",
        days_since_met="Int64",
    )


def collaboration(
    school: School, by: Sequence[str] = ("learner_id",), every: str | None = None, on: date | None = None
) -> pd.DataFrame:
    """How often, how long, of which kind.

    Groups are those with a learner present at any time up to the week of `on`, or with a participation. A period
    is a row where a learner of the group was present in it, or took part. Where `by` has a column of goals (the
    participant's goal in the episode), groups are those that occur, and the weeks are those of the learners in
    the rest of `by`. `per_week` is missing where nobody was present. `by=()` is one group, even of nobody.
    """
    day, of_learner = on or school.last_day, [column for column in by if column not in GOAL_COLUMNS]
    weeks: dict[tuple[Any, ...], float] = defaultdict(float)
    for learner, place, term_id, week, share in _present(school, day):
        weeks[school.key(of_learner, learner, None), _label(every, place, term_id, week)] += share
    took_part: dict[tuple[Any, ...], list[tuple[Participation, Part]]] = defaultdict(list)
    people = {group: group for group, _ in weeks} if len(of_learner) == len(by) else {}
    people |= {} if by else {(): ()}
    for found, part in _participations(school, day):
        if not found.partners:
            continue
        group = school.key(by, found.learner_id, found.goal_id)
        people[group] = school.key(of_learner, found.learner_id, None)
        took_part[group, _period(school, every, found.time)].append((found, part))
    cells = {(group, period) for group in people for whose, period in weeks if whose == people[group]}
    cells |= set(took_part) | ({((), ())} if not by and every is None else set())
    rows = [
        (*group, *period[1:], *_tally(took_part[group, period], weeks.get((people[group], period), 0)))
        for group, period in sorted(cells, key=lambda cell: (in_order(cell[0]), cell[1]))
    ]
    return frame(
        rows,
        **dict.fromkeys(by, "str"),
        **period_dtypes(every),
        episodes="int64",
        participations="int64",
        minutes="float64",
        minutes_known="int64",
        participant_minutes="float64",
        **dict.fromkeys(KINDS, "int64"),
        self_chosen="int64",
        choice_known="int64",
        per_week="float64",
    )


def _participations(school: School, on: date | None) -> list[tuple[Participation, Part]]:
    """Each participant's row with what was written down, for episodes that began by the end of `on`."""
    together: dict[str, list[Part]] = defaultdict(list)
    for part in sorted(school.parts, key=lambda part: part.learner):
        together[part.episode].append(part)
    pairs = school.pairs(school.last_day)
    found = []
    for episode in sorted(together, key=lambda name: (min(part.time for part in together[name]), name)):
        parts = together[episode]
        began = min(part.time for part in parts)
        if began.date() <= (on or school.last_day):
            found += [(_participation(school, pairs, parts, me, began), me) for me in parts]
    return found


def _participation(
    school: School, pairs: dict[tuple[str, str], list[Event]], parts: list[Part], me: Part, began: datetime
) -> Participation:
    recorded = {part.goal for part in parts if part.goal}
    goal = me.goal or (next(iter(recorded)) if len(recorded) == 1 else None)
    others = [other for other in parts if other.learner != me.learner]
    on_goal = [me, *(o for o in others if o.goal in (goal, None))] if goal else []
    events = {part.learner: pairs.get((part.learner, goal or ""), []) for part in on_goal}
    mine, *theirs = [_status_at(events[part.learner], began) for part in on_goal] or [None]
    kind, also_shared = _kind(mine, theirs)
    met = [e.time for e in events.get(me.learner, []) if e.event == "met"]
    same_day = any(e.event == "met" and e.time.date() == began.date() for es in events.values() for e in es)
    since = None
    if mine == "met":
        since = school.number(began) - school.number(max(t for t in met if t < began))
    return Participation(
        episode_id=me.episode,
        time=began,
        week=school.calendar.at(began).week,
        learner_id=me.learner,
        goal_id=goal,
        role=me.role,
        chosen_by=me.chosen_by,
        partners=len(others),
        status=mine,
        kind=kind,
        also_shared=also_shared,
        ambiguous=school.dates_only and same_day,
        days_since_met=since,
    )


def _status_at(events: Sequence[Event], began: datetime) -> str | None:
    """How a goal stands when an episode begins: met and dropped of that very instant come after it."""
    before = [e for e in events if e.time < began or (e.time == began and e.event not in ("met", "dropped"))]
    return applied(before)[-1][1] if before else None


def _kind(mine: str | None, theirs: Sequence[str | None]) -> tuple[str, bool]:
    """The first kind that applies, and whether support was shared work too."""
    some_open, some_met = any(status in OPEN for status in theirs), "met" in theirs
    if mine == "met" and some_open:
        return "gave_support", False
    if mine in OPEN and some_met:
        return "sought_support", some_open
    return ("shared_goal" if mine in OPEN and some_open else "other"), False


def _present(school: School, on: date) -> list[tuple[str, int, str, int, float]]:
    """(learner, place of the term, term, week, fifths of it there) of each week in which a learner was there.

    Counted are the school days until `on`, between joined and left, on which they were not away.
    """
    found, today = [], school.calendar.at(on).date
    for learner, known in school.learners.items():
        joined = day_of(known.get("joined")) or date.min
        left = day_of(known.get("left")) or date.max
        for (place, week), days in school.calendar.weeks(on).items():
            until = min(left, today)
            here = [1 - school.away.get((learner, day.date), 0.0) for day in days if joined <= day.date <= until]
            if sum(here):
                found.append((learner, place, days[0].term_id, week, sum(here) / 5))
    return found


def _period(school: School, every: str | None, when: datetime) -> tuple[Any, ...]:
    day = school.calendar.at(when)
    return _label(every, day.term, day.term_id, day.week)


def _label(every: str | None, place: int, term_id: str, week: int) -> tuple[Any, ...]:
    """A period: the place of its term, to sort by, then what the columns say."""
    return {None: (), "term": (place, term_id), "week": (place, term_id, week)}[every]


def _tally(took_part: Sequence[tuple[Participation, Part]], weeks: float) -> tuple[Any, ...]:
    """What one row counts."""
    known = [(found.episode_id, part.minutes) for found, part in took_part if part.minutes is not None]
    timed = {episode: max(minutes for name, minutes in known if name == episode) for episode, _ in known}
    kinds = [found.kind for found, _ in took_part]
    return (
        len({found.episode_id for found, _ in took_part}),
        len(took_part),
        float(sum(timed.values())) if known or not took_part else nan,
        len(timed),
        float(sum(minutes for _, minutes in known)) if known or not took_part else nan,
        *(kinds.count(kind) for kind in KINDS),
        sum(part.chosen_by == "learner" for _, part in took_part),
        sum(part.chosen_by is not None for _, part in took_part),
        len(took_part) / weeks if weeks else nan,
    )
