"""How goals end otherwise than by being met: dropped; and being stuck, which ends too."""

from dataclasses import replace

import numpy as np

from ....language import gettext, translatable
from ...statistics import Floats, Ints
from ..goals import Goals
from .estimates import FEWEST_EVENTS, Estimate, within_learners
from .exposures import Company
from .stuck import Stretches


def dropping(goals: Goals) -> Estimate:
    """Return how many times as likely goals are dropped once worked on with somebody, within learners."""
    (found,) = within_learners(replace(goals, met=goals.dropped, dropped=goals.met))
    return _in_words(found, *_DROPPED)


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
    return _in_words(found, *_UNSTUCK)


_DROPPED = translatable(
    ["no goal was dropped", "{number} of {all} goals dropped can tell; at least {fewest} are needed"]
)

_UNSTUCK = translatable(
    [
        "nobody got unstuck",
        "{number} of the {all} times that somebody got unstuck can tell; at least {fewest} are needed",
    ]
)


def _in_words(found: Estimate, none: str, few: str) -> Estimate:
    """Say why there is no ratio of this ending: the reasons of a model speak of goals met."""
    if not found.reason:
        return found
    numbers = {"number": found.informative, "all": found.met, "fewest": FEWEST_EVENTS}
    always = gettext("it always ended so for goals of the same sort")
    few = gettext(few, **numbers) if found.informative < FEWEST_EVENTS else always
    return replace(found, reason=few if found.met else gettext(none))


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
