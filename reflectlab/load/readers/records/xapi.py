"""Statements of the Experience API (xAPI), as a learning record store exports them.

Who: the actor, known by `account`, `mbox`, `mbox_sha1sum`, `openid` or, where there is none of these, by name. A goal
is the activity that a statement is about: its name is the title, the kind of activity the strand. When: `timestamp`,
else `stored`.

What a verb means goes by its IRI, never by what it is displayed as; `words` says it of verbs that are not known here,
or otherwise, by the IRI or its last part: `words={"skipped": "dropped", "http://example.org/verbs/thanked": None}`.

=====================  ==============================================================================================
meaning                verbs
=====================  ==============================================================================================
`set`                  registered (a plan; the work has not begun)
`started`              initialized, attempted, launched, start (Activity Streams)
`worked`               progressed, interacted, experienced, answered, commented, attended, shared, resumed, suspended,
                       terminated, exited, viewed, accessed, downloaded, selected, played, paused, seeked, posted,
                       edited, voted, navigated, evaluated, ...
`met`                  mastered, passed, completed, satisfied, waived, earned
`stuck`                failed; and what would be worked or met where `result.success` is false
`reopened`             uncompleted
`dropped`              unregistered
helper                 mentored, tutored, helped: the actor supported the Agent who is the object
seeker                 asked: the actor sought help from the Agent who is the object; of an activity (a hint, a
                       solution) it is work
=====================  ==============================================================================================

What the caller says of a verb holds whatever its result. Else success, completion, score and grade count: `completed`
with `result.completion` false is work; `progressed` with it true is met; what was attempted is met where it succeeded,
and else work; `evaluated` is met with success or a full score, stuck without success; `earned` is met with success, a
passing grade, a full score or no result at all, and else work. Where nothing could be scored, success tells nothing.

Statements of Open edX: the goal is the key of its block or course, whatever address it stands in, so that they and the
tracking log tell of the same goals; one on a question of a problem is listed, as the one on the problem tells of it.

Working together: a Group as actor is everyone in it, and an episode; so is a `context.team`, with the actor. Statements
of one team on one goal and day are one episode. Support is an episode of its own, on the activity in
`context.contextActivities` (parent, else grouping, else other).

Statements that were voided, and those that void, are listed; so are a second statement with the same id, those about
another statement (StatementRef) and those that tell what is meant to happen (SubStatement).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ....language import chained, gettext, translatable
from ....schema import EVENTS, ROLES
from ...clean.screen import tidy_name
from ...clean.values import OTHER_ROLE
from ...files.json import RawRecords
from ..reader import Context, Found, Reader
from .entries import (
    Entry,
    FileEntries,
    JsonRecord,
    Meanings,
    Person,
    Unfit,
    entries_of,
    inside,
    listed,
    minutes_lasting,
    read_entries,
    text_of,
)
from .openedx import PART, THREAD, goal_key
from .xapi_results import by_result

_COLUMNS = {"time": "timestamp", "learner_id": "actor", "goal_id": "object"}

_PARTS = ("actor", "verb", "object")

_VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_ABOUT = ("parent", "grouping", "other")

_NOTHING = translatable("Nothing needs to be done.")

_ADL = "http://adlnet.gov/expapi/verbs/", "https://w3id.org/xapi/adl/verbs/"

_TINCAN = ("http://id.tincanapi.com/verb/",)

_STREAMS = ("http://activitystrea.ms/schema/1.0/", "http://activitystrea.ms/")

_VIDEO = ("https://w3id.org/xapi/video/verbs/",)

_MOODLE = ("http://vocab.xapi.fr/verbs/",)

_ACROSS = ("https://w3id.org/xapi/acrossx/verbs/",)

_OPENEDX = ("https://w3id.org/xapi/openedx/verb/",)

_DOD = ("https://w3id.org/xapi/dod-isd/verbs/",)

VERBS: Mapping[str, str] = {
    prefix + verb: meaning
    for prefixes, meaning, verbs in (
        (_ADL, "set", "registered"),
        (_ADL, "started", "initialized attempted launched"),
        (
            _ADL,
            "worked",
            "progressed interacted experienced answered commented attended shared resumed suspended terminated exited "
            "selected imported responded",
        ),
        (_ADL, "met", "mastered passed completed satisfied waived"),
        (_ADL, "stuck", "failed"),
        (_ADL, "seeker", "asked"),
        (_ADL + _TINCAN, "helper", "mentored tutored helped"),
        (
            _TINCAN,
            "worked",
            "viewed accessed downloaded previewed watched read reviewed practiced focused paused resumed",
        ),
        (_TINCAN, "met", "earned"),
        (_STREAMS, "started", "start"),
        (_STREAMS, "worked", "access accessed open read watch listen play use author create submit update"),
        (_STREAMS, "met", "complete achieve"),
        (_VIDEO, "worked", "played paused seeked"),
        (_MOODLE, "met", "marked-completion"),
        (_TINCAN, "dropped", "unregistered"),
        (_ACROSS, "worked", "evaluated posted edited"),
        (_OPENEDX, "worked", "voted"),
        (_DOD, "worked", "navigated"),
        (("*/",), "reopened", "uncompleted"),
    )
    for prefix in prefixes
    for verb in verbs.split()
}
"""What verbs mean, by their IRI: an event, or the role of the actor."""


def recognise(raw: RawRecords, _context: Context) -> bool:
    """Tell whether there are statements among the records."""
    return any(all(part in record for part in _PARTS) for record in raw.records)


def read(raws: Sequence[RawRecords], context: Context) -> Found:
    """Read statements."""
    meanings = Meanings(VERBS, context.options, "verb")
    seen = _Seen(raws)
    return read_entries([_entries(raw, meanings, seen) for raw in raws], context, _COLUMNS)


def _entries(raw: RawRecords, meanings: Meanings, seen: "_Seen") -> FileEntries:
    def read_one(statement: JsonRecord, row: int) -> Entry:
        verb = _verb(statement)
        seen.check(statement, verb, raw.file, row)
        return _entry(statement, verb, row, meanings)

    return entries_of(raw, read_one)


class _Seen:
    """The statements that were voided, and those that have been read."""

    def __init__(self, raws: Sequence[RawRecords]) -> None:
        self.voided = {
            _id(inside(statement, "object", "id"))
            for raw in raws
            for statement in raw.records
            if _verb(statement) == _VOIDED
        }
        self.read: dict[str, tuple[int, str]] = {}

    def check(self, statement: JsonRecord, verb: str, file: str, row: int) -> None:
        """Raise `Unfit` for a statement that voids, is voided, or was read before."""
        number = _id(statement.get("id"))
        if verb == _VOIDED:
            raise Unfit("voids", gettext("This statement voids another one."), _NOTHING, "verb")
        if number and number in self.voided:
            raise Unfit("voided", gettext("This statement was voided by another one."), _NOTHING, "id", number)
        if number and number in self.read:
            first, there = self.read[number]
            text = gettext(
                "This is the same statement as row {first} of {there}: it has the same id.", first=first, there=there
            )
            raise Unfit("duplicate_statement", text, _NOTHING, "id", number)
        if number:
            self.read[number] = row, file


def _id(value: Any) -> str:
    return text_of(value).lower()


def _verb(statement: JsonRecord) -> str:
    """Return the verb; in the first versions of xAPI it was a word."""
    verb = statement.get("verb")
    return text_of(verb.get("id") if isinstance(verb, dict) else verb)


def _entry(statement: JsonRecord, verb: str, row: int, meanings: Meanings) -> Entry:
    if not all(map(statement.get, _PARTS)):
        absent = [part for part in _PARTS if not statement.get(part)]
        text = gettext("This is no statement: it has no {names}.", names=chained("{one} and no {other}", absent))
        raise Unfit("no_statement", text, gettext("A statement has an actor, a verb and an object."), absent[0])
    kind = text_of(inside(statement, "object", "objectType"))
    if kind == "StatementRef":
        raise Unfit(
            "about_a_statement", gettext("This is about another statement, and not about a goal."), _NOTHING, "object"
        )
    if kind == "SubStatement":
        text = gettext("This tells what is meant to happen (a SubStatement), not what did.")
        raise Unfit("not_yet_happened", text, _NOTHING, "object")
    _refuse_part(statement)
    meaning, actors = meanings.of(verb), _actors(statement)
    if kind in ("Agent", "Group"):
        return _support(statement, verb, row, meanings, actors)
    if meaning in ROLES:
        if meanings.said(verb) or not verb.endswith("/asked") or inside(statement, "context", "team") is not None:
            return _team_support(statement, verb, row, meanings, actors)
        meaning = "worked"
    event = meaning if meanings.said(verb) else by_result(verb, meaning, statement)
    return _event(statement, verb, row, event, actors)


def _refuse_part(statement: JsonRecord) -> None:
    """Refuse a statement on a question of a problem of Open edX: there is one on the whole problem."""
    goal = text_of(inside(statement, "object", "id"))
    if "block-v1:" not in goal or not (found := PART.search(goal)):
        return
    parents = listed(inside(statement, "context", "contextActivities", "parent"))
    if any(goal_key(text_of(inside(parent, "id"))) == found[1] for parent in parents):
        text = gettext("This is about one question of a problem: the statement on the problem tells of it too.")
        raise Unfit("told_twice", text, _NOTHING, "object")


def _event(statement: JsonRecord, verb: str, row: int, event: str, actors: Sequence[Person]) -> Entry:
    """Tell what happened to the actor, or to each of a group; and with whom."""
    goal, title, strand = _activity(statement["object"])
    posted = THREAD.search(goal) if "/discussion/" in goal else None
    if posted:
        goal = next((found[1] for found in map(THREAD.search, _around(statement)) if found), posted[1])
    if not goal:
        raise Unfit(
            "missing_goal",
            gettext("The object of this statement has no id."),
            gettext("An activity has an id."),
            "object",
        )
    entry = Entry(row, _time(statement), goal, title, strand, event=event, learners=actors)
    team = inside(statement, "context", "team")
    group = statement["actor"] if is_group(statement["actor"]) else team
    if group is None and posted and verb.endswith("/posted"):
        entry.participants, entry.team = [(actor, "peer") for actor in actors], goal
    if group is not None:
        participants = dict.fromkeys([*actors, *members(team)])
        entry.participants = [(person, "peer") for person in participants]
        entry.team = team_name(group)
        entry.minutes = minutes_lasting(inside(statement, "result", "duration"))
    return entry


def _support(statement: JsonRecord, verb: str, row: int, meanings: Meanings, actors: Sequence[Person]) -> Entry:
    """Tell who supported whom: the object is a person, or several."""
    role = meanings.of(verb)
    if role not in ROLES:
        text = gettext('The object is a person, and the verb ("{verb}") does not say who helped whom.', verb=verb)
        hint = gettext("Say what the verb makes of the actor: {option}.", option=meanings.asked(verb, ROLES))
        raise Unfit("missing_goal", text, hint, "object")
    return _episode(statement, row, role, actors, agents(statement["object"], "object"), _context_goal(statement))


def _team_support(statement: JsonRecord, verb: str, row: int, meanings: Meanings, actors: Sequence[Person]) -> Entry:
    """Tell who supported the others of a team, or sought their support: the object is an activity."""
    others = [person for person in members(inside(statement, "context", "team")) if person not in actors]
    if not others:
        text = gettext("This tells of help, and does not say whose: its object is no person, and it has no team.")
        hint = gettext("If it is an event, say which: {option}.", option=meanings.asked(verb, EVENTS))
        raise Unfit("missing_partner", text, hint, "object")
    return _episode(statement, row, meanings.of(verb), actors, others, _activity(statement["object"]))


def _episode(
    statement: JsonRecord,
    row: int,
    role: str,
    actors: Sequence[Person],
    others: Sequence[Person],
    about: tuple[str, str, str],
) -> Entry:
    goal, title, strand = about
    participants = [*((one, role) for one in actors), *((one, OTHER_ROLE[role]) for one in others)]
    minutes = minutes_lasting(inside(statement, "result", "duration"))
    return Entry(row, _time(statement), goal, title, strand, participants=participants, minutes=minutes)


def _time(statement: JsonRecord) -> str:
    return text_of(statement.get("timestamp")) or text_of(statement.get("stored"))


def _activity(activity: Any) -> tuple[str, str, str]:
    """Return the id of an activity, its name, and the last part of its type."""
    told = inside(activity, "definition")
    kind = text_of(inside(told, "type")).rstrip("/")
    goal = goal_key(tidy_name(text_of(inside(activity, "id"))))
    return goal, _in_a_language(inside(told, "name")), kind.rpartition("/")[2]


def _in_a_language(names: Any) -> str:
    """Return a name that is given in several languages, in English if it is."""
    if not isinstance(names, dict):
        return text_of(names)
    first = sorted(names, key=lambda language: not language.lower().startswith("en")) if len(names) > 1 else names
    return next((text for language in first if (text := text_of(names[language]))), "")


def _around(statement: JsonRecord) -> list[str]:
    """Return the ids of the activities that a statement's activity is part of."""
    groups = (listed(inside(statement, "context", "contextActivities", about)) for about in _ABOUT)
    return [text_of(inside(activity, "id")) for group in groups for activity in group]


def _context_goal(statement: JsonRecord) -> tuple[str, str, str]:
    groups = (listed(inside(statement, "context", "contextActivities", about)) for about in _ABOUT)
    goals = (_activity(activity) for group in groups for activity in group)
    return next((goal for goal in goals if goal[0]), ("", "", ""))


def _actors(statement: JsonRecord) -> list[Person]:
    actors = agents(statement["actor"], "actor")
    if not actors:
        text = gettext('The group "{name}" is named without its members.', name=team_name(statement["actor"]))
        raise Unfit("missing_learner", text, gettext("Export the statements with the members of groups."), "actor")
    return actors


_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid")


def is_group(agent: Any) -> bool:
    """Tell whether an actor is a group."""
    return isinstance(agent, dict) and (agent.get("objectType") == "Group" or isinstance(agent.get("member"), list))


def agents(agent: Any, column: str) -> list[Person]:
    """Return who an actor is: an agent, or the members of a group; none for a group named without its members."""
    return members(agent) if is_group(agent) else [_person(agent, column)]


def members(group: Any) -> list[Person]:
    """Return the members of a group, each once."""
    return list(dict.fromkeys(_person(member, "member") for member in listed(inside(group, "member"))))


def _person(agent: Any, column: str) -> Person:
    system, text, name = _identity(agent)
    if not text:
        hint = gettext("An agent has one of: {names}, account, name.", names=", ".join(_IDENTIFIERS))
        raise Unfit("missing_learner", gettext("Somebody in this statement has nothing to be known by."), hint, column)
    return Person(system, text, name)


def _identity(agent: Any) -> tuple[str, str, str]:
    """Return in which system somebody is known, by what, and what they are called."""
    name = tidy_name(text_of(inside(agent, "name")))
    known = inside(agent, "account")
    if account := text_of(inside(known, "name")):
        return text_of(inside(known, "homePage")) or "account", tidy_name(account), name
    for identifier in _IDENTIFIERS:
        if text := text_of(inside(agent, identifier)):
            return identifier, text.removeprefix("mailto:").lower() if identifier == "mbox" else text, name
    return "name", name, name


def team_name(group: Any) -> str:
    """Return what a group is known by: its own name, or its members."""
    system, text, _ = _identity(group)
    return f"{system} {text}" if text else " + ".join(sorted(" ".join(one[:2]) for one in members(group)))


READER = Reader(
    name="xapi",
    what="statements of the Experience API (xAPI), as JSON or JSON lines",
    recognise=recognise,
    read=read,
    takes=RawRecords,
)
