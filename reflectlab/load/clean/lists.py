"""A cell that names several people, taken apart; and how a table writes names, `Last, First` or not."""

import re
from collections.abc import Callable, Iterable, Sequence

from .screen import tidy_name

_BETWEEN = re.compile(r"\s*(?:[;&\n]|\band\b)\s*", re.IGNORECASE)

_WITH = re.compile(r"^\s*(?:w/|with\b)\s*", re.IGNORECASE)
"""What a cell may begin with that names those whom somebody was with."""

_COMMA = re.compile(r"\s*,\s*")

_SEVERAL = re.compile(r"[,/+]")

_SLASH = re.compile(r"\s*[/+]\s*")

MAY_BE_A_LIST = r"(?i)[,;&\n/+]|\band\b"
"""What a cell has, as Polars looks for it, that may name several."""

_ADDRESS = re.compile(r"@|://")

_PLURAL = frozenset({"learners", "students"})
"""Headers, folded, of a column in which several may be named."""

Find = Callable[[str], object]
"""Tells of a name whether someone is known by it."""


def names_in(cell: str, find: Find, *, last_first: bool) -> list[str]:
    """Return the names in a cell.

    Where names are written last name first, what stands on both sides of a comma is one, unless it is known by itself.

    >>> names_in("Aroha, Ben & Zoë", {"Ben"}.__contains__, last_first=False)
    ['Aroha', 'Ben', 'Zoë']
    >>> names_in("Smith, Ben, Lee, Cho; Zoë", {"Zoë"}.__contains__, last_first=True)
    ['Smith, Ben', 'Lee, Cho', 'Zoë']
    """
    whole = tidy_name(_WITH.sub("", cell))
    if not whole or find(whole) or _ADDRESS.search(whole):
        return [whole] if whole else []
    found: list[str] = []
    for part in _parts(whole):
        found += [part] if find(part) else _by_commas(part, find, last_first=last_first)
    return found


def _parts(cell: str) -> list[str]:
    return [part for part in map(tidy_name, _BETWEEN.split(cell)) if part]


def _by_commas(text: str, find: Find, *, last_first: bool) -> list[str]:
    pieces = _pieces(text)
    found, at = [], 0
    while at < len(pieces):
        pair = ", ".join(pieces[at : at + 2])
        is_pair = at + 1 < len(pieces) and (find(pair) or (last_first and not find(pieces[at])))
        found += [pair] if is_pair else _by_slashes(pieces[at], find)
        at += 2 if is_pair else 1
    return found


def _pieces(text: str) -> list[str]:
    return [piece for piece in map(tidy_name, _COMMA.split(text)) if piece]


def _by_slashes(text: str, find: Find) -> list[str]:
    """Take apart what has a slash or a plus between names that are all known."""
    pieces = [tidy_name(piece) for piece in _SLASH.split(text)]
    return pieces if len(pieces) > 1 and all(piece and find(piece) for piece in pieces) else [text]


def alone(cells: Iterable[str]) -> frozenset[str]:
    """Return the names that stand by themselves in some cells, or beside another with no comma between."""
    return frozenset(part for cell in cells for part in _parts(cell) if not _SEVERAL.search(part))


def writes_last_first(cells: Iterable[str], known: frozenset[str], header: str) -> bool:
    """Tell whether the names in a column are written `Last, First`, and no lists of names.

    `known` are names that stand alone somewhere; the header is folded.
    """
    lists = [_pieces(part) for cell in cells for part in _parts(cell) if "," in part]
    if not any(len(pieces) == 2 for pieces in lists):
        return False
    if any(len(pieces) % 2 or known.issuperset(pieces) for pieces in lists):
        return False
    several = header in _PLURAL
    return not (several and known) and not ((several or known) and _stand_on_both_sides(lists))


def _stand_on_both_sides(lists: Sequence[Sequence[str]]) -> bool:
    return not {pieces[0] for pieces in lists}.isdisjoint(piece for pieces in lists for piece in pieces[1:])
