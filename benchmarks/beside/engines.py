"""The engines: how each opens a folder of canonical Parquet, and what it calls for a measure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = (
    "spells", "stretches", "status", "completion", "time_to_goal", "pathways", "transitions", "episodes",
    "collaboration",
)  # fmt: skip

Opened = tuple[Callable[[], Any], Callable[[Any, str], Any]]
"""What gives the tables, and what makes a measure of them."""


def ours(folder: Path, *, held: bool) -> Opened:
    import reflectlab as rl

    def call(log: rl.ProgressLog, name: str) -> Any:
        if name == "transitions_of_events":
            return rl.transitions(log, step="event")
        return getattr(rl, name)(log)

    def opened() -> rl.ProgressLog:
        from .polars_log import held as held_tables

        if not held:
            return rl.scan(folder)
        return rl.ProgressLog.from_tables(**{name: each.collect() for name, each in held_tables(folder).items()})

    return opened, call


def polars(folder: Path, *, held: bool) -> Opened:
    from . import by_polars, polars_log, together_polars

    def call(tables: Any, name: str) -> Any:
        return _of(name, by_polars, together_polars)(tables)

    return (lambda: (polars_log.held if held else polars_log.opened)(folder)), call


def polars_to_pandas(folder: Path, *, held: bool) -> Opened:
    """Polars by hand, and what comes out made a pandas frame, which is what comes out of reflectlab."""
    opened, call = polars(folder, held=held)
    return opened, lambda tables, name: call(tables, name).to_pandas()


def pandas(folder: Path, *, held: bool) -> Opened:  # noqa: ARG001 - it has no other way
    from . import by_pandas, pandas_log, together_pandas

    def call(tables: Any, name: str) -> Any:
        return _of(name, by_pandas, together_pandas)(tables)

    return (lambda: pandas_log.held(folder)), call


def pyspark(folder: Path, *, held: bool) -> Opened:  # noqa: ARG001 - Spark itself keeps what measures rest on
    """The measures of reflectlab on frames of Spark, on this machine."""
    import reflectlab as rl

    def opened() -> rl.ProgressLog:
        from pyspark.sql import SparkSession

        options = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.driver.memory": "4g"}
        options |= {"spark.sql.shuffle.partitions": "4", "spark.ui.showConsoleProgress": "false"}
        SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
        return rl.scan(folder, engine="pyspark")

    return opened, lambda log, name: getattr(rl, name)(log)


def _of(name: str, *modules: Any) -> Callable[[Any], Any]:
    called = {"status": "status_now"}.get(name, name)
    return next(getattr(module, called) for module in modules if hasattr(module, called))


ENGINES: dict[str, Callable[..., Opened]] = {
    "ours": ours,
    "polars": polars,
    "polars_to_pandas": polars_to_pandas,
    "pandas": pandas,
    "pyspark": pyspark,
}

USUAL = ("ours", "polars", "polars_to_pandas", "pandas")
"""Those that are measured unless others are named."""
