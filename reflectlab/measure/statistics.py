"""Statistics that several measures need, each told once: intervals, cumulative incidence, resamples of the learners."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Ints = NDArray[np.intp]

Flags = NDArray[np.bool_]

Z = 1.959963984540054
"""How many standard errors a 95 % interval reaches to either side."""

RESAMPLES = 500

_ROUNDING = 1e-9

Rate = tuple[float, float, float]
"""A rate and its interval: `rate, low, high`."""


def t_quantile(learners: Floats | Ints) -> Floats:
    """Return how many standard errors a 95 % interval reaches where they are learned from so many learners: Student's.

    Examples
    --------
    >>> t_quantile(np.array([8.0, 26.0, 1000.0])).round(2).tolist()
    [2.36, 2.06, 1.96]
    """
    from scipy.special import stdtrit  # not `scipy.stats`, which takes half a second to import

    quantiles: Floats = stdtrit(np.maximum(np.asarray(learners, dtype=float) - 1, 1.0), 0.975)
    return quantiles


def wilson(rate: Floats, number: Floats, far: Floats | float = Z) -> tuple[Floats, Floats]:
    """Return Wilson's 95 % interval of rates, each of as many independent trials [1]_; `far` standard errors wide.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of
       the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> low, high = wilson(np.array([0.35]), np.array([20.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.181], [0.567])
    """
    whole = 1 + far**2 / number
    middle = (rate + far**2 / (2 * number)) / whole
    half = far / whole * np.sqrt(rate * (1 - rate) / number + far**2 / (4 * number**2))
    # Rounding must not put a rate of 0 or 1 outside its own interval.
    return np.clip(middle - half, 0.0, rate), np.clip(middle + half, rate, 1.0)


def newcombe(one: Rate, other: Rate) -> Rate:
    """Return the difference of two independent rates, with the 95 % interval made from theirs [1]_.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison
       of eleven methods. Statistics in Medicine 17, 873-890. Method 10.

    Examples
    --------
    >>> [round(figure, 3) for figure in newcombe((0.7, 0.577, 0.8), (0.6, 0.49, 0.701))]
    [0.1, -0.059, 0.249]
    """
    (rate, low, high), (other_rate, other_low, other_high) = one, other
    difference = rate - other_rate
    below = float(np.hypot(rate - low, other_high - other_rate))
    above = float(np.hypot(high - rate, other_rate - other_low))
    return difference, difference - below, difference + above


def open_before(ended: Floats) -> Floats:
    """Return what share is still open just before each moment, from the share of those at risk that end in each."""
    still = np.cumprod(1 - ended, axis=-1)
    first = np.ones((*still.shape[:-1], min(1, still.shape[-1])))
    return np.concatenate([first, still[..., :-1]], axis=-1)


def cumulative_incidence(at_risk: Floats, events: Floats | Ints, competing: Floats | Ints) -> Floats:
    """Return the share that has had an event by each moment where another may come first: Aalen and Johansen's [1]_.

    The moments are along the last axis. Nobody may be at risk where nothing ends; there `at_risk` is at will, but
    not 0.

    References
    ----------
    .. [1] Aalen, O. O. and Johansen, S. (1978). An empirical transition matrix for non-homogeneous Markov chains
       based on censored observations. Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> cumulative_incidence(np.array([4.0, 2.0]), np.array([1.0, 1.0]), np.array([1.0, 0.0])).tolist()
    [0.25, 0.5]
    """
    share: Floats = np.cumsum(open_before((events + competing) / at_risk) * events / at_risk, axis=-1)
    return np.minimum(share, 1.0)  # 1 but for rounding


_CELLS = 500_000
"""How many learners x moments are looked at in one step: so many are close at hand."""


def incidence_error(at_risk: Floats, events: Floats, competing: Floats, learners: Ints) -> Floats:
    """Return the standard error of the cumulative incidence, by the infinitesimal jackknife over learners [1]_.

    Parameters
    ----------
    at_risk, events, competing : array
        Learners x moments along the last two axes; rows of zeros beyond the learners that there are change nothing.
    learners : array
        How many learners there are, one number for all moments: of shape (..., 1).

    References
    ----------
    .. [1] Efron, B. (1981). Nonparametric estimates of standard error: the jackknife, the bootstrap and other methods.
       Biometrika 68, 589-599.
    """
    met, rest, whole = (each.sum(axis=-2, keepdims=True) for each in (events, competing, at_risk))
    whole = np.maximum(whole, 1.0)
    meeting, ending = met / whole, (met + rest) / whole
    before, share = open_before(ending), cumulative_incidence(whole, met, rest)
    stays = np.where(ending < 1, 1 - ending, 1.0)

    def squares(some: slice) -> Floats:
        there, meets, ends = (each[..., some, :] for each in (at_risk, events, competing))
        gained = np.cumsum(before * (meets - there * meeting) / whole, axis=-1)
        lost = (meets + ends - there * ending) / (whole * stays)
        pull = gained - share * np.cumsum(lost, axis=-1) + np.cumsum(share * lost, axis=-1)
        summed: Floats = (pull**2).sum(axis=-2)
        return summed

    number = at_risk.shape[-2]
    size = max(1, _CELLS * number // max(1, at_risk.size))
    blocks = [squares(slice(first, first + size)) for first in range(0, max(1, number), size)]
    errors: Floats = np.sqrt(sum(blocks[1:], blocks[0]) * learners / np.maximum(learners - 1, 1))
    return errors


def share_interval(share: Floats, error: Floats, far: Floats | float = Z) -> tuple[Floats, Floats]:
    """Return the 95 % interval of a share met by a moment, on the scale of log(-log(1 - share))."""
    inside = (share > 0) & (share < 1)
    alive = np.where(inside, 1 - share, 0.5)
    wide = np.exp(far * error / (alive * -np.log(alive)))
    low, high = 1 - alive ** (1 / wide), 1 - alive**wide
    return np.where(inside, low, share), np.where(inside, high, share)


def resamples(learners: int) -> Floats:
    """Return how often each learner is drawn in each of `RESAMPLES` bootstrap resamples, the same ones every time."""
    if not learners:
        return np.zeros((1, 0))
    drawn = np.random.default_rng(0).multinomial(learners, np.full(learners, 1 / learners), size=RESAMPLES)
    return drawn.astype(np.float64)


def with_interval(table: pd.DataFrame) -> pd.DataFrame:
    """Add `rate, low, high`: Wilson's interval, with n divided by the design effect of several goals a learner.

    Where that is above n / (n - 1) for n learners, it is learned from them, and the interval reaches as far as
    Student's t does with n - 1 degrees of freedom.
    """
    goals, met, learners = (table[name].to_numpy(dtype=float) for name in ("goals", "met", "learners"))
    some = goals > 0
    size = np.where(some, goals, 1.0)
    rate = np.where(some, met / size, 0.0)
    effect, inside = _design_effect(table, learners, size, rate), (rate > 0) & (rate < 1)
    # Of one goal each, the design effect is n / (n - 1) whatever they are: nothing is learned.
    learned = inside & (effect > learners / np.maximum(learners - 1, 1) + _ROUNDING)
    far = np.where(learned, t_quantile(learners), Z)
    low, high = wilson(rate, size / effect, far)
    rate, low, high = (np.where(some, each, np.nan) for each in (rate, low, high))
    return table.assign(rate=rate, low=low, high=high)


def _design_effect(table: pd.DataFrame, learners: Floats, size: Floats, rate: Floats) -> Floats:
    """Return how many times the variance is that of as many independent goals: learners are the clusters."""
    met_met, goals_met, goals_goals = (
        table[name].to_numpy(dtype=float) for name in ("met_met", "goals_met", "goals_goals")
    )
    spread = met_met - 2 * rate * goals_met + rate**2 * goals_goals
    clustered = learners / np.maximum(learners - 1, 1.0) * spread / size**2
    binomial = rate * (1 - rate) / size
    # Where all or none are met the variance cannot be estimated: then each learner counts once.
    once = size / np.maximum(learners, 1.0)
    known = binomial > 0
    estimated = np.where(known, np.maximum(clustered / np.where(known, binomial, 1.0), 1.0), once)
    effects: Floats = np.where(learners > 1, estimated, 1.0)
    return effects
