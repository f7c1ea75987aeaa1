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
    return [dict(mark) for ax in _axes_of(picture) if ax in _RECORDS for mark in _RECORDS[ax].marks]


@dataclass
class Record:
    """What a picture tells beside its lines: the title, the sentence, and its marks."""

    title: str = ""
    sentence: str = ""
    first_mark: int = 0
    marks: list[dict[str, str | None]] = field(default_factory=list)

    def mark(self, text: str, *, what: str, learner: str, goal: str | None, episode: str | None = None) -> str:
        """Note one mark and return its url."""
        url = f"#m{self.first_mark + len(self.marks)}"
        told = {"url": url, "what": what, "text": text, "learner_id": learner, "goal_id": goal, "episode_id": episode}
        self.marks.append(told)
        return url


_RECORDS: WeakKeyDictionary[Axes, Record] = WeakKeyDictionary()


def record(ax: Axes) -> Record:
    """Return the record of an Axes, a new one if it has none; marks are counted on over a figure."""
    if ax not in _RECORDS:
        before = [len(_RECORDS[other].marks) for other in _figure_of(ax).axes if other in _RECORDS]
        _RECORDS[ax] = Record(first_mark=sum(before))
    return _RECORDS[ax]


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
    told = [_RECORDS[ax] for ax in _axes_of(picture) if ax in _RECORDS]
    return " ".join(f"{_closed(each.title)} {each.sentence}".strip() for each in told)


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
    target = io.StringIO()
    with drawing():
        _figure_of(picture).savefig(target, format="svg", metadata=_NO_METADATA)
    drawn = target.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    ours = ", ".join(f"'{family}'" for family in families())
    drawn = drawn.replace(ours, "'DejaVu Sans', 'Noto Sans', sans-serif")
    told = html.escape(alt_text(picture), quote=True)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{told}" ', 1)


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
    target = io.BytesIO()
    with drawing():
        _figure_of(picture).savefig(target, format="png", dpi=dpi, metadata={"Software": None})
    return target.getvalue()


def _closed(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def _figure_of(picture: Any) -> Figure:
    figure = picture.get_figure(root=True) if isinstance(picture, Axes | Figure) else None
    if not isinstance(figure, Figure):
        raise ArgumentError(f"A picture is an Axes or a Figure; got {type(picture).__name__}.")
    return figure


def _axes_of(picture: Axes | Figure) -> list[Axes]:
    return [picture] if isinstance(picture, Axes) else list(_figure_of(picture).axes)
