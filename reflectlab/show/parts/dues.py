"""Due days on a lane: a flag at the end of the day, filled where it is over and the goal is still open."""

from collections.abc import Callable, Collection
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from ...language import gettext, translatable
from .picture import Description, LegendEntry
from .style import INK
from .timeline import Timeline
from .words import Words, checked_frame, short_day

_FLAG = Path([(-0.55, -1), (-0.55, 1), (0.65, 0.5), (-0.55, 0)], closed=False)
"""A pole with a pennant."""

_LOOKS: dict[str, dict[str, Any]] = {
    "due": {"facecolor": "white", "edgecolor": INK},
    "due, met": {"facecolor": "#CCCCCC", "edgecolor": "#888888"},
    "due, still open": {"facecolor": INK, "edgecolor": INK},
}

_WORDS = translatable(["due", "due, met", "due, still open"])

_OUTCOMES = {
    "open": ("due", translatable("{goal}, due {day}")),
    "in_time": ("due, met", translatable("{goal}, due {day}, met by then")),
    "late": ("due, met", translatable("{goal}, due {day}, met later")),
    "past": ("due, still open", translatable("{goal}, due {day}, still open")),
}
"""What the legend says of each outcome, and what is read on hovering."""


class Due(NamedTuple):
    """A goal that is due for a learner: where its day ends on the timeline, the word for its flag, what came of it."""

    learner: str
    x: float
    word: str
    goal: str
    day: pd.Timestamp
    then: str


def dues_of(due: pd.DataFrame, learners: Collection[str], timeline: Timeline) -> list[Due]:
    """Return the due days of these learners within what is shown: of what is met those to come say nothing any more."""
    table = checked_frame("due", due, ["learner_id", "goal_id", "due", "outcome"], ["due"])
    days = table["due"].to_numpy(dtype="datetime64[D]")
    ahead = (days > np.datetime64(timeline.today, "D")) & (table["outcome"] != "open").to_numpy()
    shown = (days >= timeline.dates[0]) & (days <= timeline.dates[-1]) & ~ahead
    here = table["learner_id"].astype(str).isin(list(learners)) & table["outcome"].isin([*_OUTCOMES])
    table = table[shown & here.to_numpy()]
    x = np.searchsorted(timeline.dates, table["due"].to_numpy(dtype="datetime64[D]"), side="right").astype(float)
    words, then = ([_OUTCOMES[outcome][n] for outcome in table["outcome"]] for n in (0, 1))
    columns = (table["learner_id"].astype(str), x.tolist(), words, table["goal_id"].astype(str), table["due"], then)
    return sorted(map(Due, *columns))


def draw_dues(
    ax: Axes,
    dues: Collection[Due],
    height: Callable[[Due], float],
    description: Description,
    words: Words,
    size: float = 1.0,
) -> None:
    """Draw a flag at each due day, one for all goals of a learner that stand there alike."""
    for word, look in _LOOKS.items():
        found = [each for each in dues if each.word == word]
        alike = [list(group) for _, group in groupby(found, lambda each: (each.learner, each.x, height(each)))]
        if alike:
            x, y = [group[0].x for group in alike], [height(group[0]) for group in alike]
            made = ax.scatter(
                x, y, zorder=5.2, clip_on=False, label="due", **{**_mark(look), "s": _mark(look)["s"] * size**2}
            )
            made.set_urls([_url(group, description, words) for group in alike])


def _mark(look: dict[str, Any]) -> dict[str, Any]:
    return {"marker": _FLAG, "s": 62, "linewidth": 0.9, **look}


def _url(group: list[Due], description: Description, words: Words) -> str:
    first = group[0]
    goals = "; ".join(gettext(each.then, goal=words.goal(each.goal), day=short_day(each.day)) for each in group)
    text = f"{words.learner_in_sentence(first.learner)}: {goals}"
    return description.mark(text, what="due", learner=first.learner, goal=first.goal)


def due_legend(dues: Collection[Due]) -> list[LegendEntry]:
    """Return the legend of the due days that there are."""
    there = {each.word for each in dues}
    return [LegendEntry(gettext(word), marker=_mark(look)) for word, look in _LOOKS.items() if word in there]
