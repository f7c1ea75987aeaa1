"""`FigureView`, without a browser."""

import json

import pytest
from matplotlib.figure import Figure

import reflectlab
from reflectlab.explore.widgets.figure import FigureView, opaque
from reflectlab.show import plot_board, plot_pathway
from tests.told import told_marks


@pytest.fixture
def log():
    return reflectlab.example()


def board(log, on=None, **options):
    names = log.learners.set_index("learner_id")["name"]
    return plot_board(reflectlab.stretches(log, on=on), reflectlab.episodes(log, on=on), names=names, **options)


def sent(view):
    """What goes to the page, as text."""
    return json.dumps(view.get_state(), default=str)


def click(view, mark):
    """What the page sends when a mark is clicked."""
    number = int(mark["url"][2:])
    view.set_state({"pick": {"drawn": view.picture["drawn"], "mark": number}})


def test_it_says_what_it_shows(log):
    view = FigureView(board(log, title="Room 5"))
    assert view.title == "Room 5"
    assert view.description.startswith("Room 5. 4 learners.")
    assert view.picture["svg"].startswith("<svg")
    assert len(told_marks(view.picture)) == len(view.marks) > 10


def test_a_click_gives_back_what_the_mark_stands_for(log):
    view = FigureView(board(log))
    seen = []
    view.observe(lambda change: seen.append(change["new"]), "selected")
    mark = next(mark for mark in view.marks if mark["episode_id"] == "e2")
    click(view, mark)
    assert view.selected["episode_id"] == "e2"
    assert view.selected["learner_id"] == mark["learner_id"]
    assert view.selected["text"] == mark["text"]
    assert seen == [view.selected]


def test_the_lane_of_the_learner_who_is_picked_stays_lit(log):
    view = FigureView(board(log))
    view.choose(learner_id="ben")
    assert view.kept == {"learner": opaque("ben")}
    view.choose()
    assert view.kept == {"learner": None}


@pytest.mark.parametrize("wanted", [{"learner_id": "hemi", "goal_id": "paragraphs"}, {"goal_id": "verbs"}])
def test_choose_picks_from_python(log, wanted):
    view = FigureView(board(log))
    view.choose(**wanted)
    assert wanted.items() <= view.selected.items()
    view.choose(learner_id="nobody")
    assert view.selected == {}


def test_what_is_picked_stays_picked_in_another_picture(log):
    view = FigureView(board(log, on="2026-08-05"))
    view.choose(learner_id="hemi", goal_id="paragraphs")
    before = view.selected
    view.draw(board(log, on="2026-08-06"))
    assert view.selected != before, "one day more"
    assert view.selected["learner_id"] == "hemi"
    view.draw(board(log, on="2026-07-20"))
    assert view.selected == {}


def test_a_click_on_a_picture_that_is_gone_is_no_pick(log):
    view = FigureView(board(log))
    old = {"drawn": view.picture["drawn"], "mark": 3}
    view.draw(board(log, on="2026-07-24"))
    view.set_state({"pick": old})
    assert view.selected == {}


@pytest.mark.parametrize("nonsense", [{}, {"drawn": 1}, {"drawn": 1, "mark": 10**6}, {"drawn": 1, "mark": "x"}])
def test_nonsense_from_the_page_picks_nothing(log, nonsense):
    view = FigureView(board(log))
    view.set_state({"pick": nonsense})
    assert view.selected == {}


def test_no_id_goes_to_the_page(log):
    told = sent(FigureView(board(log)))
    assert "episode_id" not in told
    for each in ("aroha", "hemi", "e1", "paragraphs"):
        assert f'"{each}"' not in told


def test_views_of_one_process_know_the_same_learner(log):
    view = FigureView(board(log), group="one")
    other = FigureView(
        plot_pathway(reflectlab.stretches(log), reflectlab.episodes(log), learner="ben"), group="one", follow="goal"
    )
    assert {mark["learner"] for mark in told_marks(other.picture)} == {opaque("ben")}
    assert opaque("ben") in {mark["learner"] for mark in told_marks(view.picture)}
    assert view.group == other.group == "one"
    assert FigureView().group != FigureView().group


def test_any_figure_of_matplotlib_will_do():
    figure = Figure()
    figure.add_subplot().set_title("Mine")
    view = FigureView(figure)
    assert (view.title, view.description, view.marks) == ("Mine", "", [])


def test_an_empty_view_waits_for_a_picture():
    view = FigureView()
    assert (view.title, view.description, view.selected) == ("", "", {})


def told_to_a_page(learners):
    log = reflectlab.simulate(classes=1, learners=learners, weeks=10, seed=4)
    picture = FigureView(board(log)).picture
    return len(json.dumps(picture, ensure_ascii=False).encode()), len(told_marks(picture))


def test_a_mark_costs_a_page_few_bytes():
    few, many = told_to_a_page(15), told_to_a_page(60)
    assert many[1] > few[1] + 500
    assert (many[0] - few[0]) / (many[1] - few[1]) < 230
