"""How many goals are met as days go by, alone and once worked on together."""

import numpy as np
import pandas as pd

from ...log.frames import Schema, typed
from ..statistics import Flags, Floats, Ints, Z, cumulative_incidence, open_before
from .cox import risk_sets, sums_within
from .goals import Goals, Rows, rows_of

CURVES: Schema = {
    "exposure": "str",
    "days": "rate",
    "at_risk": "count",
    "share_met": "rate",
    "low": "rate",
    "high": "rate",
}

EXPOSURES = ("personalised", "collaborative")

AT_LEAST = 10
"""Where fewer goals than this are at risk, nothing is drawn."""

_POINTS = 200


def curves(goals: Goals) -> pd.DataFrame:
    """Return the share of goals met since a landmark, by exposure at each moment.

    Parameters
    ----------
    goals : Goals

    Returns
    -------
    pandas.DataFrame
        `exposure, days, at_risk, share_met, low, high`. The landmark is the first whole day on which `AT_LEAST`
        goals of either sort are at risk; a curve ends where its own are fewer. Empty where there is no such day.

    Notes
    -----
    The curves of Simon and Makuch [1]_: a goal is followed as personalised until it becomes collaborative, and as
    collaborative from then on. Dropping a goal competes with meeting it (Aalen-Johansen). The interval is that of
    the infinitesimal jackknife over learners, on the scale of log(-log(1 - share)).

    References
    ----------
    .. [1] Simon, R. and Makuch, R. W. (1984). A non-parametric graphical representation of the relationship between
       survival and the occurrence of an event. Statistics in Medicine 3, 35-44.
    """
    rows = rows_of(goals)
    days = _days(rows)
    either = np.minimum(*(_still_there(rows.only(rows.exposed == sort), days) for sort in (False, True)))
    if not (either >= AT_LEAST).any():
        return typed(pd.DataFrame(columns=list(CURVES)), CURVES)
    days = days[np.argmax(either >= AT_LEAST) :]
    both = [_curve(goals, rows.only(rows.exposed == sort), days).assign(exposure=EXPOSURES[sort]) for sort in (0, 1)]
    return typed(pd.concat(both, ignore_index=True), CURVES)


def _days(rows: Rows) -> Floats:
    longest = int(np.ceil(rows.stop.max(initial=0.0)))
    return np.arange(0.0, longest + 1, 1 + longest // _POINTS)


def _still_there(rows: Rows, days: Floats) -> Ints:
    """Count the rows that are at risk just after each day."""
    begun = np.searchsorted(np.sort(rows.start), days, side="right")
    over: Ints = np.searchsorted(np.sort(rows.stop), days, side="right")
    return begun - over


def _curve(goals: Goals, rows: Rows, days: Floats) -> pd.DataFrame:
    landmark = days[0]
    rows = rows.only(rows.stop > landmark)
    start = np.maximum(rows.start, landmark)
    dropped = goals.dropped[rows.of] & (rows.stop == goals.stop[rows.of])
    begun, over = (np.searchsorted(np.sort(each), days, side="left") for each in (start, rows.stop))
    at_risk = begun - over
    at_risk[0] = _still_there(rows, days)[0]
    enough = np.logical_and.accumulate(at_risk >= AT_LEAST)
    share, spread = _share_met(start, rows.stop, rows.met, dropped, goals.learner[rows.of], days[enough])
    low, high = _interval(share, spread)
    return pd.DataFrame(
        {"days": days[enough], "at_risk": at_risk[enough], "share_met": share, "low": low, "high": high}
    )


def _share_met(
    start: Floats, stop: Floats, met: Flags, dropped: Flags, learner: Ints, days: Floats
) -> tuple[Floats, Floats]:
    """Return the cumulative incidence of meeting a goal on each day, and its standard error."""
    risk = risk_sets(start, stop, met | dropped)
    here = risk.at_risk(np.ones(len(stop)))
    ends, mets = (np.bincount(each, minlength=len(here)) for each in (risk.of_event, risk.of_event[met[risk.event]]))
    ended, meeting = ends / here, mets / here
    before, share = open_before(ended), cumulative_incidence(here, mets, ends - mets)
    stays = np.where(ended < 1, 1 - ended, 1.0)
    gain, loss = before / here, 1 / (here * stays)
    upto = np.searchsorted(risk.time, days, side="right")
    so_far = np.concatenate([[0.0], share])[upto]
    sums = [np.concatenate([[0.0], np.cumsum(each)]) for each in (gain * meeting, loss * ended, share * loss * ended)]
    last = np.minimum(risk.last[:, None], upto)
    first = np.minimum(risk.first[:, None], last)
    met_less, ended_less, shared_less = (each[last] - each[first] for each in sums)
    pull = -met_less + so_far * ended_less - shared_less
    own, moment = np.nonzero(risk.event)[0], risk.of_event
    seen = moment[:, None] < upto
    push = gain[moment, None] * met[own, None] - (so_far - share[moment, None]) * loss[moment, None]
    pull[own] += np.where(seen, push, 0.0)
    return so_far, np.sqrt((sums_within(learner, pull) ** 2).sum(axis=0))


def _interval(share: Floats, spread: Floats) -> tuple[Floats, Floats]:
    inside = (share > 0) & (share < 1)
    alive = np.where(inside, 1 - share, 0.5)
    wide = np.exp(Z * spread / (alive * -np.log(alive)))
    low, high = 1 - alive ** (1 / wide), 1 - alive**wide
    return np.where(inside, low, share), np.where(inside, high, share)
