"""What stands above and beside the lanes of a board: taking part each week, and own goals met."""

from collections.abc import Sized

import numpy as np
from matplotlib.transforms import Affine2D, Transform

from . import kinds
from .lanes import Board
from .sheet import SMALL, Sheet
from .style import INK, SOFT, one_box, text_size, write

BARS, GAP = 0.62, 0.24
"""The height of the bars, and the room between them and the lanes."""

_ASIDE, _SQUARES_FROM = 0.15, 7.0


def draw_bars(sheet: Sheet, board: Board) -> None:
    """Draw how many took part each week, by kind, above the lanes."""
    weeks = board.line.weeks
    which = np.searchsorted([week.stop for week in weeks], board.taking["x"], side="right").clip(0, len(weeks) - 1)
    low = np.zeros(len(weeks))
    sides = [(0.86 * week.start + 0.14 * week.stop, 0.14 * week.start + 0.86 * week.stop) for week in weeks]
    above = _above(sheet, max(np.bincount(which, minlength=1).max(), 1) * 1.35)
    for kind in kinds.KINDS:
        counts = np.bincount(which[(board.taking["kind"] == kind).to_numpy()], minlength=len(weeks))
        edges = [(*side, start, start + n) for side, start, n in zip(sides, low, counts, strict=True) if n]
        there = {"transform": above, "clip_on": False, "label": "taking part"}
        one_box(sheet.ax, edges, linewidth=0.5, **there, **kinds.GREYS[kind])
        low = low + counts
    for week, total in zip(weeks, low, strict=True):
        if total:
            middle = (week.start + week.stop) / 2
            there = {"transform": above, "ha": "center", "size": 7.5, "color": SOFT, "label": "taking part"}
            write(sheet.ax, middle, total + 0.05 * low.max(), f"{total:.0f}", **there)
    if low.any():
        told = {"ha": "right", "va": "bottom", "color": SOFT, "size": SMALL - 0.5}
        sheet.write(sheet.left - 0.1, sheet.top - GAP, "taking part\neach week", **told)


def draw_own_goals(sheet: Sheet, board: Board, side: float) -> None:
    """Draw a square for each own goal at the side, filled once it is met; a narrow board has the figures only."""
    own = [board.own_goals(learner) for learner in board.learners]
    if not any(goals for _, goals in own):
        return
    beside = _beside(sheet)
    there = {"transform": beside, "ha": "right", "va": "center", "size": min(SMALL, lane_size(sheet, own))}
    for lane, figures in enumerate(own):
        write(sheet.ax, side - _ASIDE, lane, _own(*figures), label="own goals", **there)
    if sheet.width >= _SQUARES_FROM:
        _squares(sheet, own, beside)
    start = sheet.left + sheet.inner_width + _ASIDE
    named = {"va": "bottom", "color": SOFT, "size": SMALL - 0.5, "linespacing": 1.05}
    sheet.write(start, sheet.top - 0.05, _headed(sheet.width), **named)


def side_width(board: Board, width: float) -> float:
    """Return the room that the own goals take at the side of a board so wide; none where there are none."""
    own = [board.own_goals(learner) for learner in board.learners]
    if not any(goals for _, goals in own):
        return 0.15
    figures = max(text_size(_own(*each), SMALL)[0] for each in own)
    squares = max(goals for _, goals in own) * _step(own) + 0.12 if width >= _SQUARES_FROM else 0.0
    named = max(text_size(row, SMALL - 0.5)[0] for row in _headed(width).split("\n"))
    return _ASIDE + max(squares + figures, named)


def lane_size(sheet: Sheet, lanes: Sized) -> float:
    """Return the largest size in which words fit into a lane."""
    return 0.72 * 72 * sheet.inner_height / len(lanes)


def _above(sheet: Sheet, top: float) -> Transform:
    """Return where the bars stand: school days across, counts up to `top` above the lanes."""
    up = Affine2D().scale(1, BARS / top / sheet.inner_height).translate(0, 1 + GAP / sheet.inner_height)
    return up + sheet.ax.get_xaxis_transform()


def _beside(sheet: Sheet) -> Transform:
    """Return where own goals stand: inches across, beside the lanes, and lanes down."""
    across = Affine2D().translate(_ASIDE, 0).scale(1 / sheet.inner_width, 1).translate(1, 0)
    return across + sheet.ax.get_yaxis_transform()


def _squares(sheet: Sheet, own: list[tuple[int, int]], beside: Transform) -> None:
    step, tall = _step(own), min(0.05 / sheet.inner_height * len(own), 0.3)
    squares: dict[bool, list[tuple[float, float, float, float]]] = {True: [], False: []}
    for lane, (met, goals) in enumerate(own):
        for number in range(goals):
            squares[number < met].append((number * step, (number + 0.76) * step, lane - tall, lane + tall))
    for met, ground in ((True, INK), (False, "white")):
        there = {"transform": beside, "clip_on": False, "label": "own goals"}
        one_box(sheet.ax, squares[met], facecolor=ground, edgecolor=INK, linewidth=0.7 if step > 0.1 else 0.3, **there)


def _own(met: int, goals: int) -> str:
    return f"{met}/{goals}" if goals else "–"


def _step(own: list[tuple[int, int]]) -> float:
    return min(0.135, 1.35 / max(1, *(goals for _, goals in own)))


def _headed(width: float) -> str:
    return "own goals met" if width >= _SQUARES_FROM else "own goals\nmet"
