"""Events and episodes from records of people and goals (xAPI, Caliper, Open edX).

A reader says of each record what it tells, as an `Entry`; what becomes of entries is the same whatever their format.

A record is loaded or listed, whole: one that tells an event of four people, and that they were together, is four events
and an episode of four, all with the place of that record; in `log.account` it counts once.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import polars as pl

from ....errors import likely
from ....language import gettext
from ....log.checks import UNKNOWN_LEARNER
from ....problems import Advice, Problem
from ....schema import EVENTS, ROLES
from ...clean.names import name_goals
from ...clean.roster import Directory
from ...clean.screen import TIME, Screen, nothing_if_empty, tidy_name
from ...clean.values import why_left_out
from ...clean.vocabulary import MOST_UNKNOWN, asked, doing_hint
from ...files.json import RawRecords, well_formed
from ...files.raw import ROW, RawTable
from ...options import Options
from ..reader import Context, Found

JsonRecord = Mapping[str, Any]

_LASTING = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")

_ONE_DAY = 24 * 60

_LONGEST = 500


class Person(NamedTuple):
    """A person as a record names them: two people may be `7`, each in another system; the name may be empty."""

    system: str
    text: str
    name: str = ""


@dataclass(slots=True)
class Entry:
    """What one record tells: an event of some learners on a goal, an episode of some participants, or both.

    Title and strand may be empty; so may the goal, where there is no event. Participants have their role. Events of one
    team, goal and day are one episode; records of one team that tell no event are one, whenever they are. Without a
    team the record is an episode by itself.
    """

    row: int
    time: str
    goal: str = ""
    title: str = ""
    strand: str = ""
    event: str | None = None
    learners: Sequence[Person] = ()
    participants: Sequence[tuple[Person, str | None]] = ()
    team: str = ""
    minutes: float | None = None
    chosen_by: str | None = None

    def people(self) -> Iterator[Person]:
        """Yield everyone who is named."""
        yield from self.learners
        yield from (person for person, _ in self.participants)


class Unfit(Exception):  # noqa: N818 - no error: it says why a record is listed, and never leaves the reader
    """Why a record cannot be used: a problem without its place."""

    def __init__(
        self, code: str, message: str, hint: str, column: str | None = None, value: str = "", near: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, shortened(message), shortened(hint)
        self.column, self.value, self.suggestion = column, value, near


@dataclass
class FileEntries:
    """The entries of a file, and the problems with the records that have none."""

    raw: RawRecords
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def people(self) -> Iterator[Person]:
        """Yield everyone who is named."""
        for entry in self.entries:
            yield from entry.people()


def entries_of(raw: RawRecords, read: Callable[[JsonRecord, int], Entry]) -> FileEntries:
    """Take the records of a file one by one.

    `read` takes a record and its row, and raises `Unfit` where there is no entry.
    """
    file = FileEntries(raw)
    for record, row in zip(raw.records, raw.rows, strict=True):
        try:
            file.entries.append(read(record, row))
        except Unfit as why:
            value = well_formed(why.value)[:200] or None
            place = (raw.file, None, row, why.column)
            file.problems.append(Problem(why.code, why.message, why.hint, *place, value, why.suggestion))
    return file


def text_of(value: Any) -> str:
    """Return what a value of a record says as text; nothing where it is a list, an object or missing.

    >>> text_of(" 007 "), text_of(7), text_of(None), text_of(["a"])
    ('007', '7', '', '')
    """
    if isinstance(value, str):
        return (value if value.isascii() else well_formed(value)).strip()
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def inside(value: Any, *keys: str) -> Any:
    """Return what stands under keys, one inside the other; None where one of them is not there.

    >>> inside({"verb": {"id": "met"}}, "verb", "id"), inside({"verb": "met"}, "verb", "id")
    ('met', None)
    """
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def shortened(text: str) -> str:
    """Return a sentence that is not longer than one can read: a record can hold names of any length."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and what should stand in one as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def minutes_lasting(duration: Any) -> float | None:
    """Return the minutes of a duration as ISO 8601 has it, up to a day; None for any other.

    >>> minutes_lasting("PT1H30M"), minutes_lasting("PT90S"), minutes_lasting("P3D"), minutes_lasting(5)
    (90.0, 1.5, None, None)
    """
    found = _LASTING.fullmatch(text_of(duration))
    if found is None or found[0] in ("P", "PT", ""):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[:3])
    total = days * _ONE_DAY + hours * 60 + minutes + float((found[4] or "0").replace(",", ".")) / 60
    return total if total <= _ONE_DAY else None


_KEY = ["_key", "learner_id"]

_ISO = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[Zz]|[+-]\d\d(?::?\d\d)?)?)?$"


def read_entries(files: Sequence[FileEntries], context: Context, columns: Mapping[str, str]) -> Found:
    """Make events and episodes of the entries of files.

    `columns` tell what `time`, `learner_id` and `goal_id` are called in such records.
    """
    found = Found()
    ids = _ids((person for file in files for person in file.people()), context.learners)
    parts = [_placed(file, context, columns, ids, found) for file in files]
    rows = pl.concat(parts)
    doers = _exploded(files, ids, lambda entry: ((person, None) for person in entry.learners))
    events = rows.filter(pl.col("event").is_not_null()).join(doers, on=["file", "row"], maintain_order="left_right")
    found.add("events", events.select("time", "learner_id", "goal_id", "event", "row", "file", "sheet"))
    participants = _exploded(files, ids, lambda entry: entry.participants)
    together = rows.join(participants, on=["file", "row"], maintain_order="left_right")
    found.add("collaborations", _episodes(together))
    found.problems += _without_partner(together, found, columns)
    _derive_learners_and_goals(files, ids, rows, found)
    return found


def _ids(people: Iterable[Person], roster: Directory | None) -> dict[Person, str]:
    """Return the id of each person: their text, or that of the roster. Who is not on the roster has none.

    Where one text is another person in another system, the system is part of the id.
    """
    everyone = dict.fromkeys(people)
    systems: defaultdict[str, set[str]] = defaultdict(set)
    for person in everyone:
        systems[person.text].add(person.system)
    if roster is None:
        return {one: one.text if len(systems[one.text]) == 1 else f"{one.text} ({one.system})" for one in everyone}
    known = {one: _on_roster(one, roster) for one in everyone}
    return {one: learner for one, learner in known.items() if learner is not None}


def _on_roster(person: Person, roster: Directory) -> str | None:
    """Return the id of a person on the roster: they may stand there by their text, its last part, or their name."""
    texts = (person.text, re.split("[/:]", person.text)[-1], tidy_name(person.name))
    return next((learner for text in texts if (learner := roster.find(text))), None)


def _placed(
    file: FileEntries, context: Context, columns: Mapping[str, str], ids: Mapping[Person, str], found: Found
) -> pl.DataFrame:
    """Sift what one file tells; return the rows that are left, with their place."""
    raw = _as_raw_table(file, columns, ids)
    headers = {**columns, **{name: f"_{name}" for name in _EXTRA}}
    screen = Screen(raw, replace(context.options, date_format=None), headers)
    screen.reject(
        (pl.col("time") != "") & ~pl.col("time").str.contains(_ISO),
        "bad_time",
        "time",
        lambda value: gettext('"{value}" is not a time as ISO 8601 has it.', value=value),
        gettext("It is written as 2026-07-20T09:30:00Z."),
    )
    screen.times("time", lambda: ())
    screen.names("goal_id")
    _reject_strangers(screen, context)
    _name_goals(screen, context)
    found.rows_read[file.raw.place] = screen.raw.rows_read
    found.problems += screen.problems
    rows = screen.placed().drop("learner_id", "alone")
    return rows.with_columns(pl.col("time").cast(TIME), *nothing_if_empty(rows, ["goal_id", "title", "strand"]))


_EXTRA: Mapping[str, pl.DataType] = {
    "event": pl.String(),
    "title": pl.String(),
    "strand": pl.String(),
    "team": pl.String(),
    "minutes": pl.Float64(),
    "chosen_by": pl.String(),
    "alone": pl.Boolean(),
}


def _as_raw_table(file: FileEntries, columns: Mapping[str, str], ids: Mapping[Person, str]) -> RawTable:
    """Return what a file tells as a table; in place of a learner, the first person whom nobody knows."""
    entries = file.entries
    strangers = ((p for p in entry.people() if p not in ids) for entry in entries)
    cells: dict[str, list[Any]] = {
        columns["time"]: [entry.time for entry in entries],
        columns["goal_id"]: [entry.goal for entry in entries],
        columns["learner_id"]: [next((person.text for person in some), "") for some in strangers],
    }
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String()))
    extra = {
        f"_{name}": pl.Series([getattr(one, name) for one in entries], dtype=dtype)
        for name, dtype in _EXTRA.items()
        if name != "alone"
    }
    extra["_alone"] = pl.Series([_is_alone(entry, ids) for entry in entries], dtype=pl.Boolean)
    frame = frame.with_columns(**extra, **{ROW: pl.Series([one.row for one in entries], dtype=pl.Int64)})
    header = tuple(name for name in frame.columns if name != ROW)
    return RawTable(file.raw.file, None, header, 0, frame, (*file.raw.problems, *file.problems))


def _is_alone(entry: Entry, ids: Mapping[Person, str]) -> bool:
    """Tell whether all that a record tells is that somebody was together with themselves."""
    by_itself = entry.event is None and not entry.team
    return by_itself and len({ids.get(person) for person, _ in entry.participants}) < 2


def _reject_strangers(screen: Screen, context: Context) -> None:
    known = context.learners
    screen.reject(
        pl.col("learner_id") != "",
        UNKNOWN_LEARNER.code,
        "learner_id",
        UNKNOWN_LEARNER.say,
        lambda value: Advice(UNKNOWN_LEARNER.hint, known.likely(value) if known else None),
    )
    screen.reject(
        pl.col("alone"),
        "self_collaboration",
        "learner_id",
        lambda _: gettext("This record names one and the same person on both sides."),
        gettext("Nothing needs to be done."),
    )


def _name_goals(screen: Screen, context: Context) -> None:
    """Name goals as the catalogue does, by their id or their title."""
    goals = context.goals
    if goals is not None:
        pairs = screen.frame.select("goal_id", "title").unique().iter_rows()
        called = {one: by for one, title in pairs if not goals.find(one) and (by := goals.find(title or ""))}
        screen.put(pl.col("goal_id").replace(called))
    name_goals(screen, context.goals)


def _exploded(
    files: Sequence[FileEntries],
    ids: Mapping[Person, str],
    who: Callable[[Entry], Iterable[tuple[Person, str | None]]],
) -> pl.DataFrame:
    """Return `file, row, learner_id, role`: one row for each person of each record."""
    rows = [
        (file.raw.file, entry.row, ids[person], role)
        for file in files
        for entry in file.entries
        for person, role in who(entry)
        if person in ids
    ]
    schema = {"file": pl.String(), "row": pl.Int64(), "learner_id": pl.String(), "role": pl.String()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique(["file", "row", "learner_id"], keep="first", maintain_order=True)


def _episodes(together: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each participant of each episode of two or more, at the first record that tells of them."""
    each = (
        _keyed(together)
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.col("time").min(),
            pl.col("minutes").max(),
            pl.col("goal_id", "row", "file", "sheet").first(),
            pl.col("role", "chosen_by").drop_nulls().first(),
        )
    )
    several = each.filter(pl.len().over("_key") > 1)
    name = pl.format("{}:{}", "file", "row").first().over("_key")
    return several.with_columns(episode_id=name).drop("_key")


def _keyed(together: pl.DataFrame) -> pl.DataFrame:
    """Say of each row which episode it belongs to."""
    own = pl.format("{}:{}", "file", "row")
    day = pl.when(pl.col("event").is_not_null()).then(pl.col("time").dt.date().cast(pl.String))
    of_team = pl.concat_str("team", pl.col("goal_id").fill_null(""), day.fill_null(""), separator="\x1f")
    return together.with_columns(_key=pl.when(pl.col("team") == "").then(own).otherwise(of_team))


def _without_partner(together: pl.DataFrame, found: Found, columns: Mapping[str, str]) -> list[Problem]:
    """List the records that tell of a team and no event, where nobody else, or the same learner, is in it."""
    joining = _keyed(together).filter(pl.col("event").is_null())
    loaded = pl.concat([frame.select("file", "row") for frame in found.tables.get("collaborations", [])] or [_NOWHERE])
    left = joining.with_columns(_size=pl.col("learner_id").n_unique().over("_key")).join(
        loaded, on=["file", "row"], how="anti", maintain_order="left"
    )
    problems = []
    for row in left.unique(["file", "row"], maintain_order=True).iter_rows(named=True):
        alone = row["_size"] < 2
        code = "missing_partner" if alone else "duplicate_participant"
        text = (
            gettext("Nobody else is told of in this team.")
            if alone
            else gettext("This learner is in this team already.")
        )
        place = {"file": row["file"], "row": row["row"], "column": columns["learner_id"], "value": row["learner_id"]}
        problems.append(Problem(code, text, gettext("Nothing needs to be done."), **place))
    return problems


_NOWHERE = pl.DataFrame(schema={"file": pl.String(), "row": pl.Int64()})


def _derive_learners_and_goals(
    files: Sequence[FileEntries], ids: Mapping[Person, str], rows: pl.DataFrame, found: Found
) -> None:
    """Add the learners and goals that the records tell of, each with the first name that one of them has."""
    named: dict[str, str] = {}
    for person in dict.fromkeys(person for file in files for person in file.people()):
        if person in ids and person.name:
            named.setdefault(ids[person], person.name)
    learners = [(learner, named.get(learner)) for learner in dict.fromkeys(ids.values())]
    schema = {"learner_id": pl.String(), "name": pl.String()}
    here = pl.DataFrame(learners, schema=schema, orient="row")
    found.derive("learners", here.filter(pl.col("learner_id").is_in(_loaded(found).implode())))
    goals = rows.filter(pl.col("goal_id").is_not_null()).group_by("goal_id", maintain_order=True)
    found.derive("goals", goals.agg(pl.col("title", "strand").drop_nulls().first()))


def _loaded(found: Found) -> pl.Series:
    frames = [frame["learner_id"] for frames in found.tables.values() for frame in frames]
    return pl.concat(frames) if frames else pl.Series([], dtype=pl.String)


_SCHEME = re.compile(r"https?://(?:www\.)?")

_PARTS = re.compile(r"[/#:]")


class Meanings:
    """What names mean: an event, or the role of who did it.

    The meaning of `*/part` holds for every name that ends so. The options' `words` say what names mean, by whole names
    or their last part; None leaves such records out.

    >>> meanings = Meanings({"http://a.org/verbs/met": "met"}, Options(words={"tried": "worked"}), "verb")
    >>> meanings.of("https://www.a.org/verbs/met/"), meanings.of("http://b.org/tried"), meanings.said("http://b.org/tried")
    ('met', 'worked', True)
    """

    def __init__(self, known: Mapping[str, str], options: Options, column: str) -> None:
        self._known = {_without_scheme(name): meaning for name, meaning in known.items()}
        given = options.words.items()
        self._given = {_without_scheme(name): meaning for name, meaning in given if meaning in (None, *EVENTS, *ROLES)}
        self._options, self._column = options, column
        self._found: dict[str, tuple[str | None, bool, bool]] = {}
        self._near: dict[str, str | None] = {}
        self._words = {_PARTS.split(word)[-1] for word in (*self._given, *self._known)}

    def of(self, name: str) -> str:
        """Return what a name means; raise `Unfit` where it means nothing, or is to be left out."""
        if not name:
            text, hint = gettext("This record does not say what happened."), gettext("Nothing needs to be done.")
            raise Unfit("missing_event", text, hint, self._column)
        meaning, known, _ = self._look_up(name)
        if not known:
            text = gettext('"{name}" tells nothing that we know of a learner and a goal.', name=name)
            hint = doing_hint(name, self._options).replace("such rows", "such records")
            raise Unfit("unknown_word", text, hint, self._column, name, self._likely(name))
        if meaning is None:
            raise Unfit(
                "left_out",
                why_left_out(name, self._options),
                gettext("Give it a meaning to load them."),
                self._column,
                name,
            )
        return meaning

    def said(self, name: str) -> bool:
        """Tell whether the caller says what a name means."""
        return self._look_up(name)[2]

    def asked(self, name: str, choices: Iterable[str]) -> str:
        """Return how the caller says which of some meanings a name has."""
        return asked(name, choices, self._options)

    def _look_up(self, name: str) -> tuple[str | None, bool, bool]:
        """Return the meaning, whether there is one, and whether it is the caller's."""
        if name not in self._found:
            plain = _without_scheme(name)
            last = _PARTS.split(plain)[-1]
            said = next((word for word in (plain, last) if word in self._given), None)
            known = next((word for word in (plain, f"*/{last}") if word in self._known), None)
            meaning = self._given[said] if said is not None else self._known.get(known or "")
            self._found[name] = meaning, said is not None or known is not None, said is not None
        return self._found[name]

    def _likely(self, name: str) -> str | None:
        """Return the name that was probably meant; it is looked for once, however many records have it."""
        if name not in self._near and len(self._near) < MOST_UNKNOWN:
            self._near[name] = likely(_PARTS.split(_without_scheme(name))[-1], self._words)
        return self._near.get(name)


def _without_scheme(name: str) -> str:
    """Return a name without what two spellings of it differ in."""
    return _SCHEME.sub("", name.strip()).rstrip("/").casefold()
