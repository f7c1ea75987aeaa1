"""`FileQuestions`: what only the teacher knows of a whole file, each asked only where it matters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from ...language import counted, gettext, number_in_words, translatable
from ...log import ProgressLog
from .questions import Question, Questions
from .reading import Arguments, Reading

_MOST = 50_000
"""Up to how many rows each answer is tried, so that it says what it would come to."""

_GAP = timedelta(days=14)
"""As in `load`: a longer gap is most likely a holiday."""

_STAFF = "staff"


@dataclass(frozen=True)
class _Ask:
    """A question: the argument of `load` that is asked for, in words, and each answer with the value it stands for."""

    argument: str
    question: str
    answers: Mapping[str, tuple[str, Any]]
    counts: Callable[[ProgressLog], str]


class FileQuestions(Questions):
    """Ask what is to be known of a file as a whole; `arguments` are those of `load` that say so.

    Each answer says what it would come to for this file: it has been tried.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change, self._busy = on_change, False
        self._asked: dict[str, _Ask] = {}
        super().__init__(gettext("About this file"), [gettext("Question"), gettext("Answer")])
        self.observe(self._on_answer, "answers")

    @property
    def arguments(self) -> Arguments:
        """What was said, as arguments of `load`."""
        said = {name: ask.answers[self.answers[name]][1] for name, ask in self._asked.items() if self.answers.get(name)}
        return {name: value for name, value in said.items() if value is not None}

    def show(self, reading: Reading, arguments: Arguments, tried: Callable[[Arguments], Reading], *, of: str) -> None:
        """Ask what a reading leaves open; `tried` reads the file with other arguments."""
        small = reading.log is not None and int(reading.log.account["read"].sum()) <= _MOST
        self._asked = {ask.argument: ask for ask in _asks(reading, arguments)}
        trial = tried if small else None
        self._busy = True
        self.ask([_question(ask, arguments, trial) for ask in self._asked.values()], of=of)
        self._busy = False

    def _on_answer(self, _: Any) -> None:
        if not self._busy:
            self._on_change()


def _question(ask: _Ask, arguments: Arguments, tried: Callable[[Arguments], Reading] | None) -> Question:
    given = arguments.get(ask.argument)
    rest = {name: value for name, value in arguments.items() if name != ask.argument}
    options = []
    for key, (label, value) in ask.answers.items():
        log = tried(rest if value is None else {**rest, ask.argument: value}).log if tried else None
        options.append((f"{label}: {ask.counts(log)}" if log else label, key))
    told = [_STAFF] if _STAFF in (given if ask.argument == "leave_out" and given else ()) else given
    answer = next((key for key, (_, value) in ask.answers.items() if value == told and value is not None), "")
    return Question(ask.argument, [ask.question], ask.question, options, answer)


def _asks(reading: Reading, arguments: Arguments) -> Iterator[_Ask]:
    codes = {problem.code for problem in reading.problem_list}
    log = reading.log
    if "class_from" in arguments or (log is not None and _is_several_places(log)):
        yield _classes(log, arguments)
    if "blanks" in arguments or (log is not None and "set" in log.blind):
        yield _blanks()
    if "terms" in arguments or "likely_holiday" in codes:
        yield _terms(log, arguments)
    if "fill_dates" in arguments or "carried_date" in codes:
        yield _dates()
    if "hidden" in arguments or codes & {"hidden_rows", "left_hidden"}:
        yield _hidden()
    if _STAFF in arguments.get("leave_out", ()) or "staff" in codes:
        yield _people()


def _is_several_places(log: ProgressLog) -> bool:
    loaded = log.account[log.account["loaded"] > 0]
    return len(loaded) > 1 and bool(log.learners["class_id"].isna().all())


def _classes(log: ProgressLog | None, arguments: Arguments) -> _Ask:
    files = 1 if log is None else log.account.loc[log.account["loaded"] > 0, "file"].nunique()
    where = arguments.get("class_from") or ("file" if files > 1 else "sheet")
    question, yes = (gettext(text) for text in (_SEVERAL[where], _EACH[where]))
    no = gettext("No, a name is one child wherever it stands")
    return _Ask("class_from", question, {"": (no, None), where: (yes, where)}, _children)


_SEVERAL = translatable(
    {
        "file": "There are several files, and no column says the class. Is each file a class?",
        "sheet": "There are several sheets, and no column says the class. Is each sheet a class?",
    }
)

_EACH = translatable({"file": "Yes, each file is a class", "sheet": "Yes, each sheet is a class"})


def _terms(log: ProgressLog | None, arguments: Arguments) -> _Ask:
    terms = arguments.get("terms") or (_stretches(log) if log is not None else None)
    question = gettext("For more than two weeks nothing is written. Was it a holiday?")
    no, yes = gettext("No, those were school days"), gettext("Yes, a holiday")
    return _Ask("terms", question, {"": (no, None), "holiday": (yes, terms)}, _school_days)


def _stretches(log: ProgressLog) -> list[list[str]]:
    """Return the first and the last day of each stretch without a long gap."""
    times = pd.concat([log.events["time"], log.collaborations["time"], log.absences["date"]])
    days = sorted({moment.date() for moment in pd.to_datetime(times).dropna()})
    gaps = [(before, after) for before, after in pairwise(days) if after - before > _GAP]
    starts, ends = [days[0], *(after for _, after in gaps)], [*(before for before, _ in gaps), days[-1]]
    return [[f"{start}", f"{end}"] for start, end in zip(starts, ends, strict=True)]


def _children(log: ProgressLog) -> str:
    return counted(len(log.learners), "child", "children")


def _rows(log: ProgressLog) -> str:
    loaded, listed = (int(log.account[name].sum()) for name in ("loaded", "listed"))
    return gettext("{rows} in the log, {listed} left out", rows=counted(loaded, "row"), listed=number_in_words(listed))


def _school_days(log: ProgressLog) -> str:
    calendar = log.frame("calendar").collect().to_native().to_pandas()
    here = pd.to_datetime(calendar["date"]).dt.date.between(log.first_day, log.last_day)
    return counted(calendar.loc[here, "school_day"].nunique(), "school day")


def _goals_set(log: ProgressLog) -> str:
    if "set" in log.blind:
        return gettext("the share of goals that are met is not shown")
    pairs = log.events[["learner_id", "goal_id"]].drop_duplicates()
    met = log.events.loc[log.events["event"] == "met", ["learner_id", "goal_id"]].drop_duplicates()
    numbers = {"number": number_in_words(len(pairs)), "met": number_in_words(len(met))}
    return gettext("{number} goals set for a child, {met} of them met", **numbers)


def _children_and_rows(log: ProgressLog) -> str:
    return f"{_children(log)}, {_rows(log)}"


def _blanks() -> _Ask:
    no = gettext("Nothing, or the goal was not this child's")
    yes = gettext("The goal was set, and is not met yet")
    answers = {"": (no, None), "set": (yes, "set")}
    return _Ask("blanks", gettext("What does an empty cell say?"), answers, _goals_set)


def _dates() -> _Ask:
    yes, no = gettext("Yes, a date is written once for a day"), gettext("No, leave those rows out")
    question = gettext("Some rows have no date. Is the date above them theirs?")
    return _Ask("fill_dates", question, {"": (yes, None), "no": (no, False)}, _rows)


def _hidden() -> _Ask:
    yes, no = gettext("Yes, read them"), gettext("No, leave them out")
    question = gettext("Some rows or sheets are hidden or filtered out. Do they belong to the log?")
    return _Ask("hidden", question, {"": (yes, None), "no": (no, False)}, _children_and_rows)


def _people() -> _Ask:
    yes, no = gettext("Yes, keep them"), gettext("No, leave them out")
    question = gettext("Some who are listed teach or run the course. Are they learners?")
    return _Ask("leave_out", question, {"": (yes, None), "staff": (no, [_STAFF])}, _children_and_rows)
