"""A school that is written as it is simulated is the one that is simulated in memory, and takes nobody's place."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ExistsError, simulate
from reflectlab.simulate import School, school, simulate_school
from reflectlab.simulate.unfold import unfolded

TABLES = ("events", "collaborations", "learners", "goals", "terms")


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(school, "AT_ONCE", 2)


@pytest.mark.parametrize("knobs", [{}, {"mode": "dates", "unrecorded": 0.5}, {"hazard_ratio": [1, 2, 3, 4, 5]}])
def test_it_is_the_same_school(knobs: dict[str, Any], tmp_path: Path) -> None:
    asked: dict[str, Any] = {"classes": 5, "learners": 8, "weeks": 6, "seed": 3, **knobs}
    folder = simulate(**asked, to=tmp_path / "school")
    assert sorted(file.name for file in (folder / "events").iterdir()) == [f"0000{n}.parquet" for n in range(3)]
    streamed, held = reflectlab.scan(folder), simulate(**asked)
    assert streamed.dates_only == held.dates_only
    for name in TABLES:
        expected = getattr(held, name)
        assert len(expected)
        assert_frame_equal(getattr(streamed, name), expected)
    for measure in (reflectlab.spells, reflectlab.episodes):
        assert_frame_equal(measure(streamed), measure(held))


def test_the_first_classes_are_those_of_a_school_of_no_more() -> None:
    some, more = (simulate_school(classes=number, learners=8, seed=3) for number in (2, 5))
    mine = more.learners["class_id"].isin(["Room 5", "Room 6"])
    assert_frame_equal(more.learners[mine], some.learners)
    assert_frame_equal(more.events[: len(some.events)], some.events)


def test_everybody_and_every_episode_has_an_id_of_its_own() -> None:
    whole = simulate_school(classes=5, learners=8, seed=3)
    assert whole.learners["learner_id"].is_unique
    assert whole.learners["name"].is_unique
    assert whole.learners.groupby("class_id", sort=False).size().tolist() == [8] * 5
    room = whole.collaborations.merge(whole.learners, on="learner_id").groupby("episode_id")["class_id"].nunique()
    assert (room == 1).all()
    times = whole.collaborations.groupby("episode_id")["time"].nunique()
    assert (times == 1).all()


def test_parts_differ_but_goals_are_as_hard_in_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(school, "AT_ONCE", 15)
    whole = simulate_school(classes=30, difficulty=1.0, seed=9)
    first, second = (_days_by_goal(whole, places) for places in (range(5, 20), range(20, 35)))
    other = _days_by_goal(simulate_school(classes=15, difficulty=1.0, seed=10), range(5, 20))
    assert not first.equals(second)
    assert np.corrcoef(first, second)[0, 1] > 0.9
    assert np.corrcoef(first, other)[0, 1] < 0.6


def _days_by_goal(whole: School, rooms: range) -> pd.Series:
    mine = whole.learners.loc[whole.learners["class_id"].isin([f"Room {n}" for n in rooms]), "learner_id"]
    truth = whole.truth[whole.truth["learner_id"].isin(mine)]
    return (truth["stop"] - truth["start"]).groupby(truth["goal_id"]).mean().sort_index()


def test_nothing_that_is_there_is_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(ExistsError, match="is there already"):
            simulate(classes=1, learners=4, weeks=2, to=place)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert reflectlab.scan(simulate(classes=1, learners=4, weeks=2, to=tmp_path / "empty")).events.size


def test_what_is_not_finished_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ArgumentError, match="`learners`"):
        simulate(learners=0, to=tmp_path / "school")
    monkeypatch.setattr(school, "unfolded", _only_once(unfolded))
    with pytest.raises(KeyboardInterrupt):
        simulate(classes=3, learners=4, weeks=2, to=tmp_path / "school")
    assert not list(tmp_path.iterdir())


def _only_once(call: Any) -> Any:
    calls = []

    def again(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return call(*arguments)

    return again


def test_what_was_streamed_is_loaded_too(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"classes": 5, "learners": 6, "weeks": 3, "seed": 2}
    loaded, held = reflectlab.load(simulate(**asked, to=tmp_path / "school")), simulate(**asked)
    assert loaded.problems.empty
    assert loaded.account["file"].nunique() > len(TABLES), "tables lie in parts"
    assert len(loaded.events) == len(held.events)
    for measure in (reflectlab.spells, reflectlab.episodes, reflectlab.completion):
        assert_frame_equal(measure(loaded), measure(held))
