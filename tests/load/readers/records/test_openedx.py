"""Tracking logs of Open edX: what each record tells, and why one tells nothing."""

import gzip
import json
from typing import Any

import pytest

from reflectlab.load.readers.records.openedx import NAMES
from tests.load.conftest import Load, listed

BLOCK = "block-v1:School+WR1+2026+type@problem+block@1a2b"


def record(name: str = "problem_check", event: Any = None, source: str = "server", **more: Any) -> dict[str, Any]:
    return {
        "username": "aroha",
        "context": {
            "user_id": 7,
            "course_id": "course-v1:School+WR1+2026",
            "org_id": "School",
            "module": {"display_name": "A strong lead", "usage_key": BLOCK},
        },
        "event": {"problem_id": BLOCK} if event is None else event,
        "event_source": source,
        "event_type": name,
        "time": "2026-07-20T09:15:00.123456+00:00",
        **more,
    }


def text(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


def test_a_record_is_an_event(load: Load) -> None:
    log = load(gzip.compress(text(record()).encode()), "tracking.log-20260720.gz", tz="Pacific/Auckland")
    assert log.events[["learner_id", "goal_id", "event", "row"]].to_numpy().tolist() == [["aroha", BLOCK, "worked", 1]]
    assert log.events["time"].dt.strftime("%d %H:%M").tolist() == ["20 21:15"]
    assert log.goals[["title", "strand"]].to_numpy().tolist() == [["A strong lead", "problem"]]


@pytest.mark.parametrize(
    ("name", "event", "meaning"),
    [
        ("problem_check", {"problem_id": BLOCK, "success": "correct", "grade": 1, "max_grade": 1}, "met"),
        ("problem_check", {"problem_id": BLOCK, "success": "incorrect", "grade": 0, "max_grade": 1}, "stuck"),
        ("edx.grades.problem.submitted", {"problem_id": BLOCK, "weighted_earned": 2, "weighted_possible": 2}, "met"),
        ("edx.grades.problem.submitted", {"problem_id": BLOCK, "weighted_earned": 1, "weighted_possible": 2}, "worked"),
        ("edx.grades.problem.submitted", {"problem_id": BLOCK, "weighted_earned": 0, "weighted_possible": 0}, "worked"),
        ("edx.completion.block_completion.changed", {"block_id": BLOCK, "completion": 1.0}, "met"),
        ("edx.completion.block_completion.changed", {"block_id": BLOCK, "completion": 0.0}, "worked"),
        ("load_video", json.dumps({"id": "1a2b", "code": "html5"}), "started"),
        ("play_video", json.dumps({"id": "1a2b", "code": "html5"}), "worked"),
        ("edx.course.enrollment.activated", {"course_id": "course-v1:School+WR1+2026", "user_id": 7}, "set"),
        ("edx.course.enrollment.deactivated", {"course_id": "course-v1:School+WR1+2026"}, "dropped"),
    ],
)
def test_its_name_and_points_say_what_happened(load: Load, name: str, event: Any, meaning: str) -> None:
    assert load(text(record(name, event))).events["event"].tolist() == [meaning]


def test_the_name_goes_before_the_type(load: Load) -> None:
    log = load(text({**record("/courses/x", {"id": "1a2b"}), "name": "edx.video.played"}))
    assert log.events[["goal_id", "event"]].to_numpy().tolist() == [
        ["block-v1:School+WR1+2026+type@video+block@1a2b", "worked"]
    ]
    assert set(NAMES.values()) == {"set", "started", "worked", "met", "stuck", "dropped"}


def test_the_caller_says_what_names_mean(load: Load) -> None:
    correct = {"problem_id": BLOCK, "success": "correct"}
    log = load(text(record(event=correct), record("edx.bookmark.added")), words={"problem_check": "worked"})
    assert log.events["event"].tolist() == ["worked"]
    assert listed(log) == [(2, "unknown_word")]


def test_a_course_is_the_goal_of_an_enrolment_and_a_block_of_old_has_its_kind(load: Load) -> None:
    old = "i4x://School/WR1/problem/1a2b"
    log = load(text(record("edx.course.enrollment.activated", {}), record(event={"problem_id": old})))
    assert dict(log.goals[["goal_id", "strand"]].to_numpy()) == {"course-v1:School+WR1+2026": "course", old: "problem"}


def test_a_user_s_number_and_name_are_one_learner(load: Load) -> None:
    nobody = {"user_id": "", "course_id": "c"}
    log = load(
        text(
            record(),
            record(username=""),
            record(username="", context={"user_id": 8}),
            record(username="", context=nobody),
            record(username=None, context={"user_id": None}),
        )
    )
    assert log.events["learner_id"].tolist() == ["aroha", "aroha", "8"]
    assert listed(log) == [(4, "missing_learner"), (5, "missing_learner")]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"event": "input_1=7", "context": {}}, "missing_goal"),
        ({"event": "[" * 10_000, "context": {}}, "missing_goal"),
        ({"event_source": "browser", "event": "input_1=7"}, "told_twice"),
        ({"event_type": None}, "missing_event"),
        ({"event_type": "/dashboard"}, "unknown_word"),
        ({"time": None}, "missing_time"),
        ({"time": 7}, "bad_time"),
    ],
)
def test_what_tells_nothing_is_listed_with_its_reason(load: Load, broken: dict[str, Any], code: str) -> None:
    assert listed(load(text(record(), {**record(), **broken}))) == [(2, code)]


def test_a_time_without_a_zone_is_utc(load: Load) -> None:
    log = load(text(record(time="2026-07-20T09:15:00.123456")), tz="Pacific/Auckland")
    assert log.events["time"].dt.hour.tolist() == [21]


def added(user: int, method: str, team: str = "kea", username: str = "") -> dict[str, Any]:
    event = {"team_id": team, "user_id": user, "add_method": method}
    return record("edx.team.learner_added", event, username=username or f"u{user}", context={"user_id": user})


def test_a_team_is_an_episode_and_how_they_came_says_who_chose(load: Load) -> None:
    staff = record("edx.team.learner_added", username="staff", context={"user_id": 1})
    staff["event"] = {"team_id": "kea", "user_id": 9, "add_method": "added_by_another_user"}
    log = load(
        text(
            added(7, "added_on_create"),
            added(8, "joined_from_team_view"),
            staff,
            added(10, "team_csv_import"),
            added(11, "by_magic"),
            added(12, "added_on_create", team="tui"),
            added(7, "joined_from_team_view"),
            record("edx.team.created", {"team_id": "kea"}, context={}),
            record("edx.team.learner_removed", {"team_id": "kea", "user_id": 8}, context={}),
        )
    )
    together = log.collaborations
    assert together["episode_id"].nunique() == 1
    assert together["learner_id"].tolist() == ["u7", "u8", "9", "u10", "u11"]
    assert together["chosen_by"].fillna("").tolist() == ["learner", "learner", "teacher", "teacher", ""]
    assert together["row"].tolist() == [1, 2, 3, 4, 5]
    assert listed(log) == [
        (6, "missing_partner"),
        (7, "duplicate_participant"),
        (8, "unknown_word"),
        (9, "unknown_word"),
    ]


def test_those_who_write_in_one_thread_on_a_day_are_together(load: Load) -> None:
    thread = record("edx.forum.thread.created", {"id": "t1", "title": "Leads", "commentable_id": "c"})
    reply = record("edx.forum.response.created", {"id": "r1", "discussion": {"id": "t1"}}, username="ben")
    log = load(text(thread, reply, {**reply, "time": "2026-07-21T09:00:00+00:00"}))
    assert log.events["goal_id"].tolist() == ["t1", "t1", "t1"]
    assert log.collaborations["learner_id"].tolist() == ["aroha", "ben"]
    assert log.goals[["title", "strand"]].to_numpy().tolist() == [["Leads", "thread"]]
