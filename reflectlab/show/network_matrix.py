"""Who with whom as a table: a row and a column for each learner, for classes too dense for arrows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from ..language import counted, gettext, listed, translatable
from .parts.drawing import boxes, drawing, text_size, write
from .parts.picture import (
    SMALL,
    LegendEntry,
    Margins,
    PicturePage,
    description_of,
    label_column,
    label_size,
    new_page,
    nothing,
)
from .parts.style import HAIR, INK, LOOKS, SOFT
from .parts.ties import Ties, everybody, ties_of
from .parts.words import KIND_WORDS, cannot_tell_sentences, mapping

_CELL = 0.29

_HEAD = 1.1

_CORNER = translatable("supported ⟶")

_TIE_WORDS = {
    "support": translatable("supported: row supported column"),
    "shared_goal": KIND_WORDS["shared_goal"],
    "other": KIND_WORDS["other"],
}

_FILLS: Mapping[str, dict[str, Any]] = {
    "support": {"facecolor": LOOKS["gave_support"].solid, "edgecolor": LOOKS["gave_support"].color},
    "shared_goal": {"facecolor": LOOKS["shared_goal"].solid, "edgecolor": LOOKS["shared_goal"].color},
    "other": {"facecolor": "white", "edgecolor": SOFT},
}

_FRAME: dict[str, Any] = {"facecolor": "none", "edgecolor": INK}

_NAMED = 3
"""How many of those who only ever work with one other the sentence names."""


def plot_network_matrix(
    network: pd.DataFrame,
    *,
    learners: Iterable[str] | None = None,
    names: Mapping[str, str] | pd.Series | None = None,
    only: Mapping[str, str] | pd.Series | None = None,
    most: int = 40,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw who worked with whom as a table, for a class in which many worked with many.

    The dark half of a cell says how often the learner of the row supported that of the column: read along a row to
    see whom somebody helps, down a column to see who helps them. A light part of a cell says how often the two worked
    on a goal both had open, or in another way, and stands in both places.

    Parameters
    ----------
    network : pandas.DataFrame
        As `reflectlab.network` gives it, of one group.
    learners : sequence of str, optional
        Who is in the class, in the order to be drawn; whoever else is in the frame comes behind them.
    names : mapping or pandas.Series, optional
        What the learners are called.
    only : mapping or pandas.Series, optional
        With whom each learner has worked who has worked with one other only, as `only_with` of
        `reflectlab.partner_diversity` tells it: a frame stands round that cell in the learner's row.
    most : int, default 40
        At most this many learners are drawn: those with the most partners. The sentence says how many are not.
    title : str, default "Who works with whom"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the learners.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If the frame holds more than one group, or `most` is not positive.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_network_matrix
    >>> edges = pd.DataFrame({"source": ["aroha"], "target": ["ben"], "kind": ["support"], "episodes": [2]})
    >>> alt_text(plot_network_matrix(edges))
    'Who works with whom. 2 learners; 1 pair worked together. 1 learner supported somebody, 2 times in all.
    Most often: aroha supported ben 2 times.'
    """
    if most < 1:
        raise ArgumentError(f"must be at least 1; got {most!r}.", "most")
    title = gettext("Who works with whom") if title is None else title
    ties = ties_of("network", network, names)
    present, only = everybody(learners, ties), mapping("only", only)
    untold = cannot_tell_sentences(network)
    with drawing():
        if not ties.drawn:
            return nothing(ax, title, " ".join(untold) or gettext("nobody has worked together yet."))
        shown = _busiest(present, ties, most)
        few = gettext("Shown are the {number} learners with the most partners.", number=len(shown))
        framed = {row: column for row, column in only.items() if row in shown and column in shown}
        said = [ties.sentence(present), _only_in_words(framed, ties), few * (len(shown) < len(present)), *untold]
        return _draw(ties, shown, framed, " ".join(filter(None, said)), title, ax)


def _only_in_words(framed: Mapping[str, str], ties: Ties) -> str:
    """Return who only ever works with one other; nothing where nobody does."""
    told = [
        gettext("{name} with {other}", name=ties.name(row), other=ties.name(column)) for row, column in framed.items()
    ]
    if not told:
        return ""
    shown = ", ".join(told[:_NAMED])
    more = listed([shown, counted(len(told) - _NAMED, "more", "more")]) if len(told) > _NAMED else shown
    return gettext("Only ever with one other: {pairs}.", pairs=more)


def _busiest(present: Sequence[str], ties: Ties, most: int) -> list[str]:
    """Return the learners with the most partners, in the order in which all are given."""
    partners = ties.partners
    kept = set(sorted(present, key=lambda learner: -partners.get(learner, 0))[:most])
    return [learner for learner in present if learner in kept]


def _draw(
    ties: Ties, shown: Sequence[str], framed: Mapping[str, str], sentence: str, title: str, ax: Axes | None
) -> Axes:
    number, called = len(shown), [ties.name(learner) for learner in shown]
    rows, column, tall = label_column(called, 1.9, lines=2)
    heads, head, _ = label_column(called, _HEAD, SMALL, lines=2)
    cell, left = max(_CELL, tall + 0.04), max(column, text_size(gettext(_CORNER), SMALL)[0]) + 0.35
    wide = max(left + cell * number + 0.3, 8.0)
    margins = Margins(left, wide - left - cell * number, head + 0.25, 0.35, foot=0.12)
    page = new_page(ax, title, sentence, _legend(ties, framed), (wide, cell * number), margins)
    page.ax.set_xlim(0, number)
    page.ax.set_ylim(number, 0)
    _draw_grid(page, len(shown))
    _draw_cells(page, ties, shown)
    _draw_frames(page, ties, shown, framed)
    _write_labels(page, rows, heads)
    return page.ax


def _legend(ties: Ties, framed: Mapping[str, str]) -> list[list[LegendEntry]]:
    there = {tie.kind for tie in ties.drawn}
    entries = [LegendEntry(gettext(word), fill=_FILLS[kind]) for kind, word in _TIE_WORDS.items() if kind in there]
    return [
        [
            *entries,
            *([LegendEntry(gettext("row only ever with column"), fill={**_FRAME, "linewidth": 2.0})] if framed else []),
        ]
    ]


def _draw_grid(page: PicturePage, number: int) -> None:
    lines: dict[str, Any] = {"colors": HAIR, "linewidths": 0.5, "zorder": 0, "clip_on": False}
    page.ax.hlines(range(number + 1), 0, number, **lines)
    page.ax.vlines(range(number + 1), 0, number, **lines)
    boxes(page.ax, [(i, i + 1, i, i + 1) for i in range(number)], facecolors="#EEEEEE", zorder=0, label="the same")


def _draw_cells(page: PicturePage, ties: Ties, shown: Sequence[str]) -> None:
    """Draw the parts of cells of each kind as one collection, with how often in each."""
    place = {learner: number for number, learner in enumerate(shown)}
    there = {"transform": page.ax.transData, "ha": "center", "va": "center", "size": SMALL - 1.5}
    description, by_kind = description_of(page.ax), _by_kind(ties)
    both = by_kind.get("shared_goal", {}).keys() & by_kind.get("other", {}).keys()
    for kind, found in by_kind.items():
        drawn = {pair: each for pair, each in found.items() if pair[0] in place and pair[1] in place}
        edges = [_cell_part(place[row], place[column], kind, (row, column) in both) for row, column in drawn]
        made = boxes(page.ax, edges, label=_TIE_WORDS[kind], linewidths=0.6, zorder=1, **_FILLS[kind])
        made.set_urls([description.mark(text, what=kind, learner=row) for (row, _), (_, text) in drawn.items()])
        ink = "white" if kind == "support" else INK
        for (left, right, low, high), (times, _) in zip(edges, drawn.values(), strict=True):
            write(page.ax, (left + right) / 2, (low + high) / 2, str(times), color=ink, **there)


def _draw_frames(page: PicturePage, ties: Ties, shown: Sequence[str], framed: Mapping[str, str]) -> None:
    """Draw a frame round the cell of each learner who works with one other only."""
    if not framed:
        return
    place = {learner: number for number, learner in enumerate(shown)}
    edges = [(place[column], place[column] + 1, place[row], place[row] + 1) for row, column in framed.items()]
    made = boxes(page.ax, edges, label="only ever with", linewidths=2.0, zorder=0.5, clip_on=False, **_FRAME)
    texts = [(row, _only_with(ties, row, framed[row])) for row in framed]
    made.set_urls([description_of(page.ax).mark(text, what="only", learner=row) for row, text in texts])


def _only_with(ties: Ties, row: str, column: str) -> str:
    return gettext("{name} has only ever worked with {other}", name=ties.name(row), other=ties.name(column))


def _by_kind(ties: Ties) -> dict[str, dict[tuple[str, str], tuple[int, str]]]:
    """Return how often, and the words, for each (row, column) of each kind."""
    found: dict[str, dict[tuple[str, str], tuple[int, str]]] = defaultdict(dict)
    for tie in ties.drawn:
        found[tie.kind][tie.source, tie.target] = tie.episodes, ties.tie_text(tie)
        if tie.kind != "support":
            found[tie.kind][tie.target, tie.source] = tie.episodes, ties.tie_text(tie)
    return dict(found)


def _cell_part(row: int, column: int, kind: str, both: bool) -> tuple[float, float, float, float]:
    """Return the left half of a cell for support, the right one for the rest: for the two kinds of it, half each."""
    if kind == "support":
        return column + 0.04, column + 0.5, row + 0.06, row + 0.94
    low, high = {"shared_goal": (0.06, 0.5), "other": (0.5, 0.94)}[kind] if both else (0.06, 0.94)
    return column + 0.5, column + 0.96, row + low, row + high


def _write_labels(page: PicturePage, rows: Sequence[str], heads: Sequence[str]) -> None:
    page.label_rows(rows, first=0.5)
    above = {"transform": page.ax.get_xaxis_transform(), "ha": "left", "va": "center", "linespacing": 1.0}
    turned: dict[str, Any] = {"rotation": 90, "rotation_mode": "anchor"}
    for place, text in enumerate(heads):
        size = label_size(text, SMALL)
        write(page.ax, place + 0.5, 1 + 0.06 / page.inner_height, text, size=size, **turned, **above)
    page.write(
        page.left - 0.1, page.top - 0.06, gettext(_CORNER), ha="right", va="bottom", size=SMALL - 0.5, color=SOFT
    )
