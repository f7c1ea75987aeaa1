"""Events of Caliper: what each tells, and why one tells nothing."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import reflectlab
from reflectlab import NotALogError
from reflectlab.load.readers.records.caliper import ACTIONS
from tests.load.conftest import Load, balanced, listed

CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"
NUMBERS = count(1)
AROHA, BEN, TEACHER = (f"http://school.example/users/{name}" for name in ("aroha", "ben", "teacher"))
QUIZ = {"id": "http://school.example/quiz", "type": "Assessment", "name": "Quiz One"}
ATTEMPT = {"id": "http://school.example/attempt", "type": "Attempt", "assignee": {"id": BEN}, "assignable": QUIZ}


def event(kind: str = "AssessmentEvent", action: str = "Started", **more: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{next(NUMBERS)}",
        "type": kind,
        "actor": {"id": AROHA, "type": "Person", "name": "Aroha"},
        "action": action,
        "object": QUIZ,
        "eventTime": "2026-07-20T09:15:00.000Z",
        **more,
    }


def text(*events: dict[str, Any]) -> str:
    return json.dumps(
        {"sensor": "http://s", "sendTime": "2026-07-20T10:00:00Z", "dataVersion": CONTEXT, "data": events}
    )


def test_an_event_is_an_event(load: Load) -> None:
    log = load(text(event()), "log.json", tz="Pacific/Auckland")
    assert log.events[["learner_id", "goal_id", "event", "row"]].to_numpy().tolist() == [
        [AROHA, "http://school.example/quiz", "started", 1]
    ]
    assert log.events["time"].astype(str).tolist() == ["2026-07-20 21:15:00"]
    assert log.goals[["title", "strand"]].to_numpy().tolist() == [["Quiz One", "Assessment"]]
    assert log.learners["name"].tolist() == ["Aroha"]


@pytest.mark.parametrize(
    ("kind", "action", "meaning"),
    [
        ("AssessmentEvent", "Started", "started"),
        ("AssessmentEvent", "Submitted", "worked"),
        ("AssignableEvent", "Completed", "met"),
        ("AssignableEvent", "Activated", "set"),
        ("AssessmentItemEvent", "Completed", "worked"),
        ("AssessmentItemEvent", "Skipped", "worked"),
        ("MediaEvent", "Paused", "worked"),
        ("NavigationEvent", "NavigatedTo", "worked"),
        ("ViewEvent", "Viewed", "worked"),
        ("ToolUseEvent", "Used", "worked"),
        ("ForumEvent", "Subscribed", "worked"),
        ("Event", "Completed", "met"),
        ("http://purl.imsglobal.org/caliper/v1/AssessmentEvent", "http://purl.imsglobal.org/vocab#Started", "started"),
    ],
)
def test_type_and_action_say_what_happened(load: Load, kind: str, action: str, meaning: str) -> None:
    assert load(text(event(kind, action))).events["event"].tolist() == [meaning]


def test_the_caller_says_what_events_mean(load: Load) -> None:
    words = {"Submitted": "met", "ViewEvent/Viewed": None, "Dreamt": "stuck"}
    events = [event(action="Submitted"), event("ViewEvent", "Viewed"), event(action="Dreamt"), event(action="Ate")]
    log = load(text(*events), words=words)
    assert log.events["event"].tolist() == ["met", "stuck"]
    assert listed(log) == [(2, "left_out"), (4, "unknown_word")]
    assert set(ACTIONS.values()) == {"set", "started", "worked", "met"}


@pytest.mark.parametrize(("score", "meaning"), [(10, "worked"), (15.0, "met"), (None, "worked"), ("15", "worked")])
def test_a_grade_is_the_learner_s_whose_attempt_it_is(load: Load, score: Any, meaning: str) -> None:
    robot = {"id": "http://school.example/grader", "type": "SoftwareApplication"}
    given = {"type": "Score", "maxScore": 15.0, "scoreGiven": score}
    log = load(text(event("GradeEvent", "Graded", actor=robot, object=ATTEMPT, generated=given)))
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        [BEN, "http://school.example/quiz", meaning]
    ]


def test_a_grade_means_what_the_caller_says(load: Load) -> None:
    grade = event("GradeEvent", "Graded", object={**ATTEMPT, "assignee": BEN, "assignable": "http://school.example/q"})
    assert load(text(grade), words={"Graded": "met"}).events["event"].tolist() == ["met"]


def test_entities_may_be_their_bare_iri_and_are_named_by_others(load: Load) -> None:
    thinned = event(actor=BEN, object="http://school.example/essay", group="http://c", membership="http://m")
    entities = [
        {"@context": CONTEXT, "id": BEN, "type": "Person", "name": "Ben"},
        {"@context": CONTEXT, "id": "http://school.example/essay", "type": "Document", "name": "Essay"},
    ]
    log = load(text(thinned, *entities))
    assert log.learners["name"].tolist() == ["Ben"]
    assert log.goals["title"].tolist() == ["Essay"]
    assert listed(log) == [(2, "no_event"), (3, "no_event")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"membership": {"roles": ["Instructor"]}}, "not_a_learner"),
        ({"membership": {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]}}, "not_a_learner"),
        ({"actor": {"id": "http://a", "type": "SoftwareApplication"}}, "not_a_learner"),
        ({"actor": None}, "missing_learner"),
        ({"actor": {"type": "Person"}}, "missing_learner"),
        ({"object": None}, "missing_goal"),
        ({"object": {"type": "Assessment"}}, "missing_goal"),
        ({"type": "SessionEvent", "action": "LoggedIn"}, "missing_goal"),
        ({"type": "GradeEvent", "action": "Graded"}, "missing_learner"),
        ({"action": None}, "missing_event"),
        ({"eventTime": None}, "missing_time"),
        ({"eventTime": "soon"}, "bad_time"),
    ],
)
def test_what_tells_nothing_is_listed_with_its_reason(load: Load, more: dict[str, Any], code: str) -> None:
    assert listed(load(text(event(), event(**more)))) == [(2, code)]


def test_a_learner_who_also_teaches_is_a_learner(load: Load) -> None:
    assert len(load(text(event(membership={"roles": ["Learner", "TeachingAssistant"]}))).events) == 1


def test_an_event_that_is_sent_twice_counts_once(load: Load) -> None:
    once = event()
    other = {**event(), "id": once["id"], "action": "Submitted"}
    assert listed(load(text(once, once, other))) == [(2, "duplicate_event")]


def test_a_group_that_acts_is_everyone_in_it(load: Load) -> None:
    kea = {"id": "http://kea", "type": "Group", "members": [{"id": AROHA}, BEN]}
    log = load(text(event(actor=kea, group=kea)))
    assert log.events["learner_id"].tolist() == [AROHA, BEN]
    assert log.collaborations["learner_id"].tolist() == [AROHA, BEN]


@pytest.mark.parametrize(
    "more",
    [
        {
            "group": {
                "id": "http://kea",
                "type": "Group",
                "members": [AROHA, {"type": "Membership", "member": {"id": BEN}}],
            }
        },
        {"extensions": {"bb:group.users": [{"id": BEN}]}},
        {"extensions": {"bb:group.users": [{"batchUId": BEN}, AROHA]}},
        {"type": "AnnotationEvent", "action": "Shared", "generated": {"withAgents": [{"id": BEN, "type": "Person"}]}},
        {"type": "FeedbackEvent", "action": "Commented", "object": {**QUIZ, "creators": [BEN]}},
    ],
)
def test_those_who_were_in_it_are_an_episode(load: Load, more: dict[str, Any]) -> None:
    log = load(text(event(**more)))
    assert log.events["learner_id"].tolist() == [AROHA]
    assert log.collaborations["learner_id"].tolist() == [AROHA, BEN]
    assert set(log.collaborations["goal_id"]) == {"http://school.example/quiz"}


def message(number: int, actor: str, **more: Any) -> dict[str, Any]:
    thread = {"id": "http://school.example/thread", "type": "Thread", "name": "Leads"}
    about = {"id": f"http://school.example/messages/{number}", "type": "Message", "isPartOf": thread, **more}
    return event("MessageEvent", "Posted", actor=actor, object=about, eventTime=f"2026-07-{20 + number}T09:00:00Z")


def test_those_who_write_in_one_thread_or_answer_are_together(load: Load) -> None:
    first, other, late = message(1, AROHA), message(1, BEN), message(3, TEACHER)
    answer = message(2, BEN, replyTo={"id": "http://school.example/messages/1"})
    log = load(text(first, {**other, "object": {**other["object"], "id": "http://x"}}, answer, late))
    assert set(log.events["goal_id"]) == {"http://school.example/thread"}
    episodes = log.collaborations.groupby("episode_id", sort=False)["learner_id"].agg(sorted).tolist()
    assert episodes == [[AROHA, BEN], [AROHA, BEN]]


def test_who_teaches_is_in_no_episode(load: Load) -> None:
    asked = message(1, TEACHER)
    asked["membership"] = {"roles": ["Instructor"]}
    answers = [message(2, name, replyTo={"id": "http://school.example/messages/1"}) for name in (AROHA, BEN)]
    log = load(text(asked, answers[0], {**answers[1], "object": {**answers[1]["object"], "id": "http://x"}}))
    assert listed(log) == [(1, "not_a_learner")]
    assert log.collaborations["learner_id"].tolist() == [AROHA, BEN]


@pytest.mark.parametrize(
    ("action", "actor", "code", "chosen"),
    [("Created", TEACHER, None, "teacher"), ("Modified", BEN, None, "learner"), ("Deleted", TEACHER, "left_out", None)],
)
def test_a_group_that_is_made_tells_who_chose(
    load: Load, action: str, actor: str, code: str | None, chosen: str | None
) -> None:
    kind = "http://caliper.blackboard.com/caliper/v1/CourseGroupEvent"
    made = event(kind, action, actor=actor, object={"id": "http://g", "type": "Group"})
    made["extensions"] = {"bb:group.users": [AROHA, BEN]}
    log = load(text(event(), made))
    assert listed(log) == ([(2, code)] if code else [])
    assert set(log.collaborations["chosen_by"]) == ({chosen} if chosen else set())


def test_a_folder_of_single_events_is_one_log(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(json.dumps(event()), encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"id": //', encoding="utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert len(log.events) == 3
    assert listed(log) == [(1, "bad_json")]
    assert log.problems.groupby("code")["file"].unique().map(sorted).to_dict() == {
        "bad_json": ["broken.json"],
        "zone": ["0.json", "1.json", "2.json"],
    }
    with pytest.raises(NotALogError, match=r"broken\.json.*line 1|broken\.json"):
        reflectlab.load(tmp_path / "broken.json")


def test_a_file_of_entities_says_so(load: Load) -> None:
    with pytest.raises(NotALogError, match=r"no event but an entity \(Person\)"):
        load(json.dumps({"@context": [CONTEXT], "id": BEN, "type": "Person"}), "log.json")
