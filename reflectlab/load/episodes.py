"""Episodes: rows about working together, seen from either side, brought together."""

from collections.abc import Mapping

import polars as pl

from ..problems import Problem
from .screening import TIME

_SEPARATOR = "\x1f"


def episodes_of(
    rows: pl.DataFrame, headers: Mapping[str, str], *, mirrored: bool
) -> tuple[pl.DataFrame, list[Problem]]:
    """Make one row for each participant of each episode.

    Parameters
    ----------
    rows : polars.DataFrame
        One row for each time that a learner worked with `partners`, with `_id, time, learner_id, goal_id, event,
        with, partners, role, other_role, chosen_by, minutes, note, row, file, sheet`.
    headers : mapping of str to str
        What `with` is called in each file.
    mirrored : bool
        Whether rows of several learners with the same date, people, roles and goal are one episode. Two rows of
        one learner never are: the first of one goes with the first of the other.

    Returns
    -------
    polars.DataFrame
        The columns of `collaborations`, `row`, `file` and `sheet`. Each participant has the words of their own
        row; what that does not tell is taken from the others.
    list of Problem
        A remark on each row that was merged into another.
    """
    people = _participants(rows)
    if mirrored:
        rows = rows.join(_same_episode(rows, people), on="_id", how="left", maintain_order="left")
    else:
        rows = rows.with_columns(_episode=pl.col("_id"))
    told = people.join(rows.select("_id", "_episode", *_KEPT), on="_id", how="left", maintain_order="left")
    own = told.with_columns(_own=pl.col("person") == pl.col("learner_id")).sort(
        "_episode", "_own", "_id", descending=[False, True, False], maintain_order=True
    )
    each = own.with_columns(
        pl.coalesce(column, pl.col(column).drop_nulls().first().over("_episode")) for column in ("minutes", "chosen_by")
    ).unique(["_episode", "person"], keep="first", maintain_order=True)
    note = pl.when(pl.col("_own") & pl.col("event").is_null()).then("note")
    participants = each.select(
        "_episode",
        pl.col("time").cast(TIME),
        pl.col("minutes").cast(pl.Float64),
        pl.col("person").alias("learner_id"),
        "goal_id",
        pl.col("person_role").alias("role"),
        "chosen_by",
        note.alias("note"),
        "row",
        "file",
        "sheet",
    )
    named = participants.join(_names(rows), on="_episode", how="left", maintain_order="left")
    return named.select("episode_id", pl.exclude("_episode", "episode_id")), _merged(rows, headers)


_KEPT = ("time", "minutes", "learner_id", "goal_id", "event", "chosen_by", "note", "row", "file", "sheet")


def _participants(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `_id, person, person_role`: the learner of each row, then the partners."""
    own = rows.select("_id", person="learner_id", person_role="role")
    others = rows.select("_id", person="partners", person_role="other_role").explode("person")
    return pl.concat([own, others])


def _same_episode(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return `_id, _episode`: the first row of those that tell of the same episode."""
    part = pl.format("{}{}{}", "person", pl.lit(_SEPARATOR), pl.coalesce("person_role", pl.lit("peer")))
    sides = people.with_columns(part=part).sort("part").group_by("_id").agg(pl.col("part").str.join(_SEPARATOR * 2))
    keys = rows.select("_id", "learner_id", "goal_id", day=pl.col("time").dt.date()).join(sides, on="_id").sort("_id")
    key = ["day", "goal_id", "part"]
    counted = keys.with_columns(_time=pl.int_range(pl.len()).over([*key, "learner_id"]))
    return counted.select("_id", pl.col("_id").first().over([*key, "_time"]).alias("_episode"))


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """Name each episode after its first row, and after its file and sheet where there are several."""
    first = rows.filter(pl.col("_id") == pl.col("_episode"))
    if first.select("file", "sheet").n_unique() <= 1:
        return first.select("_episode", episode_id=pl.col("row").cast(pl.String))
    where = pl.concat_str("file", "sheet", pl.col("row").cast(pl.String), separator=":", ignore_nulls=True)
    return first.select("_episode", episode_id=where)


def _merged(rows: pl.DataFrame, headers: Mapping[str, str]) -> list[Problem]:
    later = rows.filter(pl.col("_id") != pl.col("_episode"))
    first = rows.select(_episode="_id", first_row="row", first_file="file", first_sheet="sheet")
    pairs = later.join(first, on="_episode", how="left", maintain_order="left")
    hint = "Nothing needs to be done. If they were two times together, each child writes two rows."
    problems = []
    for pair in pairs.iter_rows(named=True):
        elsewhere = (pair["file"], pair["sheet"]) != (pair["first_file"], pair["first_sheet"])
        where = f" of {pair['first_sheet'] or pair['first_file']}" if elsewhere else ""
        text = f"This row and row {pair['first_row']}{where} tell of the same time together: they are one episode."
        place = {"file": pair["file"], "sheet": pair["sheet"], "row": pair["row"]}
        problems.append(Problem("merged", text, hint, **place, column=headers.get(pair["file"]), value=pair["with"]))
    return problems
