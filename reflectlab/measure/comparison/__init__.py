"""Whether goals are met sooner once a learner works on them with somebody: `compare` and what belongs to it."""

from .compare import Comparison, compare
from .counting_process import to_counting_process
from .landmark import Landmark, landmark
from .plan import Plan, plan
from .sensitivity import e_value, sensitivity

__all__ = [
    "Comparison",
    "Landmark",
    "Plan",
    "compare",
    "e_value",
    "landmark",
    "plan",
    "sensitivity",
    "to_counting_process",
]
