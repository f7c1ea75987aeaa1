"""How long a goal takes: the share met by each school day since it was taken up."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .parts.curves import Curve, CurveScale, draw_curves, tick_step
from .parts.drawing import drawing
from .parts.picture import nothing
from .parts.words import checked_frame, group_columns, group_labels, in_groups, mapping, number_of, percent

_MEASURED = ("days", "at_risk", "met", "dropped", "share_met", "low", "high")


def plot_time_to_goal(
    time_to_goal: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str = "How long a goal takes",
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
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, "no goal has been met or dropped.")
        labels = group_labels(table, group_columns(table, _MEASURED), called)
        groups = {label: table[labels == label].sort_values("days") for label in dict.fromkeys(labels)}
        curves = [_curve(label, rows, place) for place, (label, rows) in enumerate(groups.items())]
        last = int(table["days"].max())
        ticks = range(0, last + 1, tick_step(last, 12))
        scale = CurveScale(
            span=(0, 1.02 * last),
            ticks=[(float(day), str(day)) for day in ticks],
            x_name="by school days since the goal was taken up",
            y_name="share of goals met",
            steps=True,
            counts=[[str(_at_risk(rows, day)) for day in ticks] for rows in groups.values()],
            counts_name="goals still open",
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
    said = f"{number_of(met, 'goal')} met, {dropped or 'none'} dropped."
    halves = [_half_met(curve) for curve in curves]
    if len(curves) == 1:
        x, y = curves[0].end
        days = number_of(int(x), "school day")
        if halves[0] is None:
            return f"{said} {percent(y)} are met within {days}. The band is the 95 % interval."
        if halves[0] == int(x):
            return f"{said} {percent(y)} are met within {days}, fewer than half before. The band is the 95 % interval."
        half = f"Half are met within {number_of(halves[0], 'school day')}, {percent(y)} within {x:.0f}"
        return f"{said} {half}. The band is the 95 % interval."
    known = [half for half in halves if half]
    if not known:
        return f"{said} Nowhere are half of them met yet, {groups}. The bands are 95 % intervals."
    spread = f"{min(known)} to " if len(set(known)) > 1 else ""
    few = f" (in {len(halves) - len(known)} not yet)" if len(known) < len(halves) else ""
    within = f"within {spread}{number_of(max(known), 'school day')}"
    return f"{said} Half are met {within}, {groups}{few}. The bands are 95 % intervals."


def _half_met(curve: Curve) -> int | None:
    there = np.flatnonzero(curve.y >= 0.5)
    return int(curve.x[there[0]]) if len(there) else None
