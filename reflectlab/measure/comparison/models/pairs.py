"""Who else was at risk when a goal was met: each goal met, set beside the goals of the same learner still open then."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from ...statistics import Flags, Floats, Ints
from ..goals import Goals


@dataclass(frozen=True)
class Pairs:
    """Events and who was at risk with them: one entry for each goal at risk at each event, the goal met among them.

    Events count from 0, in rising order; `of` is a place in `Goals`; `age` is how long goals were under way, in days.
    `share` is what part of its weight no longer counts: of events at one moment, each is taken to happen after some of
    the others (Efron).
    """

    event: Ints
    of: Ints
    met: Flags
    age: Floats
    share: Floats

    def __len__(self) -> int:
        return len(self.event)

    @cached_property
    def events(self) -> int:
        """How many events there are."""
        return int(self.event[-1]) + 1 if len(self.event) else 0

    @cached_property
    def begins(self) -> Ints:
        """Where each event begins, and where the last ends."""
        places: Ints = np.searchsorted(self.event, np.arange(self.events + 1))
        return places

    def sums(self, values: Floats) -> Floats:
        """Sum values over those at risk, at each event."""
        if not len(self.event):
            return np.zeros((0, *values.shape[1:]))
        summed: Floats = np.add.reduceat(values, self.begins[:-1], axis=0)
        return summed

    def since(self, moment: Floats) -> Floats:
        """Return how long before each event a moment of the goal was; negative where it was still to come."""
        return self.age - moment[self.of]

    def only(self, keep: Flags) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})

    def only_events(self, keep: Flags) -> "Pairs":
        """Return some of the events, numbered anew."""
        kept, number = self.only(keep[self.event]), np.cumsum(keep) - 1
        return replace(kept, event=number[kept.event])


def pairs_of(goals: Goals) -> Pairs:
    """Return the events of all learners at which two goals or more of the learner were at risk."""
    order = np.argsort(goals.learner, kind="stable")
    counts = np.bincount(goals.learner)
    first = np.cumsum(counts) - counts
    met = order[goals.met[order] & (goals.stop > goals.entry)[order]]
    size = counts[goals.learner[met]]
    event = np.repeat(np.arange(len(met)), size)
    within = np.arange(len(event)) - np.repeat(np.cumsum(size) - size, size)
    of = order[first[goals.learner[met]][event] + within]
    age = goals.stop[met][event]
    at_risk = (goals.entry[of] < age) & (age <= goals.stop[of])
    event, of, age = event[at_risk], of[at_risk], age[at_risk]
    own = of == met[event]
    pairs = Pairs(event, of, own, age, _shares(event, own, goals.met[of] & (goals.stop[of] == age)))
    return pairs.only_events(pairs.sums(np.ones(len(pairs))) > 1)


def _shares(event: Ints, own: Flags, tied: Flags) -> Floats:
    """Return, for those who meet a goal at the moment of the event, the share of them that has gone before it."""
    ties = np.bincount(event, tied)
    # Those tied stand in one order at each of their events: how many stand before the one that was met.
    start = np.concatenate([[0], np.cumsum(ties)[:-1]]) if len(ties) else ties
    place = np.zeros(len(ties))
    place[event[own]] = (np.cumsum(tied) - 1)[own] - start[event[own]]
    share: Floats = np.where(tied, (place / np.maximum(ties, 1))[event], 0.0)
    return share


def without(pairs: Pairs, out: Flags) -> Pairs:
    """Return the pairs without some of them; events whose own goal is out, or that have no other left, go too."""
    left = pairs.only(~out)
    stays = (left.sums(left.met.astype(float)) > 0) & (left.sums(np.ones(len(left))) > 1)
    return left.only_events(stays)


def exposed(pairs: Pairs, goals: Goals) -> Flags:
    """Tell which goals had been worked on with somebody before the event."""
    flags: Flags = pairs.since(goals.together) > 0
    return flags


def informative(pairs: Pairs, exposed: Flags) -> Flags:
    """Tell at which events goals of both sorts were at risk."""
    with_company = pairs.sums(exposed.astype(float))
    both: Flags = (with_company > 0) & (with_company < pairs.sums(np.ones(len(pairs))))
    return both
