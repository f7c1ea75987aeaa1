"""Schools of about so many rows, as folders of canonical Parquet, made once: classes of 36 over 40 weeks."""

from pathlib import Path

import reflectlab as rl

FOLDER = Path(__file__).resolve().parents[2] / "build" / "benchmark" / "beside"

ROWS_OF_A_CLASS = 5_800
"""Events and participations, about."""


def made(rows: int) -> Path:
    """Return the folder of a school of about so many rows, made if it is not there."""
    folder = FOLDER / str(rows)
    if not folder.exists():
        classes = max(1, round(rows / ROWS_OF_A_CLASS))
        rl.simulate(classes=classes, learners=36, weeks=40, goals=40, seed=1, to=folder)
    return folder
