"""The tables of docs/scale.md: ratios, and how the time grows."""

import pytest

from benchmarks.beside.peers import Peer, as_markdown
from benchmarks.beside.written import Found, tables

CALLS = [
    Found(1_000_000, "fresh", "ours", "spells", 3.0, 2.0, 3e8),
    Found(1_000_000, "fresh", "polars", "spells", 1.5, 0.5, 2e8),
    Found(1_000_000, "fresh", "ours", "status", 1.0, 1.0, 1e8),
    Found(1_000_000, "fresh", "polars", "status", 0.5, 1.0, 4e8),
    Found(20_000_000, "fresh", "ours", "spells", 66.0, 30.0, 9e9),
]


def cells(text: str, first: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {first} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_ratios_are_ours_over_theirs() -> None:
    told = tables(CALLS)
    assert cells(told, "spells")[1:] == ["3,000", "2.00", "4.00", "1.50"]
    assert cells(told, "together")[1:] == ["4,000", "2.00", "2.00", "0.75"]


def test_memory_of_a_warm_process_is_told_once() -> None:
    told = tables([call._replace(how="warm") for call in CALLS[:4]])
    assert cells(told, "spells")[1:] == ["3,000", "2.00", "4.00", ""]
    assert cells(told, "together")[1:] == ["4,000", "2.00", "2.00", "0.75"]


def test_time_that_grows_as_the_rows_has_an_exponent_of_one() -> None:
    assert cells(tables(CALLS), "spells, ours")[1] == "1.03"  # 22 times as long for 20 times the rows
    slow = [CALLS[0], CALLS[4]._replace(cpu=3.0 * 20**1.46)]
    assert cells(tables(slow), "spells, ours")[1] == "1.46"


@pytest.mark.parametrize(("theirs", "times"), [(2.0, "2.0"), (0.5, "0.5")])
def test_other_packages_are_told_by_how_much_ours_is_quicker(theirs: float, times: str) -> None:
    told = as_markdown([Peer("rapidfuzz", "diversity", theirs, 1.0, 3.0, 1.0)])
    assert cells(told, "`diversity`")[1:] == ["rapidfuzz", "1.0", f"{theirs}", times, "3.0"]
