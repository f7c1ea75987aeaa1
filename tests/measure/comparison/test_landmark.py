"""The landmark comparison: counts of the truth, a published interval, and a sentence in every case."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reflectlab import ProgressLog
from reflectlab.errors import ArgumentError
from reflectlab.measure import landmark
from reflectlab.simulate import simulate_school
from tests.measure.cases import log_of


def test_counts_are_those_of_the_truth():
    school = simulate_school(classes=2, seed=3)
    leaves = school.learners.loc[school.learners["left"].notna(), "learner_id"]
    truth = school.truth[~school.truth["learner_id"].isin(leaves)]
    still = truth[(truth["start"] < 20) & (truth["stop"] > 20)]
    log = school.log().select(learner_id=[each for each in school.learners["learner_id"] if each not in set(leaves)])
    table = landmark(log, 4, 6).table.set_index("exposure")
    for exposure, rows in still.groupby(np.where(still["switch"] <= 20, "collaborative", "personalised")):
        met = (rows["met"] & (rows["stop"] <= 30)).sum()
        assert table.loc[exposure, ["goals", "met"]].tolist() == [len(rows), met]
        assert table.loc[exposure, "days_under_way"] == pytest.approx((20 - rows["start"]).mean(), abs=0.75)


def one_goal_each(groups: dict[str, tuple[int, int]], left: int = 0, gone: str = "2026-02-09") -> ProgressLog:
    """Learners with one goal each, from Monday of week 1 on; of each group so many, and of them met in week 2."""
    people = [(f"{group}{n}", group, n < met) for group, (number, met) in groups.items() for n in range(number)]
    happened = [
        ("clock", "h", "set", 0.0),
        ("clock", "h", "met", 1.0),
        ("clock", "later", "set", 11.0),
        *((who, "g", "started", 0.0) for who, *_ in people),
    ]
    happened += [(who, "g", "met", 8.0) for who, _, met in people if met]
    together = [(who, "g", 2.0) for who, group, _ in people if group == "together"]
    roster = pd.DataFrame({"learner_id": ["clock", "company", *(who for who, *_ in people)]})
    roster["left"] = [gone if n >= len(roster) - left else None for n in range(len(roster))]
    return log_of(happened, together, learners=roster.astype({"left": "str"}))


def test_the_interval_is_the_one_that_newcombe_published():
    found = landmark(one_goal_each({"together": (70, 56), "alone": (80, 48)}), 1, 2)
    # Ours is wider by a hair: that nobody has several goals is an estimate too.
    assert_allclose([found.difference, found.low, found.high], [0.2, 0.0524, 0.3339], atol=1.2e-3)
    assert found.sentence == (
        "Of 150 goals open at the end of week 1, 70 had been worked on with somebody: 56 were met (80 %, from 69 to "
        "88) by the end of week 2; of the 80 others, 48 were met (60 %, from 49 to 70). The difference is +20 points, "
        "from +5 to +33. An association, not proof: those with somebody had been under way for 5 school days against "
        "5, and children choose."
    )


@pytest.mark.parametrize(
    ("groups", "left", "said"),
    [
        ({"together": (12, 1), "alone": (9, 9)}, 0, "12 had been worked on with somebody: 1 was met (8 %"),
        ({"together": (12, 1), "alone": (9, 9)}, 0, "too few to compare: at least 10 are needed on either side"),
        ({"together": (0, 0), "alone": (9, 0)}, 0, "none had been worked on with somebody; none was met (0 %"),
        ({"together": (3, 3), "alone": (0, 0)}, 0, "every one had been worked on with somebody; 3 were met (100 %"),
        (
            {"together": (3, 0), "alone": (4, 0)},
            2,
            "Of 5 goals open at the end of week 1 (2 more left out: the learner",
        ),
        ({"together": (0, 0), "alone": (0, 0)}, 0, "No goal was open at the end of week 1."),
    ],
)
def test_every_case_has_its_sentence(groups: dict[str, tuple[int, int]], left: int, said: str):
    found = landmark(one_goal_each(groups, left), 1, 2)
    assert said in found.sentence
    assert "nan" not in found._repr_html_().lower()
    assert (found.difference, found.low, found.high) == (None, None, None)


def test_who_left_before_the_end_is_left_out_with_what_was_met_too():
    found = landmark(one_goal_each({"together": (3, 0), "alone": (3, 3)}, left=2, gone="2026-02-11"), 1, 2)
    assert found.table.set_index("exposure").loc["personalised", ["goals", "met"]].tolist() == [1, 1]
    assert "2 more left out: the learner left" in found.sentence


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((0, 2), "`week` must be a week of the term, 1 to 2; got 0"),
        ((1, 3), "`until` must be a week of the term, 1 to 2; got 3"),
        ((2, 2), r"`until` must be a week after `week` \(2\); got 2"),
    ],
)
def test_weeks_that_are_not_there(asked: tuple[int, int], said: str):
    with pytest.raises(ArgumentError, match=said):
        landmark(one_goal_each({"together": (3, 3), "alone": (3, 0)}), *asked)


def test_a_week_that_is_not_over_cannot_be_looked_at():
    log = one_goal_each({"together": (3, 3), "alone": (3, 0)}).select(end="2026-02-10")
    with pytest.raises(ArgumentError, match="Week 2 is not over when the log ends, on 2026-02-10"):
        landmark(log, 1, 2)
