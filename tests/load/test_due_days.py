"""Due days on their way in and out: read like every other date, remarked on where they are none, kept everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import reflectlab as rl
from reflectlab import AmbiguousDateError, ArgumentError, ProgressLog, due_days
from reflectlab.load.clean.vocabulary import HEADERS
from reflectlab.share import export, new_key, publish

Load = Callable[..., ProgressLog]

HEAD = "date,learner,goal,what happened,with"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(text: str, name: str = "log.csv", **options: Any) -> ProgressLog:
        (tmp_path / name).write_text(text, "utf-8")
        return rl.load(tmp_path / name, **options)

    return loaded


def days(column: "pd.Series[Any]") -> list[str]:
    return column.dt.strftime("%Y-%m-%d").fillna("").tolist()


@pytest.mark.parametrize("header", HEADERS["due"])
def test_a_class_log_calls_it_in_many_ways(load: Load, header: str) -> None:
    log = load(f"{HEAD},{header.title()}?\n20/07/2026,Aroha,hook,set,,31/07/2026\n21/07/2026,Ben,hook,set,,\n")
    assert days(log.events["due"]) == ["2026-07-31", ""]
    assert log.problems.empty


def test_what_is_no_date_is_remarked_on_and_its_row_stays(load: Load) -> None:
    log = load(f"{HEAD},due\n2026-07-20,Aroha,hook,set,,soon\n2026-07-20,Ben,hook,set,,2026-07-31\n")
    assert days(log.events["due"]) == ["", "2026-07-31"]
    assert log.problems[["row", "column", "code", "value"]].to_numpy().tolist() == [[2, "due", "bad_due", "soon"]]
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[2, 2, 0]]


def test_a_day_on_a_row_without_an_event_is_remarked_on(load: Load) -> None:
    log = load(f"{HEAD},due\n2026-07-20,Aroha,hook,worked with,Ben,2026-07-31\n2026-07-21,Ben,,absent,,2026-07-31\n")
    assert log.problems[["row", "code", "value"]].to_numpy().tolist() == [
        [2, "bad_due", "2026-07-31"],
        [3, "bad_due", "2026-07-31"],
    ]
    assert len(log.collaborations) == 2


def test_day_and_month_are_settled_as_those_of_every_date(load: Load) -> None:
    rows = "{},Aroha,hook,set,,{}\n".format
    told = load(f"{HEAD},due\n" + rows("20/07/2026", "03/08/2026"))
    assert days(told.events["due"]) == ["2026-08-03"], "the other column of the file tells"
    with pytest.raises(AmbiguousDateError, match='"due"'):
        load(f"{HEAD},due\n" + rows("2026-07-20", "03/08/2026"), "either.csv")
    said = load(f"{HEAD},due\n" + rows("2026-07-20", "03/08/2026"), "either.csv", dayfirst=False)
    assert days(said.events["due"]) == ["2026-03-08"]


def test_the_time_of_day_is_of_what_happened_only(load: Load) -> None:
    log = load("date,time,learner,goal,what happened,due\n2026-07-20,09:30,Aroha,hook,set,2026-07-31 15:00\n")
    assert log.events["time"].dt.hour.tolist() == [9]
    assert log.events["due"].tolist() == [pd.Timestamp("2026-07-31")]


def test_several_learners_of_a_row_share_the_day(load: Load) -> None:
    log = load(f"{HEAD},due\n2026-07-20,Aroha & Ben,hook,set,,2026-07-31\n")
    assert due_days(log)["due"].dt.day.tolist() == [31, 31]


def test_another_table_by_its_columns(load: Load) -> None:
    columns = {"time": "Wann", "learner_id": "Kind", "goal_id": "Ziel", "event": "Was", "due": "Bis"}
    log = load("Wann,Kind,Ziel,Was,Bis\n20.07.2026,Aroha,hook,set,31.07.2026\n", columns=columns)
    assert days(log.events["due"]) == ["2026-07-31"]


def test_a_table_of_goals_has_the_day_for_all(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"{HEAD}\n20/07/2026,Aroha,hook,set,\n20/07/2026,Aroha,ends,set,\n", "utf-8")
    (tmp_path / "goals.csv").write_text("goal,strand,Deadline\nhook,Ideas,31/07/2026\nends,Ideas,term 3\n", "utf-8")
    log = rl.load(tmp_path)
    assert days(log.goals["due"]) == ["2026-07-31", ""]
    assert log.problems[["file", "row", "code", "value"]].to_numpy().tolist() == [["goals.csv", 3, "bad_due", "term 3"]]
    assert due_days(log)["goal_id"].tolist() == ["hook"]


def test_the_workbook_that_new_makes_has_a_column_for_both(tmp_path: Path) -> None:
    made = rl.new_workbook(tmp_path / "class.xlsx", learners=["Aroha", "Ben"], goals=["hook\t\t\t2026-08-14"])
    book = openpyxl.load_workbook(made)
    head = [cell.value for cell in book["Log"][1]]
    for row, who in enumerate(["Aroha", "Ben"], start=3):
        cells = {
            "date": pd.Timestamp("2026-07-20").to_pydatetime(),
            "learner": who,
            "goal": "hook",
            "what happened": "set",
        }
        cells |= {"due": pd.Timestamp("2026-08-07").to_pydatetime()} if who == "Ben" else {}
        for name, value in cells.items():
            book["Log"].cell(row, head.index(name) + 1, value)
    book.save(made)
    log = rl.load(made)
    assert days(due_days(log)["due"]) == ["2026-08-14", "2026-08-07"]
    assert log.problems.empty


@pytest.fixture
def kept() -> ProgressLog:
    log = rl.example()
    events = log.events.assign(due=None)
    events["due"] = pd.to_datetime(["2026-07-24", *[None] * (len(events) - 1)])
    goals = log.goals.assign(due=pd.to_datetime("2026-08-14"))
    tables = {name: getattr(log, name) for name in ("collaborations", "learners", "terms")}
    return ProgressLog.from_tables(events=events, goals=goals, **tables)


@pytest.mark.parametrize(("name", "form"), [("csv", None), ("log.xlsx", None), ("parquet", "parquet")])
def test_every_format_gives_back_what_was_saved(kept: ProgressLog, tmp_path: Path, name: str, form: str | None) -> None:
    rl.save_tables(kept, tmp_path / name, format=form)
    again = rl.load(tmp_path / name)
    assert again.problems.empty
    assert_frame_equal(due_days(again), due_days(kept))
    assert_frame_equal(again.goals.drop(columns="row"), kept.goals.drop(columns="row"))


def test_a_scanned_log_has_them_and_refuses_what_are_no_days(kept: ProgressLog, tmp_path: Path) -> None:
    rl.save_tables(kept, tmp_path, format="parquet")
    assert_frame_equal(due_days(rl.scan(tmp_path)), due_days(kept))
    pl.from_pandas(kept.goals).with_columns(due=pl.lit("Friday")).write_parquet(tmp_path / "goals.parquet")
    with pytest.raises(ArgumentError, match=r"goals\.due must hold dates or times; it holds String"):
        rl.scan(tmp_path)


def test_logs_that_are_joined_keep_them(kept: ProgressLog) -> None:
    assert_frame_equal(due_days(rl.join(kept)), due_days(kept))
    events = kept.events.assign(time=kept.events["time"] + pd.Timedelta(weeks=20), due=None)
    both = rl.join(kept, ProgressLog.from_tables(events=events, learners=kept.learners, goals=kept.goals))
    assert both.events["due"].notna().sum() == 1
    assert days(both.goals["due"]) == days(kept.goals["due"])


def test_neither_leaders_nor_researchers_are_given_them(tmp_path: Path) -> None:
    school = rl.simulate(classes=3, learners=22, seed=1)
    tables = {name: getattr(school, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    day = pd.Timestamp("2031-03-29")
    dated = {**tables, "goals": tables["goals"].assign(due=day), "events": tables["events"].assign(due=day)}
    key = new_key(tmp_path / "project.key")
    for name, given in (("bare", tables), ("dated", dated)):
        log = ProgressLog.from_tables(**given)
        export(log, tmp_path / name, key=key)
        publish(log, tmp_path / f"{name} for leaders")
    for one, other in (("bare", "dated"), ("bare for leaders", "dated for leaders")):
        files = [{path.name: path.read_bytes() for path in (tmp_path / each).rglob("*.*")} for each in (one, other)]
        assert files[0] == files[1]
        assert files[0]
