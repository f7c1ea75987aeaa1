"""What was released before: somebody who kept it can subtract it from what is released next."""

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArgumentError
from .cells import Cells, Key

LEDGER_VERSION = 1


@dataclass(frozen=True)
class Fact:
    """What a release tells: cells, each added or taken away, come to a number.

    A cell that was shown is a fact of its own; of the hidden ones, each sum tells what some of them come to.
    """

    cells: tuple[tuple[Key, int], ...]
    number: int


@dataclass(frozen=True)
class Ledger:
    """Everything that was released before, and which cells were hidden. It holds no hidden count.

    Attributes
    ----------
    facts : tuple of Fact
    hidden : frozenset
        The cells that were not shown.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.share import suppress
    >>> first = suppress(pd.DataFrame({"met": [30, 40], "open": [12, 9]}, index=["Room 5", "Room 6"]))
    >>> len(first.ledger.facts)
    9
    """

    facts: tuple[Fact, ...] = ()
    hidden: frozenset[Key] = frozenset()

    def __add__(self, other: "Ledger") -> "Ledger":
        """Return both; what is hidden in the one and shown in the other is out."""
        facts = tuple(dict.fromkeys((*self.facts, *other.facts)))
        out = {fact.cells[0][0] for fact in facts if len(fact.cells) == 1}
        return Ledger(facts, (self.hidden | other.hidden) - out)

    def save(self, path: str | Path) -> None:
        """Write it as JSON, to be read before the next release."""
        told = [{"cells": [[_written(key), sign] for key, sign in f.cells], "number": f.number} for f in self.facts]
        hidden = sorted((_written(key) for key in self.hidden), key=str)
        text = json.dumps({"version": LEDGER_VERSION, "facts": told, "hidden": hidden}, ensure_ascii=False)
        Path(path).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: str | Path) -> "Ledger":
        """Read what `save` wrote."""
        try:
            told = json.loads(Path(path).read_text(encoding="utf-8"))
            facts = [
                Fact(tuple((_key(key), int(sign)) for key, sign in each["cells"]), int(each["number"]))
                for each in told["facts"]
            ]
            return cls(tuple(facts), frozenset(_key(key) for key in told["hidden"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArgumentError(f"{path} is no ledger of releases, as `Ledger.save` writes it.") from error


def ledger_of(cells: Cells, hidden: NDArray[np.bool_]) -> Ledger:
    """Return what is told by showing these cells and no others."""
    facts = [Fact(((cells.keys[place], 1),), int(cells.counts[place])) for place in np.flatnonzero(~hidden)]
    for row in cells.sums:
        inside = hidden[row.indices]
        if inside.any():
            parts = zip(row.indices[inside], row.data[inside], strict=True)
            number = -int(row.data[~inside] @ cells.counts[row.indices[~inside]])
            facts.append(Fact(tuple((cells.keys[place], int(sign)) for place, sign in parts), number))
    return Ledger(tuple(facts), frozenset(cells.keys[place] for place in np.flatnonzero(hidden)))


def added_release(ledgers: Iterable[Ledger]) -> Ledger:
    """Return everything that several ledgers hold."""
    total = Ledger()
    for ledger in ledgers:
        total = total + ledger
    return total


def _written(key: Key) -> list[list[Any]]:
    return [[name, node if isinstance(node, str | int) else str(node)] for name, node in key]


def _key(written: list[list[Any]]) -> Key:
    parts: list[tuple[str, Hashable]] = [(str(name), node) for name, node in written]
    return tuple(parts)
