"""What a lane is made of: each time a learner has a goal open is one run, drawn in a row of the lane."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from .timeline import Timeline

STRETCHES = ["learner_id", "goal_id", "status", "start", "stop", "start_day"]

_SHORTEST = 0.3
_WAITING_SHARE, _MOST_WAITING = 0.45, 3

Spell = attrgetter("learner", "goal")


class Piece(NamedTuple):
    """One stretch, in places of the timeline."""

    learner: str
    goal: str
    status: str
    x0: float
    x1: float
    start_day: int


@dataclass(eq=False)
class Run:
    """A goal from when a learner had it open until it was met, dropped, or today.

    Attributes
    ----------
    begin, end : float
        From when work began; of waiting, where work has not begun.
    waiting : (float, float) or None
        From set to the beginning of work.
    started : bool
        Whether work has begun.
    status : str
        Where it stands in the end: `met`, `dropped`, or the open status of today.
    stuck : list of (float, float)
    days : int
        School days from started (set where nobody noted a start) to the end, both counted.
    stuck_days : int
        School days that the last stuck stretch took.
    again : bool
        Whether the goal had been met or dropped before.
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
    again: bool

    @property
    def met(self) -> bool:
        """Whether it ended in met."""
        return self.status == "met"

    @property
    def open(self) -> bool:
        """Whether it is still open today."""
        return self.status not in ("met", "dropped")


class Row(NamedTuple):
    """Where in its lane a run is drawn, as shares of the lane from the top."""

    run: Run
    top: float
    bottom: float


def runs(stretches: pd.DataFrame, line: Timeline) -> list[Run]:
    """Return the runs of these stretches as of today, sorted by learner, then by when work began.

    Parameters
    ----------
    stretches : pandas.DataFrame
        As `reflectlab.stretches` gives them.
    line : Timeline
    """
    pieces = sorted(_pieces(stretches, line), key=Spell)
    made = [run for _, spell in groupby(pieces, Spell) for run in _runs_of(list(spell), line.now)]
    return sorted(made, key=lambda run: (run.learner, run.begin, run.end))


def rows(lane: Sequence[Run]) -> list[Row]:
    """Share a lane among the runs of one learner: runs at the same time lie in thinner rows.

    Goals that wait to be started while there is work wait in slim rows at the bottom, so that they do not press
    upon it.
    """
    waiting = [run for run in lane if not run.started and any(_meet(run, other) for other in lane if other.started)]
    slim = min(len(waiting), _MOST_WAITING)
    floor = 1 / (1 + slim * _WAITING_SHARE)
    step = (1 - floor) / slim if slim else 0.0
    placed = [Row(run, *_slot(floor, step, min(place, slim - 1))) for place, run in enumerate(waiting)]
    for cluster in _clusters([run for run in lane if run not in waiting]):
        tracks = _tracks(cluster)
        height = floor / (max(tracks) + 1)
        placed += [Row(run, *_slot(0.0, height, track)) for run, track in zip(cluster, tracks, strict=True)]
    return placed


def free_waiting(row: Row, lane: Sequence[Row]) -> tuple[float, float] | None:
    """Return the part of a run's wait before work that no other run of its row covers."""
    if row.run.waiting is None:
        return None
    since, until = row.run.waiting
    for other in lane:
        beside = other.top < row.bottom - 1e-9 and row.top < other.bottom - 1e-9
        if other.run is not row.run and beside and other.run.begin < until:
            since = max(since, other.run.end)
    return (since, until) if until - since > _SHORTEST else None


def _pieces(stretches: pd.DataFrame, line: Timeline) -> list[Piece]:
    known = stretches[stretches["start"] < line.end_of_today].sort_values("start", kind="stable")
    start, stop = line.x(known["start"]), line.x(known["stop"])
    stop = np.minimum(np.where(np.isnan(stop), line.now, stop), max(line.now, 0))
    words = (known[column].astype(str) for column in ("learner_id", "goal_id", "status"))
    return list(map(Piece, *words, start.tolist(), stop.tolist(), known["start_day"].astype(int)))


def _runs_of(spell: list[Piece], now: float) -> Iterator[Run]:
    opened: list[Piece] = []
    again = False
    for piece in spell:
        if piece.status not in ("met", "dropped"):
            opened.append(piece)
        elif opened or piece.status == "met":
            yield _run(opened or [piece], piece, again, now)
            opened, again = [], True
    if opened:
        yield _run(opened, None, again, now)


def _run(pieces: list[Piece], close: Piece | None, again: bool, now: float) -> Run:
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
        stuck=[(piece.x0, piece.x1) for piece in stuck],
        days=close.start_day - first.start_day + 1 if close else _days(first.x0, now),
        stuck_days=_days(stuck[-1].x0, stuck[-1].x1) if stuck else 0,
        again=again,
    )


def _days(start: float, stop: float) -> int:
    return max(int(np.ceil(stop)) - int(np.floor(start)), 1)


def _meet(one: Run, other: Run) -> bool:
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
