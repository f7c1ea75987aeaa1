"""What a caller says of a file: the arguments of `load`, checked."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import inf
from os import PathLike, fspath
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..errors import ArgumentError, one_of
from ..log import as_day
from ..schema import ABSENT, CHOOSERS, EVENTS, ROLES

STAFF = "staff"
"""What `leave_out` calls those who teach or run a course."""

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
    "due",
    "class_id",
)
"""What a column can be said to hold."""


def in_python(**arguments: Any) -> str:
    """Return how some arguments of `load` are given in Python.

    >>> in_python(words={"S": "met"})
    'load(..., words={"S": "met"})'
    """
    return f"load(..., {', '.join(f'{name}={_literal(value)}' for name, value in arguments.items())})"


def _literal(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(key)}: {_literal(one)}' for key, one in value.items())}}}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        inside = ", ".join(map(_literal, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    return "..." if value is ... else repr(value)


class GivenTerm(NamedTuple):
    """A term as the caller says it."""

    title: str
    start: date
    end: date


@dataclass(frozen=True)
class Options:
    """The arguments of `load` that readers need; their meaning is told there.

    `say` is how a message gives some of them: `in_python`, or as the caller would in a place of another kind.
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
    class_from: str | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    same_goals: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    fill_dates: bool = True
    hidden: bool = True
    terms: tuple[GivenTerm, ...] = ()
    blanks: str | None = None
    met_at: float | None = None
    mapping: bool | str = False
    raise_limits: float = 1
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
        class_from: str | None = None,
        same: Mapping[str, str] | None = None,
        same_goals: Mapping[str, str] | None = None,
        leave_out: str | Iterable[str] | None = None,
        fill_dates: bool = True,
        hidden: bool = True,
        terms: Any = None,
        blanks: str | None = None,
        met_at: float | str | None = None,
        mapping: Any = None,
        raise_limits: float = 1,
        say: Callable[..., str] = in_python,
    ) -> Self:
        """Return the options, or raise `ArgumentError` for the first that is not what it has to be."""
        one_of("dayfirst", dayfirst, [True, False, None])
        one_of("class_from", class_from, ["sheet", "file", None])
        one_of("fill_dates", fill_dates, [True, False])
        one_of("hidden", hidden, [True, False])
        one_of("blanks", blanks, ["set", None])
        return cls(
            format=format,
            columns=_columns(columns or {}),
            headers=_headers(headers or {}),
            words=_words(words or {}),
            date_format=_text("date_format", date_format),
            dayfirst=dayfirst,
            year=_year(year),
            as_of=as_day("as_of", as_of),
            tz=_zone(tz),
            class_from=class_from,
            same=_same("same", {} if same is None else same),
            same_goals=_same("same_goals", {} if same_goals is None else same_goals),
            leave_out=_people(leave_out or ()),
            fill_dates=fill_dates,
            hidden=hidden,
            terms=_terms(terms),
            blanks=blanks,
            met_at=_share(met_at),
            mapping=_mapping(mapping),
            raise_limits=_times(raise_limits),
            say=say,
        )


def _text(argument: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ArgumentError(f"must be text; got {value!r}.", argument)


def _people(people: Any) -> tuple[str, ...]:
    named = (people,) if isinstance(people, str) else tuple(people) if isinstance(people, Iterable) else (people,)
    if all(isinstance(one, str) and one.strip() for one in named):
        return tuple(one.strip() for one in named)
    raise ArgumentError(f'must be "staff", or a list of people; got {people!r}.', "leave_out")


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


def _day(day: Any) -> date:
    known = as_day("terms", day)
    if known is None:
        raise TypeError(day)
    return known


def _terms(terms: Any) -> tuple[GivenTerm, ...]:
    """Return terms as title, start and end; those without a title are called by their number."""
    if terms is None:
        return ()
    try:
        numbered = ((f"Term {number}", pair) for number, pair in enumerate(terms, start=1))
        each = terms.items() if isinstance(terms, Mapping) else numbered
        given = tuple(GivenTerm(str(title), *(_day(day) for day in (start, end))) for title, (start, end) in each)
    except (TypeError, ValueError):
        given = ()
    if not given or any(term.end < term.start for term in given):
        wanted = '[("2026-07-20", "2026-09-25")]'
        raise ArgumentError(f"must be pairs of a first and a last day, such as {wanted}; got {terms!r}.", "terms")
    return given


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


def _times(raise_limits: Any) -> float:
    if isinstance(raise_limits, int | float) and not isinstance(raise_limits, bool) and 1 <= raise_limits < inf:
        return raise_limits
    raise ArgumentError(f"must be a number from 1, such as 10; got {raise_limits!r}.", "raise_limits")


def _same(argument: str, same: Any) -> Mapping[str, str]:
    if not isinstance(same, Mapping) or not all(
        isinstance(text, str) and text.strip() for pair in same.items() for text in pair
    ):
        raise ArgumentError(f'must be a mapping of names such as {{"Ben": "Benjamin Smith"}}; got {same!r}.', argument)
    tidy = {written.strip(): one.strip() for written, one in same.items()}
    for written, one in tidy.items():
        if one in tidy and one != written:
            raise ArgumentError(f'says that "{written}" is "{one}", and that this is another: "{tidy[one]}".', argument)
    return tidy


def _mapping(mapping: Any) -> bool | str:
    if mapping is None or isinstance(mapping, bool):
        return bool(mapping)
    if isinstance(mapping, str | PathLike):
        return fspath(mapping)
    raise ArgumentError(f"must be True, False, or a folder or file of what was kept; got {mapping!r}.", "mapping")


def _zone(tz: Any) -> str:
    try:
        return ZoneInfo(tz).key
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ArgumentError(f"must be a time zone such as 'Pacific/Auckland'; got {tz!r}.", "tz") from None
