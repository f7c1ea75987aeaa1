"""Rows that each tell one happening, made into events and episodes.

This is what the class log and a mapped table have in common: a row has a date, a learner, perhaps a goal, a word for
what happened and those it was with. A row is loaded wholly or listed.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from ...log.checks import MISSING_LEARNER
from ...problems import Problem
from ...schema import EVENTS
from ..clean.children import apart
from ..clean.company import MAY_NAME, WHOLE_WORDS, company_in_words
from ..clean.names import name_goals, name_learners, several_learners, with_partners
from ..clean.screen import TIME, Screen, nothing_if_empty
from ..clean.values import choices, halves_of_days, lengths, put_absences, put_events_and_roles, what_happened
from .reader import Context, Found


def read_happenings(screens: Sequence[Screen], context: Context, *, mirrored: bool) -> Found:
    """Make events and episodes of rows.

    Each screen has `time` and `learner_id`, and what else there is of `goal_id, event, with, role, chosen_by, minutes,
    note, class_id`, as text. If `mirrored`, two rows may tell of one episode from either side, as children write them.
    """
    found = Found()
    parts = []
    for screen in screens:
        _screen(screen, context, exact=not mirrored)
        found.rows_read[screen.raw.place] = screen.raw.rows_read
        parts.append(screen.placed())
    rows = pl.concat(parts, how="diagonal").with_row_index("_id")
    if any("class_id" in screen.headers for screen in screens):
        found.derive("learners", _learners(rows))
    found.add("events", _events(rows))
    day = pl.col("time").dt.truncate("1d").alias("date")
    found.add("absences", _each_learner(rows.filter("away")).select("learner_id", day, *_OF_ABSENCES))
    together = rows.filter(~_alone(rows))
    headers = {screen.raw.file: screen.headers["with"] for screen in screens if "with" in screen.headers}
    episodes, merged = episodes_of(together, headers, mirrored=mirrored)
    found.add("collaborations", episodes)
    for screen in screens:
        found.problems += screen.problems
    found.problems += merged
    _remark_minutes(rows, screens, found)
    return found


def _screen(screen: Screen, context: Context, *, exact: bool) -> None:
    """Sift the rows of one table, and bring them into one form: see `_COLUMNS`."""
    words = screen.frame["event"].unique() if screen.has("event") else pl.Series([], dtype=pl.String)
    if words.filter(~words.str.to_lowercase().is_in(WHOLE_WORDS)).str.contains(MAY_NAME).any():
        company_in_words(screen, context.learners)
    screen.names("learner_id", "goal_id", "with", "class_id")
    screen.put(half=halves_of_days(screen.frame["time"]))
    screen.times("time", context.columns_of(screen.raw.file), carried=True)
    screen.require(MISSING_LEARNER)
    last_first = several_learners(screen, context.learners)
    screen.put(written="learner_id")  # before it becomes an id: whoever chose is called by this name
    name_learners(screen, context.learners)
    meant = what_happened(screen)
    put_absences(screen, meant, pl.col("half"))
    put_events_and_roles(screen, meant)
    choices(screen, learner=pl.col("written"))
    if screen.has("with"):
        with_partners(screen, context.learners, exact=exact, last_first=last_first)
    _complete(screen)
    name_goals(screen, context.goals)
    _require_a_happening(screen)
    lengths(screen)
    screen.select(*_COLUMNS, *(["beside"] if screen.has("beside") else []))


_COLUMNS = (
    "time", "learner_id", "goal_id", "event", "partners", "role", "other_role", "chosen_by", "minutes",
    "note", "class_id", "with", "away", "part",
)  # fmt: skip


_OF_ABSENCES = ("part", "row", "file", "sheet")


def _complete(screen: Screen) -> None:
    """Add the columns that the table does not have, and make empty texts missing."""
    absent = {
        "partners": pl.lit([], pl.List(pl.String)),
        "goal_id": pl.lit(""),
        "note": pl.lit(""),
        "class_id": pl.lit(""),
        "with": pl.lit(""),
    }
    screen.put(*(value.alias(name) for name, value in absent.items() if not screen.has(name)))


def _require_a_happening(screen: Screen) -> None:
    alone = _alone(screen.frame) & ~pl.col("away")
    screen.reject(
        alone & pl.col("role").is_not_null() & pl.col("event").is_null(),
        "missing_partner",
        "with",
        lambda _: "This row tells of working together, and does not say with whom.",
        'Write the names of the others in "with".',
    )
    screen.reject(
        alone & pl.col("event").is_null(),
        "missing_event" if screen.has("event") and "event" in screen.headers else "missing_partner",
        "event" if "event" in screen.headers else "with",
        lambda _: "This row says neither what happened nor with whom.",
        f"Write one of: {', '.join(EVENTS)}; or who worked together.",
    )
    screen.reject(
        pl.col("event").is_not_null() & (pl.col("goal_id") == ""),
        "missing_goal",
        "goal_id",
        lambda _: "This row tells what happened on a goal, and does not say which.",
        "Write the goal.",
    )
    screen.put(*nothing_if_empty(screen.frame, ["goal_id", "note", "class_id"]))


def _learners(rows: pl.DataFrame) -> pl.DataFrame:
    """Return everyone who is named where a class is told: the id, the name and the class."""
    told = rows.filter(pl.col("class_id").is_not_null())
    named = [
        told[column].explode().drop_nulls().unique(maintain_order=True)
        for column in ("beside", "partners")
        if column in told.columns
    ]
    everyone = pl.concat([told["learner_id"].unique(maintain_order=True), *named]).unique(maintain_order=True)
    known = [(one, *apart(one)) for one in everyone]
    return pl.DataFrame(known, dict.fromkeys(("learner_id", "name", "class_id"), pl.String), orient="row")


def _several(rows: pl.DataFrame) -> pl.Expr:
    """Whether a row has several learners."""
    return pl.col("beside").list.len().fill_null(0) > 0 if "beside" in rows.columns else pl.lit(value=False)


def _alone(rows: pl.DataFrame) -> pl.Expr:
    """Whether a row tells of no episode: it names nobody in `with`, nor has it several learners and a role."""
    return (pl.col("partners").list.len() == 0) & ~(_several(rows) & pl.col("role").is_not_null())


def _each_learner(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each of several learners."""
    if rows.filter(_several(rows)).is_empty():
        return rows
    several = pl.concat_list("learner_id", pl.col("beside").fill_null([])).list.unique(maintain_order=True)
    return rows.with_columns(several.alias("learner_id")).explode("learner_id")


def _events(rows: pl.DataFrame) -> pl.DataFrame:
    events = _each_learner(rows.filter(pl.col("event").is_not_null()))
    return events.select(
        pl.col("time").cast(TIME), "learner_id", "goal_id", "event", "chosen_by", "note", "row", "file", "sheet"
    )


def _remark_minutes(rows: pl.DataFrame, screens: Sequence[Screen], found: Found) -> None:
    """Say once of each table that the minutes of an event are not kept: only working together has a length."""
    idle = rows.filter(pl.col("minutes").is_not_null() & _alone(rows))
    for screen in screens:
        file, sheet = screen.raw.place
        here = idle.filter((pl.col("file") == file) & pl.col("sheet").eq_missing(pl.lit(sheet, pl.String)))
        if here.height:
            text = f'The minutes of {here.height:,} rows without anyone in "with" were left out, this one\'s first.'
            hint = "A log keeps the minutes of working together; there is nothing to do."
            found.problems.append(
                screen.problem("normalised", text, hint, here["row"][0], "minutes", f"{here['minutes'][0]:g}")
            )


_SEPARATOR = "\x1f"


def episodes_of(
    rows: pl.DataFrame, headers: Mapping[str, str], *, mirrored: bool
) -> tuple[pl.DataFrame, list[Problem]]:
    """Make one row for each participant of each episode, and a remark on each row that was merged into another.

    A row comes for each time that a learner worked with `partners`, with `_id, time, learner_id, goal_id, event, with,
    partners, beside, role, other_role, chosen_by, minutes, note, row, file, sheet`; `headers` are what `with` is called
    in each file. If `mirrored`, rows of several learners with the same date, people, roles and goal are one episode.
    Two rows of one learner never are: the first of one goes with the first of the other. Each participant has the words
    of their own row; what that does not tell is taken from the others.
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
    """Return `_id, person, person_role`: the learner of each row, then the partners; first of two places counts."""
    own = rows.select("_id", person="learner_id", person_role="role")
    others = rows.select("_id", person="partners", person_role="other_role").explode("person")
    several = rows.filter(_several(rows))
    if several.is_empty():
        return pl.concat([own, others.filter(pl.col("person").is_not_null())])
    beside = several.select("_id", person="beside", person_role="role").explode("person")
    everyone = pl.concat([own, beside, others.filter(pl.col("person").is_not_null())])
    return everyone.unique(["_id", "person"], keep="first", maintain_order=True)


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
