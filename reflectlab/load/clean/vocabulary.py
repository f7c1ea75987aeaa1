"""What teachers write for the columns, events, roles and choices of a log."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ...errors import likely
from ...language import gettext
from ...problems import Advice
from ...schema import ABSENT, CHOOSERS, EVENTS, ROLES
from ..files.raw import RawTable, folded
from ..options import Options

HEADERS: Mapping[str, tuple[str, ...]] = {
    "time": ("date", "time", "when", "day", "date and time", "datetime", "timestamp"),
    "learner_id": (
        "learner", "learner id", "learner name", "name", "student", "student id", "student name", "pupil", "pupil name",
        "child", "child name", "who", "learners", "students",
    ),
    "goal_id": (
        "goal", "goal id", "learning goal", "writing goal", "goal name", "target", "objective", "outcome", "skill",
        "which goal",
    ),
    "event": ("what happened", "event", "happened", "what", "status", "action", "progress"),
    "with": ("with", "with whom", "with who", "who with", "together with", "partner", "partners", "worked with"),
    "role": ("role",),
    "chosen_by": ("chosen by", "who chose", "choice", "chosen", "chose"),
    "minutes": ("minutes", "mins", "min", "how long", "duration minutes", "time in minutes"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks"),
    "due": (
        "due", "due date", "due day", "due on", "due by", "date due", "deadline", "by when", "target date", "meet by",
        "to be met by",
    ),
    "class_id": ("class", "class id", "room", "class name"),
}  # fmt: skip
"""The headers of a class log, folded; the first of each is the one that we suggest."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "set": ("set", "goal set", "set goal", "agreed", "planned", "new goal", "chose goal", "picked"),
    "started": ("started", "start", "began", "begin", "begun", "starting", "took up"),
    "worked": (
        "worked", "working", "worked on", "working on", "work", "practised", "practiced", "practising", "practicing",
        "continued", "in progress", "tried", "worked alone", "worked on my own", "worked by myself",
        "worked independently", "ongoing", "wip", "work in progress", "still working", "still working on",
    ),
    "stuck": (
        "stuck", "got stuck", "is stuck", "was stuck", "needs help", "needed help", "struggled", "struggling",
        "still stuck",
    ),
    "met": (
        "met", "goal met", "achieved", "achieved goal", "completed", "complete", "finished", "done", "mastered",
        "reached", "passed", "got it", "✓", "✔", "✅", "☑", "done ✓", "done ✔", "met ✓", "met ✔", "✓ done", "✓ met",
    ),
    "reopened": ("reopened", "opened again", "revisited", "revisiting", "back to it", "again"),
    "dropped": ("dropped", "gave up", "abandoned", "stopped", "cancelled", "left it"),
    "helper": (
        "helper", "helped", "helping", "gave help", "gave help to", "supported", "gave support", "gave support to",
        "explained", "explained to", "taught", "coached", "tutored", "showed",
    ),
    "seeker": (
        "seeker", "got help", "got help from", "had help", "had help from", "was helped", "was helped by", "helped by",
        "asked for help", "asked", "asked help from", "sought help", "sought help from", "sought support",
        "sought support from", "got support", "got support from", "received help", "received help from", "supported by",
        "was supported by", "learnt from", "learned from",
    ),
    "peer": (
        "peer", "worked with", "worked together", "worked together with", "working with", "working together",
        "together", "together with",
        "with", "collaborated", "collaborated with", "partnered", "partnered with", "paired",
        "paired with", "paired up", "paired up with", "shared", "shared with", "discussed", "discussed with",
        "practised with", "practiced with", "teamed up", "teamed up with", "worked w", "working w",
    ),
    ABSENT: (
        "absent", "abs", "absence", "away", "sick", "off sick", "home sick", "was sick", "ill", "was ill", "unwell",
        "poorly", "holiday", "holidays", "on holiday", "vacation", "on vacation", "dentist", "at the dentist", "doctor",
        "at the doctor", "hospital", "appointment", "not here", "not present", "not at school", "not in school",
        "stayed home", "day off", "off school", "was away", "was absent", "on leave", "funeral", "tangi",
    ),
}  # fmt: skip
"""The words for what happened, folded: an event, the role of the learner who wrote the row, or that they were away."""

_HALVES: Mapping[str, str] = {
    "am": "am", "a m": "am", "morning": "am", "in the morning": "am", "this morning": "am", "before lunch": "am",
    "pm": "pm", "p m": "pm", "afternoon": "pm", "in the afternoon": "pm", "this afternoon": "pm", "after lunch": "pm",
}  # fmt: skip
"""The half of a day that the end of a text tells, folded."""

_DOUBT = re.compile(r".*\?.*|\(.*\)|\[.*\]", re.DOTALL)
"""How a word is written that its writer is not sure of."""

_NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|none|nobody|without|nearly|almost|hardly|barely|partly|partially|half|yet|cannot|fail\w*|"
    r"needs?|to be|should|will|wants?|\w+n't|(?:did|was|is|has|had|does|do|ca|could|would|wo)nt|missing|missed|"
    r"un|nicht|kein\w*|pas|sin|non|nao|não|fast)\b|[✗✘✕✖❌☒×]"
)
"""What turns a word round, or takes it back in part: no word is likely beside it."""

_ABSENCE = re.compile(r"\b(?:absen\w*|away|sick|ill|unwell|holidays?|dentist|doctor)\b")

_LEAST_AWAY = 6
"""How many letters a word for being away has at least, to be what another was probably meant to be."""

_ELSE = frozenset(
    {
        "again", "assess", "assessed", "assign", "assigned", "check", "checked", "confused", "developing", "edited",
        "false", "given", "gone", "goal", "hard", "held", "help", "hold", "left", "mark", "marked", "meet", "meeting",
        "moved", "nailed", "needed", "open", "opened", "part", "partner", "pause", "paused", "presented", "read",
        "redo", "restart", "restarted", "review", "reviewed", "revised", "sport", "swapped", "talked", "tested", "tick",
        "ticked", "trip", "true", "writing",
    }
)  # fmt: skip
"""Words that are near one of ours by their letters and mean something else, or more than one thing: none is likely."""

_SHORTEST = 2
"""Up to how many letters a word is too short to be likely another."""

MOST_UNKNOWN = 500
"""For how many words that are not known a likely one is looked for: a column with more holds no words of ours."""

_NEGATIVE = ("un", "in", "im", "non", "dis", "mis", "half", "semi", "part")

ROLE_WORDS = tuple(word for role in ROLES for word in WORDS[role] if word.isascii())

_MAY_NAME = rf"(?i)\bwith\s+\S|\bw/\s*\S|\+|^\s*(?:{'|'.join(ROLE_WORDS)})\s"
"""What a cell has, as Polars looks for it, that may name classmates: unless it is one of the `_WHOLE_WORDS`."""

_WHOLE_WORDS = [word for words in WORDS.values() for word in words]


def may_name_company(words: pl.Series) -> bool:
    """Tell whether a cell for what happened may name classmates."""
    return words.filter(~words.str.to_lowercase().is_in(_WHOLE_WORDS)).str.contains(_MAY_NAME).any()


CHOICES: Mapping[str, tuple[str, ...]] = {
    "learner": (
        "learner", "learners", "student", "students", "pupil", "pupils", "child", "children", "self", "me", "myself",
        "us", "we", "they", "them", "themselves", "own choice", "own", "herself", "himself",
    ),
    "teacher": ("teacher", "the teacher", "my teacher", "staff"),
}  # fmt: skip
"""The words for who chose, folded."""

EVERYBODY = frozenset(
    {
        "all", "everyone", "everybody", "class", "the class", "whole class", "the whole class", "all learners",
        "all students", "all pupils", "all children", "all of us", "all of them", "alle", "alle kinder",
        "die ganze klasse", "ganze klasse", "todos", "toda la clase", "tous", "toute la classe", "tout le monde",
        "te katoa", "te akomanga katoa",
    }
)  # fmt: skip
"""What stands for the whole class, folded."""

ALONE = frozenset(
    {
        "alone", "on my own", "on own", "on her own", "on his own", "on their own", "by myself", "by herself",
        "by himself", "by themselves", "by self", "myself", "self", "solo", "nobody", "none", "no one", "noone",
        "no", "nil", "no partner", "just me", "only me", "individual", "individually", "independent", "independently",
        "worked alone", "allein", "alleine", "niemand", "nadie", "seul", "seule", "personne", "ko ia anake",
    }
)  # fmt: skip
"""What says, where a classmate is expected, that there was none, folded."""

NOBODY = EVERYBODY | {"teacher", "the teacher", "my teacher", "teacher aide", "group", "my group", "the group"}
"""What may stand where a classmate is expected and is none."""


class Meaning(NamedTuple):
    """What a word means: a word of the log, None where its rows are to be left out; or that it is not known."""

    meaning: str | None
    known: bool = True


def column_of(header: str) -> str | None:
    """Return the column of a log that a header stands for, or None.

    >>> column_of("What happened?"), column_of("Pupil"), column_of("shoe size")
    ('event', 'learner_id', None)
    """
    return _COLUMN_OF.get(folded(header))


def log_columns(raw: RawTable) -> dict[str, str]:
    """Return the column of a log that each header of a table stands for, where it stands for one."""
    return {header: _COLUMN_OF[plain] for header, plain in raw.folded.items() if plain in _COLUMN_OF}


def likely_header(header: str) -> str | None:
    """Return the header that was probably meant."""
    plain = folded(header)
    return likely(plain, _COLUMN_OF) if _is_long(plain) else None


def event_in(header: str) -> str | None:
    """Return the event whose day a header tells: of one thing that happened, and no slip for any date.

    >>> event_in("Date met"), event_in("Started on"), event_in("Dat")
    ('met', 'started', None)
    """
    words = {*folded(header).split()} - {"on", "date", "day", "when"}
    return next((event for event in EVENTS if words and words <= {*WORDS[event]}), None)


def meanings(
    written: Iterable[str], given: Mapping[str, str | None], vocabulary: Mapping[str, Sequence[str]]
) -> dict[str, Meaning]:
    """Say what each word means, by the vocabulary `WORDS` or `CHOICES`; what the caller has `given` goes first.

    >>> meanings(["Achieved!", "S", "achived"], {"S": "met"}, WORDS)["achived"].known
    False
    """
    ours = {word: meaning for meaning, words in vocabulary.items() for word in words}
    exact = {word: meaning for word, meaning in given.items() if meaning is None or meaning in vocabulary}
    theirs = {folded(word): meaning for word, meaning in exact.items()}
    return {word: _meaning(word, exact, theirs, ours) for word in written}


def half_of(text: str) -> tuple[str, str | None]:
    """Return a text without the half of a day that its end tells, and that half.

    Examples
    --------
    >>> half_of("absent (am)"), half_of("sick in the afternoon"), half_of("away")
    (('absent', 'am'), ('sick', 'pm'), ('away', None))
    """
    plain = " ".join(folded(text).replace("(", " ").replace(")", " ").replace(",", " ").split())
    for said in sorted(_HALVES, key=len, reverse=True):
        if plain.endswith(f" {said}") or plain == said:
            return plain.removesuffix(said).strip(), _HALVES[said]
    return text, None


def turns_round(word: str, near: str) -> bool:
    """Tell whether a word denies or doubts what a near one says, or tells that someone was away.

    Examples
    --------
    >>> turns_round("not met", "met"), turns_round("unmet", "met"), turns_round("acheived", "achieved")
    (True, True, False)
    """
    plain = folded(word)
    if _NEGATION.search(plain) or _DOUBT.fullmatch(word.strip()):
        return True
    if _ABSENCE.search(plain) and near not in WORDS[ABSENT]:
        return True
    rests = [token.removeprefix(start) for token in plain.split() for start in _NEGATIVE if token.startswith(start)]
    return any(len(rest) > 1 and likely(rest, near.split()) for rest in rests)


def _meaning(
    word: str, given: Mapping[str, str | None], theirs: Mapping[str, str | None], ours: Mapping[str, str]
) -> Meaning:
    if word.strip() in given:
        return Meaning(given[word.strip()])
    plain = folded(word)
    if plain in theirs and not _DOUBT.fullmatch(word.strip()):
        return Meaning(theirs[plain])
    if _DOUBT.fullmatch(word.strip()):
        return Meaning(None, known=False)
    return Meaning(ours.get(plain), plain in ours)


def word_hint(
    word: str, options: Options, vocabulary: Mapping[str, Sequence[str]], *, one_of_many: bool = False
) -> Advice:
    """Return what to do about a word that is not known; none is likely for it where it is one of too many.

    What is as short as "st" may be short for many a word, and is likely none.

    >>> word_hint("achived", Options(), WORDS)
    Advice(hint='Or say what it means: load(..., words={"achived": "met"}).', suggestion='achieved')
    """
    if one_of_many:
        return Advice(gettext("Say what it means: {option}.", option=asked(word, vocabulary, options)))
    ours = {near: meaning for meaning, words in vocabulary.items() for near in words}
    given = {near: meaning for near, meaning in options.words.items() if meaning in vocabulary and _is_long(near)}
    short = {away for away in ours if ours[away] == ABSENT and (len(away) < _LEAST_AWAY or " " in away)}
    signs = {sign for sign in ours if not sign.replace(" ", "").isalpha()}
    near = (
        likely(folded(word), [*(one for one in ours if one not in short | signs), *given]) if _is_long(word) else None
    )
    elsewise = _ELSE & {*folded(word).split()}
    if near is None or elsewise or turns_round(word, near) or _is_short_for_several(folded(word), ours):
        return Advice(gettext("Say what it means: {option}.", option=asked(word, vocabulary, options)))
    meaning = given.get(near) or ours.get(near) or next(iter(vocabulary))
    return Advice(gettext("Or say what it means: {option}.", option=options.say(words={word: meaning})), near)


def _is_long(word: str) -> bool:
    return len(folded(word)) > _SHORTEST


def _is_short_for_several(plain: str, ours: Mapping[str, str]) -> bool:
    """Tell whether words of more than one meaning may be written so for short: "st" is started, stuck or set.

    Letters are left out of such a word, never the first.
    """
    letters = re.compile(re.escape(plain[0]) + "".join(rf"\w*{re.escape(letter)}" for letter in plain[1:]) + r"\w*")
    return len({meaning for one, meaning in ours.items() if letters.fullmatch(one)}) > 1


def doing_hint(name: str, options: Options) -> str:
    """Return what to do about a name, by a program, for what somebody did that is not known.

    It is called work only where nothing in the name denies that, doubts it or tells that something came to an end.

    >>> doing_hint("Badge awarded", Options())
    'To load such rows say what it means: load(..., words={"Badge awarded": "worked"}).'
    >>> doing_hint("skipped", Options())
    'To load such rows say what it means: load(..., words={"skipped": ...}), one of set, started, worked, stuck, met, \
reopened, dropped.'
    """
    plain = _PARTED.sub(" ", folded(name))
    if _ENDING.search(plain) or turns_round(plain, "worked"):
        option = asked(name, EVENTS, options)
    else:
        option = options.say(words={name: "worked"})
    return gettext("To load such rows say what it means: {option}.", option=option)


def asked(word: str, choices: Iterable[str], options: Options) -> str:
    """Return how to say what a word means, where nothing tells which of some meanings it has.

    >>> asked("x", ("set", "met"), Options())
    'load(..., words={"x": ...}), one of set, met'
    """
    return gettext("{option}, one of {words}", option=options.say(words={word: ...}), words=", ".join(choices))


_PARTED = re.compile(r"[\W_]+")

_ENDING = re.compile(
    r"\b(?:skip\w*|abandon\w*|cancel\w*|expir\w*|delet\w*|remov\w*|revok\w*|withdr\w+|void\w*|incomplete|inactive|"
    r"unenrol\w*|left|quit|logged out|tim\w+ out)\b"
)
"""How programs name what was not done, or was undone."""

_COLUMN_OF = {header: column for column, headers in HEADERS.items() for header in headers}

_COLUMN_OF |= {folded(column): column for column in HEADERS}

KNOWN_HEADERS = {column: (*names, folded(column)) for column, names in HEADERS.items()}
"""The headers of a class log, folded, and the names that the log has for its columns."""

assert set(WORDS) == {*EVENTS, *ROLES, ABSENT}

assert set(CHOICES) == set(CHOOSERS)
