"""Words and numbers of a table, put as the log has them; a row with one that cannot be understood is listed."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from ...log.checks import BAD_MINUTES
from ...schema import EVENTS, ROLES
from ..files.raw import ROW
from ..options import Options
from .screen import Screen
from .vocabulary import CHOICES, WORDS, meanings, word_hint

_MINUTES = re.compile(r"(\d+(?:[.,]\d+)?(?:e-\d+)?)\s*(?:min(?:ute)?s?|m|')?\.?", re.IGNORECASE)

_HOURS_AND_MINUTES = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")

_HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?\.?(?:\s*(\d{1,2})\s*(?:min(?:ute)?s?|m)?)?", re.IGNORECASE)

_LONGEST = 24 * 60

OTHER_ROLE = {"helper": "seeker", "seeker": "helper", "peer": "peer"}
"""The role of the others, by that of one who was with them."""


def what_happened(screen: Screen) -> dict[str, str]:
    """Return the event or role that each word in `event` means; list the rows with any other."""
    if not screen.has("event"):
        return {}
    return words_meant(screen, "event", WORDS, "unknown_word", "is no word for what happened that we know")


def put_events_and_roles(screen: Screen, meant: Mapping[str, str]) -> None:
    """Put the `event` that each word means in its place, and add the `role` of the learner, and `other_role`.

    Parameters
    ----------
    screen : Screen
        A role in a column of its own goes before one in `event`.
    meant : mapping of str to str
        What the words in `event` mean.
    """
    role = _by_word(screen, "event", {word: one for word, one in meant.items() if one in ROLES})
    if screen.has("role"):
        own = words_meant(screen, "role", {role: WORDS[role] for role in ROLES}, "unknown_role", "is no role")
        role = pl.coalesce(_by_word(screen, "role", own), role)
    event = _by_word(screen, "event", {word: one for word, one in meant.items() if one in EVENTS})
    screen.put(event=event, role=role)
    screen.put(other_role=pl.col("role").replace_strict(OTHER_ROLE, return_dtype=pl.String, default=None))


def choices(screen: Screen, learner: pl.Expr) -> None:
    """Put who chose in the place of each word for it; the name of the `learner` of the row means the learner."""
    if not screen.has("chosen_by"):
        screen.put(chosen_by=pl.lit(None, pl.String))
        return
    own = pl.col("chosen_by").str.strip_chars() == learner
    wrong = "does not say who chose, the learner or the teacher"
    words = words_meant(screen, "chosen_by", CHOICES, "unknown_chosen_by", wrong, save=own)
    chosen = _by_word(screen, "chosen_by", words)
    screen.put(chosen_by=pl.when(own).then(pl.lit("learner")).otherwise(chosen))


def _by_word(screen: Screen, column: str, meant: Mapping[str, str]) -> pl.Expr:
    """Return what each word of a column means; missing where it means nothing, or there is no such column."""
    if not screen.has(column):
        return pl.lit(None, pl.String)
    return pl.col(column).replace_strict(meant, return_dtype=pl.String, default=None)


def words_meant(
    screen: Screen,
    column: str,
    vocabulary: Mapping[str, Sequence[str]],
    code: str,
    wrong: str,
    *,
    save: pl.Expr | None = None,
) -> dict[str, str]:
    """Return what the words of a column mean; list the rows with a word that is not known, or is to be left out.

    Parameters
    ----------
    screen : Screen
    column : str
    vocabulary : mapping of str to sequence of str
        What each meaning may be called.
    code : str
        The code of a problem with a word that is not known.
    wrong : str
        What is to be said of such a word.
    save : polars.Expr, optional
        True for rows that are not to be listed, whatever the word.
    """
    options = screen.options
    words = meanings(screen.frame[column].unique().to_list(), options.words, vocabulary)
    listed = ~(save if save is not None else pl.lit(value=False))
    left = [word for word, one in words.items() if one.known and one.meaning is None]
    if left:
        say, hint = partial(why_left_out, options=options), "Give it a meaning to load them."
        screen.reject(pl.col(column).is_in(left) & listed, "left_out", column, say, hint)
    unknown = [word for word, one in words.items() if not one.known and word.strip()]
    if unknown:
        screen.reject(
            pl.col(column).is_in(unknown) & listed,
            code,
            column,
            lambda word: f'"{word}" {wrong}.',
            lambda word: word_hint(word, options, vocabulary),
        )
    return {word: one.meaning for word, one in words.items() if one.meaning is not None}


def why_left_out(word: str, options: Options) -> str:
    """Say that rows with a word are left out because the caller said so."""
    return f'Rows with "{word}" are left out, as was said: {options.say(words={word: None})}.'


def lengths(screen: Screen) -> None:
    """Read `minutes`; where it is no number of minutes of one day, the row goes on without them."""
    if not screen.has("minutes"):
        screen.put(minutes=pl.lit(None, pl.Float64))
        return
    read_lengths(screen)
    for row, text in screen.frame.filter(pl.col("_bad_minutes").is_not_null()).select(ROW, "_bad_minutes").iter_rows():
        screen.note(screen.problem(BAD_MINUTES.code, BAD_MINUTES.say(text), BAD_MINUTES.hint, row, "minutes", text))


def read_lengths(screen: Screen) -> None:
    """Read `minutes`, where there are any; put what is no number of minutes of one day into `_bad_minutes`."""
    if screen.has("minutes"):
        read = {text: minutes_of(text) for text in screen.frame["minutes"].unique().to_list()}
        unread = [text for text, minutes in read.items() if minutes is None and text.strip()]
        screen.put(
            pl.col("minutes").replace_strict(read, return_dtype=pl.Float64, default=None),
            _bad_minutes=pl.when(pl.col("minutes").is_in(unread)).then("minutes"),
        )


def minutes_of(text: str) -> float | None:
    """Return the minutes that a text tells, or None.

    Examples
    --------
    >>> minutes_of("25 min"), minutes_of("1:30"), minutes_of("2,5"), minutes_of("1 h 15"), minutes_of("long")
    (25.0, 90.0, 2.5, 75.0, None)
    """
    plain = text.strip()
    minutes = None
    if found := _MINUTES.fullmatch(plain):
        minutes = float(found[1].replace(",", "."))
    elif found := _HOURS_AND_MINUTES.fullmatch(plain):
        minutes = 60.0 * int(found[1]) + int(found[2])
    elif found := _HOURS.fullmatch(plain):
        minutes = 60 * float(found[1].replace(",", ".")) + int(found[2] or 0)
    return minutes if minutes is not None and minutes <= _LONGEST else None
