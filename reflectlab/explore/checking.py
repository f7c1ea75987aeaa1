"""See what was understood of a file, and what was not."""

from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ..errors import ReflectLabError
from ..load import load
from ..log import ProgressLog
from ..problems import KEPT
from .plain import TableView, Words

_SAMPLE = 5
_TABLES = {
    "events": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "event": "What happened"},
    "collaborations": {"time": "When", "learner_id": "Learner", "goal_id": "Goal", "role": "Role"},
}
_PROBLEMS = {
    "file": "File", "sheet": "Sheet", "row": "Row", "column": "Column", "value": "Found",
    "message": "What is wrong", "hint": "What to do",
}  # fmt: skip


class CheckedFile(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """What was understood of a file, and each problem with its place.

    Attributes
    ----------
    log : ProgressLog or None
        The log, None where the file could not be read.
    problems : TableView
    """

    def __init__(self, path: str | Path, **options: Any) -> None:
        self.log: ProgressLog | None = None
        try:
            self.log = load(path, **options)
        except (ReflectLabError, OSError) as error:
            super().__init__([Words(f"{Path(path).name} cannot be read.\n{error}", heading=True)])
            return
        self.problems = _problems(self.log)
        super().__init__([Words(_understood(self.log, path), heading=True), *_samples(self.log), self.problems])


def check_file(path: str | Path, **options: Any) -> CheckedFile:
    """Show what is understood of a file: counts, the first rows, and every problem.

    Parameters
    ----------
    path : str or Path
    **options
        As `load` takes them: `columns`, `words`, `date_format` and so on.

    Returns
    -------
    CheckedFile
        Its `log` is the log that was read.
    """
    return CheckedFile(path, **options)


def _understood(log: ProgressLog, path: str | Path) -> str:
    read, loaded, listed = (int(log.account[column].sum()) for column in ("read", "loaded", "listed"))
    said = repr(log).removeprefix("ProgressLog: ")
    rows = f"{read} rows read = {loaded} rows in the log + {listed} rows listed below."
    return f"{Path(path).name}\n{said}\n{rows}"


def _samples(log: ProgressLog) -> list[TableView]:
    found = {name: getattr(log, name) for name in _TABLES}
    return [
        TableView(table.head(_SAMPLE), columns=_TABLES[name], caption=f"The first of {len(table)} {name}")
        for name, table in found.items()
        if len(table)
    ]


def _problems(log: ProgressLog) -> TableView:
    problems = log.problems
    left_out = int((~problems["code"].isin(KEPT)).sum())
    remarks = len(problems) - left_out
    caption = f"Problems: {left_out} left rows out of the log, {remarks} are remarks on rows that are in it"
    shown = {name: title for name, title in _PROBLEMS.items() if problems[name].notna().any()} or _PROBLEMS
    return TableView(problems, columns=shown, caption=caption, empty="Every row was understood.")
