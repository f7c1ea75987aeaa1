"""What `load` makes of a file with some arguments, and what it would need to be told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import AmbiguousDateError, ReflectLabError
from ...language import chained, gettext, translatable
from ...load.assemble import assemble
from ...load.clean.vocabulary import HEADERS, column_of
from ...load.files import read_files
from ...load.files.raw import RawTable, folded
from ...load.mappings import asked_table
from ...load.options import Options
from ...load.readers import known_headers
from ...log import ProgressLog
from ...problems import WORDS_OF, Problem, problems_frame

Arguments = dict[str, Any]

_SAMPLE = 3

_LONGEST = 40

_WIDE = 100


@dataclass(frozen=True)
class Column:
    """A column of a file: its header, and some of its cells."""

    header: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What came of reading a file: a log, or the error why there is none, and what was wrong.

    It `asks` for the argument of `load` that would settle it, where that is `dayfirst` or `year`.
    """

    log: ProgressLog | None = None
    error: str = ""
    asks: str | None = None
    problem_list: Sequence[Problem] = ()

    @cached_property
    def problems(self) -> pd.DataFrame:
        """As in `ProgressLog.problems`."""
        return problems_frame(self.problem_list)

    @property
    def words(self) -> pd.DataFrame:
        """The words that were not understood: `value, code, column, suggestion`, in how many `rows` each stands."""
        unknown = [problem for problem in self.problem_list if problem.code in WORDS_OF and problem.value]
        columns = ("value", "code", "column", "suggestion")
        rows = [tuple(getattr(problem, column) or "" for column in columns) for problem in unknown]
        counted = pd.DataFrame(rows, columns=list(columns)).groupby("value", sort=False)
        first = {column: (column, "first") for column in columns[1:]}
        return counted.agg(**first, rows=("code", "size")).reset_index()


def reading_of(path: Path, arguments: Arguments) -> Reading:
    """Load a file with these arguments of `load`, and tell what came of it."""
    try:
        log = assemble(path, Options.checked(**arguments, say=in_the_wizard), strict=False)
    except (ReflectLabError, OSError) as error:
        asks = error.argument if isinstance(error, AmbiguousDateError) else None
        return Reading(error=str(error), asks=asks, problem_list=getattr(error, "problem_list", ()))
    return Reading(log, problem_list=log.problem_list)


def in_the_wizard(**arguments: Any) -> str:
    """Return where in the wizard some arguments of `load` are said.

    >>> in_the_wizard(words={"S": "met"}), in_the_wizard(terms=[])
    ('in step 3, at "S"', 'in step 3, under "About this file"')
    >>> in_the_wizard(leave_out=["her mum"])
    'in step 4, at the children'
    """
    said = dict.fromkeys(_said_at(name, value) for name, value in arguments.items())
    return chained("{one} and {other}", list(said)) if said else ""


def _said_at(name: str, value: Any) -> str:
    if name == "words" and value:
        return gettext('in step 3, at "{title}"', title=next(iter(value)))
    if name == "leave_out" and isinstance(value, list):
        return gettext(_AT_NAMES["same"])
    if name in _AT_DATES:
        titles = {"title": gettext("Dates are written"), "other": gettext("Year")}
        return gettext('in step 3, at "{title}" and "{other}"', **titles)
    if name in _AT:
        return gettext('in step 3, at "{title}"', title=gettext(_AT[name]))
    if name in _AT_NAMES:
        return gettext(_AT_NAMES[name])
    return gettext('in step 3, under "{title}"', title=gettext(_UNDER.get(name, _FILE)))


def in_plain_words(hint: str) -> str:
    """Return what to do in the words of the wizard, where a hint names arguments of `load`.

    >>> in_plain_words("If they are one, join the two: `same`.")
    'If they are one, join the two: in step 4, at the children.'
    """
    return _ARGUMENT.sub(lambda found: in_the_wizard(**{found[1]: None}), hint)


_AT_DATES = ("year", "date_format")

_AT = translatable({"dayfirst": "03/04 is", "as_of": "Ticks count on", "tz": "Time zone"})

_AT_NAMES = translatable({"same": "in step 4, at the children", "same_goals": "in step 4, at the goals"})

_FILE = translatable("About this file")

_UNDER = translatable(
    {
        "columns": "What each column holds",
        "headers": "What each column holds",
        "words": "Words that are not known",
    }
)

_ARGUMENT = re.compile(r"`(words|same|same_goals|terms|class_from|as_of|year|columns|leave_out|blanks)`(?:=\S+)?")


def columns_of(path: Path) -> list[Column]:
    """Return the columns of the first table in a file that is none of our own; nothing where there is no such table."""
    try:
        raw = asked_table(read_files(path, known_headers()))
    except (ReflectLabError, OSError):
        return []
    return [Column(header, _cells(raw, header)) for header in raw.header] if raw else []


def _cells(raw: RawTable, header: str) -> tuple[str, ...]:
    """Return the first cells that differ, cut short."""
    filled = dict.fromkeys(cell.strip() for cell in raw.frame[header].to_list() if cell.strip())
    return tuple(cell if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…" for cell in list(filled)[:_SAMPLE])


def held(headers: Sequence[str], arguments: Arguments) -> dict[str, str]:
    """Return which column of the log each header is taken for, where the arguments are these.

    >>> held(["Datum", "learner", "who"], {"headers": {"Datum": "date"}})
    {'Datum': 'time', 'learner': 'learner_id'}
    """
    given = arguments.get("columns", {})
    if given:
        said = {header: name for name, header in given.items() if header in headers}
        sure = {folded(name): column for column, names in HEADERS.items() for name in (column, names[0])}
        rest = {header: sure[folded(header)] for header in headers if folded(header) in sure and header not in said}
        return said | _first_of_each((header, name) for header, name in rest.items() if name not in given)
    names = arguments.get("headers", {})
    meant = ((header, column_of(names.get(header, header))) for header in headers)
    return _first_of_each((header, name) for header, name in meant if name)


def _first_of_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header, name in pairs:
        if name not in found.values():
            found[header] = name
    return found


def arguments_for(headers: Sequence[str], said: Mapping[str, str], *, mirrored: bool) -> Arguments:
    """Return the arguments of `load` with which the headers are taken for what is said.

    `said` has for a column of the log a header, or what is the same in every row with an equals sign. It is `mirrored`
    where rows of two children may tell of one moment, as in a class log.

    >>> said = {"time": "Datum", "learner_id": "Kind"}
    >>> arguments_for(["Datum", "Kind"], said, mirrored=True)
    {'headers': {'Datum': 'date', 'Kind': 'learner'}}
    >>> arguments_for(["Datum", "Kind"], said, mirrored=False)
    {'columns': {'time': 'Datum', 'learner_id': 'Kind'}}
    """
    wanted = {header: name for name, header in said.items()}
    if wanted == held(headers, {}):
        return {}
    renamed = {header: HEADERS[name][0] for header, name in wanted.items() if column_of(header) != name}
    taken = {folded(header) for header in headers if header not in renamed}
    if mirrored and not taken & set(renamed.values()) and held(headers, {"headers": renamed}) == wanted:
        return {"headers": renamed}
    return {"columns": dict(said)}


def code(path: str, arguments: Arguments) -> str:
    """Return the line of Python that reads the file so.

    >>> print(code("room5.csv", {"dayfirst": True}))
    log = rl.load('room5.csv', dayfirst=True)
    """
    parts = [repr(path), *(f"{name}={value!r}" for name, value in arguments.items())]
    line = f"log = rl.load({', '.join(parts)})"
    return line if len(line) <= _WIDE else "log = rl.load(\n    " + ",\n    ".join(parts) + ",\n)"
