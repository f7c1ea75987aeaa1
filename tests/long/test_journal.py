"""Two hundred rounds of killing two notebooks that write into one journal."""

from pathlib import Path

import pytest

from tests.killing import lost_in_rounds


@pytest.mark.long
def test_no_note_is_lost_in_two_hundred_rounds(tmp_path: Path):
    acknowledged, lost = lost_in_rounds(tmp_path / "journal.sqlite", rounds=200, seed=1)
    assert acknowledged > 1000
    assert lost == set()
