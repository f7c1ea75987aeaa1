"""Where the learners of a network stand: near those they work with, and no two names on one another."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEED = 7

_STEPS = 400


def places(learners: Sequence[str], ties: Mapping[tuple[str, str], float], width: float, height: float) -> Floats:
    """Return a place for each learner in a room of this size, near those they are tied to.

    Parameters
    ----------
    learners : sequence of str
    ties : mapping
        How strongly every two of them are tied, each pair once.
    width, height : float

    Returns
    -------
    array of learners x 2
        The same for the same learners and ties.

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
    graph.add_weighted_edges_from((one, other, np.sqrt(weight)) for (one, other), weight in ties.items())
    found = nx.spring_layout(graph, iterations=100, seed=SEED)
    return _filling(np.array([found[learner] for learner in learners]).reshape(-1, 2), width, height)


def separate(centres: Floats, sizes: Floats, width: float, height: float) -> Floats:
    """Move boxes in a room until no two overlap, each as little as it needs.

    Parameters
    ----------
    centres, sizes : array of boxes x 2
        Where the middle of each box is wanted, and how wide and high it is.
    width, height : float
        The room, which no box leaves.

    Returns
    -------
    array of boxes x 2
        The new middles. In a room that is too full some still overlap.

    Examples
    --------
    >>> separate(np.array([[1.0, 1.0], [1.2, 1.0]]), np.full((2, 2), 0.4), 2, 2).round(1).tolist()
    [[0.9, 1.0], [1.3, 1.0]]
    """
    low, high = sizes / 2, np.maximum(np.array([width, height]) - sizes / 2, sizes / 2)
    found = np.clip(centres, low, high)
    one, other = np.triu_indices(len(found), 1)
    needed = (sizes[one] + sizes[other]) / 2
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
    push[rows, along] = np.where(between[rows, along] < 0, -0.5, 0.5) * (lacking[rows, along] + 1e-3)
    return push


def _filling(found: Floats, width: float, height: float) -> Floats:
    """Spread places evenly over the ellipse that fits into a room, each in its direction from the middle."""
    number = len(found)
    if number < 2:
        return np.full((number, 2), (width / 2, height / 2))
    away = found - np.median(found, axis=0)
    angle = np.arctan2(away[:, 1], away[:, 0])
    nearer = np.hypot(*away.T).argsort(kind="stable").argsort(kind="stable")
    radius = np.sqrt((nearer + 0.5) / (number - 0.5)) if number > 2 else np.ones(2)
    unit = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    room: Floats = (unit + 1) / 2 * np.array([width, height])
    return room
