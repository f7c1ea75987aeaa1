"""Classmates who are named in the cell that tells what happened: "done w/ Ben & Zoe", "helped Ben"."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from ...language import gettext, ngettext, number_in_words
from ..files.raw import ROW, folded
from .names import Find, names_in
from .roster import Directory
from .screen import Screen
from .vocabulary import ROLE_WORDS, WORDS, meanings

_WITH = re.compile(r"(?is)(.*?)[\s,;:.(\[–—-]*(?:(?<![^\W_])with\b|\bw/|\+)\s*([^()\[\]]+?)\s*[)\]]?\s*")
"""What happened, and with whom."""


class Told(NamedTuple):
    """What one cell tells: a word for what happened, and the names of classmates as they are written."""

    word: str
    names: str


def company_in_words(screen: Screen, roster: Directory | None) -> None:
    """Take classmates out of `event`, and put them into `with`.

    Names are taken for names only where all are known: on the roster or, without one, in the columns of the table that
    name learners. What the caller says of a whole cell goes first.
    """
    find = _finder(screen, roster)
    told = _told(screen.frame["event"].unique().to_list(), screen.options.words, find)
    if not told:
        return
    screen.put_empty({"with": screen.headers["event"]})
    rows = screen.frame.filter(pl.col("event").is_in([*told])).select(ROW, "event")
    row, cell = rows.row(0)
    word, names = told[cell]
    text = ngettext(
        'The words of this row tell with whom: "{word}", with {names}.',
        'The words of {number} rows tell with whom, this one\'s first: "{word}", with {names}.',
        rows.height,
        number=number_in_words(rows.height),
        word=word,
        names=names,
    )
    screen.note(
        screen.problem("normalised", text, gettext("Correct it if that is not what was meant."), row, "event", cell)
    )
    named = pl.col("event").replace_strict({each: one.names for each, one in told.items()}, default="")
    both = pl.concat_str("with", named, separator="; ")
    screen.put(pl.when(named == "").then("with").when(pl.col("with") == "").then(named).otherwise(both).alias("with"))
    screen.put(pl.col("event").replace({cell: one.word for cell, one in told.items()}))
    _name_once(screen, find)


def _finder(screen: Screen, roster: Directory | None) -> Find:
    if roster is not None:
        return roster.find
    cells = [text for column in ("learner_id", "with") if screen.has(column) for text in screen.frame[column].unique()]
    names = {name for cell in cells if cell for name in names_in(cell, lambda _: None, last_first=False)}
    return Directory([*names], [*names], people=True).find


def _told(cells: Iterable[str], given: Mapping[str, str | None], find: Find) -> dict[str, Told]:
    """Return what each cell tells that is no word by itself and names classmates."""
    unknown = [cell for cell, one in meanings(cells, given, WORDS).items() if not one.known and cell.strip()]
    found = {cell: _taken_apart(cell, given, find) for cell in unknown}
    return {cell: told for cell, told in found.items() if told}


def _taken_apart(cell: str, given: Mapping[str, str | None], find: Find) -> Told | None:
    """Return a word and names; a word that is not known is asked about once, whoever is named beside it."""
    parts = _WITH.fullmatch(cell)
    word, names = (parts[1].strip(), parts[2]) if parts and _all_known(parts[2], find) else ("", "")
    for known in (f"{word} with".strip(), word):
        if names and known and meanings([known], given, WORDS)[known].known:
            return Told(known, names)
    for said in sorted(ROLE_WORDS, key=len, reverse=True):
        if folded(cell).startswith(f"{said} ") and _all_known(cell.strip()[len(said) :].strip(), find):
            return Told(said, cell.strip()[len(said) :].strip())
    return Told(word, names) if word else None


def _all_known(names: str, find: Find) -> bool:
    each = names_in(names, find, last_first=False)
    return bool(each) and all(map(find, each))


def _name_once(screen: Screen, find: Find) -> None:
    """Name nobody twice who stands in both columns."""
    several = {cell: names_in(cell, find, last_first=False) for cell in screen.frame["with"].unique() if "; " in cell}
    once = {cell: "; ".join({find(name) or name: name for name in names}.values()) for cell, names in several.items()}
    screen.put(pl.col("with").replace(once))
