"""The grid of learners and goals: every cell an event, or a problem under its column."""

from datetime import date
from pathlib import Path

import pytest

import reflectlab
from reflectlab import MissingColumnError, NotALogError
from tests.load.conftest import Load, balanced, listed

GRID = """Name,Class,hook,starts,verbs
Aroha,R5,20/07/2026,,✓
Ben,R5,,x,31/02/2026
Hēmi,R6,,,
NA,R6,3 Aug 2026,,soon
"""


def test_each_date_is_a_goal_met(load: Load) -> None:
    log = load(GRID)
    events = log.events[["time", "learner_id", "goal_id", "event", "row"]].astype(str).to_numpy().tolist()
    assert events == [
        ["2026-07-20", "Aroha", "hook", "met", "2"],
        ["2026-08-03", "Ben", "starts", "set", "3"],  # x beside a tick: not met, as of the last day
        ["2026-08-03", "NA", "hook", "met", "5"],
    ]
    assert sorted(log.learners["learner_id"]) == ["Aroha", "Ben", "Hēmi", "NA"]
    assert log.learners.set_index("learner_id")["class_id"].to_dict() == {
        "Aroha": "R5",
        "Ben": "R5",
        "Hēmi": "R6",
        "NA": "R6",
    }
    assert log.goals["goal_id"].tolist() == ["hook", "starts", "verbs"]


def test_each_cell_that_is_none_is_listed_under_its_column(load: Load) -> None:
    log = load(GRID)
    problems = log.problems.loc[log.problems["row"].notna(), ["row", "column", "code"]].to_numpy().tolist()
    assert sorted(problems) == [
        [2, "verbs", "tick_without_date"],
        [3, "verbs", "bad_time"],
        [5, "verbs", "bad_time"],
    ]
    cells = sum(cell != "" for line in GRID.splitlines()[1:] for cell in line.split(",")[2:])
    assert len(log.events) + len(problems) == cells


def test_a_tick_counts_on_the_day_that_is_said(load: Load) -> None:
    log = load(GRID, as_of="2026-08-07")
    assert listed(log) == [(3, "bad_time"), (5, "bad_time")]
    ticked = log.events[log.events["time"].dt.date == date(2026, 8, 7)]
    assert ticked[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["Aroha", "verbs", "met"],
        ["Ben", "starts", "set"],
    ]


def test_the_first_column_may_have_no_header(load: Load) -> None:
    assert load(",hook\nAroha,2026-07-20\n").events["learner_id"].tolist() == ["Aroha"]


def test_a_grid_of_ticks_alone_says_what_to_pass(load: Load) -> None:
    with pytest.raises(NotALogError, match="as_of="):
        load("learner,hook\nAroha,✓\n")


def test_a_roster_beside_the_grid_is_used(tmp_path: Path) -> None:
    (tmp_path / "grid.csv").write_text(
        "learner,hook,starts\nAroha,2026-07-20,\nZoe,2026-07-20,\n007,,2026-07-21\nben,,\n"
    )
    (tmp_path / "roster.csv").write_text("learner_id,name\n007,Aroha\nb,Ben\n")
    log = balanced(reflectlab.load([tmp_path / "grid.csv", tmp_path / "roster.csv"]))
    assert log.events["learner_id"].tolist() == ["007", "007"]
    assert listed(log) == [(3, "unknown_learner")]


def test_dates_of_all_cells_decide_how_they_are_read(load: Load) -> None:
    log = load("learner,hook,starts\nAroha,03/04/2026,25/04/2026\n")
    assert log.first_day == date(2026, 4, 3)


def test_what_has_no_learners_is_no_grid(load: Load) -> None:
    with pytest.raises(MissingColumnError, match="learner"):
        load("thing,hook\nx,2026-07-20\n", format="grid")


def test_a_grid_without_goals_says_so(load: Load) -> None:
    with pytest.raises(MissingColumnError, match="no column of a goal"):
        load("learner,class\nAroha,5\n", format="grid")


def test_what_is_wrong_is_listed_under_the_header_whatever_the_catalogue_calls_the_goal(tmp_path: Path) -> None:
    (tmp_path / "grid.csv").write_text("Name,Hook them,Verbs\nAroha,31/02/2026,20/07/2026\nBen,20/07/2026,\n", "utf-8")
    (tmp_path / "goals.csv").write_text("goal_id,title\nW1,Hook them\n", "utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert log.events["goal_id"].tolist() == ["W1"]
    assert sorted(log.problems["column"]) == ["Hook them", "Verbs"]


def test_strands_above_the_goals_are_passed_over(load: Load) -> None:
    log = load(",Openings,,Marks,\nName,hook,dialogue,commas,speech\nAroha,20/07/2026,,3/08/2026,\nBen,,14/08/2026,,\n")
    assert log.events[["learner_id", "goal_id"]].to_numpy().tolist() == [
        ["Aroha", "hook"],
        ["Aroha", "commas"],
        ["Ben", "dialogue"],
    ]
    assert {*log.learners["name"]} == {"Aroha", "Ben"}
    assert {*log.goals["goal_id"]} == {"hook", "dialogue", "commas", "speech"}


def test_a_grid_with_a_day_for_each_of_several_events_is_refused(load: Load) -> None:
    days = "Aroha,20/07/2026,24/07/2026,3/08/2026,\nBen,21/07/2026,,,\n"
    for words in ("Started,Met", "Set,Done"):
        with pytest.raises(NotALogError, match="several columns for each goal"):
            load(f",hook,,commas,\nName,{words},{words}\n{days}")


def test_a_column_without_a_header_or_of_notes_is_not_lost_in_silence(load: Load) -> None:
    log = load("Name,hook,,Notes\nAroha,20/07/2026,24/07/2026,a quiet week\nBen,21/07/2026,,\n")
    assert len(log.events) == 2
    told = log.problems[log.problems["code"] == "unknown_column"]
    assert told["column"].tolist() == ["(column C)", "Notes"]


def test_a_dash_in_a_cell_is_an_empty_one(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,20/07/2026,-\nBen,–,n/a\nZoe,-,22/07/2026\n")
    assert log.events["learner_id"].tolist() == ["Aroha", "Zoe"]
    assert {*log.learners["name"]} == {"Aroha", "Ben", "Zoe"}
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.row, remark.column, remark.value) == ("normalised", 2, "verbs", "-")
    told = load("Name,hook,verbs\nAroha,20/07/2026,-\nBen,21/07/2026,\n", words={"-": "set"})
    assert sorted(told.events["event"]) == ["met", "met", "set"]


def test_notes_below_a_grid_and_the_whole_class_make_no_learner(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,20/07/2026,\nBen,21/07/2026,\nAll,,\nNotes: ask Ben,,\nKey = the old ones,,\n")
    assert {*log.learners["name"]} == {"Aroha", "Ben"}
    assert listed(log) == [(row, "not_a_learner") for row in (4, 5, 6)]


def test_days_of_the_whole_class_are_no_learners_days(load: Load) -> None:
    log = load("Name,hook,verbs\nAroha,20/07/2026,\nBen,21/07/2026,\nWhole class,,22/07/2026\n")
    assert {*log.learners["name"]} == {"Aroha", "Ben"}
    assert listed(log) == [(4, "not_a_learner")]
    assert log.problems["hint"].tolist() == ["Write these days into the row of each learner."]
