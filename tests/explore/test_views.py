"""The pictures of a choice have beside them how often there was somebody to work with."""

import pytest
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab.explore import Choice
from reflectlab.explore.views import Measured, Pictures
from reflectlab.show import alt_text

SOMEBODY = "learners' days with an open goal a classmate had it too or had met it"


def test_availability_stands_beside_who_worked_with_others() -> None:
    log = reflectlab.simulate(classes=2, learners=8, weeks=4, goals=4, seed=2)
    pictures = Pictures(Choice(log))
    first = log.learners["class_id"].min()
    days = reflectlab.availability_summary(log.select(class_id=first), by="class_id").iloc[0]
    told = f"On {days['days_with_anyone']} of {days['days_on_goal']} {SOMEBODY}"
    assert told in alt_text(pictures.partners())
    assert told in alt_text(pictures.collaboration())


@pytest.mark.parametrize("day", ["2026-07-21", "2026-07-31", "2026-08-07"])
def test_what_is_shown_of_a_day_is_what_is_measured_on_that_day(day: str) -> None:
    log = reflectlab.simulate(classes=2, learners=12, weeks=3, seed=3)
    measured = Measured(Choice(log, day=day))
    assert_frame_equal(measured.episodes().reset_index(drop=True), reflectlab.episodes(log, on=day))
    assert_frame_equal(measured.stretches(), reflectlab.stretches(log, on=day))
