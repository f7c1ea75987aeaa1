"""One learner's pathway: the goals in the order taken up, how long each took, and with whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from ..language import gettext
from .parts.drawing import boxes, cut, drawing, lines_height, text_size, wrap, write
from .parts.dues import Due, draw_dues, due_legend, dues_of
from .parts.lanes import (
    Blocks,
    Run,
    draw_marks,
    kind_legend,
    lane_inputs,
    lane_runs,
    own_goals_met,
    run_state,
    space_out,
    status_legend,
    taking_part,
)
from .parts.picture import (
    PAD,
    SMALL,
    Margins,
    PicturePage,
    description_of,
    label_column,
    label_size,
    new_page,
    nothing,
    room_width,
)
from .parts.style import SOFT
from .parts.timeline import (
    ALWAYS,
    Gap,
    Noted,
    Stays,
    Timeline,
    draw_gaps,
    draw_notes,
    draw_stays,
    draw_today,
    draw_weeks,
    gap_legend,
    gaps_of,
    note_legend,
    notes_of,
    stay_legend,
    stay_sentences,
    stays_of,
    weeks_height,
)
from .parts.words import (
    Words,
    cannot_tell_sentences,
    kinds_in_words,
    number_of,
    own_choice,
    own_goals_in_words,
    participants,
    records,
)

_WIDTH, _WEEK, _RIGHT = 11.0, 0.25, 1.2

BLOCK, LINE, NAME = 0.17, 0.15, 7.5
"""The heights of a block and a line of names, the size of names."""

Named = tuple[float, float, int, str, list[str]]

State = tuple[float, int, str]


def plot_pathway(
    stretches: pd.DataFrame,
    episodes: pd.DataFrame,
    *,
    learner: str,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    strands: Mapping[str, str] | pd.Series | None = None,
    today: date | str | None = None,
    start: date | str | None = None,
    calendar: pd.DataFrame | None = None,
    absences: pd.DataFrame | None = None,
    learners: pd.DataFrame | None = None,
    notes: pd.DataFrame | None = None,
    due: pd.DataFrame | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one learner's term: the goals in the order taken up, the school days each took, and with whom.

    Support given after a goal was met stands on its dotted line.

    Parameters
    ----------
    stretches : pandas.DataFrame
        As `reflectlab.stretches` gives them; other learners in it are left out.
    episodes : pandas.DataFrame
        As `reflectlab.episodes` gives them, with the rows of the others, who are named above the marks.
    learner : str
        The `learner_id`.
    names : mapping or pandas.Series, optional
        What each learner is called.
    titles : mapping or pandas.Series, optional
        What each goal is called.
    strands : mapping or pandas.Series, optional
        The strand of each goal, which gives its colour.
    today : date or str, optional
        The day as of which the term is shown; the last day in the frames by default.
    start : date or str, optional
        The first day that is shown; the first of the calendar by default. What was over before it is left out.
    calendar : pandas.DataFrame, optional
        The school days, as `log.calendar.days` has them: `date, term_id, week` are read. Every weekday is one
        without it.
    absences : pandas.DataFrame, optional
        Who was away when, as `log.absences` has it: `learner_id, date, part`. Such days are gaps.
    learners : pandas.DataFrame, optional
        Who joined and left when, as `log.learners` has it: `learner_id, joined, left`.
    notes : pandas.DataFrame, optional
        Of which days there are notes in your journal: `learner_id, day, notes` (how many). They are marks.
    due : pandas.DataFrame, optional
        By when goals are to be met, as `reflectlab.due_days` gives it for the same day. The days are flags.
    title : str, optional
        The learner's name by default.
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the pathway.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If nobody of this id is in the frames or in `names`.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_pathway
    >>> day = pd.Timestamp("2026-07-20 10:00")
    >>> stretches = pd.DataFrame({
    ...     "learner_id": ["a"], "goal_id": ["hook"], "status": ["working"], "start": [day], "stop": [pd.NaT],
    ...     "start_day": [1]})
    >>> episodes = pd.DataFrame(columns=["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"])
    >>> alt_text(plot_pathway(stretches, episodes, learner="a", names={"a": "Aroha"}))
    'Aroha. 0 of 1 own goal met. No collaboration noted yet.'
    """
    path = _pathway(
        stretches,
        episodes,
        (absences, learners, notes, due),
        str(learner),
        (names, titles, strands),
        (calendar, today, start),
    )
    shown = title or path.words.learner(path.learner)
    with drawing():
        if not path.found and path.taking.empty:
            return nothing(ax, shown, gettext("no goal has been set for this learner."))
        return _draw(path, shown, ax)


@dataclass(frozen=True)
class Pathway:
    """What the picture shows of one learner."""

    timeline: Timeline
    words: Words
    learner: str
    found: list[Run]
    taking: pd.DataFrame
    together: Mapping[str, list[str]]
    gaps: list[Gap]
    stays: Stays
    noted: list[Noted]
    dues: list[Due]
    cannot_tell: list[str]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The participations, one by one."""
        return records(self.taking)


def _pathway(
    stretches: pd.DataFrame,
    episodes: pd.DataFrame,
    beside: tuple[pd.DataFrame | None, ...],
    learner: str,
    called: tuple[Any, Any, Any],
    time: tuple[Any, Any, Any],
) -> Pathway:
    stretches, episodes, timeline, words = lane_inputs(stretches, episodes, called, time)
    cannot_tell = cannot_tell_sentences(stretches)
    own = stretches[stretches["learner_id"].astype(str) == learner]
    mine = episodes[episodes["learner_id"].astype(str) == learner]
    if own.empty and mine.empty and learner not in words.names:
        known = sorted(set(stretches["learner_id"].astype(str)) | set(words.names))
        raise ArgumentError(
            f"must be a learner of the frames or `names`; got {learner!r}. They are: {', '.join(known)}.", "learner"
        )
    taking = taking_part(mine.sort_values("time", kind="stable"), timeline)
    gaps = [gap for gap in gaps_of(beside[0], timeline) if gap.learner == learner]
    stays = {key: stay for key, stay in stays_of(beside[1], timeline).items() if key == learner}
    found = lane_runs(own, timeline, stays)
    noted = notes_of(beside[2], [learner], timeline)
    dues = [] if beside[3] is None else dues_of(beside[3], [learner], timeline)
    together = participants(episodes)
    return Pathway(timeline, words, learner, found, taking, together, gaps, stays, noted, dues, cannot_tell)


def _draw(path: Pathway, title: str, ax: Axes | None) -> Axes:
    width = room_width(ax, max(_WIDTH, 4.8 + _WEEK * len(path.timeline.weeks)))
    lanes, left, right = _lanes(path, width)
    tall = sum(lane.above + lane.below for lane in lanes)
    out = stay_legend(path.stays, [path.learner], path.timeline)
    legend = [
        [
            *status_legend(path.found),
            *(due_legend(path.dues) if path.dues else []),
            *gap_legend(path.gaps),
            *out,
        ],
        [*kind_legend(set(path.taking["kind"])), *note_legend(path.noted)],
    ]
    margins = Margins(left, right, 0.25, weeks_height(path.timeline) + 0.25)
    page = new_page(ax, title, _sentence(path), legend, (width, tall), margins)
    page.ax.set_ylim(tall, 0)
    draw_weeks(page, path.timeline, 0, tall)
    whole = {path.learner: (0.0, tall)}
    draw_stays(page, path.stays, whole, path.timeline, description_of(page.ax), path.words, named=False)
    _draw_lanes(page, path, lanes)
    draw_today(page, path.timeline)
    draw_notes(page.ax, path.noted, {path.learner: tall}, description_of(page.ax), path.words)
    return page.ax


@dataclass
class Lane:
    """One goal of the pathway: its runs, who was there, and what is written beside; lengths in inches.

    `goal` is empty for what was worked on together beside one's own goals, `y` the middle of the block. `names` say
    where a mark stands, where the words begin, on which line above the block, the words, and whom they name; `states`
    of each run where its end is written, on which line below (0: beside it), and the words.
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
        levels = max((level + 1 for _, _, level, _, _ in self.names), default=0)
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


def _lanes(path: Pathway, width: float) -> tuple[list[Lane], float, float]:
    """Return the lanes of a picture so wide, with the margins left and right of them."""
    by_goal, widest = _by_goal(path), min(2.6, 0.3 * width)
    titles = [path.words.goal(goal) if goal else gettext("beside own goals") for goal, _ in by_goal]
    labels, column, _ = label_column(titles, widest)
    strands = ["\n".join(wrap(path.words.strand(goal), widest, NAME, lines=2)) for goal, _ in by_goal]
    left = max([column, *(text_size(row, NAME)[0] for strand in strands for row in strand.split("\n"))]) + 0.28
    right = _right_margin(path, width - left)
    room = LaneWidth(width - left - right, right - PAD)
    return [_lane_of(path, *each, room) for each in zip(by_goal, labels, strands, strict=True)], left, right


def _by_goal(path: Pathway) -> list[tuple[str, list[Run]]]:
    """Return the goals in the order taken up, those nobody has started last, each with its runs."""
    ordered = sorted(path.found, key=lambda run: (not run.started, run.begin))
    goals = dict.fromkeys(run.goal for run in ordered)
    beside: list[tuple[str, list[Run]]] = [("", [])] if not path.taking["goal_id"].isin(list(goals)).all() else []
    return [*((goal, [run for run in ordered if run.goal == goal]) for goal in goals), *beside]


def _right_margin(path: Pathway, width: float) -> float:
    """Return the margin for words that stand right of today: less, the more of the term is left for them."""
    left_over = min(1 - path.timeline.now / path.timeline.length, 0.9)
    return min(max((_RIGHT - left_over * width) / (1 - left_over), 2 * PAD), _RIGHT)


class LaneWidth(NamedTuple):
    """How wide the weeks are, and how far words may stand out to their right, in inches."""

    inner: float
    beyond: float

    @property
    def reach(self) -> float:
        """Where words have to end."""
        return self.inner + self.beyond


def _lane_of(path: Pathway, goal_runs: tuple[str, list[Run]], label: str, strand: str, room: LaneWidth) -> Lane:
    """Return the lane of a goal."""
    goal, found = goal_runs
    own = {run.goal for run in path.found}
    rows = [row for row in path.rows if (row["goal_id"] == goal if goal else row["goal_id"] not in own)]
    scale = room.inner / path.timeline.length
    ends = (0.06 / scale, path.timeline.now - 0.06 / scale)
    places = space_out([row["x"] for row in rows], 0.13 / scale, 0.2 / scale, *ends)
    taking = [{**row, "x": x} for row, x in zip(rows, places, strict=True)]
    marks = [x * scale for x in (*(row["x"] for row in taking), *(due.x for due in path.dues if due.goal == goal))]
    states = [_state(run, found, marks, path.timeline.now * scale, scale, room.reach) for run in found]
    return Lane(
        goal, found, taking, label, strand, _named_others(path, taking, room, scale), _apart_below(states, scale)
    )


def _state(run: Run, found: list[Run], marks: list[float], now: float, scale: float, reach: float) -> State:
    """Return where to write how a run ended: to its right where there is room, else below its end."""
    text = run_state(run)
    start = (now if run.open else run.end * scale) + 0.07
    stop = start + text_size(text, SMALL)[0] + 0.03
    later = [other.begin * scale for other in found if other.begin > run.begin]
    met_today = not run.open and start < now < stop
    crossed = met_today or stop > reach or any(start - 0.1 < mark < stop + 0.1 for mark in [*marks, *later])
    return (max(run.end, text_size(text, SMALL)[0] / scale) if crossed else start / scale), int(crossed), text


def _named_others(path: Pathway, taking: list[dict[str, Any]], room: LaneWidth, scale: float) -> list[Named]:
    """Return where the names of the others stand: from their mark to the right, the earlier the higher.

    So no line that leads from a mark to its names crosses the names of another.
    """
    placed: list[Named] = []
    for row in reversed(taking):
        others = [other for other in path.together[str(row["episode_id"])] if other != path.learner]
        text = _listed([_short(path, other) for other in others[:2]])
        text += f" +{len(others) - 2}" if len(others) > 2 else ""
        width = text_size(text, NAME)[0] + 0.06
        start = min(row["x"] * scale - 0.05, room.reach - width)
        level = 1 + max((above for _, begin, above, _, _ in placed if begin * scale < start + width), default=-1)
        if text:
            placed.append((row["x"], start / scale, level, text, others[:2]))
    return placed


def _apart_below(states: list[State], scale: float) -> list[State]:
    """Write what stands below, and would meet what does already, a line further down."""
    placed: list[State] = []
    for end, below, text in states:
        start = end * scale - text_size(text, SMALL)[0] - 0.08
        taken = {line for other, line, _ in placed if line and other * scale > start}
        line = next(line for line in range(1, len(states) + 1) if line not in taken) if below else 0
        placed.append((end, line, text))
    return placed


def _sentence(path: Pathway) -> str:
    met, kept = own_goals_met(path.found)
    stay = stay_sentences(path.stays.get(path.learner, ALWAYS), path.timeline)
    dropped = gettext("Every own goal dropped" if path.found else "No own goal noted yet")
    said = [own_goals_in_words(met, kept) if kept else dropped]
    if path.cannot_tell:
        said = [gettext("{goals} met", goals=number_of(met, "goal")), " ".join(path.cannot_tell)[:-1]]
    said = [*stay, *said]
    times = path.taking["episode_id"].nunique()
    if not times:
        return ". ".join([*said, gettext("No collaboration noted yet")]) + "."
    parts = kinds_in_words(path.taking["kind"].value_counts().to_dict())
    said.append(gettext("Worked with others {times}: {kinds}", times=number_of(times, "time"), kinds=parts))
    chosen = own_choice(path.taking["chosen_by"])
    return ". ".join([*said, gettext("Chose it {chosen}", chosen=chosen)] if chosen else said) + "."


def _draw_lanes(page: PicturePage, path: Pathway, lanes: list[Lane]) -> None:
    description = description_of(page.ax)
    blocks = Blocks(path.words, description)
    reach = 0.0
    for lane in lanes:
        lane.y, reach = reach + lane.above, reach + lane.above + lane.below
        for run in lane.runs:
            blocks.add(run, lane.y - BLOCK / 2, lane.y + BLOCK / 2, run.waiting)
        _draw_dots(page, path, lane)
        _write_lane(page, path, lane)
    blocks.draw(page.ax)
    for lane in lanes:
        edges = {path.learner: (lane.y - BLOCK / 2, lane.y + BLOCK / 2)}
        draw_gaps(page.ax, path.gaps, edges, description, path.words)
    _draw_leaders(page, lanes)
    _mark_names(page, path, lanes)
    rows = [{**row, "y": lane.y} for lane in lanes for row in lane.taking]
    draw_marks(page.ax, rows, description, path.words, path.together)
    tops = {lane.goal: lane.y - BLOCK / 2 for lane in lanes}
    if dues := [due for due in path.dues if due.goal in tops]:
        draw_dues(page.ax, dues, lambda due: tops[due.goal], description, path.words)


def _draw_dots(page: PicturePage, path: Pathway, lane: Lane) -> None:
    """Draw the dotted line that support given after the goal was met stands on."""
    end = max((run.end for run in lane.runs), default=0.0)
    if not lane.runs or not lane.runs[-1].met or all(row["x"] <= end for row in lane.taking):
        return
    x, below, text = lane.states[-1]
    start = end if below else x + (text_size(text, SMALL)[0] + 0.06) * path.timeline.length / page.inner_width
    color = path.words.look(lane.goal).deep
    page.ax.hlines([lane.y], start, path.timeline.now, colors=color, linestyles=":", linewidths=1.0, zorder=1)


def _write_lane(page: PicturePage, path: Pathway, lane: Lane) -> None:
    page.label_rows([lane.label], first=lane.y, label="goal")
    if lane.strand:
        aside = {"transform": page.ax.get_yaxis_transform(), "ha": "right", "va": "top", "linespacing": 1.05}
        color, y = path.words.look(lane.goal).deep, lane.y + lane.label_height / 2
        write(page.ax, -0.1 / page.inner_width, y, lane.strand, size=NAME, color=color, **aside)
    there = {"transform": page.ax.transData}
    width = page.inner_width / path.timeline.length
    for _, place, level, text, _ in lane.names:
        y = lane.y - BLOCK / 2 - 0.03 - level * LINE
        over_today = place < path.timeline.now < place + text_size(text, NAME)[0] / width
        ground = {"bbox": {"facecolor": "white", "linewidth": 0, "pad": 0.8}, "zorder": 7} if over_today else {}
        write(page.ax, place, y, text, size=NAME, va="bottom", **ground, **there)
    for place, below, text in lane.states:
        y = lane.y + (BLOCK / 2 + 0.02 + (below - 1) * LINE if below else 0)
        turned = {"ha": "right", "va": "top"} if below else {"ha": "left", "va": "center"}
        write(page.ax, place, y, text, color=SOFT, **turned, **there)


def _mark_names(page: PicturePage, path: Pathway, lanes: list[Lane]) -> None:
    """Lay a mark that cannot be seen over each name of another, so that a click on it shows that learner."""
    description, scale = description_of(page.ax), page.inner_width / path.timeline.length
    edges, urls = [], []
    for lane in lanes:
        for other, start, stop, low in _places_of_names(path, lane, scale):
            if other in path.words.names:
                edges.append((start, stop, low - LINE, low))
                text = gettext("{name}: show this pathway", name=path.words.learner_in_sentence(other))
                urls.append(description.mark(text, what="learner", learner=other, goal=lane.goal or None))
    if edges:
        boxes(page.ax, edges, facecolor="white", alpha=0, zorder=1, clip_on=False).set_urls(urls)


def _places_of_names(path: Pathway, lane: Lane, scale: float) -> Iterator[tuple[str, float, float, float]]:
    """Yield whoever is named above a lane, from where to where the name stands, and its foot."""
    for _, place, level, _, others in lane.names:
        start, low = place, lane.y - BLOCK / 2 - 0.02 - level * LINE
        for other in others:
            stop = start + text_size(f"{_short(path, other)}, ", NAME)[0] / scale
            yield other, start, stop, low
            start = stop


def _listed(names: list[str]) -> str:
    """Return names one after another; two that are the same are counted."""
    return f"2 × {names[0]}" if len(names) == 2 and names[0] == names[1] else ", ".join(names)


def _short(path: Pathway, learner: str) -> str:
    return cut(path.words.learner(learner), 1.2, NAME)


def _draw_leaders(page: PicturePage, lanes: list[Lane]) -> None:
    """Lead from marks to names that stand on a higher line."""
    named = [(lane, mark, level) for lane in lanes for mark, _, level, _, _ in lane.names if level]
    leads = [(mark, lane.y - 0.04 - level * LINE - BLOCK / 2, lane.y) for lane, mark, level in named]
    if leads:
        x, high, low = zip(*leads, strict=True)
        page.ax.vlines(x, high, low, colors="#AAAAAA", linewidths=0.6, zorder=1)
