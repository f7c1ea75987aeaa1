"""Cox's model gives what statsmodels gives, and the errors of Lin and Wei are what their definition says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from statsmodels.duration.hazard_regression import PHReg

from reflectlab.measure.comparison.models import cox

LEAST_GAP = 1.0


def draw(seed: int, rows: int = 240, strata: int = 1, columns: int = 2) -> tuple[np.ndarray, ...]:
    """Random rows on whole days, so that there are many ties, with late entries."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 5, rows).astype(float)
    stop = start + rng.integers(1, 9, rows)
    covariates = np.column_stack([rng.integers(0, 2, rows), rng.normal(size=(rows, columns - 1))])
    event = rng.random(rows) < 0.3 + 0.4 * covariates[:, 0]
    return start, stop, event, rng.integers(0, strata, rows), covariates


@pytest.mark.parametrize("strata", [1, 12, 60])
@pytest.mark.parametrize("seed", range(5))
def test_estimates_and_errors_are_those_of_statsmodels(seed: int, strata: int):
    start, stop, event, stratum, covariates = draw(seed, strata=strata)
    model = PHReg(
        stop,
        covariates,
        status=event.astype(int),
        entry=start + LEAST_GAP / 1000,  # statsmodels has a row at risk at its own entry
        strata=stratum if strata > 1 else None,
        ties="efron",
    ).fit(disp=0)
    fitted = cox.fit(cox.risk_sets(start, stop, event, stratum), covariates)
    assert fitted.settled.all()
    assert_allclose(fitted.coefficients, model.params, rtol=1e-7, atol=1e-9)
    assert_allclose(np.sqrt(np.diag(fitted.covariance)), model.bse, rtol=1e-7)


@given(st.integers(0, 10**6))
def test_a_row_is_at_risk_after_its_start_up_to_its_stop(seed: int):
    start, stop, event, stratum, covariates = draw(seed, rows=30, strata=3)
    risk = cox.risk_sets(start, stop, event, stratum)
    weight = covariates[:, 1]
    expected = {
        (group, time): weight[(stratum == group) & (start < time) & (stop >= time)].sum()
        for group in range(3)
        for time in np.unique(stop[event & (stratum == group)])
    }
    assert_allclose(risk.at_risk(weight), [expected[key] for key in sorted(expected)], atol=1e-12)
    assert_allclose(risk.over_time(np.ones(len(risk.time))), _moments(start, stop, stratum, sorted(expected)))


def _moments(start: np.ndarray, stop: np.ndarray, stratum: np.ndarray, moments: list[tuple[int, float]]) -> list[int]:
    rows = zip(start, stop, stratum, strict=True)
    return [sum(group == own and low < time <= high for own, time in moments) for low, high, group in rows]


@pytest.mark.parametrize("seed", range(3))
def test_score_residuals_are_what_each_row_adds_to_the_score(seed: int):
    start, stop, event, stratum, covariates = draw(seed, rows=60, strata=3)
    risk = cox.risk_sets(start, stop, event, stratum)
    at = np.array([0.4, -0.3])
    expected = np.empty_like(covariates)
    for row in range(len(start)):
        weight = np.ones((2, len(start)))
        weight[:, row] += [1e-5, -1e-5]
        up, down = (_score(start, stop, event, stratum, covariates, at, each) for each in weight)
        expected[row] = (up - down) / 2e-5
    assert_allclose(cox.score_residuals(risk, covariates, at), expected, atol=1e-6)


def _score(
    start: np.ndarray,
    stop: np.ndarray,
    event: np.ndarray,
    stratum: np.ndarray,
    covariates: np.ndarray,
    at: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Efron's score with case weights, as R's `survival` defines it, one tied event after another."""
    hazard = weight * np.exp(covariates @ at)
    score = np.zeros(len(at))
    for group, time in {(g, t) for g, t in zip(stratum[event], stop[event], strict=True)}:
        here = (stratum == group) & (start < time) & (stop >= time)
        tied = here & event & (stop == time)
        score += weight[tied] @ covariates[tied]
        for turn in range(tied.sum()):
            left = hazard * (here - turn / tied.sum() * tied)
            score -= weight[tied].mean() * (left @ covariates) / left.sum()
    return score


def test_robust_errors_sum_the_residuals_of_each_cluster():
    start, stop, event, _, covariates = draw(1)
    risk = cox.risk_sets(start, stop, event)
    fitted = cox.fit(risk, covariates)
    cluster = np.arange(len(start)) // 8
    residuals = cox.score_residuals(risk, covariates, fitted.coefficients) @ fitted.covariance
    summed = np.array([residuals[cluster == each].sum(axis=0) for each in np.unique(cluster)])
    assert_allclose(cox.robust_covariance(risk, covariates, fitted, cluster), summed.T @ summed)


def test_a_ratio_without_end_has_not_settled():
    time = np.arange(1.0, 31.0)
    exposed = np.repeat([1.0, 0.0], 15)
    risk = cox.risk_sets(np.zeros(30), time, exposed == 1)
    assert not cox.fit(risk, exposed[:, None]).settled[0]


def test_what_says_nothing_does_not_disturb_the_rest():
    start, stop, event, stratum, covariates = draw(2, strata=20)
    alone = cox.fit(cox.risk_sets(start, stop, event, stratum), covariates)
    constant = np.column_stack([covariates, stratum, np.ones(len(start))])
    fitted = cox.fit(cox.risk_sets(start, stop, event, stratum), constant)
    assert fitted.settled.tolist() == [True, True, False, False]
    assert_allclose(fitted.coefficients[:2], alone.coefficients, rtol=1e-8)
