"""The invitations of a day on one page: a row for each learner, up to three to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import gettext, ngettext, translatable
from .parts.drawing import drawing, lines_height, wrap
from .parts.picture import (
    PAD,
    LegendEntry,
    Margins,
    PicturePage,
    description_of,
    head_height,
    legend_height,
    new_page,
    nothing,
)
from .parts.style import HAIR, INK, MARKERS, SOFT
from .parts.words import (
    Words,
    cannot_tell_sentences,
    checked_frame,
    due_text,
    number_of,
    plain,
    records,
    stands_of,
    words_of,
)

_A4 = (8.27, 11.69)
"""An A4 page in inches: the width of the picture, and the height that it keeps within where that can be read."""

_NEEDED = ["learner_id", "goal_id", "need", "suggestion", "with_learner_id", "reason"]

_NAME, _MARK, _AIR = 1.05, 0.2, 0.09

_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5)

_MARKERS: Mapping[str, dict[str, Any]] = {
    "supporter": MARKERS["gave_support"],
    "same_goal": MARKERS["shared_goal"],
    "teacher": {"marker": "s", "s": 26, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
}

_SUGGESTIONS = translatable(
    {
        "supporter": "has met it: to ask",
        "same_goal": "has it too: to work with",
        "teacher": "to talk with the teacher",
    }
)

_PHRASES = translatable(
    {
        "supporter": "{number} to ask somebody who met the goal lately",
        "same_goal": "{number} to work with somebody on the same goal",
        "teacher": "{number} to talk with the teacher",
    }
)


def plot_opportunities(
    opportunities: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    status: pd.DataFrame | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw who could work with whom as a table that prints on one page.

    A row for each learner in the order of the frame, the longest stuck first, with up to three invitations to choose
    from: a triangle for a classmate to ask, who has met the goal; a ring for one to work with, who has it open too; a
    square for the teacher. The writing gets smaller, down to 5.5 points, to keep within an A4 page.

    Parameters
    ----------
    opportunities : pandas.DataFrame
        As `reflectlab.opportunities` gives it.
    names, titles : mapping or pandas.Series, optional
        What the learners and the goals are called. Classmates are called as the reasons call them: as in the log.
    status : pandas.DataFrame, optional
        As `reflectlab.status` gives it for the same day: who is stuck stands there with for how long and since when.
    title : str, default "Invitations"
    ax : matplotlib.axes.Axes, optional
        Where to draw; everything stays within its place. By default a figure as wide as an A4 page, and as high as
        it needs: `axes.figure.savefig("invitations.pdf")` makes a page to print.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.show import alt_text, plot_opportunities
    >>> alt_text(plot_opportunities(reflectlab.opportunities(reflectlab.example())))
    'Invitations. 3 learners with an open goal, of whom 1 is stuck. 3 invitations to choose from: ...'
    """
    table = checked_frame("opportunities", opportunities, _NEEDED)
    words, title = words_of(names, titles, None, table["goal_id"]), gettext("Invitations") if title is None else title
    table = table.assign(stands=stands_of(table, status))
    untold = cannot_tell_sentences(opportunities)
    with drawing():
        if table.empty:
            return nothing(ax, title, " ".join(untold) or gettext("nobody has an open goal."), _A4[0])
        return _draw(table, words, " ".join([_sentence(table), *untold]), title, ax)


def _draw(table: pd.DataFrame, words: Words, sentence: str, title: str, ax: Axes | None) -> Axes:
    wide, tall = _A4
    legend, margins = _legend(table), Margins(above=0.05, below=0.3, foot=0.12)
    taken = head_height(title, sentence, wide) + legend_height(legend, wide) + margins.above + margins.below
    column = (wide - 2 * PAD - _NAME) / 3
    size, rows = _fitted(table, words, column, tall - taken)
    heights = [row.height(size) for row in rows]
    page = new_page(ax, title, sentence, legend, (wide, sum(heights)), margins)
    page.ax.set_xlim(0, 1)
    page.ax.set_ylim(1, 0)
    for row, y in zip(rows, np.cumsum([page.top, *heights]), strict=False):
        _draw_row(page, row, float(y), size, column)
    return page.ax


def _legend(table: pd.DataFrame) -> list[list[LegendEntry]]:
    there = set(table["suggestion"])
    return [[LegendEntry(gettext(word), marker=_MARKERS[kind]) for kind, word in _SUGGESTIONS.items() if kind in there]]


@dataclass(frozen=True)
class Invitation:
    """One cell: the kind, the lines written in it, and what it stands for."""

    kind: str
    why: list[str]
    goal: str
    stuck: bool
    reason: str
    learner_id: str
    goal_id: str


@dataclass(frozen=True)
class LearnerRow:
    """One learner's row of the page: the name and the invitations, broken into lines."""

    name: list[str]
    invitations: list[Invitation]

    def height(self, size: float) -> float:
        """Return how high the tallest cell is in this size of writing, with the air round it."""
        cells = (len(each.why) + each.goal.count("\n") + 1 for each in self.invitations)
        return lines_height(max(len(self.name), *cells), size) + _AIR


def _fitted(table: pd.DataFrame, words: Words, column: float, room: float) -> tuple[float, list[LearnerRow]]:
    """Return the largest size of writing at which the rows fit the room, and the rows; else the smallest size."""
    for size in _SIZES:
        rows = _rows(table, words, column - _MARK - 0.08, size)
        if sum(row.height(size) for row in rows) <= room:
            break
    return size, rows


def _rows(table: pd.DataFrame, words: Words, room: float, size: float) -> list[LearnerRow]:
    """Return the rows of the page, their writing broken to fit."""
    made = []
    for learner, rows in table.groupby("learner_id", sort=False):
        name = wrap(words.learner(str(learner)), _NAME - 0.1, size + 0.5, lines=2, bold=True)
        made.append(LearnerRow(name, [_invitation(row, words, room, size) for row in records(rows)]))
    return made


def _invitation(row: dict[str, Any], words: Words, room: float, size: float) -> Invitation:
    """Return one cell: the reason up to its invitation, and below it the goal."""
    kind = row["suggestion"] if row["suggestion"] in _SUGGESTIONS else "teacher"
    why = plain(row["reason"]).rsplit(": ", 1)[0]
    named = words.goal(str(row["goal_id"]))
    goal = f"{row['stands']}: {named}" if row["need"] == "stuck" else f"{named}{due_text(row.get('due'))}"
    return Invitation(
        kind=kind,
        why=wrap(why, room, size, lines=2),
        goal="\n".join(wrap(goal, room, size, lines=2)),
        stuck=row["need"] == "stuck",
        reason=row["reason"],
        learner_id=str(row["learner_id"]),
        goal_id=str(row["goal_id"]),
    )


def _draw_row(page: PicturePage, row: LearnerRow, y: float, size: float, column: float) -> None:
    """Draw one learner's row, from `y` on."""
    ax, description = page.ax, description_of(page.ax)
    left, low = page.at(PAD, y)
    ax.plot([left, 1], [low, low], color=HAIR, linewidth=0.7, transform=ax.transAxes, clip_on=False)
    options: dict[str, Any] = {"linespacing": 1.12, "size": size}
    page.write(PAD, y + _AIR / 2, "\n".join(row.name), **{**options, "size": size + 0.5, "fontweight": "bold"})
    for number, each in enumerate(row.invitations):
        x, top = PAD + _NAME + number * column, y + _AIR / 2
        text = f"{' '.join(row.name)}, {' '.join(each.goal.split())}: {each.reason}"
        url = description.mark(text, what=each.kind, learner=each.learner_id, goal=each.goal_id)
        place = page.at(x + _MARK / 2, top + lines_height(1, size) / 2)
        ax.scatter(*place, transform=ax.transAxes, clip_on=False, **_MARKERS[each.kind]).set_urls([url])
        page.write(x + _MARK, top, "\n".join(each.why), **options)
        below = top + lines_height(len(each.why), size)
        page.write(x + _MARK, below, each.goal, color=INK if each.stuck else SOFT, **options)


def _sentence(table: pd.DataFrame) -> str:
    stuck = table.loc[table["need"] == "stuck", "learner_id"].nunique()
    learners = number_of(table["learner_id"].nunique(), "learner")
    said = ngettext(
        "{learners} with an open goal, of whom {number} is stuck.",
        "{learners} with an open goal, of whom {number} are stuck.",
        stuck,
        learners=learners,
    )
    said = said if stuck else gettext("{learners} with an open goal, of whom none is stuck.", learners=learners)
    counts = table["suggestion"].value_counts()
    parts = [gettext(phrase, number=counts[kind]) for kind, phrase in _PHRASES.items() if kind in counts]
    invitations = number_of(len(table), "invitation")
    return f"{said} " + gettext(
        "{invitations} to choose from: {kinds}.", invitations=invitations, kinds=", ".join(parts)
    )
