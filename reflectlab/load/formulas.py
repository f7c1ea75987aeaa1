"""Texts that a spreadsheet would take for a formula: an apostrophe before each, and taken off again."""

import re

_SIGNS = "=+@\\-＝＋＠－﹦﹢﹫﹣−"
"""What a formula begins with; a spreadsheet in East Asia takes the wide ones for the same."""

_FORMULA = rf"['\s]*[{_SIGNS}]"

_START = r"(?:^|(?<=[;\t\r\n]))"
"""Where a cell begins: a spreadsheet whose lists are parted by semicolons begins one after each, quoted or not."""

_TO_GUARD = re.compile(rf"{_START}(?={_FORMULA})|^(?='*[\t\r\n])")

_GUARDED = re.compile(rf"{_START}'(?={_FORMULA})|^'(?='*[\t\r\n])")

MAYBE_GUARDED = r"(^|[;\t\r\n])'"
"""What every guarded text has in it, for engines that do not look ahead."""


def guarded(text: str) -> str:
    """Return a text of which no part begins as a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("fine"), guarded("a;=1+1")
    ("'=1+1", 'fine', "a;'=1+1")
    """
    return _TO_GUARD.sub("'", text)


def unguarded(text: str) -> str:
    """Return what was guarded.

    Examples
    --------
    >>> unguarded("a;'=1+1"), unguarded("O'Brien")
    ('a;=1+1', "O'Brien")
    """
    return _GUARDED.sub("", text)
