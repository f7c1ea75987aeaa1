"""The log of a class: five tables, normalised, checked and put on the calendar."""

from .frames import midnight
from .progress_log import Day, ProgressLog, as_day

__all__ = ["Day", "ProgressLog", "as_day", "midnight"]
