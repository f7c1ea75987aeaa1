"""Whether working together goes with meeting goals sooner: the ratios with their intervals, and goals met over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .parts.curves import Curve, Frame, draw_panel
from .parts.drawing import drawing, text_size, write
from .parts.inputs import checked, mapping
from .parts.page import LABEL, SMALL, Sheet, bare, cut, head_height, lines_height, new_sheet, nothing, wrap
from .parts.picture import Picture
from .parts.style import HAIR, INK, SOFT, TODAY, Look
from .parts.words import WORDS, count, group_columns, group_labels, percent

WIDTH, NARROW, ROW = 10.0, 9.0, 0.44

MEASURED = (
    *("estimator", "kind", "chosen_by", "hazard_ratio", "low", "high", "p_value"),
    *("goals", "met", "informative", "learners"),
)

HEADLINE = "within learners"

_NEEDED = ["estimator", "hazard_ratio", "low", "high", "goals", "met", "informative", "learners"]

_CURVES = ["exposure", "days", "at_risk", "share_met", "low", "high"]

_WORDS = {
    HEADLINE: (HEADLINE, "each child compared with themselves"),
    "within learners, adjusted for the goal": ("and adjusted for the goal", "some goals are harder than others"),
    "between learners": ("between learners", "not corrected for differences between children"),
    "naive": ("naive", "goals with and goals without: do not use"),
}

_MARKS: Mapping[str, dict[str, Any]] = {
    HEADLINE: {"marker": "o", "color": INK, "s": 58},
    "within learners, adjusted for the goal": {"marker": "o", "color": INK, "s": 30},
    "between learners": {"marker": "s", "color": SOFT, "s": 40},
    "naive": {"marker": "x", "color": TODAY, "s": 44},
}

_CHOSEN = {
    "learner": "chosen by the learner",
    "teacher": "chosen by the teacher",
    "not noted": "nobody noted who chose",
}

_EXPOSURES = {"personalised": ("on their own so far", 0), "collaborative": ("worked on together", 2)}

_GAP, _CURVES_WIDE, _ENDS, _TALL = 0.5, 2.0, 1.35, 2.1


def plot_comparison(
    table: pd.DataFrame,
    curves: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str = "Does working together go with meeting goals sooner?",
    ax: Axes | None = None,
) -> Axes:
    """Draw how many times as likely goals are met once worked on together, and the share met over time.

    Every estimator has a line with its 95 % interval. Where there are several groups, each has one, within learners,
    and no curves are drawn. Where there is no ratio, it says how many goals can tell.

    Parameters
    ----------
    table, curves : pandas.DataFrame
        As in `reflectlab.Comparison`, with or without `by`, `kinds` and `chosen`.
    names : mapping or pandas.Series, optional
        What the groups are called, by their values.
    title : str, default "Does working together go with meeting goals sooner?"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place, without the curves where it is narrower than 9 inches. By
        default a figure sized to the lines.

    Returns
    -------
    matplotlib.axes.Axes
        Across runs the ratio, on a logarithmic scale.

    Examples
    --------
    >>> import reflectlab as rl
    >>> found = rl.compare(rl.example())
    >>> rl.alt_text(rl.plot_comparison(found.table, found.curves))
    'Does working together go with meeting goals sooner? No ratio within learners: only 1 of 4 goals met can tell. ...'
    """
    found = checked("table", table, _NEEDED).reset_index(drop=True)
    drawn = checked("curves", curves, _CURVES)
    called = mapping("names", names)
    with drawing():
        if found.empty:
            return nothing(ax, title, "no goal was under way.")
        labels = group_labels(found, group_columns(found, MEASURED), called)
        several = labels.nunique() > 1
        lines = _by_group(found, labels) if several else _by_estimator(found)
        said = _sentence_of_groups(found, labels) if several else _sentence(found)
        return _draw(ax, title, said, lines, [] if several else _as_curves(drawn))


@dataclass(frozen=True)
class Line:
    """One ratio: what it is of, how it is marked, what it is, and how many goals can tell."""

    label: str
    aside: str
    mark: Mapping[str, Any]
    ratio: float
    low: float
    high: float
    told: int

    @property
    def note(self) -> str:
        """The ratio in figures, or how little there is to tell it from."""
        if np.isnan(self.ratio):
            return f"no ratio: {self.told or 'no'} goal{'' if self.told == 1 else 's'} can tell"
        return f"{times(self.ratio)} ({times(self.low)} to {times(self.high)})"


def _draw(ax: Axes | None, title: str, said: str, lines: Sequence[Line], curves: Sequence[Curve]) -> Axes:
    bottom, rows = 0.72, max(len(lines) * ROW, 1.75 if curves else 2 * ROW)
    sheet = new_sheet(ax, WIDTH, head_height(title, said, WIDTH) + 0.34 + rows + bottom)
    curves = curves if sheet.width > NARROW else []
    notes = max(text_size(line.note, SMALL)[0] for line in lines) + 0.2
    right = notes + (_GAP + _CURVES_WIDE + _ENDS if curves else 0.15)
    top = head_height(title, said, sheet.width) + (0.34 if curves else 0.2)
    sheet.place(LEFT, right, top, bottom)
    sheet.head(title, said)
    draw_forest(sheet, lines)
    if curves:
        _beside(sheet, curves, notes)
    return sheet.ax


def _by_estimator(table: pd.DataFrame) -> list[Line]:
    """Return a line for each estimator, and below it one for each kind or chooser that it is split by."""
    lines = []
    for estimator, rows in table.groupby("estimator", sort=False):
        for row in rows.to_dict("records"):
            split = _split(row)
            label, aside = (split, "") if split else _WORDS.get(str(estimator), (str(estimator), ""))
            lines.append(_line(row, label, aside, str(estimator)))
    return lines


def _by_group(table: pd.DataFrame, labels: pd.Series) -> list[Line]:
    lines = []
    for label, rows in table[table["estimator"] == HEADLINE].groupby(labels, sort=False):
        for row in rows.to_dict("records"):
            met = f"{row['met']} of {count(row['goals'], 'goal')} met"
            lines.append(_line(row, _split(row) or str(label), "" if _split(row) else met, HEADLINE))
    return lines


def _line(row: Mapping[Any, Any], label: str, aside: str, estimator: str) -> Line:
    mark = _MARKS.get(estimator, _MARKS[HEADLINE])
    smaller = {**mark, "s": 0.5 * mark["s"]} if _split(row) else mark
    return Line(label, aside, smaller, row["hazard_ratio"], row["low"], row["high"], int(row["informative"]))


def _split(row: Mapping[Any, Any]) -> str:
    """Return which kind or chooser a row is of; empty where it is of all."""
    kind, chosen = row.get("kind", "any"), row.get("chosen_by", "any")
    if kind != "any":
        return WORDS.get(kind, str(kind))
    return "" if chosen == "any" else _CHOSEN.get(chosen, str(chosen))


def _beside(sheet: Sheet, curves: Sequence[Curve], notes: float) -> None:
    """Draw the share of goals met over time to the right of the ratios."""
    left, tall = sheet.left + sheet.inner_width + notes + _GAP, min(_TALL, sheet.inner_height)
    x, low = sheet.at(left, sheet.top + tall)
    room = (x, low, _CURVES_WIDE / sheet.inner_width, tall / sheet.inner_height)
    panel = sheet.ax.inset_axes(room, axes_class=Picture)
    first, last = float(curves[0].x[0]), max(curve.end[0] for curve in curves)
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 8), 1000)
    ticks = [float(day) for day in range(int(np.ceil(first / step) * step), int(last) + 1, step)]
    frame = Frame((first, last), [(tick, f"{tick:.0f}") for tick in ticks], "", "", steps=True)
    draw_panel(panel, curves, frame, _CURVES_WIDE)
    sheet.write(left, sheet.top - 0.1, f"share of goals met since day {first:.0f}", va="bottom", color=SOFT)
    middle = left + _CURVES_WIDE / 2
    sheet.write(middle, sheet.top + tall + 0.3, "days under way", ha="center", color=SOFT)
    _ends(panel, tall, curves)


def _ends(panel: Axes, height: float, curves: Sequence[Curve]) -> None:
    """Write what each curve is at its end, moved down where two would meet."""
    texts = ["\n".join([*wrap(curve.label, _ENDS - 0.2, SMALL), percent(curve.end[1])]) for curve in curves]
    ceiling = 1.1
    for text, curve in sorted(zip(texts, curves, strict=True), key=lambda pair: -pair[1].end[1]):
        tall = lines_height(text.count("\n") + 1, SMALL) / height
        middle = min(curve.end[1], ceiling - tall / 2)
        ceiling = middle - tall / 2 - 0.03
        x = 1 + 0.1 / _CURVES_WIDE
        write(panel, x, middle, text, va="center", color=Look(curve.color).deep, linespacing=1.1)


def _as_curves(curves: pd.DataFrame) -> list[Curve]:
    made = []
    for exposure, (label, place) in _EXPOSURES.items():
        rows = curves[curves["exposure"] == exposure].sort_values("days")
        if len(rows) > 1:
            x, y, low, high = (rows[name].to_numpy(dtype=float) for name in ("days", "share_met", "low", "high"))
            made.append(Curve(label, x, y, low, high, place))
    return made


def _sentence(table: pd.DataFrame) -> str:
    row = table.iloc[0]
    rests = f"{count(row['learners'], 'learner')}, {count(row['goals'], 'goal')}, {row['met']} met."
    if np.isnan(row["hazard_ratio"]):
        told, met = int(row["informative"]), int(row["met"])
        some = f"{'only ' if told < met else ''}{told}" if told else "none"
        return f"No ratio {row['estimator']}: {some} of {count(met, 'goal')} met can tell. {rests}"
    spread = f"({times(row['low'])} to {times(row['high'])})"
    unsure = "The interval holds no difference. " if row["low"] <= 1 <= row["high"] else ""
    return (
        f"Once a child has worked on a goal with somebody, they are {times(row['hazard_ratio'])} times as likely "
        f"{spread} to meet it on a given day, compared with their own other goals. {unsure}An association, not proof: "
        f"children choose when to work together. {rests}"
    )


def _sentence_of_groups(table: pd.DataFrame, labels: pd.Series) -> str:
    whole = table.groupby(labels, sort=False).head(1)
    ratios = whole["hazard_ratio"].dropna()
    if ratios.empty:
        return f"No ratio within learners in any of {labels.nunique()} groups: too few goals met can tell."
    some = f"{len(ratios)} of {len(whole)} groups have a ratio" if len(ratios) < len(whole) else f"{len(whole)} groups"
    spread = f"from {times(ratios.min())} to {times(ratios.max())}" if len(ratios) > 1 else times(ratios.iloc[0])
    return (
        f"Within learners, {some}: {spread} times as likely to meet a goal on a given day once worked on together. "
        "The lines are 95 % intervals. An association, not proof: children choose when to work together."
    )


LEFT = 2.8
"""The room for labels at the left, in inches."""

SPAN = (0.1, 10.0)
"""Ratios beyond these are drawn at the edge."""

_TICKS = {
    0.1: "a tenth\nas likely",
    0.25: "a quarter\nas likely",
    0.5: "half\nas likely",
    1.0: "no\ndifference",
    2.0: "twice\nas likely",
    4.0: "four times\nas likely",
    10.0: "ten times\nas likely",
}

_FEWER_TICKS = (tuple(_TICKS), (0.25, 0.5, 1.0, 2.0, 4.0), (0.25, 1.0, 4.0), (0.1, 1.0, 10.0), (1.0,))


def draw_forest(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Draw the lines into a sheet whose place is settled."""
    ax = sheet.ax
    bare(ax)
    ax.set_xscale("log")
    ax.set_xlim(*_span(lines))
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ticks = _ticks(*ax.get_xlim(), sheet.inner_width)
    ax.set_xticks(ticks, [_TICKS[tick] for tick in ticks], parse_math=False)
    ax.minorticks_off()
    ax.tick_params(axis="x", labelsize=SMALL - 0.5, labelcolor=SOFT, length=0, pad=4)
    ax.vlines(ticks, -0.5, len(lines) - 0.5, colors=HAIR, linewidths=0.8, zorder=0)
    ax.vlines([1], -0.5, len(lines) - 0.5, colors="#888888", linewidths=1.0, zorder=1)
    for place, line in enumerate(lines):
        _mark(ax, place, line)
        _label(sheet, place, line)
    middle = sheet.left + sheet.inner_width / 2
    words = "to be met on a given day, once worked on together"
    sheet.write(middle, sheet.top + sheet.inner_height + 0.42, words, ha="center", color=SOFT)


def _span(lines: Sequence[Line]) -> tuple[float, float]:
    ends = [end for line in lines for end in (line.low, line.high) if not np.isnan(end)]
    low, high = min([0.45, *ends]) * 0.9, max([2.2, *ends]) * 1.1
    return max(low, SPAN[0] * 0.9), min(high, SPAN[1] * 1.1)


def _ticks(low: float, high: float, width: float) -> list[float]:
    """Return the ticks within the span, as many as have room for their words."""
    widest = max(text_size(part, SMALL - 0.5)[0] for word in _TICKS.values() for part in word.split("\n")) + 0.06
    inch = np.log(high / low) / width
    for some in _FEWER_TICKS:
        ticks = [tick for tick in some if low <= tick <= high]
        if all(np.log(right / left) >= widest * inch for left, right in pairwise(ticks)):
            break
    return ticks


def _mark(ax: Axes, place: int, line: Line) -> None:
    """Draw a ratio on its interval; what runs beyond the edge ends in an arrow there."""
    if np.isnan(line.ratio):
        return
    low, high = ax.get_xlim()
    options = {key: value for key, value in line.mark.items() if key == "color"}
    ax.hlines([place], max(line.low, low), min(line.high, high), linewidths=2.0, zorder=2, **options)
    for beyond, edge, arrow in ((line.low < low, low, "<"), (line.high > high, high, ">")):
        if beyond:
            ax.scatter([edge], [place], marker=arrow, s=26, zorder=3, clip_on=False, **options)
    if low <= line.ratio <= high:
        white = {} if line.mark["marker"] == "x" else {"edgecolor": "white", "linewidth": 0.8}
        ax.scatter([line.ratio], [place], zorder=4, clip_on=False, **{**line.mark, **white})


def _label(sheet: Sheet, place: int, line: Line) -> None:
    """Write what a line is at its left, and the ratio in figures at its right."""
    aside = {"transform": sheet.ax.get_yaxis_transform(), "ha": "right", "linespacing": 1.05}
    edge, room, color = -0.14 / sheet.inner_width, LEFT - 0.3, Look(line.mark["color"]).color
    # One row's height in shares of a row: the label stands above the middle, its aside below.
    rows = wrap(line.label, room, LABEL, bold=bool(line.aside), lines=2)
    lift = 0.5 * lines_height(len(rows), LABEL) / (sheet.inner_height / max(1, _rows(sheet))) if line.aside else 0.0
    options: dict[str, Any] = {"size": LABEL, "color": color, "fontweight": "bold" if line.aside else "normal"}
    write(sheet.ax, edge, place - 0.75 * lift, "\n".join(rows), va="center", **options, **aside)
    if line.aside:
        below = cut(line.aside, room, SMALL - 0.5)
        write(sheet.ax, edge, place + 0.75 * lift, below, va="center", size=SMALL - 0.5, color=SOFT, **aside)
    note = {**aside, "ha": "left", "va": "center", "color": SOFT if np.isnan(line.ratio) else color}
    write(sheet.ax, 1 + 0.16 / sheet.inner_width, place, line.note, **note)


def _rows(sheet: Sheet) -> float:
    last, first = sheet.ax.get_ylim()
    return last - first


def times(ratio: float) -> str:
    """Return a ratio in two digits after the point; what is beyond all measure as such."""
    return f"{ratio:.2f}" if 0.01 <= ratio < 100 else ("under 0.01" if ratio < 0.01 else "over 100")
