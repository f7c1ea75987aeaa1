"""The simulated school: what it writes down is a log without a fault, and its knobs do what they say.

That its truth is recovered is in studies/recovery.py.
"""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reflectlab.errors import ArgumentError, MissingColumnError
from reflectlab.simulate import School, simulate, simulate_school

MODES = ["times", "dates"]
SPELL = ["learner_id", "goal_id"]


@pytest.fixture(scope="module", params=MODES)
def school(request: pytest.FixtureRequest) -> School:
    return simulate_school(mode=request.param, seed=3, closed=[date(2026, 8, 21)])


def test_the_same_seed_gives_the_same_school() -> None:
    one, same, other = (simulate_school(classes=2, seed=seed) for seed in (1, 1, 2))
    for field in fields(School):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(same, field.name))
    assert not one.events.equals(other.events)


def test_the_log_has_nothing_to_complain_of(school: School) -> None:
    log = school.log()
    assert log.problems.empty
    assert len(log.events) == len(school.events)
    assert len(log.collaborations) == len(school.collaborations)
    assert log.dates_only == (school.events["time"].dt.hour == 0).all()


def test_simulate_is_the_log_of_the_school() -> None:
    asked: dict[str, Any] = {"classes": 1, "learners": 9, "weeks": 5, "mode": "dates", "seed": 4}
    pd.testing.assert_frame_equal(simulate(**asked).events, simulate_school(**asked).log().events)


def test_closed_days_and_weekends_are_free(school: School) -> None:
    for table in (school.events, school.collaborations):
        days = table["time"].dt.normalize()
        assert (days.dt.day_of_week < 5).all()
        assert not (days == "2026-08-21").any()


def test_some_join_late_and_some_leave(school: School) -> None:
    moved = school.learners.groupby("class_id")[["joined", "left"]].count()
    assert (moved == 1).all(axis=None)
    for table in (school.events, school.collaborations):
        days = table.assign(day=table["time"].dt.normalize()).merge(school.learners, on="learner_id")
        assert not (days["day"] < days["joined"]).any()
        assert not (days["day"] > days["left"]).any()


def test_every_child_has_a_pathway_of_their_own(school: School) -> None:
    started = school.events[school.events["event"] == "started"]
    assert not started.duplicated(SPELL).any()
    stayed = school.learners.loc[school.learners["joined"].isna() & school.learners["left"].isna(), "learner_id"]
    assert started[started["learner_id"].isin(stayed)].groupby("learner_id").size().between(5, 9).all()
    assert started.groupby("learner_id")["goal_id"].agg(tuple).nunique() == len(school.learners)


def test_it_looks_like_a_class(school: School) -> None:
    weeks = 10 * len(school.learners)
    assert 0.7 < len(school.collaborations) / weeks < 1.5
    assert 0.75 < school.truth["met"].mean() < 0.95
    assert 0.6 < (school.collaborations["chosen_by"] == "learner").mean() < 0.8
    happened = school.events.groupby("event").size()
    assert (happened[["set", "started", "worked", "stuck", "met", "reopened", "dropped"]] > 0).all()
    assert set(school.learners["learner_id"]) > set(school.collaborations["learner_id"])
    assert school.collaborations["role"].isna().any()


def test_whoever_works_on_a_goal_has_it_open_or_has_met_it(school: School) -> None:
    truth = school.truth.rename(columns={"met": "was_met"})
    opened = school.events[school.events["event"] == "started"].set_index(SPELL)["time"].rename("opened")
    met = school.events[school.events["event"] == "met"].groupby(SPELL)["time"].min().rename("met")
    rows = school.collaborations.dropna(subset=["goal_id"]).join(opened, on=SPELL).join(met, on=SPELL)
    rows = rows.merge(truth, on=SPELL, how="left")
    rows["helped"] = rows["met"] < rows["time"]
    assert (rows["opened"] <= rows["time"]).all()
    helpers = rows.groupby("episode_id")["helped"].agg(["sum", "size"])
    assert (helpers["sum"] <= 1).all()
    assert (helpers["size"] - helpers["sum"] >= 1).all()
    first = rows[~rows["helped"]].sort_values("time", kind="stable").drop_duplicates(SPELL)
    assert len(first) == np.isfinite(school.truth["switch"]).sum()


def test_kinds_and_classes_may_differ() -> None:
    by_kind = simulate_school(hazard_ratio={"sought_support": 50.0}, seed=5).truth
    after = (by_kind["stop"] - by_kind["switch"])[by_kind["met"]].groupby(by_kind["kind"]).mean()
    assert after["sought_support"] < after["shared_goal"] / 3
    by_class = simulate_school(classes=2, hazard_ratio=(1.0, 50.0), seed=5)
    room = by_class.truth.merge(by_class.learners, on="learner_id")
    after = (room["stop"] - room["switch"])[room["met"] & np.isfinite(room["switch"])].groupby(room["class_id"]).mean()
    assert after["Room 6"] < after["Room 5"] / 3


def test_ability_may_drive_sociability() -> None:
    for tie in (-0.9, 0.0, 0.9):
        learners = simulate_school(classes=20, ability_sociability=tie, seed=6).truth.drop_duplicates("learner_id")
        social = learners[learners["sociability"] > 0]
        found = np.corrcoef(np.log(social["ability"]), np.log(social["sociability"]))[0, 1]
        assert abs(found - tie) < 0.1


def test_whoever_is_stuck_may_seek_more() -> None:
    def while_stuck(factor: float) -> float:
        school = simulate_school(classes=10, seek_when_stuck=factor, seed=7)
        stuck = school.events[school.events["event"] == "stuck"].set_index(SPELL)["time"].rename("stuck")
        sought = school.truth.set_index(SPELL).join(stuck, how="inner")
        start = pd.Timestamp("2026-07-20")
        age = sought["stuck"].map(lambda time: np.busday_count(start.date(), time.date())) - np.floor(sought["switch"])
        return float((age == 0).mean())

    assert while_stuck(8.0) > 2 * while_stuck(1.0)


def test_what_nobody_wrote_down_is_missing_and_has_its_effect() -> None:
    whole, half = (simulate_school(unrecorded=share, seed=8) for share in (0.0, 0.5))
    assert 0.4 < half.collaborations["episode_id"].nunique() / whole.collaborations["episode_id"].nunique() < 0.6
    pd.testing.assert_frame_equal(whole.truth, half.truth)
    nothing = simulate_school(unrecorded=1.0, seed=8)
    assert nothing.collaborations.empty
    assert nothing.log().collaborations.empty


def test_goals_may_be_unequal() -> None:
    spread = []
    for difficulty in (0.0, 1.0):
        truth = simulate_school(classes=20, difficulty=difficulty, seed=9).truth
        early = truth[truth["start"] < 15].assign(days=truth["stop"] - truth["start"]).groupby("goal_id")["days"]
        spread.append(early.median()[early.size() > 50].std())
    assert spread[1] > 3 * spread[0]


def test_goals_of_your_own() -> None:
    mine = pd.DataFrame({"goal_id": ["a", "b"], "title": ["One", "Two"]})
    school = simulate_school(classes=1, goals=mine, seed=1)
    assert set(school.events["goal_id"]) == {"a", "b"}
    assert school.log().goals["title"].tolist() == ["One", "Two"]


@pytest.mark.parametrize("learners", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_a_class_may_be_tiny(learners: int, mode: str) -> None:
    for seed in range(10):
        school = simulate_school(classes=1, learners=learners, weeks=1, goals=1, mode=mode, seed=seed)
        assert len(school.log().events) == len(school.events)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"mode": "minutes"}, "`mode` must be one of"),
        ({"classes": 0}, "`classes` must be a whole number from 1; got 0"),
        ({"weeks": 0}, "`weeks` must be a whole number from 1; got 0"),
        ({"goals": 0}, "`goals` must be a whole number from 1; got 0"),
        ({"hazard_ratio": -1.0}, "`hazard_ratio` must be above 0"),
        ({"hazard_ratio": (1.0, 2.0)}, "`hazard_ratio` must be one number, or one for each class"),
        ({"hazard_ratio": {"gave_support": 2.0}}, "`hazard_ratio` must be one of 'shared_goal', 'sought_support'"),
        ({"ability_sociability": 2.0}, "`ability_sociability` must be from -1 to 1"),
        ({"seek_when_stuck": 0.5}, "`seek_when_stuck` must be 1 or more"),
        ({"difficulty": -1.0}, "`difficulty` must be 0 or more"),
        ({"unrecorded": 2.0}, "`unrecorded` must be from 0 to 1"),
        ({"closed": [date(2026, 7, 20) + timedelta(days=n) for n in range(70)]}, "`closed` leaves no school day"),
    ],
)
def test_what_is_out_of_range_is_said(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        simulate_school(**asked)
    assert str(caught.value).startswith(said)


def test_goals_need_their_id() -> None:
    with pytest.raises(MissingColumnError):
        simulate_school(goals=pd.DataFrame({"goal": ["a"]}))
