"""The tables that measures run on: those of a log with school days, and where each goal stands after each event."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import narwhals as nw
import pandas as pd

from ..schema import HAPPENINGS, PLACE, TABLES
from .calendar import ONE_DAY, Calendar, Term
from .firsts import firsts
from .frames import Codes, Ids, Values, coded, empty_column, held_whole, kept_there, lazy_like, lean, midnight, words
from .status import in_spells, runs, with_status_words, with_statuses

if TYPE_CHECKING:
    import polars as pl

_NAMES = (*TABLES, "calendar", "runs", "firsts")

_OF_DATES = ("_date", "ordinal", "next_day", "upto_day")
"""What dates tell beside what is joined to what happened on them."""

_DAY_IN_MICROSECONDS = 86_400_000_000

_FROM_YEAR_ONE = date(1970, 1, 1).toordinal() * _DAY_IN_MICROSECONDS


class LogTables(Mapping[str, nw.LazyFrame]):
    """The tables of a log, each made when a measure first asks for it: not all that is loaded is measured.

    `checked` are those that there are, at least events, collaborations and absences; `span` is the first and the last
    day of the log; `held` tells whether what is made is kept in memory, by Polars. Then ids and words are numbers with
    names (`polars.Enum`), in the order of the names, events lie in the order of their spells, and what is made of
    events and collaborations takes the place of those that were checked: no row is held twice. `values` are the ids of
    some tables, where they are known.
    """

    def __init__(
        self,
        checked: Mapping[str, nw.LazyFrame],
        calendar: Calendar,
        span: tuple[date, date],
        *,
        held: bool,
        values: Mapping[str, Values] = MappingProxyType({}),
    ) -> None:
        self.checked, self.held, self._calendar, self._span = dict(checked), held, calendar, span
        self._first = min(span[0], calendar.terms[0].start) - ONE_DAY
        self._last = max(span[1], calendar.terms[-1].end) + ONE_DAY
        self._values = values
        self._made: dict[str, nw.LazyFrame] = {}

    def __getitem__(self, name: str) -> nw.LazyFrame:
        if name not in _NAMES:
            raise KeyError(name)
        return self.kept(name, lambda: coded(self._make(name), self.codes))

    def kept(self, name: str, make: Callable[[], nw.LazyFrame]) -> nw.LazyFrame:
        """Return what was made under a name, of the whole log, and is kept; made now if it was not."""
        if name not in self._made:
            self._made[name] = self._keep(name, make())
        return self._made[name]

    def _keep(self, name: str, made: nw.LazyFrame) -> nw.LazyFrame:
        if not self.held:
            return kept_there(made)
        if name in HAPPENINGS:  # what the time or the status of a row tells needs no place
            told = self.checked[name] = held_whole(made.drop("instant", "status", strict=False))
            return self._with_dates(with_status_words(told) if name == "events" else told)
        return made if name == "firsts" else held_whole(made)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def of_learners(self, learners: "pl.Series") -> Self:
        """Return the tables of some learners of a log on Polars; files in which no id is near theirs are not read."""
        import polars as pl

        learner = pl.col("learner_id")
        theirs = (learner >= learners.min()) & (learner <= learners.max()) & learner.is_in(learners.implode())
        frames: dict[str, nw.LazyFrame] = {
            name: nw.from_native(frame.to_native().filter(theirs)) if "learner_id" in frame.columns else frame
            for name, frame in self.checked.items()
        }
        return type(self)(frames, self._calendar, self._span, held=True)

    def with_learners(self, frame: nw.LazyFrame, columns: Sequence[str]) -> nw.LazyFrame:
        """Add columns of the learners to a frame with `learner_id`: by their number where the rows are held."""
        if not self.held:
            return frame.join(self["learners"].select("learner_id", *columns), on="learner_id", how="left")
        import polars as pl

        number = pl.col("learner_id").to_physical()
        told = {name: pl.lit(self._by_number[name]).gather(number) for name in columns}
        found: nw.LazyFrame = nw.from_native(frame.to_native().with_columns(**told))
        return found

    @cached_property
    def _by_number(self) -> "pl.DataFrame":
        """Return the learners in the order of their numbers: each that happens to be in a table is one of them."""
        whole: pl.DataFrame = self["learners"].to_native().sort("learner_id").collect()
        return whole

    @cached_property
    def codes(self) -> Codes:
        """Return the numbers of the ids; none where the rows are elsewhere."""
        return Ids(self.checked, self._values) if self.held else {}

    def _coded(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Put numbers in the place of ids and of the words of the log, which are the same whatever is told."""
        return coded(coded(frame, words()), self.codes) if self.held else frame

    def _make(self, name: str) -> nw.LazyFrame:
        if name == "calendar":
            return lazy_like(self.checked["events"], self._calendar.days)
        if name == "runs":
            return runs(self["events"])
        if name == "firsts":
            return firsts(self["events"], held=self.held)
        frame = self.checked[name] if name in self.checked else self._derived(name)
        frame = frame.drop("_bad_time", "_bad_minutes", "_bad_due", strict=False)
        if name == "events":
            if not self.held:
                return with_statuses(self._with_school_days(frame), held=False)
            # Sorted first: what is added then need not be moved.
            at = in_spells(lean(self._coded(frame))).with_columns(instant=instant(held=True))
            return with_statuses(at, held=True)
        if name == "collaborations":
            return lean(self._coded(frame)) if self.held else self._with_school_days(frame)
        if name == "absences":
            days = lazy_like(self.checked["events"], self._calendar.days[["date", "school_day"]])
            return frame.join(days, on="date", how="left")
        if name == "learners":
            return self._with_presence(_named(frame, "name", "learner_id"))
        return _named(frame, "title", "goal_id") if name == "goals" else frame

    def _derived(self, name: str) -> nw.LazyFrame:
        """Return the learners, goals or terms of a log that has no table of them."""
        if name == "terms":
            return _terms_frame(self._calendar.terms, self.checked["events"])
        key, named = ("learner_id", "name") if name == "learners" else ("goal_id", "title")
        tables = ("events", "collaborations", *(("absences",) if name == "learners" else ()))
        ids = nw.concat([self.checked[table].select(nw.col(key).cast(nw.String)) for table in tables])
        known = ids.filter(~nw.col(key).is_null()).unique(subset=[key])
        columns = [empty_column(column, kind) for column, kind in TABLES[name].items() if column not in (key, named)]
        return known.select(key, nw.col(key).alias(named), *columns, *_nowhere())

    @cached_property
    def _dates(self) -> nw.LazyFrame:
        dates, days = self._calendar.dates(self._first, self._last), self._calendar.days["date"]
        told = dates.assign(
            ordinal=dates["date"].map(lambda moment: moment.toordinal()).astype("int64"),
            next_day=days.searchsorted(dates["date"], side="left") + 1,
            upto_day=days.searchsorted(dates["date"], side="right"),
        )
        here = self.checked["events"]
        return lazy_like(here, told).with_columns(_date=nw.col("date").dt.date()).drop("date")

    def _with_school_days(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        told = frame.with_columns(_date=nw.col("time").dt.date()).join(self._dates, on="_date", how="left")
        return told.with_columns(instant=instant(held=False)).drop(*_OF_DATES)

    def _with_dates(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Do the same where the rows are held: look each day up by its place among all from the first."""
        import polars as pl

        dates: pl.DataFrame = self._dates.to_native().collect()
        place = pl.col("time").dt.date().to_physical() - dates["_date"].to_physical()[0]
        told = {name: pl.lit(dates[name]).gather(place) for name in dates.columns if name not in _OF_DATES}
        timed: nw.LazyFrame = nw.from_native(frame.to_native().with_columns(**told))
        return timed.with_columns(instant=instant(held=True))

    def _with_presence(self, learners: nw.LazyFrame) -> nw.LazyFrame:
        """Add the first and last school day of each learner, and `left_day`, the school day that `left` belongs to."""
        lowest, highest = midnight(self._first), midnight(self._last)

        def within(column: str, otherwise: nw.Expr) -> nw.Expr:
            moment = nw.coalesce(nw.col(column), otherwise)
            late = nw.when(moment > highest).then(highest).otherwise(moment)
            return nw.when(moment < lowest).then(lowest).otherwise(late).dt.date()

        joins = self._dates.select("_date", from_day="next_day")
        leaves = self._dates.select("_date", to_day="upto_day", left_day="school_day")
        there = learners.with_columns(_date=within("joined", lowest)).join(joins, on="_date", how="left")
        gone = there.with_columns(_date=within("left", highest)).join(leaves, on="_date", how="left")
        left_day = nw.when(~nw.col("left").is_null()).then(nw.col("left_day"))
        return gone.with_columns(left_day=left_day).drop("_date")


def _terms_frame(terms: Sequence[Term], here: nw.LazyFrame) -> nw.LazyFrame:
    rows = [(t.term_id, t.title, pd.Timestamp(t.start), pd.Timestamp(t.end)) for t in terms]
    small = pd.DataFrame(rows, columns=["term_id", "title", "start", "end"])
    small[["start", "end"]] = small[["start", "end"]].astype("datetime64[us]")
    return lazy_like(here, small).with_columns(empty_column("closed", "str"), *_nowhere())


def _nowhere() -> list[nw.Expr]:
    return [empty_column(column, kind) for column, kind in PLACE.items()]


def _named(frame: nw.LazyFrame, column: str, key: str) -> nw.LazyFrame:
    return frame.with_columns(nw.coalesce(nw.col(column), nw.col(key)).alias(column))


def instant(*, held: bool) -> nw.Expr:
    """Return the microseconds from the year 1 to `time`; what is not held has `ordinal`, the number of its day."""
    if held:
        return nw.col("time").dt.timestamp("us") + _FROM_YEAR_ONE
    return nw.col("ordinal") * _DAY_IN_MICROSECONDS + within_day(held=False)


def within_day(*, held: bool) -> nw.Expr:
    """Return the microseconds from midnight to `time`."""
    time = nw.col("time").dt
    if held:
        return time.timestamp("us") % _DAY_IN_MICROSECONDS
    # Cast first: some engines keep hours in a type too small for the seconds of a day.
    hour, minute, second, fraction = (
        part.cast(nw.Int64) for part in (time.hour(), time.minute(), time.second(), time.microsecond())
    )
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction


def days_away(absences: nw.LazyFrame) -> nw.LazyFrame:
    """Return how much of each school day learners were away: `learner_id, school_day, away`, 1 or a half."""
    part = nw.col("part")
    told = {"whole": part.is_null(), "am": part == "am", "pm": part == "pm"}
    flags = {name: nw.when(is_so).then(nw.lit(1)).otherwise(nw.lit(0)) for name, is_so in told.items()}
    marked = absences.filter(~nw.col("school_day").is_null()).with_columns(**flags)
    each = marked.group_by("learner_id", "school_day").agg(*(nw.col(name).max() for name in flags))
    halves = (nw.col("am") + nw.col("pm")) * 0.5
    return each.select(
        "learner_id", "school_day", away=nw.when(nw.col("whole") == 1).then(nw.lit(1.0)).otherwise(halves)
    )
