"""Whether goals are met sooner once learners have worked on them with somebody."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.metadata import version
from math import erfc, sqrt
from typing import Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError, one_of
from ...log import ProgressLog
from ...log.frames import Schema, typed
from ..shared import By, grouping
from ..statistics import Z
from .caveats import cannot_tell, caveats
from .curves import CURVES, curves
from .goals import seen_goals, under_way
from .models.estimates import HEADLINE, Estimate
from .models.exposures import EXPOSURES
from .models.stuck import stuck_events
from .parts import Asked, Part, part_of

TABLE: Schema = {
    "estimator": "str",
    "hazard_ratio": "rate",
    "low": "rate",
    "high": "rate",
    "p_value": "rate",
    "goals": "count",
    "met": "count",
    "informative": "count",
    "learners": "count",
}

COEFFICIENTS: Schema = {
    "estimator": "str",
    "term": "str",
    "coefficient": "rate",
    "standard_error": "rate",
    "low": "rate",
    "high": "rate",
    "p_value": "rate",
}

ANY = "any"

_QUESTION = "are goals met sooner once worked on together?"


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """What `compare` found.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an estimator: `estimator, hazard_ratio, low, high, p_value, goals, met, informative, learners`.
        `hazard_ratio` is how many times as likely a goal is met on a given day once the learner has worked on it with
        somebody, with its 95 % interval and the p-value of no difference; all missing where there are too few
        `informative` events, those with goals of both sorts at risk. `goals, met, learners` are what it rests on.
        Before these the columns of `by`; after the estimator `kind` and `chosen_by` where a comparison is split.
    coefficients : pandas.DataFrame
        All that was estimated: `estimator, term, coefficient, standard_error, low, high, p_value`, log ratios.
    curves : pandas.DataFrame
        `exposure, days, at_risk, share_met, low, high`: the share of goals met since a landmark, the first day with
        at least 10 goals of either sort at risk: `personalised`, while they were; `collaborative`, as the same goals
        would have been met by the ratio of the headline, with its interval. Empty where there is no ratio.
    caveats : tuple of str
        What the reader has to know, in plain sentences; also why an estimator has no ratio.
    cannot_tell : tuple of str
        Why this log cannot tell, where a check has found that the ratio may be made by how the log was written; to be
        said in place of the ratio. Also in `table.attrs["cannot_tell"]`.
    made : dict
        How it was made: the `arguments` of `compare`, the first and the last day of the `log`, the `version` of
        reflectlab, and the `date` of today.
    """

    table: pd.DataFrame
    coefficients: pd.DataFrame
    curves: pd.DataFrame
    caveats: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    made: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """What a report says: the headline in figures, or why there is none; a sentence for each group."""
        return " ".join([*self.cannot_tell, *(_reported(row) for row in _headlines(self.table, self.cannot_tell))])

    def __repr__(self) -> str:
        table = _readable(self.table).to_string(index=False)
        caveats = "\n".join(f"- {caveat}" for caveat in self.caveats)
        return "\n".join([f"Comparison: {_QUESTION}", *self.cannot_tell, table, caveats, _made(self.made)])

    def _repr_html_(self) -> str:
        doubts = "".join(f"<p><strong>{escape(doubt)}</strong></p>" for doubt in self.cannot_tell)
        items = "".join(f"<li>{escape(caveat)}</li>" for caveat in self.caveats)
        table = _readable(self.table).to_html(index=False, border=0, escape=True)
        made = f"<p><small>{escape(_made(self.made))}</small></p>"
        return f"<strong>{_QUESTION.capitalize()}</strong>{doubts}{table}<ul>{items}</ul>{made}"


def compare(
    log: ProgressLog,
    adjust: By = (),
    by: By | None = None,
    *,
    kinds: bool = False,
    chosen: bool = False,
    exposure: str = "first",
    unit: str = "school_days",
) -> Comparison:
    """Compare how soon goals are met before and after the learner has worked on them with somebody.

    Parameters
    ----------
    log : ProgressLog
    adjust : str or sequence of str
        Columns of learners or goals to adjust for, in the headline and between learners; words become categories.
    by : str or sequence of str, optional
        Make a comparison for each group: `class_id`, `strand`, any attribute of the learners.
    kinds : bool
        Split working together by what the first time was: `shared_goal`, `sought_support` or `other`.
    chosen : bool
        Split it by who chose that first time: `learner`, `teacher` or `not noted`.
    exposure : {"first", "recent", "dose"}
        What is meant by worked on together: `first`, from the first time on; `recent`, for five days after each time;
        `dose`, how often so far, and the ratio is that of each further time. Other than `first` there are ratios
        within learners only, and no curves.
    unit : {"school_days", "days"}
        What time is counted in.

    Returns
    -------
    Comparison

    Raises
    ------
    ArgumentError
        If a column or the unit is unknown.

    See Also
    --------
    to_counting_process : the rows that the models are fitted to.
    sensitivity : how far the answer could be wrong.
    landmark : the same question for readers who do not know hazard ratios.

    Notes
    -----
    Goals with collaboration cannot be set against goals without: a goal that takes long has more time to be worked on
    together, so that working together looks harmful (immortal-time bias [2]_). Here a goal counts as personalised
    until the first episode on it and as collaborative from then on.

    *within learners, adjusted for the goal*, the headline, is Cox's model stratified by learner [1]_: each child's
    goals are compared with the same child's others, and all that is stable about a child cancels. It has an effect for
    each goal, from a normal distribution whose variance is found [4]_, since hard goals take long and may gather
    company; with 100 informative events or more also the goal's own rate of company (its log: (k + 1) / (d + 1 / r),
    for k spells that became collaborative in d days on one's own, r being all k over all d) and when the goal was
    begun (its place in the term, and the square); and `adjust`. Goals whose beginning nobody noted are left out of it
    where at least half are noted. Ties as Efron has them, errors from the information. In R: `coxph(Surv(start, stop,
    met) ~ collaborative + company_rate + poly(begun, 2) + frailty(goal_id, dist = "gauss", sparse = FALSE) +
    strata(learner_id))`.

    *within learners* is the same without goals allowed for. *between learners* compares all goals, adjusted for
    `adjust`, with the errors of Lin and Wei [3]_ by learner; differences between children that are not adjusted for
    stay in it. *naive* takes "ever worked on together" as fixed, and is shown to be warned against.

    An interval holds if, given the child, the goal, when it was begun and how long it has been under way, what makes a
    child meet it sooner does not also make them seek company, if what happened is written down as it happened, and if
    the ratio is the same at all times: see `sensitivity`. Where a check goes past its threshold, `cannot_tell` says so
    in place of the ratio.

    References
    ----------
    .. [1] Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34,
       187-220. Within learners: Allison, P. D. (2009). Fixed Effects Regression Models. Sage.
    .. [2] Suissa, S. (2008). Immortal time bias in pharmacoepidemiology. American Journal of Epidemiology 167,
       492-499.
    .. [3] Lin, D. Y. and Wei, L. J. (1989). The robust inference for the Cox proportional hazards model. Journal of
       the American Statistical Association 84, 1074-1078.
    .. [4] Ripatti, S. and Palmgren, J. (2000). Estimation of multivariate frailty models using penalized partial
       likelihood. Biometrics 56, 1016-1022.

    Examples
    --------
    >>> import reflectlab
    >>> found = compare(reflectlab.simulate(hazard_ratio=2, seed=5))
    >>> found.table.set_index("estimator")["hazard_ratio"].round(1).to_dict()
    {'within learners, adjusted for the goal': 2.4, 'within learners': 2.5, 'between learners': 2.0, 'naive': 0.7}
    """
    columns, groups = _names(adjust), _names(by or ())
    _, _, schema = grouping(log, groups)
    grouping(log, columns, "adjust")
    one_of("exposure", exposure, EXPOSURES)
    if exposure != "first" and (kinds or chosen):
        raise ArgumentError("`kinds` and `chosen` split the first time together: leave them out, or `exposure`.")
    seen = seen_goals(log, unit, list(dict.fromkeys([*groups, *columns])))
    splits = [split for split, wanted in (("kind", kinds), ("chosen_by", chosen)) if wanted]
    asked = Asked(log, columns, splits, unit, exposure, stuck_events(log, unit))
    parts = [part_of(asked, key, frame) for key, frame in _parted(under_way(seen), groups)]
    table_schema = {**schema, "estimator": "str", **dict.fromkeys(splits, "str"), **TABLE}
    ratios = [_ratios(part.found[""][0]) if exposure == "first" else None for part in parts]
    drawn = [curves(part.goals, each).assign(**part.key) for part, each in zip(parts, ratios, strict=True)]
    table = _stacked([_table(part, splits) for part in parts], table_schema)
    doubts = tuple(doubt for part in parts for doubt in cannot_tell(part))
    table.attrs["cannot_tell"] = list(doubts)
    arguments = {"adjust": columns, "by": groups, "kinds": kinds, "chosen": chosen, "exposure": exposure, "unit": unit}
    return Comparison(
        table=table,
        coefficients=_stacked([_coefficients(part) for part in parts], {**schema, **COEFFICIENTS}),
        curves=_stacked(drawn, {**schema, **CURVES}),
        caveats=caveats(log, seen, parts, columns, unit=unit, drawn=any(map(len, drawn))),
        cannot_tell=doubts,
        made={
            "arguments": arguments,
            "log": (log.first_day, log.last_day),
            "version": version("reflectlab"),
            "date": date.today(),
        },
    )


def _headlines(table: pd.DataFrame, doubts: tuple[str, ...]) -> list[dict[Hashable, Any]]:
    """Return the rows of the headline of which there is no doubt."""
    rows = table[table["estimator"] == HEADLINE]
    for split in ("kind", "chosen_by"):
        rows = rows[rows[split] == ANY] if split in rows else rows
    return [row for row in rows.to_dict("records") if not any(doubt.startswith(_group(row)) for doubt in doubts)]


def _group(row: Mapping[Hashable, Any]) -> str:
    """Return which group a row is of, as sentences begin that are of it."""
    of = ", ".join(str(value) for name, value in row.items() if name not in (*TABLE, "kind", "chosen_by"))
    return f"{of}: " if of else ""


def _reported(row: Mapping[Hashable, Any]) -> str:
    rests = f"{row['learners']} learners, {row['met']} of {row['goals']} goals met, {row['informative']} informative"
    if np.isnan(row["hazard_ratio"]):
        return f"{_group(row)}No ratio can be given ({rests})."
    return (
        f"{_group(row)}Once a learner had worked on a goal with somebody, they were {row['hazard_ratio']:.2f} times as "
        f"likely to meet it on a given day as with their own other goals, which goals these were allowed for (95 % "
        f"interval {row['low']:.2f} to {row['high']:.2f}; {rests})."
    )


def _made(made: Mapping[str, Any]) -> str:
    """Say how a comparison was made."""
    given = ", ".join(f"{name}={value!r}" for name, value in made["arguments"].items() if value)
    first, last = made["log"]
    return f"compare({given}) of a log from {first} to {last}; reflectlab {made['version']}."


def _names(given: By) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _parted(goals: pd.DataFrame, groups: list[str]) -> list[tuple[dict[str, Any], pd.DataFrame]]:
    if not groups:
        return [({}, goals)]
    parts = goals.groupby(groups, dropna=False, sort=True)
    return [({name: part[name].iloc[0] for name in groups}, part.reset_index(drop=True)) for _, part in parts]


def _ratios(main: Estimate) -> tuple[float, float, float] | None:
    """Return the ratio of the headline with its interval."""
    if main.reason:
        return None
    low, ratio, high = (float(np.exp(main.coefficient + far * Z * main.error)) for far in (-1, 0, 1))
    return ratio, low, high


def _table(part: Part, splits: list[str]) -> pd.DataFrame:
    rows = []
    for split, estimates in part.found.items():
        for each in estimates:
            of = {name: each.exposure if name == split else ANY for name in splits}
            rows.append({**part.key, **of, **_ratio(each)})
    return pd.DataFrame(rows)


def _ratio(each: Estimate) -> dict[str, Any]:
    low, high, p_value = _wald(each.coefficient, each.error)
    return {
        "estimator": each.estimator,
        "hazard_ratio": np.exp(each.coefficient),
        "low": np.exp(low),
        "high": np.exp(high),
        "p_value": p_value,
        "goals": each.goals,
        "met": each.met,
        "informative": each.informative,
        "learners": each.learners,
    }


def _coefficients(part: Part) -> pd.DataFrame:
    rows = []
    for each in (each for estimates in part.found.values() for each in estimates):
        for term, value, error in each.terms:
            low, high, p_value = _wald(value, error)
            told = (each.estimator, term, value, error, low, high, p_value)
            rows.append({**part.key, **dict(zip(COEFFICIENTS, told, strict=True))})
    return pd.DataFrame(rows, columns=[*part.key, *COEFFICIENTS])


def _wald(value: float, error: float) -> tuple[float, float, float]:
    """Return the 95 % interval and the p-value of 0."""
    return value - Z * error, value + Z * error, erfc(abs(value / error) / sqrt(2))


def _stacked(frames: list[pd.DataFrame], schema: Schema) -> pd.DataFrame:
    some = [frame for frame in frames if len(frame)]
    return typed(pd.concat(some, ignore_index=True) if some else pd.DataFrame(columns=list(schema)), schema)


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table to be read: ratios with two digits, and a dash where there is none."""
    ratios = {name: [_written(value, "{:.2f}") for value in table[name]] for name in ("hazard_ratio", "low", "high")}
    chances = ["< 0.001" if value < 0.001 else _written(value, "{:.3f}") for value in table["p_value"]]
    return table.assign(**ratios, p_value=chances)


def _written(value: float, form: str) -> str:
    return "–" if np.isnan(value) else form.format(value)
