"""The Pollock corpus, 2,290 files that each differ from one clean table in one way: nothing may be silently wrong.

It is no part of the project: `REFLECTLAB_POLLOCK` names its folder `polluted_files` (Vitagliano et al., "Pollock: A
Data Loading Benchmark", PVLDB 16, 2023; on GitHub as HPI-Information-Systems/Pollock). A file may end in one clear
error. Of one that is loaded, each event must be a row of the clean table, and each row of that must be an event or
among the problems.
"""

import csv
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

import reflectlab
from reflectlab import ProgressLog, ReflectLabError
from reflectlab.problems import KEPT
from tests.load.conftest import balanced

COLUMNS = {"learner_id": "PRODUCTID", "goal_id": "ProductType", "time": "DATE", "note": "ProductDescription"}
SEVERAL_TABLES = ("file_multitable_same.csv",)
"""A second table of other contents, under the same header: its rows are read too."""

pytestmark = pytest.mark.long


@pytest.fixture
def pollock(missing: Callable[[str], NoReturn]) -> Path:
    folder = Path(os.environ.get("REFLECTLAB_POLLOCK", "polluted_files"))
    if not (folder / "csv").is_dir():
        missing("the Pollock corpus is not here: set REFLECTLAB_POLLOCK to its folder polluted_files")
    return folder


def test_no_file_of_pollock_is_silently_wrong(pollock: Path) -> None:
    files = sorted((pollock / "csv").glob("*.csv"))
    verdicts = {file.name: verdict(file, pollock / "clean" / file.name) for file in files}
    assert {name: said for name, said in verdicts.items() if said not in ("equal", "listed", "refused")} == {}
    counts = Counter(verdicts.values())
    print(dict(counts))  # noqa: T201 - `pytest -s` shows it
    assert counts["refused"] <= 40
    assert len(files) == 2290


def verdict(file: Path, clean: Path) -> str:
    try:
        log = balanced(reflectlab.load(file, columns={**COLUMNS, "event": "=worked"}, dayfirst=True))
    except ReflectLabError as error:
        return "refused" if file.name in str(error) else f"an error that does not name the file: {error}"
    ours, theirs = Counter(events(log)), Counter(rows(clean))
    listed = len(log.problems[~log.problems["code"].isin(KEPT)])
    if ours == theirs:
        return "equal" if not listed else "listed"
    invented = ours - theirs if file.name not in SEVERAL_TABLES else Counter[tuple[str, ...]]()
    lost = (theirs - ours).total() - listed
    return "listed" if not invented and lost <= 0 else f"{lost} rows lost, invented: {list(invented)[:2]}"


def events(log: ProgressLog) -> list[tuple[str, ...]]:
    frame = log.events
    texts = (frame[column].fillna("").tolist() for column in ("learner_id", "goal_id", "note"))
    return list(zip(*texts, frame["time"].dt.strftime("%d/%m/%Y"), strict=True))


def rows(clean: Path) -> list[tuple[str, ...]]:
    """The columns of the clean table that were asked for, by their places: some clean tables have other headers."""
    with clean.open(newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))[1:]
    return [tuple(row[place].strip() for place in (3, 5, 6, 0)) for row in table if len(row) > 6]
