"""The two forms of a table of counts: a row for each combination of groups, or groups in rows and in columns."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ArgumentError
from .disclosure.cells import Cells

TOTALS = ("Total", "total", "All", "all")
"""What a row or a column of totals is called, the first where there was none."""


@dataclass(frozen=True)
class Tidy:
    """A table with a row for each combination of groups."""

    frame: pd.DataFrame
    value: str
    tables: list[tuple[str, ...]]
    total: str = TOTALS[0]

    @classmethod
    def of(cls, frame: pd.DataFrame, value: str, tables: Sequence[Sequence[str]] | None) -> "Tidy":
        """Return the table of these columns, or of all."""
        others = [str(name) for name in frame.columns if name != value]
        return cls(frame, value, [tuple(each) for each in tables] if tables else [tuple(others)])

    @property
    def dimensions(self) -> list[str]:
        """By what the counts are grouped."""
        return list(dict.fromkeys(name for table in self.tables for name in table))

    def check(self, cells: Cells) -> None:
        """Take it as it is: totals are made, not given."""

    def named(self, cells: Cells) -> dict[str, list[Hashable]]:
        """Return the columns that say which cell each is."""
        return {name: [dict(key).get(name, self.total) for key in cells.keys] for name in self.dimensions}

    def filled(self, cells: Cells, hidden: NDArray[np.bool_]) -> pd.DataFrame:
        """Return the table with its totals, in which hidden counts are missing."""
        counts = pd.Series(cells.counts, dtype="Int64").mask(pd.Series(hidden))
        return pd.DataFrame({**self.named(cells), self.value: counts})[~cells.inner].reset_index(drop=True)


@dataclass(frozen=True)
class Wide:
    """A table with a group in each row and in each column."""

    given: pd.DataFrame
    frame: pd.DataFrame
    names: tuple[str, ...]
    totals: tuple[str, str]
    value: str = "count"

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Wide":
        """Take totals off, where they are there."""
        if table.empty:
            raise ArgumentError("`table` has no counts: at least one row and one column are needed.")
        if table.index.has_duplicates or table.columns.has_duplicates or isinstance(table.index, pd.MultiIndex):
            raise ArgumentError("Each row and column of the table must have a label of its own; or name `value`.")
        totals = tuple(next((word for word in TOTALS if word in labels), "") for labels in (table.index, table.columns))
        inner = table.drop(index=totals[0] or [], columns=totals[1] or [])
        named = ((table.index.name, "row"), (table.columns.name, "column"))
        names = tuple(str(word if said is None else said) for said, word in named)
        tidy = inner.set_axis(range(inner.shape[1]), axis=1).set_axis(range(len(inner)), axis=0).stack()
        rows, columns = (tidy.index.get_level_values(level) for level in (0, 1))
        found = {names[0]: inner.index[rows], names[1]: inner.columns[columns], "count": tidy.to_numpy()}
        one_way = inner.shape[1] == 1
        return cls(table, pd.DataFrame(found), names[:1] if one_way else names, (totals[0], totals[1]))

    @property
    def tables(self) -> list[tuple[str, ...]]:
        """What is released: one table."""
        return [self.names]

    def check(self, cells: Cells) -> None:
        """Refuse totals that are not the sums."""
        filled = self.filled(cells, np.zeros(len(cells.keys), dtype=bool))
        same = filled.loc[list(self.given.index), list(self.given.columns)].to_numpy() == self.given.to_numpy()
        if not bool(np.all(same)):
            row, column = (int(place[0]) for place in np.nonzero(~np.asarray(same, dtype=bool)))
            where = f"row {self.given.index[row]!r}, column {self.given.columns[column]!r}"
            raise ArgumentError(f"The totals of the table are not the sums of its counts: {where}.")

    def named(self, cells: Cells) -> dict[str, list[Hashable]]:
        """Return the columns that say which cell each is."""
        labels = [word or TOTALS[0] for word in self.totals]
        named = zip(self.names, labels, strict=False)
        return {name: [dict(key).get(name, label) for key in cells.keys] for name, label in named}

    def filled(self, cells: Cells, hidden: NDArray[np.bool_]) -> pd.DataFrame:
        """Return the table with its totals, in which hidden counts are missing."""
        counts = pd.Series(cells.counts, dtype="Int64").mask(pd.Series(hidden))
        named = self.named(cells)
        if len(self.names) == 1:
            column = self.frame[self.frame.columns[1]].iloc[0]
            rows = pd.Index(named[self.names[0]], name=self.given.index.name)
            table = pd.DataFrame({column: counts.to_numpy(dtype="object")}, index=rows).astype("Int64")[~cells.inner]
            return table.loc[_last(pd.Series(table.index), self.totals[0] or TOTALS[0])]
        tidy = pd.DataFrame({"row": named[self.names[0]], "column": named[self.names[1]], "count": counts})
        tidy = tidy[~cells.inner]
        order = (
            list(dict.fromkeys(_last(tidy[side], word or TOTALS[0])))
            for side, word in zip(("row", "column"), self.totals, strict=True)
        )
        wide = tidy.set_index(["row", "column"])["count"].unstack("column")
        rows_of, columns_of = order
        wide = wide.loc[rows_of, columns_of].astype("Int64")
        wide.index.name, wide.columns.name = self.given.index.name, self.given.columns.name
        return pd.DataFrame(wide)


def _last(labels: "pd.Series[Any]", total: str) -> list[Hashable]:
    return [label for label in labels if label != total] + [total]
