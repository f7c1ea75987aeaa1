"""Shares that grow over time, with their intervals: side by side in one panel, or one panel each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .picture import Picture
from .sheet import LABEL, PAD, SMALL, Sheet, bare, cut, head_height, lines_height, new_sheet, room_width, wrap
from .style import BRIGHT, HAIR, INK, MUTED, SOFT, Look, percent, text_size, write

WIDTH = 10.0
TOGETHER = 3
_LINES = ("-", "--", "-.", (0, (1, 1.2)))
_RISK, _LEFT, _RIGHT = 0.17, 0.46, 0.42
_NARROWEST, _THICKET, _PALE = 1.8, 9, "#BBBBBB"


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
class Frame:
    """What curves are drawn in: where x runs, its ticks and its name, what y is, and counts below the ticks.

    Attributes
    ----------
    ticks : list of (float, str)
    steps : bool
        Whether a share holds until it changes.
    counts : list of list of str
        For each curve, a text below each tick.
    """

    span: tuple[float, float]
    ticks: list[tuple[float, str]]
    x_name: str
    y_name: str
    steps: bool = False
    counts: list[list[str]] = field(default_factory=list)
    counts_name: str = ""


def draw_curves(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    """Draw the picture: up to three curves together, more in a panel each."""
    return (_together if len(curves) <= TOGETHER else _panels)(ax, title, sentence, curves, frame)


def draw_panel(panel: Axes, curves: Sequence[Curve], frame: Frame, width: float) -> None:
    """Draw curves with their axes into a panel, `width` inches wide, that stands beside something else."""
    _axes(panel, frame, width)
    for curve in curves:
        _line(panel, curve, frame)


def _together(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    width = room_width(ax, WIDTH)
    ends = [wrap(_end_words(curve), min(2.0, 0.22 * width), SMALL, lines=4) for curve in curves]
    right = max(text_size(row, SMALL)[0] for rows in ends for row in rows) + 0.3 + _sample(curves)
    names = [cut(curve.label, min(1.7, 0.2 * width), SMALL) for curve in curves] if len(curves) > 1 else [""]
    left = max(0.62, max(text_size(name, SMALL)[0] for name in names) + 0.3 + PAD if frame.counts else 0.0)
    top = head_height(title, sentence, width) + 0.34
    bottom = 0.58 + (0.2 + _RISK * len(curves) + 0.1 if frame.counts else 0.0)
    sheet = new_sheet(ax, width, top + 2.9 + bottom)
    sheet.place(left, right, top, bottom)
    sheet.head(title, sentence)
    _axes(sheet.ax, frame, sheet.inner_width)
    sheet.write(sheet.left, sheet.top - 0.12, frame.y_name, va="bottom", color=SOFT)
    middle = sheet.left + sheet.inner_width / 2
    sheet.write(middle, sheet.top + sheet.inner_height + 0.3, frame.x_name, ha="center", color=SOFT)
    for curve in curves:
        _line(sheet.ax, curve, frame)
    _end_labels(sheet, curves, ends, frame)
    _counts(sheet, curves, names, frame)
    return sheet.ax


def _panels(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    width = room_width(ax, WIDTH)
    across = min(3 if len(curves) in (5, 6, 9) else 4, max(int((width - 2 * PAD) / _NARROWEST), 1))
    rows = -(-len(curves) // across)
    wide = (width - 2 * PAD) / across
    labels = [wrap(curve.label, wide - _LEFT, LABEL, lines=3) for curve in curves]
    head = 0.34 + lines_height(max(map(len, labels)) - 1, LABEL)
    below = 0.34 + (_RISK if frame.counts else 0.0)
    tall = head + 1.15 + below
    top = head_height(title, sentence, width) + 0.1
    below_all = f"{frame.y_name}, {frame.x_name}" + (f"; below: {frame.counts_name}" if frame.counts else "")
    below_all += "; in grey the others" if len(curves) <= _THICKET else ""
    told = wrap(below_all, width - 2 * PAD, SMALL)
    names = (0.35 if frame.counts else 0.19) + lines_height(len(told), SMALL)
    sheet = new_sheet(ax, width, top + rows * tall + names)
    sheet.place(PAD, PAD, top, names)
    bare(sheet.ax)
    sheet.ax.set_ylim(0, 1)
    sheet.head(title, sentence)
    for number, (curve, label) in enumerate(zip(curves, labels, strict=True)):
        column, row = number % across, number // across
        high = sheet.inner_height / rows
        body = 1.15 / tall * high
        start = (column * sheet.inner_width / across + _LEFT) / sheet.inner_width
        low = 1 - (row * high + head / tall * high + body) / sheet.inner_height
        narrow = 1 / across - (_LEFT + _RIGHT) / sheet.inner_width
        room = (start, low, narrow, body / sheet.inner_height)
        panel = sheet.ax.inset_axes(room, axes_class=Picture)
        counts = frame.counts[number] if frame.counts else []
        _beside(panel, [other for other in curves if other is not curve], frame)
        _panel(panel, replace(curve, place=0), "\n".join(label), frame, (wide - _LEFT - _RIGHT, body), counts)
    sheet.write(PAD, sheet.height - names + 0.08, "\n".join(told), color=SOFT)
    return sheet.ax


def _beside(panel: Axes, others: Sequence[Curve], frame: Frame) -> None:
    """Draw the other curves in pale grey, so that each can be compared with all; of many they would be a thicket."""
    if len(others) < _THICKET:
        style = "steps-post" if frame.steps else "default"
        for other in others:
            panel.plot(other.x, other.y, color=_PALE, linewidth=0.8, drawstyle=style, zorder=1, label="other")


def _panel(panel: Axes, curve: Curve, label: str, frame: Frame, size: tuple[float, float], counts: list[str]) -> None:
    _axes(panel, frame, size[0])
    _line(panel, curve, frame)
    write(panel, 0, 1 + 0.1 / size[1], label, va="bottom", size=LABEL, linespacing=1.05)
    x, y = curve.end
    if not np.isnan(x):
        beside = x + (0.02 * frame.span[1] if frame.steps else 0) + 0.06 * (frame.span[1] - frame.span[0]) / size[0]
        ground = {"facecolor": "white", "linewidth": 0, "pad": 0.8}  # else the lines of the others run through it
        write(panel, beside, y, percent(y), transform=panel.transData, va="center", color=INK, zorder=5, bbox=ground)
    shown = _fitting(frame.ticks, frame.span, size[0])
    beneath = {"ha": "center", "va": "top", "size": 7, "color": SOFT}
    for (tick, _), text in zip(frame.ticks, counts, strict=False):
        if tick in shown:
            write(panel, tick, -0.27 / size[1], text, transform=panel.get_xaxis_transform(), **beneath)


def _axes(ax: Axes, frame: Frame, width: float) -> None:
    bare(ax)
    low, high = frame.span
    ax.set_xlim(low, high)
    ax.set_ylim(0, 1)
    shown = _fitting(frame.ticks, frame.span, width)
    ticks = [(tick, word) for tick, word in frame.ticks if tick in shown]
    ax.set_xticks([tick for tick, _ in ticks], [word for _, word in ticks], parse_math=False)
    few = width < 4
    shares = (0, 0.5, 1) if few else (0, 0.25, 0.5, 0.75, 1)
    ax.set_yticks(shares, [percent(share) for share in shares])
    ax.tick_params(axis="x", pad=6)
    ax.tick_params(length=0, labelsize=SMALL - 0.5 if few else SMALL, labelcolor=SOFT)
    ax.hlines(shares, low, high, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)


def _line(ax: Axes, curve: Curve, frame: Frame) -> None:
    style = "steps-post" if frame.steps else "default"
    dots: dict[str, Any] = {} if frame.steps else {"marker": "os^D"[curve.place % 4], "markersize": 3.5}
    x, y, low, high = curve.x, curve.y, curve.low, curve.high
    if frame.steps:  # so that the last step has a tread
        x, y, low, high = (np.append(part, part[-1]) for part in (x, y, low, high))
        x[-1] = min(x[-1] + 0.02 * frame.span[1], frame.span[1])
    if len(x) == 1:
        ax.vlines(x, low, high, colors=curve.color, linewidths=6, alpha=0.3)
    ax.fill_between(x, low, high, step="post" if frame.steps else None, color=curve.color, alpha=0.17, linewidth=0)
    ax.plot(x, y, drawstyle=style, clip_on=False, **_stroke(curve), **dots)


def _end_labels(sheet: Sheet, curves: Sequence[Curve], ends: list[list[str]], frame: Frame) -> None:
    """Write what each line is at its end, moved up or down where two would meet."""
    heights = [lines_height(len(rows), SMALL) / sheet.inner_height for rows in ends]
    order = sorted(range(len(curves)), key=lambda number: curves[number].end[1])
    floor = -0.05
    low, high = frame.span
    for number in order:
        x, y = curves[number].end
        x, y = (low, 0.5) if np.isnan(x) else (x, y)
        middle = max(y, floor + heights[number] / 2)
        floor = middle + heights[number] / 2
        reach = (x + (0.02 * high if frame.steps else 0) - low) / (high - low)
        across = (1.0 if len(curves) > 1 else reach) + 0.1 / sheet.inner_width
        if len(curves) > 1:
            ends_at = across + (_sample(curves) - 0.06) / sheet.inner_width
            place = {"transform": sheet.ax.transAxes, "clip_on": False, "label": "sample"}
            sheet.ax.plot([across, ends_at], [middle, middle], **{**_stroke(curves[number]), **place})
            across += _sample(curves) / sheet.inner_width
        place = {"va": "center", "color": Look(curves[number].color).deep, "linespacing": 1.1}
        write(sheet.ax, across, middle, "\n".join(ends[number]), **place)


def _sample(curves: Sequence[Curve]) -> float:
    """Return the room for a piece of each line beside its label: in black and white the dashes tell them apart."""
    return 0.4 if len(curves) > 1 else 0.0


def _stroke(curve: Curve) -> dict[str, Any]:
    return {"color": curve.color, "linestyle": _LINES[curve.place % len(_LINES)], "linewidth": 1.9}


def _counts(sheet: Sheet, curves: Sequence[Curve], names: list[str], frame: Frame) -> None:
    if not frame.counts:
        return
    y = sheet.top + sheet.inner_height + 0.52
    sheet.write(PAD, y, frame.counts_name, color=SOFT, size=SMALL - 0.5)
    shown = _fitting(frame.ticks, frame.span, sheet.inner_width)
    low, high = frame.span
    for row, (curve, name, counts) in enumerate(zip(curves, names, frame.counts, strict=True)):
        lower = y + 0.2 + row * _RISK
        sheet.write(sheet.left - 0.3, lower, name, ha="right", size=SMALL, color=Look(curve.color).deep)
        for (tick, _), text in zip(frame.ticks, counts, strict=True):
            if tick in shown:
                x = sheet.left + (tick - low) / (high - low) * sheet.inner_width
                sheet.write(x, lower, text, ha="center", size=SMALL, color=Look(curve.color).deep)


def _end_words(curve: Curve) -> str:
    x, y = curve.end
    said = "no rate yet" if np.isnan(x) else percent(y)
    return f"{curve.label} · {said}" if curve.label else said


def _fitting(ticks: list[tuple[float, str]], span: tuple[float, float], width: float) -> set[float]:
    """Return the ticks whose words fit beside one another: every one, every second, every fifth, and so on."""
    wide = {tick: text_size(word, SMALL)[0] for tick, word in ticks}
    for step in (1, 2, 5, 10, 20, 50, 100):
        chosen = [tick for tick, _ in ticks[::step]]
        gaps = [(b - a) / (span[1] - span[0]) * width - (wide[a] + wide[b]) / 2 for a, b in pairwise(chosen)]
        if all(gap >= 0.12 for gap in gaps):
            return set(chosen)
    return {ticks[0][0]}
