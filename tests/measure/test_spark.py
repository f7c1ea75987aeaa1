"""Every measure says on Spark what it says in memory, to the last row and type."""

import gc
import shutil
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, NoReturn

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ProgressLog

pytestmark = pytest.mark.filterwarnings("default")  # what Spark and its bridge to Java warn of is theirs

MEASURES: dict[str, dict[str, Any]] = {
    "spells": {"goes": "all"},
    "status": {"on": "2026-07-29"},
    "completion": {"by": ["class_id", "strand"], "every": "week"},
    "transitions": {"start": True, "by": "class_id"},
    "episodes": {},
    "collaboration": {"every": "week"},
}

OTHERS: dict[str, dict[str, Any]] = {
    "stretches": {},
    "time_to_goal": {"by": "class_id"},
    "pathways": {},
    "agency": {},
    "network": {},
    "network_summary": {},
    "availability": {},
    "availability_summary": {},
    "diversity": {},
    "follow_through": {},
    "digest": {},
    "opportunities": {},
    "changes": {"since": "2026-07-31"},
    "role_differences": {},
    "to_counting_process": {},
    "to_dyads": {},
    "qap": {},
}


@pytest.fixture(scope="module")
def session(missing: Callable[[str], NoReturn]) -> Iterator[Any]:
    """A session of Spark on this machine."""
    if not find_spec("pyspark") or not shutil.which("java"):
        missing("PySpark or Java is not here")
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.shuffle.partitions": 1,
        "spark.default.parallelism": 1,
        "spark.ui.enabled": False,
        "spark.ui.showConsoleProgress": False,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.adaptive.enabled": False,
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()
    SparkContext._gateway.shutdown()
    SparkContext._gateway = SparkContext._jvm = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the bridge leaves the closing of its sockets to Python
        del made
        gc.collect()


@pytest.fixture(scope="module")
def held() -> ProgressLog:
    return reflectlab.example()


@pytest.fixture(scope="module")
def scanned(session: Any, held: ProgressLog, tmp_path_factory: pytest.TempPathFactory) -> ProgressLog:
    """The log as Spark reads it from Parquet."""
    assert session.getActiveSession() is not None
    folder = tmp_path_factory.mktemp("spark") / "log.parquet"
    reflectlab.save_tables(held, folder)
    return reflectlab.scan(folder, engine="pyspark")


def test_the_rows_stay_with_spark(scanned: ProgressLog, held: ProgressLog) -> None:
    assert scanned.scanned
    assert "pyspark" in repr(scanned)
    assert_frame_equal(scanned.events, held.events)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_the_same(name: str, scanned: ProgressLog, held: ProgressLog) -> None:
    same(name, MEASURES[name], scanned, held)


@pytest.mark.long
@pytest.mark.parametrize("name", OTHERS)
def test_any_other_measure_is_the_same(name: str, scanned: ProgressLog, held: ProgressLog) -> None:
    same(name, OTHERS[name], scanned, held)


@pytest.mark.long
def test_the_comparison_is_the_same(scanned: ProgressLog, held: ProgressLog) -> None:
    assert_frame_equal(reflectlab.compare(scanned).table, reflectlab.compare(held).table)


def same(name: str, options: dict[str, Any], scanned: ProgressLog, held: ProgressLog) -> None:
    measure = getattr(reflectlab, name)
    assert_frame_equal(measure(scanned, **options), measure(held, **options))


def test_tables_of_a_session_make_a_log(session: Any, held: ProgressLog) -> None:
    events = held.events.assign(row=range(len(held.events)))[["time", "learner_id", "goal_id", "event", "row"]]
    session.createDataFrame(events).createOrReplaceTempView("happened")
    log = ProgressLog.from_tables(events=session.table("happened"))
    assert_frame_equal(reflectlab.status(log), reflectlab.status(ProgressLog.from_tables(events=held.events)))


def test_a_problem_is_told_by_a_sample_and_a_count(session: Any, held: ProgressLog) -> None:
    bad = pd.concat([held.events, *[held.events.assign(event="achived")] * 2], ignore_index=True)
    rows = bad.assign(row=range(len(bad)))[["time", "learner_id", "goal_id", "event", "row"]]
    log = ProgressLog.from_tables(events=session.createDataFrame(rows))
    assert len(log.problems) == 5
    assert log.problems["message"].str.contains(f"One of {2 * len(held.events)} such rows").all()


def test_times_on_another_clock_are_refused(session: Any, held: ProgressLog) -> None:
    events = session.createDataFrame(held.events.assign(row=1)[["time", "learner_id", "goal_id", "event", "row"]])
    with pytest.raises(ArgumentError, match="timeZone"):
        ProgressLog.from_tables(events=events, tz="Pacific/Auckland")
