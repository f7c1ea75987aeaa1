"""Schools of a researcher's own making, quicker and stranger than those of `simulate`: what may mislead is put in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reflectlab.measure.comparison.counting_process import DAY
from reflectlab.measure.comparison.goals import Goals
from reflectlab.measure.comparison.models.exposures import Company
from reflectlab.measure.comparison.models.stuck import Stretches
from reflectlab.measure.statistics import Flags, Floats, Ints

DAYS = 50

STEPS = 8
"""How many steps a school day has."""

MONDAY = 739_453
"""The ordinal number of a Monday."""

PACE, SHAPE, COMPANY = 8.0, 1.4, 0.115
"""An average child meets a goal alone after Weibull time of this scale and shape, and finds company so often a day."""


@dataclass(frozen=True)
class Strange:
    """What is strange in a school; by default nothing is.

    Attributes
    ----------
    classes, learners, goals : int
    ratio : float
        How many times as likely goals are met once worked on with somebody.
    ability, sociability : float
        How much the logs of children's pace and of their company rate differ (standard deviations).
    difficulty : float
        How much the logs of goals' pace differ.
    hard_draw : float
        The company rate of a goal is multiplied by the exponential of this for a goal hard by 1.
    own_hard, own_draw : float
        The same for goals that are hard for one child only.
    more_company, faster : float
        The logs of the company rate and of the pace grow by this over the term.
    stuck_seeks : float
        How many times as often children find company while they are stuck (which halves their pace).
    company_frees : float
        The chance that company ends being stuck.
    wears_off : float
        After how many days the effect is over.
    dose : float
        By how much each further episode multiplies the pace.
    signed_off : float
        Share of goals met that have an episode minutes before.
    noted_worked, noted_else : float
        The chance that an episode is noted when the goal is met within three days, and else.
    spills : float
        By how much company on other goals alone multiplies the pace.
    fridays : bool
        Everything is written down on the next Friday.
    from_day : int
        The log begins on this day, and goals under way are only mentioned.
    dropping, drop_ratio : float
        Goals dropped a day, and how many times as many once worked on with somebody.
    written : float
        Share of episodes that are written down.
    next_day : bool
        The effect begins on the next day.
    as_dates : bool
        The log has dates only.
    """

    classes: int = 4
    learners: int = 26
    goals: int = 24
    ratio: float = 1.0
    ability: float = 0.4
    sociability: float = 0.6
    difficulty: float = 0.0
    hard_draw: float = 0.0
    own_hard: float = 0.0
    own_draw: float = 0.0
    more_company: float = 0.0
    faster: float = 0.0
    stuck_seeks: float = 1.0
    company_frees: float = 0.0
    wears_off: float = np.inf
    dose: float = 1.0
    signed_off: float = 0.0
    noted_worked: float = 1.0
    noted_else: float = 1.0
    spills: float = 1.0
    fridays: bool = False
    from_day: int = 0
    dropping: float = 0.003
    drop_ratio: float = 1.0
    written: float = 1.0
    next_day: bool = False
    as_dates: bool = False


@dataclass(frozen=True)
class Term:
    """What happened: one entry a child and goal, times in school days from the beginning of the term."""

    learner: Ints
    goal: Ints
    group: Ints
    start: Floats
    stop: Floats
    met: Flags
    dropped: Flags
    company: list[Floats]
    stuck: Floats
    unstuck: Floats


@dataclass(frozen=True)
class Read:
    """A school as its log would be read.

    Attributes
    ----------
    goals : Goals
        Those of the headline.
    frame : pandas.DataFrame
        What is looked at of how the log is filled in.
    dates_only : bool
    stuck : Stretches
    company : Company
    """

    goals: Goals
    frame: pd.DataFrame
    dates_only: bool
    stuck: Stretches
    company: Company


def read(what: Strange, seed: int) -> Read:
    """Let a term pass, and read its log."""
    was = term(what, seed)
    together = np.array([times[0] if len(times) else np.inf for times in was.company])
    start, stop = was.start, was.stop

    def as_read(moment: Floats, hour: float) -> Floats:
        if what.fridays:
            return _friday(moment) + hour
        return np.floor(moment) + 1 if what.as_dates else moment

    start, together, stop = as_read(start, 0.4), as_read(together, 0.45), as_read(stop, 0.5)
    if what.as_dates:
        start = start - 1
    nothing, day = np.zeros(len(stop)), np.floor(stop - what.as_dates)
    goals = Goals(
        learner=was.learner,
        goal=was.goal,
        group=was.group,
        entry=nothing,
        stop=np.round(stop - start, 9),
        together=np.round(together - start, 9),
        met=was.met,
        dropped=was.dropped,
        kind=nothing.astype(object),
        chosen_by=nothing.astype(object),
        begun=start,
    )
    seen = (was.start >= what.from_day) & (goals.stop > 0)
    instant = (day // 5 * 7 + day % 5 + MONDAY) * DAY
    frame = pd.DataFrame({"class_id": was.group.astype(str), "_ending": np.where(was.met, "met", "open")})
    frame = frame.assign(_met_instant=instant)
    stuck = Stretches(np.arange(int(seen.sum())), (was.stuck - start)[seen], (was.unstuck - start)[seen])
    of = np.repeat(np.arange(len(start)), [len(times) for times in was.company])
    at = as_read(np.concatenate(was.company), 0.45) - start[of]
    company = company_on(seen, of, np.round(at, 9))
    return Read(goals.only(seen), frame[seen], what.as_dates, stuck, company)


def company_on(seen: Flags, of: Ints, at: Floats) -> Company:
    """Return the times together, once each, on the goals that are seen, numbered anew."""
    once = np.unique(np.column_stack([of, at])[seen[of]], axis=0)
    return Company((np.cumsum(seen) - 1)[once[:, 0].astype(np.intp)], once[:, 1])


def _friday(moment: Floats) -> Floats:
    week = np.floor(np.where(np.isfinite(moment), moment, 0.0) / 5)
    return np.where(np.isfinite(moment), np.minimum(week * 5 + 4, DAYS - 1), np.inf)


def term(what: Strange, seed: int) -> Term:
    """Let a term pass."""
    rng = np.random.default_rng(seed)
    learner, goal, start = _taken_up(what, rng)
    number = len(learner)
    group = learner // what.learners
    people = what.classes * what.learners
    pace = what.ability * rng.normal(size=people)
    seeks = what.sociability * rng.normal(size=people) - what.sociability**2 / 2
    hard, own = what.difficulty * rng.normal(size=what.goals), what.own_hard * rng.normal(size=number)
    days = (np.arange(DAYS * STEPS) + 0.5) / STEPS
    age = days - start[:, None]
    late = days / DAYS
    stuck_at = start + rng.exponential(1 / 0.045, number)
    unstuck_at = np.floor(stuck_at) + 1.0 + rng.poisson(2, number)
    stuck = (days > stuck_at[:, None]) & (days <= unstuck_at[:, None])
    rate = seeks[learner] + what.hard_draw * hard[goal] + what.own_draw * own
    rate = COMPANY / STEPS * _over_term(rate, what.more_company, late)
    rate = rate * np.where(stuck, what.stuck_seeks, 1.0) * (age > 0)
    found = rng.random(rate.shape) < rate
    if what.company_frees:
        frees = found & stuck & (rng.random(rate.shape) < what.company_frees)
        freed = np.where(frees.any(axis=1), days[frees.argmax(axis=1)], np.inf)
        unstuck_at = np.minimum(unstuck_at, freed)
        still = days <= unstuck_at[:, None]
        found &= still | (rng.random(rate.shape) < 1 / what.stuck_seeks) | ~stuck
        stuck &= still
    speed = pace[learner] - hard[goal] - own
    begun, which = np.unique(start, return_inverse=True)  # all begin at the turn of a day
    cumulative = (np.maximum(days - begun[:, None], 0) / PACE) ** SHAPE
    growth = np.diff(cumulative, axis=1, append=cumulative[:, -1:])[which]
    hazard = growth * _over_term(speed, what.faster, late)
    hazard = hazard * np.where(stuck, 0.5, 1.0) * _effect(what, found, days, learner)
    met_at = _first(np.cumsum(hazard, axis=1) >= rng.exponential(size=number)[:, None], rng)
    together = np.cumsum(found, axis=1) > 0
    drops = what.dropping / STEPS * np.where(together, what.drop_ratio, 1.0) * (age > 0)
    drop_at = _first(rng.random(drops.shape) < drops, rng)
    end = np.minimum(np.minimum(met_at, drop_at), float(DAYS))
    met, dropped = met_at <= np.minimum(drop_at, DAYS), drop_at < np.minimum(met_at, DAYS)
    company = _company(what, rng, found, end, met)
    return Term(learner, goal, group, start, end, met, dropped, company, stuck_at, unstuck_at)


def _over_term(level: Floats, slope: float, late: Floats) -> Floats:
    """Return the exponential of levels that grow over the term, one row a level."""
    grown: Floats = np.exp(level[:, None] + slope * late) if slope else np.exp(level)[:, None]
    return grown


def _taken_up(what: Strange, rng: np.random.Generator) -> tuple[Ints, Ints, Floats]:
    """Return who takes up which goal when: five to nine goals a child, in an order of their own."""
    learner, goal, start = [], [], []
    for child in range(what.classes * what.learners):
        number = int(rng.integers(5, 10))
        turn = np.sort(np.argsort(rng.normal(size=what.goals) + np.arange(what.goals) * 0.02)[:number])
        turn = turn[np.argsort(turn / what.goals * 4 + rng.normal(size=number))]
        place = np.arange(number) + rng.uniform(0, 0.5, number)
        learner += [child] * number
        goal += turn.tolist()
        start += np.floor(place * DAYS / number).tolist()
    return np.array(learner), np.array(goal), np.array(start)


def _effect(what: Strange, found: Flags, days: Floats, learner: Ints) -> Floats:
    """Return by how much company has multiplied the pace at each step."""
    before = np.cumsum(found, axis=1) - found
    if what.next_day:
        whole = np.floor(days)
        first = np.where(found.any(axis=1), days[found.argmax(axis=1)], np.inf)
        on = whole > np.floor(first)[:, None]
    else:
        on = (before > 0) & (days - _last(found, days) <= what.wears_off if np.isfinite(what.wears_off) else True)
    effect = np.where(on, what.ratio, 1.0)
    effect = effect * what.dose**before if what.dose != 1 else effect
    if what.spills != 1:
        anybody = np.zeros((learner.max() + 1, found.shape[1]))
        np.add.at(anybody, learner, before)
        effect = effect * np.where((before == 0) & (anybody[learner] > 0), what.spills, 1.0)
    return effect


def _last(found: Flags, days: Floats) -> Floats:
    """Return when company was last found before each step."""
    last = np.where(found, days, -np.inf)
    before = np.concatenate([np.full((len(found), 1), -np.inf), last[:, :-1]], axis=1)
    latest: Floats = np.maximum.accumulate(before, axis=1)
    return latest


def _first(happens: Flags, rng: np.random.Generator) -> Floats:
    """Return when something first happens, at a random moment of its step; infinite if never."""
    moment = (happens.argmax(axis=1) + rng.random(len(happens))) / STEPS
    return np.where(happens.any(axis=1), moment, np.inf)


def _company(what: Strange, rng: np.random.Generator, found: Flags, end: Floats, met: Flags) -> list[Floats]:
    """Return the moments of the episodes that were written down, for each goal."""
    spell, step = np.nonzero(found)
    moment = (step + rng.random(len(step))) / STEPS
    soon = met[spell] & (end[spell] - moment <= 3)
    noted = rng.random(len(step)) < what.written * np.where(soon, what.noted_worked, what.noted_else)
    keep = noted & (moment < end[spell])
    spell, moment = spell[keep], moment[keep]
    signs = np.flatnonzero(met & (rng.random(len(end)) < what.signed_off))
    spell = np.concatenate([spell, signs])
    moment = np.concatenate([moment, end[signs] - rng.uniform(0.005, 0.04, len(signs))])
    order = np.lexsort((moment, spell))
    return np.split(moment[order], np.searchsorted(spell[order], np.arange(1, len(end))))
