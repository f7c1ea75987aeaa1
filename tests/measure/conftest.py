"""Where the rows of a log are when a measure runs on it."""

from collections.abc import Callable, Mapping
from unittest.mock import patch

import pandas as pd
import polars as pl
import pytest

from reflectlab import ProgressLog
from reflectlab.log import build

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]


@pytest.fixture(scope="session", params=["held", "scanned"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Makes a log of pandas tables: with its rows in memory, or with rows that are elsewhere and have no order."""
    return held if request.param == "held" else scanned


def held(tables: Mapping[str, pd.DataFrame]) -> ProgressLog:
    return ProgressLog.from_tables(**tables)


def scanned(tables: Mapping[str, pd.DataFrame]) -> ProgressLog:
    """As if of more events than are settled in memory: the measures run on plans."""
    rows = {name: table.assign(row=range(1, len(table) + 1)) for name, table in tables.items()}
    with patch.object(build, "HELD", -1):
        return ProgressLog.from_tables(**{name: pl.from_pandas(table).lazy() for name, table in rows.items()})
