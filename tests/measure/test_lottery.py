"""Invitations by lot: recovered in simulated classes whose truth is known, and redone by hand."""

from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reflectlab import ProgressLog, example, invited, keep_draw, opportunities, simulate
from reflectlab.errors import ArgumentError, MissingColumnError

HAZARD, RATIO, ACCEPTS = 0.06, 3.0, 0.7
"""A goal is met on a day with this chance, so many times as likely once worked on together; how many take it up."""

FIRST = date(2026, 7, 20)
EPISODES = ["episode_id", "time", "learner_id", "goal_id"]


def soon(hazard: float) -> float:
    return 1 - (1 - hazard) ** 5


TRUTH = ACCEPTS * (soon(RATIO * HAZARD) - soon(HAZARD))


def term(seed: int, ratio: float) -> tuple[ProgressLog, pd.DataFrame]:
    """Two classes for fifty days, in which suggestions are drawn every fifth day; nobody is together but for them."""
    rng = np.random.default_rng(seed)
    days = pd.bdate_range(FIRST, periods=50)
    learners = [f"L{n:02d}" for n in range(40)]
    rooms = pd.DataFrame({"learner_id": learners, "class_id": ["Room 1"] * 20 + ["Room 2"] * 20})
    terms = pd.DataFrame({"term_id": ["t"], "title": ["T"], "start": [days[0]], "end": [days[-1]]})
    taken = {learner: [f"g{n}" for n in rng.permutation(12)] for learner in learners}
    events = [(days[0], learner, taken[learner][0], "started") for learner in learners]
    episodes: list[tuple[str, pd.Timestamp, str, str]] = []
    open_now, faster, draws = dict.fromkeys(learners, 0), set[tuple[str, int]](), []
    for number, day in enumerate(days):
        for learner, place in open_now.items():
            if number and place < 12 and rng.random() < HAZARD * (ratio if (learner, place) in faster else 1):
                events.append((day + pd.Timedelta(hours=14), learner, taken[learner][place], "met"))
                open_now[learner] = place + 1
                if place < 11:
                    events.append((day + pd.Timedelta(hours=15), learner, taken[learner][place + 1], "started"))
        if number % 5 == 4 and number < 49:
            drawn = opportunities(_log(events, episodes, rooms, terms), on=day.date(), draw=seed)
            draws.append(drawn)
            first = drawn[drawn["lot"].notna()].drop_duplicates("learner_id")
            takes_up = (first["lot"] == "now") & (rng.random(len(first)) < ACCEPTS)
            columns = ["learner_id", "goal_id", "with_learner_id"]
            for learner, goal, other in first.loc[takes_up, columns].itertuples(index=False):
                episodes.append((f"{number}-{learner}", days[number + 1] + pd.Timedelta(hours=9), learner, goal))
                episodes.append((f"{number}-{learner}", days[number + 1] + pd.Timedelta(hours=9), other, None))
                faster.add((learner, taken[learner].index(goal)))
    return _log(events, episodes, rooms, terms), pd.concat(draws, ignore_index=True)


def _log(events: list, episodes: list, rooms: pd.DataFrame, terms: pd.DataFrame) -> ProgressLog:
    return ProgressLog.from_tables(
        events=pd.DataFrame(events, columns=["time", "learner_id", "goal_id", "event"]),
        collaborations=pd.DataFrame(episodes, columns=["episode_id", "time", "learner_id", "goal_id"])
        if episodes
        else None,
        learners=rooms,
        terms=terms,
    )


@pytest.fixture(scope="module")
def with_effect() -> list[tuple[ProgressLog, pd.DataFrame]]:
    return [term(seed, RATIO) for seed in range(3)]


def test_what_being_invited_does_is_found(with_effect: list[tuple[ProgressLog, pd.DataFrame]]):
    found = [invited(*each) for each in with_effect]
    errors = np.array([(each.high - each.low) / 3.92 for each in found])
    mean = np.mean([each.difference for each in found])
    assert mean == pytest.approx(TRUTH, abs=3 * errors.mean() / len(found) ** 0.5)
    assert mean > 4 * errors.mean() / len(found) ** 0.5
    assert all(each.low < TRUTH < each.high for each in found)
    shares = [each.table.set_index("lot").eval("together / drawn") for each in found]
    assert np.mean([share["now"] for share in shares]) == pytest.approx(ACCEPTS, abs=0.1)
    # Whom they asked had the goal open too, and is together on it with them.
    assert max(share["later"] for share in shares) < 0.4


def test_lots_without_an_effect_show_none():
    found = [invited(*term(seed, 1.0)) for seed in range(3)]
    assert abs(np.mean([each.difference for each in found])) < 0.06
    assert sum(each.p_value < 0.05 for each in found) <= 1
    assert sum(not each.low < 0 < each.high for each in found) <= 1


def test_the_test_is_that_of_all_lots_that_there_are():
    # One class, six learners: of the 20 lots that there are, as many as those that bring a difference as great.
    log, suggested = _six()
    draws = suggested[suggested["lot"].notna()].drop_duplicates("learner_id")
    met = draws["learner_id"].isin(["a", "b", "d"]).to_numpy()
    now = (draws["lot"] == "now").to_numpy()
    apart = [met[list(of)].mean() - np.delete(met, list(of)).mean() for of in combinations(range(6), 3)]
    seen = met[now].mean() - met[~now].mean()
    share = np.mean(np.abs(apart) >= abs(seen) - 1e-12)
    found = invited(log, suggested)
    assert found.difference == pytest.approx(seen)
    assert found.p_value == pytest.approx(share, abs=0.02)


def _six() -> tuple[ProgressLog, pd.DataFrame]:
    names = list("abcdef")
    events = [("2026-07-20", name, "g", "started") for name in names]
    met = [(f"2026-07-2{4 + place}", name, "g", "met") for place, name in enumerate("abd")]
    late = [("2026-08-07", "a", "h", "started")]
    log = ProgressLog.from_tables(
        events=pd.DataFrame(events + met + late, columns=["time", "learner_id", "goal_id", "event"]),
        learners=pd.DataFrame({"learner_id": names, "class_id": "Room 1"}),
    )
    return log, opportunities(log, on="2026-07-23", draw=2)


def test_half_are_shown_theirs_at_once_and_all_within_five_school_days():
    log = simulate(classes=2, seed=1)
    drawn = opportunities(log, on="2026-08-07", draw=3)
    plain = opportunities(log, on="2026-08-07")
    pd.testing.assert_frame_equal(drawn[plain.columns], plain)
    units = drawn[drawn["lot"].notna()].drop_duplicates("learner_id")
    sizes = units.groupby("equal")["lot"].value_counts().unstack(fill_value=0)
    assert (sizes["now"] - sizes["later"]).abs().max() <= 1
    assert set(drawn.loc[drawn["lot"] == "now", "show_on"]) == {pd.Timestamp("2026-08-07")}
    assert set(drawn.loc[drawn["lot"] == "later", "show_on"]) == {pd.Timestamp("2026-08-14")}
    assert drawn.loc[drawn["suggestion"] == "teacher", "lot"].isna().all()
    assert drawn.groupby("learner_id")["lot"].nunique().max() == 1


def test_lots_are_drawn_evenly_and_again_alike():
    log = simulate(classes=1, seed=1)
    lots = [opportunities(log, on="2026-08-07", draw=seed)["lot"] for seed in range(40)]
    pd.testing.assert_series_equal(lots[7], opportunities(log, on="2026-08-07", draw=7)["lot"])
    shares = pd.concat(lots, axis=1).dropna().eq("now").mean(axis=1)
    assert shares.between(0.2, 0.8).all()


def test_a_draw_is_kept_and_read(tmp_path: Path):
    log = simulate(classes=1, seed=1)
    draws = [opportunities(log, on=day, draw=3) for day in ("2026-08-03", "2026-08-10")]
    for each in [*draws, draws[0]]:
        keep_draw(each, tmp_path / "draws.csv")
    assert pd.read_csv(tmp_path / "draws.csv")["drawn_on"].nunique() == 2
    assert repr(invited(log, tmp_path / "draws.csv")) == repr(invited(log, pd.concat(draws)))


def test_what_is_no_draw_is_said():
    log = example()
    with pytest.raises(MissingColumnError, match="lack the columns drawn_on, lot, equal"):
        invited(log, opportunities(log))
    with pytest.raises(ArgumentError, match="draw"):
        opportunities(log, draw=-1)
    assert "No lots" in invited(log, opportunities(log, draw=1)).sentence
