"""The pictures of a board: from what is being looked at to an Axes, measured and drawn below."""

from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from .. import measure, show
from .choice import Choice


class Pictures:
    """The pictures of one choice; what was measured for a day is kept for the next picture of that day.

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.show import alt_text
    >>> pictures = Pictures(Choice(reflectlab.example()))
    >>> alt_text(pictures.pathway())
    'Aroha. 2 of 2 own goals met. ...'
    """

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._frames = lru_cache(8)(self._measured)

    def board(self) -> Axes:
        """Draw the class."""
        seen = self.choice
        stretches, episodes = self._shown()
        members = seen.members
        return show.plot_board(
            stretches[stretches["learner_id"].isin(members)],
            episodes[episodes["learner_id"].isin(members)],
            names={key: seen.names[key] for key in members},
            order=seen.order,
            title=self._title("Class board"),
            **self._called(),
        )

    def pathway(self) -> Axes:
        """Draw the learner's term."""
        seen = self.choice
        stretches, episodes = self._shown()
        mine = episodes.loc[episodes["learner_id"] == seen.learner_id, "episode_id"]
        return show.plot_pathway(
            stretches[stretches["learner_id"] == seen.learner_id],
            episodes[episodes["episode_id"].isin(mine)],
            learner=str(seen.learner_id),
            names=seen.names,
            **self._called(),
        )

    def completion(self) -> Axes:
        """Draw the share of own goals that the class met, week by week."""
        by = ("class_id", "strand") if self.choice.strand else ("class_id",)
        rates = measure.completion(self._class(), by=by, every="week", on=self.choice.day)
        return show.plot_completion(self._of_strand(rates), title="Own goals met so far")

    def collaboration(self) -> Axes:
        """Draw how often the class worked together, week by week and by kind."""
        by = ("class_id", "strand") if self.choice.strand else ("class_id",)
        table = measure.collaboration(self._class(), by=by, every="week", on=self.choice.day)
        return show.plot_collaboration(self._of_strand(table), availability=self._availability("class_id", "week"))

    def partners(self) -> Axes:
        """Draw how often each learner worked with others, by kind."""
        seen = self.choice
        by = ("learner_id", "strand") if seen.strand else ("learner_id",)
        table = self._of_strand(measure.collaboration(self._class(), by=by, on=seen.day))
        place = {key: number for number, key in enumerate(seen.members)}
        table = table.sort_values("learner_id", key=lambda column: column.map(place), ignore_index=True)
        there = self._availability("learner_id")
        return show.plot_collaboration(table, availability=there, names=seen.names, title="Who worked with others")

    def time_to_goal(self) -> Axes:
        """Draw how long goals take."""
        by = ("strand",) if self.choice.strand else ()
        table = measure.time_to_goal(self._class(), by=by, on=self.choice.day)
        return show.plot_time_to_goal(self._of_strand(table))

    def transitions(self) -> Axes:
        """Draw which goal followed which."""
        return show.plot_transitions(measure.transitions(self._class()), names=self.choice.titles)

    def _availability(self, by: str, every: str | None = None) -> pd.DataFrame | None:
        """Return how often there was somebody to work with; of one strand nobody can tell."""
        seen = self.choice
        return None if seen.strand else measure.availability_summary(self._class(), by=by, every=every, on=seen.day)

    def _class(self) -> Any:
        seen = self.choice
        return seen.log if seen.class_id is None else seen.log.select(class_id=seen.class_id)

    def _measured(self, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        return measure.stretches(self.choice.log, on=day), measure.episodes(self.choice.log, on=day)

    def _shown(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return stretches and episodes as of the day, of the strand that is shown."""
        stretches, episodes = self._frames(self.choice.day)
        strand = self.choice.strand
        if strand is None:
            return stretches, episodes
        goals = self.choice.goals
        within = goals.loc[goals["strand"] == strand, "goal_id"]
        return stretches[stretches["goal_id"].isin(within)], episodes[episodes["goal_id"].isin(within)]

    def _of_strand(self, table: pd.DataFrame) -> pd.DataFrame:
        strand = self.choice.strand
        if strand is None:
            return table
        return table[table["strand"] == strand].drop(columns="strand").reset_index(drop=True)

    def _title(self, what: str) -> str:
        seen = self.choice
        parts = [seen.class_id or what, seen.strand, f"{seen.day:%A} {seen.day.day} {seen.day:%B %Y}"]
        return " · ".join(part for part in parts if part)

    def _called(self) -> dict[str, Any]:
        seen = self.choice
        return {
            "titles": seen.titles,
            "strands": seen.goal_strands,
            "today": seen.day,
            "calendar": seen.log.calendar.days,
        }
