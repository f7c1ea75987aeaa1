"""How long a goal takes: the share met by each school day since it was taken up."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext
from .parts.curves import Curve, CurveScale, draw_curves, tick_step
from .parts.drawing import drawing
from .parts.picture import nothing
from .parts.words import checked_frame, group_columns, group_labels, in_groups, mapping, number_of, percent

_MEASURED = ("days", "at_risk", "met", "dropped", "share_met", "low", "high")


def plot_time_to_goal(
    time_to_goal: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of goals met by each school day since they were taken up, with its 95 % interval.

    Below stands how many goals were still open and followed on a day. Up to three groups share a panel, more
    have one each.

    Parameters
    ----------
    time_to_goal : pandas.DataFrame
        As `reflectlab.time_to_goal` gives it, of one group or several.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "How long a goal takes"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_time_to_goal
    >>> curve = pd.DataFrame({"days": [3, 8], "at_risk": [4, 2], "met": [2, 1], "dropped": [0, 0],
    ...                       "share_met": [0.5, 0.75], "low": [0.1, 0.3], "high": [0.9, 1.0]})
    >>> alt_text(plot_time_to_goal(curve))
    'How long a goal takes. 3 goals met, none dropped. Half are met within 3 school days, 75 % within 8. ...'
    """
    table = checked_frame("time_to_goal", time_to_goal, list(_MEASURED)).reset_index(drop=True)
    title = gettext("How long a goal takes") if title is None else title
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, gettext("no goal has been met or dropped."))
        labels = group_labels(table, group_columns(table, _MEASURED), called)
        groups = {label: table[labels == label].sort_values("days") for label in dict.fromkeys(labels)}
        curves = [_curve(label, rows, place) for place, (label, rows) in enumerate(groups.items())]
        last = int(table["days"].max())
        ticks = range(0, last + 1, tick_step(last, 12))
        scale = CurveScale(
            span=(0, 1.02 * last),
            ticks=[(float(day), str(day)) for day in ticks],
            x_name=gettext("by school days since the goal was taken up"),
            y_name=gettext("share of goals met"),
            steps=True,
            counts=[[str(_at_risk(rows, day)) for day in ticks] for rows in groups.values()],
            counts_name=gettext("goals still open"),
        )
        sentence = _sentence(table, curves, in_groups(len(curves), group_columns(table, _MEASURED)))
        return draw_curves(ax, title, sentence, curves, scale)


def _curve(label: str, rows: pd.DataFrame, place: int) -> Curve:
    """Return the curve of one group, from nothing met on day 0."""
    columns = ("days", "share_met", "low", "high")
    x, y, low, high = (np.concatenate([[0.0], rows[name].to_numpy(dtype=float)]) for name in columns)
    return Curve(label, x, y, low, high, place)


def _at_risk(rows: pd.DataFrame, day: int) -> int:
    """Return how many goals were followed on a day: as many as when the next of them was met or dropped."""
    later = rows.loc[rows["days"] >= day, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


def _sentence(table: pd.DataFrame, curves: Sequence[Curve], groups: str) -> str:
    met, dropped = int(table["met"].sum()), int(table["dropped"].sum())
    goals = number_of(met, "goal")
    said = gettext("{goals} met, {dropped} dropped.", goals=goals, dropped=dropped) if dropped else ""
    said = said or gettext("{goals} met, none dropped.", goals=goals)
    halves = [_half_met(curve) for curve in curves]
    rest = _of_one(curves[0].end, halves[0]) if len(curves) == 1 else _of_several(halves, groups)
    return f"{said} {rest}"


def _of_one(end: tuple[float, float], half: int | None) -> str:
    told = {"share": percent(end[1]), "days": number_of(int(end[0]), "school day")}
    if half is None:
        return gettext("{share} are met within {days}. The band is the 95 % interval.", **told)
    if half == int(end[0]):
        return gettext("{share} are met within {days}, fewer than half before. The band is the 95 % interval.", **told)
    return gettext(
        "Half are met within {half}, {share} within {last}. The band is the 95 % interval.",
        half=number_of(half, "school day"),
        share=told["share"],
        last=f"{end[0]:.0f}",
    )


def _of_several(halves: Sequence[int | None], groups: str) -> str:
    known = [half for half in halves if half]
    if not known:
        return gettext("Nowhere are half of them met yet, {groups}. The bands are 95 % intervals.", groups=groups)
    days = number_of(max(known), "school day")
    if min(known) < max(known):
        days = gettext("{low} to {high}", low=min(known), high=days)
    if len(known) == len(halves):
        return gettext("Half are met within {days}, {groups}. The bands are 95 % intervals.", days=days, groups=groups)
    return gettext(
        "Half are met within {days}, {groups} (in {number} not yet). The bands are 95 % intervals.",
        days=days,
        groups=groups,
        number=len(halves) - len(known),
    )


def _half_met(curve: Curve) -> int | None:
    there = np.flatnonzero(curve.y >= 0.5)
    return int(curve.x[there[0]]) if len(there) else None
