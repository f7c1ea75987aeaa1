"""The engines that every measure runs on."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd
import pytest

from reflectlab import ProgressLog

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]


@pytest.fixture(scope="session", params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Makes a log of pandas tables that runs on the engine."""
    if request.param == "polars":
        yield lambda tables: ProgressLog.from_tables(**tables)
        return
    with pytest.importorskip("duckdb").connect() as connection:
        yield lambda tables: ProgressLog.from_tables(
            **{name: connection.from_df(table) for name, table in tables.items()}
        )
