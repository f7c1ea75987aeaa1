"""The ratios as a picture: a row a measure, a mark a size, and a line where both take as long."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from .engines import NAMES

if TYPE_CHECKING:
    from .written import Found

PANELS = {("warm", "polars"): "warm, beside Polars", ("fresh", "polars"): "fresh, beside Polars"}
PANELS |= {("warm", "pandas"): "warm, beside pandas", ("fresh", "pandas"): "fresh, beside pandas"}

MARKS, COLOURS = "osD^", ("#0072b2", "#d55e00", "#009e73", "#56b4e9")
"""One for each size; never told by colour alone."""


def draw(found: "Sequence[Found]", file: Path) -> None:
    """Draw how many times as long reflectlab takes."""
    mpl.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.subplots(2, 2, sharey=True, sharex=True)
    for ax, ((how, other), title) in zip(axes.flat, PANELS.items(), strict=True):
        _panel(ax, found, how, other)
        ax.set_title(title, loc="left", fontsize=11)
    for ax in axes[1]:
        ax.set_xlabel("times the time of the processor")
    sizes = sorted({each.rows for each in found})
    handles = [Line2D([], [], label=f"{rows:,} rows", **_style(number)) for number, rows in enumerate(sizes)]
    figure.legend(handles=handles, loc="outside upper left", ncols=len(sizes), frameon=False, fontsize=10)
    figure.savefig(file, dpi=110, metadata={"Software": None})


def _panel(ax: Any, found: "Sequence[Found]", how: str, other: str) -> None:
    cpu = {(each.rows, each.engine, each.name): each.cpu for each in found if each.how == how}
    for number, rows in enumerate(sorted({each.rows for each in found})):
        here = [name for name in NAMES if {(rows, "ours", name), (rows, other, name)} <= cpu.keys()]
        ratios = [cpu[rows, "ours", name] / cpu[rows, other, name] for name in here]
        places = [NAMES.index(name) + 0.18 * (number - 1) for name in here]
        ax.plot(ratios, places, **_style(number))
    ax.axvline(1, color="#555555", linewidth=1)
    ax.set_xscale("log")
    ax.set_xticks([0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8], ["1/16", "⅛", "¼", "½", "1", "2", "4", "8"])
    ax.minorticks_off()
    ax.set_yticks(range(len(NAMES)), NAMES)
    ax.set_ylim(len(NAMES) - 0.5, -0.5)
    ax.grid(axis="x", color="#dddddd")
    ax.spines[["top", "right"]].set_visible(False)


def _style(number: int) -> dict[str, Any]:
    return {"marker": MARKS[number], "color": COLOURS[number], "linestyle": "none", "markersize": 6}
