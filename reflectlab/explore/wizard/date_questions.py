"""What a file does not tell of its dates: their order, their year, their zone."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import ipywidgets as widgets

from ...language import gettext, translatable
from ..choice import Labelled
from ..widgets.text import TextView

_ASKED = translatable(
    {
        "dayfirst": "A date such as 03/04 can be read in two ways here, and no date of this file tells: choose one.",
        "year": "The dates of this file have no year: choose it.",
        "date_format": "The dates of this file are numbers, or day and month seem to be swapped: "
        "choose how to read them.",
    }
)

_ORDERS: Mapping[Any, str] = translatable(
    {"": "as the file tells", True: "the third of April", False: "the fourth of March"}
)

_FORMS: Mapping[Any, str] = translatable(
    {
        "": "as people write them",
        "excel": "as numbers, in a spreadsheet's days",
        "excel1904": "as numbers, in an old Mac spreadsheet's days",
        "unix": "as numbers, in seconds since 1970",
        "unix_ms": "as numbers, in milliseconds since 1970",
        "%Y%m%d": "as numbers, year month day",
        "%m%d": "as numbers, month day",
        "%d%m": "as numbers, day month",
        "swapped": "with day and month swapped by a spreadsheet",
    }
)

_OLDEST = 30


class DateControls(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Pickers of how dates are to be read; `arguments` has those of `load` that were picked.

    >>> controls = DateControls(lambda: None)
    >>> controls.order.value = True
    >>> controls.arguments
    {'dayfirst': True}
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        this_year = date.today().year
        years: Labelled = [
            (gettext("as written"), ""),
            *((str(year), year) for year in range(this_year + 1, this_year - _OLDEST, -1)),
        ]
        self.asked = TextView(live=True)
        self.order = _dropdown(gettext("03/04 is"), _options(_ORDERS))
        self.year = _dropdown(gettext("Year"), years)
        self.form = _dropdown(gettext("Dates are written"), _options(_FORMS))
        self.ticks = widgets.DatePicker(description=gettext("Ticks count on"), style=_STYLE, layout=_LAYOUT)
        zones = sorted(available_timezones())
        self.zone = widgets.Combobox(
            options=zones,
            value="UTC",
            ensure_option=True,
            description=gettext("Time zone"),
            style=_STYLE,
            layout=_LAYOUT,
        )
        self._all = {
            "date_format": self.form,
            "dayfirst": self.order,
            "year": self.year,
            "as_of": self.ticks,
            "tz": self.zone,
        }
        self._on_change, self._busy = on_change, False
        for control in self._all.values():
            control.observe(self._changed, "value")
        row = widgets.HBox(list(self._all.values()), layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1.25rem"))
        super().__init__([self.asked, row])
        self.say(None, ticks=False)

    @property
    def arguments(self) -> dict[str, Any]:
        """What was picked, as arguments of `load`."""
        told = {name: control.value for name, control in self._all.items() if control.value not in (None, "", "UTC")}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}

    def pick(self, arguments: dict[str, Any]) -> None:
        """Pick what arguments of `load` say, and nothing else."""
        self._busy = True
        form = arguments.get("date_format", "")
        others = [] if form in _FORMS else [(gettext("as {form}", form=form), form)]
        self.form.options = [*_options(_FORMS), *others]
        day = arguments.get("as_of")
        told = {"tz": "UTC", **arguments, "as_of": date.fromisoformat(day) if day else None}
        for name, control in self._all.items():
            control.value = told.get(name, "")
        self._busy = False

    def say(self, argument: str | None, *, ticks: bool) -> None:
        """Say what has to be picked, if anything; offer the day of ticks only where there are some."""
        self.asked.text = gettext(_ASKED.get(argument or "", ""))
        shown = ticks or self.ticks.value is not None
        self.ticks.layout.display = None if shown else "none"

    def _changed(self, _: Any) -> None:
        if not self._busy:
            self._on_change()


_STYLE = {"description_width": "initial"}

_LAYOUT = {"width": "auto", "max_width": "100%"}


def _options(told: Mapping[Any, str]) -> Labelled:
    return [(gettext(label), value) for value, label in told.items()]


def _dropdown(label: str, options: Labelled) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, description=label, style=_STYLE, layout=_LAYOUT)
