"""Who is who: a learner is a name in a class; ids, names as they are written, and classes where a name needs one."""

import re
from collections.abc import Iterable, Mapping

Child = tuple[str, str | None]
"""A name, and the class that it stands in, where one is told."""

_WITH_CLASS = re.compile(r"(.+) \(([^()]+)\)", re.DOTALL)


def told_apart(children: Iterable[Child]) -> dict[Child, str]:
    """Return the id of each child: the name alone, or with the class where it stands in several.

    Who is named without a class is the child of that name, if there is only one; else a learner without a class. A
    name may be written as such an id.

    Examples
    --------
    >>> told_apart([("Ben", "Room 5"), ("Ben", "Room 6"), ("Zoë", "Room 6"), ("Zoë", None)])
    {('Ben', 'Room 5'): 'Ben (Room 5)', ('Ben', 'Room 6'): 'Ben (Room 6)',
     ('Zoë', 'Room 6'): 'Zoë', ('Zoë', None): 'Zoë'}
    """
    everyone = dict.fromkeys(children)
    meant = {child: _as_an_id(child, everyone) for child in everyone}
    classes: dict[str, set[str]] = {}
    for name, room in meant.values():
        classes.setdefault(name, set()).update([room] if room is not None else [])
    return {child: _id(*meant[child], classes) for child in everyone}


def _as_an_id(child: Child, everyone: Mapping[Child, None]) -> Child:
    """Return the child whose name and class this name spells, if there is one."""
    found = _WITH_CLASS.fullmatch(child[0])
    spelt = (found[1], found[2]) if found else child
    return spelt if spelt in everyone else child


def _id(name: str, room: str | None, classes: Mapping[str, set[str]]) -> str:
    return name if room is None or len(classes[name]) < 2 else f"{name} ({room})"
