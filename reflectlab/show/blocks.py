"""Blocks and marks on a lane: gathered first, then drawn as one collection per style."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes

from .kinds import MARKERS, WORDS
from .picture import Record, called
from .runs import Run
from .style import INK, SOFT, Look, boxes, fill, isolated, one_line

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Words:
    """What learners and goals are called, and the strand and the look of each goal."""

    names: Mapping[str, str]
    titles: Mapping[str, str]
    strands: Mapping[str, str]
    looks: Mapping[str, Look]

    def learner(self, key: str) -> str:
        """Return what a learner is called."""
        return called(self.names, key)

    def told(self, key: str) -> str:
        """Return what a learner is called in a sentence."""
        return isolated(self.learner(key))

    def goal(self, key: str) -> str:
        """Return what a goal is called."""
        return called(self.titles, key)

    def strand(self, key: str) -> str:
        """Return the strand of a goal, an empty text where it has none."""
        strand = self.strands.get(key)
        return called(self.strands, key) if isinstance(strand, str) and strand else ""

    def look(self, key: str) -> Look:
        """Return the look of a goal."""
        return self.looks[key]


@dataclass
class Blocks:
    """The blocks of a picture, by style, each with its url."""

    words: Words
    told: Record
    styles: dict[tuple[str, Look], list[tuple[Box, str]]] = field(default_factory=dict)
    ends: list[tuple[float, float, float]] = field(default_factory=list)
    drops: list[tuple[float, float]] = field(default_factory=list)

    def add(self, run: Run, low: float, high: float, waiting: tuple[float, float] | None = None) -> None:
        """Add a run between two heights, with the part of its wait that is to be seen."""
        look = self.words.look(run.goal)
        text = run_text(run, self.words)
        if waiting:
            url = self._url(run, "waiting", f"{text}; here set, not started")
            self._box("waiting", look, (*waiting, *_slim(low, high)), url)
        style = "waiting" if not run.started else "solid" if run.met else "pale"
        span = (low, high) if run.started else _slim(low, high)
        self._box(style, look, (run.begin, run.end, *span), self._url(run, "goal", text))
        for start, stop in run.stuck:
            stop = min(max(stop, start + 0.15), max(run.end, start + 0.15))
            url = self._url(run, "stuck", f"{text}; stuck here")
            self._box(f"stuck {style}", look, (start, stop, low, high), url)
        if run.met:
            self.ends.append((run.end, low, high))
        elif run.status == "dropped":
            self.drops.append((run.end, (low + high) / 2))

    def draw(self, ax: Axes) -> None:
        """Draw every style as one collection."""
        for (style, look), found in self.styles.items():
            made = boxes(ax, [box for box, _ in found], **_options(style, look))
            made.set_urls([url for _, url in found])
        if self.ends:
            one_line(ax, self.ends, edgecolor=INK, linewidth=2.2, zorder=4, label="met")
        if self.drops:
            x, y = zip(*self.drops, strict=True)
            ax.scatter(x, y, marker="x", s=20, color=SOFT, linewidth=1.2, zorder=4)

    def _box(self, style: str, look: Look, box: Box, url: str) -> None:
        self.styles.setdefault((style, look), []).append((box, url))

    def _url(self, run: Run, what: str, text: str) -> str:
        return self.told.mark(text, what=what, learner=run.learner, goal=run.goal)


def draw_marks(
    ax: Axes,
    taking: Sequence[dict[str, Any]],
    told: Record,
    words: Words,
    together: Mapping[str, list[str]],
    size: float = 1.0,
) -> None:
    """Draw one mark for each participation, at its `x` and `y`.

    Parameters
    ----------
    ax : Axes
    taking : sequence of dict
        Participations with `x, y` and `kind` beside the columns of episodes.
    told : Record
    words : Words
    together : mapping
        Who took part in each episode.
    size : float
        How large the marks are, as a share of their usual size.
    """
    for kind, marker in MARKERS.items():
        found = [row for row in taking if row["kind"] == kind]
        if found:
            x, y = [row["x"] for row in found], [row["y"] for row in found]
            made = ax.scatter(x, y, zorder=5, clip_on=False, **{**marker, "s": marker["s"] * size**2})
            made.set_urls([_mark(row, told, words, together) for row in found])


def apart(places: Sequence[float], least: float, most: float, low: float, high: float) -> list[float]:
    """Return sorted places moved just far enough apart to be told from one another, between `low` and `high`.

    None is moved by more than `most`, or twice as far at the ends, so that a place stays true; where they crowd
    more than that they overlap.

    Examples
    --------
    >>> apart([1.0, 1.0, 3.0], least=0.5, most=1.0, low=0.0, high=5.0)
    [0.75, 1.25, 3.0]
    """
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _start(groups[-1], least) < _start(groups[-2], least) + len(groups[-2]) * least:
            last = groups.pop()
            groups[-1] += last
    moved = [_start(group, least) + least * number for group in groups for number in range(len(group))]
    kept = [min(max(new, old - most), old + most) for new, old in zip(moved, places, strict=True)]
    onwards = _from_end(kept, places, least, 2 * most, low)
    back = _from_end([-new for new in reversed(onwards)], [-old for old in reversed(places)], least, 2 * most, -high)
    return [min(max(-new, low), max(high, low)) for new in reversed(back)]


def run_text(run: Run, words: Words) -> str:
    """Return what is to be read on hovering over a run."""
    strand = words.strand(run.goal)
    named = f"{words.told(run.learner)}: {words.goal(run.goal)}" + (f" ({strand})" if strand else "")
    return f"{named}, {run_state(run)}"


def run_state(run: Run) -> str:
    """Return where a run stands, with the school days it took.

    Where a goal was met again, the days are those since it was reopened.
    """
    again = " again" if run.again else ""
    if run.met:
        return f"met{again} · {count(run.days, 'day')}"
    if run.status == "dropped":
        return "dropped"
    if run.status == "stuck":
        return f"stuck · {count(run.stuck_days, 'day')}"
    return f"open{again} · {count(run.days, 'day')}" if run.started else "not started yet"


def count(number: int, thing: str, things: str = "") -> str:
    """Return a number with its thing, in the singular where it is one.

    Examples
    --------
    >>> count(1, "day"), count(2, "day")
    ('1 day', '2 days')
    """
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def noted(part: int, known: int, whole: int) -> str:
    """Return a part of what was noted, which may be less than the whole.

    Examples
    --------
    >>> noted(2, 3, 3), noted(2, 3, 5)
    ('2 of 3 times', '2 of the 3 times noted')
    """
    return f"{part} of {count(known, 'time')}" if known == whole else f"{part} of the {count(known, 'time')} noted"


def _slim(low: float, high: float) -> tuple[float, float]:
    return 0.75 * low + 0.25 * high, 0.25 * low + 0.75 * high


def _options(style: str, look: Look) -> dict[str, Any]:
    if style.endswith("waiting"):
        return {"facecolor": "white", "edgecolor": look.color, "linewidths": 0.7, "zorder": 2}
    pale = style.endswith("pale")
    if style.startswith("stuck"):
        ground, stripes = (look.pale, look.deep) if pale else (look.solid, "white")
        return {"facecolor": ground, "edgecolor": stripes, "hatch": "//////", "hatch_linewidth": 1.1, "zorder": 3}
    return {**fill(look, pale), "zorder": 2}


def _mark(row: dict[str, Any], told: Record, words: Words, together: Mapping[str, list[str]]) -> str:
    learner, episode = str(row["learner_id"]), str(row["episode_id"])
    goal = row["goal_id"] if isinstance(row["goal_id"], str) else None
    others = [words.told(other) for other in together.get(episode, []) if other != learner]
    text = f"{words.told(learner)}: {WORDS[row['kind']]}"
    text += f" with {', '.join(others)}" if others else ""
    text += f", {words.goal(goal)}" if goal else ""
    text += f", {row['time']:%Y-%m-%d}"
    text += f"; chosen by the {row['chosen_by']}" if isinstance(row["chosen_by"], str) and row["chosen_by"] else ""
    return told.mark(text, what=row["kind"], learner=learner, goal=goal, episode=episode)


def _from_end(moved: Sequence[float], places: Sequence[float], least: float, most: float, end: float) -> list[float]:
    """Push places away from the lower end, as long as each stays near where it was."""
    pushed: list[float] = []
    for new, old in zip(moved, places, strict=True):
        floor = max(end, pushed[-1] + least) if pushed and pushed[-1] < end + least * len(pushed) + 1e-9 else end
        pushed.append(floor if new < floor <= old + most else new)
    return pushed


def _start(group: Sequence[float], least: float) -> float:
    return sum(group) / len(group) - least * (len(group) - 1) / 2
