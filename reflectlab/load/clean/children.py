"""A child while files are read: a name and, where it is told, a class. At the end each gets its id."""

from collections.abc import Iterable, Mapping

import polars as pl

from ...log.identity import Child, told_apart

_SIGN = "\x1f"
"""Stands between a name and its class: no file has it in a name."""


def child(name: str, room: str | None) -> str:
    """Return what stands for a child until all are known.

    >>> name_of(child("Ben", "Room 6")), child("Ben", None)
    ('Ben', 'Ben')
    """
    return f"{name}{_SIGN}{room}" if room and name else name


def child_in_row(name: str = "learner_id", room: str = "class_id") -> pl.Expr:
    """Return the same for the rows of a table, in which an empty text is no class."""
    told = (pl.col(room) != "") & (pl.col(name) != "")
    return pl.when(told).then(pl.concat_str(name, room, separator=_SIGN)).otherwise(pl.col(name)).alias(name)


def name_of(one: str) -> str:
    """Return the name."""
    return one.partition(_SIGN)[0]


def apart(one: str) -> Child:
    """Return the name and the class."""
    name, sign, room = one.partition(_SIGN)
    return name, room if sign else None


def tells_classes(ids: pl.Series) -> bool:
    """Tell whether some have a class."""
    return bool(ids.str.contains(_SIGN, literal=True).any())


def ids_of(children: Iterable[str], same: Mapping[str, str]) -> dict[str, str]:
    """Return the id of each child; `same` says which ids stand for which other."""
    pairs = {one: apart(one) for one in children}
    ids = told_apart(pairs.values())
    return {one: same.get(ids[pair], ids[pair]) for one, pair in pairs.items()}
