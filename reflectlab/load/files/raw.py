"""Raw tables: the cells of a file as they are written there, and the row of each in the file."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from math import ceil
from typing import Literal, NamedTuple

import polars as pl

from ...errors import NotALogError
from ...language import gettext, number_in_words
from ...problems import Problem
from ..options import Options

ROW = "_row"
"""The column of a raw table that says which row of the file this is, as a spreadsheet counts."""

COMMENTS = ("%", "#")
"""What a line of comment begins with."""

EXAMPLE = "# example"
"""What a row begins with that shows how to fill in a form, and is no row of it."""

_CUT_JSON = re.compile(r'"\s*:|\{\s*"|"\s*\}')

HEAD = 60
"""How many rows are looked at to find the header."""


Headers = Mapping[str, tuple[str, ...]]
"""What a program calls each column, folded; the first of several is the usual one."""


@dataclass(frozen=True)
class File:
    """A file: its name, as problems show it, and what is in it."""

    name: str
    data: bytes


MOST_CELLS, MOST_COLUMNS = 10_000_000, 5_000
"""The most cells and columns that a table may have; of CSV and Parquet the cells are not counted."""

FEW_CELLS, _TIMES_FILLED = 3_000_000, 8
"""Of so many cells nearly all may be empty."""


class Extent(NamedTuple):
    """How many rows and columns the cells of a table reach over, and how many of them hold anything."""

    rows: int
    columns: int
    filled: int

    @property
    def is_far(self) -> bool:
        """Whether nearly all of so many cells are empty: one stands far from the others."""
        return self.rows * self.columns > max(FEW_CELLS, _TIMES_FILLED * self.filled)

    def check(self, place: str, options: Options) -> None:
        """Raise `NotALogError` where this is more than a table may have; it is asked before the cells are read."""
        cells = self.rows * self.columns
        if self.is_far and cells > FEW_CELLS * options.raise_limits:
            last = gettext(
                "row {row}, column {column}",
                row=number_in_words(self.rows),
                column=column_letter(self.columns - 1),
            )
            what = gettext(
                "{cells} cells, nearly all of them empty. Delete the cells far from the table: the last is in {last}",
                cells=number_in_words(cells),
                last=last,
            )
            times = cells / FEW_CELLS
        elif cells > MOST_CELLS * options.raise_limits:
            what = gettext(
                "{cells} cells, more than {number}. Load it in parts",
                cells=number_in_words(cells),
                number=number_in_words(round(MOST_CELLS * options.raise_limits)),
            )
            times = cells / MOST_CELLS
        elif self.columns > MOST_COLUMNS * options.raise_limits:
            most = MOST_COLUMNS * options.raise_limits
            what = gettext(
                "{columns} columns, more than {most}. Delete those that no log needs",
                columns=number_in_words(self.columns),
                most=number_in_words(round(most)),
            )
            times = self.columns / MOST_COLUMNS
        else:
            return
        raise NotALogError(
            gettext(
                "{place} was not opened: it has {what}{or_raised}.",
                place=place,
                what=what,
                or_raised=or_raised(times, options),
            )
        )


_MOST_TIMES = 20


def or_raised(times: float, options: Options) -> str:
    """Return the end of a sentence that says how limits are raised, where so many times the usual ones may do.

    >>> or_raised(1.2, Options(say=lambda raise_limits: f"{raise_limits} times")), or_raised(5000, Options())
    (', or let it be larger: 2 times', '')
    """
    return (
        gettext(", or let it be larger: {option}", option=options.say(raise_limits=ceil(times)))
        if times <= _MOST_TIMES
        else ""
    )


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it stands in a file, whose rows are counted as a spreadsheet does, from 1.

    `header` is unique, blanks around names taken off. `frame` has a column of text for each and `ROW`, with an empty
    text in an empty cell and without blank rows. `problems` are rows that could not be taken apart, and remarks on the
    file. `typed` has the same columns with their types where the file keeps types (Parquet). There `ROW` is the column
    `row`, if there is one: several rows, or none, may have come from one row of a sheet. `apostrophes` tells whether a
    cell may hold one: in a text as a whole they are looked for much faster than in its cells.
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_row: int
    frame: pl.DataFrame
    problems: tuple[Problem, ...] = field(default=())
    typed: pl.DataFrame | None = None
    apostrophes: bool = True

    @property
    def rows_read(self) -> int:
        """How many rows of data the file has here: those that could be taken apart and those that could not."""
        rows = self.frame.height if self.typed is None else self.frame[ROW].drop_nulls().n_unique()
        return rows + len({p.row for p in self.problems if p.row is not None and not p.kept})

    @cached_property
    def folded(self) -> dict[str, str]:
        """Each header, and the form in which two spellings of it are the same."""
        return {header: folded(header) for header in self.header}

    @cached_property
    def by_folded(self) -> dict[str, str]:
        """The header of each such form; the first of two counts."""
        return {plain: header for header, plain in reversed(self.folded.items())}

    def columns_among(self, known: Headers) -> dict[str, str]:
        """Return those of some columns that the table has, and the header of each."""
        there = self.by_folded
        present = (
            (column, next((there[one] for one in names if one in there), None)) for column, names in known.items()
        )
        return {column: header for column, header in present if header is not None}

    @property
    def place(self) -> tuple[str, str | None]:
        """The file and the sheet."""
        return self.file, self.sheet

    @property
    def is_cut_json(self) -> bool:
        """Whether the header is a line of JSON that was cut, and no header."""
        return self.sheet is None and _CUT_JSON.search(",".join(self.header)) is not None

    def __str__(self) -> str:
        return self.file if self.sheet is None else f'{self.file}, sheet "{self.sheet}"'


@dataclass(frozen=True)
class Shown:
    """What a sheet shows beside its values.

    Attributes
    ----------
    hidden : frozenset of int
        The rows, from 1, that are hidden or filtered out.
    filtered : bool
        Whether a filter is set.
    texts : mapping of (int, int) to str
        What is shown in the cells (row and column, from 0) whose format adds to the number: 007 for 7.
    """

    hidden: frozenset[int] = frozenset()
    filtered: bool = False
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)


def find_header(records: Sequence[Sequence[str]], known: frozenset[str]) -> int | None:
    """Return which of the first rows, blank ones among them, is the header; None where all are blank or comments.

    It is the row with the most headers that are `known` (folded), if it has two of them; else the first row of the
    usual width that is no comment and has more than one filled cell, so that a title above the table is passed over;
    or the row below that, if it is fuller and begins with a header that is known, as under strands of goals.
    """
    scores = [header_score(record, known) for record in records]
    if max(scores, default=0) >= 2:
        return scores.index(max(scores))
    filled = [sum(1 for cell in record if cell.strip()) for record in records]
    rows = [n for n, record in enumerate(records) if filled[n] and not is_comment(record[0])]
    if not rows:
        return None
    usual = Counter(len(records[n]) for n in rows).most_common(1)[0][0]
    wide = [n for n in rows if len(records[n]) >= usual and (filled[n] >= min(2, usual) or _is_narrow_grid(records[n]))]
    at = (wide or rows)[0]
    fuller = at + 1 < len(records) and scores[at] == 0 and filled[at + 1] > filled[at]
    return at + 1 if fuller and folded(records[at + 1][0]) in known else at


def _is_narrow_grid(record: Sequence[str]) -> bool:
    """Tell whether a row is the header of a grid with one goal, and nothing over the names."""
    return len(record) == 2 and not record[0].strip()


def header_score(record: Sequence[str], known: frozenset[str]) -> int:
    """Return how many cells of a row are headers that we know."""
    return len({folded(cell) for cell in record} & known)


def is_comment(text: str) -> bool:
    """Tell whether a line is a comment."""
    return text.lstrip().startswith(COMMENTS)


@lru_cache(maxsize=1 << 12)
def folded(text: str) -> str:
    """Return a header or a word in the form in which two spellings of it are the same.

    >>> folded(" Chosen_by: "), folded("Event.name")
    ('chosen by', 'event name')
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    for mark in "_.-/*:?!\ufeff\ufe0e\ufe0f":
        plain = plain.replace(mark, " ")
    return " ".join(plain.split())


def column_number(letters: str) -> int:
    """Return the number, from 0, of the column that a spreadsheet calls so.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letter(number: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each column: its header, where that is blank or taken with the letter of the column.

    >>> unique_names(["date", "", "date"])
    ('date', '(column B)', 'date (column C)')
    """
    names: list[str] = []
    taken = {ROW}
    for number, cell in enumerate(cells):
        name = " ".join(cell.replace("\ufeff", "").split())
        while not name or name in taken or _is_pattern(name):
            name = f"{name} (column {column_letter(number)})".strip()
        taken.add(name)
        names.append(name)
    return tuple(names)


def _is_pattern(name: str) -> bool:
    """Tell whether Polars would take a name for a pattern of names."""
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def without_blank_rows(frame: pl.DataFrame, comment: str | None) -> pl.DataFrame:
    """Drop the rows of a table that hold nothing, or a comment and nothing else; and those that begin `# example`.

    `comment` is what those above the header began with: a cell like that, alone in its row, is a comment here too.
    """
    first, *others = (name for name in frame.columns if name != ROW)
    begins = pl.col(first)
    # What is empty, or begins with a blank, a comment or a letter beyond ASCII, comes before or after all others.
    doubtful = frame.filter((begins < "&") | (begins >= "\x80"))
    if doubtful.is_empty():
        return frame
    start = begins.str.strip_chars()
    idle = start == "" if comment is None else (start == "") | start.str.starts_with(comment)
    blank = pl.all_horizontal(idle, *(pl.col(name).str.strip_chars() == "" for name in others))
    left_out = doubtful.filter(blank | begins.str.starts_with(EXAMPLE))[ROW]
    return frame.filter(~pl.col(ROW).is_in(left_out.implode())) if len(left_out) else frame


def without_header_rows(
    frame: pl.DataFrame, header: Sequence[str], file: str, sheet: str | None = None
) -> tuple[pl.DataFrame, list[Problem]]:
    """List the rows that say the header again, as where several files were put one below the other.

    Where it is said in another order, what stands below it is listed too: it would be read in the wrong columns.
    """
    cells = {name: cell.strip() for name, cell in zip(frame.columns, header, strict=False) if name != ROW}
    cells = {name: cell for name, cell in cells.items() if cell}
    if len(cells) < 2:
        return frame, []
    first, said_first = next(iter(cells.items()))
    maybe = frame.filter(pl.col(first).is_in([*cells.values()])).filter(pl.any_horizontal(pl.col(*cells) == said_first))
    if maybe.is_empty():
        return frame, []
    headers = {row: again for *said, row in maybe.select(*cells, ROW).iter_rows() if (again := _says(said, cells))}
    problems: list[Problem] = []
    for row, following in pairwise([*headers, None]):
        problem = partial(Problem, file=file, sheet=sheet)
        if headers[row] == "again":
            hint = gettext("Nothing needs to be done if the columns below it are the same.")
            problems.append(problem("repeated_header", gettext("This row says the header again."), hint, row=row))
            continue
        text = gettext(
            "Row {row} is a header with its columns in another order: it and what stands below are left out.", row=row
        )
        hint = gettext(
            "Put what stands there into a file or on a sheet of its own, or its columns into the order of the others."
        )
        rows = [one for one in frame[ROW].to_list() if one >= row and (following is None or one < following)]
        problems += [problem("other_header", text, hint, row=one) for one in rows]
    listed = [one.row for one in problems]
    return frame.filter(~pl.col(ROW).is_in(listed)) if listed else frame, problems


def _says(said: Sequence[str], cells: Mapping[str, str]) -> Literal["again", "otherwise"] | None:
    """Tell whether a row says a header, that of the first column at least, and if so whether in the same order.

    >>> header = {"Date": "Date", "Child": "Child", "Goal": "Goal"}
    >>> _says(["Date", "Child", "Goal"], header), _says(["Child", "Date", ""], header)
    ('again', 'otherwise')
    >>> _says(["Child", "Goal", ""], header) is None
    True
    """
    first, headers = next(iter(cells.values())), [*cells.values()]
    there = [cell.strip() for cell in said]
    filled = [cell for cell in there if cell]
    if len(filled) < 2 or first not in filled or not {*filled} <= {*headers}:
        return None
    return "again" if all(cell in ("", header) for cell, header in zip(there, headers, strict=True)) else "otherwise"


def passed_over(records: Sequence[Sequence[str]], at: int, file: str, sheet: str | None = None) -> list[Problem]:
    """List the rows above the header, row `at`, that have cells in half of its columns, and so are no titles."""
    few = max(2, sum(1 for cell in records[at] if cell.strip()) / 2)
    text = gettext(
        "This row stands above row {number}, which was taken for the header; it was not read.", number=at + 1
    )
    hint = gettext("Delete it, or write the header above it.")
    return [
        Problem("above_header", text, hint, file, sheet, row, value=", ".join(cells)[:200])
        for row, cells in enumerate(records[:at], start=1)
        if sum(1 for cell in cells if cell.strip()) >= few and not is_comment(cells[0])
    ]
