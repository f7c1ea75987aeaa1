"""Progress on goals: spells, stretches, status, completion, time_to_goal."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import nan, sqrt
from typing import Any, NamedTuple

import pandas as pd
from scipy.stats import t as student

from tests.oracle.school import OPEN, Event, School, applied, day_of, first, frame, in_order, runs

Z = 1.959963984540054


def stretches(school: School, on: date | None = None) -> pd.DataFrame:
    """One row per unbroken status.

    An ongoing stretch that began after the learner left ends, as a school day, where it began.
    """
    rows = []
    for (learner, goal), events in school.pairs(on).items():
        for status, start, stop, start_day, stop_day in _stretches(school, learner, events, on):
            class_id = school.learners[learner].get("class_id")
            rows.append((learner, class_id, goal, status, start, stop, start_day, stop_day))
    return frame(
        rows,
        learner_id="str",
        class_id="str",
        goal_id="str",
        status="str",
        start="datetime64[us]",
        stop="datetime64[us]",
        start_day="int64",
        stop_day="int64",
    )


def status(school: School, on: date | None = None) -> pd.DataFrame:
    """How each goal stands, but for what is open for who has left or not joined; days are those of the last stretch."""
    rows, day = [], on or school.last_day
    for (learner, goal), events in school.pairs(on).items():
        joined, left = (day_of(school.learners[learner].get(name)) for name in ("joined", "left"))
        is_here = (joined is None or joined <= day) and (left is None or left >= day)
        standing, since, _, start_day, stop_day = _stretches(school, learner, events, on)[-1]
        if standing in OPEN and not is_here:
            continue
        class_id = school.learners[learner].get("class_id")
        absent = school.days_absent(learner, start_day + 1, stop_day)
        rows.append((learner, class_id, goal, standing, since, stop_day - start_day, absent))
    return frame(
        rows,
        learner_id="str",
        class_id="str",
        goal_id="str",
        status="str",
        since="datetime64[us]",
        days_in_status="int64",
        days_absent="float64",
    )


def spells(school: School, on: date | None = None) -> pd.DataFrame:
    """One row per learner and goal.

    `days_to_start` is missing where the start belongs to an earlier school day than the setting: like
    `days_to_met`, it does not look at the clock. `days_stuck` stops at `left`, like the stretches it sums.
    """
    rows = []
    for (learner, goal), events in school.pairs(on).items():
        found = _stretches(school, learner, events, on)
        set_on, started_on, met_on = (_when(first(events, kind)) for kind in ("set", "started", "met"))
        days_to_start = None
        if set_on and started_on and school.number(set_on) <= school.number(started_on):
            days_to_start = school.number(started_on) - school.number(set_on) + 1
        stuck = [stop - start for name, _, _, start, stop in found if name == "stuck"]
        back = [b for (a, *_), (b, *_) in pairwise(found) if a == "met" and b in OPEN]
        setters = [event.chosen_by for event, _ in applied(events) if event.event == "set"]
        rows.append(
            (
                learner,
                school.learners[learner].get("class_id"),
                goal,
                found[-1][0],
                set_on,
                started_on,
                met_on,
                days_to_start,
                days_to_met(school, events),
                len(stuck),
                sum(stuck),
                len(back),
                _days_absent(school, learner, events, on),
                setters[0] if setters else None,
            )
        )
    return frame(
        rows,
        learner_id="str",
        class_id="str",
        goal_id="str",
        status="str",
        set_on="datetime64[us]",
        started_on="datetime64[us]",
        met_on="datetime64[us]",
        days_to_start="Int64",
        days_to_met="Int64",
        times_stuck="int64",
        days_stuck="int64",
        times_reopened="int64",
        days_absent="float64",
        set_by="str",
    )


def _days_absent(school: School, learner: str, events: Sequence[Event], on: date | None) -> float:
    """Days away from the beginning of a goal to its first met, or to now; 0 where its beginning is not known."""
    begun, met = beginning(until(events, "met")), first(events, "met")
    if begun is None:
        return 0.0
    done = applied(events)
    end = school.last_number(learner, on or school.last_day)
    if done[-1][1] == "dropped":
        end = school.number(done[-1][0].time)
    return school.days_absent(learner, school.number(begun.time), school.number(met.time) if met else end)


def goes(school: School, on: date | None = None) -> pd.DataFrame:
    """One row per learner, goal and go: a further go begins where one that stands at met or dropped is open again."""
    rows = []
    for (learner, goal), events in school.pairs(on).items():
        parts: list[list[tuple[Event, str]]] = [[]]
        for event, status in applied(events):
            if parts[-1] and parts[-1][-1][1] in ("met", "dropped") and status in OPEN:
                parts.append([])
            parts[-1].append((event, status))
        go_at = {event.time: number for number, part in enumerate(parts, 1) for event, _ in part}
        found = _stretches(school, learner, events, on)
        for number, part in enumerate(parts, 1):
            mine = [event for event, _ in part]
            stuck = [
                each.stop_day - each.start_day
                for each in found
                if each.status == "stuck" and go_at[each.start] == number
            ]
            met = next((event for event in mine if event.event == "met"), None)
            before = mine[: mine.index(met)] if met else mine
            begun = mine[0] if number > 1 else beginning(before)
            days = None
            if begun and met and school.number(begun.time) <= school.number(met.time):
                days = school.number(met.time) - school.number(begun.time) + 1
            dates = (_when(first(mine, kind)) for kind in ("set", "started", "met"))
            rows.append((learner, goal, number, part[-1][1], *dates, days, len(stuck), sum(stuck)))
    dates_of = dict.fromkeys(["set_on", "started_on", "met_on"], "datetime64[us]")
    return frame(
        rows,
        **dict.fromkeys(["learner_id", "goal_id"], "str"),
        go="int64",
        status="str",
        **dates_of,
        days_to_met="Int64",
        times_stuck="int64",
        days_stuck="int64",
    )


def until(events: Sequence[Event], *endings: str) -> list[Event]:
    """What came before the first of some endings; all where there is none."""
    done = [event for event, _ in applied(events)]
    place = next((number for number, event in enumerate(done) if event.event in endings), len(done))
    return done[:place]


def beginning(events: Sequence[Event]) -> Event | None:
    """Where the clock of a goal starts: started, else set, else the first sign of work, which met is not."""
    return first(events, "started") or first(events, "set") or first(events, "worked", "stuck", "reopened")


def days_to_met(school: School, events: Sequence[Event]) -> int | None:
    """School days from beginning to first met, both counted; missing where the beginning is a later one."""
    start, met = beginning(until(events, "met")), first(events, "met")
    if not start or not met or school.number(start.time) > school.number(met.time):
        return None
    return school.number(met.time) - school.number(start.time) + 1


def completion(
    school: School, by: Sequence[str] = ("class_id",), every: str | None = None, on: date | None = None
) -> pd.DataFrame:
    """The share of their goals that learners met.

    Groups of learners are all that there are; by goals, those with a goal by `on`, even one that was dropped. A
    group that had none yet by the end of a period has a row of zeros. `by=()` is one group, whatever there is.
    What counts as left is judged on the Sunday of a week and the last day of a term, but for the period of `on` on
    that day itself: so its row is the one that `every=None` gives.
    """
    day, rows = on or school.last_day, []
    pairs = school.pairs(day)
    groups = {school.key(by, *pair) for pair in pairs} | ({()} if not by else set())
    if not {*by} & {"goal_id", "strand", "level"}:
        groups |= {school.key(by, learner, None) for learner in school.learners}
    for group in sorted(groups, key=in_order):
        mine = {pair: events for pair, events in pairs.items() if school.key(by, *pair) == group}
        for label, slot, as_of in _periods(school, every, day):
            known = {
                pair: [e for e in events if slot is None or school.calendar.at(e.time).slot <= slot]
                for pair, events in mine.items()
                if slot is None or _had(school, pair[0], events, slot)
            }
            rows.append((*group, *label, *_completion(school, known, as_of)))
    return frame(
        rows,
        **dict.fromkeys(by, "str"),
        **period_dtypes(every),
        goals="int64",
        met="int64",
        dropped="int64",
        left_open="int64",
        learners="int64",
        rate="float64",
        low="float64",
        high="float64",
    )


def period_dtypes(every: str | None) -> dict[str, str]:
    """The columns that say which period a row is about."""
    return {None: {}, "term": {"term_id": "str"}, "week": {"term_id": "str", "week": "int64"}}[every]


def time_to_goal(school: School, by: Sequence[str] = (), on: date | None = None) -> pd.DataFrame:
    """Point estimates only (Aalen-Johansen), without the interval.

    A goal whose beginning is unknown, or on a later school day than its end, is left out.
    """
    day, groups = on or school.last_day, defaultdict(list)
    for (learner, goal), events in school.pairs(day).items():
        spell = _spell(school, learner, events, day)
        if spell is not None:
            groups[school.key(by, learner, goal)].append(spell)
    rows = [(*group, *row) for group in sorted(groups, key=in_order) for row in aalen_johansen(groups[group])]
    return frame(
        rows,
        **dict.fromkeys(by, "str"),
        days="int64",
        at_risk="int64",
        met="int64",
        dropped="int64",
        share_met="float64",
    )


def aalen_johansen(spells: Sequence[tuple[int, str]]) -> list[tuple[int, int, int, int, float]]:
    """(days, at risk, met, dropped, share met) at each duration that occurs."""
    rows, free, share = [], 1.0, 0.0
    for days in sorted({duration for duration, _ in spells}):
        at_risk = sum(duration >= days for duration, _ in spells)
        met, dropped = spells.count((days, "met")), spells.count((days, "dropped"))
        share += free * met / at_risk
        free *= 1 - (met + dropped) / at_risk
        rows.append((days, at_risk, met, dropped, share))
    return rows


def wilson(met: int, goals: int, effect: float, learners: int = 0) -> tuple[float, float]:
    """The 95 % score interval of a share, n divided by the design effect; Student's where that is learned."""
    if not goals:
        return nan, nan
    n, p = goals / effect, met / goals
    z = student.ppf(0.975, learners - 1) if _learned(effect, learners) and 0 < p < 1 else Z
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def _learned(effect: float, learners: int) -> bool:
    """Whether the design effect comes of the counts of at least two learners."""
    return learners > 1 and effect > learners / (learners - 1) + 1e-9


def design_effect(counts: Sequence[tuple[int, int]]) -> float:
    """How much several goals per learner widen the interval, from (goals, met) of each; never below 1.

    One learner alone has nothing to be compared with: 1, whatever the share.
    """
    learners, goals, met = len(counts), sum(n for n, _ in counts), sum(y for _, y in counts)
    if learners < 2:
        return 1.0
    p = met / goals
    if p in (0.0, 1.0):
        return goals / learners
    clustered = learners / (learners - 1) * sum((y - p * n) ** 2 for n, y in counts) / goals**2
    return max(1.0, clustered / (p * (1 - p) / goals))


class _Stretch(NamedTuple):
    status: str
    start: Any
    stop: Any
    start_day: int
    stop_day: int


def _stretches(school: School, learner: str, events: Sequence[Event], on: date | None) -> list[_Stretch]:
    found = runs(events)
    stops = [start for _, start in found[1:]]
    last = school.last_number(learner, on or school.last_day)
    ends = [*map(school.number, stops), max(last, school.number(found[-1][1]))]
    return [
        _Stretch(name, start, stop, school.number(start), end)
        for (name, start), stop, end in zip(found, [*stops, None], ends, strict=True)
    ]


def _when(event: Event | None) -> Any:
    return event.time if event else None


def _periods(school: School, every: str | None, on: date) -> list[tuple[tuple[Any, ...], Any, date]]:
    """(labels, last week that counts, the day as of which) of each period up to that of `on`."""
    if every is None:
        return [((), None, on)]
    ends: dict[tuple[Any, ...], tuple[tuple[int, int], date]] = {}
    for slot, days in school.calendar.weeks(on).items():
        last = days[-1].date
        if every == "week":
            ends[days[-1].term_id, slot[1]] = slot, last + timedelta(days=6 - last.weekday())
        else:
            ends[(days[-1].term_id,)] = slot, school.calendar.ends[days[-1].term_id]
    final = list(ends)[-1]
    return [(label, slot, on if label == final else min(on, end)) for label, (slot, end) in ends.items()]


def _had(school: School, learner: str, events: Sequence[Event], slot: tuple[int, int]) -> bool:
    """Whether a learner had a goal in the term of a week, up to its end: not what was over before and stayed so."""
    begins = min(day.date for day in school.calendar.days if day.term == slot[0])
    left = day_of(school.learners[learner].get("left"))
    if left is not None and left < begins:
        return False
    slots = [(school.calendar.at(event.time).slot, status) for event, status in applied(events)]
    before = [status for when, status in slots if when[0] < slot[0]]
    during = [status for when, status in slots if when[0] == slot[0] and when <= slot]
    if not before or before[-1] in OPEN:
        return True
    return any(status in OPEN for status in during) or (bool(during) and during[-1] != before[-1])


def _completion(
    school: School, known: dict[tuple[str, str], list[Event]], as_of: date
) -> tuple[int, int, int, int, int, float, float, float]:
    """Goals, met, dropped, left open, learners, rate, low, high of one group as of one day."""
    counts: dict[str, tuple[int, int]] = {}
    dropped = left_open = 0
    for (learner, _), events in known.items():
        if not events:
            continue
        standing = applied(events)[-1][1]
        if standing == "dropped":
            dropped += 1
            continue
        n, y = counts.get(learner, (0, 0))
        counts[learner] = n + 1, y + (standing == "met")
        left = day_of(school.learners[learner].get("left"))
        left_open += standing in OPEN and left is not None and left < as_of
    goals, met = sum(n for n, _ in counts.values()), sum(y for _, y in counts.values())
    interval = wilson(met, goals, design_effect(list(counts.values())), len(counts))
    return goals, met, dropped, left_open, len(counts), met / goals if goals else nan, *interval


def _spell(school: School, learner: str, events: Sequence[Event], on: date) -> tuple[int, str] | None:
    """How many school days a goal was under way and how that ended; None where nobody can say."""
    start = beginning(until(events, "met", "dropped"))
    if start is None:
        return None
    ended = next((event for event, _ in applied(events) if event.event in ("met", "dropped")), None)
    stop = school.number(ended.time) if ended else school.last_number(learner, on)
    days = stop - school.number(start.time) + 1
    return (days, ended.event if ended else "open") if days > 0 else None
