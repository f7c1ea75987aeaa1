"""Names and goals that look alike: remarked on where it is likely that two are one, and never made one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from ...problems import Problem
from .screen import LARGEST_REMARKS

_RARE, _TIMES = 2, 3
"""A name is a slip of another only if it stands this often at most, or the other so many times as often."""

_WORD = 2
"""How many letters each of two words has that differ in one: initials do not look alike."""

_NUMBERED = 4
"""How many letters a text with digits has beside them: what has fewer is a number, and numbers do not look alike."""

_ASCII = {code: " " for code in range(128) if unicodedata.category(chr(code))[0] in "PZC"} | {ord("'"): None}
"""What becomes of the plain signs, so that a name without others is read at once."""

_LAST_FIRST = re.compile(r"([^,]+),\s*([^,]+)")

Called = Mapping[str, tuple[str, str | None]]
"""The name and the class of ids that are no names."""


def similar_learners(happened: Iterable[pl.DataFrame], called: Called) -> list[Problem]:
    """Return a remark on each name in events and collaborations that is probably another one of the same class."""
    rows = pl.concat([frame.select("learner_id", "row", "file", "sheet") for frame in happened], how="vertical_relaxed")
    found = _alike_by_class(rows["learner_id"], called)
    hint = "If they are one, write the name alike everywhere, or join the two: `same`."
    return _remarks(rows, found, "learner_id", "similar_names", "may be one and the same child; they are two", hint)


def similar_goals(happened: Iterable[pl.DataFrame]) -> list[Problem]:
    """Return a remark on each goal in events and collaborations that is probably another one, written otherwise."""
    frames = [frame for frame in happened if "goal_id" in frame.columns]
    if not frames:
        return []
    rows = pl.concat([frame.select("goal_id", "row", "file", "sheet") for frame in frames], how="vertical_relaxed")
    counts = _counts(rows["goal_id"])
    found = {other: (one, counts[other], counts[one]) for other, one in alike(counts).items()}
    hint = "If they are one, write the goal alike everywhere."
    return _remarks(rows, found, "goal_id", "similar_goals", "may be one and the same goal; they are two", hint)


_Found = Mapping[str, tuple[str, int, int]]


def _alike_by_class(ids: pl.Series, called: Called) -> _Found:
    """Return the ids that are probably another one, that other, and how often each stands."""
    counts = _counts(ids)
    rooms: dict[str | None, dict[str, str]] = {}
    for one in counts:
        name, room = called.get(one, (one, None))
        rooms.setdefault(room, {})[name] = one
    found = {}
    for names in rooms.values():
        for other, usual in alike({name: counts[one] for name, one in names.items()}).items():
            found[names[other]] = names[usual], counts[names[other]], counts[names[usual]]
    return found


def _counts(texts: pl.Series) -> dict[str, int]:
    return dict(texts.drop_nulls().value_counts(sort=True).iter_rows())


def _remarks(rows: pl.DataFrame, found: _Found, column: str, code: str, said: str, hint: str) -> list[Problem]:
    if not found:
        return []
    first = rows.filter(pl.col(column).is_in(list(found))).unique(column, keep="first", maintain_order=True)
    problems = []
    for other, row, file, sheet in first.head(LARGEST_REMARKS).iter_rows():
        usual, seldom, often = found[other]
        text = f'"{other}" ({_times(seldom)}) and "{usual}" ({_times(often)}) {said} in the log.'
        more = f" So it is with {first.height:,} of them." if first.height > LARGEST_REMARKS else ""
        problems.append(Problem(code, text + more, hint, file, sheet, row, column, other))
    return problems


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def alike(counts: Mapping[str, int]) -> dict[str, str]:
    """Return the names that are probably another one, and which, from how often each name stands.

    They differ only in capitals, accents, blanks and signs, or in which name comes first; or one letter of a name that
    is rare beside the other is another one, is missing or too much, or has changed places with the next.

    >>> alike({"Zoë": 9, "Zoe": 4, "Anna Smith": 10, "Anna Smit": 1, "Ben": 50, "Bem": 2, "Child 1": 9, "Child 2": 1})
    {'Zoe': 'Zoë', 'Bem': 'Ben', 'Anna Smit': 'Anna Smith'}
    """
    found: dict[str, str] = {}
    usual: dict[str, str] = {}
    likely = _without_numbers(pl.Series([*counts], dtype=pl.String))
    words = {name: _words(_first_last(name)) for name in sorted(likely, key=lambda name: -counts[name])}
    for name, parts in words.items():
        letters = "".join(parts)
        first = usual.setdefault(letters, name)
        if first != name and letters:
            found[name] = first
    return found | _slips({name: parts for name, parts in words.items() if name not in found}, counts)


def _without_numbers(names: pl.Series) -> list[str]:
    """Leave out what is a number, such as L007, and the same as no other: there may be many, and none is a slip."""
    plain = names.str.contains(r"^[ -~]*[0-9][ -~]*$") & (names.str.count_matches("[A-Za-z]") < _NUMBERED)
    if not plain.any():
        return names.to_list()
    alike = names.str.to_lowercase().str.replace_all(r"[\pP\pZ\pC]+", "")
    return names.filter(~plain | alike.is_duplicated()).to_list()


def _first_last(name: str) -> str:
    """Return a name that is written `Last, First` the other way round."""
    found = _LAST_FIRST.fullmatch(name) if "," in name else None
    return f"{found[2]} {found[1]}" if found else name


def _words(name: str) -> list[str]:
    """Return the words of a name without capitals, accents and signs; the vowel signs of other scripts stay."""
    if name.isascii():
        return name.lower().translate(_ASCII).split()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (" " if unicodedata.category(letter)[0] in "PZC" else letter for letter in plain if not _is_accent(letter))
    return "".join(kept).split()


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f" or letter in "'’"


def _slips(words: Mapping[str, Sequence[str]], counts: Mapping[str, int]) -> dict[str, str]:
    """Look each name up among more frequent ones by what is left without one letter, so that no two are compared."""
    known: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for name, parts in words.items():  # the most frequent first
        if _is_a_number(parts):
            continue
        forms = [*_forms(" ".join(parts))]
        near = dict.fromkeys(one for form in forms for one in known.get(form, ()))
        meant = next((one for one in near if _is_rare(counts[name], counts[one]) and is_slip(parts, words[one])), None)
        if meant:
            found[name] = meant
        for form in forms:
            known.setdefault(form, []).append(name)
    return found


def _is_a_number(words: Sequence[str]) -> bool:
    text = "".join(words)
    return not text.isalpha() and sum(map(str.isalpha, text)) < _NUMBERED and any(map(str.isdigit, text))


def _is_rare(seldom: int, often: int) -> bool:
    return seldom <= _RARE or often >= _TIMES * seldom


def _forms(text: str) -> Iterator[str]:
    """Give a text, and it without each of its letters: two that are one slip apart share one of these."""
    yield text
    yield from dict.fromkeys(text[:at] + text[at + 1 :] for at in range(len(text)))


def is_slip(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether in one word one letter is another, is missing or too much, or has changed places with the next.

    >>> is_slip(["aroha"], ["arhoa"]), is_slip(["anna", "s"], ["anna", "t"]), is_slip(["room", "5"], ["room", "6"])
    (True, False, False)
    """
    differ = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(differ) != 1 or min(map(len, differ[0])) < _WORD:
        return False
    short, long = sorted(differ[0], key=len)
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    changed = {*long[at : at + 1], *(short[at : at + 1] if len(short) == len(long) else "")}
    return all(map(str.isalpha, changed)) and _differ_once(short, long, at)


def _differ_once(short: str, long: str, at: int) -> bool:
    """Tell whether two words that are the same up to a letter are the same after it, or after it and the next."""
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped
