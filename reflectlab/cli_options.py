"""The options of the command line that say what a log's files mean: what `load` is told in Python."""

import errno
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from .errors import ArgumentError, ReflectLabError, did_you_mean, harmless, one_of, short
from .language import gettext

_NAMES = {
    "columns": "--column", "headers": "--header", "words": "--word", "terms": "--term", "class_id": "--class",
    "learner_id": "--learner", "same_goals": "--same-goal",
}  # fmt: skip
"""The options whose name is not that of their argument."""

REFUSED = 2
"""How a command ends where a file cannot be read."""


class Commands(TyperGroup):
    """The commands, each of which ends in one sentence and a code where a file, a disk or the memory ends it."""

    def invoke(self, ctx: Any) -> Any:
        """Run what was asked for."""
        try:
            return super().invoke(ctx)
        except ReflectLabError as error:
            refuse(why_not(error))
        except MemoryError:
            refuse(gettext("There is not enough memory for that. Close other programs, or give a smaller log."))
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads has seen enough, as `head` has
                raise
            named = [short(Path(os.fsdecode(error.filename)))] if isinstance(error.filename, str | bytes) else []
            refuse(": ".join([*named, error.strerror or str(error)]) + ".")


def takes_log_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what a log's files mean, as `said`.

    >>> @takes_log_options
    ... def show(said):
    ...     print(said)
    >>> show(word=["S=met"], year=2026)
    {'words': {'S': 'met'}, 'year': 2026}
    """
    shared = signature(_said).parameters
    own = {name: one for name, one in signature(command).parameters.items() if name != "said"}

    @wraps(command)
    def run(**given: Any) -> None:
        said = _said(**{name: given.pop(name) for name in shared if name in given})
        command(**given, said={name: value for name, value in said.items() if value is not None})

    setattr(run, "__signature__", signature(command).replace(parameters=[*own.values(), *shared.values()]))  # noqa: B010 - mypy
    return run


def _said(
    *,
    layout: Annotated[
        str | None, typer.Option("--format", help="What kind of log it is; without it, that is found out.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help='Which column is which, as "learner_id=Pupil"; can be repeated.')
    ] = None,
    header: Annotated[
        list[str] | None, typer.Option(help='What a header is in English, as "Zeit=Time"; can be repeated.')
    ] = None,
    word: Annotated[
        list[str] | None,
        typer.Option(help='What a word of the file means, as "S=met"; "S=" leaves its rows out; can be repeated.'),
    ] = None,
    date_format: Annotated[str | None, typer.Option(help='How dates are written, as "%d.%m.%Y".')] = None,
    dayfirst: Annotated[
        bool | None,
        typer.Option("--dayfirst/--monthfirst", help="How 03/04 is to be read.", show_default=False),
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year of dates that are written without one.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day on which what has no date counts, a tick say.")] = None,
    tz: Annotated[str | None, typer.Option(help="The time zone of the school; without it, UTC.")] = None,
    class_from: Annotated[
        str | None, typer.Option(help='Where no column says the class: "sheet" or "file", whose name is the class.')
    ] = None,
    same: Annotated[
        list[str] | None, typer.Option(help='Who is who, as "Ben=Benjamin Smith"; can be repeated.')
    ] = None,
    same_goals: Annotated[
        list[str] | None,
        typer.Option("--same-goal", help='Which goals are one, as "hok=hook"; can be repeated.'),
    ] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option(help='Who is left out, by name or id; "staff" is who teaches; can be repeated.')
    ] = None,
    fill_dates: Annotated[
        bool | None,
        typer.Option(
            "--fill-dates/--no-fill-dates",
            help="Whether a date counts for the rows below that have none.",
            show_default=False,
        ),
    ] = None,
    hidden: Annotated[
        bool | None,
        typer.Option("--hidden/--no-hidden", help="Whether hidden sheets and rows are read.", show_default=False),
    ] = None,
    term: Annotated[
        list[str] | None,
        typer.Option(help='The days of a term, as "2026-07-20..2026-09-25"; can be repeated.'),
    ] = None,
    blanks: Annotated[
        str | None, typer.Option(help='"set": an empty cell of a grid is a goal that was set, and not met.')
    ] = None,
    met_at: Annotated[
        str | None, typer.Option(help="From which share of the full mark a goal counts as met, as 0.5 or 50%.")
    ] = None,
    mapping: Annotated[
        bool | None,
        typer.Option(
            "--mapping/--no-mapping",
            help="Whether what you kept in the wizard for such files is used; it is, unless you say no.",
            show_default=False,
        ),
    ] = None,
    raise_limits: Annotated[
        float | None, typer.Option(help="How many times the usual limits (cells, columns, unpacking) a file may reach.")
    ] = None,
) -> dict[str, Any]:
    """Return the arguments of `load`, None where nothing was said."""
    return {
        "format": _format(layout),
        "columns": _columns(column or []),
        "headers": _pairs("--header", header or [], "Zeit=Time"),
        "words": _words(word or []),
        "date_format": date_format,
        "dayfirst": dayfirst,
        "year": year,
        "as_of": as_of,
        "tz": tz,
        "class_from": class_from,
        "same": _pairs("--same", same or [], "Ben=Benjamin Smith"),
        "same_goals": _pairs("--same-goal", same_goals or [], "hok=hook"),
        "leave_out": leave_out,
        "fill_dates": fill_dates,
        "hidden": hidden,
        "terms": _terms(term or []),
        "blanks": blanks,
        "met_at": met_at,
        "mapping": mapping,
        "raise_limits": raise_limits,
    }


def _terms(texts: list[str]) -> dict[str, tuple[str, str]] | None:
    """Return the first and the last day of each term, by its title; a title may stand before them."""
    terms = {}
    for number, text in enumerate(texts, start=1):
        title, _, days = text.rpartition("=")
        first, between, last = days.partition("..")
        if not between:
            raise ArgumentError(f'--term takes two days, as "2026-07-20..2026-09-25"; got "{text}".')
        terms[title or f"Term {number}"] = first.strip(), last.strip()
    return terms or None


def _format(layout: str | None) -> str | None:
    from .load.readers import all_readers

    if layout is not None:
        one_of("format", layout, [reader.name for reader in all_readers()])
    return layout


def _columns(texts: list[str]) -> dict[str, str] | None:
    from .load.options import COLUMN_NAMES

    pairs = _pairs("--column", texts, "learner_id=Pupil")
    for name in pairs or ():
        if name not in COLUMN_NAMES:
            near = did_you_mean(name, COLUMN_NAMES)
            text = f'"{name}" is no column of a log. {near}'.rstrip()
            raise ArgumentError(f"{text} It is one of: {', '.join(COLUMN_NAMES)}.")
    return pairs


def _words(texts: list[str]) -> dict[str, str | None] | None:
    from .schema import ABSENT, CHOOSERS, EVENTS, ROLES

    pairs = _pairs("--word", texts, "S=met")
    meanings = [*EVENTS, *ROLES, ABSENT, *CHOOSERS]
    for word, meaning in (pairs or {}).items():
        if meaning and meaning not in meanings:
            near = did_you_mean(meaning, meanings)
            text = f'"{meaning}" is nothing that "{word}" can mean. {near}'.rstrip()
            raise ArgumentError(f'{text} It is one of: {", ".join(meanings)}; "{word}=" leaves its rows out.')
    return {word: meaning or None for word, meaning in pairs.items()} if pairs else None


def _pairs(option: str, texts: list[str], example: str) -> dict[str, str] | None:
    for text in texts:
        if "=" not in text:
            raise ArgumentError(f'{option} takes two words with = between them, as "{example}"; got "{text}".')
    return dict(text.split("=", 1) for text in texts) or None


def in_options(**arguments: Any) -> str:
    """Return how some arguments of `load` are given at the command line.

    >>> print(in_options(words={"S": "met", "?": None}, dayfirst=False))
    --word "S=met" --word "?=" --monthfirst
    """
    return " ".join(option for name, value in arguments.items() for option in _options(name, value))


def _options(name: str, value: Any) -> list[str]:
    if name == "dayfirst":
        return ["--dayfirst" if value else "--monthfirst"]
    option = _option(name)
    if isinstance(value, bool):
        return [option if value else f"--no-{option.removeprefix('--')}"]
    if name == "terms":
        pairs = (
            [(f"{title}=", days) for title, days in value.items()]
            if isinstance(value, Mapping)
            else [("", days) for days in value]
        )
        return [f"{option} {quoted(f'{title}{first}..{last}')}" for title, (first, last) in pairs]
    if isinstance(value, list | tuple):
        return [f"{option} {quoted(_plain(one))}" for one in value]
    if isinstance(value, Mapping):
        return [f"{option} {quoted(f'{key}={_plain(one)}')}" for key, one in value.items()]
    return [f"{option} {quoted(_plain(value)) if isinstance(value, str) else value}"]


def _option(name: str) -> str:
    return _NAMES.get(name, f"--{name.replace('_', '-')}")


def _plain(value: Any) -> str:
    return "" if value is None else "..." if value is ... else str(value)


def quoted(text: str) -> str:
    """Return a text as the shell of this system takes it: in quotes, as it may hold blanks.

    >>> quoted("the new log.csv")
    '"the new log.csv"'
    """
    if not _STEERS_A_SHELL.search(text):
        return f'"{text}"'
    return subprocess.list2cmdline([text]) if sys.platform == "win32" else shlex.quote(text)


_STEERS_A_SHELL = re.compile(r'["$`\\!\n]')
"""What means something to a shell inside double quotes."""


def why_not(error: ReflectLabError) -> str:
    """Return the message of an error, in which an argument that is not allowed is called by its option.

    >>> why_not(ArgumentError("must be a date such as 2026-07-20; got 'May'.", "as_of"))
    "--as-of must be a date such as 2026-07-20; got 'May'."
    """
    if not isinstance(error, ArgumentError) or error.argument is None:
        return str(error)
    return f"{_option(error.argument)} {error.predicate}"


def refuse(message: str) -> NoReturn:
    """Say why a command cannot be done, and end it."""
    typer.echo(harmless(message, kept="\n"), err=True)
    raise typer.Exit(REFUSED)


def not_installed(what: str) -> str:
    """Return that a program is not there, and how to have it."""
    how = 'pip install -c constraints.txt -e ".[notebooks]"'
    return gettext("{program} is not installed. Install it with: {command}", program=what, command=how)


def is_there(file: Path) -> str:
    """Return that a file would be replaced, and what to do."""
    return gettext("{file} is there already. Choose another name, or say --overwrite.", file=file)
