"""The class board: one lane a learner, a block a goal, a mark for each time of working together."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from . import kinds
from .blocks import Blocks, apart, count, draw_marks
from .board_panels import BARS, GAP, draw_bars, draw_own_goals, lane_size, side_width
from .inputs import records
from .keys import kind_keys, status_keys, strand_keys
from .lanes import Board, gather, sentence
from .picture import record
from .runs import Row, free_waiting
from .sheet import (
    PAD,
    Key,
    Sheet,
    bare,
    head_height,
    key_height,
    label_column,
    label_size,
    new_sheet,
    nothing,
    room_width,
)
from .style import boxes, drawing, write
from .timeline import draw_today, draw_weeks, weeks_height

WIDTH, WEEK, LANE = 11.8, 0.32, 0.215
_HALF, _TALLEST, _MARK, _SHORT = 0.33, 0.2, 0.105, 5.0


def plot_board(
    stretches: pd.DataFrame,
    episodes: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    strands: Mapping[str, str] | pd.Series | None = None,
    order: str | Sequence[str] | None = None,
    today: date | str | None = None,
    calendar: pd.DataFrame | None = None,
    title: str = "Class board",
    ax: Axes | None = None,
) -> Axes:
    """Draw the class: one lane a learner, in the order of the class list.

    A block is a goal while it was open: pale as long as it is open, solid once it is met (with a bar where it
    was met), hatched while the learner was stuck, an outline while it waited to be started. Goals open at the
    same time share the lane in thinner rows. Marks show working together. Learners are never ranked.

    Parameters
    ----------
    stretches : pandas.DataFrame
        As `reflectlab.stretches` gives them.
    episodes : pandas.DataFrame
        As `reflectlab.episodes` gives them.
    names : mapping or pandas.Series, optional
        What each learner is called. Every learner in it has a lane, also one without a goal yet.
    titles : mapping or pandas.Series, optional
        What each goal is called.
    strands : mapping or pandas.Series, optional
        The strand of each goal, which gives its colour.
    order : {"name", "longest_stuck"} or sequence of str, optional
        The order of the lanes: by name, those stuck the longest first, or as listed. By default the order of
        `names`, and without `names` by name.
    today : date or str, optional
        The day as of which the class is shown; the last day in the frames by default.
    calendar : pandas.DataFrame, optional
        The school days, as `log.calendar.days` has them: `date, term_id, week` are read. Every weekday is one
        without it.
    title : str, default "Class board"
        The thing that is shown, such as "Room 5 · Term 3".
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the class.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_board
    >>> day = pd.Timestamp("2026-07-20 10:00")
    >>> stretches = pd.DataFrame({
    ...     "learner_id": ["a"], "goal_id": ["hook"], "status": ["working"], "start": [day], "stop": [pd.NaT],
    ...     "start_day": [1]})
    >>> episodes = pd.DataFrame(columns=["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"])
    >>> alt_text(plot_board(stretches, episodes, names={"a": "Aroha"}, title="Room 5"))
    'Room 5. 1 learner. 0 of 1 own goal met so far. Nobody is stuck today. No collaboration noted yet.'
    """
    board = gather(stretches, episodes, (names, titles, strands), order, (calendar, today))
    with drawing():
        if not board.learners:
            return nothing(ax, title, "no learner has a goal, and none is on the list.")
        return _draw(board, title, ax)


def _draw(board: Board, title: str, ax: Axes | None) -> Axes:
    width = room_width(ax, max(WIDTH, 3.4 + WEEK * len(board.line.weeks)))
    names = [board.words.learner(learner) for learner in board.learners]
    labels, column, tall = label_column(names, min(2.5, 0.25 * width))
    said, entries = sentence(board), _keys(board)
    top = head_height(title, said, width) + GAP + (BARS + 0.15 if len(board.taking) else 0.05)
    bottom = weeks_height(board.line) + key_height(entries, width) + 0.22
    sheet = new_sheet(ax, width, top + max(LANE, tall + 0.05) * len(names) + bottom)
    side = side_width(board, width)
    sheet.place(max(column + 0.22, 0.98), side + PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_ylim(len(names) - 0.5, -0.5)
    sheet.head(title, said)
    draw_weeks(sheet, board.line, -0.5, len(names) - 0.5)
    _draw_lanes(sheet, board)
    _draw_names(sheet, board, labels)
    draw_today(sheet, board.line)
    if len(board.taking):
        draw_bars(sheet, board)
    draw_own_goals(sheet, board, side)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _draw_names(sheet: Sheet, board: Board, labels: list[str]) -> None:
    place = {"transform": sheet.ax.get_yaxis_transform(), "ha": "right", "va": "center", "linespacing": 1.05}
    for number, label in enumerate(labels):
        size = min(label_size(label), lane_size(sheet, labels))
        write(sheet.ax, -0.08 / sheet.inner_width, number, label, size=size, label="learner", **place)
    _mark_names(sheet, board)


def _mark_names(sheet: Sheet, board: Board) -> None:
    """Lay a mark that cannot be seen over each name, so that a learner without a goal can be picked too."""
    told, urls = record(sheet.ax), []
    for learner in board.learners:
        met, goals = board.own_goals(learner)
        own = f"{met} of {count(goals, 'own goal')} met" if goals else "no own goal yet"
        text = f"{board.words.told(learner)}: {own}"
        urls.append(told.mark(text, what="learner", learner=learner, goal=None))
    edges = [(-sheet.left / sheet.inner_width, 0, lane - 0.5, lane + 0.5) for lane in range(len(urls))]
    there = {"transform": sheet.ax.get_yaxis_transform(), "clip_on": False}
    boxes(sheet.ax, edges, facecolor="white", alpha=0, **there).set_urls(urls)


def _draw_lanes(sheet: Sheet, board: Board) -> None:
    told = record(sheet.ax)
    blocks = Blocks(board.words, told)
    half = _half(sheet, board)
    for place, learner in enumerate(board.learners):
        lane = board.lanes[learner]
        for row in lane:
            blocks.add(row.run, *_heights(row, place, half), free_waiting(row, lane))
    blocks.draw(sheet.ax)
    placed, together = records(_placed(sheet, board)), kinds.partners(board.taking)
    draw_marks(sheet.ax, placed, told, board.words, together, _mark_size(sheet))


def _half(sheet: Sheet, board: Board) -> float:
    """Return half the height of a full block, as a share of a lane: high lanes do not make high blocks."""
    return min(_HALF, _TALLEST / 2 / sheet.inner_height * len(board.learners))


def _heights(row: Row, place: int, half: float) -> tuple[float, float]:
    gap = 0.06 * half if row.bottom - row.top < 1 else 0.0
    return place - half + 2 * half * row.top + gap, place - half + 2 * half * row.bottom - gap


def _placed(sheet: Sheet, board: Board) -> pd.DataFrame:
    """Return participations with where their marks stand: on the run of their goal, apart from one another."""
    place = {learner: number for number, learner in enumerate(board.learners)}
    lanes = np.array([place[learner] for learner in board.taking["learner_id"].astype(str)], dtype=int)
    taking = board.taking.iloc[np.lexsort((board.taking["x"], lanes))]
    lanes = np.sort(lanes)
    pairs = zip(lanes, taking["goal_id"], taking["x"], strict=True)
    half = _half(sheet, board)
    y = [_mark_height(board, lane, goal, x, half) for lane, goal, x in pairs]
    wide = _MARK * _mark_size(sheet) * board.line.length / sheet.inner_width
    by_lane = np.split(taking["x"].to_numpy(), np.flatnonzero(np.diff(lanes)) + 1)
    ends = (wide / 2, board.line.now - wide / 2)
    x = [moved for lane in by_lane for moved in apart(lane.tolist(), wide, 1.5 * wide, *ends)]
    return taking.assign(x=x, y=y)


def _mark_size(sheet: Sheet) -> float:
    """Return how large the marks are where lanes are short, as a share of their usual size."""
    return min(max(sheet.inner_width / _SHORT, 0.6), 1.0)


def _mark_height(board: Board, lane: int, goal: object, x: float, half: float) -> float:
    for row in board.lanes[board.learners[lane]]:
        if row.run.goal == goal and row.run.begin <= x <= row.run.end:
            return sum(_heights(row, lane, half)) / 2
    return float(lane)


def _keys(board: Board) -> list[list[Key]]:
    found = [row.run for lane in board.lanes.values() for row in lane]
    strands = strand_keys(board.words, {run.goal for run in found})
    return [strands, status_keys(found), kind_keys(set(board.taking["kind"]), bars=True)]
