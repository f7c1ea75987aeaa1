"""Cox's model within learners with an effect for each goal, from a normal distribution whose variance is found.

The likelihood is Cox's over pairs, with ties as Efron has them; the effects of goals are integrated out by Laplace's
approximation, and their variance is the restricted maximum likelihood one: what R's `coxph(... + frailty(goal_id,
dist = "gauss", sparse = FALSE) + strata(learner_id))` gives.

References
----------
.. [1] Ripatti, S. and Palmgren, J. (2000). Estimation of multivariate frailty models using penalized partial
   likelihood. Biometrics 56, 1016-1022.
.. [2] Therneau, T. M., Grambsch, P. M. and Pankratz, V. S. (2003). Penalized survival models and frailty. Journal of
   Computational and Graphical Statistics 12, 156-175.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...statistics import Flags, Floats, Ints
from .cox import NEWTON_STEPS, TOLERANCE, inverse
from .pairs import Pairs

if TYPE_CHECKING:
    from scipy import sparse

LEAST_VARIANCE = 1e-5
"""Where the variance of the effects is found to be less than this, there are none."""

MOST_VARIANCE = 100.0

START = 0.2

BROAD, NARROW = 1.0, 0.1
"""How far from the first guess the log variance is looked for first, and from a near fit."""

CLOSE = 1e-8


@dataclass(frozen=True)
class Fitted:
    """A fitted model: log hazard ratios of the columns, the inverse of the information, and the effect of each goal.

    A coefficient is settled if it is finite and the steps towards it came to an end. `variance` is that of the
    distribution of the effects, 0 where there are none; `trace` is of the covariance of the effects.
    """

    coefficients: Floats
    covariance: Floats
    settled: Flags
    effects: Floats
    variance: float = 0.0
    trace: float = 0.0


@dataclass(frozen=True)
class Model:
    """What is fitted: one row of columns a pair, and the offset, what is taken as known of each log hazard.

    `goal` is which effect each pair has, from 0; where it has none, it is `effects`, their number.
    """

    pairs: Pairs
    columns: Floats
    goal: Ints
    effects: int
    offset: Floats

    @cached_property
    def spread(self) -> Floats:
        """The standard deviation of each column; 1 where it is 0."""
        number = max(len(self.columns), 1)
        means = self.columns.sum(axis=0) / number
        squares = np.einsum("ij,ij->j", self.columns, self.columns) / number - means**2
        spread: Floats = np.where(squares > 0, np.sqrt(np.maximum(squares, 0.0)), 1.0)
        return spread

    def of_effects(self, values: Floats) -> Floats:
        """Sum the values of the pairs that have each effect."""
        summed: Floats = np.bincount(self.goal, values, self.effects + 1).astype(float)[: self.effects]
        return summed

    def at(self, fixed: Floats, effects: Floats) -> "Slope":
        """Return the log likelihood, its slope and its information at some coefficients."""
        linear = self.columns @ fixed + self.offset
        if self.effects:
            linear = linear + np.append(effects, 0.0)[self.goal]
        return Slope.of(self, linear)


@dataclass(frozen=True)
class Slope:
    """The log likelihood at some coefficients, its score, and its information in three blocks."""

    likelihood: float
    score: Floats
    effects_score: Floats
    information: Floats
    across: Floats
    effects_information: Floats

    @staticmethod
    def of(model: Model, linear: Floats) -> "Slope":
        """Return them for the log hazard of each pair."""
        pairs, columns = model.pairs, model.columns
        weight = np.exp(linear - linear.max(initial=0.0)) * (1 - pairs.share)
        total = pairs.sums(weight)
        chance = weight / total[pairs.event]
        rest = pairs.met - chance
        means = np.column_stack([pairs.sums(chance * column) for column in columns.T])
        weighted = chance[:, None] * columns
        size, number = model.effects, columns.shape[1]
        score = columns.T @ rest
        information = columns.T @ weighted - means.T @ means
        likelihood = float(linear[pairs.met].sum() - linear.max(initial=0.0) * pairs.events - np.log(total).sum())
        if not size:
            none = np.zeros((number, 0))
            return Slope(likelihood, score, np.zeros(0), information, none, np.zeros((0, 0)))
        held = _held(model, chance)
        across = np.array([model.of_effects(column) for column in weighted.T]) - (held.T @ means).T[:, :size]
        of_effects = np.diag(model.of_effects(chance)) - (held.T @ held).toarray()[:size, :size]
        return Slope(likelihood, score, model.of_effects(rest), information, across, of_effects)


def _held(model: Model, chance: Floats) -> "sparse.csr_array":
    """Return the chance of each event to be of each effect."""
    from scipy import sparse

    pairs = model.pairs
    return sparse.csr_array((chance, model.goal, pairs.begins), shape=(pairs.events, model.effects + 1))


def fit_frailty(model: Model, variance: float | None = None, near: Fitted | None = None) -> Fitted:
    """Fit a model, from a fit that is near it, and find the variance of the effects of goals where it is not given."""
    here = Fitted(np.zeros(model.columns.shape[1]), np.zeros((0, 0)), np.zeros(0, bool), np.zeros(model.effects), START)
    if near is not None:
        variance_near = near.variance if near.variance > 0 else START
        effects = near.effects if near.effects.shape == here.effects.shape else here.effects
        alike = near.coefficients.shape == here.coefficients.shape
        fixed = near.coefficients if alike else here.coefficients
        here = replace(here, coefficients=fixed, effects=effects, variance=variance_near)
    if not model.effects or variance == 0:
        return _settle(replace(model, effects=0), here)
    if variance is not None:
        return _settle(model, replace(here, variance=variance))
    return _found(model, here, BROAD if near is None else NARROW)


def _found(model: Model, here: Fitted, stride: float) -> Fitted:
    """Return the fit whose effects have the variance that they were taken to have."""
    from scipy.optimize import brentq

    last = [here]

    def excess(log_variance: float) -> float:
        last[0] = found = _settle(model, replace(last[0], variance=float(np.exp(log_variance))))
        left = max(model.effects - found.trace / found.variance, 1e-12)
        squares = float(found.effects @ found.effects)
        return float(np.log(max(squares / left, 1e-300))) - log_variance

    at = float(np.log(here.variance))
    way = float(np.sign(excess(at)))
    while LEAST_VARIANCE < np.exp(at) < MOST_VARIANCE:
        before, at = at, at + way * stride
        if np.sign(excess(at)) != way:
            brentq(excess, min(before, at), max(before, at), xtol=CLOSE)
            return last[0]
        stride *= 2
    return last[0] if way > 0 else fit_frailty(model, 0.0, here)


def _settle(model: Model, here: Fitted) -> Fitted:
    """Take Newton's steps to the most likely coefficients for a variance."""
    fixed, effects = here.coefficients, here.effects[: model.effects]
    held = 1 / here.variance if model.effects else 0.0
    spread = model.spread
    least = 1e-9 * model.pairs.events * spread**2
    slope, moved = model.at(fixed, effects), np.ones(len(fixed), dtype=bool)
    for _ in range(NEWTON_STEPS):
        step, effects_step, covariance, trace = _step(slope, held, effects, least)
        moved = np.abs(step) * spread > TOLERANCE
        if not (moved.any() or (np.abs(effects_step) > TOLERANCE).any()):
            break
        fixed, effects, slope = _improved(model, fixed, effects, step, effects_step, slope, held)
    settled = ~moved & (np.diag(covariance) > 0)
    return Fitted(fixed, covariance, settled, effects, here.variance if model.effects else 0.0, trace)


def _step(slope: Slope, held: float, effects: Floats, least: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Return Newton's step of the coefficients and of the effects, and the covariance of the former."""
    if not len(effects):
        covariance = inverse(slope.information, least)
        return covariance @ slope.score, effects, covariance, 0.0
    from scipy.linalg import cho_factor, cho_solve

    lower = cho_factor(slope.effects_information + held * np.eye(len(effects)))
    solved = cho_solve(lower, np.eye(len(effects)))
    through = slope.across @ solved
    pull = slope.effects_score - held * effects
    covariance = inverse(slope.information - through @ slope.across.T, least)
    step = covariance @ (slope.score - through @ pull)
    trace = float(np.trace(solved) + np.trace(through.T @ covariance @ through))
    return step, solved @ pull - through.T @ step, covariance, trace


def _improved(
    model: Model, fixed: Floats, effects: Floats, step: Floats, effects_step: Floats, slope: Slope, held: float
) -> tuple[Floats, Floats, Slope]:
    """Take a step, or as much of it as does not lead downhill."""
    here = slope.likelihood - held * float(effects @ effects) / 2
    for _ in range(20):
        there = model.at(fixed + step, effects + effects_step)
        moved = effects + effects_step
        if there.likelihood - held * float(moved @ moved) / 2 >= here - 1e-9 * (1 + abs(here)):
            return fixed + step, moved, there
        step, effects_step = step / 2, effects_step / 2
    return fixed, effects, slope
