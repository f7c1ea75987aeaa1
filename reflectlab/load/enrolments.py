"""Who is what, and in which class: what OneRoster's roles and enrolments say of its users."""

from collections.abc import Mapping, Sequence

import polars as pl

from .raw import ROW
from .screening import TIME, Screen

STUDENT = "student"


def roles_of_each(screens: Mapping[str, Sequence[Screen]]) -> dict[str, str]:
    """Return what each user is: a student where one of the roles says so, else the first of them.

    Parameters
    ----------
    screens : mapping of str to sequence of Screen
        `roles` and `enrolments`, with `learner_id` and `role`; the first go before.
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
    """Return the one class of each learner: the homeroom, else the first in the order of the file.

    Parameters
    ----------
    learners : polars.Series
        Their ids.
    enrolments, classes : sequence of Screen
        Problems are added to them: enrolments in a class that is not there, and remarks on those not used.

    Returns
    -------
    polars.DataFrame
        `learner_id, class_id, class_title, joined, left`: one row for each learner who has a class.
    """
    known = _known(classes)
    for screen in enrolments if classes else ():
        screen.reject(
            ~pl.col("class_id").is_in(known["class_id"].implode()),
            "unknown_class",
            "class_id",
            lambda one: f'"{one}" is no active class of the bundle.',
            "Correct it, or add the class to classes.csv.",
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
        text = f'A learner belongs to one class, and this one to "{chosen}": the homeroom, else the first.'
        hint = "Nothing needs to be done. To have it otherwise, leave the other enrolments out."
        enrolments[number].problems.append(
            enrolments[number].problem("other_class", text, hint, row, "class_id", class_id)
        )
