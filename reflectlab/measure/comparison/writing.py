"""How a log is filled in: rows that were all written on one weekday, or with one time."""

import numpy as np
import pandas as pd

from ...language import gettext, translatable
from ..statistics import Ints
from .checks import Check
from .counting_process import DAY

ENOUGH_MET = 20
"""So many goals met are needed to see a habit."""

HEAPED = 0.4
"""More than this share of the goals met is dated on one weekday, for sure: a week's rows are written on one day."""

_DAYS = translatable(["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"])

_MINUTE = 60_000_000


def heaped(frame: pd.DataFrame) -> list[str]:
    """Return, for a log or each class of it whose goals are met on one weekday, why it cannot tell."""
    met = frame[frame["_ending"] == "met"]
    whole = _heaped(_by_weekday(met)[None], [""])
    if whole:
        return whole
    codes, classes = pd.factorize(met["class_id"], sort=True)
    known = codes >= 0
    counts = np.bincount(codes[known] * 7 + _weekdays(met)[known], minlength=7 * len(classes)).reshape(-1, 7)
    return _heaped(counts, list(map(str, classes)))


def filled_in(frame: pd.DataFrame) -> Check:
    """Return how the goals met are spread over weekdays and times of day."""
    check, met = "how the log is filled in", frame[frame["_ending"] == "met"]
    if met.empty:
        return Check(check, gettext("No goal was met: there is nothing to see."))
    counts, minutes = _by_weekday(met), (met["_met_instant"] % DAY // _MINUTE).value_counts()
    share, at = counts.max() / len(met), divmod(int(minutes.index[0]), 60)
    reading = gettext(
        "{share} % of goals met are dated on {days}, the busiest day, and {part} % at {time}, the busiest minute.",
        share=f"{100 * share:.0f}",
        days=gettext(_DAYS[counts.argmax()]),
        part=f"{100 * minutes.iloc[0] / len(met):.0f}",
        time=f"{at[0]}:{at[1]:02d}",
    )
    return Check(check, reading, value=float(share), doubt="; ".join(heaped(frame)))


def at_midnight(frame: pd.DataFrame) -> int:
    """Count the goals met whose time is midnight."""
    instants = frame.loc[frame["_ending"] == "met", "_met_instant"]
    return int((instants % DAY == 0).sum())


def _weekdays(met: pd.DataFrame) -> Ints:
    days: Ints = (met["_met_instant"].to_numpy(dtype=np.int64) // DAY + 6) % 7
    return days


def _by_weekday(met: pd.DataFrame) -> Ints:
    return np.bincount(_weekdays(met), minlength=7)


def _heaped(counts: Ints, of: list[str]) -> list[str]:
    """Return, for each row of goals met by weekday, what is said of it where one day has too many."""
    from scipy.stats import binom

    most, number = counts.max(axis=1, initial=0), counts.sum(axis=1)
    surely = (number >= ENOUGH_MET) & (binom.sf(most - 1, number, HEAPED) < 0.001)
    told = [
        {"of": name, "days": gettext(_DAYS[day]), "most": int(some), "number": int(whole)}
        for name, day, some, whole in zip(of, counts.argmax(axis=1), most, number, strict=True)
    ]
    return [gettext(_OF_CLASS if of[place] else _OF_ALL, **told[place]) for place in np.flatnonzero(surely)]


_OF_ALL = translatable(
    "{most} of {number} goals are dated as met on {days}: a log that is filled in once a week does not say which came "
    "first, the company or the goal"
)

_OF_CLASS = translatable(
    "{most} of {number} goals of {of} are dated as met on {days}: a log that is filled in once a week does not say "
    "which came first, the company or the goal"
)
