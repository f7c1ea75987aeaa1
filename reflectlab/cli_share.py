"""The commands for what leaves the room: publish, report, export, erase, clean, leaders."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .cli_options import is_there, not_installed, refuse, takes_log_options
from .language import chained, gettext

if TYPE_CHECKING:
    from .log import ProgressLog

_LOG = typer.Argument(help="The log: a file or a folder of tables.")


def add_to(app: typer.Typer) -> None:
    """Give the command these commands."""
    for command in (publish, report, export):
        app.command()(takes_log_options(command))
    for plain in (erase, clean, leaders):
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
    typer.echo(f"{output}: {bundle.in_words()}")
    command = f"reflectlab report {output} --audience leader -o review.html"
    typer.echo(gettext("To read it: {command}", command=command))


def report(
    log: Annotated[Path, typer.Argument(help="The log, or the folder of a bundle.")],
    said: dict[str, Any],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The page: .html, .pdf; of a bundle .png for a slide.")
    ],
    audience: Annotated[
        str | None, typer.Option(help="Who it is for: teacher or family; of a bundle, leader.", show_default=False)
    ] = None,
    class_id: Annotated[str | None, typer.Option("--class", help="The class; the first one by default.")] = None,
    learner: Annotated[str | None, typer.Option(help="The child of a family's page, by name or id.")] = None,
    picture: Annotated[str, typer.Option(help="Which picture of a bundle goes onto the slide.")] = "classes",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Write a class's term as one page to take away, for a teacher or a family; or a leader's review of a bundle."""
    from .explore.report import AUDIENCES
    from .share.bundle import MANIFEST

    if output.exists() and not overwrite:
        refuse(is_there(output))
    if (log / MANIFEST).is_file() or audience == "leader":
        _review(log, output, audience, picture)
    elif audience in (None, *AUDIENCES):
        _page(_loaded(log, said), output, audience or AUDIENCES[0], class_id, learner)
    else:
        allowed = chained("{one} or {other}", list(AUDIENCES))
        refuse(gettext('--audience of a log is {allowed}; got "{said}".', allowed=allowed, said=audience))
    typer.echo(gettext("{file}: written.", file=output))


def _page(log: "ProgressLog", output: Path, audience: Any, class_id: str | None, learner: str | None) -> None:
    """Write the page of a log; a child may be named, where only one in the class has that name."""
    from .explore.report import save_report

    if audience == "family" and learner is None:
        refuse(gettext("A family's page is of one child: {options}.", options="--audience family --learner NAME"))
    who = learner if learner is None else _called(log, learner, class_id)
    save_report(log, output, class_id=class_id, audience=audience, learner_id=who, overwrite=True)


def _called(log: "ProgressLog", text: str, class_id: str | None) -> str:
    """Return the id of the child who has this id or this name."""
    learners = log.learners if class_id is None else log.learners[log.learners["class_id"] == class_id]
    if text in set(learners["learner_id"]):
        return text
    found = learners.loc[learners["name"].str.casefold() == text.casefold(), "learner_id"].tolist()
    if len(found) > 1:
        ids = ", ".join(map(str, found))
        refuse(
            gettext(
                "{name} is the name of {number}: say --class, or the id: {ids}.", name=text, number=len(found), ids=ids
            )
        )
    return str(found[0]) if found else text


def _review(bundle: Path, output: Path, audience: str | None, picture: str) -> None:
    from .explore.leader import LeaderReview
    from .writing import write_file

    if audience not in (None, "leader"):
        refuse(gettext('--audience of a bundle is "leader"; got "{said}".', said=audience))
    review = LeaderReview(bundle)
    match output.suffix.lower():
        case ".html":
            made = review.to_html().encode()
        case ".pdf":
            made = review.to_pdf()
        case ".png":
            made = review.to_png(picture)
        case _:
            refuse(
                gettext(
                    "{file} must end in {endings}.",
                    file=output,
                    endings=chained("{one} or {other}", [".html, .pdf", ".png"]),
                )
            )
    write_file(output, made)


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

    typer.echo(str(erased(folder, learner, journal=journal)))


def clean(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebooks to make fit to be passed on.")],
) -> None:
    """Take outputs, the state of widgets and paths out of notebooks before they are passed on."""
    from .share import clean as cleaned

    for notebook in notebooks:
        typer.echo(f"{notebook}: {cleaned(notebook)}")


def leaders(
    bundle: Annotated[Path, typer.Argument(help="The folder of a bundle.")],
    port: Annotated[int, typer.Option(help="The port to try first.", min=1024, max=65535)] = 8867,
) -> None:
    """Serve a leader's review of a bundle on a page of its own, behind a token."""
    try:
        from .serve.leaders import serve_bundle
    except ImportError:
        refuse(not_installed("Voilà"))
    serve_bundle(bundle, port=port, say=typer.echo)


def _loaded(path: Path, said: dict[str, Any]) -> "ProgressLog":
    from .load.assemble import assemble
    from .load.options import Options
    from .load.progress_bar import waiting

    with waiting(gettext("Loading")):
        return assemble(path, Options.checked(**said), strict=False)
