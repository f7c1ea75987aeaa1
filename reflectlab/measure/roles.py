"""What was written down beside what follows from the log: roles that differ from the kind of a participation."""

import pandas as pd

from ..frames import PANDAS, Schema
from ..log import Day, ProgressLog
from ..statuses import OPEN
from ._blind import holds, noted
from .collaboration import episodes

DIFFERENCES: Schema = {
    "episode_id": "str",
    "time": "time",
    "learner_id": "str",
    "goal_id": "str",
    "role": "str",
    "kind": "str",
    "status": "str",
    "ambiguous": "flag?",
    "explanation": "str",
}
MEANT = {"helper": "gave_support", "seeker": "sought_support", "peer": "shared_goal"}
"""The kind that each recorded role would be."""

_STOOD = {
    "met": "had already met the goal",
    "dropped": "had dropped the goal",
    "set": "had the goal open, not yet started",
    "working": "had the goal open",
    "stuck": "was stuck on the goal",
}
_UNKNOWN = "the log has nothing on the goal for this learner before"


def role_differences(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return the participations whose recorded role differs from the kind that follows from the log.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        `episode_id, time, learner_id, goal_id, role, kind, status, ambiguous` as in `episodes`, and `explanation`,
        a plain sentence on where everybody stood.

    Notes
    -----
    A `helper` is expected to be `gave_support`, a `seeker` `sought_support`, a `peer` `shared_goal` (or
    `sought_support` where the goal was shared too). What is not compared: a role nobody wrote down, and a
    participation on no known goal. A difference is no mistake: children help with what they have not met yet,
    and an event may be missing from the log. Either is worth a look.

    Examples
    --------
    >>> import reflectlab
    >>> role_differences(reflectlab.example())["explanation"].tolist()
    []
    """
    found = episodes(log, on=on)
    if not holds(log, "events"):
        found = found.head(0)
    meant = found["role"].map(MEANT)
    shared_too = (found["role"] == "peer") & found["also_shared"].fillna(value=False)
    differs = meant.notna() & found["goal_id"].notna() & (meant != found["kind"]) & ~shared_too
    rows = found[differs]
    each = zip(rows["role"], rows["kind"], rows["status"], strict=True)
    told = rows.assign(explanation=[_explained(*participation) for participation in each])
    types = {name: PANDAS[kind] for name, kind in DIFFERENCES.items()}
    return noted(told[list(DIFFERENCES)].reset_index(drop=True).astype(types), log, "events", "collaborations")


def _explained(role: str, kind: str, status: object) -> str:
    stood = _STOOD[status] if isinstance(status, str) else _UNKNOWN
    return f"Noted as {role}, but {stood}{_others(kind, status)}."


def _others(kind: str, status: object) -> str:
    """Return the end of the sentence: where the others stood."""
    if kind == "gave_support":
        return ", and somebody there had it open"
    if kind == "sought_support":
        return ", and somebody there had met it"
    if kind == "shared_goal":
        return ", and somebody else there had it open too"
    if status == "met":
        return ", and nobody there had it open"
    return ", and nobody else there had it open or had met it" if status in OPEN else ""
