"""What a test sees of a picture: its words, where they stand, and its marks."""

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from reflectlab.show.style import drawing


def words(ax: Axes) -> list[Text]:
    """Return every text of the figure that is drawn."""
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    with drawing():
        figure.draw_without_rendering()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip() and _drawn(text)]


def said(ax: Axes) -> list[str]:
    """Return every word of the figure, lines joined."""
    return [text.get_text().replace("\n", " ") for text in words(ax)]


def assert_tidy(ax: Axes) -> None:
    """Assert that no two words overlap and that none is clipped by the figure."""
    figure = ax.get_figure(root=True)
    width, height = figure.bbox.size
    found = [(text.get_text(), _corners(text)) for text in words(ax)]
    for text, corners in found:
        assert corners.min() >= -0.5, f"{text!r} is clipped at the left or bottom"
        assert corners[:, 0].max() <= width + 0.5, f"{text!r} is clipped at the right"
        assert corners[:, 1].max() <= height + 0.5, f"{text!r} is clipped at the top"
    for (one, here), (other, there) in combinations(found, 2):
        assert _apart(here, there), f"{one!r} overlaps {other!r}"


def _drawn(text: Text) -> bool:
    """Tell whether a text belongs to something that is drawn: ticks that are not used do not."""
    return text.axes is None or text not in _unused(text.axes)


def _unused(ax: Axes) -> list[Text]:
    ticks = [tick for axis in (ax.xaxis, ax.yaxis) for tick in axis.majorTicks]
    used = {id(tick) for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks()}
    return [label for tick in ticks if id(tick) not in used for label in (tick.label1, tick.label2)]


def _corners(text: Text) -> np.ndarray:
    """Return the corners of a text as drawn, turned with it."""
    with drawing():
        angle = np.deg2rad(text.get_rotation())
        text.set_rotation(0)
        box = text.get_window_extent()
        anchor = text.get_transform().transform(text.get_unitless_position())
        text.set_rotation(np.rad2deg(angle))
    corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (corners - anchor) @ turn.T + anchor


def _apart(one: np.ndarray, other: np.ndarray, slack: float = 0.6) -> bool:
    """Tell whether two rectangles can be parted by a line along one of their sides."""
    for corners in (one, other):
        for side in (corners[1] - corners[0], corners[3] - corners[0]):
            length = np.linalg.norm(side)
            if not length:
                return True
            axis = side / length
            a, b = one @ axis, other @ axis
            if a.max() <= b.min() + slack or b.max() <= a.min() + slack:
                return True
    return False
