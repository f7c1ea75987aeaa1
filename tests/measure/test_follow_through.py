"""A tenth of the thousand schools of `tests/long/test_follow_through.py`."""

import pytest

from studies.follow_through import ROWS, SEEDS, Row, follow, summed_up

TENTH = range(SEEDS // 10)


@pytest.mark.parametrize("row", [row for row in ROWS if row.gated and not row.effect], ids=str)
def test_no_difference_is_found_where_there_is_none(row: Row) -> None:
    sums = summed_up(*follow(row, TENTH))
    assert abs(sums["difference"]) < 3 * sums["error"]
    assert sums["error"] < 0.02
    assert sums["none"] >= 0.88


@pytest.mark.parametrize("row", [row for row in ROWS if row.effect], ids=str)
def test_a_difference_is_found_where_there_is_one(row: Row) -> None:
    sums = summed_up(*follow(row, TENTH))
    assert sums["difference"] > 5 * sums["error"]
    assert sums["above"] > 0.05


def test_the_plain_comparison_is_wrong_where_there_is_no_effect() -> None:
    sums = summed_up(*follow(ROWS[0], range(SEEDS // 50)))
    assert sums["ever"] < sums["never"] - 0.1
