"""The log of a class: five tables, normalised, checked and put on the calendar."""

from .progress_log import Day, ProgressLog, as_day, midnight

__all__ = ["Day", "ProgressLog", "as_day", "midnight"]
