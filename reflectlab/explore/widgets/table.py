"""Widgets for words: whatever is in a name, the page shows it as text."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import traitlets

from . import STYLE, Worded, script
from .figure import opaque
from .still import Still

_NOTHING = -1


class TableView(Still, Worded):
    """A table of text; rows that stand for a learner can be picked and light up with the pictures.

    Parameters
    ----------
    frame : pandas.DataFrame, optional
    columns : mapping, optional
        The columns to show, each with its heading; all by default.
    caption, empty : str
        What the table is called, and what is said where it has no rows.
    people : mapping, optional
        For a column that names learners, the column that holds them as a list of (name, `learner_id`): a click on a
        name picks that learner.
    about : str, optional
        The column with the id that a row stands for when it is picked: `learner_id`, say.
    group : str, optional
        As for `FigureView`.

    Attributes
    ----------
    selected : dict
        The row that is picked, with all columns of the frame; empty where none is.

    Examples
    --------
    >>> import reflectlab
    >>> view = TableView(reflectlab.example().learners, columns={"name": "Learner"}, about="learner_id")
    >>> view.content["rows"][1]["cells"]
    ['Ben']
    """

    _esm = script("table.js")
    _css = STYLE

    content = traitlets.Dict().tag(sync=True)
    pick = traitlets.Dict({"drawn": 0, "row": _NOTHING}).tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    group = traitlets.Unicode().tag(sync=True)
    selected = traitlets.Dict()

    def __init__(
        self,
        frame: pd.DataFrame | None = None,
        *,
        columns: dict[str, str] | None = None,
        caption: str = "",
        empty: str = "",
        about: str | None = None,
        people: dict[str, str] | None = None,
        group: str = "",
    ) -> None:
        self._columns, self._about, self._people = columns, about, people or {}
        self._named: list[str] = []
        self._caption, self._empty = caption, empty
        self._rows: list[dict[str, Any]] = []
        self._drawn = 0
        super().__init__(group=group or secrets.token_hex(8))
        if frame is not None:
            self.show(frame)

    def still(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what it leaves in a notebook."""
        yield "table", self.content

    def show(self, frame: pd.DataFrame, *, caption: str | None = None, columns: dict[str, str] | None = None) -> None:
        """Show another frame.

        Parameters
        ----------
        frame : pandas.DataFrame
        caption : str, optional
            What it is called; as before by default.
        columns : mapping, optional
            The columns to show, each with its heading; as before by default.
        """
        self._rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
        self._caption = self._caption if caption is None else caption
        self._drawn, self._named = self._drawn + 1, []
        self._columns = columns or self._columns
        columns = self._columns or {str(name): str(name) for name in frame.columns}
        with self.hold_sync():
            self.content = {
                "drawn": self._drawn,
                "caption": self._caption,
                "empty": self._empty,
                "columns": list(columns.values()),
                "rows": [self._row(place, row, list(columns)) for place, row in enumerate(self._rows)],
            }
            self.pick = {"drawn": self._drawn, "row": _NOTHING}

    def keep(self, learner_id: str | None) -> None:
        """Keep the rows of a learner lit; the row of another learner is picked no more.

        Parameters
        ----------
        learner_id : str or None
        """
        if self.selected and self.selected.get("learner_id") != learner_id:
            self.pick = {"drawn": self._drawn, "row": _NOTHING}
        self.kept = {"learner": opaque(learner_id)}

    @traitlets.observe("pick")
    def _on_pick(self, change: Any) -> None:
        place = change["new"].get("row")
        known = change["new"].get("drawn") == self._drawn and isinstance(place, int)
        person = change["new"].get("person")
        if known and isinstance(person, int) and 0 <= person < len(self._named):
            self.selected = {"learner_id": self._named[person]}
            return
        self.selected = self._rows[place] if known and 0 <= place < len(self._rows) else {}

    def _row(self, place: int, row: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
        told: dict[str, Any] = {"cells": [shown_text(row[name]) for name in columns]}
        told |= {name: opaque(_id(row, f"{name}_id")) for name in ("learner", "goal")}
        people = {columns.index(name): self._people_of(row[ids]) for name, ids in self._people.items() if ids in row}
        told |= {"people": people} if people else {}
        stands_for_one = self._about is not None and _id(row, self._about) is not None
        return told | {"row": place} if stands_for_one else told

    def _people_of(self, people: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        first = len(self._named)
        self._named += [learner for _, learner in people]
        return [{"text": name, "person": first + place} for place, (name, _) in enumerate(people)]


def shown_text(value: Any) -> str:
    """Return what a cell shows: nothing where a value is missing, a day without its midnight.

    >>> shown_text(pd.Timestamp("2026-07-20")), shown_text(float("nan")), shown_text(3.0), shown_text("007")
    ('2026-07-20', '', '3', '007')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _id(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None
