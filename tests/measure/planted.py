"""Simulated classes with a truth of each kind planted, and the digest's sentences checked by the oracle."""

from datetime import timedelta
from typing import Any

import pandas as pd

import reflectlab
from reflectlab import ProgressLog
from tests import oracle
from tests.oracle.company import availability

WEEKS = 8

PLANTED = {
    "stuck_alone": {"learner_id": "A1", "goal_id": "nobody-has-it"},
    "could_help": {"learner_id": "A2", "goal_id": "met-by-one"},
    "due": {"learner_id": "A5", "goal_id": "due-soon"},
    "alone": {"learner_id": "A3"},
    "one_partner": {"learner_id": "A4", "with_learner_id": "A5"},
    "slow_goal": {"goal_id": "slow"},
}
"""What is planted: who, and on what."""

_MONDAY = pd.Timestamp("2026-07-20 10:00")


def simulated(seed: int) -> dict[str, pd.DataFrame]:
    """The tables of a simulated class of twelve."""
    log = reflectlab.simulate(classes=1, learners=12, weeks=WEEKS, seed=seed)
    return {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals", "terms")}


def with_planted(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of a class with five more children, and a truth of each kind."""
    class_id = tables["learners"]["class_id"].iloc[0]
    people = [{"learner_id": f"A{n}", "name": f"Planted {n}", "class_id": class_id} for n in range(1, 6)]
    goals = [{"goal_id": key, "title": key} for key in ("nobody-has-it", "met-by-one", "slow", "everyday")]
    goals += [{"goal_id": "due-soon", "title": "due-soon", "due": _school_day(5 * WEEKS - 1).normalize()}]
    others = tables["learners"]["learner_id"].tolist()
    happened = [
        *_rows("A1", "nobody-has-it", {1: "started", 30: "stuck"}),
        *_rows("A2", "met-by-one", {1: "started", 4: "met"}),
        *_rows("A1", "met-by-one", {20: "started", 31: "stuck"}),
        *_rows("A5", "due-soon", {2: "set"}),
        *_rows("A4", "due-soon", {2: "set", 7: "met"}),
        *(row for who in ("A3", "A4", "A5", others[0]) for row in _rows(who, "everyday", {0: "started"})),
        *(row for who in others[1:8] for row in _rows(who, "slow", {0: "started", 37: "met"})),
    ]
    met = [
        {"episode_id": f"planted {day}", "learner_id": who, "goal_id": "everyday", "time": _school_day(day)}
        for day in (1, 3, 6, 9, 12, 15, 18, 21, 33)
        for who in ("A4", "A5")
    ] + [
        {"episode_id": "planted others", "learner_id": who, "goal_id": "everyday", "time": _school_day(36)}
        for who in ("A1", "A2", others[0])
    ]
    more = {"events": happened, "collaborations": met, "learners": people, "goals": goals}
    return {
        name: pd.concat([table, pd.DataFrame(more[name])], ignore_index=True) if name in more else table
        for name, table in tables.items()
    }


def _rows(learner: str, goal: str, days: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {"learner_id": learner, "goal_id": goal, "event": event, "time": _school_day(n)} for n, event in days.items()
    ]


def _school_day(number: int) -> pd.Timestamp:
    return _MONDAY + pd.Timedelta(days=number // 5 * 7 + number % 5)


def is_so(row: Any, tables: dict[str, pd.DataFrame]) -> bool:
    """Whether what a sentence of the digest says is so, counted by the oracle."""
    school = oracle.School.from_tables(**{n: t.drop(columns="row", errors="ignore") for n, t in tables.items()})
    return _CHECKS[row.kind](row, school, oracle.status(school))


def _stuck_alone(row: Any, _: oracle.School, stands: pd.DataFrame) -> bool:
    mine = stands[(stands["learner_id"] == row.learner_id) & (stands["goal_id"] == row.goal_id)].iloc[0]
    others = stands[(stands["goal_id"] == row.goal_id) & (stands["learner_id"] != row.learner_id)]
    alone = others["status"].isin(["dropped"]).all()
    return (mine["status"], mine["days_in_status"]) == ("stuck", row.n) and row.n >= 3 and alone


def _could_help(row: Any, _: oracle.School, stands: pd.DataFrame) -> bool:
    on_goal = stands[stands["goal_id"] == row.goal_id].set_index("learner_id")
    stuck = on_goal[(on_goal["status"] == "stuck") & (on_goal["days_in_status"] >= 3)]
    met = on_goal[on_goal["status"] == "met"]
    return met.loc[row.learner_id, "days_in_status"] == met["days_in_status"].min() and len(stuck) == row.n


def _due(row: Any, school: oracle.School, stands: pd.DataFrame) -> bool:
    met = {event.learner for event in school.events if event.goal == row.goal_id and event.event == "met"}
    mine = stands[(stands["goal_id"] == row.goal_id) & stands["status"].isin(["set", "working", "stuck"])]
    days = school.number(row.since) - school.number(school.last_day)
    waiting = set(mine["learner_id"]) - met
    told = (school.goals[row.goal_id]["due"], min(waiting), len(waiting)) == (row.since, row.learner_id, row.n)
    return told and -20 <= days <= 5


def _alone(row: Any, school: oracle.School, _: pd.DataFrame) -> bool:
    days = availability(school)
    mine = days[(days["learner_id"] == row.learner_id) & (days["school_day"] > school.number(school.last_day) - 20)]
    shared = [part for part in school.parts if sum(other.episode == part.episode for other in school.parts) > 1]
    lately = any(part.learner == row.learner_id and part.time >= mine["date"].min() for part in shared)
    return (mine["anyone"] > 0).sum() == row.n >= 10 and not lately


def _one_partner(row: Any, school: oracle.School, _: pd.DataFrame) -> bool:
    mine = {part.episode for part in school.parts if part.learner == row.learner_id}
    people = [{part.learner for part in school.parts if part.episode == episode} for episode in mine]
    together = [each - {row.learner_id} for each in people if len(each) > 1]
    return len(together) == row.n >= 4 and all(each == {row.with_learner_id} for each in together)


def _slow_goal(row: Any, school: oracle.School, _: pd.DataFrame) -> bool:
    usual = _median(oracle.time_to_goal(school))
    curves = oracle.time_to_goal(school, by=["goal_id"])
    curve = curves[curves["goal_id"] == row.goal_id]
    return curve["at_risk"].max() >= 5 and _median(curve) == row.n >= max(2 * usual, usual + 5)


def _median(curve: pd.DataFrame) -> int:
    reached = curve.loc[curve["share_met"] >= 0.5, "days"]
    return int(reached.min() if len(reached) else curve["days"].max())


def _since(row: Any, school: oracle.School, _: pd.DataFrame) -> bool:
    found = oracle.changes(school, row.since.date() - timedelta(days=1), school.last_day)
    stuck, partners = ((found[name] > 0).sum() for name in ("newly_stuck", "new_partners"))
    numbers = [int(word) for word in row.sentence.split(":")[1].replace(",", "").split() if word.isdigit()]
    return numbers == [found["newly_met"].sum(), stuck, partners] and row.n == numbers[0]


_CHECKS = {
    "stuck_alone": _stuck_alone,
    "could_help": _could_help,
    "due": _due,
    "alone": _alone,
    "one_partner": _one_partner,
    "slow_goal": _slow_goal,
    "since": _since,
}


def found_in(seed: int) -> tuple[list[str], list[str], list[str]]:
    """Of a class with planted truths: which were not found, all sentences, and those of what is not so."""
    tables = with_planted(simulated(seed))
    found = reflectlab.digest(ProgressLog.from_tables(**tables))
    missed = [
        kind
        for kind, who in PLANTED.items()
        if not any(row.kind == kind and all(getattr(row, n) == v for n, v in who.items()) for row in found.itertuples())
    ]
    return missed, found["sentence"].tolist(), [row.sentence for row in found.itertuples() if not is_so(row, tables)]
