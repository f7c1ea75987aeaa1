"""With how many others learners work, how evenly, and what that would be if they took whoever there was."""

from datetime import date

import narwhals as nw
import pandas as pd

from ...log import Day, ProgressLog
from ...log.frames import Schema, collected, typed
from ...schema import OPEN
from ..episodes import participations
from ..shared import as_of, holds, reported, since_start, with_cannot_tell
from .dyads import classmates_there, standing_then

PARTNER_DIVERSITY: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "episodes": "count?",
    "partners": "count?",
    "partners_by_chance": "rate",
    "effective_partners": "rate",
    "effective_by_chance": "rate",
    "evenness": "rate",
    "only_with": "str",
}

_TIME = ["episode_id", "learner_id"]


def partner_diversity(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return with how many others each learner works, how evenly, and what chance would give.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        One row for each learner who was in the class: `learner_id, class_id`; `episodes` with somebody; `partners`,
        how many others in them; `effective_partners`, how many others worked with equally often would be as diverse;
        `evenness`, `effective_partners / partners`, 1 where all are worked with equally often; `only_with`, the partner
        where there has been just one. `partners_by_chance` and `effective_by_chance` are what would be if in each of
        these episodes the partners had been drawn from whoever was available. Who worked with nobody has no
        `effective_partners`. What the log cannot tell is missing.

    See Also
    --------
    partner_choice : what predicts whom learners turn to.
    network_summary : how a class works together as a whole.

    Notes
    -----
    With :math:`p_j` the share of a learner's times with partner j, `effective_partners` is :math:`1 / \\sum p_j^2`, the
    Hill number of order 2 [1]_, the inverse of Simpson's concentration; divided by `partners` it is Simpson's measure
    of evenness [2]_. An episode of three counts once for each of the other two.

    Available at an episode were the classmates at school that day who, when it began, had the learner's goal open or
    had met it (all who were at school where no goal was noted), and whoever took part. Of a available, m partners are
    drawn without replacement, so that each has a chance of q = m / a, in one episode whatever happened in another.
    Then partner j comes in with a probability of :math:`1 - \\prod (1 - q)`, whose sum is `partners_by_chance`; and j's
    times have the second moment :math:`\\sum q (1 - q) + (\\sum q)^2`, which stands for :math:`n_j^2` in
    `effective_by_chance`: the harmonic mean of what is drawn. Both are closed forms, and nothing is shuffled.

    References
    ----------
    .. [1] Hill, M. O. (1973). Diversity and evenness: a unifying notation and its consequences. Ecology 54, 427-432.
    .. [2] Smith, B. and Wilson, J. B. (1996). A consumer's guide to evenness indices. Oikos 76, 70-82.

    Examples
    --------
    >>> import reflectlab
    >>> found = partner_diversity(reflectlab.example())
    >>> found[["learner_id", "episodes", "partners", "only_with"]].tail(1).to_numpy().tolist()
    [['hemi', 2, 1, 'aroha']]
    """
    day = as_of(log, on)
    taking = _taking_part(log, day)
    drawn = _available(log, taking).merge(_partners(log, taking), on=[*_TIME, "other_id"], how="outer")
    drawn = drawn.fillna({"chosen": 0.0})
    groups = drawn.groupby(_TIME)["chosen"]
    drawn = drawn.assign(chance=groups.transform("sum") / groups.transform("size"))
    figures = _figures(drawn)
    found = _present(log, day).merge(figures, on="learner_id", how="left")
    counts = ["episodes", "partners", "partners_by_chance"]
    found = found.fillna(dict.fromkeys(counts, 0)) if holds(log, "collaborations") else found
    found = found.sort_values(["class_id", "learner_id"])
    return with_cannot_tell(typed(found, PARTNER_DIVERSITY), log, "events", "collaborations")


def _taking_part(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return who took part in what with somebody, on which goal; each goal of one who has two is a row."""
    rows = since_start(log, participations(log, day).filter(nw.col("partners") > 0))
    columns = ["episode_id", "time", "instant", "school_day", "learner_id", "class_id", "goal_id"]
    return collected(reported(log, rows).select(*columns).unique())


def _partners(log: ProgressLog, taking: pd.DataFrame) -> pd.DataFrame:
    """Return with whom each took part."""
    people = collected(log.frame("collaborations").select("episode_id", "learner_id").unique())
    pairs = taking[_TIME].drop_duplicates().merge(people.rename(columns={"learner_id": "other_id"}), on="episode_id")
    return pairs[pairs["learner_id"] != pairs["other_id"]].assign(chosen=1.0)


def _available(log: ProgressLog, taking: pd.DataFrame) -> pd.DataFrame:
    """Return the classmates each could have taken part with."""
    rows = classmates_there(log, taking)
    stood = standing_then(log, rows[rows["goal_id"].notna()])
    rows = rows.merge(stood, on=["episode_id", "goal_id", "other_id"], how="left")
    fits = rows["goal_id"].isna() | rows["_status"].isin([*OPEN, "met"])
    return rows.loc[fits, [*_TIME, "other_id"]].drop_duplicates()


def _figures(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each learner, from whoever was available in each episode, chosen or not."""
    drawn = drawn.assign(_not=1 - drawn["chance"], _spread=drawn["chance"] * (1 - drawn["chance"]))
    pairs = drawn.groupby(["learner_id", "other_id"]).agg(
        times=("chosen", "sum"), expected=("chance", "sum"), never=("_not", "prod"), spread=("_spread", "sum")
    )
    pairs = pairs.assign(
        partner=pairs["times"] > 0,
        comes_in=1 - pairs["never"],
        squared=pairs["times"] ** 2,
        squared_by_chance=pairs["spread"] + pairs["expected"] ** 2,
    )
    sums = pairs.groupby("learner_id").sum()
    effective = sums["times"] ** 2 / sums["squared"]
    only = pairs[pairs["partner"]].reset_index("other_id").groupby("learner_id")["other_id"].first()
    return pd.DataFrame(
        {
            "episodes": drawn.groupby("learner_id")["episode_id"].nunique(),
            "partners": sums["partner"],
            "partners_by_chance": sums["comes_in"],
            "effective_partners": effective,
            "effective_by_chance": sums["times"] ** 2 / sums["squared_by_chance"],
            "evenness": effective / sums["partner"],
            "only_with": only.where(sums["partner"] == 1),
        }
    ).reset_index(names="learner_id")


def _present(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return the learners who were in the class in what is looked at."""
    learners = log.learners
    joined = learners["joined"].isna() | (learners["joined"] <= pd.Timestamp(day))
    left = learners["left"].isna() | (learners["left"] >= pd.Timestamp(log.first_day))
    return learners.loc[joined & left, ["learner_id", "class_id"]]
