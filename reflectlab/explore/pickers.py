"""Pictures with pickers above them, one call each, for a cell of a notebook."""

from typing import Any

import ipywidgets as widgets

from ..log import Day, ProgressLog
from .choice import Choice
from .controls import controls
from .figure import FigureView
from .pictures import Pictures

_NEEDS = ("class_id", "strand", "day", "hidden")


class PickedPicture(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """One picture, and pickers of what it shows.

    Parameters
    ----------
    choice : Choice
        What is being looked at; it may be shared by several pictures.
    what : str
        The picture: a method of `Pictures`.
    pickers : tuple of str
        The pickers above it, of `class, learner, strand, order, day`.
    follow : {"learner", "goal"}
        What lights up with a mark that is pointed at.

    Attributes
    ----------
    choice : Choice
        Its `class_id, learner_id, strand, order` and `day` may be set and observed.
    view : FigureView
        The picture as it is shown now; `view.selected` is what is picked in it.

    Examples
    --------
    >>> import reflectlab
    >>> shown = learner_pathway(reflectlab.example())
    >>> shown.choice.learner_id = "ben"
    >>> shown.view.title
    'Ben'
    """

    def __init__(
        self, choice: Choice, what: str, *, pickers: tuple[str, ...], needs: tuple[str, ...], follow: str = "learner"
    ) -> None:
        self.choice = choice
        self.view = FigureView(follow=follow)
        self._picture = getattr(Pictures(choice), what)
        self._draw()
        choice.observe(self._draw, needs)
        self.view.observe(self._on_selected, "selected")
        super().__init__([controls(choice, pickers), self.view])

    def _draw(self, _: Any = None) -> None:
        self.view.draw(self._picture())

    def _on_selected(self, change: Any) -> None:
        learner = change["new"].get("learner_id")
        if learner in self.choice.members:
            self.choice.learner_id = learner


def class_board(log: ProgressLog, *, class_id: str | None = None, day: Day | None = None) -> PickedPicture:
    """Show a class, with pickers of class, goals, order and day.

    Parameters
    ----------
    log : ProgressLog
    class_id : str, optional
        The class to begin with; the first of the log by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.

    Returns
    -------
    PickedPicture

    Examples
    --------
    >>> import reflectlab
    >>> shown = class_board(reflectlab.example(), day="2026-08-03")
    >>> shown.view.description
    'Room 5 · Monday 3 August 2026. 4 learners. ...'
    """
    choice = Choice(log, class_id=class_id, day=day)
    return PickedPicture(choice, "board", pickers=("class", "strand", "order", "day"), needs=(*_NEEDS, "order"))


def learner_pathway(log: ProgressLog, *, learner_id: str | None = None, day: Day | None = None) -> PickedPicture:
    """Show one learner's term, with pickers of class, learner and day.

    Parameters
    ----------
    log : ProgressLog
    learner_id : str, optional
        The learner to begin with; the first of the class list by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.

    Returns
    -------
    PickedPicture

    Examples
    --------
    >>> import reflectlab
    >>> learner_pathway(reflectlab.example(), learner_id="hemi").view.title
    'Hēmi'
    """
    choice = Choice(log, learner_id=learner_id, day=day)
    needs = ("learner_id", "strand", "day", "hidden")
    return PickedPicture(choice, "pathway", pickers=("class", "learner", "day"), needs=needs, follow="goal")


def completion(log: ProgressLog, *, class_id: str | None = None, day: Day | None = None) -> PickedPicture:
    """Show the share of own goals that a class met, with pickers of class, goals and day.

    Parameters
    ----------
    log : ProgressLog
    class_id : str, optional
        The class to begin with; the first of the log by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.

    Returns
    -------
    PickedPicture

    Examples
    --------
    >>> import reflectlab
    >>> completion(reflectlab.example()).view.title
    'Own goals met so far'
    """
    return _of_class(log, "completion", class_id, day)


def collaboration(log: ProgressLog, *, class_id: str | None = None, day: Day | None = None) -> PickedPicture:
    """Show how a class worked together, week by week, with pickers of class, goals and day.

    Parameters
    ----------
    log : ProgressLog
    class_id : str, optional
        The class to begin with; the first of the log by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.

    Returns
    -------
    PickedPicture

    Examples
    --------
    >>> import reflectlab
    >>> collaboration(reflectlab.example()).view.title
    'Working together'
    """
    return _of_class(log, "collaboration", class_id, day)


def partners(log: ProgressLog, *, class_id: str | None = None, day: Day | None = None) -> PickedPicture:
    """Show how often each learner of a class worked with others, with pickers of class, goals and day.

    Parameters
    ----------
    log : ProgressLog
    class_id : str, optional
        The class to begin with; the first of the log by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.

    Returns
    -------
    PickedPicture

    Examples
    --------
    >>> import reflectlab
    >>> partners(reflectlab.example()).view.title
    'Who worked with others'
    """
    return _of_class(log, "partners", class_id, day)


def _of_class(log: ProgressLog, what: str, class_id: str | None, day: Day | None) -> PickedPicture:
    choice = Choice(log, class_id=class_id, day=day)
    return PickedPicture(choice, what, pickers=("class", "strand", "day"), needs=_NEEDS)
