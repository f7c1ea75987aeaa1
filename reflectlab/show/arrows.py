"""Arrows from dot to dot: bent lines that leave dots and names free, and their heads."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from .places import Floats


@dataclass(frozen=True)
class Spot:
    """Where a learner stands, in inches from the lower left, how large the dot is, and the name below it."""

    x: float
    y: float
    radius: float
    name_wide: float = 0.0
    name_tall: float = 0.0

    def clear(self, points: Floats, gap: float = 0.0) -> NDArray[np.bool_]:
        """Tell which points are neither on the dot nor on the name."""
        right, up = (points - (self.x, self.y)).T
        on_dot = np.hypot(right, up) <= self.radius + gap
        on_name = (np.abs(right) <= self.name_wide / 2 + gap) & (up <= 0) & (up >= -self.radius - self.name_tall - gap)
        cleared: NDArray[np.bool_] = ~(on_dot | on_name)
        return cleared


def curve(start: Spot, stop: Spot, bend: float) -> Floats:
    """Return the points of a curve from the edge of one dot to the edge of another; a bend is to the left."""
    begin, end = np.array([start.x, start.y]), np.array([stop.x, stop.y])
    across = end - begin
    middle = (begin + end) / 2 + bend * np.array([-across[1], across[0]])
    share = np.linspace(0, 1, 61)[:, None]
    points: Floats = (1 - share) ** 2 * begin + 2 * share * (1 - share) * middle + share**2 * end
    kept = points[start.clear(points) & stop.clear(points, 0.02)]
    return kept if len(kept) > 1 else points[[29, 31]]


def heads(ax: Axes, lines: list[Floats], widths: Floats, size: float, color: str) -> None:
    """Draw the head of each arrow at the end of its curve."""
    corners = []
    for line, width in zip(lines, widths, strict=True):
        tip, toward = line[-1], line[-1] - line[-2]
        along = toward / max(float(np.hypot(*toward)), 1e-9) * (size + 0.012 * width)
        aside = np.array([-along[1], along[0]]) * 0.42
        corners.append([tip, tip - along + aside, tip - along - aside])
    made = PolyCollection(corners, facecolors=color, linewidths=0, zorder=3, label="arrow heads")
    ax.add_collection(made, autolim=False)
