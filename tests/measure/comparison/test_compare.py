"""The comparison: published results, the oracle of statsmodels, and a sentence wherever there is no ratio."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from statsmodels.duration.hazard_regression import PHReg

from reflectlab import ProgressLog, sensitivity, simulate
from reflectlab.errors import ArgumentError
from reflectlab.measure.comparison import Comparison, compare, to_counting_process
from reflectlab.measure.comparison import curves as _curves
from reflectlab.measure.comparison.goals import Goals, as_goals, rows_of, seen_goals, under_way
from reflectlab.measure.comparison.models import estimates as _estimates
from reflectlab.measure.comparison.models.exposures import company_of
from reflectlab.simulate import School, simulate_school
from studies.recovery import simulated
from tests.logs import Tables, class_logs
from tests.measure.cases import Happened, Together, heart, log_of
from tests.measure.conftest import Engine

COLUMNS = ["estimator", "hazard_ratio", "low", "high", "p_value", "goals", "met", "informative", "learners"]
HEADLINE = "within learners, adjusted for the goal"
RATIO = ["hazard_ratio", "low", "high", "p_value"]


@pytest.fixture(scope="module")
def school() -> School:
    return simulate_school(seed=5)


@pytest.fixture(scope="module")
def found(school: School) -> Comparison:
    return compare(school.log())


def row(comparison: Comparison, estimator: str) -> pd.Series:
    return comparison.table.set_index("estimator").loc[estimator]


def test_the_published_result_of_the_stanford_heart_data():
    found = compare(heart(), ["age", "year", "surgery"], unit="days").coefficients
    between = found[found["estimator"] == "between learners"].set_index("term")["coefficient"]
    published = {"age": 0.0272, "year": -0.1463, "surgery": -0.6372, "collaborative": -0.0103}
    assert between.round(4).to_dict() == published


@pytest.mark.parametrize("mode", ["times", "dates"])
def test_within_learners_is_what_statsmodels_finds_on_the_rows(mode: str):
    log = simulate(mode=mode, seed=5)
    rows, found = to_counting_process(log), compare(log)
    model = PHReg(
        rows["stop"].to_numpy(),
        rows[["collaborative"]].to_numpy(float),
        status=rows["met"].to_numpy(),
        entry=rows["start"].to_numpy() + 1e-7,
        strata=rows["learner_id"].to_numpy(str),
        ties="efron",
    ).fit(disp=0)
    mine = found.coefficients.set_index("estimator").loc["within learners"]
    assert_allclose([mine["coefficient"], mine["standard_error"]], [model.params[0], model.bse[0]], rtol=1e-6)


def test_the_table_has_its_columns(found: Comparison):
    table = found.table
    assert table.columns.tolist() == COLUMNS
    assert table["estimator"].tolist() == [
        HEADLINE,
        "within learners",
        "between learners",
        "naive",
    ]
    assert (table["low"] < table["hazard_ratio"]).all()
    assert (table["hazard_ratio"] < table["high"]).all()
    assert row(found, "naive")["high"] < 1 < row(found, "within learners")["low"]
    assert found.curves.columns.tolist() == ["exposure", "days", "at_risk", "share_met", "low", "high"]
    terms = found.coefficients.groupby("estimator")["term"].agg(list)
    assert terms[HEADLINE] == ["collaborative", "company rate", "begun", "begun squared"]
    assert terms["within learners"] == terms["between learners"] == terms["naive"] == ["collaborative"]


def test_every_engine_gives_the_same(engine: Engine, school: School, found: Comparison):
    tables = {name: getattr(school, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    other = compare(engine(tables))
    for name in ("table", "coefficients", "curves"):
        assert_frame_equal(getattr(other, name), getattr(found, name))
    assert other.caveats == found.caveats


@pytest.mark.parametrize("mode", ["times", "dates"])
def test_the_short_way_of_the_recovery_table_leads_to_the_same_place(mode: str):
    for seed in range(3):
        log = simulate_school(mode=mode, seed=seed).log()
        frame = under_way(seen_goals(log, "school_days"))
        (short, company), long = simulated({"mode": mode}, seed), as_goals(frame)
        both = [(short, company), (long, company_of(log, frame, "school_days"))]
        times_on = [np.bincount(each.of[each.at < goals.stop[each.of]]) for goals, each in both]
        assert sorted(times_on[0][times_on[0] > 0]) == sorted(times_on[1][times_on[1] > 0])
        for estimate in (
            headline,
            lambda goals: _estimates.within_learners(goals)[0],
            lambda goals: _estimates.naive(goals)[0],
        ):
            one, other = estimate(short), estimate(long)
            # A school day of the log is six hours within a day of 24: when in a day a goal is begun is not the same.
            assert one.coefficient == pytest.approx(other.coefficient, rel=5e-3)
            assert one.error == pytest.approx(other.error, rel=5e-3)


# What cannot be compared is said.

LEARNERS, GOALS = [f"L{n}" for n in range(30)], "abcd"
BEFORE = -3  # the Friday before the Monday on which all begin


def schedule(
    met: bool = True, together: str = "", learners: list[str] = LEARNERS, days: int = 7
) -> tuple[list[Happened], list[Together]]:
    """Everyone starts four goals at once and meets them on different days; goals in `together` have company."""
    happened: list[Happened] = []
    episodes: list[Together] = []
    for place, (learner, goal) in enumerate(product(learners, GOALS)):
        happened.append((learner, goal, "started", 0))
        happened.append((learner, goal, "met" if met else "worked", 1 + (place * 3) % days))
        if goal in together:
            episodes.append((learner, goal, BEFORE))
    return happened, episodes


def no_ratio(log: ProgressLog, estimator: str, **options: Any) -> str:
    """The sentence that says why an estimator has no ratio."""
    found = compare(log, **options)
    assert row(found, estimator)[RATIO].isna().all()
    assert "nan" not in repr(found).lower()
    assert "nan" not in found._repr_html_().lower()
    (sentence,) = [caveat for caveat in found.caveats if caveat.startswith(f"No ratio {estimator}: ")]
    return sentence.removeprefix(f"No ratio {estimator}: ")


@pytest.mark.parametrize("estimator", ["within learners", "between learners", "naive"])
def test_nobody_collaborates(estimator: str):
    why = "nobody worked on a goal of their own with somebody while it was under way."
    assert no_ratio(log_of(*schedule()), estimator) == why


def test_everybody_collaborates():
    log = log_of(*schedule(together=GOALS))
    assert no_ratio(log, "within learners") == "every goal was worked on with somebody from the start."
    assert no_ratio(log, "naive") == "every goal was worked on with somebody."


def test_nothing_is_met():
    log = log_of(*schedule(met=False, together="ab"))
    assert no_ratio(log, "within learners") == "no goal was met while it could be seen."


def test_a_single_learner():
    log = log_of(*schedule(together="ab", learners=["L1"]))
    assert no_ratio(log, "between learners") == (
        "a single learner cannot be compared with others; at least 10 are needed."
    )
    assert no_ratio(log, "within learners").startswith("only 3 of 4 goals met can tell: ")


def test_two_informative_events():
    log = log_of(*schedule(together="d", learners=["L1"]))
    assert no_ratio(log, "within learners") == (
        "only 2 of 4 goals met can tell: when one is met, another goal of the same child, of the other sort, has to "
        "have been under way as long; at least 20 such are needed."
    )


@pytest.mark.parametrize(("together", "which", "end"), [("ab", "together", "high"), ("cd", "alone", "low")])
def test_separation(together: str, which: str, end: str):
    happened, episodes = [], []
    for learner, goal in product(LEARNERS, GOALS):
        ending, day = ("met", 2) if goal in "ab" else ("dropped", 3)
        happened += [(learner, goal, "started", 0), (learner, goal, ending, day)]
        if goal in together:
            episodes.append((learner, goal, BEFORE))
    assert no_ratio(log_of(happened, episodes), "within learners") == (
        f"wherever the two sorts could be compared, it was the goal worked on {which} that was met, so that no ratio "
        f"is {end} enough."
    )


def test_all_at_the_same_moment():
    happened, episodes = schedule(together="ab", days=1)
    log = log_of(happened, episodes)
    found = compare(log)
    for estimator in ("within learners", "naive"):
        assert row(found, estimator)["hazard_ratio"] == pytest.approx(1)
        assert np.isfinite(row(found, estimator)[RATIO]).all()
    why = "all learners are alike in it, and its error is learned from their differences."
    assert no_ratio(log, "between learners") == why


def test_no_events_at_all():
    pair = pd.DataFrame({"episode_id": "e", "time": "2026-02-02", "learner_id": ["a", "b"], "goal_id": "g"})
    log = ProgressLog.from_tables(collaborations=pair)
    assert no_ratio(log, "within learners") == "no goal was under way."
    found = compare(log, by="class_id")
    assert found.table.empty
    assert found.table.columns.tolist() == ["class_id", *COLUMNS]


def test_one_class_of_learners_who_each_have_one_goal():
    happened = [each for each in schedule()[0] if each[1] == "a"]
    log = log_of(happened, [(learner, "a", 1) for learner in LEARNERS[:15]])
    assert no_ratio(log, "within learners").startswith("none of 30 goals met can tell: ")
    assert row(compare(log), "between learners")["hazard_ratio"] > 0


# Splitting and adjusting.


def test_kinds_and_choosers_split_what_is_together(school: School, found: Comparison):
    split = compare(school.log(), kinds=True, chosen=True)
    table = split.table
    assert table.columns.tolist() == [COLUMNS[0], "kind", "chosen_by", *COLUMNS[1:]]
    whole = table[(table["kind"] == "any") & (table["chosen_by"] == "any")]
    assert_frame_equal(whole[COLUMNS].reset_index(drop=True), found.table)
    within = table[table["estimator"] == HEADLINE]
    assert set(within["kind"]) == {"any", "shared_goal", "sought_support"}
    assert set(within["chosen_by"]) == {"any", "learner", "teacher", "not noted"}
    terms = set(split.coefficients["term"])
    assert {"collaborative: shared_goal", "collaborative: learner"} <= terms


def test_a_rare_kind_has_no_ratio_and_leaves_the_others_as_they_are(school: School):
    episodes = school.collaborations.assign(chosen_by="learner")
    first = episodes["episode_id"].unique()[:4]
    few = episodes.assign(chosen_by=episodes["chosen_by"].where(~episodes["episode_id"].isin(first), "teacher"))
    table = compare(School(**{**_tables(school), "collaborations": few}).log(), chosen=True).table
    within = table[table["estimator"] == HEADLINE].set_index("chosen_by")["hazard_ratio"]
    assert np.isnan(within["teacher"])
    assert within["learner"] == pytest.approx(within["any"], rel=0.1)


def _tables(school: School) -> dict[str, pd.DataFrame]:
    return {name: getattr(school, name) for name in School.__slots__}


def test_a_group_is_compared_as_if_it_were_alone(school: School):
    grouped = compare(school.log(), by="class_id")
    alone = compare(school.log().select(class_id="Room 6"))
    for name in ("table", "coefficients", "curves"):
        one = getattr(grouped, name).query("class_id == 'Room 6'").drop(columns="class_id").reset_index(drop=True)
        assert_frame_equal(one, getattr(alone, name))


def test_words_become_categories(school: School):
    terms = compare(school.log(), adjust="strand").coefficients["term"].tolist()
    assert "strand: Spelling" in terms
    assert "strand: Ideas" not in terms  # what the others are compared with


def test_columns_that_say_nothing_more_are_left_out(school: School):
    learners = school.learners.assign(one=1, room=school.learners["class_id"], age=range(len(school.learners)))
    log = School(**{**_tables(school), "learners": learners}).log()
    found = compare(log, ["class_id", "room", "one", "age"])
    between = found.coefficients[found.coefficients["estimator"] == "between learners"]
    assert between["term"].tolist() == ["collaborative", *(f"class_id: Room {n}" for n in (6, 7, 8)), "age"]
    assert np.isfinite(between[["coefficient", "standard_error"]]).all(axis=None)


def test_goals_without_a_number_to_adjust_for_are_counted(school: School):
    age = pd.Series(np.arange(len(school.learners), dtype=float)).where(lambda each: each > 2)
    log = School(**{**_tables(school), "learners": school.learners.assign(age=age)}).log()
    found = compare(log, "age")
    goals = found.table.set_index("estimator")["goals"]
    missing = goals["within learners"] - goals["between learners"]
    assert missing > 0
    assert goals[HEADLINE] == goals["between learners"]
    told = f"{missing} goals are left out where there is adjusting: a number to adjust for is not known."
    assert told in found.caveats


@pytest.mark.parametrize(("argument", "word"), [("adjust", "agee"), ("by", "class")])
def test_an_unknown_column_is_named(school: School, argument: str, word: str):
    with pytest.raises(ArgumentError, match=f"`{argument}` names '{word}'"):
        compare(school.log(), **{argument: word})


def test_the_headline_does_away_with_unequal_difficulty():
    goals = [simulated({"difficulty": 0.6}, seed)[0] for seed in range(12)]
    plain = np.mean([_estimates.within_learners(each)[0].coefficient for each in goals]) - np.log(1.5)
    adjusted = np.mean([headline(each).coefficient for each in goals]) - np.log(1.5)
    assert plain < -0.08
    assert abs(adjusted) < 0.05


def headline(goals: Goals) -> _estimates.Estimate:
    return _estimates.adjusted(goals, (), np.empty((len(goals), 0)))[0]


# Curves.


def test_curves_are_that_of_goals_alone_and_what_the_headline_makes_of_it(school: School, found: Comparison):
    rows = to_counting_process(school.log())
    landmark = found.curves["days"].min()
    alone = rows[(rows["collaborative"] == 0) & (rows["stop"] > landmark)]
    ratios = [row(found, HEADLINE)[name] for name in ("hazard_ratio", "low", "high")]
    mine = found.curves[found.curves["exposure"] == "personalised"].iloc[::5]
    assert_allclose(mine["share_met"], [_aalen_johansen(alone, landmark, day) for day in mine["days"]])
    mine = found.curves[found.curves["exposure"] == "collaborative"].iloc[::5]
    for name, ratio in zip(("share_met", "low", "high"), ratios, strict=True):
        assert_allclose(mine[name], [_aalen_johansen(alone, landmark, day, ratio) for day in mine["days"]])


def _aalen_johansen(rows: pd.DataFrame, landmark: float, day: float, ratio: float = 1.0) -> float:
    going_on, share = 1.0, 0.0
    for time in sorted(rows.loc[rows["ending"].isin(["met", "dropped"]) & (rows["stop"] <= day), "stop"].unique()):
        at_risk = ((rows["start"].clip(lower=landmark) < time) & (rows["stop"] >= time)).sum()
        now = rows[rows["stop"] == time]
        meeting = 1 - (1 - (now["ending"] == "met").sum() / at_risk) ** ratio
        share += going_on * meeting
        going_on *= 1 - meeting - (now["ending"] == "dropped").sum() / at_risk
    return share


def test_curves_begin_and_end_with_ten_goals_at_risk(found: Comparison):
    curves = found.curves
    assert (curves["at_risk"] >= 10).all()
    assert curves.groupby("exposure")["days"].min().nunique() == 1
    assert curves["share_met"].between(curves["low"], curves["high"]).all()
    assert curves[["low", "high"]].stack().between(0, 1).all()


def test_the_interval_of_a_curve_is_that_of_resampled_learners(school: School):
    goals = as_goals(under_way(seen_goals(school.log(), "school_days")))
    rows = rows_of(goals)
    rows = rows.only(rows.exposed & (rows.stop > 2))
    rng, days = np.random.default_rng(0), np.array([5.0, 10.0, 15.0])
    shares = []
    for _ in range(200):
        picked = rng.choice(np.unique(goals.learner), goals.learner.max() + 1)
        again = np.concatenate([np.flatnonzero(goals.learner[rows.of] == learner) for learner in picked])
        shares.append(_share(goals, rows_of(goals), again, days)[0])
    _, spread = _share(goals, rows_of(goals), np.arange(len(rows.of)), days)
    assert_allclose(np.std(shares, axis=0), spread, rtol=0.2)


def _share(goals: Goals, rows: Any, which: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    some = rows.only(rows.exposed & (rows.stop > 2))
    dropped = goals.dropped[some.of] & (some.stop == goals.stop[some.of])
    start, learner = np.maximum(some.start, 2), goals.learner[some.of]
    return _curves._share_met(start[which], some.stop[which], some.met[which], dropped[which], learner[which], days)


# What is said.


def test_what_it_rests_on_is_said(found: Comparison):
    learners, goals, met = found.table.loc[0, ["learners", "goals", "met"]]
    assert f"It rests on {learners} learners, {goals} goals and {met} met." in found.caveats
    assert found.caveats[0].startswith("An association, not proof")


def test_dates_are_warned_of():
    said = " ".join(compare(simulate(mode="dates", seed=1)).caveats)
    assert "The log has dates and no clock times" in said
    assert "no clock times" not in " ".join(compare(simulate(seed=1)).caveats)


def test_goals_left_out_are_counted():
    happened, episodes = schedule(together="ab")
    log = log_of([*happened, ("L1", "z", "met", 3), ("L2", "z", "started", 5), ("L2", "z", "met", 4)], episodes)
    assert any(caveat.startswith("2 goals are left out: ") for caveat in compare(log).caveats)


def test_a_met_without_a_clock_time_is_mentioned():
    happened, episodes = schedule(together="ab")
    log = log_of([*happened, ("L1", "z", "started", 0.4)], episodes)
    assert any(caveat.startswith("120 of 120 goals were met at midnight") for caveat in compare(log).caveats)


def test_representations(found: Comparison):
    assert "within learners" in repr(found)
    html = compare(simulate(seed=2), by="class_id")._repr_html_()
    assert html.count("<tr") == 1 + 4 * 4


def test_what_is_written_is_escaped():
    happened, episodes = schedule(together="ab")
    learners = pd.DataFrame({"learner_id": [*LEARNERS, "company"], "class_id": "<b>5</b>"})
    html = compare(log_of(happened, episodes, learners=learners), by="class_id")._repr_html_()
    assert "<b>5" not in html
    assert "&lt;b&gt;5" in html


@settings(max_examples=10)
@given(class_logs())
def test_whatever_the_log_each_ratio_is_a_number_or_has_its_reason(tables: Tables):
    log = ProgressLog.from_tables(**tables)
    found = compare(log, kinds=True, chosen=True)
    reasons = [caveat for caveat in found.caveats if caveat.startswith("No ratio")]
    missing = found.table[RATIO].isna()
    assert (missing.all(axis=1) == missing.any(axis=1)).all()
    assert missing["hazard_ratio"].sum() == len(reasons)
    assert "nan" not in (repr(found) + " ".join(found.caveats)).lower()
    assert sensitivity(log)["reading"].str.endswith(".").all()
