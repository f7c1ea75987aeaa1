"""The measures once more, from the design alone, in plain Python loops: slow, and easy to check by eye.

Nothing here imports reflectlab. A `School` holds plain rows; each function answers like the measure of the
same name, as a pandas frame. Where the design leaves room, the reading taken is in the docstring concerned.
"""

from tests.oracle.changes import changes
from tests.oracle.goals import goal_learners, goal_summary
from tests.oracle.partners import partner_diversity
from tests.oracle.progress import completion, goes, spells, status, stretches, time_to_goal
from tests.oracle.school import School
from tests.oracle.sequences import pathways, transitions
from tests.oracle.together import collaboration, episodes

__all__ = [
    "School",
    "changes",
    "collaboration",
    "completion",
    "episodes",
    "goal_learners",
    "goal_summary",
    "goes",
    "partner_diversity",
    "pathways",
    "spells",
    "status",
    "stretches",
    "time_to_goal",
    "transitions",
]
