"""Before one begins: power and exaggeration against simulated estimates, and weeks more from a log so far."""

import numpy as np
import pytest

from reflectlab import ProgressLog, compare, example, plan, simulate
from reflectlab.errors import ArgumentError
from studies.recovery import Row, recover
from studies.schools import Strange


@pytest.mark.parametrize(("classes", "ratio"), [(1, 1.3), (1, 1.5), (2, 1.5), (4, 1.3)])
def test_power_and_exaggeration_are_those_of_drawn_estimates(classes: int, ratio: float):
    found = plan(classes=classes, ratio=ratio)
    drawn = np.random.default_rng(0).normal(np.log(ratio), found.standard_error, 200_000)
    significant = np.abs(drawn) > 1.959964 * found.standard_error
    assert found.power == pytest.approx(significant.mean(), abs=0.005)
    exaggeration = np.exp(np.abs(drawn[significant]).mean() - np.log(ratio))
    assert found.exaggeration == pytest.approx(exaggeration, rel=0.01)


def test_the_standard_error_is_that_of_simulated_schools():
    found = recover(Row("", 1.5, Strange(ratio=1.5)), range(8), others=False)
    errors = found.loc[found["estimator"] == "headline", "error"]
    assert plan(classes=4).standard_error == pytest.approx(errors.mean(), rel=0.1)


def test_a_class_of_twelve_exaggerates():
    found = plan(learners=12)
    assert found.power < 0.3
    assert 1.5 * found.exaggeration == pytest.approx(2.35, abs=0.1)


def test_a_log_so_far_says_how_many_weeks_more():
    log = simulate(classes=1, weeks=6, seed=1)
    found = plan(log)
    assert found.informative == compare(log).table.iloc[0]["informative"]
    assert found.weeks_more is not None
    assert found.weeks_more > 0
    longer = found.table.set_index("weeks")["power"]
    assert longer.is_monotonic_increasing
    more = plan(log, ratio=6.0)
    assert more.weeks_more == 0
    assert more.sentence.endswith("That is enough.")


def test_where_there_is_next_to_nothing_it_says_so():
    found = plan(learners=2, weeks=2)
    assert np.isnan(found.standard_error)
    assert "no ratio can be given" in found.sentence
    assert "nan" not in found._repr_html_()


@pytest.mark.parametrize("options", [{"classes": 0}, {"learners": 1.5}, {"weeks": -1}, {"ratio": 1}, {"ratio": -2}])
def test_what_cannot_be_planned_is_refused(options: dict[str, float]):
    with pytest.raises(ArgumentError, match=next(iter(options))):
        plan(**options)


def test_of_a_little_log_no_more_weeks_are_said_than_were_tried():
    told = "With 1 goal met that can tell, no ratio can be given: at least 20 are needed."
    assert plan(example()).sentence == f"{told} Not even 400 weeks more like these would do."
    nobody = ProgressLog.from_tables(events=example().events.drop(columns="row"))
    assert plan(nobody).sentence.endswith("No number of weeks more like these would do.")
