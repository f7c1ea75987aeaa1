"""How different the pathways of a class are, and how often they cross."""

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import one_of
from ..frames import Schema, typed
from ..log import Day, ProgressLog
from ..statuses import OPEN, SPELL, STATUSES
from ._blind import noted
from ._common import CODES, By, as_of, grouping, known_events
from .pathways import taken_up

DIVERSITY: Schema = {
    "learners": "count",
    "distinct_pathways": "count",
    "mean_distance": "rate",
    "shared_open": "rate",
}
_OPEN_CODES = [STATUSES.index(status) for status in OPEN]
_AT_ONCE = 1_000_000


def diversity(log: ProgressLog, by: By = ("class_id",), *, on: Day | None = None) -> pd.DataFrame:
    """Return how different the learners' pathways are, and how many classmates share a goal.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns of the learners to group by.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; `learners` who took up a goal; `distinct_pathways` among them (the same goals in the
        same order are one); `mean_distance` between the pathways of two learners, from 0, the same, to 1, nothing
        in common, missing with fewer than two; `shared_open`, how many classmates on average have a learner's
        open goal open too, as of `on`, missing where no goal is open.

    Notes
    -----
    The distance of two pathways is the fewest goals to insert, leave out or replace to get from one to the other
    [1]_, divided by the longer of the two. `shared_open` is the mean over the learners' open goals; classmates
    are those of the same class, whatever the group.

    References
    ----------
    .. [1] Levenshtein, V. I. (1966). Binary codes capable of correcting deletions, insertions, and reversals.
       Soviet Physics Doklady 10, 707-710.

    Examples
    --------
    >>> import reflectlab
    >>> diversity(reflectlab.example()).loc[0, ["learners", "distinct_pathways"]].tolist()
    [4, 4]
    """
    _, of_goals, schema = grouping(log, by)
    one_of("by", tuple(of_goals), [()])
    day, keys = as_of(log, on), list(schema)
    learners = (
        log.frame("learners").select(list(dict.fromkeys(["learner_id", "class_id", *keys]))).collect().to_pandas()
    )
    reported = log.reported(log.frame("learners")).select("learner_id").collect()["learner_id"].to_list()
    paths, shared = _pathways(log, day), _shared(_open_goals(log, day), learners)
    people = learners.merge(paths, on="learner_id").merge(shared, on="learner_id", how="left").assign(_all=0)
    people = people[people["learner_id"].isin(reported)]
    groups = people.groupby(keys or ["_all"], dropna=False, sort=True)
    rows = [(*key, *_told(group)) for key, group in groups]
    table = pd.DataFrame(rows, columns=[*(keys or ["_all"]), *DIVERSITY])
    return noted(typed(table, {**schema, **DIVERSITY}), log, "events")


def distances(paths: list[tuple[int, ...]]) -> NDArray[np.float64]:
    """Return the normalised edit distance of every two pathways: those of the first to all later ones, and so on.

    Examples
    --------
    >>> distances([(1, 2, 3), (1, 3), (4,)]).round(2).tolist()
    [0.33, 1.0, 1.0]
    """
    size = np.array([len(path) for path in paths], dtype=np.int64)
    padded = np.full((len(paths), max(size, default=0)), -1, dtype=np.int64)
    for row, path in zip(padded, paths, strict=True):
        row[: len(path)] = path
    one, other = np.triu_indices(len(paths), 1)
    found = np.empty(len(one))
    for start in range(0, len(one), _AT_ONCE):
        here = slice(start, start + _AT_ONCE)
        edits = _edits(padded[one[here]], padded[other[here]], size[one[here]], size[other[here]])
        found[here] = edits / np.maximum(size[one[here]], size[other[here]])
    return found


def _edits(
    left: NDArray[np.int64], right: NDArray[np.int64], left_size: NDArray[np.int64], right_size: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the edit distance of each row of `left` to the same row of `right`, a row of the table at a time."""
    width = np.arange(right.shape[1] + 1, dtype=np.int32)
    row = np.tile(width, (len(left), 1))
    found = row[np.arange(len(left)), right_size]
    for number in range(left.shape[1]):
        replaced = row[:, :-1] + (left[:, number, None] != right)
        row = row + 1
        np.minimum(row[:, 1:], replaced, out=row[:, 1:])
        row = np.minimum.accumulate(row - width, axis=1) + width
        ends = left_size == number + 1
        found[ends] = row[ends, right_size[ends]]
    return found


def _pathways(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return the pathway of each learner, as a tuple of codes: `learner_id, path`."""
    taken = taken_up(log, day).select(*SPELL, "position").collect().to_pandas().sort_values(["learner_id", "position"])
    codes = pd.Series(pd.factorize(taken["goal_id"])[0], index=taken["learner_id"])
    paths = {learner: tuple(each.tolist()) for learner, each in codes.groupby(level=0)}
    return pd.DataFrame({"learner_id": list(paths), "path": list(paths.values())}).astype({"learner_id": "str"})


def _open_goals(log: ProgressLog, day: date) -> pd.DataFrame:
    latest = known_events(log, day).group_by(SPELL).agg(mark=nw.col("mark").max())
    stands = latest.filter((nw.col("mark") % CODES).is_in(_OPEN_CODES))
    left = log.frame("learners").select("learner_id", "left_day")
    here = stands.join(left, on="learner_id", how="left")
    today = log.calendar.school_day(day)
    here = here.filter(nw.col("left_day").is_null() | (nw.col("left_day") >= today))
    return here.select(SPELL).collect().to_pandas()


def _shared(open_goals: pd.DataFrame, learners: pd.DataFrame) -> pd.DataFrame:
    """Return each learner's open goals, and with how many classmates they are shared: `goals_open, sharing`."""
    placed = open_goals.merge(learners[["learner_id", "class_id"]], on="learner_id")
    with_same = placed.groupby(["class_id", "goal_id"], dropna=False)["learner_id"].transform("size") - 1
    groups = placed.assign(sharing=with_same).groupby("learner_id")["sharing"]
    return groups.agg(goals_open="size", sharing="sum").reset_index()


def _told(group: pd.DataFrame) -> tuple[int, int, float, float]:
    paths = group["path"].tolist()
    between = distances(paths)
    open_, sharing = group["goals_open"].sum(), group["sharing"].sum()
    mean = float(between.mean()) if len(between) else float("nan")
    return len(paths), len(set(paths)), mean, float(sharing / open_) if open_ else float("nan")
