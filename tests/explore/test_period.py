"""A period: from one day to another, or a term, in every view of the board."""

import ipywidgets as widgets
import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog
from reflectlab.explore import TeacherBoard
from reflectlab.explore.choice import Choice
from reflectlab.explore.paper import Paper
from reflectlab.explore.take_away import page_to_take
from reflectlab.explore.views import Measured, Pictures, Tables
from reflectlab.explore.widgets.day_slider import DayPicker
from reflectlab.show import alt_text
from tests.explore.test_board import all_of

START = "2026-08-24"


@pytest.fixture(scope="module")
def log():
    return reflectlab.simulate(classes=1, learners=30, seed=4)


def two_terms():
    log = reflectlab.example()
    terms = pd.DataFrame(
        {
            "term_id": ["t1", "t2"],
            "title": ["Term 1", "Term 2"],
            "start": ["2026-07-18", "2026-08-01"],
            "end": ["2026-07-31", "2026-09-01"],
        }
    )
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals")}
    return ProgressLog.from_tables(**tables, terms=terms)


def test_every_view_shows_the_period(log):
    board = TeacherBoard(log)
    board.choice.start = START
    period = log.select(start=START)
    met, goals = reflectlab.completion(period, by=())[["met", "goals"]].iloc[0]
    assert f"{met} of {goals} own goals met so far" in board.class_board.description
    assert "Monday 24 August 2026 to Friday 25 September 2026" in board.class_board.title
    times = reflectlab.collaboration(period, by=())["participations"].item()
    assert f"took part {times} times" in board.class_board.description
    assert str(times) in board.partners.description
    assert f"{met} of {goals} own goals met by Week 10" in board.completion.description
    mine = reflectlab.episodes(period).query("learner_id == @board.choice.learner_id")
    assert f"Worked with others {len(mine)} times" in board.pathway.description
    assert min(row["cells"][0] for row in board.happened.content["rows"]) >= START


@pytest.mark.parametrize("start", ["2026-08-24", "2026-08-25", "2026-08-28"])
def test_what_has_changed_in_a_period_counts_its_first_day(log, start):
    board = TeacherBoard(log)
    board.choice.start = start
    first, day = pd.Timestamp(start), pd.Timedelta("1D")
    stay = log.learners.loc[log.learners["left"].isna(), "learner_id"]
    before, after = (changes_since(log, one).loc[stay, "newly_met"].sum() for one in (first - day, first))
    assert before > after
    told = f"Since {first:%A} {first.day} August: {before} goals met, "
    assert board.digest.content["rows"][-1]["cells"][0].startswith(told)


def changes_since(log, day):
    return reflectlab.changes(log, since=day).set_index("learner_id")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("start", ["2026-08-03", "2026-08-12", "2026-09-14"])
def test_the_goals_of_a_period_are_those_that_completion_counts(seed, start):
    log = reflectlab.simulate(classes=1, learners=12, seed=seed)
    choice = Choice(log)
    choice.start = start
    met, goals = reflectlab.completion(log.select(start=start), by=())[["met", "goals"]].iloc[0]
    assert f"{met} of {goals} own goals met so far" in alt_text(Pictures(choice).board())


def test_the_goals_of_who_had_left_are_not_counted():
    log = reflectlab.example()
    left = log.learners["learner_id"].map({"hemi": pd.Timestamp("2026-07-31")})
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "goals", "terms")}
    log = ProgressLog.from_tables(**tables, learners=log.learners.assign(left=left))
    choice = Choice(log)
    choice.start = "2026-08-03"
    met, goals = reflectlab.completion(log.select(start="2026-08-03"), by=())[["met", "goals"]].iloc[0]
    assert goals == 3
    assert f"{met} of {goals} own goals met so far" in alt_text(Pictures(choice).board())


def test_days_are_counted_from_where_a_goal_was_begun_though_that_is_before_the_period(log):
    choice = Choice(log)
    pictures = Pictures(choice)
    for learner in choice.members[:8]:
        choice.start = None
        whole = {mark["text"] for mark in reflectlab.show.marks(pictures.pathway(learner)) if mark["what"] == "goal"}
        choice.start = START
        shown = {mark["text"] for mark in reflectlab.show.marks(pictures.pathway(learner)) if mark["what"] == "goal"}
        assert shown <= whole


def test_the_pickers_follow_one_another():
    choice = Choice(two_terms())
    board = TeacherBoard(choice.log)
    choice = board.choice
    begin, end = sorted(all_of(board, DayPicker), key=lambda each: each.label, reverse=True)
    (term,) = (each for each in all_of(board, widgets.Dropdown) if each.description == "Term")
    assert (begin.label, end.label, term.label) == ("From", "As of", "all so far")
    term.label = "Term 2"
    assert (str(choice.start), str(choice.day)) == ("2026-08-03", "2026-08-07")
    assert begin.labels[begin.index] == "Monday 3 August 2026"
    term.label = "Term 1"
    assert (choice.start, str(choice.day)) == (None, "2026-07-31")
    begin.index = 3
    assert (str(choice.start), term.index) == ("2026-07-23", None)
    end.index = 1
    assert (choice.start, begin.index) == (None, 0), "a period does not end before it begins"
    end.index = len(end.labels) - 1
    assert term.label == "all so far"


def test_a_log_of_one_term_has_no_picker_of_terms():
    board = TeacherBoard(reflectlab.example())
    assert "Term" not in {each.description for each in all_of(board, widgets.Dropdown)}


def test_a_log_that_is_selected_shows_its_period(log):
    choice = Choice(log.select(start=START))
    assert (str(choice.begin), str(choice.days[0]), choice.start) == (START, START, None)
    assert "24 August 2026 to " in Pictures(choice).board().get_title(loc="left").replace("\n", " ")


def test_what_is_taken_away_is_of_the_period(log):
    choice = Choice(log)
    choice.start = START
    assert "from Monday 24 August 2026 to" in page_to_take(choice, "page").content.decode()
    pages = Paper(Pictures(choice, Measured(choice)), Tables(choice)).pages()
    assert "Monday 24 August 2026 to" in pages[0]["heading"]
