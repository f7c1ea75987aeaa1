"""Somebody who has what was released and nothing else, and linear programs written apart from the package."""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

LIMIT = 10_000


def intervals(table: pd.DataFrame, total: str = "Total") -> dict[tuple, tuple[float, float]]:
    """Between what each hidden cell of a two-way (or one-way) table lies, by all that is shown of it."""
    labels = [(row, column) for row in table.index for column in table.columns]
    number = {label: place for place, label in enumerate(labels)}
    rows = [row for row in table.index if row != total]
    columns = [column for column in table.columns if column != total]
    across = [({(row, column): 1 for column in columns} | {(row, total): -1}, 0) for row in table.index]
    down = [({(row, column): 1 for row in rows} | {(total, column): -1}, 0) for column in table.columns]
    shown = [({label: 1}, int(table.loc[label])) for label in labels if pd.notna(table.loc[label])]
    equations = [*(across if total in table.columns else []), *down, *shown]
    hidden = [label for label in labels if pd.isna(table.loc[label])]
    return solved(equations, number, hidden)


def solved(equations, number, wanted):
    matrix = np.zeros((len(equations), len(number)))
    for place, (terms, _) in enumerate(equations):
        for label, sign in terms.items():
            matrix[place, number[label]] += sign
    right = np.array([value for _, value in equations], dtype=float)
    found = {}
    for label in wanted:
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(number))
            aim[number[label]] = sign
            answer = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, LIMIT), method="highs")
            assert answer.status == 0, answer.message
            ends.append(sign * answer.fun)
        found[label] = (round(ends[0], 6), round(ends[1], 6))
    return found


def narrowest(table: pd.DataFrame) -> float:
    """The width of the narrowest interval, infinite where nothing is hidden."""
    return min((high - low for low, high in intervals(table).values()), default=np.inf)
