"""`Folded`: a line on the board, and below it what is made once somebody opens it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from ..choice import Choice
from ..pickers import Redraw
from ..views import Measured
from ..widgets import STYLE, script
from ..widgets.figure import FigureView
from ..widgets.still import Still
from ..widgets.table import TableView


class Fold(anywidget.AnyWidget):
    """A line that opens and closes something.

    Parameters
    ----------
    title : str

    Examples
    --------
    >>> Fold("Goals").unfolded
    False
    """

    _esm = script(Path(__file__).with_name("fold.js"))
    _css = STYLE

    title = traitlets.Unicode().tag(sync=True)
    unfolded = traitlets.Bool(False).tag(sync=True)

    def __init__(self, title: str) -> None:
        super().__init__(title=title)


@dataclass(frozen=True)
class Opened:
    """What an open section draws from: `add` has it drawn again, as `Redraw.add`; `picks` lets it be picked in."""

    choice: Choice
    measured: Measured
    add: Callable[[Callable[[], None], Sequence[str]], Any]
    picks: Callable[[FigureView | TableView], None]
    group: str

    def keep(self, view: FigureView | TableView) -> None:
        """Keep the learner lit that is looked at, and let a pick in the view be that learner."""
        self.picks(view)
        self.add(lambda: view.keep(self.choice.learner_id), ["learner_id", "hidden"])


Make = Callable[[Opened], Sequence[widgets.Widget]]


class Folded(Still, widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A section of a board. What is closed is neither measured nor drawn, and no name of it stays in the page.

    Parameters
    ----------
    title : str
    make : callable
        What makes the widgets of the section, each time that it is opened.
    redraw : Redraw
    choice, measured, picks, group
        As `Opened` has them.

    Examples
    --------
    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> more = Folded("More", lambda _: [widgets.HTML("Here")], Redraw(choice), choice, Measured(choice), print, "")
    >>> more.fold.unfolded = True
    >>> len(more.children)
    2
    >>> more.fold.unfolded = False
    >>> len(more.children)
    1
    """

    def __init__(self, title: str, make: Make, redraw: Redraw, *told: Any) -> None:
        self.fold, self._make, self._redraw, self._told = Fold(title), make, redraw, told
        self._added: list[Callable[[], None]] = []
        super().__init__([self.fold], layout=widgets.Layout(overflow="visible"))
        self.add_class("reflectlab-section")
        self.fold.observe(self._turn, "unfolded")

    def _turn(self, change: Any) -> None:
        if change["new"]:
            choice, measured, picks, group = self._told
            self.children = [self.fold, *self._make(Opened(choice, measured, self._add, picks, group))]
            return
        while self._added:
            self._added.pop()()
        gone, self.children = self.children[1:], [self.fold]
        for each in gone:
            _close(each)

    def _add(self, draw: Callable[[], None], needs: Sequence[str]) -> None:
        self._added.append(self._redraw.add(draw, needs))


def _close(widget: widgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()
