"""The sections of a board that stand folded: made when opened, drawn as the rest, gone when closed."""

import json

import pytest

import reflectlab
from reflectlab import goal_learners, goal_summary
from reflectlab.explore import TeacherBoard
from reflectlab.explore.sections.goals import goal_rows
from reflectlab.explore.widgets.figure import opaque
from reflectlab.explore.widgets.table import TableView
from tests.explore.test_board import all_of, everything
from tests.hard_names import NAMES, hard_log


@pytest.fixture
def board():
    return TeacherBoard(reflectlab.example(), learner_id="ben")


def table_of(section):
    (found,) = all_of(section, TableView)
    return found


def test_nothing_is_made_before_it_is_asked_for(board):
    assert len(board.goals.children) == 1
    board.goals.fold.unfolded = True
    assert len(table_of(board.goals).content["rows"]) == len(goal_summary(reflectlab.example()))
    board.goals.fold.unfolded = False
    assert len(board.goals.children) == 1


def test_a_table_of_goals_says_what_the_measures_say():
    log = reflectlab.simulate(classes=1, learners=30, seed=4)
    board = TeacherBoard(log)
    shown = goal_rows(board.choice, board._measured, "stuck")
    told, people = goal_summary(log, order="stuck"), goal_learners(log)
    for name in ("goal_id", "learners", "met", "together", "alone"):
        assert shown[name].tolist() == told[name].tolist()
    for row in shown.to_dict("records"):
        mine = people[people["goal_id"] == row["goal_id"]]
        for part, most in (("stuck", 99), ("could_help", 5)):
            named = [learner for _, learner in row[f"{part}_people"]]
            assert named == mine.loc[mine["part"] == part, "learner_id"].tolist()[:most]
    assert "13 (3 to 21)" in shown["within"].tolist()


def test_it_is_drawn_again_with_the_rest_of_the_board_and_not_for_a_pick(board):
    board.goals.fold.unfolded = True
    table = table_of(board.goals)
    before = table.content["drawn"]
    board.choice.learner_id = "hemi"
    assert table.content["drawn"] == before
    assert table.kept["learner"] == opaque("hemi")
    board.choice.strand = "Sentences"
    assert [row["cells"][0] for row in table.content["rows"]] == ["Vary how my sentences start"]
    board.choice.day = "2026-07-24"
    assert "24 July" in table.content["caption"]


def test_a_name_in_it_is_a_way_to_the_child(board):
    board.goals.fold.unfolded = True
    table = table_of(board.goals)
    table.set_state({"pick": {"drawn": table.content["drawn"], "row": -1, "person": 0}})
    assert board.choice.learner_id == "hemi"


def test_no_name_stays_in_what_is_closed_or_hidden():
    board = TeacherBoard(hard_log(), learner_id="ben")
    board.goals.fold.unfolded = True
    table = table_of(board.goals)
    assert any(name in json.dumps(table.content, ensure_ascii=False) for name in NAMES.values())
    board.choice.hidden = True
    assert not any(name in everything(board) for name in NAMES.values())
    board.choice.hidden = False
    board.goals.fold.unfolded = False
    drawn = table.content["drawn"]
    board.choice.day = board.choice.days[0]
    assert (table.comm, table.content["drawn"]) == (None, drawn)


def test_it_can_be_opened_again(board):
    for opened in (True, False, True):
        board.goals.fold.unfolded = opened
    board.choice.day = "2026-07-24"
    assert "24 July" in table_of(board.goals).content["caption"]
