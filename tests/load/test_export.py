"""The way back: what was exported loads again, and says what the log says."""

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import ArgumentError, ProgressLog
from tests.logs import class_logs

from .conftest import balanced

COLUMNS = {
    "tna": {"learner_id": "Actor", "goal_id": "Action", "time": "Time"},
    "bupar": {"learner_id": "case_id", "goal_id": "activity_id", "time": "timestamp"},
    "pm4py": {"learner_id": "case:concept:name", "goal_id": "concept:name", "time": "time:timestamp"},
}
EVENT = ["time", "learner_id", "goal_id", "event", "chosen_by", "note"]


def exported(log: ProgressLog, kind: str) -> pd.DataFrame:
    return reflectlab.to_tna(log, names=True) if kind == "tna" else reflectlab.to_eventlog(log, tool=kind, names=True)  # type: ignore[arg-type]


def loaded_again(frame: pd.DataFrame, kind: str) -> ProgressLog:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "exported.csv")
        frame.to_csv(file, index=False)
        return balanced(reflectlab.load(file, columns=COLUMNS[kind]))


@pytest.mark.parametrize("kind", COLUMNS)
@settings(max_examples=8)
@given(tables=class_logs().filter(lambda tables: "events" in tables))
def test_events_that_were_exported_load_again(kind: str, tables: dict[str, pd.DataFrame]) -> None:
    log = ProgressLog.from_tables(**tables)
    if log.events.empty:
        return
    again = loaded_again(exported(log, kind), kind)
    assert len(again.problems[again.problems["code"] != "after_met"]) == 0
    left, right = (one.events[EVENT].sort_values(EVENT, ignore_index=True) for one in (log, again))
    assert_frame_equal(left, right)
    stood, stands = (reflectlab.spells(one)[["learner_id", "goal_id", "status"]] for one in (log, again))
    if "terms" not in tables:
        assert_frame_equal(stood, stands)


def test_what_is_not_reported_is_not_exported() -> None:
    log = reflectlab.example().select(learner_id=["aroha", "hemi"], start="2026-07-23", end="2026-08-04")
    assert set(reflectlab.to_tna(log, names=True)["Actor"]) == {"aroha", "hemi"}
    events = reflectlab.to_eventlog(log, names=True)
    assert events["timestamp"].between("2026-07-23", "2026-08-04").all()
    assert_frame_equal(
        events[["timestamp", "case_id"]].sort_values(["timestamp", "case_id"], ignore_index=True),
        reflectlab.to_tna(log, names=True)[["Time", "Actor"]]
        .set_axis(["timestamp", "case_id"], axis=1)
        .sort_values(["timestamp", "case_id"], ignore_index=True),
    )
    assert reflectlab.to_sequences(log, names=True).columns.tolist() == ["learner_id", "w1", "w2", "w3"]
    assert reflectlab.to_sequences(log.select(start="2026-07-27", end="2026-07-28")).columns.tolist()[1:] == ["w2"]


def events_of(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["time", "event"]).assign(learner_id="Ben", goal_id="hook")


def test_a_goal_that_is_taken_up_again_is_another_turn() -> None:
    log = ProgressLog.from_tables(
        events=events_of(
            ("2026-07-20", "set"),
            ("2026-07-21", "met"),
            ("2026-07-22", "worked"),
            ("2026-07-23", "reopened"),
            ("2026-07-24", "dropped"),
            ("2026-07-27", "started"),
            ("2026-07-27", "stuck"),
        )
    )
    events = reflectlab.to_eventlog(log, names=True)
    assert events["activity_instance_id"].tolist() == [1, 1, 1, 2, 2, 3, 3]
    assert events["lifecycle_id"].tolist() == [
        "schedule",
        "complete",
        "resume",
        "start",
        "withdraw",
        "start",
        "suspend",
    ]


def test_events_of_one_instant_stand_as_they_apply() -> None:
    log = ProgressLog.from_tables(events=events_of(("2026-07-20", "met"), ("2026-07-20", "set")))
    assert reflectlab.to_eventlog(log, names=True)["event"].tolist() == ["set", "met"]
    assert reflectlab.to_tna(log, names=True)["Event"].tolist() == ["met", "set"]


def test_missing_and_void_are_told_apart() -> None:
    log = ProgressLog.from_tables(
        events=events_of(("2026-07-28", "started"), ("2026-08-10", "met")),
        learners=pd.DataFrame(
            {
                "learner_id": ["Ben", "Late", "Gone"],
                "joined": pd.to_datetime([None, "2026-08-04", None]),
                "left": pd.to_datetime([None, None, "2026-07-29"]),
            }
        ),
        terms=pd.DataFrame({"term_id": ["t3"], "start": ["2026-07-20"], "end": ["2026-09-25"]}),
    )
    weeks = reflectlab.to_sequences(log, names=True).set_index("learner_id")
    assert weeks.loc["Ben"].tolist() == ["*", "working", "working", "met"]
    assert weeks.loc["Late"].tolist() == ["%", "%", "*", "*"]
    assert weeks.loc["Gone"].tolist() == ["*", "*", "%", "%"]
    assert reflectlab.to_sequences(log, names=True, by=("learner_id", "goal_id")).to_numpy().tolist() == [
        ["Ben", "hook", "%", "working", "working", "met"]
    ]


def test_weeks_of_several_terms_are_told_apart() -> None:
    terms = pd.DataFrame(
        {"term_id": ["t1", "t2"], "start": ["2026-02-02", "2026-02-16"], "end": ["2026-02-06", "2026-02-20"]}
    )
    log = ProgressLog.from_tables(events=events_of(("2026-02-02", "set"), ("2026-02-17", "met")), terms=terms)
    assert reflectlab.to_sequences(log, names=True).to_dict("list") == {
        "learner_id": ["Ben"],
        "t1_w1": ["set"],
        "t2_w1": ["met"],
    }


@settings(max_examples=15)
@given(tables=class_logs(), pick=st.data())
def test_states_are_those_that_status_tells(tables: dict[str, pd.DataFrame], pick: st.DataObject) -> None:
    log = ProgressLog.from_tables(**tables)
    weeks = reflectlab.to_sequences(log, names=True, by=("learner_id", "goal_id")).set_index(["learner_id", "goal_id"])
    number = pick.draw(st.integers(0, len(weeks.columns) - 1))
    friday: date = log.last_day
    if number < len(weeks.columns) - 1:
        friday = pd.Timestamp(log.calendar.weeks["until"].iloc[number]).date()
    status = reflectlab.status(log, on=friday).set_index(["learner_id", "goal_id"])["status"]
    shown = weeks.iloc[:, number]
    shown = shown[shown != "%"]
    assert shown.to_dict() == status.loc[status.index.isin(shown.index)].to_dict()
    assert set(status.index) <= set(weeks.index)


def test_a_scanned_log_exports_the_same(tmp_path: Path) -> None:
    log = reflectlab.example()
    reflectlab.save_tables(log, tmp_path / "log.parquet")
    scanned = reflectlab.scan(tmp_path / "log.parquet")
    for export in (reflectlab.to_tna, reflectlab.to_eventlog, reflectlab.to_sequences):
        assert_frame_equal(export(log), export(scanned))


def test_arguments_are_checked() -> None:
    log = reflectlab.example()
    with pytest.raises(ArgumentError, match="`tool`"):
        reflectlab.to_eventlog(log, tool="celonis")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="`by`"):
        reflectlab.to_sequences(log, names=True, by="goal_id")


@pytest.mark.parametrize("export", [reflectlab.to_tna, reflectlab.to_eventlog, reflectlab.to_sequences])
def test_a_log_without_events_has_an_empty_export(export: object) -> None:
    together = pd.DataFrame({"episode_id": ["e"], "time": ["2026-07-20"], "learner_id": ["Ben"]})
    frame = export(ProgressLog.from_tables(collaborations=together))  # type: ignore[operator]
    assert len(frame) == (1 if export is reflectlab.to_sequences else 0)
    if export is reflectlab.to_sequences:
        assert frame["w1"].tolist() == ["*"]


@pytest.mark.parametrize("export", [reflectlab.to_tna, reflectlab.to_eventlog, reflectlab.to_sequences])
def test_names_and_notes_are_left_out_unless_asked_for(export) -> None:
    log = reflectlab.example()
    events = log.events.assign(note="Aroha was away")
    noted = ProgressLog.from_tables(events=events, learners=log.learners, goals=log.goals, terms=log.terms)
    frame = export(noted)
    text = frame.to_csv()
    assert not [word for word in [*log.learners["learner_id"], *log.learners["name"]] if word in text]
    assert "names=True" in frame.attrs["left_out"]
    assert "aroha" in export(noted, names=True).to_csv()
    assert len(frame) == len(export(noted, names=True))


def test_a_learner_has_one_code_in_every_export() -> None:
    log = reflectlab.example()
    codes = set(reflectlab.to_tna(log)["Actor"])
    assert codes == set(reflectlab.to_eventlog(log)["case_id"])
    assert codes <= set(reflectlab.to_sequences(log)["learner_id"])
