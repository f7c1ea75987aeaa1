"""Measures of real logs equal what others published of them (SOURCES.md beside the logs says where)."""

from pathlib import Path

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog


@pytest.fixture(scope="module")
def patients(realdata: Path) -> ProgressLog:
    return reflectlab.load(
        realdata / "bupar_patients" / "patients.csv",
        columns={"learner_id": "patient", "goal_id": "handling", "time": "time", "event": "registration_type"},
        words={"start": "started", "complete": "met"},
    )


def test_patients_take_seven_pathways(patients: ProgressLog) -> None:
    taken = reflectlab.pathways(patients).sort_values(["learner_id", "position"])
    ways = taken.groupby("learner_id")["goal_id"].agg(tuple)
    assert (len(ways), ways.nunique()) == (500, 7)
    assert len(taken) == 2721


def test_every_patient_met_all_that_was_taken_up(patients: ProgressLog) -> None:
    assert reflectlab.completion(patients)[["goals", "met", "learners"]].to_numpy().tolist() == [[2721, 2721, 500]]


@pytest.fixture(scope="module")
def steps(realdata: Path) -> pd.DataFrame:
    log = reflectlab.load(
        realdata / "tna_group_regulation" / "group_regulation_long_R.csv",
        columns={"learner_id": "Actor", "goal_id": "Action", "time": "Time", "event": "=worked"},
    )
    return reflectlab.transitions(log, step="event", start=True).set_index(["source", "target"])


def test_transitions_are_those_that_tna_published(steps: pd.DataFrame) -> None:
    between = steps.drop(index="start", level="source")
    assert between["n"].sum() == 25_533
    assert between.loc[("adapt", "consensus"), "p"] == pytest.approx(0.47740668, abs=5e-9)
    assert between.loc[("plan", "plan"), "p"] == pytest.approx(0.37420822, abs=5e-9)


def test_beginnings_are_those_that_tna_published(steps: pd.DataFrame) -> None:
    first = steps.loc["start", "p"]
    published = {"consensus": 0.2140, "plan": 0.2045, "discuss": 0.1755}
    assert {action: round(first[action], 4) for action in published} == published
