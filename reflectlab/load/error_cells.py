"""Cells of an XLSX workbook that hold an error of a formula (#REF!, #N/A), which come as empty ones otherwise."""

import posixpath
import re
from collections.abc import Sequence
from xml.etree import ElementTree

from ..problems import Problem
from .archives import parts_of
from .raw import RawTable

Cells = Sequence[tuple[str, int, str]]
"""The column as a letter, the row, and the error, of each such cell of a sheet."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")
_END = re.compile(rb"</(?:\w+:)?c>")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v[^<>]*>([^<]*)<")
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def error_cells(data: bytes, file: str) -> dict[str, Cells]:
    """Return the cells of each sheet that hold an error.

    Parameters
    ----------
    data : bytes
        A workbook that could be read; without errors where it is none of XLSX.
    file : str
        Its name.

    Returns
    -------
    dict of str to sequence of tuple
        By the names of the sheets.
    """
    if not data.startswith(b"PK"):
        return {}
    parts = ((name, _errors(part)) for name, part in parts_of(data, file, "xl/worksheets/"))
    found = {name: cells for name, cells in parts if cells}
    return {sheet: found[part] for sheet, part in _sheets(data, file).items() if part in found} if found else {}


def _errors(part: bytes) -> list[tuple[str, int, str]]:
    cells: list[tuple[str, int, str]] = []
    if b't="e"' not in part and b"t='e'" not in part:
        return cells  # most sheets have none, and this is asked quickly
    for cell in _CELL.finditer(part):
        end = _END.search(part, cell.end())
        place = _PLACE.search(cell.group())
        if end is None:
            break
        if place is None or cell.group().endswith(b"/>"):
            continue
        value = _VALUE.search(part, cell.end(), end.end())
        cells.append((place[1].decode(), int(place[2]), value[1].decode("utf-8", "replace") if value else ""))
    return cells


def _sheets(data: bytes, file: str) -> dict[str, str]:
    """Return the part of the archive that each sheet is in."""
    try:
        (_, book), (_, linked) = (next(parts_of(data, file, part)) for part in (_BOOK, _LINKS))
        sheets_of, links_of = ElementTree.fromstring(book), ElementTree.fromstring(linked)
    except (StopIteration, RuntimeError, ElementTree.ParseError):
        return {}
    links = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")) for link in links_of}
    sheets = {}
    for sheet in sheets_of.iterfind(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        sheets[sheet.get("name", "")] = links.get(link, "").removeprefix("/")
    return sheets


def remarks(cells: Cells, raw: RawTable, letters: Sequence[str]) -> list[Problem]:
    """Return a remark on each such cell below the header of a table.

    Parameters
    ----------
    cells : sequence of tuple
    raw : RawTable
    letters : sequence of str
        What a spreadsheet calls each of its columns.
    """
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
