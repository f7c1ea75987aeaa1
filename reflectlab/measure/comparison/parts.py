"""All that is estimated of one group of goals."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...log import ProgressLog
from ..statistics import Flags, Floats
from .checks import doubts_of
from .goals import Goals, as_goals, begun_noted, covariates
from .models import estimates as models
from .models.endings import dropping
from .models.estimates import Estimate
from .models.exposures import company_of, otherwise
from .models.headline import allowed_for
from .models.stuck import Weighed, stuck_stretches, weighed
from .writing import heaped


@dataclass(frozen=True)
class Asked:
    """What `compare` was asked: what to adjust for, to split by, the unit and the exposure; and who was stuck when."""

    log: ProgressLog
    adjust: list[str]
    splits: list[str]
    unit: str
    exposure: str
    stuck: pd.DataFrame


@dataclass(frozen=True)
class Part:
    """What was found for one group of goals; the key has the columns of `by` and their values.

    `found` goes by what working together is split by; empty for all of it. A number to adjust for is not known for
    `unknown` goals; `not_noted` ones are left out of the headline, as their beginning is not noted. `doubts` are why
    the log cannot tell, `weighed` the ratio weighed for being stuck, `dropping` how many times as often goals are
    dropped.
    """

    key: dict[str, Any]
    goals: Goals
    found: dict[str, list[Estimate]]
    unknown: int
    not_noted: int
    doubts: list[str]
    weighed: Weighed | None
    dropping: Estimate | None


def part_of(asked: Asked, key: dict[str, Any], frame: pd.DataFrame) -> Part:
    """Estimate all ratios of one group."""
    names, adjust = covariates(frame, asked.adjust)
    known: Flags = ~np.any(np.isnan(adjust), axis=1)
    begun = begun_noted(frame)
    goals, numbers = as_goals(frame), (int((~known).sum()), int((~begun).sum()))
    own = frame[known & begun].reset_index(drop=True)
    if asked.exposure != "first":
        main = as_goals(own)
        allowed = allowed_for(main, names, adjust[known & begun])
        found = otherwise(main, allowed, company_of(asked.log, own, asked.unit), asked.exposure)
        return Part(key, goals, {"": found}, *numbers, [], None, None)
    found_by = _found(asked, goals, (known, begun), names, adjust)
    (headline, *_) = found_by[""]
    company = company_of(asked.log, own, asked.unit)
    doubts = doubts_of(headline, company, dates_only=asked.log.dates_only)
    doubts += [] if headline.reason else heaped(frame)
    stuck = stuck_stretches(asked.stuck, own)
    weighing = None if headline.model is None or headline.reason else weighed(headline.model, stuck)
    return Part(key, goals, found_by, *numbers, doubts, weighing, dropping(goals))


def _found(
    asked: Asked, goals: Goals, which: tuple[Flags, Flags], names: list[str], adjust: Floats
) -> dict[str, list[Estimate]]:
    """Return the ratios of all estimators, by what working together is split by."""
    known, begun = which
    some, main, own = goals.only(known), goals.only(known & begun), adjust[known & begun]
    whole = [*models.adjusted(main, names, own), *models.within_learners(goals)]
    found = {"": [*whole, *models.between(some, adjust[known], names), *models.naive(goals)]}
    for split in asked.splits:
        headline = models.adjusted(main, names, own, getattr(main, split))
        found[split] = [*headline, *models.between(some, adjust[known], names, getattr(some, split))]
    return found
