"""From which goal to which: a table of steps, the darker the more often."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..errors import ArgumentError
from ..language import gettext, translatable
from .parts.drawing import boxes, drawing, lines_height, text_size, wrap, write
from .parts.picture import SMALL, Margins, PicturePage, label_column, new_page, nothing, room_width
from .parts.style import BRIGHT, HAIR, INK, SOFT, blend
from .parts.words import called, checked_frame, group_columns, mapping, number_of, part_of_noted, percent, some_of

_WIDTH, _CELL_WIDE, _CELL_TALL = 8.5, 0.72, 0.42

_TIGHT = 0.56

_TURN, _HEAD, _CORNER = 45, 2.3, translatable("from ↓   to →")

_MEASURED = ("source", "target", "n", "p")


def plot_transitions(
    transitions: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    most: int = 12,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which goal followed which: how often, and of how many steps from there.

    The counts stand first, since a share of few steps says little.

    Parameters
    ----------
    transitions : pandas.DataFrame
        As `reflectlab.transitions` gives them, of one group. With `start=True` there is a row `start`.
    names : mapping or pandas.Series, optional
        What each goal (or event) is called.
    most : int, default 12
        At most this many goals are drawn, fewer where `ax` is too narrow for them: those with the most steps to
        or from them. The sentence says how many there are.
    title : str, default "From goal to goal"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure sized to the goals.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        If the frame holds more than one group, or `most` is not positive.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import plot_transitions
    >>> steps = pd.DataFrame({"source": ["hook", "hook"], "target": ["verbs", "order"], "n": [3, 1], "p": [0.75, 0.25]})
    >>> plot_transitions(steps).get_title(loc="left")
    'From goal to goal'
    """
    table = checked_frame("transitions", transitions, list(_MEASURED))
    _one_group(table)
    if most < 1:
        raise ArgumentError(f"must be at least 1; got {most!r}.", "most")
    title = gettext("From goal to goal") if title is None else title
    words = mapping("names", names)
    with drawing():
        if table.empty or not table["n"].sum():
            return nothing(ax, title, gettext("nobody has gone on from one goal to the next."))
        return _draw(table, words, most, title, ax)


def _one_group(table: pd.DataFrame) -> None:
    for column in group_columns(table, _MEASURED):
        values = table[column].unique()
        if len(values) > 1:
            raise ArgumentError(
                f"must be of one group; {column} holds {', '.join(map(str, values[:5]))}. "
                f"Keep one of them: transitions[transitions[{column!r}] == {values[0]!r}].",
                "transitions",
            )


def _draw(table: pd.DataFrame, words: Mapping[str, str], most: int, title: str, ax: Axes | None) -> Axes:
    room = room_width(ax, float("inf"))
    labels, heads_wide = min(2.4, 0.3 * room), min(_HEAD, 0.25 * room)
    fitting = (room - labels - 0.3 - 0.71 * heads_wide - 0.1) / _TIGHT
    shown = _busiest(table, int(min(most, max(fitting, 2))), words)
    sources = [state for state in shown if state in set(table["source"])]
    targets = [state for state in shown if state in set(table["target"])]
    kept = table[table["source"].isin(sources) & table["target"].isin(targets)]
    rows, column, tall = label_column([called(words, state) for state in sources], labels)
    heads = [wrap(called(words, state), heads_wide, SMALL, lines=3) for state in targets]
    slant = max(text_size(row, SMALL)[0] + lines_height(len(head), SMALL) for head in heads for row in head) * 0.71
    left = max(column, text_size(gettext(_CORNER), SMALL)[0]) + 0.3
    width = room_width(ax, max(left + _CELL_WIDE * len(targets) + slant + 0.1, _WIDTH))
    right = max(slant + 0.1, width - left - _CELL_WIDE * len(targets))
    size, margins = (width, max(_CELL_TALL, tall + 0.06) * len(sources)), Margins(left, right, slant + 0.2, 0.2)
    page = new_page(ax, title, _sentence(table, kept, shown, words), [], size, margins)
    page.ax.set_xlim(0, len(targets))
    page.ax.set_ylim(len(sources), 0)
    _draw_cells(page, kept, sources, targets)
    _write_labels(page, rows, heads)
    return page.ax


def _busiest(table: pd.DataFrame, most: int, words: Mapping[str, str]) -> list[str]:
    """Return the states with the most steps; `start` first, then in the order of the names, then by steps."""
    leaving, coming = (table.groupby(column)["n"].sum() for column in ("source", "target"))
    total = leaving.add(coming, fill_value=0).drop("start", errors="ignore")
    ordered = total.sort_index().sort_values(ascending=False, kind="stable").index[:most]
    first = ["start"] if (table["source"] == "start").any() else []
    place = {state: number for number, state in enumerate(words)}
    return [*first, *sorted(map(str, ordered), key=lambda state: place.get(state, len(place)))]


def _sentence(table: pd.DataFrame, kept: pd.DataFrame, shown: list[str], words: Mapping[str, str]) -> str:
    total = int(table["n"].sum())
    states = {*table["source"], *table["target"]} - {"start"}
    drawn = [state for state in shown if state != "start"]
    begun = int(table.loc[table["source"] == "start", "n"].sum())
    numbers = {"steps": number_of(total - begun, "step"), "goals": number_of(len(states), "goal")}
    said = [gettext("{steps} between {goals}.", **numbers)]
    if begun:
        first = number_of(begun, "first goal")
        said = [gettext("{steps} between {goals}, and {first}.", first=first, **numbers)]
    steps = kept[kept["source"] != "start"]
    if len(drawn) < len(states):
        between = f"{steps['n'].sum():.0f}"
        said.append(
            gettext(
                "Shown are the {number} with the most steps, and the {steps} steps between them.",
                number=len(drawn),
                steps=between,
            )
        )
    return " ".join([*said, *([] if steps.empty else [_most_often(steps, words)])])


def _most_often(steps: pd.DataFrame, words: Mapping[str, str]) -> str:
    top = steps.iloc[int(steps["n"].to_numpy().argmax())]
    return gettext(
        "Most often: from “{source}” to “{target}”, {times}.",
        source=called(words, top["source"]),
        target=called(words, top["target"]),
        times=part_of_noted(int(top["n"]), _out_of(top), _out_of(top)),
    )


def _out_of(step: Any) -> int:
    """Return how many steps there are from the source: the share is of them."""
    return round(step["n"] / step["p"]) if step["p"] else 0


def _draw_cells(page: PicturePage, kept: pd.DataFrame, sources: list[str], targets: list[str]) -> None:
    ax = page.ax
    ax.hlines(range(len(sources) + 1), 0, len(targets), colors=HAIR, linewidths=0.6, zorder=0, clip_on=False)
    ax.vlines(range(len(targets) + 1), 0, len(sources), colors=HAIR, linewidths=0.6, zorder=0, clip_on=False)
    across, down = {t: i for i, t in enumerate(targets)}, {s: i for i, s in enumerate(sources)}
    edges, grounds = [], []
    for step in kept.to_dict("records"):
        x, y, share = across[step["target"]], down[step["source"]], float(step["p"])
        edges.append((x + 0.03, x + 0.97, y + 0.04, y + 0.96))
        grounds.append(blend(BRIGHT[0], 0.08 + 0.92 * share))
        ink = "white" if share > 0.72 else INK
        there = {"transform": ax.transData, "ha": "center"}
        few = some_of(step["n"], _out_of(step))
        write(ax, x + 0.5, y + 0.5, few, va="bottom", size=SMALL + 0.5, color=ink, **there)
        soft = SOFT if share < 0.2 else ink
        write(ax, x + 0.5, y + 0.55, percent(share), va="top", size=SMALL - 1, color=soft, **there)
    boxes(ax, edges, facecolors=grounds, zorder=1)


def _write_labels(page: PicturePage, rows: list[str], heads: list[list[str]]) -> None:
    ax = page.ax
    page.label_rows(rows, first=0.5)
    above = {"transform": ax.get_xaxis_transform(), "ha": "left", "va": "bottom", "linespacing": 1.05}
    for place, head in enumerate(heads):
        turned = {"rotation": _TURN, "rotation_mode": "anchor", **above}
        write(ax, place + 0.45, 1 + 0.06 / page.inner_height, "\n".join(head), size=SMALL, **turned)
    page.write(
        page.left - 0.1, page.top - 0.08, gettext(_CORNER), ha="right", va="bottom", size=SMALL - 0.5, color=SOFT
    )
