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


@pytest.mark.parametrize("whole", ["All", "everyone", "Whole class", "Aroha & everyone", "Ben + the whole class"])
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


def test_who_is_only_with_others_may_be_no_learner(tmp_path: Path) -> None:
    rows = ["2026-08-04,Aroha,Hook,got help from,her mum", "2026-08-05,Ben,Hook,worked,Ms Tane; Zoe"]
    log = log_of(tmp_path / "log.csv", *rows)
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.row, remark.value) == ("in_company_only", 5, "her mum")
    assert remark.message == "2 learners work together with others and have no goal of their own: her mum, Ms Tane."
    assert remark.hint.endswith('load(..., leave_out=["her mum"]).')
    left = rl.load(tmp_path / "log.csv", leave_out=["her mum", "Ms Tane"])
    assert {*left.learners["name"]} == {"Aroha", "Ben", "Zoe"}
    assert {*left.problems["code"]} == {"person_left_out"}


def test_a_slip_in_company_is_said_once(tmp_path: Path) -> None:
    rows = [f"2026-08-0{day},Wiremu,Hook,worked," for day in range(4, 8)]
    log = log_of(tmp_path / "log.csv", *rows, "2026-08-08,Aroha,Hook,worked,Wirenu")
    assert log.problems[["code", "value"]].to_numpy().tolist() == [["similar_names", "Wirenu"]]


def test_company_tells_nothing_where_nobody_has_a_goal_or_a_roster_knows_who_is_a_learner(tmp_path: Path) -> None:
    head = "date,learner,what happened,with\n"
    (tmp_path / "log.csv").write_text(f"{head}2026-08-04,Aroha,worked with,Ben\n", "utf-8")
    assert rl.load(tmp_path / "log.csv").problems.empty
    path = tmp_path / "class" / "log.csv"
    path.parent.mkdir()
    (path.parent / "learners.csv").write_text("learner_id,name\n1,Aroha\n2,Ben\n3,Zoe\n4,Rua\n", "utf-8")
    log_of(path, "2026-08-04,Aroha,Hook,worked,Rua")
    assert rl.load(path.parent).problems.empty


@pytest.mark.parametrize("between", ["und", "et", "y", "me"])
def test_an_and_of_another_language_parts_names_that_are_known(tmp_path: Path, between: str) -> None:
    log = log_of(tmp_path / "log.csv", f"2026-08-04,Aroha,Hook,worked,Ben {between} Zoe")
    assert last(log, 5)[1].keys() == {"Aroha", "Ben", "Zoe"}
    log = log_of(tmp_path / "log.csv", "2026-08-04,Santiago Ramón y Cajal,Hook,started,")
    assert "Santiago Ramón y Cajal" in {*log.learners["name"]}


@pytest.mark.parametrize("cell", ["allein", "nadie", "ko ia anake"])
def test_nobody_in_another_language_is_nobody(tmp_path: Path, cell: str) -> None:
    log = log_of(tmp_path / "log.csv", f"2026-08-04,Aroha,Hook,worked,{cell}")
    assert last(log, 5) == (["worked"], {})


@pytest.mark.parametrize("mark", ["〃", "”", "ditto", "do.", '""""'])
def test_a_ditto_mark_is_what_stands_above_it(tmp_path: Path, mark: str) -> None:
    rows = ["2026-08-04,Aroha,Hook,worked,Ben", f"2026-08-05,{mark},{mark},met,{mark}"]
    log = log_of(tmp_path / "log.csv", *rows)
    assert last(log, 6)[0] == ["met"]
    assert last(log, 6)[1].keys() == {"Aroha", "Ben"}
    assert {*log.learners["name"]} == {"Aroha", "Ben", "Zoe"}
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.row) == ("normalised", 6)
    assert "3, this one first" in remark.message


def test_the_one_who_is_only_with_others_is_left_out_and_no_namesake(tmp_path: Path) -> None:
    head = "date,class,learner,goal,what happened,with\n"
    rows = ["2026-08-03,5,Ben,Hook,met,", "2026-08-03,6,Zoe,Hook,started,", "2026-08-04,6,Zoe,Hook,worked,Ben"]
    (tmp_path / "log.csv").write_text(head + "\n".join(rows) + "\n", "utf-8")
    remark = rl.load(tmp_path / "log.csv").problems.set_index("code").loc["in_company_only"]
    assert remark["hint"].endswith('load(..., leave_out=["Ben (6)"]).')
    assert {*rl.load(tmp_path / "log.csv", leave_out=["Ben (6)"]).learners["name"]} == {"Ben", "Zoe"}
