"""How a log is filled in: rows that were all written on one weekday, or with one time."""

import numpy as np
import pandas as pd

from .checks import Check
from .counting_process import DAY

ENOUGH_MET = 20
"""So many goals met are needed to see a habit."""

HEAPED = 0.4
"""More than this share of the goals met is dated on one weekday, for sure: a week's rows are written on one day."""

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")

_MINUTE = 60_000_000


def heaped(frame: pd.DataFrame) -> list[str]:
    """Return, for a log or each class of it whose goals are met on one weekday, why it cannot tell."""
    met = frame[frame["_ending"] == "met"]
    whole = _heaped(met, "")
    if whole:
        return whole
    classes = met.groupby("class_id", sort=True)
    return [doubt for name, rows in classes for doubt in _heaped(rows, f" of {name!s}")]


def filled_in(frame: pd.DataFrame) -> Check:
    """Return how the goals met are spread over weekdays and times of day."""
    check, met = "how the log is filled in", frame[frame["_ending"] == "met"]
    if met.empty:
        return Check(check, "No goal was met: there is nothing to see.")
    counts, minutes = _by_weekday(met), (met["_met_instant"] % DAY // _MINUTE).value_counts()
    share, at = counts.max() / len(met), divmod(int(minutes.index[0]), 60)
    reading = (
        f"{100 * share:.0f} % of goals met are dated on {_DAYS[counts.argmax()]}, the busiest day, and "
        f"{100 * minutes.iloc[0] / len(met):.0f} % at {at[0]}:{at[1]:02d}, the busiest minute."
    )
    return Check(check, reading, value=float(share), doubt="; ".join(heaped(frame)))


def at_midnight(frame: pd.DataFrame) -> int:
    """Count the goals met whose time is midnight."""
    instants = frame.loc[frame["_ending"] == "met", "_met_instant"]
    return int((instants % DAY == 0).sum())


def _by_weekday(met: pd.DataFrame) -> np.ndarray:
    return np.bincount((met["_met_instant"].to_numpy(dtype=np.int64) // DAY + 6) % 7, minlength=7)


def _heaped(met: pd.DataFrame, of: str) -> list[str]:
    counts = _by_weekday(met)
    if len(met) < ENOUGH_MET or not _surely_above(int(counts.max()), len(met), HEAPED):
        return []
    return [
        f"{counts.max()} of {len(met)} goals{of} are dated as met on {_DAYS[counts.argmax()]}: a log that is filled in "
        "once a week does not say which came first, the company or the goal"
    ]


def _surely_above(count: int, of: int, share: float) -> bool:
    from scipy.stats import binom

    return bool(binom.sf(count - 1, of, share) < 0.001)
