"""What the columns of a table look like, by what stands in them: dates, numbers, names or words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from ..errors import AmbiguousDateError
from .clean.dates.columns import Where, read_dates
from .clean.dates.numbers import NUMBER, forms_of
from .clean.vocabulary import CHOICES, WORDS, meanings
from .files.raw import RawTable
from .options import Options

LOOKED_AT = 300
"""How many filled cells of a column are looked at."""

_MOST = 0.7
"""Which share of the cells has to look like something for the column to."""

_NAME_WORDS = 4


@dataclass(frozen=True)
class ColumnLook:
    """What a column looks like: `kind` in a word, and the `arguments` of `load` with which its dates can be read."""

    header: str
    kind: str
    values: tuple[str, ...]
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share_known(self) -> float:
        """Which share of its words are known as what can happen."""
        return self._share_of(WORDS)

    @property
    def says_who_chose(self) -> bool:
        """Whether its words are known as those of who chose."""
        return self._share_of(CHOICES) >= _MOST

    def _share_of(self, vocabulary: Mapping[str, Sequence[str]]) -> float:
        known = meanings(dict.fromkeys(self.values), {}, vocabulary)
        return sum(known[value].meaning is not None for value in self.values) / max(len(self.values), 1)


def column_looks(raw: RawTable, options: Options) -> list[ColumnLook]:
    """Say what each column of a table looks like."""
    return [_look(raw, header, options) for header in raw.header]


def _look(raw: RawTable, header: str, options: Options) -> ColumnLook:
    cells = raw.frame[header].str.strip_chars()
    values = cells.filter(cells != "").head(LOOKED_AT)
    texts = tuple(values.to_list())
    if not texts:
        return ColumnLook(header, "nothing", ())
    said = _read_as_dates(values, options, Where(str(raw), header))
    if said is not None:
        return ColumnLook(header, "dates", texts, said)
    return ColumnLook(header, _kind(texts), texts)


def _kind(texts: Sequence[str]) -> str:
    for kind, looks_like in (("numbers", NUMBER.fullmatch), ("names", _is_name)):
        if sum(bool(looks_like(text)) for text in texts) >= _MOST * len(texts):
            return kind
    return "words"


_WORD_OF_A_NAME = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*,?")


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        len(text) > 1
        and len(words) <= _NAME_WORDS
        and all(_WORD_OF_A_NAME.fullmatch(word) and not word[0].islower() for word in words)
    )


def _read_as_dates(values: pl.Series, options: Options, where: Where) -> dict[str, Any] | None:
    """Return what has to be said for texts to be read as dates; None if they are none."""
    said: dict[str, Any] = {}
    for _ in range(3):  # a form without a year lacks two things at most
        try:
            read = read_dates(values, replace(options, **said), where)["time"]
        except AmbiguousDateError as error:
            more = _decided(error.argument, values, options)
            if not more or more.items() <= said.items():
                return None
            said |= more
        else:
            return said if read.is_not_null().mean() >= _MOST else None  # type: ignore[operator]
    return None


def _decided(argument: str | None, values: pl.Series, options: Options) -> dict[str, Any]:
    if argument == "dayfirst":
        return {"dayfirst": True}
    if argument == "year":
        return {"year": date.today().year}
    forms = [form for form in forms_of(values.unique(maintain_order=True).to_list(), options.tz) if form.plausible]
    year = {} if not forms or forms[0].has_year else {"year": date.today().year}
    return {"date_format": forms[0].name, **year} if forms else {}
