"""What readers know beside their raw tables: what the caller said, and who and what is on the lists of the school."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from ..errors import did_you_mean
from .options import Options
from .raw import ROW, RawTable
from .screening import tidy_name


@dataclass(frozen=True)
class Directory:
    """The learners of a roster, or the goals of a catalogue: the id of each, and what it is called.

    Attributes
    ----------
    ids, names : sequence of str
        One of each for every entry.
    exact : bool
        Whether capitals count.
    others : sequence of tuple of str
        What else someone is called, and the id.
    """

    ids: Sequence[str]
    names: Sequence[str]
    exact: bool = False
    others: Sequence[tuple[str, str]] = ()

    @cached_property
    def _by_text(self) -> dict[str, str]:
        """Ids by all that stands for exactly one of them; an id goes before a name."""
        return _of_one(self._called) | {one: one for one in self.ids}

    @cached_property
    def _by_folded_text(self) -> dict[str, str]:
        everything = [*self._called, *zip(self.ids, self.ids, strict=True)]
        return {} if self.exact else _of_one((text.casefold(), one) for text, one in everything)

    @property
    def _called(self) -> list[tuple[str, str]]:
        return [*zip(self.names, self.ids, strict=True), *self.others]

    def find(self, text: str) -> str | None:
        """Return the id that a text stands for: an id or a name, capitals or not, if it is the only one."""
        return self._by_text.get(text) or self._by_folded_text.get(text.casefold())

    def hint(self, text: str) -> str:
        """Return a sentence with the likely meaning of a text that stands for none."""
        return did_you_mean(text, [*self.names, *self.ids])


def _of_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the id of each text that stands for one only."""
    ids: dict[str, set[str]] = {}
    for text, one in pairs:
        ids.setdefault(text, set()).add(one)
    return {text: next(iter(some)) for text, some in ids.items() if len(some) == 1}


@dataclass(frozen=True)
class Context:
    """What a reader is given beside its raw tables.

    Attributes
    ----------
    options : Options
    learners, goals : Directory or None
        The roster and the catalogue of goals, where there are such tables.
    raws : sequence of RawTable
        Every raw table, for evidence on how dates are written in a file.
    """

    options: Options
    learners: Directory | None = None
    goals: Directory | None = None
    raws: Sequence[RawTable] = field(default=())

    def columns_of(self, file: str) -> Callable[[], Iterable[pl.Series]]:
        """Return all columns of a file, when asked for."""
        return lambda: (
            raw.frame[name] for raw in self.raws if raw.file == file for name in raw.frame.columns if name != ROW
        )


def directory(
    frames: Sequence[pl.DataFrame], key: str, name: str, others: Sequence[tuple[str, str]] = ()
) -> Directory | None:
    """Return the directory of the tables of a kind; None where there are none.

    Parameters
    ----------
    frames : sequence of polars.DataFrame
    key, name : str
        The column of the ids, and the column of what they are called.
    others : sequence of tuple of str
        What else someone is called, and the id.
    """
    if not frames:
        return None
    text = [f.select(pl.col(key, *({name} & {*f.columns})).cast(pl.String)) for f in frames]
    rows = pl.concat([pl.DataFrame(schema={key: pl.String, name: pl.String}), *text], how="diagonal")
    rows = rows.filter(pl.col(key).is_not_null()).unique(key, keep="first", maintain_order=True)
    ids = rows[key].to_list()
    names = [tidy_name(called or one) for called, one in zip(rows[name].to_list(), ids, strict=True)]
    return Directory(ids, names, others=[(tidy_name(text), one) for text, one in others])
