"""What is settled before anybody works together: who is there, and who takes up what and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ArgumentError, one_of

Floats = npt.NDArray[np.float64]

Ints = npt.NDArray[np.int64]

OPEN_GOAL_KINDS = ("shared_goal", "sought_support")
"""The kinds of episode that a learner with an open goal can be in."""

PACE = 8.0

SHAPE = 1.4

STUCK_PACE = 0.5
"""Unaided, an average child meets a goal after Weibull time with this scale (school days) and shape; while
stuck, at half the pace."""

_TOGETHER_PER_DAY = 0.115

_STUCK_PER_DAY = 0.045

_DROPPED_PER_DAY = 0.003

_REOPENED = 0.04

_LONERS = 0.03

_JOINERS = 0.04


@dataclass(frozen=True, slots=True)
class Knobs:
    """The arguments of `simulate`, checked."""

    classes: int
    learners: int
    goals: int
    hazard_ratio: float | Sequence[float] | Mapping[str, float]
    mode: str
    ability_sociability: float
    seek_when_stuck: float
    difficulty: float
    unrecorded: float

    def __post_init__(self) -> None:
        for name in ("classes", "learners", "goals"):
            _need(name, getattr(self, name), getattr(self, name) >= 1, "a whole number from 1")
        one_of("mode", self.mode, ("times", "dates"))
        _need(
            "ability_sociability",
            self.ability_sociability,
            abs(self.ability_sociability) <= 1,
            "from -1 to 1",
        )
        _need("seek_when_stuck", self.seek_when_stuck, self.seek_when_stuck >= 1, "1 or more")
        _need("difficulty", self.difficulty, self.difficulty >= 0, "0 or more")
        _need("unrecorded", self.unrecorded, 0 <= self.unrecorded <= 1, "from 0 to 1")
        _need("hazard_ratio", self.hazard_ratio, bool((self.ratios() > 0).all()), "above 0")

    def of_classes(self, first: int, number: int) -> "Knobs":
        """Return the same for some of the classes."""
        ratio = self.hazard_ratio
        if not isinstance(ratio, Mapping) and np.ndim(ratio):
            ratio = np.asarray(ratio)[first : first + number].tolist()
        return replace(self, classes=number, hazard_ratio=ratio)

    def ratios(self) -> Floats:
        """Return the hazard ratio of each class (row) and kind (column)."""
        given = self.hazard_ratio
        if isinstance(given, Mapping):
            for kind in given:
                one_of("hazard_ratio", kind, OPEN_GOAL_KINDS)
            return np.tile([float(given.get(kind, 1.0)) for kind in OPEN_GOAL_KINDS], (self.classes, 1))
        one = np.asarray(given, dtype=np.float64)
        _need("hazard_ratio", given, one.shape in ((), (self.classes,)), "one number, or one for each class")
        return np.broadcast_to(one.reshape(-1, 1), (self.classes, len(OPEN_GOAL_KINDS)))


@dataclass(frozen=True, slots=True)
class People:
    """The children, one entry each; days are counted from 0."""

    group: Ints
    ability: Floats
    sociability: Floats
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Spells:
    """A child's time on a goal, one entry each, in school days from the start of the term.

    `rate` is how fast the goal is met, from ability and difficulty: once the cumulative hazard reaches `effort`,
    standard exponential. `shut` is when it ends unless met: `dropped`, left or the end of the term; `stuck` holds if
    not met before. `reopens` counts from met (infinite if never), and `remet` from there.
    """

    learner: Ints
    goal: Ints
    start: Floats
    rate: Floats
    effort: Floats
    shut: Floats
    stuck: Floats
    unstuck: Floats
    dropped: npt.NDArray[np.bool_]
    reopens: Floats
    remet: Floats


@dataclass(frozen=True, slots=True)
class Nature:
    """What the goals are like, one entry each: how much children like them, and how hard they are."""

    appeal: Floats
    hardness: Floats


@dataclass(frozen=True, slots=True)
class Occasions:
    """The moments at which a child on a goal looks for somebody, in order."""

    spell: Ints
    time: Floats


def draw_people(rng: np.random.Generator, knobs: Knobs, days: int) -> People:
    """Draw the children: ability, sociability, and for a few a late start or an early end."""
    number = knobs.classes * knobs.learners
    ability, other = rng.normal(size=(2, number))
    tie = knobs.ability_sociability
    social = tie * ability + np.sqrt(1 - tie**2) * other
    sociability = np.exp(0.6 * social - 0.18) * (rng.random(number) >= _LONERS)
    first, last = np.zeros(number, dtype=np.int64), np.full(number, days - 1, dtype=np.int64)
    movers = round(_JOINERS * knobs.learners)
    for start in range(0, number, knobs.learners):
        chosen = start + rng.permutation(knobs.learners)[: 2 * movers]
        first[chosen[:movers]] = rng.integers(days // 5, days // 2 + 1, movers)
        last[chosen[movers:]] = rng.integers(days // 2, max(days - days // 5, days // 2 + 1), movers)
    group = np.repeat(np.arange(knobs.classes), knobs.learners)
    return People(group, np.exp(0.4 * ability), sociability, first, last)


def draw_spells(
    rng: np.random.Generator, knobs: Knobs, who: People, days: int, nature: Nature | None = None
) -> tuple[Spells, Nature]:
    """Draw everyone's own goals in their own order, and when each is taken up; what the goals are like, if not known.

    Starts are agreed ahead and do not wait for the goal before: a start that followed the last goal met would
    make a slow goal shorten what is seen of the next one, and no analysis within learners is exact then.
    """
    appeal = None if nature is None else nature.appeal
    learner, goal, start, appeal = _pathways(rng, knobs, who, days, appeal)
    number = len(learner)
    hardness = knobs.difficulty * rng.normal(size=knobs.goals) if nature is None else nature.hardness
    dates = knobs.mode == "dates"
    end = who.last[learner] + (0.0 if dates else 1.0)
    drop = _moment(start + rng.exponential(1 / _DROPPED_PER_DAY, number), dates=dates)
    stuck = _moment(start + rng.exponential(1 / _STUCK_PER_DAY, number), dates=dates)
    reopens = np.where(rng.random(number) < _REOPENED, 1.0 + rng.poisson(6, number), np.inf)
    spells = Spells(
        learner=learner,
        goal=goal,
        start=start,
        rate=who.ability[learner] * np.exp(-hardness[goal]),
        effort=rng.exponential(size=number),
        shut=np.minimum(end, drop),
        stuck=stuck,
        unstuck=np.floor(stuck) + 1.0 + rng.poisson(2, number),
        dropped=drop < end,
        reopens=reopens,
        remet=(1 + rng.poisson(3, number)).astype(np.float64),
    )
    return spells, Nature(appeal, hardness)


def draw_occasions(rng: np.random.Generator, knobs: Knobs, who: People, what: Spells) -> Occasions:
    """Draw when each child would look for somebody on each goal: a Poisson process that knows no future."""
    rate = _TOGETHER_PER_DAY * who.sociability[what.learner]
    whole = 1.0 if knobs.mode == "dates" else 0.0
    spans = [(what.start, what.shut + whole, rate)]
    if knobs.seek_when_stuck > 1:
        more = (knobs.seek_when_stuck - 1) * rate
        spans.append((what.stuck, np.minimum(what.unstuck, what.shut + whole), more))
    spell, time = [], []
    for start, stop, per_day in spans:
        length = np.maximum(stop - start, 0.0)
        each = np.repeat(np.arange(len(length)), rng.poisson(per_day * length))
        spell.append(each)
        time.append(start[each] + length[each] * rng.random(len(each)))
    moments, spell_of = np.concatenate(time), np.concatenate(spell)
    order = np.argsort(moments, kind="stable")
    return Occasions(spell_of[order], _moment(moments[order], dates=knobs.mode == "dates"))


def only(entries: Any, keep: npt.NDArray[Any]) -> Any:
    """Return the entries that `keep` selects, of a dataclass of arrays."""
    return type(entries)(**{field.name: getattr(entries, field.name)[keep] for field in fields(entries)})


def _pathways(
    rng: np.random.Generator, knobs: Knobs, who: People, days: int, appeal: Floats | None
) -> tuple[Ints, Ints, Floats, Floats]:
    number, most = len(who.group), max(1, min(round(9 * days / 50), knobs.goals))
    least = max(1, min(round(5 * days / 50), most))
    each = rng.integers(least, most + 1, number)
    appeal = rng.normal(0, 0.5, knobs.goals) if appeal is None else appeal
    liking = appeal + rng.gumbel(size=(number, knobs.goals))
    chosen = np.argsort(-liking, axis=1)[:, :most]
    turn = 4.0 * chosen / knobs.goals + rng.normal(size=chosen.shape)
    turn[np.arange(most) >= each[:, None]] = np.inf
    own = np.take_along_axis(chosen, np.argsort(turn, axis=1), axis=1)
    place = np.arange(most) + rng.uniform(0, 0.5, (number, most))
    start = np.floor(who.first[:, None] + place * days / each[:, None])
    taken = (np.arange(most) < each[:, None]) & (start <= who.last[:, None])
    learner = np.nonzero(taken)[0]
    return learner, own[taken], start[taken], appeal


def _moment(time: Floats, *, dates: bool) -> Floats:
    return np.floor(time) if dates else time


def _need(name: str, value: object, holds: bool, what: str) -> None:
    if not holds:
        raise ArgumentError(f"must be {what}; got {value!r}.", name)
