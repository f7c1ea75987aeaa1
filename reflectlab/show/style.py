"""How the pictures look: colours, hatches and fonts, and how text is measured and written.

Colours are Paul Tol's bright and muted palettes, which colour-blind readers can tell apart; every colour comes
with a hatch, so that nothing is told by colour alone.
"""

import logging
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

BRIGHT = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377")
MUTED = ("#CC6677", "#332288", "#DDCC77", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499")
HATCHES = ("", "---", "|||", "+++", "xxx", "\\\\\\", "-----", "|||||", "+++++")
NO_STRAND = "#BBBBBB"
INK, SOFT, HAIR, TODAY = "#222222", "#666666", "#DDDDDD", "#CC3311"

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
    "Nirmala UI",
    "Leelawadee UI",
    "Arial Unicode MS",
)
_ANY_GLYPH = "Last Resort High-Efficiency"


@dataclass(frozen=True)
class Look:
    """How one kind of thing is filled: its colour, the same colour pale, and its hatch."""

    color: str
    hatch: str = ""

    @property
    def solid(self) -> str:
        """The colour of what is done: a little lighter than the palette, so that marks stand out."""
        return blend(self.color, 0.88)

    @property
    def pale(self) -> str:
        """The colour of what is still open."""
        return blend(self.color, 0.32)

    @property
    def grain(self) -> str:
        """The colour of the hatch: a little darker than the ground."""
        return blend(self.color, 0.78, onto=INK)

    @property
    def deep(self) -> str:
        """The colour for writing in this colour on white."""
        return blend(self.color, 0.62, onto=INK)


def strand_looks(strands: Iterable[str]) -> dict[str, Look]:
    """Give every strand a colour and a hatch, in the order in which strands first come.

    Parameters
    ----------
    strands : iterable of str
        The strand of each goal; empty ones are left out.

    Returns
    -------
    dict of str to Look

    Examples
    --------
    >>> looks = strand_looks(["Ideas", "Spelling", "Ideas"])
    >>> {strand: look.color for strand, look in looks.items()}
    {'Ideas': '#4477AA', 'Spelling': '#EE6677'}
    """
    names = list(dict.fromkeys(filter(None, strands)))
    palette = BRIGHT if len(names) <= len(BRIGHT) else MUTED
    looks = {}
    for place, name in enumerate(names):
        lap = place // len(palette)
        looks[name] = Look(palette[place % len(palette)], HATCHES[(place + 4 * lap) % len(HATCHES)])
    return looks


def blend(color: str, share: float, onto: str = "#FFFFFF") -> str:
    """Return `share` of a colour laid on another, as an opaque colour."""
    pairs = zip(to_rgb(color), to_rgb(onto), strict=True)
    red, green, blue = (share * over + (1 - share) * under for over, under in pairs)
    return to_hex((red, green, blue))


def plain(value: object) -> str:
    """Return a name as one line that can be drawn: without control signs and marks that turn the text round.

    Examples
    --------
    >>> plain("Hēmi\\nT.")
    'Hēmi T.'
    """
    return _plain(str(value))


def isolated(name: str) -> str:
    """Return a name to stand in a sentence: one written from right to left turns nothing round it.

    Examples
    --------
    >>> isolated("Aroha"), isolated("أمل") == "\\u2068أمل\\u2069"
    ('Aroha', True)
    """
    turned = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name)
    return f"\u2068{name}\u2069" if turned else name


def percent(share: float) -> str:
    """Return a share as whole percent; what is neither none nor all is never told as 0 or 100.

    Examples
    --------
    >>> percent(0.754), percent(0.999), percent(1.0)
    ('75 %', '99 %', '100 %')
    """
    whole = round(100 * share)
    return f"{min(max(whole, 1), 99) if 0 < share < 1 else whole} %"


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


def measure_once(renderer: Any) -> None:
    """Let a renderer of SVG, which measures outlines, take sizes that are known from another picture."""
    measuring = getattr(renderer.get_text_width_height_descent, "__self__", None)
    if type(measuring).__name__ == "RendererSVG":
        renderer.get_text_width_height_descent = _outlines


def write(ax: Axes, x: float, y: float, text: str, **options: Any) -> Text:
    """Write into an Axes, never as mathematics; places are shares of the Axes unless `transform` says otherwise."""
    options = {"transform": ax.transAxes, "parse_math": False, "clip_on": False, "size": 8, **options}
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


def one_box(ax: Axes, edges: Iterable[tuple[float, float, float, float]], **options: Any) -> PathPatch:
    """Draw rectangles that nobody picks, given as (left, right, low, high), as one: one element in a page, not many."""
    return _as_one(ax, [[*_corners(*each), (0.0, 0.0)] for each in edges], Path.CLOSEPOLY, {"linewidth": 0, **options})


def one_line(ax: Axes, lines: Iterable[tuple[float, float, float]], **options: Any) -> PathPatch:
    """Draw upright lines that nobody picks, given as (x, low, high), as one."""
    ends = [[(x, low), (x, high)] for x, low, high in lines]
    return _as_one(ax, ends, Path.LINETO, {"fill": False, **options})


def fill(look: Look, pale: bool = False) -> dict[str, Any]:
    """Return the options of a collection or patch filled with a look."""
    ground = look.pale if pale else look.solid
    grain = blend(look.color, 0.6) if pale else look.grain
    return {"facecolor": ground, "edgecolor": grain, "linewidth": 0, "hatch": look.hatch or None}


def looks_of(strands: Mapping[str, str]) -> dict[str, Look]:
    """Return the look of every goal: that of its strand, grey without one, and one colour where nobody has one."""
    by_strand = strand_looks(strands.values())
    bare = Look(NO_STRAND) if by_strand else Look(BRIGHT[0])
    return {goal: by_strand.get(strand, bare) for goal, strand in strands.items()}


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
def _plain(text: str) -> str:
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    unfit = ("Cc", "Cs", "Zl", "Zp")
    kept = (" " if unicodedata.category(sign) in unfit else sign for sign in text if sign not in turning)
    return " ".join("".join(kept).split())


@lru_cache(8192)
def _outlines(text: str, font: FontProperties, is_math: bool) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, is_math)


@lru_cache(64)
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")
