"""The pictures of a board: from what is being looked at to an Axes, measured and drawn below."""

from typing import Any

from matplotlib.axes import Axes

from .. import measure, show
from .choice import Choice
from .plain import day_text
from .seen import Seen


class Pictures:
    """The pictures of one choice.

    Parameters
    ----------
    choice : Choice
    seen : Seen, optional
        What is measured for it, where others show it too.

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.show import alt_text
    >>> pictures = Pictures(Choice(reflectlab.example()))
    >>> alt_text(pictures.pathway())
    'Aroha. 2 of 2 own goals met. ...'
    """

    def __init__(self, choice: Choice, seen: Seen | None = None) -> None:
        self.choice = choice
        self.seen = seen or Seen(choice)

    def board(self) -> Axes:
        """Draw the class."""
        choice = self.choice
        stretches, episodes = self.seen.stretches(), self.seen.episodes()
        members = choice.members
        return show.plot_board(
            stretches[stretches["learner_id"].isin(members)],
            episodes[episodes["learner_id"].isin(members)],
            names={key: choice.names[key] for key in members},
            order=choice.order,
            title=self._title("Class board"),
            **self._called(),
        )

    def pathway(self, learner_id: str | None = None) -> Axes:
        """Draw the term of a learner, by default the one that is looked at."""
        learner = learner_id or str(self.choice.learner_id)
        stretches, episodes = self.seen.stretches(), self.seen.episodes()
        mine = episodes.loc[episodes["learner_id"] == learner, "episode_id"]
        return show.plot_pathway(
            stretches[stretches["learner_id"] == learner],
            episodes[episodes["episode_id"].isin(mine)],
            learner=learner,
            names=self.choice.names,
            **self._called(),
        )

    def completion(self) -> Axes:
        """Draw the share of own goals that the class met, week by week."""
        return show.plot_completion(self.seen.completion(), title="Own goals met so far")

    def collaboration(self) -> Axes:
        """Draw how often the class worked together, week by week and by kind."""
        seen = self.seen
        return show.plot_collaboration(
            seen.collaboration(every="week"), availability=seen.availability("class_id", every="week")
        )

    def partners(self) -> Axes:
        """Draw how often each learner worked with others, by kind, and could have."""
        seen = self.seen
        return show.plot_collaboration(
            seen.collaboration("learner_id"),
            availability=seen.availability("learner_id"),
            names=self.choice.names,
            title="Who worked with others",
        )

    def time_to_goal(self) -> Axes:
        """Draw how long goals take."""
        return show.plot_time_to_goal(self.seen.time_to_goal())

    def transitions(self) -> Axes:
        """Draw which goal followed which."""
        return show.plot_transitions(measure.transitions(self.seen.class_log), names=self.choice.titles)

    def _title(self, what: str) -> str:
        choice = self.choice
        return " · ".join(part for part in (choice.class_id or what, choice.strand, day_text(choice.day)) if part)

    def _called(self) -> dict[str, Any]:
        choice = self.choice
        return {
            "titles": choice.titles,
            "strands": choice.goal_strands,
            "today": choice.day,
            "calendar": choice.log.calendar.days,
        }
