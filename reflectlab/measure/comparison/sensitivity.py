"""How far the answer of a comparison could be wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ...language import gettext, number_in_words, translatable
from ...log import ProgressLog
from ...log.frames import Schema, typed
from ..statistics import Flags, Z
from .checks import Check, cannot_tell_because, checks_of, told
from .goals import Goals, Texts, as_goals, begun_noted, seen_goals, under_way
from .models import estimates as models
from .models.endings import dropping, getting_unstuck
from .models.estimates import Estimate
from .models.exposures import company_of
from .models.pairs import exposed, informative
from .models.stuck import Stretches, stuck_events, stuck_stretches, told_weighed, weighed
from .writing import filled_in

SENSITIVITY: Schema = {
    "check": "str",
    "hazard_ratio": "rate",
    "low": "rate",
    "high": "rate",
    "value": "rate",
    "reading": "str",
}


def sensitivity(log: ProgressLog, *, unit: str = "school_days") -> pd.DataFrame:
    """Return checks of the headline: how far it could be wrong, and whether it is too good to be true.

    Parameters
    ----------
    log : ProgressLog
    unit : {"school_days", "days"}
        What time is counted in.

    Returns
    -------
    pandas.DataFrame
        One row a check: `check, hazard_ratio, low, high, value, reading`. `all goals`, the ratio as `compare` gives
        it. `without ...`, the ratio with one class left out, for each class where there are several; `any class left
        out`, in `low` and `high` the least and the greatest of these. `chosen by the learner`, the ratio of those
        times together only that the learner chose. `unseen cause`, in `value` the E-value of the ratio; `unseen cause,
        limit`, that of the end of its interval nearer to 1. `counted from the next day` and `in the first hour`, for
        logs with clock times; the ratio by days since first together, and `same ratio since first together`, in `value`
        by how many standard errors that of the first three days is above the later one. `noted more often when it
        worked`, from `low` to `high` if episodes were noted twice as often, or half as often, where the goal was met
        within three days, in `value` by how many standard errors goals are met more often in the three days after an
        episode than later. `how the log is filled in`, in `value` the share of goals met on the busiest weekday. `also
        goals whose beginning is not noted`, where there are any. `weighed for being stuck`. `dropping` and `getting
        unstuck`, how many times as likely these are. `reading` says each in a sentence; where a figure cannot be given
        it says why, and past the threshold of a check "This log cannot tell, because ...".

    Notes
    -----
    The E-value for outcomes that are common [1]_ takes the risk ratio as (1 - 0.5 ** sqrt(HR)) / (1 - 0.5 **
    sqrt(1 / HR)); an unseen cause would have to go with both working together and meeting goals by that factor each
    to explain the ratio away. The checks, their thresholds and how often they speak in schools whose truth is known
    stand in docs/estimators.md.

    References
    ----------
    .. [1] VanderWeele, T. J. and Ding, P. (2017). Sensitivity analysis in observational research: introducing the
       E-value. Annals of Internal Medicine 167, 268-274.

    Examples
    --------
    >>> import reflectlab
    >>> checks = sensitivity(reflectlab.simulate(hazard_ratio=2, seed=5))
    >>> checks["check"].tolist()[:3]
    ['all goals', 'without Room 5', 'without Room 6']
    """
    whole = under_way(seen_goals(log, unit))
    frame = whole[begun_noted(whole)].reset_index(drop=True)
    goals = as_goals(frame)
    (main,) = _headline(goals)
    company = company_of(log, frame, unit)
    stuck = stuck_stretches(stuck_events(log, unit), frame)
    rows = [
        _row("all goals", main, ""),
        *_without_each(frame, main),
        _self_chosen(goals),
        *_unseen(main),
        *map(_as_row, checks_of(main, company, dates_only=log.dates_only)),
        _as_row(filled_in(frame)),
        *_not_noted(whole, frame),
        _weighed(main, stuck),
        _row("dropping", dropping(goals), ""),
        _row("getting unstuck", getting_unstuck(goals, stuck, company), ""),
    ]
    return typed(pd.DataFrame(rows, columns=list(SENSITIVITY)), SENSITIVITY)


def _not_noted(whole: pd.DataFrame, frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the ratio with goals whose beginning nobody noted, where there are any."""
    if len(whole) == len(frame):
        return []
    return [_row("also goals whose beginning is not noted", _headline(as_goals(whole))[0], "")]


def _headline(goals: Goals, of: Texts | None = None) -> list[Estimate]:
    return models.adjusted(goals, (), np.zeros((len(goals), 0)), of)


def _weighed(main: Estimate, stuck: Stretches) -> dict[str, object]:
    check = "weighed for being stuck"
    if main.model is None or main.reason:
        return {"check": check, "reading": gettext("There is no ratio to weigh.")}
    found = weighed(main.model, stuck)
    if found is None:
        few = gettext("Too few goals have company first while stuck, or while not, to weigh.")
        return {"check": check, "reading": few}
    ratio, low, high = (np.exp(found.coefficient + far * Z * found.robust) for far in (0, -1, 1))
    return {"check": check, "hazard_ratio": ratio, "low": low, "high": high, "reading": told_weighed(found)}


def _as_row(each: Check) -> dict[str, object]:
    row = {name: getattr(each, name) for name in SENSITIVITY}
    return {**row, "reading": cannot_tell_because(each.doubt)} if each.doubt else row


def e_value(hazard_ratio: float) -> float:
    """Return how strong an unseen cause would have to be to explain a hazard ratio of a common outcome away.

    Parameters
    ----------
    hazard_ratio : float

    Returns
    -------
    float
        The least risk ratio by which it would have to go with the exposure and with the outcome, at least 1.

    Raises
    ------
    ArgumentError
        If the ratio is not a number above 0.

    References
    ----------
    .. [1] VanderWeele, T. J. and Ding, P. (2017). Sensitivity analysis in observational research: introducing the
       E-value. Annals of Internal Medicine 167, 268-274.

    Examples
    --------
    >>> round(e_value(1.5), 2), e_value(1.0)
    (1.98, 1.0)
    """
    if not (np.isfinite(hazard_ratio) and hazard_ratio > 0):
        raise ArgumentError(f"must be a number above 0; got {hazard_ratio!r}.", "hazard_ratio")
    ratio = max(hazard_ratio, 1 / hazard_ratio)
    risk_ratio = (1 - 0.5 ** np.sqrt(ratio)) / (1 - 0.5 ** np.sqrt(1 / ratio))
    return float(risk_ratio + np.sqrt(risk_ratio * (risk_ratio - 1)))


def _row(check: str, each: Estimate, says: str) -> dict[str, object]:
    low, high = (np.exp(each.coefficient + sign * Z * each.error) for sign in (-1, 1))
    reading = (
        gettext("No ratio: {why}.", why=each.reason)
        if each.reason
        else says or told(np.exp(each.coefficient), low, high)
    )
    return {"check": check, "hazard_ratio": np.exp(each.coefficient), "low": low, "high": high, "reading": reading}


def _without_each(frame: pd.DataFrame, main: Estimate) -> list[dict[str, object]]:
    classes = frame.drop_duplicates("_group").sort_values("class_id")
    if len(classes) < 2:
        return []
    names = classes["class_id"].astype("object").where(classes["class_id"].notna(), "those of no class")
    found = [_without(main, (frame["_group"] == code).to_numpy()) for code in classes["_group"]]
    rows = [_row(f"without {name}", each, "") for name, each in zip(names, found, strict=True)]
    return [*rows, _range([each for each in found if not each.reason], len(found))]


def _without(main: Estimate, out: Flags) -> Estimate:
    """Return the headline without some goals."""
    if main.model is None or main.reason:
        return main
    pairs, goals = main.model.pairs, main.model.goals
    told = int((informative(pairs, exposed(pairs, goals)) & ~out[pairs.of[pairs.met]]).sum())
    if told < models.FEWEST_EVENTS:
        return replace(
            main, coefficient=np.nan, error=np.nan, reason=gettext("{number} goals met can tell", number=told)
        )
    fitted = main.model.without(out)
    if not fitted.settled[0]:
        one_sided = gettext("it was always the same sort that was met")
        return replace(main, coefficient=np.nan, error=np.nan, reason=one_sided)
    return replace(main, coefficient=fitted.coefficients[0], error=float(np.sqrt(fitted.covariance[0, 0])))


def _range(found: list[Estimate], classes: int) -> dict[str, object]:
    check = "any class left out"
    if len(found) < classes:
        numbers = {"number": classes - len(found), "classes": classes}
        return {
            "check": check,
            "reading": gettext("Without {number} of {classes} classes there is no ratio.", **numbers),
        }
    ratios = np.exp([each.coefficient for each in found])
    low, high = ratios.min(), ratios.max()
    return {
        "check": check,
        "low": low,
        "high": high,
        "reading": gettext(
            "From {low} to {high}, whichever is left out.", low=number_in_words(low, 2), high=number_in_words(high, 2)
        ),
    }


def _self_chosen(goals: Goals) -> dict[str, object]:
    found = {each.exposure: each for each in _headline(goals, goals.chosen_by)}
    why = gettext("no first time together is noted as chosen by the learner")
    none = Estimate("", "", np.nan, np.nan, 0, 0, 0, 0, why)
    return _row("chosen by the learner", found.get("learner", none), "")


def _unseen(main: Estimate) -> list[dict[str, object]]:
    checks = ("unseen cause", "unseen cause, limit")
    if main.reason:
        return [{"check": check, "reading": gettext("There is no ratio to explain away.")} for check in checks]
    low, high = (main.coefficient + sign * Z * main.error for sign in (-1, 1))
    nearer = 0.0 if low <= 0 <= high else min(low, high, key=abs)
    whole, limit = e_value(np.exp(main.coefficient)), e_value(np.exp(nearer))
    readings = (
        gettext(_MEETING if main.coefficient >= 0 else _NOT_MEETING, times=number_in_words(whole, 2)),
        gettext("To move the interval to no difference, {times} times would do.", times=number_in_words(limit, 2))
        if nearer
        else gettext("The interval holds no difference already: no unseen cause is needed."),
    )
    return [
        {"check": check, "value": value, "reading": reading}
        for check, value, reading in zip(checks, (whole, limit), readings, strict=True)
    ]


_MEETING = translatable(
    "To explain the ratio away, an unseen cause would have to make both working together and meeting goals {times} "
    "times as likely."
)

_NOT_MEETING = translatable(
    "To explain the ratio away, an unseen cause would have to make both working together and not meeting goals {times} "
    "times as likely."
)
