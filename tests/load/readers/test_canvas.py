"""Canvas: the learning mastery gradebook, and the reports on outcomes."""

from pathlib import Path

import pytest

import reflectlab
from reflectlab import AmbiguousDateError, MissingColumnError, NotALogError, ProgressLog
from tests.load.conftest import Load, balanced, listed

GRADEBOOK = (
    "Student name,Student ID,Student SIS ID,Writing > Ideas > Hook result,Writing > Ideas > Hook mastery points,"
    "Voice result,Voice mastery points\n"
    "Aroha Ngata,101,S1,4.0,3.0,2.0,3.0\n"
    "Ben Tau,102,S2,3.0,3.0,,3.0\n"
    "Hēmi Pōtae,103,S3,,3.0,,3.0\n"
)
REPORT = (
    "student name,student id,student sis id,assessment title,assessment id,assessment type,submission date,"
    "submission score,learning outcome name,learning outcome id,attempt,outcome score,assessment question,"
    "assessment question id,course name,course id,course sis id"
)
COMPETENCY = (
    "student name,student id,student sis id,assignment title,assignment id,submission date,submission score,"
    "learning outcome name,learning outcome id,attempt,outcome score,course name,course id,course sis id,section name,"
    "section id,section sis id,assignment url"
)


def outcome(student: str, date: str, score: str, more: str = "") -> str:
    return f"{student} Name,{student},S{student},Essay,9,assignment,{date},4,Hook,77,1,{score},,,Writing,5,W{more}\n"


def told(log: ProgressLog) -> list[tuple[str, str, str, str]]:
    events = log.events.assign(time=log.events["time"].dt.strftime("%m-%d %H:%M"))
    return sorted(events[["time", "learner_id", "goal_id", "event"]].itertuples(index=False, name=None))


def test_a_gradebook_tells_where_everyone_stood_on_a_day(load: Load) -> None:
    log = load(GRADEBOOK, as_of="2026-07-24")
    assert told(log) == [
        ("07-24 00:00", "101", "Voice", "worked"),
        ("07-24 00:00", "101", "Writing > Ideas > Hook", "met"),
        ("07-24 00:00", "102", "Writing > Ideas > Hook", "met"),
    ]
    assert sorted(log.learners["name"]) == ["Aroha Ngata", "Ben Tau", "Hēmi Pōtae"]
    assert log.goals.set_index("title")["strand"].fillna("").to_dict() == {"Hook": "Writing > Ideas", "Voice": ""}
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[2, 2, 0]]


def test_a_gradebook_without_a_day_is_refused(load: Load) -> None:
    with pytest.raises(AmbiguousDateError, match="as_of="):
        load(GRADEBOOK)


def test_results_that_are_no_numbers_are_listed(load: Load) -> None:
    text = GRADEBOOK.replace("Ben Tau,102,S2,3.0", "Ben Tau,102,S2,good").replace("2.0,3.0\n", "2.0,\n", 1)
    log = load(text, as_of="2026-07-24")
    assert listed(log) == [(2, "bad_number"), (3, "bad_number")]
    assert log.problems["column"].tolist() == ["Voice mastery points", "Writing > Ideas > Hook result"]


def test_a_roster_finds_students_by_the_number_of_the_school(tmp_path: Path) -> None:
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK)
    (tmp_path / "roster.csv").write_text("learner_id,name,class_id\nS1,A Ngata,R5\n7,Ben Tau,R5\n")
    log = balanced(reflectlab.load(tmp_path, as_of="2026-07-24"))
    assert sorted(set(log.events["learner_id"])) == ["7", "S1"]


def test_a_report_with_mastery_tells_who_met_an_outcome(load: Load) -> None:
    text = REPORT + ",learning outcome mastered\n" + outcome("1", "2026-07-20T21:00:00Z", "4", ",1")
    text += outcome("2", "2026-07-21T09:00:00Z", "2", ",0")
    log = load(text, tz="Pacific/Auckland")
    assert told(log) == [("07-21 09:00", "1", "77", "met"), ("07-21 21:00", "2", "77", "worked")]
    assert log.goals[["goal_id", "title"]].to_numpy().tolist() == [["77", "Hook"]]
    assert sorted(log.learners["name"]) == ["1 Name", "2 Name"]
    assert log.problems.empty


def test_points_of_mastery_decide_where_the_report_has_them(load: Load) -> None:
    text = REPORT + ",learning outcome mastery score\n" + outcome("1", "2026-07-20", "3", ",3")
    text += outcome("2", "2026-07-20", "2.9", ",3") + outcome("3", "2026-07-20", "x", ",3")
    log = load(text)
    assert [event[3] for event in told(log)] == ["met", "worked"]
    assert listed(log) == [(4, "bad_number")]


def test_a_report_that_does_not_tell_of_mastery_says_so(load: Load) -> None:
    log = load(REPORT + "\n" + outcome("1", "2026-07-20", "3"))
    assert [event[3] for event in told(log)] == ["worked"]
    assert "nobody is said to have met one" in log.problems["message"].tolist()[0]


def test_a_competency_report_lists_what_was_not_assessed(load: Load) -> None:
    row = "Aroha,1,S1,Essay,9,{},4,Hook,77,1,{},Writing,5,W,Room 5,8,R5,http://example.org\n"
    text = COMPETENCY + "\n" + row.format("2026-07-20", "3") + row.format("", "") + row.format("", "3")
    log = load(text)
    assert listed(log) == [(3, "no_result"), (4, "missing_time")]
    again = load(text, as_of="2026-07-31")
    assert listed(again) == [(3, "no_result")]
    assert again.last_day.isoformat() == "2026-07-31"


def test_a_report_without_any_date_is_refused(load: Load) -> None:
    with pytest.raises(AmbiguousDateError, match="as_of="):
        load(REPORT + "\n" + outcome("1", "", "3"))
    with pytest.raises(AmbiguousDateError, match="as_of="):
        load("student id,learning outcome id,outcome score\n1,77,3\n")


def test_an_empty_report_says_that_it_is(load: Load) -> None:
    with pytest.raises(NotALogError, match="the report is empty"):
        load(REPORT + "\nNo outcomes found\n")


def test_what_is_neither_is_refused(load: Load) -> None:
    with pytest.raises(MissingColumnError, match='"Learning outcome id"'):
        load("student id,outcome score\n1,3\n", format="canvas")
