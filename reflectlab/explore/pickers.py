"""Pickers, what is drawn again when something else is picked, and pictures with pickers: a call each for a cell."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import ipywidgets as widgets
import traitlets
from matplotlib.axes import Axes

from ..language import gettext, translatable
from ..log import Day, ProgressLog
from .choice import Choice, Labelled
from .views import Pictures
from .widgets.day_slider import DayPicker
from .widgets.figure import FigureView
from .widgets.still import Still

_NEEDS = ("class_id", "strand", "day", "hidden")

_PAUSE = 0.003
"""How long, in seconds, nothing is drawn between two views: what was drawn is sent meanwhile."""

_REST, _STEP, _BUSY = 0.2, 0.02, 2.0
"""After how many seconds of rest work is done ahead; how long between two steps, and where the computer is busy."""

_DONE = object()

_BESIDE = 1.6
"""A step that takes so many times as long as it had the processor shows that others are at work."""


class Redraw:
    """Calls again what draws from traits of a model, once they have changed.

    Where an event loop runs, as in a notebook, each call leaves the loop free for what the reader does next: several
    quick changes are drawn once, and what a cell changes is drawn when the cell has ended. Without a loop all is drawn
    at once. What is added while it is `patient` waits for its first time until the loop is free, or all is to `finish`.

    >>> from ipywidgets import IntText
    >>> model, seen = IntText(1), []
    >>> redraw = Redraw(model)
    >>> end = redraw.add(lambda: seen.append(model.value), ["value"])
    >>> model.value = 2
    >>> end()
    >>> model.value = 3
    >>> seen
    [1, 2]
    """

    def __init__(self, model: traitlets.HasTraits) -> None:
        self._model, self.patient = model, False
        self._draws: list[Callable[[], None]] = []
        self._stale: set[int] = set()
        self._waiting = False
        self._ahead: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._work_ahead: Callable[[], Iterator[Any]] = lambda: iter(())

    def add(self, draw: Callable[[], None], needs: Sequence[str]) -> Callable[[], None]:
        """Draw, and again whenever one of the traits it needs has changed; what is added first is drawn first.

        Call what is returned, and it is drawn no more.
        """
        place = len(self._draws)
        self._draws.append(draw)

        def changed(_: Any) -> None:
            self._mark(place)

        def end() -> None:
            self._model.unobserve(changed, list(needs))
            self._stale.discard(place)

        self._model.observe(changed, list(needs))
        if self.patient:
            self._stale.add(place)
            self._go_on_soon()
        else:
            draw()
        return end

    def finish(self) -> None:
        """Draw all that is old."""
        while self._stale:
            self._draw_next()

    def later(self, act: Callable[[], Any]) -> None:
        """Do something in a quiet moment, and only what was asked for last; nothing where no event loop runs."""
        if self._ahead is not None:
            self._ahead.cancel()
        with contextlib.suppress(RuntimeError):
            self._ahead = asyncio.get_running_loop().call_later(_PAUSE, lambda: None if self._stale else act())

    def at_rest(self, work: Callable[[], Iterator[Any]]) -> None:
        """Do work ahead, a step at a time, whenever nothing has been asked for a while; each redraw begins it anew.

        Where a step shows that others need the computer, the next one is a long time off.
        """
        self._work_ahead = work
        self._begin_rest()

    def _begin_rest(self) -> None:
        if self._stale:
            return
        with contextlib.suppress(RuntimeError):
            self._rest_for(_REST, self._work_ahead())

    def _step(self, work: Iterator[Any]) -> None:
        clock, own = time.perf_counter(), time.process_time()
        if next(work, _DONE) is _DONE:
            return
        busy = time.perf_counter() - clock > _BESIDE * (time.process_time() - own)
        self._rest_for(_BUSY if busy else _STEP, work)

    def _rest_for(self, seconds: float, work: Iterator[Any]) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(seconds, self._step, work)

    def _mark(self, place: int) -> None:
        self._stale.add(place)
        if not self._go_on_soon():
            self.finish()

    def _go_on_soon(self) -> bool:
        """Have what is old drawn once the loop is free; tell whether there is one."""
        if self._rest is not None:
            self._rest.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if not self._waiting:
            self._waiting = True
            loop.call_soon(self._go_on)
        return True

    def _go_on(self) -> None:
        self._waiting = False
        if self._stale:
            self._draw_next()
        if self._stale:
            self._waiting = True
            asyncio.get_running_loop().call_later(_PAUSE, self._go_on)
        else:
            self._begin_rest()

    def _draw_next(self) -> None:
        place = min(self._stale)
        self._stale.discard(place)
        self._draws[place]()


class PickedPicture(Still, widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """One picture, and pickers of what it shows.

    Parameters
    ----------
    choice : Choice
        What is being looked at; it may be shared by several pictures.
    draw : callable
        What draws the picture from `Pictures`: one of its methods, say.
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
        self,
        choice: Choice,
        draw: Callable[[Pictures], Axes],
        *,
        pickers: tuple[str, ...],
        needs: tuple[str, ...],
        follow: str = "learner",
    ) -> None:
        self.choice = choice
        self.view = FigureView(follow=follow)
        self._picture = partial(draw, Pictures(choice))
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
    return PickedPicture(choice, Pictures.board, pickers=("class", "strand", "order", "day"), needs=(*_NEEDS, "order"))


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
    return PickedPicture(choice, Pictures.pathway, pickers=("class", "learner", "day"), needs=needs, follow="goal")


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
    return _of_class(log, Pictures.completion, class_id, day)


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
    return _of_class(log, Pictures.collaboration, class_id, day)


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
    return _of_class(log, Pictures.partners, class_id, day)


def _of_class(
    log: ProgressLog, draw: Callable[[Pictures], Axes], class_id: str | None, day: Day | None
) -> PickedPicture:
    choice = Choice(log, class_id=class_id, day=day)
    return PickedPicture(choice, draw, pickers=("class", "strand", "day"), needs=_NEEDS)


def controls(choice: Choice, pickers: tuple[str, ...]) -> widgets.HBox:
    """Return pickers, of `class, learner, strand, order, term, start, day`, in a row; where all is one, there is none.

    >>> import reflectlab
    >>> [each.description for each in controls(Choice(reflectlab.example()), ("class", "learner", "order")).children]
    ['Learner', 'Order']
    """
    nothing = {"class": len(choice.classes) < 2, "strand": len(choice.strands) < 3, "day": len(choice.days) < 2}
    nothing |= {"start": nothing["day"], "term": not choice.terms}
    made = [_PICKERS[name](choice) for name in pickers if not nothing.get(name, False)]
    layout = widgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.25rem 1rem")
    return widgets.HBox(made, layout=layout)


def _tied(
    choice: Choice, trait: str, options: Callable[[], Labelled], label: str, again: tuple[str, ...] = ()
) -> widgets.Dropdown:
    """Return a dropdown tied to a trait of the choice, with its options made again when `again` change."""
    picker = widgets.Dropdown(
        options=options(),
        description=gettext(label),
        style={"description_width": "initial"},
        layout=widgets.Layout(width="auto", max_width="22rem"),
    )
    busy = False

    def to_choice(change: Any) -> None:
        if not busy:
            setattr(choice, trait, change["new"])

    def to_picker(_: Any = None) -> None:
        nonlocal busy
        busy = True
        offered, chosen = options(), getattr(choice, trait)
        with picker.hold_sync():
            if again:
                picker.options = offered
            picker.index = next((place for place, (_, key) in enumerate(offered) if key == chosen), None)
        busy = False

    to_picker()
    picker.observe(to_choice, "value")
    choice.observe(to_picker, [trait, *again])
    return picker


def _day_picker(choice: Choice) -> DayPicker:
    """Return a picker of the day to look from."""
    picker = DayPicker(choice.days, choice.day)
    picker.observe(lambda change: setattr(choice, "day", change["new"]), "day")
    choice.observe(lambda change: setattr(picker, "day", change["new"]), "day")
    return picker


def _start_picker(choice: Choice) -> DayPicker:
    """Return a picker of the first day that is shown."""
    picker = DayPicker(choice.days, choice.begin or choice.days[0], gettext("From"))
    picker.observe(lambda change: setattr(choice, "start", change["new"]), "day")

    def follow(_: Any) -> None:
        picker.day = choice.begin if choice.begin in choice.days else choice.days[0]

    choice.observe(follow, ["start"])
    return picker


def _term_picker(choice: Choice) -> widgets.Dropdown:
    """Return a picker of the term that is shown; empty where the period is none."""
    picker = widgets.Dropdown(
        options=choice.terms,
        description=gettext("Term"),
        style={"description_width": "initial"},
        layout={"width": "auto"},
    )

    def to_choice(change: Any) -> None:
        if change["new"] is not None and change["new"] != (choice.start, choice.day):
            with choice.hold_trait_notifications():
                choice.start, choice.day = None, change["new"][1]
                choice.start = change["new"][0]

    def to_picker(_: Any = None) -> None:
        spans = [span for _, span in choice.terms]
        now = (choice.start, choice.day)
        picker.index = spans.index(now) if now in spans else None

    to_picker()
    picker.observe(to_choice, "value")
    choice.observe(to_picker, ["start", "day"])
    return picker


def _orders() -> Labelled:
    """Return the orders of the lanes to choose from."""
    return [
        (gettext("class list"), None),
        (gettext("name"), "name"),
        (gettext("longest stuck first"), "longest_stuck"),
    ]


_PICKERS: dict[str, Callable[[Choice], Any]] = {
    "class": lambda choice: _tied(choice, "class_id", lambda: choice.classes, translatable("Class")),
    "learner": lambda choice: _tied(
        choice, "learner_id", lambda: choice.learner_options, translatable("Learner"), ("class_id", "hidden")
    ),
    "strand": lambda choice: _tied(choice, "strand", lambda: choice.strands, translatable("Goals")),
    "order": lambda choice: _tied(choice, "order", _orders, translatable("Order")),
    "term": _term_picker,
    "start": _start_picker,
    "day": _day_picker,
}


def name_switch(choice: Choice) -> widgets.Checkbox:
    """Return a switch that hides the names, for a projector.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> name_switch(choice).value = True
    >>> sorted(choice.names.values())
    ['Learner 1', 'Learner 2', 'Learner 3', 'Learner 4']
    """
    switch = widgets.Checkbox(
        value=choice.hidden,
        description=gettext("Hide names (projector)"),
        indent=False,
        layout=widgets.Layout(width="auto"),
    )
    widgets.link((choice, "hidden"), (switch, "value"))
    return switch
