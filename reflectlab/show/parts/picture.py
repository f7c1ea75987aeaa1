"""A picture: an Axes and the page around it, what it says and what its marks stand for, and how it goes out.

The title and the sentence stand above, the legend below, in between is the room for what is drawn. Lengths are in
inches, so that nothing overlaps and nothing is clipped, however large the figure.
"""

import html
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...errors import ArgumentError
from ...language import gettext
from .drawing import cut, drawing, families, lines_height, measure_once, text_size, wrap, write
from .slim import slim
from .style import INK, SOFT

PAD = 0.14

TITLE, SENTENCE, LABEL, SMALL = 13.5, 9.5, 9.0, 8.0

_LEGEND_ROW, _MARKED = 0.22, 0.15

_NO_METADATA: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))


class Picture(Axes):
    """An Axes that a notebook shows as SVG when a cell ends with it, and reads out as its alt text."""

    _begun = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._begun = True

    def grid(self, *args: Any, **options: Any) -> None:
        """Draw a grid; before there is anything to be seen nobody has to say that there is none, tick by tick."""
        if self._begun:
            super().grid(*args, **options)

    def draw(self, renderer: Any) -> None:
        """Draw it as it was measured, whoever saves the figure and at whatever resolution."""
        with drawing():
            measure_once(renderer)
            super().draw(renderer)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": to_svg(self), "text/plain": alt_text(self)}


@dataclass
class Description:
    """What a picture tells beside its lines: the title, the sentence, and its marks."""

    title: str = ""
    sentence: str = ""
    first_mark: int = 0
    marks: list[dict[str, str | None]] = field(default_factory=list)

    def mark(self, text: str, *, what: str, learner: str, goal: str | None = None, episode: str | None = None) -> str:
        """Note one mark and return its url."""
        url = f"#m{self.first_mark + len(self.marks)}"
        ids = {"learner_id": learner, "goal_id": goal, "episode_id": episode}
        self.marks.append({"url": url, "what": what, "text": text, **ids})
        return url


_DESCRIPTIONS: WeakKeyDictionary[Axes, Description] = WeakKeyDictionary()


def description_of(ax: Axes) -> Description:
    """Return the description of an Axes, a new one if it has none; marks are counted on over a figure."""
    if ax not in _DESCRIPTIONS:
        before = [len(_DESCRIPTIONS[other].marks) for other in _figure_of(ax).axes if other in _DESCRIPTIONS]
        _DESCRIPTIONS[ax] = Description(first_mark=sum(before))
    return _DESCRIPTIONS[ax]


def alt_text(picture: Axes | Figure) -> str:
    """Return what a picture shows, in words: its title and its sentence.

    Parameters
    ----------
    picture : Axes or Figure
        What a `plot_` function returned, or the figure it is in.

    Returns
    -------
    str
        Empty where no `plot_` function drew.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import plot_transitions
    >>> steps = pd.DataFrame({"source": ["hook"], "target": ["verbs"], "n": [3], "p": [1.0]})
    >>> alt_text(plot_transitions(steps, title="Room 5"))
    'Room 5. 3 steps between 2 goals. Most often: from “hook” to “verbs”, 3 of 3 times.'
    """
    return " ".join(f"{_closed(each.title)} {each.sentence}".strip() for each in _descriptions(picture))


def _closed(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def marks(picture: Axes | Figure) -> list[dict[str, str | None]]:
    """Return what the marks of a picture stand for.

    Parameters
    ----------
    picture : Axes or Figure

    Returns
    -------
    list of dict
        One for each mark: `url` (as in the SVG, `#m17`), `what` (`learner`, `goal`, `stuck`, `waiting` or the kind of a
        participation), `text` (to read on hover), `learner_id`, `goal_id` and `episode_id`.
    """
    return [dict(mark) for each in _descriptions(picture) for mark in each.marks]


def to_svg(picture: Axes | Figure) -> str:
    """Return a picture as SVG whose text is text: the same text for the same picture.

    Parameters
    ----------
    picture : Axes or Figure

    Returns
    -------
    str
        From `<svg` on, so that it can stand in a page; it carries the alt text.
    """
    drawn = _saved(picture, format="svg", metadata=_NO_METADATA).decode()
    all_of, first = (", ".join(f"'{family}'" for family in some) for some in (families(), families()[:1]))
    drawn = slim(drawn[drawn.index("<svg") :], (all_of, first)).replace(all_of, _COMMON)
    alt = html.escape(alt_text(picture), quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{alt}" style="font-family: {_COMMON}" ', 1)


_COMMON = "'DejaVu Sans', 'Noto Sans', sans-serif"
"""The fonts that go out: whoever looks at the page has others than this machine."""


def to_png(picture: Axes | Figure, *, dpi: float = 110) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    picture : Axes or Figure
    dpi : float, default 110
        Pixels per inch.

    Returns
    -------
    bytes
    """
    return _saved(picture, format="png", dpi=dpi, metadata={"Software": None})


def _saved(picture: Axes | Figure, **options: Any) -> bytes:
    target = io.BytesIO()
    with drawing():
        _figure_of(picture).savefig(target, **options)
    return target.getvalue()


def _figure_of(picture: Any) -> Figure:
    figure = picture.get_figure(root=True) if isinstance(picture, Axes | Figure) else None
    if not isinstance(figure, Figure):
        raise ArgumentError(f"A picture is an Axes or a Figure; got {type(picture).__name__}.")
    return figure


def _descriptions(picture: Axes | Figure) -> list[Description]:
    every = [picture] if isinstance(picture, Axes) else _figure_of(picture).axes
    return [_DESCRIPTIONS[ax] for ax in every if ax in _DESCRIPTIONS]


@dataclass(frozen=True, eq=False)
class LegendEntry:
    """One entry of the legend: a word beside a marker, a filled box, or both."""

    word: str
    fill: dict[str, Any] = field(default_factory=dict)
    marker: dict[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> "LegendEntry":
        """The entry with its word, which is a message, in the language that is spoken."""
        return replace(self, word=gettext(self.word))

    @property
    def shift(self) -> float:
        """How far a box stands to the right, to leave room for the marker before it."""
        return _MARKED if self.fill and self.marker else 0.0

    @property
    def width(self) -> float:
        """How wide the entry is, with the gap behind it."""
        return self.shift + 0.29 + text_size(self.word, SMALL)[0] + 0.22


Legend = Sequence[Sequence[LegendEntry]]


class Margins(NamedTuple):
    """The room around an Axes: beside it, above it to the sentence, below it to the legend, and below the legend."""

    left: float = PAD
    right: float = PAD
    above: float = 0.0
    below: float = 0.0
    foot: float = 0.1


@dataclass(frozen=True)
class SideColumn:
    """A column of words beside the rows of a picture: what heads it, a cell for each row, and their colour."""

    head: str
    cells: list[str]
    color: str

    @property
    def width(self) -> float:
        """How wide the widest text is."""
        return max(text_size(text, SMALL)[0] for text in [*self.head.split("\n"), *self.cells])


@dataclass
class PicturePage:
    """An Axes and the page it is on; lengths in inches, from the left and from the top of the page."""

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
        """Put the Axes onto the page, leaving these margins."""
        # A given Axes may be smaller than its words: what is drawn keeps a sliver, so that no size turns negative.
        self.inner_width = max(self.width - left - right, 0.08 * self.width)
        self.inner_height = max(self.height - top - bottom, 0.08 * self.height)
        self.left, self.top = left, top
        across, up = self.ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
        low = self.y + self.height - top - self.inner_height
        place = ((self.x + left) / across, low / up, self.inner_width / across, self.inner_height / up)
        self.ax.set_position(place)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place on the page as shares of the Axes."""
        return (x - self.left) / self.inner_width, 1 - (y - self.top) / self.inner_height

    def write(self, x: float, y: float, text: str, **options: Any) -> None:
        """Write at a place on the page; `y` is the top of the text unless `va` says otherwise."""
        write(self.ax, *self.at(x, y), text, **{"va": "top", **options})

    def label_rows(
        self, texts: Sequence[str], *, gap: float = 0.1, first: float = 0.0, largest: float = LABEL, **options: Any
    ) -> None:
        """Write labels of `label_column` to the left of the Axes, one for each row from `first` on."""
        aside = {"transform": self.ax.get_yaxis_transform(), "ha": "right", "va": "center", "linespacing": 1.05}
        for row, text in enumerate(texts):
            size = min(label_size(text), largest)
            write(self.ax, -gap / self.inner_width, first + row, text, size=size, **aside, **options)

    def side_columns(
        self, columns: Sequence[SideColumn], *, start: float, gap: float, above: float, **options: Any
    ) -> None:
        """Write columns to the right of the Axes from `start` on, with a gap before each, and their heads above."""
        cell = {"transform": self.ax.get_yaxis_transform(), "ha": "right", "va": "center"}
        head = {"ha": "right", "va": "bottom", "color": SOFT, "size": SMALL - 0.5, **options}
        x = self.inner_width + start
        for column in columns:
            x += column.width + gap
            self.write(self.left + x, self.top - above, column.head, **head)
            for row, text in enumerate(column.cells):
                write(self.ax, x / self.inner_width, row, text, color=column.color, **cell)

    def head(self, title: str, sentence: str) -> None:
        """Write the title and the sentence at the top, and keep them as the alt text."""
        description = description_of(self.ax)
        description.title, description.sentence = title, sentence
        title_rows, sentence_rows = _head_rows(title, sentence, self.width)
        x, y = self.at(PAD, PAD)
        options: dict[str, Any] = {"fontweight": "bold", "va": "top", "parse_math": False, "linespacing": 1.15}
        self.ax.set_title("\n".join(title_rows), loc="left", x=x, y=y, fontsize=TITLE, color=INK, **options)
        below = PAD + lines_height(len(title_rows), TITLE) + 0.02
        self.write(PAD, below, "\n".join(sentence_rows), size=SENTENCE, color=SOFT, linespacing=1.25)

    def legend(self, legend: Legend, top: float) -> None:
        """Draw the legend in centred rows from `top` on; groups stay together where they can."""
        for number, row in enumerate(_legend_rows(legend, self.width)):
            x = (self.width - sum(entry.width for entry in row) + 0.22) / 2
            for entry in row:
                self._legend_entry(entry, x, top + _LEGEND_ROW * number + _LEGEND_ROW / 2)
                x += entry.width

    def _legend_entry(self, entry: LegendEntry, x: float, y: float) -> None:
        if entry.fill:
            low, high = self.at(x + entry.shift, y + 0.055), self.at(x + entry.shift + 0.22, y - 0.055)
            size = (high[0] - low[0], high[1] - low[1])
            swatch = Rectangle(low, *size, transform=self.ax.transAxes, clip_on=False, **entry.fill)
            self.ax.add_artist(swatch)
        if entry.marker:
            place = self.at(x + (0.05 if entry.shift else 0.11), y)
            self.ax.scatter(*place, transform=self.ax.transAxes, clip_on=False, **entry.marker)
        self.write(x + entry.shift + 0.29, y, entry.word, va="center", size=SMALL, color=INK)


def new_page(
    ax: Axes | None, title: str, sentence: str, legend: Legend, size: tuple[float, float], margins: Margins
) -> PicturePage:
    """Return a page with its title, its sentence and its legend, on which a bare Axes waits to be drawn in.

    `size` is how wide the page and how high the Axes is where the picture gets a figure of its own. An Axes that is
    given has the size it has: its place is the page.
    """
    width, tall = size
    top, bottom = head_height(title, sentence, width) + margins.above, legend_height(legend, width) + margins.below
    page = _empty_page(ax, width, top + tall + bottom)
    page.place(margins.left, margins.right, top, bottom)
    bare(page.ax)
    page.head(title, sentence)
    page.legend(legend, page.height - legend_height(legend, page.width) - margins.foot)
    return page


def nothing(ax: Axes | None, title: str, why: str, width: float = 8.0) -> Axes:
    """Draw the picture of a frame without rows: its title, and why there is nothing to see."""
    return new_page(ax, title, gettext("Nothing to show yet: {why}", why=why), [], (width, 0.2), Margins()).ax


_ROOM: ContextVar[float] = ContextVar("room", default=inf)

_PAGE = 12.0
"""Up to how many inches a picture can be made narrower: what is wider has a long term to show."""


@contextmanager
def no_wider(width: float) -> Iterator[None]:
    """Let pictures with a figure of their own be no wider than this, in inches, as far as they fit a page at all."""
    before = _ROOM.set(width)
    try:
        yield
    finally:
        _ROOM.reset(before)


def room_width(ax: Axes | None, width: float) -> float:
    """Return how wide the page of an Axes is, in inches; `width` where the picture gets a figure of its own."""
    width = min(width, _ROOM.get()) if width <= _PAGE else width
    return _empty_page(ax, width, 1.0).width if isinstance(ax, Axes) else width


def _empty_page(ax: Axes | None, width: float, height: float) -> PicturePage:
    if ax is None:
        figure = Figure(figsize=(width, height), dpi=100)
        return PicturePage(figure.add_axes((0.0, 0.0, 1.0, 1.0), axes_class=Picture), width, height)
    if not isinstance(ax, Axes):
        raise ArgumentError(f"must be a matplotlib Axes or None; got {type(ax).__name__}.", "ax")
    across, up = ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
    room = ax.get_position()
    return PicturePage(ax, room.width * across, room.height * up, room.x0 * across, room.y0 * up)


def bare(ax: Axes) -> None:
    """Take the frame and the ticks off an Axes."""
    ax.set_axis_off()


def with_ticks(ax: Axes) -> None:
    """Let a bare Axes have ticks where it is told to have some: words without a line."""
    ax.set_axis_on()
    ax.spines[:].set_visible(False)
    ax.patch.set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.tick_params(length=0, pad=5)


def head_height(title: str, sentence: str, width: float) -> float:
    """Return the room that the title and the sentence take, with a margin above and below."""
    title_rows, sentence_rows = _head_rows(title, sentence, width)
    return PAD + lines_height(len(title_rows), TITLE) + 0.02 + lines_height(len(sentence_rows), SENTENCE) + 0.12


def _head_rows(title: str, sentence: str, width: float) -> tuple[list[str], list[str]]:
    room = 0.96 * (width - 2 * PAD)
    return wrap(title, room, TITLE, bold=True), wrap(sentence, room, SENTENCE, lines=6)


def legend_height(legend: Legend, width: float) -> float:
    """Return the room that the legend takes."""
    return _LEGEND_ROW * len(_legend_rows(legend, width))


def _legend_rows(legend: Legend, width: float) -> list[list[LegendEntry]]:
    rows: list[list[LegendEntry]] = []
    left = 0.0
    for group in legend:
        fitted = [replace(entry, word=cut(entry.word, width - 2 * PAD - 0.6, SMALL)) for entry in group]
        if sum(entry.width for entry in fitted) > left:
            left = 0.0
        for entry in fitted:
            if entry.width > left:
                rows.append([])
                left = width - 2 * PAD
            rows[-1].append(entry)
            left -= entry.width
    return rows


def label_column(
    labels: Sequence[str], widest: float, size: float = LABEL, lines: int = 3
) -> tuple[list[str], float, float]:
    """Return labels broken to fit a column, the width the column needs, and the height of the tallest."""
    broken = _told_apart(labels, [_label_rows(label, widest, size, lines) for label in labels], widest, size)
    texts = ["\n".join(rows) for rows in broken]
    width = max((text_size(row, size)[0] for rows in broken for row in rows), default=0.0)
    height = max((lines_height(len(rows), size if len(rows) == 1 else size - 1) for rows in broken), default=0.0)
    return texts, min(width, widest), height


def _label_rows(label: str, widest: float, size: float, lines: int) -> list[str]:
    rows = wrap(label, widest, size, lines=99)
    smaller = wrap(label, widest, size - 1, lines=lines) if len(rows) > 1 else rows
    return smaller if len(smaller) > 1 else rows


def _told_apart(labels: Sequence[str], broken: list[list[str]], widest: float, size: float) -> list[list[str]]:
    """Return labels that were cut to the same words with what tells them apart: they begin alike and end otherwise."""
    same: dict[tuple[str, ...], set[str]] = {}
    for label, rows in zip(labels, broken, strict=True):
        same.setdefault(tuple(rows), set()).add(label)
    alike = {label: begun for begun in same.values() if len(begun) > 1 for label in begun}
    return [
        [*wrap(label, widest, size - 1, lines=2)[:1], *wrap(_ending(label, alike[label]), widest, size - 1, lines=2)]
        if label in alike
        else rows
        for label, rows in zip(labels, broken, strict=True)
    ]


def _ending(label: str, begun: set[str]) -> str:
    """Return the words of a label from where it differs from those that begin alike."""
    apart = (place for place, signs in enumerate(zip(*begun, strict=False)) if len(set(signs)) > 1)
    start = next(apart, min(map(len, begun)))
    return f"… {label[label.rfind(' ', 0, start) + 1 :]}"


def label_size(text: str, size: float = LABEL) -> float:
    """Return the size to draw a label of `label_column` in: broken ones are a little smaller."""
    return size - 1 if "\n" in text else size
