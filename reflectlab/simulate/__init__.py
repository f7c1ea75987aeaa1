"""A school whose truth is known: to try out what the package says where the right answer is at hand."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack, overload

import pandas as pd

from ..log import ProgressLog
from .school import School, in_parts, whole
from .stream import write_parts

__all__ = ["School", "simulate", "simulate_school"]


class _Knobs(TypedDict, total=False):
    """What `simulate` may be asked, but for where to."""

    classes: int
    learners: int
    weeks: int
    goals: int | pd.DataFrame
    hazard_ratio: float | Sequence[float] | Mapping[str, float]
    mode: str
    ability_sociability: float
    seek_when_stuck: float
    difficulty: float
    unrecorded: float
    start: date
    closed: Sequence[date]
    seed: int


@overload
def simulate(*, to: None = None, **knobs: Unpack[_Knobs]) -> ProgressLog: ...


@overload
def simulate(*, to: str | os.PathLike[str], **knobs: Unpack[_Knobs]) -> Path: ...


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
    to: str | os.PathLike[str] | None = None,
) -> ProgressLog | Path:
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
    to : str or path, optional
        A new folder to write the log into as it is simulated, for a school that memory does not hold: `scan` opens it.

    Returns
    -------
    ProgressLog or Path
        The log; with `to`, the folder, which holds the same log as Parquet: `events`, `collaborations` and `learners`
        as folders of a file for every 100 classes.

    Raises
    ------
    ArgumentError
        If an argument is out of its range.
    ExistsError
        If there is anything at `to`.

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

    A hundred classes are simulated at once: the first hundred from `seed`, each further hundred from a seed spawned
    from it. What the goals are like is drawn once.

    Examples
    --------
    >>> simulate(classes=1, learners=12, weeks=4, seed=1)
    ProgressLog: 12 learners, ...
    """
    parts = in_parts(
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
    return whole(parts).log() if to is None else write_parts((part.tables() for part in parts), Path(to))


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
    return whole(
        in_parts(
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
    )
