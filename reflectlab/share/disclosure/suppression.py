"""`suppress`: the counts of a table that can be shown, and no others."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from ...errors import ArgumentError
from ...language import gettext, translatable
from ...load.progress_bar import waiting
from ..forms import Tidy, Wide
from .attack import WIDTH, Puzzle, Reach, intervals, reach
from .cells import Above, Cells, Key, table_cells
from .ledger import Fact, Ledger, added_release, ledger_of
from .merging import merged_neighbours
from .secondary import Task, hide

MASK = "*"
"""What stands for every hidden cell, whatever it is hidden for."""

THRESHOLD = 5
"""A count of 1 up to below this is not shown."""

DOMINANT = 0.9
"""No count of several classes is shown of which one makes up more than this."""

GRAND = 10
"""A grand total of fewer is not shown alone."""

EXACTLY = 60
"""Up to so many hidden cells the audit says the whole interval of each; of more, that it is wide enough."""

_NEAR = 1e-6


@dataclass(frozen=True, repr=False, eq=False)
class Suppressed:
    """What `suppress` found: the table to release, and the audit, which is to be kept.

    Attributes
    ----------
    table : pandas.DataFrame
        The counts with all totals; hidden ones are missing. This, or `shown()`, may be handed on.
    audit : pandas.DataFrame
        **Private.** A row for each cell: its dimensions, `count`, `hidden`, `reason` (`small`, `zero`, `one class` that
        makes up nearly all of it, `differs` from a former release by few, `hidden before`, `merged`, `secondary`), and
        `low, high`, between which somebody who sees the table can place it.
    ledger : Ledger
        Everything that is released by now: give it to `suppress` before the next release.
    refused : bool
        Whether nothing but the grand total could be shown, or nothing at all.
    """

    table: pd.DataFrame
    audit: pd.DataFrame = field(repr=False)
    ledger: Ledger = field(repr=False)
    refused: bool = False
    threshold: int = THRESHOLD

    def shown(self) -> pd.DataFrame:
        """Return the table as text, every hidden cell as `*`."""
        return self.table.astype("str").where(self.table.notna(), MASK)

    def explain(self) -> str:
        """Return what is hidden and why, in words that tell nothing about any cell."""
        released = self.audit[self.audit["reason"] != "merged"]
        cells, hidden = len(released), int(released["hidden"].sum())
        if not hidden:
            return gettext(_ALL_SHOWN, number=cells, threshold=self.threshold)
        rules = gettext(_NOT_SHOWN, threshold=self.threshold, width=WIDTH + 1)
        if self.refused:
            return f"{gettext(_NOTHING if hidden == cells else _TOTAL_ALONE)} {rules}"
        numbers = {"shown": cells - hidden, "number": cells, "hidden": hidden, "mask": MASK}
        return f"{gettext('{shown} of {number} counts are shown, {hidden} are hidden ({mask}).', **numbers)} {rules}"

    def __repr__(self) -> str:
        return f"{self.shown().to_string()}\n{self.explain()}"

    def _repr_html_(self) -> str:
        return f"{self.shown().to_html(escape=True)}<p>{escape(self.explain())}</p>"


_ALL_SHOWN = translatable("All {number} counts of this table are shown: no count in it is of fewer than {threshold}.")

_NOT_SHOWN = translatable(
    "Counts of fewer than {threshold} are not shown, nor those of several classes that nearly all are of one, nor "
    "those from which they could be worked out together with the totals and with what was released before; which is "
    "which is not told. Every hidden count could be any of at least {width} numbers."
)

_NOTHING = translatable("Nothing of this table is shown: nothing more could be without telling about few children.")

_TOTAL_ALONE = translatable(
    "Of this table the grand total alone is shown: nothing more could be without telling about few children."
)


def suppress(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    tables: Sequence[Sequence[str]] | None = None,
    above: Above | None = None,
    merge: str | Sequence[str] = (),
    threshold: int = THRESHOLD,
    released: Ledger | Suppressed | Sequence[Ledger | Suppressed] = (),
) -> Suppressed:
    """Hide the small counts of a table, and what else has to be hidden so that no hidden count can be worked out.

    Parameters
    ----------
    table : pandas.DataFrame
        Counts of distinct learners: a frame with a group in each row and one in each column, with or without a row
        and a column of totals (`Total` or `All`; a single column is a one-way table), or, with `value`, a row for
        each combination of groups.
    value : str, optional
        The column of counts, where the table has a row for each combination.
    tables : sequence of sequences of str, optional
        With `value`: the tables that are released of it, each named by its columns, as
        `[("strand", "class_id"), ("strand", "week")]`: linked tables, protected together. By default one of all the
        other columns.
    above : mapping, optional
        For a dimension, what is above each of its values, as `{"class_id": {"Room 5": "Year 3"}}`; of a frame with
        groups in rows and columns the dimensions are named by its index and columns, else `row` and `column`.
    merge : str or sequence of str, optional
        Dimensions whose values stand in an order (weeks, levels): neighbours are put together, as "3 to 4", before
        anything is hidden, as long as that leaves fewer small counts.
    threshold : int, default 5
        A count from 1 to below this is not shown.
    released : Ledger, Suppressed, or several, optional
        What was released before, from which this may be subtracted.

    Returns
    -------
    Suppressed

    Raises
    ------
    ArgumentError
        If a count is no whole number from 0, or totals that are there are not the sums.

    Notes
    -----
    Primary are counts of 1 to 4, a zero where all the rest of its sum is in one cell, for that tells about everybody
    there, and, where a column is called `class_id`, a count of several classes of which one makes up over 90 %. Totals
    are cells, and may be hidden. The secondary cells are those of the least loss (the sum of the hidden counts) for
    which an interval at least 5 wide is left to every hidden cell, by integer programming with cuts from the attacker's
    linear programs [1]_; a linear program for each hidden cell then audits the result anew.
    Somebody else is taken to know that no count is below 0, every figure shown, and all that was released before: what
    is the same as then is taken to be known to be the same, and a change of fewer than 5 is itself a small count.

    References
    ----------
    .. [1] Fischetti, M. and Salazar, J. J. (2001). Solving the cell suppression problem on tabular data with linear
       constraints. Management Science 47, 1008-1027.

    Examples
    --------
    >>> import pandas as pd
    >>> rooms = pd.DataFrame({"met": [18, 14, 12, 11], "open": [2, 19, 10, 14]}, index=[5, 6, 7, 8])
    >>> suppress(rooms).shown()
          met open Total
    5       *    *    20
    6      14   19    33
    7       *    *    22
    8      11   14    25
    Total  55   45   100
    """
    if threshold < 1:
        raise ArgumentError(f"`threshold` must be a whole number from 1; got {threshold!r}.")
    form = Wide.of(table) if value is None else Tidy.of(table, value, tables)
    cells = table_cells(form.frame, form.value, form.tables, above or {})
    form.check(cells)
    merged: dict[str, dict[Hashable, str]] = {}
    for name in [merge] if isinstance(merge, str) else merge:
        merged[name] = merged_neighbours(form.frame, cells, name, (above or {}).get(name, {}), threshold)
        cells = table_cells(form.frame, form.value, form.tables, above or {}, merged)
    several = [released] if isinstance(released, Ledger | Suppressed) else released
    before = added_release(each.ledger if isinstance(each, Suppressed) else each for each in several)
    reasons = _primary(cells, threshold) | _merged_away(cells, merged)
    with waiting(gettext("Protecting the table")) as tell:
        hidden, refused = _hidden(cells, reasons, before, tell)
        audit = _audit(form, cells, hidden, reasons, before)
    return Suppressed(form.filled(cells, hidden), audit, before + ledger_of(cells, hidden), refused, threshold)


def _primary(cells: Cells, threshold: int) -> dict[int, str]:
    """Return the cells that must be hidden by themselves, each with the reason."""
    counts = cells.counts
    reasons = {int(place): "small" for place in np.flatnonzero((counts > 0) & (counts < threshold) & ~cells.inner)}
    reasons |= {
        int(place): "one class"
        for place in np.flatnonzero((cells.top > DOMINANT) & ~cells.inner)
        if place not in reasons
    }
    for row in cells.sums:
        parts = row.indices[row.data > 0]
        if not cells.inner[parts].any() and len(parts) > 1 and np.count_nonzero(counts[parts]) == 1:
            reasons |= {int(place): "zero" for place in parts[counts[parts] == 0]}
    return reasons


def _merged_away(cells: Cells, merged: Mapping[str, Mapping[Hashable, str]]) -> dict[int, str]:
    """Return the cells of merged values: those of a zero need no hiding, for that zero tells of them."""
    reasons = {}
    for number in np.flatnonzero(cells.inner):
        whole = tuple((name, merged.get(name, {}).get(node, node)) for name, node in cells.keys[number])
        if cells.counts[cells.place[whole]]:
            reasons[int(number)] = "merged"
    return reasons


def _hidden(
    cells: Cells, reasons: dict[int, str], before: Ledger, tell: Callable[[float], None]
) -> tuple[NDArray[np.bool_], bool]:
    """Return the cells to hide; whether nothing but the grand total, if that, could be left."""
    task = _task(cells, reasons, before)
    size = len(cells.keys)
    hidden = hide(task, tell)
    shown = np.flatnonzero(~hidden[:size] & ~cells.inner)
    if _is_safe(task, hidden) and any(cells.keys[place] for place in shown):
        return hidden[:size], False
    alone = task.may | task.must
    if () in cells.place and not task.must[(grand := cells.place[()])] and cells.counts[grand] >= GRAND:
        alone = alone.copy()
        alone[grand] = False
        if _is_safe(task, alone):
            return alone[:size], True
    return np.ones(size, dtype=bool), True


def _is_safe(task: Task, hidden: NDArray[np.bool_]) -> bool:
    left = reach(task.puzzle.among(np.flatnonzero(hidden))).width
    return bool((left >= WIDTH - _NEAR).all())


def _task(cells: Cells, reasons: dict[int, str], before: Ledger) -> Task:
    """Return what is to be solved: the cells, and a further one for each former sum that now differs by few."""
    counts, place = cells.counts, cells.place
    known, differing = _since(before, place, counts)
    out = {fact.cells[0][0] for fact in before.facts if len(fact.cells) == 1}
    same = {place[f.cells[0][0]] for f in before.facts if len(f.cells) == 1 and _change(f, place, counts) == 0}
    for fact in differing:
        if len(fact.cells) == 1:
            reasons.setdefault(place[fact.cells[0][0]], "differs")
    for key in before.hidden - out:
        if key in place:
            reasons.setdefault(place[key], "hidden before")
    for cell in same:
        reasons.pop(cell, None)  # it is out, and cannot be called back
    sums = [fact for fact in differing if len(fact.cells) > 1]
    must = np.array([place in reasons for place in range(len(counts))] + [True] * len(sums))
    may = np.array([place not in same for place in range(len(counts))] + [True] * len(sums))
    extra = np.zeros(len(sums))
    loss = np.concatenate([np.maximum(counts, 1), extra])
    down = np.concatenate([counts, extra + 10.0 * WIDTH])
    return Task(
        Puzzle(_with(cells, place, known, sums), down), loss, must, may, np.concatenate([cells.blocks, extra - 1])
    )


def _since(before: Ledger, place: Mapping[Key, int], counts: NDArray[np.int64]) -> tuple[list[Fact], list[Fact]]:
    """Return the former sums that still hold, and the facts that have changed by a small number."""
    held, differing = [], []
    for fact in before.facts:
        inside = tuple((key, sign) for key, sign in fact.cells if key in place)
        if not inside or (len(fact.cells) == 1 and _change(fact, place, counts) == 0):
            continue
        if len(inside) < len(fact.cells) or _change(fact, place, counts) == 0:
            held.append(replace(fact, cells=inside))  # what is no cell any more is taken to be known
        elif abs(_change(fact, place, counts) or 0) < THRESHOLD:
            differing.append(fact)
    return held, differing


def _change(fact: Fact, place: Mapping[Key, int], counts: NDArray[np.int64]) -> int | None:
    if any(key not in place for key, _ in fact.cells):
        return None
    return sum(sign * int(counts[place[key]]) for key, sign in fact.cells) - fact.number


def _with(cells: Cells, place: Mapping[Key, int], known: list[Fact], sums: list[Fact]) -> sparse.csr_matrix:
    """Return the sums of the cells with those of the ledger."""
    size = len(cells.keys)
    rows = sparse.lil_matrix((len(known) + len(sums), size + len(sums)))
    for number, fact in enumerate([*known, *sums]):
        for key, sign in fact.cells:
            rows[number, place[key]] = sign
        if number >= len(known):
            rows[number, size + number - len(known)] = -1
    wider = sparse.hstack([cells.sums, sparse.csr_matrix((cells.sums.shape[0], len(sums)))])
    return sparse.csr_matrix(sparse.vstack([wider, rows]))


def _audit(
    form: Wide | Tidy, cells: Cells, hidden: NDArray[np.bool_], reasons: Mapping[int, str], before: Ledger
) -> pd.DataFrame:
    """Return every cell with its count, and between what somebody else can place it."""
    puzzle = _task(cells, {}, before).puzzle
    free = np.concatenate([hidden, np.ones(len(puzzle.down) - len(hidden), dtype=bool)])
    inside = np.flatnonzero(free)
    some = puzzle.among(inside)
    left = intervals(some) if hidden.sum() <= EXACTLY else reach(some)
    found = Reach(*(_spread(side, inside, len(puzzle.down))[: len(hidden)] for side in (left.low, left.high)))
    words = [reasons.get(place, "secondary") if hidden[place] else None for place in range(len(hidden))]
    words = ["merged" if inner else word for inner, word in zip(cells.inner, words, strict=True)]
    told = {"count": cells.counts, "hidden": hidden | cells.inner, "reason": pd.Series(words, dtype="str")}
    bounds = {"low": cells.counts + found.low, "high": cells.counts + found.high}
    return pd.DataFrame({**form.named(cells), **told, **bounds})


def _spread(values: NDArray[np.float64], places: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    whole = np.zeros(size)
    whole[places] = values
    return whole
