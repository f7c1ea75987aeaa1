"""What has changed between two days, learner by learner."""

from datetime import date, timedelta

import pandas as pd

from ..errors import ArgumentError
from ..log import Day, ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from .episodes import episodes
from .progress import lasting
from .shared import as_of, holds, with_cannot_tell

_STANDS = ("goals", "met", "stuck")

_TOGETHER = ("times", "partners")

_COUNTS = {
    "events": [*(f"{name}{day}" for name in _STANDS for day in ("_before", "")), "newly_met", "newly_stuck"],
    "collaborations": [*(f"{name}{day}" for name in _TOGETHER for day in ("_before", "")), "new_partners"],
}
"""What is counted in which table of a log."""

CHANGES: Schema = {
    "learner_id": "str",
    "class_id": "str",
    **dict.fromkeys([*_COUNTS["events"], *_COUNTS["collaborations"]], "count?"),
}


def changes(log: ProgressLog, *, since: Day | None = None, on: Day | None = None) -> pd.DataFrame:
    """Return how each learner stood on two days, side by side.

    Parameters
    ----------
    log : ProgressLog
    since : date or str, optional
        The evening of the earlier day; four weeks before `on` by default, or the day before the log begins.
    on : date or str, optional
        The evening of the later day; the last day of the log by default.

    Returns
    -------
    pandas.DataFrame
        One row for each learner who was in the class on one of the two days: `learner_id, class_id`; `goals`, own goals
        that are not dropped (of who has left by that day those that were met, as `status` has it), `met` and `stuck`,
        how many of these stand so; `newly_met` and `newly_stuck`, goals that stand so on the later day and did not on
        the earlier; `times`, how often the learner had worked with somebody by then, and `partners`, with how many;
        `new_partners`, those of the days between. What ends in `_before` is of the earlier day. What the log has no
        table of is missing.

    Raises
    ------
    ArgumentError
        If `since` is after `on`.

    See Also
    --------
    completion : the share of own goals met, period by period.

    Examples
    --------
    >>> import reflectlab
    >>> found = changes(reflectlab.example(), since="2026-07-31").set_index("learner_id")
    >>> found.loc["aroha", ["met_before", "met", "newly_met"]].tolist()
    [1, 2, 1]
    """
    day = as_of(log, on)
    before = earlier_day(log, since, day)
    return changed(log, before, day, partners_of(log, episodes(log, on=day)))


def changed(log: ProgressLog, before: date, day: date, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return what `changes` does; `pairs` is who has worked with whom."""
    found = _present(log, before, day).set_index("learner_id")
    stood, stands = (collected(lasting(log, each).select(*SPELL, "status")) for each in (before, day))
    counts = {"events": _standing(stood, stands), "collaborations": _together(pairs, before)}
    for table, columns in _COUNTS.items():
        counted = counts[table].reindex(index=found.index, columns=columns).astype("Int64")
        found = found.join(counted.fillna(0) if holds(log, table) else counted)
    found = found.reset_index().sort_values(["class_id", "learner_id"])
    return with_cannot_tell(typed(found, CHANGES), log, "events", "collaborations", "set")


def earlier_day(log: ProgressLog, since: Day | None, day: date) -> date:
    """Return the day that another is compared with: four weeks before where none is named, or that before the log."""
    if since is None:
        four_weeks = day - timedelta(weeks=4)
        return four_weeks if four_weeks > log.first_day else min(log.first_day - timedelta(days=1), day)
    before = as_of(log, since)
    if before > day:
        raise ArgumentError(f"must be {day}, the day looked from, or earlier; got {before}.", "since")
    return before


def _present(log: ProgressLog, before: date, day: date) -> pd.DataFrame:
    """Return who had joined by the later day, and had not left by the earlier."""
    learners = log.learners
    joined = learners["joined"].isna() | (learners["joined"] <= pd.Timestamp(day))
    left = learners["left"].isna() | (learners["left"] >= pd.Timestamp(before))
    return learners.loc[joined & left, ["learner_id", "class_id"]]


def _standing(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    both = now.merge(before, on=SPELL, how="outer", suffixes=("", "_before"))
    counts = {}
    for column, day in (("status_before", "_before"), ("status", "")):
        counts[f"goals{day}"] = both[column].notna() & (both[column] != "dropped")
        counts |= {f"{name}{day}": both[column] == name for name in ("met", "stuck")}
    counts |= {f"newly_{name}": counts[name] & ~counts[f"{name}_before"] for name in ("met", "stuck")}
    return pd.DataFrame(counts).groupby(both["learner_id"]).sum()


def _together(pairs: pd.DataFrame, before: date) -> pd.DataFrame:
    early = pairs[pairs["time"] < pd.Timestamp(before) + timedelta(days=1)]
    counts = {}
    for name, rows in (("_before", early), ("", pairs)):
        counts[f"times{name}"] = rows.groupby("learner_id")["episode_id"].nunique()
        counts[f"partners{name}"] = rows.groupby("learner_id")["with_learner_id"].nunique()
    found = pd.DataFrame(counts).fillna(0)
    return found.assign(new_partners=found["partners"] - found["partners_before"])


def partners_of(log: ProgressLog, rows: pd.DataFrame) -> pd.DataFrame:
    """Return participations with whom: a row for each of the others, `with_learner_id`, also those of other classes."""
    people = collected(log.frame("collaborations").select("episode_id", "learner_id").unique())
    pairs = rows.merge(people.rename(columns={"learner_id": "with_learner_id"}), on="episode_id")
    return pairs[pairs["learner_id"] != pairs["with_learner_id"]]
