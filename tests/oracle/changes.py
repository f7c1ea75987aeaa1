"""What has changed between two days, counted once more in plain loops."""

from datetime import date

import pandas as pd

from tests.oracle.progress import status
from tests.oracle.school import School, day_of, frame, in_order

_COUNTS = ("goals", "met", "stuck")


def changes(school: School, since: date, on: date) -> pd.DataFrame:
    """How each learner who was there on one of two days stood on both, and with whom they had worked."""
    stood = {day: _standing(school, day) for day in (since, on)}
    rows = []
    for learner, known in school.learners.items():
        joined, left = (day_of(known.get(name)) for name in ("joined", "left"))
        if (joined is not None and joined > on) or (left is not None and left < since):
            continue
        before, now = (stood[day].get(learner, {}) for day in (since, on))
        counts = []
        for wanted in ({"set", "working", "stuck", "met"}, {"met"}, {"stuck"}):
            counts += [sum(each in wanted for each in goals.values()) for goals in (before, now)]
        newly = [sum(v == kind != before.get(k) for k, v in now.items()) for kind in ("met", "stuck")]
        times = [_times(school, learner, day) for day in (since, on)]
        people = [_people(school, learner, day) for day in (since, on)]
        together = [*map(len, times), *map(len, people), len(people[1] - people[0])]
        rows.append((learner, known.get("class_id"), *counts, *newly, *together))
    rows.sort(key=lambda row: in_order((row[1], row[0])))
    names = [f"{name}{day}" for name in _COUNTS for day in ("_before", "")] + ["newly_met", "newly_stuck"]
    names += ["times_before", "times", "partners_before", "partners", "new_partners"]
    found = frame(rows, learner_id="str", class_id="str", **dict.fromkeys(names, "Int64"))
    if not school.events:
        found[names[:8]] = pd.NA
    if not school.parts:
        found[names[8:]] = pd.NA
    return found.astype(dict.fromkeys(names, "Int64"))


def _standing(school: School, day: date) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in status(school, day).to_dict("records"):
        found.setdefault(row["learner_id"], {})[row["goal_id"]] = row["status"]
    return found


def _times(school: School, learner: str, day: date) -> set[str]:
    return {e for e, people in _episodes(school, day).items() if learner in people and len(people) > 1}


def _people(school: School, learner: str, day: date) -> set[str]:
    return {each for e in _times(school, learner, day) for each in _episodes(school, day)[e]} - {learner}


def _episodes(school: School, day: date) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in school.parts:
        found.setdefault(part.episode, set()).add(part.learner)
    begun = {e: min(part.time for part in school.parts if part.episode == e).date() for e in found}
    return {e: people for e, people in found.items() if begun[e] <= day}
