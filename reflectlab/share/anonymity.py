"""How many share what could tell who somebody is: k-anonymity and l-diversity."""

from collections.abc import Sequence

import pandas as pd

from ..errors import need_columns

LEAST_K, LEAST_L = 5, 2


def k_anonymity(frame: pd.DataFrame, identifying: Sequence[str]) -> int:
    """Return the size of the smallest group of rows that are alike in the columns that could tell who it is [1]_.

    References
    ----------
    .. [1] Sweeney, L. (2002). k-anonymity: a model for protecting privacy. International Journal of Uncertainty,
       Fuzziness and Knowledge-Based Systems 10, 557-570.

    Examples
    --------
    >>> import pandas as pd
    >>> k_anonymity(pd.DataFrame({"year": [4, 4, 5], "name": ["a", "b", "c"]}), ["year"])
    1
    """
    need_columns("the table", frame.columns, identifying)
    if frame.empty:
        return 0
    return int(frame.groupby(list(identifying), dropna=False).size().min()) if identifying else len(frame)


def l_diversity(frame: pd.DataFrame, identifying: Sequence[str], sensitive: str) -> int:
    """Return the least number of values of a sensitive column that a group of alike rows has [1]_.

    References
    ----------
    .. [1] Machanavajjhala, A., Kifer, D., Gehrke, J. and Venkitasubramaniam, M. (2007). l-diversity: privacy beyond
       k-anonymity. ACM Transactions on Knowledge Discovery from Data 1(1), 3.

    Examples
    --------
    >>> import pandas as pd
    >>> l_diversity(pd.DataFrame({"year": [4, 4, 5], "support": ["yes", "no", "no"]}), ["year"], "support")
    1
    """
    need_columns("the table", frame.columns, [*identifying, sensitive])
    if frame.empty:
        return 0
    if not identifying:
        return int(frame[sensitive].nunique(dropna=False))
    return int(frame.groupby(list(identifying), dropna=False)[sensitive].nunique(dropna=False).min())


def made_alike(frame: pd.DataFrame, identifying: Sequence[str], sensitive: Sequence[str]) -> tuple[pd.DataFrame, int]:
    """Blank the identifying columns of rows in groups that are too small or too alike; return how many were.

    Where those that were blanked are too few to hide among one another, the next smallest group joins them.
    """
    if not identifying:
        return frame, 0
    blanked = pd.Series(False, index=frame.index)
    while True:
        trial = frame.copy()
        trial.loc[blanked, list(identifying)] = None
        groups = trial.groupby(list(identifying), dropna=False)
        size = groups["learner"].transform("size")
        poor = size < LEAST_K
        for name in sensitive:
            poor |= groups[name].transform(lambda values: values.nunique(dropna=False)).astype(int) < LEAST_L
        fresh = poor & ~blanked
        if not fresh.any() and poor.any():  # the blanked themselves: take the smallest other group in
            others = size[~blanked]
            fresh = (size == others.min()) & ~blanked if len(others) else fresh
        if not fresh.any():
            return trial, int(blanked.sum())
        blanked |= fresh
