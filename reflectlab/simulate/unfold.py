"""The term as it unfolds: children look for somebody, work together, and meet their goals sooner for it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .plan import (
    OPEN_GOAL_KINDS,
    PACE,
    SHAPE,
    STUCK_PACE,
    Floats,
    Ints,
    Knobs,
    Nature,
    Occasions,
    People,
    Spells,
    draw_occasions,
    draw_people,
    draw_spells,
)

Flags = npt.NDArray[np.bool_]

PEER, SEEKER, HELPER = range(3)

SHARED, SUPPORT = map(OPEN_GOAL_KINDS.index, ("shared_goal", "sought_support"))


@dataclass(frozen=True, slots=True)
class Episodes:
    """Who took part in what: one entry a participation; `switch` and `kind` one entry a spell."""

    episode: Ints
    time: Floats
    spell: Ints
    role: Ints
    met: Floats
    switch: Floats
    kind: Ints


class Effort:
    """Tells when goals are met: once the cumulative hazard of a spell reaches its effort.

    The hazard is `rate * d/dt (age / PACE) ** SHAPE`, times `STUCK_PACE` while stuck, times the ratio from
    the moment at which working together takes effect: proportional hazards, the baseline the learner's own.
    """

    def __init__(self, what: Spells) -> None:
        self.start, self.rate, self.stuck, self.unstuck = what.start, what.rate, what.stuck, what.unstuck
        every = np.arange(len(what.start))
        self.at_stuck = self._plain(every, what.stuck)
        self.lost = (1 - STUCK_PACE) * (self._plain(every, what.unstuck) - self.at_stuck)

    def by(self, spell: Ints, time: Floats) -> Floats:
        """Return the cumulative hazard of spells, unaided, at a time."""
        plain, at_stuck = self._plain(spell, time), self.at_stuck[spell]
        stuck = np.where(
            time <= self.unstuck[spell], at_stuck + STUCK_PACE * (plain - at_stuck), plain - self.lost[spell]
        )
        return np.where(time <= self.stuck[spell], plain, stuck)

    def when(self, spell: Ints, effort: Floats) -> Floats:
        """Return the time at which the cumulative hazard, unaided, reaches `effort`: the inverse of `by`."""
        at_stuck = self.at_stuck[spell]
        within = np.minimum(at_stuck + (effort - at_stuck) / STUCK_PACE, effort + self.lost[spell])
        plain = np.where(effort > at_stuck, within, effort)
        return self.start[spell] + PACE * _power(plain / self.rate[spell], 1 / SHAPE)

    def _plain(self, spell: Ints, time: Floats) -> Floats:
        return self.rate[spell] * _power((time - self.start[spell]) / PACE, SHAPE)


def _power(base: Floats, exponent: float) -> Floats:
    """Return powers that are the same on every processor, which those of numpy are not."""
    return np.array([each**exponent for each in base.tolist()], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Company:
    """Who works together, one entry a participation: of which look, in which turn of it, which spell and role."""

    look: Ints
    turn: Ints
    spell: Ints
    role: Ints


class Simulation:
    """One school's term while it is being simulated.

    A room is a goal of a class, and what happens in one is nothing to another: a row of it has a seat for each spell.
    The looks of all rooms are taken side by side, first those that come first in each.
    """

    def __init__(self, knobs: Knobs, who: People, what: Spells) -> None:
        self.dates, self.what = knobs.mode == "dates", what
        self.effort, self.ratios = Effort(what), knobs.ratios()[who.group[what.learner]]
        number = len(what.start)
        self.switch, self.kind = np.full(number, np.inf), np.full(number, -1, dtype=np.int64)
        _, self.room = np.unique(who.group[what.learner] * knobs.goals + what.goal, return_inverse=True)
        self.seat = _numbered_within(self.room)
        shape = (int(self.room.max(initial=-1)) + 1, int(self.seat.max(initial=-1)) + 1)
        self.spell = self._seated(shape, np.arange(number), -1)
        gone = who.last[what.learner] + (0.0 if self.dates else 1.0)
        self.start, self.shut, self.gone = (
            self._seated(shape, each, -np.inf) for each in (what.start, what.shut, gone)
        )
        self.sociability = self._seated(shape, who.sociability[what.learner], 0.0)
        self.reopens, self.remet = self._seated(shape, what.reopens, 0.0), self._seated(shape, what.remet, 0.0)
        self.met = self._seated(shape, self._met(np.arange(number), what.effort), np.inf)

    def met_of_spells(self) -> Floats:
        """Return when each spell's goal is met; infinite if never."""
        return np.asarray(self.met[self.room, self.seat])

    def open(self, spell: Ints, time: Floats) -> Flags:
        """Tell of which looks the goal is being worked on."""
        met = self.met[self.room[spell], self.seat[spell]]
        return np.asarray((self.what.start[spell] <= time) & (time <= met) & (time <= self.what.shut[spell]))

    def gather(self, spell: Ints, time: Floats, chance: Floats) -> Company:
        """Return who works together, and as what, when children look for somebody, one in a room."""
        room = self.room[spell]
        others = (self.sociability[room] > 0) & (self.spell[room] != spell[:, None])
        met, peers = (others & there for there in self._there(room, time[:, None]))
        is_stuck = (self.what.stuck[spell] <= time) & (time < self.what.unstuck[spell])
        found, some = met.any(axis=1), peers.any(axis=1)
        helped = found & (~some | (chance[:, 0] < np.where(is_stuck, 0.7, 0.45)))
        looks = np.flatnonzero(helped)
        company = [(looks, 0, spell[looks], SEEKER), (looks, 1, self._pick(room, met, chance[:, 1], looks), HELPER)]
        wanted = np.where(helped, 0, 1 + (chance[:, 0] > 0.7) + (chance[:, 0] > 0.9))
        looks = np.flatnonzero(some & ~helped)
        company.append((looks, 0, spell[looks], PEER))
        for turn in range(1, 4):
            looks = np.flatnonzero((wanted >= turn) & peers.any(axis=1))
            picked = self._pick(room, peers, chance[:, turn], looks)
            peers[looks, self.seat[picked]] = False
            company.append((looks, turn, picked, PEER))
        sizes = [len(looks) for looks, *_ in company]
        turns, roles = (np.repeat([each[place] for each in company], sizes) for place in (1, 3))
        looks, spells = (np.concatenate([each[place] for each in company]) for place in (0, 2))
        return Company(looks, turns, spells, roles)

    def take_effect(self, spell: Ints, time: Floats, kind: Ints) -> None:
        """Let the first time together on a goal speed it up: at once, or with dates from the next day."""
        first = self.switch[spell] == np.inf
        spell, time, kind = spell[first], time[first], kind[first]
        self.switch[spell], self.kind[spell] = time, kind
        done = self.effort.by(spell, time + 1 if self.dates else time)
        left = self.what.effort[spell] - done
        some = left > 0
        spell, kind = spell[some], kind[some]
        effort = done[some] + left[some] / self.ratios[spell, kind]
        self.met[self.room[spell], self.seat[spell]] = self._met(spell, effort)

    def _there(self, room: Ints, time: Floats) -> tuple[Flags, Flags]:
        """Tell who stands at met in each room, not having reopened it, and who is working on the goal."""
        met = self.met[room]
        is_open = (self.start[room] <= time) & (time <= met) & (time <= self.shut[room])
        since = time - np.floor(met) - self.reopens[room]
        reopened = (since >= 0) & (since < self.remet[room] + 1)
        return (met < time) & (time <= self.gone[room]) & ~reopened, is_open

    def _met(self, spell: Ints, effort: Floats) -> Floats:
        time = self.effort.when(spell, effort)
        time = np.floor(time) if self.dates else time
        return np.where(time <= self.what.shut[spell], time, np.inf)

    def _pick(self, room: Ints, candidates: Flags, chance: Floats, looks: Ints) -> Ints:
        """Return one of the candidates of some looks, the more sociable the more likely."""
        room, candidates = room[looks], candidates[looks]
        weights = np.where(candidates, self.sociability[room], 0.0)
        mark = chance[looks] * np.add.accumulate(weights, axis=1)[:, -1]
        passed = np.subtract.accumulate(np.column_stack([mark, weights]), axis=1)[:, 1:] < 0
        last = candidates.shape[1] - 1 - candidates[:, ::-1].argmax(axis=1)
        seat = np.where(passed.any(axis=1), passed.argmax(axis=1), last)
        return np.asarray(self.spell[room, seat])

    def _seated(self, shape: tuple[int, int], values: Any, nobody: float) -> Any:
        """Return what is known of each spell, by room and seat."""
        seats = np.full(shape, nobody, dtype=values.dtype)
        seats[self.room, self.seat] = values
        return seats


def _numbered_within(groups: Ints) -> Ints:
    """Return the place of each entry among those of its group, from 0.

    >>> _numbered_within(np.array([7, 3, 7, 7])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(groups, kind="stable")
    sorted_ = groups[order]
    first = np.r_[True, sorted_[1:] != sorted_[:-1]][: len(groups)]
    place = np.arange(len(groups))
    number = np.empty(len(groups), dtype=np.int64)
    number[order] = place - np.maximum.accumulate(np.where(first, place, 0))
    return number


def unfolded(
    rng: np.random.Generator, knobs: Knobs, days: int, nature: Nature | None = None
) -> tuple[People, Spells, Episodes, Nature]:
    """Return who is there, what they take up, and what came of it in a term of so many school days.

    And what the goals are like: `nature`, where other classes of the same school have told.
    """
    who = draw_people(rng, knobs, days)
    what, nature = draw_spells(rng, knobs, who, days, nature)
    return who, what, _unfold(rng, knobs, who, what, draw_occasions(rng, knobs, who, what)), nature


def _unfold(rng: np.random.Generator, knobs: Knobs, who: People, what: Spells, looks: Occasions) -> Episodes:
    """Run through the occasions in order: each depends on what has happened, none on what will."""
    term = Simulation(knobs, who, what)
    chances = rng.random((len(looks.time), 4))
    parts = [_one_each(term, looks, chances, each) for each in _side_by_side(term.room[looks.spell])]
    look, turn, spell, role = (
        np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(part, name) for part in parts)])
        for name in ("look", "turn", "spell", "role")
    )
    order = np.lexsort((turn, look))
    return Episodes(
        episode=np.unique(look[order], return_inverse=True)[1],
        time=looks.time[look[order]],
        spell=spell[order],
        role=role[order],
        met=term.met_of_spells(),
        switch=term.switch,
        kind=term.kind,
    )


def _side_by_side(room: Ints) -> list[Ints]:
    """Return the occasions that are the first of their room, those that are the second, and so on."""
    turn = _numbered_within(room)
    order = np.argsort(turn, kind="stable")
    return np.split(order, np.cumsum(np.bincount(turn))[:-1]) if len(room) else []


def _one_each(term: Simulation, looks: Occasions, chances: Floats, these: Ints) -> Company:
    """Take some occasions, no two of them in one room."""
    these = these[term.open(looks.spell[these], looks.time[these])]
    company = term.gather(looks.spell[these], looks.time[these], chances[these])
    speeds = company.role != HELPER
    kind = np.where(company.role == SEEKER, SUPPORT, SHARED)
    term.take_effect(company.spell[speeds], looks.time[these][company.look[speeds]], kind[speeds])
    return replace(company, look=these[company.look])
