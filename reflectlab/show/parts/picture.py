"""A picture: an Axes that says what it shows, keeps what its marks stand for, and goes out as SVG or PNG."""

import html
import io
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...errors import ArgumentError
from .drawing import drawing, families, measure_once

_NO_METADATA: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))


class Picture(Axes):
    """An Axes that a notebook shows as SVG when a cell ends with it, and reads out as its alt text."""

    def draw(self, renderer: Any) -> None:
        """Draw it as it was measured, whoever saves the figure and at whatever resolution."""
        with drawing():
            measure_once(renderer)
            super().draw(renderer)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": to_svg(self), "text/plain": alt_text(self)}


@dataclass
class Description:
    """What a picture tells beside its lines: the title, the sentence, and its marks."""

    title: str = ""
    sentence: str = ""
    first_mark: int = 0
    marks: list[dict[str, str | None]] = field(default_factory=list)

    def mark(self, text: str, *, what: str, learner: str, goal: str | None = None, episode: str | None = None) -> str:
        """Note one mark and return its url."""
        url = f"#m{self.first_mark + len(self.marks)}"
        ids = {"learner_id": learner, "goal_id": goal, "episode_id": episode}
        self.marks.append({"url": url, "what": what, "text": text, **ids})
        return url


_DESCRIPTIONS: WeakKeyDictionary[Axes, Description] = WeakKeyDictionary()


def description_of(ax: Axes) -> Description:
    """Return the description of an Axes, a new one if it has none; marks are counted on over a figure."""
    if ax not in _DESCRIPTIONS:
        before = [len(_DESCRIPTIONS[other].marks) for other in _figure_of(ax).axes if other in _DESCRIPTIONS]
        _DESCRIPTIONS[ax] = Description(first_mark=sum(before))
    return _DESCRIPTIONS[ax]


def alt_text(picture: Axes | Figure) -> str:
    """Return what a picture shows, in words: its title and its sentence.

    Parameters
    ----------
    picture : Axes or Figure
        What a `plot_` function returned, or the figure it is in.

    Returns
    -------
    str
        Empty where no `plot_` function drew.

    Examples
    --------
    >>> import pandas as pd
    >>> from reflectlab.show import plot_transitions
    >>> steps = pd.DataFrame({"source": ["hook"], "target": ["verbs"], "n": [3], "p": [1.0]})
    >>> alt_text(plot_transitions(steps, title="Room 5"))
    'Room 5. 3 steps between 2 goals. Most often: from “hook” to “verbs”, 3 of 3 times.'
    """
    return " ".join(f"{_closed(each.title)} {each.sentence}".strip() for each in _descriptions(picture))


def _closed(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def marks(picture: Axes | Figure) -> list[dict[str, str | None]]:
    """Return what the marks of a picture stand for.

    Parameters
    ----------
    picture : Axes or Figure

    Returns
    -------
    list of dict
        One for each mark: `url` (as in the SVG, `#m17`), `what` (`learner`, `goal`, `stuck`, `waiting` or the kind of a
        participation), `text` (to read on hover), `learner_id`, `goal_id` and `episode_id`.
    """
    return [dict(mark) for each in _descriptions(picture) for mark in each.marks]


def to_svg(picture: Axes | Figure) -> str:
    """Return a picture as SVG whose text is text: the same text for the same picture.

    Parameters
    ----------
    picture : Axes or Figure

    Returns
    -------
    str
        From `<svg` on, so that it can stand in a page; it carries the alt text.
    """
    drawn = _saved(picture, format="svg", metadata=_NO_METADATA).decode()
    drawn = drawn[drawn.index("<svg") :]
    # Whoever looks at the page has other fonts than this machine: the names that go out are common ones.
    installed = ", ".join(f"'{family}'" for family in families())
    drawn = drawn.replace(installed, "'DejaVu Sans', 'Noto Sans', sans-serif")
    alt = html.escape(alt_text(picture), quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)


def to_png(picture: Axes | Figure, *, dpi: float = 110) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    picture : Axes or Figure
    dpi : float, default 110
        Pixels per inch.

    Returns
    -------
    bytes
    """
    return _saved(picture, format="png", dpi=dpi, metadata={"Software": None})


def _saved(picture: Axes | Figure, **options: Any) -> bytes:
    target = io.BytesIO()
    with drawing():
        _figure_of(picture).savefig(target, **options)
    return target.getvalue()


def _figure_of(picture: Any) -> Figure:
    figure = picture.get_figure(root=True) if isinstance(picture, Axes | Figure) else None
    if not isinstance(figure, Figure):
        raise ArgumentError(f"A picture is an Axes or a Figure; got {type(picture).__name__}.")
    return figure


def _descriptions(picture: Axes | Figure) -> list[Description]:
    every = [picture] if isinstance(picture, Axes) else _figure_of(picture).axes
    return [_DESCRIPTIONS[ax] for ax in every if ax in _DESCRIPTIONS]
