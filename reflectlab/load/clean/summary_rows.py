"""Rows that are of no learner: totals, and in a grid the days on which goals are due."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ...language import gettext, translatable
from ...problems import Problem
from ..files.raw import ROW, RawTable, folded
from .dates.moments import looks_like_date
from .screen import Screen
from .vocabulary import EVERYBODY

_TOTALS = frozenset(
    {
        "total", "totals", "subtotal", "sub total", "grand total", "average", "averages", "avg", "median",
        "summe", "gesamt", "mittelwert", "durchschnitt", "insgesamt", "total général", "somme", "moyenne",
        "promedio", "suma", "totale", "somma", "totaal", "gemiddelde", "soma", "média", "summa", "medelvärde",
        "gjennomsnitt", "razem", "średnia", "tapeke", "toharite", "standard deviation", "std dev",
    }
)  # fmt: skip
"""What stands where a name is expected over sums and means, folded."""

_PERHAPS_TOTALS = frozenset(
    {
        "sum", "mean", "class", "n", "count", "number", "all", "max", "min", "maximum", "minimum", "sd", "media",
        "anzahl", "klasse", "classe", "effectif", "clase", "numero", "aantal", "turma", "klass", "%", "percent",
    }
)  # fmt: skip
"""What is taken for the same where all that stands beside it are numbers."""

_OF_TOTALS = frozenset(
    {"met", "of", "the", "goals", "learners", "students", "pupils", "children", "group", "row", "completed", "done"}
)
"""What may stand beside such words: "Total met", "Class average"."""

_DUE = frozenset(
    {
        "due", "due date", "due dates", "due by", "due on", "date due", "deadline", "target date", "date", "dates",
        "hand in", "hand in by", "given", "date given", "set on", "date set", "assigned", "assigned on", "abgabe",
        "abgabetermin", "abgabedatum", "to be met by", "meet by", "taught on", "review date", "next review",
        "frist", "fällig", "fällig am", "datum", "échéance", "date limite", "à rendre",
        "fecha", "fecha límite", "fecha de entrega", "entrega", "prazo", "data de entrega", "scadenza", "inleverdatum",
    }
)  # fmt: skip
"""What stands where a name is expected before days that goals were given out or are due, folded."""

_NOTES = frozenset({"notes", "key", "legend", "comments", "teacher", "the teacher", "legende", "notizen", "lehrkraft"})

_NOTE = re.compile(r"(?:notes?|key|legend|nb|n\.b\.|reminder|remember)\s*[:=–-]|[*†‡•→]", re.IGNORECASE)
"""How a remark below a grid begins."""

_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?|\d+\s*/\s*\d+|#[\w/!?]+")

_NO_TICK = re.compile(r"[01]?")

_SUMMING = _TOTALS | _PERHAPS_TOTALS

_NOTHING = translatable("Nothing needs to be done.")


def without_summary_rows(raw: RawTable, learners: str, goals: Sequence[str]) -> RawTable:
    """Return a grid without the rows of totals, of days due and of notes; each is a problem of the grid."""
    found: dict[int, Problem] = {}
    for row in raw.frame.iter_rows(named=True):
        cells = {goal: row[goal].strip() for goal in goals if row[goal].strip()}
        name = row[learners].strip()
        if is_total(name, list(cells.values())):
            found[row[ROW]] = _total(raw, learners, row[ROW], name)
        elif cells and _tells_days(name) and all(map(looks_like_date, cells.values())):
            found[row[ROW]] = _due(raw, learners, row[ROW], name, cells)
        elif _is_everybody(name, cells) or (not cells and _is_note(name)):
            text = gettext('"{name}" is not a learner.', name=name)
            hint = gettext("Write these days into the row of each learner.") if cells else gettext(_NOTHING)
            found[row[ROW]] = Problem("not_a_learner", text, hint, *raw.place, row[ROW], learners, name)
    if not found:
        return raw
    kept = raw.frame.filter(~pl.col(ROW).is_in(list(found)))
    return replace(raw, frame=kept, problems=(*raw.problems, *found.values()))


def leave_totals_out(screen: Screen) -> None:
    """List the rows of a class log that sum up the others: `Total` for a date, or for a learner without one."""
    dateless = screen.frame.filter(~pl.col("time").str.contains(r"\d"))
    names = {name for column in ("time", "learner_id") for name in dateless[column].unique()}
    if not any(_SUMMING & {folded(name), *folded(name).split()} for name in names):
        return
    rows = {"time": list[int](), "learner_id": list[int]()}
    for row in dateless.iter_rows(named=True):
        column = "time" if row["time"].strip() else "learner_id"
        cells = [cell for name, text in row.items() if name not in (ROW, column) and (cell := text.strip())]
        if is_total(row[column].strip(), cells) and (column == "time" or all(map(_NUMBER.fullmatch, cells))):
            rows[column].append(row[ROW])
    for column, sums in rows.items():
        screen.reject(pl.col(ROW).is_in(sums), "total_row", column, _sums_up, _NOTHING)


def is_total(name: str, cells: Sequence[str]) -> bool:
    """Tell whether a row with this in the place of a name is a sum or mean over learners.

    >>> is_total("Class average", ["3.5"]), is_total("Max", ["1", "0"]), is_total("Max", ["20/07/2026"])
    (True, False, False)
    """
    plain = folded(name)
    if plain in _TOTALS:
        return True
    words = set(plain.split())
    if not words & _SUMMING or words - _SUMMING - _OF_TOTALS:
        return False
    numbers = bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)
    return numbers and (len(words) > 1 or not all(_NO_TICK.fullmatch(cell) for cell in cells))


def _sums_up(name: str) -> str:
    return gettext('"{name}" is no learner: this row sums up the others.', name=name)


def _is_everybody(name: str, cells: Mapping[str, str]) -> bool:
    """Tell whether a row stands for the whole class; one with cells may be of a child called Class."""
    return folded(name) in EVERYBODY - ({"class"} if cells else set())


def _tells_days(name: str) -> bool:
    plain = folded(name)
    return plain in _DUE or bool({"due", "deadline"} & {*plain.split()})


def _is_note(name: str) -> bool:
    """Tell whether a cell below a grid is a remark, and no name: it says so, or begins with a sign.

    >>> _is_note("Notes"), _is_note("* = with help"), _is_note("'Ana")
    (True, True, False)
    """
    return folded(name) in _NOTES or bool(_NOTE.match(name))


def _total(raw: RawTable, learners: str, row: int, name: str) -> Problem:
    return Problem("total_row", _sums_up(name), _NOTHING, *raw.place, row, learners, name)


def _due(raw: RawTable, learners: str, row: int, name: str, cells: Mapping[str, str]) -> Problem:
    days = ", ".join(f"{goal}: {cell}" for goal, cell in cells.items())
    text = gettext(
        '"{name}" is no learner: this row has a day for each goal ({days}), which is not in the log.',
        name=name,
        days=days,
    )
    hint = gettext("To keep these days, write them in a column of a table of the goals.")
    return Problem("due_row", text, hint, *raw.place, row, learners, name)
