"""The kinds of collaboration: their words, their marks, and what a mark says."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .style import INK, Look

EPISODES = ["episode_id", "time", "learner_id", "goal_id", "kind", "chosen_by"]
KINDS = ("shared_goal", "gave_support", "sought_support", "other")
WORDS = {
    "shared_goal": "shared goal",
    "gave_support": "gave support",
    "sought_support": "sought support",
    "other": "no open goal in common noted",
}
PHRASES = {
    "shared_goal": "on a shared goal",
    "gave_support": "giving support",
    "sought_support": "seeking it",
    "other": "with no open goal in common noted",
}
LOOKS = {
    "shared_goal": Look("#44AA99"),
    "gave_support": Look("#332288", "////"),
    "sought_support": Look("#DDCC77", "\\\\\\\\"),
    "other": Look("#BBBBBB", "---"),
}
GREYS: Mapping[str, dict[str, Any]] = {
    "shared_goal": {"facecolor": "#DDDDDD", "edgecolor": "#DDDDDD"},
    "gave_support": {"facecolor": "#444444", "edgecolor": "#444444"},
    "sought_support": {"facecolor": "#999999", "edgecolor": "#FFFFFF", "hatch": "////"},
    "other": {"facecolor": "#FFFFFF", "edgecolor": "#888888", "hatch": "---"},
}
MARKERS: Mapping[str, dict[str, Any]] = {
    "shared_goal": {"marker": "o", "s": 27, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
    "gave_support": {"marker": "^", "s": 36, "facecolor": INK, "edgecolor": "white", "linewidth": 0.6},
    "sought_support": {"marker": "v", "s": 32, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
    "other": {"marker": "o", "s": 11, "facecolor": INK, "edgecolor": "white", "linewidth": 0.6},
}


def kind_of(row_kind: object) -> str:
    """Return a kind that can be drawn; what is not one is `other`."""
    return row_kind if isinstance(row_kind, str) and row_kind in KINDS else "other"


def partners(episodes: pd.DataFrame) -> dict[str, list[str]]:
    """Return who took part in each episode."""
    pairs = zip(episodes["episode_id"].astype(str), episodes["learner_id"].astype(str), strict=True)
    together: dict[str, list[str]] = {}
    for episode, learner in pairs:
        together.setdefault(episode, []).append(learner)
    return together


def told_kinds(found: Mapping[Any, int]) -> str:
    """Return how often it was of which kind, in words.

    Examples
    --------
    >>> told_kinds({"shared_goal": 4, "gave_support": 0, "sought_support": 1})
    '4 on a shared goal, 1 seeking support'
    """
    parts = {kind: f"{found[kind]} {PHRASES[kind]}" for kind in KINDS if found.get(kind, 0)}
    if "gave_support" not in parts and "sought_support" in parts:
        parts["sought_support"] = f"{found['sought_support']} seeking support"
    return ", ".join(parts.values())
