"""The way back: a log in the shape that the tools of other researchers read.

Each function returns a DataFrame; write it with `to_csv(index=False)`. Times are the school's wall clock.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import narwhals as nw
import pandas as pd

from ..errors import ArgumentError, one_of
from ..log import midnight
from ..log.absences import wholly_away
from ..log.frames import collected
from ..schema import OPEN, STATUSES

if TYPE_CHECKING:
    from ..log import ProgressLog


MISSING, VOID = "*", "%"
"""What stands in a sequence where nothing is known, and where the learner was not there: TraMineR's own codes."""

WITHOUT_NAMES = "Learners are codes, and notes are left out: names=True gives both."
"""What an export says of itself, in `.attrs`, where nobody asked for names."""

TNA = {
    "learner_id": "Actor",
    "time": "Time",
    "goal_id": "Action",
    "event": "Event",
    "chosen_by": "Chosen_by",
    "note": "Note",
}

EVENTLOG = {
    "bupar": ("case_id", "activity_id", "activity_instance_id", "lifecycle_id", "timestamp", "resource_id"),
    "pm4py": (
        "case:concept:name",
        "concept:name",
        "concept:instance",
        "lifecycle:transition",
        "time:timestamp",
        "org:resource",
    ),
}
"""What either tool calls the learner, the goal, the turn at it, the transition, the time and who did it."""

LIFECYCLE = {
    "set": "schedule",
    "started": "start",
    "worked": "resume",
    "stuck": "suspend",
    "met": "complete",
    "reopened": "start",
    "dropped": "withdraw",
}
"""The transition of the XES standard (IEEE 1849) that each event is."""


def to_tna(log: "ProgressLog", *, names: bool = False) -> pd.DataFrame:
    """Return the events as *tna* and *tnapy* take them: who, when, what.

    Parameters
    ----------
    log : ProgressLog
    names : bool, default False
        Give the learners' own ids and the notes. Ids are often names, and notes tell of children: without it learners
        are codes, the same in every export of a log, and `.attrs["left_out"]` says what is not there.

    Returns
    -------
    pandas.DataFrame
        One row for each event that is reported, in the order of the file: `Actor` (the learner), `Time`, `Action`
        (the goal), and beside them `Event`, `Chosen_by` and, with `names`, `Note`.

    Notes
    -----
    `prepare_data(d, actor = "Actor", time = "Time", action = "Action")` then gives sequences of goals, with
    `action = "Event"` sequences of what happened. It begins another session after 15 minutes without a row unless
    `time_threshold` says otherwise: in the log of a class that is hardly what is wanted.

    Examples
    --------
    >>> import reflectlab
    >>> reflectlab.to_tna(reflectlab.example()).iloc[0].tolist()[1:4]
    [Timestamp('2026-07-20 00:00:00'), 'hook', 'set']

    `load` takes what was written, and gives the same events:

    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "tna.csv"
    >>> reflectlab.to_tna(reflectlab.example(), names=True).to_csv(file, index=False)
    >>> len(reflectlab.load(file, columns={"learner_id": "Actor", "goal_id": "Action"}).events)
    18
    """
    return _private(log, log.events[list(TNA)], names).rename(columns=TNA)


def to_eventlog(log: "ProgressLog", *, tool: Literal["bupar", "pm4py"] = "bupar", names: bool = False) -> pd.DataFrame:
    """Return the events as *bupaR* or *pm4py* take them: a case for each learner, an activity for each goal.

    Parameters
    ----------
    log : ProgressLog
    tool : {"bupar", "pm4py"}
        Whose columns they are.
    names : bool, default False
        Give the learners' own ids and the notes, as in `to_tna`.

    Returns
    -------
    pandas.DataFrame
        One row for each event that is reported, in the order in which they apply: `case_id` and `resource_id` (the
        learner), `activity_id` (the goal), `activity_instance_id` (a number: the learner's turn at the goal; taking
        up again what was met or dropped is another turn), `lifecycle_id` (the transition as the XES standard names
        it), `timestamp`; beside them `event`, `chosen_by` and, with `names`, `note`. With
        `tool="pm4py"` the six are `case:concept:name`, `org:resource`, `concept:name`, `concept:instance`,
        `lifecycle:transition` and `time:timestamp`.

    Raises
    ------
    ArgumentError
        If `tool` is neither.

    Notes
    -----
    `set` is the transition `schedule`, `started` and `reopened` are `start`, `worked` is `resume`, `stuck` is
    `suspend`, `met` is `complete` and `dropped` is `withdraw` [1]_.

    References
    ----------
    .. [1] IEEE (2016). 1849-2016: Standard for eXtensible Event Stream (XES). The lifecycle extension.

    Examples
    --------
    >>> import reflectlab
    >>> events = reflectlab.to_eventlog(reflectlab.example(), names=True)
    >>> events.loc[0, ["case_id", "activity_id", "lifecycle_id"]].tolist()
    ['aroha', 'hook', 'schedule']
    """
    one_of("tool", tool, list(EVENTLOG))
    known = _private(log, _with_turns(_in_order(_reported_events(log))), names)
    case, activity, instance, transition, time, resource = EVENTLOG[tool]
    own = {
        case: known["learner_id"],
        activity: known["goal_id"],
        instance: known["turn"],
        transition: known["event"].map(LIFECYCLE).astype("str"),
        time: known["time"],
        resource: known["learner_id"],
    }
    told = [name for name in ("event", "chosen_by", "note") if name in known]
    table = pd.DataFrame({**own, **known[told]})
    table.attrs |= known.attrs
    return table


def to_sequences(log: "ProgressLog", *, by: str | Sequence[str] = "learner_id", names: bool = False) -> pd.DataFrame:
    """Return where each learner stood at the end of each school week: one column a week (*TraMineR*, *Sequenzo*).

    Parameters
    ----------
    log : ProgressLog
    by : "learner_id" or ("learner_id", "goal_id")
        One row for each learner, or one for each learner and goal.
    names : bool, default False
        Give the learners' own ids, as in `to_tna`.

    Returns
    -------
    pandas.DataFrame
        `learner_id` (and `goal_id`), then a column for each week that is reported: `w1`, `w2`, ... or, where there
        are several terms, the term before it, `t3_w1`. The states are `set`, `working`, `stuck`, `met`, `dropped`.
        Of a learner with several goals it is the one that calls most for attention: `stuck` if a goal is stuck,
        else `working`, else `set`; with none open `met` if one was met, else `dropped`.
        `*` is *missing*: the learner was there, and nothing had been written down yet. `%` is *void*: the learner
        was not there (before `joined`, after `left`, or away on each day of that week), or had not had that goal yet.

    Raises
    ------
    ArgumentError
        If `by` is neither.

    Notes
    -----
    The two codes are those of TraMineR (`nr` and `void`). In R, with `d` read from what was written::

        seqdef(d, var = 2:ncol(d), alphabet = c("set", "working", "stuck", "met", "dropped"), missing = "*")

    Examples
    --------
    >>> import reflectlab
    >>> reflectlab.to_sequences(reflectlab.example()).to_dict("list")["w1"]
    ['met', 'stuck', 'working', 'set']
    """
    keys = [by] if isinstance(by, str) else list(by)
    if keys not in (["learner_id"], ["learner_id", "goal_id"]):
        raise ArgumentError(f'must be "learner_id" or ("learner_id", "goal_id"); got {by!r}.', "by")
    weeks = _weeks(log)
    learners = _presence(log)
    stood = _stood(log, weeks)
    states = _of_learners(stood, learners.index) if keys == ["learner_id"] else stood.fillna(VOID)
    there = learners.loc[states.index.get_level_values("learner_id")]
    spans = there[["from_day", "to_day"]].reset_index().merge(weeks[["first_day", "last_day"]], how="cross")
    first, last = spans[["from_day", "first_day"]].max(axis=1), spans[["to_day", "last_day"]].min(axis=1)
    away = (first > last).to_numpy() | wholly_away(log, spans[["learner_id"]].assign(first=first, last=last))
    states = states.mask(away.reshape(states.shape), VOID)
    return _private(log, states.set_axis(_week_names(weeks), axis=1).reset_index().astype("str"), names)


def _private(log: "ProgressLog", table: pd.DataFrame, names: bool) -> pd.DataFrame:
    """Return a table without notes, and with codes instead of the learners' ids."""
    if names:
        return table
    told = table.drop(columns="note", errors="ignore").assign(learner_id=table["learner_id"].map(learner_codes(log)))
    told.attrs["left_out"] = WITHOUT_NAMES
    return told.astype({"learner_id": "str"})


def learner_codes(log: "ProgressLog") -> dict[str, str]:
    """Return a code for each learner, the same in every export of a log; the order of the register is not in it."""
    ids = sorted(map(str, log.learners["learner_id"]), key=lambda each: sha256(each.encode()).digest())
    digits = len(str(len(ids)))
    return {each: f"P{place:0{digits}}" for place, each in enumerate(ids, start=1)}


def _reported_events(log: "ProgressLog") -> pd.DataFrame:
    learners = log.frame("learners").select("learner_id", "class_id")
    frame = log.reported(log.frame("events").join(learners, on="learner_id", how="left"))
    if log.selection.start:
        frame = frame.filter(nw.col("time") >= midnight(log.selection.start))
    if log.selection.end:
        frame = frame.filter(nw.col("time") < midnight(log.selection.end + timedelta(days=1)))
    columns = ["time", "learner_id", "goal_id", "event", "chosen_by", "note", "row", "position", "status"]
    return collected(frame.select(*columns)).astype(dict.fromkeys(columns[1:6], "str"))


def _in_order(events: pd.DataFrame) -> pd.DataFrame:
    """Sort by time; at one instant a goal whose first row comes first goes first, and its events as they apply."""
    first = events.groupby(["learner_id", "time", "goal_id"])["row"].transform("min")
    ordered = events.assign(_first=first).sort_values(["time", "_first", "learner_id", "goal_id", "position"])
    return ordered.reset_index(drop=True)


def _with_turns(events: pd.DataFrame) -> pd.DataFrame:
    """Add `turn`, a number for each turn at a goal: another begins where what was met or dropped is open again."""
    spell = events.groupby(["learner_id", "goal_id"], sort=False)
    before = spell["status"].shift()
    again = before.notna() & ~before.isin(OPEN) & events["status"].isin(OPEN)
    time_of_spell = again.groupby([events["learner_id"], events["goal_id"]]).cumsum()
    turns = events.assign(_time=time_of_spell).groupby(["learner_id", "goal_id", "_time"], sort=False)
    return events.assign(turn=turns.ngroup().astype("int64") + 1)


def _weeks(log: "ProgressLog") -> pd.DataFrame:
    """Return the weeks that are reported: `term_id, week, first_day, last_day`."""
    weeks = log.calendar.weeks
    last = log.calendar.school_day(log.last_day)
    weeks = weeks[weeks["first_day"] <= last].assign(last_day=weeks["last_day"].clip(upper=last))
    if log.selection.start:
        weeks = weeks[weeks["last_day"] >= log.calendar.school_day(log.selection.start)]
    return weeks.reset_index(drop=True)


def _presence(log: "ProgressLog") -> pd.DataFrame:
    """Return the first and the last school day of each learner who is reported."""
    columns = ["learner_id", "class_id", "from_day", "to_day"]
    learners = collected(log.reported(log.frame("learners").select(*columns)).sort("learner_id"))
    return learners.astype({"learner_id": "str"}).set_index("learner_id")[["from_day", "to_day"]]


def _stood(log: "ProgressLog", weeks: pd.DataFrame) -> pd.DataFrame:
    """Return the status of each learner on each goal at the end of each week, missing before the first."""
    known = log.frame("events").filter(nw.col("time") < midnight(log.last_day + timedelta(days=1)))
    learners = log.frame("learners").select("learner_id", "class_id")
    known = log.reported(known.join(learners, on="learner_id", how="left"))
    columns = ["learner_id", "goal_id", "school_day", "position", "status"]
    events = collected(known.select(*columns).sort("learner_id", "goal_id", "position"))
    at = weeks["last_day"].searchsorted(events["school_day"])  # the weeks are a run: earlier events fall into the first
    events = events.assign(week=at.clip(max=len(weeks) - 1)).astype({"learner_id": "str", "goal_id": "str"})
    last = events.groupby(["learner_id", "goal_id", "week"])["status"].last()
    return last.unstack("week").reindex(columns=weeks.index).astype("str").ffill(axis=1)


def _of_learners(stood: pd.DataFrame, learners: pd.Index) -> pd.DataFrame:
    """Return one state for each learner: of their goals the one that calls most for attention."""
    urgency = {status: rank for rank, status in enumerate(("dropped", "met", "set", "working", "stuck"))}
    assert set(urgency) == set(STATUSES)
    ranks = stood.apply(lambda column: column.map(urgency)).groupby(level="learner_id").max()
    words = {float(rank): status for status, rank in urgency.items()}
    states: pd.DataFrame = ranks.reindex(learners).apply(lambda column: column.map(words))
    return states.astype("str").fillna(MISSING)


def _week_names(weeks: pd.DataFrame) -> list[str]:
    several = weeks["term_id"].nunique() > 1
    return [
        f"{term}_w{week}" if several else f"w{week}" for term, week in zip(weeks["term_id"], weeks["week"], strict=True)
    ]
