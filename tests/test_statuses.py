"""Where a goal stands after each event: the one sort of Polars says what windows with an order say on every engine."""

from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reflectlab.statuses import EVENTS, with_statuses

happening = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["g", "h"]), st.sampled_from(EVENTS), st.integers(1, 4)
)


def told(rows: list[Any], *, held: bool) -> list[Any]:
    columns = ["learner_id", "goal_id", "event", "instant"]
    frame = (
        pl.DataFrame(rows, columns, orient="row").with_row_index("row", offset=1).with_columns(pl.col("row").cast(int))
    )
    found = with_statuses(nw.from_native(frame.lazy()), held=held).collect().to_native()
    return found.sort("row").select("row", *columns, "position", "status", "status_code").rows()


@given(st.lists(happening, min_size=1, max_size=14))
def test_both_ways_of_finding_statuses_agree(rows: list[Any]) -> None:
    assert told(rows, held=True) == told(rows, held=False)


def test_reopened_comes_first_where_the_goal_stood_at_met_before() -> None:
    rows = [("a", "g", "met", 1), ("a", "g", "met", 2), ("a", "g", "reopened", 2), ("a", "g", "worked", 3)]
    assert [row[-2] for row in told(rows, held=True)] == ["met", "met", "working", "met"]
