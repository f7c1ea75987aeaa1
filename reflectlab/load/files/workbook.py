"""Workbooks (XLSX, XLSB, XLS, ODS): every sheet a raw table, dates as ISO text."""

import io
import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import polars as pl
import python_calamine as calamine

from ...errors import NotALogError
from ...problems import Problem
from .archives import ZIP, Archive
from .raw import HEAD, ROW, File, RawTable, column_letter, find_header, is_comment, unique_names, without_blank_rows

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_HALF_A_MILLISECOND = timedelta(microseconds=500)


def read_workbook(file: File, known: frozenset[str] = frozenset(), archive: Archive | None = None) -> list[RawTable]:
    """Read every sheet of a workbook that holds anything.

    Parameters
    ----------
    file : File
    known : frozenset of str
        Headers that a reader knows, folded: they tell where the header is.
    archive : Archive, optional
        The archive that the file is, where it has been opened already.

    Returns
    -------
    list of RawTable

    Raises
    ------
    NotALogError
        If it cannot be read: damaged, locked with a password, or far larger than it seems.
    """
    if archive is None and file.data.startswith(ZIP):
        archive = Archive(file)
    if archive is None and _ENCRYPTED in file.data:
        raise NotALogError(_locked(file))
    with_errors = archive.parts_with(*_ERRORS) if archive else set()
    tables = [_table(rows, file.name, sheet, known) for sheet, rows in _sheets(file)]
    errors = error_cells(archive, with_errors) if archive else {}
    found = [_with_errors(table, errors.get(table.sheet or "", ())) for table in tables if table is not None]
    if not found:
        raise NotALogError(f"{file.name} is empty: none of its sheets holds anything.")
    return found


Cells = Sequence[tuple[str, int, str]]
"""The column as a letter, the row, and the error, of each such cell of a sheet."""


def _with_errors(table: RawTable, cells: Cells) -> RawTable:
    letters = [column_letter(number) for number in range(len(table.header))]
    return replace(table, problems=(*table.problems, *_error_remarks(cells, table, letters))) if cells else table


def _sheets(file: File) -> list[tuple[str, list[list[Any]]]]:
    """Return the rows of each sheet. The library may also panic, which is no ordinary exception."""
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data)) as book:
            kinds = (calamine.SheetTypeEnum.WorkSheet,)
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ in kinds]
            return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except calamine.PasswordError:
        raise NotALogError(_locked(file)) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library derives from BaseException
        reason = " ".join(str(error).split())[:200]
        raise NotALogError(
            f"{file.name} cannot be read as a workbook ({reason}). "
            "Open it in a spreadsheet and save it as .xlsx or as CSV."
        ) from None


def _locked(file: File) -> str:
    return f"{file.name} is locked with a password. Save a copy without one."


def _table(rows: list[list[Any]], file: str, sheet: str, known: frozenset[str]) -> RawTable | None:
    head = [[as_text(cell) for cell in row] for row in rows[:HEAD]]
    at = find_header(head, known)
    if at is None:
        return None
    width = max((n + 1 for row in rows[at:] for n in range(len(row) - 1, -1, -1) if row[n] != ""), default=0)
    names = unique_names([*head[at], *[""] * width][:width])
    comments = [row[0].lstrip()[0] for row in head[:at] if row and is_comment(row[0])]
    body = rows[at + 1 :]
    columns = {name: _column(body, number) for number, name in enumerate(names)}
    first = at + 2
    frame = pl.DataFrame(columns).with_columns(
        pl.int_range(first, first + len(body), dtype=pl.Int64).alias(ROW) if body else pl.lit(0, pl.Int64).alias(ROW)
    )
    frame = without_blank_rows(frame if body else frame.clear(), comments[0] if comments else None)
    return RawTable(file, sheet, names, at + 1, frame)


def _column(rows: Sequence[Sequence[Any]], number: int) -> pl.Series:
    cells = [row[number] if number < len(row) else "" for row in rows]
    return pl.Series([cell if type(cell) is str else as_text(cell) for cell in cells], dtype=pl.String)


def as_text(cell: Any) -> str:
    """Return what stands in a cell as text.

    Returns
    -------
    str
        A whole number without a point, a date as 2026-07-20, a moment as 2026-07-20 09:15:00.

    Examples
    --------
    >>> as_text(7.0), as_text(datetime(2026, 7, 20)), as_text(True)
    ('7', '2026-07-20', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)


def _moment(moment: datetime) -> str:
    """Return a moment to the millisecond: a spreadsheet counts days in floating point."""
    near = moment + _HALF_A_MILLISECOND
    near = near.replace(microsecond=near.microsecond // 1000 * 1000)
    if near.time() == time(0):
        return near.date().isoformat()
    return near.isoformat(sep=" ", timespec="milliseconds" if near.microsecond else "seconds")


_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")

_END = re.compile(rb"</(?:\w+:)?c>")

_AT = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")

_VALUE = re.compile(rb"<(?:\w+:)?v[^<>]*>([^<]*)<")

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


_ERRORS = (b't="e"', b"t='e'")
"""What stands in a part of XLSX in which a cell holds an error."""


def error_cells(archive: Archive, parts: Collection[str]) -> dict[str, Cells]:
    """Return the cells of each sheet that hold an error, by the name of the sheet, from these parts of a workbook."""
    parts = [part for part in parts if part.startswith("xl/worksheets/")]
    if not parts:
        return {}
    found = {name: cells for name, part in archive.parts(*parts) if (cells := _errors(part))}
    return {sheet: found[part] for sheet, part in _sheets_of(archive).items() if part in found} if found else {}


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


def _sheets_of(archive: Archive) -> dict[str, str]:
    """Return the part of the archive that each sheet is in."""
    try:
        (_, book), (_, linked) = (next(archive.parts(part)) for part in (_BOOK, _LINKS))
        sheets_of, links_of = ElementTree.fromstring(book), ElementTree.fromstring(linked)
    except (StopIteration, RuntimeError, ElementTree.ParseError):
        return {}
    links = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")) for link in links_of}
    sheets = {}
    for sheet in sheets_of.iterfind(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        sheets[sheet.get("name", "")] = links.get(link, "").removeprefix("/")
    return sheets


def _error_remarks(cells: Cells, raw: RawTable, letters: Sequence[str]) -> list[Problem]:
    """Return a remark on each such cell below the header of a table; a spreadsheet calls its columns by letters."""
    columns = dict(zip(letters, raw.header, strict=True))
    file, sheet = raw.place
    hint = "Put the formula right, or write what belongs there."
    return [
        Problem(
            "error_cell",
            f"The cell {letter}{row} shows an error of the spreadsheet, {error}: it was read as empty.",
            *(hint, file, sheet, row, columns[letter], error),
        )
        for letter, row, error in cells
        if row > raw.header_row and letter in columns
    ]
