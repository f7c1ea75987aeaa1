"""Which of our tables a raw table is, and which of its columns is which."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from .grid import looks_like_grid
from .raw import RawTable, folded
from .words import column_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": ("time", "learner_id", "goal_id", "event", "chosen_by", "note"),
    "collaborations": ("episode_id", "time", "minutes", "learner_id", "goal_id", "role", "chosen_by", "note"),
    "learners": ("learner_id", "name", "class_id", "joined", "left"),
    "goals": ("goal_id", "title", "strand", "level"),
    "terms": ("term_id", "title", "start", "end", "closed"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "events": ("time", "learner_id", "goal_id", "event"),
    "collaborations": ("episode_id", "time", "learner_id"),
    "learners": ("learner_id",),
    "goals": ("goal_id",),
    "terms": ("start", "end"),
}
LISTS = ("learners", "goals", "terms")
"""The tables that stand beside a log."""

ABOUT = "about"
"""The table in which `save_tables` writes what no other column tells: the time zone, and the types of attributes."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "events": ("events",),
    "collaborations": ("collaborations", "collaboration"),
    "learners": ("learners", "roster", "class list", "classlist", "students", "pupils", "children"),
    "goals": ("goals", "goal list", "targets", "objectives"),
    "terms": ("terms", "term", "term dates"),
    ABOUT: (ABOUT,),
}
_ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "learners": {
        "learner_id": ("id", "student number", "user id", "username"),
        "name": ("full name",),
        "joined": ("joined on", "start", "start date", "from"),
        "left": ("left on", "end", "end date", "until"),
    },
    "goals": {
        "goal_id": ("id", "code"),
        "title": ("name", "description", "goal title"),
        "strand": ("domain", "area", "topic", "category"),
        "level": ("stage", "year level", "curriculum level"),
    },
    "terms": {
        "term_id": ("id", "term"),
        "title": ("name",),
        "start": ("starts", "start date", "first day", "from"),
        "end": ("ends", "end date", "last day", "until", "to"),
        "closed": ("closed days", "holidays", "no school"),
    },
}
_TELLING: Mapping[str, frozenset[str]] = {
    "learners": frozenset({"learner id", "name"}),
    "goals": frozenset({"goal id", "title"}),
    "terms": frozenset({"term id", "start", "end"}),
}
"""The columns, folded, that tell a list by its contents, whatever it is called."""

_NOT_BESIDE: Mapping[str, frozenset[str]] = {
    "learners": frozenset({"goal id", "goal", "term id"}),
    "goals": frozenset({"learner id", "learner"}),
    "terms": frozenset({"learner id", "goal id"}),
}


def kind_of(raw: RawTable) -> str | None:
    """Return which of our tables a raw table is, by its name and its headers; None if it is none of them."""
    present = {folded(header) for header in raw.header}
    for kind in ("events", "collaborations"):
        if {folded(column) for column in NEEDED[kind]} <= present:
            return kind
    if _is_log(raw):
        return None
    for kind, columns in _TELLING.items():
        if present >= columns and not present & _NOT_BESIDE[kind]:
            return kind
    name = folded(raw.sheet if raw.sheet is not None else PurePosixPath(raw.file.removesuffix(".gz")).stem)
    called = next((kind for kind, names in _NAMES.items() if name in names), None)
    if called is None or called == ABOUT:
        return ABOUT if called and {"what", "value"} <= present else None
    return called if _looks_like(called, raw, present) and not looks_like_grid(raw, sure_ticks_only=True) else None


def _is_log(raw: RawTable) -> bool:
    """Tell whether rows have a date and say what happened: a class log, whatever it is called."""
    columns = {column_of(header) for header in raw.header}
    return "time" in columns and bool({"event", "with"} & columns)


def _looks_like(kind: str, raw: RawTable, present: set[str]) -> bool:
    """Tell whether a table of this name can be of this kind: a column that it needs is there, or nearly."""
    if kind in LISTS:
        return bool(set(NEEDED[kind]) & set(headers_of(kind, raw)))
    return len({folded(column) for column in COLUMNS[kind]} & present) >= 2


def headers_of(kind: str, raw: RawTable) -> dict[str, str]:
    """Return the columns of a kind of table, and the header of each."""
    found: dict[str, str] = {}
    by_folded = {folded(header): header for header in reversed(raw.header)}
    for column in COLUMNS[kind]:
        names = (column, *_ALIASES.get(kind, {}).get(column, ()))
        header = next((by_folded[folded(name)] for name in names if folded(name) in by_folded), None)
        if header is not None and header not in found.values():
            found[column] = header
    if kind in ("learners", "goals"):
        _as_in_a_class_log(kind, raw, found)
    return found


def _as_in_a_class_log(kind: str, raw: RawTable, found: dict[str, str]) -> None:
    """Take the headers of a class log too: whoever has a name and no id goes by the name."""
    for header in raw.header:
        column = column_of(header)
        if column in COLUMNS[kind] and column not in found and header not in found.values():
            found[column] = header
    key, called = ("learner_id", "name") if kind == "learners" else ("goal_id", "title")
    if key not in found and called in found:
        found[key] = found[called]
