"""The statistics that measures share: published figures, statsmodels, and what has to hold at the edges."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from reflectlab.measure.statistics import (
    RESAMPLES,
    Z,
    cumulative_incidence,
    incidence_error,
    newcombe,
    resamples,
    share_interval,
    t_quantile,
    wilson,
    with_interval,
)
from reflectlab.measure.time_to_goal import incidence


def test_a_95_percent_interval_reaches_as_far_as_it_should() -> None:
    assert pytest.approx(norm.isf(0.025), abs=1e-14) == Z


def test_wilson_is_that_of_statsmodels() -> None:
    met, number = np.array([0.0, 1.0, 7.0, 19.5, 20.0]), np.array([20.0, 3.0, 20.0, 20.0, 20.0])
    theirs = proportion_confint(met, number, method="wilson")
    assert np.allclose(wilson(met / number, number), theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rate", [0.0, 1.0])
@pytest.mark.parametrize("number", [0.3, 1.0, 7.0, 1e9])
def test_a_rate_at_the_edge_is_in_its_own_interval(rate: float, number: float) -> None:
    low, high = wilson(np.array(rate), np.array(number))
    assert 0 <= low <= rate <= high <= 1


def test_newcombe_is_what_was_published() -> None:
    """Example (a) of Newcombe (1998), method 10: 56 of 70 against 48 of 80, 0.2 (0.0524 to 0.3339)."""
    bounds = [(float(low), float(high)) for low, high in (wilson(np.array(m / n), np.array(n)) for m, n in PAIR)]
    one, other = ((m / n, *bound) for (m, n), bound in zip(PAIR, bounds, strict=True))
    assert [round(figure, 4) for figure in newcombe(one, other)] == [0.2, 0.0524, 0.3339]


PAIR = [(56, 70.0), (48, 80.0)]


def test_without_a_competing_event_it_is_one_minus_kaplan_meier() -> None:
    events, at_risk = np.array([2.0, 0.0, 3.0, 1.0]), np.array([10.0, 7.0, 6.0, 1.0])
    share = cumulative_incidence(at_risk, events, np.zeros(4))
    assert np.allclose(share, 1 - np.cumprod(1 - events / at_risk))


def test_events_and_what_competes_with_them_sum_to_all_that_ended() -> None:
    one, other, at_risk = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[2.0, 0.0], [1.0, 1.0]]), np.full((2, 2), 9.0)
    both = cumulative_incidence(at_risk, one, other) + cumulative_incidence(at_risk, other, one)
    assert np.allclose(both, 1 - np.cumprod(1 - (one + other) / at_risk, axis=1))


def test_there_may_be_no_moment_at_all() -> None:
    assert cumulative_incidence(np.ones((3, 0)), np.ones((3, 0)), np.ones((3, 0))).shape == (3, 0)


def test_resamples_draw_as_many_learners_as_there_are_and_the_same_each_time() -> None:
    drawn = resamples(5)
    assert drawn.shape == (RESAMPLES, 5)
    assert (drawn.sum(axis=1) == 5).all()
    assert (drawn == resamples(5)).all()
    assert resamples(0).shape == (1, 0)


def test_a_group_without_goals_has_no_rate() -> None:
    sums = ["goals", "met", "learners", "met_met", "goals_met", "goals_goals"]
    found = with_interval(pd.DataFrame([[0.0] * 6, [4.0, 1.0, 1.0, 1.0, 4.0, 16.0]], columns=sums))
    assert found.loc[0, ["rate", "low", "high"]].isna().all()
    assert found.loc[1, "rate"] == 0.25


@pytest.mark.parametrize("learners", [8, 15, 26])
@pytest.mark.parametrize("rate", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("alike", [0.0, 0.15])
def test_intervals_of_completion_hold_the_rate_in_93_to_98_of_100_classes(
    learners: int, rate: float, alike: float
) -> None:
    rng = np.random.default_rng(0)
    goals = rng.integers(2, 9, (2000, learners))
    chance = np.full(goals.shape, rate)
    if alike:
        chance = rng.beta(rate * (1 - alike) / alike, (1 - rate) * (1 - alike) / alike, goals.shape)
    met = rng.binomial(goals, chance)
    products = {"met_met": met * met, "goals_met": goals * met, "goals_goals": goals * goals}
    sums = {name: each.sum(axis=1) for name, each in {"goals": goals, "met": met, **products}.items()}
    table = with_interval(pd.DataFrame({**sums, "learners": learners}).astype(float))
    # 2,000 classes tell 93 from 91.5 %.
    assert 0.92 < ((table["low"] <= rate) & (rate <= table["high"])).mean() < 0.985


def test_the_error_of_the_share_met_is_the_jackknife_in_the_limit() -> None:
    rng = np.random.default_rng(1)
    learner, day, ending = rng.integers(0, 9, 60), rng.integers(0, 7, 60), rng.integers(0, 3, 60)
    counts = np.zeros((3, 9, 7))
    np.add.at(counts, (ending, learner, day), 1)
    at_risk = counts.sum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1]

    def share(weights: np.ndarray) -> np.ndarray:
        return cumulative_incidence(weights @ at_risk, weights @ counts[1], weights @ counts[2])

    a_little = 1e-6
    pulls = [(share(np.ones(9) + a_little * one) - share(np.ones(9))) / a_little for one in np.eye(9)]
    expected = np.sqrt((np.array(pulls) ** 2).sum(axis=0) * 9 / 8)
    assert np.allclose(incidence_error(at_risk, counts[1], counts[2], np.array([9])), expected, rtol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_curves_that_are_found_at_once_are_those_of_each_group_alone(seed: int) -> None:
    """To the last digit: in groups of one spell and of hundreds, of one learner and of one day."""
    rng = np.random.default_rng(seed)
    of_groups = []
    for number in range(60):
        size, learners, last = (int(rng.choice(some)) for some in ([1, 2, 9, 40, 300], [1, 3, 9, 50], [1, 2, 9, 60]))
        days = rng.integers(1, last + 1, size)
        spells = {"days": days, "entry": rng.integers(0, days), "ending": rng.integers(0, 3, size)}
        learner = [f"{each:03}" for each in rng.integers(0, learners, size)]
        of_groups.append(pd.DataFrame({"goal_id": f"goal {number:02}", "learner_id": learner, **spells}))
    mixed = pd.concat(of_groups).sample(frac=1, random_state=seed)
    together = incidence(mixed, {"goal_id": "str"})
    alone = pd.concat([incidence(each, {}) for _, each in mixed.groupby("goal_id")], ignore_index=True)
    assert together["goal_id"].nunique() == len(of_groups)
    assert_frame_equal(together.drop(columns="goal_id"), alone, check_exact=True)


def test_intervals_of_time_to_goal_hold_the_share_in_classes_of_twelve() -> None:
    rng = np.random.default_rng(2)
    held = []
    for _ in range(400):
        learner = np.repeat(np.arange(12), rng.integers(5, 10, 12))
        pace = np.exp(0.4 * rng.normal(size=12))[learner]
        met, over = 8 * (rng.exponential(size=len(learner)) / pace) ** (1 / 1.4), rng.uniform(5, 30, len(learner))
        day = np.ceil(np.minimum(met, over)).astype(int) - 1
        counts = np.zeros((3, 12, 30))
        np.add.at(counts, ((met < over).astype(int), learner, day), 1)
        at_risk = counts.sum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1]
        share = cumulative_incidence(np.maximum(at_risk.sum(axis=0), 1), counts[1].sum(axis=0), counts[2].sum(axis=0))
        error = incidence_error(at_risk, counts[1], counts[2], np.array([12]))
        low, high = share_interval(share, error, t_quantile(np.array(12)))
        held.append((low[5] <= SIX_DAYS) & (high[5] >= SIX_DAYS))
    assert 0.91 < np.mean(held) < 0.985


_PACE = np.exp(0.4 * np.linspace(-4, 4, 2001))
_WEIGHT = np.exp(-(np.linspace(-4, 4, 2001) ** 2) / 2)
SIX_DAYS = float(np.average(1 - np.exp(-_PACE * (6 / 8) ** 1.4), weights=_WEIGHT))
"""The share met within six days, over the normal distribution of the log of the pace."""
