"""What a test sees of a picture: its words, where they stand, and its marks."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from reflectlab.show.parts.drawing import drawing


def words(ax: Axes) -> list[Text]:
    """Return every text of the figure that is drawn."""
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    with drawing():
        figure.draw_without_rendering()
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    unused = {id(text) for each in figure.axes for text in _unused(each)}
    return [text for text in found if id(text) not in unused]


def said(ax: Axes) -> list[str]:
    """Return every word of the figure, lines joined."""
    return [text.get_text().replace("\n", " ") for text in words(ax)]


def assert_tidy(ax: Axes, texts: list[Text] | None = None) -> None:
    """Assert that no two words overlap and that none is clipped by the figure; `texts` are its words, if drawn."""
    figure = ax.get_figure(root=True)
    width, height = figure.bbox.size
    with drawing():
        found = [(text.get_text(), _corners(text)) for text in (words(ax) if texts is None else texts)]
    for text, corners in found:
        assert corners.min() >= -0.5, f"{text!r} is clipped at the left or bottom"
        assert corners[:, 0].max() <= width + 0.5, f"{text!r} is clipped at the right"
        assert corners[:, 1].max() <= height + 0.5, f"{text!r} is clipped at the top"
    for (one, here), (other, there) in _near(found):
        assert _apart(here, there), f"{one!r} overlaps {other!r}"


def _near(found: Sequence[tuple[str, np.ndarray]]) -> list[tuple[tuple[str, np.ndarray], ...]]:
    """Return the pairs whose upright boxes meet; of the others a glance at two numbers tells that they are apart."""
    if not found:
        return []
    corners = np.array([each for _, each in found])
    low, high = corners.min(axis=1), corners.max(axis=1)
    meet = (low[:, np.newaxis] < high[np.newaxis]).all(axis=2)
    pairs = np.argwhere(np.triu(meet & meet.T, k=1))
    return [(found[one], found[other]) for one, other in pairs]


def _unused(ax: Axes) -> list[Text]:
    """Return the words of ticks that are not drawn: none of a bare Axes is."""
    ticks = [tick for axis in (ax.xaxis, ax.yaxis) for tick in axis.majorTicks]
    used = {id(tick) for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks() if ax.axison}
    return [label for tick in ticks if id(tick) not in used for label in (tick.label1, tick.label2)]


def _corners(text: Text) -> np.ndarray:
    """Return the corners of a text as drawn, turned with it."""
    turned = text.get_rotation()
    if turned:
        text.set_rotation(0)
    box = text.get_window_extent()
    corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    if not turned:
        return corners
    text.set_rotation(turned)
    anchor, angle = text.get_transform().transform(text.get_unitless_position()), np.deg2rad(turned)
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
