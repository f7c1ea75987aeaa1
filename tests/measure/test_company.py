"""Who works with whom, who could, who chose, what follows: equal to an oracle of plain loops."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog, simulate
from reflectlab.simulate import simulate_school
from tests import oracle
from tests.logs import Tables, class_logs, days_to_report
from tests.oracle import company
from tests.oracle import follow as following
from tests.oracle import network as networks
from tests.oracle.school import School

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

ORACLES: dict[str, Callable[..., pd.DataFrame]] = {
    "network": networks.network,
    "network_summary": networks.network_summary,
    "availability": company.availability,
    "availability_summary": company.availability_summary,
    "agency": company.agency,
    "diversity": company.diversity,
}
BOTH = {"events", "collaborations"}
NEEDS = {"network": BOTH, "network_summary": BOTH, "agency": BOTH}
NEEDS |= {name: {"events"} for name in ("availability", "availability_summary", "diversity")}
UNTOLD = {
    ("network_summary", "events"): ["isolates_with_a_peer"],
    ("network_summary", "collaborations"): ["pairs", "isolates", "isolates_with_a_peer"],
    ("availability", "events"): company.COUNTS,
    ("availability_summary", "events"): [
        *("days_on_goal", "days_with_peer", "days_with_supporter", "days_with_anyone"),
        *("mean_peers", "mean_supporters", "share_with_anyone"),
    ],
}

every_log = class_logs()
full_logs = every_log.filter(lambda tables: tables.keys() >= BOTH)
days = days_to_report()
periods = st.sampled_from([None, "week", "term"])
of_learners = st.sampled_from([("class_id",), (), ("learner_id",), ("language", "class_id")])
of_anything = st.sampled_from([("class_id",), (), ("learner_id",), ("strand",), ("class_id", "goal_id")])
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "network": st.fixed_dictionaries({"by": of_anything, "on": days}),
    "network_summary": st.fixed_dictionaries({"by": of_learners, "on": days}),
    "availability": st.fixed_dictionaries({"on": days}),
    "availability_summary": st.fixed_dictionaries({"by": of_learners, "every": periods, "on": days}),
    "agency": st.fixed_dictionaries({"by": of_anything, "every": periods, "on": days}),
    "diversity": st.fixed_dictionaries({"by": of_learners, "on": days}),
}
every_measure = pytest.mark.parametrize("name", ORACLES)


def of_polars(tables: Mapping[str, pd.DataFrame]) -> ProgressLog:
    return ProgressLog.from_tables(**tables)


def agree(engine: Engine, tables: Tables, name: str, **options: Any) -> None:
    """One measure gives what the oracle gives, to the last type, and says what the log cannot tell."""
    if "language" in options.get("by", ()) and "learners" not in tables:
        options["by"] = ("learner_id",)
    found = getattr(reflectlab, name)(engine(tables), **options)
    expected = ORACLES[name](School.from_tables(**tables), **options)
    unknown = {table for table in BOTH if table not in tables}
    assert len(found.attrs["cannot_tell"]) == len(unknown & NEEDS[name])
    for column in [column for table in unknown for column in UNTOLD.get((name, table), ())]:
        assert found[column].isna().all()
        found, expected = found.drop(columns=column, errors="ignore"), expected.drop(columns=column, errors="ignore")
    assert_frame_equal(found, expected, rtol=1e-9, atol=1e-12)


@every_measure
@settings(max_examples=8)
@given(data=st.data())
def test_on_polars(name: str, data: st.DataObject) -> None:
    agree(of_polars, data.draw(every_log), name, **data.draw(OPTIONS[name]))


@pytest.mark.long
@every_measure
@given(data=st.data())
def test_on_many_logs(name: str, data: st.DataObject) -> None:
    agree(of_polars, data.draw(every_log), name, **data.draw(OPTIONS[name]))


@pytest.fixture(scope="module")
def room_5(root: Path) -> Tables:
    """The tables of one class of the sample."""
    log = reflectlab.load(root / "data" / "sample").select(class_id="Room 5")
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    return {name: table.drop(columns="row") for name, table in tables.items()}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("network", {"by": ("strand",)}),
        ("network", {}),
        ("network_summary", {}),
        ("availability", {}),
        ("availability_summary", {"every": "week"}),
        ("agency", {"by": ("class_id",), "every": "week"}),
        ("diversity", {}),
    ],
)
def test_on_the_sample(room_5: Tables, name: str, options: dict[str, Any]) -> None:
    agree(of_polars, room_5, name, **options)


@pytest.mark.parametrize("characters", [sys.maxunicode, 10_000])
def test_diversity_of_more_goals_than_there_are_plain_characters(
    monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    """There are 60,000 goals, and learners take up those whose numbers are halves of characters, one apart each."""
    monkeypatch.setattr("sys.maxunicode", characters)
    ids = [f"{number:05}" for number in range(60_000)]
    first = 0xD800 - 3
    taken = {"aroha": range(first, first + 8), "ben": range(first + 1, first + 9), "hemi": range(first, first + 8)}
    rows = [(learner, ids[goal]) for learner, goals in taken.items() for goal in goals]
    events = pd.DataFrame(rows, columns=["learner_id", "goal_id"]).assign(time="2026-02-02", event="started")
    found = reflectlab.diversity(ProgressLog.from_tables(events=events, goals=pd.DataFrame({"goal_id": ids})), by=())
    assert found.loc[0, "distinct_pathways"] == 2
    assert found.loc[0, "mean_distance"] == pytest.approx((2 / 8 + 0 + 2 / 8) / 3)


FIGURES = ["supported", "rate", "not_yet_rate", "unmatched"]


def follow_alike(engine: Engine, tables: Tables, **options: Any) -> tuple[float, ...]:
    """follow_through gives the figures of the oracle; returns them."""
    found = reflectlab.follow_through(engine(tables), **options).loc[0, FIGURES].astype(float)
    expected = following.follow_through(School.from_tables(**tables), **options)
    assert np.allclose(found, expected, rtol=1e-9, equal_nan=True)
    return expected


@settings(max_examples=20)
@given(every_log, st.sampled_from([1, 2, 5]), days)
def test_follow_through_on_polars(tables: Tables, within: int, on: Any) -> None:
    follow_alike(of_polars, tables, within=within, on=on)


@pytest.mark.parametrize("mode", ["times", "dates"])
def test_follow_through_in_a_busy_school(mode: str) -> None:
    school = simulate_school(classes=1, learners=26, goals=8, mode=mode, seek_when_stuck=6, seed=3)
    tables = {name: getattr(school, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    supported, _, not_yet, _ = follow_alike(of_polars, tables)
    assert supported > 5
    assert 0 < not_yet < 1


def test_follow_through_by_group_and_by_day_adds_up() -> None:
    log = simulate(classes=3, learners=26, goals=10, seek_when_stuck=6, seed=3)
    rooms = reflectlab.follow_through(log, by="class_id")
    for room, rows in rooms.groupby("class_id"):
        alone = reflectlab.follow_through(log.select(class_id=room))
        assert_frame_equal(rows[FIGURES].reset_index(drop=True), alone[FIGURES])
    each = reflectlab.follow_through(log, each_day=True)
    whole = reflectlab.follow_through(log).iloc[0]
    assert each["supported"].sum() == whole["supported"]
    assert each["met_within"].sum() == whole["met_within"]
    assert np.isclose((each["not_yet_rate"] * each["supported"]).sum() / whole["supported"], whole["not_yet_rate"])
    for low, rate, high in (
        ("low", "rate", "high"),
        ("not_yet_low", "not_yet_rate", "not_yet_high"),
        ("difference_low", "difference", "difference_high"),
    ):
        assert whole[low] < whole[rate] < whole[high]


@settings(max_examples=15)
@given(every_log, days)
def test_role_differences(tables: Tables, on: Any) -> None:
    assume("events" in tables)
    found = reflectlab.role_differences(of_polars(tables), on=on)
    rows = oracle.episodes(School.from_tables(**tables), on=on)
    meant = rows["role"].map({"helper": "gave_support", "seeker": "sought_support", "peer": "shared_goal"})
    differs = meant.notna() & rows["goal_id"].notna() & (meant != rows["kind"])
    differs &= ~((rows["role"] == "peer") & rows["also_shared"].astype(bool))
    columns = ["episode_id", "time", "learner_id", "goal_id", "role", "kind", "status", "ambiguous"]
    assert_frame_equal(found[columns], rows.loc[differs, columns].reset_index(drop=True))
    assert found["explanation"].str.fullmatch(r"Noted as \w+, but .+\.").all()
