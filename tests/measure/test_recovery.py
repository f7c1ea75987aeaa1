"""Over a seeded hundred of the thousand schools of `make long`, the comparison within learners finds what is there."""

import pytest
from scipy.stats import binom

from tests.recovery import ALLOWED, COVERED, Row, gated, recover, summed_up

SEEDS = 100
CHANCE = 0.001
"""How often a comparison that is just good enough may fail a bound by chance."""


@pytest.mark.parametrize("row", list(gated()), ids=str)
def test_the_ratio_is_found(row: Row) -> None:
    bias, spread, coverage = summed_up(recover(row, SEEDS, ["within learners"])).loc["within learners"]
    assert abs(bias) < ALLOWED[row.mode] + 3.1 * spread
    low, high = binom.ppf(CHANCE, SEEDS, COVERED[0]), binom.isf(CHANCE, SEEDS, COVERED[1])
    assert low <= SEEDS * coverage <= high
