"""Who supports whom, and who works together: arrows and lines between the learners of a class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.path import Path
from numpy.typing import NDArray

from ..language import gettext, translatable
from .parts.drawing import drawing, write
from .parts.layout import Floats, places, separate
from .parts.picture import (
    PAD,
    SMALL,
    LegendEntry,
    Margins,
    PicturePage,
    description_of,
    head_height,
    label_column,
    label_size,
    new_page,
    nothing,
)
from .parts.style import INK, LOOKS, SOFT
from .parts.ties import Ties, alone_sentence, everybody, ties_of
from .parts.words import KIND_WORDS, cannot_tell_sentences

_MOST_NAMED = 40
"""Up to so many learners all are named; of more, those with the most partners."""

_FEW_NAMED = 12

_NAMED_FEW = translatable("Named are those with the most partners; the larger the dot, the more partners.")

_NAME, _RADIUS, _GAP = 1.15, 0.085, 0.1

_BEND = {"support": 0.13, "shared_goal": 0.0, "other": -0.06}

_TIE_LINES: Mapping[str, dict[str, Any]] = {
    "support": {"colors": LOOKS["gave_support"].color, "linestyles": "solid"},
    "shared_goal": {"colors": LOOKS["shared_goal"].deep, "linestyles": (0, (3, 1.6))},
    "other": {"colors": SOFT, "linestyles": (0, (1, 1.5))},
}

_TIE_WORDS = {
    "support": translatable("supported (from helper to seeker)"),
    "shared_goal": KIND_WORDS["shared_goal"],
    "other": KIND_WORDS["other"],
}

_ALONE: Mapping[str, Any] = {"s": (144 * _RADIUS) ** 2, "c": "white", "edgecolors": "#999999", "linewidths": 1.1}

_LINE = Path([(-1, 0), (1, 0)])

_ARROW = Path([(-1, 0), (0.4, 0), (0.4, 0.3), (1, 0), (0.4, -0.3), (0.4, 0)])


def plot_network(
    network: pd.DataFrame,
    *,
    learners: Iterable[str] | None = None,
    names: Mapping[str, str] | pd.Series | None = None,
    whole: pd.DataFrame | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw who supported whom, and who worked together in another way.

    An arrow runs from the helper to the learner who was supported; a dashed line joins two who worked on a goal both
    had open, a dotted one two who worked together in another way. The more often, the thicker. A filled dot is a
    learner who supported somebody. Of more than 40 learners only those with the most partners are named, and dots
    grow with the number of partners.

    Parameters
    ----------
    network : pandas.DataFrame
        As `reflectlab.network` gives it, of one group.
    learners : sequence of str, optional
        Who is in the class, so that those who worked with nobody are drawn too.
    names : mapping or pandas.Series, optional
        What the learners are called.
    whole : pandas.DataFrame, optional
        The network that settles where everybody stands, as a whole term's; by default `network` itself. Pictures
        with the same `whole` and `learners` have everybody in the same place, so that weeks can be compared.
    title : str, default "Who works with whom"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the learners.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If a frame holds more than one group.

    See Also
    --------
    plot_network_matrix : for a class in which many worked with many.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_network
    >>> edges = pd.DataFrame({"source": ["aroha"], "target": ["ben"], "kind": ["support"], "episodes": [2]})
    >>> alt_text(plot_network(edges, learners=["aroha", "ben", "chloe"]))
    'Who works with whom. 3 learners; 1 pair worked together. 1 learner supported somebody, 2 times in all.
    Most often: aroha supported ben 2 times. 1 learner worked with nobody.'
    """
    title = gettext("Who works with whom") if title is None else title
    ties = ties_of("network", network, names)
    term = ties if whole is None else ties_of("whole", whole, names)
    present = everybody(learners, ties, term)
    untold = cannot_tell_sentences(network)
    with drawing():
        if not term.drawn:
            return nothing(ax, title, " ".join(untold) or gettext("nobody has worked together yet."))
        few = [gettext(_NAMED_FEW)] if len(present) > _MOST_NAMED else []
        sentence = " ".join([ties.sentence(present), *few, *untold])
        return _draw(ties, term, present, sentence, title, ax)


def _draw(ties: Ties, term: Ties, present: list[str], sentence: str, title: str, ax: Axes | None) -> Axes:
    alone = [learner for learner in present if learner not in term.partners]
    tied = [learner for learner in present if learner in term.partners]
    wide, tall = (9.0, max(2.6, min(1.6 + 0.22 * len(tied), 7.0))) if len(present) <= _MOST_NAMED else (10.5, 9.0)
    rows = _rows_alone(alone, ties, wide - 2 * PAD - 1.5)
    above = 0.05 + (_spare_head(term, present, sentence, title, wide) if ties is not term else 0.0)
    margins = Margins(above=above, below=0.3 + 0.4 * len(rows) + (0.15 if rows else 0), foot=0.12)
    page = new_page(ax, title, sentence, _legend(ties), (wide, tall), margins)
    page.ax.set_xlim(0, page.inner_width)
    page.ax.set_ylim(0, page.inner_height)
    spots = _spots(page, term, tied, len(present) <= _MOST_NAMED)
    _draw_ties(page.ax, ties, spots)
    _draw_learners(page, ties, spots)
    _write_names(page, ties, spots, len(present) <= _MOST_NAMED)
    _draw_alone(page, ties, rows)
    return page.ax


def _spare_head(term: Ties, present: list[str], sentence: str, title: str, wide: float) -> float:
    """Return what the words above leave of the room that the longest of them would take: so nobody moves with them."""
    longest = f"{term.sentence(present)} {alone_sentence(len(present))}"
    return max(head_height(title, longest, wide) - head_height(title, sentence, wide), 0.0)


def _rows_alone(alone: list[str], ties: Ties, room: float) -> list[list[tuple[str, str, float]]]:
    """Return those who worked with nobody in rows: learner, name and the room it takes."""
    rows: list[list[tuple[str, str, float]]] = []
    left = 0.0
    for learner in alone:
        text, wide, _ = _name_label(ties.name(learner))
        wide += 0.45
        if wide > left:
            rows.append([])
            left = room
        rows[-1].append((learner, text, wide))
        left -= wide
    return rows


def _name_label(name: str) -> tuple[str, float, float]:
    """Return a name broken into two lines at most, its width, and its height."""
    (text,), wide, tall = label_column([name], _NAME, SMALL, lines=2)
    return text, wide, tall


def _legend(ties: Ties) -> list[list[LegendEntry]]:
    there = {tie.kind for tie in ties.drawn}
    lines = []
    for kind, word in _TIE_WORDS.items():
        color, style = _TIE_LINES[kind]["colors"], _TIE_LINES[kind]["linestyles"]
        shape = {"marker": _ARROW if kind == "support" else _LINE, "s": 330, "linewidth": 1.3, "linestyle": style}
        if kind in there:
            lines.append(LegendEntry(gettext(word), marker={**shape, "edgecolor": color, "facecolor": color}))
    helper = {"marker": "o", "s": 60, "facecolor": INK, "edgecolor": INK}
    return [lines, [LegendEntry(gettext("has supported somebody"), marker=helper)]] if "support" in there else [lines]


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


def _spots(page: PicturePage, term: Ties, tied: list[str], named: bool) -> dict[str, Spot]:
    """Return where each of those who are tied stands: places and sizes are those of the whole."""
    partners = term.partners
    room = page.inner_width, page.inner_height
    wanted = places(tied, term.pairs, *room)
    if named:
        radii, gap = np.full(len(tied), _RADIUS), _GAP
        names = np.array([_name_label(term.name(learner))[1:] for learner in tied]).reshape(-1, 2)
    else:
        radii, gap = 0.03 + 0.016 * np.sqrt([partners[learner] for learner in tied]), 0.02
        names = np.zeros((len(tied), 2))
    sizes = np.stack([np.maximum(names[:, 0], 2 * radii), 2 * radii + names[:, 1]], axis=1) + gap
    found = separate(wanted, sizes, *room)
    found[:, 1] += names[:, 1] / 2
    each = zip(tied, *found.T, radii, *names.T, strict=True)
    return {learner: Spot(*place) for learner, *place in each}


def _draw_ties(ax: Axes, ties: Ties, spots: Mapping[str, Spot]) -> None:
    """Draw the ties of each kind as one collection, and the heads of the arrows as another."""
    description = description_of(ax)
    many = len(spots) > _MOST_NAMED
    for kind in ("other", "shared_goal", "support"):
        drawn = [tie for tie in ties.drawn if tie.kind == kind]
        curves = [_bent_line(spots[tie.source], spots[tie.target], _BEND[kind]) for tie in drawn]
        widths = np.sqrt([tie.episodes for tie in drawn]) * (0.45 if many else 1.0)
        made = LineCollection(curves, linewidths=widths, alpha=0.6 if many else 0.85, zorder=2, **_TIE_LINES[kind])
        made.set_label(_TIE_WORDS[kind])
        made.set_urls([description.mark(ties.tie_text(tie), what=kind, learner=tie.source) for tie in drawn])
        ax.add_collection(made, autolim=False)
        if kind == "support":
            _arrow_heads(ax, curves, widths, 0.045 if many else 0.09, _TIE_LINES[kind]["colors"])


def _bent_line(start: Spot, stop: Spot, bend: float) -> Floats:
    """Return the points of a curve from the edge of one dot to the edge of another; a bend is to the left."""
    begin, end = np.array([start.x, start.y]), np.array([stop.x, stop.y])
    across = end - begin
    middle = (begin + end) / 2 + bend * np.array([-across[1], across[0]])
    share = np.linspace(0, 1, 61)[:, None]
    points: Floats = (1 - share) ** 2 * begin + 2 * share * (1 - share) * middle + share**2 * end
    kept = points[start.clear(points) & stop.clear(points, 0.02)]
    return kept if len(kept) > 1 else points[[29, 31]]


def _arrow_heads(ax: Axes, lines: list[Floats], widths: Floats, size: float, color: str) -> None:
    """Draw the head of each arrow at the end of its curve."""
    corners = []
    for line, width in zip(lines, widths, strict=True):
        tip, toward = line[-1], line[-1] - line[-2]
        along = toward / max(float(np.hypot(*toward)), 1e-9) * (size + 0.012 * width)
        aside = np.array([-along[1], along[0]]) * 0.42
        corners.append([tip, tip - along + aside, tip - along - aside])
    made = PolyCollection(corners, facecolors=color, linewidths=0, zorder=3, label="arrow heads")
    ax.add_collection(made, autolim=False)


def _draw_learners(page: PicturePage, ties: Ties, spots: Mapping[str, Spot]) -> None:
    """Draw a dot for each learner: filled for those who supported somebody, grey for those who did nothing yet."""
    description, helped, partners = description_of(page.ax), ties.helped, ties.partners
    fills = [INK if learner in helped else "white" for learner in spots]
    rims = [INK if learner in partners else "#999999" for learner in spots]
    x, y = [spot.x for spot in spots.values()], [spot.y for spot in spots.values()]
    areas = [(2 * 72 * spot.radius) ** 2 for spot in spots.values()]
    dots = page.ax.scatter(x, y, s=areas, c=fills, edgecolors=rims, linewidths=1.1, zorder=4)
    dots.set_urls([description.mark(ties.learner_text(each), what="learner", learner=each) for each in spots])


def _write_names(page: PicturePage, ties: Ties, spots: Mapping[str, Spot], everyone: bool) -> None:
    """Write each name below its dot; of many learners only a few names, on the dot where it is large enough."""
    halo = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6}
    there = {"transform": page.ax.transData, "ha": "center", "linespacing": 1.05, "zorder": 5}
    for learner in spots if everyone else _few_named(ties, spots):
        spot, (text, wide, _) = spots[learner], _name_label(ties.name(learner))
        options: dict[str, Any] = {"va": "top", "bbox": halo, "size": label_size(text, SMALL), **there}
        if everyone or wide > 1.7 * spot.radius:
            weight = "normal" if everyone else "bold"
            write(page.ax, spot.x, spot.y - spot.radius - 0.03, text, fontweight=weight, **options)
        else:
            color = "white" if learner in ties.helped else INK
            write(page.ax, spot.x, spot.y, text, fontweight="bold", color=color, **{**there, "va": "center"})


def _few_named(ties: Ties, spots: Mapping[str, Spot]) -> list[str]:
    """Return those with the most partners; where two names would meet, the first alone."""
    partners = ties.partners
    found: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for learner in sorted(partners, key=lambda each: (-partners[each], each))[:_FEW_NAMED]:
        spot, (_, wide, tall) = spots[learner], _name_label(ties.name(learner))
        y = spot.y if wide <= 1.7 * spot.radius else spot.y - spot.radius - 0.03 - tall / 2
        if all(abs(spot.x - a) > (wide + c) / 2 + 0.15 or abs(y - b) > tall + 0.1 for a, b, c in taken):
            taken.append((spot.x, y, wide))
            found.append(learner)
    return found


def _draw_alone(page: PicturePage, ties: Ties, rows: list[list[tuple[str, str, float]]]) -> None:
    """Draw those who worked with nobody in rows below the others."""
    description, top = description_of(page.ax), page.top + page.inner_height + 0.2
    if rows:
        page.write(PAD, top, gettext("worked with\nnobody"), va="center", color=SOFT, size=SMALL, linespacing=1.05)
    for number, row in enumerate(rows):
        x, y = PAD + 1.1, top + 0.4 * number
        for learner, text, wide in row:
            place = page.at(x, y)
            dot = page.ax.scatter(*place, transform=page.ax.transAxes, clip_on=False, zorder=4, **_ALONE)
            dot.set_urls([description.mark(ties.learner_text(learner), what="learner", learner=learner)])
            page.write(x + _RADIUS + 0.06, y, text, va="center", size=label_size(text, SMALL), linespacing=1.05)
            x += wide
