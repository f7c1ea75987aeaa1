"""The digest finds what was planted, says nothing that is not so, and keeps to its rules at their edges."""

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog, digest
from reflectlab.measure.digest import MOST
from tests.measure.planted import found_in, is_so, simulated

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found_and_what_is_said_is_so(seed: int) -> None:
    missed, said, wrong = found_in(seed)
    assert (missed, wrong) == ([], [])
    assert 6 <= len(said) <= MOST


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nothing_is_planted_what_is_said_is_so_and_little(seed: int) -> None:
    tables = simulated(seed)
    found = digest(ProgressLog.from_tables(**tables))
    assert [row.sentence for row in found.itertuples() if not is_so(row, tables)] == []
    assert len(found) <= MOST
