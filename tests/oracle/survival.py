"""Goals as (start, stop] rows, in plain loops over whole microseconds."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from tests.oracle.progress import beginning, until
from tests.oracle.school import Event, School, applied, day_of, frame
from tests.oracle.together import episodes

DAY = timedelta(days=1)
ZERO = datetime(1, 1, 1)
KIND_ORDER = ["gave_support", "sought_support", "shared_goal", "other"]
CHOOSER_ORDER = ["learner", "teacher", "not noted"]


def to_counting_process(school: School, unit: str = "school_days") -> pd.DataFrame:
    """Rows of all goals, sorted by learner, goal and start."""
    together, rows = _together(school), []
    for (learner, goal), events in school.pairs(None).items():
        span = _span(school, learner, events, unit)
        if span is None:
            continue
        begun, end, ending = span
        # The clock of days counts the first of January of the year 1 as day 1.
        since = (begun + (DAY if unit == "days" else timedelta(0))) / DAY
        noted = int(any(event.event in ("started", "set") for event in until(events, "met", "dropped")))
        known = (learner, school.learners[learner].get("class_id"), goal)
        time_of, kind, chosen_by = together.get((learner, goal), (None, None, None))
        switch = end if time_of is None else max(_end(school, time_of, unit) - begun, timedelta(0))
        if time_of is None or switch >= end - begun:
            cut = [(timedelta(0), end - begun, 0, None, None, ending)]
        else:
            cut = [(timedelta(0), switch, 0, None, None, "together"), (switch, end - begun, 1, kind, chosen_by, ending)]
        for start, stop, exposed, *told, why in cut:
            if stop > start:
                rows.append((*known, start / DAY, stop / DAY, int(why == "met"), exposed, *told, why, since, noted))
    return frame(
        rows,
        learner_id="str",
        class_id="str",
        goal_id="str",
        start="float64",
        stop="float64",
        met="int64",
        collaborative="int64",
        kind="str",
        chosen_by="str",
        ending="str",
        begun="float64",
        begun_noted="int64",
    )


def _span(school: School, learner: str, events: list[Event], unit: str) -> tuple[timedelta, timedelta, str] | None:
    """When a goal was begun and ended, as time on the clock, and why it ended; None where no beginning is known."""
    begun = beginning(until(events, "met", "dropped"))
    if begun is None:
        return None
    closing = [event for event, _ in applied(events) if event.event in ("met", "dropped")]
    last, why = _evening(school, school.last_day, unit), "open"
    left = day_of(school.learners[learner].get("left"))
    if left is not None and _left(school, left, unit) < last:
        last, why = _left(school, left, unit), "left"
    for event in closing[:1]:
        if _end(school, event.time, unit) <= last:
            last, why = _end(school, event.time, unit), event.event
    return _clock(school, begun.time, unit), last, why


def _together(school: School) -> dict[tuple[str, str], tuple[datetime, str, str]]:
    """When each learner first worked on each goal with somebody, and what that was."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in episodes(school).astype(object).to_dict("records"):
        if isinstance(row["goal_id"], str) and row["partners"]:
            chooser = row["chosen_by"] if isinstance(row["chosen_by"], str) else "not noted"
            found.setdefault((row["learner_id"], row["goal_id"]), ())
            found[row["learner_id"], row["goal_id"]] += ((row["time"].to_pydatetime(), row["kind"], chooser),)
    out = {}
    for pair, times in found.items():
        start = min(when for when, *_ in times)
        now = [told for when, *told in times if when == start]
        kind = min((kind for kind, _ in now), key=KIND_ORDER.index)
        out[pair] = (start, kind, min((chooser for _, chooser in now), key=CHOOSER_ORDER.index))
    return out


def _clock(school: School, when: datetime, unit: str) -> timedelta:
    """Time on the clock of the unit: that of school days stands still on all others."""
    if unit == "days":
        return when - ZERO
    number = school.number(when)
    begins = datetime.combine(school.calendar.days[number - 1].date, time(0))
    return number * DAY + min(max(when - begins, timedelta(0)), DAY)


def _end(school: School, when: datetime, unit: str) -> timedelta:
    """The same for what ends or switches: with dates only, at the end of its day."""
    return _clock(school, when, unit) + (DAY if school.dates_only else timedelta(0))


def _evening(school: School, day: date, unit: str) -> timedelta:
    """The end of a day. With dates only a Saturday is the Monday after it, and ends with it."""
    if school.dates_only:
        return _end(school, datetime.combine(day, time(0)), unit)
    return _clock(school, datetime.combine(day, time(0)) + DAY, unit)


def _left(school: School, day: date, unit: str) -> timedelta:
    """The end of the day on which a learner left, within what the log and its terms span."""
    return _evening(school, day, unit)
