"""What a network holds: the learners in it, how they are tied, and what each of them did in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...errors import ArgumentError
from ...language import gettext, ngettext, translatable
from .words import called, checked_frame, group_columns, mapping, number_of, records

_MEASURED = ("source", "target", "kind", "episodes", "minutes")

_DID = translatable(
    {
        "support": ("{name} supported {other} {number} time", "{name} supported {other} {number} times"),
        "shared_goal": (
            "{name} worked on a shared goal with {other} {number} time",
            "{name} worked on a shared goal with {other} {number} times",
        ),
        "other": ("{name} worked with {other} {number} time", "{name} worked with {other} {number} times"),
    }
)


@dataclass(frozen=True)
class Tie:
    """What two learners were to each other, and in how many episodes; support runs from `source` to `target`."""

    source: str
    target: str
    kind: str
    episodes: int

    @property
    def pair(self) -> tuple[str, str]:
        """The two, whoever supported whom."""
        return min(self.source, self.target), max(self.source, self.target)


@dataclass(frozen=True)
class Ties:
    """The ties that are drawn, and what the learners are called."""

    drawn: Sequence[Tie]
    names: dict[str, str]

    @cached_property
    def pairs(self) -> dict[tuple[str, str], float]:
        """How many episodes every two who are tied had."""
        found: dict[tuple[str, str], float] = defaultdict(float)
        for tie in self.drawn:
            found[tie.pair] += tie.episodes
        return dict(found)

    @cached_property
    def partners(self) -> dict[str, int]:
        """With how many others each learner worked."""
        found: dict[str, int] = defaultdict(int)
        for pair in self.pairs:
            for learner in pair:
                found[learner] += 1
        return dict(found)

    @cached_property
    def helped(self) -> dict[str, int]:
        """How often each learner supported somebody."""
        found: dict[str, int] = defaultdict(int)
        for tie in self.drawn:
            if tie.kind == "support":
                found[tie.source] += tie.episodes
        return dict(found)

    def name(self, learner: str) -> str:
        """Return what a learner is called."""
        return called(self.names, learner)

    def tie_text(self, tie: Tie) -> str:
        """Return a tie in words."""
        return ngettext(*_DID[tie.kind], tie.episodes, name=self.name(tie.source), other=self.name(tie.target))

    def learner_text(self, learner: str) -> str:
        """Return in words what a learner did."""
        partners, helped = self.partners.get(learner, 0), self.helped.get(learner, 0)
        others = ngettext("worked with {number} other", "worked with {number} others", partners)
        told = [others if partners else gettext("worked with nobody")]
        if helped:
            told.append(ngettext("supported somebody {number} time", "supported somebody {number} times", helped))
        return f"{self.name(learner)}: {'; '.join(told)}"

    def sentence(self, learners: Sequence[str]) -> str:
        """Return the ties of these learners in words."""
        number, pairs = len(learners), len(self.pairs)
        if not pairs:
            return gettext("{learners}; nobody worked with anybody.", learners=number_of(number, "learner"))
        said = gettext(
            "{learners}; {pairs} worked together.",
            learners=number_of(number, "learner"),
            pairs=number_of(pairs, "pair"),
        )
        supports = [tie for tie in self.drawn if tie.kind == "support"]
        if supports:
            most = max(supports, key=lambda tie: tie.episodes)
            helpers = len({tie.source for tie in supports})
            times = number_of(sum(tie.episodes for tie in supports), "time")
            helping = number_of(helpers, "learner")
            said += " " + gettext("{learners} supported somebody, {times} in all.", learners=helping, times=times)
            if most.episodes > 1:
                said += " " + gettext("Most often: {what}.", what=self.tie_text(most))
        alone = number - len(self.partners)
        return f"{said} {alone_sentence(alone)}" if alone else said


def ties_of(what: str, network: Any, names: Any) -> Ties:
    """Return the ties of a frame as `reflectlab.network` gives it; raise where it holds more than one group."""
    table = checked_frame(what, network, ["source", "target", "kind", "episodes"])
    for column in group_columns(table, _MEASURED):
        if table[column].nunique(dropna=False) > 1:
            raise ArgumentError(
                f"must be of one group; {column} holds {table[column].nunique(dropna=False)}. "
                f"Keep one of them, or measure it without `by`.",
                what,
            )
    columns = table[["source", "target", "kind", "episodes"]]
    drawn = [
        Tie(str(row["source"]), str(row["target"]), _kind(row["kind"]), int(row["episodes"]))
        for row in records(columns.dropna())
    ]
    return Ties(drawn, mapping("names", names))


def alone_sentence(number: int) -> str:
    """Return how many worked with nobody.

    >>> alone_sentence(1)
    '1 learner worked with nobody.'
    """
    return gettext("{learners} worked with nobody.", learners=number_of(number, "learner"))


def everybody(given: Iterable[Any] | None, *several: Ties) -> list[str]:
    """Return the learners that are given, in that order, and behind them whoever else is tied."""
    if isinstance(given, str):
        raise ArgumentError(f"must be a sequence of learners; got {given!r}.", "learners")
    first = [str(learner) for learner in given] if given is not None else []
    tied = sorted({learner for ties in several for tie in ties.drawn for learner in tie.pair})
    return list(dict.fromkeys([*first, *tied]))


def _kind(kind: object) -> str:
    return kind if isinstance(kind, str) and kind in _DID else "other"
