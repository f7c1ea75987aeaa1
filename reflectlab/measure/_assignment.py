"""Who is asked to support whom: as few left without anybody as possible."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def assign(costs: Floats, capacity: Ints) -> Ints:
    """Give each learner one helper.

    Parameters
    ----------
    costs : array of learners x helpers
        Whole numbers from 0, how long ago; infinite where the helper is not one for the learner.
    capacity : array of helpers
        How often each may be given.

    Returns
    -------
    array of learners
        The place of the helper, -1 for nobody.

    Notes
    -----
    As few learners without a helper as possible; among these solutions one with the least sum of costs; among
    these one in which the fewest are given who are given already. The three are one linear assignment [1]_: a helper
    has a column for each time they may be given, the later ones dearer by one part in many, and for each learner
    there is a column for nobody, dearer than all others together.

    References
    ----------
    .. [1] Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions on
       Aerospace and Electronic Systems 52, 1679-1696. In `scipy.optimize.linear_sum_assignment`.

    Examples
    --------
    >>> assign(np.array([[0.0, 4.0], [1.0, np.inf]]), np.array([1, 1])).tolist()
    [1, 0]
    """
    given = np.full(len(costs), -1, dtype=np.int64)
    rows = np.flatnonzero((np.isfinite(costs) & (capacity > 0)).any(axis=1))
    if not len(rows):
        return given
    columns = np.flatnonzero((np.isfinite(costs[rows]) & (capacity > 0)).any(axis=0))
    given[rows] = _solved(costs[np.ix_(rows, columns)], np.minimum(capacity[columns], len(rows)), columns)
    return given


def _solved(costs: Floats, capacity: Ints, columns: Ints) -> Ints:
    from scipy.optimize import linear_sum_assignment

    number = len(costs)
    helper = np.repeat(np.arange(len(columns)), capacity)
    turn = np.arange(len(helper)) - np.repeat(np.cumsum(capacity) - capacity, capacity)
    parts = float(number * capacity.max())
    priced = costs[:, helper] * parts + turn
    dearest = (priced.max(where=np.isfinite(priced), initial=0.0) + 1) * number
    who, which = linear_sum_assignment(np.hstack([priced, np.full((number, number), dearest)]))
    given = np.full(number, -1, dtype=np.int64)
    served = which < len(helper)
    given[who[served]] = columns[helper[which[served]]]
    return given
