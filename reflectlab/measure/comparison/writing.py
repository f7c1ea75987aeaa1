"""How a log is filled in: rows that were all written on one weekday, or with one time."""

import numpy as np
import pandas as pd

from .counting_process import DAY

LEAST = 20
"""So many goals met are needed to see a habit."""

HEAPED = 0.4
"""More than this share of the goals met is dated on one weekday, for sure: a week's rows are written on one day."""


def heaped(frame: pd.DataFrame) -> list[str]:
    """Return, for each class whose goals are met on one weekday, why its log cannot tell.

    Parameters
    ----------
    frame : pandas.DataFrame
        Goals as `seen_goals` has them.
    """
    met = frame[frame["_ending"] == "met"]
    found = []
    for name, rows in met.groupby("class_id", dropna=False, sort=True):
        days = (rows["_met_instant"].to_numpy(dtype=np.int64) // DAY + 6) % 7
        counts = np.bincount(days, minlength=7)
        if len(rows) >= LEAST and _surely_above(int(counts.max()), len(rows), HEAPED):
            which = f" of {name!s}" if isinstance(name, str) and frame["class_id"].nunique() > 1 else ""
            day = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")[counts.argmax()]
            found.append(
                f"{counts.max()} of {len(rows)} goals{which} are dated as met on {day}: a log that is filled in once a "
                "week does not say which came first, the company or the goal"
            )
    return found


def _surely_above(count: int, of: int, share: float) -> bool:
    from scipy.stats import binom

    return bool(binom.sf(count - 1, of, share) < 0.001)


def at_midnight(frame: pd.DataFrame) -> int:
    """Count the goals met whose time is midnight."""
    instants = frame.loc[frame["_ending"] == "met", "_met_instant"]
    return int((instants % DAY == 0).sum())
