"""Who left or has not joined: not counted, not stuck and not ranked today; the lane says when."""

import pandas as pd
import pytest

import reflectlab
from reflectlab.explore import TeacherBoard
from reflectlab.log import ProgressLog
from reflectlab.show import alt_text, marks, plot_board, plot_opportunities, plot_pathway
from tests.show.looking import assert_tidy, said

TERM = pd.DataFrame({"term_id": ["t3"], "title": ["Term 3"], "start": ["2026-07-20"], "end": ["2026-09-25"]})

LEARNERS = pd.DataFrame(
    [
        ("ana", "Ana", "5A", None, "2026-08-05"),
        ("ben", "Ben", "5A", None, None),
        ("caz", "Caz", "5A", "2026-08-17", None),
        ("dee", "Dee", "5A", "2026-08-03", None),
    ],
    columns=["learner_id", "name", "class_id", "joined", "left"],
)

EVENTS = pd.DataFrame(
    [
        ("2026-07-20", "ana", "hook", "started"),
        ("2026-07-21", "ana", "hook", "stuck"),
        ("2026-07-22", "ana", "verbs", "started"),
        ("2026-07-23", "ana", "verbs", "met"),
        ("2026-07-27", "ben", "hook", "started"),
        ("2026-08-03", "ben", "hook", "stuck"),
        ("2026-08-17", "caz", "hook", "started"),
        ("2026-08-18", "caz", "hook", "stuck"),
        ("2026-08-04", "dee", "hook", "started"),
        ("2026-08-28", "dee", "hook", "worked"),
    ],
    columns=["time", "learner_id", "goal_id", "event"],
)


@pytest.fixture(scope="module")
def log() -> ProgressLog:
    return ProgressLog.from_tables(events=EVENTS, learners=LEARNERS, terms=TERM)


def board_of(log: ProgressLog, day: str, **options: object) -> TeacherBoard:
    return TeacherBoard(log, day=day, **options)  # type: ignore[arg-type]


# On Wednesday 12 August Ana has left (a week ago) and Caz comes next Monday: Ben and Dee are there, and Ben is stuck
# since Monday 3 August, seven school days ago.
def test_the_class_board_counts_who_is_there(log: ProgressLog) -> None:
    told = board_of(log, "2026-08-12").class_board.description
    assert "2 learners (1 has left, 1 has not joined yet)." in told
    assert "1 is stuck today" in told


@pytest.mark.parametrize(("day", "stuck"), [("2026-08-05", 2), ("2026-08-06", 1), ("2026-08-18", 2)])
def test_nobody_is_gone_on_the_day_they_leave(log: ProgressLog, day: str, stuck: int) -> None:
    told = board_of(log, day).class_board.description
    assert f"{stuck} {'is' if stuck == 1 else 'are'} stuck today" in told


def test_who_has_left_is_not_ranked_among_the_stuck(log: ProgressLog) -> None:
    board = board_of(log, "2026-08-28")
    board.choice.order = "longest_stuck"
    lanes = [mark["learner_id"] for mark in board.class_board.marks if mark["what"] == "learner"]
    assert lanes == ["ben", "caz", "ana", "dee"]


def test_the_lane_says_joined_and_left(log: ProgressLog) -> None:
    board = board_of(log, "2026-08-12")
    told = {mark["text"] for mark in board.class_board.marks if mark["what"] in ("joined", "left", "joins")}
    assert told == {"Ana: left Wed 5 Aug", "Caz: joins Mon 17 Aug", "Dee: joined Mon 3 Aug"}
    ax = board._pictures.board()
    assert {"joined", "left", "joins"} <= set(said(ax))
    assert_tidy(ax)


def test_what_was_open_ends_where_they_left(log: ProgressLog) -> None:
    board = board_of(log, "2026-08-12", learner_id="ana")
    assert "Left Wed 5 Aug. 1 of 2 own goals met" in board.pathway.description
    assert {mark["text"] for mark in board.pathway.marks if mark["goal_id"] == "hook"} == {
        "Ana: hook, stuck when leaving",
        "Ana: hook, stuck when leaving; stuck here",
    }
    assert_tidy(board._pictures.pathway())


def test_one_number_of_stuck_days_with_its_date_everywhere(log: ProgressLog) -> None:
    told = "stuck for 7 school days, since Mon 3 Aug"
    board = board_of(log, "2026-08-12", learner_id="ben")
    status = reflectlab.status(log, on="2026-08-12").set_index("learner_id")
    assert status.loc["ben", ["status", "days_in_status"]].tolist() == ["stuck", 7]
    hover = [mark["text"] for mark in board.class_board.marks if mark["learner_id"] == "ben" and mark["what"] == "goal"]
    assert hover == [f"Ben: hook, {told}"]
    assert told in said(board._pictures.pathway())
    stands = [row["cells"][2] for row in board.invitations.content["rows"] if row["cells"][0] == "Ben"]
    assert set(stands) == {told}
    page = plot_opportunities(
        reflectlab.opportunities(log, on="2026-08-12"), status=reflectlab.status(log, on="2026-08-12")
    )
    assert any(told in text for text in said(page))
    assert_tidy(page)


def test_stuck_since_today_has_its_date_too(log: ProgressLog) -> None:
    hover = [mark["text"] for mark in board_of(log, "2026-08-03").class_board.marks]
    assert "Ben: hook, stuck since today, Mon 3 Aug" in hover


def test_status_has_nothing_open_of_who_is_not_there(log: ProgressLog) -> None:
    counts = reflectlab.status(log, on="2026-08-12")["status"].value_counts().to_dict()
    assert counts == {"stuck": 1, "working": 1, "met": 1}
    assert reflectlab.status(log, on="2026-08-05")["status"].value_counts()["stuck"] == 2


def test_invitations_neither_go_to_nor_name_who_is_not_there(log: ProgressLog) -> None:
    rows = board_of(log, "2026-08-12").invitations.content["rows"]
    assert {row["cells"][0] for row in rows} == {"Ben", "Dee"}
    assert not any("Ana" in cell or "Caz" in cell for row in rows for cell in row["cells"])


@pytest.mark.parametrize("plot", [plot_board, plot_pathway])
def test_without_learners_everybody_is_always_there(log: ProgressLog, plot: object) -> None:
    options = {"learner": "ana"} if plot is plot_pathway else {}
    ax = plot(reflectlab.stretches(log), reflectlab.episodes(log), **options)  # type: ignore[operator]
    assert not [mark for mark in marks(ax) if mark["what"] in ("joined", "left")]
    assert "left" not in alt_text(ax)
