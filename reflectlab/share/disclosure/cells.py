"""A table of counts as cells and the sums among them: totals, levels above, and tables that share cells."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from ...errors import ArgumentError, need_columns

Key = tuple[tuple[str, Hashable], ...]
"""Which cell it is: a value for each dimension that it is narrowed by; a dimension that is not there is totalled."""

Above = Mapping[str, Mapping[Hashable, Hashable]]
"""For a dimension, what is above each of its values: the year above a class."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells, their counts, and the sums among them: each row of `sums` times the counts is 0."""

    keys: list[Key]
    counts: NDArray[np.int64]
    sums: sparse.csr_matrix
    blocks: NDArray[np.int64]

    @property
    def place(self) -> dict[Key, int]:
        """Where each cell stands."""
        return {key: place for place, key in enumerate(self.keys)}


def table_cells(frame: pd.DataFrame, value: str, tables: Iterable[Sequence[str]], above: Above) -> Cells:
    """Return the cells of tables that are made of one tidy frame of counts, with all their totals."""
    tables = [tuple(table) for table in tables]
    dimensions = list(dict.fromkeys(name for table in tables for name in table))
    need_columns("the table", frame.columns, [*dimensions, value])
    counts = _checked(frame[value])
    trees = {name: _Tree.of(name, frame[name], above.get(name, {})) for name in dimensions}
    totals = {table: _counted(frame, counts, table, trees) for table in tables}
    keys: dict[Key, int] = {}
    for table in tables:
        for nodes in product(*([None, *trees[name].nodes] for name in table)):
            key = tuple((name, node) for name, node in zip(table, nodes, strict=True) if node is not None)
            keys.setdefault(tuple(sorted(key, key=lambda part: part[0])), totals[table].get(nodes, 0))
    found = list(keys)
    return Cells(found, np.array(list(keys.values()), dtype=np.int64), _sums(found, trees), _blocks(found, trees))


@dataclass(frozen=True)
class _Tree:
    """The values of a dimension, the least and those above them."""

    leaves: list[Hashable]
    parent: dict[Hashable, Hashable]
    nodes: list[Hashable]

    @classmethod
    def of(cls, name: str, values: "pd.Series[Any]", parent: Mapping[Hashable, Hashable]) -> "_Tree":
        if values.isna().any():
            raise ArgumentError(f'"{name}" has rows without a value; name that group, for instance "not known".')
        leaves = list(dict.fromkeys(values))
        nodes, climbing = dict.fromkeys(leaves), list(leaves)
        for node in climbing:
            up = parent.get(node)
            if up is not None and up not in nodes:
                nodes[up] = None
                climbing.append(up)
        if any(parent.get(up) is not None and up in leaves for up in parent.values()) or set(parent.values()) & {
            *leaves
        }:
            raise ArgumentError(f'`above` puts a value of "{name}" above others that has counts of its own.')
        return cls(leaves, {node: parent[node] for node in nodes if node in parent}, list(nodes))

    def children(self, node: Hashable | None) -> list[Hashable]:
        return [each for each in self.nodes if self.parent.get(each) == node]

    def upwards(self, leaf: Hashable) -> list[Hashable | None]:
        chain: list[Hashable | None] = [leaf]
        while (up := self.parent.get(chain[-1])) is not None:
            chain.append(up)
        return [*chain, None]


def _checked(counts: "pd.Series[Any]") -> NDArray[np.int64]:
    numbers = pd.to_numeric(counts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = ~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers)))
    if bad.any():
        found = counts.iloc[int(np.flatnonzero(bad)[0])]
        raise ArgumentError(f"A count must be a whole number from 0; got {found!r}.")
    return numbers.astype(np.int64)


def _counted(
    frame: pd.DataFrame, counts: NDArray[np.int64], table: Sequence[str], trees: Mapping[str, _Tree]
) -> dict[tuple[Hashable | None, ...], int]:
    """Return the count of every node of a table that anything was counted in."""
    if not table:
        return {(): int(counts.sum())}
    least = pd.Series(counts).groupby([frame[name].to_numpy() for name in table], sort=False).sum()
    chains = {name: {leaf: trees[name].upwards(leaf) for leaf in trees[name].leaves} for name in table}
    total: dict[tuple[Hashable | None, ...], int] = {}
    for leaves, count in zip(least.index, least, strict=True):
        leaves = leaves if isinstance(leaves, tuple) else (leaves,)
        for nodes in product(*(chains[name][leaf] for name, leaf in zip(table, leaves, strict=True))):
            total[nodes] = total.get(nodes, 0) + int(count)
    return total


def _sums(keys: list[Key], trees: Mapping[str, _Tree]) -> sparse.csr_matrix:
    """Return a row for each cell and dimension in which it is the sum of others that are all there."""
    place = {key: number for number, key in enumerate(keys)}
    below: dict[tuple[str, Hashable | None], list[Hashable]] = {}
    rows: list[int] = []
    columns: list[int] = []
    signs: list[int] = []
    made = 0
    for key in keys:
        own = dict(key)
        for name, tree in trees.items():
            node = own.get(name)
            children = below.setdefault((name, node), tree.children(node))
            parts = [place.get(_narrowed(own, name, child)) for child in children]
            if not parts or None in parts:
                continue
            rows += [made] * (len(parts) + 1)
            columns += [place[key], *(part for part in parts if part is not None)]
            signs += [-1, *([1] * len(parts))]
            made += 1
    return sparse.csr_matrix((signs, (rows, columns)), shape=(made, len(keys)), dtype=float)


def _narrowed(own: Mapping[str, Hashable], name: str, child: Hashable) -> Key:
    return tuple(sorted({**own, name: child}.items(), key=lambda part: part[0]))


def _blocks(keys: list[Key], trees: Mapping[str, _Tree]) -> NDArray[np.int64]:
    """Return the value of each cell in the dimension of most values, as a number; -1 where it is totalled."""
    if not trees:
        return np.full(len(keys), -1)
    name = max(trees, key=lambda each: len(trees[each].leaves))
    number = {leaf: place for place, leaf in enumerate(trees[name].leaves)}
    return np.array([number.get(dict(key).get(name), -1) for key in keys], dtype=np.int64)
