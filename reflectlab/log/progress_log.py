"""`ProgressLog`: the log of a class, in five tables and an optional sixth."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from html import escape
from typing import Any, Self

import narwhals as nw
import pandas as pd

from ..errors import ArgumentError, TooLargeError, did_you_mean, one_of
from ..problems import Problem, problems_frame
from ..schema import EVENTS, NTH
from . import build
from .calendar import Calendar
from .frames import coded, lazy_like, midnight, schema_of, to_pandas
from .tables import LogTables

LIMIT = 2_000_000
"""The most rows of a scanned table that are collected into pandas."""

SHOWN = 12
"""How many classes or learners are named where one is unknown."""

Day = date | datetime | str


@dataclass(frozen=True)
class Selection:
    """What of a log is reported: classes, learners, and the days from `start` to `end`; None means all."""

    class_id: tuple[str, ...] | None = None
    learner_id: tuple[str, ...] | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, repr=False, eq=False)
class ProgressLog:
    """The log of a class or a school: five tables that never change, and a sixth of absences where there are any.

    Make one with `load`, `scan`, `simulate` or `ProgressLog.from_tables`.

    Attributes
    ----------
    tz : str
        The time zone whose wall clock the times are in.
    calendar : Calendar
        The school days and weeks of its terms.
    dates_only : bool
        Whether all times are midnight: then a whole day is one instant.
    selection : Selection
        What `select` narrowed it to.
    blind : frozenset of str
        The events that the files could not have told: `set`, where a grid does not say which goals were set.
    scanned : bool
        Whether the rows stay where they are until a measure asks.

    Examples
    --------
    >>> import reflectlab
    >>> log = reflectlab.example()
    >>> sorted(log.learners["name"])
    ['Aroha', 'Ben', 'Chloë', 'Hēmi']
    """

    tz: str
    calendar: Calendar
    dates_only: bool
    blind: frozenset[str]
    scanned: bool
    selection: Selection
    _frames: LogTables
    _problems: tuple[Problem, ...]
    _rows_read: Mapping[build.Place, int]
    _span: tuple[date, date]

    @classmethod
    def from_tables(
        cls,
        *,
        events: Any = None,
        collaborations: Any = None,
        learners: Any = None,
        goals: Any = None,
        terms: Any = None,
        absences: Any = None,
        tz: str = "UTC",
        blind: Iterable[str] = (),
        problems: Iterable[Problem] = (),
        rows_read: Mapping[build.Place, int] | None = None,
    ) -> Self:
        """Make a log from tables that you have as frames.

        Parameters
        ----------
        events, collaborations, learners, goals, terms, absences : frame, optional
            Any frame narwhals knows: pandas, Polars, PyArrow, PySpark. At least one of events and
            collaborations is needed; the others are derived where absent. Columns are those of the glossary
            (`help(reflectlab)`); optional ones may be missing. A column `row` says where a row stood in its file.
        tz : str
            The school's time zone; zoned times become its wall clock.
        blind : iterable of str
            The events that could not have been told: `("set",)` where nobody noted which goals were set, so that a
            share of goals met cannot be told.
        problems : iterable of Problem
            What was found wrong before, while reading.
        rows_read : mapping, optional
            How many rows each (file, sheet) had.

        Returns
        -------
        ProgressLog

        Raises
        ------
        MissingColumnError
            If a table lacks a column that it needs.
        ArgumentError
            If an argument is not what it has to be.
        NotALogError
            If not one row could be used.

        Examples
        --------
        >>> import pandas as pd
        >>> events = pd.DataFrame({
        ...     "time": ["2026-07-20", "2026-07-24"], "learner_id": "aroha", "goal_id": "hook",
        ...     "event": ["started", "met"],
        ... })
        >>> ProgressLog.from_tables(events=events)
        ProgressLog: 1 learner, 1 goal, 2 events, no collaborations, 2026-07-20 to 2026-07-24
        """
        given = {
            "events": events,
            "collaborations": collaborations,
            "learners": learners,
            "goals": goals,
            "terms": terms,
            "absences": absences,
        }
        for event in blind:
            one_of("blind", event, EVENTS)
        built = build.build({name: frame for name, frame in given.items() if frame is not None}, tz, problems)
        return cls(
            tz=tz,
            calendar=built.calendar,
            dates_only=built.dates_only,
            blind=frozenset(blind),
            scanned=built.scanned,
            selection=Selection(),
            _frames=built.frames,
            _problems=built.problems,
            _rows_read=rows_read or {},
            _span=built.span,
        )

    @property
    def events(self) -> pd.DataFrame:
        """What happened: `time, learner_id, goal_id, event, chosen_by, note, due, row`."""
        return self._table("events")

    @property
    def collaborations(self) -> pd.DataFrame:
        """Who took part: `episode_id, time, minutes, learner_id, goal_id, role, chosen_by, note, row`."""
        return self._table("collaborations")

    @property
    def learners(self) -> pd.DataFrame:
        """The roster: `learner_id, name, class_id, joined, left`, attributes of your own, `row`."""
        return self._table("learners")

    @property
    def goals(self) -> pd.DataFrame:
        """The goals: `goal_id, title, strand, level, due`, attributes of your own, `row`."""
        return self._table("goals")

    @property
    def terms(self) -> pd.DataFrame:
        """The terms: `term_id, title, start, end, closed, row`."""
        return self._table("terms")

    @property
    def absences(self) -> pd.DataFrame:
        """Who was away when: `learner_id, date, part` (`am`, `pm`, or missing for the whole day), `row`."""
        return self._table("absences")

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What was wrong: `file, sheet, row, column, code, value, message, hint`."""
        return problems_frame(self._problems)

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The same, each as a `Problem`: with `suggestion`, the word or name that was probably meant."""
        return self._problems

    @property
    def account(self) -> pd.DataFrame:
        """Rows `read`, `loaded` and `listed` as problems, for each `file` and `sheet`: read = loaded + listed."""
        return build.account(self._frames, self._problems, self._rows_read, scanned=self.scanned)

    @property
    def first_day(self) -> date:
        """The first day that is reported."""
        return max(self._span[0], self.selection.start or date.min)

    @property
    def last_day(self) -> date:
        """The last day that is reported: what a measure takes as today unless told otherwise."""
        return min(self.selection.end or self._span[1], self._span[1])

    def frame(self, name: str) -> nw.LazyFrame:
        """Return a table as the lazy frame that the measures run on, whole whatever is selected.

        Parameters
        ----------
        name : str
            One of the six tables; `calendar`, one row a school day: `date, term_id, day, week, school_day`; `runs`,
            one row an unbroken status of a learner on a goal; or `firsts`, one row a learner and goal.

        Returns
        -------
        narwhals.LazyFrame
            Absences also carry `school_day`, missing on a day without school. Events and collaborations also carry
            `instant` (microseconds, only to be compared), `term_id, day, week, school_day`; events `position` (the
            order in which they apply), `status` (after each) and `go` (to which go at the goal it belongs, from 1).
            Ids are `Enum`, in the order of their texts, where a log is held in memory.

        Raises
        ------
        ArgumentError
            If there is no such table.

        Examples
        --------
        >>> import reflectlab
        >>> reflectlab.example().frame("calendar").collect().shape[1]
        5
        """
        if name not in self._frames:
            raise ArgumentError(
                f"There is no table {name!r}; there are {', '.join(self._frames)}. "
                f"{did_you_mean(str(name), self._frames)}"
            )
        return self._frames[name]

    def select(
        self,
        *,
        class_id: str | Sequence[str] | None = None,
        learner_id: str | Sequence[str] | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> Self:
        """Narrow what is reported, not what is known.

        Earlier events and other participants stay as context, so that no status and no kind changes.

        Parameters
        ----------
        class_id, learner_id : str or sequence of str, optional
            The classes or learners to report.
        start, end : date or str, optional
            The first and the last day to report. The log is seen as it was on the evening of `end`; what was over
            before `start` is left out: spells and stretches that ended, events, episodes.

        Returns
        -------
        ProgressLog

        Raises
        ------
        ArgumentError
            If a class or learner is unknown, or `start` is after `end`.

        Examples
        --------
        >>> import reflectlab
        >>> reflectlab.example().select(learner_id="ben").learners["name"].tolist()
        ['Ben']
        """
        wanted = {"class_id": _some(class_id), "learner_id": _some(learner_id)}
        for column, values in wanted.items():
            self._require_known(column, values)
        chosen = replace(
            self.selection,
            class_id=_narrower(self.selection.class_id, wanted["class_id"]),
            learner_id=_narrower(self.selection.learner_id, wanted["learner_id"]),
            start=max(filter(None, (self.selection.start, as_day("start", start))), default=None),
            end=min(filter(None, (self.selection.end, as_day("end", end))), default=None),
        )
        if chosen.start and chosen.end and chosen.start > chosen.end:
            raise ArgumentError(f"({chosen.start}) must not be after `end` ({chosen.end}).", "start")
        return replace(self, selection=chosen)

    def parts(self, rows: int = 5_000_000) -> Iterator[Self]:
        """Yield logs of whole classes that are this one together, each small enough to be settled in memory.

        What a measure tells of a learner, a class or an episode it tells of the part that holds it, as it would of
        the whole: put what the parts give one below the other. Counts of the whole (`transitions`) are sums of theirs.

        Parameters
        ----------
        rows : int
            A part is full with so many events and participations; it may be larger where one class is.

        Yields
        ------
        ProgressLog
            With the calendar, the last day, the selection and the problems of this log. Classes of which learners
            were in one episode are in one part.

        Raises
        ------
        ArgumentError
            If `rows` is less than 1, or the log is on Spark, which divides what it does by itself.

        Examples
        --------
        >>> import pandas as pd
        >>> import reflectlab
        >>> log = reflectlab.simulate(classes=3, learners=4, weeks=3, seed=1)
        >>> tables = pd.concat(reflectlab.spells(part) for part in log.parts(rows=1))
        >>> len(list(log.parts(rows=1))), len(tables) == len(reflectlab.spells(log))
        (3, True)
        """
        from .parts import parts

        if rows < 1:
            raise ArgumentError(f"must be 1 or more; got {rows!r}.", "rows")
        if not self._frames["learners"].implementation.is_polars():
            raise ArgumentError("A log on Spark needs no parts: Spark itself divides what it does not hold at once.")
        return (replace(self, _frames=part) for part in parts(self._frames, rows))

    def reported(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """Keep the rows of the learners that are reported.

        Parameters
        ----------
        frame : narwhals.LazyFrame
            With `learner_id` and `class_id`.
        """
        for column in ("class_id", "learner_id"):
            values = getattr(self.selection, column)
            if values is not None:
                frame = frame.filter(nw.col(column).is_in(list(values)))
        return frame

    def with_learners(self, frame: nw.LazyFrame, *columns: str) -> nw.LazyFrame:
        """Add columns of the learners to a frame with `learner_id`."""
        return self._frames.with_learners(frame, columns)

    @property
    def held(self) -> bool:
        """Whether what measures rest on is in memory: not with Spark, nor of more than 25 million scanned events."""
        return self._frames.held

    def kept(self, name: str, make: Callable[[], nw.LazyFrame]) -> nw.LazyFrame:
        """Return what a measure made of the whole log, whatever is selected, under this name; made once."""
        return self._frames.kept(name, make)

    def small(self, frame: pd.DataFrame) -> nw.LazyFrame:
        """Put a small table on the engine of this log."""
        return coded(lazy_like(self._frames["learners"], frame), self._frames.codes)

    def __repr__(self) -> str:
        return f"ProgressLog: {', '.join(self._summary())}"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(part)}</li>" for part in self._summary())
        return f"<strong>ProgressLog</strong><ul>{items}</ul>"

    def _summary(self) -> list[str]:
        span = f"{self.first_day} to {self.last_day}"
        if self.scanned:
            return [f"scanned with {self._frames['learners'].implementation.value}", span]
        episodes = self.collaborations["episode_id"].nunique()
        counts = [
            _count(len(self.learners), "learner"),
            _count(len(self.goals), "goal"),
            _count(len(self.events), "event"),
            _count(episodes, "collaboration"),
            *([_count(len(self.absences), "absence")] if len(self.absences) else []),
            span,
        ]
        return counts + ([_count(len(self._problems), "problem")] if self._problems else [])

    def _table(self, name: str) -> pd.DataFrame:
        return self._collected(name).copy()

    def _collected(self, name: str) -> pd.DataFrame:
        cache: dict[str, pd.DataFrame] = self.__dict__.setdefault("_cache", {})
        if name not in cache:
            frame = self._narrowed(name)
            self._refuse_large(name, frame)
            schema = schema_of(name, frame)
            nth = [NTH] if NTH in frame.columns else []
            first = ("time", "learner_id", "goal_id", "position") if name == "events" else (*nth, next(iter(schema)))
            cache[name] = to_pandas(frame.sort("file", "sheet", "row", *first), schema)
        return cache[name]

    def _narrowed(self, name: str) -> nw.LazyFrame:
        frame = self._frames[name]
        if name in ("goals", "terms"):
            return frame
        if name == "learners":
            return self.reported(frame)
        if self.selection.class_id is not None or self.selection.learner_id is not None:
            chosen = self.reported(self._frames["learners"].select("learner_id", "class_id")).select("learner_id")
            frame = frame.join(chosen, on="learner_id", how="semi")
        when = nw.col("date" if name == "absences" else "time")
        if self.selection.start:
            frame = frame.filter(when >= midnight(self.selection.start))
        if self.selection.end:
            frame = frame.filter(when < midnight(self.selection.end + timedelta(days=1)))
        return frame

    def _refuse_large(self, name: str, frame: nw.LazyFrame) -> None:
        if self.scanned and (rows := frame.select(nw.len()).collect().item()) > LIMIT:
            raise TooLargeError(
                f"{name} has {rows:,} rows, more than the {LIMIT:,} that are brought into pandas at once. "
                f'Use log.frame("{name}"), or log.select(...) first.'
            )

    def _require_known(self, column: str, values: tuple[str, ...] | None) -> None:
        if not values:
            return
        known = set(self._frames["learners"].select(column).unique().collect()[column].to_list())
        for value in values:
            if value not in known:
                words = sorted(word for word in known if word is not None)
                there = f"There is: {', '.join(words[:SHOWN])}." if words else f"This log has no {column}."
                raise ArgumentError(f"There is no {column} {value!r}. {did_you_mean(str(value), words) or there}")


def as_day(argument: str, day: Day | None) -> date | None:
    """Return a day given as a date, a time or ISO text.

    Raises
    ------
    ArgumentError
        If it is none of these.

    Examples
    --------
    >>> as_day("on", "2026-07-20")
    datetime.date(2026, 7, 20)
    """
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise ArgumentError(f"must be a date such as 2026-07-20; got {day!r}.", argument) from None


def _some(values: str | Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else (values,) if isinstance(values, str) else tuple(values)


def _narrower(known: tuple[str, ...] | None, wanted: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if known is None or wanted is None:
        return wanted if known is None else known
    return tuple(value for value in wanted if value in known)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
