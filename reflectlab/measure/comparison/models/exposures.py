"""Working together seen otherwise than by its first time: how lately, and how often so far."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ....language import gettext
from ....log import ProgressLog
from ....log.frames import collected
from ...shared import reported
from ...statistics import Floats, Ints
from ..counting_process import DAY, company_times
from ..goals import Goals
from .estimates import FEWEST_EVENTS, HEADLINE, WITHIN, Estimate
from .frailty import Fitted, Model, fit_frailty
from .headline import Adjusted, headline
from .pairs import Pairs

EXPOSURES = ("first", "recent", "dose")

LATELY = 5.0
"""The days for which an episode counts as recent."""

TERMS = {"recent": "collaborative lately", "dose": "each time together"}


@dataclass(frozen=True)
class Company:
    """All times together on goals under way: the goal, as a place in `Goals`, and the days since it was begun."""

    of: Ints
    at: Floats

    def so_far(self, of: Ints, age: Floats) -> Ints:
        """Count the times before an age on each of these goals, with those of all goals before it in order."""
        reach = float(max(np.abs(self.at).max(initial=0.0), np.abs(age).max(initial=0.0))) + 1
        numbers: Ints = np.searchsorted(np.sort(self.of * 2 * reach + self.at), of * 2 * reach + age, side="left")
        return numbers


def company_of(log: ProgressLog, frame: pd.DataFrame, unit: str) -> Company:
    """Return the times together of the goals of a frame of `seen_goals`."""
    times = collected(reported(log, company_times(log, unit)).select("learner_id", "goal_id", "_at"))
    times = times.drop_duplicates()
    places = frame[["learner_id", "goal_id", "_begun"]].reset_index(names="_of")
    found = times.merge(places, on=["learner_id", "goal_id"])
    at = (found["_at"] / DAY - found["_begun"] + (1.0 if log.dates_only else 0.0)).to_numpy(dtype=float)
    return Company(found["_of"].to_numpy(dtype=np.intp), at)


def exposure_at(pairs: Pairs, company: Company, exposure: str) -> Floats:
    """Return the exposure of each pair: 1 within `LATELY` of the last time together, or how many times so far."""
    upto = company.so_far(pairs.of, pairs.age)
    if exposure == "recent":
        return (upto > company.so_far(pairs.of, pairs.age - LATELY)).astype(float)
    return (upto - np.searchsorted(np.sort(company.of), pairs.of, side="left")).astype(float)


def otherwise(goals: Goals, adjusted: Adjusted, company: Company, exposure: str) -> list[Estimate]:
    """Return the headline and the plain comparison within learners for another exposure."""
    first = headline(goals, adjusted, [np.ones(len(goals), dtype=bool)])
    pairs = first.pairs
    column = exposure_at(pairs, company, exposure)
    told = _differing(pairs, column)
    plain = Model(pairs, column[:, None], np.zeros(len(pairs), dtype=np.intp), 0, np.zeros(len(pairs)))
    whole = replace(first.model, columns=np.column_stack([column, first.further]))
    names = [[TERMS[exposure], *first.names], [TERMS[exposure]]]
    return [
        _estimate(name, goals, told, fit_frailty(model), terms)
        for name, model, terms in zip((HEADLINE, WITHIN), (whole, plain), names, strict=True)
        if told >= FEWEST_EVENTS
    ] or [_none(name, goals, told) for name in (HEADLINE, WITHIN)]


def _differing(pairs: Pairs, column: Floats) -> int:
    """Count the events at which the goals at risk differ in their exposure."""
    of_met = column[pairs.met][pairs.event]
    return int((pairs.sums((column != of_met).astype(float)) > 0).sum())


def _estimate(name: str, goals: Goals, told: int, found: Fitted, terms: list[str]) -> Estimate:
    if not found.settled[0]:
        return replace(_none(name, goals, told), reason=gettext("the model has no finite answer"))
    errors = np.sqrt(np.diag(found.covariance)).tolist()
    values = found.coefficients.tolist()
    settled = found.settled.tolist()
    said = tuple(each for each, fine in zip(zip(terms, values, errors, strict=True), settled, strict=True) if fine)
    return replace(_none(name, goals, told), coefficient=values[0], error=errors[0], reason="", terms=said)


def _none(name: str, goals: Goals, told: int) -> Estimate:
    learners = len(np.unique(goals.learner))
    why = gettext(
        "{some} of {met} goals met can tell; at least {fewest} such are needed",
        some=told or gettext("none"),
        met=int(goals.met.sum()),
        fewest=FEWEST_EVENTS,
    )
    return Estimate(name, "", np.nan, np.nan, len(goals), int(goals.met.sum()), told, learners, why)
