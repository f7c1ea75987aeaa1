"""A school written part by part, so that memory holds one part at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from ..schema import ABOUT
from ..writing import new_folder

_ONCE = ("goals", "terms")
"""Tables that are the same in every part."""


def write_parts(parts: Iterator[Mapping[str, pd.DataFrame]], place: Path) -> Path:
    """Write the tables of a log in parts, as a new folder that `scan` opens; return it.

    Each table is a folder with a file for every part, and `row` counts on from one to the next; goals and terms, which
    are the same in each, are a file.

    Examples
    --------
    >>> import tempfile
    >>> part = {"events": pd.DataFrame({"learner_id": ["aroha"], "goal_id": ["hook"], "event": ["met"]})}
    >>> folder = write_parts(iter([part, part]), Path(tempfile.mkdtemp()) / "log")
    >>> sorted(file.name for file in folder.rglob("*.parquet"))
    ['00000.parquet', '00001.parquet', 'about.parquet']
    """
    rows: dict[str, int] = {}
    with new_folder(place) as folder:
        _write(pd.DataFrame({"what": ["tz"], "value": ["UTC"]}), folder / f"{ABOUT}.parquet")
        for number, tables in enumerate(parts):
            for name, table in tables.items():
                if name in _ONCE and number:
                    continue
                first = rows.get(name, 0) + 1
                rows[name] = rows.get(name, 0) + len(table)
                file = f"{name}.parquet" if name in _ONCE else f"{name}/{number:05d}.parquet"
                if len(table):
                    _write(table.assign(row=range(first, first + len(table))), folder / file)
    return place


def _write(table: pd.DataFrame, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    table.to_parquet(file, index=False, compression="zstd")
