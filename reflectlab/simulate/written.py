"""What a class would have written down: the term that unfolded, as the tables of a log."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..log.calendar import Term, format_closed
from ..schema import EVENTS
from .invented import names
from .plan import OPEN_GOAL_KINDS, Floats, Ints, People, Spells
from .unfold import HELPER, PEER, Episodes

WrittenTexts = npt.NDArray[np.object_]

Happened = tuple[str, Ints, Floats]

_BELL, _SCHOOL_DAY = 9 * 3600, 6 * 3600

_SET_AHEAD, _WORKED_PER_DAY = 0.3, 0.15

_NO_MINUTES, _NO_ROLES, _WRONG_ROLE, _NO_GOAL, _OTHER = 0.15, 0.25, 0.05, 0.08, 0.03

_GOAL_CHOSEN_BY = _TOGETHER_CHOSEN_BY = (
    0.70,
    0.23,
)  # by the learner, by the teacher; else nobody wrote it down

_ROLES: WrittenTexts = np.array(["peer", "seeker", "helper", None], dtype=object)

_CHOOSERS: WrittenTexts = np.array(["learner", "teacher", None], dtype=object)

_KINDS: WrittenTexts = np.array([*OPEN_GOAL_KINDS, None], dtype=object)


@dataclass(frozen=True, slots=True)
class Participations:
    """One entry a participation, in order of time; `goal` is -1 where it was about no goal."""

    episode: Ints
    time: Floats
    learner: Ints
    goal: Ints
    role: Ints


@dataclass(frozen=True, slots=True)
class Place:
    """Where some classes stand in their school: how many classes and learners come before, and of how many in all."""

    classes: int
    learners: int
    of_learners: int

    @property
    def episode(self) -> str:
        """What the ids of their episodes begin with."""
        return f"e{self.classes}-" if self.classes else "e"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes down what happened in some classes, as far as somebody would have noted it."""

    place: Place
    rng: np.random.Generator
    who: People
    what: Spells
    goals: pd.DataFrame
    term: Term
    dates: bool

    def events(self, met: Floats) -> pd.DataFrame:
        """Return what happened on each goal."""
        happened = [*self._beginnings(), *self._middles(met), *self._endings(met)]
        spell = np.concatenate([spells for _, spells, _ in happened])
        days = np.concatenate([moments for *_, moments in happened])
        counts = [len(spells) for _, spells, _ in happened]
        word = np.repeat([EVENTS.index(event) for event, *_ in happened], counts)
        order = np.lexsort((word, spell, days))
        spell, word = spell[order], word[order]
        chosen = np.where(word == EVENTS.index("set"), self._choosers(len(word), _GOAL_CHOSEN_BY), -1)
        columns = {
            "time": self._times(days[order]),
            "learner_id": self._learner_ids()[self.what.learner[spell]],
            "goal_id": self._goal_ids()[self.what.goal[spell]],
            "event": np.array(EVENTS, dtype=object)[word],
            "chosen_by": _CHOOSERS[chosen],
            "note": None,
        }
        return _texts(pd.DataFrame(columns))

    def collaborations(self, together: Episodes, unrecorded: float) -> pd.DataFrame:
        """Return who took part in what; some episodes nobody wrote down."""
        rng, taken = self.rng, self._participations(together)
        number = int(taken.episode.max(initial=-1)) + 1
        written = rng.random(number) >= unrecorded
        minutes = np.where(rng.random(number) < _NO_MINUTES, np.nan, 5.0 * rng.integers(1, 9, number))
        forgotten = (taken.role == HELPER) & (rng.random(len(taken.role)) < _NO_GOAL)
        columns = {
            "episode_id": np.array([f"{self.place.episode}{n:04d}" for n in range(1, number + 1)], dtype=object)[
                taken.episode
            ],
            "time": self._times(taken.time),
            "minutes": minutes[taken.episode],
            "learner_id": self._learner_ids()[taken.learner],
            "goal_id": self._goal_ids()[np.where(forgotten, -1, taken.goal)],
            "role": self._roles(taken, number),
            "chosen_by": _CHOOSERS[self._choosers(number, _TOGETHER_CHOSEN_BY)[taken.episode]],
            "note": None,
        }
        return _texts(pd.DataFrame(columns)[written[taken.episode]].reset_index(drop=True))

    def learners(self) -> pd.DataFrame:
        """Return the roster."""
        last_day = len(self.term.school_days()) - 1
        columns = {
            "learner_id": self._learner_ids(),
            "name": names(len(self.who.group), self.place.learners),
            "class_id": np.array([f"Room {5 + self.place.classes + group}" for group in self.who.group], dtype=object),
            "joined": self._dates(self.who.first, self.who.first > 0),
            "left": self._dates(self.who.last, self.who.last < last_day),
        }
        return _texts(pd.DataFrame(columns))

    def terms(self) -> pd.DataFrame:
        """Return the one term."""
        term = self.term
        row = (
            term.term_id,
            term.title,
            pd.Timestamp(term.start),
            pd.Timestamp(term.end),
            format_closed(term.closed),
        )
        return pd.DataFrame([row], columns=["term_id", "title", "start", "end", "closed"])

    def truth(self, together: Episodes) -> pd.DataFrame:
        """Return what nobody in the school knows: one row a learner and goal, in school days from 0."""
        what = self.what
        columns = {
            "learner_id": self._learner_ids()[what.learner],
            "goal_id": self._goal_ids()[what.goal],
            "ability": self.who.ability[what.learner],
            "sociability": self.who.sociability[what.learner],
            "start": what.start,
            "stop": np.minimum(together.met, what.shut),
            "met": np.isfinite(together.met),
            "switch": together.switch,
            "kind": _KINDS[together.kind],
        }
        return _texts(pd.DataFrame(columns))

    def _beginnings(self) -> list[Happened]:
        what = self.what
        every, first = np.arange(len(what.start)), self.who.first[what.learner]
        ahead = np.where(self.rng.random(len(every)) < _SET_AHEAD, self.rng.integers(1, 4, len(every)), 0)
        return [("set", every, np.maximum(what.start - ahead, first)), ("started", every, what.start)]

    def _middles(self, met: Floats) -> list[Happened]:
        what = self.what
        over = np.minimum(met, what.shut)
        spell = np.repeat(np.arange(len(over)), self.rng.poisson(_WORKED_PER_DAY * (over - what.start)))
        moment = what.start[spell] + (over - what.start)[spell] * self.rng.random(len(spell))
        while_stuck = (np.floor(moment) >= np.floor(what.stuck[spell])) & (moment < what.unstuck[spell])
        stuck, freed = np.nonzero(what.stuck < over)[0], np.nonzero(what.unstuck < over)[0]
        return [
            ("worked", spell[~while_stuck], self._noted(moment[~while_stuck])),
            ("stuck", stuck, what.stuck[stuck]),
            ("worked", freed, what.unstuck[freed]),
        ]

    def _endings(self, met: Floats) -> list[Happened]:
        what, last = self.what, self.who.last[self.what.learner]
        is_met = np.isfinite(met)
        again = np.floor(met) + what.reopens
        within = self._noted(self.rng.random((2, len(met))))
        dropped, reopened, remet = what.dropped & ~is_met, again <= last, again + what.remet <= last
        return [
            ("met", np.nonzero(is_met)[0], met[is_met]),
            ("dropped", np.nonzero(dropped)[0], what.shut[dropped]),
            ("reopened", np.nonzero(reopened)[0], (again + within[0])[reopened]),
            ("met", np.nonzero(remet)[0], (again + what.remet + within[1])[remet]),
        ]

    def _participations(self, together: Episodes) -> Participations:
        """Add the few episodes that are about no goal, and number all in order of time."""
        number = int(together.episode.max(initial=-1)) + 1
        first, second, moment = self._pairs(self.rng.poisson(_OTHER * number))
        other = number + np.arange(len(moment))
        episode = np.concatenate([together.episode, other, other])
        time = np.concatenate([together.time, moment, moment])
        order = np.lexsort((episode, time))
        learner = np.concatenate([self.what.learner[together.spell], first, second])
        goal = np.concatenate([self.what.goal[together.spell], np.full(2 * len(other), -1)])
        role = np.concatenate([together.role, np.full(2 * len(other), PEER)])
        begins = np.diff(episode[order], prepend=-1) != 0
        return Participations(np.cumsum(begins) - 1, time[order], learner[order], goal[order], role[order])

    def _pairs(self, number: int) -> tuple[Ints, Ints, Floats]:
        """Return pairs of classmates and moments at which both are there."""
        who, rng = self.who, self.rng
        size = int((who.group == 0).sum())
        first = rng.integers(0, len(who.group), number)
        second = first - first % size + (first % size + rng.integers(1, max(size, 2), number)) % size
        moment = self._noted(rng.uniform(0, len(self.term.school_days()), number))
        keep = first != second
        for each in (first, second):
            there = (who.first[each] <= moment) & (np.floor(moment) <= who.last[each])
            keep &= there & (who.sociability[each] > 0)
        return first[keep], second[keep], moment[keep]

    def _roles(self, taken: Participations, number: int) -> WrittenTexts:
        rng = self.rng
        wrong = rng.random(len(taken.role)) < _WRONG_ROLE
        role = np.where(wrong, rng.integers(0, 3, len(taken.role)), taken.role)
        nobody = rng.random(number) < _NO_ROLES
        return np.asarray(_ROLES[np.where(nobody[taken.episode], -1, role)], dtype=object)

    def _choosers(self, number: int, shares: tuple[float, float]) -> Ints:
        return np.searchsorted(np.cumsum(shares), self.rng.random(number), side="right")

    def _noted(self, days: Floats) -> Floats:
        return np.floor(days) if self.dates else days

    def _times(self, days: Floats) -> npt.NDArray[np.datetime64]:
        """Return school days, counted from 0, as times: a day at school is from 9 to 15 o'clock."""
        calendar = np.array(self.term.school_days(), dtype="datetime64[us]")
        whole = np.floor(days).astype(np.int64)
        seconds = np.floor((days - whole) * _SCHOOL_DAY).astype(np.int64) + (0 if self.dates else _BELL)
        return np.asarray(calendar[whole] + seconds.astype("timedelta64[s]"))

    def _dates(self, days: Ints, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.datetime64]:
        calendar = np.array(self.term.school_days(), dtype="datetime64[us]")
        return np.where(known, calendar[days], np.datetime64("NaT"))

    def _learner_ids(self) -> WrittenTexts:
        first, width = self.place.learners + 1, max(3, len(str(self.place.of_learners)))
        return np.array([f"L{n:0{width}d}" for n in range(first, first + len(self.who.group))], dtype=object)

    def _goal_ids(self) -> WrittenTexts:
        return np.array([*self.goals["goal_id"], None], dtype=object)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})
