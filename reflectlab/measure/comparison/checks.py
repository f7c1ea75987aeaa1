"""Checks of the headline that can say that it is too good to be true, each with the threshold past which it does."""

from dataclasses import dataclass, field

import numpy as np

from ...language import gettext, ngettext, number_in_words, translatable
from ..statistics import Floats, Z
from .models.estimates import Estimate
from .models.exposures import Company
from .models.frailty import Fitted
from .models.headline import Headline
from .models.pairs import exposed
from .models.soon import SOON, soon_after

SURE = 2.576
"""Two figures differ where they are further apart than this many standard errors: one time in a hundred by chance."""

HOUR = 1 / 24

PIECES = ((0.0, 1.0), (1.0, 5.0), (5.0, np.inf))
"""The days since first together for which there are ratios."""

OFTENER = 2.0
"""How much more often an episode is taken to have been noted where the goal was met within `SOON`."""

SAME_DAY = 1.96
"""The ratio of the rest of the first day together is above that from the next day on by so many standard errors."""

LOOKS_SO, TIMES_SOON = 1.8, 1.25
"""It looks as if it were so where goals are met more often soon after an episode than later: by so many standard errors
and so many times."""


@dataclass(frozen=True)
class Check:
    """One check, with its reading in a sentence; the numbers are as in `sensitivity`, missing where there is none.

    Past the threshold, `doubt` is why the log cannot tell, to follow "because"; else it is empty.
    """

    check: str
    reading: str
    hazard_ratio: float = field(default=np.nan)
    low: float = field(default=np.nan)
    high: float = field(default=np.nan)
    value: float = field(default=np.nan)
    doubt: str = ""


def cannot_tell_because(doubt: str) -> str:
    """Return a doubt as a sentence.

    >>> cannot_tell_because("it is empty")
    'This log cannot tell, because it is empty.'
    """
    return gettext("This log cannot tell, because {why}.", why=doubt)


def checks_of(main: Estimate, company: Company, *, dates_only: bool) -> list[Check]:
    """Return the checks that are made of every headline, whose goals had this company."""
    model = main.model
    if model is None or main.reason:
        return []
    halves = _halves(model)
    return [
        *([] if dates_only else [next_day(main, model), first_hour(model)]),
        *since_first(model),
        same_since(halves),
        noted_when_it_worked(main, model, soon_after(model, company, _apart(halves), whole=dates_only)),
    ]


def doubts_of(main: Estimate, company: Company, *, dates_only: bool) -> list[str]:
    """Return why the log cannot tell: the doubts of `checks_of`; what cannot be in doubt is not looked at."""
    model = main.model
    if model is None or main.reason:
        return []
    halves = _halves(model)
    checks = [same_since(halves)]
    if not dates_only:
        checks += [next_day(main, model)] if _sure(main) else []
        checks += [first_hour(model)] if _more_at_once(model) else []
    soon = soon_after(model, company, _apart(halves), whole=dates_only)
    if _looks_noted(main, soon):
        checks.append(noted_when_it_worked(main, model, soon))
    return [check.doubt for check in checks if check.doubt]


def _more_at_once(model: Headline) -> bool:
    """Tell whether more goals are met in the first hour together than chance would have: else there is no doubt."""
    at_once = exposed(model.pairs, model.goals) & (model.pairs.since(model.goals.together) <= HOUR)
    expected = model.expected(at_once)
    return bool((at_once & model.pairs.met).sum() > expected + expected**0.5)


def _sure(main: Estimate) -> bool:
    return abs(main.coefficient) > Z * main.error


def _halves(model: Headline) -> Fitted:
    """Fit the ratio of the first days since first together, and that of later."""
    together, since = exposed(model.pairs, model.goals), model.pairs.since(model.goals.together)
    early = since <= SOON
    return model.again(np.column_stack([together & early, together & ~early]).astype(float))


def next_day(main: Estimate, model: Headline) -> Check:
    """Count working together from the day after."""
    goals = model.goals
    with np.errstate(invalid="ignore"):
        turn = np.floor(goals.begun + goals.together) + 1 - goals.begun
    turn = np.where(np.isfinite(goals.together), turn, np.inf)
    found = model.again((model.pairs.since(turn) > 0)[:, None].astype(float))
    ratio, low, high = _ratio(found, 0)
    doubt = ""
    if low <= 1 <= high and _sure(main) and _same_day(model, turn) > SAME_DAY:
        doubt = gettext(
            "of {whole} times as likely nothing sure is left once working together counts from the next day ({ratio}, "
            "from {low} to {high}), and goals are met more often on that day than later: what is written down at once "
            "may be how goals are signed off",
            whole=number_in_words(np.exp(main.coefficient), 2),
            **_in_words(ratio, low, high),
        )
    return Check("counted from the next day", told(ratio, low, high), ratio, low, high, doubt=doubt)


def _same_day(model: Headline, turn: Floats) -> float:
    """Return by how many standard errors the ratio of the first day together is above that from the next day on."""
    together, later = exposed(model.pairs, model.goals), model.pairs.since(turn) > 0
    return contrast(model.again(np.column_stack([together & ~later, later]).astype(float)), 0, 1)


def first_hour(model: Headline) -> Check:
    """Set the ratio in the first hour since first together against that of later."""
    check, together = "in the first hour", exposed(model.pairs, model.goals)
    soon = model.pairs.since(model.goals.together) <= HOUR
    number = int((together & soon & model.pairs.met).sum())
    if not number:
        return Check(check, gettext("No goals met within an hour: too few to tell."))
    if number < 5:
        few = ngettext(
            "{number} goal met within an hour: too few to tell.",
            "{number} goals met within an hour: too few to tell.",
            number,
        )
        return Check(check, few)
    found = model.again(np.column_stack([together & soon, together & ~soon]).astype(float))
    (ratio, low, high), later = _ratio(found, 0), _ratio(found, 1)[0]
    doubt = gettext(
        "{number} goals were met within an hour of the first time together, {ratio} times as many as expected (later "
        "{later}): where goals are shown to somebody before they are ticked, it looks like this",
        number=number,
        ratio=number_in_words(ratio, 1),
        later=number_in_words(later, 1),
    )
    value = contrast(found, 0, 1)
    return Check(check, told(ratio, low, high), ratio, low, high, value, doubt if value > SURE else "")


def since_first(model: Headline) -> list[Check]:
    """Return the ratio by the time since first together."""
    together, since = exposed(model.pairs, model.goals), model.pairs.since(model.goals.together)
    pieces = model.again(
        np.column_stack([together & (since > start) & (since <= stop) for start, stop in PIECES]).astype(float)
    )
    rows = []
    for place, (start, stop) in enumerate(PIECES):
        name = f"{start:.0f} to {stop:.0f} days" if np.isfinite(stop) else f"over {start:.0f} days"
        rows.append(_piece(f"{name} since first together", pieces, place))
    return rows


def _piece(check: str, found: Fitted, place: int) -> Check:
    if not found.settled[place]:
        return Check(check, gettext("No ratio: too few goals were met then."))
    ratio, low, high = _ratio(found, place)
    return Check(check, told(ratio, low, high), ratio, low, high)


def same_since(halves: Fitted) -> Check:
    """Tell whether the ratio is the same in the first days since first together and later."""
    check = "same ratio since first together"
    if not halves.settled[:2].all():
        return Check(check, gettext("There is no ratio of both the first days and later to compare."))
    apart, doubt = contrast(halves, 0, 1), ""
    early, late = (number_in_words(float(each), 2) for each in np.exp(halves.coefficients[:2]))
    if apart > SURE:
        doubt = gettext(_WEARS_OFF, early=early, late=late)
    if apart < -SURE:
        doubt = gettext(_ADDS_UP, early=early, late=late)
    return Check(check, gettext(_SAME, early=early, late=late), value=apart, doubt=doubt)


_WEARS_OFF = translatable(
    "the ratio is {early} in the first three days since first together and {late} after: what wears off, and what is "
    "noted when it has worked, look the same"
)

_ADDS_UP = translatable(
    "the ratio is {early} in the first three days since first together and {late} after: no one ratio holds; it may "
    "take time, or add up with each time together"
)

_SAME = translatable(
    "Nothing speaks against one ratio: {early} in the first three days since first together and {late} after."
)


def noted_when_it_worked(main: Estimate, model: Headline, soon: tuple[float, float]) -> Check:
    """Return the ratio if episodes were noted more often, or less, where the goal was soon met.

    `soon` is the log of how many times as often goals are met soon after an episode, and its standard error.
    """
    together, since = exposed(model.pairs, model.goals), model.pairs.since(model.goals.together)
    noted = np.where(together & (since <= SOON), np.log(OFTENER), 0.0)
    less, more = (model.again(together[:, None].astype(float), model.model.offset + sign * noted) for sign in (1, -1))
    (ratio, low, high), most = _ratio(less, 0), _ratio(more, 0)[0]
    times, apart = float(np.exp(soon[0])), soon[0] / soon[1]
    reading = gettext(_IF_NOTED, low=number_in_words(ratio, 2), high=number_in_words(most, 2))
    if np.isfinite(apart):
        reading += f" {gettext(_OFTEN_SOON, times=number_in_words(times, 2))}"
    doubt = ""
    if _looks_noted(main, soon):
        doubt = gettext(_NOTED, times=number_in_words(times, 1), **_in_words(ratio, low, high))
    return Check("noted more often when it worked", reading, low=ratio, high=most, value=apart, doubt=doubt)


_IF_NOTED = translatable(
    "From {low}, if episodes were noted twice as often when the goal was met within three days, to {high}, if half as "
    "often."
)

_OFTEN_SOON = translatable("Goals are met {times} times as often in the three days after an episode as later.")

_NOTED = translatable(
    "goals are met {times} times as often in the three days after an episode as later: what wears off, and what is "
    "noted when it has worked, look the same; had episodes been noted twice as often then, the ratio would be {ratio} "
    "(from {low} to {high})"
)


def _looks_noted(main: Estimate, soon: tuple[float, float]) -> bool:
    return _sure(main) and main.coefficient > 0 and soon[0] > max(LOOKS_SO * soon[1], np.log(TIMES_SOON))


def _apart(halves: Fitted) -> tuple[float, float]:
    """Return by how much the first log ratio is above the second, and the standard error."""
    difference = float(halves.coefficients[0] - halves.coefficients[1])
    if not halves.settled[:2].all():
        return 0.0, np.inf
    return difference, difference / contrast(halves, 0, 1) if difference else np.inf


def contrast(found: Fitted, one: int, other: int) -> float:
    """Return by how many standard errors one coefficient is above another."""
    difference = found.coefficients[one] - found.coefficients[other]
    variance = found.covariance[one, one] + found.covariance[other, other] - 2 * found.covariance[one, other]
    return float(difference / np.sqrt(variance))


def told(ratio: float, low: float, high: float) -> str:
    """Return a ratio and its interval as a sentence."""
    return gettext("{ratio} times as likely on a given day, from {low} to {high}.", **_in_words(ratio, low, high))


def _in_words(ratio: float, low: float, high: float) -> dict[str, str]:
    return {"ratio": number_in_words(ratio, 2), "low": number_in_words(low, 2), "high": number_in_words(high, 2)}


def _ratio(found: Fitted, place: int) -> tuple[float, float, float]:
    at, error = float(found.coefficients[place]), float(np.sqrt(found.covariance[place, place]))
    return float(np.exp(at)), float(np.exp(at - Z * error)), float(np.exp(at + Z * error))
