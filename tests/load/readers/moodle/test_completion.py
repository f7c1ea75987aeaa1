"""Moodle's report on activity completion."""

import pytest

import reflectlab
from reflectlab import MissingColumnError, ReflectLabError
from tests.load.conftest import Load, balanced, listed

REPORT = """"","Email address","Reading 1","","Quiz ''A''","2026-08-01 23:59:00","Reading 1",""
"Aroha Ngata","aroha@example.org","Completed","2026-07-20 09:15:00","Completed (achieved pass grade)","2026-07-22 10:00:00","Not completed",""
"Ben Tau","ben@example.org","Completed (set by Mx Teacher)","2026-07-21 09:00:00","Completed (did not achieve pass grade)","2026-07-23 10:00:00","Not completed","2026-07-24 08:00:00"
"Hēmi Pōtae","hemi@example.org","Not completed","","Not completed","","Not completed",""
"""  # noqa: E501


def told(log: reflectlab.ProgressLog) -> list[tuple[str, str, str, str]]:
    events = log.events.assign(time=log.events["time"].astype("str"))
    return sorted(events[["time", "learner_id", "goal_id", "event"]].itertuples(index=False, name=None))


EVENTS = [
    ("2026-07-20 09:15:00", "Aroha Ngata", "Reading 1", "met"),
    ("2026-07-21 09:00:00", "Ben Tau", "Reading 1", "met"),
    ("2026-07-22 10:00:00", "Aroha Ngata", "Quiz ''A''", "met"),
    ("2026-07-23 10:00:00", "Ben Tau", "Quiz ''A''", "worked"),
    ("2026-07-24 08:00:00", "Ben Tau", "Reading 1 (column G)", "worked"),
]


def test_statuses_and_dates_become_events(load: Load) -> None:
    log = load(REPORT)
    assert told(log) == EVENTS
    assert log.problems.empty
    assert log.account[["read", "loaded"]].to_numpy().tolist() == [[2, 2]]
    assert sorted(log.learners["learner_id"]) == ["Aroha Ngata", "Ben Tau", "Hēmi Pōtae"]
    assert sorted(log.goals["goal_id"]) == ["Quiz ''A''", "Reading 1", "Reading 1 (column G)"]


def test_who_set_it_by_hand_is_noted(load: Load) -> None:
    notes = load(REPORT).events.set_index(["learner_id", "goal_id"])["note"]
    assert notes["Ben Tau", "Reading 1"] == "set by Mx Teacher"
    assert notes.notna().sum() == 1


@pytest.mark.parametrize(
    "twin",
    [
        REPORT.replace('","', '"\t"').encode("utf-16"),
        b"\xff\xfe" + REPORT.replace('","', '"\t"').replace("\n", "\r\n").encode("utf-16-le"),
        REPORT.encode("utf-8-sig"),
    ],
)
def test_the_report_for_excel_reads_alike(load: Load, twin: bytes) -> None:
    assert told(load(twin)) == EVENTS


def test_a_report_without_identity_is_recognised(load: Load) -> None:
    text = ",Reading,,Quiz,\nBen,Completed,2026-07-20 09:00:00,Not completed,\n"
    assert told(load(text)) == [("2026-07-20 09:00:00", "Ben", "Reading", "met")]


def test_a_delimiter_at_the_end_of_each_row_does_not_matter(load: Load) -> None:
    text = ",Email,Reading,,Quiz,,\nBen,b@example.org,Completed,2026-07-20 09:00:00,Not completed,,\n"
    assert told(load(text)) == [("2026-07-20 09:00:00", "Ben", "Reading", "met")]


def test_a_row_that_was_taken_for_the_header_is_not_lost(load: Load) -> None:
    text = ",Reading,\nBen,Completed,2026-07-20 09:00:00\nAroha,Completed,2026-07-21 09:00:00\n"
    with pytest.raises(MissingColumnError, match="Its columns are: Ben"):
        load(text, format="moodle_completion")


def test_what_tells_who_a_learner_is_may_be_empty(load: Load) -> None:
    text = (
        ",ID number,Email,Reading,2026-08-01 00:00:00,Quiz,2026-08-01 00:00:00\nBen,,,Completed,2026-07-20 09:00:00,,\n"
    )
    assert told(load(text)) == [("2026-07-20 09:00:00", "Ben", "Reading", "met")]


def test_what_a_teacher_set_back_is_open_again(load: Load) -> None:
    text = ",Reading,,Quiz,\nBen,Not completed (set by A B),2026-07-20 09:00:00,Completed,2026-07-21 09:00:00\n"
    log = load(text)
    assert [event[2:] for event in told(log)] == [("Reading", "reopened"), ("Quiz", "met")]
    assert log.events["note"].dropna().tolist() == ["set by A B"]


def test_a_completion_without_a_date_needs_a_day(load: Load) -> None:
    text = ",Reading,,Quiz,\nBen,Completed,,Completed,2026-07-21 09:00:00\nAroha,Completed,,Not completed,\n"
    log = load(text)
    assert listed(log) == [(2, "tick_without_date"), (3, "tick_without_date")]
    assert log.problems["column"].tolist() == ["Reading", "Reading"]
    assert load(text, as_of="2026-07-31").events["time"].astype("str").tolist()[1:] == ["2026-07-31 00:00:00"] * 2


def test_what_cannot_be_read_is_listed_under_its_header(load: Load) -> None:
    text = (
        ",Reading,,Quiz,\n"
        "Ben,Complete,2026-07-20 09:00:00,Completed,2026-07-21 09:00:00\n"
        ",Completed,2026-07-20 09:00:00,Not completed,\n"
        "Aroha,Completed,2026-07-32 09:00:00,Not completed,\n"
        ",Not completed,,Not completed,\n"
    )
    log = load(text)
    assert listed(log) == [(2, "unknown_word"), (3, "missing_learner"), (4, "bad_time")]
    where = log.problems.set_index("row")
    assert where["column"].to_dict() == {2: "Reading", 3: "(column A)", 4: "(column C)"}
    assert 'Did you mean "completed"?' in where.loc[2, "hint"]


def test_a_translated_report_is_read_with_words(load: Load) -> None:
    text = ",Lesen,,Quiz,\nBen,Abgeschlossen,2026-07-20 09:00:00,Nicht abgeschlossen,\n"
    words = {"Abgeschlossen": "met", "Nicht abgeschlossen": "worked"}
    assert told(load(text, words=words)) == [("2026-07-20 09:00:00", "Ben", "Lesen", "met")]
    with pytest.raises(ReflectLabError, match="Abgeschlossen"):
        load(text, format="moodle_completion")


def test_two_learners_of_one_name_are_two(load: Load) -> None:
    text = ",ID number,Reading,\nBen Tau,17,Completed,2026-07-20 09:00:00\nBen Tau,18,Completed,2026-07-21 09:00:00\n"
    assert sorted(load(text).learners["learner_id"]) == ["Ben Tau (17)", "Ben Tau (18)"]


def test_rows_that_cannot_be_told_apart_are_listed(load: Load) -> None:
    text = ",Reading,,Quiz,\n"
    text += "Ben Tau,Completed,2026-07-20 09:00:00,Not completed,\n" * 2
    text += "Aroha,Completed,2026-07-21 09:00:00,Not completed,\n"
    log = load(text)
    assert log.events["learner_id"].tolist() == log.learners["learner_id"].tolist() == ["Aroha"]
    assert listed(log) == [(2, "shared_name"), (3, "shared_name")]


def test_a_roster_beside_it_names_the_learners(tmp_path: object, load: Load) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "both"
    folder.mkdir()
    (folder / "progress.csv").write_text(
        ",ID number,Reading,\nBen Tau,17,Completed,2026-07-20 09:00:00\nBen Tau,18,Completed,2026-07-21 09:00:00\n"
        "Stranger,,Completed,2026-07-21 09:00:00\nAroha,,Completed,2026-07-21 09:00:00\n"
    )
    (folder / "roster.csv").write_text("learner_id,name,class_id\n17,Ben Tau,R5\n18,Ben Tau,R6\n1,Aroha,R6\n")
    log = balanced(reflectlab.load(folder))
    assert sorted(log.events["learner_id"]) == ["1", "17", "18"]
    assert listed(log) == [(4, "unknown_learner")]


def test_what_is_no_report_is_refused(load: Load) -> None:
    with pytest.raises(MissingColumnError, match="no report on activity completion"):
        load("a,b,c\n1,2,3\n", format="moodle_completion")
