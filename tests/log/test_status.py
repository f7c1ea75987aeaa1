"""Where a goal stands after each event: the one sort of Polars says what windows with an order say on every engine."""

from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from reflectlab.log import status
from reflectlab.log.checks import after_met
from reflectlab.schema import EVENTS

happening = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["g", "h"]), st.sampled_from(EVENTS), st.integers(1, 4)
)


COLUMNS = ["learner_id", "goal_id", "event", "instant"]


def frame_of(rows: list[Any]) -> nw.LazyFrame:
    frame = pl.DataFrame(rows, COLUMNS, orient="row").with_row_index("row", offset=1)
    return nw.from_native(frame.with_columns(pl.col("row").cast(int)).lazy())


def told(rows: list[Any], *, by_windows: bool = False) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        if by_windows:
            patch.setattr(status, "_sorted_once", lambda ranked, held: status._windowed(ranked))
        found = status.with_statuses(frame_of(rows), held=not by_windows).collect().to_native()
    return found.sort("row").select("row", *COLUMNS, "position", "status", "status_code", "go").rows()


@given(st.lists(happening, min_size=1, max_size=14))
def test_both_ways_of_finding_statuses_agree(rows: list[Any]) -> None:
    assert told(rows) == told(rows, by_windows=True)


@given(st.lists(happening, min_size=1, max_size=14))
def test_both_ways_of_finding_runs_agree(rows: list[Any]) -> None:
    days = pl.col("instant").cast(pl.Int64).alias("school_day"), pl.col("instant").alias("time")
    events = status.with_statuses(nw.from_native(frame_of(rows).to_native().with_columns(*days)), held=True)
    neighbours, windows = (way(events).select(*status.SPELL, *status.RUNS) for way in RUNS)
    order = [*status.SPELL, "position"]
    assert_frame_equal(neighbours.sort(*order).collect().to_native(), windows.sort(*order).collect().to_native())


RUNS = (status._runs_of_neighbours, status._runs_of_windows)


@given(st.lists(happening, min_size=1, max_size=14))
def test_what_is_told_of_a_met_goal_is_found_without_the_statuses_of_all(rows: list[Any]) -> None:
    found = after_met(frame_of(rows)).collect().to_native()["row"]
    soft = ("started", "worked", "stuck")
    assert found.sort().to_list() == [row[0] for row in told(rows) if row[3] in soft and row[6] == "met"]


def test_reopened_comes_first_where_the_goal_stood_at_met_before() -> None:
    rows = [("a", "g", "met", 1), ("a", "g", "met", 2), ("a", "g", "reopened", 2), ("a", "g", "worked", 3)]
    assert [row[-3] for row in told(rows)] == ["met", "met", "working", "met"]
