"""What the pictures are given: frames checked, names and titles made mappings, rows made dictionaries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ...errors import ArgumentError, need_columns
from .style import looks_of
from .words import Words


def checked_frame(what: str, frame: Any, columns: Sequence[str], times: Sequence[str] = ()) -> pd.DataFrame:
    """Return a frame that has these columns, with its columns of times as times; raise where it is not such a frame."""
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(f"must be a pandas DataFrame; got {type(frame).__name__}.", what)
    need_columns(what, map(str, frame.columns), columns)
    try:
        return frame.assign(**{column: pd.to_datetime(frame[column]) for column in times})
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"must hold times in {', '.join(times)}: {error}", what) from None


def mapping(what: str, given: Any) -> dict[str, str]:
    """Return a mapping of texts from a mapping, a Series or None; missing values are left out."""
    if given is None:
        return {}
    if not isinstance(given, Mapping | pd.Series):
        raise ArgumentError(f"must be a mapping or a pandas Series; got {type(given).__name__}.", what)
    pairs: list[tuple[Any, Any]] = list(given.items())
    return {str(key): str(value) for key, value in pairs if not pd.isna(value)}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries."""
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def words_of(names: Any, titles: Any, strands: Any, goals: Iterable[Any]) -> Words:
    """Return what everything is called and how it looks, for these goals at least."""
    by_goal = mapping("strands", strands)
    every = {goal: by_goal.get(goal, "") for goal in goals if isinstance(goal, str)}
    return Words(mapping("names", names), mapping("titles", titles), by_goal, looks_of({**by_goal, **every}))


def cannot_tell_sentences(*frames: pd.DataFrame) -> list[str]:
    """Return the sentences in which the measures that made these frames said what the log cannot tell."""
    return list(dict.fromkeys(sentence for frame in frames for sentence in frame.attrs.get("cannot_tell", ())))


def participants(episodes: pd.DataFrame) -> dict[str, list[str]]:
    """Return who took part in each episode."""
    together: dict[str, list[str]] = {}
    for episode, learner in zip(episodes["episode_id"].astype(str), episodes["learner_id"].astype(str), strict=True):
        together.setdefault(episode, []).append(learner)
    return together
