"""What somebody who writes measures in Polars by hand has ready: ids as numbers, events sorted once, school days."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from .school_days import SchoolDays
from .words import EVENTS, GIVES, MARKS, REOPENED, STANDS_MET, STARTED, STATUSES, STUCK, comes_first

TABLES = ("events", "collaborations", "learners", "goals", "terms")

Tables = Mapping[str, pl.LazyFrame]

BELOW = 2**32
"""Above it the numbers of learner and goal, below it the place of a row."""

KEY, MARK = pl.col("key"), pl.col("mark")

EVENT, INSTANT = MARK % MARKS, MARK // MARKS


def opened(folder: Path) -> dict[str, pl.LazyFrame]:
    """Return the tables of a folder of canonical Parquet, unread."""
    return {name: pl.scan_parquet(_place(folder, name)) for name in TABLES}


def held(folder: Path) -> dict[str, pl.LazyFrame]:
    """Return them in memory."""
    return {name: frame.collect().lazy() for name, frame in opened(folder).items()}


def _place(folder: Path, name: str) -> Path:
    one = folder / f"{name}.parquet"
    return one if one.exists() else folder / name / "**" / "*.parquet"


@dataclass
class Log:
    """The tables, and what is made of each when asked for; learners and goals are numbered in alphabetical order."""

    tables: Tables

    @cached_property
    def learners(self) -> pl.DataFrame:
        return self.tables["learners"].select("learner_id", "class_id", "joined", "left").sort("learner_id").collect()

    @cached_property
    def goals(self) -> pl.DataFrame:
        return self.tables["goals"].select("goal_id", "strand").sort("goal_id").collect()

    @cached_property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """The first and the last day."""
        moment = pl.col("time")
        ends = [self.tables[name].select(low=moment.min(), high=moment.max()) for name in TABLES[:2]]
        both = pl.concat(pl.collect_all(ends)).select(pl.col("low").min(), pl.col("high").max())
        low, high = both.row(0)
        return np.datetime64(low, "D"), np.datetime64(high, "D")

    @cached_property
    def clock(self) -> SchoolDays:
        terms = self.tables["terms"].select("start", "end", pl.col("closed").cast(pl.String)).collect().rows()
        moved = [self.learners[name].drop_nulls() for name in ("joined", "left")]
        moves = [np.datetime64(each, "D") for some in moved if len(some) for each in (some.min(), some.max())]
        return SchoolDays(terms, min([self.span[0], *moves]), max([self.span[1], *moves]))

    @cached_property
    def today(self) -> int:
        return int(self.clock.belongs[int((self.span[1] - self.clock.base).astype(int))])

    def day(self, time: pl.Expr, which: str = "belongs") -> pl.Expr:
        """Return the school day of a time."""
        place = time.cast(pl.Date).to_physical() - int(self.clock.base.astype(int))
        return pl.lit(pl.Series(getattr(self.clock, which))).gather(place)

    @cached_property
    def until(self) -> pl.Series:
        """The school day on which what is open ends for each learner: today, or when they left."""
        left = self.learners.select(day=self.day(pl.col("left")))["day"]
        return left.fill_null(self.today).clip(upper_bound=self.today)

    def numbered(self, table: str, *columns: str | pl.Expr) -> pl.LazyFrame:
        """Return columns of a table beside `learner` and `goal`, numbers."""
        kinds = {"learner": self.learners["learner_id"], "goal": self.goals["goal_id"]}
        ids = {name: pl.col(f"{name}_id").cast(pl.Enum(every)) for name, every in kinds.items()}
        numbers = {name: each.to_physical().cast(pl.Int64) for name, each in ids.items()}
        return self.tables[table].select(*columns, **numbers)

    def events(self, *columns: str) -> pl.LazyFrame:
        """Return `key`, the number of learner and goal, and `mark`, the order of an event in its spell."""
        number = pl.col("event").cast(pl.Enum(EVENTS)).to_physical().cast(pl.Int64) + 1
        rows = self.numbered("events", "time", number.alias("event"), *columns)
        key = pl.col("learner") * len(self.goals) + pl.col("goal")
        return rows.select(*columns, key=key, mark=pl.col("time").to_physical() * MARKS + pl.col("event"))

    def learner(self) -> pl.Expr:
        """Return the number of the learner that a key stands for."""
        return KEY // len(self.goals)

    def names(self) -> dict[str, pl.Expr]:
        """Return the ids and the class that a key stands for."""
        learner, goal = self.learner(), KEY % len(self.goals)
        told = {"learner_id": (self.learners["learner_id"], learner), "class_id": (self.learners["class_id"], learner)}
        told["goal_id"] = self.goals["goal_id"], goal
        return {name: pl.lit(every).gather(number).alias(name) for name, (every, number) in told.items()}


def settled(log: Log, *columns: str) -> pl.DataFrame:
    """Return the events sorted by learner and goal and as they apply, with `code`, how the goal stands after each."""
    rows = in_order(log.events("row", *columns).collect())
    again = (EVENT == REOPENED) & (KEY.shift(1) == KEY) & (INSTANT.shift(1) == INSTANT)
    if rows.select(again.any()).item():
        rows = _with_first(rows).sort("key", "mark", "row")
    return rows.with_columns(code=_code())


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by key, mark and row: by one number if the file has the rows of each spell in their order, as most have."""
    place = rows.select(place=KEY * BELOW + pl.int_range(pl.len(), dtype=pl.Int64))["place"].sort()
    packed = rows[place & (BELOW - 1)]
    row = pl.col("row")
    back = (MARK.shift(1) > MARK) | ((MARK.shift(1) == MARK) & (row < row.shift(1)))
    if packed.select(((KEY.shift(1) == KEY) & back).any()).item():
        return rows.sort("key", "mark", "row")
    return packed


def comes_first_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return unsorted events, `reopened` marked as the first of its instant where the goal stood at met before."""
    reopened = rows.filter(EVENT == REOPENED).select("key", instant=INSTANT)
    few = rows.filter(KEY.is_in(reopened["key"].unique().implode())).with_columns(instant=INSTANT)
    if few.join(reopened, on=["key", "instant"], how="semi").height == reopened.height:
        return rows
    return _with_first(rows)


def _with_first(rows: pl.DataFrame) -> pl.DataFrame:
    keys = rows.filter(EVENT == REOPENED)["key"].unique()
    few = rows.select("key", "mark").filter(KEY.is_in(keys.implode())).sort("key", "mark")
    first = pl.Series(comes_first(few["key"].to_numpy(), few["mark"].to_numpy()))
    early = few.filter(first).unique().with_columns(early=INSTANT * MARKS)
    told = rows.join(early, on=["key", "mark"], how="left", maintain_order="left")
    return told.with_columns(mark=pl.coalesce("early", "mark")).drop("early")


def _code() -> pl.Expr:
    gives = pl.lit(pl.Series(GIVES, dtype=pl.Int8)).gather(EVENT)
    stays = EVENT.is_between(STARTED, STUCK)
    begins = (KEY.shift(1) != KEY).fill_null(value=True)
    decided = pl.when(~stays).then(gives).when(begins).then(pl.lit(-1, pl.Int8)).forward_fill()
    return pl.when(stays & (decided == STANDS_MET)).then(decided).otherwise(gives)


def runs(log: Log, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the unbroken statuses: `key, time, code, before, stop`, and school days `start_day, stop_day`."""
    time, code = pl.col("time"), pl.col("code")
    ends = (KEY.shift(-1) != KEY) | (INSTANT.shift(-1) != INSTANT)
    frame = rows.lazy().filter(ends.fill_null(value=True)).select("key", "code", time=INSTANT.cast(pl.Datetime("us")))
    frame = frame.with_columns(before=pl.when(KEY.shift(1) == KEY).then(code.shift(1)))
    frame = frame.filter(pl.col("before").is_null() | (pl.col("before") != code))
    frame = frame.with_columns(stop=pl.when(KEY.shift(-1) == KEY).then(time.shift(-1)))
    frame = frame.with_columns(start_day=log.day(time), stop_day=log.day(pl.col("stop")))
    lasts = pl.max_horizontal(pl.lit(log.until).gather(log.learner()), "start_day")
    return frame.with_columns(pl.col("stop_day").fill_null(lasts)).collect()


def status(code: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(STATUSES)).gather(code)
