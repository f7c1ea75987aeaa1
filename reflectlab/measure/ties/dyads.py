"""Who turns to whom: each choice of company beside everybody who could have been chosen, and what predicts it."""

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from ...log import ProgressLog
from ...log.frames import Schema, collected, typed
from ...log.tables import days_away
from ...schema import OPEN
from ..comparison.models import cox
from ..episodes import goal_standing, participations
from ..shared import reported
from ..statistics import Floats, Ints, Z
from .network import edges_of

DYADS: Schema = {
    "episode_id": "str",
    "time": "time",
    "learner_id": "str",
    "goal_id": "str",
    "other_id": "str",
    "chosen": "count",
    "goal_open": "count",
    "goal_met": "count",
    "helped_before": "count",
    "together_before": "count",
    "at_risk": "count",
}

PARTNER_CHOICE: Schema = {
    "term": "str",
    "odds_ratio": "rate",
    "low": "rate",
    "high": "rate",
    "p_value": "rate",
    "choices": "count",
    "learners": "count",
}

TERMS = ("goal_open", "goal_met", "helped_before")

FEWEST_CHOICES, FEWEST_LEARNERS = 20, 10
"""Fewer choices or learners than these are not looked at: errors are learned from how learners differ."""


def to_dyads(log: ProgressLog) -> pd.DataFrame:
    """Return every learner who worked with somebody on a goal of theirs, beside each classmate who was there.

    Parameters
    ----------
    log : ProgressLog

    Returns
    -------
    pandas.DataFrame
        One row for each learner with an open goal in an episode and each classmate who was at school: `episode_id`,
        `time`, when it began; `learner_id, goal_id`, whose choice it is; `other_id`, the classmate; `chosen`, 1 if they
        took part. As it stood then: `goal_open` and `goal_met`, 1 if the classmate had the goal open, or had met it;
        `helped_before`, how many episodes there had been in which they supported the learner; `together_before`, how
        many with both of them; `at_risk`, 1 where one of these is more than 0.

    See Also
    --------
    partner_choice : what predicts who is chosen, fitted to these rows.

    Notes
    -----
    Rows like these are what relational event models take [1]_, in R `relevent` or `goldfish`; how they become a
    conditional logit there stands in docs/estimators.md. Who was away all day, had not joined or had left is no
    classmate of that day. A learner in two goals of one episode has rows for each.

    References
    ----------
    .. [1] Butts, C. T. (2008). A relational event framework for social action. Sociological Methodology 38, 155-200.

    Examples
    --------
    >>> import reflectlab
    >>> rows = to_dyads(reflectlab.example())
    >>> rows.loc[rows["chosen"] == 1, ["learner_id", "other_id", "goal_open", "goal_met"]].tail(2).to_numpy().tolist()
    [['hemi', 'aroha', 1, 0], ['hemi', 'aroha', 0, 1]]
    """
    choices, taking_part = _choices(log)
    rows = classmates_there(log, choices)
    stands = standing_then(log, rows)
    key = ["episode_id", "other_id"]
    there = taking_part.rename(columns={"learner_id": "other_id"}).assign(chosen=1)
    rows = rows.merge(stands, on=["episode_id", "goal_id", "other_id"], how="left").merge(there, on=key, how="left")
    helps, meetings = _earlier(log)
    rows = rows.assign(
        chosen=rows["chosen"].fillna(0),
        goal_open=rows["_status"].isin(OPEN).astype(int),
        goal_met=(rows["_status"] == "met").astype(int),
        helped_before=_so_far(helps, rows, ("other_id", "learner_id")),
        together_before=_so_far(meetings, rows, ("other_id", "learner_id")),
    )
    at_risk = rows[["goal_open", "goal_met", "helped_before", "together_before"]].gt(0).any(axis=1)
    rows = rows.assign(at_risk=at_risk.astype(int))
    return typed(rows.sort_values(["time", "episode_id", "learner_id", "goal_id", "other_id"]), DYADS).reset_index(
        drop=True
    )


def partner_choice(log: ProgressLog) -> pd.DataFrame:
    """Return what predicts whom learners work with: having the goal open, having met it, having helped before.

    Parameters
    ----------
    log : ProgressLog

    Returns
    -------
    pandas.DataFrame
        One row a term: `term`; `odds_ratio`, how many times as likely a classmate is chosen, with its 95 % interval and
        p-value; `choices` and `learners`, what it rests on. `goal_open` and `goal_met` are beside classmates with
        neither; where nobody with neither was ever chosen, only classmates with one of them are looked at, and
        `goal_met` is beside `goal_open`. `helped_before` is for each doubling of one and the times that they
        supported the learner. Missing where there are under 20 choices or 10 learners, or no end to what fits.

    Notes
    -----
    A conditional logit by choice [1]_, on the rows of `to_dyads`: of the classmates who were there, one is chosen with
    the odds of their terms; of several in one episode, each beside all who were not. All that belongs to the learner
    or to the day cancels. Errors are those of Lin and Wei by learner. Children who get on choose one another again,
    and who helped before may be chosen for that: `helped_before` is no proof that help leads to help.

    References
    ----------
    .. [1] McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In Zarembka, P. (ed.),
       Frontiers in Econometrics, 105-142. Academic Press.

    Examples
    --------
    >>> import reflectlab
    >>> found = partner_choice(reflectlab.simulate(seed=1))
    >>> found["term"].tolist()
    ['goal_met', 'helped_before']
    """
    rows = to_dyads(log)
    terms = list(TERMS)
    either = (rows["goal_open"] + rows["goal_met"]) > 0
    if not (rows["chosen"].eq(1) & ~either).any():
        rows, terms = rows[either], terms[1:]
    chosen, covariates, cluster = _each_choice(rows, terms)
    number, learners = int(chosen.sum()), len(np.unique(cluster[0]))
    if number < FEWEST_CHOICES or learners < FEWEST_LEARNERS:
        return _told(terms, np.full(len(terms), np.nan), np.full(len(terms), np.nan), number, learners)
    ones = np.ones(len(chosen))
    risk = cox.risk_sets(np.zeros(len(chosen)), ones, chosen == 1, cluster[1])
    fitted = cox.fit(risk, covariates)
    errors = np.sqrt(np.diag(cox.robust_covariance(risk, covariates, fitted, cluster[0])))
    values = np.where(fitted.settled, fitted.coefficients, np.nan)
    return _told(terms, values, np.where(fitted.settled, errors, np.nan), number, learners)


def _choices(log: ProgressLog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who worked with somebody on a goal that they had open, and who took part in what."""
    rows = participations(log, log.last_day).filter(nw.col("partners") > 0)
    taking_part = collected(rows.select("episode_id", "learner_id").unique())
    mine = reported(log, rows).filter(~nw.col("goal_id").is_null() & nw.col("status").is_in(list(OPEN)))
    columns = ["episode_id", "time", "instant", "school_day", "learner_id", "class_id", "goal_id"]
    return collected(mine.select(*columns).unique()), taking_part


def classmates_there(log: ProgressLog, choices: pd.DataFrame) -> pd.DataFrame:
    """Return each choice beside each classmate who was there on that day."""
    people = collected(log.frame("learners").select("learner_id", "class_id", "joined", "left"))
    people = people.rename(columns={"learner_id": "other_id"})
    rows = choices.merge(people, on="class_id")
    day = rows["time"].dt.normalize()
    here = ~(rows["joined"] > day) & ~(rows["left"] < day) & (rows["other_id"] != rows["learner_id"])
    away = days_away(log.frame("absences")).filter(nw.col("away") == 1).select("learner_id", "school_day").collect()
    gone = away.to_pandas().rename(columns={"learner_id": "other_id"}).assign(_gone=1)
    rows = rows[here].drop(columns=["joined", "left"]).merge(gone, on=["other_id", "school_day"], how="left")
    there: pd.DataFrame = rows[rows["_gone"].isna()].drop(columns="_gone")
    return there


def standing_then(log: ProgressLog, rows: pd.DataFrame) -> pd.DataFrame:
    """Return where each classmate stood on the goal when the episode began."""
    asked = rows[["episode_id", "goal_id", "other_id", "instant"]].drop_duplicates()
    there = log.small(asked.rename(columns={"other_id": "learner_id"})).rename({"goal_id": "goal"})
    stood = collected(goal_standing(log, there).select("episode_id", "goal", "learner_id", "status"))
    return stood.rename(columns={"goal": "goal_id", "learner_id": "other_id", "status": "_status"})


def _earlier(log: ProgressLog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the moments at which one supported another, and at which two were together, both ways."""
    edges = collected(edges_of(log, log.last_day).select("episode_id", "source", "target", "kind"))
    begun = collected(participations(log, log.last_day).select("episode_id", "instant").unique())
    edges = edges.merge(begun, on="episode_id").rename(columns={"source": "other_id", "target": "learner_id"})
    turned = edges.rename(columns={"other_id": "learner_id", "learner_id": "other_id"})
    return edges[edges["kind"] == "support"], pd.concat([edges, turned], ignore_index=True)


def _so_far(happened: pd.DataFrame, rows: pd.DataFrame, pair: tuple[str, str]) -> Ints:
    """Count, for each row, what had happened between the two before."""
    columns = list(pair)
    both = pd.concat([happened[columns], rows[columns]], ignore_index=True)
    code = both.groupby(columns, sort=False).ngroup().to_numpy(dtype=np.int64)
    moments, at = pd.concat([happened["instant"], rows["instant"]]).rank(method="dense").to_numpy(), len(happened)
    reach = int(moments.max(initial=0)) + 2
    order = np.sort(code[:at] * reach + moments[:at])
    before = np.searchsorted(order, code[at:] * reach + moments[at:], side="left")
    counts: Ints = before - np.searchsorted(order, code[at:] * reach, side="left")
    return counts


def _each_choice(rows: pd.DataFrame, terms: Sequence[str]) -> tuple[Ints, Floats, tuple[Ints, Ints]]:
    """Set each of those chosen beside all who were not: who is chosen, the terms, and the learner and the choice."""
    rows = rows.assign(_set=rows.groupby(["episode_id", "learner_id", "goal_id"], sort=False).ngroup())
    chosen = rows[rows["chosen"] == 1].reset_index(drop=True).reset_index(names="_choice")
    others = chosen[["_choice", "_set"]].merge(rows[rows["chosen"] == 0], on="_set")
    both = pd.concat([chosen, others], ignore_index=True)
    columns = both[list(terms)].assign(helped_before=np.log2(1 + both["helped_before"])).to_numpy(dtype=float)
    learner = pd.factorize(both["learner_id"])[0]
    return both["chosen"].to_numpy(dtype=np.int64), columns, (learner, both["_choice"].to_numpy(dtype=np.int64))


def _told(terms: Sequence[str], values: Floats, errors: Floats, choices: int, learners: int) -> pd.DataFrame:
    from scipy.stats import norm

    table = pd.DataFrame({"term": list(terms), "odds_ratio": np.exp(values)})
    return typed(
        table.assign(
            low=np.exp(values - Z * errors),
            high=np.exp(values + Z * errors),
            p_value=2 * norm.sf(np.abs(values / errors)),
            choices=choices,
            learners=learners,
        ),
        PARTNER_CHOICE,
    )
