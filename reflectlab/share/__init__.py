"""What may leave the room."""

from .bundle import Bundle, read_bundle
from .ledger import Ledger
from .publishing import publish
from .suppression import Suppressed, suppress

__all__ = ["Bundle", "Ledger", "Suppressed", "publish", "read_bundle", "suppress"]
