"""Who is left out of a log, as the caller says."""

from collections.abc import Mapping, Sequence

import polars as pl

from ..language import gettext, translatable
from ..problems import Problem
from ..schema import HAPPENINGS
from .clean.roster import Directory
from .options import STAFF, Options
from .readers.reader import Found


def leave_out(found: Found, options: Options, roster: Directory | None) -> None:
    """Take people out of all tables, and list the rows that told of them."""
    people = [name for name in options.leave_out if name != STAFF]
    names = _names_of(found, roster)
    tables = [name for name in (*HAPPENINGS, "absences", "learners") if name in found.tables]
    frames = [frame for name in tables for frame in found.tables[name]]
    for one in dict.fromkeys(one for frame in frames for one in frame["learner_id"].unique() if one is not None):
        names.setdefault(one, one)
    out: dict[str, str] = {}
    for said in people:
        meant = [one for one, name in names.items() if said.casefold() in (one.casefold(), name.casefold())]
        out |= dict.fromkeys(meant, said)
        if not meant:
            hint = gettext("Correct the name, if somebody was meant.")
            found.problems.append(
                Problem("said_in_vain", gettext('Nobody is called "{said}", who is to be left out.', said=said), hint)
            )
    found.problems += _left_out(frames, out, options)
    for name in tables:
        found.tables[name] = [left for f in found.tables[name] if (left := f.filter(_stays(out))).height]
        if not found.tables[name]:
            del found.tables[name]
    if "learners" in found.derived:
        found.derived["learners"] = [frame.filter(_stays(out)) for frame in found.derived["learners"]]


def _names_of(found: Found, roster: Directory | None) -> dict[str, str]:
    if roster is not None:
        return dict(zip(roster.ids, roster.names, strict=True))
    frames = [
        frame.select("learner_id", "name") for frame in found.derived.get("learners", []) if "name" in frame.columns
    ]
    return {one: name or one for frame in frames for one, name in frame.iter_rows()}


def _stays(out: Mapping[str, str]) -> pl.Expr:
    return ~pl.col("learner_id").is_in([*out]) | pl.col("learner_id").is_null()


def _left_out(frames: Sequence[pl.DataFrame], out: Mapping[str, str], options: Options) -> list[Problem]:
    rows = [frame.filter(~_stays(out)).select("learner_id", "row", "file", "sheet") for frame in frames]
    told = pl.concat(rows, how="vertical_relaxed").unique(maintain_order=True) if rows else pl.DataFrame()
    hint = gettext("Nothing needs to be done.")
    return [
        Problem(
            "person_left_out",
            gettext(_AS_SAID, name=one, option=options.say(leave_out=[out[one]])),
            hint, file, sheet, row, "learner_id", one,
        )
        for one, row, file, sheet in told.iter_rows()
    ]  # fmt: skip


_AS_SAID = translatable('"{name}" was left out, as was said: {option}.')
