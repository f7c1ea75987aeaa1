"""What can be worked out of the counts behind rates: all groups that add up are attacked together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from ..groups import OVERLAPPING, SCHOOL, Group
from ..rates import ROUND, ToldRates
from .attack import WIDTH

Label = tuple[str, str]
"""By what is grouped, and which group."""

_NEAR = 1e-6

_SWEEPS = 40


@dataclass(eq=False)
class _Counts:
    """The unknown counts, and what is known of them: each row is a sum that lies between two numbers.

    Of each group these are its parts, and last its learners.
    """

    parts: int
    numbers: dict[tuple[int, Label], int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def of(self, release: int, group: Label) -> range:
        """Return where the counts of a group stand."""
        size = self.parts + 1
        new = (release, group) not in self.numbers
        first = self.numbers.setdefault((release, group), len(self.numbers) * size)
        places = range(first, first + size)
        if new:  # every learner of a group has something counted in it
            self.rows.append((dict.fromkeys(places, 1.0) | {places[-1]: -1.0}, 0.0, np.inf))
        return places

    def told(self, places: range, told: ToldRates) -> None:
        """Note what is told of a group."""
        parts, learners = places[:-1], places[-1]
        self.rows.append(({learners: 1.0}, told.learners, told.most_learners))
        self.rows.append((dict.fromkeys(parts, 1.0), told.size - ROUND / 2, told.size + ROUND / 2))
        for part, band in zip(parts, told.bands, strict=False):
            below = dict.fromkeys(parts, -band.low)
            above = dict.fromkeys(parts, -band.high)
            self.rows.append((below | {part: 1 - band.low}, 0.0, np.inf))
            self.rows.append((above | {part: 1 - band.high}, -np.inf, 0.0))

    def inside(self, whole: range, groups: Sequence[range], *, all_of_it: bool, apart: bool) -> None:
        """Note that groups are in a larger one, or are all of it; learners add up where none is in two of them."""
        for total, *places in zip(whole, *groups, strict=True):
            row = dict.fromkeys(places, 1.0) | {total: -1.0}
            if total != whole[-1] or apart:
                self.rows.append((row, 0.0 if all_of_it else -np.inf, 0.0))
            else:
                self.rows += [({place: 1.0, total: -1.0}, -np.inf, 0.0) for place in places]


def narrowed(
    groups: Sequence[Group], told: Mapping[Label, ToldRates], former: Iterable[Mapping[Label, ToldRates]] = ()
) -> list[Label]:
    """Return the groups of which a count could be placed within fewer than five, by all that is and was told.

    Groups are those of one question and term. Of a group of which the same is true as was told before, nothing is
    taken to have changed; of another, what changed is itself a count that must not be found.
    """
    counts = _Counts(len(groups[0].counts))
    labels = [(group.by, group.label) for group in groups]
    for label in labels:
        places = counts.of(0, label)
        if label in told:
            counts.told(places, told[label])
    _add_up(counts, groups)
    forms = [({place: 1.0}, label) for label in labels for place in counts.of(0, label)]
    for release, before in enumerate(former, start=1):
        forms += _before(counts, release, groups, before)
    widths = _widths(counts, [form for form, _ in forms], 4.0 * sum(max(groups, key=lambda g: sum(g.counts)).counts))
    return list(dict.fromkeys(label for (_, label), width in zip(forms, widths, strict=True) if width < WIDTH - _NEAR))


def _add_up(counts: _Counts, groups: Sequence[Group]) -> None:
    """Note which groups are the whole school, and which lie in others: classes in a year, a year in a language."""
    by = {name: [group for group in groups if group.by == name] for name in dict.fromkeys(g.by for g in groups)}
    for whole in by.pop(SCHOOL, []):
        for name, parts in by.items():
            _noted(counts, whole, parts, all_of_it=True, apart=name not in OVERLAPPING)
    for name, other in permutations([name for name in by if name not in OVERLAPPING], 2):
        for whole in by[other]:
            parts = [group for group in by[name] if group.members <= whole.members]
            all_of_it = frozenset().union(*(group.members for group in parts)) == whole.members
            if parts:
                _noted(counts, whole, parts, all_of_it=all_of_it, apart=True)


def _noted(counts: _Counts, whole: Group, parts: Sequence[Group], **how: bool) -> None:
    places = [counts.of(0, (part.by, part.label)) for part in parts]
    counts.inside(counts.of(0, (whole.by, whole.label)), places, **how)


def _before(
    counts: _Counts, release: int, groups: Sequence[Group], before: Mapping[Label, ToldRates]
) -> Iterator[tuple[dict[int, float], Label]]:
    """Note what a former release told, and return what has changed since."""
    labels = [(group.by, group.label) for group in groups]
    for group, label in zip(groups, labels, strict=True):
        if label not in before:
            continue
        if before[label].holds(group.counts, group.learners):
            counts.told(counts.of(0, label), before[label])
            continue
        then, now = counts.of(release, label), counts.of(0, label)
        counts.told(then, before[label])
        for old, new in zip(then[:-1], now[:-1], strict=True):
            yield {new: 1.0, old: -1.0}, label


def _widths(counts: _Counts, forms: Sequence[Mapping[int, float]], most: float) -> NDArray[np.float64]:
    size = (counts.parts + 1) * len(counts.numbers)
    matrix = np.zeros((len(counts.rows), size))
    for number, (row, _, _) in enumerate(counts.rows):
        matrix[number, list(row)] = list(row.values())
    known = LinearConstraint(matrix, [row[1] for row in counts.rows], [row[2] for row in counts.rows])
    wanted = np.zeros((len(forms), size))
    for number, form in enumerate(forms):
        wanted[number, list(form)] = list(form.values())
    low, high = np.full(len(forms), np.inf), np.full(len(forms), -np.inf)
    for aim in _aims(low, high):
        for sign in (1.0, -1.0):
            found = milp(-sign * (aim @ wanted), constraints=known, bounds=Bounds(0, most))
            if found.x is None:
                return np.zeros(len(forms))  # what was told before fits nothing now: nothing is taken to be safe
            np.minimum(low, wanted @ found.x, out=low)
            np.maximum(high, wanted @ found.x, out=high)
    widths: NDArray[np.float64] = high - low
    return widths


def _aims(low: NDArray[np.float64], high: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Return what to look for: many at once, and then each that is left alone."""
    chance = np.random.default_rng(0)
    for _ in range(_SWEEPS):
        narrow = ~(high - low >= WIDTH)
        if narrow.sum() <= 3:
            break
        yield np.where(narrow, chance.choice([-1.0, 1.0], len(low)), 0.0)
    for place in np.flatnonzero(~(high - low >= WIDTH)):
        yield np.eye(len(low))[place]
