"""Selections that leave nothing to report: every measure gives its columns and types, without a row too many."""

import inspect
from typing import Any

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog, measure
from tests.measure.conftest import Engine
from tests.test_one_sided import EVERY

SELECTIONS: list[dict[str, Any]] = [{"learner_id": []}, {"end": "2000-01-01"}, {"start": "2030-01-01"}]
FRAMES = [name for name in EVERY if name != "compare"]
CALLS = [(name, {}) for name in FRAMES] + [
    (name, {"every": every})
    for name in FRAMES
    if "every" in inspect.signature(getattr(measure, name)).parameters
    for every in ("week", "term")
]


@pytest.fixture(scope="module")
def whole(engine: Engine) -> ProgressLog:
    log = reflectlab.example()
    names = ("events", "collaborations", "learners", "goals", "terms")
    return engine({name: getattr(log, name).drop(columns=["row", "file", "sheet"], errors="ignore") for name in names})


@pytest.mark.parametrize(("name", "options"), CALLS)
def test_columns_and_types_stay(whole: ProgressLog, name: str, options: dict[str, str]) -> None:
    types = getattr(measure, name)(whole, **options).dtypes.to_dict()
    for chosen in SELECTIONS:
        found = getattr(measure, name)(whole.select(**chosen), **options)
        assert isinstance(found.index, pd.RangeIndex)
        assert found.dtypes.to_dict() == types


def test_a_selection_that_ends_after_the_log_ends_with_it(whole: ProgressLog) -> None:
    longer = whole.select(end=whole.last_day + pd.Timedelta(days=60))
    assert longer.last_day == whole.last_day
    pd.testing.assert_frame_equal(measure.status(longer), measure.status(whole))
