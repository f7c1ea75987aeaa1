"""`load` itself: files, folders and several of them; what is no log; the same rows whatever the file is."""

import gc
import sys
from pathlib import Path
from types import FrameType

import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, NotALogError, ReflectLabError
from reflectlab.load.readers import READERS

from .conftest import Load, balanced

SHEET = "date,learner,goal,what happened,with\n2026-07-20,Aroha,hook,started,\n2026-07-21,Hēmi,hook,helped,Aroha\n"


@pytest.mark.parametrize(
    "text", ["", "\n", "date,learner,goal,what happened\n", "a,b\n1,2\n", "hello", "{}", "<html></html>"]
)
def test_what_is_no_log_is_one_clear_error(load: Load, text: str) -> None:
    with pytest.raises(NotALogError, match=r"log\.csv"):
        load(text)


def test_an_unknown_table_is_told_how_it_could_be_read(load: Load) -> None:
    with pytest.raises(NotALogError, match=r'(?s)Is "leaner" meant to be "learner"\?.*columns=\{"learner_id": \.\.\.'):
        load("leaner,mark\na,1\n")


def test_blanks_around_a_date_are_no_part_of_it(load: Load) -> None:
    times = [" 2026-07-20 09:00:00 ", "2026-07-21 09:00:00", " soon ", "  "]
    log = load("date,learner,goal,what happened\n" + "".join(f"{time},Ben,hook,worked\n" for time in times))
    assert log.events["time"].astype(str).tolist() == ["2026-07-20 09:00:00", "2026-07-21 09:00:00"]
    found = log.problems.astype(object).where(log.problems.notna(), None)
    assert found[["row", "code", "value"]].values.tolist() == [[4, "bad_time", "soon"], [5, "missing_time", None]]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotALogError, match="no file"):
        reflectlab.load(tmp_path / "nowhere.csv")
    with pytest.raises(NotALogError, match="holds no file"):
        reflectlab.load(tmp_path)


@pytest.mark.parametrize("path", [5, None, [], [5]])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(ArgumentError, match="`path`"):
        reflectlab.load(path)  # type: ignore[arg-type]


def test_several_files_are_one_log(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "grid.csv").write_text("learner,verbs\nBen,2026-07-24\nAroha,\n")
    log = balanced(reflectlab.load([tmp_path / "a", tmp_path / "b" / "log.csv", str(tmp_path / "grid.csv")]))
    assert len(log.events) == 3
    assert log.collaborations["episode_id"].nunique() == 2
    assert sorted(log.learners["learner_id"]) == ["Aroha", "Ben", "Hēmi"]
    files = log.account["file"].tolist()
    assert len(set(files)) == 3
    assert all(file.endswith(("a/log.csv", "b/log.csv", "grid.csv")) for file in files)


def test_a_roster_that_stands_beside_is_used(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "class.csv").write_text("learner_id,name,class_id\n1,Aroha,R5\n2,Hēmi,R5\n", encoding="utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert log.collaborations["learner_id"].tolist() == ["2", "1"]
    assert log.events["learner_id"].tolist() == ["1"]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_file_with_nothing_but_a_mark_is_empty(load: Load, mark: bytes) -> None:
    with pytest.raises(NotALogError, match="is empty"):
        load(mark)


def test_a_name_that_two_learners_share_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "class.csv").write_text("learner_id,name\n1,Aroha\n2,Hēmi\n3,aroha\n4,Aroha\n", encoding="utf-8")
    with pytest.raises(NotALogError, match='"Aroha" is not on the roster'):
        reflectlab.load([tmp_path / "log.csv", tmp_path / "class.csv"])


def test_every_kind_is_explained(root: Path) -> None:
    told, page = str(reflectlab.load.__doc__), (root / "docs" / "formats.md").read_text("utf-8")
    assert [
        name for name in (reader.name for reader in READERS) if f'"{name}"' not in told or f"`{name}`" not in page
    ] == []


def test_one_load_runs_through_few_modules(root: Path) -> None:
    """At most 31 of the package's: whoever follows a load has that many to open."""
    file = root / "data" / "sample" / "room_5" / "room_5_log.xlsx"
    reflectlab.load(file)  # what is imported at the first load is not counted
    package, modules = str(Path(reflectlab.__file__).parent), set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(package):
            modules.add(frame.f_code.co_filename)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        reflectlab.load(file)
    finally:
        sys.setprofile(before)
    assert 10 < len(modules) <= 31, sorted(modules)


def test_the_kind_may_be_said(load: Load) -> None:
    assert len(load(SHEET, format="sheet").events) == 1
    with pytest.raises(ReflectLabError):
        load(SHEET, format="moodle")


@pytest.mark.parametrize(
    "twin",
    [
        SHEET.encode("utf-8-sig"),
        SHEET.encode("utf-16"),
        SHEET.replace(",", ";").encode(),
        SHEET.replace(",", "\t").encode(),
        SHEET.replace("\n", "\r\n").encode(),
        SHEET.replace("\n", "\r").encode(),
        ("\n\n" + SHEET).encode(),
        ("# Room 5\n" + SHEET).encode(),
        SHEET.replace("Hēmi", "He\u0304mi ").encode(),
        SHEET.replace("2026-07-20", "20/07/2026").encode(),
    ],
)
def test_a_log_reads_equal_however_it_is_written(load: Load, twin: bytes) -> None:
    clean, other = load(SHEET), load(twin, name="twin.csv")
    for name in ("events", "collaborations", "learners", "goals"):
        left, right = getattr(clean, name), getattr(other, name)
        drop = [column for column in ("row", "episode_id") if column in left]
        assert_frame_equal(left.drop(columns=drop), right.drop(columns=drop))


def test_the_search_for_rings_that_is_held_back_goes_on(load: Load) -> None:
    assert gc.isenabled()
    load(SHEET)
    with pytest.raises(ReflectLabError):
        load("")
    assert gc.isenabled()
