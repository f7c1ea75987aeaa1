"""The picture of shares that grow over time: side by side in one panel, or a panel each."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from .curves import RISK, Curve, Frame, draw_axes, draw_line, fitting, stroke
from .panels import draw_panels
from .sheet import PAD, SMALL, Sheet, cut, head_height, lines_height, new_sheet, room_width, wrap
from .style import SOFT, Look, percent, text_size, write

WIDTH = 10.0
TOGETHER = 3


def draw_curves(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    """Draw the picture: up to three curves together, more in a panel each."""
    return (_together if len(curves) <= TOGETHER else draw_panels)(ax, title, sentence, curves, frame)


def _together(ax: Axes | None, title: str, sentence: str, curves: Sequence[Curve], frame: Frame) -> Axes:
    width = room_width(ax, WIDTH)
    ends = [wrap(_end_words(curve), min(2.0, 0.22 * width), SMALL, lines=4) for curve in curves]
    right = max(text_size(row, SMALL)[0] for rows in ends for row in rows) + 0.3 + _sample(curves)
    names = [cut(curve.label, min(1.7, 0.2 * width), SMALL) for curve in curves] if len(curves) > 1 else [""]
    left = max(0.62, max(text_size(name, SMALL)[0] for name in names) + 0.3 + PAD if frame.counts else 0.0)
    top = head_height(title, sentence, width) + 0.34
    bottom = 0.58 + (0.2 + RISK * len(curves) + 0.1 if frame.counts else 0.0)
    sheet = new_sheet(ax, width, top + 2.9 + bottom)
    sheet.place(left, right, top, bottom)
    sheet.head(title, sentence)
    draw_axes(sheet.ax, frame, sheet.inner_width)
    sheet.write(sheet.left, sheet.top - 0.12, frame.y_name, va="bottom", color=SOFT)
    middle = sheet.left + sheet.inner_width / 2
    sheet.write(middle, sheet.top + sheet.inner_height + 0.3, frame.x_name, ha="center", color=SOFT)
    for curve in curves:
        draw_line(sheet.ax, curve, frame)
    _end_labels(sheet, curves, ends, frame)
    _counts(sheet, curves, names, frame)
    return sheet.ax


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
            sheet.ax.plot([across, ends_at], [middle, middle], **{**stroke(curves[number]), **place})
            across += _sample(curves) / sheet.inner_width
        place = {"va": "center", "color": Look(curves[number].color).deep, "linespacing": 1.1}
        write(sheet.ax, across, middle, "\n".join(ends[number]), **place)


def _sample(curves: Sequence[Curve]) -> float:
    """Return the room for a piece of each line beside its label: in black and white the dashes tell them apart."""
    return 0.4 if len(curves) > 1 else 0.0


def _counts(sheet: Sheet, curves: Sequence[Curve], names: list[str], frame: Frame) -> None:
    if not frame.counts:
        return
    y = sheet.top + sheet.inner_height + 0.52
    sheet.write(PAD, y, frame.counts_name, color=SOFT, size=SMALL - 0.5)
    shown = fitting(frame, sheet.inner_width)
    low, high = frame.span
    for row, (curve, name, counts) in enumerate(zip(curves, names, frame.counts, strict=True)):
        lower = y + 0.2 + row * RISK
        sheet.write(sheet.left - 0.3, lower, name, ha="right", size=SMALL, color=Look(curve.color).deep)
        for (tick, _), text in zip(frame.ticks, counts, strict=True):
            if tick in shown:
                x = sheet.left + (tick - low) / (high - low) * sheet.inner_width
                sheet.write(x, lower, text, ha="center", size=SMALL, color=Look(curve.color).deep)


def _end_words(curve: Curve) -> str:
    x, y = curve.end
    said = "no rate yet" if np.isnan(x) else percent(y)
    return f"{curve.label} · {said}" if curve.label else said
