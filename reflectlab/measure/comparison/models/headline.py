"""The headline of a comparison: each child's goals set beside their others, allowing for which goals they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...statistics import Flags, Floats, Ints
from ..goals import Goals
from .frailty import Fitted, Model, fit_frailty
from .pairs import Pairs, exposed, informative, pairs_of, without

ENOUGH = 100
"""With fewer informative events than this, goals have their effects and nothing else is adjusted for."""

MOST_GOALS = 1000
"""So many goals have an effect of their own: those that most learners have."""

FEWEST_OWN = 3

NOTHING_NEW = 1e-10
"""A column of which less than this share (of squares) is new follows from the others."""

RATE, BEGUN, SQUARED = "company rate", "begun", "begun squared"


@dataclass(frozen=True)
class Adjusted:
    """What the headline allows for, one row a goal."""

    names: list[str]
    values: Floats


def company_rate(goals: Goals, among: Flags | None = None) -> Floats:
    """Return for each goal the log of how often it becomes collaborative in a day on one's own, over all learners.

    Notes
    -----
    log((k + 1) / (d + 1 / r)): of those `among`, k of the learners' spells on the goal became collaborative in d days
    on their own, and r is k / d over all goals.
    """
    until = np.clip(goals.together, goals.entry, goals.stop)
    became = (goals.together > goals.entry) & (goals.together < goals.stop)
    number = int(goals.goal.max(initial=-1)) + 1
    of = np.ones(len(goals)) if among is None else among
    times = np.bincount(goals.goal, became * of, number)
    days = np.bincount(goals.goal, (until - goals.entry) * of, number)
    if not times.sum():
        return np.zeros(len(goals))
    rates: Floats = np.log((times + 1) / (days + days.sum() / times.sum()))
    return rates[goals.goal]


def allowed_for(goals: Goals, names: list[str], values: Floats) -> Adjusted:
    """Return the company rate of each goal, when it was begun, and the columns to adjust for."""
    begun = goals.begun - goals.begun.mean() if len(goals) else goals.begun
    begun = begun / max(float(np.abs(begun).max(initial=0.0)), 1.0)
    own = np.column_stack([company_rate(goals), begun, begun**2])
    return Adjusted([RATE, BEGUN, SQUARED, *names], np.column_stack([own, values]))


@dataclass(frozen=True)
class Headline:
    """The model of the headline, fitted.

    `further` is what else was in the model, one row a pair; `names` are of the coefficients after the exposures'.
    """

    goals: Goals
    pairs: Pairs
    further: Floats
    names: list[str]
    model: Model
    fitted: Fitted

    def again(self, columns: Floats, offset: Floats | None = None) -> Fitted:
        """Fit other exposures, the variance of the effects of goals as it was found."""
        both = np.column_stack([columns, self.further])
        known = self.model.offset if offset is None else offset
        model = Model(self.pairs, both, self.model.goal, self.model.effects, known)
        return fit_frailty(model, self.fitted.variance, near=self._near(columns.shape[1]))

    def _near(self, exposures: int) -> Fitted:
        """Return the fit with its first ratio for each of so many exposures, to begin from."""
        further = self.fitted.coefficients[len(self.fitted.coefficients) - self.further.shape[1] :]
        first = np.full(exposures, self.fitted.coefficients[0])
        return replace(self.fitted, coefficients=np.concatenate([first, further]))

    def expected(self, of: Flags) -> float:
        """Return how many of these pairs would be those met, as the headline has it."""
        linear = self.model.columns @ self.fitted.coefficients + self.model.offset
        if self.fitted.variance:
            linear += np.append(self.fitted.effects, 0.0)[self.model.goal]
        weight = np.exp(linear - linear.max(initial=0.0)) * (1 - self.pairs.share)
        return float((weight / self.pairs.sums(weight)[self.pairs.event])[of].sum())

    def without(self, out: Flags) -> Fitted:
        """Leave some goals out, all of a learner or none; the variance of the effects of goals as it was found."""
        own = self.pairs.only_events(~out[self.pairs.of[self.pairs.met]])
        columns = self.model.columns[~out[self.pairs.of]]
        if RATE in self.names:
            columns = columns.copy()
            columns[:, -len(self.names) + self.names.index(RATE)] = company_rate(self.goals, ~out)[own.of]
        model = Model(own, columns, self.model.goal[~out[self.pairs.of]], self.model.effects, np.zeros(len(own)))
        return fit_frailty(model, self.fitted.variance, near=self.fitted)


def headline(goals: Goals, adjusted: Adjusted, kept: Sequence[Flags]) -> Headline:
    """Fit the headline.

    `kept` has, for each exposure, the goals of that sort once worked on with somebody; others are left out from then.
    """
    pairs = pairs_of(goals)
    together = exposed(pairs, goals)
    pairs = without(pairs, together & ~np.logical_or.reduce(kept)[pairs.of])
    together = exposed(pairs, goals)
    exposures = np.column_stack([together & of[pairs.of] for of in kept]).astype(float)
    enough = informative(pairs, together).sum() >= ENOUGH
    chosen = _independent(pairs, exposures, adjusted.values[pairs.of], 0 if enough else FEWEST_OWN)
    further, names = adjusted.values[pairs.of][:, chosen], [adjusted.names[place] for place in chosen]
    codes, effects = _effects(goals)
    model = Model(pairs, np.column_stack([exposures, further]), codes[pairs.of], effects, np.zeros(len(pairs)))
    return Headline(goals, pairs, further, names, model, fit_frailty(model))


def _effects(goals: Goals) -> tuple[Ints, int]:
    """Return the effect of each goal, and how many there are; none where no two learners have a goal in common."""
    learners = np.bincount(goals.goal)
    own = np.flatnonzero(learners)
    own = own[np.argsort(-learners[own], kind="stable")][:MOST_GOALS]
    if not len(own) or learners[own[0]] < 2:
        return np.zeros(len(goals), dtype=np.intp), 0
    codes = np.full(len(learners), len(own))
    codes[own] = np.arange(len(own))
    return codes[goals.goal], len(own)


def _independent(pairs: Pairs, exposures: Floats, further: Floats, first: int) -> list[int]:
    """Return which further columns, from the first on, differ within events and do not follow from those before."""
    columns = _within(pairs, np.column_stack([exposures, further]))
    products, kept = columns.T @ columns, list(range(exposures.shape[1]))
    whole = (further**2).sum(axis=0)
    for place in range(first, further.shape[1]):
        at = place + exposures.shape[1]
        across = products[kept, at]
        left = products[at, at] - across @ np.linalg.lstsq(products[np.ix_(kept, kept)], across, rcond=None)[0]
        if left > NOTHING_NEW * whole[place]:
            kept.append(at)
    return [at - exposures.shape[1] for at in kept[exposures.shape[1] :]]


def _within(pairs: Pairs, columns: Floats) -> Floats:
    """Take off the mean of each event."""
    size = pairs.sums(np.ones(len(pairs)))
    means = np.column_stack([pairs.sums(column) / size for column in columns.T])
    return columns - means[pairs.event]
