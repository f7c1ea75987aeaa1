"""Where a teacher noted something: a mark on the learner's lane, which tells the day and nothing of the words."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .picture import Description, LegendEntry
from .style import INK
from .timeline import Timeline
from .words import Words, checked_frame, number_of, short_day

_LOOK: dict[str, Any] = {"marker": "D", "s": 19, "facecolor": "#FFE08A", "edgecolor": INK, "linewidth": 0.8}

_NOTE = LegendEntry("your note", marker=_LOOK)


class Noted(NamedTuple):
    """The notes on a learner of one day, and where that day is on the timeline."""

    learner: str
    x: float
    day: pd.Timestamp
    notes: int


def notes_of(notes: pd.DataFrame | None, learners: Collection[str], timeline: Timeline) -> list[Noted]:
    """Return the notes on these learners up to today."""
    if notes is None or notes.empty:
        return []
    table = checked_frame("notes", notes, ["learner_id", "day", "notes"], ["day"])
    table = table[(table["day"] < timeline.end_of_today) & table["learner_id"].astype(str).isin(list(learners))]
    place = np.searchsorted(timeline.dates, table["day"].to_numpy(dtype="datetime64[D]")) + 0.5
    x = place.clip(0.5, max(timeline.now - 0.5, 0.5)).tolist()
    return list(map(Noted, table["learner_id"].astype(str), x, table["day"], table["notes"].astype(int)))


def draw_notes(
    ax: Axes, noted: Collection[Noted], heights: Mapping[str, float], description: Description, words: Words
) -> None:
    """Draw a mark for each day with notes, at the height of its learner."""
    if not noted:
        return
    urls = []
    for learner, _, day, number in noted:
        text = f"{words.learner_in_sentence(learner)}: {number_of(number, 'note')} of yours, {short_day(day)}"
        urls.append(description.mark(text, what="note", learner=learner))
    x, y = [each.x for each in noted], [heights[each.learner] for each in noted]
    ax.scatter(x, y, zorder=5.5, clip_on=False, **_LOOK).set_urls(urls)


def note_legend(noted: Collection[Noted]) -> list[LegendEntry]:
    """Return the legend of the notes; none where there are none."""
    return [_NOTE] if noted else []
