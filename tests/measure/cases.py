"""Small logs made for one purpose."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from reflectlab import ProgressLog

DAY_ONE = pd.Timestamp("2026-02-02")
HEART = Path(__file__).parent / "fixtures" / "stanford_heart.csv"
Happened = tuple[str, str, str, float]
Together = tuple[str, str, float]


def log_of(happened: Iterable[Happened], together: Iterable[Together] = (), **tables: pd.DataFrame) -> ProgressLog:
    """Make a log of (learner, goal, event, day) and (learner, goal, day); days are of the calendar, from a Monday on.

    In each episode somebody is there who does nothing else.
    """
    events = pd.DataFrame(happened, columns=["learner_id", "goal_id", "event", "time"])
    episodes = pd.DataFrame(together, columns=["learner_id", "goal_id", "time"]).reset_index(names="episode_id")
    company = episodes.assign(learner_id="company", goal_id=None)
    both = pd.concat([episodes, company], ignore_index=True).astype({"episode_id": str, "goal_id": "str"})
    return ProgressLog.from_tables(
        events=events.assign(time=_moments(events["time"])),
        collaborations=both.assign(time=_moments(both["time"])) if len(both) else None,
        **tables,
    )


def heart() -> ProgressLog:
    """The Stanford heart data as a log: patients are learners, a transplant is a collaboration."""
    rows = pd.read_csv(HEART, comment="#", dtype={"id": "str"})
    last = rows.groupby("id").tail(1)
    happened = [
        *((patient, "heart", "started", 0.0) for patient in last["id"]),
        *zip(last["id"], ["heart"] * len(last), last["event"].map({1: "met", 0: "dropped"}), last["stop"], strict=True),
    ]
    switched = rows[rows["transplant"] == 1]
    together = [(patient, "heart", day) for patient, day in zip(switched["id"], switched["start"], strict=True)]
    roster = rows.groupby("id", as_index=False).first()[["id", "age", "year", "surgery"]]
    company = pd.DataFrame({"id": ["company"], "age": [0.0], "year": [0.0], "surgery": [0]})
    learners = pd.concat([roster, company], ignore_index=True).rename(columns={"id": "learner_id"})
    return log_of(happened, together, learners=learners)


def _moments(days: pd.Series) -> pd.Series:
    return DAY_ONE + pd.to_timedelta(days.astype(float) * 24, unit="h")
