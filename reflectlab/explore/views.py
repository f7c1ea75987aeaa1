"""What a board shows of what is being looked at: measured once, then drawn, listed and printed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd
from matplotlib.axes import Axes

from .. import measure, show
from ..language import gettext, translatable
from ..log import ProgressLog
from ..show.parts.picture import no_wider
from ..show.parts.words import KIND_WORDS, called, isolated, participants, plain, stands_of
from .choice import Choice

_Measure = Callable[..., pd.DataFrame]

_DAYS, _MEASURES = 8, 64
"""Of how many days the whole log is kept as it stood, and how many measures of a class in all."""


class Measured:
    """The measures that several views of one choice show: each is made once for all that it depends on.

    What is returned may be kept, and is not to be changed.

    >>> import reflectlab
    >>> measured = Measured(Choice(reflectlab.example(), learner_id="ben"))
    >>> measured.stretches()["learner_id"].nunique()
    4
    >>> measured.status() is measured.status()
    True
    """

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._stretches = lru_cache(_DAYS)(self._measured)
        self._once = lru_cache(_MEASURES)(self._found)

    @property
    def class_log(self) -> ProgressLog:
        """The log of the class, in the period that is shown."""
        return self._log(self.choice.class_id, self.choice.start)

    def of_class(self, measured: _Measure, **said: Any) -> pd.DataFrame:
        """Return a measure of the class in the period that is shown, as of the day."""
        return self._of_class(measured, self.choice.start, **said)

    def stretches(self) -> pd.DataFrame:
        """Return the stretches of the whole log."""
        return self.of_strand(self._stretches(self.choice.day))

    def episodes(self) -> pd.DataFrame:
        """Return the participations of the whole log, in the period that is shown."""
        found, begin = self._episodes, self.choice.begin
        found = found if begin is None else found[found["time"] >= pd.Timestamp(begin)]
        return self.of_strand(found[found["time"] < pd.Timestamp(self.choice.day) + pd.Timedelta(days=1)])

    def completion(self) -> pd.DataFrame:
        """Return the share of own goals that the class met, week by week."""
        return self._without_strand(self.of_class(measure.completion, by=self._by("class_id"), every="week"))

    def collaboration(self, by: str = "class_id", every: str | None = None) -> pd.DataFrame:
        """Return how often the class worked together, by class or learner, in the order of the class list."""
        found = self._without_strand(self.of_class(measure.collaboration, by=self._by(by), every=every))
        if by == "class_id":
            return found
        place = {key: number for number, key in enumerate(self.choice.members)}
        return found.sort_values(by, key=lambda column: column.map(place), ignore_index=True)

    def of_strand(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the goals that are shown."""
        strand = self.choice.strand
        if strand is None:
            return table
        return table[table["goal_id"].map(self.choice.goal_strands) == strand]

    def invitations(self, names: Mapping[str, str] | None = None) -> pd.DataFrame:
        """Return who of the class could work with whom, those stuck the longest first; called as the choice has it."""
        names = names or {key: isolated(name) for key, name in self.choice.names.items()}
        return self.of_strand(self.of_class(measure.opportunities, names=names))

    def digest(self, since: date | None) -> pd.DataFrame:
        """Return what to look at first in the class, whatever was before the period; called as the choice has it."""
        names = {key: isolated(plain(name)) for key, name in self.choice.names.items()}
        found = self._of_class(measure.digest, None, since=since, names=names)
        return found if self.choice.strand is None else self.of_strand(found.dropna(subset="goal_id"))

    def due(self) -> pd.DataFrame | None:
        """Return by when goals of the class are to be met; None where no goal has such a day."""
        found = self.of_strand(self.of_class(measure.due_days))
        return found if len(found) else None

    def status(self) -> pd.DataFrame:
        """Return where the learners of the class stand."""
        return self.of_class(measure.status)

    def availability(self, by: str = "class_id", every: str | None = None) -> pd.DataFrame | None:
        """Return how often learners of the class had somebody to work with; of one strand nobody can tell."""
        if self.choice.strand is not None:
            return None
        return self.of_class(measure.availability_summary, by=by, every=every)

    def _by(self, name: str) -> tuple[str, ...]:
        return (name, "strand") if self.choice.strand else (name,)

    def _without_strand(self, table: pd.DataFrame) -> pd.DataFrame:
        strand = self.choice.strand
        if strand is None:
            return table
        return table[table["strand"] == strand].drop(columns="strand").reset_index(drop=True)

    def _of_class(
        self, measured: _Measure, start: date | None, *, names: Mapping[str, str] | None = None, **said: Any
    ) -> pd.DataFrame:
        called = None if names is None else tuple(names.items())
        return self._once(measured, self.choice.class_id, start, self.choice.day, called, tuple(said.items()))

    def _found(
        self,
        measured: _Measure,
        class_id: str | None,
        start: date | None,
        day: date,
        called: tuple[tuple[str, str], ...] | None,
        said: tuple[tuple[str, Any], ...],
    ) -> pd.DataFrame:
        """Measure; all that it depends on is given, so that it can be found again."""
        named = {} if called is None else {"names": dict(called)}
        return measured(self._log(class_id, start), on=day, **named, **dict(said))

    def _log(self, class_id: str | None, start: date | None) -> ProgressLog:
        log = self.choice.log if start is None else self.choice.log.select(start=start)
        return log if class_id is None else log.select(class_id=class_id)

    def _measured(self, day: date) -> pd.DataFrame:
        return measure.stretches(self.choice.log, on=day)

    @cached_property
    def _episodes(self) -> pd.DataFrame:
        """All participations: nothing that happens later changes what one was."""
        return measure.episodes(self.choice.log)


_LANES, _BARS = 9.4, 8.0
"""How wide pictures are made, in inches: with a list of files beside it, a small screen shows their smallest words."""


class Pictures:
    """The pictures of one choice, from what is measured for it, and of which days there are `notes`.

    >>> import reflectlab
    >>> from reflectlab.show import alt_text
    >>> pictures = Pictures(Choice(reflectlab.example()))
    >>> alt_text(pictures.pathway())
    'Aroha. 2 of 2 own goals met. ...'
    """

    def __init__(
        self, choice: Choice, measured: Measured | None = None, notes: Callable[[], pd.DataFrame] | None = None
    ) -> None:
        self.choice = choice
        self.measured = measured or Measured(choice)
        self.notes = notes

    @no_wider(_LANES)
    def board(self) -> Axes:
        """Draw the class."""
        choice = self.choice
        stretches, episodes = self.measured.stretches(), self.measured.episodes()
        members = choice.members
        return show.plot_board(
            stretches[stretches["learner_id"].isin(members)],
            episodes[episodes["learner_id"].isin(members)],
            names={key: choice.names[key] for key in members},
            order=choice.order,
            absences=self._absences(members),
            learners=choice.stays,
            notes=self.notes() if self.notes else None,
            due=self.measured.due(),
            title=self._title(gettext("Class board")),
            **self._called(),
        )

    @no_wider(_LANES)
    def pathway(
        self,
        learner_id: str | None = None,
        *,
        names: Mapping[str, str] | None = None,
        others: bool = True,
        marked: bool = True,
    ) -> Axes:
        """Draw the term of a learner, by default the one that is looked at.

        `names` are what learners are called there; `others` tells whether classmates are named at all, `marked` whether
        notes have their marks.
        """
        learner = learner_id or str(self.choice.learner_id)
        stretches, episodes = self.measured.stretches(), self.measured.episodes()
        mine = episodes.loc[episodes["learner_id"] == learner, "episode_id"]
        return show.plot_pathway(
            stretches[stretches["learner_id"] == learner],
            episodes[episodes["episode_id"].isin(mine) & ((episodes["learner_id"] == learner) | others)],
            learner=learner,
            names=self.choice.names if names is None else names,
            absences=self._absences([learner]),
            learners=self._stay(learner),
            notes=self.notes() if self.notes and marked else None,
            due=self.measured.due(),
            **self._called(),
        )

    @no_wider(_BARS)
    def completion(self) -> Axes:
        """Draw the share of own goals that the class met, week by week."""
        return show.plot_completion(self.measured.completion(), title=gettext("Own goals met so far"))

    @no_wider(_BARS)
    def collaboration(self) -> Axes:
        """Draw how often the class worked together, week by week and by kind."""
        measured = self.measured
        return show.plot_collaboration(
            measured.collaboration(every="week"), availability=measured.availability("class_id", every="week")
        )

    @no_wider(_BARS)
    def partners(self) -> Axes:
        """Draw how often each learner worked with others, by kind, and could have."""
        measured = self.measured
        return show.plot_collaboration(
            measured.collaboration("learner_id"),
            availability=measured.availability("learner_id"),
            names=self.choice.names,
            title=gettext("Who worked with others"),
        )

    def _stay(self, learner: str) -> pd.DataFrame | None:
        stays = self.choice.stays
        found = stays[stays["learner_id"] == learner] if len(stays) else stays
        return found if len(found) else None

    def _absences(self, learners: Sequence[str]) -> pd.DataFrame:
        absences = self.choice.log.absences
        return absences[absences["learner_id"].isin(learners)]

    def _title(self, what: str) -> str:
        choice = self.choice
        return " · ".join(part for part in (choice.class_id or what, choice.strand, choice.when) if part)

    def _called(self) -> dict[str, Any]:
        choice = self.choice
        return {
            "titles": choice.titles,
            "strands": choice.goal_strands,
            "today": choice.day,
            "start": choice.begin,
            "calendar": choice.log.calendar.days,
        }


HAPPENED = translatable({
    "day": "When", "what": "What happened", "goal": "Goal", "with": "With", "chosen_by": "Chosen by", "note": "Note",
})  # fmt: skip

INVITATIONS = translatable({"learner": "Learner", "goal": "Goal", "stands": "Stands at", "reason": "Invitation"})

_EVENTS = translatable(
    {
        "set": "set as a goal",
        "started": "started",
        "worked": "worked on it",
        "stuck": "stuck",
        "met": "met",
        "reopened": "taken up again",
        "dropped": "dropped",
    }
)

_TOGETHER = {**KIND_WORDS, "other": translatable("worked together, no open goal in common noted")}

_CHOOSERS = translatable({"learner": "learner", "teacher": "teacher"})


def spoken(words: Mapping[str, str]) -> dict[str, str]:
    """Return words in the language that is spoken.

    >>> spoken(INVITATIONS)["goal"]
    'Goal'
    """
    return {key: gettext(word) for key, word in words.items()}


_KEPT = ["time", "learner_id", "goal_id", "chosen_by", "note"]


class Tables:
    """The tables of one choice; each has the ids of its rows beside what is to be read.

    `notes` gives the days of which there are notes.

    >>> import reflectlab
    >>> tables = Tables(Choice(reflectlab.example(), learner_id="hemi"))
    >>> tables.happened().loc[0, ["day", "what", "goal", "with"]].tolist()
    ['2026-08-07', 'sought support', 'Give each idea its own paragraph', 'Aroha']
    >>> tables.invitations().loc[0, "reason"]
    'Aroha met this goal 2 school days ago: you could ask about it.'
    """

    def __init__(
        self, choice: Choice, measured: Measured | None = None, notes: Callable[[], pd.DataFrame] | None = None
    ) -> None:
        self.choice = choice
        self.measured = measured or Measured(choice)
        self.notes = notes

    def digest(self) -> pd.DataFrame:
        """Return what to look at first, and what has changed since the period began, else the last day with a note."""
        if self.choice.start is not None:
            return self.measured.digest(self.choice.start - timedelta(days=1))
        days = pd.to_datetime(self.notes()["day"]).dt.date if self.notes else pd.Series(dtype=object)
        return self.measured.digest(max((day for day in days if day < self.choice.day), default=None))

    def happened(self) -> pd.DataFrame:
        """Return what happened to the learner and with whom, the latest first; notes only where names may be seen."""
        rows = pd.concat([self._events(), self._episodes()])
        rows = rows.sort_values("time", ascending=False, kind="stable", ignore_index=True)
        titles = dict(self.choice.titles)
        rows = rows.assign(
            day=rows["time"].dt.strftime("%Y-%m-%d"),
            goal=[called(titles, key) if isinstance(key, str) else "" for key in rows["goal_id"]],
            chosen_by=rows["chosen_by"].map(spoken(_CHOOSERS)),
        )
        return rows.drop(columns="note") if self.choice.hidden or rows["note"].isna().all() else rows

    def invitations(self, learner_id: str | None = None, others: Mapping[str, str] | None = None) -> pd.DataFrame:
        """Return who could work with whom, those stuck the longest first; of one learner, where one is named.

        `others` are what learners are called in the invitations.
        """
        rows = self.measured.invitations(others)
        if learner_id is not None:
            rows = rows[rows["learner_id"] == learner_id]
        if self.choice.hidden:  # the order of the class list would tell who is who
            rows = rows.sort_values("learner_id", key=self._places, kind="stable")
        names, titles = self.choice.names, dict(self.choice.titles)
        return rows.assign(
            learner=[called(names, key) for key in rows["learner_id"]],
            goal=[called(titles, key) for key in rows["goal_id"]],
            stands=stands_of(rows, self.measured.status()),
        ).reset_index(drop=True)

    def _places(self, learners: pd.Series) -> pd.Series:
        return learners.map({key: place for place, key in enumerate(self.choice.members)})

    def _events(self) -> pd.DataFrame:
        events = self.measured.of_strand(self.choice.period.events)
        until = pd.Timestamp(self.choice.day) + pd.Timedelta(days=1)
        rows = events[(events["learner_id"] == self.choice.learner_id) & (events["time"] < until)]
        return (
            rows[_KEPT]
            .assign(
                chosen_by=rows["chosen_by"].where(rows["event"] == "set"),
                what=rows["event"].map(spoken(_EVENTS)),
                **{"with": ""},
            )
            .assign(people=pd.Series([[] for _ in range(len(rows))], index=rows.index, dtype=object))
        )

    def _episodes(self) -> pd.DataFrame:
        episodes = self.measured.episodes()
        rows = episodes[episodes["learner_id"] == self.choice.learner_id]
        together = participants(episodes[episodes["episode_id"].isin(rows["episode_id"])])
        notes = self.choice.log.collaborations[["episode_id", "learner_id", "note"]]
        rows = rows.merge(notes, on=["episode_id", "learner_id"], how="left")
        names, me = self.choice.names, self.choice.learner_id
        people = [
            [(isolated(called(names, key)), key) for key in together[each] if key != me] for each in rows["episode_id"]
        ]
        told = rows[_KEPT].assign(what=rows["kind"].map(spoken(_TOGETHER)))
        told["with"] = [", ".join(name for name, _ in each) for each in people]
        told["people"] = pd.Series(people, index=told.index, dtype=object)
        return told


def quiet_line(message: str, *styles: str) -> widgets.HTML:
    """Return a message beside a picture: text, in which nothing but `<i>` means anything.

    >>> quiet_line("<b>Never</b> <i>met</i>").value
    "<p class='reflectlab-quiet'>&lt;b&gt;Never&lt;/b&gt; <i>met</i></p>"
    """
    text = escape(gettext(message)).replace("&lt;i&gt;", "<i>").replace("&lt;/i&gt;", "</i>")
    made = widgets.HTML(f"<p class='{' '.join(['reflectlab-quiet', *styles])}'>{text}</p>")
    made.add_class("reflectlab-words")
    return made
