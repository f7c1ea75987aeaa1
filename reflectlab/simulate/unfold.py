"""The term as it unfolds: children look for somebody, work together, and meet their goals sooner for it."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .plan import (
    OPEN_GOAL_KINDS,
    PACE,
    SHAPE,
    STUCK_PACE,
    Floats,
    Ints,
    Knobs,
    Occasions,
    People,
    Spells,
    draw_occasions,
    draw_people,
    draw_spells,
)

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
    """Tells when a goal is met: once the cumulative hazard of the spell reaches its effort.

    The hazard is `rate * d/dt (age / PACE) ** SHAPE`, times `STUCK_PACE` while stuck, times the ratio from
    the moment at which working together takes effect: proportional hazards, the baseline the learner's own.
    """

    def __init__(self, what: Spells) -> None:
        self.start, self.rate = what.start.tolist(), what.rate.tolist()
        self.stuck, self.unstuck = what.stuck.tolist(), what.unstuck.tolist()

    def by(self, spell: int, time: float) -> float:
        """Return the cumulative hazard, unaided, at a time."""
        plain, at_stuck, lost = self._plain(spell, time), *self._stuck(spell)
        if time <= self.stuck[spell]:
            return plain
        if time <= self.unstuck[spell]:
            return at_stuck + STUCK_PACE * (plain - at_stuck)
        return plain - lost

    def when(self, spell: int, effort: float) -> float:
        """Return the time at which the cumulative hazard, unaided, reaches `effort`: the inverse of `by`."""
        at_stuck, lost = self._stuck(spell)
        plain = effort
        if effort > at_stuck:
            within = at_stuck + (effort - at_stuck) / STUCK_PACE
            plain = min(within, effort + lost)
        return float(self.start[spell] + PACE * (plain / self.rate[spell]) ** (1 / SHAPE))

    def _plain(self, spell: int, time: float) -> float:
        return float(self.rate[spell] * ((time - self.start[spell]) / PACE) ** SHAPE)

    def _stuck(self, spell: int) -> tuple[float, float]:
        at_stuck = self._plain(spell, self.stuck[spell])
        return at_stuck, (1 - STUCK_PACE) * (self._plain(spell, self.unstuck[spell]) - at_stuck)


class Simulation:
    """One school's term while it is being simulated."""

    def __init__(self, knobs: Knobs, who: People, what: Spells) -> None:
        self.dates = knobs.mode == "dates"
        self.effort, self.needed = Effort(what), what.effort.tolist()
        self.start, self.shut = what.start.tolist(), what.shut.tolist()
        self.reopens, self.remet = what.reopens.tolist(), what.remet.tolist()
        self.gone = (who.last[what.learner] + (0 if self.dates else 1)).tolist()
        self.sociability = who.sociability[what.learner].tolist()
        self.stuck, self.unstuck = what.stuck.tolist(), what.unstuck.tolist()
        self.ratios = knobs.ratios()[who.group[what.learner]].tolist()
        self.switch = [math.inf] * len(self.start)
        self.kind = [-1] * len(self.start)
        self.met = [self._met(spell, effort) for spell, effort in enumerate(self.needed)]
        room = (who.group[what.learner] * knobs.goals + what.goal).tolist()
        self.on_goal: dict[int, list[int]] = defaultdict(list)
        for spell, place in enumerate(room):
            self.on_goal[place].append(spell)
        self.others = [self.on_goal[place] for place in room]

    def open(self, spell: int, time: float) -> bool:
        """Tell whether the goal is being worked on."""
        return bool(self.start[spell] <= time <= self.met[spell] and time <= self.shut[spell])

    def stands_at_met(self, spell: int, time: float) -> bool:
        """Tell whether the goal had been met before, and is not reopened."""
        if not self.met[spell] < time <= self.gone[spell]:
            return False
        since = time - math.floor(self.met[spell]) - self.reopens[spell]
        return not 0 <= since < self.remet[spell] + 1

    def gather(self, spell: int, time: float, chance: Sequence[float]) -> list[tuple[int, int]]:
        """Return who works together, and as what, when a child looks for somebody; empty if nobody is there."""
        others = [other for other in self.others[spell] if other != spell and self.sociability[other] > 0]
        met = [other for other in others if self.stands_at_met(other, time)]
        peers = [other for other in others if self.open(other, time)]
        is_stuck = self.stuck[spell] <= time < self.unstuck[spell]
        if met and (not peers or chance[0] < (0.7 if is_stuck else 0.45)):
            return [(spell, SEEKER), (self._pick(met, chance[1]), HELPER)]
        wanted = 1 + (chance[0] > 0.7) + (chance[0] > 0.9)
        company = []
        for turn in range(min(wanted, len(peers))):
            company.append(self._pick(peers, chance[1 + turn]))
            peers.remove(company[-1])
        return [(each, PEER) for each in [spell, *company]] if company else []

    def take_effect(self, spell: int, time: float, kind: int) -> None:
        """Let the first time together on a goal speed it up: at once, or with dates from the next day."""
        if self.switch[spell] < math.inf:
            return
        self.switch[spell], self.kind[spell] = time, kind
        done = self.effort.by(spell, time + 1 if self.dates else time)
        left = self.needed[spell] - done
        if left > 0:
            self.met[spell] = self._met(spell, done + left / self.ratios[spell][kind])

    def _met(self, spell: int, effort: float) -> float:
        time = self.effort.when(spell, effort)
        time = float(math.floor(time)) if self.dates else time
        return time if time <= self.shut[spell] else math.inf

    def _pick(self, candidates: Sequence[int], chance: float) -> int:
        mark = chance * sum(self.sociability[each] for each in candidates)
        for each in candidates:
            mark -= self.sociability[each]
            if mark < 0:
                return each
        return candidates[-1]


def unfolded(rng: np.random.Generator, knobs: Knobs, days: int) -> tuple[People, Spells, Episodes]:
    """Return who is there, what they take up, and what came of it in a term of so many school days."""
    who = draw_people(rng, knobs, days)
    what = draw_spells(rng, knobs, who, days)
    return who, what, _unfold(rng, knobs, who, what, draw_occasions(rng, knobs, who, what))


def _unfold(rng: np.random.Generator, knobs: Knobs, who: People, what: Spells, looks: Occasions) -> Episodes:
    """Run through the occasions in order: each depends on what has happened, none on what will."""
    term = Simulation(knobs, who, what)
    taking_part: list[tuple[int, float, int, int]] = []
    chances = rng.random((len(looks.time), 4)).tolist()
    episode = 0
    for spell, time, chance in zip(looks.spell.tolist(), looks.time.tolist(), chances, strict=True):
        if not term.open(spell, time):
            continue
        company = term.gather(spell, time, chance)
        for each, role in company:
            taking_part.append((episode, time, each, role))
            if role != HELPER:
                term.take_effect(each, time, SUPPORT if role == SEEKER else SHARED)
        episode += bool(company)
    episodes, times, spells, roles = zip(*taking_part, strict=True) if taking_part else ((), (), (), ())
    return Episodes(
        episode=np.array(episodes, dtype=np.int64),
        time=np.array(times, dtype=np.float64),
        spell=np.array(spells, dtype=np.int64),
        role=np.array(roles, dtype=np.int64),
        met=np.array(term.met),
        switch=np.array(term.switch),
        kind=np.array(term.kind, dtype=np.int64),
    )
