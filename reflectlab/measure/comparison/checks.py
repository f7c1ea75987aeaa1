"""Checks of the headline that can say that it is too good to be true, each with the threshold past which it does."""

from dataclasses import dataclass, field

import numpy as np

from ..statistics import Z
from .models.estimates import Estimate
from .models.frailty import Fitted
from .models.headline import Headline
from .models.pairs import exposed

CANNOT_TELL = "This log cannot tell, because "

SURE = 2.576
"""Two figures differ where they are further apart than this many standard errors: one time in a hundred by chance."""

FIRST_DAYS = 3.0
"""The ratio in so many days since first together is set against that of the days after."""

HOUR = 1 / 24

PIECES = ((0.0, 1.0), (1.0, 5.0), (5.0, np.inf))
"""The days since first together for which there are ratios."""

APART = 0.2
"""From the next day on the log ratio is less by this, and no difference is in its interval where it was not before."""

OFTENER = 2.0
"""How much more often an episode is taken to have been noted where the goal was met within `FIRST_DAYS`."""

LOOKS_SO = 0.84
"""It looks as if it were so where the ratio is greater in those days than after by so many standard errors."""


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


def checks_of(main: Estimate, *, dates_only: bool) -> list[Check]:
    """Return the checks that are made of every headline."""
    if main.model is None or main.reason:
        return []
    model = main.model
    halves = _halves(model)
    return [
        *([] if dates_only else [next_day(main, model), first_hour(model)]),
        *since_first(model),
        same_since(halves),
        noted_when_it_worked(main, model, halves),
    ]


def _halves(model: Headline) -> Fitted:
    """Fit the ratio of the first days since first together, and that of later."""
    together, since = exposed(model.pairs, model.goals), model.pairs.since(model.goals.together)
    early = since <= FIRST_DAYS
    return model.again(np.column_stack([together & early, together & ~early]).astype(float))


def next_day(main: Estimate, model: Headline) -> Check:
    """Count working together from the day after."""
    goals = model.goals
    with np.errstate(invalid="ignore"):
        turn = np.floor(goals.begun + goals.together) + 1 - goals.begun
    turn = np.where(np.isfinite(goals.together), turn, np.inf)
    found = model.again((model.pairs.since(turn) > 0)[:, None].astype(float))
    ratio, low, high = _ratio(found, 0)
    before = (main.coefficient - Z * main.error, main.coefficient + Z * main.error)
    apart = abs(main.coefficient) - np.sign(main.coefficient) * float(found.coefficients[0])
    lost = low <= 1 <= high and not before[0] <= 0 <= before[1] and apart > APART
    doubt = (
        f"of {np.exp(main.coefficient):.2f} times as likely nothing sure is left once working together counts from the "
        f"next day ({ratio:.2f}, from {low:.2f} to {high:.2f}): what is written down at once may be how goals are "
        "signed off"
    )
    return Check("counted from the next day", told(ratio, low, high), ratio, low, high, doubt=doubt if lost else "")


def first_hour(model: Headline) -> Check:
    """Set the ratio in the first hour since first together against that of later."""
    check, together = "in the first hour", exposed(model.pairs, model.goals)
    soon = model.pairs.since(model.goals.together) <= HOUR
    number = int((together & soon & model.pairs.met).sum())
    if number < 5:
        return Check(check, f"{number or 'No'} goal{'' if number == 1 else 's'} met within an hour: too few to tell.")
    found = model.again(np.column_stack([together & soon, together & ~soon]).astype(float))
    (ratio, low, high), later = _ratio(found, 0), _ratio(found, 1)[0]
    doubt = (
        f"{number} goals were met within an hour of the first time together, {ratio:.1f} times as many as expected "
        f"(later {later:.1f}): where goals are shown to somebody before they are ticked, it looks like this"
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
        return Check(check, "No ratio: too few goals were met then.")
    ratio, low, high = _ratio(found, place)
    return Check(check, told(ratio, low, high), ratio, low, high)


def same_since(halves: Fitted) -> Check:
    """Tell whether the ratio is the same in the first days since first together and later."""
    check = "same ratio since first together"
    if not halves.settled[:2].all():
        return Check(check, "There is no ratio of both the first days and later to compare.")
    apart, figures, doubt = contrast(halves, 0, 1), _figures(halves), ""
    if apart > SURE:
        doubt = f"the ratio is {figures}: what wears off, and what is noted when it has worked, look the same"
    if apart < -SURE:
        doubt = f"the ratio is {figures}: no one ratio holds; it may take time, or add up with each time together"
    fits = f"Nothing speaks against one ratio: {figures}."
    return Check(check, fits, value=apart, doubt=doubt)


def _figures(halves: Fitted) -> str:
    early, late = np.exp(halves.coefficients[:2])
    return f"{early:.2f} in the first three days since first together and {late:.2f} after"


def noted_when_it_worked(main: Estimate, model: Headline, halves: Fitted) -> Check:
    """Return the ratio if episodes were noted more often, or less, where the goal was soon met."""
    together, since = exposed(model.pairs, model.goals), model.pairs.since(model.goals.together)
    soon = np.where(together & (since <= FIRST_DAYS), np.log(OFTENER), 0.0)
    less, more = (model.again(together[:, None].astype(float), model.model.offset + sign * soon) for sign in (1, -1))
    (ratio, low, high), most = _ratio(less, 0), _ratio(more, 0)[0]
    reading = (
        f"From {ratio:.2f}, if episodes were noted twice as often when the goal was met within three days, to "
        f"{most:.2f}, if half as often."
    )
    above = main.coefficient - Z * main.error > 0
    looks_so = halves.settled[:2].all() and contrast(halves, 0, 1) > LOOKS_SO
    doubt = (
        f"had episodes been noted twice as often when the goal was met within three days, the ratio would be "
        f"{ratio:.2f} (from {low:.2f} to {high:.2f}), and it looks so: {_figures(halves)}"
    )
    doubted = above and low <= 1 and looks_so
    return Check("noted more often when it worked", reading, low=ratio, high=most, doubt=doubt if doubted else "")


def contrast(found: Fitted, one: int, other: int) -> float:
    """Return by how many standard errors one coefficient is above another."""
    difference = found.coefficients[one] - found.coefficients[other]
    variance = found.covariance[one, one] + found.covariance[other, other] - 2 * found.covariance[one, other]
    return float(difference / np.sqrt(variance))


def told(ratio: float, low: float, high: float) -> str:
    """Return a ratio and its interval as a sentence."""
    return f"{ratio:.2f} times as likely on a given day, from {low:.2f} to {high:.2f}."


def _ratio(found: Fitted, place: int) -> tuple[float, float, float]:
    at, error = float(found.coefficients[place]), float(np.sqrt(found.covariance[place, place]))
    return float(np.exp(at)), float(np.exp(at - Z * error)), float(np.exp(at + Z * error))
