"""What success, completion, score and grade make of what the verb of an xAPI statement means."""

from collections.abc import Mapping
from typing import Any

from .entries import JsonRecord, inside, text_of

_GRADED: Mapping[str, Mapping[bool | None, str]] = {
    "attempted": {True: "met", False: "worked"},
    "evaluated": {True: "met", False: "stuck"},
    "earned": {True: "met", False: "worked"},
}
"""What verbs mean that tell of a grade, where it passes and where it fails."""

_GRADE = "http://www.tincanapi.co.uk/activitytypes/grade_classification"

_PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"

_PASSES = {"true": True, "pass": True, "passed": True, "false": False, "fail": False, "failed": False}


def by_result(verb: str, meaning: str, statement: JsonRecord) -> str:
    """Return what was done, in the light of its result."""
    result = statement.get("result")
    if not isinstance(result, dict):
        return meaning
    success, name = _success(result), verb.rstrip("/").rsplit("/", 1)[-1]
    if name in _GRADED:
        if name == "attempted" and success is None and "score" in result:
            return "worked"
        if name == "evaluated" and success is None:
            success = _has_full_score(result) or None
        if name == "earned" and success is None:
            success = _has_full_score(result)
        return _GRADED[name].get(success, meaning)
    if meaning in ("worked", "met") and success is False:
        return "stuck"
    if name == "progressed" and _is_complete(result):
        return "met"
    return "worked" if meaning == "met" and _is(result.get("completion"), "false") else meaning


def _success(result: JsonRecord) -> bool | None:
    """Return whether a result passes, by what it says of success, else by its grade; None where neither tells."""
    said = _PASSES.get(_plain(result.get("success")))
    if said is None:
        return _PASSES.get(_plain(inside(result, "extensions", _GRADE)))
    most, least = inside(result, "score", "max"), inside(result, "score", "min")
    nothing_to_score = isinstance(most, int | float) and most <= (least if isinstance(least, int | float) else 0)
    return None if said and nothing_to_score else said


def _has_full_score(result: JsonRecord) -> bool | None:
    scaled, raw, most = (inside(result, "score", key) for key in ("scaled", "raw", "max"))
    if isinstance(scaled, int | float):
        return scaled >= 1
    return raw >= most > 0 if isinstance(raw, int | float) and isinstance(most, int | float) else None


def _is_complete(result: JsonRecord) -> bool:
    progress = inside(result, "extensions", _PROGRESS)
    return _is(result.get("completion"), "true") or (isinstance(progress, int | float) and progress >= 100)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else text_of(value).lower()


def _is(value: Any, word: str) -> bool:
    return _plain(value) == word
