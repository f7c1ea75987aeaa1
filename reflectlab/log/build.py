"""How a log is put together: tables brought into form, their rows checked, the calendar made of terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import narwhals as nw
import pandas as pd

from ..errors import ArgumentError, NotALogError
from ..language import gettext
from ..problems import Problem
from ..schema import HAPPENINGS, PLACE, TABLES
from . import checks
from .calendar import Calendar, Term, one_term, parse_closed, sorted_terms
from .frames import Values, empty_column, lazy_like, once
from .normalise import known_frame, normalised, tidy_values, unread_columns
from .tables import LogTables, instant, within_day

Place = tuple[str | None, str | None]
"""A file, and a sheet of it."""


HELD = 25_000_000
"""Up to so many events of a scanned log are settled in memory when a measure asks for them; more stay on the disk."""


@dataclass(frozen=True)
class Built:
    """The parts of a `ProgressLog`."""

    frames: LogTables
    calendar: Calendar
    problems: tuple[Problem, ...]
    dates_only: bool
    scanned: bool
    span: tuple[date, date]


def build(given: Mapping[str, Any], tz: str, problems: Iterable[Problem]) -> Built:
    """Put a log together from the tables that are given; `problems` is what was found wrong before."""
    _need_zone(tz)
    if not any(name in given for name in HAPPENINGS):
        raise ArgumentError("A log needs `events` or `collaborations`; neither was given.")
    scanned = _all_lazy(given)
    values = {name: tidy_values(name, frame) for name, frame in given.items()}
    frames, found = _normalise(given, tz, values)
    frames, wrong, sound = _check(frames, values, scanned=scanned)
    found = [*problems, *found, *wrong]
    terms, wrong = _read_terms(frames.get("terms"))
    found += wrong
    span = _span(frames, terms, found)
    calendar = Calendar(terms or (one_term(*span),))
    if not scanned:
        found += _remarks(frames, terms)
    by_polars = frames["events"].implementation.is_polars()
    dates_only = all(_is_date(frames[name], held=by_polars) for name in HAPPENINGS)
    held = by_polars and (not scanned or _rows(frames["events"]) <= HELD)
    tables = LogTables(frames, calendar, span, held=held, values={name: values[name] for name in sound})
    return Built(tables, calendar, tuple(found), dates_only, scanned, span)


def _rows(frame: nw.LazyFrame) -> int:
    return int(frame.select(nw.len()).collect().item())


def account(
    tables: LogTables, problems: Iterable[Problem], rows_read: Mapping[Place, int], *, scanned: bool
) -> pd.DataFrame:
    """Return the rows read, loaded and listed of each file and sheet; nothing of a log that is scanned.

    A row is loaded if anything of it is in the log, and listed if nothing is.
    """
    if scanned:
        return pd.DataFrame({"file": [], "sheet": [], "read": [], "loaded": [], "listed": []})
    loaded = nw.concat([_placed(frame) for frame in tables.checked.values()])
    wrong = {(p.row, p.file or "", p.sheet or "") for p in problems if p.row is not None and not p.kept}
    listed = pd.DataFrame(sorted(wrong), columns=list(PLACE)).astype({"row": "int64", "file": "str", "sheet": "str"})
    here = _rows_by_place(loaded)
    gone = _rows_by_place(lazy_like(loaded, listed).join(loaded, on=list(PLACE), how="anti")) if wrong else {}
    out = []
    for key in dict.fromkeys([*rows_read, *here, *gone]):
        each = here.get(key, 0), gone.get(key, 0)
        out.append((*key, rows_read.get(key, sum(each)), *each))
    frame = pd.DataFrame(out, columns=["file", "sheet", "read", "loaded", "listed"])
    return frame.astype({"file": "str", "sheet": "str"})


def _placed(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Return the place of each row that has one, where no sheet is an empty text: what is missing joins nothing."""
    place = [nw.col(column).fill_null("") for column in PLACE if column != "row"]
    return frame.select("row", *place).filter(~nw.col("row").is_null())


def _rows_by_place(rows: nw.LazyFrame) -> dict[Place, int]:
    counted = rows.group_by("file", "sheet").agg(nw.col("row").n_unique()).collect()
    return {(file or None, sheet or None): count for file, sheet, count in counted.iter_rows()}


def _need_zone(tz: str) -> None:
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ArgumentError(f"must be a time zone such as 'Pacific/Auckland'; got {tz!r}.", "tz") from None


def _all_lazy(given: Mapping[str, Any]) -> bool:
    lazy = {name: isinstance(known_frame(name, frame), nw.LazyFrame) for name, frame in given.items()}
    if len(set(lazy.values())) > 1:
        rest = ", ".join(name for name, is_one in lazy.items() if not is_one)
        raise ArgumentError(f"All tables of a log share one engine: {rest} must be lazy frames like the others.")
    return all(lazy.values())


def _normalise(
    given: Mapping[str, Any], tz: str, values: Mapping[str, Values]
) -> tuple[dict[str, nw.LazyFrame], list[Problem]]:
    frames, problems = {}, []
    for name, frame in given.items():
        frames[name], unused = normalised(name, frame, tz, values[name])
        for column in unused:
            text = gettext(
                'The column "{column}" of {name} is not one that a log has; it was left out.', column=column, name=name
            )
            hint = gettext("Rename it if it holds one of: {names}.", names=", ".join(TABLES[name]))
            problems.append(Problem("unknown_column", text, hint, sheet=name, column=column))
    here = next(iter(frames.values()))
    for name in (*HAPPENINGS, "absences"):
        frames.setdefault(name, _nothing(name, here))
    return frames, problems


def _nothing(name: str, here: nw.LazyFrame) -> nw.LazyFrame:
    """Return an empty table on the engine of `here`."""
    columns = {**TABLES[name], **PLACE, **dict.fromkeys(unread_columns(name), "str")}
    empty = [empty_column(column, holds) for column, holds in columns.items()]
    return here.select(_any="row").head(0).with_columns(*empty).drop("_any")


def _check(
    frames: dict[str, nw.LazyFrame], values: Mapping[str, Values], *, scanned: bool
) -> tuple[dict[str, nw.LazyFrame], list[Problem], set[str]]:
    """Check the tables that are given, of which `values` tells; name those of which each row is as it should be."""
    problems: list[Problem] = []
    out = {name: frame if name in values else once(frame) for name, frame in frames.items()}
    for name, key, rules in (
        ("learners", "learner_id", checks.roster_rules()),
        ("goals", "goal_id", checks.goal_rules()),
    ):
        if name in frames:
            numbered = checks.numbered_copies(frames[name], [key])
            out[name], wrong = _kept(numbered, rules, scanned=scanned)
            problems += wrong
    roster, catalogue = _ids(out, "learners", "learner_id"), _ids(out, "goals", "goal_id")
    known = {"roster": "learners" in out, "catalogue": "goals" in out}
    sound: set[str] = set()
    for name, rules_of in (("events", checks.event_rules), ("collaborations", checks.collaboration_rules)):
        if name in values:
            rules = rules_of(roster, catalogue, **known)
            if scanned and _is_sound(out, name, [*rules, *checks.CELL_RULES[name]], values[name]):
                sound.add(name)
                continue
            out[name], wrong = _kept(_marked(out[name], out), rules, scanned=scanned)
            problems += wrong
    if "collaborations" in values:
        keys = ["episode_id", "learner_id"]
        twice = checks.duplicate_rule(keys, "duplicate_participant")
        numbered = checks.numbered_copies(out["collaborations"], keys)
        out["collaborations"], wrong = _kept(numbered, [twice], scanned=scanned)
        problems += wrong
    if "absences" in values:
        out["absences"], wrong = _absences(out, roster, scanned=scanned)
        problems += wrong
    for name, rules in checks.CELL_RULES.items():
        if name in values and name not in sound:
            kept, wrong = checks.emptied(out[name], rules, scanned=scanned)
            out[name] = kept if scanned else once(kept)
            problems += wrong
    return out, problems, sound


def _absences(
    frames: Mapping[str, nw.LazyFrame], roster: list[str], *, scanned: bool
) -> tuple[nw.LazyFrame, list[Problem]]:
    marked = _marked(frames["absences"], frames)
    rules = checks.absence_rules(roster, roster="learners" in frames)
    kept, wrong = _kept(marked, rules, scanned=scanned)
    return kept.with_columns(date=nw.col("date").cast(nw.Date).cast(nw.Datetime("us"))), wrong


def _kept(frame: nw.LazyFrame, rules: Sequence[checks.Rule], *, scanned: bool) -> tuple[nw.LazyFrame, list[Problem]]:
    """Return the rows that keep the rules, collected unless they are scanned, so that each check runs once."""
    kept, problems = checks.checked(frame, rules, scanned=scanned)
    kept = kept.drop("_copy", "_on_roster", "_in_catalogue", strict=False)
    return kept if scanned else once(kept), problems


def _ids(frames: Mapping[str, nw.LazyFrame], table: str, column: str) -> list[str]:
    """Return the ids of a table to look near misses up in; none where the table is on a scanned log."""
    if table not in frames or not frames[table].implementation.is_polars():
        return []
    return frames[table].select(column).collect()[column].to_list()


def _is_sound(frames: Mapping[str, nw.LazyFrame], name: str, rules: Sequence[checks.Rule], values: Values) -> bool:
    """Tell whether all rows of a table keep the rules: what is asked of a value is asked of each once."""
    for column, some in values.items():
        each = _marked(nw.from_native(some.to_frame().lazy()), frames)
        if not checks.all_kept(each, [rule for rule in rules if rule.column == column]):
            return False
    return checks.all_kept(_marked(frames[name], frames), [rule for rule in rules if rule.column not in values])


def _marked(frame: nw.LazyFrame, frames: Mapping[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Mark the rows whose learner is on the roster and whose goal is in the catalogue, of those that are given."""
    for table, key, mark in (("learners", "learner_id", "_on_roster"), ("goals", "goal_id", "_in_catalogue")):
        if table in frames and key in frame.columns:
            frame = _with_mark(frame, frames[table].select(key), key, mark)
    return frame


def _with_mark(frame: nw.LazyFrame, known: nw.LazyFrame, key: str, mark: str) -> nw.LazyFrame:
    if known.implementation.is_polars():
        return frame.with_columns(
            nw.when(nw.col(key).is_in(known.collect()[key].to_list())).then(nw.lit(1)).alias(mark)
        )
    return frame.join(known.with_columns(nw.lit(1).alias(mark)), on=key, how="left")


def _read_terms(frame: nw.LazyFrame | None) -> tuple[tuple[Term, ...], list[Problem]]:
    if frame is None:
        return (), []
    terms, problems = [], []
    for number, row in enumerate(frame.collect().iter_rows(named=True), start=1):
        try:
            terms.append(_term(row, number))
        except ArgumentError as error:
            place = {name: row[name] for name in PLACE}
            problems.append(Problem("bad_term", str(error), gettext("Correct this row of the terms."), **place))
    return sorted_terms(terms), problems


def _term(row: Mapping[str, Any], number: int) -> Term:
    start, end = row["start"], row["end"]
    if start is None or end is None or end < start:
        raise ArgumentError(gettext("A term needs a start and an end, as dates, the start not after the end."))
    term_id = row["term_id"] or str(number)
    return Term(term_id, row["title"] or term_id, start.date(), end.date(), parse_closed(row["closed"]))


def _span(frames: Mapping[str, nw.LazyFrame], terms: tuple[Term, ...], found: list[Problem]) -> tuple[date, date]:
    times = [frames[name].select(nw.col("time").min(), last=nw.col("time").max()).collect() for name in HAPPENINGS]
    known = [moment.date() for frame in times for moment in (*frame["time"], *frame["last"]) if moment is not None]
    if known:
        return min(known), max(known)
    if terms:
        return terms[0].start, terms[0].start
    listed = " ".join(f"{_where(problem)}{problem.message}" for problem in found[:3])
    raise NotALogError(gettext("Not one row could be used. {listed}", listed=listed).rstrip())


def _where(problem: Problem) -> str:
    """Return the place of a problem, as the beginning of a sentence."""
    place = [problem.file, gettext("row {row}", row=problem.row) if problem.row is not None else None]
    return f"{', '.join(part for part in place if part)}: " if problem.file else ""


def _is_date(frame: nw.LazyFrame, *, held: bool) -> bool:
    """Tell whether all times of a table are midnight."""
    return bool(frame.filter(within_day(held=held) != 0).select(nw.len()).collect().item() == 0)


def _remarks(frames: Mapping[str, nw.LazyFrame], terms: tuple[Term, ...]) -> list[Problem]:
    found = checks.remarks_on(
        checks.after_met(frames["events"].with_columns(instant=instant(held=True))).sort("file", "sheet", "row"),
        "after_met",
        "event",
        lambda word: gettext('"{word}" on a goal that had been met: it stays met.', word=word),
        gettext('If the goal was taken up again, add a row "reopened" before this one.'),
    )
    presence = _presence(frames)
    for name in HAPPENINGS:
        if terms:
            found += checks.remarks_on(
                frames[name].filter(~_in_a_term(terms)),
                "outside_terms",
                "time",
                lambda time: gettext(
                    "{time} is outside the terms: it counts for the nearest school day.", time=time[:10]
                ),
                gettext("Correct the date, or the start and end of the term."),
            )
        if presence is not None:
            found += _absent(frames[name], presence)
    if frames["absences"].select(nw.len()).collect().item():
        found += [remark for name in HAPPENINGS for remark in _while_away(name, frames)]
    return found


def _in_a_term(terms: tuple[Term, ...]) -> nw.Expr:
    day = nw.col("time").dt.date()
    return nw.any_horizontal(*((day >= term.start) & (day <= term.end) for term in terms), ignore_nulls=False)


def _while_away(name: str, frames: Mapping[str, nw.LazyFrame]) -> list[Problem]:
    """Return a remark on each row of a day that its learner was away from beginning to end."""
    days = frames["absences"].filter(nw.col("part").is_null()).select("learner_id", _day=nw.col("date").dt.date())
    happened = frames[name].with_columns(_day=nw.col("time").dt.date())
    return checks.remarks_on(
        happened.join(days.unique(), on=["learner_id", "_day"], how="semi"),
        "while_away",
        "time",
        lambda time: gettext("{time} is a day on which this learner was away.", time=time[:10]),
        gettext("Correct the date, or the absence; half a day away is told as am or pm."),
    )


def _presence(frames: Mapping[str, nw.LazyFrame]) -> nw.LazyFrame | None:
    """Return the learners of whom it is noted when they joined or left; None where it is of nobody."""
    if "learners" not in frames:
        return None
    told = ~nw.col("joined").is_null() | ~nw.col("left").is_null()
    noted = frames["learners"].select("learner_id", "joined", "left").filter(told).collect()
    return noted.lazy() if len(noted) else None


def _absent(happened: nw.LazyFrame, presence: nw.LazyFrame) -> list[Problem]:
    day = nw.col("time").dt.date()
    there = happened.join(presence, on="learner_id", how="inner")
    away = (day < nw.col("joined").dt.date()) | (day > nw.col("left").dt.date())
    return checks.remarks_on(
        there.filter(away).sort("file", "sheet", "row"),
        "outside_presence",
        "time",
        lambda time: gettext("{time} is before this learner joined or after they left.", time=time[:10]),
        gettext("Correct the date, or joined and left on the roster."),
    )
