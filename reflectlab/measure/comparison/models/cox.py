"""Cox's model on (start, stop] rows: one vectorised fit over risk sets, stratified, with ties as Efron has them.

A row is at risk at a moment t when start < t <= stop, as in R's `survival`. The risk sets depend on the rows only, so
they are found once; a step of the fit is then a few sums over rows.

References
----------
.. [1] Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34, 187-220.
.. [2] Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the American
   Statistical Association 72, 557-565.
.. [3] Lin, D. Y. and Wei, L. J. (1989). The robust inference for the Cox proportional hazards model. Journal of the
   American Statistical Association 84, 1074-1078.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...statistics import Flags, Floats, Ints

if TYPE_CHECKING:
    from scipy import sparse


NEWTON_STEPS = 40

TOLERANCE = 1e-10
"""The fit has settled when no coefficient moves by more than this many times the spread of its column."""

NOTHING = 1e-9
"""Less information on a coefficient than this share of what one event could give, times events, is rounding."""


@dataclass(frozen=True)
class RiskSets:
    """Who is at risk when.

    `time` has the distinct moments of events, in order within each stratum; strata follow one another. Each row is at
    risk from the moment `first` until before `last`. `of_event` is the moment of each event, in the order of rows. For
    each event, `moment` is its moment, and `share` what part of the tied events has gone before it: events of one
    moment are taken to happen one after another.
    """

    event: Flags
    time: Floats
    first: Ints
    last: Ints
    of_event: Ints
    moment: Ints
    share: Floats

    @cached_property
    def _comes_and_goes(self) -> "sparse.csr_array":
        """For each moment 1 where a row comes to be at risk, -1 where it no longer is."""
        from scipy import sparse

        rows = np.arange(len(self.first))
        signs = np.repeat([1.0, -1.0], len(rows))
        places = (np.concatenate([self.first, self.last]), np.concatenate([rows, rows]))
        return sparse.csr_array((signs, places), shape=(len(self.time) + 1, len(rows)))

    @cached_property
    def _gathers(self) -> "sparse.csr_array":
        from scipy import sparse

        rows = np.arange(len(self.moment))
        return sparse.csr_array((np.ones(len(rows)), (self.moment, rows)), shape=(len(self.time), len(rows)))

    @cached_property
    def in_order(self) -> Ints:
        """The places of events, in the order of their moments."""
        order: Ints = np.argsort(self.of_event, kind="stable")
        return order

    def at_risk(self, values: Floats) -> Floats:
        """Sum the values of the rows at risk, at each moment."""
        summed: Floats = np.cumsum(self._comes_and_goes @ values, axis=0)[:-1]
        return summed

    def over_time(self, values: Floats) -> Floats:
        """Sum the values of the moments at which a row is at risk, for each row."""
        upto = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        summed: Floats = upto[self.last] - upto[self.first]
        return summed

    def at_moments(self, values: Floats) -> Floats:
        """Sum values given for each event, in the order of moments, at each moment."""
        summed: Floats = self._gathers @ values
        return summed


@dataclass(frozen=True)
class Fit:
    """A fitted model: log hazard ratios, and the inverse of the information.

    A coefficient is settled if it is finite and the steps towards it came to an end.
    """

    coefficients: Floats
    covariance: Floats
    settled: Flags


@dataclass(frozen=True)
class _Slope:
    """The log likelihood at some coefficients, its score and its information."""

    likelihood: float
    score: Floats
    information: Floats


@dataclass(frozen=True)
class _Means:
    """For each event: the sum of weights at risk, and the weighted mean of the covariates."""

    weight: Floats
    total: Floats
    mean: Floats


def risk_sets(start: Floats, stop: Floats, event: Flags, stratum: Ints | None = None) -> RiskSets:
    """Find who is at risk at each event; rows are only compared with rows of their own stratum.

    Each row is at risk from just after `start` up to and including `stop`.
    """
    group = np.zeros(len(stop), dtype=np.intp) if stratum is None else np.unique(stratum, return_inverse=True)[1]
    times, code = np.unique(np.concatenate([start, stop]), return_inverse=True)
    began, ended = (group * len(times) + each for each in np.split(code, 2))
    keys, of_event = np.unique(ended[event], return_inverse=True)
    order = np.argsort(of_event, kind="stable")
    ties = np.bincount(of_event, minlength=len(keys))
    before = np.arange(len(order)) - np.repeat(np.cumsum(ties) - ties, ties)
    return RiskSets(
        event=event,
        time=times[keys % max(len(times), 1)],
        first=np.searchsorted(keys, began, side="right"),
        last=np.searchsorted(keys, ended, side="right"),
        of_event=of_event,
        moment=of_event[order],
        share=before / np.repeat(ties, ties),
    )


def fit(risk: RiskSets, covariates: Floats) -> Fit:
    """Fit Cox's model by Newton's method; one row of covariates a row at risk."""
    columns = covariates - covariates.mean(axis=0)
    spread = np.where(columns.std(axis=0) > 0, columns.std(axis=0), 1.0)
    least = NOTHING * len(risk.moment) * spread**2
    at = np.zeros(columns.shape[1])
    here, moved = _slope(risk, columns, at), np.ones(len(at), dtype=bool)
    for _ in range(NEWTON_STEPS):
        step = inverse(here.information, least) @ here.score
        moved = np.abs(step) * spread > TOLERANCE
        if not moved.any():
            break
        at, here = _improved(risk, columns, at, step, here)
    covariance = inverse(here.information, least)
    return Fit(at, covariance, settled=~moved & (np.diag(covariance) > 0))


def robust_covariance(risk: RiskSets, covariates: Floats, fitted: Fit, cluster: Ints) -> Floats:
    """Return the covariance of Lin and Wei, which holds where the rows of a cluster are alike."""
    residuals = score_residuals(risk, covariates, fitted.coefficients)
    spread = sums_within(cluster, residuals) @ fitted.covariance
    covariance: Floats = spread.T @ spread
    return covariance


def sums_within(groups: Ints, rows: Floats) -> Floats:
    """Return the sum of the rows of each group, groups in rising order."""
    from scipy import sparse

    codes, places = np.unique(groups, return_inverse=True)[1], np.arange(len(groups))
    sums: Floats = np.asarray(sparse.csr_array((np.ones(len(places)), (codes, places))) @ rows)
    return sums


def score_residuals(risk: RiskSets, covariates: Floats, coefficients: Floats) -> Floats:
    """Return what each row adds to the score, seen as an independent sum over rows; one column a covariate."""
    columns = covariates - covariates.mean(axis=0)
    means = _means(risk, columns, coefficients)
    event, moment = risk.event, risk.of_event
    ties = np.bincount(risk.moment, minlength=len(risk.time))[:, None]
    hazard, mean_hazard = 1 / means.total, means.mean / means.total[:, None]
    lasting, mean_lasting = risk.over_time(risk.at_moments(hazard)), risk.over_time(risk.at_moments(mean_hazard))
    lasting[event] -= risk.at_moments(risk.share * hazard)[moment]
    mean_lasting[event] -= risk.at_moments(risk.share[:, None] * mean_hazard)[moment]
    residuals = -means.weight[:, None] * (columns * lasting[:, None] - mean_lasting)
    residuals[event] += columns[event] - (risk.at_moments(means.mean) / ties)[moment]
    out: Floats = residuals
    return out


def mixed(risk: RiskSets, exposed: Flags, unexposed: Flags) -> Flags:
    """Tell at which moments somebody of each sort is at risk: only events there are informative."""
    both: Flags = (risk.at_risk(exposed.astype(float)) > 0.5) & (risk.at_risk(unexposed.astype(float)) > 0.5)
    return both


def _means(risk: RiskSets, columns: Floats, coefficients: Floats) -> _Means:
    linear = columns @ coefficients
    weight = np.exp(linear - linear.max(initial=0.0))
    dying = np.where(risk.event, weight, 0.0)[risk.event]
    tied = np.bincount(risk.of_event, dying, len(risk.time))
    total = risk.at_risk(weight)[risk.moment] - risk.share * tied[risk.moment]
    weighted = columns * weight[:, None]
    sums = risk.at_risk(weighted)[risk.moment]
    if risk.share.any():
        gone = risk.at_moments(weighted[risk.event][risk.in_order])
        sums = sums - risk.share[:, None] * gone[risk.moment]
    return _Means(weight, total, sums / total[:, None])


def _slope(risk: RiskSets, columns: Floats, at: Floats) -> _Slope:
    means = _means(risk, columns, at)
    hazard = 1 / means.total
    lasting = risk.over_time(risk.at_moments(hazard))
    lasting[risk.event] -= risk.at_moments(risk.share * hazard)[risk.of_event]
    linear = np.log(means.weight[risk.event])
    return _Slope(
        likelihood=float(linear.sum() - np.log(means.total).sum()),
        score=columns[risk.event].sum(axis=0) - means.mean.sum(axis=0),
        information=(columns * (means.weight * lasting)[:, None]).T @ columns - means.mean.T @ means.mean,
    )


def _improved(risk: RiskSets, columns: Floats, at: Floats, step: Floats, here: _Slope) -> tuple[Floats, _Slope]:
    """Take a step, or as much of it as does not lead downhill."""
    for _ in range(20):
        with np.errstate(divide="ignore", invalid="ignore"):  # a step so far that weights are nothing has no likelihood
            there = _slope(risk, columns, at + step)
        if there.likelihood >= here.likelihood - 1e-9 * (1 + abs(here.likelihood)):
            return at + step, there
        step = step / 2
    return at, here


def inverse(information: Floats, least: Floats) -> Floats:
    """Return the inverse; zero in the directions that the data say nothing about, or less than `least`."""
    size = np.diag(information)
    scale = np.sqrt(np.where(size > least, size, np.inf))
    inverse: Floats = np.linalg.pinv(information / np.outer(scale, scale), rcond=1e-11, hermitian=True)
    inverse /= np.outer(scale, scale)
    return inverse
