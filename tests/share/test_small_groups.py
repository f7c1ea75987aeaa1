import pandas as pd
import pytest

import reflectlab as rl
from reflectlab.share import hide_small

TABLE = rl.completion(rl.simulate(classes=2, learners=12, seed=3), by=("class_id", "strand"))


def test_nothing_is_told_of_a_small_group_and_everything_of_the_others():
    hidden = hide_small(TABLE, least=11)
    small = TABLE["learners"] < 11
    assert small.any()
    assert (~small).any()
    told = ["goals", "met", "dropped", "left_open", "learners", "rate", "low", "high"]
    assert hidden.loc[small, told].isna().all(axis=None)
    pd.testing.assert_frame_equal(hidden[~small], TABLE[~small], check_dtype=False)
    assert hidden["class_id"].equals(TABLE["class_id"])


def test_the_frame_that_is_given_stays_as_it_is():
    before = TABLE.copy()
    hide_small(TABLE)
    pd.testing.assert_frame_equal(TABLE, before)


def test_what_cannot_be_is_refused():
    with pytest.raises(rl.ArgumentError, match="at least 1"):
        hide_small(TABLE, least=0)
    with pytest.raises(rl.MissingColumnError, match='"learners"'):
        hide_small(TABLE.drop(columns="learners"))
