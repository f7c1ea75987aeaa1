"""Who works with whom: network and network_summary, the figures by networkx."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import combinations
from math import comb, nan
from typing import Any, NamedTuple

import networkx as nx
import pandas as pd

from tests.oracle.company import availability, days_until, on_day
from tests.oracle.school import OPEN, Part, School, frame, in_order
from tests.oracle.together import _status_at

GOAL_COLUMNS = {"goal_id", "title", "strand", "level"}


class Tie(NamedTuple):
    """What two participants of an episode were to each other."""

    source: str
    target: str
    kind: str
    goal: str | None
    minutes: float | None


def network(school: School, by: Sequence[str] = (), on: date | None = None) -> pd.DataFrame:
    """Who with whom, in the groups of either of the two; minutes are what the shorter of the two notes says."""
    found: dict[tuple[Any, ...], list[Tie]] = defaultdict(list)
    for tie in ties(school, on):
        for group in _groups(school, by, tie):
            found[(*group, *tie[:3])].append(tie)
    rows = []
    for key in sorted(found, key=in_order):
        minutes = [tie.minutes for tie in found[key] if tie.minutes is not None]
        rows.append((*key, len(found[key]), float(sum(minutes)) if minutes else nan))
    columns = dict.fromkeys([*by, "source", "target", "kind"], "str")
    return frame(rows, **columns, episodes="int64", minutes="float64")


def network_summary(school: School, by: Sequence[str] = ("class_id",), on: date | None = None) -> pd.DataFrame:
    """The figures of each group that has a learner who was there or took part."""
    together, support = graphs(ties(school, on))
    until = on or school.last_day
    began = {name: min(p.time for p in school.parts if p.episode == name) for name in {p.episode for p in school.parts}}
    noted = {part.learner for part in school.parts if began[part.episode].date() <= until}
    could = {arc for arc in support.edges if _could_return(school, arc, until)}
    days = availability(school, on=on)
    with_peer = set(days.loc[days["peers"] > 0, "learner_id"])
    members: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for learner in sorted(set(days["learner_id"]) | set(together)):
        members[school.key(by, learner, None)].append(learner)
    rows = []
    for group in sorted(members, key=in_order):
        mine = set(members[group])
        arcs = support.edge_subgraph([arc for arc in support.edges if mine & set(arc)])
        isolates = [learner for learner in mine if learner not in noted]
        helped = [support.out_degree(learner, "weight") if learner in support else 0 for learner in mine]
        rows.append(
            (
                *group,
                len(mine),
                sum(bool(mine & set(pair)) for pair in together.edges),
                _reciprocity(support, arcs),
                sum(arc in could for arc in arcs.edges) / len(arcs.edges) if arcs.edges else nan,
                _by_chance(len(arcs.edges), len(mine)),
                len(isolates),
                sum(learner in with_peer for learner in isolates),
                gini(helped),
                gini_by_chance(sum(helped), len(mine)),
            )
        )
    columns = {"learners": "int64", "pairs": "Int64"}
    columns |= dict.fromkeys(["reciprocity", "returnable", "reciprocity_by_chance"], "float64")
    more = {"isolates": "Int64", "isolates_with_a_peer": "Int64"}
    more |= dict.fromkeys(["helper_gini", "helper_gini_by_chance"], "float64")
    return frame(rows, **dict.fromkeys(by, "str"), **columns, **more)


def graphs(found: Sequence[Tie]) -> tuple[nx.Graph, nx.DiGraph]:
    """Everybody who worked together, and who supported whom with how often as the weight."""
    together, support = nx.Graph(), nx.DiGraph()
    together.add_edges_from(tie[:2] for tie in found)
    for (source, target), number in Counter(tie[:2] for tie in found if tie.kind == "support").items():
        support.add_edge(source, target, weight=number)
    return together, support


def gini(values: Sequence[float]) -> float:
    """The mean absolute difference of all pairs, halved, over the mean."""
    if not sum(values):
        return nan
    return sum(abs(one - other) for one in values for other in values) / (2 * len(values) * sum(values))


def ties(school: School, on: date | None) -> list[Tie]:
    """Every pair of every episode that began by the end of `on`."""
    together: dict[str, list[Part]] = defaultdict(list)
    for part in school.parts:
        together[part.episode].append(part)
    found = []
    for parts in together.values():
        began = min(part.time for part in parts)
        if began.date() <= (on or school.last_day):
            found += list(_of_episode(school, parts, began))
    return found


def _of_episode(school: School, parts: Sequence[Part], began: datetime) -> Iterator[Tie]:
    recorded = {part.goal for part in parts if part.goal}
    only = next(iter(recorded)) if len(recorded) == 1 else None
    pairs = school.pairs(school.last_day)
    for one, other in combinations(sorted(parts, key=lambda part: part.learner), 2):
        goals = {part.goal or only for part in (one, other)} - {None}
        goal = next(iter(goals)) if len(goals) == 1 else None
        stood = [_status_at(pairs.get((part.learner, goal or ""), []), began) for part in (one, other)]
        minutes = min((part.minutes for part in (one, other) if part.minutes is not None), default=None)
        ends, kind = _tie((one.learner, other.learner), stood)
        yield Tie(*ends, kind, goal, minutes)


def _tie(who: tuple[str, str], stood: Sequence[str | None]) -> tuple[tuple[str, str], str]:
    if stood[0] == "met" and stood[1] in OPEN:
        return who, "support"
    if stood[1] == "met" and stood[0] in OPEN:
        return (who[1], who[0]), "support"
    return who, "shared_goal" if stood[0] in OPEN and stood[1] in OPEN else "other"


def _groups(school: School, by: Sequence[str], tie: Tie) -> set[tuple[Any, ...]]:
    return {school.key(by, learner, tie.goal) for learner in (tie.source, tie.target)}


def _could_return(school: School, arc: tuple[str, str], until: date) -> bool:
    """Whether who was supported had met a goal, on some day, that the other had open."""
    pairs = school.pairs(until)
    of_one, of_other = ({goal for learner, goal in pairs if learner == end} for end in arc)
    return any(
        "met" in on_day(school, pairs[arc[1], goal], day) and on_day(school, pairs[arc[0], goal], day) & set(OPEN)
        for day in days_until(school, until)
        for goal in of_one & of_other
    )


def _by_chance(arcs: int, learners: int) -> float:
    """The expected share returned: each other arc is the one back with the same probability."""
    others = learners * (learners - 1) - 1
    return min((arcs - 1) / others, 1.0) if arcs and others > 0 else nan


def gini_by_chance(times: int, learners: int) -> float:
    """The mean absolute difference of two learners, from the trinomial distribution of what falls on either."""
    if not times or not learners:
        return nan
    if learners == 1:
        return 0.0
    apart = sum(
        abs(one - other) * comb(times, one) * comb(times - one, other) * (learners - 2) ** (times - one - other)
        for one in range(times + 1)
        for other in range(times + 1 - one)
    )
    return (learners - 1) * float(Fraction(apart, learners**times)) / (2 * times)


def _reciprocity(support: nx.DiGraph, arcs: nx.DiGraph) -> float:
    """Arcs returned over arcs; a returned arc has the same two ends, so it is in the group too."""
    return nx.overall_reciprocity(nx.DiGraph(arcs)) if arcs.number_of_edges() else nan
