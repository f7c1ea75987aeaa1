"""How often learners work together, and of which kind: over the weeks, or by learner or class."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from ..language import gettext, ngettext, number_in_words
from .parts.drawing import boxes, drawing, lay_rows, text_size, write
from .parts.picture import (
    LABEL,
    PAD,
    SMALL,
    LegendEntry,
    Margins,
    PicturePage,
    SideColumn,
    description_of,
    label_column,
    new_page,
    nothing,
    room_width,
)
from .parts.style import HAIR, INK, LOOKS, MARKERS, SOFT, fill
from .parts.words import (
    KIND_WORDS,
    KINDS,
    PERIODS,
    cannot_tell_sentences,
    checked_frame,
    group_columns,
    group_labels,
    isolated,
    kinds_in_words,
    mapping,
    number_of,
    part_of_noted,
    percent,
    period_labels,
    some_of,
)

_WIDTH, _ROW = 10.0, 0.27

_ALL_FROM, _TWO_ROWS = 6.0, 0.32

_MEASURED = (
    *("learners", "episodes", "participations", "minutes", "minutes_known", "participant_minutes"),
    *(*KINDS, "self_chosen", "choice_known", "per_week"),
)

_DAYS = ("days_with_anyone", "days_on_goal")

_NEEDED = ["episodes", "participations", *KINDS, "self_chosen", "choice_known", "per_week"]


def plot_collaboration(
    collaboration: pd.DataFrame,
    *,
    availability: pd.DataFrame | None = None,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often learners took part in working together, by kind.

    Upright bars over the weeks (a frame with `every="week"`, of one group) are as high as learners took part.
    Without weeks there is a bar for each learner or class, in the order of the frame, as long as learners took
    part for each learner and week present: so a small class and who joined late can be compared. Beside each stand
    the figures, how often the learners chose it themselves, where somebody noted who chose, and on how many days
    there was somebody to work with: who never had anybody on the same goal did not choose to be alone.

    Parameters
    ----------
    collaboration : pandas.DataFrame
        As `reflectlab.collaboration` gives it, with or without `every`.
    availability : pandas.DataFrame, optional
        As `reflectlab.availability_summary` gives it with the same `by` and `every`.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "Working together"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the frame.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If the frame holds several groups over time.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import alt_text, plot_collaboration
    >>> table = pd.DataFrame({"week": [1, 2], "episodes": [1, 2], "participations": [2, 4], "shared_goal": [2, 2],
    ...     "gave_support": [0, 1], "sought_support": [0, 1], "other": [0, 0], "self_chosen": [2, 2],
    ...     "choice_known": [2, 4], "per_week": [0.5, 1.0]})
    >>> alt_text(plot_collaboration(table))
    'Working together. Learners took part 6 times: 4 on a shared goal, 1 giving support, 1 seeking it. ...'
    """
    table = checked_frame("collaboration", collaboration, _NEEDED).reset_index(drop=True)
    called, title = mapping("names", names), gettext("Working together") if title is None else title
    with drawing():
        if table.empty:
            return nothing(ax, title, gettext("no learner is in this frame."))
        if not table["participations"].fillna(0).any():
            untold = " ".join(cannot_tell_sentences(table))
            return nothing(ax, title, untold or gettext("no collaboration has been noted."))
        columns = group_columns(table, _MEASURED)
        table = _with_availability(table, availability, columns)
        labels = group_labels(table, columns, called)
        if not any(column in table for column in PERIODS):
            return _by_group(table, labels, title, ax)
        if labels.nunique() > 1:
            raise ArgumentError(
                f"over time must be of one group; it holds {labels.nunique()} "
                f"({', '.join(columns)}). Measure it with by=(), keep one group, or leave out `every`.",
                "collaboration",
            )
        return _over_time(table, title, ax)


def _with_availability(table: pd.DataFrame, availability: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    """Add on how many days with an open goal there was somebody to work with; missing where that is not known."""
    if availability is None:
        return table.assign(**dict.fromkeys(_DAYS, float("nan")))
    keys = [column for column in (*columns, *PERIODS) if column in table]
    days = checked_frame("availability", availability, [*keys, *_DAYS])[[*keys, *_DAYS]]
    joined = table.merge(days, on=keys, how="left") if keys else table.join(days)
    joined.attrs = {"cannot_tell": cannot_tell_sentences(table, availability)}
    return joined


def _by_group(table: pd.DataFrame, labels: pd.Series, title: str, ax: Axes | None) -> Axes:
    width, rows = room_width(ax, _WIDTH), len(table)
    texts, column, tall = label_column(list(labels), min(2.6, 0.3 * width))
    beside = _side_columns(table) if width >= _ALL_FROM else _side_columns(table)[:2]
    right = 0.1 + sum(each.width + 0.2 for each in beside) + PAD
    size = (width, max(_ROW, tall + 0.08) * max(rows, 2))
    margins = Margins(max(column, 0.1) + 0.3, right, 0.42, 0.3)
    page = new_page(ax, title, _sentence(table), _legend(table), size, margins)
    page.ax.set_ylim(rows - 0.5, -0.5)
    page.ax.set_xlim(0, float(table["per_week"].max()) or 1.0)
    page.ax.vlines([0], -0.5, rows - 0.5, colors="#999999", linewidths=0.8)
    page.ax.hlines(np.arange(rows), 0, page.ax.get_xlim()[1], colors=HAIR, linewidths=0.6, zorder=0)
    _draw_bars(page, table, labels)
    _mark_rows(page, table, labels)
    page.label_rows(texts)
    page.side_columns(beside, start=0.1, gap=0.2, above=0.04, linespacing=1.05)
    return page.ax


def _side_columns(table: pd.DataFrame) -> list[SideColumn]:
    """Return the figures beside the bars; how often there was somebody only where that is known."""
    chosen = [_part(*pair) for pair in zip(table["self_chosen"], table["choice_known"], strict=True)]
    days = [_part(*pair) for pair in zip(*(table[day] for day in _DAYS), strict=True)]
    beside = [
        SideColumn(gettext("per learner\nand week"), [_rate(each) for each in table["per_week"]], INK),
        SideColumn(gettext("times"), [_whole(total) for total in table["participations"]], SOFT),
        SideColumn(gettext("self-\nchosen"), chosen, SOFT),
        SideColumn(gettext("days with\nsomebody"), days, SOFT),
    ]
    return beside if table[_DAYS[1]].notna().any() else beside[:-1]


def _part(some: Any, known: Any) -> str:
    """Return a part of what is known; a dash where nothing is."""
    return some_of(some, known) if not pd.isna(known) and known > 0 else "–"


def _rate(per_week: Any) -> str:
    """Return a rate with one decimal; a dash where there is none."""
    return "–" if pd.isna(per_week) else number_in_words(float(per_week), 1)


def _whole(total: Any) -> str:
    """Return a number; a dash where it is not told."""
    return "–" if pd.isna(total) else f"{total:.0f}"


def _sentence(table: pd.DataFrame) -> str:
    """Return how often learners took part, of which kind, who chose it, and how often there was somebody."""
    total = int(table["participations"].fillna(0).sum())
    parts = kinds_in_words({kind: int(table[kind].fillna(0).sum()) for kind in KINDS})
    known, chosen = int(table["choice_known"].fillna(0).sum()), int(table["self_chosen"].fillna(0).sum())
    took_part = gettext("Learners took part {times}: {kinds}.", times=number_of(total, "time"), kinds=parts)
    chose = gettext("Nobody noted who chose it.")
    if known:
        chose = gettext("By their own choice {chosen}.", chosen=part_of_noted(chosen, known, total))
    return " ".join(filter(None, [took_part, chose, _somebody(table), *cannot_tell_sentences(table)]))


def _somebody(table: pd.DataFrame) -> str:
    there, on_goal = (int(table[day].fillna(0).sum()) for day in _DAYS)
    if not on_goal:
        return ""
    return ngettext(
        "On {there} of {number} learner's day with an open goal a classmate had it too or had met it.",
        "On {there} of {number} learners' days with an open goal a classmate had it too or had met it.",
        on_goal,
        there=there,
    )


def _legend(table: pd.DataFrame) -> list[list[LegendEntry]]:
    found = [kind for kind in KINDS if table[kind].sum()]
    return [
        [LegendEntry(gettext(KIND_WORDS[kind]), fill=fill(LOOKS[kind]), marker=dict(MARKERS[kind])) for kind in found]
    ]


def _draw_bars(page: PicturePage, table: pd.DataFrame, labels: pd.Series) -> None:
    """Draw a bar for each row, by kind; where a row is a learner, its parts are marks."""
    description = description_of(page.ax)
    learners = table.get("learner_id")
    for kind, start, stop in _stacks(table, table["per_week"]):
        rows = np.flatnonzero(stop > start).tolist()
        edges = [(start[row], stop[row], row - 0.32, row + 0.32) for row in rows]
        made = boxes(page.ax, edges, label=KIND_WORDS[kind], **_options(kind))
        if learners is not None:
            times = table[kind].fillna(0).astype(int).tolist()
            said = gettext(KIND_WORDS[kind])
            texts = [f"{isolated(labels[row])}: {said}, {number_of(times[row], 'time')}" for row in rows]
            pairs = zip(texts, learners[rows], strict=True)
            made.set_urls([description.mark(text, what=kind, learner=learner) for text, learner in pairs])


def _mark_rows(page: PicturePage, table: pd.DataFrame, labels: pd.Series) -> None:
    """Where a row is a learner, lay a mark under all of it, from the name to the figures."""
    if "learner_id" not in table:
        return
    description, times = description_of(page.ax), table["participations"].fillna(0).astype(int)
    pairs = zip(labels, times, strict=True)
    texts = [gettext("{name}: took part {times}", name=isolated(one), times=number_of(n, "time")) for one, n in pairs]
    pairs = zip(texts, table["learner_id"], strict=True)
    urls = [description.mark(text, what="learner", learner=str(learner)) for text, learner in pairs]
    lay_rows(page.ax, -page.left / page.inner_width, (page.width - page.left) / page.inner_width, urls)


def _stacks(table: pd.DataFrame, long: pd.Series) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return, for each kind, where its part of every bar begins and ends, in bars so long."""
    counts = table[list(KINDS)].fillna(0).to_numpy(dtype=float)
    each = long.fillna(0).to_numpy(dtype=float) / np.maximum(counts.sum(axis=1), 1)
    parts = counts * each[:, np.newaxis]
    stop = parts.cumsum(axis=1)
    return [(kind, stop[:, place] - parts[:, place], stop[:, place]) for place, kind in enumerate(KINDS)]


def _options(kind: str) -> dict[str, Any]:
    options = fill(LOOKS[kind])
    return {**options, "linewidths": options.pop("linewidth"), "zorder": 2}


def _over_time(table: pd.DataFrame, title: str, ax: Axes | None) -> Axes:
    places, periods = period_labels(table)
    width = room_width(ax, _WIDTH)
    line, left = (0.22, 1.75) if width >= _ALL_FROM else (_TWO_ROWS, 1.0)
    margins = Margins(left, 0.3, 0.25, 4 * line + 0.34)
    page = new_page(ax, title, _sentence(table), _legend(table), (width, 2.6), margins)
    page.ax.set_xlim(-0.5, len(periods) - 0.5)
    page.ax.set_ylim(0, max(float(table["participations"].max()), 1.0) * 1.12)
    page.ax.hlines([0], -0.5, len(periods) - 0.5, colors="#999999", linewidths=0.8)
    for kind, start, stop in _stacks(table, table["participations"]):
        edges = [(x - 0.36, x + 0.36, a, b) for x, a, b in zip(places, start, stop, strict=True) if b > a]
        boxes(page.ax, edges, label=KIND_WORDS[kind], **_options(kind))
    known = table["participations"].dropna()
    for place, total in zip(places[known.index], known, strict=True):
        y = total + 0.015 * page.ax.get_ylim()[1]
        write(page.ax, place, y, _whole(total), transform=page.ax.transData, ha="center", va="bottom", size=LABEL)
    _rows_below(page, table, places, periods, line)
    return page.ax


def _rows_below(page: PicturePage, table: pd.DataFrame, places: pd.Series, periods: list[str], line: float) -> None:
    """Write the rows below the bars: the period, times a learner and week, chosen by the learners."""
    chosen = zip(table["self_chosen"], table["choice_known"], strict=True)
    rows = [
        ("", [periods[place] for place in places], INK),
        (gettext("per learner\nand week"), [_rate(each) for each in table["per_week"]], SOFT),
        (gettext("self-chosen"), [_part(*pair) for pair in chosen], SOFT),
        (gettext("days with\nsomebody"), _shares(table), SOFT),
    ]
    rows = rows if table[_DAYS[1]].notna().any() else rows[:-1]
    step = page.inner_width / len(periods)
    widest = max(text_size(text, SMALL)[0] for _, texts, _ in rows for text in texts) + 0.08
    every = int(np.ceil(widest / step))
    for number, (name, texts, color) in enumerate(rows):
        y = page.top + page.inner_height + 0.1 + line * number
        name = name.replace("\n", " ") if line < _TWO_ROWS else name
        page.write(page.left - 0.1, y, name, ha="right", color=SOFT, size=SMALL - 0.5, linespacing=1.05)
        for place, text in zip(places, texts, strict=True):
            if place % every == 0:
                page.write(page.left + (place + 0.5) * step, y, text, ha="center", color=color)


def _shares(table: pd.DataFrame) -> list[str]:
    """Return on what share of the days with an open goal there was somebody to work with."""
    pairs = zip(*(table[day] for day in _DAYS), strict=True)
    return ["–" if pd.isna(on_goal) or not on_goal else percent(there / on_goal) for there, on_goal in pairs]
