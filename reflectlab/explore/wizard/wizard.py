"""`LogWizard`: from a file that a teacher has to a log, step by step."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd

from ...errors import ReflectLabError
from ...log import ProgressLog
from ...problems import KEPT
from ..widgets.file_picker import FilePicker
from ..widgets.table import TableView
from ..widgets.text import Words
from .column_questions import ColumnQuestions
from .date_questions import DateControls
from .mappings import Keeping
from .reading import Arguments, Column, Reading, code, columns_of, read
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
        self.reading = Reading(error="No file has been chosen yet.")
        self.arguments: Arguments = {}
        self._columns: list[Column] = []
        self.picker = FilePicker()
        self.summary = Words(live=True)
        self.sample, self.problems = widgets.VBox(), widgets.VBox()
        self.columns = ColumnQuestions(self._on_answer)
        self.words = WordQuestions(self._on_answer)
        self.dates = DateControls(self._on_answer)
        self.keeping = Keeping(mappings)
        self.same_in_code = Words(code=True)
        self._steps = widgets.VBox(self._after_the_file(), layout={"display": "none"})
        super().__init__([_heading("1 · Choose a file"), self.picker, self._steps])
        self.picker.observe(self._on_file, "chosen")
        if path is not None:
            self.picker.choose(path)

    def _after_the_file(self) -> list[widgets.Widget]:
        return [
            *(_heading("2 · What was understood"), self.summary, self.sample),
            *(_heading("3 · Say what it means"), self.columns, self.words, self.dates),
            *(_heading("4 · Problems"), self.problems),
            *(_heading("5 · For next time"), self.keeping, Words("The same in code:"), self.same_in_code),
        ]

    @property
    def log(self) -> ProgressLog:
        """The log as it is understood now."""
        if self.reading.log is None:
            raise ReflectLabError(f"There is no log yet. {self.reading.error}")
        return self.reading.log

    @property
    def code(self) -> str:
        """The line of Python that reads the file so."""
        path = self.picker.path
        return code(path.name if self.picker.uploaded else str(path), self.arguments) if self.picker.chosen else ""

    def _on_file(self, _: Any) -> None:
        self._columns = columns_of(self.picker.path)
        self.words.forget()
        self.arguments = self.keeping.find([column.header for column in self._columns])
        self._steps.layout.display = None
        self._read()

    def _on_answer(self) -> None:
        self.arguments = {**self.columns.arguments, **self.words.arguments, **self.dates.arguments}
        self._read()

    def _read(self) -> None:
        self.reading = reading = read(self.picker.path, self.arguments)
        log, name = reading.log, self.picker.path.name
        self.summary.text = f"{name}\n{understood(log) if log else _why_not(reading, self._columns)}"
        self.sample.children = samples(log) if log else []
        self.columns.show(self._columns, self.arguments, understood=log is not None)
        self.words.show(reading.words, self.arguments)
        self.dates.pick(self.arguments)
        self.dates.say(reading.asks, ticks=bool((reading.problems["code"] == "tick_without_date").any()))
        self.problems.children = [_problems(reading)]
        self.same_in_code.text = self.code
        self.keeping.offer(self.arguments)


def _heading(text: str) -> Words:
    return Words(text, heading=True)


def _why_not(reading: Reading, columns: list[Column]) -> str:
    if not columns or reading.asks:
        return reading.error
    todo = (
        "what its words mean" if len(reading.words) else "what its columns hold: the date, the learner, what happened"
    )
    return f"Not yet a log: say below {todo}.\n{reading.error}"


def _problems(reading: Reading) -> widgets.Widget:
    if len(reading.problems):
        return problem_table(reading.problems)
    return Words("Every row was understood." if reading.log else "The file cannot be read as it is: see above.")


SAMPLE = 5
"""How many rows are shown of what was understood."""

MOST = 200
"""How many problems are listed."""

_TABLES = {
    "events": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "event": "What happened"},
    "collaborations": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "role": "Role"},
}

_CAPTIONS = {"events": "What happened", "collaborations": "Who worked together"}

_PROBLEMS = {"where": "Where", "value": "Found", "message": "What is wrong", "hint": "What to do"}


def understood(log: ProgressLog) -> str:
    """Return what is in a log, and how its rows add up.

    Examples
    --------
    >>> import reflectlab
    >>> understood(reflectlab.example()).splitlines()[1]
    '37 rows read = 37 rows in the log + 0 rows listed below.'
    """
    read, loaded, listed = (int(log.account[column].sum()) for column in ("read", "loaded", "listed"))
    said = repr(log).removeprefix("ProgressLog: ")
    return f"{said}\n{read:,} rows read = {loaded:,} rows in the log + {listed:,} rows listed below."


def samples(log: ProgressLog) -> list[TableView]:
    """Return the first rows of what happened and of who worked together."""
    found = {name: getattr(log, name) for name in _TABLES}
    return [
        TableView(table.head(SAMPLE), columns=_TABLES[name], caption=_first(_CAPTIONS[name], len(table), SAMPLE))
        for name, table in found.items()
        if len(table)
    ]


def problem_table(problems: pd.DataFrame) -> TableView:
    """Return the problems, each with its place and what to do; those that left a row out come first."""
    remark = problems["code"].isin([*KEPT, "unused_table"])
    told = f"{int((~remark).sum()):,} that left rows out of the log, {int(remark.sum()):,} remarks"
    first = pd.concat([problems[~remark], problems[remark]]).head(MOST)
    places = [_place(problem) for problem in first.to_dict("records")]
    return TableView(first.assign(where=places), columns=_PROBLEMS, caption=_first(told, len(problems), MOST))


def _first(what: str, count: int, most: int) -> str:
    return what if count <= most else f"{what}: the first {most} of {count:,}"


def _place(problem: Mapping[Any, Any]) -> str:
    """Return where a problem stands, from the file to the column."""
    told = {"file": "{}", "sheet": "sheet {}", "row": "row {}", "column": "column {}"}
    return ", ".join(form.format(problem[name]) for name, form in told.items() if not pd.isna(problem[name]))
