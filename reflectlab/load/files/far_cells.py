"""How far the cells of an ODS, XLSB or XLS reach, told by their parts before a library takes memory for them."""

import re
import struct
from collections.abc import Iterator

from .archives import Archive
from .opendocument import CONTENT, extents_in_opendocument
from .raw import Extent, File

_SHEETS = "xl/worksheets/"

_ROW_RECORD, _CELL_RECORDS = 0, frozenset(range(2, 12))
"""The records of a sheet of XLSB that begin a row, and that hold a cell with something in it."""

_DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{14})", re.DOTALL)
"""The record of XLS that tells which rows and columns a sheet has cells in."""

_BYTES_A_CELL = 4
"""How many bytes a cell of XLS has at least, so that a file cannot hold more of them."""


def extents_of(file: File, archive: Archive | None) -> Iterator[tuple[str, Extent]]:
    """Give how far the cells of each sheet reach, with the name of the sheet where it is told."""
    if archive is None:
        yield from (("", extent) for extent in _of_xls(file.data))
        return
    yield from (each for _, content in archive.parts(CONTENT) for each in extents_in_opendocument(content))
    yield from (("", _of_xlsb(data)) for part, data in archive.parts(_SHEETS) if part.endswith(".bin"))


def _of_xls(data: bytes) -> Iterator[Extent]:
    for told in _DIMENSIONS.findall(data):
        first, rows, left, columns, zero = struct.unpack("<IIHHH", told)
        if first <= rows <= 1 << 16 and left <= columns <= 1 << 8 and not zero:
            yield Extent(rows, columns, len(data) // _BYTES_A_CELL)


def _of_xlsb(data: bytes) -> Extent:
    rows = columns = filled = at = row = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        if kind == _ROW_RECORD and length >= 4:
            row = int.from_bytes(data[at : at + 4], "little") + 1
        elif kind in _CELL_RECORDS and length >= 4:
            rows, filled = max(rows, row), filled + 1
            columns = max(columns, int.from_bytes(data[at : at + 4], "little") + 1)
        at += length
    return Extent(rows, columns, filled)


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number written in 7 bits a byte, the last of which has no eighth bit, and where it ends."""
    number = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        number |= (byte & 0x7F) << 7 * place
        at += 1
        if byte < 0x80:
            break
    return number, at
