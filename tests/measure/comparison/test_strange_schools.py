"""Schools in which something misleads: the log says so, in the place of the ratio."""

import numpy as np
import pandas as pd
import pytest

from reflectlab import ProgressLog, compare, plot_comparison
from reflectlab.measure.comparison.checks import checks_of, doubts_of
from reflectlab.measure.comparison.models import estimates
from reflectlab.measure.comparison.writing import heaped
from reflectlab.show import alt_text
from studies.schools import DAYS, Read, Strange, Term, read, term

MISLEADING = {
    "a fifth signed off": Strange(signed_off=0.2),
    "a tenth signed off": Strange(signed_off=0.1),
    "a twentieth signed off": Strange(signed_off=0.05),
    "written on Fridays": Strange(fridays=True),
    "noted when it worked": Strange(noted_worked=0.9, noted_else=0.4),
}


def doubted(school: Read) -> tuple[bool, bool]:
    """Whether the headline of a school says an effect, and whether the log is said not to tell."""
    (main,) = estimates.adjusted(school.goals, (), np.empty((len(school.goals), 0)))
    doubts = [*doubts_of(main, school.company, dates_only=school.dates_only), *heaped(school.frame)]
    return abs(main.coefficient) > 1.96 * main.error, bool(doubts)


@pytest.mark.parametrize("what", MISLEADING.values(), ids=MISLEADING)
def test_at_most_two_of_twenty_say_an_effect_where_there_is_none_without_the_warning(what: Strange):
    found = [doubted(read(what, seed)) for seed in range(20)]
    assert sum(effect and not warned for effect, warned in found) <= 2


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.5])
def test_few_are_warned_of_where_there_is_nothing_to_warn_of(ratio: float):
    found = [doubted(read(Strange(ratio=ratio), seed)) for seed in range(20)]
    assert sum(warned for _, warned in found) <= 3


@pytest.mark.parametrize("what", [Strange(ratio=1.5), Strange(ratio=2.5, wears_off=3), *MISLEADING.values()])
def test_the_doubts_of_a_comparison_are_those_of_sensitivity(what: Strange):
    for seed in range(4):
        school = read(what, seed)
        (main,) = estimates.adjusted(school.goals, (), np.empty((len(school.goals), 0)))
        checks = checks_of(main, school.company, dates_only=False)
        expected = {check.doubt for check in checks if check.doubt}
        assert set(doubts_of(main, school.company, dates_only=False)) == expected


@pytest.fixture(scope="module")
def signed_off() -> ProgressLog:
    return log_of(term(Strange(signed_off=0.2), 1))


def log_of(was: Term) -> ProgressLog:
    """Write down what happened: a school day is 24 hours long here."""
    first = np.datetime64("2026-07-20", "us")

    def when(moment: np.ndarray) -> np.ndarray:
        day = np.floor(moment)
        microseconds = ((day // 5 * 7 + day % 5 + (moment - day)) * 86_400e6).astype("int64")
        return first + microseconds.astype("timedelta64[us]")

    who = np.char.add("L", was.learner.astype(str)).astype(object)
    what = np.char.add("G", was.goal.astype(str)).astype(object)
    kinds = [("started", was.start, was.start >= 0), ("met", was.stop, was.met), ("dropped", was.stop, was.dropped)]
    events = [
        pd.DataFrame({"time": when(at[some]), "learner_id": who[some], "goal_id": what[some], "event": word})
        for word, at, some in kinds
    ]
    spell = np.repeat(np.arange(len(who)), [len(times) for times in was.company])
    at = when(np.concatenate(was.company))
    episode = np.char.add("e", np.arange(len(at)).astype(str))
    one = pd.DataFrame({"episode_id": episode, "time": at, "learner_id": who[spell], "goal_id": what[spell]})
    other = one.assign(learner_id="company", goal_id=None)
    learners = pd.DataFrame({"learner_id": who, "class_id": np.char.add("Room ", was.group.astype(str))})
    company = pd.DataFrame({"learner_id": ["company"], "class_id": ["Room 0"]})
    return ProgressLog.from_tables(
        events=pd.concat(events),
        collaborations=pd.concat([one, other]),
        learners=pd.concat([learners.drop_duplicates("learner_id"), company]),
        terms=pd.DataFrame({"term_id": ["t"], "title": ["T"], "start": ["2026-07-20"], "end": ["2026-09-25"]}),
    )


def test_a_log_says_the_same_as_the_short_way(signed_off: ProgressLog):
    found = compare(signed_off).table.iloc[0]
    short = read(Strange(signed_off=0.2), 1)
    (main,) = estimates.adjusted(short.goals, (), np.empty((len(short.goals), 0)))
    assert found["hazard_ratio"] == pytest.approx(np.exp(main.coefficient), rel=1e-3)
    assert found["goals"] == len(short.goals)
    assert DAYS == 50


def test_the_doubt_stands_in_the_place_of_the_headline(signed_off: ProgressLog):
    found = compare(signed_off)
    assert any("were met within an hour of the first time together" in doubt for doubt in found.cannot_tell)
    assert all(doubt.startswith("This log cannot tell, because ") for doubt in found.cannot_tell)
    assert repr(found).split("\n")[1].startswith("This log cannot tell")
    said = alt_text(plot_comparison(found.table, found.curves))
    assert "This log cannot tell, because" in said
    assert "times as likely (" not in said


def test_a_log_written_on_fridays_is_told():
    found = compare(log_of_fridays(Strange(ratio=2), 1))
    assert any("are dated as met on Fridays" in doubt for doubt in found.cannot_tell)


def log_of_fridays(what: Strange, seed: int) -> ProgressLog:
    """Write everything down on the Friday after."""
    was = term(what, seed)
    friday = lambda moment, hour: np.floor(moment / 5) * 5 + 4 + hour  # noqa: E731
    company = [friday(times, 0.45) for times in was.company]
    return log_of(
        Term(
            was.learner,
            was.goal,
            was.group,
            friday(was.start, 0.4),
            np.minimum(friday(was.stop, 0.5), DAYS - 0.5),
            was.met,
            was.dropped,
            company,
            was.stuck,
            was.unstuck,
        )
    )
