"""Real records, that nobody of this project wrote: xAPI statements and Caliper events."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import NotALogError
from tests.load.conftest import balanced, listed


def test_xapi_ralph(realdata: Path) -> None:
    file = realdata / "xapi_ralph" / "statements.json.gz"
    log = balanced(reflectlab.load(file))
    statements = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    verbs = Counter(one["verb"]["id"].rsplit("/", 1)[-1] for one in statements)
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[22_000, 22_000, 0]]
    assert set(log.learners["learner_id"]) == {one["actor"]["account"]["name"] for one in statements}
    assert len(log.learners) == 1452
    assert log.events["event"].value_counts().to_dict() == {
        "worked": sum(verbs.values()) - verbs["initialized"] - verbs["completed"],
        "started": verbs["initialized"],
        "met": verbs["completed"],
    }
    assert log.events["time"].dt.strftime("%FT%T.%f").tolist() == [one["timestamp"][:26] for one in statements]
    assert dict(log.goals[["goal_id", "title"]].to_numpy()) == {
        one["object"]["id"]: one["object"]["definition"]["name"]["en-US"] for one in statements
    }


def test_xapi_serious_games(realdata: Path) -> None:
    folder = realdata / "xapi_serious_games"
    logs = [
        balanced(reflectlab.load(folder / name))
        for name in ("xapi-sg-sample-data-array.json", "xapi-sg-sample-data.json")
    ]
    assert_frame_equal(logs[0].events, logs[1].events)
    assert listed(logs[0]) == listed(logs[1])
    for log in logs:
        assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[84, 81, 3]]
        assert sorted(log.learners["name"]) == ["James Dean", "John Smith", "Juan Gomez", "Mary Kate", "Sarah Connor"]
        assert set(log.problems.loc[log.problems["code"] != "zone", "value"]) == {
            "http://id.tincanapi.com/verb/skipped"
        }
    skipped = reflectlab.load(folder / "xapi-sg-sample-data.json", words={"skipped": "dropped"})
    assert skipped.account["listed"].tolist() == [0]


INVALID = "hmh__hmh-ri__development__caliperEventBasicCreated.json"


def records(file: Path) -> list[dict[str, Any]]:
    document = json.loads(file.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = document.get("data", [document])
    return found


def test_caliper(realdata: Path) -> None:
    log = balanced(reflectlab.load(realdata / "caliper"))
    files = sorted((realdata / "caliper").glob("*.json"))
    whole = {file.name: records(file) for file in files if file.name != INVALID}
    events = [one for some in whole.values() for one in some if "eventTime" in one or "action" in one]
    assert len(files) == len(log.account) == 96
    assert log.account.set_index("file")["read"].to_dict() == {
        INVALID: 1,
        **{name: len(r) for name, r in whole.items()},
    }
    bad = log.problems[log.problems["code"] == "bad_json"]
    assert bad[["file", "row"]].to_numpy().tolist() == [[INVALID, 1]]
    reasons = Counter(code for _, code in listed(log))
    assert reasons.pop("no_event") == sum(len(some) for some in whole.values()) - len(events)
    assert log.account["loaded"].sum() + sum(reasons.values()) - reasons["bad_json"] == len(events)
    assert reasons.keys() == {"bad_json", "duplicate_event", "missing_goal", "missing_time", "not_a_learner"}


def test_caliper_files_by_themselves(realdata: Path) -> None:
    folder = realdata / "caliper"
    grade = balanced(reflectlab.load(folder / "caliperEventGradeGraded.json"))
    assert grade.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["https://example.edu/users/554433", "https://example.edu/terms/201601/courses/7/sections/1/assess/1", "worked"]
    ]
    thinned = balanced(reflectlab.load(folder / "caliperEnvelopeEventThinned.json"))
    assert thinned.events["learner_id"].tolist() == ["https://example.edu/users/554433"]
    shared = balanced(reflectlab.load(folder / "caliperEventAnnotationShared.json"))
    assert len(shared.collaborations) == 3
    mixed = balanced(reflectlab.load(folder / "caliperEnvelopeMixedBatch.json"))
    assert mixed.events["event"].tolist() == ["started", "worked", "worked"]
    with pytest.raises(NotALogError, match=rf"{INVALID}.*line 12, column 172"):
        reflectlab.load(folder / INVALID)
    with pytest.raises(NotALogError, match=r"no event but an entity \(Person\)"):
        reflectlab.load(folder / "caliperEntityPerson.json")
