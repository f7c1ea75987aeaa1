"""A few rounds of killing kernel, server and browser while notes are written; `make long` has two hundred."""

import pytest

from tests.browser.killed import board_that_is_killed, written_while_killed

pytestmark = pytest.mark.browser


def test_no_note_is_lost_and_none_emptied_whoever_is_killed(browser, missing, tmp_path):
    with board_that_is_killed(missing, tmp_path, browser.browser_type) as board:
        found = written_while_killed(board, 5, seed=1)
    assert sum(found.killed.values()) == 5
    assert (found.lost, found.emptied, found.twice) == ([], [], [])
