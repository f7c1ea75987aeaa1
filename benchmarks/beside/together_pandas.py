"""Working together, in pandas by hand: where everybody stood when an episode began, and what that makes it."""

import numpy as np
import pandas as pd

from .pandas_log import Ints, Log, Tables, instants, settled, status
from .words import DROPPED, KINDS, MARKS, MET, OPEN, STANDS_MET

DATE = 86_400_000_000

SCHOOL_WEEK = 5


def episodes(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    rows = participations(log, "episode_id", "role", "chosen_by")
    rows = rows.sort_values(["time", "episode_id", "learner"], ignore_index=True)
    day, goal = log.day(rows["time"]), rows["goal"].to_numpy()
    met = pd.Series(day, rows.index) - log.day_or_none(rows["met_at"])
    goals = log.goals["goal_id"].array
    return pd.DataFrame(
        {
            **{name: rows[name] for name in ("episode_id", "time")},
            "week": log.clock.week[day],
            "learner_id": log.learners["learner_id"].array.take(rows["learner"]),
            "goal_id": goals.take(goal, allow_fill=True),
            **{name: rows[name] for name in ("role", "chosen_by", "partners")},
            "status": status(rows["code"], allow_fill=True),
            "kind": pd.array(KINDS, dtype="str").take(rows["kind"]),
            **{name: rows[name].astype("boolean") for name in ("also_shared", "ambiguous")},
            "days_since_met": met.where(rows["code"] == STANDS_MET),
        }
    )


def collaboration(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    rows = participations(log, "minutes", "chosen_by")
    rows = rows[rows["partners"] > 0]
    flags = {kind: rows["kind"] == number for number, kind in enumerate(KINDS)}
    flags |= {"self_chosen": rows["chosen_by"] == "learner", "choice_known": rows["chosen_by"].notna()}
    flags |= {"minutes_known": rows["minutes"].notna(), "participations": rows["kind"] >= 0}
    learner, number = rows["learner"].to_numpy(), len(log.learners)
    table = pd.DataFrame(
        {name: np.bincount(learner[flag.to_numpy()], minlength=number) for name, flag in flags.items()}
    )
    minutes = np.bincount(learner, rows["minutes"].fillna(0.0), number)
    known = (table["minutes_known"] > 0) | (table["participations"] == 0)
    days = _present(log)
    told = pd.Series(minutes).where(known)
    per_week = table["participations"] / pd.Series(days / SCHOOL_WEEK).where(days > 0)
    table = table.assign(
        learner_id=log.learners["learner_id"],
        episodes=table["participations"],
        minutes=told,
        participant_minutes=told,
        per_week=per_week,
    )
    return table[(days > 0) | (table["participations"] > 0)].reset_index(drop=True)


def _present(log: Log) -> Ints:
    """Return on how many school days each learner was there."""
    ends = {}
    for name, which, otherwise in (("joined", "next", 1), ("left", "upto", log.today)):
        moved = log.learners[name].notna().to_numpy()
        ends[name] = np.full(len(moved), otherwise)
        ends[name][moved] = log.day(log.learners[name][moved], which)
    return np.minimum(ends["left"], log.today) - ends["joined"] + 1


def participations(log: Log, *columns: str) -> pd.DataFrame:
    """Return each participation with `kind`, a number, and what it follows from; `learner` and `goal` are numbers."""
    told = _with_goal(log, columns)
    there = _standing(log, _there(told, len(log.goals)))
    there = there.assign(
        open=there["code"].isin(OPEN).astype("int64"), met=(there["code"] == STANDS_MET).astype("int64")
    )
    counts = ["open", "met", "met_now"]
    sums = there.groupby(there["episode"] * len(log.goals) + there["goal"])[counts].transform("sum")
    there = there.join(sums.add_suffix("_there"))
    rows = pd.concat([there[there["own"]], told[told["goal"] < 0]], ignore_index=True)
    numbers = [*counts, *(f"{name}_there" for name in counts)]
    rows = rows.fillna({**dict.fromkeys(numbers, 0), "code": -1}).astype({"code": "int64"})
    return rows.assign(**_kinds(rows))


def _with_goal(log: Log, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the participations with the beginning of their episode, and its goal where they recorded none."""
    taken = log.tables["collaborations"]
    episode, _ = pd.factorize(taken["episode_id"])
    goal = pd.Series(log.number("collaborations", "goal"))
    groups = pd.DataFrame({"time": taken["time"], "low": goal.where(goal >= 0, len(log.goals)), "high": goal}).groupby(
        episode
    )
    begun = groups.agg({"time": "min", "low": "min", "high": "max"}).assign(partners=groups.size() - 1).take(episode)
    only = np.where(begun["low"] == begun["high"], begun["low"], -1)
    return taken[[*columns]].assign(
        episode=episode,
        learner=log.number("collaborations", "learner"),
        goal=np.where(goal >= 0, goal, only),
        time=begun["time"].array,
        partners=begun["partners"].array,
    )


def _there(told: pd.DataFrame, goals: int) -> pd.DataFrame:
    """Add to the participations with a goal those, not their own, of whoever may have been there for any of several."""
    own = told[told["goal"] >= 0].assign(own=True)
    any_goal = told.loc[told["goal"] < 0, ["episode", "learner", "time"]]
    more = any_goal.merge(own[["episode", "goal"]].drop_duplicates(), on="episode").assign(own=False)
    both = pd.concat([own, more], ignore_index=True) if len(more) else own.reset_index(drop=True)
    return both.assign(key=both["learner"] * goals + both["goal"])


def _standing(log: Log, there: pd.DataFrame) -> pd.DataFrame:
    """Add how each stood when the episode began: after what came before, or in its instant but for met and dropped."""
    events = settled(log)
    event, instant = events["mark"] % MARKS, events["mark"] // MARKS
    met_at = pd.Series(instants(events["mark"].to_numpy())).where(event == MET).ffill()
    moment = instant * 2 + event.isin([MET, DROPPED])
    here = there.assign(moment=there["time"].to_numpy("datetime64[us]").astype(np.int64) * 2, met_now=0)
    if _dates_only(log):
        met = pd.MultiIndex.from_arrays([events["key"], instant * 2])[(event == MET).to_numpy()]
        here["met_now"] = pd.MultiIndex.from_frame(here[["key", "moment"]]).isin(met).astype(int)
    known = events[["key", "code"]].assign(moment=moment, met_at=met_at)
    return pd.merge_asof(here.sort_values("moment"), known.sort_values("moment", kind="stable"), on="moment", by="key")


def _dates_only(log: Log) -> bool:
    times = (log.tables[name]["time"].to_numpy("datetime64[us]") for name in ("events", "collaborations"))
    return all(not (each.astype(np.int64) % DATE).any() for each in times)


def _kinds(rows: pd.DataFrame) -> dict[str, object]:
    is_open, is_met = rows["open"] == 1, rows["met"] == 1
    other_open, other_met = rows["open_there"] > rows["open"], rows["met_there"] > rows["met"]
    gave, sought, shared = is_met & other_open, is_open & other_met, is_open & other_open
    names = ("gave_support", "sought_support", "shared_goal")
    kind = np.select([gave, sought, shared], [KINDS.index(name) for name in names], KINDS.index("other"))
    return {"kind": kind, "also_shared": sought & shared, "ambiguous": rows["met_now_there"] > 0}
