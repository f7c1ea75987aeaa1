"""Whether working together goes with meeting goals sooner: the ratios with their intervals, and goals met over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext, ngettext, number_in_words, translatable
from .parts.curves import Curve, CurveScale, draw_panel, tick_step
from .parts.drawing import cut, drawing, lines_height, text_size, wrap, write
from .parts.picture import LABEL, SMALL, Margins, Picture, PicturePage, new_page, nothing, room_width, with_ticks
from .parts.style import HAIR, INK, SOFT, TODAY, Look
from .parts.words import (
    KIND_WORDS,
    cannot_tell_sentences,
    checked_frame,
    group_columns,
    group_labels,
    mapping,
    number_of,
    percent,
)

_WIDTH, _NARROW, _ROW = 10.0, 9.0, 0.44

_MEASURED = (
    *("estimator", "kind", "chosen_by", "hazard_ratio", "low", "high", "p_value"),
    *("goals", "met", "informative", "learners"),
)

_HEADLINE, _PLAIN = "within learners, adjusted for the goal", "within learners"

_NEEDED = ["estimator", "hazard_ratio", "low", "high", "goals", "met", "informative", "learners"]

_CURVE_COLUMNS = ["exposure", "days", "at_risk", "share_met", "low", "high"]

_ESTIMATORS = translatable(
    {
        _HEADLINE: ["within learners", "each child's own goals, goals allowed for"],
        _PLAIN: ["goals not allowed for", "some goals are harder than others"],
        "between learners": ["between learners", "not corrected for differences between children"],
        "naive": ["naive", "goals with and goals without: do not use"],
    }
)

_MARKS: Mapping[str, dict[str, Any]] = {
    _HEADLINE: {"marker": "o", "color": INK, "s": 58},
    _PLAIN: {"marker": "o", "color": INK, "s": 30},
    "between learners": {"marker": "s", "color": SOFT, "s": 40},
    "naive": {"marker": "x", "color": TODAY, "s": 44},
}

_CHOSEN = translatable(
    {
        "learner": "chosen by the learner",
        "teacher": "chosen by the teacher",
        "not noted": "nobody noted who chose",
    }
)

_EXPOSURES = translatable(
    {"personalised": "on their own so far", "collaborative": "once worked on together, by the ratio"}
)

_PLACES = {"personalised": 0, "collaborative": 2}

_LEFT = 2.8
"""The room for labels at the left, in inches."""

_SPAN = (0.1, 10.0)
"""Ratios beyond these are drawn at the edge."""

_TICKS = translatable(
    {
        0.1: "a tenth\nas likely",
        0.25: "a quarter\nas likely",
        0.5: "half\nas likely",
        1.0: "no\ndifference",
        2.0: "twice\nas likely",
        4.0: "four times\nas likely",
        10.0: "ten times\nas likely",
    }
)

_FEWER_TICKS = (tuple(_TICKS), (0.25, 0.5, 1.0, 2.0, 4.0), (0.25, 1.0, 4.0), (0.1, 1.0, 10.0), (1.0,))

_GAP, _CURVES_WIDE, _ENDS, _TALL = 0.5, 2.0, 1.35, 2.1


def plot_comparison(
    table: pd.DataFrame,
    curves: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    title: str | None = None,
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
    found = checked_frame("table", table, _NEEDED).reset_index(drop=True)
    drawn = checked_frame("curves", curves, _CURVE_COLUMNS)
    title = gettext("Does working together go with meeting goals sooner?") if title is None else title
    called = mapping("names", names)
    with drawing():
        if found.empty:
            return nothing(ax, title, gettext("no goal was under way."))
        labels = group_labels(found, group_columns(found, _MEASURED), called)
        several = labels.nunique() > 1
        lines = _by_group(found, labels) if several else _by_estimator(found)
        sentence = _sentence_of_groups(found, labels) if several else _sentence(found)
        return _draw(ax, title, sentence, lines, [] if several else _as_curves(drawn))


@dataclass(frozen=True)
class ForestLine:
    """One ratio: what it is of, how it is marked, what it is, and how many goals can tell."""

    label: str
    aside: str
    mark: Mapping[str, Any]
    ratio: float
    low: float
    high: float
    informative: int

    @property
    def note(self) -> str:
        """The ratio in figures, or how little there is to tell it from."""
        if np.isnan(self.ratio):
            if not self.informative:
                return gettext("no ratio: no goals can tell")
            return ngettext("no ratio: {number} goal can tell", "no ratio: {number} goals can tell", self.informative)
        return gettext("{ratio} ({low} to {high})", ratio=_ratio(self.ratio), **_interval(self.low, self.high))


def _ratio(ratio: float) -> str:
    """Return a ratio in two digits after the point; what is beyond all measure as such."""
    if 0.01 <= ratio < 100:
        return number_in_words(ratio, 2)
    return gettext("under 0.01" if ratio < 0.01 else "over 100")


def _interval(low: float, high: float) -> dict[str, str]:
    return {"low": _ratio(low), "high": _ratio(high)}


def _by_group(table: pd.DataFrame, labels: pd.Series) -> list[ForestLine]:
    lines = []
    for label, rows in table[table["estimator"] == _HEADLINE].groupby(labels, sort=False):
        for row in rows.to_dict("records"):
            met = ngettext("{met} of {number} goal met", "{met} of {number} goals met", row["goals"], met=row["met"])
            lines.append(_line(row, _split(row) or str(label), "" if _split(row) else met, _HEADLINE))
    return lines


def _line(row: Mapping[Any, Any], label: str, aside: str, estimator: str) -> ForestLine:
    mark = _MARKS.get(estimator, _MARKS[_HEADLINE])
    smaller = {**mark, "s": 0.5 * mark["s"]} if _split(row) else mark
    return ForestLine(label, aside, smaller, row["hazard_ratio"], row["low"], row["high"], int(row["informative"]))


def _split(row: Mapping[Any, Any]) -> str:
    """Return which kind or chooser a row is of; empty where it is of all."""
    kind, chosen = row.get("kind", "any"), row.get("chosen_by", "any")
    if kind != "any":
        return gettext(KIND_WORDS.get(kind, str(kind)))
    return "" if chosen == "any" else gettext(_CHOSEN.get(chosen, str(chosen)))


def _by_estimator(table: pd.DataFrame) -> list[ForestLine]:
    """Return a line for each estimator, and below it one for each kind or chooser that it is split by."""
    lines = []
    for estimator, rows in table.groupby("estimator", sort=False):
        for row in rows.to_dict("records"):
            split = _split(row)
            label, aside = (split, "") if split else _ESTIMATORS.get(str(estimator), [str(estimator), ""])
            lines.append(_line(row, gettext(label), gettext(aside), str(estimator)))
    return lines


def _sentence_of_groups(table: pd.DataFrame, labels: pd.Series) -> str:
    whole = table.groupby(labels, sort=False).head(1)
    ratios = whole["hazard_ratio"].dropna()
    if ratios.empty:
        return gettext(
            "No ratio within learners in any of {number} groups: too few goals met can tell.", number=labels.nunique()
        )
    some = gettext("{number} groups", number=len(whole))
    if len(ratios) < len(whole):
        some = gettext("{some} of {number} groups have a ratio", some=len(ratios), number=len(whole))
    span = _ratio(ratios.iloc[0])
    if len(ratios) > 1:
        span = gettext("from {low} to {high}", **_interval(ratios.min(), ratios.max()))
    return " ".join([*cannot_tell_sentences(table), gettext(_OF_GROUPS, groups=some, ratios=span)])


_OF_GROUPS = translatable(
    "Within learners, {groups}: {ratios} times as likely to meet a goal on a given day once worked on together. The "
    "lines are 95 % intervals. An association, not proof: children choose when to work together."
)


def _sentence(table: pd.DataFrame) -> str:
    row, doubts = table.iloc[0], cannot_tell_sentences(table)
    learners, goals, met = number_of(row["learners"], "learner"), number_of(row["goals"], "goal"), int(row["met"])
    rests = gettext("{learners}, {goals}, {met} met.", learners=learners, goals=goals, met=met)
    if np.isnan(row["hazard_ratio"]):
        return f"{_no_ratio(int(row['informative']), met)} {rests}"
    if doubts:
        return " ".join([*doubts, rests])
    unsure = row["low"] <= 1 <= row["high"]
    told = {"ratio": _ratio(row["hazard_ratio"]), **_interval(row["low"], row["high"])}
    said = [gettext(_ONCE_TOGETHER, **told), gettext("The interval holds no difference.") if unsure else ""]
    proof = gettext("An association, not proof: children choose when to work together.")
    return " ".join(filter(None, [*said, proof, rests]))


_ONCE_TOGETHER = translatable(
    "Once a child has worked on a goal with somebody, they are {ratio} times as likely ({low} to {high}) to meet it on "
    "a given day, compared with their own other goals."
)


def _no_ratio(can_tell: int, met: int) -> str:
    some = str(can_tell) if can_tell else gettext("none")
    some = gettext("only {number}", number=can_tell) if 0 < can_tell < met else some
    goals = number_of(met, "goal")
    return gettext("No ratio within learners: {some} of {goals} met can tell.", some=some, goals=goals)


def _draw(ax: Axes | None, title: str, sentence: str, lines: Sequence[ForestLine], curves: Sequence[Curve]) -> Axes:
    width = room_width(ax, _WIDTH)
    curves = curves if width > _NARROW else []
    rows, above = max(len(lines) * _ROW, 1.75 if curves else 2 * _ROW), 0.34 if curves else 0.2
    notes = max(text_size(line.note, SMALL)[0] for line in lines) + 0.2
    right = notes + (_GAP + _CURVES_WIDE + _ENDS if curves else 0.15)
    page = new_page(ax, title, sentence, [], (width, rows + 0.34 - above), Margins(_LEFT, right, above, 0.72))
    _draw_forest(page, lines)
    if curves:
        _curves_beside(page, curves, notes)
    return page.ax


def _draw_forest(page: PicturePage, lines: Sequence[ForestLine]) -> None:
    """Draw the ratios on their intervals, with what each is of at its left and its figures at its right."""
    ax = page.ax
    with_ticks(ax)
    ax.set_xscale("log")
    ax.set_xlim(*_span(lines))
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ticks = _ticks(*ax.get_xlim(), page.inner_width)
    ax.set_xticks(ticks, [gettext(_TICKS[tick]) for tick in ticks], parse_math=False)
    ax.minorticks_off()
    ax.tick_params(axis="x", labelsize=SMALL - 0.5, labelcolor=SOFT, length=0, pad=4)
    ax.vlines(ticks, -0.5, len(lines) - 0.5, colors=HAIR, linewidths=0.8, zorder=0)
    ax.vlines([1], -0.5, len(lines) - 0.5, colors="#888888", linewidths=1.0, zorder=1)
    for place, line in enumerate(lines):
        _draw_ratio(ax, place, line)
        _write_line(page, (place, len(lines)), line)
    middle = page.left + page.inner_width / 2
    words = gettext("to be met on a given day, once worked on together")
    page.write(middle, page.top + page.inner_height + 0.42, words, ha="center", color=SOFT)


def _span(lines: Sequence[ForestLine]) -> tuple[float, float]:
    ends = [end for line in lines for end in (line.low, line.high) if not np.isnan(end)]
    low, high = min([0.45, *ends]) * 0.9, max([2.2, *ends]) * 1.1
    return max(low, _SPAN[0] * 0.9), min(high, _SPAN[1] * 1.1)


def _ticks(low: float, high: float, width: float) -> list[float]:
    """Return the ticks within the span, as many as have room for their words."""
    widest = (
        max(text_size(part, SMALL - 0.5)[0] for word in _TICKS.values() for part in gettext(word).split("\n")) + 0.06
    )
    inch = np.log(high / low) / width
    for some in _FEWER_TICKS:
        ticks = [tick for tick in some if low <= tick <= high]
        if all(np.log(right / left) >= widest * inch for left, right in pairwise(ticks)):
            break
    return ticks


def _draw_ratio(ax: Axes, place: int, line: ForestLine) -> None:
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


def _write_line(page: PicturePage, row: tuple[int, int], line: ForestLine) -> None:
    """Write what a line is at its left, and the ratio in figures at its right; `row` is its place, of how many."""
    aside = {"transform": page.ax.get_yaxis_transform(), "ha": "right", "linespacing": 1.05}
    edge, room, color = -0.14 / page.inner_width, _LEFT - 0.3, Look(line.mark["color"]).color
    place, number = row
    rows = wrap(line.label, room, LABEL, bold=bool(line.aside), lines=2)
    # In shares of a row: the label stands above the middle of its row, its aside below.
    lift = 0.5 * lines_height(len(rows), LABEL) / (page.inner_height / number) if line.aside else 0.0
    options: dict[str, Any] = {"size": LABEL, "color": color, "fontweight": "bold" if line.aside else "normal"}
    write(page.ax, edge, place - 0.75 * lift, "\n".join(rows), va="center", **options, **aside)
    if line.aside:
        below = cut(line.aside, room, SMALL - 0.5)
        write(page.ax, edge, place + 0.75 * lift, below, va="center", size=SMALL - 0.5, color=SOFT, **aside)
    note = {**aside, "ha": "left", "va": "center", "color": SOFT if np.isnan(line.ratio) else color}
    write(page.ax, 1 + 0.16 / page.inner_width, place, line.note, **note)


def _curves_beside(page: PicturePage, curves: Sequence[Curve], notes: float) -> None:
    """Draw the share of goals met over time to the right of the ratios."""
    left, tall = page.left + page.inner_width + notes + _GAP, min(_TALL, page.inner_height)
    x, low = page.at(left, page.top + tall)
    room = (x, low, _CURVES_WIDE / page.inner_width, tall / page.inner_height)
    panel = page.ax.inset_axes(room, axes_class=Picture)
    first, last = float(curves[0].x[0]), max(curve.end[0] for curve in curves)
    step = tick_step(last - first, 8)
    ticks = [float(day) for day in range(int(np.ceil(first / step) * step), int(last) + 1, step)]
    scale = CurveScale((first, last), [(tick, f"{tick:.0f}") for tick in ticks], "", "", steps=True)
    draw_panel(panel, curves, scale, _CURVES_WIDE)
    page.write(
        left,
        page.top - 0.1,
        gettext("share of goals met since day {number}", number=f"{first:.0f}"),
        va="bottom",
        color=SOFT,
    )
    middle = left + _CURVES_WIDE / 2
    page.write(middle, page.top + tall + 0.3, gettext("days under way"), ha="center", color=SOFT)
    _write_ends(panel, tall, curves)


def _write_ends(panel: Axes, height: float, curves: Sequence[Curve]) -> None:
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
    for exposure, label in _EXPOSURES.items():
        rows = curves[curves["exposure"] == exposure].sort_values("days")
        if len(rows) > 1:
            x, y, low, high = (rows[name].to_numpy(dtype=float) for name in ("days", "share_met", "low", "high"))
            made.append(Curve(gettext(label), x, y, low, high, _PLACES[exposure]))
    return made
