"""The headline's model against plain loops: its likelihood, its slope, and the variance that it is found to have."""

from dataclasses import replace

import numpy as np
import pytest

from reflectlab.measure.comparison.models import estimates, frailty
from reflectlab.measure.comparison.models.headline import Headline, company_rate
from studies.schools import Strange, read


@pytest.fixture(scope="module", params=[Strange(classes=2, difficulty=0.9), Strange(as_dates=True, difficulty=0.9)])
def found(request: pytest.FixtureRequest) -> Headline:
    school = read(request.param, 1)
    model = estimates.adjusted(school.goals, (), np.empty((len(school.goals), 0)))[0].model
    assert model is not None
    return model


def by_loops(found: Headline, fixed: np.ndarray, effects: np.ndarray) -> float:
    """Cox's log likelihood within learners, ties as Efron has them, from the goals themselves."""
    goals, total = found.goals, 0.0
    further = dict(zip(found.pairs.of, found.further, strict=True))
    effect = dict(zip(found.pairs.of, found.model.goal, strict=True))

    def linear(place: int, age: float) -> float:
        return float((goals.together[place] < age) * fixed[0] + further[place] @ fixed[1:] + effects[effect[place]])

    for learner in np.unique(goals.learner):
        own = np.flatnonzero(goals.learner == learner)
        for age in np.unique(goals.stop[own][goals.met[own]]):
            there = [place for place in own if goals.entry[place] < age <= goals.stop[place]]
            tied = [place for place in there if goals.met[place] and goals.stop[place] == age]
            if len(there) < 2:
                continue
            weights = {place: np.exp(linear(place, age)) for place in there}
            for turn in range(len(tied)):
                gone = turn / len(tied) * sum(weights[place] for place in tied)
                total += linear(tied[turn], age) - np.log(sum(weights.values()) - gone)
    return total


def test_the_likelihood_and_its_slope_are_those_of_plain_loops(found: Headline):
    rng = np.random.default_rng(0)
    fixed, effects = rng.normal(0, 0.3, found.model.columns.shape[1]), rng.normal(0, 0.5, found.model.effects)
    slope = found.model.at(fixed, effects)
    assert slope.likelihood == pytest.approx(by_loops(found, fixed, effects), rel=1e-10)
    for place in range(len(fixed)):
        step = 1e-6 * np.eye(len(fixed))[place]
        up, down = (by_loops(found, fixed + sign * step, effects) for sign in (1, -1))
        assert slope.score[place] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-4)


def test_the_variance_is_that_which_the_effects_have(found: Headline):
    fitted, model = found.fitted, found.model
    slope = model.at(fitted.coefficients, fitted.effects)
    held = np.eye(model.effects) / fitted.variance
    whole = np.block([[slope.information, slope.across], [slope.across.T, slope.effects_information + held]])
    trace = np.trace(np.linalg.inv(whole)[-model.effects :, -model.effects :])
    assert fitted.variance == pytest.approx((fitted.effects @ fitted.effects + trace) / model.effects, rel=1e-6)
    assert slope.score == pytest.approx(0, abs=1e-6)
    assert slope.effects_score == pytest.approx(fitted.effects / fitted.variance, abs=1e-6)


def test_a_goal_without_an_effect_has_none(found: Headline):
    last = found.model.effects - 1
    fewer = frailty.fit_frailty(replace(found.model, effects=last), 0.3)
    free = frailty.fit_frailty(found.model, 0.3)
    assert len(fewer.effects) == last
    assert fewer.coefficients[0] == pytest.approx(free.coefficients[0], abs=0.2)


def test_where_goals_are_alike_there_are_no_effects():
    school = read(Strange(), 0)
    fitted = estimates.adjusted(school.goals, (), np.empty((len(school.goals), 0)))[0].model
    assert fitted is not None
    assert fitted.fitted.variance < 0.05


def test_the_company_rate_by_hand():
    goals = read(Strange(classes=1), 2).goals
    alone, became = np.minimum(goals.together, goals.stop), goals.together < goals.stop
    overall = became.sum() / alone.sum()
    for goal in (0, 5, 11):
        of = goals.goal == goal
        by_hand = np.log((became[of].sum() + 1) / (alone[of].sum() + 1 / overall))
        assert company_rate(goals)[of] == pytest.approx(by_hand)
