"""Who did what in Moodle's log, whose it is, and who is staff: by names, else by the numbers in its descriptions.

Staff is who edits the course, grades, enrols or assigns roles, ticks a completion for another, has the role of a
teacher, or acts by the command line (`cli` as origin, which Moodle does not translate).
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from ....language import counted, gettext, listed, ngettext, number_in_words, translatable
from ...clean.screen import Screen
from ...files.raw import ROW, RawTable
from ...options import STAFF

_NUMBER = r"'?(\d+)'?"

_ACTOR = rf"(?i)^the user with (?:the )?id {_NUMBER}"

_REVIEWER = rf"(?i)\breviewed by the user with (?:the )?id {_NUMBER}"

_AFFECTED = rf"(?i)(?:for|belonging to) the user with (?:the )?id {_NUMBER}"

_ACTED_ON = (
    r"(?i)(?:updated the (?:completion state|grade)|has graded the submission|enrolled|unenrolled|added|removed)\b.*"
    rf"\bthe user with (?:the )?id {_NUMBER}"
)

_ROLE_GIVEN = rf"(?i)assigned the role with (?:the )?id '?[1-4]'? to the user with (?:the )?id {_NUMBER}"
"""The roles of Moodle that teach have the numbers 1 to 4."""

_EDITS = (
    r"(?i)^the user with (?:the )?id '?\d+'? (?:has )?(?:"
    r"(?:created|updated|deleted|moved|restored|duplicated) (?:the|an?) '[^']*' activity with course module id|"
    r"(?:created|updated|deleted|restored|reset) (?:the )?(?:course (?:with|section)|section)|"
    r"(?:created|updated|deleted) (?:the|an?) (?:course|grade item|grade category|question|group|outcome|scale|role|"
    r"enrolment|enrollment|badge)|"
    r"(?:un)?assigned the role|manually graded|"
    r"viewed the (?:grading|grader report|log report|live log|activity report|participation report|"
    r"completion report))"
)

EDITING_EVENTS = (
    "course module created", "course module updated", "course module deleted", "course section created",
    "course section updated", "course section deleted", "course updated", "grade item created", "grade item updated",
    "role assigned", "role unassigned", "question created", "question updated", "question deleted",
    "grader report viewed", "grading table viewed", "grading form viewed", "log report viewed", "course backup created",
    "the submission has been graded",
)  # fmt: skip

_ORIGINS = frozenset({"web", "cli", "ws", "restore", "mobile", "app", "task", "-", ""})

_STAFF_ROLES = (
    "manager", "course creator", "coursecreator", "editingteacher", "editing teacher", "teacher", "non-editing teacher",
    "admin", "administrator", "staff", "instructor", "tutor",
)  # fmt: skip

_NO_ONE = ("", "-")


class Users(NamedTuple):
    """The names that go with numbers of users, and who is staff: what each is known by, and why."""

    names: Mapping[str, str]
    staff: Mapping[str, str]


def origin_in(raw: RawTable) -> str | None:
    """Return the header of the column that says by which way somebody acted, whatever it is called."""
    for header in raw.header:
        values = set(raw.frame[header].str.strip_chars().str.to_lowercase().unique().to_list())
        if values <= _ORIGINS and values & {"web", "cli", "ws"}:
            return header
    return None


def find_people(screen: Screen) -> Users:
    """Return who is who, and who is staff."""
    rows = screen.frame.select(ROW, **_told(screen))
    both = rows.filter(_is_name("name") & ~pl.col("name").str.contains(" as ", literal=True))
    numbered = both.filter(pl.col("number").is_not_null()).unique("number", keep="first", maintain_order=True)
    names = dict(numbered.select("number", "name").iter_rows())
    return Users(names, _staff(rows, names))


def _told(screen: Screen) -> dict[str, pl.Expr]:
    described = pl.col("description") if screen.has("description") else pl.lit("")
    event = pl.col("event").str.strip_chars().str.to_lowercase()
    return {
        "name": pl.col("learner_id").str.strip_chars(),
        "number": _number(described),
        "acted_on": described.str.extract(_ACTED_ON),
        "given_role": described.str.extract(_ROLE_GIVEN),
        "edits": described.str.contains(_EDITS) | event.is_in(EDITING_EVENTS),
        "by_cli": _lower(screen, "origin") == "cli",
        "has_role": _lower(screen, "role").is_in(_STAFF_ROLES),
    }


def _lower(screen: Screen, column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase() if screen.has(column) else pl.lit("")


def _number(described: pl.Expr) -> pl.Expr:
    """Return the number of who acted: of a review, the one who reviewed."""
    return pl.coalesce(described.str.extract(_REVIEWER), described.str.extract(_ACTOR))


def _is_name(column: str) -> pl.Expr:
    return ~pl.col(column).is_in(_NO_ONE)


def _staff(rows: pl.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    actor = pl.when(_is_name("name")).then("name").otherwise(pl.col("number").replace(names))
    acts_on_another = pl.col("acted_on") != pl.col("number")
    reasons = {
        translatable("edits the course or grades"): pl.col("edits") | acts_on_another,
        translatable("has the role of a teacher"): pl.col("has_role"),
        translatable("acts by the command line"): pl.col("by_cli"),
    }
    staff: dict[str, str] = {}
    for reason, holds in reasons.items():
        for one in rows.filter(holds).select(actor.alias("one"))["one"].drop_nulls().unique(maintain_order=True):
            staff.setdefault(one, reason)
    for number in rows["given_role"].drop_nulls().unique(maintain_order=True):
        staff.setdefault(names.get(number, number), "has the role of a teacher")
    return {one: reason for one, reason in staff.items() if one != "0"}  # Moodle itself, by a task of its own


def put_learners(screen: Screen, people: Users, of_another: pl.Expr) -> None:
    """Put the learner in the place of the name: who acted; of a completion or a grade, whose it is."""
    name = pl.col("learner_id").str.strip_chars()
    described = pl.col("description") if screen.has("description") else pl.lit("")
    affected = pl.col("affected").str.strip_chars() if screen.has("affected") else pl.lit("")
    whose = pl.coalesce(_unless_nobody(affected), described.str.extract(_AFFECTED).replace(people.names))
    actor = pl.coalesce(_unless_nobody(name), _number(described).replace(people.names), pl.lit(""))
    screen.put(learner_id=pl.when(of_another).then(pl.coalesce(whose, actor)).otherwise(actor))


def _unless_nobody(name: pl.Expr) -> pl.Expr:
    return pl.when(~name.is_in(_NO_ONE)).then(name)


def leave_out_staff(screen: Screen, people: Users) -> None:
    """Leave out what staff did, if that is asked for."""
    if STAFF in screen.options.leave_out:
        screen.reject(
            pl.col("learner_id").is_in([*people.staff]),
            "staff_left_out",
            "learner_id",
            lambda one: gettext(
                '"{one}" is staff ({staff}): left out, as you said.', one=one, staff=gettext(people.staff[one])
            ),
            gettext("Nothing needs to be done."),
        )


def remark_staff(screen: Screen, people: Users) -> None:
    """Remark on staff among the learners, once for a table."""
    rows = screen.frame.filter(pl.col("learner_id").is_in([*people.staff])).select(ROW, "learner_id")
    if rows.is_empty():
        return
    who = rows["learner_id"].unique(maintain_order=True).to_list()
    named = ", ".join(f'"{one}" ({gettext(people.staff[one])})' for one in who[:_MOST_NAMED])
    more = [counted(len(who) - _MOST_NAMED, "more", "more")] if len(who) > _MOST_NAMED else []
    text = ngettext(
        "{names}: staff, and loaded as a learner, in this row.",
        "{names}: staff, and loaded as learners, in {number} rows from this one on.",
        rows.height,
        names=listed([named, *more]),
        number=number_in_words(rows.height),
    )
    hint = gettext("To leave staff out: {option}.", option=screen.options.say(leave_out=STAFF))
    screen.note(screen.problem("staff", text, hint, rows[ROW][0], "learner_id", who[0]))


_MOST_NAMED = 10


def describes_people(texts: pl.Series) -> bool:
    """Tell whether most of some descriptions say the number of a user."""
    return bool(texts.len()) and bool(texts.str.contains(_ACTOR).sum() > texts.len() / 2)
