"""`LogWizard`: from a file that a teacher has to a log, step by step."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from ...errors import ReflectLabError
from ...language import counted, gettext, number_in_words, translatable
from ...log import ProgressLog
from ...log.summary import FirstRows, Summary, kinds_of, summary, with_places
from ...problems import KEPT
from ..widgets.table import TableView
from ..widgets.text import TextView
from .column_questions import ColumnQuestions
from .date_questions import DateControls
from .file_picker import FilePicker
from .file_questions import FileQuestions
from .keeping import Keeping
from .later import Later
from .name_questions import CHILDREN, GOALS, NameQuestions
from .reading import Arguments, Column, Reading, code, columns_of, in_plain_words, reading_of
from .result import BoardPlace, InCode
from .word_questions import WordQuestions


class LogWizard(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Choose a file, see what was understood of it, and say what its columns and words mean.

    Everything is done with `reflectlab.load`: the line that does the same in code is shown. Nothing is changed in the
    file.

    Parameters
    ----------
    path : str or Path, optional
        The file to begin with; another can be chosen.
    mappings : str or Path, optional
        The folder of the mappings that were kept; in your own data folder by default. The one for the headers of the
        file is used.

    Attributes
    ----------
    log : ProgressLog
        The log as it is understood now.
    arguments : dict
        The arguments of `load` that it was read with.
    code : str
        The line of Python that reads it so.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "room5.csv"
    >>> _ = file.write_text("date,learner,goal,what happened\\n2026-07-20,Aroha,hook,started\\n")
    >>> wizard = LogWizard(file, mappings=folder.name)
    >>> len(wizard.log.events), wizard.arguments
    (1, {})
    >>> folder.cleanup()
    """

    def __init__(self, path: str | Path | None = None, *, mappings: str | Path | None = None) -> None:
        self._reading = Reading(error=gettext("No file has been chosen yet."))
        self._later = Later(self._read)
        self.arguments: Arguments = {}
        self._columns: list[Column] = []
        self.picker = FilePicker()
        self.summary = TextView(live=True)
        self.sample, self.problems = widgets.VBox(), widgets.VBox()
        self.columns = ColumnQuestions(self._on_answer)
        self.words = WordQuestions(self._on_answer)
        self.file = FileQuestions(self._on_answer)
        self.dates = DateControls(self._on_answer)
        self.children_named = NameQuestions(CHILDREN, self._on_answer)
        self.goals_named = NameQuestions(GOALS, self._on_answer)
        self.picture = BoardPlace(lambda: self.log)
        self.keeping = Keeping(mappings)
        self.in_code = InCode(self.picker)
        self._steps = widgets.VBox(self._after_the_file(), layout={"display": "none"})
        super().__init__([_heading(gettext("1 · Choose a file")), self.picker, self._steps])
        self.add_class("reflectlab-wizard")
        self.picker.observe(self._on_file, "chosen")
        if path is not None:
            self.picker.choose(path)

    def _after_the_file(self) -> list[widgets.Widget]:
        return [
            *(_heading(gettext("2 · What was understood")), self.summary, self.sample),
            *(_heading(gettext("3 · Say what it means")), self.columns, self.words, self.file, self.dates),
            *(_heading(gettext("4 · The children and the goals")), self.children_named, self.goals_named),
            *(_heading(gettext("5 · What could not be used, and remarks")), self.problems),
            *(_heading(gettext("6 · The picture")), self.picture),
            *(_heading(gettext("7 · For next time")), self.keeping, self.in_code),
        ]

    @property
    def reading(self) -> Reading:
        """What came of reading the file with all that was said."""
        self._later.finish()
        return self._reading

    @property
    def log(self) -> ProgressLog:
        """The log as it is understood now."""
        if self.reading.log is None:
            raise ReflectLabError(f"There is no log yet. {self.reading.error}")
        return self.reading.log

    @property
    def code(self) -> str:
        """The line of Python that reads the file so."""
        return code(str(self.picker.path), self.arguments) if self.picker.chosen else ""

    def _on_file(self, _: Any) -> None:
        self._columns = columns_of(self.picker.path)
        self._later.forget()
        self.words.forget()
        self.picture.forget()
        self.arguments = self.keeping.find([column.header for column in self._columns], self.picker.path.name)
        self._steps.layout.display = None
        self._read()

    def _on_answer(self) -> None:
        said = (self.columns, self.words, self.dates, self.file, self.children_named, self.goals_named)
        told = {name: self.arguments[name] for name in _NOT_ASKED if name in self.arguments}
        for each in said:
            more = each.arguments
            people = [*told.get("leave_out", []), *more.get("leave_out", [])]
            told |= {**more, **({"leave_out": people} if people else {})}
        self.arguments = told
        self._later.ask()

    def _read(self) -> None:
        path, arguments = self.picker.path, self.arguments
        self._reading = reading = reading_of(path, arguments)
        opened = f"{self.picker.chosen} {path.name}"
        understood = summary(reading.log) if reading.log else None
        told = _understood(understood) if understood else _why_not(reading, self._columns)
        self.summary.text = f"{path.name}\n{told}"
        self.sample.children = [_sample(first) for first in understood.samples] if understood else []
        self.columns.show(self._columns, arguments, understood=understood is not None, of=opened)
        self.words.show(reading.words, arguments, of=opened)
        self.file.show(reading, arguments, lambda other: reading_of(path, other), of=opened)
        self.dates.pick(arguments)
        self.dates.say(reading.asks, ticks=bool((reading.problems["code"] == "tick_without_date").any()))
        for named in (self.children_named, self.goals_named):
            named.show(reading.log, arguments, of=opened)
        self.problems.children = [_problems(reading)]
        self.picture.offer(ready=reading.log is not None)
        self.in_code.show(arguments)
        self.keeping.offer(arguments)


_NOT_ASKED = ("met_at",)
"""What may have been kept and is nowhere asked."""


def _heading(text: str) -> TextView:
    return TextView(text, heading=True)


def _why_not(reading: Reading, columns: list[Column]) -> str:
    if not columns or reading.asks:
        return reading.error
    return f"{gettext(_SAY_WORDS if len(reading.words) else _SAY_COLUMNS)}\n{reading.error}"


_SAY_WORDS = translatable("Not yet a log: say below what its words mean.")

_SAY_COLUMNS = translatable("Not yet a log: say below what its columns hold: the date, the learner, what happened.")


def _problems(reading: Reading) -> widgets.Widget:
    if len(reading.problems):
        return _problem_table(reading.problems)
    return TextView(
        gettext("Every row was understood." if reading.log else "The file cannot be read as it is: see above.")
    )


_CAPTIONS = translatable({"events": "What happened", "collaborations": "Who worked together"})

_SAMPLE = translatable(
    {
        "events": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "event": "What happened"},
        "collaborations": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "role": "Role"},
    }
)

_PROBLEMS = translatable(
    {"number": "Rows", "place": "Where, the first", "message": "What is wrong", "hint": "What to do"}
)


def _understood(summed: Summary) -> str:
    """Return what is in a log, and how its rows add up."""
    read = sum(part.read for part in summed.accounts)
    loaded = sum(part.loaded for part in summed.accounts)
    listed = sum(part.listed for part in summed.accounts)
    rows = {"read": counted(read, "row"), "loaded": counted(loaded, "row"), "listed": counted(listed, "row")}
    added = gettext("{read} read = {loaded} in the log + {listed} listed below.", **rows)
    return f"{summed.in_words}\n{added}"


def _sample(first: FirstRows) -> TableView:
    caption = _shortened(gettext(_CAPTIONS[first.table]), len(first.rows), first.number)
    return TableView(first.rows, columns=_in_words(_SAMPLE[first.table]), caption=caption)


def _problem_table(problems: pd.DataFrame) -> TableView:
    """Return each kind of problem with its first places and what to do; those that left a row out come first."""
    remark = problems["code"].isin([*KEPT, "unused_table"])
    numbers = {"left_out": number_in_words(int((~remark).sum())), "remarks": number_in_words(int(remark.sum()))}
    told = gettext("{left_out} that left rows out of the log, {remarks} remarks", **numbers)
    kinds = [kind for some in (problems[~remark], problems[remark]) for kind in kinds_of(with_places(some))]
    rows = [(kind.number, "; ".join(kind.places), kind.message, in_plain_words(kind.hint)) for kind in kinds]
    return TableView(pd.DataFrame(rows, columns=[*_PROBLEMS]), columns=_in_words(_PROBLEMS), caption=told)


def _in_words(columns: Mapping[str, str]) -> dict[str, str]:
    return {name: gettext(heading) for name, heading in columns.items()}


def _shortened(what: str, shown: int, number: int) -> str:
    if shown == number:
        return what
    return gettext("{what}: the first {shown} of {number}", what=what, shown=shown, number=number_in_words(number))
