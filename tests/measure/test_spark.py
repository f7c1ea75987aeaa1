"""Every measure says on Spark what it says in memory, to the last row and type."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from tests.measure.sparked import CHECKS

MEASURES = ("spells", "status", "completion", "transitions", "episodes", "collaboration")

OTHERS = (
    "stretches", "time_to_goal", "pathways", "agency", "network", "network_summary", "availability",
    "availability_summary", "diversity", "follow_through", "digest", "opportunities", "changes", "role_differences",
    "to_counting_process", "to_dyads", "qap", "compare", "goal_summary", "partner_diversity", "due_days",
)  # fmt: skip


def found(names: Iterable[str], root: Path) -> dict[str, str]:
    """What is wrong with each of these on Spark, in a process of its own."""
    command = [sys.executable, "-m", "tests.measure.sparked", *names]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


@pytest.fixture
def spark(missing: Callable[[str], NoReturn]) -> None:
    if not find_spec("pyspark") or not shutil.which("java"):
        missing("PySpark or Java is not here")


@pytest.mark.usefixtures("spark")
def test_what_is_asked_first_is_the_same(root: Path) -> None:
    names = [*MEASURES, *CHECKS]
    assert found(names, root) == dict.fromkeys(names, "")


@pytest.mark.long
@pytest.mark.usefixtures("spark")
def test_all_the_rest_is_the_same(root: Path) -> None:
    assert found(OTHERS, root) == dict.fromkeys(OTHERS, "")
