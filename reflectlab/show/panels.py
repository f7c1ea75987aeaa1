"""Shares that grow over time, a panel each, on one scale, with the others in grey behind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes

from .curves import RISK, Curve, Frame, draw_axes, draw_line, fitting
from .picture import Picture
from .sheet import LABEL, PAD, SMALL, Sheet, bare, head_height, lines_height, new_sheet, room_width, wrap
from .style import INK, SOFT, percent, write

WIDTH, BODY = 10.0, 1.15
_LEFT, _RIGHT, _NARROWEST = 0.46, 0.42, 1.8
_THICKET, _PALE = 9, "#BBBBBB"


@dataclass(frozen=True)
class Grid:
    """How panels stand in a picture; lengths in inches.

    Attributes
    ----------
    across, rows : int
    wide, head, below : float
        How wide a panel is with its margins, and the room above and below what is drawn in it.
    """

    across: int
    rows: int
    wide: float
    head: float
    below: float

    @property
    def tall(self) -> float:
        """How high a panel is with its margins."""
        return self.head + BODY + self.below

    @property
    def inner(self) -> float:
        """How wide a panel is without its margins."""
        return self.wide - _LEFT - _RIGHT

    def place(self, sheet: Sheet, number: int) -> tuple[tuple[float, float, float, float], float]:
        """Return the place of a panel as shares of the sheet's Axes, and its height in inches."""
        column, row = number % self.across, number // self.across
        squeezed = sheet.inner_height / (self.rows * self.tall)
        body = BODY * squeezed
        low = sheet.inner_height - (row * self.tall + self.head) * squeezed - body
        size = (self.inner / sheet.inner_width, body / sheet.inner_height)
        return ((column * self.wide + _LEFT) / sheet.inner_width, low / sheet.inner_height, *size), body


def draw_panels(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    """Draw a panel for each curve."""
    width = room_width(ax, WIDTH)
    grid, labels = _grid(curves, frame, width)
    told = wrap(_below_all(curves, frame), width - 2 * PAD, SMALL)
    top, bottom = head_height(title, sentence, width) + 0.1, 0.19 + lines_height(len(told), SMALL)
    sheet = new_sheet(ax, width, top + grid.rows * grid.tall + bottom)
    sheet.place(PAD, PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_ylim(0, 1)
    sheet.head(title, sentence)
    for number, (curve, label) in enumerate(zip(curves, labels, strict=True)):
        place, body = grid.place(sheet, number)
        panel = sheet.ax.inset_axes(place, axes_class=Picture)
        counts = frame.counts[number] if frame.counts else []
        _beside(panel, [other for other in curves if other is not curve], frame)
        _panel(panel, replace(curve, place=0), label, frame, (grid.inner, body), counts)
    sheet.write(PAD, sheet.height - bottom + 0.08, "\n".join(told), color=SOFT)
    return sheet.ax


def _grid(curves: Sequence[Curve], frame: Frame, width: float) -> tuple[Grid, list[str]]:
    """Return how panels stand so that rows are full, and what stands above each."""
    fitting_in = max(int((width - 2 * PAD) / _NARROWEST), 1)
    across = min(3 if len(curves) in (5, 6, 9) else 4, fitting_in)
    wide = (width - 2 * PAD) / across
    labels = [wrap(curve.label, wide - _LEFT, LABEL, lines=3) for curve in curves]
    head = 0.34 + lines_height(max(map(len, labels)) - 1, LABEL)
    grid = Grid(across, -(-len(curves) // across), wide, head, 0.34 + (0.16 + RISK if frame.counts else 0.0))
    return grid, ["\n".join(label) for label in labels]


def _below_all(curves: Sequence[Curve], frame: Frame) -> str:
    counted = f"; below: {frame.counts_name}" if frame.counts else ""
    beside = "; in grey the others" if len(curves) <= _THICKET else ""
    return f"{frame.y_name}, {frame.x_name}{counted}{beside}"


def _beside(panel: Axes, others: Sequence[Curve], frame: Frame) -> None:
    """Draw the other curves in pale grey, so that each can be compared with all; of many they would be a thicket."""
    if len(others) < _THICKET:
        style = "steps-post" if frame.steps else "default"
        for other in others:
            panel.plot(other.x, other.y, color=_PALE, linewidth=0.8, drawstyle=style, zorder=1, label="other")


def _panel(panel: Axes, curve: Curve, label: str, frame: Frame, size: tuple[float, float], counts: list[str]) -> None:
    draw_axes(panel, frame, size[0])
    draw_line(panel, curve, frame)
    write(panel, 0, 1 + 0.1 / size[1], label, va="bottom", size=LABEL, linespacing=1.05)
    x, y = curve.end
    if not np.isnan(x):
        beside = x + (0.02 * frame.span[1] if frame.steps else 0) + 0.06 * (frame.span[1] - frame.span[0]) / size[0]
        ground = {"facecolor": "white", "linewidth": 0, "pad": 0.8}  # else the lines of the others run through it
        write(panel, beside, y, percent(y), transform=panel.transData, va="center", color=INK, zorder=5, bbox=ground)
    shown = fitting(frame, size[0])
    beneath = {"ha": "center", "va": "top", "size": 7, "color": SOFT}
    for (tick, _), text in zip(frame.ticks, counts, strict=False):
        if tick in shown:
            write(panel, tick, -0.27 / size[1], text, transform=panel.get_xaxis_transform(), **beneath)
