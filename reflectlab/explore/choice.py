"""What is being looked at: the class, the learner, the strand and the day that every view of a board shares."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from random import SystemRandom
from typing import Any

import pandas as pd
import traitlets

from ..language import day_in_words, gettext
from ..log import Day, ProgressLog, as_day
from ..show.parts.words import called, plain

Labelled = list[tuple[str, Any]]
"""What a picker offers, as (label, value)."""


class Choice(traitlets.HasTraits):
    """What is being looked at; whoever shows it observes it.

    Parameters
    ----------
    log : ProgressLog
    class_id, learner_id : str, optional
        What to look at first; the first class of the log, and its first learner, by default.
    day : date or str, optional
        The day to look from; the last day of the log by default.

    Attributes
    ----------
    strand : str or None
        The strand of goals that is shown, None for all.
    order : str or None
        The order of the lanes, as `plot_board` takes it.
    day : date
        The day to look from; a text such as "2026-08-03" can be given for it.
    start : date or None
        The first day of the period that is shown; None from the beginning. The period ends with `day`.
    hidden : bool
        Whether names are hidden: learners are numbered then, in an order that tells nothing.
    noted : int
        How often a note was kept, changed or removed since this was opened.

    Examples
    --------
    >>> import reflectlab
    >>> choice = Choice(reflectlab.example(), day="2026-08-03")
    >>> choice.class_id, choice.learner_id, choice.names["ben"]
    ('Room 5', 'aroha', 'Ben')
    """

    class_id = traitlets.Unicode(None, allow_none=True)
    learner_id = traitlets.Unicode(None, allow_none=True)
    strand = traitlets.Unicode(None, allow_none=True)
    order = traitlets.Unicode(None, allow_none=True)
    day = traitlets.Any()
    start = traitlets.Any(None, allow_none=True)
    hidden = traitlets.Bool(False)
    noted = traitlets.Int(0)

    def __init__(
        self,
        log: ProgressLog,
        *,
        class_id: str | None = None,
        learner_id: str | None = None,
        day: Day | None = None,
    ) -> None:
        self.log = log
        self.learners = log.learners
        self.goals = log.goals
        self._aliases: dict[str, str] = {}
        super().__init__()
        self.day = as_day("day", day) or log.last_day
        if learner_id is not None:
            class_id = self._class_of(learner_id)
        self.class_id = class_id if class_id is not None else next((key for _, key in self.classes), None)
        self.learner_id = learner_id if learner_id is not None else next(iter(self.members), None)

    @cached_property
    def classes(self) -> Labelled:
        """The classes to choose from, as (label, class_id)."""
        return [(key, key) for key in self.learners["class_id"].dropna().unique()]

    @cached_property
    def strands(self) -> Labelled:
        """The strands to choose from, as (label, strand)."""
        return [(gettext("all strands"), None), *((key, key) for key in self.goals["strand"].dropna().unique() if key)]

    @cached_property
    def days(self) -> list[date]:
        """The school days of the log so far."""
        first, last = self.log.first_day, self.log.last_day
        school = [day.date() for day in self.log.calendar.days["date"]]
        return sorted({day for day in school if first <= day < last} | {last, self.day})

    @cached_property
    def terms(self) -> Labelled:
        """The terms to choose from, as (label, (first day, last day)); none where the log has but one."""
        whole: Labelled = [(gettext("all so far"), (None, self.log.last_day))]
        for term in self.log.calendar.terms:
            days = [day for day in self.days if term.start <= day <= term.end]
            if days:
                start = None if days[0] == self.days[0] else days[0]
                whole.append((term.title or term.term_id, (start, days[-1])))
        return whole if len(whole) > 2 else []

    @property
    def period(self) -> ProgressLog:
        """The log, in which what was over before the period is left out."""
        return self.log if self.start is None else self.log.select(start=self.start)

    @property
    def begin(self) -> date | None:
        """The first day that is shown; None where all are."""
        return self.period.selection.start

    @property
    def when(self) -> str:
        """The period as it is said: the day that is looked from, and from when on."""
        day = day_text(self.day)
        return day if self.begin is None else gettext("{first} to {last}", first=day_text(self.begin), last=day)

    @property
    def members(self) -> list[str]:
        """The learners of the class, in the order of the class list; those that hide their names in no order."""
        found = self.learners
        if self.class_id is not None:
            found = found[found["class_id"] == self.class_id]
        listed = found["learner_id"].tolist()
        return sorted(listed, key=self._alias_order().__getitem__) if self.hidden else listed

    @property
    def names(self) -> dict[str, str]:
        """What the learners of the whole log are called, as far as that may be seen."""
        return self._alias() if self.hidden else self._named

    @cached_property
    def stays(self) -> pd.DataFrame:
        """The learners of the whole log who joined or left within it: `learner_id, joined, left`."""
        found = self.learners[["learner_id", "joined", "left"]]
        return found[found["joined"].notna() | found["left"].notna()]

    @property
    def true_names(self) -> dict[str, str]:
        """What the learners of the whole log are called, though names may be hidden."""
        return self._named

    @property
    def titles(self) -> pd.Series:
        """What the goals are called."""
        return self.goals.set_index("goal_id")["title"]

    @property
    def goal_strands(self) -> pd.Series:
        """The strand of each goal."""
        return self.goals.set_index("goal_id")["strand"]

    @property
    def learner_options(self) -> Labelled:
        """The learners to choose from, as (label, learner_id); who shares a name is told apart by the id."""
        names = self.names
        labels = [called(names, key) for key in self.members]
        twice = {label for label in labels if labels.count(label) > 1}
        return [
            (f"{label} ({key})" if label in twice else label, key)
            for label, key in zip(labels, self.members, strict=True)
        ]

    @cached_property
    def _called(self) -> dict[str, str]:
        pairs: Mapping[str, Any] = dict(zip(self.learners["learner_id"], self.learners["name"], strict=True))
        return {key: called(pairs, key) for key in pairs}

    @cached_property
    def _named(self) -> dict[str, str]:
        """Return what learners are called; who shares a name with another of the class is told apart by the id."""
        rooms = dict(zip(self.learners["learner_id"], self.learners["class_id"].astype("str"), strict=True))
        alike = Counter((rooms[key], name) for key, name in self._called.items())
        return {
            key: f"{name} ({plain(key)})" if alike[rooms[key], name] > 1 else name for key, name in self._called.items()
        }

    def _alias_order(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self._alias())}

    def _alias(self) -> dict[str, str]:
        """Return a number for each learner, class by class; drawn once, so that it stays while the board is open."""
        if not self._aliases:
            drawn = self.learners.sample(frac=1, random_state=SystemRandom().randrange(2**32))
            keys = drawn.sort_values("class_id", kind="stable")["learner_id"]
            self._aliases = {
                key: gettext("Learner {number}", number=number) for number, key in enumerate(keys, start=1)
            }
        return self._aliases

    def _class_of(self, learner_id: str) -> str | None:
        found = self.learners.loc[self.learners["learner_id"] == learner_id, "class_id"]
        return None if found.empty or pd.isna(found.iloc[0]) else str(found.iloc[0])

    @traitlets.validate("day")
    def _day_of_the_log(self, proposal: Any) -> date:
        day = as_day("day", proposal["value"])
        return min(max(day or self.log.last_day, self.log.first_day), self.log.last_day)

    @traitlets.validate("start")
    def _start_within(self, proposal: Any) -> date | None:
        start = as_day("start", proposal["value"])
        return None if start is None or start <= self.log.first_day else min(start, self.day)

    @traitlets.observe("day")
    def _start_by_then(self, _: Any) -> None:
        if self.start is not None and self.start > self.day:
            self.start = None

    @traitlets.observe("class_id")
    def _someone_of_the_class(self, _: Any) -> None:
        if self.learner_id not in self.members:
            self.learner_id = next(iter(self.members), None)


def day_text(day: date) -> str:
    """Return a day as it is said.

    >>> day_text(date(2026, 8, 3))
    'Monday 3 August 2026'
    """
    return day_in_words(day, "EEEE d MMMM y")
