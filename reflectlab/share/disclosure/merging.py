"""Neighbouring values that are put together, so that fewer counts are small before any is hidden."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import ArgumentError
from .cells import Cells

Segments = list[list[Hashable]]


def merged_neighbours(
    frame: pd.DataFrame, cells: Cells, name: str, parent: Mapping[Hashable, Hashable], threshold: int
) -> dict[Hashable, str]:
    """Return what values of a dimension are put together as; nothing of those that stay alone.

    Those two neighbours join of which that leaves the fewest small counts, of these the smallest, as long as there are
    fewer than before; two groups at least remain, and nothing joins that has not the same above it.
    """
    if name not in frame:
        raise ArgumentError(f'names "{name}", by which the table is not grouped.', "merge")
    segments: Segments = [[value] for value in _in_order(frame[name])]
    counts = _columns(cells, name, [value for (value,) in segments])
    while len(segments) > 2:
        able = [n for n in range(len(segments) - 1) if parent.get(segments[n][0]) == parent.get(segments[n + 1][0])]
        tried = [(_small(_joined(counts, n), threshold), counts[:, n : n + 2].sum(), n) for n in able]
        if not tried or min(tried)[0] >= _small(counts, threshold):
            break
        best = min(tried)[2]
        counts = _joined(counts, best)
        segments[best : best + 2] = [segments[best] + segments[best + 1]]
    return {value: f"{each[0]} to {each[-1]}" for each in segments if len(each) > 1 for value in each}


def _in_order(values: "pd.Series[Any]") -> list[Hashable]:
    """Return the values in their order: numbers and ordered categories sorted, others as they come."""
    if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered:
        there = set(values)
        return [value for value in values.cat.categories if value in there]
    found = list(dict.fromkeys(values))
    numbers = all(isinstance(value, int | float | np.number) for value in found)
    return sorted(found) if numbers else found


def _columns(cells: Cells, name: str, values: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return the counts of all cells that are narrowed to a value: a column for each value."""
    column = {value: number for number, value in enumerate(values)}
    rows: dict[tuple[tuple[str, Hashable], ...], int] = {}
    found: list[tuple[int, int, int]] = []
    for key, count, inner in zip(cells.keys, cells.counts, cells.inner, strict=True):
        own = dict(key)
        value = own.pop(name, None)
        if value in column and not inner:
            found.append((rows.setdefault(tuple(own.items()), len(rows)), column[value], int(count)))
    counts = np.zeros((len(rows), len(values)), dtype=np.int64)
    for row, place, count in found:
        counts[row, place] = count
    return counts


def _joined(counts: NDArray[np.int64], first: int) -> NDArray[np.int64]:
    joined = np.delete(counts, first + 1, axis=1)
    joined[:, first] += counts[:, first + 1]
    return joined


def _small(counts: NDArray[np.int64], threshold: int) -> int:
    return int(((counts > 0) & (counts < threshold)).sum())
