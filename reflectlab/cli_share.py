"""The commands for what leaves the room: publish, report, export, erase, clean, leaders."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import refuse, takes_log_options, why_not
from .errors import ReflectLabError

if TYPE_CHECKING:
    from .log import ProgressLog

_LOG = typer.Argument(help="The log: a file or a folder of tables.", exists=True)


def add_to(app: typer.Typer) -> None:
    """Give the command these commands."""
    for command in (publish, export):
        app.command()(takes_log_options(command))
    for plain in (report, erase, clean, leaders):
        app.command()(plain)


def publish(
    log: Annotated[Path, _LOG],
    said: dict[str, Any],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the bundle.")] = Path("bundle"),
    released: Annotated[
        list[Path] | None, typer.Option(help="Another bundle that was released of this school; can be repeated.")
    ] = None,
) -> None:
    """Write what a school leader may see of a log: rates of groups, and no child."""
    from .share import publish as published

    bundle = published(_loaded(log, said), output, released=released or ())
    typer.echo(f"{output}: {bundle!r}")
    typer.echo(f"To read it: reflectlab report {output} --audience leader -o review.html")


def report(
    bundle: Annotated[Path, typer.Argument(help="The folder of a bundle.", exists=True)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page: .html, .pdf, or .png for a slide.")],
    audience: Annotated[str, typer.Option(help="Who it is for: leader.")] = "leader",
    picture: Annotated[str, typer.Option(help="Which picture goes onto the slide.")] = "classes",
) -> None:
    """Write a leader's review of a bundle as a page, a document or a picture for a slide."""
    from .explore.leader import LeaderReview

    if audience != "leader":
        refuse(f'--audience of a bundle is "leader"; got "{audience}".')
    try:
        review = LeaderReview(bundle)
        match output.suffix.lower():
            case ".html":
                output.write_text(review.to_html(), encoding="utf-8")
            case ".pdf":
                output.write_bytes(review.to_pdf())
            case ".png":
                output.write_bytes(review.to_png(picture))
            case _:
                refuse(f"{output} must end in .html, .pdf or .png.")
    except ReflectLabError as error:
        refuse(why_not(error))
    typer.echo(f"{output}: written.")


def export(
    log: Annotated[Path, _LOG],
    said: dict[str, Any],
    key: Annotated[Path, typer.Option(help="The file of the key, readable by nobody else (mode 600).")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")] = Path("export"),
    identifying: Annotated[
        list[str] | None, typer.Option(help="A column of the roster that could tell who it is; can be repeated.")
    ] = None,
) -> None:
    """Write a log for researchers: pseudonyms, weeks instead of times, no names and no notes."""
    from .share import export as exported

    released = exported(_loaded(log, said), output, key=key, identifying=identifying or ())
    typer.echo(f"{output}: {released}")


def erase(
    folder: Annotated[Path, typer.Argument(help="The folder of tables that a learner is to be taken out of.")],
    learner: Annotated[str, typer.Argument(help="The learner's id.")],
    journal: Annotated[Path | None, typer.Option(help="The file of the journal; without it, yours.")] = None,
) -> None:
    """Take everything about a learner out of a folder of tables and out of the journal."""
    from .share import erase as erased

    try:
        typer.echo(str(erased(folder, learner, journal=journal)))
    except ReflectLabError as error:
        refuse(why_not(error))


def clean(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebooks to make fit to be passed on.", exists=True)],
) -> None:
    """Take outputs, the state of widgets and paths out of notebooks before they are passed on."""
    from .share import clean as cleaned

    try:
        for notebook in notebooks:
            typer.echo(f"{notebook}: {cleaned(notebook)}")
    except ReflectLabError as error:
        refuse(why_not(error))


def leaders(
    bundle: Annotated[Path, typer.Argument(help="The folder of a bundle.", exists=True)],
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or only print the address.")
    ] = False,
    port: Annotated[int, typer.Option(help="The port to try first.", min=1024, max=65535)] = 8867,
) -> None:
    """Serve a leader's review of a bundle on a page of its own, behind a token."""
    try:
        from .explore.leaders import serve
    except ImportError:
        refuse('Voilà is not installed. Install it with: pip install -c constraints.txt -e ".[notebooks]"')
    try:
        serve(bundle, port=port, browser=browser, say=typer.echo)
    except ReflectLabError as error:
        refuse(why_not(error))


def _loaded(path: Path, said: dict[str, Any]) -> "ProgressLog":
    from .load.assemble import assemble
    from .load.options import Options
    from .load.progress_bar import waiting

    with waiting("Loading"):
        return assemble(path, Options.checked(**said), strict=False)
