"""Ratios with their intervals, a line each, on a logarithmic scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .sheet import LABEL, SMALL, Sheet, bare, cut, lines_height, wrap
from .style import HAIR, SOFT, Look, text_size, write

LEFT = 2.8
"""The room for labels at the left, in inches."""
SPAN = (0.1, 10.0)
"""Ratios beyond these are drawn at the edge."""

_TICKS = {
    0.1: "a tenth\nas likely",
    0.25: "a quarter\nas likely",
    0.5: "half\nas likely",
    1.0: "no\ndifference",
    2.0: "twice\nas likely",
    4.0: "four times\nas likely",
    10.0: "ten times\nas likely",
}
_FEWER_TICKS = (tuple(_TICKS), (0.25, 0.5, 1.0, 2.0, 4.0), (0.25, 1.0, 4.0), (0.1, 1.0, 10.0), (1.0,))


@dataclass(frozen=True)
class Line:
    """One ratio: what it is of, how it is marked, what it is, and how many goals can tell."""

    label: str
    aside: str
    mark: Mapping[str, Any]
    ratio: float
    low: float
    high: float
    told: int

    @property
    def note(self) -> str:
        """The ratio in figures, or how little there is to tell it from."""
        if np.isnan(self.ratio):
            return f"no ratio: {self.told or 'no'} goal{'' if self.told == 1 else 's'} can tell"
        return f"{times(self.ratio)} ({times(self.low)} to {times(self.high)})"


def draw_forest(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Draw the lines into a sheet whose place is settled."""
    ax = sheet.ax
    bare(ax)
    ax.set_xscale("log")
    ax.set_xlim(*_span(lines))
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ticks = _ticks(*ax.get_xlim(), sheet.inner_width)
    ax.set_xticks(ticks, [_TICKS[tick] for tick in ticks], parse_math=False)
    ax.minorticks_off()
    ax.tick_params(axis="x", labelsize=SMALL - 0.5, labelcolor=SOFT, length=0, pad=4)
    ax.vlines(ticks, -0.5, len(lines) - 0.5, colors=HAIR, linewidths=0.8, zorder=0)
    ax.vlines([1], -0.5, len(lines) - 0.5, colors="#888888", linewidths=1.0, zorder=1)
    for place, line in enumerate(lines):
        _mark(ax, place, line)
        _label(sheet, place, line)
    middle = sheet.left + sheet.inner_width / 2
    words = "to be met on a given day, once worked on together"
    sheet.write(middle, sheet.top + sheet.inner_height + 0.42, words, ha="center", color=SOFT)


def _span(lines: Sequence[Line]) -> tuple[float, float]:
    ends = [end for line in lines for end in (line.low, line.high) if not np.isnan(end)]
    low, high = min([0.45, *ends]) * 0.9, max([2.2, *ends]) * 1.1
    return max(low, SPAN[0] * 0.9), min(high, SPAN[1] * 1.1)


def _ticks(low: float, high: float, width: float) -> list[float]:
    """Return the ticks within the span, as many as have room for their words."""
    widest = max(text_size(part, SMALL - 0.5)[0] for word in _TICKS.values() for part in word.split("\n")) + 0.06
    inch = np.log(high / low) / width
    for some in _FEWER_TICKS:
        ticks = [tick for tick in some if low <= tick <= high]
        if all(np.log(right / left) >= widest * inch for left, right in pairwise(ticks)):
            break
    return ticks


def _mark(ax: Axes, place: int, line: Line) -> None:
    """Draw a ratio on its interval; what runs beyond the edge ends in an arrow there."""
    if np.isnan(line.ratio):
        return
    low, high = ax.get_xlim()
    options = {key: value for key, value in line.mark.items() if key == "color"}
    ax.hlines([place], max(line.low, low), min(line.high, high), linewidths=2.0, zorder=2, **options)
    for beyond, edge, arrow in ((line.low < low, low, "<"), (line.high > high, high, ">")):
        if beyond:
            ax.scatter([edge], [place], marker=arrow, s=26, zorder=3, clip_on=False, **options)
    if low <= line.ratio <= high:
        white = {} if line.mark["marker"] == "x" else {"edgecolor": "white", "linewidth": 0.8}
        ax.scatter([line.ratio], [place], zorder=4, clip_on=False, **{**line.mark, **white})


def _label(sheet: Sheet, place: int, line: Line) -> None:
    """Write what a line is at its left, and the ratio in figures at its right."""
    aside = {"transform": sheet.ax.get_yaxis_transform(), "ha": "right", "linespacing": 1.05}
    edge, room, color = -0.14 / sheet.inner_width, LEFT - 0.3, Look(line.mark["color"]).color
    # One row's height in shares of a row: the label stands above the middle, its aside below.
    rows = wrap(line.label, room, LABEL, bold=bool(line.aside), lines=2)
    lift = 0.5 * lines_height(len(rows), LABEL) / (sheet.inner_height / max(1, _rows(sheet))) if line.aside else 0.0
    options: dict[str, Any] = {"size": LABEL, "color": color, "fontweight": "bold" if line.aside else "normal"}
    write(sheet.ax, edge, place - 0.75 * lift, "\n".join(rows), va="center", **options, **aside)
    if line.aside:
        below = cut(line.aside, room, SMALL - 0.5)
        write(sheet.ax, edge, place + 0.75 * lift, below, va="center", size=SMALL - 0.5, color=SOFT, **aside)
    note = {**aside, "ha": "left", "va": "center", "color": SOFT if np.isnan(line.ratio) else color}
    write(sheet.ax, 1 + 0.16 / sheet.inner_width, place, line.note, **note)


def _rows(sheet: Sheet) -> float:
    last, first = sheet.ax.get_ylim()
    return last - first


def times(ratio: float) -> str:
    """Return a ratio in two digits after the point; what is beyond all measure as such."""
    return f"{ratio:.2f}" if 0.01 <= ratio < 100 else ("under 0.01" if ratio < 0.01 else "over 100")
