"""Events of Caliper Analytics 1.1 and 1.2 (1EdTech), by themselves or in the envelopes of a sensor.

Who: the actor, where that is a person who is not there as a teacher (`membership.roles`); of a grade the assignee of
the attempt that was graded. A goal is the object of the event (of a grade, what the attempt was at; of a message, its
thread): its name is the title, its type the strand. Any of them may be its bare IRI; a name that another event or an
entity of the same files tells is used then. When: `eventTime`.

What an event means goes by its type and action. `words` says it of others, or otherwise, by `AssessmentEvent/Submitted`
or by the action alone: `words={"Submitted": "met"}`.

==========  =========================================================================================================
meaning     events
==========  =========================================================================================================
`set`       AssignableEvent Activated
`started`   any Started or Launched
`worked`    annotations, feedback, forums, media, messages, navigation, reading, searches, threads, views, a tool used,
            files made or changed; Submitted, Paused, Resumed, Restarted, Reviewed, Reset, Skipped; Completed of an item
`met`       Completed; a grade of the full score (any other grade is work: Caliper has no pass mark)
==========  =========================================================================================================

Working together: a group as actor or as `group` (with members), Blackboard's `bb:group.users`, those with whom an
annotation is shared, those whose work is commented on; and, standing for it, those who write in one thread on a day, or
answer one another. Blackboard's CourseGroupEvent is an episode of its members that somebody else chose, unless the
actor is one of them.

Entities (people, courses, scores, ...) are no events: they are listed. So are sessions, and an event sent twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ....language import gettext, translatable
from ...clean.screen import tidy_name
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
    read_entries,
    text_of,
)

_COLUMNS = {"time": "eventTime", "learner_id": "actor", "goal_id": "object"}

_NOTHING = translatable("Nothing needs to be done.")

_ANY = (
    "Accepted Bookmarked ChangedResolution ChangedSize ChangedSpeed ChangedVolume Classified ClosedPopout Commented "
    "DisabledClosedCaptioning EnabledClosedCaptioning Ended EnteredFullScreen ExitedFullScreen ForwardedTo Highlighted "
    "Identified JumpedTo Liked MarkedAsRead MarkedAsUnread Muted NavigatedTo OpenedPopout Paused Posted Questioned "
    "Ranked Recommended Replied Reset Restarted Resumed Reviewed Rewound Searched Shared Skipped Submitted Subscribed "
    "Tagged Unmuted Unsubscribed Used Viewed Disliked Declined OptedIn OptedOut Described Graded "
    "Created Modified Copied Downloaded Uploaded Printed Retrieved Saved Added Attached Linked"
)

ACTIONS: Mapping[str, str] = {
    **{f"*/{action}": "worked" for action in _ANY.split()},
    **{f"*/{action}": "started" for action in ("Started", "Launched")},
    "*/Completed": "met",
    "AssessmentItemEvent/Completed": "worked",
    "QuestionnaireItemEvent/Completed": "worked",
    "AssignableEvent/Activated": "set",
}
"""What events mean, by `<type>/<action>`, or by the action whatever the type."""

_TEACHERS = {
    "Administrator", "AidInstructor", "Assistant", "ContentDeveloper", "Grader", "GuestInstructor", "Instructor",
    "Manager", "Mentor", "Officer", "PrimaryInstructor", "SecondaryInstructor", "TeachingAssistant",
}  # fmt: skip


def recognise(raw: RawRecords, _context: Context) -> bool:
    """Tell whether there are events or entities of Caliper among the records."""
    return any("eventTime" in record or "caliper" in str(record.get("@context")) for record in raw.records)


def read(raws: Sequence[RawRecords], context: Context) -> Found:
    """Read events."""
    meanings = Meanings(ACTIONS, context.options, "action")
    known = _Known(raws)
    return read_entries([_entries(raw, meanings, known) for raw in raws], context, _COLUMNS)


def _entries(raw: RawRecords, meanings: Meanings, known: "_Known") -> FileEntries:
    def read_one(event: JsonRecord, row: int) -> Entry:
        known.check(event, raw.file, row)
        return _entry(event, row, meanings, known)

    return entries_of(raw, read_one)


class _Known:
    """What the other records tell: who teaches, what entities are called, who wrote a message, and what was read."""

    def __init__(self, raws: Sequence[RawRecords]) -> None:
        records = [record for raw in raws for record in raw.records]
        self.teachers = {_id(record.get("actor")) for record in records if _teaching(record)}
        self.names: dict[str, str] = {}
        self.authors: dict[str, Person] = {}
        self._read: dict[tuple[str, ...], tuple[int, str]] = {}
        for record in records:
            for entity in (record, *(record.get(part) for part in ("actor", "object", "target"))):
                if _id(entity) and (name := text_of(inside(entity, "name"))):
                    self.names.setdefault(_id(entity), name)
            if _type(record) == "MessageEvent":
                self.authors.setdefault(_id(record.get("object")), self.person(record.get("actor")))

    def person(self, entity: Any) -> Person:
        """Return a person, by the IRI; one without a text where there is none."""
        return Person("", _id(entity), tidy_name(text_of(inside(entity, "name")) or self.names.get(_id(entity), "")))

    def learners(self, entities: Iterable[Any]) -> list[Person]:
        """Return those who are people and do not teach, each once."""
        people = dict.fromkeys(self.person(entity) for entity in entities)
        return [person for person in people if person.text and person.text not in self.teachers]

    def check(self, event: JsonRecord, file: str, row: int) -> None:
        """Raise `Unfit` for an event that was read before."""
        key = (_id(event), _type(event), _action(event), _id(event.get("actor")), text_of(event.get("eventTime")))
        if key[0] and key[-1] and key in self._read:
            first, there = self._read[key]
            text = gettext(
                "This is the same event as row {first} of {there}: it has the same id, actor, action and time.",
                first=first,
                there=there,
            )
            raise Unfit("duplicate_event", text, _NOTHING, "id", key[0])
        self._read[key] = row, file


def _teaching(event: JsonRecord) -> str:
    """Return what the actor is there as, where that is no learner."""
    roles = {text_of(role).rsplit("#", 1)[-1] for role in listed(inside(event, "membership", "roles"))}
    return ", ".join(sorted(roles)) if roles & _TEACHERS and "Learner" not in roles else ""


def _entry(event: JsonRecord, row: int, meanings: Meanings, known: _Known) -> Entry:
    kind, action = _type(event), _action(event)
    if "eventTime" not in event and not action:
        text = gettext("This is no event but an entity ({kind}).", kind=kind or gettext("of no type"))
        raise Unfit("no_event", text, _NOTHING, "type", kind)
    if kind == "CourseGroupEvent":
        return _grouping(event, row, known)
    name = f"{kind}/{action}" if action else ""
    if kind == "SessionEvent" and not meanings.said(name):
        raise Unfit("missing_goal", gettext("This tells of a session, and of no goal."), _NOTHING, "type", kind)
    meaning = meanings.of(name)
    if kind == "GradeEvent":
        return _grade(event, row, meaning if meanings.said(name) else _by_score(meaning, event), known)
    return _event(event, row, meaning, known)


def _event(event: JsonRecord, row: int, meaning: str, known: _Known) -> Entry:
    learners = _learners(event, known)
    thread = _thread(event)
    goal, title, strand = _goal(thread or event.get("object"), known)
    entry = Entry(row, text_of(event.get("eventTime")), goal, title, strand, meaning, learners)
    others = [other for other in known.learners(_others(event, known)) if other not in learners]
    entry.team = "" if others else goal if thread else _id(event.get("actor")) if len(learners) > 1 else ""
    if others or entry.team:
        entry.participants = [(one, "peer") for one in (*learners, *others)]
    return entry


def _grade(event: JsonRecord, row: int, meaning: str, known: _Known) -> Entry:
    """Tell of a grade: the learner is whose attempt it is, and the goal what the attempt was at."""
    attempt = event.get("object")
    learner = known.person(inside(attempt, "assignee"))
    if not learner.text:
        hint = gettext("A grade is of an attempt, and an attempt has an assignee.")
        raise Unfit("missing_learner", gettext("This grade does not say whose attempt it is of."), hint, "object")
    goal, title, strand = _goal(inside(attempt, "assignable"), known)
    return Entry(row, text_of(event.get("eventTime")), goal, title, strand, meaning, [learner])


def _by_score(meaning: str, event: JsonRecord) -> str:
    given, most = (inside(event, "generated", score) for score in ("scoreGiven", "maxScore"))
    full = isinstance(given, int | float) and isinstance(most, int | float) and given >= most > 0
    return "met" if full else meaning


def _grouping(event: JsonRecord, row: int, known: _Known) -> Entry:
    """Tell of a group that was made or changed."""
    if _action(event) not in ("Created", "Modified"):
        text = gettext("A group was dissolved here: nobody worked together.")
        raise Unfit("left_out", text, _NOTHING, "action", _action(event))
    members = known.learners(_members(event))
    if len(members) < 2:
        text = gettext(
            "This group has one member: nobody worked together."
            if members
            else "This group has no members: nobody worked together."
        )
        raise Unfit("missing_partner", text, _NOTHING, "extensions")
    chosen_by = "learner" if known.person(event.get("actor")) in members else "teacher"
    participants = [(member, "peer") for member in members]
    return Entry(row, text_of(event.get("eventTime")), participants=participants, chosen_by=chosen_by)


def _learners(event: JsonRecord, known: _Known) -> list[Person]:
    """Return who did it: the actor, or the members of a group."""
    actor = event.get("actor")
    if not _id(actor):
        raise Unfit(
            "missing_learner",
            gettext("This event has no actor."),
            gettext("An event has an actor with an id."),
            "actor",
        )
    if _type(actor) == "SoftwareApplication":
        raise Unfit("not_a_learner", gettext("A program did this, and no learner."), _NOTHING, "actor", _id(actor))
    if role := _teaching(event):
        raise Unfit(
            "not_a_learner",
            gettext("This was done by somebody who is there as {role}.", role=role),
            _NOTHING,
            "actor",
            _id(actor),
        )
    return known.learners(_member(member) for member in listed(inside(actor, "members"))) or [known.person(actor)]


def _others(event: JsonRecord, known: _Known) -> Iterator[Any]:
    """Yield those who were in it too."""
    yield from _members(event)
    for part in ("generated", "object"):
        yield from listed(inside(event, part, "withAgents"))
    if _type(event) in ("FeedbackEvent", "MessageEvent"):
        yield from listed(inside(event, "object", "creators"))
        yield from listed(inside(event, "object", "replyTo", "creators"))
    answered = known.authors.get(_id(inside(event, "object", "replyTo")))
    if answered is not None:
        yield answered.text


def _members(event: JsonRecord) -> Iterator[Any]:
    """Yield the members of the group in which it was done, as the standard or as Blackboard has it."""
    groups = [part for part in (event.get("group"), event.get("object")) if _type(part) == "Group"]
    for place in (event, *groups):
        for user in listed(inside(place, "extensions", "bb:group.users")):
            yield inside(user, "id") or inside(user, "batchUId") or user
    for group in groups:
        yield from (_member(member) for member in listed(inside(group, "members")))


def _member(member: Any) -> Any:
    """Return the person who is a member; the member may also be a membership."""
    return inside(member, "member") or member


def _thread(event: JsonRecord) -> Any:
    """Return the thread in which a message was written."""
    if _type(event) != "MessageEvent":
        return None
    return inside(event, "object", "isPartOf") or event.get("object")


def _goal(entity: Any, known: _Known) -> tuple[str, str, str]:
    goal = tidy_name(_id(entity))
    if not goal:
        raise Unfit(
            "missing_goal",
            gettext("This event has no object with an id."),
            gettext("An event has an object."),
            "object",
        )
    return goal, text_of(inside(entity, "name")) or known.names.get(goal, ""), _type(entity)


def _id(entity: Any) -> str:
    """Return the IRI of an entity, which may be all that there is of it."""
    return text_of(entity) or text_of(inside(entity, "id")) or text_of(inside(entity, "@id"))


def _type(entity: Any) -> str:
    kind = text_of(inside(entity, "type")) or text_of(inside(entity, "@type"))
    return kind.rsplit("/", 1)[-1]


def _action(event: JsonRecord) -> str:
    return text_of(event.get("action")).rsplit("#", 1)[-1]


READER = Reader(
    name="caliper",
    what="events of Caliper 1.1 and 1.2, in envelopes or not, as JSON or JSON lines",
    recognise=recognise,
    read=read,
    takes=RawRecords,
)
