"""`Questions`: a table of text with an answer to choose in each row."""

from collections.abc import Sequence
from dataclasses import dataclass

import anywidget
import traitlets

from . import STYLE, script


@dataclass(frozen=True)
class Question:
    """A row: what stands in it, what its picker is called to a screen reader, and the answers as (label, value)."""

    cells: Sequence[str]
    label: str
    options: Sequence[tuple[str, str]]
    answer: str = ""


class Questions(anywidget.AnyWidget):
    """A table of text with a picker at the end of each row; whatever stands in it is shown as text.

    `answers` has the answer of each row, by the number of the row as text.

    >>> asked = Questions("Words", ["Word", "Means"])
    >>> asked.ask([Question(["S"], "What S means", [("met", "met"), ("stuck", "stuck")], "stuck")])
    >>> asked.answers
    {'0': 'stuck'}
    """

    _esm = script("questions.js")
    _css = STYLE

    content = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __init__(self, caption: str, columns: Sequence[str]) -> None:
        self._columns = list(columns)
        super().__init__(content={"caption": caption, "columns": self._columns, "rows": []})

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask other questions."""
        rows = [
            {"cells": list(each.cells), "label": each.label, "options": [list(pair) for pair in each.options]}
            for each in questions
        ]
        with self.hold_sync():
            self.content = {**self.content, "rows": rows}
            self.answers = {str(place): each.answer for place, each in enumerate(questions)}
