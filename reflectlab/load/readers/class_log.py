"""The one-sheet class log, and any table by its columns: each row tells one happening, in the words of the class.

Columns `date, learner, goal, what happened, with, chosen by, minutes, note, due`; a date, a learner and one of the next
two are enough. A word for an event gives an event; a word for working together, or anyone in `with`, an episode. A row
is loaded wholly or listed.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from ...errors import MissingColumnError, likely
from ...language import chained, gettext, ngettext, number_in_words
from ...log.checks import BAD_DUE, MISSING_LEARNER
from ...problems import Problem
from ...schema import EVENTS
from ..clean.children import apart
from ..clean.company import company_in_words
from ..clean.dates.clocks import clock_column
from ..clean.names import name_goals, name_learners, several_learners, with_partners
from ..clean.screen import TIME, Screen, nothing_if_empty
from ..clean.summary_rows import leave_totals_out
from ..clean.values import blank_who_was_alone, halves_of_days, lengths, put_what_happened, read_days_due, read_marks
from ..clean.vocabulary import HEADERS, KNOWN_HEADERS, column_of, event_in, likely_header, log_columns, may_name_company
from ..files.raw import ROW, RawTable, folded
from ..options import COLUMN_NAMES, Options
from .reader import Context, Found, Reader

_NEEDED = ("time", "learner_id")
"""The columns that a class log must have, beside one that tells what happened."""

_TELLING = ("event", "with")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a class log, perhaps one with a slip in a header."""
    known, near = set(columns_in(raw)), set(_slips(raw).values())
    if not all(column in known | near for column in _NEEDED) or not {*_TELLING} & (known | near):
        return False
    return len({*_NEEDED, *_TELLING, "goal_id"} & known) >= 2


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read class logs: several sheets, one a month say, are one log."""
    screens = [Screen(raw, context.options, _required(raw, context.options)) for raw in raws]
    for screen in screens:
        screen.note(*_unknown_columns(screen.raw, context.options))
    return read_happenings(screens, context, mirrored=True)


def columns_in(raw: RawTable) -> dict[str, str]:
    """Return the columns of a class log that a table has, and the header of each; the first of two counts."""
    known = log_columns(raw)
    found: dict[str, str] = {}
    for header, column in known.items():
        found.setdefault(column, header)
    return found | _with_clock(raw, [header for header, column in known.items() if column == "time"])


_CLOCKS = frozenset({"clock", "time of day", "hour", "at", "start time", "started at"})
"""What else a column with the time of day may be called, folded."""


def _with_clock(raw: RawTable, times: Sequence[str]) -> dict[str, str]:
    """Return which columns hold the day and the time of day, where two do."""
    candidates = [*times, *(header for header, plain in raw.folded.items() if plain in _CLOCKS and header not in times)]
    both = clock_column(raw, candidates) if len(candidates) > 1 else None
    return {"time": both[0], "clock": both[1]} if both else {}


def _required(raw: RawTable, options: Options) -> dict[str, str]:
    columns = columns_in(raw)
    absent = [column for column in _NEEDED if column not in columns]
    if not {*_TELLING} & set(columns):
        absent.append("event")
    if absent:
        raise MissingColumnError(_missing(raw, absent, options))
    return columns


def _missing(raw: RawTable, absent: Sequence[str], options: Options) -> str:
    """Say what a table lacks, and all that has to be said of it at once."""
    slips = {column: header for header, column in _slips(raw).items() if column in absent}
    lacking = chained("{one} or {other}", [f'"{HEADERS[column][0]}"' for column in absent])
    text = gettext("{raw} has no column {lacking}.", raw=raw, lacking=lacking)
    for column, header in slips.items():
        meant = gettext("it") if len(absent) == 1 else HEADERS[column][0]
        text += " " + gettext('Did you mean {meant} by "{header}"?', meant=meant, header=header)
    if slips:
        absent = [*absent, *_also_needed(raw, absent)]
        say = options.say(columns={column: slips.get(column, ...) for column in absent})
        text += " " + gettext("Or say so: {option}.", option=say)
    return gettext("{text} Its columns are: {names}.", text=text, names=", ".join(raw.header))


def _also_needed(raw: RawTable, absent: Sequence[str]) -> list[str]:
    """Return what a table lacks for its rows to be read by `columns`, apart from what is missed already."""
    known = columns_in(raw)
    return [] if "with" in known else [one for one in ("goal_id", "event") if one not in known and one not in absent]


def _slips(raw: RawTable) -> dict[str, str]:
    """Return the headers that look like a slip, and the column that each was probably meant to be."""
    known = columns_in(raw)
    slips: dict[str, str] = {}
    for header in raw.header:
        near = likely_header(header) if column_of(header) is None and not event_in(header) else None
        column = column_of(near) if near else None
        if column and column not in known:
            slips[header] = column
    return slips


def _unknown_columns(raw: RawTable, options: Options) -> list[Problem]:
    taken, slips = set(columns_in(raw).values()), _slips(raw)
    problems = []
    for header in raw.header:
        filled = raw.frame[header].str.strip_chars() != "" if header not in taken else None
        if filled is None or not filled.any():
            continue
        known = column_of(header)
        hint, near = gettext("Rename it if the log needs what it holds."), None
        if known:
            hint = gettext('The log took "{other}" for the same; keep one of the two.', other=columns_in(raw)[known])
        elif header in slips:
            near = HEADERS[slips[header]][0]
            hint = gettext("Rename it, or say so: {option}.", option=options.say(columns={slips[header]: header}))
        text = gettext('The column "{header}" is none of a class log; it was left out.', header=header)
        file, sheet = raw.place
        problems.append(Problem("unknown_column", text, hint, file, sheet, raw.header_row, header, suggestion=near))
    return problems


def recognise_mapped(raw: RawTable, context: Context) -> bool:
    """Tell whether a table has the columns that the caller named."""
    given = context.options.columns
    return bool(given) and not _absent(raw, given)


def read_mapped(raws: Sequence[RawTable], context: Context) -> Found:
    """Read tables by the columns and words that the caller gave."""
    screens = [Screen(raw, context.options, _headers(raw, context.options)) for raw in raws]
    return read_happenings(screens, context, mirrored=False)


def _absent(raw: RawTable, given: Mapping[str, str]) -> list[str]:
    return [header for header in given.values() if _header(raw, header) is None]


def _header(raw: RawTable, wanted: str) -> str | None:
    """Return the header as it stands in the table; a constant stands for itself."""
    if wanted in raw.header or wanted.startswith("="):
        return wanted
    same = [header for header, plain in raw.folded.items() if plain == folded(wanted)]
    return same[0] if len(same) == 1 else None


def _headers(raw: RawTable, options: Options) -> dict[str, str]:
    given = options.columns
    for header in _absent(raw, given):
        near = likely(header, raw.header)
        hint = " " + gettext('Did you mean "{near}"?', near=near) if near else ""
        told = {"raw": raw, "header": header, "hint": hint, "names": ", ".join(raw.header)}
        raise MissingColumnError(gettext('{raw} has no column "{header}".{hint} Its columns are: {names}.', **told))
    headers = {column: _header(raw, header) or header for column, header in given.items()}
    headers |= _found(raw, headers)
    needed = [*_NEEDED, *([] if "with" in headers else ["goal_id", "event"])]
    headers |= _likely_found(raw, headers, needed)
    absent = [column for column in needed if column not in headers]
    if absent:
        raise MissingColumnError(
            gettext(
                "Say which column of {raw} holds {names}: {option}. Its columns are: {columns}.",
                raw=raw,
                names=chained("{one} and which {other}", absent),
                option=options.say(columns={**given, **dict.fromkeys(absent, ...)}),
                columns=", ".join(raw.header),
            )
        )
    if headers["time"] not in raw.header:
        return headers
    others = [header for header in log_columns(raw) if header not in headers.values() and column_of(header) == "time"]
    return headers | _with_clock(raw, [headers["time"], *others])


def _found(raw: RawTable, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that were not named and whose headers leave no doubt."""
    sure = {folded(name): column for column in COLUMN_NAMES for name in (column, HEADERS[column][0])}
    found: dict[str, str] = {}
    for header, plain in raw.folded.items():
        column = sure.get(plain)
        if column and column not in headers and header not in headers.values():
            found.setdefault(column, header)
    return found


def _likely_found(raw: RawTable, headers: Mapping[str, str], needed: Sequence[str]) -> dict[str, str]:
    """Return the columns that are needed, were not named, and have a header as a class log has it."""
    found: dict[str, str] = {}
    for header, column in log_columns(raw).items():
        if column in needed and column not in headers and header not in headers.values():
            found.setdefault(column, header)
    return found


def read_happenings(screens: Sequence[Screen], context: Context, *, mirrored: bool) -> Found:
    """Make events and episodes of rows.

    Each screen has `time` and `learner_id`, and what else there is of `goal_id, event, with, role, chosen_by, minutes,
    note, due, class_id`, as text. If `mirrored`, two rows may tell of one episode from either side, as children write
    them.
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
    read_marks(screen)
    if not screen.frame["time"].str.contains(r"\d").all():
        leave_totals_out(screen)
    if screen.has("event") and may_name_company(screen.frame["event"].unique()):
        company_in_words(screen, context.learners)
    screen.names("learner_id", "goal_id", "with", "class_id")
    screen.put(half=halves_of_days(screen.frame["time"]))
    screen.times("time", context.columns_of(screen.raw.file), carried=True, in_order=True)
    read_days_due(screen, context.columns_of(screen.raw.file))
    screen.require(MISSING_LEARNER)
    blank_who_was_alone(screen, context.learners)
    last_first = several_learners(screen, context.learners)
    screen.put(written="learner_id")  # before it becomes an id: whoever chose is called by this name
    name_learners(screen, context.learners)
    put_what_happened(screen, half=pl.col("half"), learner=pl.col("written"))
    if screen.has("with"):
        with_partners(screen, context.learners, exact=exact, last_first=last_first)
    _complete(screen)
    name_goals(screen, context.goals)
    _require_a_happening(screen)
    _remark_due(screen)
    lengths(screen)
    screen.select(*_COLUMNS, *(["beside"] if screen.has("beside") else []))


_COLUMNS = (
    "time", "learner_id", "goal_id", "event", "partners", "role", "other_role", "chosen_by", "minutes",
    "note", "class_id", "with", "away", "part", "due",
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
        "due": pl.lit(None, TIME),
    }
    screen.put(*(value.alias(name) for name, value in absent.items() if not screen.has(name)))


def _require_a_happening(screen: Screen) -> None:
    alone = _alone(screen.frame) & ~pl.col("away")
    screen.reject(
        alone & pl.col("role").is_not_null() & pl.col("event").is_null(),
        "missing_partner",
        "with",
        lambda _: gettext("This row tells of working together, and does not say with whom."),
        gettext('Write the names of the others in "with".'),
    )
    screen.reject(
        alone & pl.col("event").is_null(),
        "missing_event" if screen.has("event") and "event" in screen.headers else "missing_partner",
        "event" if "event" in screen.headers else "with",
        lambda _: gettext("This row says neither what happened nor with whom."),
        gettext("Write one of: {names}; or who worked together.", names=", ".join(EVENTS)),
    )
    screen.reject(
        pl.col("event").is_not_null() & (pl.col("goal_id") == ""),
        "missing_goal",
        "goal_id",
        lambda _: gettext("This row tells what happened on a goal, and does not say which."),
        gettext("Write the goal."),
    )
    screen.put(*nothing_if_empty(screen.frame, ["goal_id", "note", "class_id"]))


def _remark_due(screen: Screen) -> None:
    """Remark on due days of rows without an event: nothing on that goal could have them."""
    idle = screen.frame.filter(pl.col("due").is_not_null() & pl.col("event").is_null())
    text, hint = (
        gettext("This row tells of no event on a goal: its due day was left out."),
        gettext('Write it on a row that does, as "set".'),
    )
    for row, day in idle.select(ROW, pl.col("due").dt.to_string("%Y-%m-%d")).iter_rows():
        screen.note(screen.problem(BAD_DUE.code, text, hint, row, "due", day))


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
        pl.col("time").cast(TIME), "learner_id", "goal_id", "event", "chosen_by", "note", "due", "row", "file", "sheet"
    )


def _remark_minutes(rows: pl.DataFrame, screens: Sequence[Screen], found: Found) -> None:
    """Say once of each table that the minutes of an event are not kept: only working together has a length."""
    idle = rows.filter(pl.col("minutes").is_not_null() & _alone(rows))
    for screen in screens:
        file, sheet = screen.raw.place
        here = idle.filter((pl.col("file") == file) & pl.col("sheet").eq_missing(pl.lit(sheet, pl.String)))
        if here.height:
            text = ngettext(
                'The minutes of this row without anyone in "with" were left out.',
                'The minutes of {number} rows without anyone in "with" were left out, this one\'s first.',
                here.height,
                number=number_in_words(here.height),
            )
            hint = gettext("A log keeps the minutes of working together; there is nothing to do.")
            row, minutes = here.select("row", "minutes").row(0)
            found.problems.append(screen.problem("normalised", text, hint, row, "minutes", f"{minutes:g}"))


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
    hint = gettext("Nothing needs to be done. If they were two times together, each child writes two rows.")
    problems = []
    for pair in pairs.iter_rows(named=True):
        elsewhere = (pair["file"], pair["sheet"]) != (pair["first_file"], pair["first_sheet"])
        text = gettext(
            "This row and row {row} of {place} tell of the same time together: they are one episode."
            if elsewhere
            else "This row and row {row} tell of the same time together: they are one episode.",
            row=pair["first_row"],
            place=pair["first_sheet"] or pair["first_file"],
        )
        place = {"file": pair["file"], "sheet": pair["sheet"], "row": pair["row"]}
        problems.append(Problem("merged", text, hint, **place, column=headers.get(pair["file"]), value=pair["with"]))
    return problems


READER = Reader(
    name="sheet",
    what="one row for each happening: date, learner, goal, what happened, with, chosen by, minutes, note, due",
    headers=KNOWN_HEADERS,
    needed=_NEEDED,
    recognise=recognise,
    read=read,
    by_name=True,
    sure=False,
)

MAPPED = Reader(
    name="mapped",
    what="any other table, by `columns` and `words`",
    recognise=recognise_mapped,
    read=read_mapped,
    by_name=True,
)
