"""Tables with a column, or two, for each goal: their cells as rows, a row for each learner and goal.

A row of the file counts as read where one of its cells tells anything; what is wrong with a cell is listed under the
header of its column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ..clean.screen import Screen
from ..files.raw import ROW, RawTable

GOAL = "_goal"
"""The column that says which of the goals a cell is of, as two of them may be called alike."""


@dataclass(frozen=True)
class GoalColumns:
    """A goal, and the header of each column that tells of it, by what the log calls what stands there."""

    goal: str
    headers: Mapping[str, str]


def cells_of(raw: RawTable, goals: Sequence[GoalColumns]) -> pl.DataFrame:
    """Return a row for each row of the table and each goal: `ROW`, `GOAL`, `goal_id`, and the cells as text."""
    return pl.concat(
        raw.frame.select(
            ROW, pl.lit(number, pl.Int64).alias(GOAL), pl.lit(goal.goal).alias("goal_id"), **_columns(goal)
        )
        for number, goal in enumerate(goals)
    )


def _columns(goal: GoalColumns) -> dict[str, pl.Expr]:
    return {name: pl.col(header) for name, header in goal.headers.items() if name != "goal_id"}


def rows_told(raw: RawTable, cells: pl.DataFrame) -> int:
    """Count the rows of a table that tell anything, by the cells that do, with those that cannot be taken apart."""
    return raw.rows_read - raw.frame.height + cells[ROW].n_unique()


def goal_by_goal(
    screen: Screen, cells: pl.DataFrame, goals: Sequence[GoalColumns], sift: Callable[[Screen], pl.DataFrame]
) -> pl.DataFrame:
    """Return what is left of the cells after each goal was sifted by itself, its columns called as in the file.

    The cells have `GOAL`, and all that `sift` needs; problems are added to those of the screen.
    """
    parts = (screen.part(cells.filter(pl.col(GOAL) == n).drop(GOAL), goal.headers) for n, goal in enumerate(goals))
    return pl.concat([sift(part) for part in parts])
