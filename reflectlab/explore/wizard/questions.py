"""`Questions`: a table of text with an answer to choose in each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..widgets import STYLE, script


@dataclass(frozen=True)
class Question:
    """A row, which is about its `key` wherever it stands.

    `cells` are what stands in it, `label` is what its answer is called to a screen reader. The answers are (label,
    value); one is picked from a list or, where it is a `click`, there are two and a button says the other one. A row
    without answers asks nothing.
    """

    key: str
    cells: Sequence[str]
    label: str = ""
    options: Sequence[tuple[str, str]] = ()
    answer: str = ""
    click: bool = False


class Questions(anywidget.AnyWidget):
    """A table of text with an answer to choose in each row; whatever stands in it is shown as text.

    `answers` has the answer of each row by its key. An answer names its key and what all is `of`, a file say: it lands
    where it was given, however late it comes, and is let go of if that was another file.

    >>> asked = Questions("Words", ["Word", "Means"])
    >>> asked.ask([Question("S", ["S"], "What S means", [("met", "met"), ("stuck", "stuck")], "stuck")], of="room5.csv")
    >>> asked.hear({"do": "answer", "of": "room5.csv", "key": "S", "value": "met"})
    >>> asked.answers
    {'S': 'met'}
    """

    _esm = script(Path(__file__).with_suffix(".js"))
    _css = STYLE

    content = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    heard = traitlets.Dict().tag(sync=True)

    def __init__(self, caption: str, columns: Sequence[str]) -> None:
        self._columns = list(columns)
        self._may: dict[str, set[str]] = {}
        super().__init__(content={"caption": caption, "columns": self._columns, "rows": [], "of": ""})
        self.on_msg(lambda _, message, __: self.hear(message))

    def ask(self, questions: Sequence[Question], *, of: str = "", caption: str | None = None) -> None:
        """Ask other questions; `of` the same as before, the rows that stay are left in their place."""
        if of != self.content["of"]:
            self._may = {}
        self._may |= {each.key: {value for _, value in each.options} for each in questions}
        with self.hold_sync():
            said = self.content["caption"] if caption is None else caption
            self.content = {**self.content, "caption": said, "of": of, "rows": [_row(each) for each in questions]}
            self.answers = {each.key: each.answer for each in questions if each.options}

    def hear(self, message: Any) -> None:
        """Hear an answer from a page, and tell the page which was the last one that was heard."""
        told = message if isinstance(message, dict) else {}
        if told.get("do") != "answer":
            return
        key, value = str(told.get("key")), told.get("value")
        with self.hold_sync():
            self.heard = {**self.heard, str(told.get("by", "")): told.get("number", 0)}
            if told.get("of") == self.content["of"] and value in self._may.get(key, ()):
                self.answers = {**self.answers, key: value}


def _row(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "cells": list(question.cells),
        "label": question.label,
        "options": [list(pair) for pair in question.options],
        "click": question.click,
    }
