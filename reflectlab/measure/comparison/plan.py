"""Before one begins: how much a comparison will be able to tell."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ...log import ProgressLog
from ...log.frames import Schema, typed
from ..shared import need_whole
from ..statistics import Z
from .goals import as_goals, begun_noted, seen_goals, under_way
from .models.estimates import FEWEST_EVENTS
from .models.pairs import exposed, informative, pairs_of

PLAN: Schema = {
    "weeks": "count",
    "informative": "rate",
    "standard_error": "rate",
    "power": "rate",
    "exaggeration": "rate",
}

PER_LEARNER_WEEK = 0.36
"""Informative events for each learner and week of `simulate`: five to nine goals in ten weeks, half with company."""

SPREAD = 2.2
"""The standard error of the log ratio is this over the root of the informative events, in every design tried."""

GOOD = 0.8
"""Power that is thought good enough."""

_LONGEST = 400


@dataclass(frozen=True, repr=False, eq=False)
class Plan:
    """What `plan` found.

    Attributes
    ----------
    informative, standard_error, power, exaggeration : float
        Goals met that can tell; the standard error of the log ratio from them; how likely a 95 % interval without no
        difference is; and how many times the true ratio what is found is on average where it is.
    weeks_more : int or None
        With a log: how many weeks more until power is 0.8; 0 where it is so already.
    table : pandas.DataFrame
        `weeks, informative, standard_error, power, exaggeration` for each number of weeks.
    sentence : str
    """

    informative: float
    standard_error: float
    power: float
    exaggeration: float
    weeks_more: int | None
    table: pd.DataFrame
    sentence: str

    def __repr__(self) -> str:
        return f"Plan: {self.sentence}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def plan(
    log: ProgressLog | None = None, *, classes: int = 1, learners: int = 26, weeks: int = 10, ratio: float = 1.5
) -> Plan:
    """Return how likely `compare` is to find a ratio, before one begins or from a log so far.

    Parameters
    ----------
    log : ProgressLog, optional
        A log so far: then the events that can tell are counted in it, and `classes`, `learners` and `weeks` are not
        looked at.
    classes, learners, weeks : int
        How many classes, learners in each, and school weeks.
    ratio : float
        The true ratio to be found.

    Returns
    -------
    Plan

    Raises
    ------
    ArgumentError
        If a number is not a whole one from 1, or the ratio is not above 0 or is 1.

    Notes
    -----
    A goal met tells something if the same child had goals of both sorts under way then. The standard error of the log
    ratio is 2.2 over the root of the number of such events; power is that of Wald's test at 5 %. Before one begins,
    0.36 such events are reckoned with for each learner and week, as in `simulate`: that is five to nine goals in ten
    weeks, half of them worked on together; where company is rarer there are fewer. Where power is low, what is found
    significant is too large (a type M error [1]_).

    References
    ----------
    .. [1] Gelman, A. and Carlin, J. (2014). Beyond power calculations: assessing type S (sign) and type M (magnitude)
       errors. Perspectives on Psychological Science 9, 641-651.

    Examples
    --------
    >>> [round(plan(classes=n).power, 2) for n in (1, 2, 4)]
    [0.43, 0.71, 0.95]
    >>> plan(learners=12)
    Plan: With about 43 goals met that can tell, a true ratio of 1.5 is found in 23 of 100 such logs, ...
    """
    for name, value in (("classes", classes), ("learners", learners), ("weeks", weeks)):
        need_whole(name, value, 1)
    if not (np.isfinite(ratio) and ratio > 0) or ratio == 1:
        raise ArgumentError(f"`ratio` must be a number above 0 other than 1, the ratio to be found; got {ratio!r}.")
    events = float(classes * learners * weeks * PER_LEARNER_WEEK)
    if log is not None:
        events, weeks = _so_far(log)
    each = [power_of(events * number / weeks, ratio) for number in range(1, 2 * weeks + 1)]
    table = pd.DataFrame(each, columns=list(PLAN)[1:]).assign(weeks=range(1, 2 * weeks + 1))
    here = power_of(events, ratio)
    more = _weeks_more(events, weeks, ratio) if log is not None else None
    return Plan(*here, more, typed(table, PLAN), _sentence(here, ratio, more, log is not None))


def _so_far(log: ProgressLog) -> tuple[float, int]:
    """Return the informative events of a log, and how many school weeks it has lasted."""
    frame = under_way(seen_goals(log, "school_days"))
    goals = as_goals(frame[begun_noted(frame)].reset_index(drop=True))
    pairs = pairs_of(goals)
    days = log.calendar.school_day(log.last_day) - log.calendar.school_day(log.first_day) + 1
    return float(informative(pairs, exposed(pairs, goals)).sum()), max(1, round(days / 5))


def power_of(events: float, ratio: float) -> tuple[float, float, float, float]:
    """Return the events, the standard error, the power, and how much too large what is found is."""
    from scipy.stats import norm

    if events < FEWEST_EVENTS:
        return events, np.nan, 0.0, np.nan
    error, effect = SPREAD / np.sqrt(events), abs(np.log(ratio))
    limit = Z * error
    right, wrong = norm.sf((limit - effect) / error), norm.cdf((-limit - effect) / error)
    power = right + wrong
    # The mean size of a normal variable beyond the limit on either side.
    beyond = norm.pdf((limit - effect) / error) + norm.pdf((limit + effect) / error)
    size = (effect * (right - wrong) + error * beyond) / power
    return events, float(error), float(power), float(np.exp(size - effect))


def _weeks_more(events: float, weeks: int, ratio: float) -> int | None:
    for number in range(_LONGEST + 1):
        if power_of(events * (weeks + number) / weeks, ratio)[2] >= GOOD:
            return number
    return None


def _sentence(here: tuple[float, float, float, float], ratio: float, more: int | None, logged: bool) -> str:
    events, error, power, exaggeration = here
    goals = "goal" if round(events) == 1 else "goals"
    about = f"With {'' if logged else 'about '}{events:.0f} {goals} met that can tell,"
    if np.isnan(error):
        said = f"{about} no ratio can be given: at least {FEWEST_EVENTS} are needed."
    else:
        low, high = np.exp(np.log(ratio) - Z * error), np.exp(np.log(ratio) + Z * error)
        said = (
            f"{about} a true ratio of {ratio:g} is found in {100 * power:.0f} of 100 such logs, with an interval like "
            f"{low:.2f} to {high:.2f}; where it is, the ratio found is {exaggeration:.1f} times the true one on "
            "average."
        )
    if not logged:
        return said
    if more == 0:
        return f"{said} That is enough."
    if more is None:
        return f"{said} {f'Not even {_LONGEST}' if events else 'No number of'} weeks more like these would do."
    return f"{said} {more} week{'' if more == 1 else 's'} more like these would find it in 80."
