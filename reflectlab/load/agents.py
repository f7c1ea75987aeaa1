"""Agents and groups of xAPI: what somebody is known by."""

from typing import Any

from .screening import tidy_name
from .telling import Person, Unfit, inside, listed, text_of

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid")


def is_group(agent: Any) -> bool:
    """Tell whether an actor is a group."""
    return inside(agent, "objectType") == "Group" or isinstance(inside(agent, "member"), list)


def people(agent: Any, column: str) -> list[Person]:
    """Return who an actor is: an agent, or the members of a group.

    Parameters
    ----------
    agent : dict
    column : str
        Where it stands in its statement.

    Returns
    -------
    list of Person
        None for a group that is named without its members.
    """
    return members(agent) if is_group(agent) else [_person(agent, column)]


def members(group: Any) -> list[Person]:
    """Return the members of a group, each once."""
    return list(dict.fromkeys(_person(member, "member") for member in listed(inside(group, "member"))))


def _person(agent: Any, column: str) -> Person:
    system, text, name = _identity(agent)
    if not text:
        hint = f"An agent has one of: {', '.join(_IDENTIFIERS)}, account, name."
        raise Unfit("missing_learner", "Somebody in this statement has nothing to be known by.", hint, column)
    return Person(system, text, name)


def _identity(agent: Any) -> tuple[str, str, str]:
    """Return in which system somebody is known, by what, and what they are called."""
    name = tidy_name(text_of(inside(agent, "name")))
    if account := text_of(inside(agent, "account", "name")):
        return text_of(inside(agent, "account", "homePage")) or "account", tidy_name(account), name
    for identifier in _IDENTIFIERS:
        if text := text_of(inside(agent, identifier)):
            return identifier, text.removeprefix("mailto:").lower() if identifier == "mbox" else text, name
    return "name", name, name


def team_name(group: Any) -> str:
    """Return what a group is known by: its own name, or its members."""
    system, text, _ = _identity(group)
    return f"{system} {text}" if text else " + ".join(sorted(" ".join(one[:2]) for one in members(group)))
