"""The two intervals, in plain numpy: of a share of goals met, and of a share met by a day."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import stdtrit

Floats = NDArray[np.float64]

Ints = NDArray[np.int64]

_Z = 1.959963984540054


def rates(sums: Mapping[str, Ints]) -> dict[str, Floats]:
    """Return `rate, low, high` of groups of learners: Wilson's interval, n divided by the design effect.

    `sums` has `goals, met, learners`, and over the learners the sums of `met_met, goals_met, goals_goals`.
    """
    goals, met, learners, met_met, goals_met, goals_goals = (
        np.asarray(sums[name], dtype=float)
        for name in ("goals", "met", "learners", "met_met", "goals_met", "goals_goals")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(goals > 0, met / goals, np.nan)
        spread = met_met - 2 * rate * goals_met + rate**2 * goals_goals
        effect = learners / (learners - 1) * spread / goals**2 / (rate * (1 - rate) / goals)
        inside = (rate > 0) & (rate < 1)
        effect = np.where(inside, np.maximum(effect, 1), goals / learners)
        effect = np.where(learners > 1, effect, 1.0)
        learned = inside & (effect > learners / np.maximum(learners - 1, 1) + 1e-9)
        far = np.where(learned, stdtrit(np.maximum(learners - 1, 1), 0.975), _Z)
        number = goals / effect
        whole = 1 + far**2 / number
        middle = (rate + far**2 / (2 * number)) / whole
        half = far / whole * np.sqrt(rate * (1 - rate) / number + far**2 / (4 * number**2))
        low, high = np.clip(middle - half, 0, rate), np.clip(middle + half, rate, 1)
    return {"rate": rate, "low": low, "high": high}


def incidence(learner: Ints, days: Ints, ending: Ints) -> dict[str, Floats | Ints]:
    """Return the Aalen-Johansen curve of goals, open, met or dropped (0, 1, 2) after so many days, and its interval.

    The variance is that of the infinitesimal jackknife over learners. What a goal adds to its learner's pull depends on
    nothing but its days and its ending: so what is summed over learners is how often two such kinds meet in one.
    """
    moments, place = np.unique(days, return_inverse=True)
    number, learners = len(moments), len(np.unique(learner))
    counts = np.bincount(place * 3 + ending, minlength=3 * number).reshape(number, 3)
    over = counts.sum(axis=1)
    at_risk = over[::-1].cumsum()[::-1]
    met, dropped = counts[:, 1], counts[:, 2]
    meets, ends = met / at_risk, (met + dropped) / at_risk
    before = np.r_[1.0, np.cumprod(1 - ends)[:-1]]
    share = np.minimum(np.cumsum(before * meets), 1.0)
    kinds = _pulls(at_risk, meets, ends, before, share)
    who = np.arange(len(learner)) if learners == 1 else np.unique(learner, return_inverse=True)[1]
    many = len(learner) if learners == 1 else learners
    each = csr_array((np.ones(len(who)), (who, place * 3 + ending)), shape=(many, 3 * number))
    together = (each.T @ each).toarray()
    error = np.sqrt(np.einsum("kt,kl,lt->t", kinds, together, kinds, optimize=True) * many / max(many - 1, 1))
    low, high = _on_log_log(share, error, float(stdtrit(max(many - 1, 1), 0.975)))
    columns = {"days": moments, "at_risk": at_risk, "met": met, "dropped": dropped}
    return {**columns, "share_met": share, "low": np.minimum(low, share), "high": np.maximum(high, share)}


def _pulls(at_risk: Floats, meets: Floats, ends: Floats, before: Floats, share: Floats) -> Floats:
    """Return how one goal of each kind (days x ending) pulls the share at each moment."""
    number = len(at_risk)
    day, ending = np.divmod(np.arange(3 * number), 3)
    here, there = np.arange(number) == day[:, None], np.arange(number) <= day[:, None]
    gained = np.cumsum(before * (here * (ending == 1)[:, None] - there * meets) / at_risk, axis=1)
    stays = np.where(ends < 1, 1 - ends, 1.0)
    lost = (here * (ending > 0)[:, None] - there * ends) / (at_risk * stays)
    return gained - share * np.cumsum(lost, axis=1) + np.cumsum(share * lost, axis=1)


def _on_log_log(share: Floats, error: Floats, far: float) -> tuple[Floats, Floats]:
    inside = (share > 0) & (share < 1)
    alive = np.where(inside, 1 - share, 0.5)
    wide = np.exp(far * error / (alive * -np.log(alive)))
    return np.where(inside, 1 - alive ** (1 / wide), share), np.where(inside, 1 - alive**wide, share)
