"""From which goal to which many learners went on: a step is told as a band of learners, and nothing adds up."""

import re
from collections.abc import Mapping

import pandas as pd

from .. import measure
from ..log import ProgressLog
from .disclosure.suppression import DOMINANT
from .groups import CLASS
from .rates import FEWEST_TOLD, ROUND, learner_band, learner_words

STEP_COLUMNS = ("term_id", "source", "target", "learners")


def steps(log: ProgressLog, term: str, sizes: Mapping[str, int]) -> pd.DataFrame:
    """Return the steps that at least ten learners took, most first.

    Flows through a goal are the margins of its steps, so none is told. `sizes` are the goals that are told of each
    strand: where the steps into it would leave few for all others, the rarest are not told.
    """
    each = measure.transitions(log, by=("learner_id", CLASS))
    each = each[each["source"] != each["target"]]
    goals = log.goals.set_index("goal_id")
    several = each[CLASS].nunique(dropna=False) > 1
    rows: list[tuple[str, int, str, str]] = []
    for (source, target), taken in each.groupby(["source", "target"]):
        learners = taken["learner_id"].nunique()
        rooms = taken.groupby(CLASS, dropna=False)["learner_id"].nunique()
        if learners >= FEWEST_TOLD and not (several and rooms.max() > DOMINANT * rooms.sum()):
            strand = str(goals["strand"].get(target)) if "strand" in goals else ""
            rows.append((strand, learner_band(learners)[0], _title(goals, source), _title(goals, target)))
    somebody = _names(log)
    told: list[tuple[str, str, str, str]] = []
    left = {strand: size - ROUND for strand, size in sizes.items()}
    for strand, low, source, target in sorted(rows, key=lambda row: (-row[1], row[2], row[3])):
        if left.get(strand, 0) >= low and not somebody.search(f"{source} {target}"):
            left[strand] -= low
            told.append((term, source, target, learner_words(low)))
    return pd.DataFrame(told, columns=list(STEP_COLUMNS)).astype("str")


def _title(goals: pd.DataFrame, goal: object) -> str:
    title = goals["title"].get(goal) if "title" in goals else None
    return str(goal if title is None or pd.isna(title) else title)


def _names(log: ProgressLog) -> re.Pattern[str]:
    """Return what finds a learner's name or id in the title of a goal, which is free text."""
    words = {str(word) for name in ("name", "learner_id") if name in log.learners for word in log.learners[name]}
    parts = {part for word in words for part in (word, *word.split()) if len(part) > 1}
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(parts)))})(?!\w)" if parts else r"(?!)", re.IGNORECASE)
