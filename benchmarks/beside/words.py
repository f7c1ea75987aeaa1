"""The words of a log and the rules of its status, as whoever writes a measure by hand has them before them."""

from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

EVENTS = ["set", "started", "worked", "stuck", "met", "reopened", "dropped"]
"""In the order in which they apply within one instant, numbered from 1."""

FIRST, SET, STARTED, WORKED, STUCK, MET, REOPENED, DROPPED = range(8)
"""The first is `reopened` where its goal stood at met before its instant: then it begins it."""

MARKS = 8
"""An event in order: its time in microseconds times this, and its number."""

STATUSES = ["set", "working", "stuck", "met", "dropped"]

GIVES = [1, 0, 1, 1, 2, 3, 1, 4]
"""The status that each event gives."""

STANDS_STUCK, STANDS_MET, STANDS_DROPPED = 2, 3, 4

OPEN = [0, 1, 2]

KINDS = ["shared_goal", "gave_support", "sought_support", "other"]

Ints = NDArray[np.int64]


def comes_first(key: Ints, mark: Ints) -> NDArray[np.bool_]:
    """Tell of each event whether it is `reopened` where its goal stood at met before its instant.

    Only few spells have anything reopened in an instant of several events; theirs are the rows, sorted.
    """
    first: list[bool] = []
    status, spell = -1, None
    events = zip(key.tolist(), (mark // MARKS).tolist(), (mark % MARKS).tolist(), strict=True)
    for (its, _), rows in groupby(events, itemgetter(0, 1)):
        words = [word for *_, word in rows]
        status, spell = status if its == spell else -1, its
        early = [status == STANDS_MET and word == REOPENED for word in words]
        for word in sorted(FIRST if begins else word for word, begins in zip(words, early, strict=True)):
            status = status if status == STANDS_MET and word in (STARTED, WORKED, STUCK) else GIVES[word]
        first += early
    return np.array(first, dtype=bool)
