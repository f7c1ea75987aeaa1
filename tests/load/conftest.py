"""Files written for a test, and the count that every log has to pass."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reflectlab
from reflectlab import ProgressLog, ReflectLabError
from reflectlab.problems import KEPT
from tests.hints import follow_all, loaded, refused

Load = Callable[..., ProgressLog]


def balanced(log: ProgressLog) -> ProgressLog:
    """The log, if each source row is in it or listed, and none is both."""
    account = log.account
    assert (account["read"] == account["loaded"] + account["listed"]).all(), account.to_string()
    return log


def listed(log: ProgressLog) -> list[tuple[int, str]]:
    """The row and the code of each problem that left a row out."""
    problems = log.problems[~log.problems["code"].isin(KEPT) & log.problems["row"].notna()]
    return sorted(zip(problems["row"].astype(int), problems["code"], strict=True))


def remarks(log: ProgressLog) -> list[tuple[int, str]]:
    """The row and the code of each remark on a row that is in the log."""
    problems = log.problems[log.problems["code"].isin(KEPT) & log.problems["row"].notna()]
    return sorted(zip(problems["row"].astype(int), problems["code"], strict=True))


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a text to a file and loads it; the rows must balance, and whatever is offered is followed."""

    def written(text: str | bytes, name: str = "log.csv", **options: Any) -> ProgressLog:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            log = reflectlab.load(file, **options)
        except ReflectLabError as error:
            follow_all(file, options, refused(error))
            raise
        follow_all(file, options, loaded(log))
        return balanced(log)

    return written
