"""What a leader asks about, counted for each group of learners. Private: what is told of it is decided elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from .. import measure
from ..log import ProgressLog
from ..log.frames import collected
from ..measure.collaboration import AGENCY, COLLABORATION
from ..measure.completion import COMPLETION

SCHOOL, CLASS, STRAND, WEEK, EXPOSURE = "school", "class_id", "strand", "week", "exposure"
"""By what learners, or what they did, are grouped; beside these by any attribute of the learners."""

OVERLAPPING = (STRAND, WEEK, EXPOSURE)
"""Groupings of what learners did: a learner can be in several of their groups."""

TAKEN = {SCHOOL, STRAND, WEEK, EXPOSURE, *COMPLETION, *AGENCY, *COLLABORATION}
"""What no attribute may be called: groupings of a bundle, and what is counted in it."""

NOT_KNOWN = "not known"

MOST_VALUES = 8
"""An attribute of more values than this is not one to compare groups by."""

OWN_COLUMNS = (
    *("row", "name", "learner_id", "class_id", "joined", "left", "from_day", "to_day", "left_day", "file", "sheet"),
    "same_as",
)

KINDS = ("shared_goal", "gave_support", "sought_support", "other")

QUESTIONS: Mapping[str, int] = {"met": 1, "set_by": 1, "chose": 1, "kinds": 4, "recorded": 1, "landmark": 1}
"""Each question, and of how many of its counts the share is told; the last of the others is what remains."""


@dataclass(frozen=True)
class Group:
    """The learners of a group with something to count, and what was counted: parts that add up to all goals.

    `effect` is the design effect of several goals a learner; `top` is the share that one class has of the group;
    `members` are its learners, where each is in one group of those of this grouping.
    """

    question: str
    term: str
    by: str
    label: str
    learners: int
    counts: tuple[int, ...]
    effect: float = 1.0
    top: float = 0.0
    members: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Which group it is."""
        return self.question, self.term, self.by, self.label


def attributes(log: ProgressLog) -> list[str]:
    """Return the columns of the learners by which groups can be compared: few values, and each of several learners."""
    learners, above = log.learners, levels(log)
    named = [
        str(name) for name in learners.columns if name not in OWN_COLUMNS and learners[name].dtype.kind not in "Mf"
    ]
    return [name for name in named if name in above or 2 <= learners[name].nunique() <= MOST_VALUES]


def levels(log: ProgressLog) -> list[str]:
    """Return the columns of the learners that stand above the classes, the widest first: a class is in one of each."""
    learners = log.learners
    rooms = learners[learners[CLASS].notna()].groupby(CLASS)
    named = [str(name) for name in learners.columns if name not in OWN_COLUMNS]
    one = [name for name in named if rooms[name].nunique(dropna=False).eq(1).all() and learners[name].notna().all()]
    above = [name for name in one if 2 <= learners[name].nunique() < rooms.ngroups]
    return sorted(above, key=lambda name: len(set(learners[name])))


def groups(whole: ProgressLog, term: str, first: date, last: date) -> list[Group]:
    """Return every group of a term, small or large: of one question and one grouping they add up to the school."""
    log = whole.select(start=first, end=last)
    by = [CLASS, *attributes(log)]
    keys = ["learner_id", *by]
    found: list[Group] = []
    for strands in (False, True):
        columns = [*keys, STRAND] if strands else keys
        chosen = measure.agency(log, by=columns)
        told = {
            "met": _parts(measure.completion(log, by=columns), ("met", "goals")),
            "set_by": _parts(chosen, ("goals_chosen", "goals_known")),
            "chose": _parts(chosen, ("participations_chosen", "participations_known")),
        }
        for question, rows in told.items():
            grouped = [STRAND] if strands else [SCHOOL, *by]
            if not (strands and question == "chose"):
                found += [one for each in grouped for one in _grouped(question, term, each, rows)]
    together = measure.collaboration(log, by=keys)
    weekly = measure.collaboration(log, by=["learner_id", CLASS], every="week")
    found += [one for each in (SCHOOL, CLASS) for one in _grouped("kinds", term, each, _parts(together, KINDS))]
    found += _grouped("kinds", term, WEEK, _parts(weekly, KINDS))
    recorded = _recorded(log, weekly)
    return [*found, *(one for each in (SCHOOL, CLASS) for one in _grouped("recorded", term, each, recorded))]


def landmarks(log: ProgressLog, term: str, weeks: int) -> tuple[list[Group], tuple[int, int] | None]:
    """Return goals open in the middle of a term, by whether somebody had worked on them with another; and the weeks."""
    half = weeks // 2
    if half < 1:
        return [], None
    table, columns = measure.landmark(log, half, weeks, term=term).table, ("exposure", "learners", "met", "goals")
    found = [
        Group("landmark", term, EXPOSURE, str(exposure), int(learners), (int(met), int(goals - met)))
        for exposure, learners, met, goals in zip(*(table[name] for name in columns), strict=True)
    ]
    whole = tuple(sum(parts) for parts in zip(*(group.counts for group in found), strict=True))
    most = max(group.learners for group in found)
    return [Group("landmark", term, SCHOOL, "", most, whole), *found], (half, weeks)


def _parts(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the counts of each row as parts: all of them, or the first and what is left of the second."""
    grouped = [name for name in table.columns if name not in _measured(table)]
    counts = table[list(columns)].fillna(0).astype("int64")
    if len(columns) == 2:
        counts = pd.DataFrame({0: counts[columns[0]], 1: counts[columns[1]] - counts[columns[0]]})
    return pd.concat([table[grouped], counts.set_axis(range(counts.shape[1]), axis=1)], axis=1)


def _measured(table: pd.DataFrame) -> list[str]:
    """Return the columns of a measure that are no groups."""
    return [name for name in table.columns if name in {*COMPLETION, *AGENCY, *COLLABORATION}]


def _grouped(question: str, term: str, by: str, rows: pd.DataFrame) -> Iterator[Group]:
    parts = [name for name in rows.columns if str(name).isdigit()]
    label = "" if by == SCHOOL else rows[by].astype("str").where(rows[by].notna(), NOT_KNOWN)
    rows = rows.assign(label=label, base=rows[parts].sum(axis=1), room=rows[CLASS].fillna(NOT_KNOWN))
    for name, own in rows.groupby("label", sort=False):
        each = own.groupby("learner_id")[[*parts, "base"]].sum()
        each = each[each["base"] > 0]
        counts = tuple(int(total) for total in each[parts].sum())
        room = own.groupby("room")["base"].sum()
        top = float(room.max() / room.sum()) if room.sum() else 0.0
        members = frozenset() if by in OVERLAPPING else frozenset(map(str, each.index))
        yield Group(question, term, by, str(name), len(each), counts, _effect(each), top, members)


def _effect(each: pd.DataFrame) -> float:
    """Return the variance of a share with learners as clusters, over that of as many independent goals."""
    size, learners = float(each["base"].sum()), len(each)
    if learners < 2:
        return 1.0
    rate = float(each[0].sum()) / size
    spread = float(((each[0] - rate * each["base"]) ** 2).sum()) * learners / (learners - 1) / size**2
    return max(spread / (rate * (1 - rate) / size), 1.0) if 0 < rate < 1 else size / learners


def _recorded(log: ProgressLog, weekly: pd.DataFrame) -> pd.DataFrame:
    """Return in how many of the weeks in which each learner was there something was written down."""
    calendar = collected(log.frame("calendar").select("school_day", "term_id", "week"))
    days = [collected(log.frame(name).select("learner_id", "school_day")) for name in ("events", "collaborations")]
    noted = pd.concat(days).merge(calendar, on="school_day")[["learner_id", "term_id", "week"]].drop_duplicates()
    present = weekly[["learner_id", CLASS, "term_id", "week"]].astype({"learner_id": "str"})
    both = present.merge(
        noted.astype({"learner_id": "str"}), how="left", on=["learner_id", "term_id", "week"], indicator=True
    )
    some = (both["_merge"] == "both").astype("int64")
    return both[["learner_id", CLASS]].assign(**{"0": some, "1": 1 - some}).rename(columns={"0": 0, "1": 1})
