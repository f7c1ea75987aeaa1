"""Whether goals are met sooner once a learner works on them with somebody: `compare` and what belongs to it."""

from .compare import Comparison, compare
from .counting_process import to_counting_process
from .landmark import Landmark, landmark
from .sensitivity import e_value, sensitivity

__all__ = ["Comparison", "Landmark", "compare", "e_value", "landmark", "sensitivity", "to_counting_process"]
