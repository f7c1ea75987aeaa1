"""Kernel, server and browser are killed while notes are written on the board, two hundred times."""

import os

import pytest

from tests.browser.killed import board_that_is_killed, written_while_killed

pytestmark = pytest.mark.long

ROUNDS = int(os.environ.get("REFLECTLAB_ROUNDS", "200"))


def test_no_note_is_lost_and_none_emptied_in_two_hundred_rounds(missing, tmp_path):
    with board_that_is_killed(missing, tmp_path) as board:
        found = written_while_killed(board, ROUNDS, seed=11)
    assert found.acknowledged > ROUNDS // 20
    assert found.offered > ROUNDS // 4
    assert (found.lost, found.emptied, found.twice) == ([], [], [])
