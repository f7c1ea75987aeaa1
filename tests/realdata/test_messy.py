"""Awkward and broken files that nobody of this project wrote: equal to what they hold, or one clear error."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

import reflectlab
from reflectlab import ReflectLabError
from reflectlab.load.clean.screen import tidy_name
from reflectlab.load.files import read_file
from reflectlab.load.files.raw import ROW, RawTable
from tests.load.conftest import balanced

SPECTRUM = (
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "location_coordinates",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
)
MISPRINT = {"1234567890": "2095257564"}
"""In `location_coordinates` the number in the JSON is not the one in the CSV file."""


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_equals_its_json(realdata: Path, name: str) -> None:
    file, expected = spectrum(realdata, name)
    (table,) = read_file(file, file.name)
    assert table.frame.drop(ROW).to_dicts() == expected
    assert table.problems == ()


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_loads_cell_for_cell(realdata: Path, name: str) -> None:
    """Each column in turn is the note of an event, so that its cells come out of `load` as they went in."""
    file, expected = spectrum(realdata, name)
    always = {"learner_id": "=a", "goal_id": "=g", "time": "=2026-07-20", "event": "=worked"}
    for header in expected[0]:
        log = balanced(reflectlab.load(file, columns={**always, "note": header}))
        assert log.events["note"].fillna("").tolist() == [row[header] for row in expected]


def spectrum(realdata: Path, name: str) -> tuple[Path, list[dict[str, str]]]:
    """A file of csv-spectrum, and what its JSON says of it."""
    folder = realdata / "messy" / "csv-spectrum"
    said = json.loads((folder / "json" / f"{name}.json").read_text("utf-8"))
    rows = said if isinstance(said, list) else [said]
    right = [{header: MISPRINT.get(cell, cell) for header, cell in row.items()} for row in rows]
    return folder / "csvs" / f"{name}.csv", right


SEVERAL = re.compile(r"[\n,;&/+]|\band\b", re.IGNORECASE)
"""A cell that may name several learners: a row for each."""


def test_a_mapping_reads_the_real_cells_of_messy_files(realdata: Path) -> None:
    """With the first columns as learner and goal every row that has both is an event, cell for cell."""
    always = {"time": "=2026-07-20", "event": "=worked"}
    loaded = 0
    for table, file in tables(realdata / "messy"):
        columns = dict(zip(("learner_id", "goal_id"), table.header, strict=False))
        here = pd.DataFrame({"learner_id": [], "goal_id": [], "row": []})
        with one_clear_error(file):
            here = balanced(reflectlab.load(file, columns={**columns, **always})).events
        expected = pairs(table)
        several = {row for learner, _, row in expected if SEVERAL.search(learner)}
        read = zip(here["learner_id"], here["goal_id"], here["row"], strict=True)
        assert [pair for pair in read if pair[2] not in several] == [
            pair for pair in expected if pair[2] not in several
        ]
        loaded += len(here)
    assert loaded > 4_000


@pytest.mark.parametrize("date_format", [None, "excel"])
def test_a_mapping_with_dates_ends_in_a_log_or_one_clear_error(realdata: Path, date_format: str | None) -> None:
    for table, file in tables(realdata / "messy"):
        columns = dict(zip(("learner_id", "goal_id", "time"), table.header, strict=False))
        given = {"columns": {**columns, "event": "=met"}, "dayfirst": True, "year": 2026}
        with one_clear_error(file):
            balanced(reflectlab.load(file, date_format=date_format, **given))


def tables(folder: Path) -> Iterator[tuple[RawTable, Path]]:
    """The tables of the files that are text or a workbook, and the file of each."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".json":
            found: list[RawTable] = []
            with one_clear_error(file):
                found = read_file(file, file.name)
            if len(found) == 1 and len(found[0].header) > 1:
                yield found[0], file


@contextmanager
def one_clear_error(file: Path) -> Iterator[None]:
    """Let an error of ours pass, if it names the file."""
    said = file.name
    try:
        yield
    except ReflectLabError as error:
        said = str(error)
    assert file.name in said


def pairs(table: RawTable) -> list[tuple[str, str, int]]:
    """The rows that have a learner and a goal, without blanks around them; a dash is none, and "All" is no learner."""
    rows = table.frame.select(table.header[0], table.header[1], ROW).rows()
    tidy = ((tidy_name(learner), tidy_name(goal), row) for learner, goal, row in rows)
    blank = {"", "-", "_", "N/A"}
    return [(learner, goal, row) for learner, goal, row in tidy if not {learner, goal} & blank and learner != "All"]
