"""Gaps in the lanes: the days on which a learner was away."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .drawing import boxes
from .inputs import checked_frame
from .page import LegendEntry
from .picture import Description
from .timeline import Timeline
from .words import Words

_COLUMNS = ["learner_id", "date", "part"]

_HALVES = {"am": (0.0, 0.5), "pm": (0.5, 1.0)}

_LOOK: dict[str, Any] = {"facecolor": "white", "edgecolor": "#999999", "linestyle": (0, (1, 1.5)), "linewidth": 0.7}

_AWAY = LegendEntry("away", fill=_LOOK)


class Gap(NamedTuple):
    """School days in a row, or a half of one, on which a learner was away, in places of the timeline."""

    learner: str
    start: float
    stop: float
    first: pd.Timestamp
    last: pd.Timestamp


def gaps_of(absences: pd.DataFrame | None, timeline: Timeline) -> list[Gap]:
    """Return the gaps up to today; days without school are none."""
    if absences is None:
        return []
    table = checked_frame("absences", absences, _COLUMNS, ["date"])
    known = table[table["date"] < timeline.end_of_today]
    place = np.searchsorted(timeline.dates, known["date"].to_numpy(dtype="datetime64[D]"))
    halves = set()
    for learner, day, at, part in zip(known["learner_id"], known["date"], place, known["part"], strict=True):
        if at < timeline.length and timeline.dates[at] == np.datetime64(day, "D"):
            start, stop = _HALVES.get(part, (0.0, 1.0))
            halves |= {(str(learner), float(at + half), day) for half in np.arange(start, stop, 0.5)}
    return _joined(sorted(halves))


def _joined(halves: Sequence[tuple[str, float, pd.Timestamp]]) -> list[Gap]:
    """Join half days that follow one another."""
    found = []
    for _, group in groupby(enumerate(halves), lambda each: (each[1][0], each[1][1] - each[0] / 2)):
        each = [half for _, half in group]
        found.append(Gap(each[0][0], each[0][1], each[-1][1] + 0.5, each[0][2], each[-1][2]))
    return found


def draw_gaps(
    ax: Axes,
    gaps: Collection[Gap],
    lanes: Mapping[str, tuple[float, float]],
    description: Description,
    words: Words,
) -> None:
    """Draw the gaps of these lanes, each from its low to its high, over their blocks and below the marks."""
    here = [gap for gap in gaps if gap.learner in lanes]
    if not here:
        return
    made = boxes(ax, [(gap.start, gap.stop, *lanes[gap.learner]) for gap in here], zorder=3.5, label="away", **_LOOK)
    made.set_urls([description.mark(_text(gap, words), what="away", learner=gap.learner) for gap in here])


def _text(gap: Gap, words: Words) -> str:
    """Return what is to be read on hovering over a gap."""
    days = f"{gap.first:%Y-%m-%d}" + (f" to {gap.last:%Y-%m-%d}" if gap.last != gap.first else "")
    half = ", half a day" if gap.stop - gap.start == 0.5 else ""
    return f"{words.learner_in_sentence(gap.learner)}: away, {days}{half}"


def gap_legend(gaps: Collection[Gap]) -> list[LegendEntry]:
    """Return the legend of gaps; none where there are none."""
    return [_AWAY] if gaps else []
