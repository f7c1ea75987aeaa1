"""A slider over the school days of a log."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import anywidget
import traitlets

from ..choice import day_text
from . import STYLE, script


class DayPicker(anywidget.AnyWidget):
    """A slider over school days.

    Parameters
    ----------
    days : sequence of date
    day : date, optional
        The day to begin with; the last by default.

    Examples
    --------
    >>> picker = DayPicker([date(2026, 7, 20), date(2026, 7, 21)])
    >>> picker.labels[picker.index]
    'Tuesday 21 July 2026'
    """

    _esm = script("day_slider.js")
    _css = STYLE

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)
    day = traitlets.Instance(date)

    def __init__(self, days: Sequence[date], day: date | None = None) -> None:
        self._days = list(days)
        super().__init__(labels=[day_text(each) for each in days])
        self.day = day if day in self._days else self._days[-1]

    @traitlets.observe("index")
    def _on_index(self, change: Any) -> None:
        if 0 <= change["new"] < len(self._days):
            self.day = self._days[change["new"]]

    @traitlets.observe("day")
    def _on_day(self, change: Any) -> None:
        if change["new"] in self._days:
            self.index = self._days.index(change["new"])
