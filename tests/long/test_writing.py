"""Two hundred rounds of killing each writer, and twenty of a full disk."""

from pathlib import Path

import pytest

from tests.breaking import full_rounds, killed_rounds
from tests.test_writing import WHAT


@pytest.mark.long
@pytest.mark.parametrize("what", WHAT)
def test_two_hundred_who_are_killed(tmp_path: Path, what: str) -> None:
    left = killed_rounds(tmp_path, what, rounds=200, seed=1)
    print(f"{what}: in {left} of 200 rounds a part lay there until the next writer removed it")  # noqa: T201


@pytest.mark.long
@pytest.mark.parametrize("what", [*WHAT, "journal"])
def test_twenty_full_disks(tmp_path: Path, what: str) -> None:
    full_rounds(tmp_path, what, rounds=20, seed=1)
