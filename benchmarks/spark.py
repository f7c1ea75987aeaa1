"""Every measure of a million events on Spark and on Polars: the same to the last row and type, and the time of both.

    python -m benchmarks spark [--rows 1000000] [--only spells ...]

The session has two threads of this machine. A measure is made once on each; the first pays for the tables that it
rests on and that Spark caches. Seconds are those of the clock; a row is printed as soon as its measure is made.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

import reflectlab as rl

from .beside.data import made

MEASURES: dict[str, dict[str, Any]] = {
    "spells": {},
    "stretches": {},
    "status": {},
    "completion": {},
    "time_to_goal": {},
    "pathways": {},
    "transitions": {},
    "episodes": {},
    "collaboration": {},
    "agency": {},
    "availability": {},
    "availability_summary": {},
    "changes": {"since": "2026-09-01"},
    "digest": {},
    "diversity": {},
    "due_days": {},
    "follow_through": {},
    "goal_learners": {},
    "goal_summary": {},
    "network": {},
    "network_summary": {},
    "opportunities": {},
    "partner_diversity": {},
    "role_differences": {},
    "to_counting_process": {},
    "to_dyads": {},
    "compare": {},
}

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.memory": "6g",
    "spark.driver.maxResultSize": "4g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def main() -> None:
    warnings.simplefilter("ignore")
    from pyspark.sql import SparkSession

    said = _said()
    folder = made(said.rows)
    SparkSession.builder.master("local[2]").config(map=SETTINGS).getOrCreate()
    there, here = rl.scan(folder, engine="pyspark"), rl.scan(folder)
    print(f"{'measure':>22}{'rows':>12}{'Polars, s':>12}{'Spark, s':>12}  the same")
    for name in said.only:
        call = _call(name)
        (expected, polars), (found, spark) = _timed(call, here), _timed(call, there)
        print(f"{name:>22}{_rows(expected):>12,}{polars:>12.2f}{spark:>12.2f}  {_told(expected, found)}", flush=True)


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks spark")
    parser.add_argument("spark", nargs="*")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", default=list(MEASURES), choices=list(MEASURES))
    return parser.parse_args()


def _call(name: str) -> Callable[[rl.ProgressLog], Any]:
    measure, options = getattr(rl, name), MEASURES[name]
    if name == "compare":
        return lambda log: measure(log, **options).table
    return lambda log: measure(log, **options)


def _timed(call: Callable[[rl.ProgressLog], Any], log: rl.ProgressLog) -> tuple[Any, float]:
    start = time.perf_counter()
    try:
        found = call(log)
    except rl.ReflectLabError as error:
        found = f"{type(error).__name__}: {error}"
    return found, time.perf_counter() - start


def _rows(found: Any) -> int:
    return len(found) if isinstance(found, pd.DataFrame) else 0


def _told(expected: Any, found: Any) -> str:
    """Return that both are the same, or how they differ."""
    if isinstance(expected, str) or isinstance(found, str):
        return f"refused: {expected}" if expected == found else f"NOT: {expected} / {found}"
    try:
        assert_frame_equal(found, expected)
    except AssertionError as error:
        return f"NOT: {' '.join(str(error).split())}"
    return "yes"
