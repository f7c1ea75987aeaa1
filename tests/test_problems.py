"""The table of problems: all that is used is in it, all that is in it is used, and the page in docs is made from it."""

import ast
import pickle
import runpy
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import reflectlab
from reflectlab import ProgressLog
from reflectlab.errors import ArgumentError
from reflectlab.problems import AS_MEANT, CODES, KEPT, Problem, problems_frame

ROOT = Path(__file__).resolve().parent.parent
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "reflectlab").rglob("*.py"))}
Definition = ast.FunctionDef | ast.ClassDef


def _takers() -> dict[str, set[int]]:
    """Return what takes a `code`, and at which places among its arguments."""
    takers: dict[str, set[int]] = {}
    for tree in TREES.values():
        for node in ast.walk(tree):
            names = _parameters(node) if isinstance(node, Definition) else []
            if "code" in names and node.name != "__init__":
                takers.setdefault(node.name, set()).add(names.index("code"))
    return takers


def _parameters(node: Definition) -> list[str]:
    """Return the arguments of a function, or of a class: those of its `__init__`, or its fields."""
    if isinstance(node, ast.FunctionDef):
        return [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg != "self"]
    own = next((each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    return _parameters(own) if own else [each.target.id for each in node.body if isinstance(each, ast.AnnAssign)]


def _used() -> Iterator[tuple[str, str]]:
    """Yield each code that is written down where one is taken, and the module."""
    takers = _takers()
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            for value in _codes_in(node, takers):
                for part in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, path.name


def _codes_in(node: ast.AST, takers: dict[str, set[int]]) -> list[ast.expr]:
    if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["code"]:
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    given = [node.args[place] for place in takers.get(name, ()) if place < len(node.args)]
    return given + [keyword.value for keyword in node.keywords if keyword.arg == "code" and name in takers]


def test_every_code_that_is_used_is_in_the_table_and_the_other_way_round() -> None:
    used = dict(_used())
    assert {code: module for code, module in used.items() if code not in CODES} == {}
    assert sorted(CODES.keys() - used.keys()) == []


def test_a_problem_of_no_kind_is_refused() -> None:
    with pytest.raises(ArgumentError, match='Did you mean "bad_time"'):
        Problem("bad_times", "This is no date.", "Write one.")


def test_no_remark_is_of_a_row_that_was_left_out() -> None:
    assert not KEPT & AS_MEANT
    assert [code for code, kind in CODES.items() if not (kind.means.endswith(".") and kind.todo.endswith("."))] == []


def test_the_page_of_problems_is_made_from_the_table() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "make_problems.py"))["page"]()
    assert (ROOT / "docs" / "problems.md").read_text("utf-8") == page, "run `make problems`"


def test_a_suggestion_is_told_and_can_be_had_by_itself() -> None:
    problem = Problem("unknown_goal", '"hok" is not among the goals.', "Correct the goal.", suggestion="hook")
    (told,) = problems_frame([problem]).to_dict("records")
    assert told["hint"] == 'Did you mean "hook"? Correct the goal.'
    assert list(told) == ["file", "sheet", "row", "column", "code", "value", "message", "hint"]


def test_a_log_has_its_problems_with_their_suggestions() -> None:
    words = {"started": None, "strated": "started", "banana": None}
    events = pd.DataFrame({"time": "2026-07-20", "learner_id": "ben", "goal_id": "hook", "event": list(words)})
    log = ProgressLog.from_tables(events=events)
    assert {problem.value: problem.suggestion for problem in log.problem_list} == {"strated": "started", "banana": None}


def test_an_error_names_its_argument() -> None:
    log = reflectlab.example()
    for argument, wrong in (("every", {"every": "month"}), ("by", {"by": "clas_id"})):
        with pytest.raises(ArgumentError, match=f"`{argument}` ") as error:
            reflectlab.completion(log, **wrong)
        assert error.value.argument == argument
    with pytest.raises(ArgumentError, match="`adjust` names 'abilty'") as error:
        reflectlab.compare(log, adjust="abilty")
    assert error.value.argument == "adjust"
    again = pickle.loads(pickle.dumps(error.value))
    assert (str(again), again.argument) == (str(error.value), "adjust")
