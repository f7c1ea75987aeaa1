"""Classmates named in the cell that tells what happened, as teachers write it, are those somebody was with."""

from pathlib import Path

import pytest

import reflectlab as rl
from reflectlab import ProgressLog
from tests.load.conftest import balanced, listed

KNOWN = ["2026-08-03,Aroha,Hook,started", "2026-08-03,Ben,Hook,started", "2026-08-03,Zoe,Hook,started"]


def log_of(path: Path, *rows: str, header: str = "date,learner,goal,what happened", **options: object) -> ProgressLog:
    path.write_text("\n".join([header, *KNOWN, *rows]) + "\n", "utf-8")
    return balanced(rl.load(path, **options))


def last(log: ProgressLog, row: int) -> tuple[list[str], dict[str, str | None]]:
    """The events of a row, and who was together with whom there, in which role."""
    events = log.events.loc[log.events["row"] == row, "event"].tolist()
    parts = log.collaborations[log.collaborations["row"] == row]
    roles = parts["role"].astype(object).where(parts["role"].notna(), None)
    return events, dict(zip(parts["learner_id"], roles, strict=True))


@pytest.mark.parametrize(
    ("cell", "event", "roles"),
    [
        ("done w/ Ben & Zoe", ["met"], {"Aroha": None, "Ben": None, "Zoe": None}),
        ("done ✓ with ben", ["met"], {"Aroha": None, "Ben": None}),
        ("✓ (w/ Zoe)", ["met"], {"Aroha": None, "Zoe": None}),
        ("stuck - with Zoe", ["stuck"], {"Aroha": None, "Zoe": None}),
        ("practised, with Ben and Zoe", [], {"Aroha": "peer", "Ben": "peer", "Zoe": "peer"}),
        ("w/ Zoe", [], {"Aroha": "peer", "Zoe": "peer"}),
        ("met + Ben", ["met"], {"Aroha": None, "Ben": None}),
        ("helped Zoe", [], {"Aroha": "helper", "Zoe": "seeker"}),
        ("Got help from Ben and Zoe", [], {"Aroha": "seeker", "Ben": "helper", "Zoe": "helper"}),
        ("worked with Ben", [], {"Aroha": "peer", "Ben": "peer"}),
    ],
)
def test_what_happened_and_with_whom(tmp_path: Path, cell: str, event: list[str], roles: dict[str, str | None]) -> None:
    log = log_of(tmp_path / "log.csv", f'2026-08-04,Aroha,Hook,"{cell}"')
    assert last(log, 5) == (event, roles)
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.row, remark.value) == ("normalised", 5, cell)


@pytest.mark.parametrize(
    "cell", ["stuck with commas", "not done w/ Zoe", "done with Hana", "met? w/ Zoe", "helped", "with", "done w/", "+"]
)
def test_what_names_nobody_known_or_is_no_word_is_asked_about(tmp_path: Path, cell: str) -> None:
    log = log_of(tmp_path / "log.csv", f'2026-08-04,Aroha,Hook,"{cell}"')
    assert last(log, 5) == ([], {})
    assert [row for row, _ in listed(log)] == [5]


def test_a_word_that_is_not_known_is_asked_about_once_whoever_is_named_beside_it(tmp_path: Path) -> None:
    rows = [f"2026-08-04,Aroha,Hook,wrk{who}" for who in ("", " w/ Ben", " w/ Ben & Zoe", " with Zoe")]
    asked = log_of(tmp_path / "log.csv", *rows).problems
    assert asked[asked["code"] == "unknown_word"]["value"].tolist() == ["wrk"] * 4
    log = log_of(tmp_path / "log.csv", *rows, words={"wrk": "worked"})
    assert [last(log, row) for row in (5, 7)] == [
        (["worked"], {}),
        (["worked"], {"Aroha": None, "Ben": None, "Zoe": None}),
    ]


def test_what_is_short_for_several_words_is_likely_none(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log.csv", "2026-08-04,Aroha,Hook,st", "2026-08-05,Aroha,Hook,stk", words={"sp": "started"})
    assert [problem.suggestion for problem in log.problem_list if problem.code == "unknown_word"] == [None, "stuck"]


def test_a_column_of_partners_counts_too_and_nobody_twice(tmp_path: Path) -> None:
    header = "date,learner,goal,what happened,with"
    log = log_of(tmp_path / "log.csv", "2026-08-04,Aroha,Hook,done w/ Ben,Ben & Hana", header=header)
    assert last(log, 5) == (["met"], {"Aroha": None, "Ben": None, "Hana": None})


def test_who_is_named_in_the_column_of_partners_is_known(tmp_path: Path) -> None:
    header = "date,learner,goal,what happened,with"
    rows = ["2026-08-04,Aroha,Hook,worked,Hana", "2026-08-05,Aroha,Hook,done with Hana,"]
    assert last(log_of(tmp_path / "log.csv", *rows, header=header), 6) == (["met"], {"Aroha": None, "Hana": None})


def test_what_the_caller_says_of_the_whole_cell_goes_first(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log.csv", "2026-08-04,Aroha,Hook,done w/ Ben", words={"done w/ Ben": "worked"})
    assert last(log, 5) == (["worked"], {})


def test_the_callers_own_words_may_name_classmates(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log.csv", "2026-08-04,Aroha,Hook,nailed it w/ Ben", words={"nailed it": "met"})
    assert last(log, 5) == (["met"], {"Aroha": None, "Ben": None})


def test_by_a_roster_names_may_be_first_names(tmp_path: Path) -> None:
    roster = "learner_id,name\na1,Aroha Hill\nb2,Ben Stone\nz3,Zoe Park\n"
    (tmp_path / "learners.csv").write_text(roster, "utf-8")
    (tmp_path / "log.csv").write_text(
        "date,learner,goal,what happened\n2026-08-04,Aroha Hill,Hook,done w/ Ben & Zoe\n", "utf-8"
    )
    log = balanced(rl.load(tmp_path))
    assert last(log, 2) == (["met"], {"a1": None, "b2": None, "z3": None})
