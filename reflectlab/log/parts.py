"""A log that outgrows the memory, in parts of whole classes that do not."""

from collections.abc import Iterator, Mapping

import narwhals as nw
import numpy as np
import polars as pl

from ..schema import HAPPENINGS
from .tables import LogTables


def parts(tables: LogTables, rows: int) -> Iterator[LogTables]:
    """Yield the tables of each part of a log on Polars: `ProgressLog.parts`, which see."""
    learners = _learners(tables.checked)
    together = _together(tables.checked["collaborations"], learners)
    for _, part in _numbered(learners, together, rows).group_by("part", maintain_order=True):
        yield tables.of_learners(part["learner_id"])


def _learners(tables: Mapping[str, nw.LazyFrame]) -> pl.DataFrame:
    """Return the learners in the order of their ids, how many rows each has, and a number for their class."""
    counts = [tables[name].group_by("learner_id").agg(rows=nw.len()).to_native() for name in HAPPENINGS]
    found = (
        pl.concat(each.cast({"learner_id": pl.String}) for each in counts)
        .group_by("learner_id")
        .agg(pl.col("rows").sum())
    )
    if "learners" in tables:
        roster = tables["learners"].select("learner_id", "class_id").to_native()
        found = roster.join(found, on="learner_id", how="left").with_columns(pl.col("rows").fill_null(0))
    else:
        found = found.with_columns(class_id=pl.lit(None, pl.String))
    rows: pl.DataFrame = found.sort("learner_id").collect()
    # Who is in no class is one of their own; no class has a number as large.
    numbers = pl.col("class_id").rank("dense").cast(pl.Int64) - 1
    own = pl.int_range(pl.len(), dtype=pl.Int64) + pl.col("class_id").n_unique()
    return rows.with_columns(group=pl.coalesce(numbers, own))


def _together(collaborations: nw.LazyFrame, learners: pl.DataFrame) -> pl.DataFrame:
    """Return which classes must be in one part since they were in one episode: `group` and another `least`."""
    rows = collaborations.select("episode_id", "learner_id").to_native().cast({"learner_id": pl.String})
    placed = rows.join(learners.lazy().select("learner_id", "group"), on="learner_id")
    least = placed.group_by("episode_id").agg(least=pl.col("group").min(), most=pl.col("group").max())
    mixed = least.filter(pl.col("least") < pl.col("most")).select("episode_id", "least")
    found: pl.DataFrame = placed.join(mixed, on="episode_id").select("group", "least").unique().collect()
    return found


def _numbered(learners: pl.DataFrame, together: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Give each learner the number of a part: what belongs together stays so, and a part is full at so many rows."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(learners) + learners["class_id"].n_unique()
    edges = coo_array(
        (np.ones(together.height), (together["group"].to_numpy(), together["least"].to_numpy())), shape=(size, size)
    )
    whole = pl.Series(connected_components(edges, directed=False)[1], dtype=pl.Int64)
    placed = learners.with_columns(whole=whole.gather(learners["group"]))
    # In the order of their first ids, which is that of most files: a part then reads few of them.
    sizes = placed.group_by("whole", maintain_order=True).agg(pl.col("rows").sum())
    begun = sizes.with_columns(part=(pl.col("rows").cum_sum() - pl.col("rows")) // rows)
    return placed.join(begun.select("whole", "part"), on="whole", how="left", maintain_order="left")
