"""How goals end otherwise than by being met: dropped; and being stuck, which ends too."""

from dataclasses import replace

import numpy as np

from ...statistics import Floats, Ints
from ..goals import Goals
from .estimates import Estimate, within_learners
from .exposures import Company
from .stuck import Stretches


def dropping(goals: Goals) -> Estimate:
    """Return how many times as likely goals are dropped once worked on with somebody, within learners."""
    (found,) = within_learners(replace(goals, met=goals.dropped, dropped=goals.met))
    return found


def getting_unstuck(goals: Goals, stuck: Stretches, company: Company) -> Estimate:
    """Return how many times as likely being stuck ends once worked on with somebody since it began, within learners.

    Time runs from when the learner got stuck; what had been worked on together before does not count.
    """
    start, stop = stuck.start, np.minimum(stuck.stop, goals.stop[stuck.of])
    under_way = (start >= goals.entry[stuck.of]) & (stop > start)
    of, start, stop = stuck.of[under_way], start[under_way], stop[under_way]
    ended = (stuck.stop[under_way] < goals.stop[of]) | goals.met[of]
    (found,) = within_learners(
        replace(
            goals.only(of),
            entry=np.zeros(len(of)),
            stop=stop - start,
            together=_next(company, of, start) - start,
            met=ended,
            dropped=~ended & goals.dropped[of],
        )
    )
    return found


def _next(company: Company, of: Ints, start: Floats) -> Floats:
    """Return the first time together on each goal from a moment on; infinite if there is none."""
    order = np.lexsort((company.at, company.of))
    places, at = company.of[order], company.at[order]
    following = company.so_far(of, start)
    there = following < len(at)
    safe = np.minimum(following, max(len(at) - 1, 0))
    if not len(at):
        return np.full(len(of), np.inf)
    found: Floats = np.where(there & (places[safe] == of), at[safe], np.inf)
    return found
