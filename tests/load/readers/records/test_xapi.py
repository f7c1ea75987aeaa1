"""Statements of xAPI: what each tells, and why one tells nothing."""

import gzip
import json
from itertools import count
from typing import Any

import pytest

import reflectlab
from reflectlab import NotALogError
from reflectlab.load.readers.records.xapi import VERBS
from tests.load.conftest import Load, balanced, listed

ADL = "http://adlnet.gov/expapi/verbs/"
MENTORED = "http://id.tincanapi.com/verb/mentored"
ESSAY = {"id": "http://school.example/essay", "definition": {"name": {"mi": "Tuhinga", "en-NZ": "Essay"}}}
NUMBERS = count(1)


def agent(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "name": name.title(), "mbox": f"mailto:{name}@school.example"}


def group(*names: str, **more: Any) -> dict[str, Any]:
    return {"objectType": "Group", "member": [agent(name) for name in names], **more}


def statement(verb: str = "completed", actor: Any = None, about: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{next(NUMBERS):012}",
        "actor": actor or agent("aroha"),
        "verb": {"id": verb if ":" in verb else ADL + verb, "display": {"en": "ate"}},
        "object": about or ESSAY,
        "timestamp": "2026-07-20T09:15:00Z",
        **more,
    }


def text(*statements: dict[str, Any]) -> str:
    return json.dumps(statements)


def told(load: Load, *statements: dict[str, Any], **options: Any) -> list[tuple[str, str, str]]:
    events = load(text(*statements), "log.json", **options).events
    return [tuple(row) for row in events[["learner_id", "goal_id", "event"]].to_numpy()]


def test_a_statement_is_an_event(load: Load) -> None:
    log = load(text(statement()), "log.json", tz="Pacific/Auckland")
    assert log.events[["learner_id", "goal_id", "event", "row"]].to_numpy().tolist() == [
        ["aroha@school.example", "http://school.example/essay", "met", 1]
    ]
    assert log.events["time"].astype(str).tolist() == ["2026-07-20 21:15:00"]
    assert log.learners["name"].tolist() == ["Aroha"]
    assert log.goals["title"].tolist() == ["Essay"]


@pytest.mark.parametrize(
    ("verb", "event"),
    [
        ("registered", "set"),
        ("initialized", "started"),
        ("attempted", "started"),
        ("progressed", "worked"),
        ("answered", "worked"),
        ("https://w3id.org/xapi/video/verbs/played", "worked"),
        ("mastered", "met"),
        ("passed", "met"),
        ("failed", "stuck"),
        ("https://w3id.org/xapi/adl/verbs/satisfied", "met"),
        ("https://adlnet.gov/expapi/verbs/completed/", "met"),
        ("http://activitystrea.ms/schema/1.0/complete", "met"),
    ],
)
def test_a_verb_means_what_its_iri_means(load: Load, verb: str, event: str) -> None:
    assert told(load, statement(verb))[0][2] == event


@pytest.mark.parametrize(
    ("verb", "result", "event"),
    [
        ("completed", {"success": False}, "stuck"),
        ("passed", {"success": "False"}, "stuck"),
        ("answered", {"success": False}, "stuck"),
        ("answered", {"success": True}, "worked"),
        ("initialized", {"success": False}, "started"),
        ("completed", {"completion": False}, "worked"),
        ("completed", {"success": None}, "met"),
        ("completed", {"score": {"scaled": 0.1}}, "met"),
        ("completed", "done", "met"),
    ],
)
def test_the_result_counts(load: Load, verb: str, result: Any, event: str) -> None:
    assert told(load, statement(verb, result=result))[0][2] == event


def test_the_caller_says_what_verbs_mean(load: Load) -> None:
    words = {"http://other.example/v#shone": "met", "skipped": "dropped", "answered": "worked", "commented": None}
    statements = [
        statement("http://other.example/v#shone", result={"success": False}),
        statement("http://other.example/v/Skipped"),
        statement("answered", result={"success": False}),
        statement("commented"),
        statement("http://other.example/v/ate"),
        statement("http://other.example/v/completed"),
    ]
    log = load(text(*statements), "log.json", words=words)
    assert log.events["event"].tolist() == ["met", "dropped", "worked"]
    assert listed(log) == [(4, "left_out"), (5, "unknown_word"), (6, "unknown_word")]
    assert 'words={"http://other.example/v/ate": "worked"}' in log.problems["hint"].tolist()[-2]


def test_every_meaning_is_one_of_a_log() -> None:
    assert set(VERBS.values()) == {
        "set",
        "started",
        "worked",
        "met",
        "stuck",
        "reopened",
        "dropped",
        "helper",
        "seeker",
    }


@pytest.mark.parametrize(
    ("who", "learner"),
    [
        ({"mbox": "mailto:Ben@School.Example"}, "ben@school.example"),
        (
            {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9", "name": "Ben"},
            "ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
        ),
        ({"openid": "http://ben.example/"}, "http://ben.example/"),
        ({"account": {"homePage": "http://school.example", "name": "007"}, "name": "Ben"}, "007"),
        ({"account": {"homePage": "http://school.example", "name": 7}}, "7"),
        ({"name": "He\u0304mi "}, "Hēmi"),
    ],
)
def test_a_learner_is_known_by(load: Load, who: dict[str, Any], learner: str) -> None:
    assert told(load, statement(actor=who))[0][0] == learner


def test_one_name_in_two_systems_is_two_learners(load: Load) -> None:
    people = [{"account": {"homePage": f"http://{home}.example", "name": "7"}} for home in ("a", "b", "a")]
    assert [learner for learner, _, _ in told(load, *(statement(actor=one) for one in people))] == [
        "7 (http://a.example)",
        "7 (http://b.example)",
        "7 (http://a.example)",
    ]


def test_the_roster_tells_who_is_meant(tmp_path: Any) -> None:
    (tmp_path / "learners.csv").write_text("learner_id,name,class_id\n1,Aroha,R5\n2,Ben,R5\n", encoding="utf-8")
    (tmp_path / "goals.csv").write_text("goal_id,title\nG1,Essay\n", encoding="utf-8")
    statements = [statement(), statement(actor={"name": "ben"}), statement(actor=group("ben", "chloe"))]
    (tmp_path / "log.json").write_text(text(*statements), encoding="utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert log.events[["learner_id", "goal_id"]].to_numpy().tolist() == [["1", "G1"], ["2", "G1"]]
    assert listed(log) == [(3, "unknown_learner")]
    assert log.problems.loc[log.problems["code"] != "zone", "value"].tolist() == ["chloe@school.example"]


def test_a_group_is_everyone_in_it_and_an_episode(load: Load) -> None:
    log = load(text(statement("progressed", group("aroha", "ben", "chloe", name="Kea"), result={"duration": "PT25M"})))
    assert log.events["learner_id"].str.split("@").str[0].tolist() == ["aroha", "ben", "chloe"]
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[1, 1, 0]]
    together = log.collaborations
    assert together["episode_id"].nunique() == 1
    assert together[["role", "minutes", "goal_id", "row"]].drop_duplicates().to_numpy().tolist() == [
        ["peer", 25.0, "http://school.example/essay", 1]
    ]
    assert len(together) == 3


def test_a_team_is_the_actor_s_company(load: Load) -> None:
    log = load(text(statement("progressed", context={"team": group("ben", "chloe")})))
    assert log.events["learner_id"].tolist() == ["aroha@school.example"]
    assert len(log.collaborations) == 3


def test_statements_of_one_team_goal_and_day_are_one_episode(load: Load) -> None:
    kea = {"objectType": "Group", "name": "Kea"}
    times = ["2026-07-20T09:00:00Z", "2026-07-20T09:20:00Z", "2026-07-20T10:00:00Z", "2026-07-21T09:00:00Z"]
    names = ["aroha", "ben", "aroha", "ben"]
    log = load(
        text(
            *(
                statement("progressed", agent(name), timestamp=time, context={"team": kea})
                for name, time in zip(names, times, strict=True)
            ),
            statement("completed", group("aroha", "ben"), timestamp=times[0]),
            statement("completed", group("aroha", "ben"), about={"id": "http://school.example/b"}, timestamp=times[0]),
        )
    )
    episodes = log.collaborations.groupby("episode_id", sort=False)["row"].agg(list).tolist()
    assert episodes == [[1, 2], [5, 5], [6, 6]], "nobody else of the team was there on the second day"
    assert len(log.events) == 8


@pytest.mark.parametrize(
    ("verb", "roles"),
    [(MENTORED, ["helper", "seeker"]), ("asked", ["seeker", "helper"]), ("x:talked", ["peer", "peer"])],
)
def test_an_agent_as_object_is_support(load: Load, verb: str, roles: list[str]) -> None:
    context = {"contextActivities": {"category": [{"id": "http://x.example"}], "grouping": ESSAY}}
    log = load(text(statement(verb, about=agent("ben"), context=context)), words={"x:talked": "peer"})
    assert log.collaborations["learner_id"].tolist() == ["aroha@school.example", "ben@school.example"]
    assert log.collaborations["role"].tolist() == roles
    assert set(log.collaborations["goal_id"]) == {"http://school.example/essay"}
    assert log.events.empty


def test_support_may_be_of_several_and_without_a_goal(load: Load) -> None:
    log = load(
        text(statement(MENTORED, about=group("ben", "chloe")), statement("asked", context={"team": group("ben")}))
    )
    assert log.collaborations["role"].tolist() == ["helper", "seeker", "seeker", "seeker", "helper"]
    assert log.collaborations["goal_id"].isna().tolist() == [True, True, True, False, False]


def test_what_was_voided_is_listed(load: Load) -> None:
    wrong, right = statement(), statement()
    void = statement("voided", about={"objectType": "StatementRef", "id": wrong["id"].upper()})
    log = load(text(wrong, right, void, right))
    assert len(log.events) == 1
    assert listed(log) == [(1, "voided"), (3, "voids"), (4, "duplicate_statement")]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"object": {"objectType": "StatementRef", "id": "x"}}, "about_a_statement"),
        ({"object": {"objectType": "SubStatement", "actor": agent("a"), "verb": {"id": "x"}}}, "not_yet_happened"),
        ({"object": agent("ben")}, "missing_goal"),
        ({"object": {"definition": {}}}, "missing_goal"),
        ({"object": None}, "no_statement"),
        ({"actor": None}, "no_statement"),
        ({"actor": {"objectType": "Agent"}}, "missing_learner"),
        ({"actor": {"objectType": "Group", "name": "Kea"}}, "missing_learner"),
        ({"actor": "Aroha"}, "missing_learner"),
        ({"actor": {"member": [{"age": 7}]}}, "missing_learner"),
        ({"verb": {"display": {"en": "completed"}}}, "missing_event"),
        ({"verb": {"id": ADL + "tutored"}}, "missing_partner"),
        ({"verb": {"id": MENTORED}, "object": agent("aroha")}, "self_collaboration"),
        ({"timestamp": None}, "missing_time"),
        ({"timestamp": "yesterday"}, "bad_time"),
        ({"timestamp": "03/04/2026"}, "bad_time"),
        ({"timestamp": "2026-02-30T09:15:00Z"}, "bad_time"),
        ({"timestamp": ["2026-07-20"]}, "missing_time"),
    ],
)
def test_what_tells_nothing_is_listed_with_its_reason(load: Load, broken: dict[str, Any], code: str) -> None:
    log = load(text(statement(), {**statement(), **broken}))
    assert listed(log) == [(2, code)]
    assert len(log.events) == 1


def test_a_verb_of_any_length_makes_a_sentence_of_a_line(load: Load) -> None:
    log = load(text(statement(), statement(f"x:{'y' * 100_000}")))
    assert listed(log) == [(2, "unknown_word")]
    assert log.problems[["value", "message", "hint"]].map(len).to_numpy().max() <= 504


def test_when_it_happened_goes_before_when_it_was_stored(load: Load) -> None:
    stored = {"stored": "2026-07-22T00:00:00Z"}
    log = load(text(statement(**stored), statement(timestamp=None, **stored)))
    assert log.events["time"].dt.day.tolist() == [20, 22]


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("2026-07-20T09:15:00.123456789+12:00", "2026-07-20 09:15:00.123456"),
        ("2026-07-19T21:15:00Z", "2026-07-20 09:15:00"),
        ("2026-07-20 09:15", "2026-07-20 09:15:00"),
        ("2026-09-26T14:00:00Z", "2026-09-27 03:00:00"),
    ],
)
def test_times_are_the_school_s_wall_clock(load: Load, time: str, read: str) -> None:
    log = load(text(statement(timestamp=time)), tz="Pacific/Auckland", date_format="%d.%m.%Y")
    assert log.events["time"].astype(str).tolist() == [read]


def test_old_statements_are_read(load: Load) -> None:
    old = {"actor": {"name": ["Aroha"], "mbox": ["mailto:a@b"]}, "verb": "completed", "object": {"id": "essay"}}
    log = load(text(statement(), {**old, "actor": agent("ben"), "timestamp": "2026-07-20"}), words={"completed": "met"})
    assert log.events["event"].tolist() == ["met", "met"]


def test_every_form_reads_alike(load: Load) -> None:
    statements = [statement(), statement("progressed", group("aroha", "ben")), statement("x:unknown")]
    lines = "".join(json.dumps(one) + "\n" for one in statements)
    forms = [
        text(*statements),
        json.dumps({"statements": statements, "more": ""}),
        lines,
        "\ufeff" + lines.replace("\n", "\n\n"),
        gzip.compress(lines.encode()),
    ]
    logs = [load(form, "log.json") for form in forms]
    for log in logs:
        assert log.events.drop(columns="row").equals(logs[0].events.drop(columns="row"))
        assert len(log.collaborations) == 2
        assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[3, 2, 1]]


def test_a_bad_line_is_listed_among_the_statements(load: Load) -> None:
    lines = [json.dumps(statement()), "", '{"actor": ', json.dumps(statement("x:unknown"))]
    assert listed(load("\n".join(lines), "log.jsonl")) == [(3, "bad_json"), (4, "unknown_word")]


def test_the_format_may_be_said(load: Load) -> None:
    with pytest.raises(NotALogError, match=r"Not one of the 1 rows.*no statement"):
        load('{"a": 1}', format="xapi")
    with pytest.raises(NotALogError, match="is JSON"):
        load("date,learner\n2026-07-20,Ben\n", format="xapi")
