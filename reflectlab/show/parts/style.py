"""How the pictures look: colours, hatches and markers.

Colours are Paul Tol's bright and muted palettes, which colour-blind readers can tell apart; every colour comes
with a hatch, so that nothing is told by colour alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.colors import to_hex, to_rgb


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


LOOKS = {
    "shared_goal": Look("#44AA99"),
    "gave_support": Look("#332288", "////"),
    "sought_support": Look("#DDCC77", "\\\\\\\\"),
    "other": Look("#BBBBBB", "---"),
}

GREYS: Mapping[str, dict[str, Any]] = {
    "shared_goal": {"facecolor": "#DDDDDD", "edgecolor": "#DDDDDD"},
    "gave_support": {"facecolor": "#444444", "edgecolor": "#444444"},
    "sought_support": {"facecolor": "#999999", "edgecolor": "#FFFFFF", "hatch": "////"},
    "other": {"facecolor": "#FFFFFF", "edgecolor": "#888888", "hatch": "---"},
}

INK, SOFT, HAIR, TODAY = "#222222", "#666666", "#DDDDDD", "#CC3311"

MARKERS: Mapping[str, dict[str, Any]] = {
    "shared_goal": {"marker": "o", "s": 27, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
    "gave_support": {"marker": "^", "s": 36, "facecolor": INK, "edgecolor": "white", "linewidth": 0.6},
    "sought_support": {"marker": "v", "s": 32, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
    "other": {"marker": "o", "s": 11, "facecolor": INK, "edgecolor": "white", "linewidth": 0.6},
}

BRIGHT = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377")

MUTED = ("#CC6677", "#332288", "#DDCC77", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499")

HATCHES = ("", "---", "|||", "+++", "xxx", "\\\\\\", "-----", "|||||", "+++++")

NO_STRAND = "#BBBBBB"


def strand_looks(strands: Iterable[str]) -> dict[str, Look]:
    """Give every strand a colour and a hatch, in the order in which strands first come; empty ones are left out.

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
