"""Whether comparisons find the ratio that simulated schools were given, and say so where they cannot.

`python -m studies.recovery` writes docs/recovery.md, as far as it has come, after every few schools of each row; the
schools are kept in build/recovery, so that it can be stopped and goes on from there. Remove that folder to compute all
anew.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reflectlab.measure.comparison.checks import doubts_of
from reflectlab.measure.comparison.goals import Goals
from reflectlab.measure.comparison.models import estimates as models
from reflectlab.measure.comparison.models.exposures import Company
from reflectlab.measure.comparison.models.stuck import Stretches, weighed
from reflectlab.measure.comparison.writing import heaped
from reflectlab.measure.statistics import Z
from reflectlab.simulate.plan import Knobs
from reflectlab.simulate.unfold import HELPER, unfolded
from studies.schools import Read, Strange, company_on, read

SEEDS, AT_ONCE = 1000, 20
ROOT = Path(__file__).resolve().parent.parent
TABLE, KEPT = ROOT / "docs" / "recovery.md", ROOT / "build" / "recovery"
ALLOWED = 0.03
"""How far the mean log ratio of the headline may be off."""
COVERED = (0.93, 0.98)
"""How many of its 95 % intervals have to hold the truth."""
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
DAYS = 50
OTHERS_EVERY = 5
"""The estimators to be warned of are computed for every fifth school only."""
ESTIMATORS = ("headline", "within learners", "between learners", "naive")
WEIGHED = "weighed for being stuck"
DIFFICULT = 0.7

HEAD = """# Does the comparison find what is there?

So many simulated schools for each row as its last column says, of four classes with 26 learners and ten weeks unless it
says otherwise; their seeds count from 0. For each estimator: the geometric mean of the ratios found, by how much the
log ratio is off on average, and how many of the 95 % intervals hold the true ratio; between learners and naive over
every fifth school. *Cannot tell*: in how many schools a check says in place of the ratio that the log cannot tell.
Written by `python -m studies.recovery`; `make long` computes it again and compares. The schools are those of `simulate`
where the row begins with "simulate", else those of `studies/schools.py`.

## What has to be right

Between 93 and 98 % of the headline's intervals hold the truth, and its log ratio is off by less than 0.03; of
{seeds:,} schools, chance alone moves the one by {points:.1f} points and the other by {off:.3f}. The same seeds are
behind every row.

"""

BESIDE = """
## Where it cannot be right

What the log does not show no analysis of it can mend. Where it leaves a trace, a check says in place of the ratio that
the log cannot tell; where it leaves none, a caveat says which way the ratio is pulled, with these figures.

"""


STUCK = """
## Weighed for being stuck

Where it is noted when children are stuck, `sensitivity` and a caveat of `compare` give the ratio weighed for it.

"""


@dataclass(frozen=True)
class Row:
    """One kind of school: what it is called, the true ratio, and how it is made.

    Attributes
    ----------
    name : str
    truth : float
    strange : Strange, optional
        A school of `studies.schools`.
    knobs : dict
        Else a school of `simulate`.
    """

    name: str
    truth: float
    strange: Strange | None = None
    knobs: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}; {self.truth:g}"


def gated() -> Iterator[Row]:
    """Rows in which the headline has to be right."""
    for mode, ratio, tied in product(("times", "dates"), (1.0, 1.5, 2.0), (0.0, 0.7)):
        who = "able children are more sociable" if tied else "able children are as sociable as others"
        knobs = {"mode": mode, "hazard_ratio": ratio, "ability_sociability": tied}
        yield Row(f"simulate, {mode}; {who}", ratio, knobs=knobs)
    for mode in ("times", "dates"):
        knobs = {"mode": mode, "difficulty": DIFFICULT}
        yield Row(f"simulate, {mode}; goals of unequal difficulty", 1.5, knobs=knobs)
    for ratio in (1.0, 1.5, 2.5):
        yield Row("nothing strange", ratio, Strange(ratio=ratio))
    for ratio in (1.0, 1.5):
        unequal = {"ratio": ratio, "difficulty": DIFFICULT}
        yield Row("goals of unequal difficulty", ratio, Strange(**unequal))
        yield Row("hard goals draw company", ratio, Strange(**unequal, hard_draw=1.0))
        yield Row("easy goals draw company", ratio, Strange(**unequal, hard_draw=-1.0))
        yield Row("more company and faster as the term goes", ratio, Strange(ratio=ratio, more_company=1.5, faster=0.7))
        yield Row(
            "more company and slower as the term goes", ratio, Strange(ratio=ratio, more_company=1.5, faster=-0.7)
        )
        yield Row("the log begins in week 4, goals under way only mentioned", ratio, Strange(ratio=ratio, from_day=15))
        dates = Strange(**unequal, hard_draw=1.0, as_dates=True, next_day=True)
        yield Row("dates; hard goals draw company", ratio, dates)
    yield Row("one class", 1.5, Strange(ratio=1.5, classes=1))
    yield Row("one class; goals of unequal difficulty", 1.5, Strange(ratio=1.5, classes=1, difficulty=DIFFICULT))
    yield Row("eight classes; goals of unequal difficulty", 1.5, Strange(ratio=1.5, classes=8, difficulty=DIFFICULT))
    yield Row("60 goals of unequal difficulty", 1.5, Strange(ratio=1.5, goals=60, difficulty=DIFFICULT))
    yield Row("12 goals of unequal difficulty", 1.5, Strange(ratio=1.5, goals=12, difficulty=DIFFICULT))
    yield Row("many goals are dropped", 1.5, Strange(ratio=1.5, dropping=0.02))
    yield Row("company cuts dropping to 0.3", 1.5, Strange(ratio=1.5, dropping=0.02, drop_ratio=0.3))
    yield Row("children differ a lot in pace and company", 1.5, Strange(ratio=1.5, ability=0.8, sociability=1.0))


def beside() -> Iterator[Row]:
    """Rows that show where comparisons stop being right."""
    for share in (0.05, 0.1, 0.2):
        yield Row(f"{share:.0%} of goals met are shown to a partner minutes before", 1.0, Strange(signed_off=share))
    noted = Strange(noted_worked=0.9, noted_else=0.4)
    yield Row("episodes noted more often (.9) when the goal is met within three days than else (.4)", 1.0, noted)
    for ratio in (1.0, 1.5, 2.0):
        yield Row("the log is written on Fridays", ratio, Strange(ratio=ratio, fridays=True))
    yield Row("the effect wears off after three days", 2.5, Strange(ratio=2.5, wears_off=3))
    yield Row("each further episode helps", 1.25, Strange(dose=1.25))
    for ratio, times in ((1.5, 5.0), (1.0, 10.0), (1.5, 10.0)):
        name = f"children find company {times:.0f} times as often while stuck"
        yield Row(name, ratio, Strange(ratio=ratio, stuck_seeks=times))
    yield Row("the same, and company ends being stuck", 1.5, Strange(ratio=1.5, stuck_seeks=5, company_frees=0.7))
    yield Row("a child's own hard goals draw company", 1.0, Strange(own_hard=0.7, own_draw=1.0))
    yield Row("a child's own easy goals draw company", 1.0, Strange(own_hard=0.7, own_draw=-1.0))
    yield Row("help on one goal helps the others half as much", 1.5, Strange(ratio=1.5, spills=1.5**0.5))
    yield Row("half of the episodes not written down", 1.5, Strange(ratio=1.5, written=0.5))
    for ratio in (1.5, 2.0):
        yield Row("an immediate effect, clock times read as dates", ratio, Strange(ratio=ratio, as_dates=True))
    hard = Strange(classes=1, difficulty=DIFFICULT, hard_draw=1.0)
    yield Row("one class; hard goals draw company", 1.0, hard)


def school(row: Row, seed: int) -> Read:
    """Return a school as its log would be read."""
    if row.strange is not None:
        return read(row.strange, seed)
    frame = pd.DataFrame({"class_id": [], "_ending": [], "_met_instant": []})
    none = np.zeros(0)
    goals, company = simulated(row.knobs, seed)
    return Read(goals, frame, row.knobs["mode"] == "dates", Stretches(none.astype(np.intp), none, none), company)


def simulated(knobs: dict[str, Any], seed: int) -> tuple[Goals, Company]:
    """Return the goals of a school of `simulate` as its log would give them, and their times together."""
    mode = knobs.get("mode", "times")
    _, what, together, _ = unfolded(np.random.default_rng(seed), Knobs(**{**SCHOOL, **knobs}), DAYS)
    whole, nothing = float(mode == "dates"), np.zeros(len(what.start))
    took_part = together.role != HELPER
    of = together.spell[took_part]
    at = together.time[took_part] - what.start[of] + whole
    goals = Goals(
        learner=what.learner,
        goal=what.goal,
        group=nothing.astype(np.intp),
        entry=nothing,
        stop=np.minimum(together.met, what.shut) - what.start + whole,
        together=together.switch - what.start + whole,
        met=np.isfinite(together.met),
        dropped=nothing.astype(bool),
        kind=nothing.astype(object),
        chosen_by=nothing.astype(object),
        begun=what.start,
    )
    return goals, company_on(np.ones(len(goals), dtype=bool), of, at)


def recover(row: Row, seeds: Iterable[int] = range(SEEDS), *, others: bool = True) -> pd.DataFrame:
    """Return for each estimator and seed how far the log ratio is `off`, its `error`, and whether it is `refused`."""
    rows = []
    for seed in seeds:
        seen = school(row, seed)
        nothing = np.empty((len(seen.goals), 0))
        (main,) = models.adjusted(seen.goals, (), nothing)
        refused = bool(doubts_of(main, seen.company, dates_only=seen.dates_only) or heaped(seen.frame))
        found = [main, *models.within_learners(seen.goals)]
        if others and seed % OTHERS_EVERY == 0:
            found += [*models.between(seen.goals, nothing, ()), *models.naive(seen.goals)]
        told = [(name, each.coefficient, each.error) for name, each in zip(ESTIMATORS, found, strict=False)]
        if row.strange is not None and row.strange.stuck_seeks > 1 and main.model is not None:
            weighing = weighed(main.model, seen.stuck)
            told += [(WEIGHED, weighing.coefficient, weighing.robust)] if weighing else []
        rows += [(name, seed, value - np.log(row.truth), error, refused) for name, value, error in told]
    return pd.DataFrame(rows, columns=["estimator", "seed", "off", "error", "refused"])


def summed_up(found: pd.DataFrame) -> pd.DataFrame:
    """Return for each estimator the mean of `off`, its standard error, how many intervals hold the truth, refusals."""
    held = found.assign(coverage=found["off"].abs() < Z * found["error"])
    each = held.groupby("estimator", sort=False)
    return each.agg(
        bias=("off", "mean"),
        spread=("off", "sem"),
        coverage=("coverage", "mean"),
        refused=("refused", "mean"),
        schools=("seed", "size"),
    )


def as_line(row: Row, sums: pd.DataFrame) -> str:
    """Return a row of the table."""
    cells = [_cell(row, sums.loc[name]) for name in ESTIMATORS]
    cells.insert(1, f"{100 * sums['refused'].iloc[0]:.0f} %")
    return f"| {row.name} | {row.truth:g} | " + " | ".join(cells) + f" | {sums['schools'].iloc[0]:.0f} |"


def _cell(row: Row, sums: "pd.Series[float]") -> str:
    return f"{row.truth * np.exp(sums['bias']):.2f} · {sums['bias']:+.3f} · {100 * sums['coverage']:.1f} %"


def as_weighed(row: Row, sums: pd.DataFrame) -> str:
    """Return a row of the table of what is weighed for being stuck."""
    return f"| {row.name} | {row.truth:g} | {_cell(row, sums.loc['headline'])} | {_cell(row, sums.loc[WEIGHED])} |"


def main() -> None:
    """Compute what is not there yet, some schools of each row at a time, and write the page."""
    KEPT.mkdir(parents=True, exist_ok=True)
    rows = [*gated(), *beside()]
    for first in range(0, SEEDS, AT_ONCE):
        for row in rows:
            _go_on(row, first)
        write_page()
        sys.stderr.write(f"{first + AT_ONCE} schools of each row\n")


def write_page() -> None:
    """Write the page from the schools that are kept."""
    names = ["headline", "cannot tell", *ESTIMATORS[1:], "schools"]
    columns = "| school | true ratio | " + " | ".join(names) + " |\n|---|--:|" + "---|" * len(names) + "\n"
    tables = [
        columns + "".join(f"{as_line(row, summed_up(_kept(row)))}\n" for row in rows)
        for rows in (list(gated()), list(beside()))
    ]
    stuck = [as_weighed(row, summed_up(_kept(row))) for row in beside() if row.strange and row.strange.stuck_seeks > 1]
    weighed_for = "| school | true ratio | headline | weighed for being stuck |\n|---|--:|---|---|\n" + "\n".join(stuck)
    seeds = min(_kept(row)["seed"].nunique() for row in (*gated(), *beside()))
    chance = {"points": 200 * (0.95 * 0.05 / seeds) ** 0.5, "off": 2 * 0.13 / seeds**0.5}
    page = HEAD.format(seeds=seeds, **chance) + tables[0] + BESIDE + tables[1] + STUCK + weighed_for + "\n"
    TABLE.write_text(page, encoding="utf-8")


def _go_on(row: Row, first: int) -> None:
    """Keep the next schools of a row, unless they are there."""
    path = _path(row)
    if path.exists() and _kept(row)["seed"].max() >= first:
        return
    found = recover(row, range(first, first + AT_ONCE))
    found.to_csv(path, mode="a", header=not path.exists(), index=False)


def _kept(row: Row) -> pd.DataFrame:
    return pd.read_csv(_path(row))


def _path(row: Row) -> Path:
    return KEPT / f"{''.join(letter if letter.isalnum() else '-' for letter in str(row))}.csv"


if __name__ == "__main__":
    main()
