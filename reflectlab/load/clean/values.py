"""Words and numbers of a table, put as the log has them; a row with one that cannot be understood is listed.

So is one of "everyone"; a dash, and "alone" where a classmate is expected, is an empty cell.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import polars as pl

from ...language import gettext, number_in_words, translatable
from ...log.checks import BAD_MINUTES
from ...problems import Problem
from ...schema import ABSENT, EVENTS, ROLES
from ..files.raw import ROW, RawTable, folded
from ..options import Options
from .dates.moments import take_day
from .dates.new_year import refuse_due_long_before
from .roster import Directory
from .screen import Screen
from .vocabulary import ALONE, CHOICES, HEADERS, MOST_UNKNOWN, WORDS, half_of, meanings, word_hint

_MINUTES = re.compile(r"(\d+(?:[.,]\d+)?(?:e-\d+)?)\s*(?:min(?:ute)?s?|m|')?\.?", re.IGNORECASE)

_HOURS_AND_MINUTES = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")

_HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?\.?(?:\s*(\d{1,2})\s*(?:min(?:ute)?s?|m)?)?", re.IGNORECASE)

_HALF_DAY = re.compile(
    r"(.*?)(?:[ap]\.?m\.?|(?:in the |this )?(?:morning|afternoon)|(?:before|after) lunch)\W*", re.IGNORECASE
)

_LONGEST = 24 * 60

OTHER_ROLE = {"helper": "seeker", "seeker": "helper", "peer": "peer"}
"""The role of the others, by that of one who was with them."""


def put_what_happened(screen: Screen, half: pl.Expr, learner: pl.Expr) -> None:
    """Put the event, the role, the absence and who chose in the place of the words for them."""
    meant = what_happened(screen)
    put_absences(screen, meant, half)
    put_events_and_roles(screen, meant)
    choices(screen, learner=learner)


def what_happened(screen: Screen) -> dict[str, str]:
    """Return the event or role that each word in `event` means, or `absent`; list the rows with any other."""
    if not screen.has("event"):
        return {}
    written = {word: half_of(word) for word in screen.frame["event"].unique().to_list()}
    bare = meanings([one for one, half in written.values() if half], screen.options.words, WORDS)
    halves = {word: half for word, (one, half) in written.items() if half and bare[one].meaning == ABSENT}
    screen.put(part=pl.col("event").replace_strict(halves, return_dtype=pl.String, default=None))
    wrong = translatable('"{word}" is no word for what happened that we know.')
    away = pl.col("event").is_in(list(halves))
    meant = words_meant(screen, "event", WORDS, "unknown_word", wrong, save=away)
    return {**meant, **dict.fromkeys(halves, ABSENT)}


def put_absences(screen: Screen, meant: Mapping[str, str], half: pl.Expr) -> None:
    """Add whether the learner of each row was `away`, and on which `part` of the day, which the date may tell too.

    Such a row tells of no goal and of nobody else.
    """
    words = [word for word, one in meant.items() if one == ABSENT]
    if not words:
        screen.put(away=pl.lit(value=False), part=pl.lit(None, pl.String))
        return
    screen.put(away=pl.col("event").is_in(words), part=pl.coalesce("part", half))
    if screen.has("with"):
        named = pl.col("away") & (pl.col("with").str.strip_chars() != "")
        text = gettext("This learner was away: whoever they were with was left out.")
        screen.remark(named, "normalised", "with", lambda _: text, gettext("Correct it if the learner was there."))
    nothing = [name for name in ("with", "goal_id", "role") if screen.has(name)]
    screen.put(*(pl.when("away").then(pl.lit("")).otherwise(name).alias(name) for name in nothing))


def halves_of_days(texts: pl.Series) -> pl.Series:
    """Return which half of its day each date tells: `am`, `pm`, or nothing.

    >>> halves_of_days(pl.Series(["2026-07-23 am", "2026-07-23 9:30 am", "23/07/2026 afternoon"])).to_list()
    ['am', None, 'pm']
    """
    ends = texts.str.contains(r"(?i)(?:[ap]\.?m\.?|morning|afternoon|lunch)\W*$")
    if not ends.any():
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    told = {text: half_day(text) for text in texts.filter(ends).unique().to_list()}
    return texts.replace_strict(told, return_dtype=pl.String, default=None)


def half_day(text: str) -> str | None:
    """Return the half of a day that a date tells which has no clock time."""
    found = _HALF_DAY.fullmatch(text.strip())
    return half_of(text)[1] if found and take_day(found[1].strip(" ,(")) else None


def put_events_and_roles(screen: Screen, meant: Mapping[str, str]) -> None:
    """Put the `event` that each word means in its place, and add the `role` of the learner, and `other_role`.

    A role in a column of its own goes before one in `event`.
    """
    role = _by_word(screen, "event", {word: one for word, one in meant.items() if one in ROLES})
    if screen.has("role"):
        roles = {role: WORDS[role] for role in ROLES}
        wrong = translatable('"{word}" is no role: the row is in the log without it.')
        own = words_meant(screen, "role", roles, "unknown_role", wrong, costs_row=False)
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
    wrong = translatable(
        '"{word}" does not say who chose, the learner or the teacher: the row is in the log without it.'
    )
    words = words_meant(screen, "chosen_by", CHOICES, "unknown_chosen_by", wrong, save=own, costs_row=False)
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
    costs_row: bool = True,
) -> dict[str, str]:
    """Return what the words of a column mean; list the rows with a word that is not known, or is to be left out.

    `vocabulary` has what each meaning may be called; `code` and `wrong` tell the problem of a word that is not known.
    Rows to `save` are not listed, whatever the word; unless it `costs_row`, a word leaves only itself out.
    """
    options = screen.options
    words = meanings(screen.frame[column].unique().to_list(), options.words, vocabulary)
    listed = ~(save if save is not None else pl.lit(value=False))
    left = [word for word, one in words.items() if one.known and one.meaning is None]
    if left:
        say, hint = partial(why_left_out, options=options), gettext("Give it a meaning to load them.")
        screen.reject(pl.col(column).is_in(left) & listed, "left_out", column, say, hint)
    unknown = [word for word, one in words.items() if not one.known and word.strip()]
    if unknown:
        many = len(unknown) > MOST_UNKNOWN
        screen.note(*([_no_vocabulary(screen, column, len(unknown))] if many else []))
        told = screen.reject if costs_row else screen.remark
        told(
            pl.col(column).is_in(unknown) & listed,
            code,
            column,
            lambda word: gettext(wrong, word=word),
            lambda word: word_hint(word, options, vocabulary, one_of_many=many),
        )
    return {word: one.meaning for word, one in words.items() if one.meaning is not None}


def _no_vocabulary(screen: Screen, column: str, words: int) -> Problem:
    """Say that a column has so many words that are not known that it is most likely not the one that is meant."""
    text = gettext(
        "{words} different words here are not known: this column tells something in many ways, as a note does.",
        words=number_in_words(words),
    )
    hint = gettext(
        'If another column has the words, call that one "{header}", and this one "note".', header=HEADERS[column][0]
    )
    return screen.problem("many_words", text, hint, None, column, None)


def why_left_out(word: str, options: Options) -> str:
    """Say that rows with a word are left out because the caller said so."""
    return gettext(
        'Rows with "{word}" are left out, as was said: {option}.', word=word, option=options.say(words={word: None})
    )


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


_SAYS_NOTHING = r"(?i)^\s*(?:[-–—_.~/]+|n/a|n\.a\.?)\s*$"
"""A cell, as Polars looks for it, that was filled in to be left blank."""


def read_marks(screen: Screen) -> None:
    """Read what stands for something else: a ditto mark for what is above it, and a dash for an empty cell."""
    _write_dittos_out(screen)
    _blank_what_says_nothing(screen)


_DITTO = [
    '"', "''", "”", "“", "„", "″", "〃", "´´", '-"-', "do.", "ditto", "dito", "idem", "Do.", "Ditto", "Dito", "Idem"
]  # fmt: skip
"""What is written for the same as above."""


def _write_dittos_out(screen: Screen) -> None:
    """Read a ditto mark as what the cell above it says, column by column; say so once."""
    columns = [name for name in ("learner_id", "class_id", "goal_id", "event", "with") if screen.has(name)]
    marks = screen.frame.select(ROW, **{name: pl.col(name).str.strip_chars().is_in(_DITTO) for name in columns})
    marked = marks.filter(pl.any_horizontal(columns))
    if marked.is_empty():
        return
    row, name = marked[ROW][0], next(name for name in columns if marked[name][0])
    value = screen.frame.filter(pl.col(ROW) == row)[name].item()
    screen.put(
        *(screen.frame[name].set(marks[name], None).forward_fill().fill_null("").alias(name) for name in columns)
    )
    text = gettext(
        'Marks such as "{value}" were read as what the cell above them says: {number}, this one first.',
        value=value.strip(),
        number=number_in_words(marked.select(pl.sum_horizontal(columns).sum()).item()),
    )
    hint = gettext("Correct it if that is not what was meant.")
    screen.note(screen.problem("normalised", text, hint, row, name, value))


def _blank_what_says_nothing(screen: Screen) -> None:
    """Read a dash and the like as an empty cell, wherever somebody or something is named; say so once."""
    columns = [name for name in ("learner_id", "goal_id", "with", "chosen_by", "minutes", "due") if screen.has(name)]
    frame, first = _blanked(screen.frame, columns, screen.options)
    if first is not None:
        screen.note(_remark(screen.raw, first, screen.headers.get(first.column, first.column)))
        screen.put(*(frame[name] for name in columns))


def without_dashes(raw: RawTable, columns: Sequence[str], options: Options) -> RawTable:
    """Return a grid in whose cells a dash and the like is an empty cell; say so once."""
    frame, first = _blanked(raw.frame, columns, options)
    if first is None:
        return raw
    return replace(raw, frame=frame, problems=(*raw.problems, _remark(raw, first, first.column)))


class _Blanked(NamedTuple):
    """The first cell that was read as empty, and how many were."""

    row: int
    column: str
    value: str
    number: int


def _blanked(frame: pl.DataFrame, columns: Sequence[str], options: Options) -> tuple[pl.DataFrame, _Blanked | None]:
    nothing = {}
    for name in columns:
        values = frame[name].unique()
        said = values.filter(values.str.contains(_SAYS_NOTHING)).to_list()
        if texts := [text for text in said if text.strip() not in options.words]:
            nothing[name] = pl.col(name).is_in(texts)
    marked = frame.select(ROW, **nothing).filter(pl.any_horizontal(*nothing)) if nothing else frame.clear()
    if marked.is_empty():
        return frame, None
    row = marked[ROW][0]
    name = next(name for name in nothing if marked[name][0])
    number = sum(int(marked[name].sum()) for name in nothing)
    first = _Blanked(row, name, frame.filter(pl.col(ROW) == row)[name][0].strip(), number)
    return frame.with_columns(
        pl.when(each).then(pl.lit("")).otherwise(n).alias(n) for n, each in nothing.items()
    ), first


def _remark(raw: RawTable, first: _Blanked, header: str) -> Problem:
    number = number_in_words(first.number)
    text = gettext(
        'Cells such as "{value}" were read as empty: {number}, this one first.', value=first.value, number=number
    )
    return Problem("normalised", text, gettext("Nothing needs to be done."), *raw.place, first.row, header, first.value)


def says_nothing(cell: str) -> bool:
    """Tell whether a cell was filled in to be left blank.

    >>> says_nothing(" - "), says_nothing("N/A"), says_nothing("Na")
    (True, True, False)
    """
    return _NOTHING.fullmatch(cell) is not None


_NOTHING = re.compile(_SAYS_NOTHING)


def blank_who_was_alone(screen: Screen, roster: Directory | None) -> None:
    """Read "alone" as nobody in `with`; not where a child is called so."""
    if not screen.has("with"):
        return
    known = roster.find if roster is not None else {*screen.frame["learner_id"]}.__contains__
    words = [cell for cell in screen.frame["with"].unique() if folded(cell) in ALONE and not known(cell)]
    if not words:
        return
    first = screen.frame.filter(pl.col("with").is_in(words)).unique("with", keep="first", maintain_order=True)
    hint = gettext("Correct it if that is not what was meant.")
    for row, word in first.select(ROW, "with").iter_rows():
        text = gettext('"{word}" was read as nobody: this learner was with no one.', word=word)
        screen.note(screen.problem("normalised", text, hint, row, "with", word))
    screen.put(pl.when(pl.col("with").is_in(words)).then(pl.lit("")).otherwise("with").alias("with"))


def read_days_due(screen: Screen, others: Callable[[], Iterable[pl.Series]]) -> None:
    """Read the days due of a log whose times are read; what is none is remarked on, and its row stays."""
    if not screen.has("due"):
        return
    written = screen.frame.select(ROW, written=pl.col("due").str.strip_chars())
    screen.times("due", others, required=False, costs_row=False)
    if screen.options.year is not None:
        refuse_due_long_before(screen.frame.select(ROW, "time", "due").join(written, on=ROW), str(screen.raw))
