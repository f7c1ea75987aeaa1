"""How a rate is told: coded by the size of the group, so that neither it nor its interval gives a count away."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, sqrt

import numpy as np

from ..measure.statistics import wilson
from .disclosure.attack import WIDTH

FEWEST_TOLD = 10
"""Of fewer learners no rate, mean or interval is told."""

END_BANDS = ((20, 20, 10), (40, 10, 5), (100, 5, 5), (200, 3, 1), (300, 2, 1), (10**9, 1, 1))
"""Up to how many learners; from what per cent to the end a rate is one band, and how wide the bands between are.

After NCES (2011), SLDS Technical Brief 3. Learners are told in the same bands, so that neither narrows the other.
"""

BAND_WIDTHS = (1, 2, 5, 10, 20, 25, 50)
"""How wide a band may be, in points: wider where one of the group's counts would not be left 5 to lie between."""

ROUND = 10
"""To what multiple the number of goals or participations is told."""


@dataclass(frozen=True)
class Band:
    """Between what a rate lies, as shares of 1."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The rate to draw."""
        return round((self.low + self.high) / 2, 4)

    def __str__(self) -> str:
        low, high = round(100 * self.low), round(100 * self.high)
        return f"≤ {high} %" if low == 0 else f"≥ {low} %" if high == 100 else f"{low}–{high} %"


@dataclass(frozen=True)
class ToldRates:
    """What is told of a group: between what its learners and its rates lie, and about how many goals that is of."""

    learners: int
    size: int
    bands: tuple[Band, ...]

    @property
    def most_learners(self) -> int:
        """How many learners it is at most, as far as is told."""
        return learner_band(self.learners)[1]

    def holds(self, counts: Sequence[int], learners: int) -> bool:
        """Tell whether this is true of a group."""
        base = sum(counts)
        near = abs(base - self.size) <= ROUND / 2 and self.learners <= learners <= self.most_learners
        inside = (band.low * base <= count <= band.high * base for band, count in zip(self.bands, counts, strict=False))
        return near and all(inside)


def learner_band(learners: int) -> tuple[int, int]:
    """Return between what a number of learners is told to lie.

    >>> learner_band(27), learner_band(20)
    ((21, 40), (10, 20))
    """
    ends = [FEWEST_TOLD - 1, *(most for most, _, _ in END_BANDS)]
    return next((low + 1, high) for low, high in pairwise(ends) if learners <= high)


def learner_words(learners: int) -> str:
    """Return the band of a number of learners in words.

    >>> learner_words(27), learner_words(1200)
    ('21 to 40', 'over 300')
    """
    low, high = learner_band(learners)
    return f"{low} to {high}" if high < END_BANDS[-1][0] else f"over {low - 1}"


def design_effect(learners: int, size: int) -> float:
    """Return by how much the goals of the same learners are alike, from what is told of both: a tenth for each more.

    >>> round(design_effect(27, 270), 2)
    1.83
    """
    low, high = learner_band(learners)
    return 1 + 0.1 * max(size / sqrt(low * min(high, 2 * low)) - 1, 0)


def coded(learners: int, counts: Sequence[int], banded: int) -> ToldRates | None:
    """Return what is told of a group, the first `banded` of its counts as rates; None where it is too small.

    >>> told = coded(27, (120, 40), 1)
    >>> told.size, str(told.bands[0])
    (160, '75–80 %')
    >>> coded(9, (120, 40), 1) is None
    True
    """
    base = sum(counts)
    if learners < FEWEST_TOLD:
        return None
    size = ROUND * floor(base / ROUND + 0.5)
    end, step = next((end, step) for most, end, step in END_BANDS if learners <= most)
    least = size - ROUND / 2
    wide = [each for each in BAND_WIDTHS if each >= step and each * least >= 100 * WIDTH]
    if not wide:
        return None
    bands = tuple(_band(100 * count / base, max(end, wide[0]), wide[0]) for count in counts[:banded])
    return ToldRates(learner_band(learners)[0], size, bands)


def _band(percent: float, end: int, step: int) -> Band:
    first = step * ceil(end / step)
    if percent <= end or percent <= first:
        return Band(0.0, end / 100) if percent <= end else Band(end / 100, first / 100)
    if percent >= 100 - end or percent >= 100 - first:
        low = 100 - end
        return Band(low / 100, 1.0) if percent >= low else Band((100 - first) / 100, low / 100)
    low = step * floor(percent / step)
    return Band(low / 100, (low + step) / 100)


def interval(band: Band, size: int, effect: float) -> tuple[float, float]:
    """Return about the 95 % interval of a rate, made of nothing but what is told: rounded outwards to five points."""
    effective = max(size / max(effect, 1.0), 1.0)
    lows, highs = wilson(np.array([band.low, band.high]), np.array([effective, effective]))
    low, high = float(lows[0]), float(highs[1])
    return max(floor(20 * low + 1e-9) / 20, 0.0), min(ceil(20 * high - 1e-9) / 20, 1.0)
