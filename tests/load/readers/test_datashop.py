"""Exports of DataShop."""

import pytest

from reflectlab import MissingColumnError
from tests.load.conftest import Load, listed

STEPS = (
    "Row\tSample Name\tAnon Student Id\tProblem Hierarchy\tProblem Name\tProblem View\tStep Name\tStep Start Time\t"
    "First Transaction Time\tCorrect Transaction Time\tStep End Time\tFirst Attempt\tIncorrects\tHints\tCorrects\t"
    "KC (Default)\tOpportunity (Default)\n"
)

TRANSACTIONS = (
    "Row\tSample Name\tTransaction Id\tAnon Student Id\tSession Id\tTime\tTime Zone\tStudent Response Type\t"
    "Tutor Response Type\tLevel (Unit)\tProblem Name\tStep Name\tAttempt At Step\tOutcome\tInput\tKC (Default)\tClass\n"
)


def step(begun: str, first: str, correct: str, last: str, incorrects: int = 0, name: str = "S1") -> str:
    cells = ["1", "All Data", "Stu_1", "Unit A", "P1", "1", name, begun, first, correct, last, "correct"]
    return "\t".join([*cells, str(incorrects), "0", "1", "add", "1"]) + "\n"


def transaction(number: str, outcome: str, minute: int, student: str = "Stu_1") -> str:
    cells = [
        "1",
        "All Data",
        number,
        student,
        "q",
        f"2026-07-20 09:{minute:02}:00.5",
        "US/Eastern",
        "ATTEMPT",
        "RESULT",
    ]
    return "\t".join([*cells, "Unit A", "P1", "S1", "1", outcome, "4", "add", "Room 5"]) + "\n"


def test_a_step_is_a_goal_that_is_started_and_met(load: Load) -> None:
    log = load(STEPS + step("2026-07-20 09:00:00.0", "2026-07-20 09:01:00.0", "2026-07-20 09:02:00.0", "."), "s.txt")
    assert log.events["event"].tolist() == ["started", "met"]
    assert log.events["time"].dt.strftime("%H:%M").tolist() == ["09:00", "09:02"]
    assert log.goals[["goal_id", "strand"]].to_numpy().tolist() == [["P1 / S1", "Unit A"]]


@pytest.mark.parametrize(("incorrects", "event"), [(2, "stuck"), (0, "worked")])
def test_a_step_that_was_never_right(load: Load, incorrects: int, event: str) -> None:
    log = load(STEPS + step(".", "2026-07-20 09:01:00", ".", "2026-07-20 09:05:00", incorrects), "s.txt")
    assert log.events["event"].tolist() == ["started", event]


def test_a_step_without_any_time_is_listed(load: Load) -> None:
    first = "2026-07-20 09:01:00"
    log = load(STEPS + step(".", first, ".", first) + step(".", ".", ".", ".", name="S2"), "s.txt")
    assert listed(log) == [(3, "missing_time")]


def test_a_transaction_counts_by_its_outcome(load: Load) -> None:
    outcomes = ("INCORRECT", "HINT", "CORRECT", "UNGRADED", "")
    text = TRANSACTIONS + "".join(transaction(f"t{n}", one, n) for n, one in enumerate(outcomes))
    log = load(text, "t.txt")
    assert log.events["event"].tolist() == ["stuck", "worked", "met", "worked", "worked"]
    assert log.learners[["learner_id", "class_id"]].to_numpy().tolist() == [["Stu_1", "Room 5"]]
    assert load(text, "t.txt", words={"HINT": "stuck"}).events["event"].tolist()[1] == "stuck"


def test_a_transaction_of_two_samples_counts_once(load: Load) -> None:
    text = (
        TRANSACTIONS
        + transaction("t1", "CORRECT", 1) * 2
        + transaction("t2", "odd", 2)
        + transaction("t3", "HINT", 3, "")
    )
    log = load(text, "t.txt")
    assert listed(log) == [(3, "duplicate_event"), (4, "unknown_word"), (5, "missing_learner")]
    assert listed(load(text, "t.txt", words={"odd": None}))[1] == (4, "left_out")


def test_a_column_that_is_missing_is_named(load: Load) -> None:
    with pytest.raises(MissingColumnError, match="Time"):
        load("Anon Student Id\tProblem Name\tOutcome\nStu_1\tP1\tCORRECT\n", "t.txt")
