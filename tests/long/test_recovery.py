"""Over all the seeds of its table the comparison finds what is there, and the table in the docs is what comes out."""

import pytest

from studies.recovery import TABLE, Row, as_line, beside, gated, recover, summed_up


@pytest.mark.long
@pytest.mark.parametrize("row", [*gated(), *beside()], ids=str)
def test_the_table_is_what_comes_out(row: Row) -> None:
    page = TABLE.read_text("utf-8").splitlines()
    line = next(line for line in page if line.startswith(f"| {row.name} | {row.truth:g} |"))
    schools = int(line.split(" | ")[-1].removesuffix(" |"))
    assert as_line(row, summed_up(recover(row, range(schools)))) == line
