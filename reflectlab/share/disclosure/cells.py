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


Merged = Mapping[str, Mapping[Hashable, str]]
"""For a dimension, what a value is put together with its neighbours as."""

CLASS = "class_id"
"""The dimension, if there is one, of which no value may make up nearly all of a figure of several."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells, their counts, and the sums among them: each row of `sums` times the counts is 0.

    `inner` are those of values that were merged with a neighbour, which are in no table; `top` is the share that one
    class has of a cell of several.
    """

    keys: list[Key]
    counts: NDArray[np.int64]
    sums: sparse.csr_matrix
    blocks: NDArray[np.int64]
    inner: NDArray[np.bool_]
    top: NDArray[np.float64]

    @property
    def place(self) -> dict[Key, int]:
        """Where each cell stands."""
        return {key: place for place, key in enumerate(self.keys)}


def table_cells(
    frame: pd.DataFrame, value: str, tables: Iterable[Sequence[str]], above: Above, merged: Merged | None = None
) -> Cells:
    """Return the cells of tables that are made of one tidy frame of counts, with all their totals."""
    tables = [tuple(table) for table in tables]
    dimensions = list(dict.fromkeys(name for table in tables for name in table))
    need_columns("the table", frame.columns, [*dimensions, value])
    counts = _checked(frame[value])
    merged = merged or {}
    trees = {name: _Tree.of(name, frame[name], above.get(name, {}), merged.get(name, {})) for name in dimensions}
    totals = {table: _counted(frame, counts, table, trees) for table in tables}
    keys: dict[Key, int] = {}
    for table in tables:
        for nodes in product(*([None, *trees[name].nodes] for name in table)):
            key = tuple((name, node) for name, node in zip(table, nodes, strict=True) if node is not None)
            keys.setdefault(tuple(sorted(key, key=lambda part: part[0])), totals[table].get(nodes, 0))
    found = list(keys)
    inner = np.array([any(node in merged.get(name, ()) for name, node in key) for key in found], dtype=bool)
    numbers = np.array(list(keys.values()), dtype=np.int64)
    top = _top(frame, counts, found, trees)
    return Cells(found, numbers, _sums(found, trees), _blocks(found, trees), inner, top)


@dataclass(frozen=True)
class _Tree:
    """The values of a dimension, the least and those above them."""

    leaves: list[Hashable]
    parent: dict[Hashable, Hashable]
    nodes: list[Hashable]

    @classmethod
    def of(
        cls, name: str, values: "pd.Series[Any]", parent: Mapping[Hashable, Hashable], merged: Mapping[Hashable, str]
    ) -> "_Tree":
        if values.isna().any():
            raise ArgumentError(f'"{name}" has rows without a value; name that group, for instance "not known".')
        leaves = list(dict.fromkeys(values))
        parent = {**parent, **{merged[leaf]: parent[leaf] for leaf in leaves if leaf in merged and leaf in parent}}
        parent |= merged
        nodes = dict.fromkeys(node for leaf in leaves for node in (merged.get(leaf), leaf) if node is not None)
        climbing = list(nodes)
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


def _top(
    frame: pd.DataFrame, counts: NDArray[np.int64], keys: list[Key], trees: Mapping[str, _Tree]
) -> NDArray[np.float64]:
    """Return the share that one class has of each cell; 0 where no classes are known, or the cell is of one."""
    if CLASS not in frame or frame[CLASS].nunique() < 2:
        return np.zeros(len(keys))
    found: dict[Key, dict[Hashable, int]] = {}
    for names in dict.fromkeys(tuple(name for name, _ in key) for key in keys):
        columns = [frame[name] for name in (*names, CLASS)]
        rows = pd.DataFrame(list(zip(*columns, counts, strict=True)))
        least = rows.groupby([*range(len(columns))], as_index=False).sum()
        for *leaves, room, count in least.itertuples(index=False, name=None):
            ups = [trees[name].upwards(leaf)[:-1] for name, leaf in zip(names, leaves, strict=True)]
            for nodes in product(*ups):
                each = found.setdefault(tuple(zip(names, nodes, strict=True)), {})
                each[room] = each.get(room, 0) + int(count)
    tree = trees.get(CLASS)
    below = [node for leaf in tree.leaves for node in tree.upwards(leaf)] if tree else []
    rooms = [found.get(key, {}) if below.count(dict(key).get(CLASS)) != 1 else {} for key in keys]
    return np.array([max(each.values()) / max(sum(each.values()), 1) if each else 0.0 for each in rooms])


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
    """Return a number for all cells of a value in the dimension of most values, or of what stands above it at the top.

    It is -1 where that dimension is totalled: what is below one value at the top adds up among itself.
    """
    if not trees:
        return np.full(len(keys), -1)
    name = max(trees, key=lambda each: len(trees[each].leaves))
    tops = {node: trees[name].upwards(node)[-2] for node in trees[name].nodes}
    number = {top: place for place, top in enumerate(dict.fromkeys(tops.values()))}
    nodes = (dict(key).get(name) for key in keys)
    return np.array([-1 if node is None else number[tops[node]] for node in nodes], dtype=np.int64)
