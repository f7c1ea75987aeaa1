"""Moodle's report on activity completion (*Reports > Activity completion*), downloaded as CSV.

A row is a learner, an activity has two columns: its status, and when that last changed. An activity that is completed
is a goal `met`; one that was completed without a pass, or that has a date and is not completed, was `worked` on; one
that a teacher set back is `reopened`. The report keeps the last change only, so nothing earlier is known.

The first header is empty; so is each second header of an activity, unless a day is set by which to complete it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from ....errors import MissingColumnError
from ....language import gettext
from ....log.checks import MISSING_LEARNER
from ....schema import EVENTS
from ...clean.dates.moments import looks_like_date
from ...clean.names import name_goals, name_learners
from ...clean.screen import TIME, Screen, tidied
from ...clean.vocabulary import Meaning, asked, word_hint
from ...files.raw import ROW, RawTable, folded
from ...options import Options
from ..reader import Context, Found, Reader
from ..wide import GoalColumns, cells_of, goal_by_goal, rows_told

COMPLETION_STATUSES: Mapping[str, tuple[str, ...]] = {
    "met": ("completed", "completed (achieved pass grade)"),
    "worked": ("not completed", "completed (did not achieve pass grade)"),
}
"""The statuses of the report, folded, and what they mean where there is a date."""

_BY_HAND = re.compile(r"(.*\S)\s*\((set by .*)\)\s*", re.IGNORECASE | re.DOTALL)

_LETTER = re.compile(r"\s*\(column [A-Z]+\)$")

_NOT_YET = "not completed"

_NO_HEADER = "(column A)"


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table is such a report: nothing over the names, and statuses and dates in turn."""
    cells = [cell for status, _ in _pairs(raw) for cell in raw.frame[status].to_list() if cell.strip()]
    known = sum(1 for cell in cells if _completion_meant(cell, context.options).known)
    return bool(cells) and known >= 0.6 * len(cells)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read reports on completion.

    A row is read if it tells that anything happened; each cell that could not be used is listed with its column.
    """
    found = Found()
    for raw in raws:
        pairs = _pairs(raw)
        if not pairs:
            raise MissingColumnError(
                gettext(
                    "{raw} is no report on activity completion: its first header is empty, and after what "
                    "tells who a learner is each activity has a column with its status and one with dates. "
                    "Its columns are: {names}.",
                    raw=raw,
                    names=", ".join(raw.header),
                )
            )
        _read_one(raw, pairs, context, found)
    return found


def _pairs(raw: RawTable) -> list[tuple[str, str]]:
    """Return the columns of status and date of each activity; what stands before them tells who a learner is."""
    if not raw.header or raw.header[0] != _NO_HEADER:
        return []
    *but_last, last = raw.header
    spare = not _header_text(last) and not (raw.frame[last].str.strip_chars() != "").any()
    return _paired(raw.header) or (_paired(but_last) if spare else [])


def _paired(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pair headers from where on every other has a name, and the next a day or nothing."""
    size = len(names)
    for at in range(size % 2 or 2, size - 1, 2):
        activities, days = names[at::2], names[at + 1 :: 2]
        if all(map(_header_text, activities)) and all(
            not _header_text(day) or looks_like_date(_header_text(day)) for day in days
        ):
            return list(zip(activities, days, strict=True))
    return []


def _header_text(header: str) -> str:
    return _LETTER.sub("", header)


def _completion_meant(cell: str, options: Options) -> Meaning:
    """Say what a status means; what stands in brackets of who set it by hand counts only where it is Moodle's own."""
    given = {folded(word): meaning for word, meaning in options.words.items() if meaning in (*EVENTS, None)}
    plain = folded(_status_and_hand(cell)[0])
    if plain in given:
        return Meaning(given[plain])
    meant = next((meaning for meaning, words in COMPLETION_STATUSES.items() if plain in words), None)
    return Meaning(meant, meant is not None)


def _status_and_hand(cell: str) -> tuple[str, str]:
    by_hand = _BY_HAND.fullmatch(cell.strip())
    return (by_hand[1], by_hand[2]) if by_hand else (cell.strip(), "")


def _read_one(raw: RawTable, pairs: Sequence[tuple[str, str]], context: Context, found: Found) -> None:
    goals = [GoalColumns(status, {"goal_id": status, "written": status, "time": day}) for status, day in pairs]
    cells = cells_of(raw, goals).with_columns(pl.col("written", "time").str.strip_chars())
    cells = cells.join(_understood(cells, context.options), on="written", how="left", maintain_order="left")
    telling = cells.filter((pl.col("time") != "") | (pl.col("event") == "met") | ~pl.col("known"))
    found.rows_read[raw.place] = rows_told(raw, telling)
    who = _who(raw, raw.header[1 : raw.header.index(pairs[0][0])], context)
    table = Screen(raw, context.options, {"learner_id": raw.header[0]})
    screen = table.part(who.filter(pl.col(ROW).is_in(telling[ROW].unique().implode())), {})
    _require_one_learner(screen, who)
    name_learners(screen, context.learners)
    rows = screen.frame.join(telling, on=ROW, maintain_order="left")
    found.add("events", goal_by_goal(screen, rows, goals, lambda part: _events(part, context)))
    found.problems += screen.problems
    names = who.filter((pl.col("learner_id") != "") & pl.col("learner_id").is_unique())
    found.derive("learners", names.select("learner_id", name="learner_id"))
    activities = [goal.goal for goal in goals]
    found.derive("goals", pl.DataFrame({"goal_id": activities, "title": activities}))


def _require_one_learner(screen: Screen, who: pl.DataFrame) -> None:
    screen.require(MISSING_LEARNER)
    shared = who.filter(pl.col("learner_id").is_duplicated())["learner_id"]
    screen.reject(
        pl.col("learner_id").is_in(shared.implode()),
        "shared_name",
        "learner_id",
        lambda name: gettext('Several rows are called "{name}": the report does not tell whose is whose.', name=name),
        gettext("Download it with ID numbers or e-mail addresses, which an administrator can have shown."),
    )


def _who(raw: RawTable, identity: Sequence[str], context: Context) -> pl.DataFrame:
    """Return the learner of each row: the one of the roster, else the name, and the identity where two share that."""
    columns = [tidied(raw.frame[name]).to_list() for name in (raw.header[0], *identity)]
    rows_of, learners = Counter(columns[0]), []
    for name, *others in zip(*columns, strict=True):
        known = [one for text in (name, *others) if context.learners and (one := context.learners.find(text))]
        more = [text for text in others if text][:1] if rows_of[name] > 1 else []
        learners.append(known[0] if known else f"{name} ({more[0]})" if more else name)
    return pl.DataFrame({ROW: raw.frame[ROW], "learner_id": pl.Series(learners, dtype=pl.String)})


def _understood(cells: pl.DataFrame, options: Options) -> pl.DataFrame:
    """Return `written, event, known, note` for each status that occurs."""
    rows = []
    for cell in cells["written"].unique().to_list():
        meant, (status, hand) = _completion_meant(cell, options), _status_and_hand(cell)
        set_back = hand and folded(status) == _NOT_YET and meant.meaning == "worked"
        rows.append((cell, "reopened" if set_back else meant.meaning, meant.known or not cell, hand or None))
    schema = {"written": pl.String, "event": pl.String, "known": pl.Boolean, "note": pl.String}
    return pl.DataFrame(rows, schema, orient="row")


def _events(screen: Screen, context: Context) -> pl.DataFrame:
    """Return the events of one activity."""
    options = context.options
    name_goals(screen, context.goals)
    screen.reject(
        ~pl.col("known"),
        "unknown_word",
        "written",
        lambda word: gettext('"{word}" is no status of completion that we know.', word=word),
        lambda word: word_hint(word, options, COMPLETION_STATUSES),
    )
    screen.reject(
        pl.col("event").is_null(),
        "left_out",
        "written",
        lambda word: gettext('Nothing is to be made of "{word}", and this row has a date for it.', word=word),
        lambda word: gettext(
            "To load it, give it a meaning: {option}.", option=asked(word, COMPLETION_STATUSES, options)
        ),
    )
    screen.times("time", context.columns_of(screen.raw.file), required=False)
    if options.as_of is None:
        screen.reject(
            pl.col("time").is_null(),
            "tick_without_date",
            "written",
            lambda word: gettext('"{word}" says that the goal was met, and not when.', word=word),
            gettext(
                "Write the date, or say on which day such a status counts: {option}.",
                option=options.say(as_of="2026-07-20"),
            ),
        )
    moment = pl.lit(options.as_of, TIME)
    time = pl.coalesce(pl.col("time").cast(TIME), moment).alias("time")
    return screen.placed().select(time, "learner_id", "goal_id", "event", "note", "row", "file", "sheet")


READER = Reader(
    name="moodle_completion",
    what="*Reports > Activity completion* of Moodle, both CSV downloads",
    marks=frozenset({_NO_HEADER.casefold()}),
    recognise=recognise,
    read=read,
)
