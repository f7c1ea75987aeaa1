"""The tables of a board: what was measured for a choice, in the words that a reader sees."""

import pandas as pd

from ..show.kinds import WORDS, partners
from ..show.picture import called
from ..show.style import isolated
from .choice import Choice
from .seen import Seen

HAPPENED = {
    "day": "When", "what": "What happened", "goal": "Goal", "with": "With", "chosen_by": "Chosen by", "note": "Note",
}  # fmt: skip
INVITATIONS = {"learner": "Learner", "goal": "Goal", "stands": "Stands at", "reason": "Invitation"}

_EVENTS = {
    "set": "set as a goal",
    "started": "started",
    "worked": "worked on it",
    "stuck": "stuck",
    "met": "met",
    "reopened": "taken up again",
    "dropped": "dropped",
}
_TOGETHER = {**WORDS, "other": f"worked together, {WORDS['other']}"}
_KEPT = ["time", "learner_id", "goal_id", "chosen_by", "note"]
_STANDS = {"stuck": "stuck", "working": "working on it", "set": "not started yet"}


class Tables:
    """The tables of one choice; each has the ids of its rows beside what is to be read.

    Parameters
    ----------
    choice : Choice
    seen : Seen, optional
        What is measured for it, where others show it too.

    Examples
    --------
    >>> import reflectlab
    >>> tables = Tables(Choice(reflectlab.example(), learner_id="hemi"))
    >>> tables.happened().loc[0, ["day", "what", "goal", "with"]].tolist()
    ['2026-08-07', 'sought support', 'Give each idea its own paragraph', 'Aroha']
    >>> tables.invitations().loc[0, "reason"]
    'Aroha met this goal 2 school days ago: you could ask about it.'
    """

    def __init__(self, choice: Choice, seen: Seen | None = None) -> None:
        self.choice = choice
        self.seen = seen or Seen(choice)

    def happened(self) -> pd.DataFrame:
        """Return what happened to the learner and with whom, the latest first; notes only where names may be seen."""
        rows = pd.concat([self._events(), self._episodes()])
        rows = rows.sort_values("time", ascending=False, kind="stable", ignore_index=True)
        titles = dict(self.choice.titles)
        rows = rows.assign(
            day=rows["time"].dt.strftime("%Y-%m-%d"),
            goal=[called(titles, key) if isinstance(key, str) else "" for key in rows["goal_id"]],
        )
        return rows.drop(columns="note") if self.choice.hidden or rows["note"].isna().all() else rows

    def invitations(self, learner_id: str | None = None) -> pd.DataFrame:
        """Return who could work with whom, those stuck the longest first; of one learner, where one is named."""
        rows = self.seen.invitations()
        if learner_id is not None:
            rows = rows[rows["learner_id"] == learner_id]
        if self.choice.hidden:  # the order of the class list would tell who is who
            rows = rows.sort_values("learner_id", key=self._places, kind="stable")
        names, titles = self.choice.names, dict(self.choice.titles)
        return rows.assign(
            learner=[called(names, key) for key in rows["learner_id"]],
            goal=[called(titles, key) for key in rows["goal_id"]],
            stands=rows["need"].map(_STANDS),
        ).reset_index(drop=True)

    def _places(self, learners: pd.Series) -> pd.Series:
        return learners.map({key: place for place, key in enumerate(self.choice.members)})

    def _events(self) -> pd.DataFrame:
        events = self.seen.of_strand(self.choice.log.events)
        until = pd.Timestamp(self.choice.day) + pd.Timedelta(days=1)
        rows = events[(events["learner_id"] == self.choice.learner_id) & (events["time"] < until)]
        return rows[_KEPT].assign(
            chosen_by=rows["chosen_by"].where(rows["event"] == "set"), what=rows["event"].map(_EVENTS), **{"with": ""}
        )

    def _episodes(self) -> pd.DataFrame:
        episodes = self.seen.episodes()
        rows = episodes[episodes["learner_id"] == self.choice.learner_id]
        together = partners(episodes[episodes["episode_id"].isin(rows["episode_id"])])
        notes = self.choice.log.collaborations[["episode_id", "learner_id", "note"]]
        rows = rows.merge(notes, on=["episode_id", "learner_id"], how="left")
        names, me = self.choice.names, self.choice.learner_id
        others = [
            ", ".join(isolated(called(names, key)) for key in together[each] if key != me)
            for each in rows["episode_id"]
        ]
        return rows[_KEPT].assign(what=rows["kind"].map(_TOGETHER), **{"with": others})
