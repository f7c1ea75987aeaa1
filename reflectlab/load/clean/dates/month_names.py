"""Months and weekdays in the languages of the world: a date in one of them, said in English.

A name that means one month in one language and another in the next (listopad is October in Croatian and November in
Polish) is read only where the other dates of the column tell the language.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache

from babel import Locale

_LANGUAGES = (
    "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi",
    "fil", "fr", "ga", "gl", "gu", "haw", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ka", "kk", "km", "kn", "lo",
    "lt", "lv", "mi", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn", "pa", "pl", "ps", "pt", "ro", "ru",
    "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "to", "tr", "uk", "ur", "uz", "zu",
)  # fmt: skip

_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_BETWEEN = frozenset(
    {
        "de", "del", "di", "do", "da", "den", "der", "le", "la", "el", "er", "re", "ère", "º", "ª", "°", "г", "года",
        "р", "року", "roku", "r", "il", "på", "d", "o", "os", "ni", "ng",
    }
)  # fmt: skip
"""What stands between the words of a date and says nothing."""

_WORD = re.compile(r"[^\d\s.,/():-]+")

_CHINESE = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]\s*[(（]?\w{0,4}[)）]?")

_LONGEST = 60


def months_in_english(texts: Iterable[str]) -> dict[str, str]:
    """Return dates as they would be written in English: those with months of another language, or of East Asia.

    Others are left out. The texts are those of one column, which tell together what language it is.

    >>> months_in_english(["lundi 20 juillet 2026", "20. März 2026", "2026年7月20日", "20 soon 2026"])
    {'2026年7月20日': '2026-7-20', 'lundi 20 juillet 2026': '20 July 2026', '20. März 2026': '20. March 2026'}
    """
    asked = [text for text in texts if len(text) <= _LONGEST and re.search(r"\d", text)]
    found = {text: said for text in asked if (said := _of_numbers(text))}
    words = {text: one for text in asked if text not in found and (one := _words(text))}
    if not words:
        return found
    languages = _spoken([word for one in words.values() for word in one])
    return found | {text: said for text, one in words.items() if (said := _said(text, one, languages))}


def _of_numbers(text: str) -> str | None:
    parts = _CHINESE.fullmatch(text.strip())
    if parts is None:
        return None
    if parts[1]:
        return f"{parts[1]}-{parts[2]}-{parts[3]}"
    return f"{parts[3]} {_ENGLISH[int(parts[2]) - 1]}" if 1 <= int(parts[2]) <= 12 else None


def _words(text: str) -> list[str]:
    return [plain for word in _WORD.findall(text) if (plain := _plain(word)) not in _BETWEEN]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().strip("'’")


def _spoken(words: Iterable[str]) -> Set[str]:
    """Return the languages that know all these words, months or weekdays; those of a stray word are not asked."""
    known = [{*months_named(word), *weekdays_named(word)} for word in words]
    languages = [set(one) for one in known if one]
    return set.intersection(*languages) if languages else set()


def _said(text: str, words: Iterable[str], languages: Set[str]) -> str | None:
    """Say one date in English; None where a word is not known, or may be one month or another."""
    months = {word: found for word in words if (found := _month(word, languages))}
    weekdays = [word for word in words if weekdays_named(word) and (word not in months or len(months) > 1)]
    months = {word: month for word, month in months.items() if word not in weekdays or len(months) == 1}
    if len(months) != 1 or not {*words} <= {*months, *weekdays}:
        return None
    (word, month), *_ = months.items()
    said = _WORD.sub(lambda found: _ENGLISH[month - 1] if _plain(found[0]) == word else "", text)
    return " ".join(said.split()).strip(" ,./-")


def _month(word: str, languages: Set[str]) -> int | None:
    """Return the one month that a word means, in the language of the column or else in any."""
    named = months_named(word)
    told = {month for language, month in named.items() if language in languages} or {*named.values()}
    return next(iter(told)) if len(told) == 1 else None


def months_named(word: str) -> Mapping[str, int]:
    """Return the languages in which a word is the name of a month, and which."""
    return _names()[0].get(word, {})


def weekdays_named(word: str) -> Mapping[str, int]:
    """Return the languages in which a word is the name of a weekday, and which."""
    return _names()[1].get(word, {})


@lru_cache(maxsize=1)
def _names() -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]:
    months: dict[str, dict[str, int]] = {}
    weekdays: dict[str, dict[str, int]] = {}
    for language in _LANGUAGES:
        locale = Locale(language)
        for names, told in ((months, locale.months), (weekdays, locale.days)):
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    for number, name in told[context][width].items():
                        for spelling in _spellings(name):
                            names.setdefault(spelling, {})[language] = number
    return months, weekdays


def _spellings(name: str) -> set[str]:
    """Return a name and, where that is plain, the name without its accents; none for a number."""
    plain = _plain(name).strip(".")
    if len(plain) < 2 or " " in plain or any(letter.isdigit() for letter in plain):
        return set()
    bare = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return {plain, bare} if bare.isascii() else {plain}
