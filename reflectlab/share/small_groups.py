"""Groups too small to be shown a figure of: a rate of few children tells about each of them."""

import pandas as pd

from ..errors import ArgumentError, need_columns

LEAST = 10
"""The size of group that is most often the smallest shown in the US (NCES, SLDS Technical Brief 3, 2011-603)."""

_TOLD = ("goals", "met", "dropped", "left_open", "rate", "low", "high")


def hide_small(completion: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Leave out what a completion table says of groups of few learners.

    Parameters
    ----------
    completion : pandas.DataFrame
        What `reflectlab.completion` returned.
    least : int
        The smallest number of learners of whom anything is told.

    Returns
    -------
    pandas.DataFrame
        The same rows; where a group has fewer than `least` learners its counts, its rate and the interval are
        missing. Groups that add up to a total that is shown elsewhere are not protected by this alone.

    Raises
    ------
    ArgumentError
        If `least` is below 1.
    MissingColumnError
        If it is no completion table.

    Examples
    --------
    >>> import reflectlab
    >>> bool(hide_small(reflectlab.completion(reflectlab.example()))["rate"].isna().all())
    True
    """
    if least < 1:
        raise ArgumentError(f"must be at least 1; got {least}.", "least")
    need_columns("the completion table", completion.columns, ("learners", *_TOLD))
    shown = completion["learners"] >= least
    counts = [name for name in (*_TOLD, "learners") if completion[name].dtype == "int64"]
    nullable = completion.astype(dict.fromkeys(counts, "Int64"))
    for name in (*_TOLD, "learners"):
        nullable[name] = nullable[name].where(shown)
    return nullable
