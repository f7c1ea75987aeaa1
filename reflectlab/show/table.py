"""A table to be read: headings in words, days as days, shares in percent; the frame keeps its names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import isfinite
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from ..language import day_in_words, gettext, number_in_words, translatable
from .parts.words import called, checked_frame, mapping, percent

HEADINGS: Mapping[str, str] = translatable({
    "learner_id": "Child", "name": "Child", "source": "From", "target": "To", "with_learner_id": "With",
    "class_id": "Class", "goal_id": "Goal", "title": "Goal", "strand": "Strand", "term_id": "Term", "week": "Week",
    "day": "Day", "time": "When", "since": "Since", "status": "Stands at", "need": "Stands at",
    "position": "Place on the way", "joined": "Joined", "left": "Left",
    "set_on": "Set on", "started_on": "Started on", "met_on": "Met on", "set_by": "Set by",
    "days_in_status": "School days since then", "days_absent": "Of these, days away",
    "days_to_start": "School days until started", "days_to_met": "School days until met",
    "times_stuck": "Times stuck", "days_stuck": "School days stuck", "times_reopened": "Times taken up again",
    "goals": "Goals set for these children", "met": "Met", "dropped": "Dropped", "left_open": "Open when they left",
    "learners": "Children", "rate": "Share of their goals met", "low": "That share may be as low as",
    "high": "and as high as", "count": "How many", "n": "How many",
    "episodes": "Times together", "participations": "Times a child took part", "minutes": "Minutes together",
    "participant_minutes": "Minutes, counted for each child", "shared_goal": "On a goal both had open",
    "gave_support": "Gave support", "sought_support": "Sought support", "other": "With no open goal in common noted",
    "self_chosen": "Chosen by the children", "choice_known": "Times somebody noted who chose",
    "per_week": "Times for each child and week", "days_on_goal": "Days with an open goal",
    "days_with_peer": "Days a classmate had the same goal open", "days_with_anyone": "Days with somebody to turn to",
    "days_with_supporter": "Days a classmate had met it", "pairs": "Pairs who worked together",
    "minutes_known": "Times of which the minutes are noted",
    "reciprocity": "Share of the support that was returned", "returnable": "Share of it that could have been",
    "reciprocity_by_chance": "Share returned, were it by chance", "isolates": "Children who worked with nobody",
    "isolates_with_a_peer": "Of these, with a classmate on the same goal",
    "helper_gini": "How unevenly helping is spread (0 % alike, 100 % one child does it all)",
    "helper_gini_by_chance": "How unevenly, were it by chance",
    "goals_known": "Goals noted who chose", "goals_chosen": "Goals the children chose",
    "goals_share": "Share of goals the children chose", "participations_known": "Times noted who chose",
    "participations_chosen": "Times the children chose", "participations_share": "Share the children chose",
    "stuck": "Stuck on it", "could_help": "Could help", "part": "Who", "together": "Worked on it with others",
    "alone": "Alone on it so far", "median_days": "School days until half have met it",
    "at_risk": "How many that is of",
    "median_low": "That may be as few as", "median_high": "and as many as", "days_known": "Known for school days",
    "partners": "Different partners", "partners_by_chance": "Partners, were it by chance",
    "effective_partners": "As varied as so many evenly", "effective_by_chance": "As varied as, were it by chance",
    "evenness": "Evenness (1 all alike)", "only_with": "Only ever with",
    "suggestion": "Invitation", "reason": "Invitation", "role": "Written down as", "kind": "Follows from the log",
    "episode_id": "Time together", "days": "School days", "ambiguous": "Cannot be told for sure",
    "mean_peers": "Classmates with it open, on average", "mean_supporters": "Classmates who had met it, on average",
    "share_with_anyone": "Share of days with somebody to turn to",
    "due": "Due", "outcome": "What came of it", "days_left": "School days left",
    "explanation": "What that means", "chosen_by": "Chosen by", "note": "Note", "event": "What happened",
})  # fmt: skip
"""What the fields of the measures are called where people read them."""

SHARES = frozenset(
    {
        "rate",
        "low",
        "high",
        "p",
        "reciprocity",
        "returnable",
        "reciprocity_by_chance",
        "helper_gini",
        "helper_gini_by_chance",
        "goals_share",
        "participations_share",
        "share_met",
        "share_with_anyone",
    }
)
"""The fields that are shares."""

_WORDS: Mapping[str, str] = translatable({
    "met": "met", "stuck": "stuck", "dropped": "dropped", "set": "not started yet", "working": "working on it",
    "shared_goal": "on a shared goal", "gave_support": "gave support", "sought_support": "sought support",
    "could_help": "could help",
    "in_time": "met by then", "late": "met later", "past": "still open", "open": "to come",
    "supporter": "somebody who met it lately", "same_goal": "somebody on the same goal", "teacher": "you",
})  # fmt: skip

_SPOKEN = ("status", "need", "kind", "suggestion", "part", "outcome")

_NOTHING = "–"


@dataclass(frozen=True, repr=False)
class ShownTable:
    """A table to be read in a notebook: `frame` has the headings and words that are shown."""

    frame: pd.DataFrame
    caption: str = ""

    def __repr__(self) -> str:
        return self.frame.to_string(index=False)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col" style="text-align: left">{escape(str(each))}</th>' for each in self.frame)
        rows = (
            "".join(f'<td style="text-align: left">{escape(str(cell))}</td>' for cell in row)
            for row in self.frame.itertuples(index=False, name=None)
        )
        body = "".join(f"<tr>{cells}</tr>" for cells in rows)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def show_table(
    frame: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    titles: Mapping[str, str] | pd.Series | None = None,
    caption: str = "",
    upright: bool = False,
) -> ShownTable:
    """Return a frame of a measure as a table to be read: its fields in words, its days as days, its shares in percent.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame that a measure returned; it stays as it is.
    names, titles : mapping or pandas.Series, optional
        What the learners and the goals are called; their ids by default.
    caption : str, optional
        What the table is called.
    upright : bool, default False
        Whether the fields stand below one another: for a frame of one or few rows.

    Returns
    -------
    ShownTable

    Examples
    --------
    >>> import reflectlab
    >>> shown = show_table(reflectlab.completion(reflectlab.example()))
    >>> shown.frame[["Class", "Met", "Share of their goals met"]].values.tolist()
    [['Room 5', '3', '50 %']]
    """
    table = checked_frame("frame", frame, [])
    known = {"learner_id": mapping("names", names), "goal_id": mapping("titles", titles)}
    told = {str(name): [_cell(str(name), value, known) for value in table[name]] for name in table.columns}
    shown = pd.DataFrame({_heading(name, told): cells for name, cells in told.items()}, dtype="str")
    if upright:
        shown = shown.T.reset_index().set_axis(["", *map(str, range(1, len(shown) + 1))], axis=1)
        shown = shown.rename(columns={"1": " "}) if shown.shape[1] == 2 else shown
    return ShownTable(shown, caption)


def _heading(name: str, told: Mapping[str, Any]) -> str:
    """Return the heading of a field; an id beside a name keeps its own."""
    if name == "learner_id" and "name" in told:
        return gettext("Id")
    return gettext(HEADINGS.get(name, name.replace("_", " ").capitalize()))


_LEARNERS = ("learner_id", "with_learner_id", "only_with", "source", "target")


def _cell(name: str, value: Any, known: Mapping[str, Mapping[str, str]]) -> str:
    """Return what stands in a cell: never a sign that only a program knows."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return _NOTHING
    if isinstance(value, datetime):
        whole = value.time() == datetime.min.time()
        return day_in_words(value, "EEE d MMM y" if whole else "EEE d MMM y, HH:mm")
    if isinstance(value, str):
        names = known["learner_id"] if name in _LEARNERS else known.get(name, {})
        return called(names, value) if names or name in known else _said(name, value)
    return _number(name)(value)


def _said(name: str, value: str) -> str:
    return gettext(_WORDS.get(value, value)) if name in _SPOKEN else value


def _number(name: str) -> Callable[[Any], str]:
    return percent if name in SHARES else _plain


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return gettext("yes" if value else "no")
    if isinstance(value, float):
        whole = isfinite(value) and round(value, 1) == round(value)
        return number_in_words(round(value)) if whole else number_in_words(value, 1)
    return number_in_words(int(value)) if isinstance(value, Integral) else str(value)
