"""Which goals each learner took up, in which order."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, overload

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    all_known,
    as_of,
    grouping,
    known_events,
    known_firsts,
    last_known,
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
    day = as_of(log, on)
    if step == "goal":
        rows, order = _taken(known_firsts(log, day, ("on", "row"))), _ORDER
    else:
        rows, order = known_events(log, day), ["time", "row", "goal_id"]
    steps = since_start(log, with_previous(rows, "source", "goal_id", ["learner_id"], order), order[0])
    steps = steps if start else steps.filter(~nw.col("source").is_null())
    keys = [*schema, "source"]
    counted = with_groups(log, steps, of_learners, []).group_by([*keys, "goal_id"]).agg(n=nw.len())
    source = nw.col("source").cast(nw.String).fill_null("start")
    named = counted.with_columns(source=source, target=nw.col("goal_id").cast(nw.String))
    whole = named.with_columns(p=nw.col("n") / nw.col("n").sum().over(*keys))
    columns = {**schema, "source": "str", "target": "str", "n": "count", "p": "rate"}
    return to_pandas(sorted_lazily(whole, [*keys, "target"]), columns, held=log.held)


def _placed(firsts: nw.LazyFrame) -> nw.LazyFrame:
    """Add to the first events of goals when each was taken up, and its place among those of its learner."""
    return with_number(_taken(firsts), "position", ["learner_id"], _ORDER)


_ORDER = ["taken_up", "_row", "goal_id"]


def _taken(firsts: nw.LazyFrame) -> nw.LazyFrame:
    """Add to the first events of goals when each was taken up, and the row that tells it."""
    started, set_ = (~nw.col(f"{kind}_on").is_null() for kind in ("started", "set"))
    later = nw.when(set_).then(nw.col("set_row")).otherwise(nw.col("first_row"))
    row = nw.when(started).then(nw.col("started_row")).otherwise(later)
    return firsts.with_columns(taken_up=nw.coalesce("started_on", "set_on", "first_on"), _row=row)


DIVERSITY: Schema = {
    "learners": "count",
    "distinct_pathways": "count",
    "mean_distance": "rate",
    "shared_open": "rate",
}

Pathway = str | tuple[int, ...]
"""The goals of a learner in order: characters, or numbers where there are more goals than characters."""

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
    learners = collected(log.frame("learners").select(list(dict.fromkeys(["learner_id", *keys]))))
    people = _pathways(log, day).merge(learners, on="learner_id").assign(_all=0)
    groups = people.groupby([*keys, "_all"], dropna=False, sort=True)
    together = _together(people["path"], groups.ngroup())
    each = groups.size().rename("learners").reset_index()
    sums = each.merge(collected(_shared(log, day, keys)), on=[*keys, "_all"], how="left")
    table = sums.assign(
        distinct_pathways=[len(set(paths)) for paths in together],
        mean_distance=[mean_distance(paths) for paths in together],
        shared_open=sums["sharing"] / sums["goals_open"].where(sums["goals_open"] > 0),
    )
    return with_cannot_tell(typed(table, {**schema, **DIVERSITY}), log, "events")


def mean_distance(paths: Sequence[Pathway]) -> float:
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
    """Return the pathway of each learner: `learner_id, path`."""
    rows = with_groups(log, _in_order(log, day), [], []).select(SPELL)
    taken = rows.collect().to_pandas().astype("category")
    learner, goal = (taken[name].cat.codes.to_numpy() for name in SPELL)
    first, goals = np.flatnonzero(np.diff(learner, prepend=-1)), _written(goal)
    paths = [goals[begin:end] for begin, end in zip(first, [*first[1:], None], strict=False)]
    return pd.DataFrame(
        {"learner_id": taken["learner_id"].iloc[first].astype("str"), "path": pd.Series(paths, first, dtype=object)}
    )


def _in_order(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return the goals that learners took up, one after another; kept where nothing of the log is later."""

    def found() -> nw.LazyFrame:
        return _taken(known_firsts(log, day, ("on", "row"))).sort("learner_id", *_ORDER).select(SPELL)

    return log.kept("taken_up", found) if all_known(log, day) else found()


def _written(goals: NDArray[np.integer[Any]]) -> Pathway:
    """Return goals, which are numbers, as a text of one character each: these are the quickest to compare."""
    if goals.max(initial=0) > sys.maxunicode:
        return tuple(goals.tolist())
    return goals.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _shared(log: ProgressLog, day: date, keys: Sequence[str]) -> nw.LazyFrame:
    """Return the open goals of groups of learners, and with how many classmates each is shared, summed."""
    stands = last_known(log, day).filter((nw.col("mark") % STATUS_CODES).is_in(OPEN_CODES))
    placed = log.with_learners(stands.select(*SPELL), "class_id", "left_day")
    here = placed.filter(nw.col("left_day").is_null() | (nw.col("left_day") >= log.calendar.school_day(day)))
    sharing = here.select("learner_id", sharing=nw.len().over("class_id", "goal_id") - 1, _all=nw.lit(0))
    grouped = with_groups(log, sharing, list(keys), []).group_by([*keys, "_all"])
    return grouped.agg(goals_open=nw.len(), sharing=nw.col("sharing").sum())


def _together(paths: pd.Series, group: pd.Series) -> list[list[Pathway]]:
    """Return the pathways of each group, of which each has a number, in the order they have."""
    order = np.argsort(group.to_numpy(), kind="stable")
    begins = np.flatnonzero(np.diff(group.to_numpy()[order], prepend=-1))
    return [some.tolist() for some in np.split(paths.to_numpy()[order], begins)[1:]]
