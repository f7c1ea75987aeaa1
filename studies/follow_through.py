"""Whether `follow_through` finds a difference where there is one, and none where there is none.

`python -m studies.follow_through` writes docs/follow_through.md, in some minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reflectlab import ProgressLog, episodes, follow_through, stretches
from reflectlab.simulate import simulate_school

SEEDS, AT_ONCE, WITHIN = 1000, 100, 5
TABLE = Path(__file__).resolve().parent.parent / "docs" / "follow_through.md"
SCHOOL: dict[str, Any] = {"classes": 2, "learners": 26, "goals": 12, "seek_when_stuck": 4.0}

HEAD = f"""# Does follow-through find what is there?

{SEEDS:,} simulated schools for each row, of two classes with 26 learners and ten weeks, in which children look for
somebody four times as often while they are stuck; seeds 0 to {SEEDS - 1}. Means over the schools: *supported*, goals on
which a learner was supported while stuck, and of them the share *met* within {WITHIN} school days; the share met of
goals that were still stuck and *not yet* supported on the same stuck day; the *difference* with its standard error;
how many of the 95 % intervals *hold none*, and how many are wholly *above none*. Last, the plain comparison to be
warned against: of the goals that were ever stuck, the share met within {WITHIN} school days, for those *ever* supported
and those *never*. Written by `python -m studies.follow_through`; `make long` computes it again and compares.

In a school without an effect the difference has to be none within three standard errors, and 93 % of the intervals have
to hold none. With one it has to be above none by more than five standard errors. Where able children also look for
somebody more often, support seems to help where it does nothing: the measure cannot see that, and is no proof.

| school | supported | met | not yet | difference | hold none | above none | ever | never |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""


@dataclass(frozen=True)
class Row:
    """One kind of school: what it is called, whether support does anything there, its knobs."""

    name: str
    effect: bool
    knobs: dict[str, Any]
    gated: bool = True

    def __str__(self) -> str:
        return self.name


ROWS = [
    Row("times; support does nothing", False, {"hazard_ratio": 1.0}),
    Row("dates; support does nothing", False, {"hazard_ratio": 1.0, "mode": "dates"}),
    Row("times; support doubles the hazard", True, {"hazard_ratio": {"sought_support": 2.0}}),
    Row("dates; support doubles the hazard", True, {"hazard_ratio": {"sought_support": 2.0}, "mode": "dates"}),
    Row(
        "times; support does nothing, able children are more sociable",
        False,
        {"hazard_ratio": 1.0, "ability_sociability": 0.7},
        gated=False,
    ),
]


def follow(row: Row, seeds: range = range(SEEDS)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `follow_through` gives for each school, and for the plain comparison each goal that was stuck."""
    logs = [_one_log(row, seeds[first : first + AT_ONCE]) for first in range(0, len(seeds), AT_ONCE)]
    found = pd.concat([follow_through(log, WITHIN, by="school") for log in logs], ignore_index=True)
    return found, pd.concat([_plain(log) for log in logs], ignore_index=True)


def summed_up(found: pd.DataFrame, plain: pd.DataFrame) -> dict[str, float]:
    """Return the figures of a row of the table."""
    soon = plain.groupby("supported")["soon"].mean()
    return {
        **found[["supported", "rate", "not_yet_rate", "difference"]].mean().to_dict(),
        "error": found["difference"].sem(),
        "none": (found["difference_low"].le(0) & found["difference_high"].ge(0)).mean(),
        "above": found["difference_low"].gt(0).mean(),
        "ever": soon[True],
        "never": soon[False],
    }


def as_line(row: Row, sums: dict[str, float]) -> str:
    """Return a row of the table."""
    cells = [
        f"{sums['supported']:.1f}",
        f"{sums['rate']:.3f}",
        f"{sums['not_yet_rate']:.3f}",
        f"{sums['difference']:+.3f} ± {sums['error']:.3f}",
        *(f"{100 * sums[name]:.1f} %" for name in ("none", "above")),
        *(f"{sums[name]:.2f}" for name in ("ever", "never")),
    ]
    return f"| {row.name} | " + " | ".join(cells) + " |"


def _one_log(row: Row, seeds: Sequence[int]) -> ProgressLog:
    """Return many schools as one log, which is quicker: `school` tells them apart."""
    parts: dict[str, list[pd.DataFrame]] = {"events": [], "collaborations": [], "learners": []}
    for seed in seeds:
        school = simulate_school(**SCHOOL, **row.knobs, seed=seed)
        for name, tables in parts.items():
            table = getattr(school, name)
            ids = {column: f"{seed}-" + table[column] for column in ("learner_id", "episode_id") if column in table}
            tables.append(table.assign(**ids))
        parts["learners"][-1] = parts["learners"][-1].assign(school=f"{seed:04d}")
    whole = {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}
    return ProgressLog.from_tables(**whole, goals=school.goals, terms=school.terms)


def _plain(log: ProgressLog) -> pd.DataFrame:
    pair, rows = ["learner_id", "goal_id"], stretches(log)
    begun = {status: rows[rows["status"] == status].groupby(pair)["start_day"].min() for status in ("stuck", "met")}
    goals = pd.DataFrame(begun).dropna(subset="stuck")
    sought = episodes(log).query("kind == 'sought_support'").groupby(pair).size()
    last = log.calendar.school_day(log.last_day)
    told = goals.assign(supported=goals.index.isin(sought.index), soon=goals["met"] - goals["stuck"] <= WITHIN)
    return told[told["stuck"] + WITHIN <= last]


def main() -> None:
    """Compute every row, and write the page."""
    lines = [as_line(row, summed_up(*follow(row))) for row in ROWS]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
