"""A log as Parquet in a folder for each class: read again it is the same, whatever classes are called."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ExistsError, ProgressLog

CLASSES = ["Room 5", "room 5", "5/6 West", "..", "2026: a=b%", "七组 🐝", "صف ٣", "[a-z]*?", "ends. ", None]


def hard() -> ProgressLog:
    """A log with a learner in each class, working with the next one, who is in another."""
    ids = [f"l{number}" for number in range(len(CLASSES))]
    learners = pd.DataFrame({"learner_id": ids, "name": ids, "class_id": CLASSES})
    days = pd.to_datetime("2026-07-20 10:00") + pd.to_timedelta(range(len(ids)), unit="D")
    kinds = ("set", "started", "stuck", "met")
    rows = [
        {"time": day + pd.Timedelta(hours=hour), "learner_id": one, "goal_id": "hook", "event": kind}
        for hour, kind in enumerate(kinds)
        for one, day in zip(ids, days, strict=True)
    ]
    together = [
        {"episode_id": one, "time": days[place] + pd.Timedelta(minutes=90), "learner_id": each, "goal_id": "hook"}
        for place, one in enumerate(ids)
        for each in (one, ids[(place + 1) % len(ids)])
    ]
    absences = pd.DataFrame({"learner_id": ids[:3], "date": days[:3].normalize()})
    tables = {"events": pd.DataFrame(rows), "collaborations": pd.DataFrame(together), "absences": absences}
    return ProgressLog.from_tables(learners=learners, **tables)


LOGS = {"hard": hard, "simulated": lambda: reflectlab.simulate(classes=3, learners=6, weeks=3, seed=5)}


def measures(log: ProgressLog) -> dict[str, pd.DataFrame]:
    return {
        "spells": reflectlab.spells(log),
        "episodes": reflectlab.episodes(log),
        "completion": reflectlab.completion(log, every="week"),
        "collaboration": reflectlab.collaboration(log),
        "network": reflectlab.network(log),
        "transitions": reflectlab.transitions(log),
    }


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("again", [reflectlab.scan, reflectlab.load])
def test_it_is_the_same_log_again(name: str, again: Any, tmp_path: Path) -> None:
    log = LOGS[name]()
    files = reflectlab.save_tables(log, tmp_path / "log", format="parquet", partition_by="class_id")
    assert sorted(files) == sorted(map(str, (tmp_path / "log").rglob("*.parquet")))
    found = again(tmp_path / "log")
    assert "class_id" not in found.events.columns
    for kind in ("events", "collaborations", "learners", "goals", "terms", "absences"):
        one, other = (
            each.sort_values([*each.columns.intersection(["row"]), *each.columns], ignore_index=True)
            for each in (getattr(found, kind), getattr(log, kind))
        )
        assert_frame_equal(one, other)
    for kind, table in measures(log).items():
        assert_frame_equal(measures(found)[kind], table)


def test_a_class_lies_in_its_folder_alone(tmp_path: Path) -> None:
    log = hard()
    reflectlab.save_tables(log, tmp_path / "log", format="parquet", partition_by="class_id")
    folders = {folder.name for folder in (tmp_path / "log" / "events").iterdir()}
    assert {unquote(each.removeprefix("class_id=")) for each in folders} == {
        *CLASSES[:-1],
        "__HIVE_DEFAULT_PARTITION__",
    }
    west = pl.read_parquet(tmp_path / "log" / "events" / "class_id=5%2F6 West" / "*.parquet")
    assert west["learner_id"].unique().to_list() == ["l2"]
    known = pl.scan_parquet(tmp_path / "log" / "events", hive_partitioning=True).collect()
    pairs = set(known.select("learner_id", "class_id").unique().rows())
    assert pairs == {(f"l{number}", class_id) for number, class_id in enumerate(CLASSES)}
    numbers = [file.name for file in (tmp_path / "log" / "events").rglob("*.parquet")]
    assert len({*numbers}) == len(CLASSES), "a disk that folds case loses none"


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    log, place = hard(), tmp_path / "log"
    first = reflectlab.save_tables(log, place, format="parquet", partition_by="class_id")
    with pytest.raises(ExistsError):
        reflectlab.save_tables(log, place, format="parquet", partition_by="class_id")
    few = log.select(class_id="Room 5")
    fewer = reflectlab.save_tables(few, place, format="parquet", partition_by="class_id", overwrite=True)
    assert len(fewer) < len(first)
    assert sorted(fewer) == sorted(map(str, place.rglob("*.parquet")))
    (place / "events" / "mine.txt").write_text("mine")
    with pytest.raises(ExistsError, match="other things too, such as events"):
        reflectlab.save_tables(log, place, format="parquet", partition_by="class_id", overwrite=True)
    assert (place / "events" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("told", [{"partition_by": "strand"}, {"partition_by": "class_id", "format": "csv"}])
def test_what_cannot_be_is_said(told: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="`partition_by`"):
        reflectlab.save_tables(hard(), tmp_path / "log", **{"format": "parquet", **told})
    assert not (tmp_path / "log").exists()
