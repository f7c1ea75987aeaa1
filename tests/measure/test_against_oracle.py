"""Every measure equals the oracle on each engine: on logs that hypothesis draws, the sample and real logs."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog
from tests import oracle
from tests.logs import Tables, class_logs, days_to_report

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

# After ten logs hypothesis turns to slight changes of the last: another test says more than another example.
few = settings(max_examples=12)
logs = class_logs()
days = days_to_report()
periods = st.sampled_from([None, "week", "term"])
groups = st.sampled_from([("class_id",), (), ("learner_id",), ("strand",), ("class_id", "goal_id"), ("language",)])
groups_of_learners = st.sampled_from([(), ("class_id",), ("learner_id",), ("language", "class_id")])


def agree(engine: Engine, tables: Tables, name: str, **options: Any) -> None:
    """One measure gives what the oracle gives, to the last type."""
    if "language" in options.get("by", ()) and "learners" not in tables:
        options["by"] = ("learner_id",)
    found = getattr(reflectlab, name)(engine(tables), **options)
    if name == "time_to_goal":
        _plausible(found)
        found = found.drop(columns=["low", "high"])
    expected = getattr(oracle, name)(oracle.School.from_tables(**tables), **options)
    assert_frame_equal(found, expected, rtol=1e-9, atol=1e-12)


def _plausible(curve: pd.DataFrame) -> None:
    """An interval of shares."""
    assert curve["low"].between(0, 1).all()
    assert curve["high"].between(0, 1).all()
    assert (curve["low"] <= curve["high"]).all()


@few
@given(logs, days)
def test_spells(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "spells", on=on)


@few
@given(logs, days)
def test_every_go(engine: Engine, tables: Tables, on: date | None) -> None:
    expected = oracle.goes(oracle.School.from_tables(**tables), on=on)
    found = reflectlab.spells(engine(tables), goes="all", on=on)[expected.columns.tolist()]
    assert_frame_equal(found, expected)


@few
@given(logs, days)
def test_stretches(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "stretches", on=on)


@few
@given(logs, days)
def test_status(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "status", on=on)


@few
@given(logs, st.tuples(days, days))
def test_changes(engine: Engine, tables: Tables, two: tuple[date | None, date | None]) -> None:
    log = engine(tables)
    since, on = sorted(day or log.last_day for day in two)
    agree(engine, tables, "changes", since=since, on=on)


@few
@given(logs, days, groups)
def test_completion(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "completion", by=by, on=on)


@few
@given(logs, days, groups, periods)
def test_completion_over_time(
    engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], every: str | None
) -> None:
    agree(engine, tables, "completion", by=by, every=every, on=on)


@few
@given(logs, days, groups)
def test_time_to_goal(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "time_to_goal", by=by, on=on)


@few
@given(logs, days)
def test_pathways(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "pathways", on=on)


@few
@given(logs, days, groups_of_learners, st.booleans())
def test_transitions_between_goals(
    engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], start: bool
) -> None:
    agree(engine, tables, "transitions", step="goal", start=start, by=by, on=on)


@few
@given(logs, days, groups_of_learners, st.booleans())
def test_transitions_between_events(
    engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], start: bool
) -> None:
    agree(engine, tables, "transitions", step="event", start=start, by=by, on=on)


@few
@given(logs, days)
def test_episodes(engine: Engine, tables: Tables, on: date | None) -> None:
    agree(engine, tables, "episodes", on=on)


@few
@given(logs, st.none())
def test_episodes_of_the_whole_log(engine: Engine, tables: Tables, on: None) -> None:
    agree(engine, tables, "episodes", on=on)


@few
@given(logs, days, groups)
def test_collaboration(engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...]) -> None:
    agree(engine, tables, "collaboration", by=by, on=on)


@few
@given(logs, days, groups, periods)
def test_collaboration_over_time(
    engine: Engine, tables: Tables, on: date | None, by: tuple[str, ...], every: str | None
) -> None:
    agree(engine, tables, "collaboration", by=by, every=every, on=on)


EVERYTHING: list[tuple[str, dict[str, Any]]] = [
    ("spells", {}),
    ("stretches", {}),
    ("status", {}),
    ("completion", {}),
    ("completion", {"by": ("learner_id",), "every": "week"}),
    ("completion", {"by": ("strand",), "every": "term"}),
    ("time_to_goal", {}),
    ("time_to_goal", {"by": ("class_id",)}),
    ("pathways", {}),
    ("transitions", {"step": "goal", "start": True, "by": ("class_id",)}),
    ("transitions", {"step": "event", "start": True}),
    ("episodes", {}),
    ("collaboration", {}),
    ("collaboration", {"by": ("class_id",), "every": "week"}),
    ("collaboration", {"by": ("learner_id",), "every": "week"}),
    ("collaboration", {"by": ("class_id", "strand"), "every": "term"}),
]
each = pytest.mark.parametrize(
    ("name", "options"), EVERYTHING, ids=["-".join([n, *map(str, o.values())]) for n, o in EVERYTHING]
)


@pytest.mark.long
@each
@given(tables=logs, on=days)
def test_on_many_logs(engine: Engine, name: str, options: dict[str, Any], tables: Tables, on: date | None) -> None:
    agree(engine, tables, name, on=on, **options)


@pytest.fixture(scope="session")
def sample(root: Path) -> Tables:
    """The tables of the simulated school."""
    folder = root / "data" / "sample"
    if not folder.is_dir():
        pytest.skip("data/sample is not there")
    log = reflectlab.load(folder)
    names = ("events", "collaborations", "learners", "goals", "terms")
    return {name: getattr(log, name) for name in names}


@each
def test_on_the_sample(engine: Engine, sample: Tables, name: str, options: dict[str, Any]) -> None:
    agree(engine, sample, name, **options)


@pytest.fixture(scope="session")
def patients(realdata: Path) -> Tables:
    """Five hundred patients: a hospital's handlings as goals."""
    table = pd.read_csv(realdata / "bupar_patients" / "patients.csv", dtype="str")
    event = table["registration_type"].map({"start": "started", "complete": "met"})
    names = {"patient": "learner_id", "handling": "goal_id"}
    events = table.rename(columns=names)[list(names.values())]
    return {"events": events.assign(time=_moments(table["time"]), event=event.astype("str"))}


@each
def test_on_patients(engine: Engine, patients: Tables, name: str, options: dict[str, Any]) -> None:
    agree(engine, patients, name, **options)


@pytest.fixture(scope="session")
def regulation(realdata: Path) -> Tables:
    """Two thousand learners' coded actions as goals, every row `worked`."""
    table = pd.read_csv(realdata / "tna_group_regulation" / "group_regulation_long_R.csv", dtype="str")
    names = {"Actor": "learner_id", "Action": "goal_id"}
    events = table.rename(columns=names)[list(names.values())]
    return {"events": events.assign(time=_moments(table["Time"]), event="worked")}


def _moments(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, format="ISO8601").astype("datetime64[us]")


@pytest.mark.parametrize(
    ("name", "options"), [pair for pair in EVERYTHING if pair[0] in ("status", "pathways", "transitions")]
)
def test_on_group_regulation(engine: Engine, regulation: Tables, name: str, options: dict[str, Any]) -> None:
    agree(engine, regulation, name, **options)
