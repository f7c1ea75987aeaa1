"""A share that grows over time, with its interval, and what it is drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .sheet import SMALL, bare
from .style import BRIGHT, HAIR, MUTED, SOFT, percent, text_size

RISK = 0.17
"""The height of a line of counts below the ticks, in inches."""

_LINES = ("-", "--", "-.", (0, (1, 1.2)))


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


def draw_panel(panel: Axes, curves: Sequence[Curve], frame: Frame, width: float) -> None:
    """Draw curves with their axes into a panel, `width` inches wide, that stands beside something else."""
    draw_axes(panel, frame, width)
    for curve in curves:
        draw_line(panel, curve, frame)


def draw_axes(ax: Axes, frame: Frame, width: float) -> None:
    """Draw the axes that curves stand in, `width` inches wide: where shares lie, and as many ticks as fit."""
    bare(ax)
    low, high = frame.span
    ax.set_xlim(low, high)
    ax.set_ylim(0, 1)
    shown = fitting(frame, width)
    ticks = [(tick, word) for tick, word in frame.ticks if tick in shown]
    ax.set_xticks([tick for tick, _ in ticks], [word for _, word in ticks], parse_math=False)
    few = width < 4
    shares = (0, 0.5, 1) if few else (0, 0.25, 0.5, 0.75, 1)
    ax.set_yticks(shares, [percent(share) for share in shares])
    ax.tick_params(axis="x", pad=6)
    ax.tick_params(length=0, labelsize=SMALL - 0.5 if few else SMALL, labelcolor=SOFT)
    ax.hlines(shares, low, high, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)


def draw_line(ax: Axes, curve: Curve, frame: Frame) -> None:
    """Draw one curve on its interval."""
    style = "steps-post" if frame.steps else "default"
    dots: dict[str, Any] = {} if frame.steps else {"marker": "os^D"[curve.place % 4], "markersize": 3.5}
    x, y, low, high = curve.x, curve.y, curve.low, curve.high
    if frame.steps:  # so that the last step has a tread
        x, y, low, high = (np.append(part, part[-1]) for part in (x, y, low, high))
        x[-1] = min(x[-1] + 0.02 * frame.span[1], frame.span[1])
    if len(x) == 1:
        ax.vlines(x, low, high, colors=curve.color, linewidths=6, alpha=0.3)
    ax.fill_between(x, low, high, step="post" if frame.steps else None, color=curve.color, alpha=0.17, linewidth=0)
    ax.plot(x, y, drawstyle=style, clip_on=False, **stroke(curve), **dots)


def stroke(curve: Curve) -> dict[str, Any]:
    """Return how the line of a curve is drawn."""
    return {"color": curve.color, "linestyle": _LINES[curve.place % len(_LINES)], "linewidth": 1.9}


def fitting(frame: Frame, width: float) -> set[float]:
    """Return the ticks whose words, and the counts below, fit side by side: each, every second, every fifth ..."""
    low, high = frame.span
    columns = [[word, *below] for (_, word), *below in zip(frame.ticks, *frame.counts, strict=True)]
    wide = [max(text_size(text, SMALL)[0] for text in column) for column in columns]
    for step in (1, 2, 4, 5, 10, 20, 50, 100):
        chosen = range(0, len(columns), step)
        at = [tick / (high - low) * width for tick, _ in frame.ticks]
        if all(at[b] - at[a] - (wide[a] + wide[b]) / 2 >= 0.09 for a, b in pairwise(chosen)):
            return {frame.ticks[place][0] for place in chosen}
    return {frame.ticks[0][0]}
