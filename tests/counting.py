"""The comparison within learners, made anew in plain pandas and numpy: what the simulator must recover."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from reflectlab.simulate import School

SPELL = ["learner_id", "goal_id"]


class Fit(NamedTuple):
    log_ratio: float
    error: float
    informative: int


def spells(school: School) -> pd.DataFrame:
    """One row a learner and goal, from what the school wrote down: `learner, stop, met, switch`, school days."""
    dates = pd.bdate_range(school.terms["start"].iloc[0], school.terms["end"].iloc[0])
    closed = pd.to_datetime(str(school.terms["closed"].iloc[0]).split("; ") if school.terms["closed"].iloc[0] else [])
    number = pd.Series(range(len(dates.difference(closed))), index=dates.difference(closed), dtype=float)

    def days(times: pd.Series) -> pd.Series:
        midnight = times.dt.normalize()
        return midnight.map(number) + (times - midnight) / pd.Timedelta(days=1)

    events = school.events.assign(days=days(school.events["time"]))
    first = events.pivot_table(index=SPELL, columns="event", values="days", aggfunc="min")
    together = school.collaborations.assign(days=days(school.collaborations["time"])).dropna(subset=["goal_id"])
    first["switch"] = together.groupby(SPELL)["days"].min()
    first = first.reset_index().merge(school.learners[["learner_id", "left"]], on="learner_id")
    last_clock = 0.0 if (events["days"] % 1 == 0).all() else 0.999
    end = np.fmin(days(first["left"]) + last_clock, max(events["days"].max(), together["days"].max()))
    stop = np.fmin(np.fmin(first["met"], first["dropped"]), end)
    one = pd.DataFrame({"learner": first["learner_id"], "met": first["met"] <= stop})
    return one.assign(stop=stop - first["started"] + 1, switch=(first["switch"] - first["started"] + 1).fillna(np.inf))


def within_learners(rows: pd.DataFrame) -> Fit:
    """Cox stratified by learner, one covariate that switches once, Efron ties."""
    moments = rows.loc[rows["met"], ["learner", "stop"]].drop_duplicates()
    at_risk = moments.merge(rows, on="learner", suffixes=("", "_own")).query("stop_own >= stop")
    exposed = at_risk["switch"] < at_risk["stop"]
    tied = at_risk["met"] & (at_risk["stop_own"] == at_risk["stop"])
    counted = at_risk.assign(size=1.0, exposed=1.0 * exposed, tied=1.0 * tied, tied_exposed=1.0 * (tied & exposed))
    sets = counted.groupby(["learner", "stop"])[["size", "exposed", "tied", "tied_exposed"]].sum()
    return _newton(sets.query("0 < exposed < size"))


def _newton(sets: pd.DataFrame) -> Fit:
    size, exposed, tied, tied_exposed = sets.to_numpy().T
    log_ratio, information = 0.0, np.nan
    for _ in range(25):
        score, information = tied_exposed.sum(), 0.0
        for turn in range(int(tied.max(initial=0))):
            share = np.where(tied > turn, turn / tied, np.nan)
            with_it = (exposed - share * tied_exposed) * np.exp(log_ratio)
            chance = with_it / (with_it + (size - exposed) - share * (tied - tied_exposed))
            score -= np.nansum(chance)
            information += np.nansum(chance * (1 - chance))
        log_ratio += score / information
    return Fit(log_ratio, information**-0.5, len(sets))
