"""Which cells to hide beside those that must be, at the least loss, so that none of them can be worked out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from .attack import WIDTH, Puzzle, reach, worths

WHOLE = 700
"""Up to so many cells a table is solved as one; a larger one first in blocks of so many."""

_NEAR = 1e-6

_ROUNDS = 60

_GAP = {"small": 0.0, "large": 0.02}

_SECONDS = 20.0


@dataclass(frozen=True, eq=False)
class Task:
    """Cells, what hiding each would lose, and which must, and which may, be hidden."""

    puzzle: Puzzle
    loss: NDArray[np.float64]
    must: NDArray[np.bool_]
    may: NDArray[np.bool_]
    blocks: NDArray[np.int64]

    def among(self, cells: NDArray[np.intp]) -> "Task":
        """Return the task of some cells, in which all others are shown."""
        of = self.puzzle.among(cells)
        return Task(of, self.loss[cells], self.must[cells], self.may[cells], self.blocks[cells])


@dataclass(eq=False)
class _Cuts:
    """What is known of the choice so far: each row times the choice is at least 0."""

    rows: list[sparse.csr_matrix] = field(default_factory=list)

    def add(self, row: NDArray[np.float64]) -> None:
        self.rows.append(sparse.csr_matrix(row))


def hide(task: Task, tell: Callable[[float], None] = lambda _: None) -> NDArray[np.bool_]:
    """Return which cells to hide, those that must be among them; `tell` is given the share of the work that is done.

    Up to `WHOLE` cells the loss is the least there is. A larger table is solved block by block, sums over blocks kept
    as if they were known, and what is then still too narrow, in the table as a whole.
    """
    if len(task.loss) <= WHOLE:
        return _least(task, task.must & task.may)
    hidden = task.must.copy()
    blocks = list(_blocks(task))
    for number, cells in enumerate(blocks):
        hidden[cells] = _least(task.among(cells), task.must[cells])
        tell(0.8 * (number + 1) / len(blocks))
    return _least(task, hidden, mend=True)


def _blocks(task: Task) -> Iterator[NDArray[np.intp]]:
    """Return the cells of some values at a time, those of most that must be hidden together."""
    numbers, place = np.unique(task.blocks, return_inverse=True)
    per_value = max(len(task.loss) // max(len(numbers), 1), 1)
    at_once = max(WHOLE // per_value, 2)
    weight = np.bincount(place, weights=task.must)
    order = [number for number in np.argsort(-weight, kind="stable") if numbers[number] >= 0]
    for some in np.array_split(order, -(-len(order) // at_once)) if order else ():  # none of them of one value alone
        yield np.flatnonzero(np.isin(place, some))


def _least(task: Task, hidden: NDArray[np.bool_], *, mend: bool = False) -> NDArray[np.bool_]:
    """Return the choice of least loss that hides what is hidden already: cuts are added until the audit is content."""
    if not hidden.any():
        return hidden
    cuts = _Cuts() if mend else _first_cuts(task)
    large = len(task.loss) > WHOLE // 4
    choice = hidden if mend else _chosen(task, hidden, cuts, large)
    for _ in range(_ROUNDS):
        if choice is None:
            break
        narrow = too_narrow(task, choice)
        if not len(narrow):
            return choice
        for cell in narrow:
            _cut(task, choice, int(cell), cuts)
        found = _chosen(task, hidden, cuts, large)
        choice = None if found is None or (found == choice).all() else found
    return task.may | task.must  # no choice is safe, or none was found in time: as little is shown as can be


def too_narrow(task: Task, hidden: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the hidden cells to which too narrow an interval is left."""
    cells = np.flatnonzero(hidden)
    return cells[reach(task.puzzle.among(cells)).width < WIDTH - _NEAR]


def _first_cuts(task: Task) -> _Cuts:
    """No sum has just one hidden cell in it."""
    cuts = _Cuts()
    for number in range(task.puzzle.sums.shape[0]):
        inside = task.puzzle.sums[number].indices
        for cell in inside:
            row = np.zeros(len(task.loss))
            row[inside], row[cell] = 1.0, -1.0
            cuts.add(row)
    return cuts


def _cut(task: Task, hidden: NDArray[np.bool_], cell: int, cuts: _Cuts) -> None:
    """Forbid this choice: what a cell lacks has to come from others, or at least one more has to be hidden."""
    worth = worths(task.puzzle, np.flatnonzero(hidden), cell)
    missing = WIDTH - worth[cell]
    row = np.minimum(worth, missing)
    if missing <= _NEAR or row[hidden & (np.arange(len(row)) != cell)].sum() >= missing - _NEAR:
        row, missing = np.where(task.may & ~hidden, 1.0, 0.0), 1.0
    row[cell] = -missing
    cuts.add(row)


def _chosen(task: Task, hidden: NDArray[np.bool_], cuts: _Cuts, large: bool) -> NDArray[np.bool_] | None:
    rows = LinearConstraint(sparse.vstack(cuts.rows), 0, np.inf) if cuts.rows else ()
    found = milp(
        np.where(hidden, 0.0, task.loss),
        constraints=rows,
        integrality=np.ones(len(task.loss), dtype=np.int64),
        bounds=Bounds(hidden.astype(float), (task.may | hidden).astype(float)),
        options={"time_limit": _SECONDS, "mip_rel_gap": _GAP["large" if large else "small"]},
    )
    return None if found.x is None else found.x > 0.5
