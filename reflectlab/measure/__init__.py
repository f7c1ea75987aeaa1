"""Measures: from a `ProgressLog` to a tidy DataFrame."""

from .collaboration import collaboration, episodes
from .comparison import Comparison, compare
from .completion import completion
from .counting_process import to_counting_process
from .landmark import Landmark, landmark
from .pathways import pathways, transitions
from .progress import spells, status, stretches
from .sensitivity import e_value, sensitivity
from .time_to_goal import time_to_goal

__all__ = [
    "Comparison",
    "Landmark",
    "collaboration",
    "compare",
    "completion",
    "e_value",
    "episodes",
    "landmark",
    "pathways",
    "sensitivity",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "to_counting_process",
    "transitions",
]
