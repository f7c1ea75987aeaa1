"""Pictures for a leader, drawn of nothing but what was released: bands of rates, a funnel, days to a goal, weeks."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext, translatable
from .parts.curves import Curve, CurveScale, draw_curves
from .parts.drawing import drawing, lines_height, wrap, write
from .parts.picture import (
    LABEL,
    PAD,
    SMALL,
    LegendEntry,
    Margins,
    PicturePage,
    SideColumn,
    label_column,
    new_page,
    nothing,
    with_ticks,
)
from .parts.style import BRIGHT, HAIR, INK, SOFT, TODAY
from .parts.words import checked_frame, number_of, percent

_WIDTH, _ROW, _NAMES = 10.0, 0.36, 2.4

_BAND = ("rate_low", "rate_high", "low", "high")

_NOT_TOLD = translatable("not told")

_DAYS = ("quarter", "half", "half_low", "half_high", "three_quarters")


def plot_bands(
    bands: pd.DataFrame, *, title: str, sentence: str = "", before: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the rates of groups as what is released of them: a band each, on its interval, with the one before.

    Parameters
    ----------
    bands : pandas.DataFrame
        `label, band, rate_low, rate_high, low, high`, and of the term before `before, before_low, before_high`.
    title, sentence : str
        What stands above it, and is its alt text.
    before : str, default "last term"
        What the time before is called.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> rates = pd.DataFrame({"label": ["Room 5"], "band": ["70–75 %"], "rate_low": [0.7], "rate_high": [0.75],
    ...                       "low": [0.6], "high": [0.85]})
    >>> plot_bands(rates, title="Own goals met").get_title(loc="left")
    'Own goals met'
    """
    table = checked_frame("bands", bands, ["label", "band", *_BAND]).reset_index(drop=True)
    two = "before" in table and bool(table["before"].notna().any())
    before = gettext("last term") if before is None else before
    with drawing():
        if table.empty:
            return nothing(ax, title, sentence or gettext("no rate can be told."))
        texts, column, tall = label_column([str(label) for label in table["label"]], 2.6)
        columns = [SideColumn(gettext("this term"), table["band"].fillna(gettext(_NOT_TOLD)).tolist(), INK)]
        columns += [SideColumn(before, table["before"].fillna(gettext(_NOT_TOLD)).tolist(), SOFT)] if two else []
        right = 0.2 + sum(each.width + 0.18 for each in columns) + PAD
        size = (_WIDTH, max(_ROW, tall + 0.1) * max(len(table), 2))
        page = new_page(ax, title, sentence, _legend(two, before), size, Margins(column + 0.3, right, 0.32, 0.4))
        _draw_bands(page.ax, table, two)
        page.label_rows(texts, gap=0.12)
        page.side_columns(columns, start=0.2, gap=0.18, above=0.05)
        return page.ax


def _legend(two: bool, before: str) -> list[list[LegendEntry]]:
    (entries,) = _said(_BANDS_LEGEND)
    return [[*entries, LegendEntry(before, fill={"facecolor": "#AAAAAA"})] if two else entries]


def _said(legend: Sequence[Sequence[LegendEntry]]) -> list[list[LegendEntry]]:
    return [[entry.said for entry in row] for row in legend]


_BANDS_LEGEND = [
    [
        LegendEntry(translatable("between these the share lies"), fill={"facecolor": INK}),
        LegendEntry(
            translatable("between these chance could have put it (95 %)"), fill={"facecolor": BRIGHT[0], "alpha": 0.35}
        ),
    ]
]


def _draw_bands(ax: Axes, table: pd.DataFrame, two: bool) -> None:
    rows, shares = len(table), (0, 0.25, 0.5, 0.75, 1)
    with_ticks(ax)
    ax.set_xlim(0, 1)
    ax.set_ylim(rows - 0.5, -0.5)
    ax.vlines(shares, -0.5, rows - 0.5, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)
    ax.set_xticks(shares, [percent(share) for share in shares])
    ax.tick_params(top=False, labeltop=True, labelbottom=False, labelsize=SMALL, labelcolor=SOFT, pad=4)
    shift = 0.1 if two else 0.0
    for columns, offset, height, look in (
        (("low", "high"), -shift, 0.34, {"color": BRIGHT[0], "alpha": 0.35}),
        (("rate_low", "rate_high"), -shift, 0.34, {"color": INK}),
        (("before_low", "before_high"), 0.26, 0.14, {"color": "#AAAAAA"}),
    ):
        if columns[0] in table:
            known = table[columns[0]].notna()
            left, end = (table.loc[known, name].to_numpy(dtype=float) for name in columns)
            ax.barh(np.flatnonzero(known) + offset, end - left, left=left, height=height, linewidth=0, **look)


def plot_funnel(
    classes: pd.DataFrame, limits: pd.DataFrame, *, title: str, sentence: str = "", ax: Axes | None = None
) -> Axes:
    """Draw classes in a funnel: what lies inside it is as chance would scatter classes that are all alike.

    Parameters
    ----------
    classes : pandas.DataFrame
        `label, size, rate_low, rate_high, shrunk`, and `unlike`: whether a class lies outside.
    limits : pandas.DataFrame
        `size`, `target`, and about it `low_95, high_95, low_998, high_998`.
    title, sentence : str
        What stands above it, and is its alt text.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Notes
    -----
    A funnel plot instead of a league table [1]_: small classes scatter more, and most differences are chance.

    References
    ----------
    .. [1] Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine
       24, 1185-1202.

    Examples
    --------
    >>> import pandas as pd
    >>> rooms = pd.DataFrame({"label": ["Room 5"], "size": [160], "rate_low": [0.7], "rate_high": [0.75],
    ...                       "shrunk": [0.74], "unlike": [False]})
    >>> funnel = pd.DataFrame({"size": [10, 160], "target": [0.75, 0.75], "low_95": [0.5, 0.68],
    ...                        "high_95": [1, 0.82], "low_998": [0.3, 0.64], "high_998": [1, 0.86]})
    >>> plot_funnel(rooms, funnel, title="Classes").get_xlim()
    (np.float64(0.0), np.float64(176.0))
    """
    table = checked_frame("classes", classes, ["label", "size", "rate_low", "rate_high", "shrunk", "unlike"])
    with drawing():
        if table.empty or limits.empty:
            return nothing(ax, title, sentence or gettext("no class has enough learners to be shown."))
        page = new_page(
            ax, title, sentence, _said(_FUNNEL_LEGEND), (_WIDTH, 4.0), Margins(0.7, _NAMES + 0.4, 0.3, 0.75)
        )
        low = np.floor(10 * min(limits["low_998"].iloc[len(limits) // 6 :].min(), table["rate_low"].min())) / 10
        page.ax.set_xlim(0, 1.1 * float(table["size"].max()))
        page.ax.set_ylim(max(low, 0.0), 1.0)
        _draw_limits(page, limits)
        _draw_classes(page, table)
        middle = page.left + page.inner_width / 2
        below = page.top + page.inner_height
        page.write(middle, below + 0.28, gettext("goals, to the nearest ten"), ha="center", color=SOFT)
        page.write(page.left, page.top - 0.1, gettext("share of own goals met"), va="bottom", color=SOFT)
        return page.ax


_FUNNEL_LEGEND = [
    [
        LegendEntry(translatable("a class: between these its share lies"), fill={"facecolor": INK}),
        LegendEntry(
            translatable("drawn towards the school"),
            marker={"marker": "D", "s": 22, "facecolor": "white", "edgecolor": INK},
        ),
        LegendEntry(translatable("19 of 20 alike classes"), fill={"facecolor": BRIGHT[0], "alpha": 0.45}),
        LegendEntry(translatable("998 of 1,000"), fill={"facecolor": BRIGHT[0], "alpha": 0.2}),
    ]
]


def _draw_limits(page: PicturePage, limits: pd.DataFrame) -> None:
    ax, size = page.ax, limits["size"].to_numpy(dtype=float)
    for part, alpha in (("998", 0.2), ("95", 0.3)):
        low, high = (limits[f"{side}_{part}"].to_numpy(dtype=float) for side in ("low", "high"))
        ax.fill_between(size, low, high, color=BRIGHT[0], alpha=alpha, linewidth=0)
    ax.plot(size, limits["target"].to_numpy(dtype=float), color=INK, linewidth=1.0, linestyle="--")
    with_ticks(ax)
    bottom, top = ax.get_ylim()
    shares = [share / 10 for share in range(11) if bottom - 1e-9 <= share / 10 <= top]
    ax.set_yticks(shares, [percent(share) for share in shares])
    step = max(10.0 * np.ceil(ax.get_xlim()[1] / 80), 10.0)
    ticks = list(np.arange(step, ax.get_xlim()[1], step))
    ax.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=SOFT)


def _draw_classes(page: PicturePage, table: pd.DataFrame) -> None:
    """Draw each class; those that are told alike are one mark with several names."""
    ax = page.ax
    same = table.groupby(["size", "rate_low", "rate_high"], sort=False)
    marks = [
        (float(rows["size"].iloc[0]), float(rows["rate_low"].iloc[0]), float(rows["rate_high"].iloc[0]), rows)
        for _, rows in same
    ]
    for size, low, high, rows in marks:
        color = TODAY if bool(rows["unlike"].any()) else INK
        ax.vlines(size, low, high, colors="white", linewidths=7, zorder=3)  # so that two bands one above another part
        ax.vlines(size, low + 0.003, high - 0.003, colors=color, linewidths=5, zorder=3)
        ax.scatter(size, float(rows["shrunk"].mean()), marker="D", s=22, facecolor="white", edgecolor=color, zorder=4)
    _name_marks(page, sorted(marks, key=lambda mark: (mark[1] + mark[2], mark[0])))


def _name_marks(page: PicturePage, marks: Sequence[tuple[float, float, float, pd.DataFrame]]) -> None:
    """Write the names to the right, from low to high, each with a line to its mark."""
    ax, (bottom, top) = page.ax, page.ax.get_ylim()
    names = ["\n".join(wrap(", ".join(map(str, rows["label"])), _NAMES, SMALL, lines=9)) for *_, rows in marks]
    tall = [(lines_height(name.count("\n") + 1, SMALL) + 0.03) / page.inner_height for name in names]
    wanted = [((low + high) / 2 - bottom) / (top - bottom) for _, low, high, _ in marks]
    places = _spread(wanted, tall)
    for (size, low, high, _), name, place in zip(marks, names, places, strict=True):
        across = 1 + 0.3 / page.inner_width
        point = (size / ax.get_xlim()[1], ((low + high) / 2 - bottom) / (top - bottom))
        ax.plot([point[0], across - 0.008], [point[1], place], transform=ax.transAxes, color="#AAAAAA", linewidth=0.6,
                clip_on=False, zorder=2)  # fmt: skip
        write(ax, across, place, name, va="center", size=SMALL, linespacing=1.1)


def _spread(wanted: Sequence[float], tall: Sequence[float]) -> list[float]:
    """Return places from low to high in which nothing overlaps, near where each is wanted."""
    places: list[float] = []
    floor = min(0.0, 1.0 - sum(tall))
    for middle, height in zip(wanted, tall, strict=True):
        places.append(max(middle, floor + height / 2))
        floor = places[-1] + height / 2
    roof = max(1.0, sum(tall))
    for number in range(len(places) - 1, -1, -1):
        places[number] = min(places[number], roof - tall[number] / 2)
        roof = places[number] - tall[number] / 2
    return places


def plot_days(days: pd.DataFrame, *, title: str, sentence: str = "", ax: Axes | None = None) -> Axes:
    """Draw how many school days goals take: from when a quarter is met to when three quarters are, and the half.

    Parameters
    ----------
    days : pandas.DataFrame
        `label, quarter, half, half_low, half_high, three_quarters`; missing where it is not told, or not reached.
    title, sentence : str
        What stands above it, and is its alt text.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> told = pd.DataFrame({"label": ["Ideas"], "quarter": [4], "half": [7], "half_low": [6], "half_high": [9],
    ...                      "three_quarters": [12]})
    >>> plot_days(told, title="Days to a goal").get_title(loc="left")
    'Days to a goal'
    """
    table = checked_frame("days", days, ["label", *_DAYS]).reset_index(drop=True)
    figures = table[list(_DAYS)].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    with drawing():
        if table.empty or np.isnan(figures).all():
            return nothing(ax, title, sentence or gettext("of too few goals to tell how long they take."))
        texts, column, tall = label_column([str(label) for label in table["label"]], 2.6)
        words = [_days_words(value, told) for value, told in zip(table["half"], table["quarter"].notna(), strict=True)]
        columns = [SideColumn(gettext("half of them within"), words, INK)]
        right = 0.2 + columns[0].width + 0.18 + PAD
        size = (_WIDTH, max(_ROW, tall + 0.1) * max(len(table), 2))
        page = new_page(ax, title, sentence, _said(_DAYS_LEGEND), size, Margins(column + 0.3, right, 0.32, 0.4))
        _draw_days(page.ax, table, float(np.nanmax(figures)))
        page.label_rows(texts, gap=0.12)
        page.side_columns(columns, start=0.2, gap=0.18, above=0.05)
        return page.ax


_DAYS_LEGEND = [
    [
        LegendEntry(translatable("half are met"), marker={"marker": "o", "s": 40, "facecolor": INK}),
        LegendEntry(translatable("its 95 % interval"), fill={"facecolor": BRIGHT[0], "alpha": 0.45}),
        LegendEntry(translatable("from a quarter to three quarters met"), fill={"facecolor": "#CCCCCC"}),
    ]
]


def _days_words(half: Any, told: bool) -> str:
    if pd.isna(half):
        return gettext("not yet" if told else _NOT_TOLD)
    return number_of(int(half), "school day")


def _draw_days(ax: Axes, table: pd.DataFrame, last: float) -> None:
    rows, step = len(table), next((step for step in (1, 2, 5, 10, 20) if last / step <= 11), 50)
    ticks = np.arange(0, last + step, step)
    with_ticks(ax)
    ax.set_xlim(0, ticks[-1])
    ax.set_ylim(rows - 0.5, -0.5)
    ax.vlines(ticks, -0.5, rows - 0.5, colors=HAIR, linewidths=0.8, zorder=0, clip_on=False)
    ax.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])
    ax.tick_params(top=False, labeltop=True, labelbottom=False, labelsize=SMALL, labelcolor=SOFT, pad=4)
    for first, end, height, look in (
        ("quarter", "three_quarters", 0.16, {"color": "#CCCCCC"}),
        ("half_low", "half_high", 0.34, {"color": BRIGHT[0], "alpha": 0.45}),
    ):
        known = table[first].notna().to_numpy()
        left = table.loc[known, first].to_numpy(dtype=float)
        right = table.loc[known, end].fillna(int(ticks[-1])).to_numpy(dtype=float)
        ax.barh(np.flatnonzero(known), right - left, left=left, height=height, linewidth=0, **look)
    known = table["half"].notna().to_numpy()
    half = table.loc[known, "half"].to_numpy(dtype=float)
    ax.scatter(half, np.flatnonzero(known), s=46, color=INK, edgecolor="white", linewidth=0.8, zorder=3, clip_on=False)


def plot_weeks(weeks: pd.DataFrame, *, title: str, sentence: str = "", ax: Axes | None = None) -> Axes:
    """Draw how shares go over the weeks of a term, a panel for each.

    Parameters
    ----------
    weeks : pandas.DataFrame
        `label, week, rate, low, high`; a missing rate is not told.
    title, sentence : str
        What stands above it, and is its alt text.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> told = pd.DataFrame({"label": "shared goal", "week": [1, 2], "rate": [0.5, 0.6], "low": [0.4, 0.5],
    ...                      "high": [0.6, 0.7]})
    >>> plot_weeks(told, title="Together").get_title(loc="left")
    'Together'
    """
    table = checked_frame("weeks", weeks, ["label", "week", "rate", "low", "high"])
    with drawing():
        if table["rate"].isna().all():
            return nothing(ax, title, sentence or gettext("in no week enough learners worked together."))
        numbers = sorted(table["week"].unique())
        curves = []
        for place, (label, rows) in enumerate(table.groupby("label", sort=False)):
            rows = rows.sort_values("week")
            columns = ("week", "rate", "low", "high")
            x, y, low, high = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in columns)
            curves.append(Curve(str(label), x, y, low, high, place))
        ticks = [(float(number), str(number)) for number in numbers]
        gap = min((b - a for a, b in pairwise(numbers)), default=1)
        scale = CurveScale(
            (numbers[0] - 0.3 * gap, numbers[-1] + 0.3 * gap), ticks, gettext("school week"), gettext("share")
        )
        return draw_curves(ax, title, sentence, curves, scale)


def plot_words(lines: Sequence[str], *, title: str, sentence: str = "", ax: Axes | None = None) -> Axes:
    """Write lines of text on a page, as pictures are: for the first page of a document.

    Examples
    --------
    >>> plot_words(["Which strand lags? None."], title="Term 3").get_title(loc="left")
    'Term 3'
    """
    rows = [wrap(line, _WIDTH - 4 * PAD, LABEL + 1, lines=6) for line in lines]
    tall = [lines_height(len(each), LABEL + 1) + 0.16 for each in rows]
    with drawing():
        page = new_page(ax, title, sentence, [], (_WIDTH, sum(tall)), Margins())
        y = page.top
        for each, height in zip(rows, tall, strict=True):
            page.write(2 * PAD, y, "\n".join(each), size=LABEL + 1, linespacing=1.25)
            y += height
        return page.ax
