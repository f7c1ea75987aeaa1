"""Where a goal stands after each event: the one sort of Polars says what windows with an order say on every engine."""

from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reflectlab.log.checks import after_met
from reflectlab.log.status import with_statuses
from reflectlab.schema import EVENTS

happening = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["g", "h"]), st.sampled_from(EVENTS), st.integers(1, 4)
)


COLUMNS = ["learner_id", "goal_id", "event", "instant"]


def frame_of(rows: list[Any]) -> nw.LazyFrame:
    frame = pl.DataFrame(rows, COLUMNS, orient="row").with_row_index("row", offset=1)
    return nw.from_native(frame.with_columns(pl.col("row").cast(int)).lazy())


def told(rows: list[Any], *, held: bool) -> list[Any]:
    found = with_statuses(frame_of(rows), held=held).collect().to_native()
    return found.sort("row").select("row", *COLUMNS, "position", "status", "status_code").rows()


@given(st.lists(happening, min_size=1, max_size=14))
def test_both_ways_of_finding_statuses_agree(rows: list[Any]) -> None:
    assert told(rows, held=True) == told(rows, held=False)


@given(st.lists(happening, min_size=1, max_size=14))
def test_what_is_told_of_a_met_goal_is_found_without_the_statuses_of_all(rows: list[Any]) -> None:
    found = after_met(frame_of(rows)).collect().to_native()["row"]
    soft = ("started", "worked", "stuck")
    assert found.sort().to_list() == [row[0] for row in told(rows, held=False) if row[3] in soft and row[6] == "met"]


def test_reopened_comes_first_where_the_goal_stood_at_met_before() -> None:
    rows = [("a", "g", "met", 1), ("a", "g", "met", 2), ("a", "g", "reopened", 2), ("a", "g", "worked", 3)]
    assert [row[-2] for row in told(rows, held=True)] == ["met", "met", "working", "met"]
