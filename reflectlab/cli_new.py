"""The command that begins a log: new."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_options import is_there, quoted, refuse
from .language import gettext


def add_to(app: typer.Typer) -> None:
    """Give the command this command."""
    app.command()(new)


def new(
    workbook: Annotated[Path, typer.Argument(help="The workbook to write; its name ends in .xlsx.")],
    learners: Annotated[
        Path | None,
        typer.Option(help="A text file with a name a line; behind tabs: class, joined, left, other names."),
    ] = None,
    goals: Annotated[
        Path | None, typer.Option(help="A text file with a goal a line; behind tabs: strand, level, due.")
    ] = None,
    class_id: Annotated[str, typer.Option("--class", help="The class of those for whom none is said.")] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Write a workbook to keep a class log in, with lists to choose from.

    Asks before it replaces a file; where nobody can be asked, it replaces none without --overwrite.
    """
    from .workbook import new_workbook

    if workbook.exists() and not overwrite:
        overwrite = _asked(workbook)
    new_workbook(workbook, learners=learners or (), goals=goals or (), class_id=class_id, overwrite=overwrite)
    typer.echo(
        gettext("{file}: written. Open it in your spreadsheet; its first sheet says how it is kept.", file=workbook)
    )
    typer.echo(gettext("Then: {command}", command=f"reflectlab check {quoted(str(workbook))}"))


def _asked(workbook: Path) -> bool:
    """Ask whether what is there may go; end the command where it may not."""
    if not sys.stdin.isatty():
        refuse(is_there(workbook))
    return typer.confirm(
        gettext("{file} is there already, and all that is written in it would be lost. Replace it?", file=workbook),
        abort=True,
    )
