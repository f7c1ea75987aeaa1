"""Weighing for being stuck: the weights by hand in plain loops, the stretches of a log, and what weighing recovers."""

import numpy as np
import pytest

from reflectlab import compare, sensitivity, simulate
from reflectlab.measure.comparison.goals import as_goals, seen_goals, under_way
from reflectlab.measure.comparison.models import estimates, stuck
from reflectlab.measure.comparison.models.headline import Headline
from studies.schools import Read, Strange, read
from tests.measure.cases import log_of


def headline(school: Read) -> Headline:
    model = estimates.adjusted(school.goals, (), np.empty((len(school.goals), 0)))[0].model
    assert model is not None
    return model


def test_stretches_are_those_between_events():
    log = log_of(
        [
            ("a", "g", "started", 0),
            ("a", "g", "stuck", 1),
            ("a", "g", "worked", 3),
            ("a", "g", "stuck", 7),
            ("b", "g", "worked", 9),
        ]
    )
    frame = under_way(seen_goals(log, "days"))
    found = stuck.stuck_stretches(stuck.stuck_events(log, "days"), frame)
    assert frame.loc[found.of, "learner_id"].tolist() == ["a", "a"]
    assert found.start.tolist() == [1, 7]
    assert found.stop.tolist() == [3, np.inf]


def test_weights_are_those_of_plain_loops():
    school = read(Strange(classes=1, ratio=1.5, stuck_seeks=5), 3)
    goals, model = school.goals, headline(school)
    found = stuck.weighed(model, school.stuck)
    assert found is not None
    spans = dict(zip(school.stuck.of, zip(school.stuck.start, school.stuck.stop, strict=True), strict=True))
    alone = np.minimum(goals.together, goals.stop)
    became = goals.together < goals.stop
    until = {place: max(min(stop, alone[place]) - start, 0.0) for place, (start, stop) in spans.items()}
    rate = {}
    for learner in np.unique(goals.learner):
        own = np.flatnonzero(goals.learner == learner)
        days, days_stuck = alone[own].sum(), sum(until[place] for place in own)
        number = became[own].sum()
        rate[learner] = (number + 1) / (days + np.expm1(found.times) * days_stuck + alone.sum() / became.sum())
    ages = np.arange(0, goals.stop.max() + 0.5, 0.25)
    mean = []
    for age in ages:
        there = [place for place in range(len(goals)) if age < alone[place]]
        share = np.mean([spans[place][0] <= age < spans[place][1] for place in there]) if there else 0.0
        mean.append(1 + np.expm1(found.times) * share)
    upto = np.concatenate([[0.0], np.cumsum((np.array(mean[1:]) + mean[:-1]) / 8)])
    expected = []
    for place, age in list(zip(model.pairs.of, model.pairs.age, strict=True))[:200]:
        start, stop = spans[place]
        until_then = min(age, alone[place])
        length = max(min(stop, until_then) - start, 0.0)
        log_weight = rate[goals.learner[place]] * (
            until_then + np.expm1(found.times) * length - np.interp(until_then, ages, upto)
        )
        if goals.together[place] < age:
            was_stuck = start < goals.together[place] <= stop
            log_weight += np.log(np.interp(alone[place], ages, mean)) - found.times * was_stuck
        expected.append(np.exp(np.clip(log_weight, -np.log(10), np.log(10))))
    mine = stuck.weights_of(model, school.stuck, found.times)
    assert mine[:200] == pytest.approx(np.array(expected), rel=1e-6)


def test_weighing_finds_what_the_plain_headline_misses():
    pairs = [
        (headline(school), school.stuck) for school in (read(Strange(ratio=1.5, stuck_seeks=10), n) for n in range(12))
    ]
    plain = np.mean([model.fitted.coefficients[0] for model, _ in pairs]) - np.log(1.5)
    found = [stuck.weighed(model, stretches) for model, stretches in pairs]
    weighed = np.mean([each.coefficient for each in found if each]) - np.log(1.5)
    assert weighed > plain + 0.03
    assert abs(weighed) < 0.1
    assert np.exp(np.mean([each.times for each in found if each])) == pytest.approx(10, rel=0.4)


def test_compare_and_sensitivity_say_what_weighing_finds():
    log = simulate(seek_when_stuck=6, seed=5)
    (said,) = [caveat for caveat in compare(log).caveats if "weighed for that the ratio is" in caveat]
    row = sensitivity(log).set_index("check").loc["weighed for being stuck"]
    assert row["reading"] == said
    assert f"{row['hazard_ratio']:.2f}, from {row['low']:.2f} to {row['high']:.2f}" in said


def test_nothing_is_weighed_where_nobody_is_stuck():
    school = read(Strange(ratio=1.5), 1)
    none = np.zeros(0)
    assert stuck.weighed(headline(school), stuck.Stretches(none.astype(np.intp), none, none)) is None
    assert len(as_goals(under_way(seen_goals(simulate(seed=1), "school_days")))) > 0
