import importlib
from datetime import date, datetime

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import reflectlab
from reflectlab import ArgumentError, MissingColumnError, NotALogError, ProgressLog, TooLargeError
from reflectlab.log import status as statuses
from reflectlab.log import tables as settling
from reflectlab.problems import KEPT

EVENTS = pd.DataFrame(
    {
        "time": ["2026-07-20", "2026-07-24", "2026-07-21"],
        "learner_id": ["007", "007", "NA"],
        "goal_id": ["hook", "hook", "hook"],
        "event": ["started", "met", "Started "],
    }
)


def with_row(**change):
    return pd.concat([EVENTS, EVENTS.head(1).assign(**change)], ignore_index=True)


def test_ids_stay_as_written_and_types_are_the_contract():
    log = ProgressLog.from_tables(events=EVENTS)
    assert log.learners["learner_id"].tolist() == ["007", "NA"]
    assert log.events.dtypes.astype(str).to_dict() == {
        "time": "datetime64[us]",
        "learner_id": "str",
        "goal_id": "str",
        "event": "str",
        "chosen_by": "str",
        "note": "str",
        "due": "datetime64[us]",
        "row": "Int64",
    }
    assert log.events["event"].tolist() == ["started", "met", "started"]
    assert log.problems.empty


@pytest.mark.parametrize(
    "make",
    [
        lambda frame: frame,
        pl.from_pandas,
        lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
        lambda frame: frame.assign(time=pd.to_datetime(frame["time"])),
        lambda frame: frame.assign(time=pd.to_datetime(frame["time"]).dt.date),
        lambda frame: pl.from_pandas(frame).with_columns(pl.col("learner_id").cast(pl.Categorical)),
    ],
)
def test_any_frame_gives_the_same_log(make):
    log = ProgressLog.from_tables(events=make(EVENTS))
    pd.testing.assert_frame_equal(log.events, ProgressLog.from_tables(events=EVENTS).events)


def test_a_table_may_hold_no_text_at_all():
    times = [datetime(2026, 7, 20), datetime(2026, 7, 24)]
    words = pl.Series(["started", "met"], dtype=pl.Categorical)
    log = ProgressLog.from_tables(
        events=pl.DataFrame({"time": times, "learner_id": [7, 7], "goal_id": [1, 2], "event": words})
    )
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["7", "1", "started"],
        ["7", "2", "met"],
    ]


@pytest.mark.parametrize("minutes", [[None, None], ["20", None]])
def test_minutes_may_come_as_text(minutes):
    taking = pd.DataFrame({"episode_id": "e", "time": "2026-07-22", "learner_id": ["007", "NA"]})
    log = ProgressLog.from_tables(events=EVENTS, collaborations=taking.assign(minutes=pd.Series(minutes, dtype="str")))
    assert log.collaborations["minutes"].fillna(0).tolist() == [float(each or 0) for each in minutes]
    assert log.problems.empty


def test_a_log_of_lazy_frames_is_scanned_and_says_the_same():
    typed = EVENTS.assign(time=pd.to_datetime(EVENTS["time"]), event=EVENTS["event"], row=[1, 2, 3])
    log = ProgressLog.from_tables(events=pl.from_pandas(typed).lazy())
    assert log.scanned
    assert repr(log) == "ProgressLog: scanned with polars, 2026-07-20 to 2026-07-24"
    pd.testing.assert_frame_equal(log.events, ProgressLog.from_tables(events=EVENTS).events)


def test_a_scanned_log_shows_a_sample_of_each_problem_and_how_many_there_are():
    typed = EVENTS.assign(time=pd.to_datetime(EVENTS["time"]))
    bad = pd.concat([typed] + [typed.assign(event="achived")] * 4, ignore_index=True)
    log = ProgressLog.from_tables(events=pl.from_pandas(bad.assign(row=range(1, 16))).lazy())
    assert len(log.problems) == 5
    assert log.problems["message"].str.contains("One of 12 such rows").all()
    assert len(log.events) == 3


def test_a_scanned_table_that_is_too_large_is_not_collected(monkeypatch):
    monkeypatch.setattr(importlib.import_module("reflectlab.log.progress_log"), "LIMIT", 2)
    typed = EVENTS.assign(time=pd.to_datetime(EVENTS["time"]), row=[1, 2, 3])
    log = ProgressLog.from_tables(events=pl.from_pandas(typed).lazy())
    with pytest.raises(TooLargeError, match=r'log.frame\("events"\)'):
        _ = log.events


def test_one_engine_a_log():
    relation = pl.from_pandas(EVENTS.assign(time=pd.to_datetime(EVENTS["time"]))).lazy()
    with pytest.raises(ArgumentError, match="share one engine: learners"):
        ProgressLog.from_tables(events=relation, learners=pd.DataFrame({"learner_id": ["007"]}))


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"time": "last Friday"}, "bad_time", "time"),
        ({"time": None}, "missing_time", "time"),
        ({"learner_id": ""}, "missing_learner", "learner_id"),
        ({"goal_id": None}, "missing_goal", "goal_id"),
        ({"event": "achived"}, "unknown_event", "event"),
        ({"event": None}, "missing_event", "event"),
    ],
)
def test_a_bad_event_is_listed_with_its_place_and_never_vanishes(change, code, column):
    log = ProgressLog.from_tables(events=with_row(**change))
    (problem,) = log.problems.to_dict("records")
    assert (problem["code"], problem["column"], problem["row"], problem["sheet"]) == (code, column, 4, "events")
    assert problem["message"].endswith(".")
    assert problem["hint"].endswith(".")
    assert log.account.loc[0, ["read", "loaded", "listed"]].tolist() == [4, 3, 1]


def test_a_word_that_does_not_say_who_chose_or_which_role_costs_itself_and_not_its_row():
    log = ProgressLog.from_tables(events=with_row(chosen_by="parent"))
    assert log.problems[["code", "row"]].to_numpy().tolist() == [["unknown_chosen_by", 4]]
    assert log.account.loc[0, ["read", "loaded", "listed"]].tolist() == [4, 4, 0]
    rows = pd.DataFrame(
        {"episode_id": "e1", "time": "2026-07-22", "learner_id": ["aroha", "ben"], "role": ["boss", "peer"]}
    )
    log = ProgressLog.from_tables(collaborations=rows)
    assert log.problems[["code", "row"]].to_numpy().tolist() == [["unknown_role", 1]]
    assert log.collaborations["role"].fillna("").tolist() == ["", "peer"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"episode_id": None}, "missing_episode"),
        ({"learner_id": "ben"}, "duplicate_participant"),
    ],
)
def test_a_bad_participation_is_listed(change, code):
    good = {"episode_id": "e1", "time": "2026-07-22", "minutes": 10.0, "role": "peer"}
    rows = pd.DataFrame(
        [{**good, "learner_id": who} for who in ("aroha", "ben")] + [{**good, "learner_id": "zoe"} | change]
    )
    log = ProgressLog.from_tables(collaborations=rows)
    assert log.problems["code"].tolist() == [code]
    assert log.problems["row"].tolist() == [3]
    assert len(log.collaborations) == 2


@pytest.mark.parametrize("minutes", [-1.0, 10_000.0])
@pytest.mark.parametrize("who", ["zoe", "ben"])
def test_bad_minutes_are_left_out_with_a_remark_if_the_row_is_good(minutes, who):
    good = {"episode_id": "e1", "time": "2026-07-22", "minutes": 10.0, "role": "peer"}
    rows = [{**good, "learner_id": "aroha"}, {**good, "learner_id": "ben"}]
    rows.append({**good, "learner_id": who, "minutes": minutes})
    log = ProgressLog.from_tables(collaborations=pd.DataFrame(rows))
    assert log.problems[["code", "row"]].values.tolist() == [
        ["bad_minutes" if who == "zoe" else "duplicate_participant", 3]
    ]
    assert log.collaborations["minutes"].tolist()[:2] == [10, 10]
    assert log.collaborations["minutes"].iloc[2:].isna().all()
    assert log.account.loc[0, ["read", "loaded", "listed"]].tolist() == ([3, 3, 0] if who == "zoe" else [3, 2, 1])


def test_a_learner_who_is_not_on_the_roster_is_listed_with_the_likely_one():
    roster = pd.DataFrame({"learner_id": ["Aroha", "Ben"], "class_id": "5"})
    events = EVENTS.head(2).assign(learner_id=["Aroha", "Arhoa"])
    log = ProgressLog.from_tables(events=events, learners=roster)
    (problem,) = log.problems.to_dict("records")
    assert problem["code"] == "unknown_learner"
    assert problem["hint"].startswith('Did you mean "Aroha"?')


def test_a_goal_that_is_not_in_the_goals_table_is_listed():
    log = ProgressLog.from_tables(events=with_row(goal_id="hok"), goals=pd.DataFrame({"goal_id": ["hook"]}))
    assert log.problems["code"].tolist() == ["unknown_goal"]


def test_a_learner_twice_on_the_roster_is_listed_and_the_first_kept():
    roster = pd.DataFrame({"learner_id": ["007", "NA", "007"], "class_id": ["a", "a", "b"]})
    log = ProgressLog.from_tables(events=EVENTS, learners=roster)
    assert log.problems[["code", "row"]].values.tolist() == [["duplicate_learner", 3]]
    assert log.learners["class_id"].tolist() == ["a", "a"]


def test_an_event_on_a_met_goal_is_a_remark_and_stays():
    late = pd.concat([EVENTS, EVENTS.head(1).assign(time="2026-07-27", event="worked")])
    log = ProgressLog.from_tables(events=late)
    assert log.problems["code"].tolist() == ["after_met"]
    assert set(log.problems["code"]) <= KEPT
    assert len(log.events) == 4


def test_where_goals_stand_is_found_when_it_is_asked_for_and_once(monkeypatch):
    asked = []

    def with_statuses(events, *, held):
        asked.append(held)
        return statuses.with_statuses(events, held=held)

    monkeypatch.setattr(settling, "with_statuses", with_statuses)
    log = ProgressLog.from_tables(events=with_row(time="2026-07-27", event="worked"))
    assert log.problems["code"].tolist() == ["after_met"]
    assert log.account["loaded"].tolist() == [4]
    assert asked == []
    here = log.select(learner_id="007")
    assert [reflectlab.status(one)["status"].tolist() for one in (here, log)] == [["met"], ["met", "working"]]
    assert asked == [True]


def test_days_outside_the_terms_and_outside_presence_are_remarks():
    terms = pd.DataFrame({"term_id": ["t"], "start": ["2026-07-20"], "end": ["2026-07-23"]})
    roster = pd.DataFrame({"learner_id": ["007", "NA"], "joined": ["2026-07-20", "2026-07-22"]})
    log = ProgressLog.from_tables(events=EVENTS, learners=roster, terms=terms)
    assert sorted(log.problems["code"]) == ["outside_presence", "outside_terms"]
    assert len(log.events) == 3


def test_zoned_times_become_the_wall_clock_of_the_school():
    zoned = EVENTS.assign(time=pd.to_datetime(EVENTS["time"]).dt.tz_localize("UTC"))
    log = ProgressLog.from_tables(events=zoned, tz="Pacific/Auckland")
    assert log.events["time"].iloc[0] == datetime(2026, 7, 20, 12)
    text = ProgressLog.from_tables(events=EVENTS.assign(time="2026-07-20T00:30:00Z"), tz="Pacific/Auckland")
    assert text.events["time"].iloc[0] == datetime(2026, 7, 20, 12, 30)


def test_a_log_with_dates_only_knows_it():
    assert ProgressLog.from_tables(events=EVENTS).dates_only
    assert not ProgressLog.from_tables(events=with_row(time="2026-07-22 09:00")).dates_only


def test_participants_of_one_row_keep_their_order():
    names = [f"learner {number * 7 % 40:02}" for number in range(40)]
    together = pd.DataFrame(
        {"episode_id": "1", "time": "2026-07-20", "learner_id": names, "goal_id": "hook", "row": 2, "file": "log.csv"}
    )
    assert ProgressLog.from_tables(collaborations=together).collaborations["learner_id"].tolist() == names


def test_select_narrows_what_is_reported_not_what_is_known():
    log = reflectlab.example()
    chosen = log.select(learner_id="ben", start="2026-07-24")
    assert set(chosen.events["learner_id"]) == {"ben"}
    assert chosen.events["time"].min() >= pd.Timestamp("2026-07-24")
    kinds = reflectlab.episodes(log).set_index(["episode_id", "learner_id"])["kind"]
    narrowed = reflectlab.episodes(chosen).set_index(["episode_id", "learner_id"])["kind"]
    assert len(narrowed)
    assert narrowed.equals(kinds.loc[narrowed.index])


def test_select_by_end_sees_the_log_as_it_was_that_evening():
    log = reflectlab.example()
    chosen = log.select(end="2026-07-24")
    pd.testing.assert_frame_equal(reflectlab.spells(chosen), reflectlab.spells(log, on="2026-07-24"))
    assert chosen.last_day == date(2026, 7, 24)
    assert chosen.select(end="2026-12-01").last_day == date(2026, 7, 24)


def test_selecting_twice_narrows_twice():
    chosen = reflectlab.example().select(learner_id=["ben", "aroha"]).select(learner_id=["ben", "hemi"])
    assert chosen.learners["learner_id"].tolist() == ["ben"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learner_id": "bne"}, "no learner_id 'bne'. Did you mean \"ben\""),
        ({"class_id": "Room 6"}, 'Did you mean "Room 5"'),
        ({"start": "2026-08-01", "end": "2026-07-01"}, "must not be after"),
        ({"end": "soon"}, "`end` must be a date"),
    ],
)
def test_select_refuses_what_is_not_there(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        reflectlab.example().select(**arguments)


def test_a_log_never_changes():
    log = reflectlab.example()
    events = log.events
    events["event"] = "dropped"
    assert set(log.events["event"]) != {"dropped"}
    with pytest.raises(AttributeError):
        log.tz = "Europe/Paris"


def test_missing_columns_are_named_with_what_is_there():
    with pytest.raises(MissingColumnError, match=r'"learner_id" .perhaps "leaner_id" is meant'):
        ProgressLog.from_tables(events=EVENTS.rename(columns={"learner_id": "leaner_id"}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs `events` or `collaborations`"),
        ({"events": [1, 2]}, "must be a data frame"),
        ({"events": EVENTS, "tz": "Mars"}, "time zone such as"),
        ({"events": EVENTS.assign(time=3)}, "must hold dates or times"),
    ],
)
def test_what_is_no_log_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        ProgressLog.from_tables(**arguments)


def test_a_log_of_nothing_but_bad_rows_says_the_first():
    with pytest.raises(NotALogError, match='"achived" is no event'):
        ProgressLog.from_tables(events=EVENTS.assign(event="achived"))


def test_a_roster_and_a_term_without_anything_that_happened_is_a_log():
    terms = pd.DataFrame({"start": ["2026-07-20"], "end": ["2026-09-25"]})
    roster = pd.DataFrame({"learner_id": ["aroha"]})
    log = ProgressLog.from_tables(events=EVENTS.head(0), learners=roster, terms=terms)
    assert reflectlab.spells(log).empty
    assert reflectlab.collaboration(log)["participations"].tolist() == [0]


def test_bad_terms_are_listed():
    terms = pd.DataFrame({"start": ["2026-07-20", "2026-09-01"], "end": ["2026-08-25", "2026-08-01"]})
    log = ProgressLog.from_tables(events=EVENTS, terms=terms)
    assert log.problems[["code", "row"]].values.tolist() == [["bad_term", 2]]


def test_names_are_escaped_in_html():
    log = ProgressLog.from_tables(events=EVENTS.assign(learner_id="<img src=x>"))
    assert "<img" not in log._repr_html_()


def test_an_unknown_frame_is_named():
    with pytest.raises(ArgumentError, match='Did you mean "events"'):
        reflectlab.example().frame("event")


def test_a_column_of_times_that_is_empty_may_have_any_type():
    learners = pd.DataFrame({"learner_id": ["007", "NA"], "joined": [float("nan")] * 2, "left": [None, None]})
    log = ProgressLog.from_tables(events=EVENTS, learners=learners)
    assert log.learners[["joined", "left"]].isna().all(axis=None)


def test_ids_that_are_numbers_are_written_as_they_are():
    log = ProgressLog.from_tables(
        events=EVENTS.assign(goal_id=[1.0, 1.5] * (len(EVENTS) // 2) + [2.0] * (len(EVENTS) % 2))
    )
    assert {"1", "1.5"} <= set(log.events["goal_id"])


def test_what_happened_on_a_day_away_is_a_remark():
    events = pd.DataFrame(
        {"time": ["2026-08-03", "2026-08-04", "2026-08-05"], "learner_id": "ana", "goal_id": "g", "event": "worked"}
    )
    absences = pd.DataFrame({"learner_id": ["ana", "ana"], "date": ["2026-08-03", "2026-08-04"], "part": [None, "am"]})
    log = ProgressLog.from_tables(events=events, absences=absences)
    (remark,) = log.problems.itertuples()
    assert (remark.code, remark.value[:10]) == ("while_away", "2026-08-03")
    assert len(log.events) == 3
