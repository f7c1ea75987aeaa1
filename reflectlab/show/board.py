"""The class board: one lane a learner, a block a goal, a mark for each time of working together."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from . import kinds
from .blocks import Blocks, apart, draw_marks
from .inputs import records
from .keys import kind_keys, status_keys, strand_keys
from .lanes import Board, gather, sentence
from .picture import record
from .runs import Row, free_waiting
from .sheet import (
    PAD,
    SMALL,
    Key,
    Sheet,
    bare,
    head_height,
    key_height,
    label_column,
    label_size,
    new_sheet,
    nothing,
)
from .style import INK, SOFT, boxes, drawing, text_size, write
from .timeline import draw_today, draw_weeks, weeks_height

WIDTH, LANE, BARS, GAP = 11.8, 0.215, 0.62, 0.24
_HALF, _TALLEST, _MARK = 0.33, 0.2, 0.105


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
        The school days: `date, term_id, day, week, school_day`. Every weekday is one without it.
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
    names = [board.words.learner(learner) for learner in board.learners]
    labels, column, tall = label_column(names, 2.5)
    said, entries = sentence(board), _keys(board)
    top = head_height(title, said, WIDTH) + GAP + (BARS + 0.15 if len(board.taking) else 0.05)
    bottom = weeks_height(board.line) + key_height(entries, WIDTH) + 0.22
    sheet = new_sheet(ax, WIDTH, top + max(LANE, tall + 0.05) * len(names) + bottom)
    side = _side_width(board)
    sheet.place(max(column + 0.22, 0.98), side + PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_ylim(len(names) - 0.5, -0.5)
    sheet.head(title, said)
    draw_weeks(sheet, board.line, -0.5, len(names) - 0.5)
    _draw_names(sheet, labels)
    _draw_lanes(sheet, board)
    draw_today(sheet, board.line)
    if len(board.taking):
        _draw_bars(sheet, board)
    _draw_own_goals(sheet, board, side)
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.1)
    return sheet.ax


def _draw_names(sheet: Sheet, labels: list[str]) -> None:
    lane = 72 * sheet.inner_height / len(labels)
    place = {"transform": sheet.ax.get_yaxis_transform(), "ha": "right", "va": "center", "linespacing": 1.05}
    for number, label in enumerate(labels):
        size = min(label_size(label), 0.72 * lane)
        write(sheet.ax, -0.08 / sheet.inner_width, number, label, size=size, label="learner", **place)


def _draw_lanes(sheet: Sheet, board: Board) -> None:
    told = record(sheet.ax)
    blocks = Blocks(board.words, told)
    half = _half(sheet, board)
    for place, learner in enumerate(board.learners):
        lane = board.lanes[learner]
        for row in lane:
            blocks.add(row.run, *_heights(row, place, half), free_waiting(row, lane))
    blocks.draw(sheet.ax)
    draw_marks(sheet.ax, records(_placed(sheet, board)), told, board.words, kinds.partners(board.taking))


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
    wide = _MARK * board.line.length / sheet.inner_width
    by_lane = np.split(taking["x"].to_numpy(), np.flatnonzero(np.diff(lanes)) + 1)
    ends = (wide / 2, board.line.now - wide / 2)
    x = [moved for lane in by_lane for moved in apart(lane.tolist(), wide, 1.5 * wide, *ends)]
    return taking.assign(x=x, y=y)


def _mark_height(board: Board, lane: int, goal: object, x: float, half: float) -> float:
    for row in board.lanes[board.learners[lane]]:
        if row.run.goal == goal and row.run.begin <= x <= row.run.end:
            return sum(_heights(row, lane, half)) / 2
    return float(lane)


def _draw_bars(sheet: Sheet, board: Board) -> None:
    """Draw how many took part each week, by kind, above the lanes."""
    panel = sheet.ax.inset_axes((0, 1 + GAP / sheet.inner_height, 1, BARS / sheet.inner_height))
    bare(panel)
    weeks = board.line.weeks
    which = np.searchsorted([week.stop for week in weeks], board.taking["x"], side="right").clip(0, len(weeks) - 1)
    low = np.zeros(len(weeks))
    sides = [(0.86 * week.start + 0.14 * week.stop, 0.14 * week.start + 0.86 * week.stop) for week in weeks]
    for kind in kinds.KINDS:
        counts = np.bincount(which[(board.taking["kind"] == kind).to_numpy()], minlength=len(weeks))
        edges = [(*side, start, start + n) for side, start, n in zip(sides, low, counts, strict=True) if n]
        boxes(panel, edges, linewidths=0.5, **kinds.GREYS[kind])
        low = low + counts
    panel.set_xlim(0, board.line.length)
    panel.set_ylim(0, max(low.max(), 1) * 1.35)
    for week, total in zip(weeks, low, strict=True):
        if total:
            middle = (week.start + week.stop) / 2
            there = {"transform": panel.transData, "ha": "center", "size": 7.5, "color": SOFT}
            write(panel, middle, total + 0.05 * low.max(), f"{total:.0f}", **there)
    if low.any():
        told = {"ha": "right", "va": "bottom", "color": SOFT, "size": SMALL - 0.5}
        sheet.write(sheet.left - 0.1, sheet.top - GAP, "taking part\neach week", **told)


def _draw_own_goals(sheet: Sheet, board: Board, side: float) -> None:
    """Draw a square for each own goal at the side, filled once it is met."""
    panel = sheet.ax.inset_axes((1 + 0.15 / sheet.inner_width, 0, (side - 0.15) / sheet.inner_width, 1))
    bare(panel)
    panel.set_ylim(len(board.learners) - 0.5, -0.5)
    panel.set_xlim(0, side - 0.15)
    own = [board.own_goals(learner) for learner in board.learners]
    step = _square_step(board)
    tall = min(0.05 / sheet.inner_height * len(own), 0.3)
    squares: dict[bool, list[tuple[float, float, float, float]]] = {True: [], False: []}
    for lane, (met, goals) in enumerate(own):
        for number in range(goals):
            squares[number < met].append((number * step, (number + 0.76) * step, lane - tall, lane + tall))
        write(panel, side - 0.15, lane, _own(met, goals), transform=panel.transData, ha="right", va="center")
    boxes(panel, squares[True], facecolor=INK, edgecolor=INK, linewidths=0.7)
    boxes(panel, squares[False], facecolor="white", edgecolor=INK, linewidths=0.7)
    start = sheet.left + sheet.inner_width + 0.15
    sheet.write(start, sheet.top - 0.05, "own goals met", va="bottom", color=SOFT, size=SMALL - 0.5)


def _own(met: int, goals: int) -> str:
    return f"{met}/{goals}" if goals else "–"


def _square_step(board: Board) -> float:
    most = max((board.own_goals(learner)[1] for learner in board.learners), default=0)
    return min(0.135, 1.35 / max(most, 1))


def _side_width(board: Board) -> float:
    own = [board.own_goals(learner) for learner in board.learners]
    widest = max(text_size(_own(met, goals), SMALL)[0] for met, goals in own)
    squares = max(goals for _, goals in own) * _square_step(board)
    return 0.15 + max(squares + 0.12 + widest, text_size("own goals met", SMALL - 0.5)[0])


def _keys(board: Board) -> list[list[Key]]:
    found = [row.run for lane in board.lanes.values() for row in lane]
    strands = strand_keys(board.words, {run.goal for run in found})
    return [strands, status_keys(found), kind_keys(set(board.taking["kind"]), bars=True)]
