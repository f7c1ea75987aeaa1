"""Who was away, in school days."""

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .progress_log import ProgressLog


def days_away(log: ProgressLog) -> nw.LazyFrame:
    """Return how much of each school day learners were away: `learner_id, school_day, away`, 1 or a half."""
    part = nw.col("part")
    told = {"whole": part.is_null(), "am": part == "am", "pm": part == "pm"}
    flags = {name: nw.when(is_so).then(nw.lit(1)).otherwise(nw.lit(0)) for name, is_so in told.items()}
    marked = log.frame("absences").filter(~nw.col("school_day").is_null()).with_columns(**flags)
    each = marked.group_by("learner_id", "school_day").agg(*(nw.col(name).max() for name in flags))
    halves = (nw.col("am") + nw.col("pm")) * 0.5
    return each.select(
        "learner_id", "school_day", away=nw.when(nw.col("whole") == 1).then(nw.lit(1.0)).otherwise(halves)
    )


def wholly_away(log: ProgressLog, spans: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell of each span, `learner_id, first, last` in school days, whether the learner was away on all its days."""
    away = days_away(log).filter(nw.col("away") == 1).select("learner_id", "school_day").collect().to_pandas()
    spans = spans.assign(number=range(len(spans)))
    both = spans.astype({"learner_id": "str"}).merge(away.astype({"learner_id": "str"}), on="learner_id")
    within = both[(both["school_day"] >= both["first"]) & (both["school_day"] <= both["last"])]
    days = np.bincount(within["number"], minlength=len(spans))
    return np.asarray((days > 0) & (days == spans["last"] - spans["first"] + 1))
