"""Over a seeded hundred of the thousand schools of `make long`, the comparison within learners finds what is there."""

import json

import pytest
from scipy.stats import binom

from reflectlab.measure.comparison.caveats import HARD, PULLED, STUCK
from studies.recovery import ALLOWED, COVERED, ROOT, TABLE, Row, beside, gated, recover, summed_up

SEEDS = 100
CHANCE = 0.001
"""How often a comparison that is just good enough may fail a bound by chance."""


@pytest.mark.parametrize("row", list(gated()), ids=str)
def test_the_ratio_is_found(row: Row) -> None:
    bias, spread, coverage = summed_up(recover(row, SEEDS, ["within learners"])).loc["within learners"]
    assert abs(bias) < ALLOWED[row.mode] + 3.1 * spread
    low, high = binom.ppf(CHANCE, SEEDS, COVERED[0]), binom.isf(CHANCE, SEEDS, COVERED[1])
    assert low <= SEEDS * coverage <= high


def told(row: Row, column: int = 2) -> tuple[str, float, float]:
    """What the committed table says of a row, within learners: the ratio, the bias, and the share of intervals."""
    start = f"| {row.name} | {row.truth:g} |"
    (line,) = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith(start)]
    ratio, bias, coverage = line.split(" | ")[column].split(" · ")
    return ratio, float(bias), float(coverage.removesuffix(" %")) / 100


def prose() -> str:
    """What the notebook says, in one line."""
    notebook = json.loads((ROOT / "notebooks" / "research_comparison.ipynb").read_text("utf-8"))
    return " ".join("".join(cell["source"]) for cell in notebook["cells"]).replace("\n", " ")


@pytest.mark.parametrize("row", list(gated()), ids=str)
def test_the_committed_table_is_within_its_bounds(row: Row) -> None:
    _, bias, coverage = told(row)
    assert abs(bias) < ALLOWED[row.mode]
    assert COVERED[0] <= coverage <= COVERED[1]


def test_caveat_and_notebook_say_of_help_when_stuck_what_the_table_says() -> None:
    stuck = [row for row in beside() if "while stuck" in row.name and row.mode == "times"]
    often = {(row.knobs["seek_when_stuck"], row.truth): told(row)[0] for row in stuck}
    assert f"1.5 came out as {often[10.0, 1.5]} on average, and a true 1 as {often[10.0, 1.0]}." in STUCK
    assert f"a true 1.5 came out as {often[10.0, 1.5]} on average and a true 1 as {often[10.0, 1.0]}; four" in prose()
    assert f"four times as often, 1.5 came out as {often[4.0, 1.5]}." in prose()


def test_the_caveat_says_of_dates_what_the_table_says() -> None:
    found = {row.truth: told(row)[0] for row in beside() if row.as_dates}
    assert f"a true 1.5 came out as {found[1.5]} in simulated classes, and a true 2 as {found[2.0]}." in PULLED


def test_caveat_and_notebook_say_of_hard_goals_what_the_table_says() -> None:
    (row,) = [row for row in beside() if "difficulty" in row.name and row.mode == "times"]
    plain, adjusted = (told(row, column)[0] for column in (2, 3))
    assert f"came out as {plain} within learners, and adjusted for the goal as {adjusted}." in HARD
    assert f"a true 1.5 came out as {plain} within learners and as {adjusted} with the adjustment" in prose()
