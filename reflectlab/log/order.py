"""Rows in order: what came before a row, and its number.

Polars sorts anew for each window that has an order: there rows are sorted once, and each looks at its neighbour.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    import polars as pl


def with_previous(
    frame: nw.LazyFrame, name: str, column: str, keys: Sequence[str], order: Sequence[str]
) -> nw.LazyFrame:
    """Add the value that a column has in the row before, of those with the same keys; missing in the first.

    >>> import polars as pl
    >>> rows = nw.from_native(pl.LazyFrame({"learner_id": ["a", "b", "a"], "n": [2, 1, 1], "goal_id": ["y", "z", "x"]}))
    >>> told = with_previous(rows, "source", "goal_id", ["learner_id"], ["n"])
    >>> told.sort("learner_id", "n").collect()["source"].to_list()
    [None, 'x', None]
    """
    if not frame.implementation.is_polars():
        return frame.with_columns(nw.col(column).shift(1).over(*keys, order_by=order).alias(name))
    import polars as pl

    rows = frame.to_native().sort(*keys, *order)
    told: nw.LazyFrame = nw.from_native(
        rows.with_columns(pl.when(~differs(keys)).then(pl.col(column).shift(1)).alias(name))
    )
    return told


def with_number(frame: nw.LazyFrame, name: str, keys: Sequence[str], order: Sequence[str]) -> nw.LazyFrame:
    """Add the number of each row among those with the same keys, from 1.

    >>> import polars as pl
    >>> rows = nw.from_native(pl.LazyFrame({"learner_id": ["a", "b", "a"], "n": [2, 1, 1]}))
    >>> with_number(rows, "position", ["learner_id"], ["n"]).sort("learner_id", "n").collect()["position"].to_list()
    [1, 2, 1]
    """
    if not frame.implementation.is_polars():
        counted = frame.with_columns(nw.lit(1).alias(name))
        return counted.with_columns(nw.col(name).cum_sum().over(*keys, order_by=order).cast(nw.Int64))
    import polars as pl

    at = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(differs(keys)).then(at).forward_fill()
    numbered: nw.LazyFrame = nw.from_native(
        frame.to_native().sort(*keys, *order).with_columns((at - first + 1).alias(name))
    )
    return numbered


def differs(columns: Sequence[str]) -> "pl.Expr":
    """Return whether a row of Polars differs from the one before it in some column, as the first row does."""
    import polars as pl

    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in columns) | (
        pl.int_range(pl.len()) == 0
    )
