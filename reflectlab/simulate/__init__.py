"""A school whose truth is known: to try out what the package says where the right answer is at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from ..errors import ArgumentError, need_columns
from ..log import ProgressLog
from ..log.calendar import Term
from . import invented
from .plan import Knobs
from .unfold import unfolded
from .written import Writer

__all__ = ["School", "simulate", "simulate_school"]


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

    def log(self) -> ProgressLog:
        """Return the log that this school kept."""
        return ProgressLog.from_tables(
            events=self.events,
            collaborations=self.collaborations if len(self.collaborations) else None,
            learners=self.learners,
            goals=self.goals,
            terms=self.terms,
        )


def simulate(
    *,
    classes: int = 4,
    learners: int = 26,
    weeks: int = 10,
    goals: int | pd.DataFrame = 24,
    hazard_ratio: float | Sequence[float] | Mapping[str, float] = 1.5,
    mode: str = "times",
    ability_sociability: float = 0.0,
    seek_when_stuck: float = 1.0,
    difficulty: float = 0.0,
    unrecorded: float = 0.0,
    start: date = date(2026, 7, 20),
    closed: Sequence[date] = (),
    seed: int = 0,
) -> ProgressLog:
    """Simulate the log of a school in which the effect of working together is known.

    Every child has goals of their own, five to nine in ten weeks, taken up in their own order on days agreed
    ahead; looks for classmates now and then, more or less often by nature; works with some who have the same
    goal open, or is helped by one who has met it; is stuck for a few days now and then; and meets the goal
    sooner once they have worked on it with somebody.

    Parameters
    ----------
    classes, learners : int
        How many classes, and how many learners in each. In a class of 26 one joins late and one leaves early.
    weeks : int
        How long the term is.
    goals : int or DataFrame
        How many goals there are to take up, or a table of your own: `goal_id`, and any of `title, strand,
        level`. Those that come first tend to be taken up first.
    hazard_ratio : float, sequence or mapping
        How many times as likely a goal is met, per school day, once the learner has worked on it with
        somebody: one number, one for each class, or one for each kind of that first time (`shared_goal`,
        `sought_support`; what is not named has 1).
    mode : {"times", "dates"}
        `times`: clock times, and the effect is immediate. `dates`: every time is midnight, and the effect
        begins on the next school day.
    ability_sociability : float
        Correlation, from -1 to 1, of how able children are with how often they look for classmates. Other
        than 0 it misleads comparisons between children, not within.
    seek_when_stuck : float
        How many times as often children look for somebody while they are stuck. Above 1 the cause is
        reversed: slow going leads to collaboration.
    difficulty : float
        Standard deviation of the log hazard between goals; 0 makes all equally hard.
    unrecorded : float
        Share of episodes that nobody wrote down, from 0 to 1; they have their effect all the same.
    start : date
        The first day of the term.
    closed : sequence of date
        Days without school beside weekends.
    seed : int
        The same seed and arguments give the same school.

    Returns
    -------
    ProgressLog

    Raises
    ------
    ArgumentError
        If an argument is out of its range.

    See Also
    --------
    simulate_school : the same as plain tables, with the truth that no school knows; quicker.

    Notes
    -----
    A learner's hazard of meeting a goal is `ability * baseline(age of the spell) * ratio ** exposed`: Cox's
    model, stratified by learner, holds exactly, save that while stuck (which has its own time and its own
    end) the hazard is halved. Learners look for somebody in Poisson processes whose intensity depends on what
    has happened only. When the next goal is taken up does not depend on when the one before is met; if it
    did, the stretch of the term left for a goal would tell about the others of the same learner, and the few
    goals of one learner could not be compared without bias.

    Examples
    --------
    >>> simulate(classes=1, learners=12, weeks=4, seed=1)
    ProgressLog: 12 learners, ...
    """
    made = simulate_school(
        classes=classes,
        learners=learners,
        weeks=weeks,
        goals=goals,
        hazard_ratio=hazard_ratio,
        mode=mode,
        ability_sociability=ability_sociability,
        seek_when_stuck=seek_when_stuck,
        difficulty=difficulty,
        unrecorded=unrecorded,
        start=start,
        closed=closed,
        seed=seed,
    )
    return made.log()


def simulate_school(
    *,
    classes: int = 4,
    learners: int = 26,
    weeks: int = 10,
    goals: int | pd.DataFrame = 24,
    hazard_ratio: float | Sequence[float] | Mapping[str, float] = 1.5,
    mode: str = "times",
    ability_sociability: float = 0.0,
    seek_when_stuck: float = 1.0,
    difficulty: float = 0.0,
    unrecorded: float = 0.0,
    start: date = date(2026, 7, 20),
    closed: Sequence[date] = (),
    seed: int = 0,
) -> School:
    """Simulate a school as `simulate` does, and return plain tables and the truth.

    Parameters
    ----------
    classes, learners, weeks, goals, hazard_ratio, mode, ability_sociability, seek_when_stuck, difficulty, \
unrecorded, start, closed, seed
        As in `simulate`.

    Returns
    -------
    School

    Examples
    --------
    >>> school = simulate_school(classes=1, learners=12, weeks=4, seed=1)
    >>> school.truth.columns.tolist()
    ['learner_id', 'goal_id', 'ability', 'sociability', 'start', 'stop', 'met', 'switch', 'kind']
    """
    catalogue = invented.goals(goals) if isinstance(goals, int) else goals
    need_columns("goals", catalogue.columns, ["goal_id"])
    knobs = Knobs(
        classes=classes,
        learners=learners,
        goals=len(catalogue),
        hazard_ratio=hazard_ratio,
        mode=mode,
        ability_sociability=ability_sociability,
        seek_when_stuck=seek_when_stuck,
        difficulty=difficulty,
        unrecorded=unrecorded,
    )
    term = _term(start, weeks, closed)
    rng = np.random.default_rng(seed)
    who, what, together = unfolded(rng, knobs, len(term.school_days()))
    writer = Writer(rng, who, what, catalogue, term, mode == "dates")
    return School(
        events=writer.events(together.met),
        collaborations=writer.collaborations(together, unrecorded),
        learners=writer.learners(),
        goals=catalogue,
        terms=writer.terms(),
        truth=writer.truth(together),
    )


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
