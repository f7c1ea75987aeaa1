"""Moodle's download of a course log (*Reports > Logs*), of one course or of the site, and tables made from it.

An activity of the course is a goal; its kind (`File`, `Assignment`, ...) is the strand. The course page itself is an
activity too, of the strand `Course`, so that no row is lost: leave it out with the strand. What a row means follows
from its event name; `words` says it of names that are not known here, or otherwise.

Moodle translates its headers. Those that are not in English are named, with what they mean by the place where they
stand, and `headers` says it.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from ....errors import MissingColumnError, likely
from ....language import chained, gettext, translatable
from ....problems import Advice
from ....schema import EVENTS
from ...clean.headers import english, saying
from ...clean.names import name_goals, name_learners
from ...clean.roster import Directory
from ...clean.screen import TIME, Screen
from ...clean.values import why_left_out
from ...clean.vocabulary import doing_hint, turns_round
from ...files.raw import RawTable, folded
from ...options import Options
from ..reader import Context, Found, Reader
from .events import COMPLETIONS, MEANING, belongs_to_another
from .events import described as meaning_described
from .people import (
    EDITING_EVENTS,
    describes_people,
    find_people,
    leave_out_staff,
    origin_in,
    put_learners,
    remark_staff,
)

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timecreated", "time created"),
    "learner_id": ("user full name", "user", "userid", "user id"),
    "affected": ("affected user", "related user"),
    "goal_id": ("event context",),
    "event": ("event name",),
    "description": ("description",),
    "origin": ("origin",),
    "role": ("role", "roles", "user role"),
    "course": ("course",),
}
"""The headers of the download, folded, and those of tables made from it. Others are not needed."""

_NEEDED = ("time", "learner_id", "goal_id", "event")
"""The columns that a log must have."""

_PLACES = ("time", "learner_id", "affected", "goal_id", "component", "event", "description", "origin", "ip")
"""What the columns of the download hold; of the whole site, the course stands before them."""

_ACTIVITY = r"^([^:]+?)\s*:"

_SAMPLE = 200

_NO_ACTIVITY = ("", "-", "system", "core system", "site", "front page")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is Moodle's log, perhaps one whose headers are translated."""
    present = set(raw.columns_among(_HEADERS))
    return set(_NEEDED) <= present or {"event", "description"} <= present or _description_in(raw) is not None


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read Moodle's logs."""
    found = Found()
    screens = [_screen(raw, context.options) for raw in raws]
    courses = {course for screen in screens if screen.has("course") for course in screen.frame["course"]}
    for screen in screens:
        _read_one(screen, context, found, several=len(courses) > 1)
    return found


def _screen(raw: RawTable, options: Options) -> Screen:
    headers = raw.columns_among(_HEADERS)
    described = headers.get("description")
    nameless = described is not None and describes_people(raw.frame[described].head(_SAMPLE))
    _require(raw, headers, [column for column in _NEEDED if column != "learner_id" or not nameless], options)
    origin = origin_in(raw)
    screen = Screen(raw, options, {**({"origin": origin} if origin else {}), **headers})
    screen.put_empty({"learner_id": english(_HEADERS, "learner_id")})
    return screen


def _description_in(raw: RawTable) -> str | None:
    """Return the header of the descriptions, which Moodle does not translate, if they stand where its log has them."""
    extra = len(raw.header) - len(_PLACES)
    if extra not in (0, 1):
        return None
    header = raw.header[_PLACES.index("description") + extra]
    return header if describes_people(raw.frame[header].head(_SAMPLE)) else None


def _require(raw: RawTable, present: Mapping[str, str], needed: Sequence[str], options: Options) -> None:
    absent = [column for column in needed if column not in present]
    if not absent:
        return
    others = [one for one in ("affected", "description", "origin") if one not in present and _description_in(raw)]
    meant = {
        english(_HEADERS, name): header for name in (*absent, *others) if (header := _probably(raw, name, present))
    }
    named = chained("{one} or {other}", [f'"{english(_HEADERS, column)}"' for column in absent])
    text = gettext("{raw} has no column {named}, as Moodle's log in English has.", raw=raw, named=named)
    raise MissingColumnError(
        gettext(
            "{text}{saying} Its columns are: {names}.",
            text=text,
            saying=saying(meant, options),
            names=", ".join(raw.header),
        )
    )


def _probably(raw: RawTable, column: str, present: Mapping[str, str]) -> str | None:
    """Return the header that probably stands for a column: the one in its place, if it stands for nothing else."""
    extra = len(raw.header) - len(_PLACES)
    header = raw.header[_PLACES.index(column) + extra] if extra in (0, 1) else None
    free = [one for one in raw.header if one not in present.values()]
    return header if header in free else likely(english(_HEADERS, column), free)


def _read_one(screen: Screen, context: Context, found: Found, *, several: bool) -> None:
    found.rows_read[screen.raw.place] = screen.raw.rows_read
    screen.times("time", context.columns_of(screen.raw.file), in_order=True)
    people = find_people(screen)
    screen.put(_name=pl.col("learner_id"), _of_another=_is_of_another(screen))
    put_learners(screen, people, pl.col("_of_another"))
    leave_out_staff(screen, people)
    _understand_events(screen)
    _require_learners(screen, context.learners)
    remark_staff(screen, people)
    screen.names("learner_id", "goal_id")
    name_learners(screen, context.learners)
    _put_goals(screen, several=several)
    goals = screen.frame.select("goal_id", pl.col("goal_id").alias("title"), "strand")
    found.derive("goals", goals.unique("goal_id", keep="first", maintain_order=True))
    name_goals(screen, context.goals)
    events = screen.placed().select(pl.col("time").cast(TIME), "learner_id", "goal_id", "event", "row", "file", "sheet")
    found.add("events", events)
    found.problems += screen.problems


def _is_of_another(screen: Screen) -> pl.Expr:
    """Tell which rows are those of the user whom they affect, and not of the one who acted."""
    by_name = pl.col("event").is_in([name for name in _names(screen) if folded(name) in COMPLETIONS])
    return by_name | belongs_to_another() if screen.has("description") else by_name


def _names(screen: Screen) -> list[str]:
    return screen.frame["event"].unique().to_list()


def _understand_events(screen: Screen) -> None:
    """Put in `event` what each name means, else the description; list the others."""
    given = {folded(word): meaning for word, meaning in screen.options.words.items() if meaning in (*EVENTS, None)}
    known = {**MEANING, **given}
    names = {name: folded(name) for name in _names(screen)}
    left = [name for name, plain in names.items() if plain in known and known[plain] is None]
    say, hint = partial(why_left_out, options=screen.options), gettext("Give the event a meaning to load them.")
    screen.reject(pl.col("event").is_in(left), "left_out", "event", say, hint)
    meant = {name: known.get(plain) for name, plain in names.items()}
    by_name = pl.col("event").replace_strict(meant, return_dtype=pl.String, default=None)
    screen.put(_meant=pl.coalesce(by_name, meaning_described()) if screen.has("description") else by_name)
    screen.reject(
        pl.col("_meant").is_null(),
        "unknown_word",
        "event",
        lambda name: gettext('The event "{name}" tells nothing that we know of a learner and a goal.', name=name),
        lambda name: _hint(name, known, screen.options),
    )
    screen.put(event=pl.col("_meant"))


def _hint(name: str, known: Mapping[str, str | None], options: Options) -> Advice:
    if folded(name) in EDITING_EVENTS:
        return Advice(gettext("Nothing needs to be done: it is about the course, and not about what somebody learns."))
    near = likely(folded(name), known)
    return Advice(doing_hint(name, options), None if near and turns_round(name, near) else near)


def _require_learners(screen: Screen, roster: Directory | None) -> None:
    known = [name for name in screen.frame["_name"].unique().to_list() if roster and roster.find(name)]
    screen.reject(
        pl.col("_name").str.contains(" as ", literal=True) & ~pl.col("_name").is_in(known),
        "acted_as",
        "learner_id",
        lambda value: gettext(
            'Someone was logged in for another here ("{value}"): this is no doing of the learner.', value=value
        ),
        gettext("Nothing needs to be done."),
    )
    screen.missing(
        "learner_id",
        "missing_learner",
        gettext("This row has no name, and its description no number of a user."),
        gettext("Download the log with names, or leave it out."),
    )


def _put_goals(screen: Screen, *, several: bool) -> None:
    """Make activities goals; where there are several courses, the course stands before what it calls them."""
    plain = pl.col("goal_id").str.to_lowercase()
    screen.reject(
        plain.is_in(_NO_ACTIVITY) | plain.str.starts_with("user:") | plain.str.starts_with("category:"),
        "missing_goal",
        "goal_id",
        lambda value: gettext('"{value}" is no activity of a course, so this row has no goal.', value=value),
        gettext("Nothing needs to be done."),
    )
    goal = pl.col("goal_id")
    if several and screen.has("course"):
        goal = pl.concat_str("course", "goal_id", separator=" / ")
    screen.put(goal_id=goal, strand=pl.coalesce(pl.col("goal_id").str.extract(_ACTIVITY), "goal_id"))


READER = Reader(
    name="moodle",
    what="*Reports > Logs* of Moodle, of a course or of the site",
    called=translatable("Moodle's log"),
    headers=_HEADERS,
    needed=_NEEDED,
    translated=range(len(_PLACES), len(_PLACES) + 2),
    recognise=recognise,
    read=read,
)
