"""A family's page of each child of thirty simulated classes tells of no other child."""

import pytest

import reflectlab
from reflectlab.explore import report_page
from tests.explore.report.family import of_others

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", range(100, 130))
def test_no_other_child_is_on_the_page_of_a_child(seed):
    log = reflectlab.simulate(classes=1, learners=10 + seed % 17, weeks=4 + seed % 6, seed=seed)
    for learner in log.learners["learner_id"]:
        page = report_page(log, audience="family", learner_id=learner)
        assert of_others(page, log, learner) == []
