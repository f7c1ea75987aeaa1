"""Goal by goal: equal to an oracle of plain loops, and true to its words at their edges."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog, goal_learners, goal_summary, opportunities, time_to_goal
from tests import oracle
from tests.logs import Tables, class_logs, days_to_report
from tests.measure.cases import log_of

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

INTERVAL = ["median_low", "median_high"]

few = settings(max_examples=12)
logs, days = class_logs(), days_to_report()
orders = st.sampled_from(["name", "slow", "stuck"])


@few
@given(logs, days, orders)
def test_every_goal_is_as_it_is_counted_in_plain_loops(tables: Tables, on: date | None, order: str) -> None:
    school = oracle.School.from_tables(**tables)
    found = goal_summary(ProgressLog.from_tables(**tables), order=order, on=on)
    assert_frame_equal(found.drop(columns=INTERVAL), oracle.goal_summary(school, order, on))


@few
@given(logs, days)
def test_who_is_stuck_and_who_could_help(tables: Tables, on: date | None) -> None:
    expected = oracle.goal_learners(oracle.School.from_tables(**tables), on)
    assert_frame_equal(goal_learners(ProgressLog.from_tables(**tables), on=on), expected)


@pytest.fixture(scope="session")
def sample(root: Path) -> Tables:
    log = reflectlab.load(root / "data" / "sample")
    return {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals", "terms")}


@pytest.mark.parametrize("order", ["name", "slow", "stuck"])
def test_on_the_sample(engine: Engine, sample: Tables, order: str) -> None:
    school = oracle.School.from_tables(**sample)
    found = goal_summary(engine(sample), order=order)
    assert_frame_equal(found.drop(columns=INTERVAL), oracle.goal_summary(school, order))
    assert_frame_equal(goal_learners(engine(sample)), oracle.goal_learners(school))
    assert found["stuck"].sum() > 0
    assert found[INTERVAL].notna().any().all()


def test_the_interval_is_where_the_bounds_of_the_curve_reach_one_half(sample: Tables) -> None:
    log = ProgressLog.from_tables(**sample)
    found = goal_summary(log).set_index(["class_id", "goal_id"])
    for place, curve in time_to_goal(log, ["class_id", "goal_id"]).groupby(["class_id", "goal_id"]):
        for name, bound in (("median_low", "high"), ("median_high", "low")):
            reached = [day for day, share in zip(curve["days"], curve[bound], strict=True) if share >= 0.5 - 1e-9]
            expected = min(reached) if reached and curve["at_risk"].iloc[0] >= 5 else None
            assert found.loc[place, name] == expected or (expected is None and pd.isna(found.loc[place, name]))


@pytest.mark.parametrize(("learners", "known"), [(4, False), (5, True)])
def test_of_fewer_than_five_there_is_no_interval(learners: int, known: bool) -> None:
    happened = [
        (f"l{n}", "hook", event, day) for n in range(learners) for event, day in (("set", 0.4), ("met", n + 0.5))
    ]
    row = goal_summary(log_of(happened)).iloc[0]
    assert (row["median_days"], pd.notna(row["median_low"])) == ((learners + 1) // 2, known)


def test_whoever_can_be_asked_is_who_the_invitations_take_for_a_supporter(sample: Tables) -> None:
    log = ProgressLog.from_tables(**sample)
    people = goal_learners(log)
    helpers = people[people["part"] == "could_help"]
    invited = opportunities(log, per_helper=99)
    asked = invited[invited["suggestion"] == "supporter"]
    pairs = set(zip(helpers["goal_id"], helpers["learner_id"], strict=True))
    assert set(zip(asked["goal_id"], asked["with_learner_id"], strict=True)) <= pairs
    assert len(asked)


def test_what_was_over_before_a_period_is_not_counted_in_it() -> None:
    log = log_of([("a", "hook", "set", 0.4), ("a", "hook", "met", 1.4), ("b", "hook", "set", 7.4)])
    assert goal_summary(log)["learners"].tolist() == [2]
    assert goal_summary(log.select(start="2026-02-09"))["learners"].tolist() == [1]


def test_equals_go_by_title_whatever_its_capitals() -> None:
    goals = pd.DataFrame({"goal_id": ["1", "2", "3"], "title": ["verbs", "Adjectives", "hooks"]})
    log = log_of([("a", goal, "set", 0.4) for goal in goals["goal_id"]], goals=goals)
    for order in ("name", "slow", "stuck"):
        assert goal_summary(log, order=order)["goal_id"].tolist() == ["2", "3", "1"]


def test_an_unknown_order_is_told() -> None:
    with pytest.raises(reflectlab.ArgumentError, match="`order` must be one of 'name', 'slow', 'stuck'; got 'fast'"):
        goal_summary(reflectlab.example(), order="fast")
