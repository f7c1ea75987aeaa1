"""A school, simulated in parts: a hundred classes at once, each further hundred from a seed of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError, need_columns
from ..log import ProgressLog
from ..log.calendar import Term
from . import invented
from .plan import Knobs
from .unfold import unfolded
from .written import Place, Writer

AT_ONCE = 100
"""So many classes are simulated at once; what is drawn for the next ones is drawn from a seed of theirs."""


@dataclass(frozen=True, slots=True)
class School:
    """What `simulate_school` returns: the five tables of a log, and the truth behind them.

    Attributes
    ----------
    events, collaborations, learners, goals, terms : pandas.DataFrame
        As in `ProgressLog`.
    truth : pandas.DataFrame
        One row a learner and goal: `learner_id, goal_id, ability, sociability, start, stop, met, switch,
        kind`. `start`, `stop` and `switch` (when the learner first worked on the goal with somebody, whether
        or not it was written down; infinite if never) are school days counted from 0, with their fractions.
    """

    events: pd.DataFrame
    collaborations: pd.DataFrame
    learners: pd.DataFrame
    goals: pd.DataFrame
    terms: pd.DataFrame
    truth: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the five tables."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "truth"}

    def log(self) -> ProgressLog:
        """Return the log that this school kept."""
        return ProgressLog.from_tables(
            events=self.events,
            collaborations=self.collaborations if len(self.collaborations) else None,
            learners=self.learners,
            goals=self.goals,
            terms=self.terms,
        )


def in_parts(
    *, goals: int | pd.DataFrame, weeks: int, start: date, closed: Sequence[date], seed: int, **asked: Any
) -> Iterator[School]:
    """Return the school in parts, `AT_ONCE` classes each; arguments are checked before the first."""
    catalogue = invented.goals(goals) if isinstance(goals, int) else goals
    need_columns("goals", catalogue.columns, ["goal_id"])
    knobs = Knobs(goals=len(catalogue), **asked)
    return _simulated(knobs, catalogue, _term(start, weeks, closed), seed)


def _simulated(knobs: Knobs, catalogue: pd.DataFrame, term: Term, seed: int) -> Iterator[School]:
    nature = None
    for number, first in enumerate(range(0, knobs.classes, AT_ONCE)):
        some = knobs.of_classes(first, min(AT_ONCE, knobs.classes - first))
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)) if number else seed)
        who, what, together, nature = unfolded(rng, some, len(term.school_days()), nature)
        place = Place(first, first * knobs.learners, knobs.classes * knobs.learners)
        writer = Writer(place, rng, who, what, catalogue, term, knobs.mode == "dates")
        yield School(
            events=writer.events(together.met),
            collaborations=writer.collaborations(together, knobs.unrecorded),
            learners=writer.learners(),
            goals=catalogue,
            terms=writer.terms(),
            truth=writer.truth(together),
        )


def whole(parts: Iterator[School]) -> School:
    """Put the parts of a school together."""
    first, *more = parts
    if not more:
        return first
    split = [field.name for field in fields(School) if field.name not in ("goals", "terms")]
    tables = {name: pd.concat([getattr(part, name) for part in (first, *more)], ignore_index=True) for name in split}
    return School(goals=first.goals, terms=first.terms, **tables)


def _term(start: date, weeks: int, closed: Sequence[date]) -> Term:
    if weeks < 1:
        raise ArgumentError(f"must be a whole number from 1; got {weeks!r}.", "weeks")
    end = start + timedelta(days=7 * weeks - 1)
    while end.weekday() >= 5:
        end -= timedelta(days=1)
    term = Term("t1", "A simulated term", start, end, tuple(closed))
    if not term.school_days():
        raise ArgumentError("leaves no school day in the term: take some days out of it.", "closed")
    return term
