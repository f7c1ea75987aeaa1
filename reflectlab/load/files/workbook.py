"""Workbooks (XLSX, XLSB, XLS, ODS): every sheet a raw table of what it shows, dates as ISO text.

Their cells come by calamine, and where that fails by openpyxl; what is hidden or filtered out and how numbers are
formatted stands in the parts of an XLSX.
"""

import io
import posixpath
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

import polars as pl
import python_calamine as calamine

from ...errors import NotALogError
from ...language import gettext, ngettext, number_in_words
from ...problems import Problem
from ..options import Options
from .archives import ZIP, Archive
from .cells import adds, as_shown, cells_apart, cells_of
from .far_cells import extents_of
from .opendocument import CONTENT, MARKS, shown_in_opendocument
from .raw import (
    HEAD,
    ROW,
    Extent,
    File,
    RawTable,
    Shown,
    column_letter,
    column_number,
    find_header,
    folded,
    is_comment,
    passed_over,
    unique_names,
    without_blank_rows,
    without_header_rows,
)

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_GUIDES = frozenset({"start here", "read me", "readme", "instructions", "how to", "help"})
"""What sheets are called, folded, that say how to fill in the others, where all that they hold is in one column."""

_HALF_A_MILLISECOND = timedelta(microseconds=500)


Range = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of merged ones: row and column, from 0."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its rows from the first, whether it is shown, and which of its cells are merged."""

    name: str
    rows: list[list[Any]]
    visible: bool = True
    merged: Sequence[Range] = ()


def read_workbook(
    file: File,
    known: frozenset[str] = frozenset(),
    archive: Archive | None = None,
    options: Options | None = None,
) -> list[RawTable]:
    """Read every sheet of a workbook that holds anything; the options tell whether what is hidden is read.

    The headers that a reader knows, folded, tell where the header is. `archive` is the file, where it is open already.
    Raises NotALogError if it cannot be read: damaged, locked with a password, or far larger than it seems.
    """
    options = options or Options()
    if archive is None and file.data.startswith(ZIP):
        archive = Archive(file, times=options.raise_limits)
    if archive is None and _ENCRYPTED in file.data:
        raise NotALogError(gettext("{name} is locked with a password. Save a copy without one.", name=file.name))
    of_opendocument = MARKS if archive and archive.is_opendocument else ()
    marked = archive.parts_with(*_ERRORS, *HIDDEN, *of_opendocument) if archive else set()
    shown = _shown_beside(archive, marked) if archive else {}
    sheets = sheets_in(file, archive, options)
    errors = error_cells(archive, marked) if archive else {}
    found, hidden = [], []
    for sheet in sheets:
        table = _table(sheet, file.name, shown.get(sheet.name, Shown()), known, options)
        if table is not None and (sheet.visible or options.hidden):
            found.append(_with_errors(table, errors.get(sheet.name, ())))
        elif table is not None:
            hidden.append(_hidden_sheet(table, options))
    if not found:
        raise NotALogError(
            gettext(
                "{name} is empty: none of its sheets that are shown holds anything."
                if hidden
                else "{name} is empty: none of its sheets holds anything.",
                name=file.name,
            )
        )
    if not options.hidden and (archive is None or archive.is_binary_workbook):
        hidden.append(_unknown_rows(file.name))
    return [replace(found[0], problems=(*found[0].problems, *hidden)), *found[1:]] if hidden else found


def _shown_beside(archive: Archive, marked: Collection[str]) -> dict[str, Shown]:
    """Return what each sheet shows beside its values, from the parts of a workbook that have a mark of it."""
    if CONTENT in marked:
        return shown_in_opendocument(next(archive.parts(CONTENT))[1])
    return shown_in(archive, frozenset(marked))


ErrorCells = Sequence[tuple[str, int, str]]
"""The column as a letter, the row, and the error, of each such cell of a sheet."""


def _with_errors(table: RawTable, cells: ErrorCells) -> RawTable:
    letters = [column_letter(number) for number in range(len(table.header))]
    return replace(table, problems=(*table.problems, *_error_remarks(cells, table, letters))) if cells else table


def _table(sheet: Sheet, file: str, shown: Shown, known: frozenset[str], options: Options) -> RawTable | None:
    rows = sheet.rows
    for (row, column), text in shown.texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    head = [[as_text(cell) for cell in row] for row in rows[:HEAD]]
    at = find_header(head, known)
    if at is None or _is_guide(sheet):
        return None
    filled = _fill_merged(sheet, at)
    columns = [*zip_longest(*rows[at:], fillvalue="")]
    width = max((n for n, column in enumerate(columns, start=1) if column.count("") < len(column)), default=0)
    names = unique_names([*head[at], *[""] * width][:width])
    comments = [row[0].lstrip()[0] for row in head[:at] if row and is_comment(row[0])]
    body = rows[at + 1 :]
    first = at + 2
    frame = pl.DataFrame({name: _column(cells[1:]) for name, cells in zip(names, columns, strict=False)}).with_columns(
        pl.int_range(first, first + len(body), dtype=pl.Int64).alias(ROW) if body else pl.lit(0, pl.Int64).alias(ROW)
    )
    frame = without_blank_rows(frame if body else frame.clear(), comments[0] if comments else None)
    frame, again = without_header_rows(frame, head[at], file, sheet.name)
    problems = *passed_over(head, at, file, sheet.name), *_remark_merged(filled, file, sheet.name), *again
    table = RawTable(file, sheet.name, names, at + 1, frame, problems)
    return _without_hidden(table, sheet, shown, options)


def _is_guide(sheet: Sheet) -> bool:
    """Tell whether a sheet says how to fill in the others."""
    return folded(sheet.name) in _GUIDES and not any(cell != "" for row in sheet.rows for cell in row[1:])


def _fill_merged(sheet: Sheet, header: int) -> int:
    """Write into merged cells below the header what stands in the first of them; return how many were filled."""
    filled = 0
    for (top, left), (bottom, _) in sheet.merged:
        value = sheet.rows[top][left] if header < top < len(sheet.rows) and left < len(sheet.rows[top]) else ""
        for row in sheet.rows[top + 1 : bottom + 1] if value != "" else ():
            if left < len(row) and row[left] == "":
                row[left] = value
                filled += 1
    return filled


def _remark_merged(filled: int, file: str, sheet: str) -> list[Problem]:
    if not filled:
        return []
    text = gettext(
        "{filled} cells that are merged with the one above them were filled with what stands there.",
        filled=number_in_words(filled),
    )
    return [Problem("merged_cells", text, gettext("Nothing needs to be done."), file, sheet)]


def _without_hidden(table: RawTable, sheet: Sheet, shown: Shown, options: Options) -> RawTable:
    """Remark on what is hidden; leave it out and list it where the caller says so."""
    hidden = table.frame.filter(pl.col(ROW).is_in(shown.hidden))[ROW].to_list() if shown.hidden else []
    what = gettext("filtered out" if shown.filtered else "hidden")
    file, name = table.place
    if hidden and not options.hidden:
        text = gettext(
            "This row is {what}; it was left out, as was said: {option}.", what=what, option=options.say(hidden=False)
        )
        listed = [Problem("left_hidden", text, gettext("Nothing needs to be done."), file, name, row) for row in hidden]
        frame = table.frame.filter(~pl.col(ROW).is_in(hidden))
        return replace(table, frame=frame, problems=(*table.problems, *listed))
    hint = gettext("If they are no part of the log, leave them out: {option}.", option=options.say(hidden=False))
    found = []
    if not sheet.visible:
        text = ngettext(
            "This sheet is hidden; its row was read like any other.",
            "This sheet is hidden; its {number} rows were read like any other.",
            table.frame.height,
            number=number_in_words(table.frame.height),
        )
        found.append(Problem("hidden_rows", text, hint, file, name))
    elif hidden:
        text = ngettext(
            "This row is {what}; it was read like any other.",
            "{number} rows are {what}, this one first; they were read like any other.",
            len(hidden),
            number=number_in_words(len(hidden)),
            what=what,
        )
        found.append(Problem("hidden_rows", text, hint, file, name, hidden[0]))
    return replace(table, problems=(*table.problems, *found)) if found else table


def _hidden_sheet(table: RawTable, options: Options) -> Problem:
    rows = table.frame.height
    text = ngettext(
        "This sheet is hidden; its row was left out, as was said: {option}.",
        "This sheet is hidden; its {number} rows were left out, as was said: {option}.",
        rows,
        number=number_in_words(rows),
        option=options.say(hidden=False),
    )
    return Problem("left_hidden", text, gettext("Nothing needs to be done."), *table.place)


def _unknown_rows(file: str) -> Problem:
    text = gettext("Which rows are hidden or filtered out cannot be told of a workbook of this kind: all were read.")
    return Problem("hidden_rows", text, gettext("Save it as XLSX if some are to be left out."), file)


def _column(cells: Sequence[Any]) -> pl.Series:
    if {str} == {*map(type, cells)}:
        return pl.Series(cells, dtype=pl.String)
    moments = {cell: _moment(cell) for cell in {*cells} if type(cell) is datetime}  # many rows share one
    texts = [cell if type(cell) is str else moments.get(cell) or as_text(cell) for cell in cells]
    return pl.Series(texts, dtype=pl.String)


_LARGEST = 2**53
"""The largest whole number up to which a spreadsheet keeps every digit."""


def as_text(cell: Any) -> str:
    """Return a cell as text: a whole number without a point, a moment as 2026-07-20 09:15:00, a date without a time.

    >>> as_text(7.0), as_text(datetime(2026, 7, 20)), as_text(True)
    ('7', '2026-07-20', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= _LARGEST else repr(cell).upper()
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)


def _moment(moment: datetime) -> str:
    """Return a moment to the millisecond: a spreadsheet counts days in floating point."""
    if not moment.microsecond:
        return str(moment).removesuffix(" 00:00:00")
    near = moment + _HALF_A_MILLISECOND
    near = near.replace(microsecond=near.microsecond // 1000 * 1000)
    if near.time() == time(0):
        return near.date().isoformat()
    return near.isoformat(sep=" ", timespec="milliseconds" if near.microsecond else "seconds")


_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")

_END = re.compile(rb"</(?:\w+:)?c>")

_AT = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")

_VALUE = re.compile(rb"<(?:\w+:)?v[^<>]*>([^<]*)<")

_ERRORS = (b't="e"', b"t='e'")
"""What stands in a part of XLSX in which a cell holds an error."""


def error_cells(archive: Archive, parts: Collection[str]) -> dict[str, ErrorCells]:
    """Return the cells of each sheet that hold an error, by the name of the sheet, from these parts of a workbook."""
    parts = [part for part in parts if part.startswith("xl/worksheets/")]
    if not parts:
        return {}
    found = {name: cells for name, part in archive.parts(*parts) if (cells := _errors(part))}
    return {sheet: found[part] for sheet, part in sheets_of(archive).items() if part in found} if found else {}


def _errors(part: bytes) -> list[tuple[str, int, str]]:
    cells: list[tuple[str, int, str]] = []
    for cell in _CELL.finditer(part):
        end = _END.search(part, cell.end())
        place = _AT.search(cell.group())
        if end is None:
            break
        if place is None or cell.group().endswith(b"/>"):
            continue
        value = _VALUE.search(part, cell.end(), end.end())
        cells.append((place[1].decode(), int(place[2]), value[1].decode("utf-8", "replace") if value else ""))
    return cells


def _error_remarks(cells: ErrorCells, raw: RawTable, letters: Sequence[str]) -> list[Problem]:
    """Return a remark on each such cell below the header of a table; a spreadsheet calls its columns by letters."""
    columns = dict(zip(letters, raw.header, strict=True))
    file, sheet = raw.place
    hint = gettext("Put the formula right, or write what belongs there.")
    return [
        Problem(
            "error_cell",
            gettext(
                "The cell {letter}{row} shows an error of the spreadsheet, {error}: it was read as empty.",
                letter=letter,
                row=row,
                error=error,
            ),
            *(hint, file, sheet, row, columns[letter], error),
        )
        for letter, row, error in cells
        if row > raw.header_row and letter in columns
    ]


def sheets_in(file: File, archive: Archive | None, options: Options) -> list[Sheet]:
    """Return the sheets of a workbook.

    Raises `NotALogError` where none of the two libraries can read it, or its cells are more than a table may have. A
    sheet with a cell far from the others is not left to calamine, which takes memory for all that are between.
    """
    if _has_far_cell(file, archive, options):
        return _by_openpyxl(file, options)
    try:
        here = archive is not None and not archive.is_binary_workbook
        cells = cells_of(file.data) if here else cells_apart(file.data, options.raise_limits)
        return [Sheet(*each) for each in cells]
    except calamine.PasswordError:
        raise NotALogError(
            gettext("{name} is locked with a password. Save a copy without one.", name=file.name)
        ) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library derives from BaseException
        sheets = _by_openpyxl(file, options)
        if sheets:
            return sheets
        reason = " ".join(str(error).split())[:200]
        raise NotALogError(
            gettext(
                "{name} cannot be read as a workbook ({reason}). Open it in a spreadsheet and save it as "
                ".xlsx or as CSV.",
                name=file.name,
                reason=reason,
            )
        ) from None


def _has_far_cell(file: File, archive: Archive | None, options: Options) -> bool:
    """Tell whether an XLSX has a cell far from the others; refuse other workbooks with such a cell."""
    xlsx = list(archive.extents()) if archive else []
    for _, extent in xlsx:
        if not extent.is_far:
            extent.check(file.name, options)
    if not xlsx:
        for sheet, extent in extents_of(file, archive):
            extent.check(f"{file.name}, sheet {sheet}" if sheet else file.name, options)
    return any(extent.is_far for _, extent in xlsx)


def _by_openpyxl(file: File, options: Options) -> list[Sheet]:
    """Read what calamine cannot: slower by far, and less strict. Nothing where that fails too."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not keep, such as drawings
            book = openpyxl.load_workbook(io.BytesIO(file.data), data_only=True)
        return [_sheet(sheet, file.name, options) for sheet in book.worksheets]
    except NotALogError:
        raise
    except Exception:  # noqa: BLE001 - what fails is a damaged file, and the first reader has said why
        return []


def _sheet(sheet: Any, file: str, options: Options) -> Sheet:
    # Its own rows are as many as its last cell tells, blank or not: a stray blank makes a million of them.
    cells = {at: one.value for at, one in sheet._cells.items() if one.data_type != "e" and _holds(one.value)}
    height, width = (max((at[n] for at in cells), default=0) for n in (0, 1))
    Extent(height, width, len(cells)).check(f"{file}, sheet {sheet.title}", options)
    rows: list[list[Any]] = [[""] * width for _ in range(height)]
    for (row, column), value in cells.items():
        rows[row - 1][column - 1] = value
    merged = [((one.min_row - 1, one.min_col - 1), (one.max_row - 1, one.max_col - 1)) for one in sheet.merged_cells]
    return Sheet(sheet.title, rows, sheet.sheet_state == "visible", merged)


def _holds(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


HIDDEN = (b'hidden="1"', b'hidden="true"', b"hidden='1'")
"""What stands in a part of XLSX in which rows, or columns, are hidden."""

_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*\bhidden=["'](?:1|true)["'][^<>]*>""")

_NUMBER_OF = re.compile(rb"""\sr=["'](\d{1,7})["']""")

_FILTER = re.compile(rb"<(?:\w+:)?filterColumn\b")

_BOOK, _LINKS, _STYLES, _SHEETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/"

_NO_XML = (StopIteration, ElementTree.ParseError, LookupError, ValueError)
"""What is raised where a part is not there or is damaged, down to its encoding and its numbers."""

_PERCENT = {9: "0%", 10: "0.00%"}
"""The formats of percentages that every workbook has, by their numbers."""


def shown_in(archive: Archive, with_hidden: frozenset[str]) -> dict[str, Shown]:
    """Return what each sheet shows beside its values, by the name of the sheet.

    Parameters
    ----------
    archive : Archive
    with_hidden : frozenset of str
        The parts in which something is hidden.
    """
    formats = _formats(archive)
    asked = [part for part in with_hidden if part.startswith(_SHEETS)]
    parts = dict(archive.parts(_SHEETS) if formats else archive.parts(*asked) if asked else ())
    if not parts:
        return {}
    return {
        sheet: Shown(_hidden_rows(data), _FILTER.search(data) is not None, _texts(data, formats))
        for sheet, part in sheets_of(archive).items()
        if (data := parts.get(part)) is not None
    }


def _hidden_rows(part: bytes) -> frozenset[int]:
    return frozenset(int(at[1]) for row in _ROW.finditer(part) if (at := _NUMBER_OF.search(row.group())))


def _formats(archive: Archive) -> dict[int, str]:
    """Return the styles of cells whose format adds to a number what belongs to it, and the format."""
    try:
        return _formats_in(ElementTree.fromstring(next(archive.parts(_STYLES))[1]))
    except _NO_XML:
        return {}


def _formats_in(styles: ElementTree.Element) -> dict[int, str]:
    own = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iterfind(".//{*}numFmt")}
    codes = [int(one.get("numFmtId", 0)) for one in styles.iterfind("{*}cellXfs/{*}xf")]
    formats = {style: (own | _PERCENT).get(code, "").split(";")[0] for style, code in enumerate(codes)}
    return {style: code for style, code in formats.items() if adds(code)}


def _texts(part: bytes, formats: Mapping[int, str]) -> dict[tuple[int, int], str]:
    if not formats:
        return {}
    styles = "|".join(map(str, formats)).encode()
    cell = re.compile(
        rb"""<(?:\w+:)?c\s(?=[^<>]*\bs=["'](%s)["'])(?=[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["'])(?![^<>]*\bt=["'][sbei])"""
        rb"""[^<>]*[^/<>]>(?:<(?:\w+:)?f[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<""" % styles
    )
    found = {}
    for style, letters, row, value in cell.findall(part):
        text = as_shown(value.decode("ascii", "replace"), formats[int(style)])
        if text is not None:
            found[int(row) - 1, column_number(letters.decode())] = text
    return found


def sheets_of(archive: Archive) -> dict[str, str]:
    """Return the part of the archive that each sheet is in."""
    try:
        (_, book), (_, linked) = (next(archive.parts(part)) for part in (_BOOK, _LINKS))
        sheets_of, links_of = ElementTree.fromstring(book), ElementTree.fromstring(linked)
    except (RuntimeError, *_NO_XML):
        return {}
    links = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")) for link in links_of}
    sheets = {}
    for sheet in sheets_of.iterfind(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        sheets[sheet.get("name", "")] = links.get(link, "").removeprefix("/")
    return sheets
