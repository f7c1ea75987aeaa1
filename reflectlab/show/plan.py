"""How likely a comparison is to find a ratio, by how many weeks are logged."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext
from .parts.curves import Curve, CurveScale, draw_curves, tick_step
from .parts.drawing import drawing
from .parts.picture import nothing
from .parts.words import checked_frame, group_columns, group_labels, in_groups, mapping, number_of, percent

_MEASURED = ("weeks", "informative", "standard_error", "power", "exaggeration")

_GOOD = 0.8


def plot_plan(
    plan: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how likely a ratio is found by how many weeks are logged, with the goals met that can tell below.

    Parameters
    ----------
    plan : pandas.DataFrame
        The `table` of `reflectlab.plan`, or several put together with a column that says which is which.
    names : mapping or pandas.Series, optional
        What these are called, by the values of that column.
    title : str, default "How likely is it to be found?"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure of its own.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.show import alt_text, plot_plan
    >>> alt_text(plot_plan(reflectlab.plan(classes=2).table))
    'How likely is it to be found? After 20 weeks the ratio is found in 95 of 100 such logs; in 80 from 13 weeks on.'
    """
    table = checked_frame("plan", plan, list(_MEASURED)).reset_index(drop=True)
    title = gettext("How likely is it to be found?") if title is None else title
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, gettext("no weeks are planned."))
        labels = group_labels(table, group_columns(table, _MEASURED), called)
        groups = {label: table[labels == label].sort_values("weeks") for label in dict.fromkeys(labels)}
        curves = [_curve(label, rows, place) for place, (label, rows) in enumerate(groups.items())]
        last = int(table["weeks"].max())
        ticks = range(0, last + 1, tick_step(last, 12))
        scale = CurveScale(
            span=(0, 1.02 * last),
            ticks=[(float(week), str(week)) for week in ticks],
            x_name=gettext("by weeks logged"),
            y_name=gettext("how likely the ratio is found"),
            counts=[[_informative(rows, week) for week in ticks] for rows in groups.values()],
            counts_name=gettext("goals met that can tell"),
        )
        return draw_curves(
            ax, title, _sentence(curves, in_groups(len(curves), group_columns(table, _MEASURED))), curves, scale
        )


def _curve(label: str, rows: pd.DataFrame, place: int) -> Curve:
    """Return the curve of one plan, from no weeks on."""
    x, y = (np.concatenate([[0.0], rows[name].to_numpy(dtype=float)]) for name in ("weeks", "power"))
    return Curve(label, x, y, y, y, place)


def _informative(rows: pd.DataFrame, week: int) -> str:
    there = rows.loc[rows["weeks"] == week, "informative"]
    return f"{there.iloc[0]:.0f}" if len(there) else ("0" if week == 0 else "")


def _sentence(curves: Sequence[Curve], groups: str) -> str:
    enough = [_enough(curve) for curve in curves]
    if len(curves) == 1:
        return _of_one(*curves[0].end, enough[0])
    if not (known := [weeks for weeks in enough if weeks]):
        most = percent(max(curve.end[1] for curve in curves))
        return gettext("At most {most} of such logs find the ratio, {groups}: nowhere 80 %.", most=most, groups=groups)
    weeks = number_of(max(known), "week")
    if min(known) < max(known):
        weeks = gettext("{low} to {high}", low=min(known), high=weeks)
    told, never = {"weeks": weeks, "groups": groups}, len(curves) - len(known)
    if never:
        return gettext(
            "80 of 100 such logs find the ratio from {weeks} on, {groups}; in {number} never so far.",
            number=never,
            **told,
        )
    return gettext("80 of 100 such logs find the ratio from {weeks} on, {groups}.", **told)


def _of_one(last: float, power: float, enough: int | None) -> str:
    told = {"weeks": number_of(int(last), "week"), "number": f"{100 * power:.0f}"}
    if enough:
        return gettext(
            "After {weeks} the ratio is found in {number} of 100 such logs; in 80 from {enough} on.",
            enough=number_of(enough, "week"),
            **told,
        )
    return gettext("After {weeks} the ratio is found in {number} of 100 such logs: in no week in 80.", **told)


def _enough(curve: Curve) -> int | None:
    """Return the week from which on power is good."""
    there = np.flatnonzero(curve.y >= _GOOD)
    return int(curve.x[there[0]]) if len(there) else None
