"""Responses to forms."""

import pytest

from reflectlab import MissingColumnError
from tests.load.conftest import Load, listed

ASKED = (
    '"Timestamp","Email Address","What is your name?","Which goal are you working on?","How is it going?",'
    '"Who did you work with?"\n'
)


def answer(*cells: str, when: str = "2026/07/20 9:30:00 AM GMT+12") -> str:
    return ",".join(f'"{cell}"' for cell in (when, *cells)) + "\n"


def test_questions_say_what_their_answers_are(load: Load) -> None:
    text = ASKED + answer("a@s.example", "Aroha", "Strong lead", "I'm still working on it", "Ben;Chloe")
    log = load(text + answer("b@s.example", "Ben", "Strong lead", "I met my goal!", ""), tz="Pacific/Auckland")
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["Aroha", "Strong lead", "worked"],
        ["Ben", "Strong lead", "met"],
    ]
    assert log.events["time"].dt.strftime("%d %H:%M").tolist() == ["20 09:30", "20 09:30"]
    assert log.collaborations["learner_id"].tolist() == ["Aroha", "Ben", "Chloe"]
    assert log.problems[["code", "value"]].to_numpy().tolist() == [["in_company_only", "Chloe"]]


def test_an_answer_that_denies_is_asked_about(load: Load) -> None:
    log = load(ASKED + answer("", "Ben", "Verbs", "Done", "") + answer("", "Ben", "Hook", "I have not met it", ""))
    assert log.events["event"].tolist() == ["met"]
    assert listed(log) == [(3, "unknown_word")]


def test_without_a_name_the_address_says_whose_it_is(load: Load) -> None:
    text = '"Zeitstempel","Email Address","My goal","Did you finish your goal?"\n'
    log = load(text + answer("a@s.example", "Hook", "started", when="20.07.2026 09:30:00"))
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [["a@s.example", "Hook", "started"]]


def test_questions_that_cannot_be_told_are_named(load: Load) -> None:
    text = '"Timestamp","Name","Favourite animal"\n' + answer("Ben", "cat")
    with pytest.raises(MissingColumnError, match=r"goal_id or event.*columns="):
        load(text, format="forms")


def test_a_class_log_stays_one(load: Load) -> None:
    log = load("Timestamp,Name,Goal,What happened?,With\n2026-07-20 09:30,Ana,hook,met,\n")
    assert log.events["event"].tolist() == ["met"]


@pytest.mark.parametrize(
    "which",
    ["Which goal did you work on?", "What is your goal?", "What writing goal are you working on?", "Which goal?"],
)
@pytest.mark.parametrize("name", ["Name", "What is your name?"])
def test_a_question_for_the_goal_is_not_one_for_what_happened(load: Load, which: str, name: str) -> None:
    asked = f'"Timestamp","{name}","{which}","What happened?","Who did you work with?"\n'
    log = load(
        asked + answer("Ben", "Hook", "started", "") + answer("Ana", "Hook", "met", "Ben"), tz="Pacific/Auckland"
    )
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["Ben", "Hook", "started"],
        ["Ana", "Hook", "met"],
    ]
    assert {*log.collaborations["learner_id"]} == {"Ana", "Ben"}
    assert log.problems.empty


def test_a_question_that_is_not_known_is_remarked_on(load: Load) -> None:
    asked = '"Timestamp","Score","Your name","My goal today","Today I...","I worked with"\n'
    answers = [
        answer("0", "Ana", "Hook", "finished my goal!", "Ben"),
        answer("0", "Ben", "Verbs", "did NOT finish", "Ana"),
    ]
    log = load(asked + "".join(answers), tz="Pacific/Auckland")
    assert log.problems[["code", "column"]].to_numpy().tolist() == [["unknown_column", "Today I..."]]
    log = load(asked.replace("Today I...", "What happened?") + "".join(answers), tz="Pacific/Auckland")
    assert log.events["event"].tolist() == ["met"]
    assert listed(log) == [(3, "unknown_word")]


def test_a_form_has_the_plain_columns_of_a_log_too(load: Load) -> None:
    asked = '"Timestamp","Name","Which goal?","What happened?","With","Minutes"\n'
    log = load(asked + answer("Ben", "Hook", "worked", "Ana", "25") + answer("Ana", "Hook", "met", "", ""))
    assert log.collaborations["minutes"].tolist() == [25, 25]
