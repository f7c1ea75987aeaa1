"""What a lane is made of: its runs, the blocks and marks drawn in it, what is read on hovering, and the legend.

A run is a goal from when a learner had it open until it was met, dropped, or today. Runs at the same time share the
lane in thinner rows; each is a block, and each time of working together a mark.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from ...language import gettext, translatable
from .drawing import boxes, one_line
from .picture import Description, LegendEntry
from .style import GREYS, INK, MARKERS, NO_STRAND, SOFT, Look, fill, strand_looks
from .timeline import ALWAYS, Stay, Stays, Timeline, day_given, timeline_of
from .words import KIND_WORDS, KINDS, Words, checked_frame, drawn_kind, number_of, plain, stuck_for, words_of

_EPISODE_COLUMNS = ["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"]

_STRETCH_COLUMNS = ["learner_id", "goal_id", "status", "start", "stop", "start_day"]

_SHORTEST = 0.3

_WAITING_SHARE, _MOST_WAITING = 0.45, 3

Box = tuple[float, float, float, float]

_GREY = Look("#999999")

_OPEN = LegendEntry(translatable("still open"), fill={"facecolor": _GREY.pale})

_STUCK = LegendEntry(
    translatable("stuck"), fill={"facecolor": "#777777", "edgecolor": "white", "hatch": "//////", "linewidth": 0}
)

_MET = LegendEntry(translatable("met"), marker={"marker": "|", "s": 60, "color": INK, "linewidth": 2.2})

_WAITING = LegendEntry(
    translatable("set, not started"), fill={"facecolor": "white", "edgecolor": "#777777", "linewidth": 0.8}
)

_AGAIN_LINE: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.2, "linestyle": (0, (1.5, 1))}

_DASHES = Path([(0, y) for y in (-1, -0.6, -0.2, 0.2, 0.6, 1)], [Path.MOVETO, Path.LINETO] * 3)

_AGAIN = LegendEntry(
    translatable("taken up again"), marker={"marker": _DASHES, "s": 60, "color": INK, "linewidth": 1.1}
)

_DROPPED = LegendEntry(translatable("dropped"), marker={"marker": "x", "s": 20, "color": SOFT, "linewidth": 1.2})

_SPELL = attrgetter("learner", "goal")


class Piece(NamedTuple):
    """One stretch, in places of the timeline."""

    learner: str
    goal: str
    status: str
    x0: float
    x1: float
    start_day: int
    since: date


@dataclass(eq=False)
class Run:
    """A goal from when a learner had it open until it was met, dropped, or today.

    It begins when work began; where it has not `started`, when `waiting` did (from set to the beginning of work).
    `status` is where it stands in the end, `days` are school days from started (set where nobody noted a start), both
    counted; `stuck_since` is the day on which it got stuck, and `stuck_days` the school days that have passed since, as
    `status` counts them. `again` tells whether the goal had been met or dropped before, `here` whether the learner is
    in the class today.
    """

    learner: str
    goal: str
    begin: float
    end: float
    waiting: tuple[float, float] | None
    started: bool
    status: str
    stuck: list[tuple[float, float]]
    days: int
    stuck_days: int
    stuck_since: date | None
    again: bool
    here: bool

    @property
    def met(self) -> bool:
        """Whether it ended in met."""
        return self.status == "met"

    @property
    def open(self) -> bool:
        """Whether it is still open today, or was when its learner left."""
        return self.status not in ("met", "dropped")

    @property
    def stuck_today(self) -> bool:
        """Whether its learner, who is in the class, is stuck on it today."""
        return self.status == "stuck" and self.here


class LaneRow(NamedTuple):
    """Where in its lane a run is drawn, as shares of the lane from the top."""

    run: Run
    top: float
    bottom: float


def lane_inputs(
    stretches: pd.DataFrame, episodes: pd.DataFrame, called: tuple[Any, Any, Any], time: tuple[Any, Any, Any]
) -> tuple[pd.DataFrame, pd.DataFrame, Timeline, Words]:
    """Return both frames checked, their timeline, and what is called what in them.

    `called` are the names, titles and strands that were given, `time` the calendar, today and the first day that is
    shown: what was over before it is left out.
    """
    stretches = checked_frame("stretches", stretches, _STRETCH_COLUMNS, ["start", "stop"])
    episodes = checked_frame("episodes", episodes, _EPISODE_COLUMNS, ["time"])
    if time[2] is not None:
        begin = pd.Timestamp(day_given(time[2], "start"))
        stretches, episodes = _from(stretches, begin), episodes[episodes["time"] >= begin]
    timeline = timeline_of(*time, [(stretches, ["start", "stop"]), (episodes, ["time"])])
    return stretches, episodes, timeline, words_of(*called, [*stretches["goal_id"], *episodes["goal_id"]])


def _from(stretches: pd.DataFrame, begin: pd.Timestamp) -> pd.DataFrame:
    """Leave out what of each goal was met or dropped before a moment; what was open then stays, from its beginning."""
    over = stretches[(stretches["start"] < begin) & stretches["status"].isin(["met", "dropped"])]
    last = over.groupby(["learner_id", "goal_id"])["start"].max().rename("_over").reset_index()
    ended = stretches.merge(last, on=["learner_id", "goal_id"], how="left")["_over"].to_numpy()
    return stretches[~(stretches["start"].to_numpy() <= ended)]


def lane_runs(stretches: pd.DataFrame, timeline: Timeline, stays: Stays) -> list[Run]:
    """Return the runs of these stretches as of today, sorted by learner, then by when work began.

    What is open when its learner leaves ends there.
    """
    pieces = sorted(_pieces(stretches, timeline, stays), key=_SPELL)
    spells = ((list(spell), stays.get(key[0], ALWAYS)) for key, spell in groupby(pieces, _SPELL))
    there = ((spell, stay) for spell, stay in spells if not stay.over_before(timeline))
    made = [run for spell, stay in there for run in _runs_of(spell, stay, timeline)]
    return sorted(made, key=lambda run: (run.learner, run.begin, run.end))


def _pieces(stretches: pd.DataFrame, timeline: Timeline, stays: Stays) -> list[Piece]:
    known = stretches[stretches["start"] < timeline.end_of_today].sort_values("start", kind="stable")
    start, stop = timeline.x(known["start"]), timeline.x(known["stop"])
    words = [known[column].astype(str).tolist() for column in ("learner_id", "goal_id", "status")]
    now = np.array([min(timeline.now, stays.get(learner, ALWAYS).stop) for learner in words[0]], dtype=float)
    stop = np.minimum(np.where(np.isnan(stop), np.maximum(now, start), stop), max(timeline.now, 0))
    days = (known["start_day"].astype(int), known["start"].dt.date)
    return list(map(Piece, *words, start.tolist(), stop.tolist(), *days))


def _runs_of(spell: list[Piece], stay: Stay, timeline: Timeline) -> Iterator[Run]:
    opened: list[Piece] = []
    again = False
    for piece in spell:
        if piece.status not in ("met", "dropped"):
            opened.append(piece)
        elif opened or piece.status == "met":
            yield _run(opened or [piece], piece, again, stay, timeline)
            opened, again = [], True
    if opened:
        yield _run(opened, None, again, stay, timeline)


def _run(pieces: list[Piece], close: Piece | None, again: bool, stay: Stay, timeline: Timeline) -> Run:
    work = [piece for piece in pieces if piece.status in ("working", "stuck")]
    first = work[0] if work else pieces[0]
    end = close.x0 if close else pieces[-1].x1
    begin = max(min(first.x0, end - _SHORTEST), 0.0)
    stuck = [piece for piece in pieces if piece.status == "stuck"]
    return Run(
        learner=first.learner,
        goal=first.goal,
        begin=begin,
        end=max(end, begin + _SHORTEST),
        waiting=(pieces[0].x0, first.x0) if work and first.x0 > pieces[0].x0 else None,
        started=bool(work) or (close is not None and close.status == "met"),
        status=close.status if close else pieces[-1].status,
        stuck=[(piece.x0, piece.x1) for piece in stuck if piece.x1 > 0 or not len(timeline.before)],
        days=close.start_day - first.start_day + 1
        if close
        else _school_days(first.x0, max(end, first.x0)) + timeline.days_before(first.since),
        stuck_days=timeline.school_days_since(stuck[-1].since, _day_of(stay.left)) if stuck else 0,
        stuck_since=stuck[-1].since if stuck else None,
        again=again,
        here=stay.here,
    )


def _day_of(time: pd.Timestamp | None) -> date | None:
    return None if time is None else time.date()


def _school_days(start: float, stop: float) -> int:
    return max(int(np.ceil(stop)) - int(np.floor(start)), 1)


def own_goals_met(found: Collection[Run]) -> tuple[int, int]:
    """Return how many of a learner's goals stand at met, and how many there are; dropped ones do not count."""
    last = {run.goal: run for run in sorted(found, key=lambda run: run.end)}
    kept = [run for run in last.values() if run.status != "dropped"]
    return sum(run.met for run in kept), len(kept)


def taking_part(episodes: pd.DataFrame, timeline: Timeline) -> pd.DataFrame:
    """Return the participations up to today, with `x` on the timeline and a `kind` that can be drawn."""
    known = episodes[episodes["time"] < timeline.end_of_today]
    return known.assign(x=timeline.x(known["time"]), kind=known["kind"].map(drawn_kind))


def lane_rows(lane: Sequence[Run]) -> list[LaneRow]:
    """Share a lane among the runs of one learner: runs at the same time lie in thinner rows.

    Goals that wait to be started while there is work wait in slim rows at the bottom, so that they do not press
    upon it.
    """
    waiting = [run for run in lane if not run.started and any(_overlap(run, other) for other in lane if other.started)]
    slim = min(len(waiting), _MOST_WAITING)
    floor = 1 / (1 + slim * _WAITING_SHARE)
    step = (1 - floor) / slim if slim else 0.0
    placed = [LaneRow(run, *_slot(floor, step, min(place, slim - 1))) for place, run in enumerate(waiting)]
    for cluster in _clusters([run for run in lane if run not in waiting]):
        tracks = _tracks(cluster)
        height = floor / (max(tracks) + 1)
        placed += [LaneRow(run, *_slot(0.0, height, track)) for run, track in zip(cluster, tracks, strict=True)]
    return placed


def free_waiting(row: LaneRow, lane: Sequence[LaneRow]) -> tuple[float, float] | None:
    """Return the part of a run's wait before work that no other run of its row covers."""
    if row.run.waiting is None:
        return None
    since, until = row.run.waiting
    for other in lane:
        beside = other.top < row.bottom - 1e-9 and row.top < other.bottom - 1e-9
        if other.run is not row.run and beside and other.run.begin < until:
            since = max(since, other.run.end)
    return (since, until) if until - since > _SHORTEST else None


def _overlap(one: Run, other: Run) -> bool:
    return one.begin < other.end and other.begin < one.end


def _slot(start: float, step: float, track: int) -> tuple[float, float]:
    return start + track * step, start + (track + 1) * step


def _clusters(working: list[Run]) -> Iterator[list[Run]]:
    cluster: list[Run] = []
    reach = 0.0
    for run in sorted(working, key=attrgetter("begin", "end")):
        if cluster and run.begin >= reach - 1e-9:
            yield cluster
            cluster = []
        cluster.append(run)
        reach = max(reach, run.end) if len(cluster) > 1 else run.end
    if cluster:
        yield cluster


def _tracks(cluster: list[Run]) -> list[int]:
    """Give each run the first track that is free when it begins."""
    ends: list[float] = []
    tracks: list[int] = []
    for run in cluster:
        track = next((place for place, end in enumerate(ends) if end <= run.begin + 1e-9), len(ends))
        ends[track : track + 1] = [run.end]
        tracks.append(track)
    return tracks


@dataclass
class Blocks:
    """The blocks of a picture, by style, each with its url."""

    words: Words
    description: Description
    styles: dict[tuple[str, Look], list[tuple[Box, str]]] = field(default_factory=dict)
    ends: list[tuple[float, float, float]] = field(default_factory=list)
    drops: list[tuple[float, float]] = field(default_factory=list)
    again: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, run: Run, low: float, high: float, waiting: tuple[float, float] | None = None) -> None:
        """Add a run between two heights, with the part of its wait that is to be seen."""
        look = self.words.look(run.goal)
        text = run_text(run, self.words)
        if waiting:
            url = self._url(run, "waiting", gettext("{run}; here set, not started", run=text))
            self._box("waiting", look, (*waiting, *_slim(low, high)), url)
        style = "waiting" if not run.started else "solid" if run.met else "pale"
        span = (low, high) if run.started else _slim(low, high)
        self._box(style, look, (run.begin, run.end, *span), self._url(run, "goal", text))
        for start, stop in run.stuck:
            stop = min(max(stop, start + 0.15), max(run.end, start + 0.15))
            url = self._url(run, "stuck", gettext("{run}; stuck here", run=text))
            self._box(f"stuck {style}", look, (start, stop, low, high), url)
        if run.again:
            self.again.append((run.begin, *span))
        if run.met:
            self.ends.append((run.end, low, high))
        elif run.status == "dropped":
            self.drops.append((run.end, (low + high) / 2))

    def draw(self, ax: Axes) -> None:
        """Draw every style as one collection."""
        for (style, look), found in self.styles.items():
            made = boxes(ax, [box for box, _ in found], **_block_options(style, look))
            made.set_urls([url for _, url in found])
        if self.ends:
            one_line(ax, self.ends, edgecolor=INK, linewidth=2.2, zorder=4, label="met")
        if self.again:
            one_line(ax, self.again, zorder=4, label="taken up again", **_AGAIN_LINE)
        if self.drops:
            x, y = zip(*self.drops, strict=True)
            ax.scatter(x, y, marker="x", s=20, color=SOFT, linewidth=1.2, zorder=4)

    def _box(self, style: str, look: Look, box: Box, url: str) -> None:
        self.styles.setdefault((style, look), []).append((box, url))

    def _url(self, run: Run, what: str, text: str) -> str:
        return self.description.mark(text, what=what, learner=run.learner, goal=run.goal)


def _slim(low: float, high: float) -> tuple[float, float]:
    return 0.75 * low + 0.25 * high, 0.25 * low + 0.75 * high


def _block_options(style: str, look: Look) -> dict[str, Any]:
    if style.endswith("waiting"):
        return {"facecolor": "white", "edgecolor": look.color, "linewidths": 0.7, "zorder": 2}
    pale = style.endswith("pale")
    if style.startswith("stuck"):
        ground, stripes = (look.pale, look.deep) if pale else (look.solid, "white")
        return {"facecolor": ground, "edgecolor": stripes, "hatch": "//////", "hatch_linewidth": 1.1, "zorder": 3}
    return {**fill(look, pale), "zorder": 2}


def draw_marks(
    ax: Axes,
    taking: Sequence[dict[str, Any]],
    description: Description,
    words: Words,
    together: Mapping[str, list[str]],
    size: float = 1.0,
) -> None:
    """Draw one mark for each participation, at its `x` and `y`, in this share of its usual size.

    `together` is who took part in each episode, to be named on hovering.
    """
    for kind, marker in MARKERS.items():
        found = [row for row in taking if row["kind"] == kind]
        if found:
            x, y = [row["x"] for row in found], [row["y"] for row in found]
            made = ax.scatter(x, y, zorder=5, clip_on=False, **{**marker, "s": marker["s"] * size**2})
            made.set_urls([_mark(row, description, participation_text(row, words, together)) for row in found])


def _mark(row: dict[str, Any], description: Description, text: str) -> str:
    goal, learner = row["goal_id"] if isinstance(row["goal_id"], str) else None, str(row["learner_id"])
    return description.mark(text, what=row["kind"], learner=learner, goal=goal, episode=str(row["episode_id"]))


def space_out(places: Sequence[float], least: float, most: float, low: float, high: float) -> list[float]:
    """Return sorted places moved just far enough apart to be told from one another, between `low` and `high`.

    None is moved by more than `most`, or twice as far at the ends, so that a place stays true; where they crowd
    more than that they overlap.

    >>> space_out([1.0, 1.0, 3.0], least=0.5, most=1.0, low=0.0, high=5.0)
    [0.75, 1.25, 3.0]
    """
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while (
            len(groups) > 1
            and _group_start(groups[-1], least) < _group_start(groups[-2], least) + len(groups[-2]) * least
        ):
            last = groups.pop()
            groups[-1] += last
    moved = [_group_start(group, least) + least * number for group in groups for number in range(len(group))]
    kept = [min(max(new, old - most), old + most) for new, old in zip(moved, places, strict=True)]
    onwards = _pushed_from_end(kept, places, least, 2 * most, low)
    back = _pushed_from_end(
        [-new for new in reversed(onwards)], [-old for old in reversed(places)], least, 2 * most, -high
    )
    return [min(max(-new, low), max(high, low)) for new in reversed(back)]


def _pushed_from_end(
    moved: Sequence[float], places: Sequence[float], least: float, most: float, end: float
) -> list[float]:
    """Push places away from the lower end, as long as each stays near where it was."""
    pushed: list[float] = []
    for new, old in zip(moved, places, strict=True):
        floor = max(end, pushed[-1] + least) if pushed and pushed[-1] < end + least * len(pushed) + 1e-9 else end
        pushed.append(floor if new < floor <= old + most else new)
    return pushed


def _group_start(group: Sequence[float], least: float) -> float:
    return sum(group) / len(group) - least * (len(group) - 1) / 2


def run_text(run: Run, words: Words) -> str:
    """Return what is to be read on hovering over a run."""
    strand = words.strand(run.goal)
    goal = f"{words.goal(run.goal)} ({strand})" if strand else words.goal(run.goal)
    return f"{words.learner_in_sentence(run.learner)}: {goal}, {run_state(run)}"


def run_state(run: Run) -> str:
    """Return where a run stands, with the school days it took.

    Of a further go at a goal the days are those since it was taken up again.
    """
    days = number_of(run.days, "day")
    if run.met:
        return gettext("met again · {days}" if run.again else "met · {days}", days=days)
    if run.status == "dropped":
        return gettext("dropped again" if run.again else "dropped")
    if not run.here:
        return gettext(_WHEN_LEAVING.get(run.status, _NOT_STARTED))
    if run.status == "stuck" and run.stuck_since is not None:
        stuck = stuck_for(run.stuck_days, run.stuck_since)
        return gettext("open again, {stuck}", stuck=stuck) if run.again else stuck
    if not run.started:
        return gettext("set again, not started yet" if run.again else "not started yet")
    return gettext("open again · {days}" if run.again else "open · {days}", days=days)


_NOT_STARTED = translatable("not started")

_WHEN_LEAVING = translatable({"stuck": "stuck when leaving", "working": "open when leaving"})


def participation_text(row: Mapping[str, Any], words: Words, together: Mapping[str, list[str]]) -> str:
    """Return what is to be read on hovering over a mark: who, with whom, on what, when, and who chose it."""
    learner = str(row["learner_id"])
    others = [
        words.learner_in_sentence(other) for other in together.get(str(row["episode_id"]), []) if other != learner
    ]
    who, kind = words.learner_in_sentence(learner), gettext(KIND_WORDS[row["kind"]])
    text = gettext("{name}: {what} with {others}", name=who, what=kind, others=", ".join(others))
    told = [text if others else f"{who}: {kind}"]
    told += [words.goal(row["goal_id"])] if isinstance(row["goal_id"], str) and row["goal_id"] else []
    chosen = _CHOSEN.get(row["chosen_by"]) if isinstance(row["chosen_by"], str) else None
    return "; ".join([", ".join([*told, f"{row['time']:%Y-%m-%d}"]), *([gettext(chosen)] if chosen else [])])


_CHOSEN = translatable({"learner": "chosen by the learner", "teacher": "chosen by the teacher"})


def strand_legend(words: Words, goals: Collection[str]) -> list[LegendEntry]:
    """Return the legend of the strands of these goals; none where no goal has one."""
    found = {words.strands.get(goal, "") for goal in goals}
    looks = {strand: look for strand, look in strand_looks(words.strands.values()).items() if strand in found}
    legend = [LegendEntry(plain(strand), fill=fill(look)) for strand, look in looks.items()]
    return [*legend, LegendEntry(gettext("no strand"), fill=fill(Look(NO_STRAND)))] if looks and "" in found else legend


def status_legend(found: Collection[Run]) -> list[LegendEntry]:
    """Return the legend of how these runs stand."""
    shown = {
        _OPEN: any(run.open and run.started for run in found),
        _STUCK: any(run.stuck for run in found),
        _MET: any(run.met for run in found),
        _WAITING: any(run.waiting or not run.started for run in found),
        _DROPPED: any(run.status == "dropped" for run in found),
        _AGAIN: any(run.again for run in found),
    }
    return [entry.said for entry, there in shown.items() if there]


def kind_legend(found: Collection[str], bars: bool = False) -> list[LegendEntry]:
    """Return the legend of the marks of these kinds, and of the bars if there are any."""
    bar = {kind: {**GREYS[kind], "linewidth": 0.5} if bars else {} for kind in KINDS}
    shown = [kind for kind in KINDS if kind in found]
    return [LegendEntry(gettext(KIND_WORDS[kind]), fill=bar[kind], marker=dict(MARKERS[kind])) for kind in shown]
