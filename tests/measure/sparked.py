"""Measures on Spark set beside the same in memory: `python -m tests.measure.sparked NAME ...`.

In a process of its own, for what the bridge to Java opens stays open until Python ends. Of each name one line of JSON
is printed: the name, and what is wrong; nothing where all is the same, to the last row and type.
"""

import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ProgressLog

ZONE = "Pacific/Auckland"
"""The clock of the session and of the school; the machine that the tests run on is hardly ever on it."""

TABLES = ("events", "collaborations", "goals", "learners", "terms")

SETTINGS = {
    "spark.sql.shuffle.partitions": 1,
    "spark.default.parallelism": 1,
    "spark.ui.enabled": False,
    "spark.ui.showConsoleProgress": False,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.adaptive.enabled": False,
    "spark.sql.session.timeZone": ZONE,
}

OPTIONS: dict[str, dict[str, Any]] = {
    "spells": {"goes": "all"},
    "status": {"on": "2026-07-29"},
    "completion": {"by": ["class_id", "strand"], "every": "week"},
    "transitions": {"start": True, "by": "class_id"},
    "collaboration": {"every": "week"},
    "time_to_goal": {"by": "class_id"},
    "changes": {"since": "2026-07-31"},
    "to_counting_process": {"goes": "all"},
}

COLUMNS = ["time", "learner_id", "goal_id", "event", "row"]


def main() -> None:
    warnings.simplefilter("ignore")  # what Spark and its bridge warn of is theirs
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    example = reflectlab.example()
    held = ProgressLog.from_tables(tz=ZONE, **{name: getattr(example, name) for name in TABLES})
    with tempfile.TemporaryDirectory() as folder:
        reflectlab.save_tables(held, Path(folder) / "log.parquet")
        scanned = reflectlab.scan(Path(folder) / "log.parquet", engine="pyspark")
        for name in sys.argv[1:]:
            sys.stdout.write(json.dumps([name, _wrong(name, session, scanned, held)]) + "\n")
    session.stop()


def _wrong(name: str, session: Any, scanned: ProgressLog, held: ProgressLog) -> str:
    """Return what is wrong, if anything is."""
    try:
        if name in CHECKS:
            CHECKS[name](session, scanned, held)
        else:
            measure, options = getattr(reflectlab, name), OPTIONS.get(name, {})
            found, expected = (measure(log, **options) for log in (scanned, held))
            pair = (found.table, expected.table) if name == "compare" else (found, expected)
            assert_frame_equal(*pair)
    except AssertionError as error:
        return str(error) or "an assertion failed"
    return ""


def _rows_stay(_: Any, scanned: ProgressLog, held: ProgressLog) -> None:
    assert scanned.scanned
    assert "pyspark" in repr(scanned)
    assert_frame_equal(scanned.events, held.events)


def _tables_of_a_session(session: Any, _: ProgressLog, held: ProgressLog) -> None:
    session.createDataFrame(held.events.assign(row=range(len(held.events)))[COLUMNS]).createOrReplaceTempView("told")
    log = ProgressLog.from_tables(events=session.table("told"), tz=ZONE)
    expected = ProgressLog.from_tables(events=held.events, tz=ZONE)
    assert_frame_equal(reflectlab.status(log), reflectlab.status(expected))


def _samples_of_problems(session: Any, _: ProgressLog, held: ProgressLog) -> None:
    bad = pd.concat([held.events, *[held.events.assign(event="achived")] * 2], ignore_index=True)
    log = ProgressLog.from_tables(events=session.createDataFrame(bad.assign(row=range(len(bad)))[COLUMNS]), tz=ZONE)
    assert len(log.problems) == 5
    assert log.problems["message"].str.contains(f"One of {2 * len(held.events)} such rows").all()


def _another_clock(session: Any, _: ProgressLog, held: ProgressLog) -> None:
    events = session.createDataFrame(held.events.assign(row=1)[COLUMNS])
    with pytest.raises(ArgumentError, match="timeZone"):
        ProgressLog.from_tables(events=events, tz="UTC")


def _a_period(_: Any, scanned: ProgressLog, held: ProgressLog) -> None:
    one, other = (log.select(start="2026-07-22", end="2026-07-29") for log in (scanned, held))
    assert 0 < len(one.events) < len(held.events)
    assert_frame_equal(one.events, other.events)
    for measure in (reflectlab.spells, reflectlab.completion, reflectlab.episodes, reflectlab.stretches):
        assert_frame_equal(measure(one), measure(other))


def _due_days(session: Any, _: ProgressLog, held: ProgressLog) -> None:
    day = pd.Timestamp("2026-08-05 15:00")
    events = held.events.assign(row=range(len(held.events)), due=held.events["time"] + pd.Timedelta(days=9))
    goals = held.goals[["goal_id", "title"]].assign(due=day, row=range(len(held.goals)))
    tables = {"events": events[[*COLUMNS, "due"]], "goals": goals}
    tables["events"]["due"] = tables["events"]["due"].where(tables["events"]["learner_id"] != "ben", day)
    log = ProgressLog.from_tables(**{name: session.createDataFrame(table) for name, table in tables.items()}, tz=ZONE)
    same = ProgressLog.from_tables(**tables, tz=ZONE)
    assert_frame_equal(log.goals, same.goals)
    for measure in (reflectlab.due_days, reflectlab.digest, reflectlab.opportunities):
        assert_frame_equal(measure(log), measure(same))
    assert len(reflectlab.due_days(log))


CHECKS: dict[str, Callable[[Any, ProgressLog, ProgressLog], None]] = {
    "the rows stay with Spark": _rows_stay,
    "tables of a session make a log": _tables_of_a_session,
    "a period is the same": _a_period,
    "problems are told by samples and counts": _samples_of_problems,
    "times on another clock are refused": _another_clock,
    "due days are the same": _due_days,
}

if __name__ == "__main__":
    main()
