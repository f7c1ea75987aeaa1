"""Due days: counted anew from plain rows, told in the digest by its rules, and without a part in any other measure."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog, digest, due_days, opportunities
from reflectlab.measure.digest import DUE_DAYS, LAST_DAYS
from tests import oracle
from tests.logs import GOALS, MONDAY, Tables, class_logs, days_to_report
from tests.measure.cases import DAY_ONE, log_of
from tests.oracle.school import applied
from tests.test_one_sided import EVERY

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

DUES = st.integers(-3, 40).map(lambda n: pd.Timestamp(MONDAY + timedelta(days=n)))

COLUMNS = ["learner_id", "class_id", "goal_id", "due", "status", "met_on", "outcome", "days_left"]


@st.composite
def with_due_days(draw: st.DrawFn) -> Tables:
    """A log of which some rows, and some goals, have a due day."""
    tables = dict(draw(class_logs().filter(lambda tables: "events" in tables)))
    rows = len(tables["events"])
    said = draw(st.lists(st.one_of(st.none(), st.none(), DUES), min_size=rows, max_size=rows))
    tables["events"] = tables["events"].assign(due=pd.Series(said, dtype="datetime64[us]"))
    goals = tables.get("goals", pd.DataFrame({"goal_id": GOALS}))
    due = draw(st.lists(st.none() | DUES, min_size=len(goals), max_size=len(goals)))
    tables["goals"] = goals.assign(due=pd.Series(due, dtype="datetime64[us]"))
    return tables


def counted_anew(tables: Tables, on: date | None) -> pd.DataFrame:
    """The same from plain rows, goal by goal."""
    school = oracle.School.from_tables(**tables)
    day = on or school.last_day
    own = dict(zip(sorted(event.row for event in school.events), tables["events"]["due"], strict=True))
    of_all = dict(zip(tables["goals"]["goal_id"], tables["goals"]["due"], strict=True))
    stands = oracle.status(school, on).set_index(["learner_id", "goal_id"])
    found = []
    for (learner, goal), events in school.pairs(on).items():
        go, status, due, since, met = 1, "", None, 1, []
        for event, after in applied(events):
            go += status in ("met", "dropped") and after not in ("met", "dropped")
            status = after
            if not pd.isna(own[event.row]):
                due, since = own[event.row], go
            met += [(go, event.time)] if event.event == "met" else []
        due = of_all.get(goal) if due is None else due
        if pd.isna(due) or (learner, goal) not in stands.index:
            continue
        met_on = min((when for number, when in met if number >= since), default=None)
        row = stands.loc[(learner, goal)]
        found.append(
            (learner, row["class_id"], goal, due, row["status"], met_on, *_outcome(school, due, row, met_on, day))
        )
    typed = {"due": "datetime64[us]", "met_on": "datetime64[us]", "days_left": "Int64"}
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.astype({name: typed.get(name, "str") for name in COLUMNS})


def _outcome(school: Any, due: pd.Timestamp, row: Any, met_on: Any, day: date) -> tuple[str, int | None]:
    if met_on is not None:
        return ("in_time" if met_on.date() <= due.date() else "late"), None
    if row["status"] in ("met", "dropped"):
        return ("dropped" if row["status"] == "dropped" else _neither(due, day)), None
    ahead = _school_days(school, day, due.date()) if due.date() >= day else -_school_days(school, due.date(), day)
    return _neither(due, day), ahead


def _neither(due: pd.Timestamp, day: date) -> str:
    return "past" if due.date() < day else "open"


def _school_days(school: Any, after: date, until: date) -> int:
    """School days after one day and up to another; beyond the last term weekdays."""
    last = max(school.calendar.ends.values())
    days = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    known = {each.date for each in school.calendar.days}
    return sum(each in known or (each > last and each.weekday() < 5) for each in days)


@settings(max_examples=20)
@given(with_due_days(), days_to_report())
def test_it_is_what_plain_rows_say(engine: Engine, tables: Tables, on: date | None) -> None:
    assert_frame_equal(due_days(engine(tables), on=on), counted_anew(tables, on))


@settings(max_examples=8)
@given(with_due_days())
def test_due_days_change_no_other_measure(tables: Tables) -> None:
    bare = {name: table.drop(columns="due", errors="ignore") for name, table in tables.items()}
    with_days, without = (ProgressLog.from_tables(**each) for each in (tables, bare))
    assert due_days(without).empty
    for name in EVERY:
        if name not in ("due_days", "digest"):
            one, other = (getattr(reflectlab, name)(log) for log in (with_days, without))
            pair = [
                each.drop(columns="due", errors="ignore") if isinstance(each, pd.DataFrame) else each
                for each in (one, other)
            ]
            if isinstance(one, pd.DataFrame):
                assert_frame_equal(*pair)
            else:
                assert repr(one) == repr(other)


@settings(max_examples=8)
@given(with_due_days())
def test_the_digest_has_the_sentences_that_it_has_without_and_some_of_its_own(tables: Tables) -> None:
    bare = {name: table.drop(columns="due", errors="ignore") for name, table in tables.items()}
    found, before = (digest(ProgressLog.from_tables(**each)) for each in (tables, bare))
    others = found[found["kind"] != "due"]
    assert set(others["sentence"]) <= set(before["sentence"])
    assert set(others["kind"]) == set(before["kind"]), "each kind keeps its first"


def a_class(*happened: tuple[str, str, str, float], **due: int) -> ProgressLog:
    """A log in which goals are due so many days after the first, a Monday."""
    days = [DAY_ONE + pd.Timedelta(days=n) for n in due.values()]
    goals = pd.DataFrame({"goal_id": list(due), "title": [key.title() for key in due], "due": days})
    return log_of(happened, goals=goals, terms=TERM)


TERM = pd.DataFrame({"start": [DAY_ONE], "end": [DAY_ONE + pd.Timedelta(days=60)]})


def said_of(log: ProgressLog, **options: Any) -> list[str]:
    found = digest(log, names={"a": "Ana", "b": "Ben", "c": "Cal", "d": "Dee", "e": "Eve"}, **options)
    return found.loc[found["kind"] == "due", "sentence"].tolist()


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (11, ["“Hook” is due on Friday 13 February, in 5 school days, and still open for Ana and Ben."]),
        (14, []),
        (5, ["“Hook” is due on Saturday 7 February and still open for Ana and Ben."]),
        (4, ["“Hook” is due today, Friday 6 February, and still open for Ana and Ben."]),
        (3, ["“Hook” was due on Thursday 5 February and is still open for Ana and Ben."]),
    ],
)
def test_what_is_due_is_told_within_five_school_days_or_where_it_is_past(due: int, said: list[str]) -> None:
    happened = [(who, "hook", "set", 0.4) for who in "ab"] + [("c", "hook", "set", 0.4), ("c", "hook", "met", 4.4)]
    assert said_of(a_class(*happened, hook=due)) == said


@pytest.mark.parametrize(("day", "told"), [(28, 1), (29, 0)])
def test_what_is_long_past_is_no_longer_told(day: int, told: int) -> None:
    log = a_class(("a", "hook", "set", 0.4), ("b", "ends", "worked", day + 0.4), hook=0, ends=60)
    assert len(said_of(log)) == told, f"{LAST_DAYS} school days are four weeks, and {DUE_DAYS} one"


def test_the_next_one_and_the_last_past_come_first_and_more_children_before_fewer() -> None:
    opened = [("a", goal, "set", 0.4) for goal in ("hook", "ends", "verbs", "facts")]
    log = a_class(*opened, ("b", "facts", "set", 4.4), hook=3, ends=1, verbs=7, facts=7)
    assert [sentence.split("”")[0][1:] for sentence in said_of(log)] == ["Facts", "Hook"]
    alone = digest(log).query("kind == 'due'")
    assert alone[["goal_id", "learner_id", "n"]].to_numpy().tolist() == [["facts", "a", 2], ["hook", "a", 1]]


def test_each_class_has_the_next_one_and_the_last_past_of_its_own() -> None:
    learners = pd.DataFrame({"learner_id": ["a", "b"], "class_id": ["Room 5", "Room 6"]})
    happened = [("a", "hook", "set", 0.4), *(("b", goal, "set", 0.4) for goal in ("ends", "facts", "verbs"))]
    days = {"hook": 5, "ends": 7, "facts": 8, "verbs": 1}
    goals = pd.DataFrame({"goal_id": list(days), "due": [DAY_ONE + pd.Timedelta(days=n) for n in days.values()]})
    log = log_of(
        [*happened, ("a", "other", "set", 4.4)], learners=learners, goals=pd.concat([goals, OTHER]), terms=TERM
    )
    told = digest(log).query("kind == 'due'")
    assert told[["class_id", "goal_id"]].to_numpy().tolist() == [
        ["Room 5", "hook"],
        ["Room 6", "ends"],
        ["Room 6", "verbs"],
    ]


OTHER = pd.DataFrame({"goal_id": ["other"]})


def test_of_many_children_three_are_named() -> None:
    log = a_class(*((who, "hook", "set", 0.4) for who in "abcde"), hook=1)
    assert said_of(log) == [
        "“Hook” is due on Tuesday 3 February, in 1 school day, and still open for Ana, Ben, Cal and 2 more."
    ]


def test_the_day_of_the_child_goes_before_that_of_the_goal_and_the_last_said_counts() -> None:
    rows = [
        ("a", "set", 0, "2026-02-10"),
        ("a", "worked", 1, "2026-02-12"),
        ("a", "worked", 2, None),
        ("b", "set", 0, None),
    ]
    days = [DAY_ONE + pd.Timedelta(days=n) for _, _, n, _ in rows]
    said = pd.DataFrame({"learner_id": [r[0] for r in rows], "event": [r[1] for r in rows], "time": days})
    events = said.assign(goal_id="hook", due=[row[3] for row in rows])
    goals = pd.DataFrame({"goal_id": ["hook"], "due": ["2026-02-20"]})
    log = ProgressLog.from_tables(events=events, goals=goals)
    assert due_days(log)["due"].dt.day.tolist() == [12, 20]
    assert due_days(log, on="2026-02-02")["due"].dt.day.tolist() == [10, 20], "what is said later is not known yet"


def test_a_second_go_with_a_due_day_of_its_own() -> None:
    rows = [("set", 0, "2026-02-04"), ("met", 1, None), ("reopened", 7, None)]
    frame = {"event": [r[0] for r in rows], "time": [DAY_ONE + pd.Timedelta(days=r[1]) for r in rows]}
    events = pd.DataFrame(frame).assign(learner_id="a", goal_id="hook", due=[row[2] for row in rows])
    assert due_days(ProgressLog.from_tables(events=events))["outcome"].tolist() == ["in_time"]
    events.loc[2, "due"] = "2026-02-16"
    later = due_days(ProgressLog.from_tables(events=events)).iloc[0]
    assert (later["outcome"], later["days_left"], later["due"].day) == ("open", 5, 16)
    assert pd.isna(later["met_on"])


def test_who_has_left_has_nothing_due() -> None:
    learners = pd.DataFrame({"learner_id": ["a", "b"], "left": pd.to_datetime(["2026-02-03", None])})
    goals = pd.DataFrame({"goal_id": ["hook"], "due": ["2026-02-05"]})
    happened = [("a", "hook", "set", 0.4), ("b", "hook", "set", 0.4), ("b", "ends", "set", 4.4)]
    log = log_of(happened, learners=learners, goals=pd.concat([goals, pd.DataFrame({"goal_id": ["ends"]})]))
    assert due_days(log)["learner_id"].tolist() == ["b"]
    assert said_of(log) == ["“hook” was due on Thursday 5 February and is still open for Ben."]


def test_invitations_carry_the_day_and_nobody_is_invited_for_it() -> None:
    happened = [("a", "hook", "set", 0.4), ("b", "hook", "started", 0.4), ("b", "ends", "set", 4.4)]
    found = opportunities(a_class(*happened, hook=7, ends=90))
    days = found.set_index(["learner_id", "goal_id"])["due"]
    assert days["a", "hook"] == DAY_ONE + pd.Timedelta(days=7)
    bare = opportunities(log_of(happened, terms=TERM))
    assert bare["due"].isna().all()
    assert_frame_equal(found.drop(columns="due"), bare.drop(columns="due"))
