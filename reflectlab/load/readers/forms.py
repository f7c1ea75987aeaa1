"""Responses to a form, of Google Forms say: a row an answer, the first column when it was sent, questions as headers.

Which question tells what is known by its words: "Which goal are you working on?" holds the goal, "Who did you work
with?" those it was with, "How is it going?" what happened; the name, or else the e-mail address, says whose it is.
`columns` says it otherwise. An answer in a sentence ("I'm still working on it") counts as its words do.
"""

import re
from collections.abc import Mapping, Sequence

from ...errors import MissingColumnError
from ...language import chained, gettext
from ..clean.screen import Screen
from ..clean.vocabulary import WORDS
from ..files.raw import RawTable, folded
from ..options import Options
from . import class_log
from .class_log import read_happenings
from .reader import Context, Found, Reader

_SENT = (
    "timestamp", "zeitstempel", "horodateur", "marca temporal", "informazioni cronologiche", "tijdstempel",
    "carimbo de data hora", "sygnatura czasowa", "tidsstempel", "tidsstämpel", "completion time",
)  # fmt: skip
"""What the first column is called, folded, by the language of who made the form."""

_QUESTIONS: Mapping[str, str] = {
    "chosen_by": r"\bwho (?:chose|decided|picked)\b|\bchosen by\b",
    "with": r"\bwho\b.*\bwith\b|\bwith who|\bwork(?:ed)? with\b|\bpartners?\b|\bwho (?:helped|did you help)\b",
    "minutes": r"\bhow long\b|\bminutes\b",
    "class_id": r"^(?:your |my )?(?:class|room|form group|year group)\b|\bwhich (?:class|room)\b",
    "goal_id": r"\bgoals?\b|\btarget\b|\bobjective\b|\bskill\b|\bworking on\b|\bworked on\b|\btopic\b|\btask\b",
    "event": r"\bwhat happened\b|\bstatus\b|\bhow (?:is|are|did|was)\b|\bprogress\b|\bdid you\b|\bwhat did you do\b|"
    r"\bwhere are you\b",
    "learner_id": r"\bnames?\b|\bwho are you\b|\bstudent\b|\bpupil\b|\blearner\b",
    "note": r"\bnotes?\b|\bcomments?\b|\banything else\b|\btell us\b|\breflect",
}
"""What questions ask for, by their words, in the order in which they are asked about."""

_ASKS_OF_GOAL = re.compile(r"\b(?:how|did you|status|progress|what happened|where are you)\b")

_ADDRESSES = ("email address", "e mail address", "username", "email")

_SENTENCE = re.compile(
    r"^(?:yes,? |no,? )?(?:(?:i|we)(?:'m|'ve| am| are| have| was| were)? )?(?:just |still |already )*(?P<said>.+?)"
    r"(?: (?:it|this|that|on it|on this|(?:my|the|this|our) goal|on (?:my|the) goal))?[.!]*$"
)


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table holds answers to questions, those of a class log among them."""
    if not _is_form(raw) or class_log.recognise(raw, context):
        return False
    asked = questions_in(raw)
    return {"learner_id", "time"} <= asked.keys() and ("with" in asked or {"goal_id", "event"} <= asked.keys())


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read responses to forms."""
    screens = [Screen(raw, context.options, _required(raw, context.options)) for raw in raws]
    for screen in screens:
        _put_plain_answers(screen)
    return read_happenings(screens, context, mirrored=True)


def _is_form(raw: RawTable) -> bool:
    return bool(raw.header) and raw.folded[raw.header[0]] in _SENT


def questions_in(raw: RawTable) -> dict[str, str]:
    """Return the columns of a log that the questions of a form ask for, and each question."""
    found = {"time": raw.header[0]} if _is_form(raw) else {}
    for header in raw.header[len(found) :]:
        plain = raw.folded[header]
        column = next((one for one, asks in _QUESTIONS.items() if one not in found and re.search(asks, plain)), None)
        if column == "goal_id" and _ASKS_OF_GOAL.search(plain) and "event" not in found:
            column = "event"
        if column:
            found[column] = header
    address = next((raw.by_folded[one] for one in _ADDRESSES if one in raw.by_folded), None)
    if "learner_id" not in found and address:
        found["learner_id"] = address
    return found


def _required(raw: RawTable, options: Options) -> dict[str, str]:
    asked = {**questions_in(raw), **{name: header for name, header in options.columns.items() if header in raw.header}}
    needed = ["time", "learner_id", *([] if "with" in asked else ["goal_id", "event"])]
    absent = [name for name in needed if name not in asked]
    if absent:
        said = options.say(columns=dict.fromkeys(absent, ...))
        text = gettext(
            "{raw} has no question that asks for {names}. Say which it is: {said}.",
            raw=raw,
            names=chained("{one} or {other}", absent),
            said=said,
        )
        raise MissingColumnError(gettext("{text} Its columns are: {names}.", text=text, names=", ".join(raw.header)))
    return asked


def _put_plain_answers(screen: Screen) -> None:
    """Put the word for what happened in the place of an answer that says it in a sentence."""
    if not screen.has("event"):
        return
    known = {word for words in WORDS.values() for word in words}
    theirs = {folded(word) for word in screen.options.words}
    plain = {}
    for answer in screen.frame["event"].unique().to_list():
        found = _SENTENCE.match(folded(answer).replace("’", "'"))
        if found and folded(answer) not in known | theirs and found["said"] in known:
            plain[answer] = found["said"]
    screen.put(event=screen.frame["event"].replace(plain))


READER = Reader(
    name="forms",
    what="responses to a form (Google Forms): when it was sent, then a column for each question",
    marks=frozenset(_SENT),
    recognise=recognise,
    read=read,
)
