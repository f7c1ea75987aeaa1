"""From files to a log: each raw table to its reader, what they found put together."""

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from ..errors import ArgumentError, NotALogError, ReflectLabError, StrictError, harmless, one_of
from ..language import gettext, ngettext, number_in_words
from ..log import ProgressLog, as_day
from ..problems import AS_MEANT, KEPT, Problem, problems_frame
from ..schema import ABOUT, LISTS
from .clean.children import in_one_spelling, with_class_from, with_full_names
from .clean.dates.terms import given_terms
from .clean.headers import in_english, in_their_words, what_it_lacks
from .clean.screen import TIME
from .files import Raw, read_files
from .files.json import RawRecords, as_table
from .files.raw import RawTable, folded
from .goals import goals_of, join_goals
from .learners import doubtful_learners, named_with_class, put_classes, roster_of, settle, several_places, similar_goals
from .mappings import with_kept
from .options import Options
from .readers import all_readers, known_headers, tables
from .readers.reader import Context, Found, Reader
from .readers.tables import table_kind
from .suggest import said_of_cut_json, said_of_unknown


@contextmanager
def no_search_for_rings() -> Iterator[None]:
    """Hold back Python's search for objects that refer to one another, which goes through all that there are each time.

    Records by the million hold none. What is no longer used is freed at once as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@no_search_for_rings()
def assemble(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], options: Options, *, strict: bool
) -> ProgressLog:
    """Read files and make a log of them: `load`, its arguments checked."""
    one_of("format", options.format, [*(reader.name for reader in all_readers()), None])
    found, about, options = _gathered(path, options)
    log = _log(found, about, options)
    if strict:
        _refuse_problems(log)
    return log


def _gathered(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], options: Options
) -> tuple[Found, dict[str, str], Options]:
    """Return all that was found in files, what their `about` says, and the options with what was kept for them."""
    path = [*path] if isinstance(path, Iterator) else path  # it may be gone through twice
    raws = _opened(path, options)
    remarks: list[Problem] = []
    if options.mapping:
        options, remarks = with_kept(raws, path, options)
        raws = _opened(path, options) if remarks else raws
    try:
        found, about = _read_all(raws, options)
    except _UnknownTableError as unknown:
        raise _told(unknown.raws, raws, options) from None
    found.problems += remarks
    return found, about, options


def _opened(path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], options: Options) -> Sequence[Raw]:
    named = {folded(header) for header in (*options.columns.values(), *options.headers)}
    return read_files(path, known_headers() | named, options)


class _UnknownTableError(Exception):
    """No table is for any reader."""

    def __init__(self, raws: Sequence[RawTable]) -> None:
        super().__init__()
        self.raws = raws


def _read_all(raws: Sequence[Raw], options: Options) -> tuple[Found, dict[str, str]]:
    raws, found = _that_can_be_read(raws)
    context = Context(options)
    written = [_for_a_reader(raw, context) for raw in raws]
    raws = in_english(written, options.headers) if options.headers else written
    context = Context(options, raws=[raw for raw in raws if isinstance(raw, RawTable)])
    about, lists, rest = _sorted(raws, context)
    lists, rest = _with_people(lists, rest, context)
    absences = [raw for raw in lists if table_kind(raw) == "absences"]
    for raw in lists:
        if raw not in absences:
            found.merge(tables.read_list(raw, context))
    rest = _set_beside(rest, context, found)
    context = replace(
        context,
        learners=roster_of(found, options),
        goals=goals_of(found, options) if "goals" in found.tables else None,
    )
    for raw in absences:  # who was away is looked up on the roster
        found.merge(tables.read_list(raw, context))
    logs = _assigned(rest, context, found)
    _read(logs, context, found)
    if {"learners", "terms"} <= found.tables.keys() and not _written(logs):
        found.tables["events"] = [_NO_EVENTS]
    if options.headers:
        found.problems = in_their_words(found.problems, written, options.headers)
    found.problems.sort(key=lambda problem: (problem.file or "", problem.sheet or "", problem.row or 0))
    return found, about


def _with_people(lists: Sequence[RawTable], raws: Sequence[Raw], context: Context) -> tuple[list[RawTable], list[Raw]]:
    """Put names and classes of what people write by hand into one column each, and spell the classes alike."""
    options, rest = context.options, list(raws)
    written = [n for n, raw in enumerate(rest) if isinstance(raw, RawTable) and _is_by_hand(raw, context)]
    tables = with_class_from(
        [with_full_names(raw, options) for n in written if isinstance(raw := rest[n], RawTable)], options
    )
    spelt = in_one_spelling([*lists, *tables], options)
    for n, raw in zip(written, spelt[len(lists) :], strict=True):
        rest[n] = raw
    return spelt[: len(lists)], rest


def _is_by_hand(raw: RawTable, context: Context) -> bool:
    reader = next((reader for reader in _asked(context) if reader.fits(raw, context)), None)
    return reader is None or reader.by_name


def _read(logs: Sequence[tuple[Reader, list[Raw]]], context: Context, found: Found) -> None:
    """Read each log, and then settle who is who in all of them."""
    by_hand = []
    for reader, mine in logs:
        part = reader.read(mine, context)
        if reader.by_name:
            by_hand.append(part)
        elif context.learners is None:
            put_classes(part, mine, context.options)
        found.merge(part)
    if by_hand and context.learners is None:
        found.problems += several_places(by_hand, context.options)
    settle(found, context.options, context.learners)
    if context.options.same_goals:
        join_goals(found, context.options)


def _written(logs: Sequence[tuple[Reader, list[Raw]]]) -> bool:
    """Tell whether anything is written in a log, which is begun with a roster, terms and a sheet without rows."""
    return any(not isinstance(raw, RawTable) or raw.frame.height for _, mine in logs for raw in mine)


def _that_can_be_read(raws: Sequence[Raw]) -> tuple[list[Raw], Found]:
    """Put files of JSON aside in which nothing could be read; where there is nothing else, say why."""
    found = Found()
    good: list[Raw] = []
    for raw in raws:
        if isinstance(raw, RawRecords) and not raw.records:
            found.problems += raw.problems
            found.rows_read[raw.place] = raw.rows_read
        else:
            good.append(raw)
    if raws and not good:
        said = " ".join(f"{p.file}: {p.message} {p.todo}" for p in found.problems[:3])
        raise NotALogError(said or gettext("{file} holds no records.", file=raws[0]))
    return good, found


def _for_a_reader(raw: Raw, context: Context) -> Raw:
    """Leave records as they are where a reader of records takes them; make a table of them for the others."""
    if isinstance(raw, RawTable):
        return raw
    return raw if any(reader.fits(raw, context) for reader in _asked(context)) else as_table(raw)


def _asked(context: Context) -> list[Reader]:
    """Return the reader that the caller names, or all."""
    return [reader for reader in all_readers() if context.options.format in (None, reader.name)]


def _sorted(raws: Sequence[Raw], context: Context) -> tuple[dict[str, str], list[RawTable], list[Raw]]:
    """Return what `about` says, the lists (rosters, goals, terms), and the rest."""
    about: dict[str, str] = {}
    lists: list[RawTable] = []
    rest: list[Raw] = []
    for raw in raws:
        ours = isinstance(raw, RawTable) and not any(
            reader.fits(raw, context) for reader in all_readers() if reader.sure
        )
        kind = table_kind(raw) if isinstance(raw, RawTable) and ours else None
        if isinstance(raw, RawTable) and kind == ABOUT:
            about |= tables.read_about(raw)
        elif isinstance(raw, RawTable) and kind in (*LISTS, "absences"):
            lists.append(raw)
        else:
            rest.append(raw)
    return about, lists, rest


def _set_beside(raws: Sequence[Raw], context: Context, found: Found) -> list[Raw]:
    """Read what stands beside a log, such as a roster of the school; return the rest."""
    rest = list(raws)
    for reader in all_readers():
        mine = [raw for raw in rest if reader.beside and reader.fits(raw, context)]
        if mine:
            found.merge(reader.read(mine, context))
            rest = [raw for raw in rest if not reader.fits(raw, context)]
    return rest


def _assigned(raws: Sequence[Raw], context: Context, found: Found) -> list[tuple[Reader, list[Raw]]]:
    """Give each table to the reader that it is for; remark on those that are for none, if others are for one.

    A roster and terms alone are a log in which nothing has happened yet.
    """
    readers = _asked(context)
    mine: dict[str, list[Raw]] = {}
    unused = []
    for raw in raws:
        reader = next((reader for reader in readers if reader.fits(raw, context)), None)
        if reader is not None:
            mine.setdefault(reader.name, []).append(raw)
        elif isinstance(raw, RawTable):  # records that are for no reader were made a table
            unused.append(raw)
    if not mine and not unused and {"learners", "terms"} <= found.tables.keys():
        return []
    if not mine:
        return [(_only(readers, unused, context), [*unused])]
    found.problems += [_unused(raw) for raw in unused]
    return [(reader, mine[reader.name]) for reader in readers if reader.name in mine]


def _only(readers: Sequence[Reader], raws: Sequence[RawTable], context: Context) -> Reader:
    """Return the reader that the caller asked for, so that it says what it misses; else say that there is none."""
    if not raws:
        raise NotALogError(
            gettext(
                "There is a roster, goals or terms here, but no log: no events and no collaborations. "
                "Name it together with the log: both files, or a folder that holds both."
            )
        )
    if all(raw.is_cut_json for raw in raws):
        raise NotALogError(" ".join(map(said_of_cut_json, raws[:3])))
    if context.options.columns and context.options.format in (None, "mapped"):
        return next(reader for reader in all_readers() if reader.name == "mapped")
    if context.options.format and readers[0].takes is not RawTable:
        raise NotALogError(
            gettext("{table} is a table; a log of the format {name} is JSON.", table=raws[0], name=readers[0].name)
        )
    if context.options.format:
        return readers[0]
    raise _UnknownTableError(raws)


_TELLING = 3
"""How many columns a format must need at least for a table that has all but one to be taken for it."""

_TRIED_ON = 2_000
"""How many rows of each table an advice is tried on before it is on all."""

_TOLD = 3
"""Of how many tables it is told that they are not known."""


def _told(unknown: Sequence[RawTable], raws: Sequence[Raw], options: Options) -> NotALogError:
    """Say of each table what it is not, and what loads it; that has been tried with all of the files."""
    texts, first = [], dict[str, Any]()
    heads = [_head(raw) for raw in raws]

    def tried(arguments: Mapping[str, Any]) -> tuple[int, int]:
        return _tried(raws, options, arguments) if _tried(heads, options, arguments)[0] else (0, 0)

    for raw in unknown[:_TOLD]:
        text = _nearly_known(raw, options)
        if text is None:
            text, arguments = said_of_unknown(raw, options, tried)
            first = first or {**arguments}
        texts.append(text)
    return NotALogError("\n".join(texts), loads_with=first)


def _head(raw: Raw) -> Raw:
    if not isinstance(raw, RawTable):
        return raw
    typed = None if raw.typed is None else raw.typed.head(_TRIED_ON)
    return replace(raw, frame=raw.frame.head(_TRIED_ON), typed=typed)


def _tried(raws: Sequence[Raw], options: Options, arguments: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows some arguments would load, and how many they would read."""
    given = dict[str, Any](arguments)
    for name, more in arguments.items():
        if isinstance(more, Mapping):
            given[name] = {**getattr(options, name), **more}
    if "as_of" in given:
        given["as_of"] = as_day("as_of", given["as_of"])
    try:
        options = replace(options, **given)
        log = _log(*_read_all(raws, options), options)
    except (ReflectLabError, _UnknownTableError):
        return 0, 0
    return int(log.account["loaded"].sum()), int(log.account["read"].sum())


def _nearly_known(raw: RawTable, options: Options) -> str | None:
    """Say what a table lacks that is nearly one of a program, or that holds nothing; None of any other."""
    if raw.is_cut_json:
        return said_of_cut_json(raw)
    if not raw.frame.height:
        return gettext(
            "{raw} is no log that we know: it has no rows below its header ({names}).",
            raw=raw,
            names=", ".join(raw.header)[:300],
        )
    for reader in all_readers():
        known, needed = reader.headers, reader.needed
        if len(needed) >= _TELLING and len(raw.columns_among(known).keys() & {*needed}) >= len(needed) - 1:
            return (
                what_it_lacks(
                    raw,
                    known,
                    needed,
                    reader.called or gettext("the format {name}", name=reader.name),
                    options,
                )
                or ""
            )
    return None


def _unused(raw: RawTable) -> Problem:
    columns = (
        ""
        if raw.is_cut_json
        else " " + gettext("Its columns are: {names}.", names=harmless(", ".join(raw.header)[:300]))
    )
    text = gettext(
        "{raw} is no part of a log that we know; it was left out.{columns}", raw=harmless(str(raw)), columns=columns
    )
    return Problem("unused_table", text, gettext("Nothing needs to be done if it holds no log."), *raw.place)


def _log(found: Found, about: dict[str, str], options: Options) -> ProgressLog:
    parts = {name: tables.with_types(_joined(frames), name, about) for name, frames in found.tables.items()}
    if "learners" not in parts and "learners" in found.derived:
        parts["learners"] = _derived(parts, found.derived["learners"], "learner_id", "name")
    if "goals" not in parts and "goals" in found.derived:
        parts["goals"] = _derived(parts, found.derived["goals"], "goal_id", "title")
    if not {"events", "collaborations"} & parts.keys():
        raise NotALogError(_nothing_left(found), problems_frame(found.problems), found.problems)
    happened = [parts[name] for name in ("events", "collaborations", "absences") if name in parts]
    remarks = [] if "learners" in found.tables else doubtful_learners(parts, named_with_class(found), options)
    if "goals" not in found.tables:
        remarks += similar_goals([parts[name] for name in ("events", "collaborations") if name in parts])
    remarks += _put_terms(parts, happened, options)
    tz = about.get("tz", options.tz) if options.tz == "UTC" else options.tz
    blind = found.blind | {*about.get("blind", "").split()}
    problems = [*_with_one_zone(found.problems), *remarks]
    return ProgressLog.from_tables(tz=tz, blind=blind, problems=problems, rows_read=found.rows_read, **parts)


def _with_one_zone(problems: Sequence[Problem]) -> list[Problem]:
    """Keep the first remark of a file on its zone, whatever it has of sheets and of columns with times."""
    first = {problem.file: problem for problem in reversed(problems) if problem.code == "zone"}
    return [problem for problem in problems if problem.code != "zone" or problem is first[problem.file]]


def _put_terms(parts: dict[str, pl.DataFrame], happened: Sequence[pl.DataFrame], options: Options) -> Sequence[Problem]:
    """Put the terms in that the caller says; where nobody says any, remark on what is most likely a holiday."""
    if options.terms and "terms" in parts:
        raise ArgumentError("cannot be given where a table of terms is loaded; say them in one place.", "terms")
    if options.terms:
        parts["terms"] = given_terms(options.terms)
    return [] if "terms" in parts else _likely_holidays(happened, options)


_LONG_GAP = timedelta(days=14)
"""A gap longer than this is most likely a holiday."""

_MOST_GAPS = 6
"""How many gaps at most are named; a log with more of them is written now and then."""

_SATURDAY = 5


def _likely_holidays(happened: Sequence[pl.DataFrame], options: Options) -> list[Problem]:
    """Remark once on the gaps of a log, where no terms are known: there each of their days is a school day.

    >>> from datetime import datetime
    >>> days = pl.DataFrame({"time": [datetime(2026, 7, 3), datetime(2026, 7, 20), datetime(2026, 7, 21)]})
    >>> print(_likely_holidays([days], Options())[0].message)
    Nothing is written for more than two weeks from 2026-07-03 to 2026-07-20: a holiday, most likely. Its days count
    as school days.
    """
    dated = [frame["time" if "time" in frame.columns else "date"] for frame in happened]
    days = sorted({day for column in dated if column.dtype.is_temporal() for day in _days(column)})
    gaps = [(before, after) for before, after in pairwise(days) if after - before > _LONG_GAP]
    if not gaps or len(gaps) > _MOST_GAPS:
        return []
    shown = ", ".join(gettext("from {first} to {last}", first=before, last=after) for before, after in gaps)
    text = gettext(
        "Nothing is written for more than two weeks {shown}: a holiday, most likely. Its days count as school days.",
        shown=shown,
    )
    starts, ends = [days[0], *(after for _, after in gaps)], [*(before for before, _ in gaps), days[-1]]
    pairs = [(f"{start}", f"{end}") for start, end in zip(starts, ends, strict=True)]
    if not all(_has_a_weekday(start, end) for start, end in zip(starts, ends, strict=True)):
        return [
            Problem("likely_holiday", text, gettext("Load a table of the terms beside the log, or say them: `terms`."))
        ]
    return [Problem("likely_holiday", text, gettext("Say the terms: {option}.", option=options.say(terms=pairs)))]


def _days(times: pl.Series) -> list[date]:
    """Return the days of some times, those that lie side by side once: most rows of a day do."""
    days = times.drop_nulls().dt.date()
    return days.filter(days.ne_missing(days.shift(1))).to_list()


def _has_a_weekday(start: date, end: date) -> bool:
    """Tell whether a term from one day to another would have a school day."""
    return end - start >= timedelta(days=2) or start.weekday() < _SATURDAY or end.weekday() < _SATURDAY


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames, how="diagonal_relaxed")


def _derived(parts: dict[str, pl.DataFrame], known: Sequence[pl.DataFrame], key: str, name: str) -> pl.DataFrame:
    """Return what the log itself tells of learners or goals, with those that are only in its rows."""
    tables_with = ("events", "collaborations", *(("absences",) if key == "learner_id" else ()))
    here = [parts[table].select(key) for table in tables_with if table in parts]
    everyone = pl.concat([*known, *here], how="diagonal_relaxed").filter(pl.col(key).is_not_null())
    each = everyone.unique(maintain_order=True).group_by(key, maintain_order=True).agg(pl.all().drop_nulls().first())
    nowhere = {column: pl.lit(None, dtype).alias(column) for column, dtype in _PLACE.items()}
    return each.with_columns(pl.coalesce(name, key).alias(name), *nowhere.values())


_PLACE = {"row": pl.Int64, "file": pl.String, "sheet": pl.String}

_NO_EVENTS = pl.DataFrame(
    schema={"time": TIME, **dict.fromkeys(("learner_id", "goal_id", "event"), pl.String), **_PLACE}
)


def _nothing_left(found: Found) -> str:
    left_out = [problem for problem in found.problems if problem.code not in KEPT]
    where = ", ".join(dict.fromkeys(str(file) for file, _ in found.rows_read))
    rows = sum(found.rows_read.values())
    if not rows:
        return gettext("{where} has no rows below its header: there is no log in it.", where=where)
    if not left_out:
        return gettext(
            "Nothing is written in the log of {where} yet: it has a roster, or goals, and no row that is dated.",
            where=where,
        )
    shown = " ".join(
        gettext("Row {row}: {message} {todo}", row=p.row, message=p.message, todo=p.todo)
        for p in left_out[:3]
        if p.row is not None
    )
    return gettext(
        "Not one of the {rows} rows of {where} could be used. {shown}",
        rows=number_in_words(rows),
        where=where,
        shown=shown,
    ).rstrip()


def _refuse_problems(log: ProgressLog) -> None:
    problems = log.problems[~log.problems["code"].isin(KEPT | AS_MEANT)]
    if problems.empty:
        return
    first = problems.iloc[0]
    raise StrictError(
        ngettext(
            "A row could not be used: {file}, row {row}: {message} {hint}",
            "{number} rows could not be used. The first: {file}, row {row}: {message} {hint}",
            len(problems),
            number=number_in_words(len(problems)),
            file=first["file"],
            row=first["row"],
            message=first["message"],
            hint=first["hint"],
        ),
        problems,
    )
