"""The learners of a roster, or the goals of a catalogue, found by all that they may be called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from ...errors import ArgumentError, did_you_mean, likely
from .screen import tidy_name

Pair = tuple[str, str]
"""What someone is called, and the id."""


@dataclass(frozen=True)
class Directory:
    """The learners of a roster, or the goals of a catalogue: the id of each, and what it is called.

    `others` are what else someone is called, with the id; `rooms` the class of each. If `exact`, capitals count, and
    only the whole name does; `people` have first names, by which one may be meant who is the only one.
    """

    ids: Sequence[str]
    names: Sequence[str]
    exact: bool = False
    others: Sequence[Pair] = ()
    rooms: Sequence[str | None] = ()
    people: bool = False

    def find(self, text: str, room: str | None = None) -> str | None:
        """Return the id that a text stands for, if it is the only one: in the class, if it tells, else anywhere.

        It is an id or a name, capitals or not; or a first name, perhaps with the initial of the last one, or the last
        name before the first.
        """
        if text in self._ids:
            return text
        return self._place(text, room).find(text)

    def is_short(self, text: str, room: str | None = None) -> bool:
        """Tell whether a text stands for someone by less than the whole name."""
        return text not in self._ids and self._place(text, room).is_short(text)

    def namesakes(self, text: str) -> Sequence[str]:
        """Return the ids of all who are called so, where they are several."""
        return self._everyone.namesakes(text)

    def name_of(self, one: str) -> str:
        """Return what an id is called."""
        return self._name_of.get(one, one)

    def likely(self, text: str) -> str | None:
        """Return the name or id that was probably meant by a text that stands for none."""
        near = likely(text, [*self.names, *self.ids])
        return near if near != text else None

    @property
    def tells_classes(self) -> bool:
        """Whether anyone has a class."""
        return any(self.rooms)

    def _place(self, text: str, room: str | None) -> "_Called":
        """Return those among whom a text is to be looked up: the class, if anyone there is called so."""
        here = self._by_room.get(room) if room else None
        return here if here is not None and here.knows(text) else self._everyone

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(self.ids)

    @cached_property
    def _name_of(self) -> dict[str, str]:
        return dict(zip(self.ids, self.names, strict=True))

    @cached_property
    def _everyone(self) -> "_Called":
        return self._called(self.ids)

    @cached_property
    def _by_room(self) -> dict[str, "_Called"]:
        members: dict[str, list[str]] = {}
        for one, room in zip(self.ids, self.rooms, strict=False):
            if room:
                members.setdefault(room, []).append(one)
        return {room: self._called(ids) for room, ids in members.items()}

    def _called(self, ids: Sequence[str]) -> "_Called":
        some = frozenset(ids)
        named = [(name, one) for name, one in zip(self.names, self.ids, strict=True) if one in some]
        others = [(name, one) for name, one in self.others if one in some]
        if self.exact:
            return _Called([*named, *others], [], [])
        short = [pair for name, one in named for pair in _short_forms(name, one)] if self.people else []
        first = _by_text(short)
        doubtful = [(name.casefold(), one) for name, one in others if {*first.get(name.casefold(), [one])} != {one}]
        whole = [*named, *(pair for pair in others if (pair[0].casefold(), pair[1]) not in doubtful)]
        turned = [pair for name, one in named for pair in _other_orders(name, one)] if self.people else []
        return _Called(whole, [*whole, *turned, *((one, one) for one in ids)], [*short, *doubtful])


@dataclass
class _Called:
    """What some are called: whole names, the same whatever their capitals, and shorter forms of them."""

    whole: Sequence[Pair]
    folded: Sequence[Pair]
    short: Sequence[Pair]
    _seen: dict[str, tuple[str | None, bool]] = field(default_factory=dict)

    def find(self, text: str) -> str | None:
        """Return the only one who is called so."""
        return self._look_up(text)[0]

    def is_short(self, text: str) -> bool:
        """Tell whether this is a shorter form of the name."""
        return self._look_up(text)[1]

    def knows(self, text: str) -> bool:
        """Tell whether anyone is called so."""
        return any(text in ids or text.casefold() in ids for ids in self._tiers)

    def namesakes(self, text: str) -> Sequence[str]:
        """Return all who are called so, where they are several."""
        each = (ids.get(text) or ids.get(text.casefold()) or {} for ids in self._tiers)
        return next((list(some) for some in each if len(some) > 1), [])

    def _look_up(self, text: str) -> tuple[str | None, bool]:
        if text not in self._seen:
            self._seen[text] = self._looked_up(text)
        return self._seen[text]

    def _looked_up(self, text: str) -> tuple[str | None, bool]:
        """Return the one by the first of the tiers that knows anyone: nobody, where it knows several."""
        whole, folded, short = self._tiers
        for ids, form, is_short in ((whole, text, False), (folded, text.casefold(), False), (short, text, True)):
            some = ids.get(form if not is_short else " ".join(text.casefold().replace(".", "").split()))
            if some:
                return (next(iter(some)), is_short) if len(some) == 1 else (None, False)
        return None, False

    @cached_property
    def _tiers(self) -> tuple[dict[str, dict[str, None]], ...]:
        return _by_text(self.whole), _by_text((text.casefold(), one) for text, one in self.folded), _by_text(self.short)


def _by_text(pairs: Iterable[Pair]) -> dict[str, dict[str, None]]:
    ids: dict[str, dict[str, None]] = {}
    for text, one in pairs:
        ids.setdefault(text, {})[one] = None
    return ids


def _short_forms(name: str, one: str) -> Iterator[Pair]:
    """Give the first name, and that with the initial of the last one; without capitals and full stops."""
    for given, family in _given_and_family(name):
        yield given.replace(".", ""), one
        yield f"{given} {family[0]}".replace(".", ""), one


def _other_orders(name: str, one: str) -> Iterator[Pair]:
    """Give the whole name without capitals, as `Last, First` and the other way round."""
    for given, family in _given_and_family(name):
        yield f"{family}, {given}", one
        yield f"{given} {family}", one


def _given_and_family(name: str) -> Iterator[Pair]:
    """Give the two parts of a name; of more than two words, for each place where the last name may begin."""
    last, comma, first = name.casefold().partition(",")
    words = f"{first} {last}".split() if comma else last.split()
    for at in range(1, len(words)):
        yield " ".join(words[:at]), " ".join(words[at:])


def directory(
    frames: Sequence[pl.DataFrame], key: str, name: str, others: Sequence[Pair] = (), *, people: bool = False
) -> Directory | None:
    """Return the directory of the tables of a kind, from their columns of ids and names; None where there are none.

    `others` are as in `Directory`; `people` are learners, of whom each has a class.
    """
    if not frames:
        return None
    columns = (key, name, "class_id") if people else (key, name)
    text = [f.select(pl.col(key, *({*columns[1:]} & {*f.columns})).cast(pl.String)) for f in frames]
    rows = pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *text], how="diagonal")
    rows = rows.filter(pl.col(key).is_not_null()).unique(key, keep="first", maintain_order=True)
    ids = rows[key].to_list()
    names = [tidy_name(called or one) for called, one in zip(rows[name].to_list(), ids, strict=True)]
    rooms = rows["class_id"].to_list() if people else ()
    return Directory(ids, names, others=[(tidy_name(text), one) for text, one in others], rooms=rooms, people=people)


def with_spellings(known: Directory, said: Mapping[str, str], argument: str, where: str) -> list[Pair]:
    """Return what else those in a directory are called, with what the caller says of spellings.

    Raises ArgumentError for this argument of `load` where it names someone, or a goal, who is not there.
    """
    others = [*known.others]
    for written, meant in said.items():
        one = known.find(meant)
        if one is None:
            near = did_you_mean(meant, known.names)
            raise ArgumentError(f'says that "{written}" is "{meant}", {where}. {near}'.rstrip(), argument)
        others.append((written, one))
    return others
