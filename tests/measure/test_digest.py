"""The digest finds what was planted, says nothing that is not so, and keeps to its rules at their edges."""

import pandas as pd
import pytest

from reflectlab import ArgumentError, ProgressLog, changes, digest, example
from reflectlab.measure.digest import MOST
from tests.measure.cases import log_of
from tests.measure.planted import found_in, is_so, simulated

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_is_found_and_what_is_said_is_so(seed: int) -> None:
    missed, said, wrong = found_in(seed)
    assert (missed, wrong) == ([], [])
    assert 6 <= len(said) <= MOST


@pytest.mark.parametrize("seed", SEEDS)
def test_where_nothing_is_planted_what_is_said_is_so_and_little(seed: int) -> None:
    tables = simulated(seed)
    found = digest(ProgressLog.from_tables(**tables))
    assert [row.sentence for row in found.itertuples() if not is_so(row, tables)] == []
    assert len(found) <= MOST


def kinds_of(log: ProgressLog, **options: str) -> list[str]:
    return [kind for kind in digest(log, **options)["kind"] if kind != "since"]


@pytest.mark.parametrize(("days", "kinds"), [(2, []), (3, ["stuck_alone"])])
def test_stuck_for_three_school_days(days: int, kinds: list[str]) -> None:
    log = log_of([("a", "hook", "stuck", 0.4), ("b", "verbs", "started", float(days) + 0.4)])
    assert kinds_of(log) == kinds


def test_somebody_with_the_goal_open_is_somebody_and_who_dropped_it_or_has_left_is_not() -> None:
    happened = [("a", "hook", "stuck", 0.4), ("b", "hook", "started", 0.4), ("c", "verbs", "started", 4.4)]
    assert kinds_of(log_of(happened)) == []
    assert kinds_of(log_of([*happened, ("b", "hook", "dropped", 1.4)])) == ["stuck_alone"]
    learners = pd.DataFrame({"learner_id": ["a", "b", "c"], "left": pd.to_datetime([None, "2026-02-04", None])})
    assert kinds_of(log_of(happened, learners=learners)) == ["stuck_alone"]


def test_who_has_left_is_not_spoken_of() -> None:
    learners = pd.DataFrame({"learner_id": ["a", "b"], "left": pd.to_datetime(["2026-02-05", None])})
    log = log_of([("a", "hook", "stuck", 0.4), ("b", "verbs", "started", 4.4)], learners=learners)
    assert kinds_of(log) == []


def test_who_met_it_as_the_last_could_help() -> None:
    log = log_of(
        [("a", "hook", "met", 0.4), ("b", "hook", "met", 1.4), ("c", "hook", "stuck", 1.4), ("c", "verbs", "set", 4.4)],
        goals=pd.DataFrame({"goal_id": ["hook", "verbs"], "title": ["Open with a hook", "Verbs"]}),
    )
    found = digest(log, names={"b": "Ben", "c": "Zoe"}).iloc[0]
    assert (found["kind"], found["learner_id"], found["with_learner_id"]) == ("could_help", "b", "c")
    assert found["sentence"] == "Ben has met “Open with a hook”, which Zoe is stuck on, since Tuesday 3 February."


@pytest.mark.parametrize(("times", "kinds"), [(3, []), (4, ["one_partner", "one_partner"])])
def test_four_times_with_the_same_one(times: int, kinds: list[str]) -> None:
    happened = [("a", "hook", "started", 0.4), ("company", "verbs", "started", 0.4), ("c", "ends", "started", 0.4)]
    assert kinds_of(log_of(happened, [("a", "hook", float(day) + 0.5) for day in range(times)])) == kinds
    two = log_of(happened[:2], [("a", "hook", float(day) + 0.5) for day in range(times)])
    assert kinds_of(two) == [], "of two there is nobody else to work with"


@pytest.mark.parametrize(("last", "kinds"), [(10.4, []), (11.4, ["alone", "alone"])])
def test_ten_days_with_somebody_and_yet_alone(last: float, kinds: list[str]) -> None:
    log = log_of(
        [("a", "hook", "started", 0.4), ("b", "hook", "started", 0.4), ("c", "verbs", "started", last)],
        [("c", "verbs", 0.5)],
    )
    assert kinds_of(log) == kinds


def test_a_log_of_ten_school_days_tells_of_ten() -> None:
    happened = [("a", "hook", "started", 0.4), ("b", "hook", "started", 0.4), ("c", "verbs", "started", 11.4)]
    found = digest(log_of(happened, [("c", "verbs", 0.5)]), names={"a": "Ana"})
    assert found.loc[found["kind"] == "alone", "sentence"].iloc[0] == (
        "Ana has worked with nobody so far, though on 10 of the last 10 school days a classmate had the same goal "
        "or had met it."
    )


def test_a_partner_who_has_left_is_called_by_name() -> None:
    learners = pd.DataFrame(
        {
            "learner_id": ["a", "company", "c", "d"],
            "name": ["Ana", "Gone", "Cal", "Dee"],
            "left": pd.to_datetime([None, "2026-02-06", None, None]),
        }
    )
    happened = [(who, "hook", "started", 0.4) for who in ("a", "c", "d")] + [("d", "hook", "worked", 7.4)]
    log = log_of(happened, [("a", "hook", float(day) + 0.5) for day in range(4)], learners=learners)
    found = digest(log)
    assert "Ana has worked with Gone only, all 4 times." in found["sentence"].tolist()


def test_a_class_is_told_of_by_itself() -> None:
    learners = pd.DataFrame({"learner_id": ["a", "b"], "class_id": ["Room 5", "Room 6"]})
    log = log_of([("a", "hook", "stuck", 0.4), ("b", "hook", "met", 4.4)], learners=learners)
    assert digest(log)[["class_id", "kind"]].to_numpy().tolist() == [
        ["Room 5", "stuck_alone"],
        ["Room 5", "since"],
        ["Room 6", "since"],
    ]
    assert digest(log.select(class_id="Room 6"))["class_id"].tolist() == ["Room 6"]


def test_a_day_after_the_one_looked_from_is_refused() -> None:
    with pytest.raises(ArgumentError, match="must be 2026-07-28, the day looked from, or earlier; got 2026-08-01"):
        changes(example(), since="2026-08-01", on="2026-07-28")


@pytest.mark.parametrize(("last", "met"), [(0.5, 1), (7.5, 2)])
def test_since_the_log_begins_means_with_its_first_day(last: float, met: int) -> None:
    happened = [("a", "hook", "started", 0.3), ("a", "hook", "met", 0.4), ("b", "hook", "stuck", 0.4)]
    log = log_of([*happened, ("a", "verbs", "met", last)][: met + 2], [("a", "hook", 0.4)])
    found = digest(log).iloc[-1]
    assert (found["kind"], found["since"], found["n"]) == ("since", pd.Timestamp(log.first_day), met)
    assert "1 learner newly stuck and 2 learners with somebody they had not worked with before" in found["sentence"]
    assert changes(log)[["met_before", "times_before"]].sum().tolist() == [0, 0]


def test_what_has_changed_since_a_friday_has_changed_since_monday() -> None:
    found = digest(example(), since="2026-07-31")
    (told,) = found.loc[found["kind"] == "since", "sentence"]
    assert told.startswith("Since Monday 3 August: ")
    (told,) = digest(example(), since="2026-07-28", on="2026-07-28").query("kind == 'since'")["sentence"]
    assert told.startswith("Since Tuesday 28 July: 0 goals met")
