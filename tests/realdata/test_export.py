"""Logs that nobody of this project wrote, in the form that they came in."""

from pathlib import Path

import pandas as pd
from pandas.testing import assert_frame_equal

import reflectlab


def test_tna_group_regulation_comes_back_as_it_was(realdata: Path) -> None:
    file = realdata / "tna_group_regulation" / "group_regulation_long_R.csv"
    columns = {"learner_id": "Actor", "goal_id": "Action", "time": "Time", "event": "=worked"}
    exported = reflectlab.to_tna(reflectlab.load(file, columns=columns), names=True)[["Actor", "Time", "Action"]]
    there = pd.read_csv(file, dtype="str")[["Actor", "Time", "Action"]]
    there["Time"] = pd.to_datetime(there["Time"]).dt.floor("us").astype("datetime64[us]")
    assert len(exported) == 27_533
    assert_frame_equal(exported, there)


def test_bupar_patients_is_an_event_log_again(realdata: Path) -> None:
    file = realdata / "bupar_patients" / "patients.csv"
    columns = {"learner_id": "patient", "goal_id": "handling", "time": "time", "event": "registration_type"}
    log = reflectlab.load(file, columns=columns, words={"start": "started", "complete": "met"})
    events = reflectlab.to_eventlog(log, names=True)
    counted = events[["case_id", "activity_id", "activity_instance_id"]].nunique()
    assert counted.tolist() == [500, 7, 2721]
    assert sorted(events.groupby("activity_instance_id")["lifecycle_id"].agg(" ".join).unique()) == ["start complete"]
    traces = events[events["lifecycle_id"] == "start"].groupby("case_id")["activity_id"].agg(" ".join)
    assert traces.nunique() == 7
    there = pd.read_csv(file, dtype="str")
    wanted = ["patient", "handling", "registration_type", "time"]
    exported = events[["case_id", "activity_id", "lifecycle_id", "timestamp"]].astype("str")
    left = exported.set_axis(wanted, axis=1).sort_values(wanted, ignore_index=True)
    assert_frame_equal(left, there[wanted].sort_values(wanted, ignore_index=True))
