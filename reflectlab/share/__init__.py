"""What may leave the room."""

from .bundle import Bundle, read_bundle
from .ledger import Ledger
from .publishing import publish
from .small_groups import hide_small
from .suppression import Suppressed, suppress

__all__ = ["Bundle", "Ledger", "Suppressed", "hide_small", "publish", "read_bundle", "suppress"]
