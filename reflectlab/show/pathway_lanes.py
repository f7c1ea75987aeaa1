"""Where everything on a learner's pathway stands: one lane a goal, with the names and words beside its block."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from .blocks import Words, apart, run_state
from .inputs import records
from .runs import Run
from .sheet import PAD, SMALL, cut, label_size, lines_height
from .style import text_size
from .timeline import Timeline

BLOCK, LINE, NAME = 0.17, 0.15, 7.5
"""The heights of a block and a line of names, the size of names."""

_RIGHT = 1.2

Named = tuple[float, float, int, str]
State = tuple[float, int, str]


class Room(NamedTuple):
    """How wide the weeks are, and how far words may stand out to their right, in inches."""

    inner: float
    beyond: float

    @property
    def reach(self) -> float:
        """Where words have to end."""
        return self.inner + self.beyond


@dataclass(frozen=True)
class Pathway:
    """What the picture shows of one learner."""

    line: Timeline
    words: Words
    learner: str
    found: list[Run]
    taking: pd.DataFrame
    together: Mapping[str, list[str]]


@dataclass
class Lane:
    """One goal of the pathway: its runs, who was there, and what is written beside; lengths in inches.

    Attributes
    ----------
    goal : str
        Empty for what was worked on together beside one's own goals.
    names : list of (float, float, int, str)
        Who was there: where the mark stands and the words begin, on which line above the block, the words.
    states : list of (float, int, str)
        How each run ended: where it is written, on which line below the block (0: beside it), and the words.
    y : float
        The middle of the block.
    """

    goal: str
    runs: list[Run]
    taking: list[dict[str, Any]]
    label: str
    strand: str
    names: list[Named]
    states: list[State]
    y: float = 0.0

    @property
    def above(self) -> float:
        """The room above the middle of the block."""
        levels = max((level + 1 for _, _, level, _ in self.names), default=0)
        return max(BLOCK / 2 + 0.02 + levels * LINE, self.label_height / 2) + 0.06

    @property
    def below(self) -> float:
        """The room below the middle of the block."""
        lines = LINE * max((below for _, below, _ in self.states), default=0)
        return max(BLOCK / 2 + lines, self.label_height / 2 + lines_height(self.strand.count("\n") + 1, NAME)) + 0.05

    @property
    def label_height(self) -> float:
        """The height of the goal's title."""
        return lines_height(self.label.count("\n") + 1, label_size(self.label))


def right_margin(path: Pathway, width: float) -> float:
    """Return the margin for words that stand right of today: less, the more of the term is left for them."""
    left_over = min(1 - path.line.now / path.line.length, 0.9)
    return min(max((_RIGHT - left_over * width) / (1 - left_over), 2 * PAD), _RIGHT)


def lane_of(path: Pathway, goal_runs: tuple[str, list[Run]], label: str, strand: str, room: Room) -> Lane:
    """Return the lane of a goal."""
    goal, found = goal_runs
    own = {run.goal for run in path.found}
    here = path.taking["goal_id"] == goal if goal else ~path.taking["goal_id"].isin(list(own))
    rows = records(path.taking[here])
    scale = room.inner / path.line.length
    ends = (0.06 / scale, path.line.now - 0.06 / scale)
    places = apart([row["x"] for row in rows], 0.13 / scale, 0.2 / scale, *ends)
    taking = [{**row, "x": x} for row, x in zip(rows, places, strict=True)]
    marks = [row["x"] * scale for row in taking]
    states = [_state(run, found, marks, path.line.now * scale, scale, room.reach) for run in found]
    return Lane(goal, found, taking, label, strand, _names(path, taking, room, scale), _below(states, scale))


def _names(path: Pathway, taking: list[dict[str, Any]], room: Room, scale: float) -> list[Named]:
    """Return where the names of the others stand: from their mark to the right, the earlier the higher.

    So no line that leads from a mark to its names crosses the names of another.
    """
    placed: list[Named] = []
    for row in reversed(taking):
        others = [other for other in path.together[str(row["episode_id"])] if other != path.learner]
        text = ", ".join(cut(path.words.learner(other), 1.2, NAME) for other in others[:2])
        text += f" +{len(others) - 2}" if len(others) > 2 else ""
        width = text_size(text, NAME)[0] + 0.06
        start = min(row["x"] * scale - 0.05, room.reach - width)
        level = 1 + max((above for _, begin, above, _ in placed if begin * scale < start + width), default=-1)
        if text:
            placed.append((row["x"], start / scale, level, text))
    return placed


def _state(run: Run, found: list[Run], marks: list[float], now: float, scale: float, reach: float) -> State:
    """Return where to write how a run ended: to its right where there is room, else below its end."""
    text = run_state(run)
    start = (now if run.open else run.end * scale) + 0.07
    stop = start + text_size(text, SMALL)[0] + 0.03
    later = [other.begin * scale for other in found if other.begin > run.begin]
    met_today = not run.open and start < now < stop
    crossed = met_today or stop > reach or any(start - 0.1 < mark < stop + 0.1 for mark in [*marks, *later])
    return (max(run.end, text_size(text, SMALL)[0] / scale) if crossed else start / scale), int(crossed), text


def _below(states: list[State], scale: float) -> list[State]:
    """Write what stands below, and would meet what does already, a line further down."""
    placed: list[State] = []
    for end, below, text in states:
        start = end * scale - text_size(text, SMALL)[0] - 0.08
        taken = {line for other, line, _ in placed if line and other * scale > start}
        line = next(line for line in range(1, len(states) + 1) if line not in taken) if below else 0
        placed.append((end, line, text))
    return placed
