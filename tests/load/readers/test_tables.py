"""Our own tables: read, and written so that they read equal."""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ExistsError, MissingColumnError, NotALogError, ProgressLog
from reflectlab.load.files.raw import File
from reflectlab.load.files.workbook import read_workbook
from tests.load.conftest import Load, balanced, listed, remarks
from tests.logs import Tables, class_logs

FORMS = [("csv", "log"), ("xlsx", "log.xlsx"), ("parquet", "log.parquet")]
NAMES = ("events", "collaborations", "learners", "goals", "terms")

TRICKY = [
    "=1+1",
    "+64",
    "-a",
    "@x",
    "'=1",
    "''-",
    "NA",
    "007",
    "1e5",
    "null",
    "ā,b",
    'say "hi"',
    "a;b",
    "#1",
    "%x",
    "x'",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables of a small log, as CSV."""
    write(
        tmp_path,
        "events",
        "time,learner_id,goal_id,event,chosen_by\n2026-07-20,007,hook,Set,learner\n2026-07-21,NA,hook,met,\n",
    )
    write(
        tmp_path,
        "collaborations",
        "episode_id,time,learner_id,minutes,role\ne1,2026-07-21 10:00,007,15,helper\ne1,2026-07-21 10:00,NA,15,\n",
    )
    write(tmp_path, "learners", "learner_id,name,class_id,house\n007,Aroha,R5,red\nNA,Ben,R5,\n")
    write(tmp_path, "goals", "goal_id,title\nhook,Open with a hook\n")
    write(tmp_path, "terms", "term_id,start,end,closed\nt3,20/07/2026,25/09/2026,2026-08-07\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def assert_same(log: ProgressLog, other: ProgressLog, *, rows: bool) -> None:
    """Two logs hold the same; `rows` says whether the places of the rows are to be the same too."""
    for name in NAMES:
        left, right = (in_order(getattr(one, name), name, rows=rows) for one in (log, other))
        assert_frame_equal(left, right)
    assert (log.tz, log.dates_only) == (other.tz, other.dates_only)


def in_order(frame: pd.DataFrame, name: str, *, rows: bool) -> pd.DataFrame:
    """A table whose order does not depend on how its rows are counted."""
    if "time" in frame:
        frame = frame.sort_values(["time", "row"], kind="stable", ignore_index=True)
    return frame if rows else frame.drop(columns="row")


def test_a_folder_of_tables_is_a_log(folder: Path) -> None:
    log = balanced(reflectlab.load(folder))
    assert log.events[["learner_id", "event", "chosen_by"]].fillna("").to_numpy().tolist() == [
        ["007", "set", "learner"],
        ["NA", "met", ""],
    ]
    assert log.collaborations["minutes"].tolist() == [15, 15]
    assert log.learners["house"].fillna("").tolist() == ["red", ""]
    assert log.terms["closed"].tolist() == ["2026-08-07"]
    assert log.problems.empty


def test_files_may_be_named_one_by_one(folder: Path) -> None:
    log = reflectlab.load([folder / "events.csv", folder / "learners.csv"])
    assert log.learners["name"].tolist() == ["Aroha", "Ben"]
    assert reflectlab.load(folder / "events.csv").learners["name"].tolist() == ["007", "NA"]


def test_each_bad_row_is_listed_with_its_file_and_row(folder: Path) -> None:
    write(
        folder,
        "events",
        "time,learner_id,goal_id,event\n2026-07-20,007,hook,set\n2026-02-30,007,hook,met\n2026-07-21,Aroa,hook,met\n\n"
        "2026-07-21,007,hok,met\n2026-07-21,007,hook,mett\n,007,hook,met\n2026-07-21,,hook,met\n2026-07-21,007,,met\n007\n",
    )
    log = balanced(reflectlab.load(folder))
    assert listed(log) == [
        (3, "bad_time"),
        (4, "unknown_learner"),
        (6, "unknown_goal"),
        (7, "unknown_event"),
        (8, "missing_time"),
        (9, "missing_learner"),
        (10, "missing_goal"),
        (11, "ragged_row"),
    ]
    assert set(log.problems["file"]) == {"events.csv"}
    assert log.account.set_index("file").loc["events.csv", ["read", "loaded", "listed"]].tolist() == [9, 1, 8]


def test_a_slip_in_a_header_is_named(folder: Path) -> None:
    write(folder, "events", "time,leaner_id,goal_id,event\n2026-07-20,007,hook,set\n")
    with pytest.raises(MissingColumnError, match=r'events\.csv has no column "learner".*"leaner_id"'):
        reflectlab.load(folder)
    write(folder, "events", "time,learner_id,goal_id,event\n2026-07-20,007,hook,set\n")
    write(folder, "collaborations", "episod_id,time,learner_id\ne1,2026-07-20,007\n")
    with pytest.raises(MissingColumnError, match=r'collaborations\.csv has no column "episode_id".*"episod_id"'):
        reflectlab.load(folder)


def test_other_columns_and_files_are_remarked_on(folder: Path) -> None:
    write(folder, "events", "time,learner_id,goal_id,event,mood\n2026-07-20,007,hook,set,good\n")
    write(folder, "lunch", "sandwich,price\nham,3\n")
    log = reflectlab.load(folder)
    assert remarks(log) == [(1, "unknown_column")]
    assert log.problems.loc[log.problems["code"] == "unused_table", "file"].tolist() == ["lunch.csv"]


def test_words_may_be_given_for_our_tables_too(folder: Path) -> None:
    write(folder, "events", "time,learner_id,goal_id,event\n2026-07-20,007,hook,oti\n2026-07-21,007,hook,aha\n")
    log = balanced(reflectlab.load(folder, words={"oti": "met", "aha": None}))
    assert log.events["event"].tolist() == ["met"]
    assert listed(log) == [(3, "left_out")]


def test_a_roster_alone_is_no_log(folder: Path) -> None:
    with pytest.raises(NotALogError, match="no events and no collaborations"):
        reflectlab.load(folder / "learners.csv")


@pytest.mark.parametrize(("form", "name"), FORMS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=class_logs(), tz=st.sampled_from(["UTC", "Pacific/Auckland"]))
def test_any_log_comes_back(tmp_path: Path, tables: Tables, tz: str, form: str, name: str) -> None:
    log = ProgressLog.from_tables(**tables, tz=tz)
    reflectlab.save_tables(log, tmp_path / name, overwrite=True)
    assert_same(balanced(reflectlab.load(tmp_path / name)), log, rows=form == "parquet")


def tricky_log() -> ProgressLog:
    """A log whose every text could be taken for something else."""
    times = pd.date_range("2026-07-20 09:00:00.123456", periods=len(TRICKY), freq="37min1us")
    events = pd.DataFrame(
        {"time": times, "learner_id": TRICKY, "goal_id": TRICKY[::-1], "event": "worked", "note": TRICKY}
    )
    events["note"] = events["note"] + "\r\n\x0b_x000D_\t'"
    learners = pd.DataFrame({"learner_id": TRICKY, "name": TRICKY[::-1], "=odd": TRICKY})
    learners["ability"] = [0.1, 1e-7, None, 2.0, *[3.5] * (len(TRICKY) - 4)]
    learners["siblings"] = pd.array([1, None, *[2] * (len(TRICKY) - 2)], dtype="Int64")
    learners["boards"] = pd.array([True, None, *[False] * (len(TRICKY) - 2)], dtype="boolean")
    learners["born"] = pd.to_datetime(
        ["2016-01-01", None, *["2016-02-03 04:05:06"] * (len(TRICKY) - 2)], format="ISO8601"
    )
    return ProgressLog.from_tables(events=events, learners=learners, tz="Pacific/Auckland")


@pytest.mark.parametrize(("form", "name"), FORMS)
def test_texts_and_types_come_back(tmp_path: Path, form: str, name: str) -> None:
    log = tricky_log()
    reflectlab.save_tables(log, tmp_path / name)
    assert_same(balanced(reflectlab.load(tmp_path / name)), log, rows=form == "parquet")


def test_no_cell_begins_as_a_formula(tmp_path: Path) -> None:
    reflectlab.save_tables(tricky_log(), tmp_path / "log")
    reflectlab.save_tables(tricky_log(), tmp_path / "log.xlsx")
    texts = [file.read_text(encoding="utf-8-sig") for file in (tmp_path / "log").iterdir()]
    cells = [cell for text in texts for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    for table in read_workbook(File("log.xlsx", (tmp_path / "log.xlsx").read_bytes())):
        cells += [*table.header, *(cell for row in table.frame.drop("_row").rows() for cell in row)]
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(("form", "name"), FORMS)
def test_what_is_there_is_not_overwritten_unless_said(tmp_path: Path, form: str, name: str) -> None:
    log = reflectlab.example()
    written = reflectlab.save_tables(log, tmp_path / name)
    before = {file: Path(file).read_bytes() for file in written}
    with pytest.raises(ExistsError, match="overwrite=True"):
        reflectlab.save_tables(tricky_log(), tmp_path / name)
    assert {file: Path(file).read_bytes() for file in written} == before
    reflectlab.save_tables(tricky_log(), tmp_path / name, overwrite=True)
    assert_same(reflectlab.load(tmp_path / name), tricky_log(), rows=form == "parquet")


def test_a_file_where_a_folder_is_to_be_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("mine")
    with pytest.raises(ExistsError):
        reflectlab.save_tables(reflectlab.example(), tmp_path / "log", overwrite=True)
    assert (tmp_path / "log").read_text() == "mine"


def test_the_form_may_be_said(tmp_path: Path) -> None:
    assert all(
        file.endswith(".parquet")
        for file in reflectlab.save_tables(reflectlab.example(), tmp_path / "a", format="parquet")
    )
    wrong: Any = "json"
    with pytest.raises(ArgumentError, match="'csv', 'xlsx', 'parquet'"):
        reflectlab.save_tables(reflectlab.example(), tmp_path / "b", format=wrong)


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    events = pd.DataFrame(
        {"time": ["2026-07-20"], "learner_id": "a", "goal_id": "g", "event": "met", "note": "x" * 40_000}
    )
    log = ProgressLog.from_tables(events=events)
    with pytest.raises(ArgumentError, match="32,767"):
        reflectlab.save_tables(log, tmp_path / "log.xlsx")
    assert not list(tmp_path.iterdir())
    reflectlab.save_tables(log, tmp_path / "log")
    assert reflectlab.load(tmp_path / "log").events["note"].str.len().tolist() == [40_000]


def test_rows_read_from_a_class_log_keep_their_place_in_parquet(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "date,learner,goal,what happened,with\n\n2026-07-20,a,g,met,b\n2026-07-21,b,g,met,\n"
    )
    log = reflectlab.load(tmp_path / "log.csv")
    reflectlab.save_tables(log, tmp_path / "log.parquet")
    again = balanced(reflectlab.load(tmp_path / "log.parquet"))
    assert again.events["row"].tolist() == [3, 4]
    assert_same(again, log, rows=True)


def test_a_fault_is_told_once_and_minutes_only_of_a_row_that_is_there(load: Load) -> None:
    rows = [
        "episode_id,time,learner_id,minutes,role",
        "e1,2026-07-21,ben,long,peer",
        "e1,2026-07-21,zoe,25 min,peer",
        "e2,2026-07-22,ben,long,pear",
        "e3,,zoe,-3,peer",
    ]
    log = load("\n".join(rows), "collaborations.csv")
    assert (listed(log), remarks(log)) == (
        [(5, "missing_time")],
        [(2, "bad_minutes"), (4, "bad_minutes"), (4, "unknown_role")],
    )
    assert log.problems.set_index("code").loc[
        "bad_minutes", ["value", "column"]
    ].drop_duplicates().to_numpy().tolist() == [["long", "minutes"]]
    assert log.collaborations["minutes"].fillna(0).tolist() == [0, 25, 0]


def test_parquet_of_categories_is_read_as_text(folder: Path, tmp_path: Path) -> None:
    for place, dtype in (("texts", "str"), ("categories", "category")):
        (tmp_path / place).mkdir()
        for name in ("events", "collaborations"):
            frame = pd.read_csv(folder / f"{name}.csv", dtype="str").drop(columns="minutes", errors="ignore")
            frame.astype(dtype).assign(time=pd.Timestamp("2026-07-20")).to_parquet(tmp_path / place / f"{name}.parquet")
    texts, categories = (balanced(reflectlab.load(tmp_path / place)) for place in ("texts", "categories"))
    assert_same(categories, texts, rows=True)
