"""OneRoster (1.1 and 1.2, CSV): a school's roster, classes and terms, to stand beside a log.

Of the files of a bundle users, roles, classes, enrolments and academic sessions are read; they are known by their
headers, whatever they are called. Demographics are not, nor telephone numbers and passwords. By username, identifier
and e-mail address learners are found in other files too; none of these is kept.

- Only students are learners, by `role` of the user (1.1) or of `roles.csv` (1.2), or else of an enrolment.
- A learner belongs to one class: the homeroom, else the first in the order of the file. Each other enrolment is a
  remark. `joined` and `left` are the dates of the enrolment.
- The terms are the active sessions of type `term`; where there are none the semesters, else the grading periods, else
  the school years. The standard has a session end before its `endDate`, and most who write it mean the last day: so it
  is read, unless the next one starts on that day.
- What is `tobedeleted` or `inactive` is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ...errors import MissingColumnError
from ...language import gettext, translatable
from ..clean.screen import TIME, Screen
from ..files.raw import ROW, Headers, RawTable
from .reader import Context, Found, Reader

_STATUS = {"status": ("status",)}

_HEADERS: Mapping[str, Headers] = {
    "users": {
        "learner_id": ("sourcedid",),
        "given": ("givenname",),
        "family": ("familyname",),
        "preferred_given": ("preferredgivenname", "prefferedgivenname"),
        "preferred_family": ("preferredfamilyname", "prefferedfamilyname"),
        "username": ("username",),
        "identifier": ("identifier",),
        "email": ("email",),
        "role": ("role",),
        **_STATUS,
    },
    "roles": {"learner_id": ("usersourcedid",), "role": ("role",), **_STATUS},
    "enrolments": {
        "learner_id": ("usersourcedid",),
        "class_id": ("classsourcedid",),
        "role": ("role",),
        "joined": ("begindate",),
        "left": ("enddate",),
        **_STATUS,
    },
    "classes": {"class_id": ("sourcedid",), "class_title": ("title",), "type": ("classtype",), **_STATUS},
    "sessions": {
        "term_id": ("sourcedid",),
        "title": ("title",),
        "type": ("type",),
        "start": ("startdate",),
        "end": ("enddate",),
        **_STATUS,
    },
}
"""The headers of each file that is read, folded."""

_TELLING: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "enrolments": (frozenset({"classsourcedid", "usersourcedid"}), frozenset()),
    "roles": (frozenset({"usersourcedid", "role"}), frozenset()),
    "users": (frozenset({"sourcedid", "givenname", "familyname"}), frozenset()),
    "sessions": (frozenset({"sourcedid", "title", "type", "startdate", "enddate"}), frozenset()),
    "classes": (
        frozenset({"sourcedid", "title"}),
        frozenset({"classtype", "classcode", "coursesourcedid", "termsourcedids", "schoolsourcedid"}),
    ),
    "other": (frozenset({"sourcedid"}), frozenset()),
    "manifest": (frozenset({"propertyname", "value"}), frozenset()),
}
"""The headers that tell a file: all of the first, and one of the second where there are any."""

_TYPES = ("term", "semester", "gradingperiod", "schoolyear")
"""What sessions may be the terms, the first of these that there is."""

_GONE = ("tobedeleted", "inactive")

_NO_NEED = translatable("Nothing needs to be done.")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a file of a bundle."""
    return _file_kind(raw) is not None


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read the files of a bundle.

    Learners, with `class_title` beside `class_id`, and terms. The rows of users and of sessions are counted; of
    the other files those that could not be used are listed.
    """
    strange = next((raw for raw in raws if _file_kind(raw) is None), None)
    if strange is not None:
        columns = ", ".join(strange.header)
        raise MissingColumnError(
            gettext(
                "{strange} has no sourcedId, as OneRoster files have. Its columns are: {columns}.",
                strange=strange,
                columns=columns,
            )
        )
    screens = {kind: [_screen(raw, kind, context) for raw in raws if _file_kind(raw) == kind] for kind in _HEADERS}
    if not screens["users"] and not screens["sessions"]:
        files = ", ".join(map(str, raws))
        raise MissingColumnError(
            gettext("{files}: there are no users and no academic sessions of OneRoster here.", files=files)
        )
    found = Found()
    _learners(screens, found)
    _terms(screens["sessions"], context, found)
    found.problems += [problem for some in screens.values() for screen in some for problem in screen.problems]
    return found


def _file_kind(raw: RawTable) -> str | None:
    present = raw.by_folded.keys()
    kinds = ((kind, all_of <= present, one_of) for kind, (all_of, one_of) in _TELLING.items())
    return next((kind for kind, fits, one_of in kinds if fits and (not one_of or one_of & present)), None)


def _screen(raw: RawTable, kind: str, context: Context) -> Screen:
    """Take the columns of a file, those that it lacks empty, and leave out what is there no longer."""
    safe = tuple(replace(problem, value=None) for problem in raw.problems)  # a whole row has a password in it
    screen = Screen(replace(raw, problems=safe), context.options, raw.columns_among(_HEADERS[kind]))
    screen.put(pl.col(pl.String).str.strip_chars())
    screen.put_empty({name: names[0] for name, names in _HEADERS[kind].items()})
    screen.reject(
        pl.col("status").str.to_lowercase().is_in(_GONE),
        "not_active",
        "status",
        lambda status: gettext('This row is marked "{status}": it counts no longer.', status=status),
        _NO_NEED,
    )
    if kind == "enrolments":
        for name in ("joined", "left"):
            screen.times(name, context.columns_of(raw.file), required=False)
    return screen


def _learners(screens: Mapping[str, Sequence[Screen]], found: Found) -> None:
    roles = roles_of_each(screens)
    parts = []
    for screen in screens["users"]:
        found.rows_read[screen.raw.place] = screen.raw.rows_read
        _students_only(screen, roles)
        screen.names("learner_id")
        preferred = _full_name(*(_first_filled(f"preferred_{part}", part) for part in ("given", "family")))
        rows = screen.placed().with_columns(name=preferred, in_full=_full_name(pl.col("given"), pl.col("family")))
        parts.append(rows.select("learner_id", "name", "row", "file", "sheet"))
        for also in ("in_full", "username", "identifier", "email"):
            found.called += rows.filter(pl.col(also) != "").select(also, "learner_id").rows()
    if parts:
        everyone = pl.concat(parts)
        classes = class_of_each(everyone["learner_id"], screens["enrolments"], screens["classes"])
        found.add("learners", everyone.join(classes, on="learner_id", how="left", maintain_order="left"))


def _first_filled(*names: str) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col(name) != "").then(name) for name in names)


def _full_name(given: pl.Expr, family: pl.Expr) -> pl.Expr:
    return pl.concat_str(given, family, separator=" ", ignore_nulls=True).str.strip_chars()


def _students_only(screen: Screen, roles: Mapping[str, str]) -> None:
    """List the users that are none; `roles` says what each is whose row does not."""
    screen.missing(
        "learner_id", "missing_learner", gettext("This row has no sourcedId."), gettext("Export the roster again.")
    )
    known = pl.col("learner_id").replace_strict(roles, return_dtype=pl.String, default="")
    role = pl.when(pl.col("role") != "").then("role").otherwise(known)
    screen.put(role=role)
    screen.reject(
        pl.col("role").str.to_lowercase() != "student",
        "not_a_learner",
        "role",
        lambda role: (
            gettext("This user is a {role}: only students are learners.", role=role)
            if role
            else gettext("Nothing says that this user is a student: no role and no enrolment.")
        ),
        _NO_NEED,
    )


def _terms(screens: Sequence[Screen], context: Context, found: Found) -> None:
    present = {one.lower() for screen in screens for one in screen.frame["type"]}
    used = next((one for one in _TYPES if one in present), "")
    for screen in screens:
        found.rows_read[screen.raw.place] = screen.raw.rows_read
        screen.reject(
            pl.col("type").str.to_lowercase() != used,
            "other_session",
            "type",
            lambda kind: gettext(
                'This is a {kind}; the terms are the sessions of the type "{used}".', kind=kind or "session", used=used
            ),
            _NO_NEED,
        )
        for name in ("start", "end"):
            screen.times(name, context.columns_of(screen.raw.file))
    _one_after_the_other(screens)
    starts = [start for screen in screens for start in screen.frame["start"]]
    for screen in screens:
        excluded = pl.col("end").is_in(starts) & (pl.col("end") > pl.col("start"))
        end = pl.when(excluded).then(pl.col("end").dt.offset_by("-1d")).otherwise("end").cast(TIME).alias("end")
        rows = screen.placed().select("term_id", "title", pl.col("start").cast(TIME), end, "row", "file", "sheet")
        found.add("terms", rows)


def _one_after_the_other(screens: Sequence[Screen]) -> None:
    """List each term that begins before an earlier one has ended, as two schools in a bundle may have them."""
    columns = (ROW, "start", "end")
    rows = [(*row, n) for n, screen in enumerate(screens) for row in screen.frame.select(columns).iter_rows()]
    last, late = None, []
    for row, start, end, number in sorted(rows, key=lambda one: one[1]):
        if last is not None and start < last:
            late.append((number, row))
        else:
            last = end
    for number, screen in enumerate(screens):
        screen.reject(
            pl.col(ROW).is_in([row for at, row in late if at == number]),
            "overlapping_term",
            "start",
            lambda _: gettext("This term begins before an earlier one has ended: terms follow one another."),
            gettext("Correct its dates, or load the schools of the bundle apart."),
        )


STUDENT = "student"


def roles_of_each(screens: Mapping[str, Sequence[Screen]]) -> dict[str, str]:
    """Return what each user is: a student where one of the roles says so, else the first of them.

    The screens are `roles`, which go before, and `enrolments`.
    """
    roles: dict[str, str] = {}
    for kind in ("enrolments", "roles"):
        said: dict[str, str] = {}
        for screen in screens[kind]:
            for user, role in screen.frame.select("learner_id", "role").iter_rows():
                if role and (user not in said or role.lower() == STUDENT):
                    said[user] = role
        roles |= said
    return roles


def class_of_each(learners: pl.Series, enrolments: Sequence[Screen], classes: Sequence[Screen]) -> pl.DataFrame:
    """Return the one class of each learner who has one: the homeroom, else the first in the order of the file.

    Problems are added to the screens: enrolments in a class that is not there, and remarks on those not used. The
    columns are `learner_id, class_id, class_title, joined, left`.
    """
    known = _known(classes)
    for screen in enrolments if classes else ():
        screen.reject(
            ~pl.col("class_id").is_in(known["class_id"].implode()),
            "unknown_class",
            "class_id",
            lambda one: gettext('"{one}" is no active class of the bundle.', one=one),
            gettext("Correct it, or add the class to classes.csv."),
        )
    rows = pl.concat([_NOBODY, *(_enrolled(number, screen) for number, screen in enumerate(enrolments))])
    ours = rows.filter(pl.col("learner_id").is_in(learners.implode()))
    each = ours.join(known, on="class_id", how="left", maintain_order="left")
    each = each.sort("homeroom", descending=True, nulls_last=True, maintain_order=True)
    chosen = each.unique("learner_id", keep="first", maintain_order=True)
    _remark(each.join(chosen.select("learner_id", _chosen="class_id"), on="learner_id"), enrolments)
    return chosen.select("learner_id", "class_id", "class_title", "joined", "left")


_NOBODY = pl.DataFrame(
    schema={
        "learner_id": pl.String,
        "class_id": pl.String,
        "joined": TIME,
        "left": TIME,
        "_screen": pl.Int64,
        ROW: pl.Int64,
    }
)


def _known(classes: Sequence[Screen]) -> pl.DataFrame:
    """Return `class_id, class_title, homeroom` of each class."""
    columns = ("class_id", "class_title", "type")
    nothing = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    rows = pl.concat([nothing, *(screen.frame.select(columns) for screen in classes)])
    homeroom = pl.col("type").str.to_lowercase() == "homeroom"
    return rows.select("class_id", "class_title", homeroom=homeroom).unique("class_id", keep="first")


def _enrolled(number: int, screen: Screen) -> pl.DataFrame:
    """Return the enrolments of students; one that does not say as what counts too."""
    students = screen.frame.filter(pl.col("role").str.to_lowercase().is_in([STUDENT, ""]))
    times = pl.col("joined", "left").cast(TIME)
    return students.select("learner_id", "class_id", times, pl.lit(number, pl.Int64).alias("_screen"), ROW)


def _remark(each: pl.DataFrame, enrolments: Sequence[Screen]) -> None:
    others = each.filter(pl.col("class_id") != pl.col("_chosen"))
    for number, row, class_id, chosen in others.select("_screen", ROW, "class_id", "_chosen").iter_rows():
        text = gettext(
            'A learner belongs to one class, and this one to "{chosen}": the homeroom, else the first.', chosen=chosen
        )
        hint = gettext("Nothing needs to be done. To have it otherwise, leave the other enrolments out.")
        screen = enrolments[number]
        screen.note(screen.problem("other_class", text, hint, row, "class_id", class_id))


READER = Reader(
    name="oneroster",
    what="a OneRoster 1.1 or 1.2 bundle, a folder or a zip; a roster, to stand beside a log",
    headers={f"{kind}.{name}": names for kind, known in _HEADERS.items() for name, names in known.items()},
    marks=frozenset({"sourcedid", "usersourcedid", "propertyname"}),
    recognise=recognise,
    read=read,
    beside=True,
)
