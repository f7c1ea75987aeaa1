"""Who is meant: the learner of a row, and those named in its `with`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from .context import Context, Directory
from .raw import folded
from .screening import Screen, tidy_name
from .words import NOBODY

_BETWEEN = re.compile(r"\s*(?:[;&\n]|\band\b)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")


@dataclass(frozen=True)
class Partners:
    """Those whom a cell names: their ids, or what is wrong with it: the code, the message and the hint."""

    ids: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""
    hint: str = ""


def name_learners(screen: Screen, context: Context) -> None:
    """Put the id of the roster in the place of each learner's name; list who is not on it.

    Parameters
    ----------
    screen : Screen
        With `learner_id`.
    context : Context
    """
    _identify(
        screen, "learner_id", context.learners, "unknown_learner", "is not on the roster", "learner to the roster"
    )


def by_any_name(screen: Screen, context: Context, *columns: str) -> None:
    """Put the id of the roster in the place of `learner_id`, by the first of some columns that the roster knows.

    Parameters
    ----------
    screen : Screen
        With `learner_id`, and these columns.
    context : Context
    *columns : str
        What may tell who a learner is.
    """
    known = context.learners
    if known is None:
        return
    texts = {text for column in columns for text in screen.frame[column].unique().to_list() if text}
    found = {text: one for text in texts if (one := known.find(text)) is not None}
    ids = [pl.col(column).replace_strict(found, return_dtype=pl.String, default=None) for column in columns]
    screen.frame = screen.frame.with_columns(learner_id=pl.coalesce(*ids, "learner_id"))


def name_goals(screen: Screen, context: Context) -> None:
    """Put the id of the catalogue in the place of each goal's title; list what is not in it.

    Parameters
    ----------
    screen : Screen
        With `goal_id`.
    context : Context
    """
    if screen.has("goal_id"):
        _identify(screen, "goal_id", context.goals, "unknown_goal", "is not among the goals", "goal to their table")


def _identify(screen: Screen, column: str, known: Directory | None, code: str, text: str, what: str) -> None:
    if known is None:
        return
    found = {value: known.find(value) for value in screen.frame[column].unique().to_list()}
    stranger = [value for value, one in found.items() if one is None and value]
    screen.reject(
        pl.col(column).is_in(stranger),
        code,
        column,
        lambda value: f'"{value}" {text}.',
        lambda value: f"{known.hint(value)} Correct it, or add the {what}.".strip(),
    )
    other = {value: one for value, one in found.items() if one is not None and one != value}
    if other:
        screen.frame = screen.frame.with_columns(pl.col(column).replace(other))


def with_partners(screen: Screen, context: Context, *, exact: bool) -> None:
    """Add `partners`, the ids of those named in `with`; list the rows in which it cannot be told who they are.

    Parameters
    ----------
    screen : Screen
        With `learner_id` (as ids) and `with`.
    context : Context
    exact : bool
        Whether "ben" is another than "Ben", where there is no roster.
    """
    learners = screen.frame["learner_id"].unique().to_list()
    known = context.learners or Directory(learners, learners, exact=exact)
    cells = screen.frame["with"].unique().to_list()
    named = {cell: _partners(cell, known, strict=context.learners is not None) for cell in cells}
    wrong = {cell: partners for cell, partners in named.items() if partners.code}
    for code in dict.fromkeys(str(partners.code) for partners in wrong.values()):
        _list(screen, {cell: partners for cell, partners in wrong.items() if partners.code == code}, code)
    people = pl.DataFrame(
        {"with": cells, "partners": [list(named[cell].ids) for cell in cells]},
        schema={"with": pl.String, "partners": pl.List(pl.String)},
    )
    screen.frame = screen.frame.join(people, on="with", how="left", maintain_order="left")
    screen.reject(
        pl.col("partners").list.contains(pl.col("learner_id")),
        "self_collaboration",
        "with",
        lambda value: f'The learner of this row is also named as the one it was with ("{value}").',
        "Name the others only.",
    )


def _list(screen: Screen, wrong: Mapping[str, Partners], code: str) -> None:
    screen.reject(
        pl.col("with").is_in(list(wrong)),
        code,
        "with",
        lambda value: wrong[value].message,
        lambda value: wrong[value].hint,
    )


def _partners(cell: str, known: Directory, *, strict: bool) -> Partners:
    """Say whom a cell names. A whole cell may be one name with a comma in it."""
    ids: list[str] = []
    for piece in _pieces(cell, known):
        one = known.find(piece)
        if one is None and (strict or folded(piece) in NOBODY):
            where = "on the roster" if strict else "a learner"
            hint = f"{known.hint(piece)} Correct it, add the learner to the roster, or leave this cell empty."
            return Partners((), "unknown_learner", f'"{piece}" is not {where}.', hint.strip())
        ids.append(one or piece)
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        return Partners(
            (), "duplicate_participant", f'"{twice}" is named twice in this row.', "Name each of them once."
        )
    return Partners(tuple(ids))


def _pieces(cell: str, known: Directory) -> list[str]:
    whole = tidy_name(cell)
    if not whole or known.find(whole):
        return [whole] if whole else []
    found: list[str] = []
    for part in map(tidy_name, _BETWEEN.split(whole)):
        found += [part] if known.find(part) else map(tidy_name, _COMMA.split(part))
    return [piece for piece in found if piece]
