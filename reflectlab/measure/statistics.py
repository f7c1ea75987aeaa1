"""What measures share of statistics: intervals and the design effect of several goals a learner."""

import numpy as np
import pandas as pd


def with_interval(table: pd.DataFrame) -> pd.DataFrame:
    """Add `rate, low, high`: Wilson's interval, with n divided by the design effect of several goals a learner."""
    from statsmodels.stats.proportion import proportion_confint

    goals, some = table["goals"], table["goals"] > 0
    size = goals.where(some, 1.0)
    rate = (table["met"] / size).where(some)
    effective = size / _design_effect(table, size, rate.fillna(0.0))
    low, high = proportion_confint(rate.fillna(0.0) * effective, effective, method="wilson")
    low, high = (pd.Series(np.clip(bound, 0.0, 1.0), index=table.index).where(some) for bound in (low, high))
    return table.assign(rate=rate, low=low.clip(upper=rate), high=high.clip(lower=rate))


def _design_effect(table: pd.DataFrame, size: pd.Series, rate: pd.Series) -> pd.Series:
    learners = table["learners"].clip(lower=1.0)
    spread = table["met_met"] - 2 * rate * table["goals_met"] + rate**2 * table["goals_goals"]
    clustered = learners / (learners - 1).clip(lower=1.0) * spread / size**2
    binomial = rate * (1 - rate) / size
    estimated = (clustered / binomial.where(binomial > 0)).clip(lower=1.0)
    return estimated.fillna(size / learners).where(learners > 1, 1.0)
