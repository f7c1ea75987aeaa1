"""What stands where a child is named and is none: "alone", a dash, "everyone"; and what stands beside a name."""

from pathlib import Path

import pytest

import reflectlab as rl
from reflectlab import ProgressLog
from tests.load.conftest import balanced, listed

from .test_company import KNOWN, last


def log_of(path: Path, *rows: str) -> ProgressLog:
    known = [f"{row}," for row in KNOWN]
    path.write_text("\n".join(["date,learner,goal,what happened,with", *known, *rows]) + "\n", "utf-8")
    return balanced(rl.load(path))


@pytest.mark.parametrize("cell", ["alone", "On my own", "no-one", "-", "–", "n/a", "none"])
def test_who_was_with_nobody_has_no_partner(tmp_path: Path, cell: str) -> None:
    log = log_of(tmp_path / "log.csv", f"2026-08-04,Aroha,Hook,worked,{cell}")
    assert last(log, 5) == (["worked"], {})
    assert {*log.learners["name"]} == {"Aroha", "Ben", "Zoe"}
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.row, remark.value) == ("normalised", 5, cell)


def test_a_child_may_be_called_so(tmp_path: Path) -> None:
    rows = ["2026-08-04,Solo,Hook,started,", "2026-08-04,Aroha,Hook,worked,Solo"]
    assert {*last(log_of(tmp_path / "log.csv", *rows), 6)[1]} == {"Aroha", "Solo"}


def test_working_together_with_nobody_is_listed(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log.csv", "2026-08-04,Aroha,Hook,worked with,alone")
    assert listed(log) == [(5, "missing_partner")]


@pytest.mark.parametrize("whole", ["All", "everyone", "Whole class"])
def test_the_whole_class_is_no_child(tmp_path: Path, whole: str) -> None:
    log = log_of(tmp_path / "log.csv", f"2026-08-04,{whole},Hook,started,")
    assert listed(log) == [(5, "unknown_learner")]
    (one,) = log.problems["hint"]
    assert one.startswith("Write the names of the learners")


def test_a_dash_names_no_learner_and_no_goal(tmp_path: Path) -> None:
    rows = ["2026-08-04,-,Hook,met,", "2026-08-04,Aroha,-,met,", "2026-08-04,Ben,-,worked with,Zoe"]
    log = log_of(tmp_path / "log.csv", *rows)
    assert listed(log) == [(5, "missing_learner"), (6, "missing_goal")]
    assert last(log, 7) == ([], {"Ben": "peer", "Zoe": "peer"})
    assert {*log.goals["goal_id"]} == {"Hook"}
    assert rl.completion(log)["goals"].tolist() == [3]


@pytest.mark.parametrize("cell", ["helped by Ben", "Ben (helped)", "Ben helped me", "got help from ben"])
def test_help_beside_a_name_makes_no_other_child(tmp_path: Path, cell: str) -> None:
    log = log_of(tmp_path / "log.csv", f"2026-08-04,Aroha,Hook,worked,{cell}")
    assert last(log, 5)[1].keys() == {"Aroha", "Ben"}
    assert log.problems["code"].tolist() == ["short_name"]


@pytest.mark.parametrize("cell", ["Dev + Hana", "Dev / Hana", "Dev | Hana", "• Dev\n• Hana"])
def test_a_list_of_children_who_have_no_row(tmp_path: Path, cell: str) -> None:
    log = log_of(tmp_path / "log.csv", f'2026-08-04,Aroha,Hook,worked,"{cell}"')
    assert last(log, 5)[1].keys() == {"Aroha", "Dev", "Hana"}
