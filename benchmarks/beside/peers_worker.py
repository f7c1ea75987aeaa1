"""Other packages at what they are for, in a Python of their own: `python peers_worker.py FOLDER`.

It is told names, a line each, as `worker` is; one that is not installed here it says it cannot do. What they are given
is in memory before: events in order of time, pathways as lists of numbers, and the participations that `episodes` tells
of. Nothing of reflectlab is imported here.
"""

import json
import sys
import time
import warnings
from contextlib import redirect_stdout
from itertools import combinations, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd


def pm4py_transitions(given: dict[str, Any]) -> int:
    """The directly-follows graph of the goals of each learner's events."""
    import pm4py

    columns = {"activity_key": "goal_id", "case_id_key": "learner_id", "timestamp_key": "time"}
    graph, _, _ = pm4py.discover_dfg(given["events"], **columns)
    return sum(graph.values())


def tnapy_transitions(given: dict[str, Any]) -> int:
    """The transition network of the same."""
    import tna

    columns = {"actor": "learner_id", "time": "time", "action": "goal_id"}
    model = tna.ftna(tna.prepare_data(given["events"], **columns, time_threshold=float("inf")))
    return int(model.weights.sum())


def rapidfuzz_diversity(given: dict[str, Any]) -> float:
    """The mean distance of every two pathways of a class."""
    from rapidfuzz.distance import Levenshtein

    means = []
    for paths in given["paths"].values():
        found = [Levenshtein.normalized_distance(one, other) for one, other in combinations(paths, 2)]
        means.append(sum(found) / len(found))
    return float(sum(means))


def networkx_network(given: dict[str, Any]) -> int:
    """The pairs of each episode as edges of a graph: from helper to seeker, else undirected."""
    import networkx as nx

    graph, open_ = nx.MultiDiGraph(), {"set", "working", "stuck"}
    columns = (given["episodes"][name].tolist() for name in ("episode_id", "learner_id", "goal_id", "status"))
    for _, rows in groupby(zip(*columns, strict=True), itemgetter(0)):
        for (_, source, goal, status), (_, target, other_goal, other_status) in combinations(rows, 2):
            same, kind = goal == other_goal, "other"
            if same and {status, other_status} <= open_:
                kind = "shared_goal"
            elif same and "met" in (status, other_status) and open_ & {status, other_status}:
                kind = "support"
            swap = other_status == "met" if kind == "support" else source > target
            ends = (target, source) if swap else (source, target)
            if graph.has_edge(*ends, kind):
                graph.edges[*ends, kind]["episodes"] += 1
            else:
                graph.add_edge(*ends, kind, episodes=1)
    return graph.number_of_edges()


PEERS = {
    "pm4py": pm4py_transitions,
    "tnapy": tnapy_transitions,
    "rapidfuzz": rapidfuzz_diversity,
    "networkx": networkx_network,
}


def main() -> None:
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    given: dict[str, Any] = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("events", "episodes")}
    taken = pd.read_parquet(folder / "pathways.parquet")
    taken["goal"] = pd.factorize(taken["goal_id"])[0]
    paths = taken.groupby(["class_id", "learner_id"])["goal"].agg(list)
    given["paths"] = {room: each.tolist() for room, each in paths.groupby(level=0)}
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_timed(PEERS[line.strip()], given)), flush=True)


def _timed(call: Any, given: dict[str, Any]) -> dict[str, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    try:
        with redirect_stdout(sys.stderr):  # one greets whoever imports it
            result = call(given)
    except ImportError as error:
        return {"missing": str(error)}
    taken = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**taken, "memory": 0, "result": result}


if __name__ == "__main__":
    main()
