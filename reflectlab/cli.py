"""The command `reflectlab`: open the notebooks or the board, or see what is understood of a file."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import in_options, quoted, refuse, takes_log_options

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from .log import ProgressLog


NOTEBOOK = "teacher_reflection.ipynb"

SAMPLE = 5
"""How many rows `check` shows of what it understood."""

WIDTH = 160
"""How wide tables are printed where there is no terminal to say."""

_QUIET = (
    *("--ServerApp.log_level=WARN", "--LabApp.log_level=WARN", "--ServerApp.answer_yes=True"),
    *("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
)
"""What Jupyter says and asks: little of the first, and nothing of anybody else's machine."""

READABLE, LEFT_OUT = 0, 1
"""How `check` ends: every row is in the log; some are not. Where a file cannot be read, `refuse` ends it."""

app = typer.Typer(
    help="Reflect on a class log: pathways, completion of learners' own goals, and collaboration.",
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
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and stop."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


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
        from jupyterlab.labapp import LabApp
    except ImportError:
        refuse('JupyterLab is not installed. Install it with: pip install -c constraints.txt -e ".[notebooks]"')
    notebooks = _notebooks(folder)
    arguments = [f"--ServerApp.root_dir={notebooks}", f"--ServerApp.port={port}", *_QUIET]
    if (notebooks / NOTEBOOK).is_file():
        arguments.append(f"--LabApp.default_url=/lab/tree/{NOTEBOOK}")
    if not (browser and _has_screen()):
        arguments.append("--no-browser")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        arguments.append("--allow-root")
    logging.captureWarnings(True)  # what Jupyter's parts warn one another of is nothing to a teacher
    typer.echo(f"JupyterLab starts in {notebooks}. Its address follows; Ctrl-C ends it.")
    LabApp.launch_instance(arguments)


@app.command(name="app")
@takes_log_options
def board(
    log: Annotated[Path, typer.Argument(help="The log to show: a file or a folder of tables.", exists=True)],
    said: dict[str, Any],
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or only print the address.")
    ] = True,
    port: Annotated[int, typer.Option(help="The port to try first.", min=1024, max=65535)] = 8866,
) -> None:
    """Open the class board on a page of its own, on this machine only."""
    from .problems import left_out

    try:
        from .explore.app import serve
    except ImportError:
        refuse('Voilà is not installed. Install it with: pip install -c constraints.txt -e ".[notebooks]"')
    understood = _loaded(log, said)
    typer.echo(
        f"{log}: {_counted(len(understood.learners), 'learner')}, {understood.first_day} to {understood.last_day}."
    )
    if missing := len(left_out(understood.problems)):
        each = "it" if missing == 1 else "each"
        see = " ".join(["reflectlab check", quoted(str(log)), *([in_options(**said)] if said else [])])
        typer.echo(f"Not all of it is on the board: {_counted(missing, 'problem')}. To see {each}: {see}")
    typer.echo("The board's address follows; it works on this machine only, as long as this runs. Ctrl-C ends it.")
    serve(log, said, port=port, browser=browser and _has_screen(), say=typer.echo)


def _notebooks(folder: Path | None) -> Path:
    clone = Path(__file__).resolve().parent.parent / "notebooks"
    places = [folder] if folder else [Path.cwd() / "notebooks", Path.cwd(), clone]
    found = next((place for place in places if (place / NOTEBOOK).is_file() or place == folder), None)
    if found is None or not found.is_dir():
        looked = ", ".join(str(place) for place in dict.fromkeys(places))
        refuse(
            f"There are no notebooks in {looked}. They are part of a clone of reflectlab, in notebooks.\n"
            "Run this in the clone, or name a folder: reflectlab lab FOLDER"
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
) -> None:
    """Say what is understood of a log, and each problem with its place and what to do.

    Ends with 0 where every row is in the log, 1 where rows were left out, 2 where a file cannot be read.
    """
    log = _loaded(files[0] if len(files) == 1 else files, said)
    left_out = _say_log(log)
    raise typer.Exit(LEFT_OUT if left_out else READABLE)


def _loaded(path: Path | list[Path], said: dict[str, Any]) -> "ProgressLog":
    """Load a log, its messages in the words of the command line."""
    from .load.assemble import assemble
    from .load.options import Options
    from .load.progress_bar import waiting

    options = Options.checked(**said, say=in_options)
    with waiting("Loading"):
        return assemble(path, options, strict=False)


def _say_log(log: "ProgressLog") -> int:
    """Print what is in a log and what was wrong; return how many problems left rows out."""
    from rich.console import Console

    from .problems import KEPT

    wide = None if sys.stdout.isatty() else WIDTH
    console = Console(markup=False, highlight=False, emoji=False, width=wide, soft_wrap=wide is not None)
    problems = log.problems
    remark = problems["code"].isin(KEPT)
    for line in _understood(log):
        console.print(line)
    for table in _samples(log):
        console.print()
        console.print(table)
    _say_problems(console, "Left out of the log", problems[~remark])
    _say_problems(console, "Remarks, for which no row is left out", problems[remark])
    return int((~remark).sum())


def _understood(log: "ProgressLog") -> Iterator[str]:
    counts = {
        "learner": len(log.learners),
        "goal": len(log.goals),
        "event": len(log.events),
        "episode of working together": log.collaborations["episode_id"].nunique(),
    }
    words = [_counted(number, noun) for noun, number in counts.items()]
    yield f"Understood: {', '.join(words)}, {log.first_day} to {log.last_day}."
    happened = log.events["event"].value_counts()
    if len(happened):
        yield "Events: " + ", ".join(f"{number:,} {event}" for event, number in happened.items()) + "."
    for part in _records(log.account):
        place = _place({"file": part["file"], "sheet": part["sheet"]}) or "Rows"
        partly = _partly(log, part)
        some = f" ({partly:,} of them only in part)" if partly else ""
        read, loaded, listed = _counted(part["read"], "row"), part["loaded"], part["listed"]
        yield f"{place}: {read} read = {loaded:,} loaded{some} + {listed:,} left out."


def _partly(log: "ProgressLog", part: Mapping[str, Any]) -> int:
    """Return how many rows of a file or sheet were loaded without something, as a row of a grid without a cell."""
    from .problems import left_out

    found = left_out(log.problems).fillna({"file": "", "sheet": ""})
    file, sheet = ("" if _is_nothing(part[name]) else part[name] for name in ("file", "sheet"))
    rows = found.loc[(found["file"] == file) & (found["sheet"] == sheet), "row"]
    return max(int(rows.nunique()) - int(part["listed"]), 0)


def _counted(number: int, noun: str) -> str:
    first, *rest = noun.split(" ", 1)
    return " ".join([f"{number:,}", first if number == 1 else f"{first}s", *rest])


def _samples(log: "ProgressLog") -> Iterator["Table"]:
    columns = {
        "events": ["time", "learner_id", "goal_id", "event", "chosen_by", "note"],
        "collaborations": ["time", "episode_id", "learner_id", "goal_id", "role", "minutes", "note"],
    }
    for name, wanted in columns.items():
        frame: pd.DataFrame = getattr(log, name)
        if len(frame):
            yield _sample(f"The first {name}", frame[wanted], log.dates_only)


def _sample(title: str, frame: "pd.DataFrame", dates_only: bool) -> "Table":
    from rich.table import Table
    from rich.text import Text

    shown = frame.head(SAMPLE).dropna(axis="columns", how="all")
    table = Table(title=Text(f"{title} ({len(shown):,} of {len(frame):,})"), title_justify="left")
    for column in shown.columns:
        table.add_column(Text(str(column)), overflow="fold")
    when = "%Y-%m-%d" if dates_only else "%Y-%m-%d %H:%M"
    for row in _records(shown.assign(time=shown["time"].dt.strftime(when))):
        table.add_row(*(Text("" if _is_nothing(value) else _plain(value)) for value in row.values()))
    return table


def _say_problems(console: "Console", what: str, problems: "pd.DataFrame") -> None:
    if problems.empty:
        return
    console.print()
    console.print(f"{what} ({len(problems):,}):", style="bold")
    for problem in _records(problems):
        written = "" if _is_nothing(problem["value"]) else f' "{_plain(problem["value"])}"'
        console.print(f"  {_place(problem)}{written}", style="bold")
        console.print(f"    {_plain(problem['message'])}")
        console.print(f"    {_plain(problem['hint'])}", style="italic")


def _place(problem: Mapping[str, Any]) -> str:
    named = {"file": "{}", "sheet": "sheet {}", "row": "row {}", "column": "column {}"}
    present = ((form, problem.get(key)) for key, form in named.items())
    return ", ".join(form.format(_plain(value)) for form, value in present if not _is_nothing(value))


def _records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _is_nothing(value: Any) -> bool:
    return value is None or value != value or str(value) in ("", "<NA>")


def _plain(value: Any) -> str:
    """Return a value as text in which nothing steers a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in str(value))
