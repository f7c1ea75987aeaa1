"""Goals: how many children have each, how long it takes, who is stuck on it, and who could help."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from ... import measure
from ...language import gettext, translatable
from ...show.parts.words import called, isolated
from ..choice import Choice, Labelled
from ..views import Measured, quiet_line, spoken
from ..widgets.table import TableView
from .folded import Opened

_COLUMNS = translatable(
    {
        "goal": "Goal",
        "learners": "Children",
        "met": "Met it",
        "within": "Half meet it within",
        "stuck": "Stuck on it",
        "could_help": "Could help",
        "together": "With others",
        "alone": "Alone so far",
    }
)

_ORDERS = translatable({"slow": "the slowest first", "stuck": "most stuck first", "name": "name"})

_MOST = 5
"""How many of those who could help are named."""

_SAID = translatable(
    "School days from taking a goal up until half of those who did have met it; in brackets where that lies 95 times "
    "in 100. Who could help has met it, the latest first; five are named at most. <i>With others</i> and <i>alone</i> "
    "say how many have worked on it so. Who finds a goal hard has longer to find company: these numbers do not tell "
    "whether company helps."
)


def goals_section(opened: Opened) -> list[widgets.Widget]:
    """Return the table of goals, and the picker of its order.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> opened = Opened(choice, Measured(choice), lambda draw, needs: draw(), lambda view: None, group="")
    >>> goals_section(opened)[1].content["rows"][1]["cells"][0]
    'Give each idea its own paragraph'
    """
    choice = opened.choice
    orders: Labelled = [(label, key) for key, label in spoken(_ORDERS).items()]
    label = gettext("Order of goals")
    wide = {"width": "fit-content", "min_width": "300px", "max_width": "100%"}  # other languages have longer words
    order = widgets.Dropdown(options=orders, description=label, style={"description_width": "initial"}, layout=wide)
    people = {name: f"{name}_people" for name in ("stuck", "could_help")}
    table = TableView(columns=spoken(_COLUMNS), people=people, empty=gettext("No goal yet."), group=opened.group)

    def draw(_: Any = None) -> None:
        rows = goal_rows(choice, opened.measured, order.value)
        table.show(rows, caption=gettext("Goal by goal · {when}", when=choice.when))

    opened.add(draw, ["class_id", "strand", "start", "day", "hidden"])
    order.observe(draw, "value")
    opened.keep(table)
    return [order, table, quiet_line(_SAID)]


def goal_rows(choice: Choice, measured: Measured, order: str = "slow") -> pd.DataFrame:
    """Return what the table of goals shows, in words.

    >>> import reflectlab
    >>> choice = Choice(reflectlab.example())
    >>> goal_rows(choice, Measured(choice))[["goal", "within", "stuck"]].to_numpy().tolist()[1]
    ['Give each idea its own paragraph', '8 (too few to be sure)', 'Hēmi']
    """
    titles = dict(choice.titles)
    found = measured.of_strand(measured.of_class(measure.goal_summary, order=order))
    people = _people(measured.of_class(measure.goal_learners), choice.names)
    rows = [_row(row, titles, people) for row in found.to_dict("records")]
    columns = ["goal_id", *_COLUMNS, "stuck_people", "could_help_people"]
    return pd.DataFrame(rows, columns=columns)


def _row(row: Mapping[Any, Any], titles: dict[str, str], people: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("goal_id", "learners", "met", "together", "alone")}
    told |= {"goal": called(titles, row["goal_id"]), "within": _within(row)}
    for part in ("stuck", "could_help"):
        named = people.get((row["goal_id"], part), [])
        told |= {part: ", ".join(name for name, _ in named), f"{part}_people": named}
    return told


def _people(found: pd.DataFrame, names: Mapping[str, str]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return who is stuck on each goal and who could help, each as (name, learner_id)."""
    people: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in found.to_dict("records"):
        named = people.setdefault((row["goal_id"], row["part"]), [])
        if row["part"] == "stuck" or len(named) < _MOST:
            named.append((isolated(called(names, row["learner_id"])), row["learner_id"]))
    return people


def _within(row: Mapping[Any, Any]) -> str:
    """Return how long it takes half of them, in words."""
    half, low, high = (row[name] for name in ("median_days", "median_low", "median_high"))
    if pd.isna(half):
        return "" if pd.isna(row["days_known"]) else gettext("more than {days} so far", days=row["days_known"])
    if pd.isna(low):
        return gettext("{days} (too few to be sure)", days=half)
    if pd.isna(high):
        return gettext("{days} ({low} or more)", days=half, low=low)
    return gettext("{days} ({low} to {high})", days=half, low=low, high=high)
