"""The invitations of a day on one page: a row for each learner, up to three to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from .parts.drawing import drawing
from .parts.inputs import cannot_tell, checked, mapping, records
from .parts.page import PAD, Key, Sheet, bare, head_height, key_height, lines_height, new_sheet, nothing, wrap
from .parts.picture import record
from .parts.style import HAIR, INK, MARKERS, SOFT
from .parts.words import called, count, plain

PAGE = (8.27, 11.69)
"""An A4 page in inches: the width of the picture, and the height that it keeps within where that can be read."""

_NEEDED = ["learner_id", "goal_id", "need", "suggestion", "with_learner_id", "reason"]

_NAME, _MARK, _AIR = 1.05, 0.2, 0.09

_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5)

_MARKERS: Mapping[str, dict[str, Any]] = {
    "supporter": MARKERS["gave_support"],
    "same_goal": MARKERS["shared_goal"],
    "teacher": {"marker": "s", "s": 26, "facecolor": "white", "edgecolor": INK, "linewidth": 1.1},
}

_WORDS = {
    "supporter": "has met it: to ask",
    "same_goal": "has it too: to work with",
    "teacher": "to talk with the teacher",
}

_TOLD = {
    "supporter": "to ask somebody who met the goal lately",
    "same_goal": "to work with somebody on the same goal",
    "teacher": "to talk with the teacher",
}


@dataclass(frozen=True)
class Invitation:
    """One cell: the kind, what is written in it, and what it stands for."""

    kind: str
    reason: list[str]
    goal: str
    stuck: bool
    row: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One learner's row of the page: the name, the invitations, and how many lines of text it takes."""

    name: list[str]
    invitations: list[Invitation]

    @property
    def lines(self) -> int:
        """The lines of the tallest cell."""
        return max(len(self.name), *(len(each.reason) + 1 for each in self.invitations))


def plot_opportunities(
    opportunities: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    title: str = "Invitations",
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
    table = checked("opportunities", opportunities, _NEEDED)
    words = mapping("names", names), mapping("titles", titles)
    untold = cannot_tell(opportunities)
    with drawing():
        if table.empty:
            return nothing(ax, title, " ".join(untold) or "nobody has an open goal.", PAGE[0])
        return _draw(table, words, " ".join([_sentence(table), *untold]), title, ax)


def _draw(
    table: pd.DataFrame, words: tuple[dict[str, str], dict[str, str]], said: str, title: str, ax: Axes | None
) -> Axes:
    entries = [[Key(word, marker=_MARKERS[kind]) for kind, word in _WORDS.items() if kind in set(table["suggestion"])]]
    wide = PAGE[0]
    top, bottom = head_height(title, said, wide) + 0.05, key_height(entries, wide) + 0.3
    column = (wide - 2 * PAD - _NAME) / 3
    size, lines = _fitted(table, words, column, PAGE[1] - top - bottom)
    heights = [_height(line, size) for line in lines]
    sheet = new_sheet(ax, wide, top + sum(heights) + bottom)
    sheet.place(PAD, PAD, top, bottom)
    bare(sheet.ax)
    sheet.ax.set_xlim(0, 1)
    sheet.ax.set_ylim(1, 0)
    sheet.head(title, said)
    y = top
    for line, height in zip(lines, heights, strict=True):
        _row(sheet, line, y, size, column)
        y += height
    sheet.key(entries, sheet.height - key_height(entries, sheet.width) - 0.12)
    return sheet.ax


def _fitted(
    table: pd.DataFrame, words: tuple[dict[str, str], dict[str, str]], column: float, room: float
) -> tuple[float, list[Line]]:
    """Return the largest size of writing at which the rows fit the room, and the rows; else the smallest size."""
    for size in _SIZES:
        lines = _lines(table, words, column - _MARK - 0.08, size)
        if sum(_height(line, size) for line in lines) <= room:
            break
    return size, lines


def _lines(table: pd.DataFrame, words: tuple[dict[str, str], dict[str, str]], room: float, size: float) -> list[Line]:
    """Return the rows of the page, their writing broken to fit."""
    found = []
    for learner, rows in table.groupby("learner_id", sort=False):
        cells = [_invitation(row, words[1], room, size) for row in records(rows)]
        found.append(Line(wrap(called(words[0], str(learner)), _NAME - 0.1, size + 0.5, lines=2, bold=True), cells))
    return found


def _invitation(row: dict[str, Any], titles: Mapping[str, str], room: float, size: float) -> Invitation:
    """Return one cell: the reason up to its invitation, and below it the goal."""
    kind = row["suggestion"] if row["suggestion"] in _WORDS else "teacher"
    why = plain(row["reason"]).rsplit(": ", 1)[0]
    stuck = row["need"] == "stuck"
    goal = f"{'stuck: ' if stuck else ''}{called(titles, str(row['goal_id']))}"
    return Invitation(kind, wrap(why, room, size, lines=2), wrap(goal, room, size, lines=1)[0], stuck, row)


def _height(line: Line, size: float) -> float:
    return lines_height(line.lines, size) + _AIR


def _row(sheet: Sheet, line: Line, y: float, size: float, column: float) -> None:
    """Draw one learner's row, from `y` on."""
    ax, told = sheet.ax, record(sheet.ax)
    left, low = sheet.at(PAD, y)
    ax.plot([left, 1], [low, low], color=HAIR, linewidth=0.7, transform=ax.transAxes, clip_on=False)
    options: dict[str, Any] = {"linespacing": 1.12, "size": size}
    sheet.write(PAD, y + _AIR / 2, "\n".join(line.name), **{**options, "size": size + 0.5, "fontweight": "bold"})
    for number, each in enumerate(line.invitations):
        x, top = PAD + _NAME + number * column, y + _AIR / 2
        text = _text(line, each)
        url = told.mark(text, what=each.kind, learner=str(each.row["learner_id"]), goal=str(each.row["goal_id"]))
        place = sheet.at(x + _MARK / 2, top + lines_height(1, size) / 2)
        ax.scatter(*place, transform=ax.transAxes, clip_on=False, **_MARKERS[each.kind]).set_urls([url])
        sheet.write(x + _MARK, top, "\n".join(each.reason), **options)
        below = top + lines_height(len(each.reason), size)
        sheet.write(x + _MARK, below, each.goal, color=INK if each.stuck else SOFT, **options)


def _text(line: Line, invitation: Invitation) -> str:
    return f"{' '.join(line.name)}, {invitation.goal}: {invitation.row['reason']}"


def _sentence(table: pd.DataFrame) -> str:
    stuck = table.loc[table["need"] == "stuck", "learner_id"].nunique()
    are = f"{stuck or 'none'} {'is' if stuck < 2 else 'are'}"
    said = f"{count(table['learner_id'].nunique(), 'learner')} with an open goal, of whom {are} stuck."
    counts = table["suggestion"].value_counts()
    parts = [f"{counts[kind]} {words}" for kind, words in _TOLD.items() if kind in counts]
    return f"{said} {count(len(table), 'invitation')} to choose from: {', '.join(parts)}."
