"""Whether comparisons find the ratio that simulated schools were given.

`python -m studies.recovery` writes docs/recovery.md, in a quarter of an hour; each row is kept in build/recovery, so
that it can be stopped and goes on from there. Remove that folder to compute all anew.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reflectlab.measure.comparison import estimates as models
from reflectlab.measure.comparison.goals import Goals
from reflectlab.measure.statistics import Floats, Z
from reflectlab.simulate import simulate_school
from reflectlab.simulate.plan import Knobs
from reflectlab.simulate.unfold import unfolded

SEEDS = 1000
ROOT = Path(__file__).resolve().parent.parent
TABLE, KEPT = ROOT / "docs" / "recovery.md", ROOT / "build" / "recovery"
ALLOWED = {"times": 0.03, "dates": 0.06}
"""How far the mean log ratio within learners may be off."""
SCHOOL: dict[str, Any] = {
    "classes": 4,
    "learners": 26,
    "goals": 24,
    "hazard_ratio": 1.5,
    "mode": "times",
    "ability_sociability": 0.0,
    "seek_when_stuck": 1.0,
    "difficulty": 0.0,
    "unrecorded": 0.0,
}
"""As `simulate` has it by default."""
START, DAYS, BELL, HOURS = "2026-07-20", 50, 9, 6
"""The first day of the term, its school days, and when a day at school begins and how long it is."""
COVERED = (0.93, 0.98)
"""How many of its 95 % intervals have to hold the truth."""

HEAD = """# Does the comparison find what is there?

{seeds:,} simulated schools for each row, of four classes with 26 learners and ten weeks; seeds 0 to {last}. For each
estimator: the geometric mean of the ratios found, by how much the log ratio is off on average, and how many of the 95 %
intervals hold the true ratio. Written by `python -m studies.recovery`; `make long` computes it again and compares.

## What has to be right

Within learners between 93 and 98 % of the intervals hold the truth, and the log ratio is off by less than 0.03 with
clock times and 0.06 with dates. *Adjusted for the goal* costs little where all goals are equally hard, as here. Between
learners the ratio is near the truth where ability has nothing to do with sociability, a little nearer to 1 because
children differ, and off where it has; the naive one is off everywhere.

"""

BESIDE = """
## Where it stops being right

Not required to be right, but to be known. *An immediate effect read as dates*: the log has dates only, although working
together helps at once. *Half not written down*: such episodes have their effect, and count as working alone.

"""


@dataclass(frozen=True)
class Row:
    """One kind of school: what it is called, the true ratio, its knobs.

    Attributes
    ----------
    as_dates : bool
        Whether its clock times are read as dates.
    written : bool
        Whether goals were worked on together when that was written down, and not when it was true.
    """

    name: str
    truth: float
    knobs: dict[str, Any]
    as_dates: bool = False
    written: bool = False

    def __str__(self) -> str:
        return f"{self.name}; {self.truth:g}"

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
    yield Row("times; half of the episodes not written down", 1.5, {"unrecorded": 0.5}, written=True)


ESTIMATORS: dict[str, Callable[[Goals], list[models.Estimate]]] = {
    "within learners": models.within,
    "adjusted for the goal": lambda goals: models.adjusted(goals, (), np.empty((len(goals), 0))),
    "between learners": lambda goals: models.between(goals, np.empty((len(goals), 0)), ()),
    "naive": models.naive,
}


def goals_of(row: Row, seed: int) -> Goals:
    """Return the goals of a school as its log would give them."""
    _, what, together = unfolded(np.random.default_rng(seed), Knobs(**{**SCHOOL, **row.knobs}), DAYS)
    stop = np.minimum(together.met, what.shut)
    switch = _written(row, seed) if row.written else together.switch
    if row.as_dates:
        stop, switch = np.ceil(stop), np.ceil(switch)
    whole, nothing = float(row.mode == "dates"), np.zeros(len(stop))
    return Goals(
        learner=what.learner,
        goal=what.goal,
        group=nothing.astype(np.intp),
        entry=nothing,
        stop=stop - what.start + whole,
        together=switch - what.start + whole,
        met=np.isfinite(together.met),
        dropped=nothing.astype(bool),
        kind=nothing.astype(object),
        chosen_by=nothing.astype(object),
        begun=what.start,
    )


def _written(row: Row, seed: int) -> Floats:
    """Return when each goal was first worked on together by what was written down, in school days from 0."""
    school = simulate_school(**row.knobs, seed=seed)
    times = school.collaborations["time"].to_numpy()
    day = np.busday_count(START, times.astype("datetime64[D]"))
    clock = (times - times.astype("datetime64[D]")) / np.timedelta64(1, "h")
    taken = school.collaborations.assign(switch=day + (clock - BELL) / HOURS)
    first = taken.groupby(["learner_id", "goal_id"])["switch"].min()
    spells = pd.MultiIndex.from_frame(school.truth[["learner_id", "goal_id"]])
    return first.reindex(spells).fillna(np.inf).to_numpy()


def recover(row: Row, seeds: int = SEEDS, estimators: Iterable[str] = ESTIMATORS) -> pd.DataFrame:
    """Return for each estimator and seed how far the log ratio is `off`, and its standard `error`."""
    rows = []
    for seed in range(seeds):
        goals = goals_of(row, seed)
        for name in estimators:
            (each,) = ESTIMATORS[name](goals)
            rows.append((name, seed, each.coefficient - np.log(row.truth), each.error))
    return pd.DataFrame(rows, columns=["estimator", "seed", "off", "error"])


def summed_up(found: pd.DataFrame) -> pd.DataFrame:
    """Return for each estimator the mean of `off`, its standard error, and how many intervals hold the truth."""
    held = found.assign(coverage=found["off"].abs() < Z * found["error"])
    each = held.groupby("estimator", sort=False)
    return each.agg(bias=("off", "mean"), spread=("off", "sem"), coverage=("coverage", "mean"))


def as_line(row: Row, sums: pd.DataFrame) -> str:
    """Return a row of the table."""
    cells = [
        f"{row.truth * np.exp(bias):.2f} · {bias:+.3f} · {100 * coverage:.1f} %"
        for bias, coverage in zip(sums["bias"], sums["coverage"], strict=True)
    ]
    return f"| {row.name} | {row.truth:g} | " + " | ".join(cells) + " |"


def main() -> None:
    """Compute what is not there yet, and write the page."""
    columns = "| school | true ratio | " + " | ".join(ESTIMATORS) + " |\n|---|--:|" + "---|" * len(ESTIMATORS) + "\n"
    tables = [
        columns + "".join(f"{as_line(row, _kept(row, f'{name}-{place:02d}'))}\n" for place, row in enumerate(rows))
        for name, rows in (("gated", gated()), ("beside", beside()))
    ]
    TABLE.parent.mkdir(exist_ok=True)
    head = HEAD.format(seeds=SEEDS, last=SEEDS - 1)
    TABLE.write_text(head + tables[0] + BESIDE + tables[1], encoding="utf-8")


def _kept(row: Row, place: str) -> pd.DataFrame:
    path = KEPT / f"{place}.csv"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        sums = summed_up(recover(row))
        sums.to_csv(path)
        sys.stderr.write(f"{as_line(row, sums)}\n")
    return pd.read_csv(path, index_col="estimator")


if __name__ == "__main__":
    main()
