"""Who works with whom, who helps whom, and how evenly."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import one_of
from ...log import Day, ProgressLog
from ...log.absences import wholly_away
from ...log.frames import Schema, collected, once, sorted_lazily, to_pandas, typed
from ...schema import OPEN
from ..availability import daily, spans_of_days, without
from ..episodes import standings, with_goal
from ..shared import (
    MET_CODE,
    OPEN_CODES,
    By,
    as_of,
    grouping,
    holds,
    indicator,
    since_start,
    with_cannot_tell,
    with_groups,
)

NETWORK: Schema = {"source": "str", "target": "str", "kind": "str", "episodes": "count", "minutes": "rate"}

NETWORK_SUMMARY: Schema = {
    "learners": "count",
    "pairs": "count?",
    "reciprocity": "rate",
    "returnable": "rate",
    "reciprocity_by_chance": "rate",
    "isolates": "count?",
    "isolates_with_a_peer": "count?",
    "helper_gini": "rate",
    "helper_gini_by_chance": "rate",
}


def network(log: ProgressLog, by: By = (), *, on: Day | None = None) -> pd.DataFrame:
    """Return who worked with whom, how often, and in which way.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `class_id`, `goal_id`, `strand`, any attribute of the learners. A pair belongs to the
        group of either of the two, so a pair of two classes is in both; as with `log.select(class_id=...)`.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; `source, target`; `kind`: `support` runs from the helper to the seeker, `shared_goal`
        and `other` are undirected, with `source < target`; `episodes`; `minutes`, summed where known, of each
        episode what the shorter of the two notes says.

    See Also
    --------
    network_summary : what this says about a class.
    episodes : the same from each participant's side.

    Notes
    -----
    In an episode every two participants are a pair, and what they are to each other follows from where the two
    stood on the goal when it began, by the rule of `episodes`. Their goal is the one both count for, or that of
    the one who has one where the other noted none. One had met it and the other had it open: `support`. Both had
    it open: `shared_goal`. Else `other`. So a group of three may hold two supports and a shared goal.

    Examples
    --------
    >>> import reflectlab
    >>> edges = network(reflectlab.example())
    >>> edges.loc[edges["kind"] == "support", ["source", "target"]].to_numpy().tolist()
    [['aroha', 'ben'], ['aroha', 'hemi']]
    """
    of_learners, of_goals, schema = grouping(log, by)
    edges = _grouped(log, edges_of(log, as_of(log, on)), of_learners, of_goals)
    counted = edges.group_by([*schema, "source", "target", "kind"]).agg(
        episodes=nw.len(), minutes=nw.col("minutes").sum(), timed=indicator(~nw.col("minutes").is_null()).sum()
    )
    counted = counted.with_columns(minutes=nw.when(nw.col("timed") > 0).then(nw.col("minutes")))
    rows = sorted_lazily(counted, [*schema, "source", "target", "kind"])
    return with_cannot_tell(to_pandas(rows, {**schema, **NETWORK}), log, "events", "collaborations")


def network_summary(log: ProgressLog, by: By = ("class_id",), *, on: Day | None = None) -> pd.DataFrame:
    """Return how a class works together as a whole.

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
        The columns of `by`; `learners`, present on some day or taking part; `pairs` that worked together at least once;
        `reciprocity`, the share of supports (from one learner to another, however often) that were returned;
        `returnable`, the share of them that could have been: who was supported had met, on some day, a goal that the
        other had open; `reciprocity_by_chance`, what `reciprocity` would be if as many ran between any two learners
        of the group; `isolates`, learners who worked with nobody; `isolates_with_a_peer`, those of them who had a
        classmate on the same goal on at least one school day: the others had nobody to share a goal with;
        `helper_gini`, how unevenly helping is shared; `helper_gini_by_chance`, how unevenly it would be on average
        if each time it was anybody of the group who helped. What the log cannot tell is missing, and
        `.attrs["cannot_tell"]` says why.

    Notes
    -----
    Reciprocity is that of a directed graph, arcs returned over arcs, as in networkx [1]_; missing without any
    support. The Gini coefficient [2]_ of how often each learner of the group helped, x in rising order over all n
    learners, is ``sum((2i - n - 1) x_i) / (n sum(x))``: 0 where everybody helps alike, (n - 1) / n where one does
    all of it; missing where nobody helped. How often is the weighted out-degree: an episode counts once for
    each learner who was helped.

    By chance ten supports among 26 learners have a Gini coefficient of .71, so that helping is uneven only as far as
    it is above that. It is ``(n - 1) E|x_1 - x_2| / (2 S)`` for S supports that fall on n learners with equal
    probability. A arcs at random among the ``n (n - 1)`` that there may be are returned with a probability of
    ``(A - 1) / (n (n - 1) - 1)``. Who is noted in an episode with nobody else has no pair, and is no isolate either.

    References
    ----------
    .. [1] Wasserman, S. and Faust, K. (1994). Social Network Analysis. Cambridge University Press, 121-126, 515.
    .. [2] Gini, C. (1912). Variabilità e mutabilità. The form is that of Dixon, P. M. and others (1987),
       Bootstrapping the Gini coefficient of inequality, Ecology 68, 1548-1551, without their correction for n.

    Examples
    --------
    >>> import reflectlab
    >>> summary = network_summary(reflectlab.example())
    >>> summary["helper_gini"].item()  # Aroha does all the helping
    0.75
    """
    _, of_goals, schema = grouping(log, by)
    one_of("by", tuple(of_goals), [()])
    day, keys = as_of(log, on), list(schema)
    edges = network(log, on=day)
    people = _people(log, day, keys, edges)
    group = people.groupby(keys, dropna=False, sort=True).ngroup() if keys else pd.Series(0, index=people.index)
    whose = dict(zip(people["learner_id"], group, strict=True))
    alone = set(whose) - _noted(log, day)
    rows = _figures(edges, whose, alone, _with_a_peer(log, day, alone), _returnable(log, day, _arcs(edges)))
    named = people.assign(_group=group).drop_duplicates("_group").sort_values("_group")[keys].reset_index(drop=True)
    table = pd.concat([named, pd.DataFrame(rows, columns=list(NETWORK_SUMMARY))], axis=1)
    found = typed(_unknown(table, log), {**schema, **NETWORK_SUMMARY})
    found.attrs = dict(edges.attrs)
    return found


def gini_coefficient(values: ArrayLike) -> float:
    """Return the Gini coefficient of amounts that are not negative; NaN where there is nothing to share.

    >>> gini_coefficient([1, 1, 1, 1]), gini_coefficient([0, 0, 0, 5])
    (0.0, 0.75)
    """
    amounts = np.sort(np.asarray(values, dtype=float))
    number, total = len(amounts), amounts.sum()
    if not total:
        return float("nan")
    return float(((2 * np.arange(1, number + 1) - number - 1) * amounts).sum() / (number * total))


def gini_by_chance(times: int, learners: int) -> float:
    """Return the Gini coefficient to expect where as many times fall on as many learners, each alike.

    >>> round(gini_by_chance(10, 26), 2)
    0.71
    """
    from scipy.stats import binom

    if not times or not learners:
        return float("nan")
    of_two = np.arange(1, times + 1)  # how many of the times fall on either of two learners
    apart = of_two * binom.pmf(of_two // 2, of_two - 1, 0.5)
    apart_on_average = (binom.pmf(of_two, times, min(2 / learners, 1.0)) * apart).sum()
    return float((learners - 1) * apart_on_average / (2 * times))


def reciprocity_by_chance(arcs: int, learners: int) -> float:
    """Return the share of arcs to expect returned where as many run between as many learners at random.

    >>> reciprocity_by_chance(4, 3)
    0.6
    """
    others = learners * (learners - 1) - 1
    return min((arcs - 1) / others, 1.0) if arcs and others > 0 else float("nan")


def edges_of(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return every pair of every episode: `episode_id, source, target, kind, goal_id, minutes`."""
    rows = since_start(log, with_goal(log, day))
    rows = once(rows)
    pairs = _with_statuses(_every_two(rows), standings(log))
    met = {side: nw.col(side) == "met" for side in ("left_status", "right_status")}
    open_ = {side: nw.col(side).is_in(list(OPEN)) for side in ("left_status", "right_status")}
    right_helps = met["right_status"] & open_["left_status"]
    support = right_helps | (met["left_status"] & open_["right_status"])
    shared = open_["left_status"] & open_["right_status"]
    kind = nw.when(support).then(nw.lit("support")).otherwise(nw.when(shared).then(nw.lit("shared_goal")))
    return pairs.with_columns(
        kind=nw.coalesce(kind, nw.lit("other")),
        source=nw.when(right_helps).then(nw.col("right")).otherwise(nw.col("left")),
        target=nw.when(right_helps).then(nw.col("left")).otherwise(nw.col("right")),
    ).select("episode_id", "source", "target", "kind", "goal_id", "minutes")


def _every_two(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Return every two participants of an episode, once, with the goal that is theirs."""
    sides = [
        rows.select(
            "episode_id", nw.col("learner_id").alias(side), **{f"{side}_goal": "goal", f"{side}_minutes": "minutes"}
        )
        for side in ("left", "right")
    ]
    pairs = sides[0].join(sides[1], on="episode_id", how="inner").filter(nw.col("left") < nw.col("right"))
    one, other = nw.col("left_goal"), nw.col("right_goal")
    alike = one.is_null() | other.is_null() | (one == other)
    return pairs.with_columns(
        goal_id=nw.when(alike).then(nw.coalesce(one, other)),
        minutes=nw.min_horizontal("left_minutes", "right_minutes"),
    )


def _with_statuses(pairs: nw.LazyFrame, standing: nw.LazyFrame) -> nw.LazyFrame:
    """Add where each of the two stood on their goal."""
    for side in ("left", "right"):
        stood = standing.select("episode_id", goal_id="goal", **{side: "learner_id", f"{side}_status": "status"})
        pairs = pairs.join(stood, on=["episode_id", "goal_id", side], how="left")
    return pairs


def _grouped(log: ProgressLog, edges: nw.LazyFrame, of_learners: list[str], of_goals: list[str]) -> nw.LazyFrame:
    """Keep pairs with a learner who is reported, in the group of either of the two."""
    ends = nw.concat([edges.with_columns(learner_id=nw.col(end)) for end in ("source", "target")])
    return with_groups(log, ends, of_learners, of_goals).unique(subset=["episode_id", "source", "target", *of_learners])


def _people(log: ProgressLog, day: date, keys: list[str], edges: pd.DataFrame) -> pd.DataFrame:
    """Return the reported learners who were there on some day, or took part."""
    columns = list(dict.fromkeys(["learner_id", "class_id", *keys, "from_day", "to_day"]))
    people = collected(log.reported(log.frame("learners").select(columns)))
    start = log.selection.start
    first = log.calendar.school_day(start) if start else 1
    last = log.calendar.school_day(day)
    there = (people["from_day"] <= last) & (people["to_day"] >= first) & (people["from_day"] <= people["to_day"])
    spans = people[["learner_id"]].assign(first=people["from_day"].clip(first), last=people["to_day"].clip(upper=last))
    there &= ~wholly_away(log, spans)
    took_part = people["learner_id"].isin(set(edges["source"]) | set(edges["target"]))
    return people[there | took_part]


def _noted(log: ProgressLog, day: date) -> set[str]:
    """Return who is noted in an episode, be it alone."""
    rows = since_start(log, with_goal(log, day)).select("learner_id").unique()
    return set(rows.collect()["learner_id"].to_list())


def _with_a_peer(log: ProgressLog, day: date, alone: set[str]) -> set[str]:
    """Return those of the learners who worked with nobody who had a classmate on the same goal on some day."""
    if not alone:
        return set()
    days = daily(log.select(learner_id=sorted(alone)), day)
    return set(days.loc[days["peers"] > 0, "learner_id"])


def _arcs(edges: pd.DataFrame) -> set[tuple[str, str]]:
    """Return who supported whom, however often."""
    supports = edges[edges["kind"] == "support"]
    return set(zip(supports["source"].tolist(), supports["target"].tolist(), strict=True))


def _returnable(log: ProgressLog, day: date, arcs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arcs whose target had met, on some day, a goal that the source had open."""
    if not arcs:
        return set()
    spans = spans_of_days(log, day)[["learner_id", "goal_id", "code", "start", "stop"]]
    is_open, is_met = spans["code"].isin(OPEN_CODES), spans["code"] == MET_CODE
    rows = pd.DataFrame(sorted(arcs), columns=["source", "target"], dtype="str")
    rows = rows.merge(spans[is_met].rename(columns={"learner_id": "target"}), on="target")
    both = rows.merge(spans[is_open].rename(columns={"learner_id": "source"}), on=["source", "goal_id"])
    both = both[(both["start_x"] <= both["stop_y"]) & (both["start_y"] <= both["stop_x"])]
    found = both[["source", "target"]].drop_duplicates()
    return set(zip(found["source"].tolist(), found["target"].tolist(), strict=True))


def _figures(
    edges: pd.DataFrame,
    whose: Mapping[str, int],
    alone: set[str],
    with_a_peer: set[str],
    returnable: set[tuple[str, str]],
) -> list[tuple[float, ...]]:
    """Return the figures of each group, numbered from 0; an edge is in the group of either end."""
    arcs = _arcs(edges)
    pairs: dict[int, set[frozenset[str]]] = defaultdict(set)
    supports: dict[int, set[tuple[str, str]]] = defaultdict(set)
    helped: Counter[str] = Counter()
    columns = (edges[name].tolist() for name in ("source", "target", "kind", "episodes"))
    for source, target, kind, number in zip(*columns, strict=True):
        helped[source] += number if kind == "support" else 0
        for group in {whose[end] for end in (source, target) if end in whose}:
            pairs[group].add(frozenset((source, target)))
            supports[group] |= {(source, target)} if kind == "support" else set()
    members: dict[int, list[str]] = defaultdict(list)
    for learner, group in whose.items():
        members[group].append(learner)
    return [
        (
            len(mine),
            len(pairs[group]),
            _share([(target, source) in arcs for source, target in supports[group]]),
            _share([arc in returnable for arc in supports[group]]),
            reciprocity_by_chance(len(supports[group]), len(mine)),
            len(alone.intersection(mine)),
            len(with_a_peer.intersection(mine)),
            gini_coefficient([helped[learner] for learner in mine]),
            gini_by_chance(sum(helped[learner] for learner in mine), len(mine)),
        )
        for group, mine in sorted(members.items())
    ]


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags) if flags else float("nan")


def _unknown(table: pd.DataFrame, log: ProgressLog) -> pd.DataFrame:
    """Let figures be missing that the log cannot tell."""
    if not holds(log, "collaborations"):
        return without(table, ["pairs", "isolates", "isolates_with_a_peer"])
    return table if holds(log, "events") else without(table, ["isolates_with_a_peer"])
