"""What is measured for a choice: as of its day, and of the strand that is shown."""

from datetime import date
from functools import cached_property, lru_cache

import pandas as pd

from .. import measure
from ..log import ProgressLog
from ..show.style import isolated
from .choice import Choice


class Seen:
    """The measures that several views of one choice show; those of the last days are kept.

    Examples
    --------
    >>> import reflectlab
    >>> seen = Seen(Choice(reflectlab.example(), learner_id="ben"))
    >>> seen.stretches()["learner_id"].nunique()
    4
    """

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._stretches = lru_cache(8)(self._measured)

    @property
    def class_log(self) -> ProgressLog:
        """The log of the class."""
        log, class_id = self.choice.log, self.choice.class_id
        return log if class_id is None else log.select(class_id=class_id)

    def stretches(self) -> pd.DataFrame:
        """Return the stretches of the whole log."""
        return self.of_strand(self._stretches(self.choice.day))

    def episodes(self) -> pd.DataFrame:
        """Return the participations of the whole log."""
        found = self._episodes
        return self.of_strand(found[found["time"] < pd.Timestamp(self.choice.day) + pd.Timedelta(days=1)])

    def completion(self) -> pd.DataFrame:
        """Return the share of own goals that the class met, week by week."""
        found = measure.completion(self.class_log, by=self._by("class_id"), every="week", on=self.choice.day)
        return self._without_strand(found)

    def collaboration(self, by: str = "class_id", every: str | None = None) -> pd.DataFrame:
        """Return how often the class worked together, by class or learner, in the order of the class list."""
        found = measure.collaboration(self.class_log, by=self._by(by), every=every, on=self.choice.day)
        found = self._without_strand(found)
        if by == "class_id":
            return found
        place = {key: number for number, key in enumerate(self.choice.members)}
        return found.sort_values(by, key=lambda column: column.map(place), ignore_index=True)

    def time_to_goal(self) -> pd.DataFrame:
        """Return how long goals of the class take."""
        by = ("strand",) if self.choice.strand else ()
        return self._without_strand(measure.time_to_goal(self.class_log, by=by, on=self.choice.day))

    def of_strand(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the goals that are shown."""
        strand = self.choice.strand
        if strand is None:
            return table
        return table[table["goal_id"].map(self.choice.goal_strands) == strand]

    def invitations(self) -> pd.DataFrame:
        """Return who of the class could work with whom, those stuck the longest first."""
        names = {key: isolated(name) for key, name in self.choice.names.items()}
        return self.of_strand(measure.opportunities(self.class_log, on=self.choice.day, names=names))

    def availability(self, by: str = "class_id", every: str | None = None) -> pd.DataFrame | None:
        """Return how often learners of the class had somebody to work with; of one strand nobody can tell."""
        if self.choice.strand is not None:
            return None
        return measure.availability_summary(self.class_log, by, every=every, on=self.choice.day)

    def _by(self, name: str) -> tuple[str, ...]:
        return (name, "strand") if self.choice.strand else (name,)

    def _without_strand(self, table: pd.DataFrame) -> pd.DataFrame:
        strand = self.choice.strand
        if strand is None:
            return table
        return table[table["strand"] == strand].drop(columns="strand").reset_index(drop=True)

    def _measured(self, day: date) -> pd.DataFrame:
        return measure.stretches(self.choice.log, on=day)

    @cached_property
    def _episodes(self) -> pd.DataFrame:
        """All participations: nothing that happens later changes what one was."""
        return measure.episodes(self.choice.log)
