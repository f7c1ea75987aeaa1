"""The class board: one lane a learner, a block a goal, a mark for each time of working together."""

import unicodedata
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, Transform

from ..errors import ArgumentError, one_of
from ..language import gettext, ngettext
from .parts.drawing import drawing, lay_rows, one_box, text_size, write
from .parts.dues import Due, draw_dues, due_legend, dues_of
from .parts.lanes import (
    Blocks,
    LaneRow,
    draw_marks,
    free_waiting,
    kind_legend,
    lane_inputs,
    lane_rows,
    lane_runs,
    own_goals_met,
    space_out,
    status_legend,
    strand_legend,
    taking_part,
)
from .parts.picture import (
    PAD,
    SMALL,
    LegendEntry,
    Margins,
    PicturePage,
    description_of,
    label_column,
    new_page,
    nothing,
    room_width,
)
from .parts.style import GREYS, INK, SOFT
from .parts.timeline import (
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
    learners_here,
    note_legend,
    notes_of,
    stay_legend,
    stays_of,
    weeks_height,
)
from .parts.words import (
    KINDS,
    Words,
    cannot_tell_sentences,
    number_of,
    own_choice,
    own_goals_in_words,
    participants,
    records,
)

_WIDTH, _WEEK, _LANE = 11.8, 0.32, 0.215

_HALF, _TALLEST, _MARK, _SHORT = 0.33, 0.2, 0.105, 5.0

_BARS, _BARS_GAP = 0.62, 0.24
"""The height of the bars above the lanes, and the room between them."""

_ASIDE, _SQUARES_FROM = 0.15, 7.0

_ORDERS = ("name", "longest_stuck")


def plot_board(
    stretches: pd.DataFrame,
    episodes: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    strands: Mapping[str, str] | pd.Series | None = None,
    order: str | Sequence[str] | None = None,
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
    start : date or str, optional
        The first day that is shown; the first of the calendar by default. What was over before it is left out.
    calendar : pandas.DataFrame, optional
        The school days, as `log.calendar.days` has them: `date, term_id, week` are read. Every weekday is one
        without it.
    absences : pandas.DataFrame, optional
        Who was away when, as `log.absences` has it: `learner_id, date, part`. Such days are gaps.
    learners : pandas.DataFrame, optional
        Who joined and left when, as `log.learners` has it: `learner_id, joined, left`. Who is not in the class today
        is neither counted nor stuck today.
    notes : pandas.DataFrame, optional
        Of which days there are notes in your journal: `learner_id, day, notes` (how many). They are marks.
    due : pandas.DataFrame, optional
        By when goals are to be met, as `reflectlab.due_days` gives it for the same day. The days are flags.
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
    title = gettext("Class board") if title is None else title
    board = _gather(
        stretches, episodes, (absences, learners, notes, due), (names, titles, strands), order, (calendar, today, start)
    )
    with drawing():
        if not board.learners:
            return nothing(ax, title, gettext("no learner has a goal, and none is on the list."))
        return _draw(board, title, ax)


@dataclass(frozen=True)
class Board:
    """What a board shows: the lanes, in order, with the rows of each, and who took part in what."""

    timeline: Timeline
    words: Words
    learners: list[str]
    lanes: Mapping[str, list[LaneRow]]
    taking: pd.DataFrame
    gaps: list[Gap]
    stays: Stays
    noted: list[Noted]
    dues: list[Due]
    cannot_tell: list[str]

    @cached_property
    def own_goals(self) -> list[tuple[int, int]]:
        """How many of their own goals each learner has met, and how many there are."""
        return [own_goals_met([row.run for row in self.lanes[learner]]) for learner in self.learners]

    @property
    def stuck(self) -> int:
        """How many of the learners in the class are stuck on a goal today."""
        return sum(any(row.run.stuck_today for row in lane) for lane in self.lanes.values())


def _gather(
    stretches: pd.DataFrame,
    episodes: pd.DataFrame,
    beside: tuple[pd.DataFrame | None, ...],
    called: tuple[Any, Any, Any],
    order: Any,
    time: tuple[Any, Any, Any],
) -> Board:
    """Return the board of these frames, with names, titles and strands, in this order, at this time.

    `beside` are the absences, the learners with when they joined and left, the notes, and what is due.
    """
    stretches, episodes, timeline, words = lane_inputs(stretches, episodes, called, time)
    cannot_tell = cannot_tell_sentences(stretches)
    stays = stays_of(beside[1], timeline)
    found = lane_runs(stretches, timeline, stays)
    others = sorted({run.learner for run in found} | set(episodes["learner_id"].astype(str)))
    present = dict.fromkeys([*words.names, *others])
    lanes = {learner: lane_rows([run for run in found if run.learner == learner]) for learner in present}
    ordered = _ordered(order, list(present), lanes, words)
    gaps = gaps_of(beside[0], timeline)
    noted = notes_of(beside[2], ordered, timeline)
    dues = [] if beside[3] is None else dues_of(beside[3], ordered, timeline)
    taking = taking_part(episodes, timeline)
    return Board(timeline, words, ordered, lanes, taking, gaps, stays, noted, dues, cannot_tell)


def _ordered(order: Any, learners: list[str], lanes: Mapping[str, list[LaneRow]], words: Words) -> list[str]:
    by_name = sorted(learners, key=lambda learner: _sort_key(words.learner(learner)))
    if order is None:
        return learners if words.names else by_name
    if isinstance(order, str):
        one_of("order", order, _ORDERS)
        return by_name if order == "name" else sorted(by_name, key=lambda learner: _stuck_since(lanes[learner]))
    wanted = [str(learner) for learner in order]
    unknown = [learner for learner in wanted if learner not in lanes]
    if unknown:
        raise ArgumentError(f"lists learners who are not in the frames or `names`: {', '.join(unknown)}.", "order")
    return [*wanted, *(learner for learner in learners if learner not in wanted)]


def _sort_key(name: str) -> tuple[str, str]:
    bare_letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return bare_letters.casefold(), name


def _stuck_since(lane: list[LaneRow]) -> float:
    return min((row.run.stuck[-1][0] for row in lane if row.run.stuck_today), default=np.inf)


def _draw(board: Board, title: str, ax: Axes | None) -> Axes:
    width = room_width(ax, max(_WIDTH, 3.4 + _WEEK * len(board.timeline.weeks)))
    names = [board.words.learner(learner) for learner in board.learners]
    labels, column, tall = label_column(names, min(2.5, 0.25 * width))
    size = (width, max(_LANE, tall + 0.05) * len(names))
    side = _side_width(board, width)
    above = _BARS_GAP + (_BARS + 0.15 if len(board.taking) else 0.05)
    margins = Margins(max(column + 0.22, 0.98), side + PAD, above, weeks_height(board.timeline) + 0.22)
    page = new_page(ax, title, _sentence(board), _legend(board), size, margins)
    page.ax.set_ylim(len(names) - 0.5, -0.5)
    draw_weeks(page, board.timeline, -0.5, len(names) - 0.5)
    _draw_lanes(page, board)
    page.label_rows(labels, gap=0.08, largest=_lane_size(page, labels), label="learner")
    _mark_lanes(page, board)
    draw_today(page, board.timeline)
    if len(board.taking):
        _draw_bars(page, board)
    _draw_own_goals(page, board, side)
    return page.ax


def _side_width(board: Board, width: float) -> float:
    """Return the room that the own goals take at the side of a board so wide; none where there are none."""
    own = board.own_goals
    if not any(goals for _, goals in own):
        return 0.15
    figures = max(text_size(_met_of(board, *each), SMALL)[0] for each in own)
    squares = max(goals for _, goals in own) * _square_step(own) + 0.12 if width >= _SQUARES_FROM else 0.0
    named = max(text_size(row, SMALL - 0.5)[0] for row in _own_goals_head(width).split("\n"))
    return _ASIDE + max(squares + figures, named)


def _met_of(board: Board, met: int, goals: int) -> str:
    """Return how many goals are met; of how many, only where the log says which were set."""
    if board.cannot_tell:
        return f"{met}"
    return f"{met}/{goals}" if goals else "–"


def _square_step(own: list[tuple[int, int]]) -> float:
    return min(0.135, 1.35 / max(1, *(goals for _, goals in own)))


def _own_goals_head(width: float) -> str:
    return gettext("own goals met" if width >= _SQUARES_FROM else "own goals\nmet")


def _sentence(board: Board) -> str:
    """Return what is to be seen on a board, in numbers."""
    met, goals = map(sum, zip(*board.own_goals, strict=True))
    stuck = board.stuck
    said = [learners_here(board.learners, board.stays, board.timeline)]
    if board.cannot_tell:
        said.append(gettext("{goals} met so far", goals=number_of(met, "goal")))
    elif goals:
        said.append(_own_goals_met_so_far(met, goals))
        are_stuck = ngettext("{number} is stuck today", "{number} are stuck today", stuck)
        said.append(are_stuck if stuck else gettext("Nobody is stuck today"))
    else:
        said.append(gettext("No own goal noted yet"))
    return " ".join([". ".join([*said, _worked_together(board.taking)]) + ".", *board.cannot_tell])


def _own_goals_met_so_far(met: int, goals: int) -> str:
    return ngettext("{met} of {number} own goal met so far", "{met} of {number} own goals met so far", goals, met=met)


def _worked_together(taking: pd.DataFrame) -> str:
    if taking.empty:
        return gettext("No collaboration noted yet")
    told = {
        "collaborations": number_of(taking["episode_id"].nunique(), "collaboration"),
        "times": number_of(len(taking), "time"),
    }
    chosen = own_choice(taking["chosen_by"])
    if not chosen:
        return gettext("{collaborations}; learners took part {times}", **told)
    return gettext("{collaborations}; learners took part {times}, by their own choice {chosen}", chosen=chosen, **told)


def _legend(board: Board) -> list[list[LegendEntry]]:
    found = [row.run for lane in board.lanes.values() for row in lane]
    strands = strand_legend(board.words, {run.goal for run in found})
    return [
        strands,
        [
            *status_legend(found),
            *(due_legend(board.dues) if board.dues else []),
            *gap_legend(board.gaps),
            *stay_legend(board.stays, board.learners, board.timeline),
        ],
        [*kind_legend(set(board.taking["kind"]), bars=True), *note_legend(board.noted)],
    ]


def _draw_lanes(page: PicturePage, board: Board) -> None:
    description = description_of(page.ax)
    blocks = Blocks(board.words, description)
    half = _half_height(page, board)
    for place, learner in enumerate(board.learners):
        lane = board.lanes[learner]
        for row in lane:
            blocks.add(row.run, *_heights(row, place, half), free_waiting(row, lane))
    blocks.draw(page.ax)
    whole = {learner: (place - half, place + half) for place, learner in enumerate(board.learners)}
    draw_gaps(page.ax, board.gaps, whole, description, board.words)
    draw_stays(page, board.stays, whole, board.timeline, description, board.words)
    placed, together = records(_placed(page, board)), participants(board.taking)
    draw_marks(page.ax, placed, description, board.words, together, _mark_size(page))
    if board.dues:
        draw_dues(page.ax, board.dues, lambda due: whole[due.learner][0], description, board.words, _mark_size(page))
    low = {learner: place + half for place, learner in enumerate(board.learners)}
    draw_notes(page.ax, board.noted, low, description, board.words)


def _half_height(page: PicturePage, board: Board) -> float:
    """Return half the height of a full block, as a share of a lane: high lanes do not make high blocks."""
    return min(_HALF, _TALLEST / 2 / page.inner_height * len(board.learners))


def _heights(row: LaneRow, place: int, half: float) -> tuple[float, float]:
    gap = 0.06 * half if row.bottom - row.top < 1 else 0.0
    return place - half + 2 * half * row.top + gap, place - half + 2 * half * row.bottom - gap


def _placed(page: PicturePage, board: Board) -> pd.DataFrame:
    """Return participations with where their marks stand: on the run of their goal, apart from one another."""
    place = {learner: number for number, learner in enumerate(board.learners)}
    lanes = np.array([place[learner] for learner in board.taking["learner_id"].astype(str)], dtype=int)
    taking = board.taking.iloc[np.lexsort((board.taking["x"], lanes))]
    lanes = np.sort(lanes)
    pairs = zip(lanes, taking["goal_id"], taking["x"], strict=True)
    half = _half_height(page, board)
    y = [_mark_height(board, lane, goal, x, half) for lane, goal, x in pairs]
    wide = _MARK * _mark_size(page) * board.timeline.length / page.inner_width
    by_lane = np.split(taking["x"].to_numpy(), np.flatnonzero(np.diff(lanes)) + 1)
    ends = (wide / 2, board.timeline.now - wide / 2)
    x = [moved for lane in by_lane for moved in space_out(lane.tolist(), wide, 1.5 * wide, *ends)]
    return taking.assign(x=x, y=y)


def _mark_height(board: Board, lane: int, goal: object, x: float, half: float) -> float:
    for row in board.lanes[board.learners[lane]]:
        if row.run.goal == goal and row.run.begin <= x <= row.run.end:
            return sum(_heights(row, lane, half)) / 2
    return float(lane)


def _mark_size(page: PicturePage) -> float:
    """Return how large the marks are where lanes are short, as a share of their usual size."""
    return min(max(page.inner_width / _SHORT, 0.6), 1.0)


def _lane_size(page: PicturePage, lanes: Sized) -> float:
    """Return the largest size in which words fit into a lane."""
    return 0.72 * 72 * page.inner_height / len(lanes)


def _mark_lanes(page: PicturePage, board: Board) -> None:
    """Lay a mark that cannot be seen under each lane, from the name to the own goals: every part of it is the child."""
    description, urls = description_of(page.ax), []
    for learner, (met, goals) in zip(board.learners, board.own_goals, strict=True):
        own = own_goals_in_words(met, goals) if goals else gettext("no own goal yet")
        own = gettext("{goals} met", goals=number_of(met, "goal")) if board.cannot_tell else own
        text = f"{board.words.learner_in_sentence(learner)}: {own}"
        urls.append(description.mark(text, what="learner", learner=learner))
    left, right = -page.left / page.inner_width, (page.width - page.left) / page.inner_width
    lay_rows(page.ax, left, right, urls)


def _draw_bars(page: PicturePage, board: Board) -> None:
    """Draw how many took part each week, by kind, above the lanes."""
    weeks = board.timeline.weeks
    which = np.searchsorted([week.stop for week in weeks], board.taking["x"], side="right").clip(0, len(weeks) - 1)
    low = np.zeros(len(weeks))
    sides = [(0.86 * week.start + 0.14 * week.stop, 0.14 * week.start + 0.86 * week.stop) for week in weeks]
    above = _above(page, max(np.bincount(which, minlength=1).max(), 1) * 1.35)
    for kind in KINDS:
        counts = np.bincount(which[(board.taking["kind"] == kind).to_numpy()], minlength=len(weeks))
        edges = [(*side, start, start + n) for side, start, n in zip(sides, low, counts, strict=True) if n]
        there = {"transform": above, "clip_on": False, "label": "taking part"}
        one_box(page.ax, edges, linewidth=0.5, **there, **GREYS[kind])
        low = low + counts
    for week, total in zip(weeks, low, strict=True):
        if total:
            middle = (week.start + week.stop) / 2
            there = {"transform": above, "ha": "center", "size": 7.5, "color": SOFT, "label": "taking part"}
            write(page.ax, middle, total + 0.05 * low.max(), f"{total:.0f}", **there)
    if low.any():
        beside = {"ha": "right", "va": "bottom", "color": SOFT, "size": SMALL - 0.5}
        page.write(page.left - 0.1, page.top - _BARS_GAP, gettext("taking part\neach week"), **beside)


def _above(page: PicturePage, top: float) -> Transform:
    """Return where the bars stand: school days across, counts up to `top` above the lanes."""
    up = Affine2D().scale(1, _BARS / top / page.inner_height).translate(0, 1 + _BARS_GAP / page.inner_height)
    return up + page.ax.get_xaxis_transform()


def _draw_own_goals(page: PicturePage, board: Board, side: float) -> None:
    """Draw a square for each own goal at the side, filled once it is met; a narrow board has the figures only."""
    own, beside = board.own_goals, _lanes_beside(page)
    if not any(goals for _, goals in own):
        return
    there = {"transform": beside, "ha": "right", "va": "center", "size": min(SMALL, _lane_size(page, own))}
    for lane, figures in enumerate(own):
        write(page.ax, side - _ASIDE, lane, _met_of(board, *figures), label="own goals", **there)
    if page.width >= _SQUARES_FROM:
        _squares(page, own, beside)
    start = page.left + page.inner_width + _ASIDE
    named = {"va": "bottom", "color": SOFT, "size": SMALL - 0.5, "linespacing": 1.05}
    page.write(start, page.top - 0.05, _own_goals_head(page.width), **named)


def _lanes_beside(page: PicturePage) -> Transform:
    """Return where own goals stand: inches across, beside the lanes, and lanes down."""
    across = Affine2D().translate(_ASIDE, 0).scale(1 / page.inner_width, 1).translate(1, 0)
    return across + page.ax.get_yaxis_transform()


def _squares(page: PicturePage, own: list[tuple[int, int]], beside: Transform) -> None:
    step, tall = _square_step(own), min(0.05 / page.inner_height * len(own), 0.3)
    squares: dict[bool, list[tuple[float, float, float, float]]] = {True: [], False: []}
    for lane, (met, goals) in enumerate(own):
        for number in range(goals):
            squares[number < met].append((number * step, (number + 0.76) * step, lane - tall, lane + tall))
    for met, ground in ((True, INK), (False, "white")):
        there = {"transform": beside, "clip_on": False, "label": "own goals"}
        one_box(page.ax, squares[met], facecolor=ground, edgecolor=INK, linewidth=0.7 if step > 0.1 else 0.3, **there)
