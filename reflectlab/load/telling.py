"""What a record of people and goals (xAPI, Caliper, Open edX) tells, whatever the form in which it is told.

A record is loaded or listed, whole: one that tells an event of four people, and that they were together, is four events
and an episode of four, all with the place of that record; in `log.account` it counts once.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..problems import Problem
from .records import RawRecords, well_formed

Record = Mapping[str, Any]
_LASTING = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")
_ONE_DAY = 24 * 60
_LONGEST = 500


class Person(NamedTuple):
    """A person as a record names them.

    Attributes
    ----------
    system, text : str
        What they are known by, and where: two people may be `7`, each in another system.
    name : str
        What they are called, or nothing.
    """

    system: str
    text: str
    name: str = ""


@dataclass(slots=True)
class Telling:
    """What one record tells.

    Attributes
    ----------
    row : int
        Its place in the file.
    time, goal, title, strand : str
        Title and strand may be empty; so may the goal, where there is no event.
    event : str or None
        What happened to each of `learners` on the goal.
    learners : sequence of Person
    company : sequence of (Person, role or None)
        Those who were together.
    team : str
        What they are called together. Events of one team, goal and day are one episode; records of one team that
        tell no event are one, whenever they are. Without a team the record is an episode by itself.
    minutes : float or None
    chosen_by : str or None
        Who chose that they were together.
    """

    row: int
    time: str
    goal: str = ""
    title: str = ""
    strand: str = ""
    event: str | None = None
    learners: Sequence[Person] = ()
    company: Sequence[tuple[Person, str | None]] = ()
    team: str = ""
    minutes: float | None = None
    chosen_by: str | None = None

    def people(self) -> Iterator[Person]:
        """Yield everyone who is named."""
        yield from self.learners
        yield from (person for person, _ in self.company)


class Unfit(Exception):  # noqa: N818 - no error: it says why a record is listed, and never leaves the reader
    """Why a record cannot be used: a problem without its place."""

    def __init__(self, code: str, message: str, hint: str, column: str | None = None, value: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, shortened(message), shortened(hint)
        self.column, self.value = column, value


@dataclass
class Told:
    """What the records of a file tell, and the problems with those that tell nothing."""

    raw: RawRecords
    tellings: list[Telling] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def people(self) -> Iterator[Person]:
        """Yield everyone who is named."""
        for telling in self.tellings:
            yield from telling.people()


def told_by(raw: RawRecords, tell: Callable[[Record, int], Telling]) -> Told:
    """Take the records of a file one by one.

    Parameters
    ----------
    raw : RawRecords
    tell : callable
        From a record and its row to what it tells; raises `Unfit` where it tells nothing.

    Returns
    -------
    Told
    """
    told = Told(raw)
    for record, row in zip(raw.records, raw.rows, strict=True):
        try:
            told.tellings.append(tell(record, row))
        except Unfit as why:
            value = well_formed(why.value)[:200] or None
            told.problems.append(Problem(why.code, why.message, why.hint, raw.file, None, row, why.column, value))
    return told


def text_of(value: Any) -> str:
    """Return what a value of a record says as text; nothing where it is a list, an object or missing.

    Examples
    --------
    >>> text_of(" 007 "), text_of(7), text_of(None), text_of(["a"])
    ('007', '7', '', '')
    """
    if isinstance(value, str):
        return (value if value.isascii() else well_formed(value)).strip()
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def inside(value: Any, *keys: str) -> Any:
    """Return what stands under keys, one inside the other; None where one of them is not there.

    Examples
    --------
    >>> inside({"verb": {"id": "met"}}, "verb", "id"), inside({"verb": "met"}, "verb", "id")
    ('met', None)
    """
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def shortened(text: str) -> str:
    """Return a sentence that is not longer than one can read: a record can hold names of any length."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and what should stand in one as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def minutes_lasting(duration: Any) -> float | None:
    """Return the minutes of a duration as ISO 8601 has it, up to a day; None for any other.

    Examples
    --------
    >>> minutes_lasting("PT1H30M"), minutes_lasting("PT90S"), minutes_lasting("P3D"), minutes_lasting(5)
    (90.0, 1.5, None, None)
    """
    found = _LASTING.fullmatch(text_of(duration))
    if found is None or found[0] in ("P", "PT", ""):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[:3])
    total = days * _ONE_DAY + hours * 60 + minutes + float((found[4] or "0").replace(",", ".")) / 60
    return total if total <= _ONE_DAY else None
