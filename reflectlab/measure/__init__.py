"""Measures: from a `ProgressLog` to a tidy DataFrame."""

from .availability import availability, availability_summary
from .changes import changes
from .collaboration import agency, collaboration
from .comparison import Comparison, Landmark, Plan, compare, e_value, landmark, plan, sensitivity, to_counting_process
from .completion import completion
from .digest import digest
from .episodes import episodes, role_differences
from .follow_through import follow_through
from .goals import goal_learners, goal_summary
from .lottery import Invited, invited, keep_draw
from .opportunities import opportunities
from .pathways import diversity, pathways, transitions
from .progress import spells, status, stretches
from .ties.dyads import partner_choice, to_dyads
from .ties.network import network, network_summary
from .ties.partners import partner_diversity
from .ties.qap import qap
from .time_to_goal import due_days, time_to_goal

__all__ = [
    "Comparison",
    "Invited",
    "Landmark",
    "Plan",
    "agency",
    "availability",
    "availability_summary",
    "changes",
    "collaboration",
    "compare",
    "completion",
    "digest",
    "diversity",
    "due_days",
    "e_value",
    "episodes",
    "follow_through",
    "goal_learners",
    "goal_summary",
    "invited",
    "keep_draw",
    "landmark",
    "network",
    "network_summary",
    "opportunities",
    "partner_choice",
    "partner_diversity",
    "pathways",
    "plan",
    "qap",
    "role_differences",
    "sensitivity",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "to_counting_process",
    "to_dyads",
    "transitions",
]
