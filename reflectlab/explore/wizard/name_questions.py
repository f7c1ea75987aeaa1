"""`NameQuestions`: the children and the goals of a file, and which of them are one."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from ...language import counted, gettext, listed, number_in_words, translatable
from ...load.learners import alike
from ...log import ProgressLog
from ..widgets.text import TextView
from .questions import Question, Questions
from .reading import Arguments

_LISTED = 60
"""How many names are listed, and may be corrected one by one."""

_ONE = "one"

_OUT = "-"

_FIT = {"width": "fit-content", "align_self": "flex-start"}

_CLICK = translatable({"": "Undo", _ONE: "They are one"})


@dataclass(frozen=True)
class NamedThings:
    """What is named: children or goals, the argument of `load` that joins two names of it, and what is said of them."""

    column: str
    called: str
    argument: str
    said: Mapping[str, str]

    def number(self, number: int) -> str:
        """Return a number of them in words."""
        return counted(number, "child", "children") if self.called == "name" else counted(number, "goal")


CHILDREN = NamedThings(
    "learner_id",
    "name",
    "same",
    translatable(
        {
            "pairs": "Perhaps one and the same child",
            "correct": "Correct the children one by one",
            "each": "The children one by one",
            "own": "a child of its own",
        }
    ),
)

GOALS = NamedThings(
    "goal_id",
    "title",
    "same_goals",
    translatable(
        {
            "pairs": "Perhaps one and the same goal",
            "correct": "Correct the goals one by one",
            "each": "The goals one by one",
            "own": "a goal of its own",
        }
    ),
)


_PAIRS = translatable(["Written", "Rows", "Perhaps the same as", "Rows", "Is it so?"])

_EACH = translatable(["Written", "Rows", "Is"])


class NameQuestions(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """List the names of a kind with the rows of each, those that are likely one beside each other.

    Two are made one by a click, and two again by another. `arguments` are those of `load` that say so.
    """

    def __init__(self, kind: NamedThings, on_change: Callable[[], None]) -> None:
        self._kind, self._on_change, self._busy = kind, on_change, False
        self._pairs: dict[tuple[str, str], str] = {}
        self._names: list[str] = []
        self._of = ""
        self.listed = TextView()
        self.pairs = Questions(gettext(kind.said["pairs"]), list(map(gettext, _PAIRS)))
        self.correct = widgets.Button(description=gettext(kind.said["correct"]), layout=_FIT)
        self.each = Questions(gettext(kind.said["each"]), list(map(gettext, _EACH)))
        self.each.layout.display = "none"
        super().__init__([self.listed, self.pairs, self.correct, self.each])
        self.correct.on_click(lambda _: self._toggle())
        for asked in (self.pairs, self.each):
            asked.observe(self._on_answer, "answers")

    @property
    def arguments(self) -> Arguments:
        """What was said, as arguments of `load`."""
        said = {pair[0]: pair[1] for pair in self._pairs if self.pairs.answers.get(_key(pair)) == _ONE}
        said |= {name: value[1:] for name, value in self.each.answers.items() if value.startswith("=")}
        out = [name for name, value in self.each.answers.items() if value == _OUT]
        joined = {name: one for name in said if (one := _last(name, said)) != name}
        return {**({self._kind.argument: joined} if joined else {}), **({"leave_out": out} if out else {})}

    def show(self, log: ProgressLog | None, arguments: Arguments, *, of: str) -> None:
        """List the names of a log; those of which something was said stay, so that it can be changed."""
        if of != self._of:
            self._pairs, self._names, self._of = {}, [], of
        rows = _rows_of(log, self._kind) if log is not None else Counter[str]()
        said = arguments.get(self._kind.argument, {})
        found = _likely_one(log, rows, self._kind) if log is not None else {}
        for written, one in [*found.items(), *said.items()]:
            if not any(pair[0] == written for pair in self._pairs):
                self._pairs[written, one] = number_in_words(rows[written]) if rows[written] else ""
        self._busy = True
        self.listed.text = _in_words(rows, self._kind) if log is not None else ""
        self._ask(rows, said, arguments, found)
        self._busy = False

    def _ask(
        self, rows: Mapping[str, int], said: Mapping[str, str], arguments: Arguments, found: Iterable[str]
    ) -> None:
        asked = [pair for pair in self._pairs if pair[0] in {*found, *said}]
        self.pairs.ask([self._pair(pair, rows, said) for pair in asked], of=self._of)
        left_out = [name for name in arguments.get("leave_out", []) if self._kind is CHILDREN and name != "staff"]
        paired = {pair[0] for pair in asked if self.pairs.answers[_key(pair)] == _ONE}
        there = [name for name in dict.fromkeys([*rows, *said, *left_out]) if name not in paired]
        self._names = [*(name for name in self._names if name in there), *(n for n in there if n not in self._names)]
        few = len(self._names) <= _LISTED
        self.correct.layout.display = None if few and rows else "none"
        answers = {**dict.fromkeys(left_out, _OUT), **{name: f"={one}" for name, one in said.items()}}
        self.each.ask([self._name(name, rows, answers) for name in self._names] if few else [], of=self._of)

    def _pair(self, pair: tuple[str, str], rows: Mapping[str, int], said: Mapping[str, str]) -> Question:
        written, one = pair
        answer = _ONE if said.get(written) == _last(one, said) else ""
        cells = [written, self._pairs[pair], one, number_in_words(rows.get(one, 0))]
        options = [(gettext(label), value) for value, label in _CLICK.items()]
        return Question(_key(pair), cells, listed(pair), options, answer, click=True)

    def _name(self, name: str, rows: Mapping[str, int], answers: Mapping[str, str]) -> Question:
        others = [(gettext("the same as {name}", name=other), f"={other}") for other in self._names if other != name]
        out = [(gettext("no child: leave out"), _OUT)] if self._kind is CHILDREN else []
        options = [(gettext(self._kind.said["own"]), ""), *out, *others]
        cells = [name, number_in_words(rows.get(name, 0))]
        return Question(name, cells, gettext("Who {name} is", name=name), options, answers.get(name, ""))

    def _toggle(self) -> None:
        self.each.layout.display = None if self.each.layout.display == "none" else "none"

    def _on_answer(self, _: Any) -> None:
        if not self._busy:
            self._on_change()


def _key(pair: tuple[str, str]) -> str:
    return json.dumps(pair, ensure_ascii=False)


def _last(name: str, said: Mapping[str, str]) -> str:
    """Return whom a name stands for in the end, as the one it stands for may stand for another."""
    seen = [name]
    while (after := said.get(seen[-1])) is not None and after not in seen:
        seen.append(after)
    return seen[-1]


def _rows_of(log: ProgressLog, kind: NamedThings) -> Counter[str]:
    """Return in how many rows each stands, the most frequent first."""
    everyone = log.learners if kind is CHILDREN else log.goals
    rows = pd.concat([log.events[kind.column], log.collaborations[kind.column]]).value_counts()
    counts = {str(one): int(rows.get(one, 0)) for one in everyone[kind.column]}
    return Counter(dict(sorted(counts.items(), key=lambda pair: -pair[1])))


def _in_words(rows: Mapping[str, int], kind: NamedThings) -> str:
    shown = [f"{name} ({number_in_words(number)})" for name, number in list(rows.items())[:_LISTED]]
    told = {"number": kind.number(len(rows)), "names": ", ".join(shown)}
    if len(rows) <= _LISTED:
        return gettext("{number}, with the rows of each: {names}.", **told)
    more = number_in_words(len(rows) - _LISTED)
    return gettext("{number}, with the rows of each: {names} and {more} more.", more=more, **told)


def _likely_one(log: ProgressLog, rows: Mapping[str, int], kind: NamedThings) -> dict[str, str]:
    """Return the names that are likely another one, and which; none where a roster or a list of goals says them."""
    everyone = log.learners if kind is CHILDREN else log.goals
    if everyone["row"].notna().any():
        return {}
    if kind is GOALS:
        return alike(rows)
    found: dict[str, str] = {}
    for _, room in everyone.groupby("class_id", dropna=False):
        ids = {str(name): str(one) for one, name in zip(room[kind.column], room[kind.called], strict=True)}
        likely = alike({name: rows[one] for name, one in ids.items()})
        found |= {ids[written]: ids[one] for written, one in {**_first_names(ids), **likely}.items()}
    return found


def _first_names(names: Iterable[str]) -> dict[str, str]:
    """Return the first names that stand alone where one child, and no other, is called so with a last name.

    >>> _first_names(["Ben", "Ben Smith", "Zoe", "Zoe Hall", "Zoe Lee"])
    {'Ben': 'Ben Smith'}
    """
    whole: dict[str, list[str]] = {}
    for name in names:
        first, *rest = name.split()
        if rest:
            whole.setdefault(first.casefold(), []).append(name)
    alone = {name: whole.get(name.casefold(), []) for name in names}
    return {name: some[0] for name, some in alone.items() if len(some) == 1 and some[0] != name}
