"""The share of their own goals that learners met, with its interval: by group, or over the weeks."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .blocks import count
from .curves import Curve, Frame, draw_curves
from .groups import PERIODS, group_columns, group_labels, period_labels
from .inputs import checked, mapping
from .sheet import (
    LABEL,
    SMALL,
    Sheet,
    bare,
    head_height,
    label_column,
    label_size,
    new_sheet,
    nothing,
)
from .style import BRIGHT, HAIR, INK, SOFT, drawing, percent, text_size, write

WIDTH, ROW = 10.0, 0.3
MEASURED = ("goals", "met", "dropped", "left_open", "learners", "rate", "low", "high")
_NEEDED = ["goals", "met", "rate", "low", "high"]


def plot_completion(
    completion: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str = "Own goals met",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of own goals met: a dot on its 95 % interval for each group, or a line over the weeks.

    Groups stand in the order of the frame. Up to three lines share a panel, more have one each.

    Parameters
    ----------
    completion : pandas.DataFrame
        As `reflectlab.completion` gives it, with or without `every`. A missing rate is one that is not told.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "Own goals met"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the groups.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_completion
    >>> rates = pd.DataFrame({"class_id": ["Room 5"], "goals": [20], "met": [15], "rate": [0.75], "low": [0.53],
    ...                       "high": [0.89]})
    >>> alt_text(plot_completion(rates))
    'Own goals met. 15 of 20 own goals met in Room 5: 75 % (53 to 89 %). The line is the 95 % interval.'
    """
    table = checked("completion", completion, _NEEDED).reset_index(drop=True)
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, "no own goals have been set.")
        labels = group_labels(table, group_columns(table, MEASURED), called)
        if any(column in table for column in PERIODS):
            return _over_time(table, labels, title, ax)
        return _by_group(table, labels, title, ax)


def _over_time(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    places, periods = period_labels(table)
    curves = []
    for number, label in enumerate(dict.fromkeys(labels)):
        rows = table[labels == label].assign(place=places).sort_values("place")
        columns = ("place", "rate", "low", "high")
        x, y, low, high = (rows[column].to_numpy(dtype=float, na_value=np.nan) for column in columns)
        curves.append(Curve(label, x, y, low, high, number))
    said = _sentence_over_time(table[places == places.max()], len(curves), periods[-1])
    ticks = [(float(place), period) for place, period in enumerate(periods)]
    each = "week" if "week" in table else "term"
    frame = Frame((-0.3, len(periods) - 0.7), ticks, f"at the end of each {each}", "share of own goals met")
    return draw_curves(ax, title, said, curves, frame)


def _by_group(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    texts, column, tall = label_column(list(labels), 2.6)
    told = (table[column] for column in ("met", "goals", "rate", "low", "high"))
    notes = [_note(*row) for row in zip(*told, strict=True)]
    said = _sentence(table, labels)
    top = head_height(title, said, WIDTH) + 0.3
    sheet = new_sheet(ax, WIDTH, top + max(ROW, tall + 0.08) * max(len(table), 2) + 0.25)
    first = max(text_size(note, SMALL)[0] for note in ["goals met  ", *(note for note, _ in notes)])
    second = max(text_size(note, SMALL)[0] for note in ["share (interval)", *(note for _, note in notes)])
    sheet.place(max(column, 0.1) + 0.3, first + second + 0.5, top, 0.25)
    bare(sheet.ax)
    sheet.ax.set_xlim(0, 1)
    sheet.ax.set_ylim(len(table) - 0.5, -0.5)
    sheet.head(title, said)
    _scale(sheet.ax, len(table))
    rate = table[["rate", "low", "high"]].to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(rate[:, 0])
    places = np.arange(len(table))[known]
    sheet.ax.hlines(places, rate[known, 1], rate[known, 2], colors=BRIGHT[0], linewidths=2.4, zorder=2, capstyle="butt")
    sheet.ax.scatter(rate[known, 0], places, s=46, color=INK, edgecolor="white", linewidth=0.8, zorder=3, clip_on=False)
    _write_rows(sheet, texts, notes, first)
    return sheet.ax


def _scale(ax: Axes, rows: int) -> None:
    shares = (0, 0.25, 0.5, 0.75, 1)
    ax.vlines(shares, -0.5, rows - 0.5, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)
    ax.set_xticks(shares, [percent(share) for share in shares])
    ax.tick_params(top=False, labeltop=True, labelbottom=False, labelsize=SMALL, labelcolor=SOFT, pad=3)


def _write_rows(sheet: Sheet, texts: list[str], notes: list[tuple[str, str]], first: float) -> None:
    aside = {"transform": sheet.ax.get_yaxis_transform(), "va": "center"}
    edge = sheet.left + sheet.inner_width + 0.18 + first
    sheet.write(edge, sheet.top - 0.08, "goals met", ha="right", va="bottom", color=SOFT, size=SMALL - 0.5)
    sheet.write(edge + 0.15, sheet.top - 0.08, "share (interval)", va="bottom", color=SOFT, size=SMALL - 0.5)
    for place, (text, (counted, rate)) in enumerate(zip(texts, notes, strict=True)):
        size = label_size(text, LABEL)
        write(sheet.ax, -0.12 / sheet.inner_width, place, text, size=size, ha="right", linespacing=1.05, **aside)
        x = 1 + (0.18 + first) / sheet.inner_width
        write(sheet.ax, x, place, counted, ha="right", color=SOFT, **aside)
        write(sheet.ax, x + 0.15 / sheet.inner_width, place, rate, color=INK, **aside)


def _note(met: Any, goals: Any, rate: Any, low: Any, high: Any) -> tuple[str, str]:
    counted = "" if pd.isna(goals) or pd.isna(met) else f"{met:.0f} of {goals:.0f}"
    if pd.isna(rate):
        return counted, "no goals yet" if counted == "0 of 0" else "no rate told"
    return counted, f"{percent(rate)} ({percent(low)[:-2]} to {percent(high)})"


def _sentence_over_time(last: pd.DataFrame, groups: int, period: str) -> str:
    met, goals = _total(last["met"]), _total(last["goals"])
    said = f"{met} of {count(goals, 'own goal')} met by {period}"
    if groups == 1:
        rate = _note(1, 1, *last.iloc[0][["rate", "low", "high"]])[1]
        return f"{said}: {rate}. The band is the 95 % interval."
    whole = f" ({percent(met / goals)})" if goals and not last["rate"].isna().any() else ""
    return f"{said}{whole}, in {groups} groups. The bands are 95 % intervals."


def _sentence(table: pd.DataFrame, labels: pd.Series) -> str:
    met, goals = _total(table["met"]), _total(table["goals"])
    said = f"{met} of {count(goals, 'own goal')} met"
    known = table["rate"].dropna()
    if known.empty:
        return f"{said}. No rate is told."
    if len(table) == 1:
        place = f" in {labels.iloc[0]}" if labels.iloc[0] else ""
        rate = _note(1, 1, *table.iloc[0][["rate", "low", "high"]])[1]
        return f"{said}{place}: {rate}. The line is the 95 % interval."
    spread = f"from {percent(known.min())} to {percent(known.max())}"
    return f"{said} in {len(table)} groups, {spread}. The lines are 95 % intervals."


def _total(column: pd.Series) -> int:
    return int(column.fillna(0).sum())
