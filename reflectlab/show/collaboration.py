"""How often learners work together, and of which kind: over the weeks, or by learner or class."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from .blocks import count
from .groups import PERIODS, group_columns, group_labels, period_labels
from .inputs import cannot_tell, checked, mapping
from .kinds import KINDS, LOOKS, WORDS
from .sheet import (
    LABEL,
    PAD,
    SMALL,
    Key,
    Sheet,
    bare,
    head_height,
    key_height,
    label_column,
    label_size,
    new_sheet,
    nothing,
)
from .style import HAIR, INK, SOFT, boxes, drawing, fill, percent, text_size, write

WIDTH, ROW = 10.0, 0.27
MEASURED = ("episodes", "participations", "minutes", *KINDS, "self_chosen", "choice_known", "per_week")
_DAYS = ("days_with_anyone", "days_on_goal")
_NEEDED = ["episodes", "participations", *KINDS, "self_chosen", "choice_known", "per_week"]


def plot_collaboration(
    collaboration: pd.DataFrame,
    *,
    availability: pd.DataFrame | None = None,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str = "Working together",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often learners took part in working together, by kind.

    Upright bars over the weeks (a frame with `every="week"`, of one group), else a bar for each learner or
    class, in the order of the frame. Beside each stand the times a learner took part in a week, how often the
    learners chose it themselves, where somebody noted who chose, and on how many days there was somebody to work
    with: who never had anybody on the same goal did not choose to be alone.

    Parameters
    ----------
    collaboration : pandas.DataFrame
        As `reflectlab.collaboration` gives it, with or without `every`.
    availability : pandas.DataFrame, optional
        As `reflectlab.availability_summary` gives it with the same `by` and `every`.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "Working together"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the frame.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If the frame holds several groups over time.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_collaboration
    >>> table = pd.DataFrame({"week": [1, 2], "episodes": [1, 2], "participations": [2, 4], "shared_goal": [2, 2],
    ...     "gave_support": [0, 1], "sought_support": [0, 1], "other": [0, 0], "self_chosen": [2, 2],
    ...     "choice_known": [2, 4], "per_week": [0.5, 1.0]})
    >>> alt_text(plot_collaboration(table))
    'Working together. Learners took part 6 times: 4 on a shared goal, 1 gave support, 1 sought support. ...'
    """
    table = checked("collaboration", collaboration, _NEEDED).reset_index(drop=True)
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, "no learner is in this frame.")
        if not table["participations"].fillna(0).any():
            return nothing(ax, title, " ".join(cannot_tell(table)) or "no collaboration has been noted.")
        columns = group_columns(table, MEASURED)
        table = _with_availability(table, availability, columns)
        labels = group_labels(table, columns, called)
        if not any(column in table for column in PERIODS):
            return _by_group(table, labels, title, ax)
        if labels.nunique() > 1:
            raise ArgumentError(
                f"`collaboration` over time must be of one group; it holds {labels.nunique()} "
                f"({', '.join(columns)}). Measure it with by=(), keep one group, or leave out `every`."
            )
        return _over_time(table, title, ax)


def _with_availability(table: pd.DataFrame, availability: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    """Add on how many days with an open goal there was somebody to work with; missing where that is not known."""
    if availability is None:
        return table.assign(**dict.fromkeys(_DAYS, float("nan")))
    keys = [column for column in (*columns, *PERIODS) if column in table]
    days = checked("availability", availability, [*keys, *_DAYS])[[*keys, *_DAYS]]
    joined = table.merge(days, on=keys, how="left") if keys else table.join(days)
    joined.attrs = {"cannot_tell": cannot_tell(table, availability)}
    return joined


def _over_time(table: pd.DataFrame, title: str, ax: Axes | None) -> Axes:
    places, periods = period_labels(table)
    said, entries = _sentence(table), _keys(table)
    top, bottom = head_height(title, said, WIDTH) + 0.25, 1.07 + key_height(entries, WIDTH) + 0.15
    sheet = new_sheet(ax, WIDTH, top + 2.6 + bottom)
    sheet.place(1.75, 0.3, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_xlim(-0.5, len(periods) - 0.5)
    sheet.ax.set_ylim(0, max(float(table["participations"].max()), 1.0) * 1.12)
    sheet.head(title, said)
    sheet.ax.hlines([0], -0.5, len(periods) - 0.5, colors="#999999", linewidths=0.8)
    for kind, start, stop in _stacks(table):
        edges = [(x - 0.36, x + 0.36, a, b) for x, a, b in zip(places, start, stop, strict=True) if b > a]
        boxes(sheet.ax, edges, label=WORDS[kind], **_options(kind))
    for place, total in zip(places, table["participations"], strict=True):
        y = total + 0.015 * sheet.ax.get_ylim()[1]
        write(sheet.ax, place, y, f"{total}", transform=sheet.ax.transData, ha="center", va="bottom", size=LABEL)
    _below(sheet, table, places, periods)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _below(sheet: Sheet, table: pd.DataFrame, places: pd.Series, periods: list[str]) -> None:
    """Write the rows below the bars: the period, times a learner and week, chosen by the learners."""
    chosen = zip(table["self_chosen"], table["choice_known"], strict=True)
    rows = [
        ("", [periods[place] for place in places], INK),
        ("per learner and week", [_rate(rate) for rate in table["per_week"]], SOFT),
        ("self-chosen", [_chosen(*pair) for pair in chosen], SOFT),
        ("days with somebody", _shares(table), SOFT),
    ]
    rows = rows if table[_DAYS[1]].notna().any() else rows[:-1]
    step = sheet.inner_width / len(periods)
    widest = max(text_size(text, SMALL)[0] for _, texts, _ in rows for text in texts) + 0.08
    every = int(np.ceil(widest / step))
    for number, (name, texts, color) in enumerate(rows):
        y = sheet.top + sheet.inner_height + 0.1 + 0.22 * number
        sheet.write(sheet.left - 0.28, y, name, ha="right", color=SOFT, size=SMALL - 0.5)
        for place, text in zip(places, texts, strict=True):
            if place % every == 0:
                sheet.write(sheet.left + (place + 0.5) * step, y, text, ha="center", color=color)


def _by_group(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    texts, column, tall = label_column(list(labels), 2.6)
    said, entries = _sentence(table), _keys(table)
    asides = [
        ("times", [str(total) for total in table["participations"]]),
        ("per learner\nand week", [_rate(rate) for rate in table["per_week"]]),
        ("self-\nchosen", [_chosen(*pair) for pair in zip(table["self_chosen"], table["choice_known"], strict=True)]),
        ("days with\nsomebody", [_chosen(*pair) for pair in zip(*(table[day] for day in _DAYS), strict=True)]),
    ]
    asides = asides if table[_DAYS[1]].notna().any() else asides[:-1]
    wide = [max(text_size(text, SMALL)[0] for text in [*name.split("\n"), *cells]) + 0.2 for name, cells in asides]
    top, bottom = head_height(title, said, WIDTH) + 0.42, key_height(entries, WIDTH) + 0.3
    sheet = new_sheet(ax, WIDTH, top + max(ROW, tall + 0.08) * max(len(table), 2) + bottom)
    sheet.place(max(column, 0.1) + 0.3, sum(wide) + 0.1 + PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_ylim(len(table) - 0.5, -0.5)
    sheet.ax.set_xlim(0, max(float(table["participations"].max()), 1.0))
    sheet.head(title, said)
    sheet.ax.vlines([0], -0.5, len(table) - 0.5, colors="#999999", linewidths=0.8)
    sheet.ax.hlines(np.arange(len(table)), 0, sheet.ax.get_xlim()[1], colors=HAIR, linewidths=0.6, zorder=0)
    for kind, start, stop in _stacks(table):
        edges = [(a, b, row - 0.32, row + 0.32) for row, (a, b) in enumerate(zip(start, stop, strict=True)) if b > a]
        boxes(sheet.ax, edges, label=WORDS[kind], **_options(kind))
    _write_rows(sheet, texts, asides, wide)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _write_rows(sheet: Sheet, texts: list[str], asides: list[tuple[str, list[str]]], wide: list[float]) -> None:
    there = {"transform": sheet.ax.get_yaxis_transform(), "va": "center", "ha": "right"}
    for row, text in enumerate(texts):
        write(sheet.ax, -0.1 / sheet.inner_width, row, text, size=label_size(text, LABEL), linespacing=1.05, **there)
    for number, (name, cells) in enumerate(asides):
        x = sheet.inner_width + 0.1 + sum(wide[: number + 1])
        head = {"ha": "right", "va": "bottom", "color": SOFT, "size": SMALL - 0.5, "linespacing": 1.05}
        sheet.write(sheet.left + x, sheet.top - 0.04, name, **head)
        for row, cell in enumerate(cells):
            write(sheet.ax, x / sheet.inner_width, row, cell, color=SOFT if number else INK, **there)


def _stacks(table: pd.DataFrame) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return, for each kind, where its part of every bar begins and ends."""
    counts = table[list(KINDS)].fillna(0).to_numpy(dtype=float)
    stop = counts.cumsum(axis=1)
    return [(kind, stop[:, place] - counts[:, place], stop[:, place]) for place, kind in enumerate(KINDS)]


def _options(kind: str) -> dict[str, Any]:
    options = fill(LOOKS[kind])
    return {**options, "linewidths": options.pop("linewidth"), "zorder": 2}


def _keys(table: pd.DataFrame) -> list[list[Key]]:
    return [[Key(WORDS[kind], fill=fill(LOOKS[kind])) for kind in KINDS if table[kind].sum()]]


def _sentence(table: pd.DataFrame) -> str:
    total = int(table["participations"].fillna(0).sum())
    phrases = {**WORDS, "shared_goal": "on a shared goal", "other": "in another way"}
    sums = {kind: int(table[kind].fillna(0).sum()) for kind in KINDS}
    parts = ", ".join(f"{sums[kind]} {phrase}" for kind, phrase in phrases.items() if sums[kind])
    known, chosen = int(table["choice_known"].fillna(0).sum()), int(table["self_chosen"].fillna(0).sum())
    told = f" Chosen by the learners {chosen} of {count(known, 'time')}." if known else " Nobody noted who chose it."
    untold = "".join(f" {sentence}" for sentence in cannot_tell(table))
    return f"Learners took part {count(total, 'time')}: {parts}.{told}{_somebody(table)}{untold}"


def _somebody(table: pd.DataFrame) -> str:
    """Return how often there was somebody to work with, in words."""
    there, on_goal = (int(table[day].fillna(0).sum()) for day in _DAYS)
    days = count(on_goal, "learner's day", "learners' days")
    return f" On {there} of {days} with an open goal a classmate had it too or had met it." if on_goal else ""


def _shares(table: pd.DataFrame) -> list[str]:
    pairs = zip(*(table[day] for day in _DAYS), strict=True)
    return ["–" if pd.isna(on_goal) or not on_goal else percent(there / on_goal) for there, on_goal in pairs]


def _rate(rate: Any) -> str:
    return "–" if pd.isna(rate) else f"{rate:.1f}"


def _chosen(chosen: Any, known: Any) -> str:
    return f"{chosen:.0f} of {known:.0f}" if not pd.isna(known) and known > 0 else "–"
