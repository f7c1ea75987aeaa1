"""Whether episodes fall just before goals are met more often than chance would have them.

Where episodes are noted rather when they worked they do, the first of a goal and all later ones; where working together
has an effect that lasts, the later ones do not.
"""

import numpy as np

from ...statistics import Flags, Floats
from ..goals import Goals
from .exposures import Company
from .headline import Headline

SOON = 3.0
"""The days before a goal is met that are set against those before them."""

_STEPS = 20

_MOMENT = 1e-6
"""Times that are less than this apart, in days, are one: they come from the same clock by different sums."""


def soon_after(model: Headline, company: Company, first: tuple[float, float], *, whole: bool) -> tuple[float, float]:
    """Return the log of how many times as often goals are met in the days after an episode, and its standard error.

    `first` is the same after the first episode on a goal, as the headline compares goals; the later ones are set
    against chance. `whole` tells that times are whole days. Both are missing where nothing is known.
    """
    score, information = later(model.goals, company, whole=whole)
    weight = first[1] ** -2
    if not information + weight > 0:
        return np.nan, np.nan
    return (score + first[0] * weight) / (information + weight), (information + weight) ** -0.5


def later(goals: Goals, company: Company, *, whole: bool) -> tuple[float, float]:
    """Return the score and the information of how many more later episodes there are just before goals are met.

    Of n episodes in the L days between the first and the meeting of a goal, 3 n / L fall in the last three by chance,
    and somewhat more where children come to look for company more often as the term goes.
    """
    first = np.where(goals.together < goals.stop, np.maximum(goals.together, goals.entry), goals.stop)
    length = goals.stop - first - whole
    # By whole days: a school day is a part of a day of the clock, and goals are met at any time of it.
    days = np.floor(goals.begun + goals.stop) - np.floor(goals.begun + first)
    looked_at = goals.met & (days > SOON)
    share = np.divide(SOON, length, out=np.zeros(len(goals)), where=looked_at)
    of, at = company.of, company.at
    counts = looked_at[of] & (at > first[of] + _MOMENT) & (at < goals.stop[of] - _MOMENT)
    number = np.bincount(of[counts], minlength=len(goals))
    just_before = np.bincount(of[counts & (at > goals.stop[of] - SOON - _MOMENT)], minlength=len(goals))
    spread = number * share * (1 - share)
    growing = _growth(goals) * float((spread * np.where(looked_at, length, 0.0)).sum()) / 2
    return float((just_before - number * share).sum()) - growing, float(spread.sum())


def _growth(goals: Goals) -> float:
    """Return by how much the log of how often goals become collaborative grows in a day of the term."""
    until = np.clip(goals.together, goals.entry, goals.stop)
    became: Flags = (goals.together > goals.entry) & (goals.together < goals.stop)
    start, stop = np.sort(goals.begun + goals.entry), np.sort(goals.begun + until)
    if not became.any():
        return 0.0
    days: Floats = np.arange(np.floor(start[0]), np.ceil(stop[-1])) + 0.5
    alone = np.searchsorted(start, days) - np.searchsorted(stop, days)
    from_middle, mean = days - days.mean(), float((goals.begun + until)[became].mean() - days.mean())
    growth = 0.0
    for _ in range(_STEPS):
        weight = alone * np.exp(growth * from_middle)
        expected = float(weight @ from_middle / weight.sum())
        variance = float(weight @ from_middle**2 / weight.sum()) - expected**2
        if variance <= 0:
            return 0.0
        step = float(np.clip((mean - expected) / variance, -0.05, 0.05))
        growth += step
        if abs(step) < 1e-9:
            break
    return growth
