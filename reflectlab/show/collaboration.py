"""How often learners work together, and of which kind: over the weeks, or by learner or class."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from .parts.drawing import boxes, drawing, text_size, write
from .parts.inputs import cannot_tell, checked, mapping
from .parts.page import (
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
    room_width,
)
from .parts.picture import record
from .parts.style import HAIR, INK, LOOKS, MARKERS, SOFT, fill
from .parts.words import (
    KINDS,
    PERIODS,
    WORDS,
    count,
    group_columns,
    group_labels,
    isolated,
    noted,
    percent,
    period_labels,
    told_kinds,
)

WIDTH, ROW = 10.0, 0.27

_ALL_FROM, _TWO_ROWS = 6.0, 0.32

MEASURED = ("learners", "episodes", "participations", "minutes", *KINDS, "self_chosen", "choice_known", "per_week")

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

    Upright bars over the weeks (a frame with `every="week"`, of one group) are as high as learners took part.
    Without weeks there is a bar for each learner or class, in the order of the frame, as long as learners took
    part for each learner and week present: so a small class and who joined late can be compared. Beside each stand
    the figures, how often the learners chose it themselves, where somebody noted who chose, and on how many days
    there was somebody to work with: who never had anybody on the same goal did not choose to be alone.

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
    'Working together. Learners took part 6 times: 4 on a shared goal, 1 giving support, 1 seeking it. ...'
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
                f"over time must be of one group; it holds {labels.nunique()} "
                f"({', '.join(columns)}). Measure it with by=(), keep one group, or leave out `every`.",
                "collaboration",
            )
        return _over_time(table, title, ax)


def _with_availability(table: pd.DataFrame, availability: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    """Add on how many days with an open goal there was somebody to work with; missing where that is not known."""
    if availability is None:
        return table.assign(**dict.fromkeys(DAYS, float("nan")))
    keys = [column for column in (*columns, *PERIODS) if column in table]
    days = checked("availability", availability, [*keys, *DAYS])[[*keys, *DAYS]]
    joined = table.merge(days, on=keys, how="left") if keys else table.join(days)
    joined.attrs = {"cannot_tell": cannot_tell(table, availability)}
    return joined


def _over_time(table: pd.DataFrame, title: str, ax: Axes | None) -> Axes:
    places, periods = period_labels(table)
    width = room_width(ax, WIDTH)
    said, entries = sentence(table), _keys(table)
    line = 0.22 if width >= _ALL_FROM else _TWO_ROWS
    top, bottom = head_height(title, said, width) + 0.25, 0.19 + 4 * line + key_height(entries, width) + 0.15
    sheet = new_sheet(ax, width, top + 2.6 + bottom)
    sheet.place(1.75 if width >= _ALL_FROM else 1.0, 0.3, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_xlim(-0.5, len(periods) - 0.5)
    sheet.ax.set_ylim(0, max(float(table["participations"].max()), 1.0) * 1.12)
    sheet.head(title, said)
    sheet.ax.hlines([0], -0.5, len(periods) - 0.5, colors="#999999", linewidths=0.8)
    for kind, start, stop in _stacks(table, table["participations"]):
        edges = [(x - 0.36, x + 0.36, a, b) for x, a, b in zip(places, start, stop, strict=True) if b > a]
        boxes(sheet.ax, edges, label=WORDS[kind], **_options(kind))
    told = table["participations"].dropna()
    for place, total in zip(places[told.index], told, strict=True):
        y = total + 0.015 * sheet.ax.get_ylim()[1]
        write(sheet.ax, place, y, whole(total), transform=sheet.ax.transData, ha="center", va="bottom", size=LABEL)
    _below(sheet, table, places, periods, line)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _below(sheet: Sheet, table: pd.DataFrame, places: pd.Series, periods: list[str], line: float) -> None:
    """Write the rows below the bars: the period, times a learner and week, chosen by the learners."""
    chosen = zip(table["self_chosen"], table["choice_known"], strict=True)
    rows = [
        ("", [periods[place] for place in places], INK),
        ("per learner{}and week", [rate(each) for each in table["per_week"]], SOFT),
        ("self-chosen", [part(*pair) for pair in chosen], SOFT),
        ("days with{}somebody", shares(table), SOFT),
    ]
    rows = rows if table[DAYS[1]].notna().any() else rows[:-1]
    step = sheet.inner_width / len(periods)
    widest = max(text_size(text, SMALL)[0] for _, texts, _ in rows for text in texts) + 0.08
    every = int(np.ceil(widest / step))
    for number, (name, texts, color) in enumerate(rows):
        y = sheet.top + sheet.inner_height + 0.1 + line * number
        name = name.format(" " if line < _TWO_ROWS else "\n")
        sheet.write(sheet.left - 0.1, y, name, ha="right", color=SOFT, size=SMALL - 0.5, linespacing=1.05)
        for place, text in zip(places, texts, strict=True):
            if place % every == 0:
                sheet.write(sheet.left + (place + 0.5) * step, y, text, ha="center", color=color)


def _by_group(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    width = room_width(ax, WIDTH)
    texts, column, tall = label_column(list(labels), min(2.6, 0.3 * width))
    said, entries = sentence(table), _keys(table)
    asides = [
        ("per learner\nand week", [rate(each) for each in table["per_week"]]),
        ("times", [whole(total) for total in table["participations"]]),
        ("self-\nchosen", [part(*pair) for pair in zip(table["self_chosen"], table["choice_known"], strict=True)]),
        ("days with\nsomebody", [part(*pair) for pair in zip(*(table[day] for day in DAYS), strict=True)]),
    ]
    asides = asides if table[DAYS[1]].notna().any() else asides[:-1]
    asides = asides if width >= _ALL_FROM else asides[:2]
    wide = [max(text_size(text, SMALL)[0] for text in [*name.split("\n"), *cells]) + 0.2 for name, cells in asides]
    top, bottom = head_height(title, said, width) + 0.42, key_height(entries, width) + 0.3
    sheet = new_sheet(ax, width, top + max(ROW, tall + 0.08) * max(len(table), 2) + bottom)
    sheet.place(max(column, 0.1) + 0.3, sum(wide) + 0.1 + PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_ylim(len(table) - 0.5, -0.5)
    sheet.ax.set_xlim(0, float(table["per_week"].max()) or 1.0)
    sheet.head(title, said)
    sheet.ax.vlines([0], -0.5, len(table) - 0.5, colors="#999999", linewidths=0.8)
    sheet.ax.hlines(np.arange(len(table)), 0, sheet.ax.get_xlim()[1], colors=HAIR, linewidths=0.6, zorder=0)
    _draw_bars(sheet, table, labels)
    _write_rows(sheet, texts, asides, wide)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _draw_bars(sheet: Sheet, table: pd.DataFrame, labels: pd.Series) -> None:
    """Draw a bar for each row, by kind; where a row is a learner, its parts are marks."""
    told = record(sheet.ax)
    learners = table.get("learner_id")
    for kind, start, stop in _stacks(table, table["per_week"]):
        rows = np.flatnonzero(stop > start).tolist()
        edges = [(start[row], stop[row], row - 0.32, row + 0.32) for row in rows]
        made = boxes(sheet.ax, edges, label=WORDS[kind], **_options(kind))
        if learners is not None:
            times = table[kind].fillna(0).astype(int).tolist()
            texts = [f"{isolated(labels[row])}: {WORDS[kind]}, {count(times[row], 'time')}" for row in rows]
            pairs = zip(texts, learners[rows], strict=True)
            made.set_urls([told.mark(text, what=kind, learner=learner, goal=None) for text, learner in pairs])


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


def _stacks(table: pd.DataFrame, long: pd.Series) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return, for each kind, where its part of every bar begins and ends, in bars so long."""
    counts = table[list(KINDS)].fillna(0).to_numpy(dtype=float)
    each = long.fillna(0).to_numpy(dtype=float) / np.maximum(counts.sum(axis=1), 1)
    parts = counts * each[:, np.newaxis]
    stop = parts.cumsum(axis=1)
    return [(kind, stop[:, place] - parts[:, place], stop[:, place]) for place, kind in enumerate(KINDS)]


def _options(kind: str) -> dict[str, Any]:
    options = fill(LOOKS[kind])
    return {**options, "linewidths": options.pop("linewidth"), "zorder": 2}


def _keys(table: pd.DataFrame) -> list[list[Key]]:
    found = [kind for kind in KINDS if table[kind].sum()]
    return [[Key(WORDS[kind], fill=fill(LOOKS[kind]), marker=dict(MARKERS[kind])) for kind in found]]


DAYS = ("days_with_anyone", "days_on_goal")


def sentence(table: pd.DataFrame) -> str:
    """Return how often learners took part, of which kind, who chose it, and how often there was somebody."""
    total = int(table["participations"].fillna(0).sum())
    parts = told_kinds({kind: int(table[kind].fillna(0).sum()) for kind in KINDS})
    known, chosen = int(table["choice_known"].fillna(0).sum()), int(table["self_chosen"].fillna(0).sum())
    told = f"By their own choice {noted(chosen, known, total)}" if known else "Nobody noted who chose it"
    untold = "".join(f" {each}" for each in cannot_tell(table))
    return f"Learners took part {count(total, 'time')}: {parts}. {told}.{_somebody(table)}{untold}"


def shares(table: pd.DataFrame) -> list[str]:
    """Return on what share of the days with an open goal there was somebody to work with."""
    pairs = zip(*(table[day] for day in DAYS), strict=True)
    return ["–" if pd.isna(on_goal) or not on_goal else percent(there / on_goal) for there, on_goal in pairs]


def rate(per_week: Any) -> str:
    """Return a rate with one decimal; a dash where there is none."""
    return "–" if pd.isna(per_week) else f"{per_week:.1f}"


def whole(total: Any) -> str:
    """Return a number; a dash where it is not told."""
    return "–" if pd.isna(total) else f"{total:.0f}"


def part(some: Any, known: Any) -> str:
    """Return a part of what is known; a dash where nothing is."""
    return f"{some:.0f} of {known:.0f}" if not pd.isna(known) and known > 0 else "–"


def _somebody(table: pd.DataFrame) -> str:
    there, on_goal = (int(table[day].fillna(0).sum()) for day in DAYS)
    days = count(on_goal, "learner's day", "learners' days")
    return f" On {there} of {days} with an open goal a classmate had it too or had met it." if on_goal else ""
