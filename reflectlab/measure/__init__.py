"""Measures: from a `ProgressLog` to a tidy DataFrame."""

from .agency import agency
from .availability import availability, availability_summary
from .collaboration import collaboration, episodes
from .comparison import Comparison, compare
from .completion import completion
from .counting_process import to_counting_process
from .diversity import diversity
from .follow_through import follow_through
from .landmark import Landmark, landmark
from .network import network, network_summary
from .opportunities import opportunities
from .pathways import pathways, transitions
from .progress import spells, status, stretches
from .roles import role_differences
from .sensitivity import e_value, sensitivity
from .time_to_goal import time_to_goal

__all__ = [
    "Comparison",
    "Landmark",
    "agency",
    "availability",
    "availability_summary",
    "collaboration",
    "compare",
    "completion",
    "diversity",
    "e_value",
    "episodes",
    "follow_through",
    "landmark",
    "network",
    "network_summary",
    "opportunities",
    "pathways",
    "role_differences",
    "sensitivity",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "to_counting_process",
    "transitions",
]
