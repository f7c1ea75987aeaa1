"""Partners: equal to plain loops, and what chance gives equal to every draw there is."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ProgressLog, digest, partner_diversity
from tests import oracle
from tests.logs import Tables, class_logs, days_to_report
from tests.measure.cases import log_of
from tests.measure.planted import simulated, with_planted

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

few = settings(max_examples=12)


@few
@given(class_logs(), days_to_report())
def test_as_counted_in_plain_loops(tables: Tables, on: date | None) -> None:
    expected = oracle.partner_diversity(oracle.School.from_tables(**tables), on)
    assert_frame_equal(partner_diversity(ProgressLog.from_tables(**tables), on=on), expected)


def test_on_the_sample(engine: Engine, root: Path) -> None:
    log = reflectlab.load(root / "data" / "sample")
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "learners", "goals", "terms")}
    found = partner_diversity(engine(tables))
    assert_frame_equal(found, oracle.partner_diversity(oracle.School.from_tables(**tables)))
    assert found["partners"].max() > 3


def test_what_chance_gives_is_the_mean_of_every_draw() -> None:
    """Five on one goal; Ana is in two pairs and a group of three."""
    happened = [(learner, "hook", "started", 0.3) for learner in "abcde"]
    people = [("1", "a"), ("1", "b"), ("2", "a"), ("2", "b"), ("3", "a"), ("3", "b"), ("3", "c")]
    rows = pd.DataFrame(people, columns=["episode_id", "learner_id"])
    time = pd.Timestamp("2026-02-03 10:00") + pd.to_timedelta(rows["episode_id"].astype(int), unit="D")
    log = ProgressLog.from_tables(events=log_of(happened).events, collaborations=rows.assign(time=time, goal_id="hook"))
    draws = list(product(combinations("bcde", 1), combinations("bcde", 1), combinations("bcde", 2)))
    partners = [len({other for drawn in draw for other in drawn}) for draw in draws]
    squares = [sum(sum(other in drawn for drawn in draw) ** 2 for other in "bcde") for draw in draws]
    found = partner_diversity(log).set_index("learner_id").loc["a"]
    assert found["partners_by_chance"] == pytest.approx(sum(partners) / len(draws))
    assert found["effective_by_chance"] == pytest.approx(16 * len(draws) / sum(squares))
    assert (found["episodes"], found["partners"]) == (3, 2)
    assert found["effective_partners"] == pytest.approx(1 / (0.75**2 + 0.25**2))
    assert found["evenness"] == pytest.approx(0.8)


def test_who_could_have_been_there_had_the_goal_open_or_had_met_it() -> None:
    """Ben has it, Cleo has met it, Dev never had it, Eve has left: two could have been there."""
    happened = [
        ("a", "hook", "set", 0.3),
        ("b", "hook", "set", 0.3),
        ("c", "hook", "met", 0.3),
        ("d", "verbs", "set", 9.0),
    ]
    happened += [("e", "hook", "set", 0.3)]
    rows = pd.DataFrame({"episode_id": ["1", "1", "2", "2"], "learner_id": ["a", "b"] * 2, "goal_id": "hook"})
    rows["time"] = pd.to_datetime(["2026-02-04 10:00"] * 2 + ["2026-02-05 10:00"] * 2)
    learners = pd.DataFrame({"learner_id": list("abcde"), "left": pd.to_datetime([None] * 4 + ["2026-02-03"])})
    log = ProgressLog.from_tables(events=log_of(happened).events, collaborations=rows, learners=learners)
    found = partner_diversity(log).set_index("learner_id")
    assert found.loc["a", "partners_by_chance"] == pytest.approx(2 * (1 - 0.5**2))
    assert (found.loc["a", "only_with"], found.loc["b", "only_with"]) == ("b", "a")
    assert found.loc[["c", "d"], "partners"].tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_whoever_the_digest_says_has_one_partner_only_has_one_here(seed: int) -> None:
    log = ProgressLog.from_tables(**with_planted(simulated(seed)))
    told = digest(log).query("kind == 'one_partner'")
    only = partner_diversity(log).set_index("learner_id")["only_with"]
    assert len(told)
    assert only[told["learner_id"]].tolist() == told["with_learner_id"].tolist()


def test_of_a_period_only_its_episodes_count() -> None:
    log = log_of([("a", "hook", "set", 0.3)], [("a", "hook", 1.4), ("a", "hook", 8.4)])
    assert partner_diversity(log).set_index("learner_id").loc["a", "episodes"] == 2
    later = partner_diversity(log.select(start="2026-02-09")).set_index("learner_id")
    assert later.loc["a", "episodes"] == 1
