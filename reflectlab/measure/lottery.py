"""Invitations by lot: who is shown a suggestion at once and who some days later, and what came of it."""

from dataclasses import dataclass
from datetime import date
from html import escape
from os import PathLike
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd

from ..errors import MissingColumnError
from ..log import ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from ..writing import write_file
from .episodes import with_goal
from .shared import event_is, known_events, need_whole, reported
from .statistics import Flags, Floats, Ints, Z

LATER = 5
"""After so many school days the others are shown theirs."""

NOW, NOT_YET = "now", "later"

DRAWN: Schema = {"lot": "str", "equal": "str", "drawn_on": "time", "show_on": "time"}

KEPT = ("drawn_on", "learner_id", "goal_id", "lot", "equal")

INVITED: Schema = {"lot": "str", "drawn": "count", "together": "count", "met": "count", "rate": "rate"}

DRAWS = 9_999
"""How often the lots are drawn anew, to see what chance alone would bring."""

_SEED = 20_260_720


@dataclass(frozen=True, repr=False, eq=False)
class Invited:
    """What `invited` found.

    Attributes
    ----------
    table : pandas.DataFrame
        Two rows, `lot` now and later: `drawn`, how many; of them `together`, how many worked on the goal with somebody
        within the days, and `met`, how many met it, with the `rate`.
    difference, low, high : float
        How much greater the share met is where suggestions were shown at once, with its 95 % interval; missing where
        no lots can be compared.
    p_value : float
        How often lots alone would bring a difference of this size or more.
    sentence : str
    """

    table: pd.DataFrame
    difference: float
    low: float
    high: float
    p_value: float
    sentence: str

    def __repr__(self) -> str:
        return f"Invited: {self.sentence}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def drawn(log: ProgressLog, found: pd.DataFrame, rooms: "pd.Series[str]", day: date, seed: int) -> pd.DataFrame:
    """Add the lots to suggestions: half of those that are equal, of one class and one need, are shown at once.

    `rooms` is the class of each learner.
    """
    first = found[found["suggestion"] != "teacher"].drop_duplicates("learner_id").sort_values("learner_id")
    equal = rooms.reindex(first["learner_id"]).fillna("").to_numpy(dtype=object) + ": " + first["need"].to_numpy(object)
    lots = _lots(equal, np.random.default_rng([seed, day.toordinal()]))
    of_learner = pd.DataFrame({"lot": np.where(lots, NOW, NOT_YET), "equal": equal}, index=first["learner_id"])
    mine = found["learner_id"].where(found["suggestion"] != "teacher")
    shown = {NOW: pd.Timestamp(day), NOT_YET: _school_day_after(log, day, LATER)}
    lot = mine.map(of_learner["lot"])
    return typed(
        found.assign(lot=lot, equal=mine.map(of_learner["equal"]), drawn_on=pd.Timestamp(day), show_on=lot.map(shown)),
        {**dict.fromkeys(found.columns, "str"), **DRAWN},
    )


def _lots(equal: "np.ndarray[tuple[int], np.dtype[np.object_]]", rng: np.random.Generator) -> Flags:
    """Draw half of each that are equal; of an odd number, a coin is thrown for the one left over."""
    lots = np.zeros(len(equal), dtype=bool)
    for sort in sorted(set(equal)):
        places = np.flatnonzero(equal == sort)
        number = (len(places) + int(rng.integers(2))) // 2
        lots[rng.permutation(places)[:number]] = True
    return lots


def _school_day_after(log: ProgressLog, day: date, number: int) -> pd.Timestamp:
    """Return the date so many school days on; beyond the calendar, weekdays count."""
    days = log.calendar.days
    at = log.calendar.school_day(day) - 1 + number
    if at < len(days):
        return pd.Timestamp(days["date"].iloc[at])
    return pd.Timestamp(day) + pd.offsets.BDay(number)


def keep_draw(suggestions: pd.DataFrame, path: "str | PathLike[str]") -> None:
    """Add a draw to a file, so that it can be told later who was invited when.

    Parameters
    ----------
    suggestions : pandas.DataFrame
        What `opportunities(draw=...)` gave.
    path : str or Path
        A CSV file beside the log, as `draws.csv`; made where there is none. A day that is in it already is replaced.

    Raises
    ------
    MissingColumnError
        If these suggestions were not drawn.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import reflectlab
    >>> folder = tempfile.TemporaryDirectory()
    >>> kept = Path(folder.name) / "draws.csv"
    >>> keep_draw(reflectlab.opportunities(reflectlab.example(), draw=7), kept)
    >>> kept.read_text().splitlines()[0]
    'drawn_on,learner_id,goal_id,lot,equal'
    >>> folder.cleanup()
    """
    target = Path(path)
    rows = _units(suggestions)
    if target.exists():
        before = pd.read_csv(target, dtype="str")
        rows = pd.concat([before[~before["drawn_on"].isin(rows["drawn_on"])], rows], ignore_index=True)
    write_file(target, rows.to_csv(index=False).encode("utf-8"))


def _units(suggestions: pd.DataFrame) -> pd.DataFrame:
    """Return who was drawn: a learner and the goal of their first suggestion, a row each."""
    missing = [name for name in KEPT if name not in suggestions]
    if missing:
        raise MissingColumnError(
            f"The draws lack the columns {', '.join(missing)}: give what `opportunities(draw=...)` gave, or its file."
        )
    rows = suggestions[suggestions["lot"].notna()].drop_duplicates(["drawn_on", "learner_id"])
    day = pd.to_datetime(rows["drawn_on"]).dt.strftime("%Y-%m-%d")
    return rows.assign(drawn_on=day)[list(KEPT)].astype("str").reset_index(drop=True)


def invited(log: ProgressLog, draws: "pd.DataFrame | str | PathLike[str]", within: int = LATER) -> Invited:
    """Return whether goals are met sooner where a suggestion was shown at once, by lot, and not some days later.

    Parameters
    ----------
    log : ProgressLog
    draws : pandas.DataFrame, str or Path
        What `opportunities(draw=...)` gave, of one day or several put together, or the file of `keep_draw`.
    within : int
        The school days in which a goal has to be met: at most 5, when the others are shown theirs.

    Returns
    -------
    Invited

    Raises
    ------
    MissingColumnError
        If these are no draws.
    ArgumentError
        If `within` is not a whole number from 1.

    See Also
    --------
    compare : the same question where children choose, which no analysis frees from what made them choose.

    Notes
    -----
    By intention to treat: each learner counts once a draw, by the goal of the first suggestion, where the lot put it,
    whether or not the two then worked together, so that nothing but the lot tells the two sides apart. The school days
    begin the day after the draw. A trial like this, drawn again and again, is a
    micro-randomised one [1]_ [2]_. Only lots of one day, class and need are compared; the difference is that of Mantel
    and Haenszel, its variance Sato's [3]_. The p-value is that of a randomisation test: the lots are drawn anew 9,999
    times within these. Lots whose days are not over are left out. The difference is smaller than the effect of working
    together, as not all who are invited do, and others do too; and it tells of invitations, not of company.

    References
    ----------
    .. [1] Klasnja, P. and others (2015). Microrandomized trials: an experimental design for developing just-in-time
       adaptive interventions. Health Psychology 34S, 1220-1228.
    .. [2] Boruvka, A., Almirall, D., Witkiewitz, K. and Murphy, S. A. (2018). Assessing time-varying causal effect
       moderation in mobile health. Journal of the American Statistical Association 113, 1112-1121.
    .. [3] Sato, T. (1989). On the variance estimator for the Mantel-Haenszel risk difference. Biometrics 45, 1323-1324.

    Examples
    --------
    >>> import reflectlab
    >>> log = reflectlab.simulate(classes=1, seed=1)
    >>> invited(log, reflectlab.opportunities(log, on="2026-08-07", draw=7))
    Invited: ...
    """
    need_whole("within", within, 1)
    rows = _units(draws if isinstance(draws, pd.DataFrame) else pd.read_csv(draws, dtype="str"))
    rows = rows.assign(_day=[log.calendar.school_day(day.date()) for day in pd.to_datetime(rows["drawn_on"])])
    over = rows["_day"] + within <= log.calendar.school_day(log.last_day)
    rows = rows[over].reset_index(drop=True)
    met = _happened(rows, _school_days_met(log), within)
    together = _happened(rows, _school_days_together(log), within)
    now = (rows["lot"] == NOW).to_numpy(dtype=bool)
    strata = np.unique((rows["drawn_on"] + rows["equal"]).to_numpy(str), return_inverse=True)[1]
    found = _difference(now, met, strata)
    chance = _by_lot(now, met, strata, found[0])
    table = _table(now, together, met)
    return Invited(table, *found, chance, _sentence(table, found, chance, within, int((~over).sum())))


def _school_days_met(log: ProgressLog) -> pd.DataFrame:
    rows = reported(log, known_events(log, log.last_day)).filter(event_is("met"))
    return collected(rows.select(*SPELL, "school_day"))


def _school_days_together(log: ProgressLog) -> pd.DataFrame:
    rows = with_goal(log, log.last_day).filter(~nw.col("goal").is_null(), nw.col("partners") > 0)
    rows = reported(log, rows.with_columns(goal_id=nw.col("goal")))
    return collected(rows.select(*SPELL, "school_day"))


def _happened(rows: pd.DataFrame, days: pd.DataFrame, within: int) -> Flags:
    """Tell of which rows something happened in so many school days after the draw."""
    both = rows.reset_index(names="_place").merge(days.astype({"learner_id": "str", "goal_id": "str"}), on=list(SPELL))
    soon = both[(both["school_day"] > both["_day"]) & (both["school_day"] <= both["_day"] + within)]
    flags: Flags = np.isin(np.arange(len(rows)), soon["_place"])
    return flags


def _counts(now: Flags, met: Flags, strata: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Return for each stratum how many were drawn for now and for later, and how many of either met the goal."""
    size = int(strata.max(initial=-1)) + 1
    of = [now, ~now, now & met, ~now & met]
    invited, waiting, one, other = (np.bincount(strata, each, size).astype(float) for each in of)
    return invited, waiting, one, other


def _difference(now: Flags, met: Flags, strata: Ints) -> tuple[float, float, float]:
    """Return the difference of Mantel and Haenszel, with the interval of Sato's variance."""
    invited, waiting, one, other = _counts(now, met, strata)
    number = np.maximum(invited + waiting, 1)
    weight = float((invited * waiting / number).sum())
    if weight == 0:
        return np.nan, np.nan, np.nan
    apart = float(((one * waiting - other * invited) / number).sum()) / weight
    lean = (invited**2 * other - waiting**2 * one + invited * waiting * (waiting - invited) / 2) / number**2
    mix = (one * (waiting - other) + other * (invited - one)) / (2 * number)
    far = Z * max(apart * float(lean.sum()) + float(mix.sum()), 0.0) ** 0.5 / weight
    return apart, apart - far, apart + far


def _by_lot(now: Flags, met: Flags, strata: Ints, found: float) -> float:
    """Return how often the lots, drawn anew, bring a difference as great as the one found."""
    if np.isnan(found):
        return np.nan
    rng = np.random.default_rng(_SEED)
    order = np.argsort(strata, kind="stable")
    now, met, strata = now[order], met[order], strata[order]
    invited, waiting, *_ = _counts(now, met, strata)
    number, whole = invited + waiting, np.bincount(strata, met)
    weight = float((invited * waiting / number).sum())
    # Of n with m met, how many of those drawn for now meet their goal is hypergeometric.
    ones = rng.hypergeometric(
        whole.astype(int), (number - whole).astype(int), invited.astype(int), (DRAWS, len(number))
    )
    apart = ((ones * waiting - (whole - ones) * invited) / number).sum(axis=1) / weight
    return float((1 + (np.abs(apart) >= abs(found) - 1e-12).sum()) / (1 + DRAWS))


def _table(now: Flags, together: Flags, met: Flags) -> pd.DataFrame:
    rows = [
        {"lot": lot, "drawn": of.sum(), "together": together[of].sum(), "met": met[of].sum()}
        for lot, of in ((NOW, now), (NOT_YET, ~now))
    ]
    table = pd.DataFrame(rows)
    return typed(table.assign(rate=table["met"] / table["drawn"].where(table["drawn"] > 0)), INVITED)


def _sentence(table: pd.DataFrame, found: tuple[float, float, float], chance: float, within: int, waiting: int) -> str:
    at_once, later = table.to_dict("records")
    out = f" ({waiting} more left out: their {within} school days are not over)" if waiting else ""
    if np.isnan(found[0]):
        return f"No lots of one day, class and need can be compared{out}."
    return (
        f"Of {at_once['drawn']} suggestions that the lot showed at once, {at_once['met']} goals were met within "
        f"{within} school days ({100 * at_once['rate']:.0f} %); of {later['drawn']} that it showed later, "
        f"{later['met']} ({100 * later['rate']:.0f} %){out}. Among equals the difference is {100 * found[0]:+.0f} "
        f"points, from {100 * found[1]:+.0f} to {100 * found[2]:+.0f}; lots alone bring as much in "
        f"{100 * chance:.0f} of 100 draws. It tells what being invited does, whether or not the two worked together."
    )
