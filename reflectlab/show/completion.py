"""The share of their own goals that learners met, with its interval: by group, or over the weeks."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext
from .parts.curves import Curve, CurveScale, draw_curves
from .parts.drawing import drawing
from .parts.picture import (
    PAD,
    SMALL,
    Margins,
    PicturePage,
    SideColumn,
    label_column,
    new_page,
    nothing,
    room_width,
    with_ticks,
)
from .parts.style import BRIGHT, HAIR, INK, SOFT
from .parts.words import (
    PERIODS,
    cannot_tell_sentences,
    checked_frame,
    group_columns,
    group_labels,
    in_groups,
    mapping,
    number_of,
    own_goals_in_words,
    percent,
    period_labels,
    short_periods,
    some_of,
    whole_percent,
)

_WIDTH, _ROW = 10.0, 0.3

_ASIDE, _ABOVE, _COUNTED_FROM = 0.2, 0.05, 6.0

_MEASURED = ("goals", "met", "dropped", "left_open", "learners", "rate", "low", "high")

_NEEDED = ["goals", "met", "rate", "low", "high"]


def plot_completion(
    completion: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of own goals met: a dot on its 95 % interval for each group, or a line over the weeks.

    Groups stand in the order of the frame. Up to three lines share a panel, more have one each.

    Parameters
    ----------
    completion : pandas.DataFrame
        As `reflectlab.completion` gives it, with or without `every`. A missing rate is one that is not told.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "Own goals met"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the groups.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_completion
    >>> rates = pd.DataFrame({"class_id": ["Room 5"], "goals": [20], "met": [15], "rate": [0.75], "low": [0.53],
    ...                       "high": [0.89]})
    >>> alt_text(plot_completion(rates))
    'Own goals met. 15 of 20 own goals met in Room 5: 75 % (53 to 89 %). The line is the 95 % interval.'
    """
    table = checked_frame("completion", completion, _NEEDED).reset_index(drop=True)
    title = gettext("Own goals met") if title is None else title
    if untold := cannot_tell_sentences(completion):
        met = gettext("{goals} met", goals=number_of(_met_in_the_end(table), "goal"))
        text = f"{met}. {' '.join(untold)}"
        with drawing():
            return new_page(ax, title, text, [], (8.0, 0.2), Margins()).ax
    called = mapping("names", names)
    with drawing():
        if table.empty:
            return nothing(ax, title, gettext("no own goals have been set."))
        labels = group_labels(table, group_columns(table, _MEASURED), called)
        if any(column in table for column in PERIODS):
            return _over_time(table, labels, title, ax)
        return _by_group(table, labels, title, ax)


def _met_in_the_end(table: pd.DataFrame) -> int:
    """Return how many goals are met in all; over time, in the last period."""
    columns = [column for column in PERIODS if column in table]
    last = table[columns].iloc[-1] if columns and len(table) else None
    return _total(table["met"] if last is None else table.loc[(table[columns] == last).all(axis=1), "met"])


def _over_time(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    places, periods = period_labels(table)
    curves = []
    for number, label in enumerate(dict.fromkeys(labels)):
        rows = table[labels == label].assign(place=places).sort_values("place")
        columns = ("place", "rate", "low", "high")
        x, y, low, high = (rows[column].to_numpy(dtype=float, na_value=np.nan) for column in columns)
        curves.append(Curve(label, x, y, low, high, number))
    groups = in_groups(len(curves), group_columns(table, _MEASURED))
    sentence = _sentence_over_time(table[places == places.max()], groups, periods[-1])
    ticks = [(float(place), word) for place, word in enumerate(short_periods(periods))]
    each = gettext("at the end of each week" if "week" in table else "at the end of each term")
    scale = CurveScale((-0.3, len(periods) - 0.7), ticks, each, gettext("share of own goals met"))
    return draw_curves(ax, title, sentence, curves, scale)


def _sentence_over_time(last: pd.DataFrame, groups: str, period: str) -> str:
    if last["rate"].isna().all():
        return gettext("No rate is told for {period}.", period=period)
    told = {"met": _met(last), "period": period}
    if len(last) == 1:
        rate = _note(1, 1, *last.iloc[0][["rate", "low", "high"]])[1]
        return gettext("{met} by {period}: {rate}. The band is the 95 % interval.", rate=rate, **told)
    groups = f"{groups}{_untold(last)}"
    return gettext("{met} by {period} {groups}. The bands are 95 % intervals.", groups=groups, **told)


def _met(table: pd.DataFrame) -> str:
    return own_goals_in_words(_total(table["met"]), _total(table["goals"]))


def _total(column: pd.Series) -> int:
    return int(column.fillna(0).sum())


def _note(met: Any, goals: Any, rate: Any, low: Any, high: Any) -> tuple[str, str]:
    counted = "" if pd.isna(goals) or pd.isna(met) else some_of(met, goals)
    if pd.isna(rate):
        return counted, gettext("no goals yet" if counted and not goals else "no rate told")
    told = {"rate": percent(rate), "low": whole_percent(low), "high": percent(high)}
    return counted, gettext("{rate} ({low} to {high})", **told)


def _untold(table: pd.DataFrame) -> str:
    hidden = int(table["rate"].isna().sum())
    return " " + gettext("(no rate is told of {number})", number=hidden) if hidden else ""


def _by_group(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    width, rows = room_width(ax, _WIDTH), len(table)
    texts, column, tall = label_column(list(labels), min(2.6, 0.3 * width))
    beside = _side_columns(table) if width >= _COUNTED_FROM else _side_columns(table)[1:]
    right = _ASIDE + sum(each.width + 0.15 for each in beside) + PAD
    size = (width, max(_ROW, tall + 0.08) * max(rows, 2))
    page = new_page(ax, title, _sentence(table, labels), [], size, Margins(max(column, 0.1) + 0.3, right, 0.3, 0.25))
    page.ax.set_xlim(0, 1)
    page.ax.set_ylim(rows - 0.5, -0.5)
    _shares_above(page, rows)
    _draw_rates(page.ax, table)
    page.label_rows(texts, gap=0.12)
    page.side_columns(beside, start=_ASIDE, gap=0.15, above=_ABOVE)
    return page.ax


def _side_columns(table: pd.DataFrame) -> list[SideColumn]:
    """Return the figures beside the dots: how many goals were met, and their share with its interval."""
    figures = [table[column] for column in ("met", "goals", "rate", "low", "high")]
    notes = [_note(*row) for row in zip(*figures, strict=True)]
    counts = SideColumn(gettext("goals met"), [counted for counted, _ in notes], SOFT)
    return [counts, SideColumn(gettext("share (interval)"), [rate for _, rate in notes], INK)]


def _sentence(table: pd.DataFrame, labels: pd.Series) -> str:
    known = table["rate"].dropna()
    if known.empty:
        untold = gettext("No rate is told.")
        return f"{_met(table)}. {untold}" if _total(table["goals"]) else untold
    if len(table) == 1:
        told = {"met": _met(table), "rate": _note(1, 1, *table.iloc[0][["rate", "low", "high"]])[1]}
        if not labels.iloc[0]:
            return gettext("{met}: {rate}. The line is the 95 % interval.", **told)
        return gettext("{met} in {group}: {rate}. The line is the 95 % interval.", group=labels.iloc[0], **told)
    return gettext(
        "{met} {groups}, from {lowest} to {highest}{untold}. The lines are 95 % intervals.",
        met=_met(table),
        groups=in_groups(len(table), group_columns(table, _MEASURED)),
        lowest=percent(known.min()),
        highest=percent(known.max()),
        untold=_untold(table),
    )


def _shares_above(page: PicturePage, rows: int) -> None:
    ax, shares = page.ax, (0, 0.25, 0.5, 0.75, 1) if page.inner_width > 2.5 else (0, 0.5, 1)
    with_ticks(ax)
    ax.vlines(shares, -0.5, rows - 0.5, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)
    ax.set_xticks(shares, [percent(share) for share in shares])
    ax.tick_params(top=False, labeltop=True, labelbottom=False, labelsize=SMALL, labelcolor=SOFT, pad=_ABOVE * 72)


def _draw_rates(ax: Axes, table: pd.DataFrame) -> None:
    """Draw the rates that are told, each on its interval."""
    rate = table[["rate", "low", "high"]].to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(rate[:, 0])
    places = np.arange(len(table))[known]
    ax.hlines(places, rate[known, 1], rate[known, 2], colors=BRIGHT[0], linewidths=2.4, zorder=2, capstyle="butt")
    ax.scatter(rate[known, 0], places, s=46, color=INK, edgecolor="white", linewidth=0.8, zorder=3, clip_on=False)
