"""The way back: a log as a folder of CSV files, a workbook, or a folder of Parquet files."""

import csv
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from ..errors import ArgumentError, ExistsError, TooLargeError, one_of
from ..schema import ABOUT, HAPPENINGS, TABLES

if TYPE_CHECKING:
    from ..log import ProgressLog


FORMATS = ("csv", "xlsx", "parquet")

_FORMULA = re.compile(r"'*[=+\-@\t\r]")

_MOST_ROWS = 1_048_575

_LONGEST_TEXT = 32_767

_FIRST_DAY = datetime(1900, 3, 1)


def save(log: "ProgressLog", path: str | os.PathLike[str], *, format: str | None, overwrite: bool) -> list[str]:  # noqa: A002 - as in load
    """Write a log: `save_tables`, which see."""
    one_of("format", format, [*FORMATS, None])
    target = Path(path)
    kind = format or (
        target.suffix.lower().removeprefix(".") if target.suffix.lower() in (".xlsx", ".parquet") else "csv"
    )
    tables = _tables(log)
    if kind == "xlsx":
        _refuse([target] if not overwrite else [])
        _write_workbook(target, tables, dates_only=log.dates_only)
        return [str(target)]
    if target.exists() and not target.is_dir():
        raise ExistsError(f"{target} is a file, where a folder is to be. Choose another name.")
    ours = [target / f"{name}.{kind}" for name in (*TABLES, ABOUT)]
    _refuse(ours if not overwrite else [])
    target.mkdir(parents=True, exist_ok=True)
    write = _write_csv if kind == "csv" else _write_parquet
    written = []
    for name, frame in tables.items():
        write(target / f"{name}.{kind}", frame, log.dates_only)
        written.append(str(target / f"{name}.{kind}"))
    for stale in ours:
        if str(stale) not in written:
            stale.unlink(missing_ok=True)
    return written


def _refuse(files: Iterable[Path]) -> None:
    for file in files:
        if file.exists():
            raise ExistsError(f"{file} is there already. Choose another name, or say overwrite=True.")


def _tables(log: "ProgressLog") -> dict[str, pl.DataFrame]:
    """Return the tables that hold anything, in the order in which rows of one instant apply, and `about`."""
    tables = {}
    about = [("tz", log.tz), *([("blind", " ".join(sorted(log.blind)))] if log.blind else [])]
    for name, columns in TABLES.items():
        frame = pl.from_pandas(getattr(log, name))
        if frame.is_empty() and name in (*HAPPENINGS, "absences"):
            continue
        if "time" in frame.columns:
            frame = frame.sort("time", "row", maintain_order=True)
        tables[name] = frame
        attributes = [column for column in frame.columns if column not in (*columns, "row")]
        about += [(f"{name}.{column}", _type(frame[column].dtype)) for column in attributes]
    told = [(what, value) for what, value in about if value != "String"]
    tables[ABOUT] = pl.DataFrame(told, {"what": pl.String, "value": pl.String}, orient="row")
    return tables


def _type(dtype: pl.DataType) -> str:
    return "Datetime" if isinstance(dtype, pl.Datetime | pl.Date) else str(dtype.base_type())


def _write_parquet(file: Path, frame: pl.DataFrame, dates_only: bool) -> None:  # noqa: ARG001 - as for CSV
    part = file.with_name(f".{file.name}.part")
    frame.write_parquet(part)
    part.replace(file)


def _write_csv(file: Path, frame: pl.DataFrame, dates_only: bool) -> None:
    """Write in UTF-8 with a mark, without which Excel takes it for something else."""
    part = file.with_name(f".{file.name}.part")
    columns = [name for name in frame.columns if name != "row"]
    cells = [[_text(value, dates_only) for value in frame[name].to_list()] for name in columns]
    with part.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_guarded(name) for name in columns])
        writer.writerows(zip(*cells, strict=True))
    part.replace(file)


def _text(value: Any, dates_only: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if dates_only and value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else repr(value)


def _guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; `load` takes one off."""
    return f"'{text}" if _FORMULA.match(text) else text


def _write_workbook(file: Path, tables: Mapping[str, pl.DataFrame], *, dates_only: bool) -> None:
    for name, frame in tables.items():
        _refuse_large(file, name, frame)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with xlsxwriter.Workbook(part, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        formats = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = book.add_format({"bold": True})
        for name, frame in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            columns = [column for column in frame.columns if column != "row"]
            for number, column in enumerate(columns):
                sheet.write_string(0, number, _guarded(column), bold)
                _write_column(sheet, number, frame[column].to_list(), formats, dates_only=dates_only)
                sheet.set_column(number, number, 20 if frame[column].dtype != pl.Float64 else 10)
    part.replace(file)


def _write_column(
    sheet: Worksheet, number: int, values: list[Any], formats: tuple[Any, Any], *, dates_only: bool
) -> None:
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        if isinstance(value, datetime) and value >= _FIRST_DAY and not value.microsecond:
            sheet.write_datetime(row, number, value, formats[0 if dates_only and value.time() == time(0) else 1])
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
            sheet.write_number(row, number, value)
        else:
            sheet.write_string(row, number, _text(value, dates_only))


def _refuse_large(file: Path, name: str, frame: pl.DataFrame) -> None:
    if frame.height > _MOST_ROWS:
        raise TooLargeError(
            f"{name} has {frame.height:,} rows, more than the {_MOST_ROWS:,} that a sheet can hold. "
            f"Choose a folder instead of {file.name}."
        )
    for column, dtype in frame.schema.items():
        longest = frame[column].str.len_chars().max() if dtype == pl.String else 0
        if isinstance(longest, int) and longest >= _LONGEST_TEXT:
            raise ArgumentError(
                f"{name}.{column} holds a text of {longest:,} letters; a cell of a workbook holds {_LONGEST_TEXT:,}. "
                f"Choose a folder instead of {file.name}."
            )
