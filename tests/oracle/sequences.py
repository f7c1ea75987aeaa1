"""Goals in the order they were taken up: pathways, transitions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd

from tests.oracle.progress import days_to_met
from tests.oracle.school import Event, School, applied, first, frame, in_order


def pathways(school: School, on: date | None = None) -> pd.DataFrame:
    """Each learner's goals in the order taken up."""
    rows, pairs = [], school.pairs(on)
    for learner, goals in _ordered(school, on).items():
        for position, goal in enumerate(goals, start=1):
            events = pairs[learner, goal]
            firsts = [first(events, kind) for kind in ("set", "started", "met")]
            rows.append(
                (
                    learner,
                    school.learners[learner].get("class_id"),
                    position,
                    goal,
                    school.goals[goal].get("strand"),
                    *(event.time if event else None for event in firsts),
                    applied(events)[-1][1],
                    days_to_met(school, events),
                )
            )
    return frame(
        rows,
        learner_id="str",
        class_id="str",
        position="int64",
        goal_id="str",
        strand="str",
        set_on="datetime64[us]",
        started_on="datetime64[us]",
        met_on="datetime64[us]",
        status="str",
        days_to_met="Int64",
    )


def transitions(
    school: School,
    step: str = "goal",
    start: bool = False,
    by: Sequence[str] = (),
    on: date | None = None,
) -> pd.DataFrame:
    """From each goal to the next. `by` names columns of learners."""
    sequences = _ordered(school, on) if step == "goal" else _consecutive(school, on)
    counts: Counter[tuple[Any, ...]] = Counter()
    for learner, goals in sequences.items():
        group = school.key(by, learner, None)
        counts.update((*group, *pair) for pair in pairwise(goals))
        if start:
            counts[*group, "start", goals[0]] += 1
    totals: Counter[tuple[Any, ...]] = Counter()
    for key, n in counts.items():
        totals[key[:-1]] += n
    rows = [(*key, counts[key], counts[key] / totals[key[:-1]]) for key in sorted(counts, key=in_order)]
    return frame(rows, **dict.fromkeys(by, "str"), source="str", target="str", n="int64", p="float64")


def taken_up(events: Sequence[Event]) -> tuple[datetime, int]:
    """When a goal was taken up, and the row that says so."""
    event = first(events, "started") or first(events, "set") or min(events, key=lambda e: (e.time, e.row))
    return event.time, event.row


def _ordered(school: School, on: date | None) -> dict[str, list[str]]:
    found: dict[str, list[tuple[datetime, int, str]]] = defaultdict(list)
    for (learner, goal), events in school.pairs(on).items():
        found[learner].append((*taken_up(events), goal))
    return {learner: [goal for _, _, goal in sorted(goals)] for learner, goals in found.items()}


def _consecutive(school: School, on: date | None) -> dict[str, list[str]]:
    day, found = on or school.last_day, defaultdict(list)
    for event in sorted(school.events, key=lambda e: (e.time, e.row, e.goal)):
        if event.time.date() <= day:
            found[event.learner].append(event.goal)
    return dict(found)
