"""The language that people read: every word they see is looked up here, in one catalogue for each language.

English is what stands in the code; `locale/<language>/LC_MESSAGES/reflectlab.po` has each message in another language.
Python reads a catalogue the first time that a word of its language is asked for, and English needs none.
"""

import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, reduce
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from .errors import ArgumentError, NotALogError

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages import Message

ENGLISH = "en"

_LOCALE = Path(__file__).parent / "locale"

LANGUAGE = "REFLECTLAB_LANGUAGE"
"""The environment variable that says which language is spoken first."""

_FIELD = re.compile(r"EEEE|EEE|MMMM|MMM|d|y|HH|mm")

_IN_ENGLISH = {"EEEE": "%A", "EEE": "%a", "MMMM": "%B", "MMM": "%b", "y": "%Y", "HH": "%H", "mm": "%M"}

Told = TypeVar("Told")


@dataclass(frozen=True)
class _Spoken:
    """A language: what it is called, its messages, and how it writes days and numbers; English has neither."""

    name: str = ENGLISH
    messages: GNUTranslations | None = None
    locale: "Locale | None" = None


_now: _Spoken | None = None


def languages() -> list[str]:
    """Return the languages that there are catalogues of, by their codes.

    Examples
    --------
    >>> languages()
    ['de', 'en', 'es', 'mi']
    """
    return sorted([ENGLISH, *(place.parent.parent.name for place in _LOCALE.glob("*/LC_MESSAGES/reflectlab.po"))])


def language() -> str:
    """Return the language that is spoken now: what was said last, else the environment's `REFLECTLAB_LANGUAGE`.

    Examples
    --------
    >>> language()
    'en'
    """
    return _spoken().name


class use_language:  # noqa: N801 - it is called as a function is
    """Speak another language: from now on, or within a `with`.

    What people read is in it: the board and its pictures, pages and reports, the sentences of `digest` and `check`.
    The names of columns, codes and options stay as they are. What has been drawn or loaded before stays as it is.

    Parameters
    ----------
    wanted : str
        The code of a language, as `languages` lists them: "de", "mi"; "de_AT" is German. Or the path of a catalogue
        of your own, which ends in `.po`.

    Raises
    ------
    ArgumentError
        If there is no catalogue of that language.

    Examples
    --------
    >>> import reflectlab
    >>> with use_language("de"):
    ...     print(reflectlab.digest(reflectlab.example())["sentence"].iloc[0])
    Aroha hat „Give each idea its own paragraph“ erreicht; Hēmi kommt dabei seit Dienstag, 4. August nicht weiter.
    """

    def __init__(self, wanted: str) -> None:
        global _now
        self._before = _now
        _now = _of(wanted)

    def __enter__(self) -> None:
        """Nothing: the language is spoken already."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Speak again what was spoken before."""
        global _now
        _now = self._before


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken, with values in the place of its names.

    >>> gettext("{name} is stuck", name="Ben")
    'Ben is stuck'
    """
    messages = _spoken().messages
    told = messages.gettext(message) if messages is not None and message else message
    return told.format(**values) if values else told


def ngettext(one: str, several: str, number: int, /, **values: object) -> str:
    """Return a message of one thing or of several, in the language that is spoken; `{number}` is a value too.

    >>> ngettext("{number} goal", "{number} goals", 2)
    '2 goals'
    """
    messages = _spoken().messages
    english = one if number == 1 else several
    told = english if messages is None else messages.ngettext(one, several, int(number))
    return told.format(**{"number": number, **values})


def translatable(told: Told) -> Told:
    """Mark texts that are looked up later, in a mapping or a sequence too: they are put into the catalogue.

    >>> translatable({"met": "met it"})["met"]
    'met it'
    """
    return told


def day_in_words(day: date, pattern: str) -> str:
    """Return a day as the language writes it, in a pattern of Unicode's, which a catalogue may have otherwise.

    >>> day_in_words(date(2026, 8, 3), "EEEE d MMMM y")
    'Monday 3 August 2026'
    """
    locale = _spoken().locale
    if locale is None:
        return _FIELD.sub(lambda field: _english(day, field[0]), pattern)
    from babel.dates import format_date, format_datetime

    form = format_datetime if isinstance(day, datetime) else format_date
    return form(day, gettext(pattern), locale=locale)


def _english(day: date, field: str) -> str:
    return str(day.day) if field == "d" else day.strftime(_IN_ENGLISH[field])


def number_in_words(number: float, digits: int = 0) -> str:
    """Return a number with the marks of the language between its thousands and before its decimals.

    >>> number_in_words(1200), number_in_words(2.25, 1)
    ('1,200', '2.2')
    """
    locale = _spoken().locale
    if locale is None:
        return f"{number:,.{digits}f}" if digits else f"{number:,}"
    from babel.numbers import format_decimal

    return format_decimal(round(number, digits), f"#,##0.{'0' * digits}".rstrip("."), locale=locale)


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number of things in words; in English they have an s behind them where `several` is not given.

    >>> counted(1, "learner"), counted(1200, "goal")
    ('1 learner', '1,200 goals')
    """
    return ngettext(*counting(one, several), number, number=number_in_words(number))


def counting(one: str, several: str = "") -> tuple[str, str]:
    """Return the messages of a number of things, of one and of several.

    >>> counting("learner")
    ('{number} learner', '{number} learners')
    """
    return f"{{number}} {one}", f"{{number}} {several or f'{one}s'}"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence.

    >>> listed(["Aroha", "Ben", "Hēmi"])
    'Aroha, Ben and Hēmi'
    """
    *first, last = names
    return gettext("{names} and {last}", names=", ".join(first), last=last) if first else last


def chained(pattern: str, names: Sequence[str]) -> str:
    """Return names one behind the other, each two of them in a pattern.

    >>> chained("{one} or {other}", ["met", "stuck", "set"])
    'met or stuck or set'
    """
    return reduce(lambda one, other: gettext(pattern, one=one, other=other), names)


def _spoken() -> _Spoken:
    global _now
    if _now is None:
        _now = _of(os.environ.get(LANGUAGE) or ENGLISH)
    return _now


def _of(wanted: str) -> _Spoken:
    if wanted.endswith(".po"):
        return _read(Path(wanted).expanduser(), "")
    known = languages()
    code = next((code for code in (wanted, re.split("[-_.]", wanted)[0].lower()) if code in known), None)
    if code is None:
        raise ArgumentError(
            f"must be one of {', '.join(known)}, or a file that ends in .po; got {wanted!r}.", "language"
        )
    return _Spoken() if code == ENGLISH else _known(code)


@lru_cache
def _known(code: str) -> _Spoken:
    return _read(_LOCALE / code / "LC_MESSAGES" / "reflectlab.po", code)


def _read(file: Path, known_as: str) -> _Spoken:
    """Return the language of a catalogue; what it has no message for, or one with other names in it, is English."""
    from babel import Locale
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    try:
        catalogue = read_po(io.BytesIO(file.read_bytes()), locale=known_as or None)
        for message in list(catalogue):
            if message.id and not same_names(message):
                message.string = "" if isinstance(message.id, str) else ("",) * catalogue.num_plurals
        write_mo(compiled := io.BytesIO(), catalogue)
        messages = GNUTranslations(io.BytesIO(compiled.getvalue()))
    except (OSError, ValueError) as error:
        raise NotALogError(f"{file} cannot be read as a catalogue of messages: {error}.") from error
    name = known_as or str(catalogue.locale_identifier or ENGLISH)
    try:
        locale = Locale.parse(name)
    except (LookupError, ValueError):
        locale = Locale.parse(ENGLISH)
    return _Spoken(name, messages, locale)


def same_names(message: "Message") -> bool:
    """Return whether a message and its translation have the same names for values; true where there is none yet."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    told = [message.string] if isinstance(message.string, str) else list(message.string or ())
    try:
        wanted = [_names(each) for each in ids]
        # In the singular a language may leave the number out, as English does.
        return all(wanted[0] <= _names(each) <= wanted[-1] for each in told if each)
    except ValueError:  # a brace without its other
        return False


def _names(text: str) -> set[tuple[str | None, ...]]:
    """Return the names in a text for values, and how each is written."""
    return {(name, form, how) for _, name, form, how in Formatter().parse(text) if name is not None}
