"""The oracle itself, against figures that others published and against sums done by hand."""

from pathlib import Path

import pandas as pd
import pytest

from tests import oracle
from tests.oracle.progress import aalen_johansen, design_effect, wilson
from tests.oracle.school import Calendar, day_of

TERMS = pd.DataFrame(
    {
        "term_id": ["t2", "t1"],
        "start": ["2026-04-27", "2026-02-04"],
        "end": ["2026-05-08", "2026-02-20"],
        "closed": [None, "2026-02-06; 2026-02-10..2026-02-11"],
    }
)


def _calendar() -> Calendar:
    events = pd.DataFrame({"time": ["2026-02-04"], "learner_id": "a", "goal_id": "g", "event": "set"})
    return oracle.School.from_tables(events=events, terms=TERMS).calendar


@pytest.mark.parametrize(
    ("when", "number", "term", "week", "why"),
    [
        ("2026-01-20", 1, "t1", 1, "before the first term"),
        ("2026-02-04", 1, "t1", 1, "the first day, a Wednesday"),
        ("2026-02-05", 2, "t1", 1, "an ordinary day"),
        ("2026-02-06", 3, "t1", 2, "a closed Friday belongs to Monday"),
        ("2026-02-08", 3, "t1", 2, "a Sunday too"),
        ("2026-02-10", 4, "t1", 2, "closed Tuesday and Wednesday belong to Thursday"),
        ("2026-02-20", 10, "t1", 3, "the last day of a term"),
        ("2026-02-21", 11, "t2", 1, "between terms: the next one, counted on"),
        ("2026-05-08", 20, "t2", 2, "the last day of all"),
        ("2026-06-01", 20, "t2", 2, "after it"),
    ],
)
def test_school_days_by_hand(when: str, number: int, term: str, week: int, why: str) -> None:
    day = _calendar().at(day_of(when))
    assert (day.number, day.term_id, day.week) == (number, term, week), why


def test_aalen_johansen_by_hand() -> None:
    """Six goals: met after 1, 2 and 4 days, dropped after 2, open after 3 and 5."""
    spells = [(1, "met"), (2, "met"), (2, "dropped"), (3, "open"), (4, "met"), (5, "open")]
    met = [1 / 6, 1 / 6 + 5 / 6 * 1 / 5, 1 / 3, 1 / 3 + 1 / 2 * 1 / 2, 1 / 3 + 1 / 4]
    found = aalen_johansen(spells)
    days, at_risk, ended, dropped, share = zip(*found, strict=True)
    assert (days, at_risk) == ((1, 2, 3, 4, 5), (6, 5, 3, 2, 1))
    assert (ended, dropped) == ((1, 1, 0, 1, 0), (0, 1, 0, 0, 0))
    assert share == pytest.approx(met)


def test_wilson_equals_statsmodels() -> None:
    from statsmodels.stats.proportion import proportion_confint

    assert wilson(7, 20, 1) == pytest.approx(proportion_confint(7, 20, method="wilson"))


def test_design_effect_by_hand() -> None:
    """Two learners with two goals each, one met both and one neither: 2 x 2 / 16 over 1 / 16."""
    assert design_effect([(2, 2), (2, 0)]) == pytest.approx(4)
    assert design_effect([(1, 1), (1, 0), (1, 1), (1, 0)]) == pytest.approx(4 / 3)
    assert design_effect([(3, 3), (1, 1)]) == 2
    assert design_effect([(5, 2)]) == 1


def test_bupar_patients_have_seven_pathways(realdata: Path) -> None:
    table = pd.read_csv(realdata / "bupar_patients" / "patients.csv", dtype=str)
    events = pd.DataFrame(
        {
            "time": table["time"],
            "learner_id": table["patient"],
            "goal_id": table["handling"],
            "event": table["registration_type"].map({"start": "started", "complete": "met"}),
        }
    )
    paths = oracle.pathways(oracle.School.from_tables(events=events))
    sequences = paths.groupby("learner_id")["goal_id"].agg("->".join)
    assert (len(sequences), sequences.nunique(), len(paths)) == (500, 7, 2721)


def test_group_regulation_has_the_published_probabilities(realdata: Path) -> None:
    table = pd.read_csv(realdata / "tna_group_regulation" / "group_regulation_long_R.csv", dtype=str)
    names = {"Time": "time", "Actor": "learner_id", "Action": "goal_id"}
    events = table.rename(columns=names).assign(event="worked")
    found = oracle.transitions(oracle.School.from_tables(events=events), step="event", start=True)
    p = found.set_index(["source", "target"])["p"]
    assert found.loc[found["source"] != "start", "n"].sum() == 25_533
    assert p["adapt", "consensus"] == pytest.approx(0.47740668, abs=5e-9)
    assert p["plan", "plan"] == pytest.approx(0.37420822, abs=5e-9)
    starts = p["start"].round(4)
    assert (starts["consensus"], starts["plan"], starts["discuss"]) == (0.2140, 0.2045, 0.1755)
