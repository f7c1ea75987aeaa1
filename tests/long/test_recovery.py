"""Over many seeds the comparison within learners finds the ratio that the school was given."""

import numpy as np
import pytest

from reflectlab.simulate import simulate_school
from tests.counting import spells, within_learners

SEEDS = 1000


@pytest.mark.long
@pytest.mark.parametrize("ability_sociability", [0.0, 0.7])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(("mode", "allowed"), [("times", 0.03), ("dates", 0.06)])
def test_recovery(mode: str, allowed: float, ratio: float, ability_sociability: float) -> None:
    off, inside = [], []
    for seed in range(SEEDS):
        school = simulate_school(
            classes=2, mode=mode, hazard_ratio=ratio, ability_sociability=ability_sociability, seed=seed
        )
        fit = within_learners(spells(school))
        off.append(fit.log_ratio - np.log(ratio))
        inside.append(abs(off[-1]) < 1.96 * fit.error)
    assert abs(np.mean(off)) < allowed
    assert 0.93 < np.mean(inside) < 0.98
