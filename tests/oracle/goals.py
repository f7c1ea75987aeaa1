"""Goals of a class, counted once more in plain loops."""

from collections import defaultdict
from datetime import date

import pandas as pd

from tests.oracle.progress import status, time_to_goal
from tests.oracle.school import OPEN, School, applied, day_of, frame, in_order
from tests.oracle.together import episodes


def goal_summary(school: School, order: str = "name", on: date | None = None) -> pd.DataFrame:
    """Each class's goals: who has them, how they stand, who is on them with whom, half of them met."""
    day = on or school.last_day
    people: dict[tuple[str | None, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with_others = {
        (row["learner_id"], row["goal_id"])
        for row in episodes(school, day).to_dict("records")
        if row["partners"] and row["status"] in OPEN
    }
    for (learner, goal), events in school.pairs(day).items():
        mine, stands = people[school.learners[learner].get("class_id"), goal], applied(events)[-1][1]
        if stands == "dropped":
            mine["dropped"].add(learner)
            continue
        mine["learners"].add(learner)
        mine["met"] |= {learner} if stands == "met" else set()
        if (learner, goal) in with_others:
            mine["together"].add(learner)
        elif stands != "set":
            mine["alone"].add(learner)
    for class_id, goal, part, learner, _, _ in _people(school, day):
        people[class_id, goal][part].add(learner)
    counted = ("learners", "met", "dropped", "stuck", "could_help", "together", "alone")
    rows = [
        (*place, *(len(mine[name]) for name in counted), *_half(school, place, day)) for place, mine in people.items()
    ]
    names = ["class_id", "goal_id", *counted, "at_risk", "median_days", "days_known"]
    rows.sort(key=lambda row: _place(school, dict(zip(names, row, strict=True)), order))
    whole = dict.fromkeys(counted[:5], "int64") | dict.fromkeys(counted[5:], "Int64")
    whole["at_risk"] = "int64"
    found = frame(rows, class_id="str", goal_id="str", **whole, median_days="Int64", days_known="Int64")
    return (
        found if school.parts else found.assign(together=pd.NA, alone=pd.NA).astype(dict.fromkeys(names[7:9], "Int64"))
    )


def goal_learners(school: School, on: date | None = None) -> pd.DataFrame:
    """Who is stuck on a goal, and who has met it."""
    rows = sorted(
        _people(school, on or school.last_day),
        key=lambda row: (*in_order(row[:2]), row[2] != "stuck", row[5] * (-1 if row[2] == "stuck" else 1), row[3]),
    )
    return frame(
        rows, class_id="str", goal_id="str", part="str", learner_id="str", since="datetime64[us]", days="int64"
    )


def _people(school: School, day: date) -> list[tuple[object, ...]]:
    standing = status(school, day).astype(object).to_dict("records")
    room = {learner: known.get("class_id") for learner, known in school.learners.items()}
    here = {learner for learner in room if _here(school, learner, day) and not _away(school, learner, day)}
    wanted = {(room[r["learner_id"]], r["goal_id"]) for r in standing if r["status"] in OPEN}
    rows = []
    for each in standing:
        learner, goal = each["learner_id"], each["goal_id"]
        place, since = (room[learner], goal), (learner, each["since"], each["days_in_status"])
        if each["status"] == "stuck":
            rows.append((*place, "stuck", *since))
        if each["status"] == "met" and learner in here and place in wanted:
            rows.append((*place, "could_help", *since))
    return rows


def _here(school: School, learner: str, day: date) -> bool:
    joined, left = (day_of(school.learners[learner].get(name)) for name in ("joined", "left"))
    return (joined is None or joined <= day) and (left is None or left >= day)


def _away(school: School, learner: str, day: date) -> bool:
    return any(
        share == 1
        and who == learner
        and school.number(when) == school.number(day)
        and school.calendar.at(when).date == when
        for (who, when), share in school.away.items()
    )


def _half(school: School, place: tuple[str | None, str], day: date) -> tuple[int, int | None, int | None]:
    curves = time_to_goal(school, ("class_id", "goal_id"), day).astype(object).to_dict("records")
    mine = [r for r in curves if r["goal_id"] == place[1] and (r["class_id"] == place[0] or pd.isna(r["class_id"]))]
    mine = [r for r in mine if pd.isna(r["class_id"]) == (place[0] is None)]
    reached = [row["days"] for row in mine if row["share_met"] >= 0.5 - 1e-12]
    at_risk = max((row["at_risk"] for row in mine), default=0)
    return at_risk, min(reached, default=None), max((row["days"] for row in mine), default=None)


def _place(school: School, row: dict[str, object], order: str) -> tuple[object, ...]:
    half = row["median_days"] if row["median_days"] is not None else row["days_known"] or 0
    title = str(school.goals[str(row["goal_id"])].get("title") or row["goal_id"]).casefold()
    few = row["at_risk"] < 5
    first = {"name": (), "slow": (few, -half), "stuck": (-row["stuck"], few, -half)}[order]
    return (*in_order((row["class_id"],)), *first, title, row["goal_id"])
