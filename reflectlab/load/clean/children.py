"""A child while files are read: one name and, where it is told, one class, from columns, sheets or files.

At the end each gets its id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import polars as pl

from ...language import gettext, translatable
from ...log.identity import Child, told_apart
from ...problems import Problem
from ..files.raw import ROW, RawTable
from ..options import Options
from .screen import tidied
from .vocabulary import HEADERS, log_columns

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


_FIRST = ("first name", "first names", "firstname", "given name", "given names", "forename", "forenames")

_LAST = ("last name", "last names", "lastname", "surname", "family name", "surnames")

PREFERRED = ("preferred name", "preferred first name", "known as", "goes by", "nickname", "called")
"""What a column is called, folded, with the name that a child goes by."""

ALIASES = ("alias", "aliases", "also known as", "other names", "also written", "spellings")
"""What a column is called, folded, with all else that a child is called."""

_LEARNER, _CLASS = HEADERS["learner_id"][0], HEADERS["class_id"][0]


def with_full_names(raw: RawTable, options: Options, into: str = _LEARNER) -> RawTable:
    """Return a table with first and last names in one column, in the place of the two.

    What the caller says of columns goes first; and a table that has the whole name too keeps its columns.
    """
    parts = _name_columns(raw)
    said = options.columns.get("learner_id", into)  # a message may offer the column by the name that it has here
    if parts is None or {*parts} & {*options.columns.values()} or said != into:
        return raw
    taken = {plain for header, plain in raw.folded.items() if header not in parts}
    whole = {*HEADERS["learner_id"]} if into == _LEARNER else {into, "full name"}
    if whole & taken:
        return raw
    name = pl.concat_str(*(pl.col(part).str.strip_chars() for part in parts), separator=" ").str.strip_chars()
    return _with_column(raw, into, name, without=parts)


def _name_columns(raw: RawTable) -> tuple[str, str] | None:
    """Return the columns of first and last names; beside a surname, `name` is the first."""
    there = raw.by_folded
    last = next((there[plain] for plain in _LAST if plain in there), None)
    first = next((there[plain] for plain in (*_FIRST, "name") if plain in there), None)
    return (first, last) if first and last else None


def _with_column(raw: RawTable, name: str, values: pl.Expr, without: Sequence[str] = ()) -> RawTable:
    """Put a column of text into a table, in the place of others."""
    header = tuple(one for one in raw.header if one not in without)
    frame = raw.frame.with_columns(values.alias(name)).select(ROW, *header, name)
    return replace(raw, header=(*header, name), frame=frame, typed=None)


def class_column(raw: RawTable, options: Options) -> str | None:
    """Return the column that says the class."""
    said = options.columns.get("class_id")
    if said is not None:
        return said if said in raw.header else None
    return next((header for header, column in log_columns(raw).items() if column == "class_id"), None)


def with_class_from(raws: Sequence[RawTable], options: Options) -> list[RawTable]:
    """Put in the name of the sheet or of the file as the class, where no column says it and the caller wants it."""
    if options.class_from is None:
        return list(raws)
    names = class_names([raw.place for raw in raws], options.class_from)
    told = [class_column(raw, options) is not None or "class_id" in options.columns for raw in raws]
    return [
        raw if known else _with_column(raw, _CLASS, pl.lit(name))
        for raw, name, known in zip(raws, names, told, strict=True)
    ]


def class_names(places: Sequence[tuple[str, str | None]], where: str) -> list[str]:
    """Return the name of the sheet or file of each place; of the folder, where all files are called alike.

    >>> class_names([("room5.csv", None), ("room6.csv", None)], "file")
    ['room5', 'room6']
    >>> class_names([("room5/log.csv", None), ("room6/log.csv", None)], "file")
    ['room5', 'room6']
    """
    paths = {file: PurePosixPath(file.removesuffix(".gz")) for file, _ in places}
    alike = len(paths) > 1 and len({path.stem for path in paths.values()}) == 1
    of_file = {file: path.parent.name if alike else path.stem for file, path in paths.items()}
    return [(sheet if where == "sheet" else None) or of_file[file] for file, sheet in places]


def in_one_spelling(raws: Sequence[RawTable], options: Options) -> list[RawTable]:
    """Return tables in which a class that is written with other capitals or blanks is spelt as it was first."""
    columns = {id(raw): column for raw in raws if (column := class_column(raw, options))}
    spellings = _one_spelling(raws, columns)
    return [_spelt(raw, columns[id(raw)], spellings) if id(raw) in columns else raw for raw in raws]


def _one_spelling(raws: Sequence[RawTable], columns: Mapping[int, str]) -> dict[str, str]:
    """Return the first spelling of each class, for those that differ from it in capitals and blanks only."""
    first: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for raw in raws:
        if id(raw) in columns:
            for text in raw.frame[columns[id(raw)]].unique(maintain_order=True).to_list():
                tidy = " ".join(text.split())
                spelt[text] = first.setdefault("".join(tidy.split()).casefold(), tidy)
    return {text: one for text, one in spelt.items() if text != one}


_READ_AS = translatable('The class "{text}" was read as "{one}".')

_NO_NEED = translatable("Nothing needs to be done.")


def _spelt(raw: RawTable, column: str, spellings: Mapping[str, str]) -> RawTable:
    here = {text: spellings[text] for text in raw.frame[column].unique().to_list() if text in spellings}
    if not here:
        return raw
    rows = raw.frame.filter(pl.col(column).is_in([*here]))
    remarks = [
        Problem(
            "normalised", gettext(_READ_AS, text=text, one=one), _NO_NEED, *raw.place,
            rows.filter(pl.col(column) == text)[ROW][0], column, text,
        )
        for text, one in here.items()
        if text.split() != one.split()
    ]  # fmt: skip
    frame = raw.frame.with_columns(pl.col(column).replace(here))
    return replace(raw, frame=frame, problems=(*raw.problems, *remarks))


def other_names(raw: RawTable, ids: pl.DataFrame) -> list[tuple[str, str]]:
    """Return what else the learners of a roster are called, and the id of each; `ids` has `ROW` and `learner_id`."""
    found: list[tuple[str, str]] = []
    for names in (PREFERRED, ALIASES):
        for header in (raw.by_folded[plain] for plain in names if plain in raw.by_folded):
            cells = raw.frame.select(ROW, _cell=header).join(ids, on=ROW)
            each = cells.with_columns(pl.col("_cell").str.split(";").list.eval(pl.element().str.split(",").explode()))
            told = each.explode("_cell").with_columns(tidied(each.explode("_cell")["_cell"]))
            found += told.filter(pl.col("_cell") != "").select("_cell", "learner_id").iter_rows()
    return found
