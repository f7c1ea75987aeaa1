"""Linked tables, levels above, merged neighbours, odd thresholds and chains of releases, against the attacker."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from reflectlab.errors import ArgumentError
from reflectlab.share import suppress
from tests.share.attacker import solved

LINKS = {
    1: [None],
    2: [None, [("a", "b")], [("a",), ("b",)]],
    3: [None, [("a", "b"), ("b", "c")], [("a", "b"), ("a", "c"), ("b", "c")], [("a",), ("b", "c")]],
}


def schools(count, seed):
    """Random tidy tables of one to three dimensions: sparse or full, with years above classes, and what is asked."""
    chance = np.random.default_rng(seed)
    for _ in range(count):
        names = ["a", "b", "c"][: chance.integers(1, 4)]
        values = [[f"{name}{number}" for number in range(chance.integers(1, 6))] for name in names]
        rows = list(product(*values))
        counts = chance.poisson(chance.gamma(0.7, chance.choice([0.3, 1, 3, 8, 20]), len(rows)))
        counts[chance.random(len(rows)) < chance.choice([0.0, 0.5])] = 0
        frame = pd.DataFrame(rows, columns=names).assign(n=counts)
        if chance.random() < 0.3 and (frame["n"] > 0).any():
            frame = frame[frame["n"] > 0]
        links = LINKS[len(names)]
        above = {}
        if chance.random() < 0.5:
            above = {"a": {value: f"Year {chance.integers(1, 3)}" for value in values[0]}}
        yield (
            frame,
            {
                "tables": links[chance.integers(len(links))],
                "above": above,
                "threshold": int(chance.choice([1, 3, 5, 10])),
                "merge": [name for name in names if chance.random() < 0.25],
            },
        )


def known(table, names, above):
    """Every cell of what was released, and all sums that somebody sees in it."""
    cells = {tuple(row[:-1]): row[-1] for row in table[[*names, "n"]].itertuples(index=False, name=None)}
    equations = [({label: 1}, int(count)) for label, count in cells.items() if pd.notna(count)]
    for label in cells:
        for side, name in enumerate(names):
            there = set(table[name]) - {"Total"}
            parent = {value: above.get(name, {}).get(value.split(" to ")[0]) for value in there}
            wanted = None if label[side] == "Total" else label[side]
            parts = [(*label[:side], value, *label[side + 1 :]) for value in there if parent[value] == wanted]
            if parts and all(part in cells for part in parts):
                equations.append((dict.fromkeys(parts, 1) | {label: -1}, 0))
    return cells, equations


def attacked(count, seed):
    shown = total = 0
    for frame, asked in schools(count, seed):
        found = suppress(frame, value="n", **asked)
        names = list(dict.fromkeys(name for table in asked["tables"] or [frame.columns[:-1]] for name in table))
        cells, equations = known(found.table, names, asked["above"])
        told = [int(number) for number in cells.values() if pd.notna(number)]
        assert not [number for number in told if 0 < number < asked["threshold"]], asked
        hidden = [label for label, number in cells.items() if pd.isna(number)]
        for label, (low, high) in solved(equations, {each: n for n, each in enumerate(cells)}, hidden).items():
            assert high - low >= 5 - 1e-6, (label, low, high, asked, frame.to_dict("list"))
        shown, total = shown + len(told), total + len(cells)
    return shown / total


def test_no_hidden_cell_of_linked_tables_is_narrowed():
    assert attacked(30, seed=2) > 0.4


@pytest.mark.long
def test_no_hidden_cell_of_many_linked_tables_is_narrowed():
    share = attacked(600, seed=3)
    print(f"shown: {share:.1%} of the cells of linked tables")  # noqa: T201 - the figure that is reported
    assert share > 0.4


def chain(chance, shape, steps, merge):
    """A table that one child joins, leaves or moves in, release after release, each told what was told before."""
    names = [f"r{number}" for number in range(shape[0])], [f"c{number}" for number in range(shape[1])]
    counts = chance.poisson(chance.gamma(1.5, chance.choice([2, 5, 10]), size=shape))
    truth, found = [], []
    for step in range(steps):
        if step:
            counts = counts.copy()
            there, to = (tuple(int(chance.integers(size)) for size in shape) for _ in range(2))
            counts[there] -= bool(counts[there] and chance.random() < 0.7)
            counts[to] += bool(chance.random() < 0.7)
        frame = pd.DataFrame(counts, index=names[0], columns=names[1])
        known_before = [found[-1]] if found and chance.random() < 0.5 else found
        found.append(
            suppress(frame, released=known_before, merge=["column"] if merge and chance.random() < 0.5 else [])
        )
        whole = frame.copy()
        whole.loc["Total"] = whole.sum()
        truth.append(whole.assign(Total=whole.sum(axis=1)))
    return truth, found


def leaves(table, row, column):
    """The inner cells that a released cell is the sum of."""
    rows = [row] if row != "Total" else [each for each in table.index if each != "Total"]
    ends = column.split(" to ")
    of = [each for each in table.columns if each != "Total"]
    columns = of if column == "Total" else of[of.index(ends[0]) : of.index(ends[-1]) + 1]
    return [(one, other) for one in rows for other in columns]


@pytest.mark.parametrize("merge", [False, True])
def test_a_chain_of_three_releases_narrows_nothing(merge):
    """Somebody who kept all three knows of each inner count that did not change that it did not."""
    chance = np.random.default_rng(8 + merge)
    for _ in range(15):
        truth, found = chain(chance, tuple(int(size) for size in chance.integers(2, 5, 2)), 3, merge)
        inner = [(one, other) for one in truth[0].index[:-1] for other in truth[0].columns[:-1]]
        number = {(step, cell): len(inner) * step + place for step in range(3) for place, cell in enumerate(inner)}
        equations, hidden, out = [], [], set()
        for step, release in enumerate(found):
            out = {cell for cell in out if truth[step].loc[cell] == truth[step - 1].loc[cell]}
            for row, column in product(release.table.index, release.table.columns):
                of = [(step, cell) for cell in leaves(truth[0], row, column)]
                if pd.notna(release.table.loc[row, column]):
                    equations.append((dict.fromkeys(of, 1), int(release.table.loc[row, column])))
                    out |= {cell for _, cell in of if len(of) == 1}
                elif len(of) == 1 and of[0][1] not in out:  # what is out cannot be called back
                    hidden.append(of[0])
            if step:
                same = [cell for cell in inner if truth[step].loc[cell] == truth[step - 1].loc[cell]]
                equations += [({(step, cell): 1, (step - 1, cell): -1}, 0) for cell in same]
        for label, (low, high) in solved(equations, number, hidden).items():
            assert high - low >= 5 - 1e-6, (label, low, high, [each.to_dict("list") for each in truth])


def test_neighbours_are_merged_before_anything_is_hidden():
    weeks = pd.DataFrame(
        [[2, 4, 12, 3], [6, 2, 11, 14], [9, 3, 8, 5]], index=["Room 5", "Room 6", "Room 7"], columns=[1, 2, 3, 4]
    )
    weeks.columns.name = "week"
    plain, merged = suppress(weeks), suppress(weeks, merge="week")
    assert plain.table.isna().any(axis=None)
    assert merged.table.columns.tolist() == ["1 to 2", "3 to 4", "Total"]
    assert merged.table["1 to 2"].tolist() == [6, 8, 12, 26]
    assert not merged.table.isna().any(axis=None)
    assert merged.explain().startswith("All 12 counts")
    with pytest.raises(ArgumentError, match='"year", by which'):
        suppress(weeks, merge="year")


def test_what_was_shown_is_not_subtracted_from_what_is_merged():
    first = suppress(pd.DataFrame({"a": [20, 30], "b": [9, 12], "c": [14, 25]}))
    second = suppress(pd.DataFrame({"a": [20, 30], "b": [2, 12], "c": [14, 25]}), merge="column", released=first)
    assert "a to b" not in second.table or pd.isna(second.table.loc[0, "a to b"])


@pytest.mark.parametrize("index", ["class_id", "room"])
def test_no_figure_of_the_school_is_shown_that_nearly_all_is_of_one_class(index):
    rooms = pd.DataFrame({"met": [95, 5, 5], "open": [30, 20, 30]}, index=pd.Index(["A", "B", "C"], name=index))
    found = suppress(rooms)
    assert pd.isna(found.table.loc["Total", "met"]) == (index == "class_id")
    assert ("one class" in set(found.audit["reason"])) == (index == "class_id")


def test_words_name_the_threshold_that_was_asked_for():
    assert (
        "fewer than 10 are not shown" in suppress(pd.DataFrame({"a": [7, 40], "b": [50, 60]}), threshold=10).explain()
    )


def test_classes_of_a_school_are_protected_together_in_a_large_table():
    """Solved in blocks: with the classes of a school in several, nearly all of the table was hidden."""
    chance = np.random.default_rng(2)
    rows = [(f"Class {c}", f"Goal {g}", int(n)) for (c, g), n in np.ndenumerate(chance.poisson(9, (60, 12)))]
    frame = pd.DataFrame(rows, columns=["class_id", "goal", "n"])
    above = {"class_id": {f"Class {number}": f"School {number % 6}" for number in range(60)}}
    found = suppress(frame, value="n", above=above)
    assert len(found.table) == (60 + 6 + 1) * 13
    assert found.table["n"].notna().mean() > 0.8
    cells, equations = known(found.table, ["class_id", "goal"], above)
    hidden = [label for label, number in cells.items() if pd.isna(number)]
    some = [hidden[place] for place in chance.choice(len(hidden), 25, replace=False)]
    for low, high in solved(equations, {each: n for n, each in enumerate(cells)}, some).values():
        assert high - low >= 5 - 1e-6
