"""What can go wrong, said so that it can be put right.

Every error of the package is a `ReflectLabError`. A message names the thing, what was expected, what was
found and what to do.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

_JOINERS = "\u200c\u200d"
"""Signs that are not seen and that some scripts need to be written right."""


def harmless(text: str, kept: str = "") -> str:
    """Return a text in which nothing steers a terminal, or turns round the way in which it is read.

    What would is a blank, but for the signs that are to be `kept`.

    >>> harmless("\x1b[31mBen\u202e\x9b"), harmless("one\\ntwo", kept="\\n")
    (' [31mBen  ', 'one\\ntwo')
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign in kept or sign in _JOINERS or unicodedata.category(sign)[0] not in "CZ" else " " for sign in text
    )


class ReflectLabError(Exception):
    """The base of every error that reflectlab raises on purpose."""


class NotALogError(ReflectLabError):
    """The file cannot be read, or is not a log of a kind we know.

    Attributes
    ----------
    problems : pandas.DataFrame or None
        Where not one row could be used, what was wrong with each, in the form of `ProgressLog.problems`.
    listed : sequence of Problem
        The same, in the form of `ProgressLog.problem_list`.
    loads_with : mapping of str to Any
        Where no reader knows the file, the arguments of `load` that do load it; empty where none were found.
    """

    def __init__(
        self,
        message: str,
        problems: Any = None,
        problem_list: Sequence[Any] = (),
        loads_with: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.problems, self.problem_list = problems, problem_list
        self.loads_with = loads_with or {}


class MissingColumnError(ReflectLabError):
    """A table lacks a column that it needs."""


class ArgumentError(ReflectLabError, ValueError):
    """An argument has a value that is not allowed.

    Parameters
    ----------
    message : str
        What is wrong; where an argument is named, as what is said of it: `must be text; got 3.`.
    argument : str, optional

    Attributes
    ----------
    argument : str or None
        The argument that is wrong.
    predicate : str
        What is wrong with it, for those who call it otherwise, as a command its option.

    Examples
    --------
    >>> error = ArgumentError("must be text; got 3.", "tz")
    >>> print(error, error.argument)
    `tz` must be text; got 3. tz
    """

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(f"`{argument}` {message}" if argument else message)
        self.predicate, self.argument = message, argument


class AmbiguousDateError(ReflectLabError):
    """Dates such as 03/04 can be read in two ways and nothing in the file decides.

    Attributes
    ----------
    argument : str or None
        The argument of `load` that decides: `dayfirst`, `year` or `date_format`.
    """

    def __init__(self, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument


class TooLargeError(ReflectLabError):
    """A table is too large to be collected into pandas."""


class StrictError(ReflectLabError):
    """Rows had to be left out, and `strict=True` asked for none to be.

    Attributes
    ----------
    problems : pandas.DataFrame
        What was wrong, in the form of `ProgressLog.problems`.
    """

    def __init__(self, message: str, problems: Any = None) -> None:
        super().__init__(message)
        self.problems = problems


class MissingDependencyError(ReflectLabError, ImportError):
    """An optional library is needed and not installed."""


class ExistsError(ReflectLabError, FileExistsError):
    """A file is in the way, and nothing of yours is overwritten without asking."""


def likely(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `word` was probably meant to be.

    Parameters
    ----------
    word : str
        What was written.
    candidates : iterable of str
        What could have been meant.

    Returns
    -------
    str or None
        The nearest candidate, or None where none is near.

    Examples
    --------
    >>> likely("achived", ["achieved", "started"])
    'achieved'
    >>> likely("banana", ["achieved", "started"]) is None
    True
    """
    plain = word.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    possible = [one for one in by_folded if _may_be_near(plain, one)]
    near = difflib.get_close_matches(plain, possible, n=1, cutoff=_ALIKE) if possible else []
    return by_folded[near[0]] if near else None


_ALIKE = 0.66
"""The share of letters in common, as difflib counts it, from which one word may be meant by another."""


def _may_be_near(word: str, other: str) -> bool:
    """Tell by the letters alone whether two words can be alike: most cannot, and difflib is slow to say so."""
    mine, theirs = _letters(word), _letters(other)
    common = min(len(word) - (mine & ~theirs).bit_count(), len(other) - (theirs & ~mine).bit_count())
    return 2 * common >= _ALIKE * (len(word) + len(other))


@lru_cache(maxsize=4096)
def _letters(word: str) -> int:
    """Return a bit for each letter of a word; some letters share one, which only lets more words through."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return a sentence with the likely meaning of `word`, or an empty text.

    Examples
    --------
    >>> did_you_mean("leaner", ["learner", "goal"])
    'Did you mean "learner"?'
    """
    return perhaps(likely(word, candidates))


def perhaps(suggestion: str | None) -> str:
    """Return the sentence that a suggestion is made in, or an empty text where there is none.

    Examples
    --------
    >>> perhaps("learner")
    'Did you mean "learner"?'
    """
    return f'Did you mean "{suggestion}"?' if suggestion else ""


def one_of(argument: str, value: Any, allowed: Iterable[Any], *, where: str = "") -> None:
    """Raise `ArgumentError` unless `value` is one of `allowed`; `where` says in what part of the argument it is.

    Examples
    --------
    >>> one_of("every", "month", ["week", "term", None])
    Traceback (most recent call last):
        ...
    reflectlab.errors.ArgumentError: `every` must be one of 'week', 'term', None; got 'month'.
    """
    allowed = list(allowed)
    if value not in allowed:
        hint = did_you_mean(value, [a for a in allowed if isinstance(a, str)]) if isinstance(value, str) else ""
        part = f"({where}) " if where else ""
        text = f"{part}must be one of {', '.join(map(repr, allowed))}; got {value!r}. {hint}"
        raise ArgumentError(text.rstrip(), argument)


def need_columns(what: str, present: Iterable[str], needed: Iterable[str]) -> None:
    """Raise `MissingColumnError` unless every needed column is present.

    Examples
    --------
    >>> need_columns("events", ["time", "leaner_id"], ["time", "learner_id"])
    Traceback (most recent call last):
        ...
    reflectlab.errors.MissingColumnError: events has no column "learner_id" (perhaps "leaner_id" is meant for it).
    It has: time, leaner_id.
    """
    present = list(present)
    missing = [column for column in needed if column not in present]
    if not missing:
        return
    named = []
    for column in missing:
        near = likely(column, present)
        named.append(f'"{column}"' + (f' (perhaps "{near}" is meant for it)' if near else ""))
    raise MissingColumnError(f"{what} has no column {', '.join(named)}.\nIt has: {', '.join(present) or 'none'}.")


_LONGEST_NAME = 200
"""How many letters of a path or a name are shown, where nothing else is said."""


def refuse_endless(path: Path) -> None:
    """Raise `NotALogError` where a path leads to a device or a pipe, which may never end.

    Parameters
    ----------
    path : Path

    Examples
    --------
    >>> refuse_endless(Path("README.md"))
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise NotALogError(f"{short(path)} is no file with an end, but a device or a pipe: save it as a file.")


def short(text: str | Path, most: int = _LONGEST_NAME) -> str:
    """Return a path, a name or a value, cut where it is longer than anybody reads.

    >>> short(Path("log.csv")), len(short(Path("x" * 300))), short("Aroha", most=3)
    ('log.csv', 201, 'Aro…')
    """
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[:most]}…"
