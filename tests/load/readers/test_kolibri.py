"""Kolibri's summary and session logs."""

from pathlib import Path

import pytest

import reflectlab
from reflectlab import MissingColumnError, NotALogError, ProgressLog
from tests.load.conftest import Load, balanced, listed

SUMMARY = (
    "Facility name,Username,Channel id,Channel name,Content id,Content title,Time of first interaction,"
    "Time of last interaction,Time of completion,Time Spent (sec),Progress (0-1),Content kind,Topic level 1\n"
)
SESSION = SUMMARY.replace("Time of completion,", "").replace(",Topic level 1", "")


def summary(user: str, first: str, last: str, done: str = "", content: str = "c1", facility: str = "Kura") -> str:
    return f"{facility},{user},ch,Reading,{content},Title {content},{first},{last},{done},10.0,0.5,video,Ideas\n"


def session(user: str, first: str, last: str, progress: str = "0.5") -> str:
    return f"Kura,{user},ch,Reading,c1,Title c1,{first},{last},10.0,{progress},video\n"


def told(log: ProgressLog) -> list[tuple[str, str, str, str]]:
    events = log.events.assign(time=log.events["time"].dt.strftime("%m-%d %H:%M"))
    return sorted(events[["time", "learner_id", "goal_id", "event"]].itertuples(index=False, name=None))


def test_a_summary_tells_when_contents_were_started_and_met(load: Load) -> None:
    text = SUMMARY + summary("ben", "2026-07-20 09:00:00", "2026-07-23 10:00:00", "2026-07-22 09:30:00")
    text += summary("aroha", "2026-07-20 09:00:00", "2026-07-21 10:00:00")
    text += summary("hemi", "2026-07-20 09:00:00", "2026-07-20 09:00:00")
    log = load(text)
    assert told(log) == [
        ("07-20 09:00", "aroha", "c1", "started"),
        ("07-20 09:00", "ben", "c1", "started"),
        ("07-20 09:00", "hemi", "c1", "started"),
        ("07-21 10:00", "aroha", "c1", "worked"),
        ("07-22 09:30", "ben", "c1", "met"),
    ]
    assert log.goals[["goal_id", "title", "strand"]].to_numpy().tolist() == [["c1", "Title c1", "Ideas"]]
    assert log.problems.empty


def test_a_visit_is_work_whatever_its_progress(load: Load) -> None:
    text = SESSION + session("ben", "2026-07-20 09:00:00", "2026-07-20 09:20:00", "1.0")
    log = load(text)
    assert told(log) == [("07-20 09:00", "ben", "c1", "worked")]
    assert log.goals["strand"].tolist() == ["Reading"]


def test_both_logs_together_are_one(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_text(
        SUMMARY + summary("ben", "2026-07-20 09:00:00", "2026-07-22 09:30:00", "2026-07-22 09:30:00")
    )
    visits = [session("ben", f"2026-07-{day} 09:00:00", f"2026-07-{day} 09:30:00") for day in (20, 21, 22)]
    (tmp_path / "session.csv").write_text(SESSION + "".join(visits))
    log = balanced(reflectlab.load(tmp_path))
    assert [event[3] for event in told(log)] == ["started", "worked", "worked", "worked", "met"]
    assert log.problems.empty


def test_guests_and_bad_times_are_listed(load: Load) -> None:
    text = SUMMARY + summary("ben", "2026-07-20 09:00:00", "2026-07-22 09:30:00")
    text += summary("", "2026-07-20 09:00:00", "2026-07-22 09:30:00")
    text += summary("aroha", "", "2026-07-22 09:30:00")
    text += summary("aroha", "2026-07-20 09:00:00", "2026-07-22 09:30:00", "sometime")
    text += summary("aroha", "2026-07-20 09:00:00", "2026-07-22 09:30:00", content="")
    assert listed(load(text)) == [(3, "missing_learner"), (4, "missing_time"), (5, "bad_time"), (6, "missing_goal")]


def test_a_username_of_another_facility_is_another_learner(load: Load) -> None:
    text = SUMMARY + summary("ben", "2026-07-20 09:00:00", "2026-07-22 09:30:00")
    text += summary("ben", "2026-07-20 09:00:00", "2026-07-22 09:30:00", facility="Wharekura")
    assert sorted(load(text).learners["learner_id"]) == ["Kura / ben", "Wharekura / ben"]


def test_a_header_that_was_changed_is_named(load: Load) -> None:
    text = SUMMARY.replace("Username", "User name") + summary("ben", "2026-07-20", "2026-07-22")
    with pytest.raises(NotALogError, match=r'headers=\{"User name": "Username"\}'):
        load(text)


def test_translated_headers_may_be_said(load: Load) -> None:
    text = SUMMARY.replace("Username", "Nom d'utilisateur") + summary("ben", "2026-07-20", "2026-07-22")
    with pytest.raises(MissingColumnError, match='no column "Username"'):
        load(text, format="kolibri")
    assert len(load(text, headers={"Nom d'utilisateur": "Username"}).events) == 2
