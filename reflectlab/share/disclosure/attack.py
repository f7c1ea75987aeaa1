"""What can be worked out of a table whose cells are partly hidden: a linear program for each hidden cell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

WIDTH = 5
"""How wide an interval every hidden count must at least be left: that of "fewer than 5", 0 to 5."""

_NEAR = 1e-6

_SWEEPS = 60


@dataclass(frozen=True, eq=False)
class Puzzle:
    """What somebody has who sees a table: the sums, and which counts are not shown.

    Deviations from the true counts are what may vary: they keep every row of `sums` at 0, and no count falls by more
    than `down`, since none is below 0.
    """

    sums: sparse.csr_matrix
    down: NDArray[np.float64]

    def among(self, cells: NDArray[np.intp]) -> "Puzzle":
        """Return the puzzle in which all other cells are known."""
        kept = self.sums[:, cells]
        return Puzzle(kept[np.diff(kept.indptr) > 0], self.down[cells])


@dataclass(frozen=True, eq=False)
class Reach:
    """How far each cell can be from its true count, downwards and upwards, as far as it was followed."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def width(self) -> NDArray[np.float64]:
        """How wide an interval is left to each cell."""
        return self.high - self.low


def furthest(
    puzzle: Puzzle, aim: NDArray[np.float64], limit: float = WIDTH
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the deviations, none above `limit`, that go furthest towards an aim; and what each sum is worth."""
    if not puzzle.sums.shape[0]:
        best = np.where(aim > 0, limit, np.where(aim < 0, -np.minimum(puzzle.down, limit), 0.0))
        return best, np.zeros(0)
    bounds = np.column_stack([-np.minimum(puzzle.down, limit), np.full(len(aim), limit)])
    right = np.zeros(puzzle.sums.shape[0])
    # the types of linprog know no sparse matrix, though "highs" takes one
    found = linprog(-aim, A_eq=puzzle.sums, b_eq=right, bounds=bounds, method="highs")  # type: ignore[call-overload]
    if found.status != 0:
        raise RuntimeError(f"The linear program of the audit did not end: {found.message}")  # never read as safe
    return found.x, found.eqlin.marginals


def reach(puzzle: Puzzle, wanted: float = WIDTH) -> Reach:
    """Return how far each cell can be from its true count, followed until that is `wanted` or cannot be more.

    Every set of deviations that is found counts for all cells at once, so a few sweeps settle most of a large table;
    each cell that is left has two linear programs of its own.
    """
    found = Reach(np.zeros(len(puzzle.down)), np.zeros(len(puzzle.down)))
    _sweep(puzzle, found, wanted)
    for cell in np.flatnonzero(found.width < wanted - _NEAR):
        if found.width[cell] < wanted - _NEAR:
            for sign in (1.0, -1.0):
                _noted(found, furthest(puzzle, sign * _only(int(cell), len(puzzle.down)), wanted)[0])
    return found


def _sweep(puzzle: Puzzle, found: Reach, wanted: float) -> None:
    chance = np.random.default_rng(0)
    left = len(puzzle.down)
    for _ in range(_SWEEPS if left > 12 else 0):
        narrow = found.width < wanted - _NEAR
        aim = np.where(narrow, chance.choice([-1.0, 1.0], len(narrow)), 0.0)
        for sign in (1.0, -1.0):
            _noted(found, furthest(puzzle, sign * aim, wanted)[0])
        before, left = left, int((found.width < wanted - _NEAR).sum())
        if left <= 4 or left > 0.9 * before:
            return


def _noted(found: Reach, deviations: NDArray[np.float64]) -> None:
    np.minimum(found.low, deviations, out=found.low)
    np.maximum(found.high, deviations, out=found.high)


def intervals(puzzle: Puzzle) -> Reach:
    """Return how far each cell can be from its true count, exactly: two linear programs a cell."""
    cells = range(len(puzzle.down))
    limit = 10.0 * (puzzle.down.sum() + WIDTH)
    high = np.array([furthest(puzzle, _only(cell, len(cells)), limit)[0][cell] for cell in cells])
    low = np.array([furthest(puzzle, -_only(cell, len(cells)), limit)[0][cell] for cell in cells])
    return Reach(np.round(low, 6), np.where(high > limit / 2, np.inf, np.round(high, 6)))


def worths(puzzle: Puzzle, hidden: NDArray[np.intp], cell: int, wanted: float = WIDTH) -> NDArray[np.float64]:
    """Return what each cell of a table would add to the interval of one, by the prices that hold while some are hidden.

    By duality the interval of the cell is never wider than the sum of these over the cells that are hidden, its own
    included: where that is too little, another of those that are worth something has to be hidden.
    """
    known = Puzzle(puzzle.sums[:, hidden], puzzle.down[hidden])
    up, down = np.full(len(puzzle.down), float(wanted)), np.minimum(puzzle.down, wanted)
    worth = np.zeros(len(up))
    for sign in (1.0, -1.0):
        _, prices = furthest(known, sign * _only(int(np.searchsorted(hidden, cell)), len(hidden)), wanted)
        left = sign * _only(cell, len(up)) + puzzle.sums.T @ prices
        left[np.abs(left) < _NEAR] = 0.0
        worth += np.maximum(left, 0) * up + np.maximum(-left, 0) * down
    return worth


def _only(cell: int, size: int) -> NDArray[np.float64]:
    aim = np.zeros(size)
    aim[cell] = 1.0
    return aim
