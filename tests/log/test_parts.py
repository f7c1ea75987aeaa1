"""A log in parts: whole classes, which together tell what the whole tells."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog
from reflectlab.errors import ArgumentError

EACH = {
    "spells": (reflectlab.spells, ["learner_id", "goal_id"]),
    "stretches": (reflectlab.stretches, ["learner_id", "goal_id", "start"]),
    "status": (reflectlab.status, ["learner_id", "goal_id"]),
    "pathways": (reflectlab.pathways, ["learner_id", "position"]),
    "episodes": (reflectlab.episodes, ["time", "episode_id", "learner_id"]),
    "collaboration": (reflectlab.collaboration, ["learner_id"]),
    "agency": (reflectlab.agency, ["learner_id"]),
    "completion": (reflectlab.completion, ["class_id"]),
    "counting_process": (reflectlab.to_counting_process, ["learner_id", "goal_id", "start"]),
}


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> ProgressLog:
    folder = tmp_path_factory.mktemp("school") / "log"
    reflectlab.simulate(classes=5, learners=6, weeks=6, seek_when_stuck=1, seed=3, to=folder)
    return reflectlab.scan(folder)


def _put_together(log: ProgressLog, measure: Callable[[ProgressLog], pd.DataFrame], by: list[str]) -> pd.DataFrame:
    tables = [measure(part) for part in log.parts(rows=1)]
    return pd.concat(tables).sort_values(by, ignore_index=True)


@pytest.mark.parametrize("name", EACH)
def test_the_parts_tell_what_the_whole_tells(school: ProgressLog, name: str) -> None:
    measure, by = EACH[name]
    whole = measure(school).sort_values(by, ignore_index=True)
    assert len(whole) > 0
    assert_frame_equal(_put_together(school, measure, by), whole)


def test_counts_of_the_whole_are_sums_of_those_of_the_parts(school: ProgressLog) -> None:
    steps = pd.concat(reflectlab.transitions(part) for part in school.parts(rows=1))
    summed = steps.groupby(["source", "target"], as_index=False)["n"].sum()
    assert_frame_equal(summed, reflectlab.transitions(school)[["source", "target", "n"]])


def test_a_part_is_a_class_and_is_full_at_so_many_rows(school: ProgressLog) -> None:
    rooms = [set(part.learners["class_id"]) for part in school.parts(rows=1)]
    assert sorted(map(len, rooms)) == [1] * 5
    assert len(set().union(*rooms)) == 5
    assert len(list(school.parts())) == 1
    rows = len(school.events) + len(school.collaborations)
    assert 1 < len(list(school.parts(rows=rows // 2))) < 5


def _with_a_pair(log: ProgressLog, pair_of: list[str], **more: object) -> ProgressLog:
    pair = pd.DataFrame({"episode_id": "across", "time": "2026-07-29", "learner_id": pair_of})
    tables: dict[str, object] = {name: getattr(log, name) for name in ("events", "learners", "goals", "terms")}
    both = pd.concat([log.collaborations, pair.assign(time=pd.to_datetime(pair["time"]))])
    return ProgressLog.from_tables(**{**tables, "collaborations": both, **more})


def test_classes_that_worked_together_stay_together(school: ProgressLog) -> None:
    rooms = school.learners.groupby("class_id")["learner_id"].first()
    log = _with_a_pair(school, [rooms.iloc[0], rooms.iloc[3]])
    parts = [set(part.learners["class_id"]) for part in log.parts(rows=1)]
    assert {rooms.index[0], rooms.index[3]} in parts
    assert len(parts) == 4
    measure, by = EACH["episodes"]
    assert_frame_equal(_put_together(log, measure, by), measure(log).sort_values(by, ignore_index=True))


def test_who_is_in_no_class_is_with_those_they_worked_with(school: ProgressLog) -> None:
    learners = school.learners.assign(class_id=None)
    log = _with_a_pair(school, learners["learner_id"].iloc[:1].tolist(), learners=learners)
    parts = [set(part.learners["learner_id"]) for part in log.parts(rows=1)]
    assert sorted(one for part in parts for one in part) == sorted(learners["learner_id"])
    met = school.collaborations.groupby("episode_id")["learner_id"].agg(set)
    assert all(any(together <= part for part in parts) for together in met)


def test_a_log_without_a_roster_has_parts(school: ProgressLog) -> None:
    log = ProgressLog.from_tables(events=school.events, collaborations=school.collaborations)
    measure, by = EACH["spells"]
    assert_frame_equal(_put_together(log, measure, by), measure(log))


def test_what_is_selected_stays_so(school: ProgressLog) -> None:
    room = school.learners["class_id"].iloc[0]
    chosen = school.select(class_id=room, start="2026-08-03")
    measure, by = EACH["spells"]
    assert_frame_equal(_put_together(chosen, measure, by), measure(chosen))


def test_a_file_may_hold_each_class(school: ProgressLog, tmp_path: Path) -> None:
    events = pl.from_pandas(school.events)
    rooms = school.learners.set_index("learner_id")["class_id"]
    folder = tmp_path / "log"
    (folder / "events").mkdir(parents=True)
    for room, rows in events.with_columns(room=pl.col("learner_id").replace_strict(rooms.to_dict())).group_by("room"):
        rows.drop("room").write_parquet(folder / "events" / f"{room[0]}.parquet")
    pl.from_pandas(school.learners).write_parquet(folder / "learners.parquet")
    log = reflectlab.scan(folder)
    measure, by = EACH["spells"]
    assert_frame_equal(_put_together(log, measure, by), measure(log))


def test_a_part_needs_a_row(school: ProgressLog) -> None:
    with pytest.raises(ArgumentError, match="`rows` must be 1 or more; got 0"):
        school.parts(rows=0)


def test_what_was_measured_before_changes_no_part() -> None:
    """What a measure rests on takes the place of what was noted: nothing of it may be lost."""
    untouched, measured = (reflectlab.simulate(classes=3, learners=6, weeks=4, seed=1) for _ in range(2))
    reflectlab.spells(measured)
    reflectlab.episodes(measured)
    assert_frame_equal(measured.account, untouched.account)
    for one, other in zip(measured.parts(rows=1), untouched.parts(rows=1), strict=True):
        for table in ("events", "collaborations", "learners"):
            assert_frame_equal(getattr(one, table), getattr(other, table))
        assert_frame_equal(reflectlab.episodes(one), reflectlab.episodes(other))
