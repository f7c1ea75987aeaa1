"""Raw events of Open edX, each with the xAPI statement that Open edX makes of it: both load to the same log.

The pairs are the fixtures of openedx/event-routing-backends. `REFLECTLAB_OPENEDX` names a clone of it, bare or not;
nothing of it is copied here. What is true of which pair is listed in `docs/formats.md`.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

import reflectlab
from reflectlab import NotALogError
from tests.load.conftest import balanced

RAW = "event_routing_backends/processors/tests/fixtures/current/"

EXPECTED = "event_routing_backends/processors/xapi/tests/fixtures/expected/"

NOBODY = (
    "edx.course.enrollment.activated.enterprise", "edx.course.enrollment.activated.required.only.data",
    "edx.ui.lms.link_clicked(anonymous_user)", "edx.ui.lms.link_clicked.required.only.data",
)  # fmt: skip
"""The raw event names nobody: neither a username nor the number of a user."""

TOLD_TWICE = ("problem_check(browser).ccx", "problem_check(browser)", "problem_check(browser)legacy")
"""The raw event is that of the browser, which the server tells of again, with its result."""

NEITHER = (
    *(f"edx.forum.{post}.{done}" for post in ("thread", "response", "comment")
      for done in ("deleted", "reported", "unreported")),
    "problem_check(browser).required.only.data",
)  # fmt: skip
"""Neither tells of a learner at work on a goal: what moderators do, and an event of nobody about nothing."""


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def clone(missing: Callable[[str], NoReturn]) -> Path:
    folder = os.environ.get("REFLECTLAB_OPENEDX")
    if not folder:
        if os.environ.get("REFLECTLAB_STRICT"):
            pytest.skip("the pairs of Open edX are asked for by REFLECTLAB_OPENEDX only")
        missing("the pairs of Open edX are not here: set REFLECTLAB_OPENEDX to a clone of event-routing-backends")
    return Path(str(folder))


@pytest.fixture(scope="module")
def pairs(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    names = git(clone, "ls-tree", "-r", "--name-only", "HEAD").decode().splitlines()
    folder = tmp_path_factory.mktemp("pairs")
    found = {}
    for name in (name.removeprefix(EXPECTED) for name in names if name.startswith(EXPECTED)):
        raw, expected = folder / f"raw {name}", folder / f"xapi {name}"
        raw.write_bytes(git(clone, "show", f"HEAD:{RAW}{name}"))
        expected.write_bytes(git(clone, "show", f"HEAD:{EXPECTED}{name}"))
        found[name.removesuffix(".json")] = raw, expected
    return found


def events(file: Path, kind: str) -> list[tuple[str, str, str]]:
    """What a file tells; not who, as Open edX puts another name in the place of each."""
    try:
        log = balanced(reflectlab.load(file, format=kind))
    except NotALogError:
        return []
    assert len(log.learners) == 1
    return sorted(map(tuple, log.events[["time", "goal_id", "event"]].astype(str).to_numpy().tolist()))


def test_pairs_load_to_the_same_log(pairs: dict[str, tuple[Path, Path]]) -> None:
    both = {name: (events(raw, "openedx"), events(xapi, "xapi")) for name, (raw, xapi) in pairs.items()}
    differ = sorted(name for name, (raw, xapi) in both.items() if raw != xapi)
    assert differ == sorted(name for name in (*NOBODY, *TOLD_TWICE) if name in pairs)
    assert sorted(name for name, (raw, _) in both.items() if not raw) == sorted((*NOBODY, *TOLD_TWICE, *NEITHER))
    assert sum(raw == xapi != [] for raw, xapi in both.values()) >= 60
