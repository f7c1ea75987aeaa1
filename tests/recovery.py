"""Whether comparisons find the ratio that simulated schools were given; `python -m tests.recovery` writes the table."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reflectlab.measure import _estimates as models
from reflectlab.measure._goals import Goals, as_goals, seen_goals, under_way
from reflectlab.simulate import School, simulate_school

SEEDS = 1000
TABLE = Path(__file__).resolve().parent.parent / "docs" / "recovery.md"
ALLOWED = {"times": 0.03, "dates": 0.06}

HEAD = """# Does the comparison find what is there?

{seeds:,} simulated schools for each row, of four classes with 26 learners and ten weeks; seeds 0 to {last}. Each cell holds
the geometric mean of the ratios found and, behind it, how many of the 95 % intervals hold the true one. Written by
`python -m tests.recovery`; `make long` computes it again and compares.

## What has to be right

Within learners: between 93 and 98 % of intervals hold the truth, and the mean log ratio is off by less than 0.03 with
clock times, 0.06 with dates.

"""

BESIDE = """
## What the table warns of

"""


@dataclass(frozen=True)
class Row:
    """One kind of school: what it is called, the true ratio, its knobs.

    Attributes
    ----------
    as_dates : bool
        Whether its clock times are read as dates.
    logged : bool
        Whether goals are read from the log, and not from the truth, which takes ten times as long.
    """

    name: str
    truth: float
    knobs: dict[str, Any]
    as_dates: bool = False
    logged: bool = False

    @property
    def mode(self) -> str:
        return str(self.knobs.get("mode", "times"))


def gated() -> Iterator[Row]:
    """Rows in which the comparison within learners has to be right."""
    for mode, ratio, tied in product(ALLOWED, (1.0, 1.5, 2.0), (0.0, 0.7)):
        who = "able children are more sociable" if tied else "able children are as sociable as others"
        yield Row(f"{mode}; {who}", ratio, {"mode": mode, "hazard_ratio": ratio, "ability_sociability": tied})


def beside() -> Iterator[Row]:
    """Rows that show where comparisons stop being right."""
    for mode in ALLOWED:
        told = {"mode": mode}
        yield Row(f"{mode}; goals of unequal difficulty", 1.5, {**told, "difficulty": 0.6})
        for times, ratio in ((4.0, 1.5), (10.0, 1.5), (10.0, 1.0)):
            name = f"{mode}; children look for somebody {times:.0f} times as often while stuck"
            yield Row(name, ratio, {**told, "hazard_ratio": ratio, "seek_when_stuck": times})
        by_class = {**told, "hazard_ratio": (1.0, 1.5, 1.5, 2.25)}
        yield Row(f"{mode}; ratios of 1, 1.5, 1.5 and 2.25 in the four classes", 1.5, by_class)
    for ratio in (1.5, 2.0):
        yield Row("an immediate effect, clock times read as dates", ratio, {"hazard_ratio": ratio}, as_dates=True)
    yield Row("times; half of the episodes not written down", 1.5, {"unrecorded": 0.5}, logged=True)


def estimators(row: Row) -> dict[str, Callable[[Goals], list[models.Estimate]]]:
    """Return what is tried on a row; the adjustment for the goal, which takes longest, where goals differ."""
    tried = {
        "within learners": models.within,
        "between learners": lambda goals: models.between(goals, np.empty((len(goals), 0)), ()),
        "naive": models.naive,
    }
    return {**tried, "adjusted for the goal": models.within_same_goal} if "difficulty" in row.knobs else tried


def goals_of(school: School, row: Row) -> Goals:
    """Return the goals of a school as its log would give them."""
    if row.logged:
        return as_goals(under_way(seen_goals(school.log(), "school_days")))
    truth = school.truth
    start, stop, switch = (truth[name].to_numpy(dtype=float) for name in ("start", "stop", "switch"))
    if row.as_dates:
        stop, switch = np.ceil(stop), np.ceil(switch)
    whole = 1.0 if row.mode == "dates" else 0.0
    return Goals(
        learner=pd.factorize(truth["learner_id"])[0],
        goal=pd.factorize(truth["goal_id"])[0],
        group=np.zeros(len(truth), dtype=np.intp),
        entry=np.zeros(len(truth)),
        stop=stop - start + whole,
        together=switch - start + whole,
        met=truth["met"].to_numpy(dtype=bool),
        dropped=np.zeros(len(truth), dtype=bool),
        kind=truth["kind"].to_numpy(dtype=object),
        chosen_by=truth["kind"].to_numpy(dtype=object),
    )


def recover(row: Row, seeds: int = SEEDS) -> pd.DataFrame:
    """Return for each estimator the mean log ratio less the true one, and the share of intervals that hold it."""
    found = {name: np.full((seeds, 2), np.nan) for name in estimators(row)}
    for seed in range(seeds):
        goals = goals_of(simulate_school(**row.knobs, seed=seed), row)
        for name, estimate in estimators(row).items():
            (each,) = estimate(goals)
            found[name][seed] = each.coefficient - np.log(row.truth), each.error
    rows = [
        (row.name, row.truth, name, off.mean(), float((np.abs(off) < models.Z * error).mean()))
        for name, (off, error) in ((name, values.T) for name, values in found.items())
    ]
    return pd.DataFrame(rows, columns=["school", "truth", "estimator", "bias", "coverage"])


def as_markdown(found: pd.DataFrame) -> list[str]:
    """Return the rows of the table, one a line."""
    columns = [name for name in ("within learners", "adjusted for the goal", "between learners", "naive")]
    columns = [name for name in columns if name in set(found["estimator"])]
    lines = ["| school | true ratio | " + " | ".join(columns) + " |", "|---|--:|" + "--:|" * len(columns)]
    for (school, truth), rows in found.groupby(["school", "truth"], sort=False):
        by_name = rows.set_index("estimator")
        cells = [_cell(by_name, name, truth) for name in columns]
        lines.append(f"| {school} | {truth:g} | " + " | ".join(cells) + " |")
    return lines


def _cell(rows: pd.DataFrame, name: str, truth: float) -> str:
    if name not in rows.index:
        return ""
    bias, coverage = rows.loc[name, ["bias", "coverage"]]
    return f"{truth * np.exp(bias):.2f} ({100 * coverage:.1f} %)"


def main() -> None:
    """Compute the table and write it."""
    tables = []
    for rows in (gated(), beside()):
        parts = []
        for row in rows:
            parts.append(recover(row))
            print(parts[-1].to_string(index=False, header=False), file=sys.stderr, flush=True)
        tables.append("\n".join(as_markdown(pd.concat(parts))) + "\n")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(HEAD.format(seeds=SEEDS, last=SEEDS - 1) + tables[0] + BESIDE + tables[1], encoding="utf-8")


if __name__ == "__main__":
    main()
