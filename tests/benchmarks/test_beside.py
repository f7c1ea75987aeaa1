"""What is written by hand to be timed beside the measures gives what they give."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from pandas.testing import assert_frame_equal

import reflectlab
from benchmarks.beside.engines import ENGINES, NAMES
from reflectlab import ProgressLog
from tests.logs import Tables, class_logs

ROOT = Path(__file__).resolve().parents[2]

BY_HAND = ("polars", "polars_to_pandas", "pandas")


Case = tuple[ProgressLog, Path]


@pytest.fixture(scope="module", params=["sample", "class", "class of dates", "school"])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    a_class: dict[str, Any] = {"classes": 1, "learners": 30, "weeks": 12, "seed": 5, "closed": [date(2026, 8, 21)]}
    if request.param == "sample":
        log = reflectlab.load(ROOT / "data" / "sample")
    elif request.param == "school":
        log = reflectlab.simulate(classes=5, learners=24, weeks=15, goals=40, seed=6)
    else:
        log = reflectlab.simulate(**a_class, mode="dates" if request.param == "class of dates" else "times")
    folder = tmp_path_factory.mktemp("log")
    reflectlab.save_tables(log, folder, format="parquet", overwrite=True)
    return log, folder


@pytest.mark.parametrize("name", NAMES)
def test_by_hand_it_is_the_same(case: Case, name: str) -> None:
    log, folder = case
    expected = getattr(reflectlab, name)(log)
    assert len(expected)
    for engine in BY_HAND:
        assert_same(_made(engine, folder, name), expected, engine)


@settings(max_examples=12, deadline=None)
@given(class_logs())
def test_by_hand_it_is_the_same_of_any_log(tables: Tables) -> None:
    assume({"events", "collaborations"} <= tables.keys())
    tables.pop("absences", None)
    log = ProgressLog.from_tables(**tables)  # type: ignore[arg-type]
    with TemporaryDirectory() as folder:
        reflectlab.save_tables(log, folder, format="parquet", overwrite=True)
        for name in NAMES:
            expected = getattr(reflectlab, name)(log)
            for engine in ("polars", "pandas"):
                assert_same(_made(engine, Path(folder), name), expected, f"{name} by {engine}")


def _made(engine: str, folder: Path, name: str) -> pd.DataFrame:
    opened, call = ENGINES[engine](folder, held=True)
    found = call(opened(), name)
    frame: pd.DataFrame = found if isinstance(found, pd.DataFrame) else found.to_pandas()
    return frame


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, of: str) -> None:
    """Compare columns, rows and their order; types are those that each has by itself."""
    assert {*found.columns} == {*expected.columns}
    types: Mapping[Any, Any] = expected.dtypes.to_dict()
    assert_frame_equal(found[expected.columns.tolist()].astype(types), expected, rtol=1e-9, atol=1e-12, obj=of)
