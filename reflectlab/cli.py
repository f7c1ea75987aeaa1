"""The command `reflectlab`: open the notebooks or the board, or see what is understood of a file."""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import cli_new, cli_share
from .cli_options import Commands, in_options, not_installed, quoted, refuse, takes_log_options
from .errors import NotALogError
from .language import LANGUAGE, counted, gettext, languages, ngettext, number_in_words, use_language

if TYPE_CHECKING:
    from .log import ProgressLog


NOTEBOOK = "teacher_reflection.ipynb"

READABLE, LEFT_OUT = 0, 1
"""How `check` ends: every row is in the log; some are not. Where a file cannot be read, `refuse` ends it."""

app = typer.Typer(
    help="Reflect on a class log: pathways, completion of learners' own goals, and collaboration.",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    from . import __version__

    if asked:
        typer.echo(f"reflectlab {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    language: Annotated[
        str | None,
        typer.Option(help=f"The language of what people read: {', '.join(languages())}, or a .po file of your own."),
    ] = None,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and stop."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    if language is not None:
        context.with_resource(use_language(language))
        own = Path(language).expanduser().absolute() if language.endswith(".po") else language
        os.environ[LANGUAGE] = str(own)  # the processes that show a board are told; they run in another folder


@app.command()
def lab(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder of notebooks; without it, the one of this clone.", show_default=False),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or only print the address.")
    ] = True,
    port: Annotated[int, typer.Option(help="The port to try first.", min=1024, max=65535)] = 8888,
) -> None:
    """Open JupyterLab on the notebooks."""
    try:
        from .lab import serve
    except ImportError:
        refuse(not_installed("JupyterLab"))
    notebooks = _notebooks(folder)
    typer.echo(gettext("JupyterLab starts in {folder}. Its address follows; Ctrl-C ends it.", folder=notebooks))
    first = [NOTEBOOK] if (notebooks / NOTEBOOK).is_file() else []
    serve(notebooks, port=port, browser=browser and _has_screen(), first=first)


@app.command(name="app")
@takes_log_options
def open_board(
    log: Annotated[Path, typer.Argument(help="The log to show: a file or a folder of tables.")],
    said: dict[str, Any],
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or only print the address.")
    ] = True,
    port: Annotated[int, typer.Option(help="The port to try first.", min=1024, max=65535)] = 8866,
) -> None:
    """Open the class board on a page of its own, on this machine only."""
    if find_spec("voila") is None:
        refuse(not_installed("Voilà"))
    from .serve.kernels import nursery

    with nursery():  # which imports what a board needs while this process imports the server
        from .serve.app import serve

        _say_in_short(log, said)
        serve(log, {"mapping": True, **said}, port=port, browser=browser and _has_screen(), say=typer.echo)


def _say_in_short(log: Path, said: dict[str, Any]) -> None:
    """Print of a log what the board's page will not say, and that its address follows."""
    from .problems import left_out

    loaded = _loaded(log, said)
    learners = counted(len(loaded.learners), "learner")
    days = {"first": loaded.first_day, "last": loaded.last_day}
    typer.echo(gettext("{log}: {learners}, {first} to {last}.", log=log, learners=learners, **days))
    for used in loaded.problems.loc[loaded.problems["code"] == "kept_mapping", "message"]:
        typer.echo(used)
    if missing := len(left_out(loaded.problems)):
        see = " ".join(["reflectlab check", quoted(str(log)), *([in_options(**said)] if said else [])])
        typer.echo(
            ngettext(
                "Not all of it is on the board: {number} problem. To see it: {command}",
                "Not all of it is on the board: {number} problems. To see each: {command}",
                missing,
                number=number_in_words(missing),
                command=see,
            )
        )
    typer.echo(
        gettext("The board's address follows; it works on this machine only, as long as this runs. Ctrl-C ends it.")
    )


def _notebooks(folder: Path | None) -> Path:
    clone = Path(__file__).resolve().parent.parent / "notebooks"
    places = [folder] if folder else [Path.cwd() / "notebooks", Path.cwd(), clone]
    found = next((place for place in places if (place / NOTEBOOK).is_file() or place == folder), None)
    if found is None or not found.is_dir():
        looked = ", ".join(str(place) for place in dict.fromkeys(places))
        refuse(
            gettext(
                "There are no notebooks in {folders}. They are part of a clone of reflectlab, in notebooks.\n"
                "Run this in the clone, or name a folder: {command}",
                folders=looked,
                command="reflectlab lab FOLDER",
            )
        )
    return found.resolve()


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@app.command()
@takes_log_options
def check(
    files: Annotated[list[Path], typer.Argument(help="A file, a folder of tables, or several.", show_default=False)],
    said: dict[str, Any],
    every: Annotated[bool, typer.Option("--all", help="Whether each problem, child and goal is listed.")] = False,
) -> None:
    """Say what is understood of a log, and each kind of problem with its first places and what to do.

    Ends with 0 where every row is in the log, 1 where rows were left out, 2 where a file cannot be read.
    """
    from .cli_report import say
    from .log.summary import summary

    log = _loaded(files[0] if len(files) == 1 else files, said)
    understood = summary(log)
    say(understood, dates_only=log.dates_only, every=every)
    raise typer.Exit(LEFT_OUT if len(understood.left_out) else READABLE)


def _loaded(path: Path | list[Path], said: dict[str, Any]) -> "ProgressLog":
    """Load a log, its messages in the words of the command line."""
    from .load.assemble import assemble
    from .load.options import Options
    from .load.progress_bar import waiting

    options = Options.checked(**{"mapping": True, **said}, say=in_options)
    try:
        with waiting(gettext("Loading")):
            return assemble(path, options, strict=False)
    except NotALogError as error:
        if not error.loads_with:
            raise
        whole = gettext("The whole command: {command}", command=_command(path, said, error.loads_with))
        refuse(f"{error}\n{whole}")


def _command(path: Path | list[Path], said: dict[str, Any], more: Mapping[str, Any]) -> str:
    """Return the command that checks files with what was said, and more."""
    both = said | {
        name: {**said.get(name, {}), **one} if isinstance(one, Mapping) else one for name, one in more.items()
    }
    files = path if isinstance(path, list) else [path]
    return " ".join(["reflectlab check", *(quoted(str(file)) for file in files), in_options(**both)])


cli_new.add_to(app)
cli_share.add_to(app)
