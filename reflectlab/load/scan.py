"""Parquet that is not read until a measure asks for it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from narwhals.exceptions import NarwhalsError

from ..errors import MissingDependencyError, NotALogError, one_of
from ..log import ProgressLog
from ..schema import ABOUT, TABLES

ENGINES = ("polars", "pyspark")


def scan_tables(path: str | os.PathLike[str], *, engine: str) -> ProgressLog:
    """Open a folder of Parquet files: `scan`, which see."""
    one_of("engine", engine, ENGINES)
    folder = Path(path)
    places = {name: place for name in (*TABLES, ABOUT) if (place := _place(folder, name))}
    if not {"events", "collaborations"} & places.keys():
        raise NotALogError(
            f"{folder} holds neither events.parquet nor collaborations.parquet. save_tables(log, path, "
            'format="parquet") writes them.'
        )
    about = _scanned(*places.pop(ABOUT)).collect().rows() if ABOUT in places else []
    tz, blind = dict(about).get("tz", "UTC"), dict(about).get("blind", "").split()
    open_one: Callable[[Path, str], Any] = _read_by_spark if engine == "pyspark" else _scanned
    try:
        frames: dict[str, Any] = {name: open_one(*place) for name, place in places.items()}
        return ProgressLog.from_tables(tz=tz, blind=blind, **frames)
    except (pl.exceptions.PolarsError, NarwhalsError, OSError) as error:
        raise NotALogError(f"{folder} cannot be read as Parquet ({' '.join(str(error).split())[:200]}).") from None


def _place(folder: Path, name: str) -> tuple[Path, str] | None:
    """Return where a table lies: a file; or a folder, and which files are of it, of all or of each class."""
    if (folder / f"{name}.parquet").is_file():
        return folder, f"{name}.parquet"
    parts = ("*.parquet", "class_id=*/*.parquet")
    found = ((folder / each, part) for each in (f"{name}.parquet", name) for part in parts)
    return next(((inside, part) for inside, part in found if any(inside.glob(part))), None)


def _scanned(inside: Path, part: str) -> pl.LazyFrame:
    """Open Parquet by Polars; the class that a folder is called after is a column of learners."""
    return pl.scan_parquet(inside / part, hive_partitioning=False)


def _read_by_spark(inside: Path, part: str) -> Any:
    """Open Parquet by Spark, which takes a pattern for a file that it misses, and says so in a hundred lines."""
    whole = "*" in part
    return _spark().read.option("recursiveFileLookup", whole).parquet(str(inside if whole else inside / part))


def _spark() -> Any:
    """Return the session of Spark that there is, or a new one on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingDependencyError(
            'engine="pyspark" needs PySpark, which is not installed. Install it where reflectlab lies: '
            'pip install -c constraints.txt -e ".[spark]"'
        ) from None
    return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
