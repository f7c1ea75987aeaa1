"""Which goals each learner took up, in which order."""

from typing import Literal, overload

import narwhals as nw
import pandas as pd

from ..errors import one_of
from ..frames import Schema, sorted_lazily, to_pandas
from ..log import Day, ProgressLog
from ..statuses import SPELL
from ._common import By, as_of, event_is, grouping, known_events, since_start, with_groups
from .progress import spells

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
    spelled = spells(log, on=on, collect=False).drop("class_id")
    taken = taken_up(log, on).select(*SPELL, "position", "class_id")
    strand = log.frame("goals").select("goal_id", "strand")
    rows = spelled.join(taken, on=SPELL, how="inner").join(strand, on="goal_id", how="left")
    rows = sorted_lazily(rows.select(*PATHWAYS), ["learner_id", "position"])
    return to_pandas(rows, PATHWAYS) if collect else rows


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
    source = nw.col("goal_id").shift(1).over("learner_id", order_by=order)
    steps = since_start(log, rows.with_columns(source=source))
    steps = steps.with_columns(source=nw.coalesce(nw.col("source"), nw.lit("start"))) if start else steps
    pairs = with_groups(log, steps.filter(~nw.col("source").is_null()), of_learners, [])
    keys = [*schema, "source"]
    counted = pairs.group_by([*keys, "goal_id"]).agg(n=nw.len())
    whole = counted.with_columns(p=nw.col("n") / nw.col("n").sum().over(*keys)).rename({"goal_id": "target"})
    columns = {**schema, "source": "str", "target": "str", "n": "count", "p": "rate"}
    return to_pandas(sorted_lazily(whole, [*keys, "target"]), columns)


def taken_up(log: ProgressLog, on: Day | None) -> nw.LazyFrame:
    """Return when each learner took up each goal, and its place among theirs: `taken_up, position`."""
    events = known_events(log, as_of(log, on))
    weight = (
        nw.when(event_is("started"))
        .then(nw.lit(0))
        .otherwise(nw.when(event_is("set")).then(nw.lit(1)).otherwise(nw.lit(2)))
    )
    weighed = events.with_columns(_weight=weight, _one=nw.lit(1))
    best = weighed.filter(nw.col("_weight") == nw.col("_weight").min().over(*SPELL))
    first = best.filter(nw.col("instant") == nw.col("instant").min().over(*SPELL))
    taken = first.group_by([*SPELL, "_one"]).agg(taken_up=nw.col("time").min(), _row=nw.col("row").min())
    order = ["taken_up", "_row", "goal_id"]
    placed = taken.with_columns(position=nw.col("_one").cum_sum().over("learner_id", order_by=order))
    return with_groups(log, placed, ["class_id"], [])
