"""What `check` prints: all of it goes through one console, to which no file can say anything but text."""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .errors import harmless, short
from .language import counted, gettext, number_in_words, translatable
from .log.summary import Counted, FirstRows, Kind, Summary, kinds_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 160
"""How wide tables are printed where there is no terminal to say."""

MOST_COUNTED = 40
"""How many children, and how many goals, are listed."""

_SHOWN = {
    "events": ["time", "learner_id", "goal_id", "event", "chosen_by", "note"],
    "collaborations": ["time", "episode_id", "learner_id", "goal_id", "role", "minutes", "note"],
}
"""What is shown of the first rows of each table."""

_LONGEST = 100
"""How many letters of a cell or a name are shown at most."""

_LONG_VALUE = re.compile(f'"([^"]{{{_LONGEST}}})[^"]+"')


def say(understood: Summary, *, dates_only: bool, every: bool) -> None:
    """Print what is in a log and what was wrong: kinds of problems, or `every` one."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else PIPED_WIDTH
    console = Console(markup=False, highlight=False, emoji=False, width=wide, soft_wrap=wide is not None)
    for line in _counts(understood):
        _print(console, line)
    for sample in understood.samples:
        console.print()
        console.print(_first_rows(sample, dates_only))
    console.print()
    _print(console, _listed(_CHILDREN, understood.each_learner, every))
    _print(console, _listed(_GOALS, understood.each_goal, every))
    for what, problems in (
        (translatable("Left out of the log ({number}):"), understood.left_out),
        (translatable("Remarks, for which no row is left out ({number}):"), understood.remarks),
    ):
        if len(problems):
            console.print()
            _print(console, gettext(what, number=number_in_words(len(problems))), style="bold")
            _say_problems(console, problems, every)


def _print(console: "Console", line: str, style: str | None = None) -> None:
    console.print(harmless(line), style=style)


def _counts(understood: Summary) -> Iterator[str]:
    yield gettext("Understood: {what}.", what=understood.in_words)
    if understood.happened:
        events = ", ".join(f"{number_in_words(number)} {event}" for event, number in understood.happened.items())
        yield gettext("Events: {events}.", events=events)
    for part in understood.accounts:
        told = {
            "place": part.place or gettext("Rows"),
            "rows": counted(part.read, "row"),
            "loaded": number_in_words(part.loaded),
            "left_out": number_in_words(part.listed),
        }
        if part.partly:
            some = number_in_words(part.partly)
            yield gettext(
                "{place}: {rows} read = {loaded} loaded ({some} of them only in part) + {left_out} left out.",
                some=some,
                **told,
            )
        else:
            yield gettext("{place}: {rows} read = {loaded} loaded + {left_out} left out.", **told)


def _listed(what: str, each: Sequence[Counted], every: bool) -> str:
    """Name children or goals, with how many rows each has; those that may be another one first, and marked."""
    shown = each if every else each[:MOST_COUNTED]
    names = [
        gettext(_DOUBTFUL if one.doubtful else "{name} ({rows})", name=_text(one.name), rows=number_in_words(one.rows))
        for one in shown
    ]
    if len(each) > len(shown):
        names.append(gettext("and {number} more (--all lists them)", number=number_in_words(len(each) - len(shown))))
    return gettext(what, number=number_in_words(len(each)), names=", ".join(names))


_CHILDREN = translatable("The children, with the rows of each ({number}): {names}.")

_GOALS = translatable("The goals, with the rows of each ({number}): {names}.")

_DOUBTFUL = translatable("{name} ({rows}, another one written otherwise?)")


_FIRST = translatable(
    {
        "events": "The first events ({shown} of {number})",
        "collaborations": "The first collaborations ({shown} of {number})",
    }
)


def _first_rows(sample: FirstRows, dates_only: bool) -> "Table":
    from rich.table import Table
    from rich.text import Text

    shown = sample.rows[_SHOWN[sample.table]].dropna(axis="columns", how="all")
    numbers = {"shown": number_in_words(len(shown)), "number": number_in_words(sample.number)}
    title = gettext(_FIRST[sample.table], **numbers)
    table = Table(title=Text(title), title_justify="left")
    for column in shown.columns:
        table.add_column(Text(str(column)), overflow="fold")
    when = "%Y-%m-%d" if dates_only else "%Y-%m-%d %H:%M"
    for row in shown.assign(time=shown["time"].dt.strftime(when)).to_numpy():
        table.add_row(*(Text(_text(value)) for value in row))
    return table


def _say_problems(console: "Console", problems: "pd.DataFrame", every: bool) -> None:
    for kind in kinds_of(problems, every=every):
        _print(console, f"  {_shortened(_places(kind))}", style="bold")
        _print(console, f"    {_shortened(kind.message)}")
        _print(console, f"    {kind.hint}", style="italic")
    if not every and any(kind.number > len(kind.places) for kind in kinds_of(problems)):
        _print(console, f"  {gettext('--all lists each of them.')}")


def _places(kind: Kind) -> str:
    places = "; ".join(kind.places)
    if kind.number == 1:
        return places
    more = "; ..." if kind.number > len(kind.places) else ""
    return gettext("{number} times: {places}", number=number_in_words(kind.number), places=f"{places}{more}")


def _text(value: Any) -> str:
    """Return a value as text in which nothing steers a terminal, cut where it is long; nothing where it is missing."""
    return "" if value is None or value != value or str(value) == "<NA>" else short(harmless(str(value)), _LONGEST)


def _shortened(text: str) -> str:
    """Return a text with long values in it cut; a hint, which may be there to be copied, stays whole."""
    return _LONG_VALUE.sub(r'"\1…"', text)
