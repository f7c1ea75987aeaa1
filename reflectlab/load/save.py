"""The way back: a log as a folder of CSV files, a workbook, or a folder of Parquet files."""

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from ..errors import ArgumentError, ExistsError, TooLargeError, one_of
from ..schema import ABOUT, HAPPENINGS, TABLES
from ..writing import refuse_place, write_file, write_folder
from .formulas import guarded

if TYPE_CHECKING:
    from ..log import ProgressLog


FORMATS = ("csv", "xlsx", "parquet")

_TO_QUOTE = re.compile(r"[\",;\s]")

_MOST_ROWS = 1_048_575

_LONGEST_TEXT = 32_767

_FIRST_DAY = datetime(1900, 3, 1)


_BY_CLASS = (*HAPPENINGS, "absences")
"""The tables that may lie in a folder for each class."""

_NO_CLASS = "__HIVE_DEFAULT_PARTITION__"

_NOT_IN_A_NAME = re.compile(r"""[\x00-\x1f\x7f"#%'*/:<=>?\\^{}|[\]]|^\.|[. ]$""")

_CLASS = "class of the learner"


def save(
    log: "ProgressLog",
    path: str | os.PathLike[str],
    *,
    format: str | None,  # noqa: A002 - as in load
    overwrite: bool,
    partition_by: str | None = None,
) -> list[str]:
    """Write a log: `save_tables`, which see."""
    one_of("format", format, [*FORMATS, None])
    one_of("partition_by", partition_by, ["class_id", None])
    target = Path(path)
    kind = format or (
        target.suffix.lower().removeprefix(".") if target.suffix.lower() in (".xlsx", ".parquet") else "csv"
    )
    if partition_by and kind != "parquet":
        raise ArgumentError(f'is for Parquet; {target.name} is to be {kind}. Say format="parquet".', "partition_by")
    tables = _tables(log)
    if partition_by:
        return _write_by_class(target, tables, overwrite=overwrite)
    if kind == "xlsx":
        _refuse([target] if not overwrite else [])
        write_file(target, _workbook(target, tables, dates_only=log.dates_only))
        return [str(target)]
    names = {name: f"{name}.{kind}" for name in (*TABLES, ABOUT)}
    refuse_place(target, names.values())
    _refuse([target / name for name in names.values()] if not overwrite else [])
    form = _csv if kind == "csv" else _parquet
    write_folder(target, {names[name]: form(frame, log.dates_only) for name, frame in tables.items()})
    return [str(target / names[name]) for name in tables]


def _write_by_class(target: Path, tables: Mapping[str, pl.DataFrame], *, overwrite: bool) -> list[str]:
    """Write Parquet, with a folder for each class of what happened."""
    files = dict(_by_class(tables))
    folders = [name for name in _BY_CLASS if _ours(target / name)]
    refuse_place(target, [*folders, *(f"{name}.parquet" for name in (*TABLES, ABOUT))])
    _refuse(target.iterdir() if target.is_dir() and not overwrite else [])
    write_folder(target, {name: _parquet(frame, False) for name, frame in files.items()})
    return [str(target / name) for name in files]


def _by_class(tables: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the files; each class has a number of its own, as two may have one name to a disk that folds case."""
    classes = tables["learners"].select("learner_id", pl.col("class_id").fill_null("").alias(_CLASS))
    numbers = {class_id: number for number, class_id in enumerate(classes[_CLASS].unique().sort().to_list())}
    for name, frame in tables.items():
        if name not in _BY_CLASS:
            yield f"{name}.parquet", frame
            continue
        known = frame.join(classes, on="learner_id", how="left", maintain_order="left")
        for part in known.partition_by(_CLASS, maintain_order=True):
            class_id = part[_CLASS][0]
            yield f"{name}/class_id={_folder_name(class_id)}/{numbers[class_id]:05d}.parquet", part.drop(_CLASS)


def _folder_name(class_id: str) -> str:
    """Return a class as the name of a folder, as Hive writes it: what a name cannot hold as % and its code."""
    return _NOT_IN_A_NAME.sub(lambda sign: f"%{ord(sign[0]):02X}", class_id) or _NO_CLASS


def _ours(folder: Path) -> bool:
    """Tell whether the folder of a table holds parts of it, each in the folder of a class, and nothing else."""
    return folder.is_dir() and all(
        file.is_dir() if file.parent == folder else file.suffix == ".parquet" and file.stem.isdigit()
        for file in folder.rglob("*")
    )


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


def _parquet(frame: pl.DataFrame, dates_only: bool) -> bytes:  # noqa: ARG001 - as for CSV
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _csv(frame: pl.DataFrame, dates_only: bool) -> bytes:
    """Return UTF-8 with a mark, without which Excel takes it for something else."""
    columns = [name for name in frame.columns if name != "row"]
    cells = [[_text(value, dates_only) for value in frame[name].to_list()] for name in columns]
    rows = [[guarded(name) for name in columns], *zip(*cells, strict=True)]
    return "".join(f"{_line(row)}\n" for row in rows).encode("utf-8-sig", "surrogatepass")


def _line(cells: Sequence[str]) -> str:
    """Return a row of CSV; a lone CR, which Python's own writer forgets, is quoted as all that could end a cell."""
    quoted = (f'"{cell.replace(chr(34), chr(34) * 2)}"' if _TO_QUOTE.search(cell) else cell for cell in cells)
    return ",".join(quoted) or '""'


def _text(value: Any, dates_only: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if dates_only and value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else repr(value)


def _workbook(file: Path, tables: Mapping[str, pl.DataFrame], *, dates_only: bool) -> bytes:
    for name, frame in tables.items():
        _refuse_large(file, name, frame)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        formats = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = book.add_format({"bold": True})
        for name, frame in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            columns = [column for column in frame.columns if column != "row"]
            for number, column in enumerate(columns):
                sheet.write_string(0, number, guarded(column), bold)
                _write_column(sheet, number, frame[column].to_list(), formats, dates_only=dates_only)
                sheet.set_column(number, number, 20 if frame[column].dtype != pl.Float64 else 10)
    return out.getvalue()


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
