"""Names that are written almost alike: perhaps one child, whose name was written in two ways. None are made one."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from ..problems import Problem

_RARE, _TIMES = 2, 5
"""How often a slip stands at most, and how many times as often the name that it may be meant for."""

_LONG, _WORD = 8, 4
"""How many letters a name has in which one may be a slip, and the word of it that differs."""

_ASCII = {code: " " for code in range(128) if unicodedata.category(chr(code))[0] in "PZC"} | {ord("'"): None}
"""What becomes of the plain signs, so that a name without others is read at once."""


def lookalikes(happened: Iterable[pl.DataFrame]) -> list[Problem]:
    """Return a remark on each name that is probably another one, written otherwise.

    Parameters
    ----------
    happened : iterable of polars.DataFrame
        Events and collaborations, with `learner_id, row, file, sheet`.
    """
    rows = pl.concat([frame.select("learner_id", "row", "file", "sheet") for frame in happened], how="vertical_relaxed")
    counts = dict(rows["learner_id"].drop_nulls().value_counts(sort=True).iter_rows())
    found = alike(counts)
    if not found:
        return []
    first = rows.filter(pl.col("learner_id").is_in(list(found))).unique("learner_id", keep="first", maintain_order=True)
    problems = []
    for other, row, file, sheet in first.iter_rows():
        told = " and ".join(f'"{name}" ({_times(counts[name])})' for name in (other, found[other]))
        text = f"{told} may be one and the same child; they are two in the log."
        hint = "If they are one, write the name alike everywhere."
        problems.append(Problem("similar_names", text, hint, file, sheet, row, value=other))
    return problems


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def alike(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the names that are probably another one, and which.

    They differ only in capitals, accents, blanks and signs; or the name is long and rare, and one letter of it, or two
    beside one another, are otherwise in a name that is not.

    Parameters
    ----------
    counts : mapping of str to int
        How often each name stands.

    Examples
    --------
    >>> alike({"Zoë": 9, "Zoe": 4, "Anna Smith": 10, "Anna Smit": 1, "Ben": 5, "Bea": 1})
    {'Zoe': 'Zoë', 'Anna Smit': 'Anna Smith'}
    """
    by_count = sorted(counts, key=lambda name: -counts[name])
    found: dict[str, str] = {}
    usual: dict[str, str] = {}
    for name in by_count:
        letters = "".join(_words(name))
        first = usual.setdefault(letters, name)
        if first != name and letters:
            found[name] = first
    return found | _slips({name: counts[name] for name in by_count if name not in found})


def _words(name: str) -> list[str]:
    """Return the words of a name without capitals, accents and signs; the vowel signs of other scripts stay."""
    if name.isascii():
        return name.lower().translate(_ASCII).split()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain if not _is_accent(letter))
    return "".join(kept).split()


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f" or letter in "'’"


def _slips(counts: Mapping[str, int]) -> dict[str, str]:
    """Look each rare name up among the others by what is left without one letter, so that no two are compared."""
    words = {name: _words(name) for name in counts if not any(letter.isdigit() for letter in name)}
    texts = {name: " ".join(parts) for name, parts in words.items() if sum(map(len, parts)) >= _LONG}
    usual: dict[tuple[str, str], str] = {}
    for name, text in texts.items():  # the most frequent first
        if counts[name] >= _TIMES:
            for form in _forms(text, "shorter", "longer"):
                usual.setdefault(form, name)
    found = {}
    for name, text in texts.items():
        near = (usual.get(form) for form in _forms(text, "longer", "shorter")) if counts[name] <= _RARE else ()
        meant = next((one for one in near if one and _is_slip(words[name], words[one])), None)
        if meant and counts[meant] >= _TIMES * counts[name]:
            found[name] = meant
    return found


def _forms(text: str, itself: str, without_one: str) -> Iterator[tuple[str, str]]:
    """Give forms of a text: two texts share one where one letter is another, more or less, or two are swapped."""
    yield itself, text
    for at in range(len(text)):
        without = text[:at] + text[at + 1 :]
        yield without_one, without
        yield f"other at {at}", without
        yield f"swapped at {at}", text[:at] + "".join(sorted(text[at : at + 2])) + text[at + 2 :]


def _is_slip(one: list[str], other: list[str]) -> bool:
    differ = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    return len(one) == len(other) and len(differ) == 1 and min(map(len, differ[0])) >= _WORD
