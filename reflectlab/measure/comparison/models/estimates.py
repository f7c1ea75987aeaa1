"""Hazard ratios of working together: within learners, between them, and the one to be warned against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import numpy as np

from ....language import gettext, ngettext, translatable
from ...statistics import Flags, Floats, Ints
from ..goals import Goals, Rows, Texts, rows_of
from . import cox
from .headline import Headline, allowed_for, headline

HEADLINE, WITHIN, BETWEEN, NAIVE = translatable(
    ["within learners, adjusted for the goal", "within learners", "between learners", "naive"]
)

TERM = "collaborative"

FEWEST_EVENTS = 20
"""The fewest informative events that a ratio is given for."""

FEWEST_LEARNERS = 10
"""The fewest learners that a comparison between learners is made for: its errors are learned from how they differ."""

_ALIKE = 1e-6
"""Errors learned from how learners differ that are less than this share of the model's are rounding."""

_ALL_ALIKE = translatable("all learners are alike in it, and its error is learned from their differences")


@dataclass(frozen=True)
class Estimate:
    """One log ratio and its standard error, or the `reason` why there is none; then both are missing.

    `exposure` is empty for all times together, else one kind or chooser of them. An event is informative if both
    exposures are at risk with it. `terms` are all coefficients of the model, with their errors; `model` is only of the
    headline.
    """

    estimator: str
    exposure: str
    coefficient: float
    error: float
    goals: int
    met: int
    informative: int
    learners: int
    reason: str = ""
    terms: tuple[tuple[str, float, float], ...] = ()
    model: Headline | None = None


class Answer(NamedTuple):
    """What a model says of one exposure: as in `Estimate`."""

    coefficient: float
    error: float
    reason: str
    terms: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Design:
    """What a model is made of; the arrays have one entry a row of `rows`.

    Rows are compared within a stratum, and their errors are alike within a cluster; `names` are of the columns
    `adjust`.
    """

    estimator: str
    goals: Goals
    rows: Rows
    stratum: Ints | None = None
    cluster: Ints | None = None
    adjust: Floats = field(default_factory=lambda: np.empty((0, 0)))
    names: Sequence[str] = ()

    @cached_property
    def risk(self) -> cox.RiskSets:
        """Who is at risk when, all exposures looked at."""
        return cox.risk_sets(self.rows.start, self.rows.stop, self.rows.met, self.stratum)


Fitting = Callable[[Design, dict[str, Flags]], dict[str, Answer]]
"""How a model is fitted to some exposures."""


def within_learners(goals: Goals, of: Texts | None = None) -> list[Estimate]:
    """Compare each learner's goals with one another: Cox stratified by learner.

    `of` says what the first time together on each goal was; with it there is one ratio for each word of it.
    """
    rows = rows_of(goals)
    return _estimates(Design(WITHIN, goals, rows, stratum=goals.learner[rows.of]), of)


def adjusted(goals: Goals, names: Sequence[str], values: Floats, of: Texts | None = None) -> list[Estimate]:
    """Do the same with goals allowed for, and further columns, one row a goal: the headline."""
    rows = rows_of(goals)
    own = allowed_for(goals, list(names), values)

    models: list[Headline] = []

    def fitted(design: Design, kept: dict[str, Flags]) -> dict[str, Answer]:
        words = [np.ones(len(goals), dtype=bool) if of is None else of == word for word in kept]
        models.append(headline(goals, own, words))
        found = models[0].fitted
        errors = np.sqrt(np.diag(found.covariance))
        return _answers(design, kept, models[0].names, (found.coefficients, errors, found.settled, found.settled))

    estimates = _estimates(Design(HEADLINE, goals, rows, stratum=goals.learner[rows.of]), of, fitted)
    return [replace(each, model=models[0] if models else None) for each in estimates]


def between(goals: Goals, adjust: Floats, names: Sequence[str], of: Texts | None = None) -> list[Estimate]:
    """Compare all goals with one another, adjusted for what is known: Cox with the errors of Lin and Wei by learner."""
    rows = rows_of(goals)
    design = Design(BETWEEN, goals, rows, cluster=goals.learner[rows.of], adjust=adjust[rows.of], names=names)
    return _estimates(design, of)


def naive(goals: Goals) -> list[Estimate]:
    """Compare goals that were ever worked on together with those that never were, which is wrong."""
    rows = Rows(np.arange(len(goals)), goals.entry, goals.stop, goals.met, goals.switches)
    return _estimates(Design(NAIVE, goals, rows))


def telling(goals: Goals) -> set[int]:
    """Return the learners whose goals can be compared with one another."""
    rows = rows_of(goals)
    learner = goals.learner[rows.of]
    risk = cox.risk_sets(rows.start, rows.stop, rows.met, learner)
    both = cox.mixed(risk, rows.exposed, ~rows.exposed)[risk.of_event]
    return set(learner[rows.met][both].tolist())


def _estimates(design: Design, of: Texts | None = None, fitted: Fitting | None = None) -> list[Estimate]:
    """Return one ratio, or one for each word of `of`; what has no ratio is left out of the model of the others."""
    fitting = fitted or _fitted
    words = _words(design, of)
    told = {word: _told(design, exposed) for word, exposed in words.items()}
    reasons = {word: _reason(design, exposed, told[word]) for word, exposed in words.items()}
    kept = {word: exposed for word, exposed in words.items() if not reasons[word]}
    answers = fitting(design, kept) if kept else {}
    out = []
    for word in words:
        answer = answers.get(word, Answer(np.nan, np.nan, reasons[word]))
        goals, met, learners = _counts(design, words[word])
        numbers = (goals, met, told[word], learners)
        out.append(Estimate(design.estimator, word, *answer[:2], *numbers, *answer[2:]))
    return out


def _words(design: Design, of: Texts | None) -> dict[str, Flags]:
    """Return the exposures of a model: which rows have each."""
    rows = design.rows
    if of is None:
        return {"": rows.exposed}
    found = sorted(set(of[rows.of[rows.exposed]]))
    return {str(word): rows.exposed & (of[rows.of] == word) for word in found}


def _counts(design: Design, exposed: Flags) -> tuple[int, int, int]:
    """Return the goals, those met, and the learners with this exposure or none."""
    rows = design.rows.only(exposed | ~design.rows.exposed)
    mine = np.flatnonzero(np.bincount(rows.of))
    return len(mine), int(rows.met.sum()), int(np.count_nonzero(np.bincount(design.goals.learner[mine])))


def _told(design: Design, exposed: Flags) -> int:
    """Count the informative events of one exposure, none of the others looked at."""
    keep = exposed | ~design.rows.exposed
    risk = _risk(design, keep)
    return int(cox.mixed(risk, exposed[keep], ~exposed[keep])[risk.of_event].sum())


def _risk(design: Design, keep: Flags) -> cox.RiskSets:
    if keep.all():
        return design.risk
    rows = design.rows.only(keep)
    return cox.risk_sets(rows.start, rows.stop, rows.met, None if design.stratum is None else design.stratum[keep])


def _fitted(design: Design, kept: dict[str, Flags]) -> dict[str, Answer]:
    """Fit one model to all exposures at once; what belongs to none of them is left out."""
    keep = ~design.rows.exposed | np.logical_or.reduce(list(kept.values()))
    further, names = _independent(design, kept, keep)
    columns = np.column_stack([*(exposed[keep].astype(float) for exposed in kept.values()), further])
    risk = _risk(design, keep)
    model = cox.fit(risk, columns)
    errors, certain = np.sqrt(np.diag(model.covariance)), model.settled
    if design.cluster is not None:
        robust = np.sqrt(np.diag(cox.robust_covariance(risk, columns, model, design.cluster[keep])))
        errors, certain = robust, certain & (robust > _ALIKE * errors)
    return _answers(design, kept, names, (model.coefficients, errors, model.settled, certain))


def _answers(
    design: Design, kept: dict[str, Flags], names: list[str], found: tuple[Floats, Floats, Flags, Flags]
) -> dict[str, Answer]:
    """Return what a fitted model says of each exposure: coefficients, errors, which are settled, which certain."""
    coefficients, errors, settled, certain = found
    labels = [f"{TERM}: {word}" if word else TERM for word in kept] + names
    told = list(zip(labels, coefficients.tolist(), errors.tolist(), strict=True))
    terms = tuple(compress(told, certain))
    answers = {}
    for place, (word, exposed) in enumerate(kept.items()):
        here = terms if place == 0 else ()
        if certain[place]:
            answers[word] = Answer(*told[place][1:], "", here)
        else:
            why = _one_sided(design, exposed) if not settled[place] else gettext(_ALL_ALIKE)
            answers[word] = Answer(np.nan, np.nan, why, here)
    return answers


def _independent(design: Design, kept: dict[str, Flags], keep: Flags) -> tuple[Floats, list[str]]:
    """Return the further covariates, without those that are constant or follow from the ones before."""
    further = design.adjust[keep] if design.adjust.size else np.empty((int(keep.sum()), 0))
    base = np.column_stack([np.ones(len(further)), *(exposed[keep] for exposed in kept.values())])
    base = np.linalg.qr(base)[0]
    chosen = []
    for place, column in enumerate(further.T):
        rest = column - base @ (base.T @ column)
        rest -= base @ (base.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > 1e-8 * float(np.linalg.norm(column)):
            base = np.column_stack([base, rest / size])
            chosen.append(place)
    return further[:, chosen], [design.names[place] for place in chosen]


def _reason(design: Design, exposed: Flags, told: int) -> str:
    """Return why no ratio can be given, as the end of a sentence; empty where one can be tried."""
    rows = design.rows
    learners = len(np.unique(design.goals.learner[rows.of]))
    if not len(rows.of):
        return gettext("no goal was under way")
    if not rows.met.any():
        return gettext("no goal was met while it could be seen")
    if not exposed.any():
        return gettext("nobody worked on a goal of their own with somebody while it was under way")
    if rows.exposed.all():
        return gettext(
            "every goal was worked on with somebody"
            if design.estimator == NAIVE
            else "every goal was worked on with somebody from the start"
        )
    if design.cluster is not None and learners < FEWEST_LEARNERS:
        return ngettext(
            "a single learner cannot be compared with others; at least {fewest} are needed",
            "{number} learners cannot be compared with others; at least {fewest} are needed",
            learners,
            fewest=FEWEST_LEARNERS,
        )
    if told < FEWEST_EVENTS:
        met = int(rows.met.sum())
        some = gettext("only {number}", number=told) if 0 < told < met else str(told) if told else gettext("none")
        return gettext(
            _OF_SAME_CHILD if design.stratum is not None else _OF_ANYBODY, some=some, met=met, fewest=FEWEST_EVENTS
        )
    return ""


_OF_SAME_CHILD = translatable(
    "{some} of {met} goals met can tell: when one is met, another goal of the same child, of the other sort, has to "
    "have been under way as long; at least {fewest} such are needed"
)

_OF_ANYBODY = translatable(
    "{some} of {met} goals met can tell: when one is met, another goal, of the other sort, has to have been under way "
    "as long; at least {fewest} such are needed"
)


def _one_sided(design: Design, exposed: Flags) -> str:
    """Return why the fit found no end."""
    keep = exposed | ~design.rows.exposed
    risk, rows = _risk(design, keep), design.rows.only(keep)
    both = cox.mixed(risk, rows.exposed, ~rows.exposed)[risk.of_event]
    of_these = rows.exposed[rows.met][both]
    if of_these.all():
        return gettext(
            "wherever the two sorts could be compared, it was the goal worked on together that was met, so that no "
            "ratio is high enough"
        )
    if not of_these.any():
        return gettext(
            "wherever the two sorts could be compared, it was the goal worked on alone that was met, so that no ratio "
            "is low enough"
        )
    return gettext("the model has no finite answer with these columns to adjust for")
