"""Tables to be read: words for fields, days as days, shares in percent; frames keep their names."""

import re

import pandas as pd
import pytest

import reflectlab
from reflectlab.errors import ArgumentError
from reflectlab.show.table import HEADINGS

HARD_WORDS = re.compile(
    r"_|\bNaN\b|\bdtype\b|gini|reciprocity|isolates|participations|choice_known|\bNone\b|\bNaT\b|\blow\b(?! as)"
)


@pytest.fixture(scope="module")
def log():
    return reflectlab.simulate(classes=1, learners=12, weeks=6, seed=3)


MEASURES = {
    "status": reflectlab.status,
    "spells": reflectlab.spells,
    "completion": reflectlab.completion,
    "weeks": lambda log: reflectlab.completion(log, every="week"),
    "collaboration": reflectlab.collaboration,
    "network": reflectlab.network,
    "network_summary": reflectlab.network_summary,
    "pathways": reflectlab.pathways,
    "opportunities": reflectlab.opportunities,
    "due_days": reflectlab.due_days,
    "agency": lambda log: reflectlab.agency(log, by="class_id", every="week"),
    "role_differences": reflectlab.role_differences,
    "availability": reflectlab.availability_summary,
}


@pytest.mark.parametrize("name", MEASURES)
def test_no_term_of_a_program_stands_in_a_table(log, name):
    frame = MEASURES[name](log)
    before = frame.copy()
    names, titles = log.learners.set_index("learner_id")["name"], log.goals.set_index("goal_id")["title"]
    shown = reflectlab.show_table(frame, names=names, titles=titles)
    told = [*map(str, shown.frame.columns), *shown.frame.astype(str).to_numpy().ravel()]
    assert [each for each in told if HARD_WORDS.search(each)] == []
    assert not {"L001", "L002"} & set(told)
    pd.testing.assert_frame_equal(frame, before)


def test_every_column_of_these_measures_has_a_heading_of_its_own(log):
    columns = {str(column) for measure in MEASURES.values() for column in measure(log).columns}
    assert columns - set(HEADINGS) == set()


def test_days_shares_numbers_and_what_is_missing():
    frame = pd.DataFrame(
        {
            "since": pd.to_datetime(["2026-08-10 00:00", "2026-08-11 09:30"]),
            "rate": [0.5, None],
            "per_week": [1.0, 1.25],
            "goals": pd.array([1234, None], dtype="Int64"),
            "status": ["set", "stuck"],
        }
    )
    shown = reflectlab.show_table(frame).frame
    assert shown.to_numpy().tolist() == [
        ["Mon 10 Aug 2026", "50 %", "1", "1,234", "not started yet"],
        ["Tue 11 Aug 2026, 09:30", "–", "1.2", "–", "stuck"],
    ]


def test_a_number_that_is_whole_to_one_decimal_is_written_whole():
    shown = reflectlab.show_table(pd.DataFrame({"per_week": [0.96, 1.04, 2.5, -0.02]})).frame
    assert shown.iloc[:, 0].tolist() == ["1", "1", "2.5", "0"]


def test_names_are_text_and_a_row_can_stand_upright(log):
    frame = pd.DataFrame({"learner_id": ["a"], "met": [2]})
    shown = reflectlab.show_table(frame, names={"a": "<b>Zoë</b>"}, upright=True, caption="One & all")
    assert shown.frame.to_numpy().tolist() == [["Child", "<b>Zoë</b>"], ["Met", "2"]]
    page = shown._repr_html_()
    assert "&lt;b&gt;Zoë" in page
    assert "<caption>One &amp; all</caption>" in page
    assert "Zoë" in repr(shown)
    with pytest.raises(ArgumentError, match="frame"):
        reflectlab.show_table([1])
