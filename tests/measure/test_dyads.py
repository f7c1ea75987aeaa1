"""Who turns to whom: planted odds are found, fits are those of statsmodels and R, and QAP is that of every shuffle."""

import shutil
import subprocess
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.discrete.conditional_models import ConditionalLogit

from reflectlab import ProgressLog, example, partner_choice, qap, simulate, to_dyads
from reflectlab.measure.ties.qap import correlation

PLANTED = {"goal_open": 1.2, "goal_met": 0.6, "helped_before": 0.5}


def school(seed: int) -> ProgressLog:
    """Sixty school days in two classes; whom a child turns to has the planted odds."""
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2026-07-20", periods=60)
    learners = np.array([f"L{n:02d}" for n in range(40)])
    room = np.arange(40) // 20
    events, episodes = [], []
    begun = np.sort(rng.integers(0, 50, (40, 8)), axis=1)
    goals = np.array([rng.permutation(14)[:8] for _ in learners])
    met_on = begun + 1 + rng.geometric(0.1, begun.shape)
    for child, place in np.ndindex(begun.shape):
        events.append((days[begun[child, place]], learners[child], f"g{goals[child, place]}", "started"))
        if met_on[child, place] < 60:
            at = days[met_on[child, place]] + pd.Timedelta(hours=15)
            events.append((at, learners[child], f"g{goals[child, place]}", "met"))
    helped = np.zeros((40, 40))
    for number, day in enumerate(days):
        for turn, child in enumerate(rng.permutation(40)):
            open_ = goals[child][(begun[child] <= number) & (number <= met_on[child])]
            if not len(open_) or rng.random() > 0.25:
                continue
            goal = rng.choice(open_)
            has = goals == goal
            is_met = (has & (met_on < number)).any(axis=1)
            is_open = (has & (begun <= number) & (number <= met_on)).any(axis=1)
            odds = 1.2 * is_open + 0.6 * is_met + 0.5 * np.log2(1 + helped[:, child])
            weight = np.exp(odds) * (room == room[child]) * (np.arange(40) != child)
            other = rng.choice(40, p=weight / weight.sum())
            at = day + pd.Timedelta(hours=9, minutes=turn)
            episodes += [(f"{number}-{turn}", at, learners[each], f"g{goal}") for each in (child, other)]
            helped[other, child] += is_met[other]
    return ProgressLog.from_tables(
        events=pd.DataFrame(events, columns=["time", "learner_id", "goal_id", "event"]),
        collaborations=pd.DataFrame(episodes, columns=["episode_id", "time", "learner_id", "goal_id"]),
        learners=pd.DataFrame({"learner_id": learners, "class_id": np.char.add("Room ", room.astype(str))}),
    )


@pytest.fixture(scope="module")
def log() -> ProgressLog:
    return school(1)


@pytest.fixture(scope="module")
def rows(log: ProgressLog) -> pd.DataFrame:
    return to_dyads(log)


def test_planted_odds_are_found():
    # A classmate who has the goal open too turns back: in their rows the learner has it open, which was not drawn.
    found = [_of_seekers(school(seed)) for seed in range(2)]
    for term, truth in PLANTED.items():
        values = [np.log(each.loc[term, "odds_ratio"]) for each in found]
        errors = [np.log(each.loc[term, "high"] / each.loc[term, "low"]) / 3.92 for each in found]
        assert np.mean(values) == pytest.approx(truth, abs=3.5 * np.mean(errors) / 2**0.5)


def _of_seekers(log: ProgressLog) -> pd.DataFrame:
    """The fit to choices of those who looked for somebody: who is written down first."""
    first = log.collaborations.drop_duplicates("episode_id")[["episode_id", "learner_id"]]
    mine = to_dyads(log).merge(first, on=["episode_id", "learner_id"])
    columns = mine.assign(helped_before=np.log2(1 + mine["helped_before"]))[list(PLANTED)]
    fitted = ConditionalLogit(mine["chosen"], columns, groups=mine["episode_id"]).fit(disp=0)
    return np.exp(
        pd.DataFrame(
            {
                "odds_ratio": fitted.params,
                "low": fitted.params - 1.96 * fitted.bse,
                "high": fitted.params + 1.96 * fitted.bse,
            }
        )
    )


def test_the_fit_is_that_of_statsmodels(log: ProgressLog, rows: pd.DataFrame):
    columns = rows.assign(helped_before=np.log2(1 + rows["helped_before"]))[list(PLANTED)]
    sets = rows["episode_id"] + rows["learner_id"] + rows["goal_id"]
    assert rows.groupby(sets)["chosen"].sum().eq(1).all()  # so that one is chosen each time
    fitted = ConditionalLogit(rows["chosen"], columns, groups=sets).fit(disp=0)
    found = partner_choice(log).set_index("term")["odds_ratio"]
    assert np.log(found.loc[list(PLANTED)]).to_numpy() == pytest.approx(fitted.params.to_numpy(), abs=0.005)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not there")
def test_the_fit_and_its_errors_are_those_of_r(log: ProgressLog, rows: pd.DataFrame, tmp_path: Path):
    rows.to_csv(tmp_path / "rows.csv", index=False)
    script = (
        "suppressMessages(library(survival)); d <- read.csv('rows.csv', colClasses=c(learner_id='character'));"
        "d$set <- paste(d$episode_id, d$learner_id, d$goal_id); d$h <- log2(1 + d$helped_before);"
        "f <- coxph(Surv(rep(1, nrow(d)), chosen) ~ goal_open + goal_met + h + strata(set) + cluster(learner_id),"
        "data=d);"
        "cat(sprintf('%.12f', c(coef(f), sqrt(diag(vcov(f))))))"
    )
    out = subprocess.run(["Rscript", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    values, errors = np.split(np.array(out.split(), dtype=float), 2)
    found = partner_choice(log)
    assert np.log(found["odds_ratio"]).to_numpy() == pytest.approx(values, abs=1e-8)
    assert (np.log(found["high"] / found["low"]) / (2 * 1.959963984540054)).to_numpy() == pytest.approx(
        errors, abs=1e-8
    )


def test_the_rows_are_those_of_a_plain_walk_through_the_log(log: ProgressLog, rows: pd.DataFrame):
    events, together = log.events, log.collaborations
    helped: dict[tuple[str, str], int] = {}
    checked = 0
    for _, episode in together.sort_values("time", kind="stable").groupby("time", sort=True):
        goal, when = episode["goal_id"].iloc[0], episode["time"].iloc[0]
        before = events[(events["goal_id"] == goal) & (events["time"] <= when)]
        last = before.sort_values("time").groupby("learner_id")["event"].last()
        mine = rows[rows["episode_id"] == episode["episode_id"].iloc[0]]
        for row in mine.itertuples():
            assert row.goal_open == (last.get(row.other_id) == "started")
            assert row.goal_met == (last.get(row.other_id) == "met")
            assert row.helped_before == helped.get((row.other_id, row.learner_id), 0)
            assert row.chosen == (row.other_id in set(episode["learner_id"]))
            checked += 1
        one, other = episode["learner_id"]
        for giver, taker in ((one, other), (other, one)):
            if last.get(giver) == "met" and last.get(taker) == "started":
                helped[giver, taker] = helped.get((giver, taker), 0) + 1
        if checked > 4000:
            return
    raise AssertionError("so few rows")


def test_too_few_choices_have_no_odds():
    found = partner_choice(example())
    assert found["odds_ratio"].isna().all()
    assert found["learners"].max() < 10


def test_qap_is_that_of_every_shuffle_there_is():
    rng = np.random.default_rng(3)
    one, other = (each + each.T for each in rng.integers(0, 4, (2, 6, 6)).astype(float))
    pairs = [(i, j) for i in range(6) for j in range(i)]

    def of(order: tuple[int, ...]) -> float:
        return float(np.corrcoef([one[i, j] for i, j in pairs], [other[order[i], order[j]] for i, j in pairs])[0, 1])

    seen = of(tuple(range(6)))
    share = np.mean([abs(of(order)) >= abs(seen) - 1e-12 for order in permutations(range(6))])
    found, chance = correlation(one, other)
    assert found == pytest.approx(seen)
    assert chance == pytest.approx(share, abs=0.02)


def test_qap_of_classes_is_counted_by_hand():
    log = simulate(classes=2, learners=8, seed=2)
    found = qap(log).set_index("class_id")
    for room, members in log.learners.groupby("class_id"):
        names = sorted(members["learner_id"])
        had = {name: set(log.events.loc[log.events["learner_id"] == name, "goal_id"]) for name in names}
        rooms = [set(each) for _, each in log.collaborations.groupby("episode_id")["learner_id"]]
        pairs = [(a, b) for a in names for b in names if a < b]
        both = [sum({a, b} <= each for each in rooms) for a, b in pairs]
        common = [len(had[a] & had[b]) for a, b in pairs]
        assert found.loc[room, "correlation"] == pytest.approx(np.corrcoef(both, common)[0, 1])
        assert found.loc[room, "pairs"] == 28


def test_qap_of_learners_of_no_class_is_that_of_one_class():
    log = example()
    tables = {name: getattr(log, name).drop(columns="row") for name in ("events", "collaborations")}
    found = qap(ProgressLog.from_tables(**tables, learners=log.learners.drop(columns="class_id")))
    assert found["class_id"].isna().tolist() == [True]
    pd.testing.assert_frame_equal(found.drop(columns="class_id"), qap(log).drop(columns="class_id"))


def test_who_always_turns_to_the_same_one_has_no_odds_and_no_warning():
    rng, days = np.random.default_rng(0), pd.bdate_range("2026-02-02", periods=10)
    events, together = [], []
    for child, goal in np.ndindex(12, 6):
        day = days[rng.integers(0, 10)]
        events.append((day, f"L{child}", f"g{goal}", "started"))
        if goal < 3:
            at = day + pd.Timedelta(hours=30)
            together += [(f"e{child} {goal}", at, f"L{(child + turn) % 12}", f"g{goal}") for turn in (0, 1)]
            events.append((at + pd.Timedelta(hours=3), f"L{child}", f"g{goal}", "met"))
    log = ProgressLog.from_tables(
        events=pd.DataFrame(events, columns=["time", "learner_id", "goal_id", "event"]),
        collaborations=pd.DataFrame(together, columns=["episode_id", "time", "learner_id", "goal_id"]),
    )
    found = partner_choice(log).set_index("term")
    assert found.loc["helped_before", ["choices", "learners"]].tolist() == [42, 12]
    assert found["odds_ratio"].isna().all()
