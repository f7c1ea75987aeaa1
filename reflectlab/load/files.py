"""Files and folders, opened: what kind of file it is shows in its first bytes, whatever its name says."""

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import ArgumentError, NotALogError
from ..problems import Problem
from .raw import ROW, RawTable, unique_names
from .text import read_text
from .workbook import read_workbook, refuse_bomb

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet")
"""The files of a folder that are looked into."""

_OTHER_KINDS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file (gzip); unpack it first",
    b"7z\xbc\xaf": "a compressed archive (7z); unpack it first",
    b"Rar!": "a compressed archive (RAR); unpack it first",
    b"SQLite format 3": "a database (SQLite)",
}
_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOK_PARTS = {"[content_types].xml", "content.xml"}


def read_files(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], known: frozenset[str]
) -> list[RawTable]:
    """Read every table of a file, a folder, or several of them.

    Parameters
    ----------
    path : path or iterable of paths
    known : frozenset of str
        Headers that a reader knows, folded: they tell where the header of a table is.

    Returns
    -------
    list of RawTable

    Raises
    ------
    NotALogError
        If a file is missing, cannot be read or is no table.
    ArgumentError
        If there is no path.
    """
    files = _named(_files(path))
    return [table for file, name in files for table in read_file(file, name, known)]


def read_file(path: Path, name: str, known: frozenset[str] = frozenset()) -> list[RawTable]:
    """Read every table of one file.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        What problems call the file.
    known : frozenset of str

    Returns
    -------
    list of RawTable
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotALogError(f"{name} cannot be read: {error.strerror or error}.") from None
    for start, kind in _OTHER_KINDS.items():
        if data.startswith(start):
            raise NotALogError(f"{name} is no table: it is {kind}.")
    if data.startswith(b"PAR1"):
        return [_read_parquet(data, name)]
    if data.startswith(_OLE) or (data.startswith(b"PK\x03\x04") and _is_workbook(data, name)):
        return read_workbook(data, name, known)
    return [read_text(data, name, known)]


def _files(path: Any) -> list[Path]:
    paths = [path] if isinstance(path, str | os.PathLike) else [*path] if isinstance(path, Iterable) else []
    if not paths or not all(isinstance(one, str | os.PathLike) for one in paths):
        raise ArgumentError(f"`path` must be a file, a folder, or a list of them; got {path!r}.")
    return [file for one in paths for file in _inside(Path(one))]


def _inside(path: Path) -> list[Path]:
    if not path.is_dir():
        if not path.exists():
            raise NotALogError(f"There is no file {path}.")
        return [path]
    inside = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and _is_shown(file))
    if not inside:
        raise NotALogError(f"The folder {path} holds no file that a log could be in ({', '.join(SUFFIXES)}).")
    return inside


def _is_shown(file: Path) -> bool:
    """Tell whether a file is one of the user's, and none that a spreadsheet keeps beside an open one."""
    return file.is_file() and not file.name.startswith((".", "~$"))


def _named(files: list[Path]) -> list[tuple[Path, str]]:
    """Give each file the name that problems call it: the last part of its path, more where two share that."""
    names = [file.name for file in files]
    return [
        (file, name if names.count(name) == 1 else file.as_posix()) for file, name in zip(files, names, strict=True)
    ]


def _is_workbook(data: bytes, name: str) -> bool:
    refuse_bomb(data, name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.lower() for part in archive.namelist()}
    if parts.isdisjoint(_WORKBOOK_PARTS):
        raise NotALogError(f"{name} is no table: it is an archive (zip). Unpack it and load what is in it.")
    return True


def _read_parquet(data: bytes, name: str) -> RawTable:
    try:
        typed = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise NotALogError(f"{name} cannot be read as Parquet ({' '.join(str(error).split())[:200]}).") from None
    flat = [column for column in typed.columns if not typed[column].dtype.is_nested()]
    names = unique_names(flat)
    typed = typed.select(flat).rename(dict(zip(flat, names, strict=True)))
    problems = [_left(name, column) for column in typed.columns if column not in flat]
    placed = "row" in names and typed["row"].dtype.is_integer()
    row = typed["row"].cast(pl.Int64) if placed else pl.Series(range(1, typed.height + 1), dtype=pl.Int64)
    typed = typed.with_columns(row.alias(ROW))
    frame = typed.with_columns(pl.col(column).cast(pl.String).fill_null("") for column in names)
    return RawTable(name, None, names, 0, frame, tuple(problems), typed)


def _left(name: str, column: str) -> Problem:
    text = f'The column "{column}" holds lists or structures; it was not read.'
    return Problem("unknown_column", text, "Write one value a cell.", file=name, column=column)
