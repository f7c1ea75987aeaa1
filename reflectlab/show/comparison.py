"""Whether working together goes with meeting goals sooner: the ratios with their intervals, and goals met over time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .blocks import count
from .curves import Curve, Frame, draw_panel
from .forest import LEFT, Line, draw_forest, times
from .groups import group_columns, group_labels
from .inputs import checked, mapping
from .kinds import WORDS
from .picture import Picture
from .sheet import SMALL, Sheet, head_height, lines_height, new_sheet, nothing, wrap
from .style import INK, SOFT, TODAY, Look, drawing, percent, text_size, write

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
