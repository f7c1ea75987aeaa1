"""What a teacher may want to look at first, in a few sentences: rules that are written down, no ranking of children."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import pandas as pd

from ..errors import short
from ..language import counted, day_in_words, gettext, listed, ngettext, number_in_words, translatable
from ..log import Day, ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from .availability import daily
from .changes import changed, earlier_day, partners_of
from .episodes import episodes
from .progress import status_runs
from .shared import as_of, holds, reported_learners, with_cannot_tell
from .time_to_goal import due_days, median_days, taking

DIGEST: Schema = {
    "class_id": "str",
    "kind": "str",
    "learner_id": "str",
    "with_learner_id": "str",
    "goal_id": "str",
    "since": "time",
    "n": "count?",
    "sentence": "str",
}

STUCK_DAYS = 3
"""For how many school days somebody has been stuck before it is told."""

LAST_DAYS, WITH_SOMEBODY = 20, 10
"""Of the last so many school days, on how many there was somebody for a learner who worked with nobody."""

DUE_DAYS = 5
"""Within how many school days a goal is due, where it is told; one past its due day is told for `LAST_DAYS`."""

ONE_PARTNER = 4
"""How often a learner has worked with one and the same before it is told."""

SLOW_LEARNERS, SLOW_TIMES, SLOW_DAYS = 5, 2.0, 5
"""A slow goal: so many have it, it takes so many times as long as all goals do, and so many school days longer."""

MOST_OF_A_KIND, MOST = 2, 7
"""How many sentences of a kind there are at most, and of a class."""


def digest(
    log: ProgressLog, *, on: Day | None = None, since: Day | None = None, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what a teacher may want to look at first: at most seven sentences a class.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; the last day of the log by default.
    since : date or str, optional
        Tell what has changed since the evening of this day; four weeks before `on` by default, or all of the log.
    names : mapping, optional
        What learners are called, by `learner_id`; as in the log by default.

    Returns
    -------
    pandas.DataFrame
        One row for each sentence, class by class: `class_id`; `kind`; `learner_id`, `with_learner_id` and `goal_id` it
        speaks of, where it speaks of one; `since`, a day it names; `n`, the number it names; `sentence`.

    Notes
    -----
    The kinds, in this order. `stuck_alone`: stuck for three school days or more on a goal that nobody else in the
    class has open or has met. `could_help`: who met, as the last, a goal that others have been stuck on as long.
    `due`: a goal that is due within five school days, or was due in the last 20, and by whom it is still to be met.
    `alone`: worked with nobody in the last 20 school days, on ten or more of which a classmate had the same goal open
    or had met it. `one_partner`: worked with others four times or more, always with the same one, in a class of three
    or more. `slow_goal`: five or more have it, and half of them need at least twice as long, and five school days
    longer, than half of all goals of the class do (Aalen-Johansen). `since`: how many goals have been met since then,
    how many learners got stuck, how many worked with somebody for the first time.

    Each kind has at most two sentences, the longest first (of `due` the next one, then the one just past), and of
    equals the one whose id comes first; where that makes more than seven, each kind keeps its first. Learners who have
    left are not spoken of.

    Examples
    --------
    >>> import reflectlab
    >>> digest(reflectlab.example())["sentence"].tolist()[0][:33]
    'Aroha has met “Give each idea its'
    """
    look = Evening(log, as_of(log, on), names)
    before = earlier_day(log, since, look.day)
    found = {kind: list(rule(look)) for kind, rule in _RULES.items()} | {"since": list(_since(look, before))}
    rows = [row for class_id in look.classes for row in _of_class(found, class_id)]
    return with_cannot_tell(typed(pd.DataFrame(rows, columns=list(DIGEST)), DIGEST), log, *_NEEDS)


_NEEDS = ("events", "collaborations", "set")

Row = dict[str, Any]


@dataclass
class Evening:
    """A log, looked at from the evening of a day: what several rules read."""

    log: ProgressLog
    day: date
    names: Mapping[str, str] | None

    @cached_property
    def everybody(self) -> pd.DataFrame:
        """The learners of the whole log, whoever is there: who has left may have been somebody's partner."""
        frame = self.log.frame("learners").select("learner_id", "class_id", "name", "joined", "left")
        return collected(frame)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What learners are called."""
        return self.names or dict(zip(self.everybody["learner_id"], self.everybody["name"], strict=True))

    @cached_property
    def learners(self) -> pd.DataFrame:
        """The learners of the whole log who are there on that day: `learner_id, class_id, name`."""
        found, today = self.everybody, pd.Timestamp(self.day)
        here = (found["joined"].isna() | (found["joined"] <= today)) & (found["left"].isna() | (found["left"] >= today))
        return found[here].fillna({"class_id": ""})

    @cached_property
    def told(self) -> set[str]:
        """Of whom may be spoken."""
        return reported_learners(self.log) & set(self.learners["learner_id"])

    @property
    def classes(self) -> Sequence[str]:
        """The classes that are spoken of."""
        return sorted(self.learners.loc[self.learners["learner_id"].isin(self.told), "class_id"].unique())

    @cached_property
    def class_of(self) -> dict[str, str]:
        """The class of each learner."""
        return dict(zip(self.learners["learner_id"], self.learners["class_id"], strict=True))

    @cached_property
    def stands(self) -> pd.DataFrame:
        """Where everybody who is there stands: `learner_id, goal_id, status, start, days, class_id`."""
        last = status_runs(self.log, self.day).filter(nw.col("stop").is_null())
        found = collected(last.select(*SPELL, "status", "start", "start_day"))
        days = self.log.calendar.school_day(self.day) - found["start_day"]
        return found.assign(days=days, class_id=found["learner_id"].map(self.class_of)).dropna(subset="class_id")

    @cached_property
    def stuck(self) -> pd.DataFrame:
        """Who has been stuck for a while, the longest first."""
        stands = self.stands
        long = stands[(stands["status"] == "stuck") & (stands["days"] >= STUCK_DAYS)]
        return long.sort_values(["days", "learner_id", "goal_id"], ascending=[False, True, True])

    @cached_property
    def together(self) -> pd.DataFrame:
        """Who has worked with whom, a row for each of the others."""
        return partners_of(self.log, episodes(self.log, on=self.day))

    def name(self, learner: str) -> str:
        """Return what a learner is called."""
        name = self.called.get(learner)
        return short(name) if isinstance(name, str) else learner

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each goal is called."""
        goals = self.log.goals
        titles = goals["title"].fillna(goals["goal_id"])
        return {
            key: gettext("“{title}”", title=short(title)) for key, title in zip(goals["goal_id"], titles, strict=True)
        }


def _of_class(found: Mapping[str, list[Row]], class_id: str) -> Iterator[Row]:
    """Yield the sentences of a class: of each kind the first, then the second ones as long as there is room."""
    own = {kind: [row for row in rows if row["class_id"] == class_id] for kind, rows in found.items()}
    room = MOST - sum(bool(rows) for rows in own.values())
    for kind, rows in own.items():
        more = rows[1 : 1 + min(MOST_OF_A_KIND - 1, room)]
        room -= len(more)
        for row in [*rows[:1], *more]:
            yield {**dict.fromkeys(DIGEST), **row, "kind": kind, "class_id": class_id or None}


def _stuck_alone(look: Evening) -> Iterator[Row]:
    usable = look.stands[look.stands["status"] != "dropped"]
    holders = usable.groupby(["class_id", "goal_id"])["learner_id"].nunique().to_dict()
    for row in look.stuck.to_dict("records"):
        if row["learner_id"] in look.told and holders[row["class_id"], row["goal_id"]] == 1:
            told = {name: row[name] for name in ("class_id", "learner_id", "goal_id")}
            sentence = ngettext(
                "{name} has been stuck on {goal} for {number} school day, since {day}; nobody else in the class has it "
                "or has met it.",
                "{name} has been stuck on {goal} for {number} school days, since {day}; nobody else in the class has "
                "it or has met it.",
                row["days"],
                name=look.name(row["learner_id"]),
                goal=look.titles[row["goal_id"]],
                day=_day(row["start"]),
            )
            yield {**told, "since": row["start"], "n": row["days"], "sentence": sentence}


def _could_help(look: Evening) -> Iterator[Row]:
    met = look.stands[(look.stands["status"] == "met") & look.stands["learner_id"].isin(look.told)]
    last = met.sort_values(["days", "learner_id"]).drop_duplicates(["class_id", "goal_id"])
    helpers = last.set_index(["class_id", "goal_id"])["learner_id"].to_dict()
    for place, rows in look.stuck.groupby(["class_id", "goal_id"], sort=False):
        class_id, goal = map(str, place)
        who, since = helpers.get((class_id, goal)), rows["start"].min()
        if who is not None:
            told = {"class_id": class_id, "learner_id": who, "goal_id": goal, "since": since, "n": len(rows)}
            waiting = _named([look.name(learner) for learner in sorted(rows["learner_id"])])
            sentence = ngettext(
                "{name} has met {goal}, which {others} is stuck on, since {day}.",
                "{name} has met {goal}, which {others} are stuck on, since {day}.",
                len(rows),
                name=look.name(who),
                goal=look.titles[goal],
                others=waiting,
                day=_day(since),
            )
            yield {**told, "with_learner_id": rows["learner_id"].iloc[0], "sentence": sentence}


def _due(look: Evening) -> Iterator[Row]:
    found = due_days(look.log, on=look.day).fillna({"class_id": ""})
    found = found[found["outcome"].isin(["open", "past"]) & found["learner_id"].isin(look.told)]
    if found.empty:
        return
    near = found[found["days_left"].between(-LAST_DAYS, DUE_DAYS)].assign(days=found["days_left"].abs())
    sides, goals = ["class_id", "outcome"], ["class_id", "outcome", "goal_id", "due"]
    groups = near.groupby(goals).agg(days=("days", "first"), learners=("learner_id", list), n=("days", "size"))
    groups = groups.reset_index().sort_values(["days", "n", "goal_id"], ascending=[True, False, True])
    turns = groups.assign(turn=groups.groupby(sides).cumcount()).sort_values(["turn", "outcome"], kind="stable")
    for row in turns.to_dict("records"):
        told = {name: row[name] for name in ("class_id", "goal_id", "n")}
        waiting = _named([look.name(learner) for learner in row["learners"]])
        sentence = _due_sentence(look, row["due"], goal=look.titles[row["goal_id"]], names=waiting)
        yield {**told, "learner_id": row["learners"][0], "since": row["due"], "sentence": sentence}


def _due_sentence(look: Evening, due: pd.Timestamp, **told: str) -> str:
    left = look.log.calendar.days_until(look.day, due.date())
    told["day"] = _day(due)
    if due.date() < look.day:
        return gettext("{goal} was due on {day} and is still open for {names}.", **told)
    if due.date() == look.day:
        return gettext("{goal} is due today, {day}, and still open for {names}.", **told)
    if not left:
        return gettext("{goal} is due on {day} and still open for {names}.", **told)
    return ngettext(
        "{goal} is due on {day}, in {number} school day, and still open for {names}.",
        "{goal} is due on {day}, in {number} school days, and still open for {names}.",
        left,
        **told,
    )


def _alone(look: Evening) -> Iterator[Row]:
    if not holds(look.log, "collaborations"):
        return
    today, begun = (look.log.calendar.school_day(day) for day in (look.day, look.log.first_day))
    last_days = min(LAST_DAYS, today - begun + 1)
    lately = daily(look.log, look.day, today - last_days + 1)
    if lately.empty:
        return
    counts = (lately["anyone"] > 0).groupby(lately["learner_id"]).sum()
    last = look.together.groupby("learner_id")["time"].max()
    first = look.log.calendar.days.set_index("school_day")["date"][lately["school_day"].min()]
    found = counts[(counts >= WITH_SOMEBODY) & ~(last.reindex(counts.index) >= first)]
    for learner, number in found.sort_values(ascending=False, kind="stable").to_dict().items():
        if learner in look.told:
            told = {"class_id": look.class_of[learner], "learner_id": learner, "n": number}
            values = {"name": look.name(learner), "number": number, "days": last_days}
            sentence = (
                gettext(
                    "{name} has worked with nobody since {day}, though on {number} of the last {days} school days a "
                    "classmate had the same goal or had met it.",
                    day=_day(last[learner]),
                    **values,
                )
                if learner in last
                else gettext(
                    "{name} has worked with nobody so far, though on {number} of the last {days} school days a "
                    "classmate had the same goal or had met it.",
                    **values,
                )
            )
            yield {**told, "since": last.get(learner, pd.NaT), "sentence": sentence}


def _one_partner(look: Evening) -> Iterator[Row]:
    sizes = look.learners["class_id"].value_counts()
    groups = look.together.groupby("learner_id").agg(
        n=("episode_id", "nunique"), others=("with_learner_id", "nunique"), other=("with_learner_id", "first")
    )
    found = groups[(groups["n"] >= ONE_PARTNER) & (groups["others"] == 1)]
    for row in found.sort_values("n", ascending=False, kind="stable").reset_index().to_dict("records"):
        learner, other = row["learner_id"], row["other"]
        if learner in look.told and sizes[look.class_of[learner]] > 2:
            told = {"class_id": look.class_of[learner], "learner_id": learner, "with_learner_id": other, "n": row["n"]}
            sentence = gettext(
                "{name} has worked with {other} only, all {number} times.",
                name=look.name(learner),
                other=look.name(other),
                number=row["n"],
            )
            yield {**told, "sentence": sentence}


def _slow_goal(look: Evening) -> Iterator[Row]:
    spells = taking(look.log, ["class_id", "goal_id"], look.day)
    usual, goals = _medians(spells, ["class_id"])["half"], _medians(spells, ["class_id", "goal_id"])
    goals = goals[goals["at_risk"] >= SLOW_LEARNERS]
    slow = []
    for (class_id, goal), number, half in goals[["at_risk", "half"]].itertuples():
        if half >= max(SLOW_TIMES * usual[class_id], usual[class_id] + SLOW_DAYS):
            slow.append((-int(half), goal, class_id, int(number)))
    for negative, goal, class_id, number in sorted(slow):
        sentence = gettext(
            "{goal} is slow for everybody: {number} have begun it, and half of them need {days} school days or more; "
            "of all goals, half take {usual}.",
            goal=look.titles[goal],
            number=number,
            days=-negative,
            usual=usual[class_id],
        )
        yield {"class_id": class_id, "goal_id": goal, "n": -negative, "sentence": sentence}


def _medians(spells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return within how many school days half of the goals are met; where fewer are, how long that is known."""
    found = median_days(spells, by)
    return found.assign(half=found["median_days"].fillna(found["days_known"]))


def _since(look: Evening, before: date) -> Iterator[Row]:
    found = changed(look.log, before, look.day, look.together).fillna({"class_id": ""})
    first = _first_counted(before, look)
    known = [name for name in _CHANGED if found[name].notna().any()]
    for class_id, rows in found[found["learner_id"].isin(look.told)].groupby("class_id"):
        numbers = {name: int(rows[name].sum() if name == "newly_met" else (rows[name] > 0).sum()) for name in known}
        told = {"class_id": class_id, "since": pd.Timestamp(first), "n": numbers.get("newly_met")}
        told_of = listed([_changed(name, number) for name, number in numbers.items()])
        yield {**told, "sentence": gettext("Since {day}: {changes}.", day=_day(first), changes=told_of)}


def _first_counted(before: date, look: Evening) -> date:
    """Return the first day after an evening: the school day to which it belongs, where that has come."""
    after, calendar = before + timedelta(days=1), look.log.calendar
    school_day: date = calendar.days["date"][calendar.school_day(after) - 1].date()
    first = school_day if after <= school_day <= look.day else min(after, look.day)
    return max(first, min(look.log.first_day, look.day))


_CHANGED = translatable(
    {
        "newly_met": ("{number} goal met", "{number} goals met"),
        "newly_stuck": ("{number} learner newly stuck", "{number} learners newly stuck"),
        "new_partners": (
            "{number} learner with somebody they had not worked with before",
            "{number} learners with somebody they had not worked with before",
        ),
    }
)


def _changed(name: str, number: int) -> str:
    return ngettext(*_CHANGED[name], number, number=number_in_words(number))


_RULES: Mapping[str, Callable[[Evening], Iterator[Row]]] = {
    "stuck_alone": _stuck_alone,
    "could_help": _could_help,
    "due": _due,
    "alone": _alone,
    "one_partner": _one_partner,
    "slow_goal": _slow_goal,
}


def _day(time: date) -> str:
    return day_in_words(time, "EEEE d MMMM")


def _named(names: Sequence[str]) -> str:
    return listed([*names[:3], counted(len(names) - 3, "more", "more")] if len(names) > 3 else names)
