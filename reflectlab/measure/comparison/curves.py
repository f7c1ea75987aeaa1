"""How many goals are met as days go by, alone and once worked on together."""

import numpy as np
import pandas as pd

from ...log.frames import Schema, typed
from ..statistics import Flags, Floats, Ints, cumulative_incidence, open_before, share_interval
from .goals import Goals, Rows, rows_of
from .models.cox import risk_sets, sums_within

CURVES: Schema = {
    "exposure": "str",
    "days": "rate",
    "at_risk": "count",
    "share_met": "rate",
    "low": "rate",
    "high": "rate",
}

CURVE_GROUPS = ("personalised", "collaborative")

AT_LEAST = 10
"""Where fewer goals than this are at risk, nothing is drawn."""

_POINTS = 200


def curves(goals: Goals, ratios: tuple[float, float, float] | None) -> pd.DataFrame:
    """Return the share of goals met since a landmark, alone, and as it would be by the headline's ratio.

    The landmark is the first whole day on which `AT_LEAST` goals of either sort are at risk; a curve ends where its own
    are fewer. There is none without such a day, or without a ratio.

    Notes
    -----
    *personalised* is the curve of Simon and Makuch [1]_: goals are followed until they become collaborative. Dropping a
    goal competes with meeting it (Aalen-Johansen). The interval is that of the infinitesimal jackknife over learners,
    on the scale of log(-log(1 - share)). *collaborative* is what the same curve would be if at each moment the share m
    of those at risk that meet their goal were 1 - (1 - m) ** ratio instead; its interval is that of the ratio. The
    goals that were worked on together are others, and harder or easier: their own curve would not compare like with
    like.

    References
    ----------
    .. [1] Simon, R. and Makuch, R. W. (1984). A non-parametric graphical representation of the relationship between
       survival and the occurrence of an event. Statistics in Medicine 3, 35-44.
    """
    rows = rows_of(goals)
    days = _days(rows)
    alone, together = (rows.only(rows.exposed == sort) for sort in (False, True))
    either = np.minimum(_still_there(alone, days), _still_there(together, days))
    if ratios is None or not (either >= AT_LEAST).any():
        return typed(pd.DataFrame(columns=list(CURVES)), CURVES)
    days = days[np.argmax(either >= AT_LEAST) :]
    both = [_alone(goals, alone, days), _together(goals, alone, together, days, ratios)]
    named = [curve.assign(exposure=exposure) for curve, exposure in zip(both, CURVE_GROUPS, strict=True)]
    return typed(pd.concat(named, ignore_index=True), CURVES)


def _days(rows: Rows) -> Floats:
    longest = int(np.ceil(rows.stop.max(initial=0.0)))
    return np.arange(0.0, longest + 1, 1 + longest // _POINTS)


def _still_there(rows: Rows, days: Floats) -> Ints:
    """Count the rows that are at risk just after each day."""
    begun = np.searchsorted(np.sort(rows.start), days, side="right")
    over: Ints = np.searchsorted(np.sort(rows.stop), days, side="right")
    return begun - over


def _alone(goals: Goals, rows: Rows, days: Floats) -> pd.DataFrame:
    start, stop, met, dropped, learner = _since(goals, rows, days[0])
    days, at_risk = _enough(rows, days)
    share, spread = _share_met(start, stop, met, dropped, learner, days)
    low, high = share_interval(share, spread)
    return pd.DataFrame({"days": days, "at_risk": at_risk, "share_met": share, "low": low, "high": high})


def _together(
    goals: Goals, alone: Rows, together: Rows, days: Floats, ratios: tuple[float, float, float]
) -> pd.DataFrame:
    start, stop, met, dropped, _ = _since(goals, alone, days[0])
    days, at_risk = _enough(together, days)
    shares = _would_meet(start, stop, met, dropped, days, ratios)
    return pd.DataFrame(
        {"days": days, "at_risk": at_risk, **dict(zip(("share_met", "low", "high"), shares, strict=True))}
    )


def _since(goals: Goals, rows: Rows, landmark: float) -> tuple[Floats, Floats, Flags, Flags, Ints]:
    """Return the rows from a landmark on: when they start and stop, whether met or dropped, and whose they are."""
    rows = rows.only(rows.stop > landmark)
    dropped = goals.dropped[rows.of] & (rows.stop == goals.stop[rows.of])
    return np.maximum(rows.start, landmark), rows.stop, rows.met, dropped, goals.learner[rows.of]


def _enough(rows: Rows, days: Floats) -> tuple[Floats, Ints]:
    """Return the days with enough at risk, and how many are."""
    rows = rows.only(rows.stop > days[0])
    begun, over = (
        np.searchsorted(np.sort(each), days, side="left") for each in (np.maximum(rows.start, days[0]), rows.stop)
    )
    at_risk = begun - over
    at_risk[0] = _still_there(rows, days)[0]
    enough = np.logical_and.accumulate(at_risk >= AT_LEAST)
    return days[enough], at_risk[enough]


def _would_meet(
    start: Floats, stop: Floats, met: Flags, dropped: Flags, days: Floats, ratios: tuple[float, ...]
) -> list[Floats]:
    """Return the share met on each day if goals were met as many times as likely as each ratio says."""
    risk = risk_sets(start, stop, met | dropped)
    here = risk.at_risk(np.ones(len(stop)))
    ends, mets = (np.bincount(each, minlength=len(here)) for each in (risk.of_event, risk.of_event[met[risk.event]]))
    upto, shares = np.searchsorted(risk.time, days, side="right"), []
    for ratio in ratios:
        meeting = 1 - (1 - mets / here) ** ratio
        share = cumulative_incidence(np.ones(len(here)), meeting, np.minimum((ends - mets) / here, 1 - meeting))
        shares.append(np.concatenate([[0.0], share])[upto])
    return shares


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
