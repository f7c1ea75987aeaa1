"""Where the learners of a network stand: near those they work with, and no two names on one another."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEED = 7

_STEPS = 400


def places(learners: Sequence[str], ties: Mapping[tuple[str, str], float], width: float, height: float) -> Floats:
    """Return a place for each learner in a room of this size, near those they are tied to.

    `ties` is how strongly every two are tied, each pair once. The same learners and ties give the same places.

    Notes
    -----
    Ties pull like springs and learners push one another away (Fruchterman and Reingold [1]_, as in networkx), from
    a start drawn from a fixed seed. What comes out is crowded in the middle, so each learner keeps the direction
    from there, and the distance is set by how many learners are nearer: they fill the room evenly.

    References
    ----------
    .. [1] Fruchterman, T. M. J. and Reingold, E. M. (1991). Graph drawing by force-directed placement. Software:
       Practice and Experience 21, 1129-1164.

    Examples
    --------
    >>> places(["aroha", "ben"], {("aroha", "ben"): 1.0}, 4, 2).round(1).tolist()
    [[0.0, 1.2], [4.0, 0.8]]
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(learners)
    # The root: two who meet every day would otherwise pull all others out of their places.
    graph.add_weighted_edges_from((one, other, np.sqrt(weight)) for (one, other), weight in ties.items())
    found = nx.spring_layout(graph, iterations=100, seed=SEED)
    return _filling(np.array([found[learner] for learner in learners]).reshape(-1, 2), width, height)


def separate(centres: Floats, sizes: Floats, width: float, height: float) -> Floats:
    """Return the middles of boxes moved in a room until no two overlap, each as little as it needs.

    No box leaves the room; in one that is too full some still overlap.

    >>> separate(np.array([[1.0, 1.0], [1.2, 1.0]]), np.full((2, 2), 0.4), 2, 2).round(1).tolist()
    [[0.9, 1.0], [1.3, 1.0]]
    """
    low, high = sizes / 2, np.maximum(np.array([width, height]) - sizes / 2, sizes / 2)
    found = np.clip(centres, low, high)
    one, other = np.triu_indices(len(found), 1)
    needed = (sizes[one] + sizes[other]) / 2
    # Moving one pair apart may push a third: it settles in a few steps, or never where the room is too full.
    for _ in range(_STEPS):
        between = found[one] - found[other]
        lacking = needed - np.abs(between)
        crossing = (lacking > 1e-6).all(axis=1)
        if not crossing.any():
            break
        push = _shortest(between[crossing], lacking[crossing])
        np.add.at(found, one[crossing], push)
        np.subtract.at(found, other[crossing], push)
        found = np.clip(found, low, high)
    return found


def _shortest(between: Floats, lacking: Floats) -> Floats:
    """Return half of the shortest way out of each overlap, along one axis."""
    along = lacking.argmin(axis=1)
    rows = np.arange(len(along))
    push = np.zeros_like(between)
    # Each of the two moves half the way, and a hair more, so that rounding leaves no overlap to be found again.
    push[rows, along] = np.where(between[rows, along] < 0, -0.5, 0.5) * (lacking[rows, along] + 1e-3)
    return push


def _filling(found: Floats, width: float, height: float) -> Floats:
    """Spread places evenly over the ellipse that fits into a room, each in its direction from the middle."""
    number = len(found)
    if number < 2:
        return np.full((number, 2), (width / 2, height / 2))
    # From the median, not the mean: a pair that stands far off would draw the middle towards itself.
    away = found - np.median(found, axis=0)
    angle = np.arctan2(away[:, 1], away[:, 0])
    nearer = np.hypot(*away.T).argsort(kind="stable").argsort(kind="stable")
    # The root of the rank: the area of a ring grows with its radius, so that every learner has as much of it.
    radius = np.sqrt((nearer + 0.5) / (number - 0.5)) if number > 2 else np.ones(2)
    unit = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    room: Floats = (unit + 1) / 2 * np.array([width, height])
    return room
