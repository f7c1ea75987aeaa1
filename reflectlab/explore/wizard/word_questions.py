"""`WordQuestions`: what the words of a file mean that are not known."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ...problems import WORDS_OF
from ..widgets.questions import Question, Questions
from .reading import Arguments

MEANS = {
    "set": "the goal was set", "started": "started on it", "worked": "worked on it", "stuck": "got stuck",
    "met": "met the goal", "reopened": "took it up again", "dropped": "dropped it", "helper": "helped someone",
    "seeker": "got help", "peer": "worked together", "learner": "the learner chose", "teacher": "the teacher chose",
    "absent": "was away",
}  # fmt: skip
"""What a word can mean, in words."""

_LEAVE_OUT = "-"

_GIVEN = {"code": "", "column": "", "suggestion": "", "rows": ""}


class WordQuestions(Questions):
    """Ask for the meaning of each word that is not known; `arguments` has `words` of `load`, if anything was said."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change, self._busy = on_change, False
        self._seen: dict[str, Mapping[Any, Any]] = {}
        self._words: list[str] = []
        super().__init__("Words that are not known", ["Word", "In the column", "Rows", "Perhaps", "Means"])
        self.observe(self._on_answer, "answers")

    @property
    def arguments(self) -> Arguments:
        """What was said, as arguments of `load`."""
        told = {word: self.answers.get(str(place), "") for place, word in enumerate(self._words)}
        words = {word: None if meaning == _LEAVE_OUT else meaning for word, meaning in told.items() if meaning}
        return {"words": words} if words else {}

    def forget(self) -> None:
        """Forget the words of the file before."""
        self._seen = {}

    def show(self, unknown: pd.DataFrame, arguments: Arguments) -> None:
        """Ask for each unknown word, and show what was said of others, so that it can be changed."""
        given = arguments.get("words", {})
        found = {row["value"]: row for row in unknown.to_dict("records")}
        self._seen = {**{word: self._seen.get(word, _GIVEN) for word in given}, **self._seen, **found}
        self._words = [word for word in self._seen if word in given or word in found]
        self._busy = True
        self.ask([_question(word, self._seen[word], given) for word in self._words])
        self._busy = False

    def _on_answer(self, _: Any) -> None:
        if not self._busy:
            self._on_change()


def _question(word: str, row: Mapping[Any, Any], given: Mapping[str, str | None]) -> Question:
    options = [(MEANS[meaning], meaning) for meaning in WORDS_OF.get(row["code"], MEANS)]
    answer = (given[word] or _LEAVE_OUT) if word in given else ""
    return Question(
        [word, str(row["column"]), str(row["rows"]), str(row["suggestion"])],
        f"What {word} means",
        [("not said yet", ""), *options, ("leave these rows out", _LEAVE_OUT)],
        answer,
    )
