"""`TeacherBoard`, without a browser: what is picked anywhere is picked everywhere, and hidden names are nowhere."""

import asyncio
import json
import time

import ipywidgets as widgets
import pandas as pd
import pytest

import reflectlab
from reflectlab.explore import TeacherBoard
from reflectlab.explore.pickers import Redraw
from reflectlab.explore.widgets.figure import FigureView, opaque
from reflectlab.explore.widgets.print import PrintButton
from reflectlab.explore.widgets.text import TextView
from reflectlab.journal import Journal
from tests.hard_names import EMOJI, MATHEMATICS, NAMES, RIGHT_TO_LEFT, hard_log


@pytest.fixture
def log():
    return reflectlab.example()


@pytest.fixture
def board(log):
    return TeacherBoard(log, learner_id="ben")


def everything(widget):
    """All that goes to the page, as text."""
    told = json.dumps(widget.get_state(), default=str, ensure_ascii=False)
    return told + "".join(everything(child) for child in getattr(widget, "children", ()))


def all_of(widget, kind):
    found = [widget] if isinstance(widget, kind) else []
    return found + [each for child in getattr(widget, "children", ()) for each in all_of(child, kind)]


def picked(board):
    """The learner that each view shows as picked."""
    views = (board.class_board, board.partners, board.invitations)
    kept = {view.kept["learner"] for view in views}
    (dropdown,) = (each for each in all_of(board, widgets.Dropdown) if each.description == "Learner")
    return board.choice.learner_id, board.pathway.title, dropdown.label, kept


@pytest.mark.parametrize("how", ["mark", "row", "dropdown", "python"])
def test_a_child_that_is_picked_anywhere_is_picked_everywhere(board, how):
    if how == "mark":
        board.class_board.choose(learner_id="hemi")
    elif how == "row":
        rows = board.invitations.content["rows"]
        row = next(each["row"] for each in rows if each["cells"][0] == "Hēmi")
        board.invitations.set_state({"pick": {"drawn": board.invitations.content["drawn"], "row": row}})
    elif how == "dropdown":
        (dropdown,) = (each for each in all_of(board, widgets.Dropdown) if each.description == "Learner")
        dropdown.label = "Hēmi"
    else:
        board.choice.learner_id = "hemi"
    assert picked(board) == ("hemi", "Hēmi", "Hēmi", {opaque("hemi")})
    assert board.happened.content["caption"].startswith("Hēmi:")


def test_a_mark_of_another_child_is_picked_no_more(board):
    board.class_board.choose(learner_id="hemi")
    board.choice.learner_id = "ben"
    assert board.class_board.selected == {}
    assert picked(board)[-1] == {opaque("ben")}


def test_unpicking_a_mark_leaves_the_child(board):
    board.class_board.choose(learner_id="hemi")
    board.class_board.choose()
    assert picked(board) == ("hemi", "Hēmi", "Hēmi", {opaque("hemi")})


def test_a_day_is_the_day_of_every_view(board):
    board.choice.day = "2026-07-24"
    assert "24 July" in board.class_board.title
    assert "24 July" in board.invitations.content["caption"]
    days = [row["cells"][0] for row in board.happened.content["rows"]]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2026-07-24"
    assert "0 of 1 own goal met" in board.pathway.description


@pytest.mark.parametrize(("trait", "value"), [("day", "2026-08-03"), ("order", "name"), ("hidden", True)])
def test_a_child_stays_picked_when_all_is_drawn_anew(board, trait, value):
    setattr(board.choice, trait, value)
    assert board.choice.learner_id == "ben"
    assert {view.kept["learner"] for view in (board.class_board, board.partners, board.invitations)} == {opaque("ben")}


def test_a_strand_is_the_strand_of_every_view(board):
    board.choice.strand = "Sentences"
    for view in (board.class_board, board.pathway):
        assert {mark["goal_id"] for mark in view.marks if mark["what"] != "learner"} == {"starts"}
    assert {row["cells"][2] for row in board.happened.content["rows"]} == {"Vary how my sentences start"}
    assert {row["cells"][1] for row in board.invitations.content["rows"]} == {"Vary how my sentences start"}


def test_a_class_brings_its_own_learners():
    log = reflectlab.simulate(classes=2, learners=4, seed=1)
    board = TeacherBoard(log)
    first, second = (key for _, key in board.choice.classes)
    board.choice.class_id = second
    members = set(log.learners.loc[log.learners["class_id"] == second, "learner_id"])
    assert board.choice.learner_id in members
    assert {mark["learner_id"] for mark in board.class_board.marks} <= members
    board.choice.class_id = first
    assert board.choice.learner_id not in members


def test_what_happened_says_with_whom(board):
    rows = [row["cells"] for row in board.happened.content["rows"]]
    assert ["2026-07-27", "sought support", "Open with a hook", "Aroha", "learner"] in rows
    assert ["2026-07-20", "set as a goal", "Open with a hook", "", "teacher"] in rows


def test_hidden_names_go_nowhere():
    log = hard_log()
    board = TeacherBoard(log, learner_id="ben")
    assert all(name in everything(board) for name in (RIGHT_TO_LEFT, EMOJI, MATHEMATICS))
    board.choice.hidden = True
    told = everything(board)
    pages = json.dumps(all_of(board, PrintButton)[0].pages(), ensure_ascii=False)
    for name in [*NAMES.values(), *NAMES, "img src", "Wilhelmina"]:
        assert name not in told
        assert name not in pages
    assert "Learner 1" in told
    board.choice.hidden = False
    assert RIGHT_TO_LEFT in everything(board)


def test_hidden_learners_do_not_stand_in_the_order_of_the_class_list():
    log = reflectlab.simulate(classes=1, learners=30, seed=1)
    board = TeacherBoard(log)
    board.choice.hidden = True
    listed = log.learners["learner_id"].tolist()
    assert board.choice.members != listed
    assert sorted(board.choice.members) == sorted(listed)
    invited = [row["cells"][0] for row in board.invitations.content["rows"]]
    numbers = [int(name.removeprefix("Learner ")) for name in invited]
    assert numbers == sorted(numbers)


def test_notes_are_not_shown_while_names_are_hidden(root):
    board = TeacherBoard(reflectlab.load(root / "data" / "sample"), learner_id="L007")
    assert board.happened.content["columns"][-1] == "Note"
    board.choice.hidden = True
    assert "Note" not in board.happened.content["columns"]


def test_every_learner_has_a_page(board):
    pages = all_of(board, PrintButton)[0].pages()
    assert [page["title"] for page in pages] == ["Aroha", "Ben", "Chloë", "Hēmi"]
    assert all(page["svg"].startswith("<svg") for page in pages)
    assert pages[3]["rows"][0][-1] == "Aroha met this goal 2 school days ago: you could ask about it."
    assert {page["heading"] for page in pages} == {"Room 5 · Friday 7 August 2026"}


def test_the_journal_stands_beside(log, tmp_path):
    board = TeacherBoard(log, journal=Journal(tmp_path / "journal.sqlite"))
    board.class_board.choose(learner_id="hemi", goal_id="paragraphs")
    assert any(board.journal in getattr(row, "children", ()) for row in board.children)
    assert board.journal.goal_id == "paragraphs"
    board.choice.learner_id = "ben"
    assert board.journal.goal_id is None
    assert TeacherBoard(log).journal is None


def test_quick_changes_are_drawn_once_where_a_loop_runs(log):
    async def changes():
        board = TeacherBoard(log)
        before = board.class_board.picture["drawn"]
        for day in ("2026-07-22", "2026-07-23", "2026-07-24"):
            board.choice.day = day
        assert board.class_board.picture["drawn"] == before
        while board._redraw._stale:
            await asyncio.sleep(0)
        return board.class_board.picture["drawn"] - before, board.class_board.title, board.completion.description

    drawn, title, completion = asyncio.run(changes())
    assert drawn == 1
    assert "24 July" in title
    assert "Week 1" in completion


BELOW = ("pathway", "partners", "collaboration", "completion")


def pictures_below(board):
    """What the page has of the pictures below the class, which nobody has asked the board for."""
    return [view.picture for view in all_of(board, FigureView) if view is not board.class_board]


def test_what_stands_below_the_class_is_drawn_when_it_is_asked_for(log):
    board = TeacherBoard(log)
    assert board.class_board.description.startswith("Room 5")
    assert board.digest.content["rows"]
    assert pictures_below(board) == [{}] * len(BELOW)
    assert all(getattr(board, name).description for name in BELOW)
    assert board.happened.content["rows"]
    assert board.invitations.content["rows"]
    assert all(pictures_below(board))


def test_a_change_leaves_nothing_to_be_asked_for(log):
    board = TeacherBoard(log)
    board.choice.day = "2026-08-03"
    assert all(pictures_below(board))


@pytest.mark.parametrize("at_once", [True, False])
def test_a_board_that_is_shown_is_whole_where_it_is_said_so(log, at_once):
    board = TeacherBoard(log, at_once=at_once)
    left = [told["description"] for kind, told in board.still() if kind == "picture" and told]
    assert len(left) == (1 + len(BELOW) if at_once else 1)


async def until(met, seconds=60):
    """Leave the loop to others until something is so; a busy machine takes its time."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_the_next_picks_are_drawn_while_the_teacher_looks(log):
    async def look():
        board = TeacherBoard(log)
        kept, learners = board._pathways, set(log.learners["learner_id"])
        assert not kept.drawn, "the board has not been shown"
        assert board.pathway.title == "Aroha"
        assert set(kept.drawn) == {"aroha"}
        await until(lambda: set(kept.drawn) == learners)
        drawn = dict(kept.drawn)
        board.choice.learner_id = "hemi"
        await until(lambda: board.pathway.title == "Hēmi")
        assert kept.drawn == drawn
        board.choice.day = "2026-08-03"
        await until(
            lambda: set(kept.drawn) == learners and not set(map(id, kept.drawn.values())) & {*map(id, drawn.values())}
        )
        again = dict(kept.drawn)
        await asyncio.sleep(0.5)
        assert kept.drawn == again

    asyncio.run(look())


def test_what_is_asked_for_goes_before_what_is_drawn_ahead():
    model, did = widgets.IntText(0), []

    def work():
        for number in range(3):
            did.append(f"ahead {number}")
            yield

    async def ask():
        redraw = Redraw(model)
        redraw.add(lambda: did.append(f"drawn {model.value}"), ["value"])
        redraw.at_rest(work)
        for value in (1, 2):
            model.value = value
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert did[-1] == f"drawn {value}"
        await until(lambda: len(did) == 6)

    asyncio.run(ask())
    assert did[3:] == ["ahead 0", "ahead 1", "ahead 2"]


def test_where_others_need_the_computer_nothing_is_drawn_ahead():
    steps = []

    def work():
        while True:
            steps.append(time.sleep(0.01))  # it takes a while, though not of the processor
            yield

    async def wait():
        Redraw(widgets.IntText(0)).at_rest(work)
        await until(lambda: steps)
        await asyncio.sleep(0.3)

    asyncio.run(wait())
    assert len(steps) == 1


def test_what_to_look_at_first_is_a_way_to_the_child_it_speaks_of(log, board):
    told = reflectlab.digest(log)
    rows = board.digest.content["rows"]
    assert [row["cells"][0] for row in rows] == told["sentence"].tolist()
    assert ["row" in row for row in rows] == told["learner_id"].notna().tolist() == [True, False]
    board.digest.set_state({"pick": {"drawn": board.digest.content["drawn"], "row": 0}})
    assert (board.choice.learner_id, board.pathway.title) == ("aroha", "Aroha")
    board.choice.hidden = True
    assert not any(name in json.dumps(board.digest.get_state(), ensure_ascii=False) for name in ("Aroha", "Hēmi"))


def test_what_has_changed_is_told_since_the_last_note_before_that_day(log, tmp_path):
    journal = Journal(tmp_path / "journal.sqlite")
    board = TeacherBoard(log, journal=journal)
    journal.write(noticed="reads", learner_id="ben", day="2026-07-28", log_key=board.journal.log_key)
    board.choice.noted += 1
    assert board.digest.content["rows"][-1]["cells"][0].startswith("Since Wednesday 29 July: ")
    board.choice.day = "2026-07-28"
    assert board.digest.content["rows"][-1]["cells"][0].startswith("Since Monday 20 July: "), "since the log begins"


def test_one_learner_alone(log):
    events = log.events[log.events["learner_id"] == "ben"]
    board = TeacherBoard(reflectlab.ProgressLog.from_tables(events=events))
    assert picked(board)[:2] == ("ben", "ben")
    assert board.class_board.description.startswith("Class board")


def test_a_class_without_any_collaboration():
    log = reflectlab.example()
    alone = reflectlab.ProgressLog.from_tables(
        events=log.events, learners=log.learners, goals=log.goals, terms=log.terms
    )
    board = TeacherBoard(alone)
    assert "no collaboration" in board.collaboration.description.lower()
    assert "No collaboration noted yet" in board.class_board.description


def test_its_name_tells_no_child(board):
    assert repr(board) == "TeacherBoard(Room 5)"


def test_the_board_says_what_is_not_on_it_only_where_something_is_not(log, board):
    events = log.events[["time", "learner_id", "goal_id", "event"]].astype(str)
    events.loc[0, "time"] = "one day"
    lacking = TeacherBoard(reflectlab.ProgressLog.from_tables(events=events))
    [said] = [each.text for each in all_of(lacking, TextView)]
    assert said.startswith(
        "Not all of your file is on this board: 1 problem. To see each and what to do: reflectlab check, "
    )
    assert not all_of(board, TextView)


def test_together_with_no_open_goal_in_common_is_told_in_words():
    pair = pd.DataFrame({"episode_id": "e1", "time": "2026-07-22", "learner_id": ["aroha", "ben"]})
    board = TeacherBoard(reflectlab.ProgressLog.from_tables(collaborations=pair), learner_id="ben")
    told = "worked together, no open goal in common noted"
    assert board.happened.content["rows"][0]["cells"] == ["2026-07-22", told, "", "aroha", ""]
    assert "aroha: no open goal in common noted with ben, 2026-07-22" in [
        mark["text"] for mark in board.class_board.marks
    ]
