"""What was found, as Markdown and as a picture, in docs/: the page around it is written by hand."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from .engines import NAMES

DOCS = Path(__file__).resolve().parents[2] / "docs"

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

MADE_BY_HAND = {"polars": "Polars", "polars_to_pandas": "Polars, made pandas", "pandas": "pandas", "pyspark": "PySpark"}

GROWS_FROM = 60_000
"""Below so many rows what a call costs by itself hides how it grows."""


class Found(NamedTuple):
    """One figure: of so many rows, `warm` or `fresh`, by one engine, of one measure."""

    rows: int
    how: str
    engine: str
    name: str
    cpu: float
    wall: float
    memory: float


def write(found: Sequence[Found], peers: Sequence[Sequence[Any]]) -> None:
    """Put the tables between the marks of docs/scale.md, and the picture beside it."""
    from .peers import Peer, as_markdown
    from .picture import draw

    page = DOCS / "scale.md"
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    told = tables(found) + (
        f"\n**Beside other packages**\n\n{as_markdown([Peer(*each) for each in peers])}" if peers else ""
    )
    page.write_text(f"{before}{BEGIN}\n\n{told}\n{END}{after}", "utf-8")
    draw(found, DOCS / "scale.png")


def tables(found: Sequence[Found]) -> str:
    """Return a table for each size, warm and fresh, and one of how the time grows.

    >>> call = Found(6000, "warm", "ours", "status", 0.02, 0.03, 2e8)
    >>> print(tables([call, call._replace(engine="polars", cpu=0.01, wall=0.01)]).splitlines()[2])
    | measure | ours, ms | Polars: CPU | clock | memory |
    """
    parts = [_of_size(found, rows, how) for rows in sizes(found) for how in ("warm", "fresh")]
    return "\n".join(part for part in [*parts, _growth(found)] if part)


def sizes(found: Sequence[Found]) -> list[int]:
    return sorted({each.rows for each in found})


def _of_size(found: Sequence[Found], rows: int, how: str) -> str:
    told = {(each.engine, each.name): each for each in found if (each.rows, each.how) == (rows, how)}
    names = [name for name in NAMES if ("ours", name) in told]
    others = [engine for engine in MADE_BY_HAND if any((engine, name) in told for name in names)]
    if not names or not others:
        return ""
    heads = [head for other in others for head in (f"{MADE_BY_HAND[other]}: CPU", "clock", "memory")]
    lines = [_line(["measure", "ours, ms", *heads]), _line(["---", *["---:"] * (1 + len(heads))])]
    for name in (*names, "together"):
        of = names if name == "together" else [name]
        known = ("cpu", "wall", "memory") if how == "fresh" or name == "together" else ("cpu", "wall", "")
        figures = [_ratio(told, other, of, what) for other in others for what in known]
        ours = sum(told["ours", each].cpu for each in of)
        lines.append(_line([name, f"{1000 * ours:,.0f}", *figures]))
    return f"**{rows:,} rows, {how}**\n\n" + "\n".join(lines) + "\n"


def _ratio(told: dict[tuple[str, str], Found], other: str, names: Sequence[str], what: str) -> str:
    """Return how many times as much ours takes; of memory the most of any, as it is of a process."""
    if not what or any((other, name) not in told for name in names):
        return ""
    ours, theirs = ([getattr(told[engine, name], what) for name in names] for engine in ("ours", other))
    whole = max if what == "memory" else sum
    return f"{whole(ours) / whole(theirs):.2f}"


def _growth(found: Sequence[Found]) -> str:
    told = {(each.rows, each.how, each.engine, each.name): each.cpu for each in found}
    steps = [step for how in ("warm", "fresh") for step in _steps(found, how)]
    if not steps:
        return ""
    heads = [f"{how}, {few:,} to {many:,}" for how, few, many in steps]
    lines = [_line(["exponent of the time", *heads]), _line(["---", *["---:"] * len(heads)])]
    for engine in ("ours", *MADE_BY_HAND):
        for name in NAMES:
            pairs = [
                (few, many, *(told.get((rows, how, engine, name)) for rows in (few, many))) for how, few, many in steps
            ]
            if any(low and high for *_, low, high in pairs):
                lines.append(_line([f"{name}, {MADE_BY_HAND.get(engine, 'ours')}", *map(_exponent, pairs)]))
    return "\n".join(lines) + "\n"


def _steps(found: Sequence[Found], how: str) -> Iterator[tuple[str, int, int]]:
    here = sorted({each.rows for each in found if each.how == how and each.rows >= GROWS_FROM})
    yield from ((how, few, many) for few, many in pairwise(here))


def _exponent(pair: tuple[int, int, float | None, float | None]) -> str:
    few, many, low, high = pair
    return f"{log(high / low) / log(many / few):.2f}" if low and high else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
