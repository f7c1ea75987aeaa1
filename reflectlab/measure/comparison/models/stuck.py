"""Being stuck, weighed: it makes children slow and makes them seek company, and company may end it.

A marginal structural model [1]_: what is compared is weighted so that children seek company as often while stuck as
while not. A covariate would not do: where company ends being stuck, it would take off a part of what company does.

References
----------
.. [1] Robins, J. M., Hernan, M. A. and Brumback, B. (2000). Marginal structural models and causal inference in
   epidemiology. Epidemiology 11, 550-560.
"""

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from ....language import gettext, number_in_words
from ....log import ProgressLog
from ....log.frames import collected
from ....schema import STATUSES
from ...shared import known_events, reported
from ...statistics import Flags, Floats, Ints, Z
from ..counting_process import DAY, clocked
from ..goals import Goals
from .headline import Headline
from .pairs import Pairs, exposed

STEP = 0.25
"""The steps in days in which it is followed how many goals are stuck."""

MOST_WEIGHT = 10.0
"""No weight is more than this, or less than one part of it."""

FEWEST = 10
"""So many goals have to have company first while stuck, and so many while not, to weigh anything."""


@dataclass(frozen=True)
class Stretches:
    """Stretches of being stuck: the goal, as a place in `Goals`, and from when to when, in days since it was begun."""

    of: Ints
    start: Floats
    stop: Floats


@dataclass(frozen=True)
class Weighed:
    """What weighing finds, as logs with their standard errors; the ratio's is learned from how learners differ.

    `times` is the log of how many times as often children find company while they are stuck.
    """

    times: float
    error: float
    coefficient: float
    robust: float


def stuck_events(log: ProgressLog, unit: str) -> pd.DataFrame:
    """Return the events of the goals that somebody was stuck on, on the clock of the unit."""
    columns = ("learner_id", "goal_id", "position", "status_code", "_at")
    rows = clocked(log, reported(log, known_events(log, log.last_day)), unit).select(*columns)
    ever = rows.filter(nw.col("status_code") == STATUSES.index("stuck")).select("learner_id", "goal_id").unique()
    return collected(rows.join(ever, on=["learner_id", "goal_id"], how="inner"))


def stuck_stretches(events: pd.DataFrame, frame: pd.DataFrame) -> Stretches:
    """Return the stretches of being stuck of the goals of a frame of `seen_goals`."""
    places = frame[["learner_id", "goal_id", "_begun"]].reset_index(names="_of")
    events = events.merge(places, on=["learner_id", "goal_id"]).sort_values(["_of", "position"], ignore_index=True)
    stuck = (events["status_code"] == STATUSES.index("stuck")).to_numpy(dtype=bool)
    age = (events["_at"] / DAY - events["_begun"]).to_numpy(dtype=float)
    of = events["_of"].to_numpy(dtype=np.intp)
    until = np.append(np.where(of[1:] == of[:-1], age[1:], np.inf), np.full(min(len(of), 1), np.inf))
    return Stretches(of[stuck], age[stuck], until[stuck])


def weighed(model: Headline, stuck: Stretches) -> Weighed | None:
    """Weigh for being stuck; None where too few goals have company first while stuck, or while not."""
    counts = _Counts.of(model.goals, stuck)
    first_while_stuck = counts.became_stuck.sum()
    if min(first_while_stuck, counts.became.sum() - first_while_stuck) < FEWEST:
        return None
    times, error = _times_as_often(counts)
    return Weighed(times, error, *_weighted(model, weights_of(model, stuck, times)))


def weights_of(model: Headline, stuck: Stretches, times: float) -> Floats:
    """Return the weight of each pair, where company is found exp(times) times as often while stuck."""
    goals, counts = model.goals, _Counts.of(model.goals, stuck)
    whole = counts.days.sum() / max(counts.became.sum(), 1)
    rate = (counts.became + 1) / (counts.days + np.expm1(times) * counts.days_stuck + whole)
    alone = np.clip(goals.together, goals.entry, goals.stop)
    was_stuck = _is_stuck(stuck, goals.together, len(goals))
    return _weights(model.pairs, goals, stuck, times, rate[goals.learner], alone, was_stuck)


@dataclass(frozen=True)
class _Counts:
    """For each learner: goals that became collaborative, of these while stuck; days alone, of these while stuck."""

    became: Floats
    became_stuck: Floats
    days: Floats
    days_stuck: Floats

    @staticmethod
    def of(goals: Goals, stuck: Stretches) -> "_Counts":
        alone = np.clip(goals.together, goals.entry, goals.stop)
        became = (goals.together > goals.entry) & (goals.together < goals.stop)
        while_stuck = became & _is_stuck(stuck, goals.together, len(goals))
        spans = (became, while_stuck, alone - goals.entry, _length(stuck, goals.entry, alone, len(goals)))
        learners = int(goals.learner.max(initial=-1)) + 1
        return _Counts(*(np.bincount(goals.learner, each, learners).astype(float) for each in spans))


def told_weighed(found: Weighed) -> str:
    """Return what weighing finds as a sentence."""
    ratio, low, high = (np.exp(found.coefficient + far * Z * found.robust) for far in (0, -1, 1))
    return gettext(
        "Children find company {times} times as often while stuck; weighed for that the ratio is {ratio}, from {low} "
        "to {high}.",
        times=number_in_words(np.exp(found.times), 1),
        ratio=number_in_words(ratio, 2),
        low=number_in_words(low, 2),
        high=number_in_words(high, 2),
    )


def _is_stuck(stuck: Stretches, moment: Floats, goals: int) -> Flags:
    """Tell which goals are stuck at a moment, one for each goal."""
    here = moment[stuck.of]
    return np.bincount(stuck.of, (stuck.start < here) & (here <= stuck.stop), goals) > 0


def _length(stuck: Stretches, start: Floats, stop: Floats, goals: int) -> Floats:
    """Return how long each goal is stuck between two moments."""
    spans = np.minimum(stuck.stop, stop[stuck.of]) - np.maximum(stuck.start, start[stuck.of])
    lengths: Floats = np.bincount(stuck.of, np.maximum(spans, 0.0), goals).astype(float)
    return lengths


def _times_as_often(counts: _Counts) -> tuple[float, float]:
    """Return the log of how many times as often company is found while stuck, each learner with themselves."""
    times, information = 0.0, 1.0
    both = (counts.days_stuck > 0) & (counts.days_stuck < counts.days) & (counts.became > 0)
    stuck, number = counts.became_stuck[both], counts.became[both]
    days_stuck, days = counts.days_stuck[both], counts.days[both]
    for _ in range(50):
        share = np.exp(times) * days_stuck / (days + np.expm1(times) * days_stuck)
        information = max(float((number * share * (1 - share)).sum()), 1e-9)
        step = float(np.clip((stuck - number * share).sum() / information, -1, 1))
        times += step
        if abs(step) < 1e-10:
            break
    return times, information**-0.5


def _weights(
    pairs: Pairs, goals: Goals, stuck: Stretches, times: float, rate: Floats, alone: Floats, was_stuck: Flags
) -> Floats:
    """Return the stabilised weight of each pair: the chance of its company so far without being stuck, over with it."""
    ages, mean, upto = _mean_so_far(goals, stuck, times, alone)
    until = np.minimum(pairs.age, alone[pairs.of])
    # Each pair is a goal of its own here: its stretches of being stuck, cut off where it became collaborative.
    order = np.argsort(stuck.of, kind="stable")
    first = np.searchsorted(stuck.of[order], pairs.of)
    number = np.searchsorted(stuck.of[order], pairs.of, side="right") - first
    pair = np.repeat(np.arange(len(pairs)), number)
    place = order[np.arange(len(pair)) - np.repeat(np.cumsum(number) - number, number) + first[pair]]
    own = Stretches(pair, stuck.start[place], stuck.stop[place])
    length = _length(own, goals.entry[pairs.of], until, len(pairs))
    whole = until - goals.entry[pairs.of] + np.expm1(times) * length
    instead = np.interp(until, ages, upto) - np.interp(goals.entry[pairs.of], ages, upto)
    log_weight = rate[pairs.of] * (whole - instead)
    turned = exposed(pairs, goals) & (goals.together > goals.entry)[pairs.of]
    at_turn = np.log(np.interp(alone, ages, mean)) - times * was_stuck
    log_weight = log_weight + np.where(turned, at_turn[pairs.of], 0.0)
    weights: Floats = np.exp(np.clip(log_weight, -np.log(MOST_WEIGHT), np.log(MOST_WEIGHT)))
    return weights


def _mean_so_far(goals: Goals, stuck: Stretches, times: float, alone: Floats) -> tuple[Floats, Floats, Floats]:
    """Return ages, how many times as often company is found then on average, and the sum of that so far."""
    ages = np.arange(0.0, goals.stop.max(initial=0.0) + 2 * STEP, STEP)
    there = _covering(goals.entry, alone, ages)
    stop = np.minimum(stuck.stop, alone[stuck.of])
    begun = stuck.start < stop
    share = _covering(stuck.start[begun], stop[begun], ages) / np.maximum(there, 1)
    mean = 1 + np.expm1(times) * np.clip(share, 0, 1)
    return ages, mean, np.concatenate([[0.0], np.cumsum((mean[1:] + mean[:-1]) / 2 * STEP)])


def _covering(start: Floats, stop: Floats, moments: Floats) -> Ints:
    """Count the spans that hold each moment."""
    over: Ints = np.searchsorted(np.sort(stop), moments, side="right")
    return np.searchsorted(np.sort(start), moments, side="right") - over


def _weighted(model: Headline, weights: Floats) -> tuple[float, float]:
    """Return the log ratio of the weighted comparison, and its standard error by learner."""
    pairs, fitted = model.pairs, model.fitted
    together = exposed(pairs, model.goals)
    known = np.append(fitted.effects, 0.0)[model.model.goal] if fitted.variance else np.zeros(len(pairs))
    known = known + model.further @ fitted.coefficients[-model.further.shape[1] or len(fitted.coefficients) :]
    base = weights * np.exp(known - known.max(initial=0.0)) * (1 - pairs.share)
    of_event, at, information = weights[pairs.met], float(fitted.coefficients[0]), 1.0
    score = np.zeros(pairs.events)
    for _ in range(50):
        weight = base * np.where(together, np.exp(at), 1.0)
        share = pairs.sums(weight * together) / pairs.sums(weight)
        score = of_event * (together[pairs.met] - share)
        information = max(float((of_event * share * (1 - share)).sum()), 1e-9)
        step = float(np.clip(score.sum() / information, -1, 1))
        at += step
        if abs(step) < 1e-10:
            break
    by_learner = np.bincount(model.goals.learner[pairs.of[pairs.met]], score)
    return at, float(np.sqrt((by_learner**2).sum()) / information)
