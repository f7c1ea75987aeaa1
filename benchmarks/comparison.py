"""`compare` on 2,000 learners and 20,000 goals beside statsmodels; and 20 million events made into (start, stop] rows.

The 20 million events lie in build/benchmark as Parquet, made once; nothing of them is ever a pandas frame. The second
part takes minutes.
"""

import resource
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import polars as pl
from statsmodels.duration.hazard_regression import PHReg

import reflectlab as rl
from reflectlab.simulate import simulate_school

EVENTS = 20_000_000
FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmark"


def main() -> None:
    side_by_side(simulate_school(classes=80, learners=25, weeks=15, seed=1).log())
    print(f"{FOLDER}: {made(EVENTS):,} events")
    by_the_engine("polars")


def side_by_side(log: rl.ProgressLog) -> None:
    start = perf_counter()
    found = rl.compare(log)
    ours = perf_counter() - start
    rows = rl.to_counting_process(log)
    start = perf_counter()
    theirs = PHReg(
        rows["stop"],
        rows[["collaborative"]],
        status=rows["met"],
        entry=rows["start"] + 1e-7,
        strata=rows["learner_id"].to_numpy(str),
        ties="efron",
    ).fit(disp=0)
    taken = perf_counter() - start
    start = perf_counter()
    rl.sensitivity(log)
    checked = perf_counter() - start
    first = found.table.set_index("estimator").loc["within learners"]
    print(f"{first['learners']:,} learners, {first['goals']:,} goals")
    print(f"compare, all estimators and curves {ours:6.1f} s   ratio within learners {first['hazard_ratio']:.6f}")
    print(f"sensitivity                        {checked:6.1f} s")
    print(f"PHReg, within learners only        {taken:6.1f} s   {np.exp(theirs.params[0]):31.6f}")


def made(events: int) -> int:
    """Write a school many times over, under other names, until there are so many events; return how many there are."""
    school = simulate_school(classes=80, learners=25, weeks=10, seed=1)
    copies = -(-events // len(school.events))
    if not (FOLDER / "done").exists():
        for name in ("events", "collaborations", "learners"):
            _write(getattr(school, name), name, copies)
        for name in ("goals", "terms"):
            pl.from_pandas(getattr(school, name)).write_parquet(FOLDER / f"{name}.parquet")
        (FOLDER / "done").touch()
    return int(pl.scan_parquet(FOLDER / "events" / "*.parquet").select(pl.len()).collect().item())


def _write(table: pd.DataFrame, name: str, copies: int) -> None:
    (FOLDER / name).mkdir(parents=True, exist_ok=True)
    one = pl.from_pandas(table).lazy()
    ids = [column for column in ("learner_id", "episode_id", "class_id") if column in table]
    for part, (first, last) in enumerate(pairwise([*range(0, copies, 40), copies])):
        many = one.join(pl.LazyFrame({"copy": range(first, last)}), how="cross")
        named = many.with_columns(pl.format("{}-{}", pl.col(column), pl.col("copy")).alias(column) for column in ids)
        named.drop("copy").sink_parquet(FOLDER / name / f"{part:03d}.parquet")


def by_the_engine(engine: str) -> None:
    """Let the engine write the rows to a file of its own: they never come to Python."""
    start = perf_counter()
    log = rl.scan(FOLDER, engine=engine)
    opened = perf_counter()
    rows = rl.to_counting_process(log, collect=False).to_native()
    target = FOLDER / f"rows-{engine}.parquet"
    rows.sink_parquet(target) if engine == "polars" else rows.write_parquet(str(target))
    done = perf_counter()
    number = pl.scan_parquet(target).select(pl.len()).collect().item()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{engine}: opened and checked in {opened - start:.0f} s, {number:,} rows written in {done - opened:.0f} s; "
        f"{peak:.1f} GB at most so far"
    )
