"""What a teacher types after `make lab`: each target hands on what it is given, and the first one shows progress."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

SAYS_WHAT_IT_IS_GIVEN = """#!/bin/sh
for each in "$@"; do printf '[%s]' "$each"; done
echo
"""

PIP = """#!/bin/sh
echo "Collecting one>=1"
echo "  Downloading one-1.0.whl (3 kB)"
echo "Collecting two"
echo "Installing collected packages: one, two"
"""


@pytest.fixture
def clone(tmp_path: Path, root: Path, missing: Callable[[str], NoReturn]) -> Path:
    """A clone with an environment that says what is asked of it."""
    if shutil.which("make") is None:
        missing("there is no make here")
    shutil.copy(root / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    program(tmp_path, "reflectlab", SAYS_WHAT_IT_IS_GIVEN)
    program(tmp_path, "pip", PIP + 'echo "Successfully installed one-1.0 two-2.0"\n')
    return tmp_path


def program(clone: Path, name: str, text: str) -> None:
    file = clone / ".venv" / "bin" / name
    file.write_text(text, "utf-8")
    file.chmod(0o700)


def make(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    typed = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *arguments], cwd=clone, env=typed, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        (["check"], "[check][data/sample]"),
        (["check", "LOG=my class.xlsx"], "[check][my class.xlsx]"),
        (["app", "LOG=a b.xlsx", 'ARGS=--word "S=met it" --all'], "[app][a b.xlsx][--word][S=met it][--all]"),
        (["report", "LOG=a.xlsx", "OUT=term 3.html", "ARGS=--x 5"], "[report][a.xlsx][-o][term 3.html][--x][5]"),
        (["new"], "[new][private/my_class.xlsx]"),
        (["new", "LOG=5A.xlsx", "ARGS=--learners names.txt"], "[new][5A.xlsx][--learners][names.txt]"),
    ],
)  # fmt: skip
def test_what_is_typed_is_handed_on(clone: Path, typed: list[str], given: str) -> None:
    done = make(clone, *typed)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, given), done.stderr


def test_making_the_environment_shows_how_far_it_is(clone: Path) -> None:
    said = make(clone, "lab").stdout.splitlines()
    assert said[1:5] == [
        "  fetched   1: one>=1",
        "  fetched   2: two",
        "  Unpacking them; the last step, of a minute or two ...",
        "  Done.",
    ]
    assert said[5:] == ["[lab]"]
    assert make(clone, "lab").stdout == "[lab]\n", "what is made is not made again"


def test_an_environment_that_cannot_be_made_ends_it(clone: Path) -> None:
    program(clone, "pip", PIP + 'echo "ERROR: there is no such version" >&2\nexit 1\n')
    done = make(clone, "lab")
    assert done.returncode != 0
    assert "there is no such version" in done.stderr
    assert "Done." not in done.stdout
    assert not list((clone / ".venv").glob("*.stamp")), "the next try makes it again"


FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}
NONE, ONE = [{"name": "one", "version": "1.0", "vulns": []}], [{"name": "two", "version": "2.0", "vulns": [FAULT]}]


@pytest.mark.parametrize(
    ("told", "ends", "said"),
    [
        (None, 0, "The list of known faults could not be asked: only the hashes were checked.\n"),
        (NONE, 0, "1 packages, and no known fault in any.\n"),
        (NONE + ONE, 1, "Known faults:\n  two 2.0: PYSEC-2026-1\n"),
    ],
)
def test_an_audit_fails_on_what_it_finds_and_on_nothing_else(
    tmp_path: Path, root: Path, told: list[object] | None, ends: int, said: str
) -> None:
    if told is not None:
        (tmp_path / "audit.json").write_text(json.dumps({"dependencies": told, "fixes": []}))
    command = [sys.executable, str(root / ".ci" / "audited.py"), str(tmp_path / "audit.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (ends, said)


@pytest.mark.parametrize(("ends", "succeeds"), [(0, True), (1, True), (2, False)])
def test_check_ends_well_where_rows_are_left_out(clone: Path, ends: int, succeeds: bool) -> None:
    program(clone, "reflectlab", f"#!/bin/sh\nexit {ends}\n")
    assert (make(clone, "check").returncode == 0) is succeeds
