"""Responses to a form, of Google Forms say: a row an answer, the first column when it was sent, questions as headers.

Which question tells what is known by its words: "Which goal are you working on?" holds the goal, "Who did you work
with?" those it was with, "How is it going?" what happened; the name, or else the e-mail address, says whose it is.
`columns` says it otherwise. An answer in a sentence ("I'm still working on it") counts as its words do.
"""

import re
from collections.abc import Mapping, Sequence

from ...errors import MissingColumnError
from ...language import chained, gettext
from ...problems import Problem
from ..clean.screen import Screen
from ..clean.vocabulary import WORDS, log_columns
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

_ASKS_WHICH = re.compile(
    r"(?:which|what)(?: is| was|'s)?(?: of)?(?: your| my| the| our)?(?: \w+)? "
    r"(?:goals?|target|objective|skill|topic|task)\b"
)
"""How a question begins that asks for the goal, and not what became of it."""

_ADDRESSES = ("email address", "e mail address", "username", "email")

_SENTENCE = re.compile(
    r"^(?:yes,? |no,? )?(?:(?:i|we)(?:'m|'ve| am| are| have| was| were)? )?(?:just |still |already )*(?P<said>.+?)"
    r"(?: (?:it|this|that|on it|on this|(?:my|the|this|our) goal|on (?:my|the) goal))?[.!]*$"
)


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table holds answers to questions, those of a class log among them."""
    if not _is_form(raw):
        return False
    asked = questions_in(raw)
    if class_log.recognise(raw, context) and asked.keys() <= class_log.columns_in(raw).keys():
        return False
    return {"learner_id", "time"} <= asked.keys() and ("with" in asked or {"goal_id", "event"} <= asked.keys())


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read responses to forms."""
    screens = [Screen(raw, context.options, _required(raw, context.options)) for raw in raws]
    for screen in screens:
        screen.note(*_left_out(screen))
        _put_plain_answers(screen)
    return read_happenings(screens, context, mirrored=True)


def _left_out(screen: Screen) -> list[Problem]:
    """Remark on the questions with answers that tell nothing of a log."""
    raw, taken = screen.raw, {*screen.headers.values()}
    hint = gettext("Rename it if the log needs what it holds.")
    return [
        Problem(
            "unknown_column",
            gettext('"{header}" is no question that we know; its answers were left out.', header=header),
            hint,
            *raw.place,
            raw.header_row,
            header,
        )
        for header in raw.header
        if header not in taken and raw.folded[header] not in (*_ADDRESSES, "score") and (raw.frame[header] != "").any()
    ]


def _is_form(raw: RawTable) -> bool:
    return bool(raw.header) and raw.folded[raw.header[0]] in _SENT


def questions_in(raw: RawTable) -> dict[str, str]:
    """Return the columns of a log that the questions of a form ask for, and each question."""
    found = {"time": raw.header[0]} if _is_form(raw) else {}
    columns = log_columns(raw)
    for header in raw.header[len(found) :]:
        plain = raw.folded[header]
        column = next((one for one, asks in _QUESTIONS.items() if one not in found and re.search(asks, plain)), None)
        if column == "goal_id" and _asks_of_goal(plain) and "event" not in found:
            column = "event"
        if column is None and (known := columns.get(header)) not in found:
            column = known
        if column:
            found[column] = header
    address = next((raw.by_folded[one] for one in _ADDRESSES if one in raw.by_folded), None)
    if "learner_id" not in found and address:
        found["learner_id"] = address
    return found


def _asks_of_goal(question: str) -> bool:
    """Tell whether a question with a goal in it asks what became of that goal.

    >>> _asks_of_goal("did you meet your goal"), _asks_of_goal("which goal did you work on")
    (True, False)
    """
    return bool(_ASKS_OF_GOAL.search(question)) and not _ASKS_WHICH.match(question)


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
