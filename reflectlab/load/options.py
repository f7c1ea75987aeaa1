"""What a caller says of a file: the arguments of `load`, checked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import ArgumentError, one_of
from ..schema import ABSENT, CHOOSERS, EVENTS, ROLES

COLUMN_NAMES = (
    "time",
    "learner_id",
    "goal_id",
    "event",
    "with",
    "role",
    "chosen_by",
    "minutes",
    "note",
    "class_id",
)
"""What a column can be said to hold."""


def in_python(**arguments: Any) -> str:
    """Return how some arguments of `load` are given in Python.

    Examples
    --------
    >>> in_python(words={"S": "met"})
    'load(..., words={"S": "met"})'
    """
    return f"load(..., {', '.join(f'{name}={_literal(value)}' for name, value in arguments.items())})"


def _literal(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(key)}: {_literal(one)}' for key, one in value.items())}}}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return "..." if value is ... else repr(value)


@dataclass(frozen=True)
class Options:
    """The arguments of `load` that readers need; their meaning is told there.

    Attributes
    ----------
    say : callable
        How a message says some of them: `in_python`, or as the caller would give them in a place of another kind.
    """

    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str | None] = field(default_factory=dict)
    date_format: str | None = None
    dayfirst: bool | None = None
    year: int | None = None
    as_of: date | None = None
    tz: str = "UTC"
    blanks: str | None = None
    met_at: float | None = None
    say: Callable[..., str] = in_python

    @classmethod
    def checked(
        cls,
        *,
        format: str | None = None,  # noqa: A002 - as in load
        columns: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        words: Mapping[str, str | None] | None = None,
        date_format: str | None = None,
        dayfirst: bool | None = None,
        year: int | None = None,
        as_of: date | str | None = None,
        tz: str = "UTC",
        blanks: str | None = None,
        met_at: float | str | None = None,
        say: Callable[..., str] = in_python,
    ) -> Self:
        """Return the options, or raise `ArgumentError` for the first that is not what it has to be."""
        one_of("dayfirst", dayfirst, [True, False, None])
        one_of("blanks", blanks, ["set", None])
        return cls(
            format=format,
            columns=_columns(columns or {}),
            headers=_headers(headers or {}),
            words=_words(words or {}),
            date_format=_text("date_format", date_format),
            dayfirst=dayfirst,
            year=_year(year),
            as_of=_day(as_of),
            tz=_zone(tz),
            blanks=blanks,
            met_at=_share(met_at),
            say=say,
        )


def _text(argument: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ArgumentError(f"must be text; got {value!r}.", argument)


def _year(year: Any) -> int | None:
    if year is None or (isinstance(year, int) and 1900 <= year < 2200):
        return year
    raise ArgumentError(f"must be a year such as 2026; got {year!r}.", "year")


def _columns(columns: Any) -> Mapping[str, str]:
    if not isinstance(columns, Mapping):
        raise ArgumentError(f'must be a mapping such as {{"learner_id": "Pupil"}}; got {columns!r}.', "columns")
    for name, header in columns.items():
        one_of("columns", name, COLUMN_NAMES, where="its keys")
        if not isinstance(header, str) or not header:
            raise ArgumentError(f"must name a header for {name!r}; got {header!r}.", "columns")
    return dict(columns)


def _headers(headers: Any) -> Mapping[str, str]:
    if isinstance(headers, Mapping) and all(isinstance(t, str) and t.strip() for pair in headers.items() for t in pair):
        return dict(headers)
    raise ArgumentError(f'must be a mapping of text such as {{"Zeit": "Time"}}; got {headers!r}.', "headers")


def _words(words: Any) -> Mapping[str, str | None]:
    if not isinstance(words, Mapping):
        raise ArgumentError(f'must be a mapping such as {{"S": "met"}}; got {words!r}.', "words")
    for word, meaning in words.items():
        if not isinstance(word, str):
            raise ArgumentError(f"must have text as keys; got {word!r}.", "words")
        one_of("words", meaning, [*EVENTS, *ROLES, ABSENT, *CHOOSERS, None], where="its values")
    return {word.strip(): meaning for word, meaning in words.items()}


def _day(as_of: Any) -> date | None:
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise ArgumentError(f"must be a date such as 2026-07-20; got {as_of!r}.", "as_of") from None


def _share(met_at: Any) -> float | None:
    """Return a share given as a number, or as text such as 0.5 or 50%."""
    share = met_at
    if isinstance(met_at, str):
        try:
            share = float(met_at.strip().removesuffix("%")) / (100 if met_at.strip().endswith("%") else 1)
        except ValueError:
            share = None
    if met_at is None:
        return None
    if not isinstance(share, int | float) or isinstance(share, bool) or not 0 < share <= 1:
        raise ArgumentError(f"must be a share of the full mark such as 0.5 or '50%'; got {met_at!r}.", "met_at")
    return float(share)


def _zone(tz: Any) -> str:
    try:
        return ZoneInfo(tz).key
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ArgumentError(f"must be a time zone such as 'Pacific/Auckland'; got {tz!r}.", "tz") from None
