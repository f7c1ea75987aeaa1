"""Who is in the class from when to when: a lane says *joined* and *left*, and today counts who is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .drawing import boxes, one_line, text_size, write
from .picture import Description, LegendEntry, PicturePage
from .style import SOFT
from .timeline import Timeline
from .words import Words, checked_frame, number_of, short_day

_COLUMNS = ["learner_id", "joined", "left"]

_LOOK: dict[str, Any] = {"facecolor": "#EEEEEE", "edgecolor": "#EEEEEE"}

_NOT_HERE = LegendEntry("not in the class", fill=_LOOK)

_SIZE = 7.5


@dataclass(frozen=True)
class Stay:
    """From when to when a learner is in the class, in places of the timeline; the days where somebody noted them."""

    start: float = 0.0
    stop: float = np.inf
    joined: pd.Timestamp | None = None
    left: pd.Timestamp | None = None
    here: bool = True

    def edges(self, now: float) -> list[tuple[float, float, str, pd.Timestamp]]:
        """Return the parts of a lane before the learner was there, and after: from, to, the word and the day."""
        found = []
        if self.joined is not None and self.start > 0:
            found.append((0.0, min(self.start, now), "joined" if self.start < now else "joins", self.joined))
        if self.left is not None and self.stop < now:
            found.append((max(self.stop, 0.0), now, "left", self.left))
        return found


Stays = Mapping[str, Stay]

ALWAYS = Stay()
"""Of whom nobody noted when they joined or left."""


def stays_of(learners: pd.DataFrame | None, timeline: Timeline) -> dict[str, Stay]:
    """Return the stay of each learner who joined or left; nobody is gone on the day that they leave."""
    if learners is None:
        return {}
    table = checked_frame("learners", learners, _COLUMNS, ["joined", "left"])
    table = table[table["joined"].notna() | table["left"].notna()]
    columns = (table[name] for name in _COLUMNS)
    return {str(learner): _stay(joined, left, timeline) for learner, joined, left in zip(*columns, strict=True)}


def _stay(joined: Any, left: Any, timeline: Timeline) -> Stay:
    today = pd.Timestamp(timeline.today)
    came, went = (None if pd.isna(day) else pd.Timestamp(day).normalize() for day in (joined, left))
    start = 0.0 if came is None else _place(timeline, came, "left")
    stop = np.inf if went is None else _place(timeline, went, "right")
    return Stay(start, stop, came, went, (came is None or came <= today) and (went is None or went >= today))


def _place(timeline: Timeline, day: pd.Timestamp, side: Any) -> float:
    return float(np.searchsorted(timeline.dates, np.datetime64(day, "D"), side=side))


def not_here(learners: Collection[str], stays: Stays, timeline: Timeline) -> str:
    """Return how many of these learners have left or not joined, in words; empty where all are there."""
    gone = [stays[key] for key in learners if key in stays and not stays[key].here]
    left = sum(stay.left is not None and stay.left < pd.Timestamp(timeline.today) for stay in gone)
    parts = []
    if left:
        parts.append(f"{left} {'has' if left == 1 else 'have'} left")
    if later := len(gone) - left:
        parts.append(f"{later} {'has' if later == 1 else 'have'} not joined yet")
    return ", ".join(parts)


def stay_sentences(stay: Stay, timeline: Timeline) -> list[str]:
    """Return when a learner joined and left, as far as that is within what is shown."""
    return [f"{word.capitalize()} {short_day(day)}" for _, _, word, day in stay.edges(timeline.now)]


def learners_here(learners: Collection[str], stays: Stays, timeline: Timeline) -> str:
    """Return how many learners there are today, and how many of those shown are not there."""
    here = sum(stays.get(key, ALWAYS).here for key in learners)
    gone = not_here(learners, stays, timeline)
    return f"{number_of(here, 'learner')} ({gone})" if gone else number_of(here, "learner")


def draw_stays(
    page: PicturePage,
    stays: Stays,
    lanes: Mapping[str, tuple[float, float]],
    timeline: Timeline,
    description: Description,
    words: Words,
    named: bool = True,
) -> None:
    """Draw the parts of these lanes in which their learners are not in the class, and where one begins or ends."""
    found = [(key, *edge) for key in lanes if key in stays for edge in stays[key].edges(timeline.now)]
    if not found:
        return
    edges = [(start, stop, *lanes[key]) for key, start, stop, _, _ in found]
    urls = [
        description.mark(f"{words.learner_in_sentence(key)}: {word} {short_day(day)}", what=word, learner=key)
        for key, _, _, word, day in found
    ]
    boxes(page.ax, edges, zorder=1.5, label="not here", **_LOOK).set_urls(urls)
    borders = [(start if word == "left" else stop, *lanes[key]) for key, start, stop, word, _ in found]
    one_line(page.ax, borders, edgecolor=SOFT, linewidth=1.2, zorder=4, label="joined or left")
    if named:
        for key, start, stop, word, _ in found:
            _write(page, timeline, (start, stop), sum(lanes[key]) / 2, word)


def _write(page: PicturePage, timeline: Timeline, edge: tuple[float, float], y: float, word: str) -> None:
    """Write the word at the border, within the part of the lane in which nobody is there as far as there is room."""
    scale = page.inner_width / timeline.length
    wide, (start, stop) = (text_size(word, _SIZE)[0] + 0.08) / scale, edge
    x = max(min(start, timeline.now - wide), 0.0) if word == "left" else max(stop - wide, 0.0)
    ground = {"bbox": {"facecolor": _LOOK["facecolor"], "linewidth": 0, "pad": 0.5}, "zorder": 4.5}
    there = {"transform": page.ax.transData, "va": "center", "size": _SIZE, "color": SOFT, "label": "joined or left"}
    write(page.ax, x + 0.04 / scale, y, word, **there, **ground)


def stay_legend(stays: Stays, learners: Collection[str], timeline: Timeline) -> list[LegendEntry]:
    """Return the legend of the parts in which nobody is there; none where there are none."""
    return [_NOT_HERE] if any(stays[key].edges(timeline.now) for key in learners if key in stays) else []
