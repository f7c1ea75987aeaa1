"""Who could have worked with whom, who chose, and how different the pathways are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import combinations
from math import nan
from typing import Any

import pandas as pd

from tests.oracle.progress import period_dtypes
from tests.oracle.school import OPEN, Day, Event, School, applied, day_of, first, frame, in_order
from tests.oracle.sequences import pathways
from tests.oracle.together import GOAL_COLUMNS, _label, _period, _present

COUNTS = ["open_goals", "peers", "supporters", "anyone"]


def availability(school: School, on: date | None = None) -> pd.DataFrame:
    """One row for each learner and school day on which they were there.

    With clock times a goal stands on a day as it does at any time of it; with dates as it does for an episode of
    that day. What happens after the last school day belongs to it.
    """
    rows = []
    pairs = school.pairs(on)
    for day in days_until(school, on):
        stands: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for (learner, goal), events in pairs.items():
            stands[learner][goal] = on_day(school, events, day)
        rows += [
            (learner, school.learners[learner].get("class_id"), day.date, day.term_id, day.week, day.number, *counts)
            for learner, counts in _counts(school, day, stands)
        ]
    return frame(
        sorted(rows, key=lambda row: (row[0], row[5])),
        learner_id="str",
        class_id="str",
        date="datetime64[us]",
        term_id="str",
        week="int64",
        school_day="int64",
        **dict.fromkeys(COUNTS, "Int64"),
    )


def availability_summary(
    school: School, by: Sequence[str] = ("learner_id",), every: str | None = None, on: date | None = None
) -> pd.DataFrame:
    """Sums of the days of each group and period."""
    cells: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in availability(school, on).itertuples(index=False):
        place = next(day.term for day in school.calendar.days if day.number == row.school_day)
        cells[school.key(by, row.learner_id, None), _label(every, place, row.term_id, row.week)].append(row)
    rows = []
    for group, period in sorted(cells, key=lambda cell: (in_order(cell[0]), cell[1])):
        days = cells[group, period]
        busy = [row for row in days if row.open_goals]
        having = [sum(getattr(row, name) > 0 for row in busy) for name in ("peers", "supporters", "anyone")]
        means = [
            sum(getattr(row, name) for row in busy) / len(busy) if busy else nan for name in ("peers", "supporters")
        ]
        share = having[2] / len(busy) if busy else nan
        rows.append((*group, *period[1:], len(days), len(busy), *having, *means, share))
    counts = ["days_on_goal", "days_with_peer", "days_with_supporter", "days_with_anyone"]
    rates = ["mean_peers", "mean_supporters", "share_with_anyone"]
    columns = {"days": "int64", **dict.fromkeys(counts, "Int64"), **dict.fromkeys(rates, "float64")}
    return frame(rows, **dict.fromkeys(by, "str"), **period_dtypes(every), **columns)


def agency(
    school: School, by: Sequence[str] = ("learner_id",), every: str | None = None, on: date | None = None
) -> pd.DataFrame:
    """Who chose the goals (in the period in which they were set) and the participations.

    Groups and periods are those of `collaboration`, with those of the goals beside.
    """
    day, of_learner = on or school.last_day, [column for column in by if column not in GOAL_COLUMNS]
    chosen: dict[tuple[Any, ...], tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    present = {
        (school.key(of_learner, learner, None), _label(every, place, term_id, week))
        for learner, place, term_id, week, _ in _present(school, day)
    }
    people = {group: group for group, _ in present} if len(of_learner) == len(by) else {}
    people |= {} if by else {(): ()}
    for which, learner, goal, when, who in [*_goals(school, day), *_participations(school, day)]:
        group = school.key(by, learner, goal)
        people[group] = school.key(of_learner, learner, None)
        chosen[group, _period(school, every, when)][which].append(who)
    cells = {(group, period) for group, mine in people.items() for whose, period in present if whose == mine}
    rows = []
    for group, period in sorted(cells | set(chosen), key=lambda cell: (in_order(cell[0]), cell[1])):
        figures = [_chosen(each) for each in chosen[group, period]]
        rows.append((*group, *period[1:], *figures[0], *figures[1]))
    columns: dict[str, str] = {}
    for what in ("goals", "participations"):
        columns |= {what: "int64", f"{what}_known": "int64", f"{what}_chosen": "int64", f"{what}_share": "float64"}
    return frame(rows, **dict.fromkeys(by, "str"), **period_dtypes(every), **columns)


def diversity(school: School, by: Sequence[str] = ("class_id",), on: date | None = None) -> pd.DataFrame:
    """How different the pathways of a group are, and with how many classmates an open goal is shared."""
    paths = pathways(school, on=on)
    taken = {learner: tuple(rows["goal_id"]) for learner, rows in paths.groupby("learner_id")}
    day = on or school.last_day
    standing: dict[str, set[str]] = defaultdict(set)
    for (learner, goal), events in school.pairs(on).items():
        left = day_of(school.learners[learner].get("left"))
        here = left is None or school.number(left) >= school.number(day)
        if applied(events)[-1][1] in OPEN and here:
            standing[learner].add(goal)
    room = {learner: school.learners[learner].get("class_id") for learner in taken}
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for learner in taken:
        groups[school.key(by, learner, None)].append(learner)
    rows = []
    for group in sorted(groups, key=in_order):
        apart = [distance(taken[one], taken[other]) for one, other in combinations(groups[group], 2)]
        sharing = [
            sum(goal in standing[other] for other in taken if other != one and room[other] == room[one])
            for one in groups[group]
            for goal in standing[one]
        ]
        different = len({taken[learner] for learner in groups[group]})
        rows.append((*group, len(groups[group]), different, _mean(apart), _mean(sharing)))
    columns = {"learners": "int64", "distinct_pathways": "int64", "mean_distance": "float64", "shared_open": "float64"}
    return frame(rows, **dict.fromkeys(by, "str"), **columns)


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """The edit distance over the longer, by the textbook's table."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, mine in enumerate(one, start=1):
        for j, theirs in enumerate(other, start=1):
            replaced = table[i - 1, j - 1] + (mine != theirs)
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, replaced)
    return table[len(one), len(other)] / max(len(one), len(other))


def days_until(school: School, on: date | None) -> list[Day]:
    last = school.number(on or school.last_day)
    return [day for day in school.calendar.days if day.number <= last]


def _there(school: School, learner: str, day: Day) -> bool:
    known = school.learners[learner]
    joined, left = day_of(known.get("joined")), day_of(known.get("left"))
    return (joined or date.min) <= day.date <= (left or date.max) and school.away.get((learner, day.date)) != 1


def on_day(school: School, events: Sequence[Event], day: Day) -> set[str]:
    """How a goal stood on a day: all that it was with clock times, what it was for an episode with dates."""
    done = applied(events)
    if not school.dates_only:
        before = [status for event, status in done if school.number(event.time) < day.number]
        return {*before[-1:], *(status for event, status in done if school.number(event.time) == day.number)}
    last = day.number == school.calendar.days[-1].number
    seen = [status for event, status in done if _counts_on(event, school, day, last)]
    return set(seen[-1:])


def _counts_on(event: Event, school: School, day: Day, last: bool) -> bool:
    when = event.time.date()
    if event.event in ("met", "dropped"):
        return when < day.date
    return when <= day.date or (last and school.number(event.time) == day.number)


def _counts(
    school: School, day: Day, stands: dict[str, dict[str, set[str]]]
) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    there = [learner for learner in school.learners if _there(school, learner, day)]
    for learner in there:
        mine = [goal for goal, status in stands[learner].items() if status & OPEN]
        room = school.learners[learner].get("class_id")
        mates = [o for o in there if o != learner and school.learners[o].get("class_id") == room]
        peers = {o for o in mates if any(stands[o].get(goal, set()) & OPEN for goal in mine)}
        supporters = {o for o in mates if any("met" in stands[o].get(goal, ()) for goal in mine)}
        yield learner, (len(mine), len(peers), len(supporters), len(peers | supporters))


def _goals(school: School, day: date) -> Iterator[tuple[int, str, str | None, datetime, str | None]]:
    for (learner, goal), events in school.pairs(day).items():
        begun = first(events, "set") or min(events, key=lambda event: event.time)
        yield 0, learner, goal, begun.time, begun.chosen_by if begun.event == "set" else None


def _participations(school: School, day: date) -> Iterator[tuple[int, str, str | None, datetime, str | None]]:
    together: dict[str, list[Any]] = defaultdict(list)
    for part in school.parts:
        together[part.episode].append(part)
    for parts in together.values():
        began, goals = min(part.time for part in parts), {part.goal for part in parts if part.goal}
        for part in parts:
            if began.date() <= day and len(parts) > 1:
                yield 1, part.learner, part.goal or (min(goals) if len(goals) == 1 else None), began, part.chosen_by


def _chosen(who: Sequence[str | None]) -> tuple[int, int, int, float]:
    known, chosen = sum(each is not None for each in who), sum(each == "learner" for each in who)
    return len(who), known, chosen, chosen / known if known else nan


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else nan
