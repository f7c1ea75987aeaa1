"""What a class log says in doubt, or denies: asked about, and never turned round."""

from pathlib import Path

import pytest

import reflectlab
from reflectlab.load.clean.vocabulary import WORDS, word_hint
from reflectlab.load.options import Options
from tests.load.conftest import Load, balanced, listed

HEADER = "date,learner,goal,what happened,with\n"


def test_a_word_that_is_denied_is_asked_about_and_nothing_is_suggested(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "negations.csv"))
    assert listed(log) == [(row, "unknown_word") for row in range(3, 15)]
    for problem in log.problem_list:
        assert problem.suggestion is None
        assert '": "' not in problem.hint


def test_a_word_in_doubt_is_asked_about(cases: Path) -> None:
    log = balanced(reflectlab.load(cases / "doubtful.csv"))
    assert listed(log) == [(3, "unknown_word"), (5, "unknown_word"), (8, "unknown_word"), (9, "unknown_word")]
    assert {problem.suggestion for problem in log.problem_list} == {None}
    assert set(log.events["event"]) == {"started"}
    assert log.absences[["learner_id", "row"]].to_numpy().tolist() == [["Ben", 6]]


@pytest.mark.parametrize(
    "word",
    ["hasn't met", "hasnt met", "almost met", "half met", "unachieved", "not completed yet", "never started",
     "Not Met!", "met ✗", "to be met", "wants help", "didn’t start", "nicht met", "[met]", "met ??", "un-met",
     "non-met"],
)  # fmt: skip
def test_no_likely_word_across_a_negation(load: Load, word: str) -> None:
    log = load(HEADER + f"2026-07-20,Ben,hook,started,\n2026-07-21,Ben,hook,{word},\n")
    assert listed(log) == [(3, "unknown_word")]
    assert log.problem_list[0].suggestion is None


@pytest.mark.parametrize(("word", "near"), [("achived", "achieved"), ("strated", "started"), ("abscent", "absent")])
def test_a_slip_has_its_likely_word_still(word: str, near: str) -> None:
    assert word_hint(word, Options(), WORDS).suggestion == near


def test_what_the_caller_says_of_a_word_in_doubt_goes_first(cases: Path) -> None:
    log = reflectlab.load(cases / "doubtful.csv", words={"met?": "worked", "(met)": "met"})
    assert sorted(log.events["event"]) == ["met", "started", "started", "started", "worked"]
    log = reflectlab.load(cases / "doubtful.csv", words={"met": "dropped"})
    assert set(log.events["event"]) == {"started"}


@pytest.mark.parametrize("word", ["✓", "✔", "done ✓", "Done ✔", "✅"])
def test_a_tick_is_a_word_for_met(load: Load, word: str) -> None:
    assert load(HEADER + f"2026-07-20,Ben,hook,{word},\n").events["event"].tolist() == ["met"]


@pytest.mark.parametrize("cell", ["w/ Ben & Zoe", "with Ben and Zoe", "W/ Ben, Zoe"])
def test_with_may_be_written_before_the_names(load: Load, cell: str) -> None:
    log = load(HEADER + f'2026-07-20,Aroha,hook,worked,"{cell}"\n')
    assert sorted(log.collaborations["learner_id"]) == ["Aroha", "Ben", "Zoe"]


@pytest.mark.parametrize("word", ["assigned", "paused", "TRUE", "tick", "given help", "worked hard", "checked"])
def test_no_word_is_likely_for_another_that_is_near_by_its_letters_alone(word: str) -> None:
    assert word_hint(word, Options(), WORDS).suggestion is None


@pytest.mark.parametrize(("word", "event"), [("✔️", "met"), ("☑️", "met"), ("WIP", "worked"), ("ongoing", "worked")])
def test_a_tick_as_a_picture_and_work_in_progress(load: Load, word: str, event: str) -> None:
    log = load(f"date,learner,goal,what happened\n2026-07-20,Aroha,hook,{word}\n")
    assert log.events["event"].tolist() == [event]
