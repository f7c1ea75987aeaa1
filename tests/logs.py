"""Class logs as hypothesis draws them: small, and full of what real logs are full of."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

Tables = dict[str, pd.DataFrame]

MONDAY = date(2026, 2, 2)
LEARNERS = ["Aroha", "007", "NA", "Hēmi", "ben"]
GOALS = ["hook", "1.0", "ā-goal", "null"]
EVENTS = ["set", "started", "worked", "stuck", "met", "reopened", "dropped"]
CLOCKS = [time(0), time(9), time(9, 0, 0, 1), time(10, 30), time(23, 59, 59, 999_999)]
PEOPLE = st.sampled_from(["learner", "teacher", None])

# A month from three days before the first Monday on: weekends in it, and room around every term.
DAYS = st.integers(-3, 27).map(lambda n: MONDAY + timedelta(days=n))
FEW_DAYS = st.sampled_from([3, 5, 6, 7, 12, 14]).map(lambda n: MONDAY + timedelta(days=n))


@st.composite
def class_logs(draw: st.DrawFn) -> Tables:
    """The tables of one log; roster, goals and terms are there or not, and no row is bad."""
    clocks = st.sampled_from(draw(st.sampled_from([CLOCKS, CLOCKS, CLOCKS[:1]])))
    moments = st.builds(datetime.combine, draw(st.sampled_from([DAYS, FEW_DAYS])), clocks)
    learners = LEARNERS[: draw(st.sampled_from([3, 4, 1, 5]))]
    goals = GOALS[: draw(st.sampled_from([1, 2, 4]))]
    few, many = draw(st.sampled_from([(24, 50), (24, 50), (12, 30), (12, 30), (0, 3)]))
    rows = st.tuples(moments, st.sampled_from(learners), st.sampled_from(goals), st.sampled_from(EVENTS), PEOPLE)
    happened = draw(st.lists(rows, min_size=few, max_size=many))
    times = sorted(row[0] for row in happened)
    meetings = st.sampled_from(times[len(times) // 2 :]) | moments if times else moments
    at_least = draw(st.sampled_from([4, 4, 0])) if happened else 1
    episodes = draw(st.lists(_episodes(meetings, learners, goals), min_size=at_least, max_size=12))
    tables = {
        "events": _events_table(happened),
        "collaborations": _collaborations_table(episodes),
        "learners": draw(st.none() | _rosters()),
        "goals": draw(st.none() | _goals()),
        "terms": draw(st.none() | _terms()),
        "absences": draw(st.none() | _absences(learners)),
    }
    return {name: table for name, table in tables.items() if table is not None}


def days_to_report() -> st.SearchStrategy[date | None]:
    """A day as of which to report: before, within or after the log, or none."""
    return st.none() | st.integers(-5, 35).map(lambda n: MONDAY + timedelta(days=n))


def _events_table(rows: list[tuple[Any, ...]]) -> pd.DataFrame | None:
    """Rows stay in the order drawn, which is not that of time."""
    if not rows:
        return None
    return _table(rows, time="datetime64[us]", learner_id="str", goal_id="str", event="str", chosen_by="str")


@st.composite
def _episodes(
    draw: st.DrawFn,
    moments: st.SearchStrategy[datetime],
    learners: list[str],
    goals: list[str],
) -> list[tuple[Any, ...]]:
    """One episode: one to four learners, who may have come at different times and written down little."""
    came = draw(st.permutations(learners))[: draw(st.sampled_from([3, 2, 4, 1]))]
    of_goals = st.sampled_from([*goals * 3, None])
    began, goal, alike = draw(moments), draw(of_goals), draw(st.sampled_from([True, True, False]))
    minutes = st.sampled_from([None, 5.0, 7.5, 40.0])
    roles = st.sampled_from([None, "helper", "seeker", "peer"])
    return [
        (
            began if alike else draw(moments),
            draw(minutes),
            learner,
            goal if alike else draw(of_goals),
            draw(roles),
            draw(PEOPLE),
        )
        for learner in came
    ]


def _collaborations_table(episodes: list[list[tuple[Any, ...]]]) -> pd.DataFrame | None:
    if not episodes:
        return None
    return _table(
        [(f"e{10 - place}", *row) for place, rows in enumerate(episodes) for row in rows],
        episode_id="str",
        time="datetime64[us]",
        minutes="float64",
        learner_id="str",
        goal_id="str",
        role="str",
        chosen_by="str",
    )


@st.composite
def _rosters(draw: st.DrawFn) -> pd.DataFrame:
    """Everyone who may occur and two who never do; some came late, some left early, some have no class."""
    rows = []
    for learner in [*LEARNERS, "quiet", "gone"]:
        joined, left = draw(st.none() | DAYS), draw(st.none() | DAYS)
        if joined and left and left < joined:
            joined, left = left, joined
        words = draw(st.sampled_from(["A", "B", None])), draw(st.sampled_from(["x", "y", None]))
        rows.append((learner, *words, _midnight(joined), _midnight(left)))
    return _table(
        rows,
        learner_id="str",
        class_id="str",
        language="str",
        joined="datetime64[us]",
        left="datetime64[us]",
    )


def _goals() -> st.SearchStrategy[pd.DataFrame]:
    strands = st.lists(st.sampled_from(["ideas", "voice", None]), min_size=len(GOALS), max_size=len(GOALS))
    return strands.map(lambda drawn: _table(list(zip(GOALS, drawn, strict=True)), goal_id="str", strand="str"))


@st.composite
def _terms(draw: st.DrawFn) -> pd.DataFrame:
    """One term or two with a gap between, named against the alphabet, with closed days."""
    ends = draw(st.sampled_from([[(0, 25)], [(2, 18)], [(0, 11), (14, 27)], [(1, 8), (16, 20)]]))
    rows = []
    for term_id, (start, end) in zip(["winter", "spring"], ends, strict=False):
        weekdays = [n for n in range(start, end + 1) if n % 7 < 5]
        closed = draw(st.sets(st.sampled_from(weekdays), max_size=min(6, len(weekdays) - 1)))
        days = [(MONDAY + timedelta(days=n)).isoformat() for n in sorted(closed)]
        first, last = (_midnight(MONDAY + timedelta(days=n)) for n in (start, end))
        rows.append((term_id, first, last, "; ".join(days) or None))
    return _table(rows, term_id="str", start="datetime64[us]", end="datetime64[us]", closed="str")


def _absences(learners: list[str]) -> st.SearchStrategy[pd.DataFrame]:
    """Days and half days, some twice, some without school."""
    rows = st.tuples(st.sampled_from(learners), DAYS.map(_midnight), st.sampled_from([None, None, "am", "pm"]))
    drawn = st.lists(rows, min_size=1, max_size=12)
    return drawn.map(lambda rows: _table(rows, learner_id="str", date="datetime64[us]", part="str"))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(0))


def _table(rows: list[tuple[Any, ...]], **dtypes: str) -> pd.DataFrame:
    columns = zip(dtypes.items(), zip(*rows, strict=True), strict=True)
    return pd.DataFrame({name: pd.Series(list(values), dtype=dtype) for (name, dtype), values in columns})
