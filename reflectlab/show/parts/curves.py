"""Shares that grow over time, each with its interval: together in one panel, or in a panel each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ...language import gettext
from .drawing import cut, lines_height, text_size, wrap, write
from .picture import LABEL, PAD, SMALL, Margins, Picture, PicturePage, new_page, room_width, with_ticks
from .style import BRIGHT, HAIR, INK, MUTED, SOFT, Look
from .words import percent

_WIDTH, _TOGETHER = 10.0, 3
"""How wide the picture is, and how many curves share a panel."""

_COUNTS_LINE = 0.17
"""The height of a line of counts below the ticks."""

_BODY, _PANEL_LEFT, _PANEL_RIGHT, _NARROWEST = 1.15, 0.46, 0.42, 1.8
"""How high the curves of a panel are, its margins, and how narrow it gets."""

_THICKET, _PALE = 9, "#BBBBBB"

_DASHES = ("-", "--", "-.", (0, (1, 1.2)))


@dataclass(frozen=True, eq=False)
class Curve:
    """One share over time, with its interval; not a number where there is no rate."""

    label: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray
    place: int = 0

    @property
    def color(self) -> str:
        """The colour of the line."""
        palette = (*BRIGHT, *MUTED)
        return palette[self.place % len(palette)]

    @property
    def end(self) -> tuple[float, float]:
        """The last point that has a rate."""
        there = np.flatnonzero(~np.isnan(self.y))
        return (float(self.x[there[-1]]), float(self.y[there[-1]])) if len(there) else (float("nan"), 0.0)


@dataclass(frozen=True, eq=False)
class CurveScale:
    """What curves are drawn in: where x runs, its ticks and its name, what y is, and counts below the ticks.

    With `steps` a share holds until it changes; `counts` has for each curve a text below each tick.
    """

    span: tuple[float, float]
    ticks: list[tuple[float, str]]
    x_name: str
    y_name: str
    steps: bool = False
    counts: list[list[str]] = field(default_factory=list)
    counts_name: str = ""

    @property
    def tread(self) -> float:
        """How much further the last step runs, so that it can be seen."""
        return 0.02 * self.span[1] if self.steps else 0.0

    @property
    def drawstyle(self) -> str:
        """How points are joined, as matplotlib calls it."""
        return "steps-post" if self.steps else "default"


def tick_step(span: float, most: int) -> int:
    """Return after how many days the next tick comes, so that there are about `most` in a span of days."""
    return next((step for step in (1, 2, 5, 10, 20, 50, 100) if span / step <= most), 1000)


def draw_panel(panel: Axes, curves: Sequence[Curve], scale: CurveScale, width: float) -> None:
    """Draw curves with their axes into a panel, `width` inches wide."""
    _draw_axes(panel, scale, width)
    for curve in curves:
        _draw_line(panel, curve, scale)


def _draw_axes(ax: Axes, scale: CurveScale, width: float) -> None:
    """Draw the axes that curves stand in, `width` inches wide: where shares lie, and as many ticks as fit."""
    with_ticks(ax)
    low, high = scale.span
    ax.set_xlim(low, high)
    ax.set_ylim(0, 1)
    shown = _fitting(scale, width)
    ticks = [(tick, word) for tick, word in scale.ticks if tick in shown]
    ax.set_xticks([tick for tick, _ in ticks], [word for _, word in ticks], parse_math=False)
    few = width < 4
    shares = (0, 0.5, 1) if few else (0, 0.25, 0.5, 0.75, 1)
    ax.set_yticks(shares, [percent(share) for share in shares])
    ax.tick_params(axis="x", pad=6)
    ax.tick_params(length=0, labelsize=SMALL - 0.5 if few else SMALL, labelcolor=SOFT)
    ax.hlines(shares, low, high, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)


def _draw_line(ax: Axes, curve: Curve, scale: CurveScale) -> None:
    """Draw one curve on its interval."""
    dots: dict[str, Any] = {} if scale.steps else {"marker": "os^D"[curve.place % 4], "markersize": 3.5}
    x, y, low, high = curve.x, curve.y, curve.low, curve.high
    if scale.steps:
        x, y, low, high = (np.append(part, part[-1]) for part in (x, y, low, high))
        x[-1] = min(x[-1] + scale.tread, scale.span[1])
    if len(x) == 1:
        ax.vlines(x, low, high, colors=curve.color, linewidths=6, alpha=0.3)
    ax.fill_between(x, low, high, step="post" if scale.steps else None, color=curve.color, alpha=0.17, linewidth=0)
    ax.plot(x, y, drawstyle=scale.drawstyle, clip_on=False, **_stroke(curve), **dots)


def _stroke(curve: Curve) -> dict[str, Any]:
    """Return how the line of a curve is drawn."""
    return {"color": curve.color, "linestyle": _DASHES[curve.place % len(_DASHES)], "linewidth": 1.9}


def _fitting(scale: CurveScale, width: float) -> set[float]:
    """Return the ticks whose words, and the counts below, fit side by side: each, every second, every fifth ..."""
    low, high = scale.span
    columns = [[word, *below] for (_, word), *below in zip(scale.ticks, *scale.counts, strict=True)]
    wide = [max(text_size(text, SMALL)[0] for text in column) for column in columns]
    for step in (1, 2, 4, 5, 10, 20, 50, 100):
        chosen = range(0, len(columns), step)
        at = [tick / (high - low) * width for tick, _ in scale.ticks]
        if all(at[b] - at[a] - (wide[a] + wide[b]) / 2 >= 0.09 for a, b in pairwise(chosen)):
            return {scale.ticks[place][0] for place in chosen}
    return {scale.ticks[0][0]}


def draw_curves(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], scale: CurveScale) -> Axes:
    """Draw the picture: up to three curves together, more in a panel each."""
    return (_draw_together if len(curves) <= _TOGETHER else _draw_panels)(ax, title, sentence, curves, scale)


def _draw_together(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], scale: CurveScale) -> Axes:
    width = room_width(ax, _WIDTH)
    ends = [wrap(_end_words(curve), min(2.0, 0.22 * width), SMALL, lines=4) for curve in curves]
    right = max(text_size(row, SMALL)[0] for rows in ends for row in rows) + 0.3 + _sample(curves)
    names = [cut(curve.label, min(1.7, 0.2 * width), SMALL) for curve in curves] if len(curves) > 1 else [""]
    left = max(0.62, max(text_size(name, SMALL)[0] for name in names) + 0.3 + PAD if scale.counts else 0.0)
    bottom = 0.58 + (0.3 + _COUNTS_LINE * len(curves) if scale.counts else 0.0)
    page = new_page(ax, title, sentence, [], (width, 2.9), Margins(left, right, 0.34, bottom))
    draw_panel(page.ax, curves, scale, page.inner_width)
    page.write(page.left, page.top - 0.12, scale.y_name, va="bottom", color=SOFT)
    middle, below = page.left + page.inner_width / 2, page.top + page.inner_height
    page.write(middle, below + 0.3, scale.x_name, ha="center", color=SOFT)
    _end_labels(page, curves, ends, scale)
    _write_counts(page, curves, names, scale)
    return page.ax


def _end_labels(page: PicturePage, curves: Sequence[Curve], ends: list[list[str]], scale: CurveScale) -> None:
    """Write what each line is at its end, moved up or down where two would meet."""
    low, high = scale.span
    floor, several = -0.05, len(curves) > 1
    for curve, rows in sorted(zip(curves, ends, strict=True), key=lambda pair: pair[0].end[1]):
        x, y = (low, 0.5) if np.isnan(curve.end[0]) else curve.end
        tall = lines_height(len(rows), SMALL) / page.inner_height
        middle = max(y, floor + tall / 2)
        floor = middle + tall / 2
        reach = (x + scale.tread - low) / (high - low)
        across = (1.0 if several else reach) + 0.1 / page.inner_width
        if several:
            stop = across + (_sample(curves) - 0.06) / page.inner_width
            place = {"transform": page.ax.transAxes, "clip_on": False, "label": "sample"}
            page.ax.plot([across, stop], [middle, middle], **{**_stroke(curve), **place})
            across += _sample(curves) / page.inner_width
        place = {"va": "center", "color": Look(curve.color).deep, "linespacing": 1.1}
        write(page.ax, across, middle, "\n".join(rows), **place)


def _sample(curves: Sequence[Curve]) -> float:
    """Return the room for a piece of each line beside its label: in black and white the dashes tell them apart."""
    return 0.4 if len(curves) > 1 else 0.0


def _write_counts(page: PicturePage, curves: Sequence[Curve], names: list[str], scale: CurveScale) -> None:
    if not scale.counts:
        return
    y = page.top + page.inner_height + 0.52
    page.write(PAD, y, scale.counts_name, color=SOFT, size=SMALL - 0.5)
    shown = _fitting(scale, page.inner_width)
    low, high = scale.span
    for row, (curve, name, counts) in enumerate(zip(curves, names, scale.counts, strict=True)):
        lower = y + 0.2 + row * _COUNTS_LINE
        page.write(page.left - 0.3, lower, name, ha="right", size=SMALL, color=Look(curve.color).deep)
        for (tick, _), text in zip(scale.ticks, counts, strict=True):
            if tick in shown:
                x = page.left + (tick - low) / (high - low) * page.inner_width
                page.write(x, lower, text, ha="center", size=SMALL, color=Look(curve.color).deep)


def _end_words(curve: Curve) -> str:
    x, y = curve.end
    said = gettext("no rate yet") if np.isnan(x) else percent(y)
    return f"{curve.label} · {said}" if curve.label else said


@dataclass(frozen=True)
class PanelGrid:
    """How panels stand in a picture; in inches, how `wide` one is and its room above (`head`) and `below`."""

    across: int
    rows: int
    wide: float
    head: float
    below: float

    @property
    def tall(self) -> float:
        """How high a panel is with its margins."""
        return self.head + _BODY + self.below

    @property
    def inner(self) -> float:
        """How wide a panel is without its margins."""
        return self.wide - _PANEL_LEFT - _PANEL_RIGHT

    def place(self, page: PicturePage, number: int) -> tuple[tuple[float, float, float, float], float]:
        """Return the place of a panel as shares of the page's Axes, and its height in inches."""
        column, row = number % self.across, number // self.across
        squeezed = page.inner_height / (self.rows * self.tall)
        body = _BODY * squeezed
        low = page.inner_height - (row * self.tall + self.head) * squeezed - body
        size = (self.inner / page.inner_width, body / page.inner_height)
        return ((column * self.wide + _PANEL_LEFT) / page.inner_width, low / page.inner_height, *size), body


def _draw_panels(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], scale: CurveScale) -> Axes:
    """Draw a panel for each curve."""
    width = room_width(ax, _WIDTH)
    grid, labels = _panel_grid(curves, scale, width)
    note = wrap(_axes_note(curves, scale), width - 2 * PAD, SMALL)
    bottom = 0.19 + lines_height(len(note), SMALL)
    page = new_page(ax, title, sentence, [], (width, grid.rows * grid.tall), Margins(PAD, PAD, 0.1, bottom))
    page.ax.set_ylim(0, 1)
    for number, (curve, label) in enumerate(zip(curves, labels, strict=True)):
        place, body = grid.place(page, number)
        panel = page.ax.inset_axes(place, axes_class=Picture)
        counts = scale.counts[number] if scale.counts else []
        _draw_others(panel, [other for other in curves if other is not curve], scale)
        _draw_panel(panel, replace(curve, place=0), label, scale, (grid.inner, body), counts)
    page.write(PAD, page.height - bottom + 0.08, "\n".join(note), color=SOFT)
    return page.ax


def _panel_grid(curves: Sequence[Curve], scale: CurveScale, width: float) -> tuple[PanelGrid, list[str]]:
    """Return how panels stand so that rows are full, and what stands above each."""
    fitting_in = max(int((width - 2 * PAD) / _NARROWEST), 1)
    across = min(3 if len(curves) in (5, 6, 9) else 4, fitting_in)
    wide = (width - 2 * PAD) / across
    labels = [wrap(curve.label, wide - _PANEL_LEFT, LABEL, lines=3) for curve in curves]
    head = 0.34 + lines_height(max(map(len, labels)) - 1, LABEL)
    below = 0.34 + (0.16 + _COUNTS_LINE if scale.counts else 0.0)
    grid = PanelGrid(across, -(-len(curves) // across), wide, head, below)
    return grid, ["\n".join(label) for label in labels]


def _axes_note(curves: Sequence[Curve], scale: CurveScale) -> str:
    told = [f"{scale.y_name}, {scale.x_name}"]
    told += [gettext("below: {counts}", counts=scale.counts_name)] if scale.counts else []
    told += [gettext("in grey the others")] if len(curves) <= _THICKET else []
    return "; ".join(told)


def _draw_others(panel: Axes, others: Sequence[Curve], scale: CurveScale) -> None:
    """Draw the other curves in pale grey, so that each can be compared with all; of many they would be a thicket."""
    if len(others) < _THICKET:
        options: dict[str, Any] = {"linewidth": 0.8, "drawstyle": scale.drawstyle, "zorder": 1, "label": "other"}
        for other in others:
            panel.plot(other.x, other.y, color=_PALE, **options)


def _draw_panel(
    panel: Axes, curve: Curve, label: str, scale: CurveScale, size: tuple[float, float], counts: list[str]
) -> None:
    _draw_axes(panel, scale, size[0])
    _draw_line(panel, curve, scale)
    write(panel, 0, 1 + 0.1 / size[1], label, va="bottom", size=LABEL, linespacing=1.05)
    x, y = curve.end
    if not np.isnan(x):
        after = x + scale.tread + 0.06 * (scale.span[1] - scale.span[0]) / size[0]
        ground = {"facecolor": "white", "linewidth": 0, "pad": 0.8}  # else the lines of the others run through it
        write(panel, after, y, percent(y), transform=panel.transData, va="center", color=INK, zorder=5, bbox=ground)
    shown = _fitting(scale, size[0])
    beneath = {"ha": "center", "va": "top", "size": 7, "color": SOFT}
    for (tick, _), text in zip(scale.ticks, counts, strict=False):
        if tick in shown:
            write(panel, tick, -0.27 / size[1], text, transform=panel.get_xaxis_transform(), **beneath)
