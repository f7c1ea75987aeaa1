"""Real logs, that nobody of this project wrote: what must come out of them (SOURCES.md beside them says)."""

from pathlib import Path

import pytest

import reflectlab
from reflectlab import ProgressLog, ReflectLabError
from reflectlab.load.files import read_file
from reflectlab.load.options import Options
from tests.load.conftest import balanced, listed


def counts(log: ProgressLog, column: str) -> dict[str, int]:
    return {str(word): int(rows) for word, rows in log.events[column].value_counts().items()}


def test_bupar_patients(realdata: Path) -> None:
    log = reflectlab.load(
        realdata / "bupar_patients" / "patients.csv",
        columns={"learner_id": "patient", "goal_id": "handling", "time": "time", "event": "registration_type"},
        words={"start": "started", "complete": "met"},
    )
    assert balanced(log).account["loaded"].sum() == 5442
    assert (len(log.learners), len(log.goals)) == (500, 7)
    assert counts(log, "event") == {"started": 2721, "met": 2721}


def test_tna_group_regulation(realdata: Path) -> None:
    log = reflectlab.load(
        realdata / "tna_group_regulation" / "group_regulation_long_R.csv",
        columns={"learner_id": "Actor", "goal_id": "Action", "time": "Time", "event": "=worked"},
    )
    assert balanced(log).account["loaded"].sum() == 27_533
    assert len(log.learners) == 2000
    assert counts(log, "goal_id") == {
        "consensus": 6797,
        "plan": 6623,
        "discuss": 4267,
        "emotion": 3075,
        "coregulate": 2133,
        "cohesion": 1839,
        "monitor": 1516,
        "synthesis": 729,
        "adapt": 554,
    }


def test_moodle_la_course(realdata: Path) -> None:
    log = reflectlab.load(realdata / "moodle_la_course" / "Events.xlsx")
    assert balanced(log).account[["read", "loaded", "listed"]].to_numpy().tolist() == [[95_626, 95_626, 0]]
    assert len(log.learners) == 130
    assert log.events["row"].tolist() == list(range(2, 95_628))
    assert (log.first_day.isoformat(), log.last_day.isoformat()) == ("2019-09-09", "2019-10-27")
    assert counts(log, "event") == {"worked": 87_891, "met": 7665, "started": 70}


@pytest.mark.parametrize(
    ("name", "read", "without_learner", "learners"),
    [("Moodle_Module_1_SP18.csv", 4997, 0, 35), ("Moodle_Module_3_SP17.csv", 696, 148, 7)],
)
def test_moodle_edify(realdata: Path, name: str, read: int, without_learner: int, learners: int) -> None:
    log = reflectlab.load(realdata / "moodle_edify" / name)
    account = balanced(log).account.iloc[0]
    assert (account["read"], account["listed"]) == (read, without_learner)
    assert {code for _, code in listed(log)} <= {"missing_learner"}
    assert len(log.learners) == learners
    assert log.learners["learner_id"].str.fullmatch(r"\d+").all()


def test_the_folder_of_moodle_edify_is_one_log(realdata: Path) -> None:
    log = balanced(reflectlab.load(realdata / "moodle_edify"))
    assert log.account["read"].tolist() == [4997, 696]
    assert log.problems.loc[log.problems["code"] == "unused_table", "file"].tolist() == ["Result_Module_3_SP17.csv"]


def test_mastery_gradebook(realdata: Path) -> None:
    log = reflectlab.load(
        realdata / "mastery_gradebook" / "grades-sample.csv",
        columns={"learner_id": "lname", "goal_id": "assID", "time": "date", "event": "grade"},
        words={"S": "met", "I": "worked", "N": "stuck", "E": "started"},
        date_format="%m%d",
        year=2020,
    )
    assert balanced(log).account["loaded"].sum() == 420
    assert counts(log, "event") == {"met": 200, "worked": 185, "stuck": 32, "started": 3}
    assert len(log.learners) == 27
    short = log.problems[log.problems["code"] == "normalised"]
    assert short[["row", "value"]].to_numpy().tolist() == [[121, "116"]]


def test_mooc_dlt2(realdata: Path) -> None:
    log = reflectlab.load(
        realdata / "mooc_dlt2" / "DLT2_Edgelist.csv",
        columns={"learner_id": "Sender", "with": "Reciever", "time": "Timestamp"},
    )
    assert balanced(log).account[["read", "loaded", "listed"]].to_numpy().tolist() == [[2584, 2559, 25]]
    assert {code for _, code in listed(log)} == {"self_collaboration"}
    assert log.collaborations["episode_id"].nunique() == 2559
    assert len(log.learners) == 426


def test_dates_of_both_date_systems_read_alike(realdata: Path) -> None:
    folder = realdata / "messy" / "calamine"
    tables = [
        read_file(folder / f"{name}.{kind}", name)[0]
        for name in ("date", "date_1904")
        for kind in ("xlsx", "xls", "xlsb")
    ]
    assert {table.header for table in tables} == {("2021-01-01", "15")}
    assert all(table.frame.equals(tables[0].frame) for table in tables)


@pytest.mark.parametrize(("kind", "told"), [("xlsx", []), ("xls", ["hidden_rows"]), ("xlsb", ["hidden_rows"])])
def test_which_rows_are_hidden_is_not_known_of_every_workbook(realdata: Path, kind: str, told: list[str]) -> None:
    file = realdata / "messy" / "calamine" / f"date.{kind}"
    (table,) = read_file(file, file.name, options=Options(hidden=False))
    assert [problem.code for problem in table.problems] == told
    (table,) = read_file(file, file.name)
    assert not table.problems


def test_messy_files_end_in_a_log_or_one_clear_error(realdata: Path) -> None:
    said = {file: refusal(file) for file in sorted((realdata / "messy").rglob("*")) if file.is_file()}
    assert len(said) > 200
    assert all(file.name in error for file, error in said.items() if error is not None)


def refusal(file: Path) -> str | None:
    """What is said of a file that cannot be loaded; any other exception goes through."""
    try:
        balanced(reflectlab.load(file))
    except ReflectLabError as error:
        return str(error)
    return None
