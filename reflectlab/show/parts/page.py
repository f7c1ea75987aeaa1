"""The sheet a picture is drawn on: room measured in inches, so that nothing overlaps and nothing is clipped."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...errors import ArgumentError
from .drawing import text_size, write
from .picture import Picture, record
from .style import INK, SOFT

PAD = 0.14

TITLE, SENTENCE, LABEL, SMALL = 13.5, 9.5, 9.0, 8.0

LEADING = 1.28

_MARKED = 0.15


@dataclass(frozen=True, eq=False)
class Key:
    """One entry of the key: a word beside a marker, a filled box, or both."""

    word: str
    fill: dict[str, Any] = field(default_factory=dict)
    marker: dict[str, Any] = field(default_factory=dict)


@dataclass
class Sheet:
    """An Axes and the room it may use; lengths in inches, from the left and from the top of the room."""

    ax: Axes
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    left: float = 0.0
    top: float = 0.0
    inner_width: float = 1.0
    inner_height: float = 1.0

    def place(self, left: float, right: float, top: float, bottom: float) -> None:
        """Put the Axes into the room, leaving these margins."""
        self.inner_width = max(self.width - left - right, 0.08 * self.width)
        self.inner_height = max(self.height - top - bottom, 0.08 * self.height)
        self.left, self.top = left, top
        across, up = self.ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
        low = self.y + self.height - top - self.inner_height
        place = ((self.x + left) / across, low / up, self.inner_width / across, self.inner_height / up)
        self.ax.set_position(place)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place in the room as shares of the Axes."""
        return (x - self.left) / self.inner_width, 1 - (y - self.top) / self.inner_height

    def write(self, x: float, y: float, text: str, **options: Any) -> None:
        """Write at a place in the room; `y` is the top of the text unless `va` says otherwise."""
        write(self.ax, *self.at(x, y), text, **{"va": "top", **options})

    def head(self, title: str, sentence: str) -> None:
        """Write the title and the sentence at the top, and keep them as the alt text."""
        told = record(self.ax)
        told.title, told.sentence = title, sentence
        titled, said = _head(title, sentence, self.width)
        x, y = self.at(PAD, PAD)
        options: dict[str, Any] = {"fontweight": "bold", "va": "top", "parse_math": False, "linespacing": 1.15}
        self.ax.set_title("\n".join(titled), loc="left", x=x, y=y, fontsize=TITLE, color=INK, **options)
        below = PAD + _lines_height(titled, TITLE) + 0.02
        self.write(PAD, below, "\n".join(said), size=SENTENCE, color=SOFT, linespacing=1.25)

    def key(self, groups: Sequence[Sequence[Key]], top: float) -> None:
        """Draw the key in centred rows from `top` on; groups stay together where they can."""
        for number, row in enumerate(_key_rows(groups, self.width)):
            x = (self.width - sum(_key_width(entry) for entry in row) + 0.22) / 2
            for entry in row:
                self._key_entry(entry, x, top + 0.22 * number + 0.11)
                x += _key_width(entry)

    def _key_entry(self, entry: Key, x: float, y: float) -> None:
        shift = _MARKED if entry.fill and entry.marker else 0.0
        if entry.fill:
            low, high = self.at(x + shift, y + 0.055), self.at(x + shift + 0.22, y - 0.055)
            size = (high[0] - low[0], high[1] - low[1])
            swatch = Rectangle(low, *size, transform=self.ax.transAxes, clip_on=False, **entry.fill)
            self.ax.add_artist(swatch)
        if entry.marker:
            place = self.at(x + (0.05 if shift else 0.11), y)
            self.ax.scatter(*place, transform=self.ax.transAxes, clip_on=False, **entry.marker)
        self.write(x + shift + 0.29, y, entry.word, va="center", size=SMALL, color=INK)


def new_sheet(ax: Axes | None, width: float, height: float) -> Sheet:
    """Return a sheet of this size in a figure of its own, or the room of the Axes that was given."""
    if ax is None:
        figure = Figure(figsize=(width, height), dpi=100)
        return Sheet(figure.add_axes((0.0, 0.0, 1.0, 1.0), axes_class=Picture), width, height)
    if not isinstance(ax, Axes):
        raise ArgumentError(f"must be a matplotlib Axes or None; got {type(ax).__name__}.", "ax")
    across, up = ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
    room = ax.get_position()
    return Sheet(ax, room.width * across, room.height * up, room.x0 * across, room.y0 * up)


def room_width(ax: Axes | None, width: float) -> float:
    """Return how wide the room of an Axes is, in inches; `width` where the picture gets a figure of its own."""
    return new_sheet(ax, width, 1.0).width if isinstance(ax, Axes) else width


def bare(ax: Axes) -> None:
    """Take the frame and the ticks off an Axes."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, pad=5)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.patch.set_visible(False)


def nothing(ax: Axes | None, title: str, why: str, width: float = 8.0) -> Axes:
    """Draw the picture of a frame without rows: its title, and why there is nothing to see."""
    sheet = new_sheet(ax, width, head_height(title, why, width) + 0.2)
    sheet.place(PAD, PAD, PAD, PAD)
    bare(sheet.ax)
    sheet.head(title, f"Nothing to show yet: {why}")
    return sheet.ax


def head_height(title: str, sentence: str, width: float) -> float:
    """Return the room that the title and the sentence take, with a margin above and below."""
    titled, said = _head(title, sentence, width)
    return PAD + _lines_height(titled, TITLE) + 0.02 + _lines_height(said, SENTENCE) + 0.12


def key_height(groups: Sequence[Sequence[Key]], width: float) -> float:
    """Return the room that the key takes."""
    return 0.22 * len(_key_rows(groups, width))


def wrap(text: str, width: float, size: float, *, lines: int = 3, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` inches; what does not fit ends in an ellipsis.

    Examples
    --------
    >>> wrap("Vary how sentences start", 0.9, 9)
    ['Vary how', 'sentences', 'start']
    """
    if text_size(text, size, bold)[0] <= width:
        return [text]
    words = [part for word in re.split(" (?!%)", text) for part in _pieces(word, width, size, bold)]
    rows: list[str] = []
    for word, glued in words:
        longer = f"{rows[-1]}{'' if glued else ' '}{word}" if rows else word
        if rows and text_size(longer, size, bold)[0] <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], cut(" ".join(rows[lines - 1 :]), width, size, bold)]
    return rows or [""]


def label_column(
    labels: Sequence[str], widest: float, size: float = LABEL, lines: int = 3
) -> tuple[list[str], float, float]:
    """Return labels broken to fit a column, the width the column needs, and the height of the tallest."""
    broken = [_label_rows(label, widest, size, lines) for label in labels]
    texts = ["\n".join(rows) for rows in broken]
    width = max((text_size(row, size)[0] for rows in broken for row in rows), default=0.0)
    height = max((_lines_height(rows, size if len(rows) == 1 else size - 1) for rows in broken), default=0.0)
    return texts, min(width, widest), height


def _label_rows(label: str, widest: float, size: float, lines: int) -> list[str]:
    rows = wrap(label, widest, size, lines=99)
    smaller = wrap(label, widest, size - 1, lines=lines) if len(rows) > 1 else rows
    return smaller if len(smaller) > 1 else rows


def label_size(text: str, size: float = LABEL) -> float:
    """Return the size to draw a label of `label_column` in: broken ones are a little smaller."""
    return size - 1 if "\n" in text else size


def lines_height(count: int, size: float) -> float:
    """Return the height of so many lines of text, in inches."""
    return count * size * LEADING / 72


def _lines_height(rows: Sequence[str], size: float) -> float:
    return lines_height(len(rows), size)


def _head(title: str, sentence: str, width: float) -> tuple[list[str], list[str]]:
    room = 0.96 * (width - 2 * PAD)
    return wrap(title, room, TITLE, bold=True), wrap(sentence, room, SENTENCE, lines=6)


def _key_width(entry: Key) -> float:
    return (_MARKED if entry.fill and entry.marker else 0.0) + 0.29 + text_size(entry.word, SMALL)[0] + 0.22


def _key_rows(groups: Sequence[Sequence[Key]], width: float) -> list[list[Key]]:
    rows: list[list[Key]] = []
    left = 0.0
    for group in groups:
        fitted = [replace(entry, word=cut(entry.word, width - 2 * PAD - 0.6, SMALL)) for entry in group]
        if sum(map(_key_width, fitted)) > left:
            left = 0.0
        for entry in fitted:
            if _key_width(entry) > left:
                rows.append([])
                left = width - 2 * PAD
            rows[-1].append(entry)
            left -= _key_width(entry)
    return rows


def _pieces(word: str, width: float, size: float, bold: bool) -> list[tuple[str, bool]]:
    """Return a word in pieces that fit, each with whether it is glued to the one before."""
    if not any(map(_wide, word)) and text_size(word, size, bold)[0] <= width:
        return [(word, False)]
    pieces: list[tuple[str, bool]] = []
    piece = ""
    for sign in word:
        joins = unicodedata.combining(sign) or sign == "\u200d"
        if piece and not joins and (_wide(sign) or text_size(piece + sign, size, bold)[0] > width):
            pieces.append((piece, bool(pieces)))
            piece = ""
        piece += sign
    return [*pieces, (piece, bool(pieces))]


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return a text that is no wider than `width` inches; what does not fit ends in an ellipsis."""
    if text_size(text, size, bold)[0] <= width:
        return text
    while text and text_size(text + "…", size, bold)[0] > width:
        text = text[:-1]
    return text.rstrip() + "…"
