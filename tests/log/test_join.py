"""Logs put together: nobody made one with a namesake, nothing lost, all rows counted."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import reflectlab as rl
from reflectlab import ArgumentError, ProgressLog
from tests.load.conftest import balanced

HEADER = "date,learner,class,goal,what happened,with\n"
MEASURES = (rl.completion, rl.spells, rl.episodes, rl.collaboration, rl.network)


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_two_classes_are_as_if_they_had_been_loaded_together(tmp_path: Path) -> None:
    r5 = write(tmp_path, "r5.csv", HEADER + "2026-07-20,Ben,r5,hook,met,\n2026-07-21,Zoe,r5,hook,got help from,Ben\n")
    r6 = write(
        tmp_path,
        "r6.csv",
        HEADER + "2026-07-20,Ben,r6,hook,set,\n2026-07-22,Ben,r6,hook,worked with,Mia\nx,Mia,r6,hook,met,\n",
    )
    joined, whole = balanced(rl.join(rl.load(r5), rl.load(r6))), rl.load([r5, r6])
    assert {*joined.learners["learner_id"]} == {"Ben (r5)", "Ben (r6)", "Zoe", "Mia"}
    assert joined.account.equals(whole.account)
    for measure in MEASURES:
        left, right = (measure(log).drop(columns="episode_id", errors="ignore") for log in (joined, whole))
        pd.testing.assert_frame_equal(left, right)
    assert {*joined.problems["code"]} == {*whole.problems["code"]} == {"bad_time", "in_company_only", "several_classes"}


def test_three_classes_one_after_the_other_are_those_at_once(tmp_path: Path) -> None:
    """Who has a class in the id already keeps it."""
    logs = [
        rl.load(write(tmp_path, f"{room}.csv", f"{HEADER}2026-07-20,Ben,{room},hook,met,\n"))
        for room in ("a", "b", "c")
    ]
    step, once = rl.join(rl.join(logs[0], logs[1]), logs[2]), rl.join(*logs)
    assert {*step.learners["learner_id"]} == {*once.learners["learner_id"]} == {"Ben (a)", "Ben (b)", "Ben (c)"}
    assert step.learners["name"].tolist() == ["Ben"] * 3


def test_terms_follow_one_another(tmp_path: Path) -> None:
    first = write(
        tmp_path, "t1/log.csv", HEADER + "2026-02-02,Ben,r5,hook,started,Zoe\n2026-03-30,Ben,r5,hook,worked,\n"
    )
    later = write(tmp_path, "t2/log.csv", HEADER + "2026-04-20,Ben,r5,hook,met,Zoe\n2026-06-30,Zoe,r5,hook,set,\n")
    log = balanced(rl.join(rl.load(first), rl.load(later)))
    assert log.terms[["term_id", "title"]].to_numpy().tolist() == [["term 1", "Term 1"], ["term 2", "Term 2"]]
    assert len(log.learners) == 2
    assert rl.spells(log).iloc[0]["days_to_met"] == 42
    assert log.collaborations["episode_id"].nunique() == 2
    assert {*log.account["file"]} == {"log.csv (log 1)", "log.csv (log 2)"}


def test_rosters_and_terms_that_are_told_twice_are_listed(tmp_path: Path) -> None:
    terms = "term_id,start,end,closed\nt1,2026-02-02,2026-03-31,2026-02-06\n"
    for name, left, day in (("a", "2026-03-31", "2026-02-02"), ("b", "", "2026-03-02")):
        write(tmp_path, f"{name}/learners.csv", f"learner_id,name,class_id,left\n1,Ben,r5,{left}\n2,Zoe,r5,\n")
        write(tmp_path, f"{name}/terms.csv", terms)
        write(tmp_path, f"{name}/log.csv", f"date,learner,goal,what happened\n{day},Ben,hook,met\n")
    log = balanced(rl.join(rl.load(tmp_path / "a"), rl.load(tmp_path / "b")))
    assert (log.problems["code"] == "joined_already").sum() == 3
    assert log.terms["closed"].tolist() == ["2026-02-06"]
    assert log.learners["left"].isna().all(), "by the later log nobody has left"


def of(**tables: dict[str, Any]) -> ProgressLog:
    return ProgressLog.from_tables(**{name: pd.DataFrame(columns) for name, columns in tables.items()})


def small(goal: str = "g1", **tables: dict[str, Any]) -> ProgressLog:
    events = {"time": ["2026-07-20"], "learner_id": ["7"], "goal_id": [goal], "event": ["met"]}
    return of(events=events, **tables)


def test_a_goal_of_one_id_and_two_titles_is_two() -> None:
    logs = [small(goals={"goal_id": ["g1"], "title": [title]}) for title in ("Hook", "Voice")]
    assert [*rl.join(*logs).goals["goal_id"]] == ["g1 (Hook)", "g1 (Voice)"]
    assert [*rl.join(logs[0], small()).goals["title"]] == ["Hook"]


def test_a_number_of_two_children_is_two_learners() -> None:
    logs = [small(learners={"learner_id": ["7"], "name": [name], "class_id": ["r5"]}) for name in ("Ben", "Mia")]
    assert {*rl.join(*logs).learners["learner_id"]} == {"7 (Ben)", "7 (Mia)"}


def test_who_may_be_two_is_remarked_on() -> None:
    log = rl.join(small(), small())
    assert log.learners["learner_id"].tolist() == ["7"]
    assert log.problems["code"].tolist() == ["several_places"]


def test_schools_of_the_simulation_are_put_together() -> None:
    school = rl.simulate(classes=3, learners=8, weeks=4, seed=4)
    rooms = [*school.learners["class_id"].unique()]
    apart = [
        ProgressLog.from_tables(
            events=school.select(class_id=room).events,
            collaborations=school.select(class_id=room).collaborations,
            learners=school.select(class_id=room).learners,
            goals=school.goals,
            terms=school.terms,
        )
        for room in rooms
    ]
    whole = balanced(rl.join(*apart))
    for measure in MEASURES:
        left, right = (measure(log) for log in (whole, school))
        columns = [name for name in right.columns if name != "episode_id"]
        by = [
            name
            for name in ("class_id", "learner_id", "goal_id", "time", "source", "target", "kind")
            if name in columns
        ]
        frames = [frame[columns].sort_values(by, ignore_index=True) for frame in (left, right)]
        pd.testing.assert_frame_equal(*frames)


def test_what_cannot_be_joined_is_said(tmp_path: Path) -> None:
    log = small()
    assert rl.join(log) is log
    for wrong, said in (
        ((), "takes logs"),
        ((log, "log"), "takes logs"),
        ((log, log.select(learner_id="7")), "joined whole"),
    ):
        with pytest.raises(ArgumentError, match=said):
            rl.join(*wrong)
    with pytest.raises(ArgumentError, match="time zones"):
        rl.join(log, ProgressLog.from_tables(events=log.events.drop(columns="row"), tz="Pacific/Auckland"))
    rl.save_tables(log, tmp_path / "log.parquet")
    with pytest.raises(ArgumentError, match="scanned"):
        rl.join(log, rl.scan(tmp_path / "log.parquet"))
