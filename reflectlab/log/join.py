"""Logs put together: a class each, or a term each; children and goals told apart where they are not the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ..errors import ArgumentError
from ..language import counted, gettext, listed, ngettext
from ..problems import Problem
from ..schema import LISTS, PLACE, TABLES
from .build import Place
from .calendar import Term, format_closed
from .frames import decoded
from .identity import Child, told_apart
from .progress_log import ProgressLog, Selection

_FOUND_ANEW = frozenset({"after_met", "outside_terms", "outside_presence", "while_away"})
"""Remarks that are made of a log as a whole: they are made again of the one that is put together."""

_SHOWN = 5


def joined(logs: Sequence[ProgressLog]) -> ProgressLog:
    """Return one log of several: `join`."""
    _check(logs)
    if len(logs) == 1:
        return logs[0]
    parts = _parts(logs)
    learners, remarks = _ids_of_learners(parts)
    goals = [_by_name(part, "goals", "goal_id", "title", everyone=parts) for part in parts]
    episodes = _ids_of_episodes(parts)
    for part, *renamed in zip(parts, learners, goals, episodes, strict=True):
        part.rename(dict(zip(("learner_id", "goal_id", "episode_id"), renamed, strict=True)))
    tables: dict[str, Any] = {
        name: _stacked([part.tables[name] for part in parts]) for name in TABLES if name != "terms"
    }
    told = [tables[name] for name in ("learners", "goals")]
    tables |= {"learners": _once(told[0], "learner_id", last=("left",)), "goals": _once(told[1], "goal_id")}
    again = [*_listed(told[0], "learner_id", "learner"), *_listed(told[1], "goal_id", "goal")]
    terms, doubled = _terms(parts)
    if terms is not None:
        tables["terms"] = terms
    problems = [problem for part in parts for problem in part.problems]
    return ProgressLog.from_tables(
        **tables,
        tz=logs[0].tz,
        blind={event for log in logs for event in log.blind},
        problems=[*problems, *again, *doubled, *remarks],
        rows_read={place: rows for part in parts for place, rows in part.rows_read.items()},
    )


def _check(logs: Sequence[ProgressLog]) -> None:
    if not logs or not all(isinstance(log, ProgressLog) for log in logs):
        raise ArgumentError("`join` takes logs, one or more: join(log, log).")
    for log in logs:
        if log.scanned:
            raise ArgumentError("A log that is scanned cannot be joined: load it, or scan the logs apart.")
        if log.selection != Selection():
            raise ArgumentError("Logs are joined whole: join them first, and select from what comes out.")
    zones = dict.fromkeys(log.tz for log in logs)
    if len(zones) > 1:
        raise ArgumentError(f"The logs are in several time zones ({', '.join(zones)}): load them with the same `tz`.")


@dataclass
class _Part:
    """One of the logs: its tables, their files called by names that no other log has."""

    tables: dict[str, pl.DataFrame]
    terms: Sequence[Term]
    own_terms: bool
    problems: Sequence[Problem]
    rows_read: Mapping[Place, int]

    def rename(self, ids: Mapping[str, Mapping[str, str]]) -> None:
        """Put ids in the place of those of the log alone."""
        for name, frame in self.tables.items():
            mine = [pl.col(c).replace(dict(ids[c])) for c in frame.columns if ids.get(c)]
            self.tables[name] = frame.with_columns(mine)


def _parts(logs: Sequence[ProgressLog]) -> list[_Part]:
    accounts = [_rows_read(log) for log in logs]
    files = Counter(file for account in accounts for file in {file for file, _ in account})
    return [
        _part(log, account, files, number) for number, (log, account) in enumerate(zip(logs, accounts, strict=True), 1)
    ]


def _rows_read(log: ProgressLog) -> dict[Place, int]:
    rows = log.account[["file", "sheet", "read"]].astype(object).where(log.account.notna(), None)
    return {(file or None, sheet or None): int(read) for file, sheet, read in rows.itertuples(index=False)}


def _part(log: ProgressLog, account: Mapping[Place, int], files: Mapping[str | None, int], number: int) -> _Part:
    def called(file: str | None) -> str | None:
        named = f"{file} (log {number})" if file else f"log {number}"
        return named if files.get(file or None, 0) > 1 or not file else file

    tables = {}
    for name in TABLES:
        frame = decoded(log.frame(name).collect()).to_native()
        own = [c for c in frame.columns if name in LISTS or c in TABLES[name] or c in PLACE]
        names = {file: called(file) for file in frame["file"].unique().to_list()}
        placed = pl.when(pl.col("row").is_not_null()).then(pl.col("file").replace_strict(names, return_dtype=pl.String))
        tables[name] = frame.select(own).with_columns(placed.alias("file"))
    problems = [
        replace(problem, file=called(problem.file) if problem.file or problem.row is not None else None)
        for problem in log.problem_list
        if problem.code not in _FOUND_ANEW
    ]
    read = {(called(file), sheet): rows for (file, sheet), rows in account.items()}
    own_terms = "terms" in log._frames.checked
    return _Part(tables, log.calendar.terms, own_terms, problems, read)


def _children(part: _Part) -> dict[str, Child]:
    """Return the name and the class that each id of a log stands for: its class may be a part of it already."""
    rows = dict(part.tables["learners"].select("learner_id", "class_id").iter_rows())
    bare = {one: one.removesuffix(f" ({room})") if room else one for one, room in rows.items()}
    return {one: (bare[one] if (bare[one], room) not in rows.items() else one, room) for one, room in rows.items()}


def _ids_of_learners(parts: Sequence[_Part]) -> tuple[list[dict[str, str]], list[Problem]]:
    """Return the new ids of each log, and remarks on who stands in several of them."""
    named = [_by_name(part, "learners", "learner_id", "name", everyone=parts) for part in parts]
    children = []
    for part, other in zip(parts, named, strict=True):
        known = _children(part)
        children.append({one: (other.get(one, name), room) for one, (name, room) in known.items()})
    ids = told_apart(child for some in children for child in some.values())
    return [{one: ids[child] for one, child in some.items()} for some in children], _remarks(children, ids)


def _by_name(part: _Part, table: str, key: str, name: str, *, everyone: Sequence[_Part]) -> dict[str, str]:
    """Return new ids for those of a log that are called otherwise in another log."""
    rows = [_called(other, table, key, name) for other in everyone]
    names: dict[tuple[str, object], set[str]] = {}
    for some in rows:
        for one, (called, room) in some.items():
            names.setdefault((one, room), set()).add(called)
    mine = _called(part, table, key, name)
    return {one: f"{one} ({called})" for one, (called, room) in mine.items() if len(names[one, room]) > 1}


def _called(part: _Part, table: str, key: str, name: str) -> dict[str, tuple[str, object]]:
    """Return what each id is called, if it is not called by its id, and its class."""
    frame = part.tables[table]
    rooms = frame["class_id"].to_list() if "class_id" in frame.columns else [None] * frame.height
    rows = zip(frame[key].to_list(), frame[name].to_list(), rooms, strict=True)
    return {one: (called, room) for one, called, room in rows if called and called != one}


def _remarks(children: Sequence[Mapping[str, Child]], ids: Mapping[Child, str]) -> list[Problem]:
    """Remark on names in several logs of which it is not told that they are in one class, and on those in several."""
    logs = Counter(ids[child] for some in children for child in {*some.values()})
    bare = {ids[child]: None for some in children for child in some.values() if child[1] is None}
    doubtful = [one for one in bare if logs[one] > 1]
    apart = [one for child, one in ids.items() if child[1] is not None and one == f"{child[0]} ({child[1]})"]
    found = []
    if doubtful:
        text = ngettext(
            "{names} stands in several logs, and not each log says the class: each was taken for one child.",
            "{names} stand in several logs, and not each log says the class: each was taken for one child.",
            len(doubtful),
            names=_some(doubtful),
        )
        hint = gettext('If each log is of a class, say the class when it is loaded: load(..., class_from="file").')
        found.append(Problem("several_places", text, hint, value=doubtful[0]))
    if apart:
        text = ngettext(
            "{names} stands in several classes under one name: each is another child.",
            "{names} stand in several classes under one name: each is another child.",
            len(apart),
            names=_some(apart),
        )
        hint = gettext("If one of them moved class, give both the same class before the logs are joined.")
        found.append(Problem("several_classes", text, hint, value=apart[0]))
    return found


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return listed([shown, counted(len(names) - _SHOWN, "more", "more")]) if len(names) > _SHOWN else shown


def _ids_of_episodes(parts: Sequence[_Part]) -> list[dict[str, str]]:
    """Return new ids for episodes of one id in several logs: they are different ones."""
    mine = [part.tables["collaborations"]["episode_id"].unique(maintain_order=True).to_list() for part in parts]
    times = Counter(one for some in mine for one in some)
    return [{one: f"{one} (log {n})" for one in some if times[one] > 1} for n, some in enumerate(mine, 1)]


def _stacked(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put tables one below the other; a column that holds different kinds of things is one of text."""
    kinds: dict[str, set[pl.DataType]] = {}
    for frame in frames:
        for name, dtype in frame.schema.items():
            kinds.setdefault(name, set()).add(dtype)
    mixed = {name for name, some in kinds.items() if len(some - {pl.Null()}) > 1}
    texts = [f.with_columns(pl.col(name).cast(pl.String) for name in f.columns if name in mixed) for f in frames]
    return pl.concat(texts, how="diagonal_relaxed")


def _once(rows: pl.DataFrame, key: str, last: Sequence[str] = ()) -> pl.DataFrame:
    """Return each learner or goal once: what the first row says, else a later one; but when they left by the last."""
    first = pl.all().exclude(*last, *PLACE).drop_nulls().first()
    place = [pl.col(name).first() for name in PLACE]
    return rows.group_by(key, maintain_order=True).agg(first, *place, *(pl.col(name).last() for name in last))


def _listed(rows: pl.DataFrame, key: str, what: str) -> list[Problem]:
    """List the rows that tell of what an earlier log tells of."""
    later = rows.filter(~pl.col(key).is_first_distinct() & pl.col("row").is_not_null())
    text = gettext(
        "This learner stands in another log already: what that says counts, and this for what it does not say."
        if what == "learner"
        else "This goal stands in another log already: what that says counts, and this for what it does not say."
    )
    return [
        Problem("joined_already", text, gettext("Nothing needs to be done."), file, sheet, row, key, one)
        for one, row, file, sheet in later.select(key, *PLACE).iter_rows()
    ]


_Placed = tuple[Term, dict[str, Any]]
"""A term, and the place of its row; nothing where no table tells of it."""


def _terms(parts: Sequence[_Part]) -> tuple[pl.DataFrame | None, list[Problem]]:
    """Return the terms of all logs, those that overlap as one; None where no log has terms and there is only one."""
    own = [placed for part in parts if part.own_terms for placed in _placed(part)]
    rest: list[_Placed] = [(term, {}) for part in parts if not part.own_terms for term in part.terms]
    free = [(term, place) for term, place in rest if not any(_overlap(term, other) for other, _ in own)]
    groups: list[list[_Placed]] = []
    for term, place in sorted([*own, *free], key=lambda placed: (placed[0].start, placed[0].end)):
        if groups and any(_overlap(term, other) for other, _ in groups[-1]):
            groups[-1].append((term, place))
        else:
            groups.append([(term, place)])
    if not own and len(groups) < 2:
        return None, []
    rows = [_row(group, number, named=bool(own)) for number, group in enumerate(groups, 1)]
    ids = Counter(row["term_id"] for row in rows)
    for number, row in enumerate(rows, 1):
        row["term_id"] += f" ({number})" if ids[row["term_id"]] > 1 else ""
    text, hint = gettext("This term is one with another that it overlaps."), gettext("Nothing needs to be done.")
    again = [Problem("joined_already", text, hint, **place) for group in groups for _, place in group[1:] if place]
    return pl.DataFrame(rows, _COLUMNS), again


_COLUMNS = {
    **dict.fromkeys(("term_id", "title", "closed", "file", "sheet"), pl.String),
    **dict.fromkeys(("start", "end"), pl.Date),
    "row": pl.Int64,
}


def _placed(part: _Part) -> list[_Placed]:
    places = {row["term_id"]: {name: row[name] for name in PLACE} for row in part.tables["terms"].iter_rows(named=True)}
    return [(term, places.get(term.term_id, {})) for term in part.terms]


def _overlap(one: Term, other: Term) -> bool:
    return one.start <= other.end and other.start <= one.end


def _row(group: Sequence[_Placed], number: int, *, named: bool) -> dict[str, Any]:
    """Return a term that lasts as long as some together; a day is closed if it is in each of them that holds it."""
    terms = [term for term, _ in group]
    days = sorted({day for term in terms for day in term.closed})
    closed = [day for day in days if all(day in term.closed for term in terms if term.start <= day <= term.end)]
    first, place = group[0]
    called = (first.term_id, first.title) if named else (f"term {number}", f"Term {number}")
    span = min(term.start for term in terms), max(term.end for term in terms)
    row = dict(zip(("term_id", "title", "start", "end"), (*called, *span), strict=True))
    return {**row, "closed": format_closed(closed) or None, **{name: place.get(name) for name in PLACE}}
