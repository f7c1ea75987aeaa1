"""What programs of schools export, as it came: rosters, classes and terms."""

from pathlib import Path

import pytest

import reflectlab
from tests.load.conftest import balanced

STUDENTS = {"usr-222-66778899", "usr-222-1234561232", "usr-222-567891"}
PHYSICS, HISTORY = "cls-222-123456", "cls-222-123478"


@pytest.mark.parametrize(
    ("name", "learners", "classes", "term"),
    [
        ("Test_full_data_set.zip", STUDENTS, {PHYSICS}, ("as-trm-222-1234", "2022-09-01", "2022-12-24")),
        ("Test_minimal_data_set.zip", STUDENTS, {HISTORY}, ("as-trm-222-1234", "2022-09-01", "2022-12-24")),
        ("v1p2_full_dataset.zip", STUDENTS, {PHYSICS}, ("as-trm-222-1234", "2022-09-01", "2022-12-24")),
        ("oneroster_test_data.zip", {"USER_0"}, {"CLASS_001"}, ("ACAD_SESS_1", "2023-09-04", "2024-01-26")),
    ],
)
def test_oneroster(realdata: Path, name: str, learners: set[str], classes: set[str], term: tuple[str, ...]) -> None:
    log = balanced(reflectlab.load(realdata / "oneroster" / name))
    assert set(log.learners["learner_id"]) == learners
    assert set(log.learners["class_id"].dropna()) == classes
    terms = log.terms.astype({"start": "str", "end": "str"})[["term_id", "start", "end"]]
    assert [tuple(row) for row in terms.to_numpy()] == [term]
    account = log.account.set_index(log.account["file"].str.rpartition("/")[2])
    assert account.loc["users.csv", "read"] == (1 if name.startswith("oneroster") else 6)
    assert account.loc["academicSessions.csv", "read"] == (1 if name.startswith("oneroster") else 5)


def test_a_class_log_beside_a_bundle(realdata: Path, tmp_path: Path) -> None:
    text = (
        "date,learner,goal,what happened,with\n2022-09-05,Anna Brown,hook,started,\n2022-09-06,anna.brown,hook,met,\n"
    )
    (tmp_path / "log.csv").write_text(text)
    log = balanced(reflectlab.load([tmp_path / "log.csv", realdata / "oneroster" / "v1p2_full_dataset.zip"]))
    assert log.events["learner_id"].tolist() == ["usr-222-567891"] * 2
    assert reflectlab.status(log)["status"].tolist() == ["met"]


def test_the_marks_beside_a_log_of_moodle_are_named_and_left_out(realdata: Path) -> None:
    log = balanced(reflectlab.load(realdata / "moodle_edify"))
    unused = log.problems[log.problems["code"] == "unused_table"]
    assert unused["file"].tolist() == ["Result_Module_3_SP17.csv"]
    assert "RollNumber, ApplicantName, SessionName, CW1, CW2, ESE" in unused["message"].tolist()[0]
