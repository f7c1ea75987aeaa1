"""Any frame brought into the form of a table of a log."""

from typing import Any

import narwhals as nw

from ..errors import ArgumentError, need_columns
from ..schema import NTH, OPEN_TABLES, REQUIRED, TABLES, WORDS
from .frames import CODED, Values, by_value, empty_column, is_internal

_ISO = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


_UNREAD = {"time": "_bad_time", "rate": "_bad_minutes", "day": "_bad_due"}


def unread_columns(table: str) -> list[str]:
    """Return the columns with the texts of times, minutes and days that could not be read: a check lists them."""
    return list(dict.fromkeys(_UNREAD[holds] for holds in TABLES[table].values() if holds in _UNREAD))


def known_frame(table: str, frame: Any) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Return a frame of any library as narwhals sees it; what is lazy has its rows elsewhere."""
    try:
        known: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
    except TypeError:
        raise ArgumentError(
            f"must be a data frame (pandas, Polars, PyArrow, PySpark, ...); got {type(frame).__name__}.", table
        ) from None
    return known


def normalised(table: str, frame: Any, tz: str, values: Values) -> tuple[nw.LazyFrame, list[str]]:
    """Bring any frame narwhals knows into the form of a table, and list the columns it has no use for.

    The frame gets the columns of the table, `row`, `file`, `sheet`, and `unread_columns`. Zoned times become the wall
    clock of `tz`; what is not lazy is put on Polars. The columns of `values` stand in it as they do in a log.
    """
    lazy = _lazy(table, frame, tz)
    present = lazy.collect_schema()
    need_columns(table, present.names(), REQUIRED[table])
    kinds = TABLES[table]
    _need_own_clock(table, lazy, tz)
    ready = {*values, *(_never_empty(table, lazy) if NTH in present else ())}
    columns = [
        nw.col(name) if name in ready else _column(table, name, kind, present, tz) for name, kind in kinds.items()
    ]
    attributes = [name for name in present.names() if name not in kinds and not is_internal(name)]
    unused = [] if table in OPEN_TABLES else attributes
    kept = [nw.col(name) for name in attributes if name not in unused]
    bad = [nw.col(name) if name in present else empty_column(name, "str") for name in unread_columns(table)]
    nth = [nw.col(NTH)] if NTH in present else []
    return lazy.select(*columns, *kept, *_place(table, present), *nth, *bad), unused


def tidy_values(table: str, frame: Any) -> Values:
    """Return what the ids and words of a plan of Polars are, of the columns that stand in it as they do in a log.

    What is asked of a few values need not be asked of each row, nor need they be made tidy. There may be millions of
    episodes: of them only whether one is missing or empty is told.
    """
    known = known_frame(table, frame)
    if isinstance(known, nw.DataFrame) or not known.implementation.is_polars():
        return {}
    import polars as pl

    plan: pl.LazyFrame = known.to_native()
    texts = [name for name, dtype in plan.collect_schema().items() if dtype == pl.String and name in TABLES[table]]
    values = {}
    for name in texts:
        if name in CODED or name in WORDS:
            asked = plan.filter(pl.col(name).fill_null("") == "") if name == "episode_id" else plan
            some = asked.select(pl.col(name).unique()).collect()[name]
            if (some.is_in(WORDS[name]) if name in WORDS else some != "").all():
                values[name] = some
    return values


def _never_empty(table: str, frame: nw.LazyFrame) -> list[str]:
    """Return the columns of texts that are tidy and never empty: they stand in a frame as they do in a log."""
    hold_text = [name for name, kind in TABLES[table].items() if kind in ("str", "word")]
    texts = [name for name, dtype in frame.collect_schema().items() if dtype == nw.String and name in hold_text]
    if not texts:
        return []
    told = frame.select((nw.col(name) != "").all() for name in texts).collect()
    return [name for name in texts if told[name].item()]


def _lazy(table: str, frame: Any, tz: str) -> nw.LazyFrame:
    known = known_frame(table, frame)
    if isinstance(known, nw.LazyFrame):
        numbered: nw.LazyFrame = known if "row" in known.columns else _numbered(known)
        return numbered
    import polars as pl
    import pyarrow as pa

    try:
        native = known.to_polars()
    except (pl.exceptions.PolarsError, TypeError, ValueError, pa.ArrowException) as error:
        raise ArgumentError(f"has a column of mixed types: {error}", table) from error
    if "row" not in native.columns:
        native = native.with_row_index("row", offset=1)
    native = native.drop(NTH, strict=False).with_row_index(NTH)
    here: nw.LazyFrame = nw.from_native(_tidy_words(table, _texts_as_times(table, native, tz)).lazy())
    return here


def _tidy_words(table: str, frame: Any) -> Any:
    """Bring the words of a Polars frame into the form of the log."""
    import polars as pl

    words = [name for name, kind in TABLES[table].items() if kind == "word" and frame.schema.get(name) == pl.String]
    return frame.with_columns(by_value(frame[name], _tidy) for name in words)


def _tidy(words: Any) -> Any:
    return words.str.strip_chars().str.to_lowercase()


def _numbered(known: nw.LazyFrame) -> nw.LazyFrame:
    """Give each row a number, in an order that stays the same."""
    return known.with_row_index("row", order_by=known.columns).with_columns(row=nw.col("row") + 1)


def _column(table: str, name: str, kind: str, present: nw.Schema, tz: str) -> nw.Expr:
    if name not in present:
        return empty_column(name, kind)
    dtype, column = present[name], nw.col(name)
    if kind == "time":
        return _time(table, name, dtype, tz).alias(name)
    if kind == "day":
        return _time(table, name, dtype, tz).cast(nw.Date).cast(nw.Datetime("us")).alias(name)
    if kind == "rate":
        return column.cast(nw.Float64)
    text = column.cast(nw.String)
    if dtype.is_float():
        text = nw.when(column == column.round(0)).then(column.cast(nw.Int64).cast(nw.String)).otherwise(text)
    if kind == "word" and not (dtype == nw.String and NTH in present):  # those are tidy
        text = text.str.strip_chars().str.to_lowercase()
    return nw.when(text != "").then(text).alias(name)


def _time(table: str, name: str, dtype: nw.dtypes.DType, tz: str) -> nw.Expr:
    column = nw.col(name)
    if isinstance(dtype, nw.Datetime):
        if dtype.time_zone is not None:
            column = column if dtype.time_zone == tz else column.dt.convert_time_zone(tz)
            column = column.dt.replace_time_zone(None)
        return column.cast(nw.Datetime("us"))
    if dtype == nw.Date:
        return column.cast(nw.Datetime("us"))
    raise ArgumentError(f"{table}.{name} must hold dates or times; it holds {dtype}.")


def _need_own_clock(table: str, frame: nw.LazyFrame, tz: str) -> None:
    """Refuse zoned times of Spark that are not on the clock of the school: Spark has one zone for all of a session."""
    if frame.implementation.is_polars():
        return
    for name, dtype in frame.collect_schema().items():
        if name in TABLES[table] and isinstance(dtype, nw.Datetime) and dtype.time_zone not in (None, tz):
            raise ArgumentError(
                f"{table}.{name} is on the clock of the session ({dtype.time_zone}), the log on that of {tz!r}. Set "
                f'session.conf.set("spark.sql.session.timeZone", "{tz}") before the tables are opened.'
            )


def _texts_as_times(table: str, frame: Any, tz: str) -> Any:
    """Read the times that a Polars frame holds as text; what cannot be read is put into the column for its kind."""
    for kind in ("time", "day"):
        times = [name for name, holds in TABLES[table].items() if holds == kind and name in frame.columns]
        frame = _texts_read(frame, times, _UNREAD[kind], tz)
    return frame


def _texts_read(frame: Any, times: list[str], unread: str, tz: str) -> Any:
    import polars as pl

    bad = pl.lit(None, pl.String)
    for name in times:
        if frame[name].null_count() == frame.height:  # an empty column may come as any type
            frame = frame.with_columns(pl.lit(None, pl.Datetime("us")).alias(name))
        elif frame[name].dtype == pl.String:
            text = pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name).str.strip_chars())
            frame = frame.with_columns(_text=text).with_columns(_read_iso(pl.col("_text"), tz).alias(name))
            bad = pl.coalesce(bad, pl.when(pl.col(name).is_null()).then(pl.col("_text")))
            frame = frame.with_columns(bad.alias(unread)).drop("_text")
            bad = pl.col(unread)
    return frame if unread in frame.columns else frame.with_columns(bad.alias(unread))


def _read_iso(text: Any, tz: str) -> Any:
    import polars as pl

    naive = [text.str.to_datetime(form, strict=False, time_unit="us") for form in _ISO]
    zoned = text.str.to_datetime("%+", strict=False, time_unit="us", time_zone="UTC")
    wall = zoned.dt.convert_time_zone(tz).dt.replace_time_zone(None)
    return pl.coalesce(*naive, text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")), wall)


def _place(table: str, present: nw.Schema) -> list[nw.Expr]:
    row = nw.col("row").cast(nw.Int64)
    file = nw.col("file").cast(nw.String) if "file" in present else empty_column("file", "str")
    named = nw.col("sheet").cast(nw.String) if "sheet" in present else nw.lit(None, nw.String)
    sheet = named if "file" in present else nw.coalesce(named, nw.lit(table))
    return [row, file, sheet.alias("sheet")]
