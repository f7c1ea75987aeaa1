"""Who was away, in school days."""

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .progress_log import ProgressLog
from .tables import days_away


def wholly_away(log: ProgressLog, spans: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell of each span, `learner_id, first, last` in school days, whether the learner was away on all its days."""
    away = (
        days_away(log.frame("absences"))
        .filter(nw.col("away") == 1)
        .select("learner_id", "school_day")
        .collect()
        .to_pandas()
    )
    spans = spans.assign(number=range(len(spans)))
    both = spans.astype({"learner_id": "str"}).merge(away.astype({"learner_id": "str"}), on="learner_id")
    within = both[(both["school_day"] >= both["first"]) & (both["school_day"] <= both["last"])]
    days = np.bincount(within["number"], minlength=len(spans))
    return np.asarray((days > 0) & (days == spans["last"] - spans["first"] + 1))
