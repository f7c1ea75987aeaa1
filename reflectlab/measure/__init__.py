"""Measures: from a `ProgressLog` to a tidy DataFrame."""

from .collaboration import collaboration, episodes
from .completion import completion
from .pathways import pathways, transitions
from .progress import spells, status, stretches
from .time_to_goal import time_to_goal

__all__ = [
    "collaboration",
    "completion",
    "episodes",
    "pathways",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "transitions",
]
