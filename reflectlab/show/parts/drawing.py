"""What every picture is drawn with: fonts, text that is measured, broken to fit and written, boxes and lines."""

import logging
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from .style import INK

_OTHER_SCRIPTS = (
    "Noto Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Sans KR",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "IPAexGothic",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Ethiopic",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Gurmukhi",
    "Noto Sans Gujarati",
    "Noto Sans Telugu",
    "Noto Sans Kannada",
    "Noto Sans Malayalam",
    "Noto Sans Sinhala",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Myanmar",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Nirmala UI",
    "Leelawadee UI",
    "Arial Unicode MS",
)

LEADING = 1.28

_ANY_GLYPH = "Last Resort High-Efficiency"


@lru_cache(1)
def families() -> tuple[str, ...]:
    """Return the fonts to draw with: DejaVu Sans, what is installed for other scripts, and a stand-in for the rest.

    The stand-in draws a box with the name of the script, without a warning; in SVG the text is text, and whoever
    looks at it sees it in a font of their own.
    """
    logging.getLogger("matplotlib.font_manager").addFilter(lambda said: _ANY_GLYPH not in said.getMessage())
    installed = set(fontManager.get_font_names())
    others = [family for family in _OTHER_SCRIPTS if family in installed]
    return ("DejaVu Sans", *others, _ANY_GLYPH)


@lru_cache(8192)
def fonts_of(text: str) -> tuple[str, ...]:
    """Return the fonts to draw a text with: where the first has all its signs, no other is looked for, text by text.

    >>> fonts_of("Hēmi")
    ('DejaVu Sans',)
    """
    first = get_font(findfont(FontProperties(family=[families()[0]])))
    return families()[:1] if all(first.get_char_index(ord(sign)) for sign in text if sign != "\n") else families()


def scripts_without_font(texts: Iterable[str]) -> list[str]:
    """Return the scripts in these texts that no font of this computer has; in SVG the reader's own fonts draw them.

    >>> scripts_without_font(["Hēmi", "Zoë"])
    []
    """
    signs = {sign for text in texts for sign in text if unicodedata.category(sign)[0] == "L"}
    return sorted({unicodedata.name(sign, "other").split()[0].capitalize() for sign in signs if not _has_glyph(sign)})


@lru_cache(8192)
def _has_glyph(sign: str) -> bool:
    known = (get_font(findfont(FontProperties(family=[family]))) for family in families()[:-1])
    return any(font.get_char_index(ord(sign)) for font in known)


def drawing() -> AbstractContextManager[None]:
    """Return the context in which every picture is made and written."""
    settings: Any = {
        "font.family": list(families()),
        "font.size": 9,
        "text.color": INK,
        "hatch.linewidth": 0.5,
        "text.hinting": "none",  # else the same words are up to 8 % wider at one resolution than at another
        "svg.fonttype": "none",
        "svg.hashsalt": "reflectlab",
        "savefig.bbox": None,
        "savefig.facecolor": "white",
        "savefig.transparent": False,
    }
    return mpl.rc_context(settings)


def text_size(text: str, size: float, bold: bool = False) -> tuple[float, float]:
    """Return the width and height of one line of text, in inches."""
    width, height, _ = _outlines(text, _font(size, bold), False)
    return width / 72, height / 72


def lines_height(count: int, size: float) -> float:
    """Return the height of so many lines of text, in inches."""
    return count * size * LEADING / 72


def wrap(text: str, width: float, size: float, *, lines: int = 3, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` inches; what does not fit ends in an ellipsis.

    >>> wrap("Vary how sentences start", 0.9, 9)
    ['Vary how', 'sentences', 'start']
    """
    if text_size(text, size, bold)[0] <= width:
        return [text]
    words = (part for word in re.split(" (?!%)", text) for part in _word_pieces(word, width, size, bold))
    rows: list[str] = []
    for word, glued in words:
        if len(rows) > lines + 1:  # enough to be cut
            break
        longer = f"{rows[-1]}{'' if glued else ' '}{word}" if rows else word
        if rows and text_size(longer, size, bold)[0] <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], cut(" ".join(rows[lines - 1 :]), width, size, bold)]
    return rows or [""]


def _word_pieces(word: str, width: float, size: float, bold: bool) -> Iterator[tuple[str, bool]]:
    """Give a word in pieces that fit, each with whether it is glued to the one before."""
    if not any(map(_wide, word)) and text_size(word, size, bold)[0] <= width:
        yield word, False
        return
    begin = 0
    for at, sign in enumerate(word):
        joins = unicodedata.combining(sign) or sign == "\u200d"
        if at > begin and not joins and (_wide(sign) or text_size(word[begin : at + 1], size, bold)[0] > width):
            yield word[begin:at], begin > 0
            begin = at
    yield word[begin:], begin > 0


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return a text that is no wider than `width` inches; what does not fit ends in an ellipsis."""
    if text_size(text, size, bold)[0] <= width:
        return text
    fitting = bisect_left(range(len(text)), True, key=lambda last: _with_dots(text, last, size, bold) > width)
    return text[:fitting].rstrip() + "…"


def _with_dots(text: str, last: int, size: float, bold: bool) -> float:
    return text_size(text[: last + 1] + "…", size, bold)[0]


def measure_once(renderer: Any) -> None:
    """Let a renderer of SVG, which measures outlines, take sizes that are known from another picture."""
    measuring = getattr(renderer.get_text_width_height_descent, "__self__", None)
    if type(measuring).__name__ == "RendererSVG":
        renderer.get_text_width_height_descent = _outlines


def write(ax: Axes, x: float, y: float, text: str, **options: Any) -> Text:
    """Write into an Axes, never as mathematics; places are shares of the Axes unless `transform` says otherwise."""
    fonts = list(fonts_of(text))
    options = {"transform": ax.transAxes, "parse_math": False, "clip_on": False, "size": 8, "family": fonts, **options}
    return ax.text(x, y, text, **options)


def boxes(ax: Axes, edges: Iterable[tuple[float, float, float, float]], **options: Any) -> PolyCollection:
    """Draw rectangles given as (left, right, low, high) as one collection."""
    corners = [_corners(*each) for each in edges]
    thick = options.pop("hatch_linewidth", None)
    made = PolyCollection(corners, **{"linewidths": 0, **options})
    if thick:
        made.set_hatch_linewidth(thick)
    ax.add_collection(made, autolim=False)
    return made


def lay_rows(ax: Axes, left: float, right: float, urls: Sequence[str]) -> None:
    """Lay rows that cannot be seen, but can be picked, under all that is drawn: from left to right as shares."""
    there = {"transform": ax.get_yaxis_transform(), "clip_on": False, "zorder": -1}
    edges = [(left, right, row - 0.5, row + 0.5) for row in range(len(urls))]
    boxes(ax, edges, facecolor="white", alpha=0, **there).set_urls(list(urls))


def one_box(ax: Axes, edges: Iterable[tuple[float, float, float, float]], **options: Any) -> PathPatch:
    """Draw rectangles that nobody picks, given as (left, right, low, high), as one: one element in a page, not many."""
    return _as_one(ax, [[*_corners(*each), (0.0, 0.0)] for each in edges], Path.CLOSEPOLY, {"linewidth": 0, **options})


def one_line(ax: Axes, lines: Iterable[tuple[float, float, float]], **options: Any) -> PathPatch:
    """Draw upright lines that nobody picks, given as (x, low, high), as one."""
    ends = [[(x, low), (x, high)] for x, low, high in lines]
    return _as_one(ax, ends, Path.LINETO, {"fill": False, **options})


def _corners(left: float, right: float, low: float, high: float) -> list[tuple[float, float]]:
    return [(left, low), (right, low), (right, high), (left, high)]


def _as_one(ax: Axes, shapes: list[list[tuple[float, float]]], last: Any, options: dict[str, Any]) -> PathPatch:
    codes = [code for shape in shapes for code in (Path.MOVETO, *[Path.LINETO] * (len(shape) - 2), last)]
    path = Path(np.array([place for shape in shapes for place in shape]).reshape(-1, 2), codes)
    path.should_simplify = False  # lines that stand apart stay as they are
    made = PathPatch(path, joinstyle="round", capstyle="butt", **{"transform": ax.transData, **options})
    ax.add_artist(made)
    return made


@lru_cache(8192)
def _outlines(text: str, font: FontProperties, is_math: bool) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, is_math)


@lru_cache(64)
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")
