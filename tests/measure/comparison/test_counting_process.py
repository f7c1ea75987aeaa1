"""Goals as (start, stop] rows: the rule where it is sharp, and the oracle everywhere."""

from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from reflectlab import ProgressLog, example, save_tables, scan
from reflectlab.errors import ArgumentError
from reflectlab.log import build
from reflectlab.log.frames import to_pandas
from reflectlab.measure.comparison.counting_process import COUNTING_PROCESS, to_counting_process
from tests.logs import Tables, class_logs
from tests.measure.cases import log_of
from tests.measure.conftest import Engine
from tests.oracle import School
from tests.oracle.survival import to_counting_process as expected_rows

HOUR = 1 / 24
COLUMNS = ["start", "stop", "met", "collaborative", "ending"]


@settings(max_examples=6)
@given(class_logs(), st.sampled_from(["school_days", "days"]))
def test_rows_are_those_of_the_oracle(engine: Engine, tables: Tables, unit: str):
    found = to_counting_process(engine(tables), unit=unit)
    assert_frame_equal(found, expected_rows(School.from_tables(**tables), unit), rtol=1e-12)


def rows(happened: list[tuple[str, float]], together: list[float] = [], **options: object) -> list[tuple]:  # noqa: B006
    """The rows of one learner's one goal; somebody else's clock or day keeps the log going until day 25."""
    ago = [("other", "g", "started", 0.0 + options.pop("clock", 0.0)), ("other", "g", "worked", 25.0)]
    log = log_of(
        [*(("a", "g", event, day) for event, day in happened), *ago], [("a", "g", day) for day in together], **options
    )
    found = to_counting_process(log)
    return list(found.loc[found["learner_id"] == "a", COLUMNS].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("happened", "together", "expected"),
    [
        pytest.param([("started", 0), ("met", 0)], [], [(0, 1, 1, 0, "met")], id="met the day it was started took 1"),
        pytest.param(
            [("started", 0), ("met", 3)], [1], [(0, 2, 0, 0, "together"), (2, 4, 1, 1, "met")], id="from the day after"
        ),
        pytest.param([("started", 0), ("met", 3)], [3], [(0, 4, 1, 0, "met")], id="met on the day of the episode"),
        pytest.param([("started", 2), ("met", 3)], [1], [(0, 2, 1, 1, "met")], id="together the day before the start"),
        pytest.param(
            [("started", 2), ("met", 3)], [2], [(0, 1, 0, 0, "together"), (1, 2, 1, 1, "met")], id="on the day of start"
        ),
        pytest.param([("set", 0), ("started", 2), ("met", 3)], [], [(0, 2, 1, 0, "met")], id="from started, not set"),
        pytest.param([("set", 1), ("met", 3)], [], [(0, 3, 1, 0, "met")], id="from set where no start is noted"),
        pytest.param([("met", 3)], [], [], id="nothing known from before"),
        pytest.param([("started", 3), ("met", 2)], [], [], id="met before it was started"),
        pytest.param([("started", 0), ("dropped", 2)], [], [(0, 3, 0, 0, "dropped")], id="dropped"),
        pytest.param([("started", 23)], [], [(0, 3, 0, 0, "open")], id="open when the log ends"),
        pytest.param([("started", 4), ("met", 7)], [], [(0, 2, 1, 0, "met")], id="a weekend does not count"),
        pytest.param([("started", 4), ("met", 5)], [], [(0, 2, 1, 0, "met")], id="Saturday belongs to Monday"),
        pytest.param(
            [("started", 0), ("met", 2), ("reopened", 3), ("met", 7)], [4], [(0, 3, 1, 0, "met")], id="the first met"
        ),
    ],
)
def test_dates(happened: list[tuple[str, float]], together: list[float], expected: list[tuple]):
    # From a Monday on; day 25 is a Friday.
    assert rows(happened, together) == expected


@pytest.mark.parametrize(
    ("happened", "together", "expected"),
    [
        pytest.param(
            [("started", 9 * HOUR), ("met", 1 + 12 * HOUR)],
            [1 + 9 * HOUR],
            [(0, 1, 0, 0, "together"), (1, 1.125, 1, 1, "met")],
            id="at once",
        ),
        pytest.param(
            [("started", 9 * HOUR), ("met", 1 + 9 * HOUR)],
            [1 + 9 * HOUR],
            [(0, 1, 1, 0, "met")],
            id="at the same moment",
        ),
        pytest.param([("started", 9 * HOUR), ("met", 9 * HOUR)], [], [], id="met in no time"),
        pytest.param(
            [("started", 4 + 12 * HOUR), ("met", 7 + 12 * HOUR)],
            [],
            [(0, 1, 1, 0, "met")],
            id="a weekend takes no time",
        ),
        pytest.param(
            [("started", 4 + 12 * HOUR), ("met", 6 + 12 * HOUR)], [5], [(0, 0.5, 1, 0, "met")], id="it is one moment"
        ),
        pytest.param([("started", 25 + 12 * HOUR)], [], [(0, 0.5, 0, 0, "open")], id="until the evening"),
    ],
)
def test_clock_times(happened: list[tuple[str, float]], together: list[float], expected: list[tuple]):
    assert rows(happened, together, clock=HOUR) == expected


@pytest.mark.parametrize(("clock", "stop"), [(0.0, 3), (HOUR, 3)])
def test_what_comes_after_a_learner_left_is_not_seen(clock: float, stop: float):
    learners = pd.DataFrame({"learner_id": ["a", "other", "company"], "left": ["2026-02-04", None, None]})
    assert rows([("started", 0), ("met", 8)], clock=clock, learners=learners) == [(0, stop, 0, 0, "left")]


def test_on_a_narrowed_log_rows_begin_with_it():
    happened = [("a", "g", "started", 0), ("a", "g", "met", 8), ("a", "h", "started", 0), ("a", "h", "met", 1)]
    log = log_of(happened, [("a", "g", 1)]).select(start="2026-02-04", end="2026-02-09")
    found = to_counting_process(log)
    assert list(found[["goal_id", *COLUMNS]].itertuples(index=False, name=None)) == [("g", 2, 6, 0, 1, "open")]


def test_days_of_the_calendar_keep_their_fractions():
    found = to_counting_process(
        log_of([("a", "g", "started", 0), ("a", "g", "met", 7.5)], [("a", "g", 5.25)]), unit="days"
    )
    assert found[["start", "stop"]].to_numpy().tolist() == [[0, 5.25], [5.25, 7.5]]


def test_lazy_is_the_same(engine: Engine):
    happened = {"time": ["2026-02-02", "2026-02-04"], "learner_id": "a", "goal_id": "g", "event": ["started", "met"]}
    log = engine({"events": pd.DataFrame(happened).astype({"time": "datetime64[us]"})})
    lazily = to_counting_process(log, collect=False).collect()
    assert lazily["stop"].to_list() == to_counting_process(log)["stop"].tolist() == [3.0]


def test_a_large_log_is_not_read_until_the_rows_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_tables(example(), tmp_path / "log", format="parquet")
    monkeypatch.setattr(build, "HELD", 0)
    log = scan(tmp_path / "log")
    with monkeypatch.context() as patch:
        patch.setattr(nw.LazyFrame, "collect", lambda *_, **__: pytest.fail("something was collected"))
        lazily = to_counting_process(log, collect=False)
    assert_frame_equal(to_pandas(lazily, COUNTING_PROCESS), to_counting_process(example()))


def test_an_unknown_unit_is_refused():
    log = log_of([("a", "g", "started", 0), ("a", "g", "met", 2)])
    with pytest.raises(ArgumentError, match="`unit` must be one of 'school_days', 'days'; got 'hours'"):
        to_counting_process(log, unit="hours")


GOING = ("started", "worked", "stuck")


@st.composite
def several_goes(draw: st.DrawFn) -> tuple[Tables, Tables]:
    """Tables in which goals are met or dropped and taken up again, and the same with a goal of its own for each go."""
    events: list[tuple[str, str, str, pd.Timestamp, int]] = []
    for learner in ("a", "b"):
        hours = iter(sorted(draw(st.sets(st.integers(0, 300), min_size=8, max_size=14))))
        for go in range(1, draw(st.integers(1, 3)) + 1):
            ended = draw(st.sampled_from(["met", "dropped", None]))
            begins = "reopened" if go > 1 else draw(st.sampled_from(["set", *GOING]))
            told = [begins, *draw(st.lists(st.sampled_from(GOING), max_size=2)), *filter(None, [ended])]
            when = (pd.Timestamp("2026-02-02") + pd.Timedelta(hours=hour) for hour in hours)
            events += [(learner, "g", event, time, go) for event, time in zip(told, when, strict=False)]
            if ended is None:
                break
    met = [pd.Timestamp("2026-02-02") + pd.Timedelta(hours=hour, minutes=30) for hour in draw(HOURS)]
    people = [(f"e{n}", learner, "g", time) for n, time in enumerate(met) for learner in ("a", "b")]
    begun = {(learner, go): time for learner, _, _, time, go in reversed(events)}

    def tables(*, apart: bool) -> Tables:
        def goal(learner: str, go: int) -> str:
            return f"g{go}" if apart else "g"

        def now(learner: str, time: pd.Timestamp) -> int:
            return max((go for (who, go), start in begun.items() if who == learner and start <= time), default=1)

        def said(learner: str, event: str, time: pd.Timestamp, go: int) -> str:
            return "started" if apart and go > 1 and begun[learner, go] == time else event

        happened = [(who, goal(who, go), said(who, event, time, go), time) for who, _, event, time, go in events]
        took_part = [(one, who, goal(who, now(who, time)), time) for one, who, _, time in people]
        return {
            "events": pd.DataFrame(happened, columns=["learner_id", "goal_id", "event", "time"]),
            "collaborations": pd.DataFrame(took_part, columns=["episode_id", "learner_id", "goal_id", "time"]),
        }

    return tables(apart=False), tables(apart=True)


HOURS = st.lists(st.integers(0, 300), min_size=1, max_size=4, unique=True)


@settings(max_examples=15)
@given(several_goes(), st.sampled_from(["first", "all"]))
def test_each_go_is_followed_as_if_it_were_a_goal_of_its_own(both: tuple[Tables, Tables], episodes: str):
    together, apart = (ProgressLog.from_tables(**tables) for tables in both)
    found = to_counting_process(together, goes="all", episodes=episodes)
    expected = to_counting_process(apart, episodes=episodes)
    columns = ["start", "stop", "met", "collaborative", "ending", "begun"]
    assert (found["goal_id"] + found["go"].astype(str)).tolist() == expected["goal_id"].tolist()
    assert_frame_equal(found[columns], expected[columns], rtol=1e-12)
