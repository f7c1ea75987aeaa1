"""Plain rows, the school calendar, and the status of a goal: what every measure of the oracle rests on."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import pandas as pd

ORDER = ["set", "started", "worked", "stuck", "met", "reopened", "dropped"]
OPEN = {"set", "working", "stuck"}
DERIVED_TERM = "term"


class Event(NamedTuple):
    """One row of events."""

    time: datetime
    row: int
    learner: str
    goal: str
    event: str
    chosen_by: str | None


class Part(NamedTuple):
    """One row of collaborations."""

    episode: str
    time: datetime
    row: int
    learner: str
    goal: str | None
    minutes: float | None
    role: str | None
    chosen_by: str | None


class Day(NamedTuple):
    """One school day: its place in all terms, its term (as a place and by name), and its week there."""

    number: int
    date: date
    term: int
    term_id: str
    week: int

    @property
    def slot(self) -> tuple[int, int]:
        """The week as something that can be compared across terms."""
        return self.term, self.week


class Calendar:
    """School days: weekdays in a term that aren't closed, counted on across terms, weeks from 1 in each term.

    A week is a calendar week (Monday to Sunday) that holds at least one school day.
    """

    def __init__(self, terms: Iterable[tuple[str, date, date, set[date]]]) -> None:
        self.days: list[Day] = []
        self.ends: dict[str, date] = {}
        for place, (term_id, start, end, closed) in enumerate(sorted(terms, key=lambda term: term[1])):
            week, monday, day = 0, None, start
            self.ends[term_id] = end
            while day <= end:
                if day.weekday() < 5 and day not in closed:
                    if monday != day - timedelta(days=day.weekday()):
                        week, monday = week + 1, day - timedelta(days=day.weekday())
                    self.days.append(Day(len(self.days) + 1, day, place, term_id, week))
                day += timedelta(days=1)

    def at(self, when: date) -> Day:
        """The school day something belongs to: its own, else the next one, else the last one."""
        day = when.date() if isinstance(when, datetime) else when
        return self.days[min(bisect_left(self.days, day, key=lambda d: d.date), len(self.days) - 1)]

    def weeks(self, until: date) -> dict[tuple[int, int], list[Day]]:
        """The school days of each week, up to the week of `until`."""
        last, found = self.at(until).slot, defaultdict(list)
        for day in self.days:
            if day.slot <= last:
                found[day.slot].append(day)
        return dict(found)


@dataclass
class School:
    """Everything that is known, as plain rows."""

    events: list[Event]
    parts: list[Part]
    learners: dict[str, dict[str, Any]]
    goals: dict[str, dict[str, Any]]
    calendar: Calendar
    first_day: date
    last_day: date
    dates_only: bool
    away: dict[tuple[str, date], float] = field(default_factory=dict)
    _numbers: dict[date, int] = field(default_factory=dict)

    @classmethod
    def from_tables(
        cls,
        events: pd.DataFrame | None = None,
        collaborations: pd.DataFrame | None = None,
        learners: pd.DataFrame | None = None,
        goals: pd.DataFrame | None = None,
        terms: pd.DataFrame | None = None,
        absences: pd.DataFrame | None = None,
    ) -> "School":
        """Read plain pandas tables that hold no bad row; what is absent is derived from the logs."""
        happened, parts = _events(events), _parts(collaborations)
        times = [e.time for e in happened] + [p.time for p in parts]
        first, last = min(times).date(), max(times).date()
        away = _away(absences)
        ids = {e.learner for e in happened} | {p.learner for p in parts} | {learner for learner, _ in away}
        names = {e.goal for e in happened} | {p.goal for p in parts if p.goal}
        return cls(
            events=happened,
            parts=parts,
            learners=_keyed(learners, "learner_id") if learners is not None else {i: {} for i in ids},
            goals=_keyed(goals, "goal_id") if goals is not None else {i: {} for i in names},
            calendar=Calendar(_terms(terms) if terms is not None else [_derived_term(first, last)]),
            first_day=first,
            last_day=last,
            dates_only=all(t.time() == time(0) for t in times),
            away=away,
        )

    def number(self, when: date) -> int:
        """The school day as a number, 1 for the first of all."""
        day = when.date() if isinstance(when, datetime) else when
        if day not in self._numbers:
            self._numbers[day] = self.calendar.at(day).number
        return self._numbers[day]

    def days_absent(self, learner: str, start: int, stop: int) -> float:
        """How many of the school days from one to another, both counted, a learner was away."""
        days = [day.date for day in self.calendar.days if start <= day.number <= stop]
        return float(sum(self.away.get((learner, day), 0.0) for day in days))

    def pairs(self, on: date | None) -> dict[tuple[str, str], list[Event]]:
        """The events of each learner and goal until the end of the day `on`, sorted by both ids."""
        day, found = on or self.last_day, defaultdict(list)
        for event in self.events:
            if event.time.date() <= day:
                found[event.learner, event.goal].append(event)
        return {pair: found[pair] for pair in sorted(found)}

    def last_number(self, learner: str, on: date) -> int:
        """The school day at which what is unfinished ends: that of `on`, or of `left` where earlier."""
        left = day_of(self.learners[learner].get("left"))
        return self.number(on if left is None else min(on, left))

    def key(self, by: Iterable[str], learner: str, goal: str | None) -> tuple[Any, ...]:
        """The group of a learner and a goal; a value nobody wrote down is None."""
        known: dict[str, Any] = {**self.learners[learner], **(self.goals[goal] if goal else {})}
        known |= {"learner_id": learner, "goal_id": goal}
        return tuple(known.get(column) for column in by)


def applied(events: Iterable[Event]) -> list[tuple[Event, str]]:
    """Events of one learner on one goal in the order they apply, each with the status after it."""
    events, done, status = list(events), [], None
    for instant in sorted({e.time for e in events}):
        now = sorted((e for e in events if e.time == instant), key=lambda e: (ORDER.index(e.event), e.row))
        if status == "met":
            now.sort(key=lambda e: e.event != "reopened")
        for event in now:
            status = _after(status, event.event)
            done.append((event, status))
    return done


def runs(events: Iterable[Event]) -> list[tuple[str, datetime]]:
    """Unbroken statuses and when each began.

    A status superseded at its own instant is left out, as if it had never been. So a goal met, and later
    reopened and met again in one instant, stands at met throughout: one run.
    """
    standing: dict[datetime, str] = {event.time: status for event, status in applied(events)}
    found: list[tuple[str, datetime]] = []
    for instant, status in standing.items():
        if not found or found[-1][0] != status:
            found.append((status, instant))
    return found


def first(events: Iterable[Event], *kinds: str) -> Event | None:
    """The first event of these kinds, in the order (time, row)."""
    return min((e for e in events if e.event in kinds), key=lambda e: (e.time, e.row), default=None)


def day_of(value: Any) -> date | None:
    """A date from whatever a table holds for one, None where it is missing."""
    if value is None or value == "" or pd.isna(value):
        return None
    return pd.Timestamp(value).date()


def in_order(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A sort key in which what is missing comes last."""
    return tuple((value is None, value if value is not None else "") for value in values)


def frame(rows: list[tuple[Any, ...]], **dtypes: str) -> pd.DataFrame:
    """Rows of plain values as a frame of exactly these dtypes."""
    columns = zip(*rows, strict=True) if rows else [()] * len(dtypes)
    typed = zip(dtypes.items(), columns, strict=True)
    return pd.DataFrame({name: pd.Series(list(values), dtype=dtype) for (name, dtype), values in typed})


def _after(status: str | None, event: str) -> str:
    """The status after one event."""
    if event in ("set", "met", "dropped"):
        return event
    if event == "reopened":
        return "working"
    if status == "met":
        return "met"
    return "stuck" if event == "stuck" else "working"


def _records(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Rows as dictionaries, None for what is missing; a row without a place gets that of a file."""
    rows = [] if table is None else table.astype(object).to_dict("records")
    clean = [{str(k): None if v is None or v == "" or pd.isna(v) else v for k, v in row.items()} for row in rows]
    return [{"row": place, **row} for place, row in enumerate(clean, start=2)]


def _events(table: pd.DataFrame | None) -> list[Event]:
    return [
        Event(_time(r["time"]), r["row"], r["learner_id"], r["goal_id"], r["event"], r.get("chosen_by"))
        for r in _records(table)
    ]


def _parts(table: pd.DataFrame | None) -> list[Part]:
    return [
        Part(
            r["episode_id"],
            _time(r["time"]),
            r["row"],
            r["learner_id"],
            r.get("goal_id"),
            r.get("minutes"),
            r.get("role"),
            r.get("chosen_by"),
        )
        for r in _records(table)
    ]


def _away(table: pd.DataFrame | None) -> dict[tuple[str, date], float]:
    """How much of a day each learner was away: two halves are a whole, twice the same half is a half."""
    parts: dict[tuple[str, date], set[str]] = defaultdict(set)
    for row in _records(table):
        parts[row["learner_id"], _time(row["date"]).date()] |= {row.get("part")} if row.get("part") else {"am", "pm"}
    return {key: len(halves) / 2 for key, halves in parts.items()}


def _time(value: Any) -> datetime:
    """A moment in whole microseconds, the finest a log keeps."""
    return pd.Timestamp(value).as_unit("us").to_pydatetime()


def _keyed(table: pd.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: {k: v for k, v in row.items() if k != "row"} for row in _records(table)}


def _terms(table: pd.DataFrame) -> list[tuple[str, date, date, set[date]]]:
    ends = [(pd.Timestamp(r["start"]).date(), pd.Timestamp(r["end"]).date()) for r in _records(table)]
    return [(r["term_id"], *days, _closed(r.get("closed"))) for r, days in zip(_records(table), ends, strict=True)]


def _closed(text: str | None) -> set[date]:
    """Closed days as they are written in a table: 2026-08-07; 2026-08-24..2026-08-28."""
    days: set[date] = set()
    for piece in re.split(r"[;,\s]+", text or ""):
        ends = [date.fromisoformat(end) for end in piece.split("..") if end]
        if ends:
            days |= {ends[0] + timedelta(days=n) for n in range((ends[-1] - ends[0]).days + 1)}
    return days


def _derived_term(start: date, end: date) -> tuple[str, date, date, set[date]]:
    """One term over everything, its end moved on to a weekday."""
    while end.weekday() > 4:
        end += timedelta(days=1)
    return DERIVED_TERM, start, end, set()
