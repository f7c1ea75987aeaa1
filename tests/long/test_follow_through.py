"""Over a thousand seeds follow-through finds what is there, and the table in the docs is what comes out."""

import pytest

from studies.follow_through import ROWS, TABLE, Row, as_line, follow, summed_up


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_table_is_what_comes_out(row: Row) -> None:
    sums = summed_up(*follow(row))
    assert as_line(row, sums) in TABLE.read_text("utf-8")
    if row.gated and row.effect:
        assert sums["difference"] > 5 * sums["error"]
    elif row.gated:
        assert abs(sums["difference"]) < 3 * sums["error"]
        assert sums["none"] >= 0.93
