"""What may leave the room."""

from .ledger import Ledger
from .small_groups import hide_small
from .suppression import Suppressed, suppress

__all__ = ["Ledger", "Suppressed", "hide_small", "suppress"]
