"""Whether goals that somebody helped with, while the learner was stuck, are met soon after."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from ..log import Day, ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from .episodes import participations
from .progress import status_runs
from .shared import DROPPED_CODE, MET_CODE, By, as_of, grouping, need_whole, with_cannot_tell, with_groups
from .statistics import Flags, Floats, Ints, cumulative_incidence, newcombe, resamples, wilson

FOLLOW_THROUGH: Schema = {
    "supported": "count",
    "met_within": "count",
    "rate": "rate",
    "low": "rate",
    "high": "rate",
    "not_yet": "count",
    "not_yet_rate": "rate",
    "not_yet_low": "rate",
    "not_yet_high": "rate",
    "difference": "rate",
    "difference_low": "rate",
    "difference_high": "rate",
    "unmatched": "count",
    "days_left_out": "count",
}


@dataclass(frozen=True)
class Stratum:
    """The goals at their d-th stuck day: those supported then, and those still stuck and not yet supported.

    `cases` are the stretches in which the support came, as places in `Waits`, in order of the hour of the day, with the
    `success` of having been met within the time; `others` those compared with, in order of `ending`: what became of
    each in time, as `MET_CODE`, `DROPPED_CODE` or -1 (nothing, or supported first). Each was still stuck and not yet
    supported at the hours of the cases from its `begin` to before its `end`, both numbers of cases.
    """

    day: int
    cases: Ints
    success: Floats
    others: Ints
    begin: Ints
    end: Ints
    ending: Ints

    def compared(self, weights: Floats) -> Floats:
        """Return, of rows of the cases' weights, the sum of those that each of the others is compared with."""
        sums = _sums(weights)
        return sums[:, self.end] - sums[:, self.begin]

    def at_hand(self, weights: Floats) -> Floats:
        """Return, of rows of the others' weights, the sum of those that each case is compared with."""
        come, gone = np.argsort(self.begin), np.argsort(self.end)
        number = np.arange(len(self.cases))
        here = _sums(weights[:, come])[:, np.searchsorted(self.begin[come], number, side="right")]
        return here - _sums(weights[:, gone])[:, np.searchsorted(self.end[gone], number, side="right")]


def _sums(weights: Floats) -> Floats:
    """Return the sums of the first 0, 1, 2 ... columns."""
    return np.pad(weights.cumsum(axis=1), ((0, 0), (1, 0)))


def follow_through(
    log: ProgressLog, within: int = 5, by: By = (), *, each_day: bool = False, on: Day | None = None
) -> pd.DataFrame:
    """Return how many goals were met soon after somebody supported a learner who was stuck, and how many otherwise.

    Parameters
    ----------
    log : ProgressLog
    within : int
        How many school days count as soon.
    by : str or sequence of str
        Columns to group by: `class_id`, `goal_id`, `strand`, any attribute of the learners; goals are compared
        within their group.
    each_day : bool
        Give a row to each stuck day d (`stuck_day`) instead of one over all of them.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; `supported`, goals first supported while the learner was stuck; of them `met_within`
        so many school days, and `rate`, with its interval `low, high`. Beside them `not_yet`, goals that were
        still stuck and not yet supported on the same stuck day, at the same hour; and `not_yet_rate`, the share
        of such goals that is met within the time, weighted to the stuck days on which support came. `difference`
        of the two rates. All intervals are 95 %. `unmatched`, supported goals with nobody to be compared with, and
        `days_left_out`, stuck days with less than `within` of log left, are in none of these figures.

    Notes
    -----
    Comparing goals that were ever supported with those that never were is wrong: a goal that takes long has more
    time to find a supporter, so help looks harmful where it does nothing (immortal-time bias). Here a goal
    supported on its d-th stuck day is compared with goals that had been stuck for as long at that moment and had
    not been supported yet (a landmark for each d [1]_); one that is supported later is censored then, and dropping
    a goal competes with meeting it (Aalen-Johansen). In a log without clock times the landmark is the evening: a goal
    met on the very day counts on neither side.

    The landmark of a goal is its d-th stuck day (that on which it got stuck is the first) at the clock time of the
    support; one stuck since that very minute counts, one that was supported before, be it before it was stuck, does
    not. *Within five school days* is up to the end of the fifth school day after. For each d the goals beside each
    supported one go into one curve together, once for each of them, on the time since the midnight of the landmark's
    day; the shares met that the curves come to are averaged with the number of supported goals as weights. `not_yet`
    counts each goal once.

    Goals of one learner are alike: the variance of each rate is that of 500 resamples of the learners (seeded), times
    L / (L - 1) for the L learners that it rests on, its interval Wilson's for as many independent goals as would vary
    as much (for L where all or none are met), and that of the difference is made from the two [2]_.

    It is an association, and no proof: who finds a supporter may differ from who does not.

    References
    ----------
    .. [1] van Houwelingen, H. C. (2007). Dynamic prediction by landmarking in event history analysis. Scandinavian
       Journal of Statistics 34, 70-85.
    .. [2] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison
       of eleven methods. Statistics in Medicine 17, 873-890. Method 10.

    Examples
    --------
    >>> import reflectlab
    >>> found = follow_through(reflectlab.example())  # Aroha helped Ben, and nobody else was stuck for as long
    >>> found.loc[0, ["supported", "unmatched"]].tolist()
    [0, 1]
    """
    need_whole("within", within, 1)
    day = as_of(log, on)
    of_learners, of_goals, schema = grouping(log, by)
    waits, groups = waits_of(log, day, of_learners, of_goals)
    first = log.calendar.school_day(log.selection.start) if log.selection.start else 1
    rows = [
        dict(zip(schema, key, strict=True)) | row
        for key, members in _groups(groups, list(schema))
        for row in _compared(waits.only(members), within, first, log.dates_only, each_day)
    ]
    columns = {**schema, **({"stuck_day": "count"} if each_day else {}), **FOLLOW_THROUGH}
    return with_cannot_tell(typed(pd.DataFrame(rows, columns=list(columns)), columns), log, "events", "collaborations")


def _groups(groups: pd.DataFrame, keys: list[str]) -> Iterator[tuple[tuple[object, ...], Flags]]:
    """Yield the members of each group."""
    if not keys:
        yield (), np.ones(len(groups), dtype=bool)
        return
    for key, places in groups.groupby(keys, dropna=False, sort=True).indices.items():
        members = np.zeros(len(groups), dtype=bool)
        members[places] = True
        yield key if isinstance(key, tuple) else (key,), members


@dataclass(frozen=True)
class Waits:
    """Stretches of being stuck, one entry each; times in school days with their fractions, infinite if never.

    `before` is how long the learner had been stuck on the goal before this stretch, `helped` when they were first
    supported on it; `met` and `dropped` are the first after the stretch began, `seen` is the last school day of the
    learner.
    """

    learner: Ints
    goal: Ints
    start: Floats
    stop: Floats
    before: Floats
    helped: Floats
    met: Floats
    dropped: Floats
    seen: Floats

    def only(self, keep: Flags) -> "Waits":
        """Return some of the stretches."""
        return Waits(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})


def _compared(waits: Waits, within: int, first: int, dates_only: bool, each_day: bool) -> list[dict[str, float]]:
    """Return the rows of one group."""
    strata, left_out = _strata(waits, within, first, dates_only), _left_out(waits, within, first)
    if not each_day:
        return [_row(waits, strata) | {"days_left_out": len(left_out)}]
    left = {each.day: int((left_out == each.day).sum()) for each in strata}
    return [_row(waits, [each]) | {"stuck_day": each.day, "days_left_out": left[each.day]} for each in strata]


def _strata(waits: Waits, within: int, first: int, dates_only: bool) -> list[Stratum]:
    """Return who is to be compared with whom."""
    day = np.floor(waits.helped)
    # A log of dates does not tell the hour: goals are compared in the evening, when those met that day are met.
    hour = np.where(np.isfinite(day) & (not dates_only), waits.helped, EVENING) % 1
    moment = day + hour
    case = (waits.start <= waits.helped) & (moment < waits.stop) & (day + within <= waits.seen) & (day >= first)
    place = waits.before + day - np.floor(waits.start) + 1
    clock = _clock(hour)
    return [
        _stratum(waits, int(number), np.flatnonzero(case & (place == number)), clock, within, first)
        for number in np.unique(place[case])
    ]


def _clock(days: Floats) -> Floats:
    """Return parts of days as whole microseconds, of which the same hour of two days is the same number."""
    return np.rint(days * 86_400_000_000)


def _stratum(waits: Waits, number: int, cases: Ints, clock: Floats, within: int, first: int) -> Stratum:
    cases = cases[np.argsort(clock[cases], kind="stable")]
    day = np.floor(waits.start) + number - waits.before - 1
    there = (number > waits.before) & (day + within <= waits.seen) & (day >= first)
    until = np.minimum(waits.stop, waits.helped)
    begin, end = (np.searchsorted(clock[cases], _clock(moment - day)) for moment in (waits.start, until))
    others = np.flatnonzero(there & (begin < end))
    came = np.stack([waits.met, waits.dropped, waits.helped])[:, others]
    which = came.argmin(axis=0)
    ended = came.min(axis=0) - day[others]
    ended[ended >= within + 1] = np.inf
    order = np.lexsort((which, ended))
    ending = np.choose(which, [MET_CODE, DROPPED_CODE, -1])
    ending[np.isinf(ended)] = -1
    success = np.minimum(waits.met, waits.dropped)[cases]
    soon = (waits.met[cases] == success) & (success < np.floor(waits.helped[cases]) + within + 1)
    others = others[order]
    return Stratum(number, cases, soon.astype(float), others, begin[others], end[others], ending[order])


def _left_out(waits: Waits, within: int, first: int) -> Floats:
    """Return the stuck days without support before that have too little log left, each as its number on the goal."""
    begun = np.floor(waits.start)
    last = np.floor(np.minimum(np.minimum(waits.stop - 1e-6, waits.helped), waits.seen))
    from_day = np.maximum(np.maximum(begun, waits.seen - within + 1), first)
    number = np.where(waits.helped >= waits.start, np.maximum(last - from_day + 1, 0), 0).astype(int)
    each = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    place: Floats = np.repeat(waits.before + from_day - begun + 1, number) + each
    return place


def _row(waits: Waits, strata: list[Stratum]) -> dict[str, float]:
    """Return the figures of some strata, with their intervals."""
    learners, code = np.unique(waits.learner, return_inverse=True)
    once, again = np.ones((1, len(learners))), resamples(len(learners))
    (rate,), (expected,), (supported,) = _rates(strata, once, code)
    rates, others, _ = _rates(strata, again, code)
    cases = np.concatenate([np.zeros(0, dtype=np.intp), *(stratum.cases for stratum in strata)])
    compared = np.concatenate([np.zeros(0, dtype=np.intp), *(stratum.others for stratum in strata)])
    low, high = _interval(rate, rates, len(np.unique(code[cases])))
    other_low, other_high = _interval(expected, others, len(np.unique(code[compared])))
    difference, least, most = newcombe((rate, low, high), (expected, other_low, other_high))
    return {
        "supported": supported,
        "met_within": round(rate * supported) if supported else 0,
        "rate": rate,
        "low": low,
        "high": high,
        "not_yet": len(np.unique(waits.goal[compared])),
        "not_yet_rate": expected,
        "not_yet_low": other_low,
        "not_yet_high": other_high,
        "difference": difference,
        "difference_low": least,
        "difference_high": most,
        "unmatched": len(cases) - supported,
    }


def _interval(rate: float, resampled: Floats, learners: int) -> tuple[float, float]:
    """Return the Wilson interval for as many independent goals as would vary like the resamples do."""
    if np.isnan(rate):
        return rate, rate
    known = resampled[~np.isnan(resampled)]
    spread = known.var() * learners / (learners - 1) if learners > 1 and len(known) else 0.0
    number = min(rate * (1 - rate) / spread, 1e9) if spread > 0 and 0 < rate < 1 else float(learners)
    low, high = wilson(np.array(rate), np.array(number))
    return float(low), float(high)


def _rates(strata: list[Stratum], weights: Floats, code: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the two rates, and how many goals were supported and compared, for each row of learners' weights."""
    most = max((len(stratum.cases) + len(stratum.others) for stratum in strata), default=1)
    blocks = np.array_split(weights, -(-len(weights) * most // _AT_ONCE) or 1)
    each = [_rates_of(strata, block, code) for block in blocks]
    rate, expected, matched = (np.concatenate(some) for some in zip(*each, strict=True))
    return rate, expected, matched


_AT_ONCE = 5_000_000
"""How many weights are looked at together: of some resamples, so that memory does not grow with both."""


def _rates_of(strata: list[Stratum], weights: Floats, code: Ints) -> tuple[Floats, Floats, Floats]:
    met, expected, matched = np.zeros((3, len(weights)))
    for stratum in strata:
        of_cases, of_others = weights[:, code[stratum.cases]], weights[:, code[stratum.others]]
        has_other = of_cases * (stratum.at_hand(of_others) > 0)
        number = has_other.sum(axis=1)
        share = _share_met(of_others * stratum.compared(of_cases), stratum.ending)
        met += has_other @ stratum.success
        expected += np.where(number > 0, number * share, 0.0)
        matched += number
    with np.errstate(invalid="ignore", divide="ignore"):
        return met / matched, expected / matched, matched


def _share_met(weights: Floats, ending: Ints) -> Floats:
    """Return the share met in the end, by rows of weights in the order of ending."""
    at_risk = np.maximum(weights[:, ::-1].cumsum(axis=1)[:, ::-1], 1e-12)
    share = cumulative_incidence(at_risk, weights * (ending == MET_CODE), weights * (ending == DROPPED_CODE))
    last: Floats = share.max(axis=1, initial=0.0)
    return last


EVENING = 1 - 1e-9
"""The last moment of a school day, as a fraction of it."""


def waits_of(log: ProgressLog, day: date, of_learners: list[str], of_goals: list[str]) -> tuple[Waits, pd.DataFrame]:
    """Return the stretches of being stuck, and the grouping columns of each."""
    keep = ["status_code", "status", "start", "start_day", "stop", "stop_day"]
    columns = list(dict.fromkeys([*SPELL, *keep, "left_day", *of_learners, *of_goals]))
    learners = log.frame("learners").select("learner_id", "left_day")
    held = with_groups(log, status_runs(log, day), of_learners, of_goals).join(learners, on="learner_id", how="left")
    rows = collected(held.select(columns))
    rows = rows.assign(begin=_school_time(log, rows["start"], rows["start_day"]))
    rows = rows.assign(end=_school_time(log, rows["stop"], rows["stop_day"])).sort_values([*SPELL, "begin"])
    rows = rows.reset_index(drop=True)
    pair = np.asarray(rows.groupby(SPELL, sort=False).ngroup(), dtype=np.intp)
    stuck = (rows["status"] == "stuck").to_numpy()
    long = np.where(stuck, rows["stop_day"].fillna(0) - rows["start_day"], 0.0)
    before = np.asarray(pd.Series(long).groupby(pair).cumsum(), dtype=np.float64) - long
    today = log.calendar.school_day(day)
    waits = Waits(
        learner=pd.factorize(rows["learner_id"])[0],
        goal=pair,
        start=rows["begin"].to_numpy(),
        stop=rows["end"].to_numpy(),
        before=before,
        helped=_first_support(log, day, rows),
        met=_next(rows, pair, MET_CODE),
        dropped=_next(rows, pair, DROPPED_CODE),
        seen=np.minimum(rows["left_day"].fillna(today).to_numpy(dtype=float), today),
    )
    return waits.only(stuck), rows.loc[stuck, [*of_learners, *of_goals]].reset_index(drop=True)


def _school_time(log: ProgressLog, time: pd.Series, school_day: pd.Series) -> Floats:
    """Return times as school days with the fraction of the day; infinite where missing."""
    known = time.notna().to_numpy()
    dates = log.calendar.days["date"].to_numpy()
    number = school_day.fillna(1).to_numpy(dtype=np.int64)
    passed = (time.to_numpy() - dates[number - 1]) / np.timedelta64(1, "D")
    within: Floats = np.clip(np.where(known, passed, 0.0), 0.0, EVENING)
    return np.where(known, number + within, np.inf)


def _first_support(log: ProgressLog, day: date, rows: pd.DataFrame) -> Floats:
    """Return when the learner of each row was first supported on the goal."""
    sought = participations(log, day).filter(nw.col("kind") == "sought_support")
    found = collected(sought.select(*SPELL, "time", "school_day"))
    found = found.assign(helped=_school_time(log, found["time"], found["school_day"]))
    first = found.groupby(SPELL, as_index=False)["helped"].min()
    return rows[SPELL].merge(first, on=SPELL, how="left")["helped"].fillna(np.inf).to_numpy(dtype=float)


def _next(rows: pd.DataFrame, pair: Ints, code: int) -> Floats:
    """Return for each row when the goal next came to a status."""
    came = rows["begin"].where(rows["status_code"] == code)
    return came.groupby(pair).bfill().fillna(np.inf).to_numpy(dtype=float)
