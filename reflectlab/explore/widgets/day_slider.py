"""Sliders over steps of time: the school days of a log, its weeks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import anywidget
import traitlets

from ...language import gettext
from ..choice import day_text
from . import STYLE, script


class StepPicker(anywidget.AnyWidget):
    """A slider over steps that have names.

    Parameters
    ----------
    labels : sequence of str
        What the steps are called.
    index : int
        The step to begin with.
    label : str
        What is picked.

    Examples
    --------
    >>> StepPicker(["Week 1", "Week 2"], 1, "Week").index
    1
    """

    _esm = script("day_slider.js")
    _css = STYLE

    label = traitlets.Unicode().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)

    def __init__(self, labels: Sequence[str], index: int, label: str) -> None:
        super().__init__(labels=list(labels), index=index, label=label)


class DayPicker(StepPicker):
    """A slider over school days.

    Parameters
    ----------
    days : sequence of date
    day : date, optional
        The day to begin with; the last by default.
    label : str, default "As of"
        What is picked.

    Examples
    --------
    >>> picker = DayPicker([date(2026, 7, 20), date(2026, 7, 21)])
    >>> picker.labels[picker.index]
    'Tuesday 21 July 2026'
    """

    day = traitlets.Instance(date)

    def __init__(self, days: Sequence[date], day: date | None = None, label: str | None = None) -> None:
        self._days = list(days)
        super().__init__([day_text(each) for each in days], 0, gettext("As of") if label is None else label)
        self.day = day if day in self._days else self._days[-1]

    @traitlets.observe("index")
    def _on_index(self, change: Any) -> None:
        if 0 <= change["new"] < len(self._days):
            self.day = self._days[change["new"]]

    @traitlets.observe("day")
    def _on_day(self, change: Any) -> None:
        if change["new"] in self._days:
            self.index = self._days.index(change["new"])
