"""Over a thousand seeds the comparison finds what is there, and the table in the docs is what comes out."""

import pytest

from studies.recovery import ALLOWED, COVERED, TABLE, Row, as_line, beside, gated, recover, summed_up


@pytest.mark.long
@pytest.mark.parametrize("row", [*gated(), *beside()], ids=str)
def test_the_table_is_what_comes_out(row: Row) -> None:
    sums = summed_up(recover(row))
    assert as_line(row, sums) in TABLE.read_text("utf-8")
    if row in gated():
        bias, coverage = sums.loc["within learners", ["bias", "coverage"]]
        assert abs(bias) < ALLOWED[row.mode]
        assert COVERED[0] <= coverage <= COVERED[1]
