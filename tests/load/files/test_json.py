"""Whatever JSON a file holds, it is a log in which each record counts once, or one clear error of our own."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflectlab
from reflectlab import ReflectLabError
from reflectlab.load.files.json import read_json
from reflectlab.load.files.raw import File
from tests.load.conftest import balanced

WHO = {"name": "Aroha", "id": "http://school.example/7"}
GOOD: dict[str, dict[str, Any]] = {
    "xapi": {
        "id": "00000000-0000-4000-8000-000000000001",
        "actor": WHO,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "essay"},
        "timestamp": "2026-07-20T09:15:00Z",
    },
    "caliper": {
        "id": "urn:uuid:1",
        "type": "AssessmentEvent",
        "actor": WHO,
        "action": "Completed",
        "object": {"id": "essay"},
        "eventTime": "2026-07-20T09:15:00Z",
    },
    "openedx": {
        "username": "aroha",
        "event_type": "problem_check",
        "event_source": "server",
        "event": {"problem_id": "essay", "success": "correct"},
        "time": "2026-07-20T09:15:00",
    },
}
MORE = {
    "result": {"success": False},
    "context": {"user_id": 7, "course_id": "WR1", "team": {"member": [WHO]}, "contextActivities": {"parent": []}},
    "extensions": {"bb:group.users": ["a", {"batchUId": "b"}]},
    "membership": {"roles": ["Learner"]},
    "group": {"type": "Group", "members": [WHO]},
    "generated": {"scoreGiven": 1, "maxScore": 1, "withAgents": []},
    "name": "edx.team.learner_added",
    "statements": [],
}
KEYS = sorted(
    {
        *MORE,
        "objectType",
        "member",
        "mbox",
        "account",
        "replyTo",
        "isPartOf",
        "assignee",
        "team_id",
        "add_method",
        "data",
    }
    | {key for record in GOOD.values() for key in record}
    | {key for part in MORE.values() if isinstance(part, dict) for key in part}
)
TEXTS = [
    "Agent",
    "Group",
    "Person",
    "GradeEvent",
    "MessageEvent",
    "CourseGroupEvent",
    "Created",
    "edx.team.learner_added",
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=5)  # halves of letters too
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from(TEXTS)
JSON = st.recursive(
    LEAF | st.sampled_from([*MORE.values(), *GOOD.values()]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | ANY_TEXT, inner, max_size=6),
    max_leaves=12,
)


def refused(value: Any, folder: pytest.TempPathFactory, kind: str | None = None) -> str | None:
    """What is said where it is no log; else each of its records has been counted."""
    file = folder.getbasetemp() / "any.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    try:
        balanced(reflectlab.load(file, format=kind))
    except ReflectLabError as error:
        return str(error)
    return None


@given(JSON, st.sampled_from([None, *GOOD]))
@settings(max_examples=60, deadline=None)
def test_any_json_is_a_log_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, value: Any, kind: str | None
) -> None:
    assert refused(value, tmp_path_factory, kind) != ""


@pytest.mark.parametrize("kind", GOOD)
@given(damage=st.dictionaries(st.sampled_from(KEYS), JSON, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_a_damaged_record_is_read_or_listed(
    tmp_path_factory: pytest.TempPathFactory, kind: str, damage: dict[str, Any]
) -> None:
    assert refused([GOOD[kind], GOOD[kind] | {"id": "2"} | damage], tmp_path_factory, kind) is None


def test_a_line_ends_in_what_ends_a_line_and_in_nothing_else() -> None:
    data = b'{"id": 1}\r\n\r\n{"id": 2}\r{"id": 3}\n \x0c\n{"id": \n{"id": 4, "t": "\xe2\x80\xa8"}'
    read = read_json(File("log.jsonl", data))
    assert read.rows == [1, 3, 4, 7]
    (problem,) = read.problems
    assert (problem.row, problem.message.split(": ")[1]) == (6, "Expecting value (column 8).")


def test_a_list_of_nothing_holds_no_records(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text("[]")
    with pytest.raises(reflectlab.NotALogError, match=r"log\.json holds no records"):
        reflectlab.load(tmp_path / "log.json")
