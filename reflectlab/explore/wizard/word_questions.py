"""`WordQuestions`: what the words of a file mean that are not known."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ...language import gettext, translatable
from ...problems import WORDS_OF
from .questions import Question, Questions
from .reading import Arguments

MEANS = translatable({
    "set": "the goal was set", "started": "started on it", "worked": "worked on it", "stuck": "got stuck",
    "met": "met the goal", "reopened": "took it up again", "dropped": "dropped it", "helper": "helped someone",
    "seeker": "got help", "peer": "worked together", "learner": "the learner chose", "teacher": "the teacher chose",
    "absent": "was away",
})  # fmt: skip
"""What a word can mean, in words."""

_LEAVE_OUT = "-"

_COLUMNS = translatable(["Word", "In the column", "Rows", "Perhaps", "Means"])

_GIVEN = {"code": "", "column": "", "suggestion": "", "rows": ""}


class WordQuestions(Questions):
    """Ask for the meaning of each word that is not known; `arguments` has `words` of `load`, if anything was said.

    An answer is about a column and a word. Words keep their order until another file is opened: those that turn up
    later stand below.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change, self._busy = on_change, False
        self._seen: dict[str, Mapping[Any, Any]] = {}
        self._keys: dict[str, str] = {}
        super().__init__(gettext("Words that are not known"), list(map(gettext, _COLUMNS)))
        self.observe(self._on_answer, "answers")

    @property
    def arguments(self) -> Arguments:
        """What was said, as arguments of `load`."""
        means = {word: meaning for word, key in self._keys.items() if (meaning := self.answers.get(key))}
        words = {word: None if meaning == _LEAVE_OUT else meaning for word, meaning in means.items()}
        return {"words": words} if words else {}

    def forget(self) -> None:
        """Forget the words of the file before."""
        self._seen, self._keys = {}, {}

    def show(self, unknown: pd.DataFrame, arguments: Arguments, *, of: str) -> None:
        """Ask for each unknown word of a file, and show what was said of others, so that it can be changed."""
        given = arguments.get("words", {})
        found = {row["value"]: row for row in unknown.to_dict("records")}
        for word in (*found, *given):
            self._seen[word] = found.get(word, self._seen.get(word, _GIVEN))
            self._keys.setdefault(word, _key(str(self._seen[word]["column"]), word))
        asked = [word for word in self._seen if word in given or word in found]
        self._busy = True
        self.ask([self._question(word, given) for word in asked], of=of)
        self._busy = False

    def _on_answer(self, _: Any) -> None:
        if not self._busy:
            self._on_change()

    def _question(self, word: str, given: Mapping[str, str | None]) -> Question:
        row = self._seen[word]
        options = [(gettext(MEANS[meaning]), meaning) for meaning in WORDS_OF.get(row["code"], MEANS)]
        return Question(
            self._keys[word],
            [word, str(row["column"]), str(row["rows"]), str(row["suggestion"])],
            gettext("What {word} means", word=word),
            [(gettext("not said yet"), ""), *options, (gettext("leave these rows out"), _LEAVE_OUT)],
            (given[word] or _LEAVE_OUT) if word in given else "",
        )


def _key(column: str, word: str) -> str:
    """Return what an answer names: it stays the same, whatever becomes known of the word."""
    return json.dumps([column, word], ensure_ascii=False)
