"""How far the answer could be wrong: each check against another road to the same number."""

import numpy as np
import pandas as pd
import pytest

from reflectlab import ProgressLog, compare, e_value, sensitivity, simulate
from reflectlab.errors import ArgumentError


@pytest.fixture(scope="module")
def log() -> ProgressLog:
    return simulate(classes=3, hazard_ratio=2, seed=5)


@pytest.fixture(scope="module")
def checks(log: ProgressLog) -> pd.DataFrame:
    return sensitivity(log).set_index("check")


def within(log: ProgressLog, **options: bool) -> pd.DataFrame:
    table = compare(log, **options).table
    return table[table["estimator"] == "within learners, adjusted for the goal"]


@pytest.mark.parametrize("ratio", [0.3, 0.8, 1.5, 4.0])
def test_an_unseen_cause_as_strong_as_the_e_value_could_just_do_it(ratio: float):
    # Ding and VanderWeele: a cause that goes with both by a and b moves the risk ratio by at most ab / (a + b - 1).
    strength = e_value(ratio)
    at_least_one = max(ratio, 1 / ratio)
    risk_ratio = (1 - 0.5**at_least_one**0.5) / (1 - 0.5**at_least_one**-0.5)
    assert strength**2 / (2 * strength - 1) == pytest.approx(risk_ratio)


def test_all_goals_are_those_of_the_comparison(log: ProgressLog, checks: pd.DataFrame):
    expected = within(log).iloc[0]
    assert checks.loc["all goals", ["hazard_ratio", "low", "high"]].tolist() == pytest.approx(
        expected[["hazard_ratio", "low", "high"]].tolist()
    )


def test_each_class_is_left_out_in_turn(log: ProgressLog, checks: pd.DataFrame):
    rooms = ["Room 5", "Room 6", "Room 7"]
    others = [[other for other in rooms if other != room] for room in rooms]
    ratios = [within(log.select(class_id=rest)).iloc[0]["hazard_ratio"] for rest in others]
    # The variance of the effects of goals stays that of all classes.
    found = checks.loc[[f"without {room}" for room in rooms], "hazard_ratio"].tolist()
    assert found == pytest.approx(ratios, rel=0.01)
    assert checks.loc["any class left out", ["low", "high"]].tolist() == pytest.approx([min(found), max(found)])


def test_episodes_chosen_by_learners_are_those_of_the_split(log: ProgressLog, checks: pd.DataFrame):
    split = within(log, chosen=True).set_index("chosen_by")
    assert checks.loc["chosen by the learner", "hazard_ratio"] == pytest.approx(split.loc["learner", "hazard_ratio"])


def test_the_unseen_cause_is_that_of_the_ratio_and_of_its_nearer_end(checks: pd.DataFrame):
    found = checks.loc["all goals"]
    assert checks.loc["unseen cause", "value"] == pytest.approx(e_value(found["hazard_ratio"]))
    assert checks.loc["unseen cause, limit", "value"] == pytest.approx(e_value(found["low"]))


def test_an_unseen_cause_of_a_ratio_below_one_pulls_apart():
    reading = sensitivity(simulate(hazard_ratio=0.4, seed=2)).set_index("check").loc["unseen cause", "reading"]
    assert "both working together and not meeting goals" in reading


@pytest.mark.parametrize("ratio", [0.0, -1.0, np.nan, np.inf])
def test_an_e_value_needs_a_ratio_above_0(ratio: float):
    with pytest.raises(ArgumentError, match="must be a number above 0"):
        e_value(ratio)


def test_no_unseen_cause_is_needed_where_the_interval_holds_no_difference():
    checks = sensitivity(simulate(classes=1, hazard_ratio=1, seed=1)).set_index("check")
    assert checks.loc["unseen cause, limit", "value"] == 1
    assert "no unseen cause is needed" in checks.loc["unseen cause, limit", "reading"]
    assert not checks.index.str.startswith("without").any()  # there is one class only


def test_where_there_is_no_ratio_each_check_says_so():
    checks = sensitivity(simulate(classes=2, learners=2, weeks=2, seed=1))
    checks = checks[checks["check"] != "how the log is filled in"]
    assert checks[["hazard_ratio", "low", "high", "value"]].isna().all(axis=None)
    assert checks["reading"].str.contains("[Nn]o ratio").all()
    assert not checks["reading"].str.contains("nan").any()


def test_how_the_log_is_filled_in_is_the_share_of_the_busiest_weekday(log: ProgressLog, checks: pd.DataFrame):
    met = log.events[log.events["event"] == "met"].drop_duplicates(["learner_id", "goal_id"])
    share = met["time"].dt.day_of_week.value_counts(normalize=True).max()
    assert checks.loc["how the log is filled in", "value"] == pytest.approx(share, abs=0.03)
    assert "the busiest day" in checks.loc["how the log is filled in", "reading"]


def test_goals_whose_beginning_is_not_noted_are_left_out_of_the_headline(log: ProgressLog):
    starts = log.events["event"].isin(["started", "set"]) & (log.events["goal_id"] == log.events["goal_id"].iloc[0])
    fewer = log.events.assign(event=log.events["event"].where(~starts, "worked"))
    other = ProgressLog.from_tables(
        events=fewer, collaborations=log.collaborations, learners=log.learners, goals=log.goals, terms=log.terms
    )
    found, whole = compare(other), compare(log)
    assert found.table["goals"].iloc[0] < whole.table["goals"].iloc[0]
    assert any("nobody noted the beginning; the headline leaves" in caveat for caveat in found.caveats)
    checks = sensitivity(other).set_index("check")
    assert checks.loc["also goals whose beginning is not noted", "hazard_ratio"] == pytest.approx(
        checks.loc["all goals", "hazard_ratio"], rel=0.2
    )


def test_the_ratio_by_days_since_and_from_the_next_day_are_those_of_rows_cut_there(log: ProgressLog):
    checks = sensitivity(log).set_index("check")
    pieces = checks.loc[
        [f"{name} days since first together" for name in ("0 to 1", "1 to 5", "over 5")], "hazard_ratio"
    ]
    assert pieces.min() < checks.loc["all goals", "hazard_ratio"] < pieces.max()
    assert checks.loc["counted from the next day", "hazard_ratio"] == pytest.approx(
        checks.loc["all goals", "hazard_ratio"], rel=0.2
    )
