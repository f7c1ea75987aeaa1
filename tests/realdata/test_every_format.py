"""Whatever a file is, and whatever it is said to be: a log whose rows balance, or an error that is ours."""

import json
import random
from pathlib import Path

import pytest

import reflectlab
from reflectlab.errors import ReflectLabError
from reflectlab.load.readers import READERS
from tests.load.conftest import balanced

LARGEST = 40_000
"""Of larger files of text a sample of lines is read; larger ones of other kinds are left to other tests."""

FORMATS = [reader.name for reader in READERS]

EXTRA = {"as_of": "2026-08-01", "year": 2026, "dayfirst": True}


def small(file: Path, folder: Path) -> Path | None:
    """The file itself, or one of some of its lines; the same in every run."""
    if file.stat().st_size <= LARGEST:
        return file
    if file.suffix not in (".csv", ".tsv", ".json", ".jsonl", ".log"):
        return None
    head, *lines = file.read_bytes().splitlines(keepends=True)
    chosen = sorted(random.Random(file.name).sample(range(len(lines)), min(30, len(lines))))
    sample = folder / file.name
    sample.write_bytes(b"".join([head, *(lines[number] for number in chosen)])[:LARGEST])
    return sample


def sampled(folder: Path) -> list[Path]:
    """At most six files of each folder: those with the fewest bytes, the most, and some between."""
    found: list[Path] = []
    for inside in sorted({file.parent for file in folder.rglob("*") if file.is_file()}):
        files = sorted(
            (file for file in inside.iterdir() if file.is_file()), key=lambda file: (file.stat().st_size, file.name)
        )
        found += random.Random(inside.name).sample(files, min(6, len(files)))
    return found


@pytest.mark.parametrize("layout", FORMATS)
def test_a_case_is_read_or_refused(cases: Path, layout: str) -> None:
    for file in sorted(file for file in cases.rglob("*") if file.is_file() and file.suffix != ".md"):
        read_or_refused(file, layout)


@pytest.mark.parametrize("layout", FORMATS)
def test_a_real_file_is_read_or_refused(realdata: Path, layout: str, tmp_path: Path) -> None:
    for file in sampled(realdata):
        chosen = small(file, tmp_path)
        if chosen is not None:
            read_or_refused(chosen, layout)


def read_or_refused(file: Path, layout: str) -> None:
    for extra in ({}, EXTRA):
        try:
            balanced(reflectlab.load(file, format=layout, **extra))
        except ReflectLabError:
            continue
        return


def test_records_of_anything_are_read_or_refused(tmp_path: Path) -> None:
    odd = [{"actor": 1, "verb": [], "object": {}}, {"name": 7, "data": "x", "timestamp": {}, "context": []}]
    odd += [{"event_type": None, "event_source": 1, "event": [1], "context": {"user_id": [2]}, "time": 5}]
    odd += [{"type": {}, "action": 3, "actor": [], "object": None, "result": "x"}]
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(odd))
    for layout in FORMATS:
        read_or_refused(file, layout)
