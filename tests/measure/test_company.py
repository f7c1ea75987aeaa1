"""Network, availability, agency, diversity and follow-through equal an oracle of plain loops, on each engine."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reflectlab import ProgressLog
from reflectlab.measure.agency import agency
from reflectlab.measure.availability import availability, availability_summary
from reflectlab.measure.diversity import diversity
from reflectlab.measure.network import network, network_summary
from tests.logs import Tables, class_logs, days_to_report
from tests.oracle import company
from tests.oracle import network as networks
from tests.oracle.school import School

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

MEASURES: dict[str, tuple[Callable[..., pd.DataFrame], Callable[..., pd.DataFrame]]] = {
    "network": (network, networks.network),
    "network_summary": (network_summary, networks.network_summary),
    "availability": (availability, company.availability),
    "availability_summary": (availability_summary, company.availability_summary),
    "agency": (agency, company.agency),
    "diversity": (diversity, company.diversity),
}
few = settings(max_examples=12)
logs = class_logs()
days = days_to_report()
periods = st.sampled_from([None, "week", "term"])
of_learners = st.sampled_from([("class_id",), (), ("learner_id",), ("language", "class_id")])
of_anything = st.sampled_from([("class_id",), (), ("learner_id",), ("strand",), ("class_id", "goal_id")])


def agree(engine: Engine, tables: Tables, name: str, **options: Any) -> None:
    if "language" in options.get("by", ()) and "learners" not in tables:
        options["by"] = ("learner_id",)
    measure, oracle = MEASURES[name]
    found, expected = measure(engine(tables), **options), oracle(School.from_tables(**tables), **options)
    unknown = {table for table in ("events", "collaborations") if table not in tables}
    assert len(found.attrs.get("cannot_tell", [])) == len(unknown & NEEDS[name])
    for column in [column for table in unknown for column in UNTOLD.get((name, table), ())]:
        assert found[column].isna().all()
        found, expected = found.drop(columns=column, errors="ignore"), expected.drop(columns=column, errors="ignore")
    assert_frame_equal(found, expected, rtol=1e-9, atol=1e-12)


BOTH = {"events", "collaborations"}
NEEDS = {"network": BOTH, "network_summary": BOTH, "agency": BOTH}
NEEDS |= {name: {"events"} for name in ("availability", "availability_summary", "diversity")}
UNTOLD = {
    ("network_summary", "events"): ["isolates_with_a_peer"],
    ("network_summary", "collaborations"): ["pairs", "isolates", "isolates_with_a_peer"],
    ("availability", "events"): company.COUNTS,
}


@few
@given(logs, days, of_anything)
def test_network(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "network", by=by, on=on)


@few
@given(logs, days, of_learners)
def test_network_summary(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "network_summary", by=by, on=on)


@few
@given(logs, days)
def test_availability(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "availability", on=on)


@few
@given(logs.filter(lambda tables: "events" in tables), days, of_learners, periods)
def test_availability_summary(
    engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], every: str | None
) -> None:
    agree(engine, tables, "availability_summary", by=by, every=every, on=on)


@few
@given(logs, days, of_anything, periods)
def test_agency(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], every: str | None) -> None:
    agree(engine, tables, "agency", by=by, every=every, on=on)


@few
@given(logs, days, of_learners)
def test_diversity(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "diversity", by=by, on=on)


@pytest.mark.long
@pytest.mark.parametrize("name", MEASURES)
@given(tables=logs, on=days)
def test_on_many_logs(engine: Engine, name: str, tables: Tables, on: date | None) -> None:
    if "events" in tables:
        agree(engine, tables, name, on=on)
