"""What may leave the room."""

from .small_groups import hide_small

__all__ = ["hide_small"]
