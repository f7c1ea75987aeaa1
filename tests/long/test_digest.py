"""Two hundred classes with planted truths, two hundred without: what the digest finds, and whether it is so."""

import pytest

from reflectlab import ProgressLog, digest
from reflectlab.measure.digest import MOST
from tests.measure.planted import found_in, is_so, simulated

pytestmark = pytest.mark.long

SEEDS = range(1000, 1200)


def test_everything_planted_is_found_and_nothing_is_said_that_is_not_so():
    found = [found_in(seed) for seed in SEEDS]
    assert [missed for missed, _, _ in found if missed] == []
    assert [wrong for _, _, wrong in found if wrong] == []
    assert max(len(said) for _, said, _ in found) <= MOST


def test_where_nothing_is_planted_all_that_is_said_is_so():
    for seed in SEEDS:
        tables = simulated(seed)
        found = digest(ProgressLog.from_tables(**tables))
        assert [row.sentence for row in found.itertuples() if not is_so(row, tables)] == []
        assert len(found) <= MOST
