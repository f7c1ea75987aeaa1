"""What programs export, damaged in one place: a log in which every row counts, or one clear error."""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ReflectLabError
from tests.load.conftest import balanced

from . import test_canvas, test_kolibri, test_oneroster
from .moodle import test_completion as test_moodle_completion
from .moodle import test_log as test_moodle

ODD = [
    "",
    " ",
    "-",
    "NA",
    "None",
    "007",
    "1e5",
    "=1+1",
    "31/02/2026",
    "2026-13-01",
    "'",
    '"',
    "\n",
    "é",
    "x" * 5000,
    "0x1F",
]

EXPORTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "moodle": (test_moodle.HEADER + test_moodle.row("Aroha") + test_moodle.row(event="Course viewed") * 3, {}),
    "moodle_completion": (test_moodle_completion.REPORT, {}),
    "kolibri": (
        test_kolibri.SUMMARY
        + test_kolibri.summary("ben", "2026-07-20 09:00:00", "2026-07-23 10:00:00", "2026-07-22 09:30:00")
        + test_kolibri.summary("aroha", "2026-07-20 09:00:00", "2026-07-21 10:00:00") * 2,
        {},
    ),
    "gradebook": (test_canvas.GRADEBOOK, {"as_of": "2026-07-24"}),
    "report": (
        test_canvas.REPORT + ",learning outcome mastered\n" + test_canvas.outcome("1", "2026-07-20", "4", ",1") * 3,
        {},
    ),
}


FORMATS = {"gradebook": "canvas", "report": "canvas"}


@pytest.mark.parametrize("export", EXPORTS)
@pytest.mark.parametrize("name", ["students.csv", "events.csv", "terms.csv", "goals.csv"])
def test_the_contents_tell_whatever_a_file_is_called(export: str, name: str, tmp_path: Path) -> None:
    text, options = EXPORTS[export]
    (tmp_path / name).write_text(text)
    found = balanced(reflectlab.load(tmp_path / name, **options))
    told = reflectlab.load(tmp_path / name, format=FORMATS.get(export, export), **options)
    assert_frame_equal(found.events, told.events)
    assert len(found.events)


def cell_changed(text: str, chance: random.Random) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    row = chance.choice(rows)
    row[chance.randrange(len(row))] = chance.choice(ODD)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def letter_lost(text: str, chance: random.Random) -> str:
    at = chance.choice([n for n, letter in enumerate(text) if letter in ',"\n:'])
    return text[:at] + text[at + 1 :]


def line_twice(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return "".join(lines)


def cut_off(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


DAMAGES: list[Callable[[str, random.Random], str]] = [cell_changed, cell_changed, letter_lost, line_twice, cut_off]


@pytest.mark.parametrize("export", EXPORTS)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), damage=st.sampled_from(DAMAGES), encoding=st.sampled_from(["utf-8", "utf-16"]))
def test_a_damaged_export(
    export: str, tmp_path_factory: pytest.TempPathFactory, seed: int, damage: Callable[..., str], encoding: str
) -> None:
    text, options = EXPORTS[export]
    file = tmp_path_factory.mktemp("damaged") / "export.csv"
    file.write_bytes(damage(text, random.Random(seed)).encode(encoding))
    loads_or_is_refused(file, **options)


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), damage=st.sampled_from(DAMAGES), files=st.sampled_from(["ONE", "TWO"]))
def test_a_damaged_bundle(
    tmp_path_factory: pytest.TempPathFactory, seed: int, damage: Callable[..., str], files: str
) -> None:
    chance = random.Random(seed)
    bundle = dict(getattr(test_oneroster, files))
    name = chance.choice(sorted(bundle))
    bundle[name] = damage(bundle[name], chance)
    file = tmp_path_factory.mktemp("damaged") / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for member, text in bundle.items():
            archive.writestr(member, text)
    loads_or_is_refused(file)


def loads_or_is_refused(file: Path, **options: Any) -> None:
    try:
        log = reflectlab.load(file, **options)
    except ReflectLabError:
        return
    balanced(log)
