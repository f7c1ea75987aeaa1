"""Files and folders, opened: what kind of file it is shows in its first bytes, whatever its name says."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from ...errors import ArgumentError, NotALogError, refuse_endless, short
from ...language import gettext, number_in_words, translatable
from ...problems import Problem
from ...schema import TABLES
from ..options import Options
from .archives import GZIP, LARGEST, STRONGEST, ZIP, Archive, gunzip, is_shown
from .json import JSON, RawRecords, is_json, read_json
from .raw import ROW, Extent, File, RawTable, or_raised, unique_names
from .text import read_text
from .workbook import read_workbook

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", *JSON, ".log")
"""The files of a folder or an archive that are looked into."""

COMPRESSED = (".gz", ".zip")
"""The files of a folder that are unpacked first."""

Raw = RawTable | RawRecords

_OTHER_KINDS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    GZIP: translatable("a compressed file (gzip) inside another; unpack it first"),
    b"BZh": translatable("a compressed file (bzip2); unpack it first"),
    b"\xfd7zXZ": translatable("a compressed file (xz); unpack it first"),
    b"\x28\xb5\x2f\xfd": translatable("a compressed file (zstd); unpack it first"),
    b"7z\xbc\xaf": translatable("a compressed archive (7z); unpack it first"),
    b"Rar!": translatable("a compressed archive (RAR); unpack it first"),
    b"SQLite format 3": "a database (SQLite)",
}

_BYTES_A_CELL = 16
"""How many bytes a cell takes in memory at least."""

_OLE = b"\xd0\xcf\x11\xe0"


def read_files(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    known: frozenset[str],
    options: Options | None = None,
) -> list[Raw]:
    """Read every table, and all records, of a file, a folder, or several of them.

    The headers that are `known` (folded) tell where the header of a table is.
    """
    files = _named(_files(path))
    return [raw for file, name in files for raw in read_file(file, name, known, options or Options())]


def read_file(path: Path, name: str, known: frozenset[str] = frozenset(), options: Options | None = None) -> list[Raw]:
    """Read every table, or the records, of one file; of each file in it where it is an archive.

    `name` is what problems call it. A file in an archive is called `<archive>/<name in the archive>`.
    """
    times = options.raise_limits if options else 1
    try:
        file = File(name, path.read_bytes())
    except OSError as error:
        raise NotALogError(gettext("{name} cannot be read: {why}.", name=name, why=error.strerror or error)) from None
    if file.data.startswith(GZIP):
        return _read_one(gunzip(file, times), known, options)
    if not file.data.startswith(ZIP):
        return _read_one(file, known, options)
    archive = Archive(file, times=times)
    if archive.is_workbook:
        return [*read_workbook(file, known, archive, options)]
    return [raw for part in archive.files(SUFFIXES) for raw in _read_one(part, known, options)]


def _read_one(file: File, known: frozenset[str], options: Options | None) -> list[Raw]:
    name, data = file.name, file.data
    for start, kind in _OTHER_KINDS.items():
        if data.startswith(start):
            raise NotALogError(gettext("{name} is no table: it is {kind}.", name=name, kind=kind))
    if data[257:262] == b"ustar":
        raise NotALogError(gettext("{name} is no table: it is an archive (tar); unpack it first.", name=name))
    if data.startswith(b"PAR1"):
        return [_read_parquet(file, options or Options())]
    archive = Archive(file) if data.startswith(ZIP) else None
    if archive is not None and not archive.is_workbook:
        raise NotALogError(
            gettext("{name} was not opened: it is an archive (zip) inside another. Unpack it first.", name=name)
        )
    if archive is not None or data.startswith(_OLE):
        return [*read_workbook(file, known, archive, options)]
    return [read_json(file) if is_json(file) else read_text(file, known, options)]


def _files(path: Any) -> list[Path]:
    if hasattr(path, "columns"):
        raise ArgumentError(
            "must be a file or a folder; a data frame goes to ProgressLog.from_tables(events=...).", "path"
        )
    paths = [path] if isinstance(path, str | os.PathLike) else [*path] if isinstance(path, Iterable) else []
    if not paths or not all(isinstance(one, str | os.PathLike) for one in paths):
        raise ArgumentError(f"must be a file, a folder, or a list of them; got {path!r}.", "path")
    return [file for one in paths for file in _inside(Path(one))]


def _inside(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [_regular(path)]
        inside = sorted(file for each in path.iterdir() for file in _parts(each) if _may_be_a_log(file))
    except OSError as error:
        raise NotALogError(
            gettext("{path} cannot be read: {why}.", path=short(path), why=error.strerror or error)
        ) from None
    if not inside:
        suffixes = ", ".join((*SUFFIXES, *COMPRESSED))
        raise NotALogError(
            gettext(
                "The folder {path} holds no file that a log could be in ({suffixes}).", path=path, suffixes=suffixes
            )
        )
    return inside


def _parts(path: Path) -> Iterable[Path]:
    """Return the Parquet files that a folder called like a table holds parts of it in; else the path itself."""
    parted = path.name.removesuffix(".parquet") in TABLES and path.is_dir()
    return [*path.glob("*.parquet"), *path.glob("class_id=*/*.parquet")] if parted else [path]


def _may_be_a_log(file: Path) -> bool:
    return file.suffix.lower() in (*SUFFIXES, *COMPRESSED) and file.is_file() and is_shown(file.name)


def _regular(path: Path) -> Path:
    """Return a path that leads to a file; a device or a pipe may never end, and is none."""
    if not path.exists():
        raise NotALogError(gettext("There is no file {path}.", path=short(path)))
    refuse_endless(path)
    return path


def _named(files: list[Path]) -> list[tuple[Path, str]]:
    """Give each file the name that problems call it: the last part of its path, more where two share that."""
    names = [file.name for file in files]
    return [
        (file, name if names.count(name) == 1 else file.as_posix()) for file, name in zip(files, names, strict=True)
    ]


def _read_parquet(file: File, options: Options) -> RawTable:
    """Read a Parquet by Arrow, which raises where a damaged file tells of sizes that it does not have."""
    name = file.name
    try:
        opened = parquet.ParquetFile(pa.BufferReader(file.data))
        _refuse_large(file, opened.metadata.num_rows, len(opened.schema_arrow.names), options)
        typed = _checked(opened.read())
    except (KeyboardInterrupt, SystemExit, MemoryError, NotALogError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of Polars derives from it
        raise NotALogError(
            gettext("{name} cannot be read as Parquet ({names}).", name=name, names=" ".join(str(error).split())[:200])
        ) from None
    flat = [column for column in typed.columns if not typed[column].dtype.is_nested()]
    names = unique_names(flat)
    typed = _texts(typed.select(flat).rename(dict(zip(flat, names, strict=True))))
    problems = [_left(name, column) for column in typed.columns if column not in flat]
    placed = "row" in names and typed["row"].dtype.is_integer()
    row = typed["row"].cast(pl.Int64, strict=False) if placed else pl.Series(range(1, typed.height + 1), dtype=pl.Int64)
    typed = typed.with_columns(row.alias(ROW))
    frame = typed.with_columns(_as_text(typed[column]).fill_null("") for column in names)
    return RawTable(name, None, names, 0, frame, tuple(problems), typed)


def _checked(table: pa.Table) -> pl.DataFrame:
    """Return what Arrow has read once it is whole; what a file tells of itself beside its columns is left out."""
    table.validate(full=True)  # Arrow takes any bytes for text, and Polars takes its word for it
    return pl.DataFrame(pl.from_arrow(pa.table(table.columns, names=[str(name) for name in table.schema.names])))


def _texts(typed: pl.DataFrame) -> pl.DataFrame:
    """Return a frame in which bytes are text: programs that say of no column that it is text write it so."""
    plain = pl.selectors.binary()
    return typed.with_columns(plain.map_batches(_decoded, return_dtype=pl.String))


def _as_text(column: pl.Series) -> pl.Series:
    """Return a column as a spreadsheet would write it: no number has a fraction of 0, lengths are minutes."""
    if column.dtype == pl.Duration:
        column = column.dt.total_microseconds() / 60_000_000
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S%.f%:z")
    if not column.dtype.is_float():
        return column.cast(pl.String)
    number = column.fill_nan(None)
    whole = number.cast(pl.Int64, strict=False)
    return (
        pl.select(pl.when(whole == number).then(whole.cast(pl.String)).otherwise(number.cast(pl.String)))
        .to_series()
        .alias(column.name)
    )


def _decoded(column: pl.Series) -> pl.Series:
    texts = (None if each is None else each.decode("utf-8", "replace") for each in column)
    return pl.Series(column.name, texts, dtype=pl.String)


def _refuse_large(file: File, rows: int, columns: int, options: Options) -> None:
    """Raise `NotALogError` where a small file tells of more rows than any log has: rows that are alike pack well."""
    Extent(1, columns, columns).check(file.name, options)
    most = max(LARGEST, STRONGEST * len(file.data))
    times = rows * columns * _BYTES_A_CELL / most
    if times > options.raise_limits:
        raise NotALogError(
            gettext(
                "{name} was not opened: its {rows} rows of {columns} columns take more than {number} MB. "
                "`scan` reads what is larger than the memory{or_raised}.",
                name=file.name,
                rows=number_in_words(rows),
                columns=number_in_words(columns),
                number=number_in_words(round(most * options.raise_limits / 2**20)),
                or_raised=or_raised(times, options),
            )
        )


def _left(name: str, column: str) -> Problem:
    text = gettext('The column "{column}" holds lists or structures; it was not read.', column=column)
    return Problem("unknown_column", text, gettext("Write one value a cell."), file=name, column=column)
