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
    with pytest.importorskip("duckdb").connect(config={"threads": 1}) as connection:
        # On a small log this step of planning takes five times as long as the query.
        connection.execute("SET disabled_optimizers TO 'cte_inlining'")
        # A relation has no order of its own, so each row says where it stands.
        yield lambda tables: ProgressLog.from_tables(
            **{name: connection.from_df(table.assign(row=range(1, len(table) + 1))) for name, table in tables.items()}
        )
