"""The pictures of a choice have beside them how often there was somebody to work with."""

from collections.abc import Callable

import pytest
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

import reflectlab
from reflectlab import measure
from reflectlab.explore import Choice, TeacherBoard
from reflectlab.explore.views import Measured, Pictures, Tables
from reflectlab.show import alt_text
from reflectlab.show.parts.words import isolated

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


MEASURES = ("status", "digest", "opportunities", "due_days", "completion", "collaboration", "availability_summary")


@pytest.fixture
def measured_again(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[str]]:
    """What tells which measures are made when something is done, each as often as it is."""
    made: list[str] = []

    def counting(name: str, measured: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **said: object) -> object:
            made.append(name)
            return measured(*given, **said)

        return call

    for name in (*MEASURES, "stretches", "episodes"):
        monkeypatch.setattr(measure, name, counting(name, getattr(measure, name)))

    def again(act: Callable[[], object]) -> list[str]:
        made.clear()
        act()
        return sorted(made)

    return again


def test_a_change_measures_what_it_touches(measured_again: Callable[..., list[str]]) -> None:
    log = reflectlab.simulate(classes=2, learners=6, weeks=4, goals=6, seed=3)
    board = TeacherBoard(log)
    assert board.partners.description
    choice, days = board.choice, board.choice.days
    once = sorted([*MEASURES, "collaboration", "availability_summary"])

    def again(name: str, value: object) -> list[str]:
        return measured_again(lambda: setattr(choice, name, value))

    assert again("learner_id", choice.members[2]) == []
    assert again("order", "longest_stuck") == []
    assert again("noted", 1) == []
    assert again("day", days[9]) == sorted([*once, "stretches"])
    assert again("day", days[-1]) == [], "the last days are kept"
    assert again("strand", choice.strands[1][1]) == ["collaboration", "collaboration", "completion"]
    assert again("strand", choice.strands[2][1]) == [], "one is measured with all"
    assert again("strand", None) == []
    assert again("hidden", True) == ["digest", "opportunities"], "names stand in their sentences"
    assert again("hidden", False) == []
    assert again("start", days[4]) == once
    assert again("class_id", choice.classes[1][0]) == once


def test_what_is_kept_is_what_is_measured_now() -> None:
    log = reflectlab.simulate(classes=2, learners=6, weeks=4, goals=6, seed=3)
    board = TeacherBoard(log)
    choice = board.choice
    for name, value in (("day", choice.days[9]), ("start", choice.days[3]), ("hidden", True), ("day", choice.days[12])):
        setattr(choice, name, value)
        kept, anew = board._measured, Measured(choice)
        since = choice.start
        assert_frame_equal(kept.digest(since), anew.digest(since))
        for told in ("status", "invitations", "completion", "collaboration", "availability", "stretches", "episodes"):
            assert_frame_equal(getattr(kept, told)(), getattr(anew, told)())


def test_two_children_of_one_name_are_told_apart_in_every_view() -> None:
    log = reflectlab.example()
    names = log.learners["name"].mask(log.learners["learner_id"] == "ben", "Aroha")
    two = reflectlab.ProgressLog.from_tables(
        events=log.events.drop(columns="row"),
        collaborations=log.collaborations.drop(columns="row"),
        learners=log.learners.assign(name=names),
        goals=log.goals,
        terms=log.terms,
    )
    choice = Choice(two)
    assert choice.names == {"aroha": "Aroha (aroha)", "ben": "Aroha (ben)", "chloe": "Chloë", "hemi": "Hēmi"}
    assert [label for label, _ in choice.learner_options] == list(choice.names.values())
    tables = Tables(choice, Measured(choice))
    assert tables.digest()["sentence"].iloc[0].startswith(f"{isolated('Aroha (aroha)')} has met ")
    drawn = {text.get_text() for text in Pictures(choice).board().figure.findobj(Text)}
    assert {"Aroha (aroha)", "Aroha (ben)"} <= drawn
    apart = names.index.map({place: f"Room {place % 2}" for place in names.index})
    rooms = reflectlab.ProgressLog.from_tables(
        events=log.events.drop(columns="row"), learners=log.learners.assign(name=names, class_id=apart)
    )
    assert Choice(rooms).names["ben"] == "Aroha", "of one class only"
