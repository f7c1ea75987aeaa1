"""Which goals each learner took up, in which order."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, overload

import narwhals as nw
import numpy as np
import pandas as pd

from ..errors import one_of
from ..log import Day, ProgressLog
from ..log.firsts import STATUS_CODES
from ..log.frames import (
    Schema,
    collected,
    joined_in_order,
    sorted_lazily,
    to_pandas,
    typed,
    with_number,
    with_previous,
)
from ..log.status import SPELL
from .progress import not_over, spelled
from .shared import (
    OPEN_CODES,
    By,
    as_of,
    grouping,
    known_events,
    known_firsts,
    last_known,
    reported_learners,
    since_start,
    with_cannot_tell,
    with_groups,
)

PATHWAYS: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "position": "count",
    "goal_id": "str",
    "strand": "str",
    "set_on": "time",
    "started_on": "time",
    "met_on": "time",
    "status": "str",
    "days_to_met": "count?",
}


@overload
def pathways(log: ProgressLog, *, on: Day | None = None, collect: Literal[True] = True) -> pd.DataFrame: ...


@overload
def pathways(log: ProgressLog, *, on: Day | None = None, collect: Literal[False]) -> nw.LazyFrame: ...


def pathways(log: ProgressLog, *, on: Day | None = None, collect: bool = True) -> pd.DataFrame | nw.LazyFrame:
    """Return each learner's goals in the order in which they were taken up.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.
    collect : bool
        Whether to bring the result into pandas; else it stays lazy.

    Returns
    -------
    pandas.DataFrame
        `learner_id, class_id, position` (from 1), `goal_id, strand, set_on, started_on, met_on, status,
        days_to_met` (see `spells`). A goal is taken up when it is started, or set where nobody noted a start, or
        else first mentioned.

    Examples
    --------
    >>> import reflectlab
    >>> path = pathways(reflectlab.example())
    >>> path.loc[path["learner_id"] == "ben", "position"].tolist()
    [1, 2]
    """
    rows = not_over(log, _placed(spelled(log, SPELL, as_of(log, on))))
    rows = joined_in_order(rows, log.frame("goals").select("goal_id", "strand"), ["goal_id"]).select(*PATHWAYS)
    rows = rows if log.held else sorted_lazily(rows, ["learner_id", "position"])
    return to_pandas(rows, PATHWAYS, held=log.held) if collect else rows


def transitions(
    log: ProgressLog, step: str = "goal", *, start: bool = False, by: By = (), on: Day | None = None
) -> pd.DataFrame:
    """Return how often one goal followed another.

    Parameters
    ----------
    log : ProgressLog
    step : {"goal", "event"}
        From each goal taken up to the next one, or between consecutive rows of a learner's events, repeats kept.
    start : bool
        Add rows with `source="start"`: what came first.
    by : str or sequence of str
        Columns of the learners to group by.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; `source, target`, goals; `n`, how often; `p`, `n` as a share of all that left the
        source: the first-order transition probability.

    Examples
    --------
    >>> import reflectlab
    >>> steps = transitions(reflectlab.example(), start=True)
    >>> float(steps.loc[steps["source"] == "start", "p"].sum())
    1.0
    """
    one_of("step", step, ["goal", "event"])
    of_learners, of_goals, schema = grouping(log, by)
    one_of("by", tuple(of_goals), [()])
    if step == "goal":
        rows, order = taken_up(log, on).with_columns(time=nw.col("taken_up")), ["position"]
    else:
        rows, order = known_events(log, as_of(log, on)), ["time", "row", "goal_id"]
    steps = since_start(log, with_previous(rows, "source", "goal_id", ["learner_id"], order))
    steps = steps if start else steps.filter(~nw.col("source").is_null())
    keys = [*schema, "source"]
    counted = with_groups(log, steps, of_learners, []).group_by([*keys, "goal_id"]).agg(n=nw.len())
    source = nw.col("source").cast(nw.String).fill_null("start")
    named = counted.with_columns(source=source, target=nw.col("goal_id").cast(nw.String))
    whole = named.with_columns(p=nw.col("n") / nw.col("n").sum().over(*keys))
    columns = {**schema, "source": "str", "target": "str", "n": "count", "p": "rate"}
    return to_pandas(sorted_lazily(whole, [*keys, "target"]), columns, held=log.held)


def taken_up(log: ProgressLog, on: Day | None) -> nw.LazyFrame:
    """Return when each learner took up each goal, and its place among theirs: `taken_up, position`."""
    placed = _placed(known_firsts(log, as_of(log, on)))
    return with_groups(log, placed.select(*SPELL, "taken_up", "position"), ["class_id"], [])


def _placed(firsts: nw.LazyFrame) -> nw.LazyFrame:
    """Add to the first events of goals when each was taken up, and its place among those of its learner."""
    started, set_ = (~nw.col(f"{kind}_on").is_null() for kind in ("started", "set"))
    later = nw.when(set_).then(nw.col("set_row")).otherwise(nw.col("first_row"))
    row = nw.when(started).then(nw.col("started_row")).otherwise(later)
    taken = firsts.with_columns(taken_up=nw.coalesce("started_on", "set_on", "first_on"), _row=row)
    return with_number(taken, "position", ["learner_id"], ["taken_up", "_row", "goal_id"])


DIVERSITY: Schema = {
    "learners": "count",
    "distinct_pathways": "count",
    "mean_distance": "rate",
    "shared_open": "rate",
}

_AT_ONCE = 500
"""How many pathways are set beside all others at a time."""


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
    learners = collected(log.frame("learners").select(list(dict.fromkeys(["learner_id", "class_id", *keys]))))
    paths, shared = _pathways(log, day), _shared(_open_goals(log, day), learners)
    people = learners.merge(paths, on="learner_id").merge(shared, on="learner_id", how="left").assign(_all=0)
    people = people[people["learner_id"].isin(reported_learners(log))]
    groups = people.groupby(keys or ["_all"], dropna=False, sort=True)
    rows = [(*key, *_told(group)) for key, group in groups]
    table = pd.DataFrame(rows, columns=[*(keys or ["_all"]), *DIVERSITY])
    return with_cannot_tell(typed(table, {**schema, **DIVERSITY}), log, "events")


def mean_distance(paths: Sequence[tuple[int, ...]]) -> float:
    """Return the mean of the normalised edit distances of every two pathways; NaN with fewer than two.

    >>> round(mean_distance([(1, 2, 3), (1, 3), (4,)]), 2)
    0.78
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    if len(paths) < 2:
        return float("nan")
    blocks = (paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE))
    scorer = Levenshtein.normalized_distance
    twice = sum(float(cdist(block, paths, scorer=scorer, dtype=np.float64).sum()) for block in blocks)
    return twice / (len(paths) * (len(paths) - 1))


def _pathways(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return the pathway of each learner, as a tuple of codes: `learner_id, path`."""
    taken = collected(taken_up(log, day).select(*SPELL, "position")).sort_values(["learner_id", "position"])
    codes = pd.factorize(taken["goal_id"])[0].tolist()
    first = np.flatnonzero(taken["learner_id"] != taken["learner_id"].shift())
    paths = [tuple(codes[begin:end]) for begin, end in zip(first, [*first[1:], None], strict=False)]
    return (
        taken[["learner_id"]]
        .iloc[first]
        .assign(path=pd.Series(paths, dtype=object).array)
        .astype({"learner_id": "str"})
    )


def _open_goals(log: ProgressLog, day: date) -> pd.DataFrame:
    stands = last_known(log, day).filter((nw.col("mark") % STATUS_CODES).is_in(OPEN_CODES))
    left = log.frame("learners").select("learner_id", "left_day")
    here = stands.join(left, on="learner_id", how="left")
    today = log.calendar.school_day(day)
    here = here.filter(nw.col("left_day").is_null() | (nw.col("left_day") >= today))
    return collected(here.select(SPELL))


def _shared(open_goals: pd.DataFrame, learners: pd.DataFrame) -> pd.DataFrame:
    """Return each learner's open goals, and with how many classmates they are shared: `goals_open, sharing`."""
    placed = open_goals.merge(learners[["learner_id", "class_id"]], on="learner_id")
    with_same = placed.groupby(["class_id", "goal_id"], dropna=False)["learner_id"].transform("size") - 1
    groups = placed.assign(sharing=with_same).groupby("learner_id")["sharing"]
    return groups.agg(goals_open="size", sharing="sum").reset_index()


def _told(group: pd.DataFrame) -> tuple[int, int, float, float]:
    paths = group["path"].tolist()
    open_, sharing = group["goals_open"].sum(), group["sharing"].sum()
    return len(paths), len(set(paths)), mean_distance(paths), float(sharing / open_) if open_ else float("nan")
