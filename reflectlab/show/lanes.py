"""What a class board shows: the lanes in order, the runs in each, and who took part in what."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError, one_of
from . import kinds
from .blocks import Words, count, noted
from .inputs import checked, mapping, words_of
from .runs import STRETCHES, Row, rows, runs
from .timeline import Timeline, timeline

_ORDERS = ("name", "longest_stuck")


@dataclass(frozen=True)
class Board:
    """What a board shows: the lanes, in order, with the rows of each, and who took part in what."""

    line: Timeline
    words: Words
    learners: list[str]
    lanes: Mapping[str, list[Row]]
    taking: pd.DataFrame

    def own_goals(self, learner: str) -> tuple[int, int]:
        """Return how many of a learner's goals stand at met, and how many there are; dropped ones do not count."""
        last = {row.run.goal: row.run for row in sorted(self.lanes[learner], key=lambda row: row.run.end)}
        kept = [run for run in last.values() if run.status != "dropped"]
        return sum(run.met for run in kept), len(kept)

    def stuck(self, learner: str) -> bool:
        """Return whether a learner is stuck on a goal today."""
        return any(row.run.status == "stuck" for row in self.lanes[learner])


def gather(
    stretches: pd.DataFrame, episodes: pd.DataFrame, called: tuple[Any, Any, Any], order: Any, time: tuple[Any, Any]
) -> Board:
    """Return the board of these frames, with names, titles and strands, in this order, at this time."""
    stretches = checked("stretches", stretches, STRETCHES, ["start", "stop"])
    episodes = checked("episodes", episodes, kinds.EPISODES, ["time"])
    line = timeline(*time, [(stretches, ["start", "stop"]), (episodes, ["time"])])
    names = mapping("names", called[0])
    words = words_of(names, called[1], called[2], [*stretches["goal_id"], *episodes["goal_id"]])
    found = runs(stretches, line)
    present = dict.fromkeys([*names, *sorted({run.learner for run in found} | set(episodes["learner_id"].astype(str)))])
    lanes = {learner: rows([run for run in found if run.learner == learner]) for learner in present}
    taking = episodes[episodes["time"] < line.end_of_today]
    taking = taking.assign(x=line.x(taking["time"]), kind=taking["kind"].map(kinds.kind_of))
    return Board(line, words, _ordered(order, list(present), lanes, words, bool(names)), lanes, taking)


def _ordered(order: Any, learners: list[str], lanes: Mapping[str, list[Row]], words: Words, listed: bool) -> list[str]:
    by_name = sorted(learners, key=lambda learner: _sort_key(words.learner(learner)))
    if order is None:
        return learners if listed else by_name
    if isinstance(order, str):
        one_of("order", order, _ORDERS)
        return by_name if order == "name" else sorted(by_name, key=lambda learner: _stuck_since(lanes[learner]))
    wanted = [str(learner) for learner in order]
    unknown = [learner for learner in wanted if learner not in lanes]
    if unknown:
        raise ArgumentError(f"`order` lists learners who are not in the frames or `names`: {', '.join(unknown)}.")
    return [*wanted, *(learner for learner in learners if learner not in wanted)]


def _sort_key(name: str) -> tuple[str, str]:
    bare_letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return bare_letters.casefold(), name


def _stuck_since(lane: list[Row]) -> float:
    return min((row.run.stuck[-1][0] for row in lane if row.run.status == "stuck"), default=np.inf)


def sentence(board: Board) -> str:
    """Return what is to be seen on a board, in numbers."""
    own = [board.own_goals(learner) for learner in board.learners]
    met, goals = sum(each for each, _ in own), sum(each for _, each in own)
    stuck = sum(board.stuck(learner) for learner in board.learners)
    said = [count(len(board.learners), "learner")]
    if goals:
        said.append(f"{met} of {count(goals, 'own goal')} met so far")
        said.append(f"{stuck} {'is' if stuck == 1 else 'are'} stuck today" if stuck else "Nobody is stuck today")
    else:
        said.append("No own goal noted yet")
    return ". ".join([*said, _worked_together(board.taking)]) + "."


def _worked_together(taking: pd.DataFrame) -> str:
    if taking.empty:
        return "No collaboration noted yet"
    times = count(taking["episode_id"].nunique(), "collaboration")
    said = f"{times}; learners took part {count(len(taking), 'time')}"
    known = int(taking["chosen_by"].isin(["learner", "teacher"]).sum())
    chosen = int((taking["chosen_by"] == "learner").sum())
    return f"{said}, by their own choice {noted(chosen, known, len(taking))}" if known else said
