"""Parquet opened without reading it whole."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, NotALogError

NAMES = ("events", "collaborations", "learners", "goals", "terms")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reflectlab.save_tables(reflectlab.example(), tmp_path / "log", format="parquet")
    return tmp_path / "log"


def test_a_scanned_log_holds_the_same(folder: Path) -> None:
    log = reflectlab.scan(folder)
    assert log.scanned
    for name in NAMES:
        assert_frame_equal(getattr(log, name), getattr(reflectlab.example(), name))
    assert_frame_equal(reflectlab.spells(log), reflectlab.spells(reflectlab.example()))


def test_a_table_may_be_a_folder_of_files(folder: Path) -> None:
    events = pd.read_parquet(folder / "events.parquet")
    (folder / "events.parquet").unlink()
    (folder / "events").mkdir()
    events.iloc[:7].to_parquet(folder / "events" / "1.parquet")
    events.iloc[7:].to_parquet(folder / "events" / "2.parquet")
    assert len(reflectlab.scan(folder).events) == 18


def test_the_time_zone_comes_along(folder: Path, tmp_path: Path) -> None:
    log = reflectlab.ProgressLog.from_tables(events=reflectlab.example().events, tz="Pacific/Auckland")
    reflectlab.save_tables(log, tmp_path / "nz.parquet")
    assert reflectlab.scan(tmp_path / "nz.parquet").tz == "Pacific/Auckland"


def test_what_is_no_such_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotALogError, match=r"events\.parquet"):
        reflectlab.scan(tmp_path)
    (tmp_path / "events.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(NotALogError, match="cannot be read as Parquet"):
        reflectlab.scan(tmp_path)
    wrong: Any = "oracle"
    with pytest.raises(ArgumentError, match="`engine`"):
        reflectlab.scan(tmp_path, engine=wrong)
