"""What a cell of a grid says beside a day: a tick, a cross, a box, yes or no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ...schema import EVENTS

_TICKS = frozenset({"✓", "✔", "√", "☑", "✅", "🗸", "🗹", "done", "met", "achieved", "passed"})

_YES = frozenset({"1", "true", "yes", "y", "ja", "oui", "si", "sí", "sim"})

_CROSSES = frozenset({"✗", "✘", "✕", "✖", "❌", "❎", "🗷", "☐", "□", "not met", "not yet", "unmet", "not achieved"})

_NO = frozenset({"0", "false", "no", "n", "nein", "non", "nee", "não", "nej"})

_EITHER = frozenset({"x", "×", "☒"})
"""What is a tick where it is the only mark, and none beside one."""

_SURE = _TICKS | _CROSSES | _EITHER


@dataclass(frozen=True)
class Ticks:
    """What the cells of a grid say that are neither blank nor days.

    `meant` is the event of each: `met`, `set` for a goal that is set and not met, what the caller said; None to leave
    it out. `as_ticks` are crosses read as ticks, as they are the only mark; `unclear` those of which nothing tells.
    """

    meant: Mapping[str, str | None]
    as_ticks: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def is_tick(cell: str, *, sure: bool) -> bool:
    """Tell whether a cell says whether a goal is met, and not when; if `sure`, in a sign that is used for little else.

    >>> is_tick("✗", sure=True), is_tick("TRUE", sure=True), is_tick("TRUE", sure=False)
    (True, False, True)
    """
    plain = _plain(cell)
    return plain in _SURE or (not sure and (plain in _YES or plain in _NO))


def ticks_meant(cells: Iterable[str], words: Mapping[str, str | None]) -> Ticks:
    """Say what the marks among the cells of a grid mean; `words` is what the caller says, and goes first.

    >>> ticks_meant(["✓", "x", "20/07/2026"], {}).meant
    {'✓': 'met', 'x': 'set'}
    >>> ticks_meant(["x"], {}).as_ticks
    ('x',)
    """
    given = {_plain(word): meaning for word, meaning in words.items() if meaning is None or meaning in EVENTS}
    written = {cell: _plain(cell) for cell in cells}
    others = {plain for plain in written.values() if plain not in given}
    met = dict.fromkeys(_TICKS | _YES, "met") | dict.fromkeys(_CROSSES | _NO, "set")
    either = sorted(cell for cell, plain in written.items() if plain in _EITHER - given.keys())
    beside_ticks, beside_crosses = bool(others & (_TICKS | _YES)), bool(others & _CROSSES)
    told: dict[str, str | None] = {**met, **dict.fromkeys(_EITHER, "set" if beside_ticks else "met"), **given}
    unclear = either if beside_crosses and not beside_ticks else []
    meant = {cell: told[plain] for cell, plain in written.items() if plain in told and cell not in unclear}
    as_ticks = () if beside_ticks or unclear else tuple(either)
    return Ticks(meant, as_ticks, tuple(unclear))


@lru_cache(maxsize=1 << 12)
def _plain(cell: str) -> str:
    """Return a cell in small letters, without blanks, and without what makes a sign a picture."""
    return " ".join(cell.replace("\ufe0f", "").replace("\ufe0e", "").casefold().split())
