"""Our own tables: `events`, `collaborations`, `learners`, `goals`, `terms` and `absences`, each a file or a sheet.

Rosters, goals and terms that stand beside a log of any other kind are read here too, with the headers that schools
write (`name, class`).
"""

from collections.abc import Mapping, Sequence, Set
from functools import partial
from pathlib import PurePosixPath

import polars as pl

from ...errors import MissingColumnError, need_columns
from ...language import gettext
from ...log.identity import told_apart
from ...problems import Problem
from ...schema import ABOUT, HAPPENINGS, LISTS, OPEN_TABLES, REQUIRED, TABLES
from ..clean.children import ALIASES, PREFERRED, class_column, other_names, with_full_names
from ..clean.dates.moments import YEARS
from ..clean.dates.terms import put_closed_days
from ..clean.names import name_learners
from ..clean.screen import TIME, Screen, nothing_if_empty, place
from ..clean.values import halves_of_days, read_lengths, why_left_out
from ..clean.vocabulary import CHOICES, HEADERS, WORDS, half_of, log_columns, meanings
from ..files.raw import ROW, RawTable, folded
from ..formulas import MAYBE_GUARDED, unguarded
from .grid import looks_like_grid
from .reader import Context, Found, Reader

_TYPES: Mapping[str, pl.DataType] = {
    "Int64": pl.Int64(),
    "Float64": pl.Float64(),
    "Boolean": pl.Boolean(),
    "Datetime": TIME,
}


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is one of ours that holds a log."""
    return table_kind(raw) in HAPPENINGS


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read events and collaborations."""
    found = Found()
    for raw in raws:
        kind = table_kind(raw)
        if kind not in HAPPENINGS:
            raise MissingColumnError(
                gettext(
                    "{raw} is neither events ({names}) nor collaborations ({others}). Its columns are: {columns}.",
                    raw=raw,
                    names=", ".join(REQUIRED["events"]),
                    others=", ".join(REQUIRED["collaborations"]),
                    columns=", ".join(raw.header),
                )
            )
        _read_one(kind, raw, context, found)
    return found


def read_list(raw: RawTable, context: Context) -> Found:
    """Read a roster, goals, terms or absences: a table whose kind is in `LISTS`, or `absences`."""
    found = Found()
    _read_one(str(table_kind(raw)), raw, context, found)
    return found


def read_about(raw: RawTable) -> dict[str, str]:
    """Return what the table `about` says: `tz`, and the type of an attribute such as `learners.ability`."""
    what, value = (raw.by_folded[name] for name in ("what", "value"))
    return dict(zip(raw.frame[what].to_list(), raw.frame[value].to_list(), strict=True))


def with_types(frame: pl.DataFrame, kind: str, about: Mapping[str, str]) -> pl.DataFrame:
    """Give attributes the types that `about` says they had."""
    types = {name: _TYPES.get(about.get(f"{kind}.{name}", "")) for name in frame.columns}
    texts = {name: dtype for name, dtype in types.items() if dtype is not None and frame[name].dtype == pl.String}
    return frame.with_columns(_as_type(name, dtype) for name, dtype in texts.items())


def _as_type(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.col(name)
    if dtype == pl.Boolean:
        return text.str.to_lowercase() == "true"
    if dtype == TIME:
        day = text.str.to_datetime("%Y-%m-%d", strict=False, time_unit="us")
        return pl.coalesce(text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us"), day)
    return text.cast(dtype, strict=False)


def _read_one(kind: str, raw: RawTable, context: Context, found: Found) -> None:
    raw = with_full_names(raw, context.options, "name") if kind == "learners" else raw
    headers = headers_of(kind, raw)
    need_columns(str(raw), [*raw.header, *headers], REQUIRED[kind])
    if kind == "absences" and (room := class_column(raw, context.options)):
        headers["class_id"] = room  # it tells namesakes apart, and is no column of the table
    ours = {*headers.values(), *(header for header, plain in raw.folded.items() if plain in ("row", "file", "sheet"))}
    called = {*PREFERRED, *ALIASES} if kind == "learners" else set()
    extra = [header for header, plain in raw.folded.items() if header not in ours and plain not in called]
    plain = set(TABLES[kind]) >= set(headers) and all(h == c for c, h in headers.items())
    if plain and raw.typed is not None and _holds_what_it_should(kind, raw.typed):
        _read_typed(kind, raw, extra, found)
        return
    attributes = {unguarded(header): header for header in extra} if kind in OPEN_TABLES else {}
    screen = Screen(raw, context.options, {**headers, **attributes})
    if kind not in OPEN_TABLES:
        screen.note(*(_unknown_column(kind, raw, header) for header in extra))
    if raw.apostrophes:
        screen.put(*_unescaped(screen.frame))
    screen.names(*(name for name in ("learner_id", "goal_id", "episode_id", "class_id") if screen.has(name)))
    if kind == "absences":
        _absences(screen, context)
    if kind == "learners":
        _tell_namesakes_apart(screen)
        found.called += other_names(raw, screen.frame.select(ROW, "learner_id"))
    others = context.columns_of(raw.file)
    for name in filter(headers.__contains__, _times_of(kind)):
        screen.times(name, others, required=False, costs_row=TABLES[kind][name] != "day")
    if kind == "terms" and "closed" in headers:
        put_closed_days(screen, others)
    if kind in HAPPENINGS:
        _log_words(kind, screen)
    _add(kind, screen, found)


def _add(kind: str, screen: Screen, found: Found) -> None:
    found.rows_read[screen.raw.place] = screen.raw.rows_read
    found.problems += screen.problems
    rows = screen.placed() if kind != "absences" else screen.placed().drop("class_id", strict=False)
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String and name not in ("file", "sheet")]
    found.add(kind, rows.with_columns(nothing_if_empty(rows, texts)))


def _tell_namesakes_apart(screen: Screen) -> None:
    """Give those an id with their class who stand on a roster by their name only, and not in one class alone."""
    if screen.has("class_id") and screen.headers.get("name") == screen.headers["learner_id"]:
        rows = screen.frame.select("learner_id", "class_id").unique(maintain_order=True)
        apart = told_apart((name, room or None) for name, room in rows.iter_rows() if name)
        ids = [apart.get((name, room or None), name) for name, room in rows.iter_rows()]
        known = rows.with_columns(_id=pl.Series(ids, dtype=pl.String))
        both = screen.frame.join(known, on=["learner_id", "class_id"], how="left", maintain_order="left")
        screen.put(learner_id=both["_id"])


def _holds_what_it_should(kind: str, typed: pl.DataFrame) -> bool:
    """Tell whether each column has a type of what it is to hold; a number that is an id is read as it is written."""
    there = {name: holds for name, holds in TABLES[kind].items() if name in typed.columns}
    fits = {"time": _are_times, "day": _are_times, "rate": _are_numbers}
    return all(
        typed[name].dtype == pl.Null or fits.get(holds, _are_texts)(typed[name]) for name, holds in there.items()
    )


def _are_texts(column: pl.Series) -> bool:
    return isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum)


def _are_numbers(column: pl.Series) -> bool:
    return column.dtype.is_numeric()


def _are_times(column: pl.Series) -> bool:
    return isinstance(column.dtype, pl.Date | pl.Datetime) and bool(column.dt.year().is_in(YEARS).all())


def _read_typed(kind: str, raw: RawTable, extra: Sequence[str], found: Found) -> None:
    """Take a table over whose columns have types; what is wrong with a row is found when the log is made."""
    typed = raw.typed if raw.typed is not None else raw.frame
    typed = typed.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    columns = [name for name in TABLES[kind] if name in typed.columns]
    for name in _times_of(kind):
        if name in columns and typed[name].dtype == pl.Date:
            typed = typed.with_columns(pl.col(name).cast(TIME))
    attributes = list(extra) if kind in OPEN_TABLES else []
    rows = place(typed.select("_row", *columns, *attributes), raw)
    found.rows_read[raw.place] = raw.rows_read
    found.problems += [*raw.problems, *(_unknown_column(kind, raw, name) for name in extra if not attributes)]
    found.add(kind, rows)


def _times_of(kind: str) -> list[str]:
    return [name for name, holds in TABLES[kind].items() if holds in ("time", "day")]


def _log_words(kind: str, screen: Screen) -> None:
    """Bring words and numbers into the form of the log; those that it does not have are found when it is made."""
    given = screen.options.words
    for name, vocabulary in {"event": WORDS, "role": WORDS, "chosen_by": CHOICES}.items():
        if screen.has(name) and given:
            canonical = {word: (word,) for word in vocabulary}
            words = meanings(screen.frame[name].unique().to_list(), given, canonical)
            left = [word for word, one in words.items() if one.known and one.meaning is None and word.strip()]
            say, hint = partial(why_left_out, options=screen.options), gettext("Give it a meaning to load them.")
            screen.reject(pl.col(name).is_in(left), "left_out", name, say, hint)
            meant = {word: one.meaning for word, one in words.items() if one.meaning is not None}
            screen.put(pl.col(name).replace(meant))
    if kind == "collaborations":
        read_lengths(screen)


_PARTS = {"": "", "day": "", "whole day": "", "full day": "", "all day": "", "full": "", "whole": ""}


def _absences(screen: Screen, context: Context) -> None:
    """Find who was away on the roster, and say which half of the day it was, where it was half a day."""
    name_learners(screen, context.learners)
    written = screen.frame["part"] if screen.has("part") else pl.Series([""]).new_from_index(0, screen.frame.height)
    told = {text: _PARTS.get(folded(text), half_of(text)[1] or text) for text in written.unique().to_list()}
    part = written.replace_strict(told, return_dtype=pl.String)
    halves = halves_of_days(screen.frame["date"]).fill_null("")
    screen.put(part=pl.when(part != "").then(part).otherwise(halves))


def _unescaped(frame: pl.DataFrame) -> list[pl.Expr]:
    """Take the apostrophe off that keeps a spreadsheet from taking a text for a formula."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    # A letter is found much faster than a pattern.
    has_one = frame.select(pl.col(texts).str.contains("'", literal=True).any())
    texts = [name for name in texts if has_one[name].item()]
    found = {name: frame[name].filter(frame[name].str.contains(MAYBE_GUARDED)).unique().to_list() for name in texts}
    return [pl.col(name).replace({text: unguarded(text) for text in each}) for name, each in found.items() if each]


def _unknown_column(kind: str, raw: RawTable, header: str) -> Problem:
    text = gettext('The column "{header}" is none of the table {kind}; it was left out.', header=header, kind=kind)
    hint = gettext("Rename it if it holds one of: {names}.", names=", ".join(TABLES[kind]))
    file, sheet = raw.place
    return Problem("unknown_column", text, hint, file, sheet, raw.header_row or None, header)


_NAMES: Mapping[str, tuple[str, ...]] = {
    "events": ("events",),
    "collaborations": ("collaborations", "collaboration"),
    "learners": ("learners", "roster", "class list", "classlist", "students", "pupils", "children"),
    "goals": ("goals", "goal list", "targets", "objectives"),
    "terms": ("terms", "term", "term dates"),
    "absences": ("absences", "absence", "absent", "absentees", "away"),
    ABOUT: (ABOUT,),
}

_ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "learners": {
        "learner_id": ("id", "student number", "user id", "username"),
        "name": ("full name",),
        "joined": ("joined on", "start", "start date", "from"),
        "left": ("left on", "end", "end date", "until"),
    },
    "events": {"due": HEADERS["due"]},
    "goals": {
        "goal_id": ("id", "code"),
        "title": ("name", "description", "goal title"),
        "strand": ("domain", "area", "topic", "category"),
        "level": ("stage", "year level", "curriculum level"),
        "due": HEADERS["due"],
    },
    "absences": {
        "learner_id": HEADERS["learner_id"],
        "date": (*HEADERS["time"], "absent on", "away on", "date absent"),
        "part": ("half", "half day", "part of day", "am pm", "session"),
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


def table_kind(raw: RawTable) -> str | None:
    """Return which of our tables a raw table is, by its name and its headers; None if it is none of them."""
    present = raw.by_folded.keys()
    for kind in HAPPENINGS:
        if {folded(column) for column in REQUIRED[kind]} <= present:
            return kind
    if _is_log(raw):
        return None
    if _tells_absences(raw):
        return "absences"
    for kind, columns in _TELLING.items():
        if present >= columns and not present & _NOT_BESIDE[kind]:
            return kind
    name = _name_of(raw)
    called = next((kind for kind, names in _NAMES.items() if name in names), None)
    if called is None or called == ABOUT:
        return ABOUT if called and {"what", "value"} <= present else None
    return called if _looks_like(called, raw, present) and not looks_like_grid(raw, sure_ticks_only=True) else None


def _name_of(raw: RawTable) -> str:
    return folded(raw.sheet if raw.sheet is not None else PurePosixPath(raw.file.removesuffix(".gz")).stem)


def _tells_absences(raw: RawTable) -> bool:
    """Tell whether a table says who was away when: by its name, or by the part of the day beside learner and date."""
    if not {"learner_id", "date"} <= headers_of("absences", raw).keys() or "goal_id" in log_columns(raw).values():
        return False
    return "part" in raw.by_folded or _name_of(raw) in _NAMES["absences"]


def _is_log(raw: RawTable) -> bool:
    """Tell whether rows have a date and say what happened: a class log, whatever it is called."""
    columns = {*log_columns(raw).values()}
    return "time" in columns and bool({"event", "with"} & columns)


def _looks_like(kind: str, raw: RawTable, present: Set[str]) -> bool:
    """Tell whether a table of this name can be of this kind: a column that it needs is there, or nearly."""
    if kind in LISTS:
        return bool(set(REQUIRED[kind]) & set(headers_of(kind, raw)))
    return len({folded(column) for column in TABLES[kind]} & present) >= 2


def headers_of(kind: str, raw: RawTable) -> dict[str, str]:
    """Return the columns of a kind of table, and the header of each."""
    found: dict[str, str] = {}
    for column in TABLES[kind]:
        names = (column.replace("_", " "), *_ALIASES.get(kind, {}).get(column, ()))
        header = next((raw.by_folded[name] for name in names if name in raw.by_folded), None)
        if header is not None and header not in found.values():
            found[column] = header
    if kind in OPEN_TABLES:
        _as_in_a_class_log(kind, raw, found)
    return found


def _as_in_a_class_log(kind: str, raw: RawTable, found: dict[str, str]) -> None:
    """Take the headers of a class log too: whoever has a name and no id goes by the name."""
    for header, column in log_columns(raw).items():
        if column in TABLES[kind] and column not in found and header not in found.values():
            found[column] = header
    key, called = ("learner_id", "name") if kind == "learners" else ("goal_id", "title")
    if key not in found and called in found:
        found[key] = found[called]


READER = Reader(
    name="tables",
    what="tables of reflectlab, as `save_tables` writes them",
    recognise=recognise,
    read=read,
    sure=False,
)
