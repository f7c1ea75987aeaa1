"""Who could work with whom: the rules from where the oracle says everybody stands, the assignment by brute force."""

from collections import Counter, defaultdict
from datetime import date
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflectlab
from reflectlab import ProgressLog, simulate
from reflectlab.errors import ArgumentError
from reflectlab.measure.opportunities import assign
from reflectlab.simulate import simulate_school
from tests import oracle
from tests.logs import Tables, class_logs, days_to_report
from tests.oracle.school import OPEN, School, day_of

NEED = ["stuck", "working", "set"]


def best(costs: np.ndarray, capacity: np.ndarray) -> tuple[int, float, int]:
    """The best assignment of all there are: fewest without anybody, then least cost, then the most even."""
    found = []
    choices = [[-1, *np.flatnonzero(np.isfinite(row))] for row in costs]
    for given_ in product(*choices):
        number = Counter(helper for helper in given_ if helper >= 0)
        if all(times <= capacity[helper] for helper, times in number.items()):
            found.append(worth(costs, given_))
    return min(found)


def worth(costs: np.ndarray, given_: Any) -> tuple[int, float, int]:
    number = Counter(int(helper) for helper in given_ if helper >= 0)
    cost = sum(costs[row, helper] for row, helper in enumerate(given_) if helper >= 0)
    return sum(helper < 0 for helper in given_), float(cost), sum(n * (n - 1) // 2 for n in number.values())


@settings(max_examples=100)
@given(st.integers(0, 5), st.integers(1, 4), st.data())
def test_the_assignment_is_the_best_there_is(learners: int, helpers: int, data: st.DataObject) -> None:
    cell = st.sampled_from([0.0, 1.0, 3.0, 20.0, np.inf, np.inf])
    costs = np.array(data.draw(st.lists(cell, min_size=learners * helpers, max_size=learners * helpers)))
    costs = costs.reshape(learners, helpers)
    capacity = np.array(data.draw(st.lists(st.integers(0, 3), min_size=helpers, max_size=helpers)), dtype=np.int64)
    given_ = assign(costs, capacity)
    assert all(np.isfinite(costs[row, helper]) for row, helper in enumerate(given_) if helper >= 0)
    assert (np.bincount(given_[given_ >= 0], minlength=helpers) <= capacity).all()
    assert worth(costs, given_) == best(costs, capacity)


def standing(school: School, on: date | None) -> dict[str, dict[str, tuple[str, int]]]:
    """Where those who are there stand on each of their goals, and for how many school days."""
    day = on or school.last_day
    today = school.number(day)
    found: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    for row in oracle.stretches(school, day).itertuples(index=False):
        known = school.learners[row.learner_id]
        joined, left = day_of(known.get("joined")), day_of(known.get("left"))
        here = (joined or date.min) <= day <= (left or date.max)
        away = school.away.get((row.learner_id, school.calendar.days[today - 1].date)) == 1
        if pd.isna(row.stop) and here and not away:
            found[row.learner_id][row.goal_id] = row.status, today - row.start_day
    return dict(found)


def check(school: School, table: pd.DataFrame, on: date | None, recency: int = 20, per_helper: int = 2) -> None:
    """Every rule of the design, for every row."""
    stands = standing(school, on)
    room = {learner: school.learners[learner].get("class_id") for learner in stands}
    opened = {learner for learner, goals in stands.items() if any(status in OPEN for status, _ in goals.values())}
    assert set(table["learner_id"]) == opened
    assert table.groupby("learner_id").size().between(1, 3).all()
    asked = table.loc[table["suggestion"] == "supporter", "with_learner_id"].value_counts()
    assert (asked <= per_helper).all()
    assert not table.dropna(subset="with_learner_id").duplicated(["learner_id", "with_learner_id"]).any()
    for row in table.itertuples(index=False):
        mine = stands[row.learner_id]
        assert row.need == mine[row.goal_id][0]
        assert row.need in OPEN
        if row.suggestion == "teacher":
            assert pd.isna(row.with_learner_id)
            continue
        assert row.with_learner_id != row.learner_id
        assert room[row.with_learner_id] == room[row.learner_id]
        status, days = stands[row.with_learner_id][row.goal_id]
        assert (status == "met" and days <= recency) if row.suggestion == "supporter" else status in OPEN
    check_order(table, stands)
    check_nobody_forgotten(table, stands, room, recency, per_helper)


def check_order(table: pd.DataFrame, stands: dict[str, dict[str, tuple[str, int]]]) -> None:
    """Stuck first, the longest stuck first."""
    stuck = {
        learner: max((days for status, days in goals.values() if status == "stuck"), default=-1)
        for learner, goals in stands.items()
    }
    order = [stuck[learner] for learner in dict.fromkeys(table["learner_id"])]
    assert order == sorted(order, reverse=True)


def check_nobody_forgotten(
    table: pd.DataFrame,
    stands: dict[str, dict[str, tuple[str, int]]],
    room: dict[str, Any],
    recency: int,
    per_helper: int,
) -> None:
    """As few stuck learners as possible have no supporter; who has a classmate on the same goal is told of one."""
    helped = set(table.loc[table["suggestion"] == "supporter", "learner_id"])
    graph = nx.Graph()
    stuck_learners = set()
    for learner, goals in stands.items():
        stuck = {goal for goal, (status, _) in goals.items() if status == "stuck"}
        mates = [other for other in stands if other != learner and room[other] == room[learner]]
        opened = {goal for goal, (status, _) in goals.items() if status in OPEN}
        peers = any(stands[other].get(goal, ("",))[0] in OPEN for other in mates for goal in opened)
        mine = table[table["learner_id"] == learner]
        if peers:
            assert (mine["suggestion"] == "same_goal").any() or len(mine) == 3
        if opened and not peers and learner not in helped:
            assert set(mine["suggestion"]) == {"teacher"}
        if stuck:
            stuck_learners.add(learner)
            able = [
                o for o in mates for g in stuck if stands[o].get(g, ("", 0))[0] == "met" and stands[o][g][1] <= recency
            ]
            graph.add_edges_from(
                (("learner", learner), (helper, turn)) for helper in able for turn in range(per_helper)
            )
    sides = {node for node in graph if node[0] == "learner"}
    most = len(nx.bipartite.maximum_matching(graph, sides)) // 2 if sides else 0
    assert len(helped & stuck_learners) == most


def of_polars(tables: Tables) -> ProgressLog:
    return ProgressLog.from_tables(**tables)


@settings(max_examples=30)
@given(
    class_logs().filter(lambda tables: "events" in tables),
    days_to_report(),
    st.sampled_from([0, 3, 20]),
    st.sampled_from([0, 1, 2]),
)
def test_the_rules_hold_in_any_log(tables: Tables, on: date | None, recency: int, per_helper: int) -> None:
    found = reflectlab.opportunities(of_polars(tables), on=on, recency=recency, per_helper=per_helper)
    check(School.from_tables(**tables), found, on, recency, per_helper)


DAY = date(2026, 8, 19)


def school_tables(seed: int, mode: str) -> Tables:
    school = simulate_school(classes=2, learners=26, goals=8, mode=mode, seed=seed)
    return {name: getattr(school, name) for name in ("events", "collaborations", "learners", "goals", "terms")}


@pytest.mark.parametrize(("seed", "mode"), [(1, "times"), (2, "dates")])
@pytest.mark.parametrize("per_helper", [1, 2])
def test_the_rules_hold_in_a_school(seed: int, mode: str, per_helper: int) -> None:
    tables = school_tables(seed, mode)
    found = reflectlab.opportunities(of_polars(tables), on=DAY, per_helper=per_helper)
    assert (found["need"] == "stuck").any()
    check(School.from_tables(**tables), found, DAY, per_helper=per_helper)


def test_reasons_name_the_classmate_and_invite() -> None:
    log = simulate(classes=1, learners=26, goals=8, seed=1)
    names = log.learners.set_index("learner_id")["name"]
    found = reflectlab.opportunities(log, on=DAY).dropna(subset="with_learner_id")
    assert len(found) > 20
    for row in found.itertuples(index=False):
        assert row.reason.startswith(names[row.with_learner_id])
        assert ": you could " in row.reason
        assert row.reason.endswith(".")


def test_a_selection_narrows_who_is_served_and_not_who_can_help() -> None:
    log = simulate(classes=2, learners=26, goals=8, seed=1)
    whole = reflectlab.opportunities(log, on=DAY)
    some = log.learners["learner_id"].iloc[:5].tolist()
    found = reflectlab.opportunities(log.select(learner_id=some), on=DAY)
    expected = whole[whole["learner_id"].isin(some)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("options", [{"recency": -1}, {"per_helper": 1.5}, {"per_helper": True}])
def test_numbers_are_whole_and_not_negative(options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="must be a whole number from 0"):
        reflectlab.opportunities(reflectlab.example(), **options)
