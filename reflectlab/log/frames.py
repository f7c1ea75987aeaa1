"""Frames on whatever engine a log runs on: small tables put there, rows in order, and results brought back to pandas.

Polars sorts anew for each window that has an order: there rows are sorted once, and each looks at its neighbour.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from ..schema import OPEN_TABLES, PLACE, PRESENCE, TABLES, WORDS

if TYPE_CHECKING:
    import polars as pl


PANDAS: dict[str, Any] = {
    "str": "str",
    "count": "int64",
    "count?": "Int64",
    "rate": "float64",
    "flag": "bool",
    "flag?": "boolean",
    "time": "datetime64[us]",
}
"""What each kind of result column is in pandas."""

CODED = ("learner_id", "goal_id", "episode_id")
"""The columns that are numbers with names where the rows are held."""

_SHOWN_AS = {"word": "str", "day": "time"}

_EMPTY = {"time": nw.Datetime("us"), "day": nw.Datetime("us"), "rate": nw.Float64(), "count": nw.Int64()}
"""The types of columns that hold no text."""

Schema = Mapping[str, str]
"""The columns of a result and the kind of each, a key of `PANDAS`."""

Values = Mapping[str, "pl.Series"]
"""The distinct ids and words of a table, by their columns."""

Codes = Mapping[str, "pl.Enum | pl.Categorical"]
"""The ids of learners and of goals, or words, as numbers, which sort, join and group faster than text."""


def schema_of(table: str, frame: nw.LazyFrame) -> Schema:
    """Return the columns that a user sees in a table, and the kind of each."""
    own = {name: _SHOWN_AS.get(kind, kind) for name, kind in TABLES[table].items()}
    extra = frame.collect_schema() if table in OPEN_TABLES else {}
    attributes = {
        name: result_kind(dtype) for name, dtype in extra.items() if name not in own and not is_internal(name)
    }
    return {**own, **attributes, "row": "count?"}


def is_internal(name: str) -> bool:
    """Return whether a column is one that the log adds for itself: no attribute of the user's."""
    return name.startswith("_") or name in {*PLACE, *PRESENCE}


def to_pandas(frame: nw.LazyFrame, schema: Schema, *, held: bool = False) -> pd.DataFrame:
    """Collect the columns of `schema` into pandas, with the same types from every engine; missing text is NaN.

    Where the rows are `held` in order, Polars takes them as they lie rather than in batches, which is quicker.
    """
    rows = frame.select(*schema)
    found = decoded(rows.collect("polars", engine="in-memory") if held else rows.collect())
    # Here it is cheaper than in pandas.
    other = [name for name, dtype in found.schema.items() if schema[name] == "count" and dtype != nw.Int64]
    return typed(_in_pandas(found.with_columns(nw.col(*other).cast(nw.Int64)) if other else found), schema)


def collected(frame: nw.LazyFrame) -> pd.DataFrame:
    """Collect a frame into pandas, with the types that its engine gives, and ids as text."""
    return _in_pandas(frame.collect())


def _in_pandas(rows: nw.DataFrame[Any]) -> pd.DataFrame:
    found = decoded(rows).to_pandas()
    if len(found):
        return found
    # Text columns without a row come with no chunk at all, and pandas cannot merge those.
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in found.dtypes.items()})


def typed(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the columns of `schema`, each as the type it stands for."""
    found = frame[list(schema)].reset_index(drop=True)
    now = dict(found.dtypes)
    # A column at a time: to change several of a frame at once takes twice as long.
    other = {name: PANDAS[kind] for name, kind in schema.items() if now[name] != PANDAS[kind]}
    return found.assign(**{name: found[name].astype(kind) for name, kind in other.items()})


def result_kind(dtype: nw.dtypes.DType) -> str:
    """Return the kind of result column that fits a narwhals type."""
    if dtype.is_integer():
        return "count?"
    if dtype.is_numeric():
        return "rate"
    if dtype == nw.Boolean:
        return "flag?"
    return "time" if dtype in (nw.Datetime, nw.Date) else "str"


def empty_column(name: str, holds: str) -> nw.Expr:
    """Return a column in which all is missing, of the type that it would have; `holds` is as in `schema.TABLES`."""
    return nw.lit(None, _EMPTY.get(holds, nw.String())).alias(name)


def lazy_like(frame: nw.LazyFrame, small: pd.DataFrame) -> nw.LazyFrame:
    """Put a small table, in which nothing is missing, on the engine of `frame`: Polars, or the session of Spark."""
    if frame.implementation.is_polars():
        import polars as pl

        return nw.from_native(pl.from_pandas(small).lazy())
    import pyarrow as pa

    native: Any = frame.to_native()
    distributed: nw.LazyFrame = nw.from_native(
        native.sparkSession.createDataFrame(pa.Table.from_pandas(small, preserve_index=False))
    )
    return distributed


class Ids(Mapping[str, "pl.Enum | pl.Categorical"]):
    """The numbers of the ids of learners, goals and episodes in frames on Polars.

    Those of learners and goals are in the order of the ids, and of each kind found when it is first asked for. There
    may be millions of episodes: they are numbered as they come.
    """

    def __init__(self, tables: Mapping[str, nw.LazyFrame], values: Mapping[str, Values]) -> None:
        self._tables, self._values = tables, values
        self._found: dict[str, pl.Enum] = {}

    def __getitem__(self, key: str) -> "pl.Enum | pl.Categorical":
        import polars as pl

        if key not in CODED:
            raise KeyError(key)
        if key == "episode_id":
            return pl.Categorical()
        if key not in self._found:
            ids = pl.concat(self._of_table(name, key) for name, each in self._tables.items() if key in each.columns)
            self._found[key] = pl.Enum(ids.drop_nulls().unique().sort())
        return self._found[key]

    def _of_table(self, name: str, key: str) -> "pl.Series":
        import polars as pl

        if key in self._values.get(name, {}):
            return self._values[name][key]
        found: pl.DataFrame = self._tables[name].to_native().select(pl.col(key).unique().cast(pl.String)).collect()
        return found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(CODED)

    def __len__(self) -> int:
        return len(CODED)


def words() -> dict[str, "pl.Enum"]:
    """Give the words of a log numbers, in the order of the glossary."""
    import polars as pl

    return {name: pl.Enum(some) for name, some in WORDS.items()}


def coded(frame: nw.LazyFrame, codes: Codes) -> nw.LazyFrame:
    """Put the numbers of ids in the place of their texts; nothing changes where there are none."""
    present = [name for name in codes if name in frame.columns]
    if not present:
        return frame
    numbered: nw.LazyFrame = nw.from_native(frame.to_native().cast({name: codes[name] for name in present}))
    return numbered


def decoded(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Put the texts of ids in the place of their numbers."""
    if not frame.implementation.is_polars():
        return frame
    import polars as pl

    # Asked of Polars: narwhals would look at every name of every id.
    named = [name for name, dtype in frame.to_native().schema.items() if isinstance(dtype, pl.Enum | pl.Categorical)]
    return frame.with_columns(nw.col(*named).cast(nw.String)) if named else frame


def once(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Run on Polars what several parts of a result rest on, so that it runs once; other engines plan for themselves."""
    return frame.collect().lazy() if frame.implementation.is_polars() else frame


def held_whole(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Hold a table of Polars in memory, each column in one piece: to take rows out of hundreds is slow."""
    import polars as pl

    whole: pl.DataFrame = frame.to_native().collect()
    held: nw.LazyFrame = nw.from_native(whole.rechunk().lazy())
    return held


def lean(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Run on Polars, and hold what is the same in all rows of a column once, such as notes that nobody made.

    >>> import polars as pl
    >>> lean(nw.from_native(pl.LazyFrame({"n": [1, 2], "sheet": "events", "note": None}))).collect().rows()
    [(1, 'events', None), (2, 'events', None)]
    """
    import polars as pl

    rows: pl.DataFrame = frame.to_native().collect().rechunk()
    same = [pl.lit(each.head(1)).first().alias(each.name) for each in rows if _is_one(each)]
    held: nw.LazyFrame = nw.from_native(rows.with_columns(same).lazy())
    return held


def _is_one(column: "pl.Series") -> bool:
    """Tell whether all rows of a column hold the same."""
    if not len(column) or column.null_count():
        return 0 < len(column) == column.null_count()
    return bool(column[0] == column[-1] and (column == column[0]).all())


def kept_there(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Let Spark keep a table once it is made, in memory or on its disks; what Polars does not hold stays a plan."""
    if frame.implementation.is_polars():
        return frame
    kept: nw.LazyFrame = nw.from_native(frame.to_native().cache())
    return kept


def by_value(texts: "pl.Series", change: "Callable[[pl.Series], pl.Series]") -> "pl.Series":
    """Change the texts of a column that holds each of them many times; return it itself where nothing changes.

    >>> import polars as pl
    >>> by_value(pl.Series(["Met", "met", "Met"]), lambda words: words.str.to_lowercase()).to_list()
    ['met', 'met', 'met']
    """
    values = texts.unique()
    changed = change(values)
    differ = values != changed
    return texts.replace(values.filter(differ), changed.filter(differ)) if differ.any() else texts


def midnight(day: date) -> nw.Expr:
    """Return the moment at which a day begins, on no zone's clock, which a literal time of Spark would be on."""
    return nw.lit(date(day.year, day.month, day.day)).cast(nw.Datetime("us"))


def sorted_lazily(frame: nw.LazyFrame, by: Sequence[str]) -> nw.LazyFrame:
    """Sort by these columns, what is missing last."""
    return frame.sort(*by, nulls_last=True)


def joined_in_order(frame: nw.LazyFrame, other: nw.LazyFrame, on: Sequence[str]) -> nw.LazyFrame:
    """Join what another table tells to each row; on Polars the rows stay in their order."""
    if not frame.implementation.is_polars():
        return frame.join(other, on=list(on), how="left")
    joined: nw.LazyFrame = nw.from_native(
        frame.to_native().join(other.to_native(), on=list(on), how="left", maintain_order="left")
    )
    return joined


def with_previous(
    frame: nw.LazyFrame, name: str, column: str, keys: Sequence[str], order: Sequence[str]
) -> nw.LazyFrame:
    """Add the value that a column has in the row before, of those with the same keys; missing in the first.

    >>> import polars as pl
    >>> rows = nw.from_native(pl.LazyFrame({"learner_id": ["a", "b", "a"], "n": [2, 1, 1], "goal_id": ["y", "z", "x"]}))
    >>> told = with_previous(rows, "source", "goal_id", ["learner_id"], ["n"])
    >>> told.sort("learner_id", "n").collect()["source"].to_list()
    [None, 'x', None]
    """
    if not frame.implementation.is_polars():
        return frame.with_columns(nw.col(column).shift(1).over(*keys, order_by=order).alias(name))
    import polars as pl

    rows = frame.to_native().sort(*keys, *order)
    told: nw.LazyFrame = nw.from_native(
        rows.with_columns(pl.when(~differs(keys)).then(pl.col(column).shift(1)).alias(name))
    )
    return told


def with_number(frame: nw.LazyFrame, name: str, keys: Sequence[str], order: Sequence[str]) -> nw.LazyFrame:
    """Add the number of each row among those with the same keys, from 1.

    >>> import polars as pl
    >>> rows = nw.from_native(pl.LazyFrame({"learner_id": ["a", "b", "a"], "n": [2, 1, 1]}))
    >>> with_number(rows, "position", ["learner_id"], ["n"]).sort("learner_id", "n").collect()["position"].to_list()
    [1, 2, 1]
    """
    if not frame.implementation.is_polars():
        counted = frame.with_columns(nw.lit(1).alias(name))
        return counted.with_columns(nw.col(name).cum_sum().over(*keys, order_by=order).cast(nw.Int64))
    import polars as pl

    at = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.when(differs(keys)).then(at).forward_fill()
    numbered: nw.LazyFrame = nw.from_native(
        frame.to_native().sort(*keys, *order).with_columns((at - first + 1).alias(name))
    )
    return numbered


def ends(columns: Sequence[str]) -> "pl.Expr":
    """Return whether the row of Polars after it differs in some column, as what follows the last row does."""
    return differs(columns).shift(-1, fill_value=True)


def differs(columns: Sequence[str]) -> "pl.Expr":
    """Return whether a row of Polars differs from the one before it in some column, as the first row does."""
    import polars as pl

    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in columns) | (
        pl.int_range(pl.len()) == 0
    )
