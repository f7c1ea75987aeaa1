"""Whether those who have more goals in common work together more often: a quadratic assignment test for each class."""

import numpy as np
import pandas as pd

from ...log import ProgressLog
from ...log.frames import Schema, collected, typed
from ..progress import spells
from ..statistics import Floats
from .network import network

QAP: Schema = {"class_id": "str", "learners": "count", "pairs": "count", "correlation": "rate", "p_value": "rate"}

FEWEST = 4
"""With three learners there are six ways to shuffle them, and no p-value under a sixth."""

SHUFFLES = 9_999

_SEED = 20_260_720


def qap(log: ProgressLog) -> pd.DataFrame:
    """Return, for each class, whether pairs with more goals in common worked together more often.

    Parameters
    ----------
    log : ProgressLog

    Returns
    -------
    pandas.DataFrame
        One row a class: `class_id, learners`; `pairs` of them; the `correlation` over pairs of how many episodes the
        two worked together in with how many goals both had (with any event, dropped ones too); `p_value`, how often a
        class whose learners are shuffled has one as far from 0, the class itself counted. Missing under four learners,
        or where all pairs are alike.

    See Also
    --------
    partner_choice : the same at each episode, by who had the goal open then.

    Notes
    -----
    Pairs of one learner are not independent of one another, so that no formula for correlations holds. The quadratic
    assignment procedure [1]_ shuffles the learners of one of the two matrices, rows and columns together, 9,999 times.

    References
    ----------
    .. [1] Krackhardt, D. (1988). Predicting with networks: nonparametric multiple regression analysis of dyadic data.
       Social Networks 10, 359-381.

    Examples
    --------
    >>> import reflectlab
    >>> qap(reflectlab.simulate(classes=1, seed=1))["pairs"].tolist()
    [325]
    """
    people = collected(log.reported(log.frame("learners")).select("learner_id", "class_id"))
    edges, had = network(log), spells(log)[["learner_id", "goal_id"]].drop_duplicates()
    rows = []
    for room, members in people.groupby("class_id", sort=True, dropna=False):
        learners = sorted(members["learner_id"])
        found = correlation(_together(edges, learners), _in_common(had, learners))
        rows.append((room, len(learners), len(learners) * (len(learners) - 1) // 2, *found))
    return typed(pd.DataFrame(rows, columns=list(QAP)), QAP)


def _together(edges: pd.DataFrame, learners: list[str]) -> Floats:
    """Return how many episodes each two were in together."""
    inside = edges[edges["source"].isin(learners) & edges["target"].isin(learners)]
    table = inside.pivot_table(index="source", columns="target", values="episodes", aggfunc="sum", fill_value=0)
    counts = table.reindex(index=learners, columns=learners, fill_value=0).to_numpy(dtype=float)
    both: Floats = counts + counts.T
    return both


def _in_common(had: pd.DataFrame, learners: list[str]) -> Floats:
    """Return how many goals each two had in common."""
    mine = had[had["learner_id"].isin(learners)]
    table = pd.crosstab(mine["learner_id"], mine["goal_id"]).reindex(learners, fill_value=0).to_numpy(dtype=float)
    common: Floats = table @ table.T
    return common


def correlation(one: Floats, other: Floats, shuffles: int = SHUFFLES) -> tuple[float, float]:
    """Return the correlation of two symmetric matrices off the diagonal, and how often shuffles bring as much."""
    number = len(one)
    upper = np.triu_indices(number, 1)
    left, right = one[upper], other[upper]
    if number < FEWEST or np.ptp(left) == 0 or np.ptp(right) == 0:
        return np.nan, np.nan
    left, right = ((each - each.mean()) / each.std() for each in (left, right))
    seen = float(left @ right) / len(left)
    whole = np.zeros((number, number))
    whole[upper] = right
    whole += whole.T
    rng = np.random.default_rng(_SEED)
    orders = rng.permuted(np.tile(np.arange(number), (shuffles, 1)), axis=1)
    shuffled = whole[orders[:, upper[0]], orders[:, upper[1]]] @ left / len(left)
    return seen, float((1 + (np.abs(shuffled) >= abs(seen) - 1e-12).sum()) / (1 + shuffles))
