"""What the names of happenings (verbs of xAPI, events of Caliper) mean: as the caller says, else as is known."""

import re
from collections.abc import Mapping

from ..errors import likely
from ..statuses import EVENTS, ROLES
from .options import Options
from .telling import Unfit
from .wording import left_out

_SCHEME = re.compile(r"https?://(?:www\.)?")
_PARTS = re.compile(r"[/#:]")


class Meanings:
    """What names mean: an event, or the role of who did it.

    Parameters
    ----------
    known : mapping of str to str
        The meaning of names; that of `*/part` holds for every name that ends so.
    options : Options
        Its `words` say what names mean, by whole names or their last part; None leaves such records out.
    column : str
        What the name is called in a record.

    Examples
    --------
    >>> meanings = Meanings({"http://a.org/verbs/met": "met"}, Options(words={"tried": "worked"}), "verb")
    >>> meanings.of("https://www.a.org/verbs/met/"), meanings.of("http://b.org/tried"), meanings.said("http://b.org/tried")
    ('met', 'worked', True)
    """

    def __init__(self, known: Mapping[str, str], options: Options, column: str) -> None:
        self._known = {_plain(name): meaning for name, meaning in known.items()}
        given = options.words.items()
        self._given = {_plain(name): meaning for name, meaning in given if meaning in (None, *EVENTS, *ROLES)}
        self._options, self._column = options, column
        self._found: dict[str, tuple[str | None, bool, bool]] = {}

    def of(self, name: str) -> str:
        """Return what a name means; raise `Unfit` where it means nothing, or is to be left out."""
        if not name:
            text, hint = "This record does not say what happened.", "Nothing needs to be done."
            raise Unfit("missing_event", text, hint, self._column)
        meaning, known, _ = self._look_up(name)
        if not known:
            text = f'"{name}" tells nothing that we know of a learner and a goal.'
            raise Unfit("unknown_word", text, self._hint(name), self._column, name)
        if meaning is None:
            raise Unfit(
                "left_out", left_out(name, self._options), "Give it a meaning to load them.", self._column, name
            )
        return meaning

    def said(self, name: str) -> bool:
        """Tell whether the caller says what a name means."""
        return self._look_up(name)[2]

    def say(self, name: str, meaning: str) -> str:
        """Return how the caller says what a name means."""
        return self._options.say(words={name: meaning})

    def _look_up(self, name: str) -> tuple[str | None, bool, bool]:
        """Return the meaning, whether there is one, and whether it is the caller's."""
        if name not in self._found:
            plain = _plain(name)
            last = _PARTS.split(plain)[-1]
            said = next((word for word in (plain, last) if word in self._given), None)
            known = next((word for word in (plain, f"*/{last}") if word in self._known), None)
            meaning = self._given[said] if said is not None else self._known.get(known or "")
            self._found[name] = meaning, said is not None or known is not None, said is not None
        return self._found[name]

    def _hint(self, name: str) -> str:
        near = likely(_PARTS.split(_plain(name))[-1], {_PARTS.split(word)[-1] for word in (*self._given, *self._known)})
        meant = f'Did you mean "{near}"? ' if near else ""
        return f"{meant}To load such records say what it means: {self.say(name, 'worked')}."


def _plain(name: str) -> str:
    """Return a name without what two spellings of it differ in."""
    return _SCHEME.sub("", name.strip()).rstrip("/").casefold()
