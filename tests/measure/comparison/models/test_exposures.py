"""Working together seen otherwise than by its first time: rows cut at each, how lately, how often so far; endings."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from statsmodels.duration.hazard_regression import PHReg

from reflectlab import compare, sensitivity, simulate, to_counting_process
from reflectlab.errors import ArgumentError
from reflectlab.log.frames import Schema
from reflectlab.measure.comparison.counting_process import COUNTING_PROCESS
from reflectlab.measure.comparison.models.endings import dropping, getting_unstuck
from reflectlab.measure.comparison.models.exposures import Company, otherwise
from reflectlab.measure.comparison.models.headline import allowed_for
from reflectlab.simulate import simulate_school
from studies.schools import Read, Strange, read, term
from tests.measure.cases import log_of
from tests.measure.conftest import Engine

HEADLINE, WITHIN = "within learners, adjusted for the goal", "within learners"


def by_statsmodels(rows: pd.DataFrame, column: str) -> list[float]:
    model = PHReg(
        rows["stop"].to_numpy(),
        rows[[column]].to_numpy(float),
        status=rows["met"].to_numpy(),
        entry=rows["start"].to_numpy() + 1e-7,
        strata=rows["learner_id"].to_numpy(str),
        ties="efron",
    ).fit(disp=0)
    return [model.params[0], model.bse[0]]


def mine(found: pd.DataFrame, estimator: str) -> list[float]:
    row = found[found["estimator"] == estimator].iloc[0]
    return row[["coefficient", "standard_error"]].tolist()


@pytest.mark.parametrize("mode", ["times", "dates"])
def test_dose_is_what_statsmodels_finds_on_the_rows(mode: str):
    log = simulate(mode=mode, seed=5)
    rows = to_counting_process(log, episodes="all")
    assert_allclose(
        mine(compare(log, exposure="dose").coefficients, WITHIN), by_statsmodels(rows, "times_together"), rtol=1e-5
    )


def test_recent_is_what_statsmodels_finds_on_rows_cut_where_it_ends():
    log = simulate(seed=5)
    rows = to_counting_process(log, episodes="all")
    turns = rows.assign(turn=np.where(rows["start"] > 0, rows["start"], -np.inf))
    turns["turn"] = turns.groupby(["learner_id", "goal_id"])["turn"].cummax()
    turns = turns[turns["collaborative"].eq(0) | (turns["turn"] > -np.inf)]
    until = (turns["turn"] + 5).clip(upper=turns["stop"])
    lately = turns.assign(stop=until.where(turns["collaborative"] == 1, turns["stop"]), lately=turns["collaborative"])
    over = lately["stop"] < turns["stop"]
    lately["met"] = lately["met"].where(~over, 0)
    later = turns[over].assign(start=lately["stop"][over], lately=0)
    cut = pd.concat([lately, later])
    known = compare(log, exposure="recent").coefficients
    assert_allclose(mine(known, WITHIN), by_statsmodels(cut[cut["stop"] > cut["start"]], "lately"), rtol=1e-3)


def test_rows_of_every_engine_are_the_same(engine: Engine):
    school = simulate_school(classes=1, seed=3)
    tables = {name: getattr(school, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    assert_frame_equal(
        to_counting_process(engine(tables), episodes="all"), to_counting_process(school.log(), episodes="all")
    )


def test_rows_are_cut_at_every_time_together():
    log = log_of(
        [("a", "g", "started", 0), ("a", "g", "met", 9), ("b", "g", "worked", 20)], [("a", "g", 2), ("a", "g", 5)]
    )
    rows = to_counting_process(log, episodes="all")
    found = rows.loc[rows["learner_id"] == "a", ["start", "stop", "met", "times_together", "ending"]]
    assert found.to_numpy().tolist() == [
        [0, 3, 0, 0, "together"],
        [3, 6, 0, 1, "together"],
        [6, 8, 1, 2, "met"],
    ]


@pytest.mark.parametrize("mode", ["times", "dates"])
def test_rows_cut_at_all_sum_up_to_those_cut_at_the_first(mode: str):
    log = simulate(mode=mode, seed=7)
    rows, first = to_counting_process(log, episodes="all"), to_counting_process(log)
    schema: Schema = {**COUNTING_PROCESS, "times_together": "count"}
    assert rows.columns.tolist() == list(schema)
    keys = ["learner_id", "goal_id", "collaborative"]
    whole = rows.groupby(keys).agg(start=("start", "min"), stop=("stop", "max"), met=("met", "sum"))
    assert_frame_equal(whole, first.groupby(keys).agg(start=("start", "min"), stop=("stop", "max"), met=("met", "sum")))


def test_other_exposures_have_ratios_within_learners_and_no_curves():
    found = compare(simulate(seed=1), exposure="recent")
    assert found.table["estimator"].tolist() == [HEADLINE, WITHIN]
    assert found.curves.empty
    assert set(found.coefficients["term"]) >= {"collaborative lately", "begun"}


def test_a_split_goes_with_the_first_time_only():
    with pytest.raises(ArgumentError, match="leave them out, or `exposure`"):
        compare(simulate(seed=1), exposure="dose", kinds=True)
    with pytest.raises(ArgumentError, match="`exposure`"):
        compare(simulate(seed=1), exposure="often")


def test_too_few_goals_are_told():
    found = compare(simulate(classes=1, learners=3, weeks=3, seed=1), exposure="dose")
    assert found.table["hazard_ratio"].isna().all()
    assert any("such are needed" in caveat for caveat in found.caveats)


def school_of(what: Strange, seed: int) -> tuple[Read, Company]:
    """A strange school, and all its times together."""
    was = term(what, seed)
    under_way = np.flatnonzero(was.stop > was.start)
    of = np.repeat(np.arange(len(under_way)), [len(was.company[place]) for place in under_way])
    return read(what, seed), Company(of, np.concatenate([was.company[place] - was.start[place] for place in under_way]))


@pytest.mark.parametrize(
    ("what", "exposure", "truth"),
    [(Strange(dose=1.25), "dose", 1.25), (Strange(ratio=2.5, wears_off=5), "recent", 2.5)],
)
def test_what_adds_up_and_what_wears_off_are_found(what: Strange, exposure: str, truth: float):
    logs = []
    for seed in range(8):
        school, company = school_of(what, seed)
        allowed = allowed_for(school.goals, [], np.empty((len(school.goals), 0)))
        logs.append(otherwise(school.goals, allowed, company, exposure)[0].coefficient)
    assert np.exp(np.mean(logs)) == pytest.approx(truth, rel=0.12)


def test_dropping_and_getting_unstuck_are_found():
    fewer = [dropping(school_of(Strange(dropping=0.02, drop_ratio=0.3), seed)[0].goals) for seed in range(12)]
    assert np.exp(np.mean([each.coefficient for each in fewer if not each.reason])) == pytest.approx(0.3, rel=0.5)
    freed, not_freed = (
        [
            getting_unstuck(school.goals, school.stuck, company)
            for school, company in (school_of(what, n) for n in range(8))
        ]
        for what in (Strange(stuck_seeks=5, company_frees=0.7), Strange(stuck_seeks=5))
    )
    assert np.mean([each.coefficient for each in freed]) > 1
    assert abs(np.mean([each.coefficient for each in not_freed])) < 0.4


def test_why_there_is_no_ratio_of_another_ending_speaks_of_that_ending():
    readings = ["No ratio: no goal was dropped.", "No ratio: nobody got unstuck."]
    log = log_of([("a", "hook", "started", 0.4), ("a", "hook", "met", 3.4)])
    assert sensitivity(log)["reading"].tolist()[-2:] == readings
    log = simulate(classes=1, seed=1)
    dropped, stuck = (int((log.events["event"] == event).sum()) for event in ("dropped", "stuck"))
    assert sensitivity(log)["reading"].tolist()[-2:] == [
        f"No ratio: 4 of {dropped} goals dropped can tell; at least 20 are needed.",
        f"No ratio: 6 of the {stuck - 2} times that somebody got unstuck can tell; at least 20 are needed.",
    ], "one is stuck at the end, and one goal was dropped while stuck"
