"""Pickers of class, learner, strand and day, each tied to one choice."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from .choice import Choice, Options
from .plain import DayPicker

_ORDERS: Options = [("class list", None), ("name", "name"), ("longest stuck first", "longest_stuck")]


def class_picker(choice: Choice) -> widgets.Dropdown:
    """Return a picker of the class.

    Examples
    --------
    >>> import reflectlab
    >>> class_picker(Choice(reflectlab.example())).value
    'Room 5'
    """
    return _tied(choice, "class_id", lambda: choice.classes, "Class")


def learner_picker(choice: Choice) -> widgets.Dropdown:
    """Return a picker of the learner, among those of the class."""
    return _tied(choice, "learner_id", lambda: choice.learner_options, "Learner", ("class_id", "hidden"))


def strand_picker(choice: Choice) -> widgets.Dropdown:
    """Return a picker of the strand of goals."""
    return _tied(choice, "strand", lambda: choice.strands, "Goals")


def order_picker(choice: Choice) -> widgets.Dropdown:
    """Return a picker of the order of the lanes."""
    return _tied(choice, "order", lambda: _ORDERS, "Order")


def day_picker(choice: Choice) -> DayPicker:
    """Return a picker of the day to look from."""
    picker = DayPicker(choice.days, choice.day)
    picker.observe(lambda change: setattr(choice, "day", change["new"]), "day")
    choice.observe(lambda change: setattr(picker, "day", change["new"]), "day")
    return picker


def name_switch(choice: Choice) -> widgets.Checkbox:
    """Return a switch that hides the names, for a projector.

    Examples
    --------
    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> name_switch(choice).value = True
    >>> sorted(choice.names.values())
    ['Learner 1', 'Learner 2', 'Learner 3', 'Learner 4']
    """
    switch = widgets.Checkbox(
        value=choice.hidden, description="Hide names (projector)", indent=False, layout=widgets.Layout(width="auto")
    )
    widgets.link((choice, "hidden"), (switch, "value"))
    return switch


PICKERS: dict[str, Callable[[Choice], Any]] = {
    "class": class_picker,
    "learner": learner_picker,
    "strand": strand_picker,
    "order": order_picker,
    "day": day_picker,
}


def controls(choice: Choice, pickers: tuple[str, ...]) -> widgets.HBox:
    """Return pickers in a row that wraps; those with nothing to choose between are left out.

    Parameters
    ----------
    choice : Choice
    pickers : tuple of str
        Of `class, learner, strand, order, day`.
    """
    nothing = {"class": len(choice.classes) < 2, "strand": len(choice.strands) < 3, "day": len(choice.days) < 2}
    made = [PICKERS[name](choice) for name in pickers if not nothing.get(name, False)]
    layout = widgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.25rem 1rem")
    return widgets.HBox(made, layout=layout)


def _tied(
    choice: Choice, trait: str, options: Callable[[], Options], label: str, again: tuple[str, ...] = ()
) -> widgets.Dropdown:
    """Return a dropdown tied to a trait of the choice, with its options made again when `again` change."""
    picker = widgets.Dropdown(
        options=options(),
        description=label,
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
