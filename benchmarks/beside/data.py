"""Schools of about so many rows, as folders of canonical Parquet, made once: classes of 36 over 40 weeks."""

from pathlib import Path

import pandas as pd

from reflectlab.simulate import simulate_school

FOLDER = Path(__file__).resolve().parents[2] / "build" / "benchmark" / "beside"

ROWS_OF_A_CLASS = 6_000
"""Events and participations; it is a little less."""


def made(rows: int) -> Path:
    """Return the folder of a school of about so many rows, made if it is not there."""
    folder = FOLDER / str(rows)
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        school = simulate_school(classes=classes(rows), learners=36, weeks=40, goals=40, seed=1)
        for name in ("events", "collaborations", "learners", "goals", "terms"):
            table: pd.DataFrame = getattr(school, name)
            table.assign(row=range(1, len(table) + 1)).to_parquet(folder / f"{name}.parquet")
        (folder / "done").touch()
    return folder


def classes(rows: int) -> int:
    """Return how many classes have about so many rows."""
    return max(1, round(rows / ROWS_OF_A_CLASS))
