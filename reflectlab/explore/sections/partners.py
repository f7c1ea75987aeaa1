"""Partners: who works with whom, with how many others and how evenly, and that week by week."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from math import isnan
from typing import Any, NamedTuple

import ipywidgets as widgets
import pandas as pd
from matplotlib.axes import Axes

from ... import measure, show
from ...language import gettext, number_in_words, translatable
from ...measure.digest import ONE_PARTNER
from ...show.parts.picture import no_wider
from ...show.parts.words import called, isolated
from ..choice import Choice
from ..views import Measured, quiet_line, spoken
from ..widgets.day_slider import StepPicker
from ..widgets.figure import Drawn, FigureView
from ..widgets.table import TableView
from .folded import Opened

_COLUMNS = translatable(
    {
        "learner": "Child",
        "episodes": "Times with others",
        "partners": "Different partners",
        "by_chance": "Were it by chance",
        "effective": "As varied as",
        "effective_by_chance": "Were it by chance",
        "only": "Only ever with",
    }
)

_NEEDS = ["class_id", "strand", "start", "day", "hidden"]

_WIDE = 9.4

_SAID = translatable(
    "<i>Were it by chance</i>: if each time the partners had been drawn from the classmates who were at school and had "
    "that goal open or had met it. <i>As varied as</i> so many partners, worked with equally often (the inverse of "
    "Simpson’s concentration, a Hill number). Who has few may like it so; who always has the same one may need an "
    "introduction. The table is of all goals, whichever are chosen above."
)


class Period(NamedTuple):
    """Days from one to another, and what they are called."""

    called: str
    start: date | None
    end: date


def partners_section(opened: Opened) -> list[widgets.Widget]:
    """Return the matrix of a class, the table of partners, and the network with a slider over the weeks.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> opened = Opened(choice, Measured(choice), lambda draw, needs: draw(), lambda view: None, group="")
    >>> [type(part).__name__ for part in partners_section(opened)]
    ['Box', 'TableView', 'HTML']
    """
    choice, drawn = opened.choice, Drawings(opened.choice, opened.measured)
    matrix, network = FigureView(group=opened.group), FigureView(group=opened.group)
    caption = gettext("With how many others")
    table = TableView(columns=spoken(_COLUMNS), about="learner_id", caption=caption, group=opened.group)
    weeks = StepPicker([], 0, gettext("Network of"))

    def draw_week(_: Any = None) -> None:
        network.show(drawn.network(weeks.index))

    def draw() -> None:
        weeks.labels = [period.called for period in drawn.periods()]
        weeks.index = len(weeks.labels) - 1
        draw_week()

    said = quiet_line(_SAID)
    beside = widgets.VBox([weeks, network], layout=widgets.Layout(overflow="visible"))

    def say_once() -> None:
        """Let the matrix alone say that nobody has worked together, where that is so."""
        nobody = drawn.nobody()
        for view in (beside, table, said):
            view.layout.display = "none" if nobody else None
        matrix.layout.max_width = "40rem" if nobody else None

    opened.add(say_once, _NEEDS)
    opened.add(lambda: matrix.draw(drawn.matrix()), _NEEDS)
    opened.add(lambda: table.show(partner_rows(choice, opened.measured)), _NEEDS)
    opened.add(draw, _NEEDS)
    weeks.observe(draw_week, "index")
    for view in (matrix, table, network):
        opened.keep(view)
    pair = widgets.Box([matrix, beside])
    pair.add_class("reflectlab-pair")
    return [pair, table, said]


class Drawings:
    """The pictures of who works with whom; in those of the weeks everybody keeps their place.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> [period.called for period in Drawings(choice, Measured(choice)).periods()]
    ['Week 1', 'Week 2', 'Week 3', 'all weeks so far']
    """

    def __init__(self, choice: Choice, measured: Measured) -> None:
        self.choice, self.measured = choice, measured
        self._week = lru_cache(16)(self._drawn)

    def periods(self) -> list[Period]:
        """Return the weeks up to the day that is looked from, and behind them all of them."""
        log, day = self.choice.period, self.choice.day
        weeks = log.calendar.weeks
        ends = [until.date() for until in weeks["until"]]
        starts = [None, *(end + timedelta(days=1) for end in ends)]
        several = weeks["term_id"].nunique() > 1
        names = [
            gettext("week {number} of {term}", number=week, term=term)
            if several
            else gettext("Week {number}", number=week)
            for term, week in zip(weeks["term_id"], weeks["week"], strict=True)
        ]
        each = map(Period, names, starts, ends)
        found = [each for each in each if each.end >= log.first_day and (each.start is None or each.start <= day)]
        return [*found, Period(gettext("all weeks so far"), None, day)]

    def nobody(self) -> bool:
        """Tell whether nobody has worked with anybody, as far as is chosen."""
        return self._edges(None, self.choice.day).empty

    def network(self, place: int) -> Drawn:
        """Return the network of one of the periods."""
        choice = self.choice
        return self._week(place, choice.class_id, choice.strand, choice.start, choice.day, choice.hidden)

    @no_wider(_WIDE)
    def matrix(self) -> Axes:
        """Draw how often each worked with each, and who only ever with one."""
        found = self.measured.of_class(measure.partner_diversity)
        often = found[found["episodes"].fillna(0) >= ONE_PARTNER].dropna(subset="only_with")
        whole = self.choice.strand is None and len(self.choice.members) > 2
        return show.plot_network_matrix(
            self._edges(None, self.choice.day),
            learners=self.choice.members,
            names=self.choice.names,
            only=often.set_index("learner_id")["only_with"] if whole else None,
        )

    def _drawn(self, place: int, *_: Any) -> Drawn:
        return Drawn.of(self._network(self.periods()[place]))

    @no_wider(_WIDE)
    def _network(self, period: Period) -> Axes:
        return show.plot_network(
            self._edges(period.start, min(period.end, self.choice.day)),
            whole=self._edges(None, self.choice.day),
            learners=self.choice.members,
            names=self.choice.names,
            title=gettext("Who worked with whom: {period}", period=period.called),
        )

    def _edges(self, start: date | None, end: date) -> pd.DataFrame:
        strand = self.choice.strand
        by = () if strand is None else ("strand",)
        if start is None and end == self.choice.day:
            found = self.measured.of_class(measure.network, by=by)
        else:
            found = measure.network(self.measured.class_log.select(start=start), by=by, on=end)
        return found if strand is None else found[found["strand"] == strand].drop(columns="strand")


def partner_rows(choice: Choice, measured: Measured) -> pd.DataFrame:
    """Return what the table of partners shows, in the order of the class list.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> partner_rows(choice, Measured(choice))[["learner", "partners", "only"]].to_numpy().tolist()[1]
    ['Ben', 2, '']
    """
    found = measured.of_class(measure.partner_diversity)
    told = {row["learner_id"]: row for row in found.to_dict("records")}
    rows = [_row(told[learner], choice.names) for learner in choice.members if learner in told]
    return pd.DataFrame(rows, columns=["learner_id", *_COLUMNS])


def _row(found: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, Any]:
    only = found["only_with"]
    return {
        "learner_id": found["learner_id"],
        "learner": isolated(called(names, found["learner_id"])),
        "episodes": found["episodes"],
        "partners": found["partners"],
        "by_chance": _told(found["partners_by_chance"]),
        "effective": _told(found["effective_partners"]),
        "effective_by_chance": _told(found["effective_by_chance"]),
        "only": isolated(called(names, only)) if isinstance(only, str) else "",
    }


def _told(number: float) -> str:
    return "" if isnan(number) else number_in_words(number, 1)
