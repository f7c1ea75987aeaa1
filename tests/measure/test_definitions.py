"""What a figure means: a week, a minute, being alone, and what chance would give."""

import pandas as pd
import pytest

import reflectlab
from reflectlab.measure.ties.network import gini_by_chance, reciprocity_by_chance

LEARNERS = pd.DataFrame({"learner_id": ["a", "b", "c"], "name": ["Aroha", "Ben", "Chloe"], "class_id": "5A"})
TERMS = pd.DataFrame({"term_id": ["t3"], "title": ["Term 3"], "start": ["2026-07-20"], "end": ["2026-08-14"]})


def episode(number: int, day: str, who: str, minutes: float | None = None) -> pd.DataFrame:
    columns = {"episode_id": f"e{number}", "time": f"{day} 10:00", "learner_id": list(who), "minutes": minutes}
    return pd.DataFrame({**columns, "goal_id": "hook"})


def school(*episodes: pd.DataFrame, events: pd.DataFrame | None = None) -> reflectlab.ProgressLog:
    return reflectlab.ProgressLog.from_tables(
        collaborations=pd.concat(episodes), events=events, learners=LEARNERS, terms=TERMS
    )


@pytest.mark.parametrize(("on", "rate"), [("2026-07-24", 2.0), ("2026-07-27", 5 / 3), ("2026-07-31", 1.0)])
def test_a_week_is_five_school_days_whenever_it_is_looked_at(on: str, rate: float) -> None:
    log = school(episode(1, "2026-07-20", "ab"), episode(2, "2026-07-22", "ab"))
    table = reflectlab.collaboration(log, on=on).set_index("learner_id")["per_week"]
    assert table.to_dict() == pytest.approx({"a": rate, "b": rate, "c": 0.0})


def test_a_period_that_begins_on_a_wednesday_has_three_days_of_its_first_week() -> None:
    log = school(episode(1, "2026-07-20", "ab"), episode(2, "2026-07-22", "ab")).select(start="2026-07-22")
    table = reflectlab.collaboration(log, on="2026-07-24").set_index("learner_id")["per_week"]
    assert table["a"] == pytest.approx(5 / 3)


def test_minutes_of_an_episode_count_once_beside_those_of_each_child() -> None:
    log = school(
        episode(1, "2026-07-20", "abc", 20), episode(2, "2026-07-21", "ab", 15), episode(3, "2026-07-22", "bc")
    )
    row = reflectlab.collaboration(log, by="class_id").iloc[0]
    assert row[["minutes", "minutes_known", "participant_minutes"]].tolist() == [35.0, 2, 90.0]
    assert reflectlab.collaboration(log).set_index("learner_id").loc["c", "minutes"] == 20.0


def test_who_is_noted_alone_neither_worked_together_nor_is_alone() -> None:
    log = school(episode(1, "2026-07-20", "ab", 10), episode(2, "2026-07-21", "c", 10), episode(3, "2026-07-21", "a"))
    table = reflectlab.collaboration(log).set_index("learner_id")
    assert table["participations"].to_dict() == {"a": 1, "b": 1, "c": 0}
    assert table["minutes"].to_dict() == {"a": 10.0, "b": 10.0, "c": 0.0}
    assert reflectlab.agency(log).set_index("learner_id")["participations"].to_dict() == {"a": 1, "b": 1, "c": 0}
    assert reflectlab.network_summary(log)["isolates"].item() == 0


def test_what_chance_would_give() -> None:
    assert gini_by_chance(10, 26) == pytest.approx(0.71145, abs=1e-5)  # 20,000 draws: 0.7117
    assert [gini_by_chance(3, 1), gini_by_chance(1, 4)] == pytest.approx([0.0, 0.75])
    assert reciprocity_by_chance(6, 3) == 1.0
    assert pd.isna([gini_by_chance(0, 5), reciprocity_by_chance(0, 5), reciprocity_by_chance(1, 1)]).all()


@pytest.mark.parametrize(("begun", "returnable"), [("2026-07-22", 1.0), ("2026-07-27", 0.0)])
def test_support_could_be_returned_where_one_had_met_what_the_other_had_open(begun: str, returnable: float) -> None:
    """Aroha helps Ben with the hook; Ben stands at met on endings on Thursday only."""
    rows = [
        ("2026-07-20 09:00", "a", "hook", "met"),
        ("2026-07-20 09:00", "b", "hook", "started"),
        ("2026-07-23 09:00", "b", "endings", "met"),
        ("2026-07-24 09:00", "b", "endings", "reopened"),
        (f"{begun} 09:00", "a", "endings", "started"),
    ]
    events = pd.DataFrame(rows, columns=["time", "learner_id", "goal_id", "event"])
    summary = reflectlab.network_summary(school(episode(1, "2026-07-21", "ab"), events=events))
    assert summary["returnable"].item() == returnable


TWO_TERMS = pd.DataFrame(
    {
        "term_id": ["t1", "t2"],
        "title": ["1", "2"],
        "start": ["2026-05-04", "2026-07-20"],
        "end": ["2026-06-26", "2026-08-14"],
    }
)

OVER_TWO_TERMS = [
    ("2026-05-05", "a", "met in 1", "set"), ("2026-05-20", "a", "met in 1", "met"),
    ("2026-05-05", "a", "met again in 2", "set"), ("2026-05-20", "a", "met again in 2", "met"),
    ("2026-07-21", "a", "met again in 2", "reopened"), ("2026-07-30", "a", "met again in 2", "met"),
    ("2026-06-05", "a", "open from 1 on", "set"),
    ("2026-05-05", "a", "dropped in 1", "set"), ("2026-05-20", "a", "dropped in 1", "dropped"),
    ("2026-07-21", "a", "set in 2", "set"), ("2026-07-28", "a", "set in 2", "met"),
    ("2026-05-05", "b", "of who left", "set"),
]  # fmt: skip


@pytest.fixture
def two_terms() -> reflectlab.ProgressLog:
    events = pd.DataFrame(OVER_TWO_TERMS, columns=["time", "learner_id", "goal_id", "event"])
    learners = LEARNERS.assign(left=[None, "2026-06-20", None])
    return reflectlab.ProgressLog.from_tables(events=events, learners=learners, terms=TWO_TERMS)


def figures(table: pd.DataFrame) -> list[list[int]]:
    return table[["goals", "met", "dropped", "left_open"]].to_numpy().tolist()


def test_a_term_counts_the_goals_that_learners_had_in_it(two_terms: reflectlab.ProgressLog) -> None:
    assert figures(reflectlab.completion(two_terms, every="term")) == [[4, 2, 1, 1], [3, 2, 0, 0]]
    assert figures(reflectlab.completion(two_terms)) == [[5, 3, 1, 1]]


def test_a_period_counts_as_a_term_does(two_terms: reflectlab.ProgressLog) -> None:
    first, second = (two_terms.select(start=row.start, end=row.end) for row in TWO_TERMS.itertuples())
    assert figures(reflectlab.completion(first)) == [[4, 2, 1, 1]]
    assert figures(reflectlab.completion(second)) == [[3, 2, 0, 0]]
    assert figures(reflectlab.completion(two_terms.select(start="2026-07-27"))) == [[3, 2, 0, 0]]


def test_the_weeks_of_a_term_begin_with_it(two_terms: reflectlab.ProgressLog) -> None:
    weeks = reflectlab.completion(two_terms, every="week")
    assert figures(weeks[weeks["term_id"] == "t2"]) == [[3, 0, 0, 0], [3, 2, 0, 0]]


def test_a_second_go_has_its_own_row_and_a_late_note_takes_nothing_from_the_first() -> None:
    rows = [
        ("2026-07-20 09:00", "set"), ("2026-07-21 09:00", "started"), ("2026-07-24 09:00", "met"),
        ("2026-07-24 11:00", "started"),  # written down late
        ("2026-07-29 09:00", "reopened"), ("2026-07-31 09:00", "met"),
    ]  # fmt: skip
    events = pd.DataFrame(rows, columns=["time", "event"]).assign(learner_id="a", goal_id="hook")
    log = reflectlab.ProgressLog.from_tables(events=events, learners=LEARNERS, terms=TERMS)
    goes = reflectlab.spells(log, goes="all")
    assert goes[["go", "status", "days_to_met"]].to_numpy().tolist() == [[1, "met", 4], [2, "met", 3]]
    assert goes["met_on"].dt.day.tolist() == [24, 31]
    assert reflectlab.spells(log)["days_to_met"].tolist() == [4]


@pytest.mark.parametrize("late", ["started", "worked", "stuck"])
def test_what_is_noted_after_a_goal_was_met_is_not_its_beginning(late: str) -> None:
    rows = [("2026-07-20 09:00", "set"), ("2026-07-24 09:00", "met"), ("2026-07-24 11:00", late)]
    events = pd.DataFrame(rows, columns=["time", "event"]).assign(learner_id="a", goal_id="hook")
    log = reflectlab.ProgressLog.from_tables(events=events, learners=LEARNERS, terms=TERMS)
    assert reflectlab.spells(log)["days_to_met"].tolist() == [5]
    assert reflectlab.time_to_goal(log)["days"].tolist() == [5]
    assert reflectlab.to_counting_process(log)[["stop", "begun_noted"]].to_numpy().tolist() == [[4.0, 1]]
