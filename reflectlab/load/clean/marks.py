"""Marks in a gradebook: so many points out of so many."""

import re
from collections.abc import Iterable, Mapping, Sequence

_OUT_OF = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/|\bout of\b|\bof\b|\bvon\b|\bsur\b|\bde\b)\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE
)

_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%|points?|pts?|marks?|p)?\.?", re.IGNORECASE)

_FULL = re.compile(
    r"(?:[(\[]|/|\bout of\b|\bmax(?:imum)?\b)\s*(?:max(?:imum)?|out of|/)?[\s:]*"
    r"(\d+(?:[.,]\d+)?)\s*(?:points?|pts?|marks?|p)?\.?\s*[)\]]?",
    re.IGNORECASE,
)
"""What a header says of the full mark: `Essay (20)`, `Quiz /10`, `Test [max 50 points]`."""

_LARGEST_MONTH, _LARGEST_DAY = 12, 31


def share_of(cell: str, full: float | None) -> float | None:
    """Return which share of the full mark a cell tells; missing where it tells none, or none is known to be full.

    >>> share_of("8/20", None), share_of("15", 20.0), share_of("85 %", None), share_of("15", None), share_of("EX", 20.0)
    (0.4, 0.75, 0.85, None, None)
    """
    if found := _OUT_OF.fullmatch(cell.strip()):
        whole = _float(found[2])
        return _float(found[1]) / whole if whole else None
    found = _NUMBER.fullmatch(cell.strip())
    if found and found[2] == "%":
        return _float(found[1]) / 100
    return _float(found[1]) / full if found and full else None


def is_mark(cell: str) -> bool:
    """Tell whether a cell can be a mark: a number, perhaps out of another."""
    return bool(_OUT_OF.fullmatch(cell.strip()) or _NUMBER.fullmatch(cell.strip()))


def full_mark(text: str) -> float | None:
    """Return the full mark that a header, or a cell of a row of full marks, tells.

    >>> full_mark("Essay (20)"), full_mark("Quiz /10"), full_mark("Test [max 50 points]"), full_mark("Essay 2")
    (20.0, 10.0, 50.0, None)
    """
    found = _FULL.search(text)
    return _float(found[1]) if found and _float(found[1]) else None


def points(cell: str) -> float | None:
    """Return the number of a cell of a row of full marks, more than 0."""
    found = _NUMBER.fullmatch(cell.strip())
    return _float(found[1]) or None if found and found[2] != "%" else None


def are_out_of(columns: Mapping[str, Sequence[str]], *, year_known: bool) -> bool:
    """Tell from the filled cells of each goal whether 8/20 is a mark out of something, and not a day of a month.

    It is, if each column has one number below the line, and nobody has more than it; unless all can be days, and the
    year of days without one was said.

    >>> are_out_of({"Essay": ["8/20", "13/20"]}, year_known=True)
    True
    >>> are_out_of({"hook": ["20/7", "27/7"]}, year_known=False)
    False
    """
    pairs = {name: [pair for cell in cells if (pair := _pair(cell))] for name, cells in columns.items()}
    every = [pair for each in pairs.values() for pair in each]
    cells = sum(map(len, columns.values()))
    if not every or len(every) < 0.6 * cells:
        return False
    if any(len({whole for _, whole in each}) > 1 for each in pairs.values()):
        return False
    if sum(part <= whole for part, whole in every) < 0.9 * len(every):
        return False
    return not (year_known and (_all_days(every) or _all_days((whole, part) for part, whole in every)))


def _all_days(pairs: Iterable[tuple[float, float]]) -> bool:
    return all(0 < day <= _LARGEST_DAY and 0 < month <= _LARGEST_MONTH for day, month in pairs)


def _pair(cell: str) -> tuple[float, float] | None:
    found = _OUT_OF.fullmatch(cell.strip())
    return (_float(found[1]), _float(found[2])) if found else None


def _float(text: str) -> float:
    return float(text.replace(",", "."))
