"""Which goals are one: where a caller says that two are, they are."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from ..language import gettext
from ..problems import Problem
from .clean.roster import Directory, directory, with_spellings
from .options import Options
from .readers.reader import Found

_GOAL = "goal_id"


def goals_of(found: Found, options: Options) -> Directory | None:
    """Return the directory of a table of goals, with what the caller says of them; None where there is none."""
    known = directory(found.tables.get("goals", []), _GOAL, "title")
    if known is None:
        return None
    return replace(
        known, others=with_spellings(known, options.same_goals, "same_goals", "which is not among the goals")
    )


def join_goals(found: Found, options: Options) -> None:
    """Make those goals one of which the caller says so; remark on what is said of none."""
    said = options.same_goals
    if "goals" in found.tables:
        return
    frames = [frame for name in ("events", "collaborations") for frame in found.tables.get(name, [])]
    there = {goal for frame in frames if _GOAL in frame.columns for goal in frame[_GOAL].unique().to_list()}
    for name in ("events", "collaborations"):
        if name in found.tables:
            found.tables[name] = [_renamed(frame, said) for frame in found.tables[name]]
    if "goals" in found.derived:
        found.derived["goals"] = [
            frame.filter(~pl.col(_GOAL).is_in([*said])) for frame in found.derived["goals"] if _GOAL in frame.columns
        ]
    hint = gettext("Correct the goal, if one was meant.")
    found.problems += [
        Problem(
            "said_in_vain",
            gettext('No goal is called "{written}", which is said to be "{meant}".', written=written, meant=meant),
            hint,
        )
        for written, meant in said.items()
        if written not in there
    ]


def _renamed(frame: pl.DataFrame, said: Mapping[str, str]) -> pl.DataFrame:
    if _GOAL not in frame.columns:
        return frame
    return frame.with_columns(pl.col(_GOAL).replace(said))
