"""Who and what is meant: roster, goals and partners; names that look alike."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ...errors import likely
from ...log.checks import UNKNOWN_GOAL, UNKNOWN_LEARNER, Rule
from ...problems import Advice, Problem
from ..files.raw import folded
from .screen import Screen, tidy_name
from .vocabulary import NOBODY

_BETWEEN = re.compile(r"\s*(?:[;&\n]|\band\b)\s*", re.IGNORECASE)

_WITH = re.compile(r"^\s*(?:w/|with\b)\s*", re.IGNORECASE)

_COMMA = re.compile(r"\s*,\s*")


@dataclass(frozen=True)
class Partners:
    """Those whom a cell names: their ids, or what is wrong with it: the code, the message and what to do."""

    ids: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""
    advice: Advice | None = None


@dataclass(frozen=True)
class Directory:
    """The learners of a roster, or the goals of a catalogue: the id of each, and what it is called.

    Attributes
    ----------
    ids, names : sequence of str
        One of each for every entry.
    exact : bool
        Whether capitals count.
    others : sequence of tuple of str
        What else someone is called, and the id.
    """

    ids: Sequence[str]
    names: Sequence[str]
    exact: bool = False
    others: Sequence[tuple[str, str]] = ()

    @cached_property
    def _by_text(self) -> dict[str, str]:
        """Ids by all that stands for exactly one of them; an id goes before a name."""
        return _of_one(self._called) | {one: one for one in self.ids}

    @cached_property
    def _by_folded_text(self) -> dict[str, str]:
        everything = [*self._called, *zip(self.ids, self.ids, strict=True)]
        return {} if self.exact else _of_one((text.casefold(), one) for text, one in everything)

    @property
    def _called(self) -> list[tuple[str, str]]:
        return [*zip(self.names, self.ids, strict=True), *self.others]

    def find(self, text: str) -> str | None:
        """Return the id that a text stands for: an id or a name, capitals or not, if it is the only one."""
        return self._by_text.get(text) or self._by_folded_text.get(text.casefold())

    def likely(self, text: str) -> str | None:
        """Return the name or id that was probably meant by a text that stands for none."""
        return likely(text, [*self.names, *self.ids])


def name_learners(screen: Screen, roster: Directory | None) -> None:
    """Put the id of the roster in the place of each `learner_id`; list who is not on it."""
    _identify(screen, UNKNOWN_LEARNER, roster)


def by_any_name(screen: Screen, roster: Directory | None, *columns: str) -> None:
    """Put the id of the roster in the place of `learner_id`, by the first of some columns that the roster knows."""
    if roster is None:
        return
    texts = {text for column in columns for text in screen.frame[column].unique().to_list() if text}
    found = {text: one for text in texts if (one := roster.find(text)) is not None}
    ids = [pl.col(column).replace_strict(found, return_dtype=pl.String, default=None) for column in columns]
    screen.put(learner_id=pl.coalesce(*ids, "learner_id"))


def name_goals(screen: Screen, catalogue: Directory | None) -> None:
    """Put the id of the catalogue in the place of each `goal_id`, which may be a title; list what is not in it."""
    if screen.has("goal_id"):
        _identify(screen, UNKNOWN_GOAL, catalogue)


def _identify(screen: Screen, rule: Rule, known: Directory | None) -> None:
    if known is None:
        return
    column = rule.column
    found = {value: known.find(value) for value in screen.frame[column].unique().to_list()}
    stranger = [value for value, one in found.items() if one is None and value]
    screen.reject(
        pl.col(column).is_in(stranger),
        rule.code,
        column,
        rule.say,
        lambda value: Advice(rule.hint, known.likely(value)),
    )
    other = {value: one for value, one in found.items() if one is not None and one != value}
    if other:
        screen.put(pl.col(column).replace(other))


def with_partners(screen: Screen, roster: Directory | None, *, exact: bool) -> None:
    """Add `partners`, the ids of those named in `with`; list the rows in which it cannot be told who they are.

    Parameters
    ----------
    screen : Screen
        With `learner_id` (as ids) and `with`.
    roster : Directory or None
    exact : bool
        Whether "ben" is another than "Ben", where there is no roster.
    """
    learners = screen.frame["learner_id"].unique().to_list()
    known = roster or Directory(learners, learners, exact=exact)
    cells = screen.frame["with"].unique().to_list()
    named = {cell: _partners(cell, known, strict=roster is not None) for cell in cells}
    wrong = {cell: partners for cell, partners in named.items() if partners.code}
    for code in dict.fromkeys(str(partners.code) for partners in wrong.values()):
        _list(screen, {cell: partners for cell, partners in wrong.items() if partners.code == code}, code)
    people = pl.DataFrame(
        {"with": cells, "partners": [list(named[cell].ids) for cell in cells]},
        schema={"with": pl.String, "partners": pl.List(pl.String)},
    )
    screen.put(screen.frame.select("with").join(people, on="with", how="left", maintain_order="left")["partners"])
    screen.reject(
        pl.col("partners").list.contains(pl.col("learner_id")),
        "self_collaboration",
        "with",
        lambda value: f'The learner of this row is also named as the one it was with ("{value}").',
        "Name the others only.",
    )


def _list(screen: Screen, wrong: Mapping[str, Partners], code: str) -> None:
    screen.reject(
        pl.col("with").is_in(list(wrong)),
        code,
        "with",
        lambda value: wrong[value].message,
        lambda value: wrong[value].advice or "",
    )


def _partners(cell: str, known: Directory, *, strict: bool) -> Partners:
    """Say whom a cell names. A whole cell may be one name with a comma in it."""
    ids: list[str] = []
    for piece in _pieces(cell, known):
        one = known.find(piece)
        if one is None and (strict or folded(piece) in NOBODY):
            where = "on the roster" if strict else "a learner"
            hint = "Correct it, add the learner to the roster, or leave this cell empty."
            return Partners((), "unknown_learner", f'"{piece}" is not {where}.', Advice(hint, known.likely(piece)))
        ids.append(one or piece)
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        text = f'"{twice}" is named twice in this row.'
        return Partners((), "duplicate_participant", text, Advice("Name each of them once."))
    return Partners(tuple(ids))


def _pieces(cell: str, known: Directory) -> list[str]:
    whole = tidy_name(_WITH.sub("", cell))
    if not whole or known.find(whole):
        return [whole] if whole else []
    found: list[str] = []
    for part in map(tidy_name, _BETWEEN.split(whole)):
        found += [part] if known.find(part) else map(tidy_name, _COMMA.split(part))
    return [piece for piece in found if piece]


_RARE, _TIMES = 2, 5
"""How often a slip stands at most, and how many times as often the name that it may be meant for."""

_LONG, _WORD = 8, 4
"""How many letters a name has in which one may be a slip, and the word of it that differs."""

_ASCII = {code: " " for code in range(128) if unicodedata.category(chr(code))[0] in "PZC"} | {ord("'"): None}
"""What becomes of the plain signs, so that a name without others is read at once."""


def lookalikes(happened: Iterable[pl.DataFrame]) -> list[Problem]:
    """Return a remark on each name in events and collaborations that is probably another one, written otherwise."""
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


def _of_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the id of each text that stands for one only."""
    ids: dict[str, set[str]] = {}
    for text, one in pairs:
        ids.setdefault(text, set()).add(one)
    return {text: next(iter(some)) for text, some in ids.items() if len(some) == 1}


def directory(
    frames: Sequence[pl.DataFrame], key: str, name: str, others: Sequence[tuple[str, str]] = ()
) -> Directory | None:
    """Return the directory of the tables of a kind; None where there are none.

    Parameters
    ----------
    frames : sequence of polars.DataFrame
    key, name : str
        The column of the ids, and the column of what they are called.
    others : sequence of tuple of str
        What else someone is called, and the id.
    """
    if not frames:
        return None
    text = [f.select(pl.col(key, *({name} & {*f.columns})).cast(pl.String)) for f in frames]
    rows = pl.concat([pl.DataFrame(schema={key: pl.String, name: pl.String}), *text], how="diagonal")
    rows = rows.filter(pl.col(key).is_not_null()).unique(key, keep="first", maintain_order=True)
    ids = rows[key].to_list()
    names = [tidy_name(called or one) for called, one in zip(rows[name].to_list(), ids, strict=True)]
    return Directory(ids, names, others=[(tidy_name(text), one) for text, one in others])
