"""A scanned log, of which ids and words are looked at once each, is checked as one that is loaded row by row."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog
from reflectlab.log.checks import SAMPLE

ROW = 7
"""The row, from 0, that is damaged."""

DAMAGES: dict[str, tuple[str, Mapping[str, Any], str | None]] = {
    "sound": ("events", {}, None),
    "word unknown": ("events", {"event": "achived"}, "unknown_event"),
    "word to be tidied": ("events", {"event": " Worked"}, None),
    "no word": ("events", {"event": None}, "missing_event"),
    "word empty": ("events", {"event": ""}, "missing_event"),
    "goal empty": ("events", {"goal_id": ""}, "missing_goal"),
    "goal unknown": ("events", {"goal_id": "nowhere"}, "unknown_goal"),
    "learner missing": ("events", {"learner_id": None}, "missing_learner"),
    "learner unknown": ("events", {"learner_id": "nobody"}, "unknown_learner"),
    "time missing": ("events", {"time": None}, "missing_time"),
    "chooser unknown": ("events", {"chosen_by": "parent"}, "unknown_chosen_by"),
    "episode missing": ("collaborations", {"episode_id": None}, "missing_episode"),
    "episode empty": ("collaborations", {"episode_id": ""}, "missing_episode"),
    "partner unknown": ("collaborations", {"learner_id": "nobody"}, "unknown_learner"),
    "partner empty": ("collaborations", {"learner_id": ""}, "missing_learner"),
    "goal of a partner unknown": ("collaborations", {"goal_id": "nowhere"}, "unknown_goal"),
    "no goal of a partner": ("collaborations", {"goal_id": ""}, None),
    "role unknown": ("collaborations", {"role": "boss"}, "unknown_role"),
    "minutes below nought": ("collaborations", {"minutes": -5.0}, "bad_minutes"),
    "roster twice": ("learners", {"learner_id": "again"}, "unknown_learner"),
    "roster without": ("learners", {"learner_id": ""}, "missing_learner"),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    log = reflectlab.simulate(classes=1, learners=10, weeks=4, seed=2)
    return {name: pl.from_pandas(getattr(log, name)) for name in ("events", "collaborations", "learners", "goals")}


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_cell_is_found_as_in_a_loaded_log(tables: dict[str, pl.DataFrame], damage: str) -> None:
    table, change, code = DAMAGES[damage]
    here = pl.int_range(pl.len()) == ROW
    cells = {name: pl.when(here).then(pl.lit(value)).otherwise(name).alias(name) for name, value in change.items()}
    given = {**tables, table: tables[table].with_columns(**cells)}
    loaded = ProgressLog.from_tables(**given)
    scanned = ProgressLog.from_tables(**{name: frame.lazy() for name, frame in given.items()})
    assert scanned.scanned
    assert code in set(loaded.problems["code"]) if code else loaded.problems.empty
    assert _counts(scanned) == {kind: min(number, SAMPLE) for kind, number in _counts(loaded).items()}
    for name in ("events", "collaborations", "learners"):
        assert_frame_equal(getattr(scanned, name), getattr(loaded, name))
    assert_frame_equal(reflectlab.episodes(scanned), reflectlab.episodes(loaded))


def _counts(log: ProgressLog) -> dict[Any, int]:
    return log.problems.groupby(["code", "sheet"]).size().to_dict()


@pytest.mark.parametrize("rows", [1, 2])
def test_a_participant_who_is_in_an_episode_twice_is_found(tables: dict[str, pl.DataFrame], rows: int) -> None:
    twice = pl.concat([tables["collaborations"], *[tables["collaborations"][ROW : ROW + 1]] * rows])
    given = {**tables, "collaborations": twice.with_columns(row=pl.int_range(pl.len()) + 2)}
    scanned = ProgressLog.from_tables(**{name: frame.lazy() for name, frame in given.items()})
    assert scanned.problems["code"].tolist() == ["duplicate_participant"] * rows
    assert len(scanned.collaborations) == len(tables["collaborations"])
