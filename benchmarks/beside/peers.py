"""The measures beside what other packages do: pm4py, tnapy, rapidfuzz and networkx, in a Python that has them.

They are no dependency of anything here: `python -m venv peers; peers/bin/pip install pm4py tnapy rapidfuzz networkx`.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import polars as pl

import reflectlab as rl

from .data import FOLDER, made
from .polars_log import held
from .turns import asked, worker_of, workers

ROWS = 1_000_000

BESIDE = {"pm4py": "transitions_of_events", "tnapy": "transitions_of_events", "rapidfuzz": "diversity"}
BESIDE |= {"networkx": "network"}

WHAT = {
    "transitions_of_events": '`transitions(step="event")`',
    "diversity": "`diversity`",
    "network": "`network`",
}


class Peer(NamedTuple):
    """Seconds of the processor, and of the clock, of a package and of the measure beside it."""

    package: str
    measure: str
    theirs: float
    ours: float
    theirs_wall: float
    ours_wall: float


def compare_peers(python: Path, rounds: int) -> list[Peer]:
    """Return the medians of calls that take turns; a package that is not there is left out, and said."""
    folder, given = made(ROWS), FOLDER / "peers"
    _give(folder, given)
    other = [str(python), str(Path(__file__).with_name("peers_worker.py")), str(given)]
    with workers({"ours": worker_of("ours", folder), "peers": other}) as pair:
        found = []
        for package, measure in BESIDE.items():
            told = [(asked(pair["peers"], package), asked(pair["ours"], measure)) for _ in range(rounds)]
            if "missing" in told[0][0]:
                print(f"{package} is not measured: {told[0][0]['missing']}")
                continue
            pairs = zip(*((a["cpu"], b["cpu"], a["wall"], b["wall"]) for a, b in told), strict=True)
            found.append(Peer(package, measure, *map(median, pairs)))
    return found


def _give(folder: Path, given: Path) -> None:
    """Write what the packages start from."""
    tables = {name: each.collect() for name, each in held(folder).items()}
    log = rl.ProgressLog.from_tables(**tables)
    given.mkdir(parents=True, exist_ok=True)
    tables["events"].sort("time", "row").select("time", "learner_id", "goal_id").write_parquet(given / "events.parquet")
    for name, made_of in (("episodes", rl.episodes), ("pathways", rl.pathways)):
        pl.from_pandas(made_of(log)).write_parquet(given / f"{name}.parquet")


def as_markdown(found: Sequence[Peer]) -> str:
    """Return a table of what was found.

    >>> print(as_markdown([Peer("pm4py", "network", 2.0, 1.0, 2.0, 1.5)]).splitlines()[-1])
    | `network` | pm4py | 1.0 | 2.0 | 2.0 | 1.3 |
    """
    lines = ["| measure | beside | ours, s | theirs, s | times as quick: CPU | clock |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: |")
    for each in found:
        figures = (each.ours, each.theirs, each.theirs / each.ours, each.theirs_wall / each.ours_wall)
        lines.append(f"| {WHAT[each.measure]} | {each.package} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")
    return "\n".join(lines) + "\n"
