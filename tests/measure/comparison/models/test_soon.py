"""Episodes just before goals are met: counted by plain loops, and the trend by maximising its likelihood."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

from reflectlab import simulate
from reflectlab.measure.comparison.goals import as_goals, seen_goals, under_way
from reflectlab.measure.comparison.models.exposures import Company, company_of
from reflectlab.measure.comparison.models.soon import later
from studies.schools import Read, Strange, read


def growth_of(school: Read) -> float:
    """The slope of a log-linear Poisson rate of becoming collaborative, day by day of the term."""
    goals = school.goals
    alone = np.zeros(51)
    moments = []
    for begun, together, stop in zip(goals.begun, goals.together, goals.stop, strict=True):
        until = begun + min(together, stop)
        alone += [begun <= day + 0.5 < until for day in range(51)]
        if 0 < together < stop:
            moments.append(until)
    days = np.arange(51) + 0.5

    def unlikely(growth: float) -> float:
        return len(moments) * np.log((alone * np.exp(growth * days)).sum()) - growth * sum(moments)

    return float(minimize_scalar(unlikely, bounds=(-0.5, 0.5), method="bounded", options={"xatol": 1e-10}).x)


def by_loops(school: Read, whole: bool) -> tuple[float, float]:
    goals, company = school.goals, school.company
    score = information = 0.0
    growth = growth_of(school)
    for place in np.flatnonzero(goals.met & (goals.together < goals.stop)):
        first, stop, begun = goals.together[place], goals.stop[place], goals.begun[place]
        if int(begun + stop) - int(begun + first) <= 3:
            continue
        length = stop - first - whole
        after = [at for at in company.at[company.of == place] if first < at < stop]
        soon = [at for at in after if at >= stop - 3]
        spread = len(after) * 3 / length * (1 - 3 / length)
        score += len(soon) - len(after) * 3 / length - growth * spread * length / 2
        information += spread
    return score, information


@pytest.mark.parametrize("as_dates", [False, True], ids=["times", "dates"])
@pytest.mark.parametrize("seed", range(3))
def test_later_episodes_are_counted_as_loops_count_them(seed: int, as_dates: bool):
    school = read(Strange(more_company=1.5, as_dates=as_dates, next_day=as_dates), seed)
    assert later(school.goals, school.company, whole=as_dates) == pytest.approx(by_loops(school, as_dates), rel=1e-6)


def test_the_first_episode_is_never_a_later_one():
    """The age of a goal at its first episode and at all of them come from one clock by different sums."""
    log = simulate(classes=2, learners=26, seed=3)
    seen = under_way(seen_goals(log, "school_days"))
    goals, company = as_goals(seen), company_of(log, seen, "school_days")
    rank = pd.Series(company.at).groupby(company.of).rank()
    first = Company(company.of[rank == 1], company.at[rank == 1])
    assert (first.at > goals.together[first.of]).any()  # as they come, by rounding
    assert later(goals, first, whole=False) == (0.0, 0.0)
    assert later(goals, company, whole=False)[1] > 1


STEEP = Strange(ratio=1.5, more_company=1.5, faster=0.7)


@pytest.mark.parametrize(("what", "left"), [(Strange(ratio=1.5), 0.0), (STEEP, 0.08)], ids=["even", "steep"])
def test_an_effect_that_lasts_puts_no_later_episodes_before_the_meeting(what: Strange, left: float):
    found = [later(each.goals, each.company, whole=False) for each in (read(what, seed) for seed in range(30))]
    score, information = np.array(found).sum(axis=0)
    # Where company becomes 4.5 times as frequent over the term, the trend is taken off to the first order.
    assert abs(score / information) < left + 3 * information**-0.5


def test_episodes_noted_when_they_worked_are_seen():
    what = Strange(noted_worked=0.9, noted_else=0.4)
    found = [later(each.goals, each.company, whole=False) for each in (read(what, seed) for seed in range(30))]
    scores, informations = np.array(found).T
    # Later episodes were noted .9 / .4 times as often in the three days before.
    assert scores.sum() / informations.sum() == pytest.approx(np.log(0.9 / 0.4), abs=0.25)
