"""The sections of a board that stand folded: made when opened, drawn as the rest, gone when closed."""

import json

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog, goal_learners, goal_summary, network, partner_diversity
from reflectlab.explore import TeacherBoard
from reflectlab.explore.sections.goals import goal_rows
from reflectlab.explore.sections.partners import Drawings
from reflectlab.explore.widgets.day_slider import StepPicker
from reflectlab.explore.widgets.figure import FigureView, opaque
from reflectlab.explore.widgets.table import TableView
from tests.explore.test_board import all_of, everything
from tests.hard_names import NAMES, hard_log
from tests.measure.planted import simulated, with_planted
from tests.show.test_together import dots


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


@pytest.fixture
def planted():
    return TeacherBoard(ProgressLog.from_tables(**with_planted(simulated(3))))


def weeks_of(board):
    board.company.fold.unfolded = True
    (weeks,) = all_of(board.company, StepPicker)
    matrix, network = all_of(board.company, FigureView)
    return weeks, matrix, network


def test_partners_say_who_only_ever_works_with_one(planted):
    _, matrix, _ = weeks_of(planted)
    only = [mark["text"] for mark in matrix.marks if mark["what"] == "only"]
    assert "Planted 4 has only ever worked with Planted 5" in only
    assert "Planted 4 with Planted 5" in matrix.description
    rows = {row["cells"][0]: row["cells"] for row in table_of(planted.company).content["rows"]}
    told = partner_diversity(planted.choice.log).set_index("learner_id")
    for learner, name in planted.choice.names.items():
        assert rows[name][1:3] == [str(told.loc[learner, each]) for each in ("episodes", "partners")]
    assert rows["Planted 4"][-1] == "Planted 5"


def test_the_network_goes_week_by_week(planted):
    weeks, _, shown = weeks_of(planted)
    log, days = planted.choice.log, planted.choice.log.calendar.weeks
    assert weeks.labels[-1] == "all weeks so far"
    assert "all weeks" in shown.title
    episodes = 0
    for place in range(len(weeks.labels) - 1):
        weeks.index = place
        start = days["until"].shift(1)[place]
        week = log.select(
            start=None if place == 0 else start.date() + pd.Timedelta(days=1), end=days["until"][place].date()
        )
        edges = network(week)
        ties = [mark for mark in shown.marks if mark["what"] in ("support", "shared_goal", "other")]
        assert len(ties) == len(edges)
        episodes += edges["episodes"].sum()
    assert episodes == network(log)["episodes"].sum()


def test_in_every_week_everybody_has_their_place(planted):
    drawings = Drawings(planted.choice, planted._measured)
    found = []
    for period in (drawings.periods()[each] for each in (0, 1, -1)):
        ax = drawings._network(period)
        top = ax.figure.bbox.height
        found.append({learner: (round(x, 3), round(top - y, 3)) for learner, ((x, y), _) in dots(ax).items()})
    assert found[0] == found[1] == found[2], "as far from the left and from the top"
    assert len(found[0]) == len(planted.choice.members)


def test_a_pick_draws_no_network_again(planted):
    weeks, matrix, shown = weeks_of(planted)
    weeks.index = 2
    before = matrix.picture["drawn"], shown.picture["drawn"]
    planted.choice.learner_id = planted.choice.members[3]
    assert (matrix.picture["drawn"], shown.picture["drawn"]) == before
    planted.choice.day = planted.choice.days[12]
    assert weeks.labels[weeks.index] == "all weeks so far"
    assert len(weeks.labels) == 4


def test_no_name_stays_in_what_is_closed_or_hidden():
    board = TeacherBoard(hard_log(), learner_id="ben")
    board.goals.fold.unfolded = board.company.fold.unfolded = True
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


def test_that_nobody_has_worked_together_is_said_once():
    board = TeacherBoard(reflectlab.example(), day="2026-07-20")
    board.company.fold.unfolded = True
    pair, table, said = board.company.children[1:]
    matrix, beside = pair.children
    assert "nobody has worked together" in matrix.description
    assert [each.layout.display for each in (beside, table, said)] == ["none"] * 3
    board.choice.day = "2026-08-07"
    assert [each.layout.display for each in (beside, table, said)] == [None] * 3
    assert matrix.layout.max_width is None
