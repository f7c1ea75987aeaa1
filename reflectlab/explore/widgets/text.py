"""`TextView`: a sentence or two, as they are."""

from collections.abc import Iterator, Mapping
from typing import Any

import anywidget
import traitlets

from . import STYLE, script
from .still import Still


class TextView(Still, anywidget.AnyWidget):
    """Lines of text, each a paragraph.

    Parameters
    ----------
    text : str
    heading : bool
        Whether the first line is a heading.
    code : bool
        Whether it is code, each line as it is.
    live : bool
        Whether a screen reader tells when the text changes.

    Examples
    --------
    >>> TextView("Kept.", live=True).text
    'Kept.'
    """

    _esm = script("text.js")
    _css = STYLE

    text = traitlets.Unicode().tag(sync=True)
    heading = traitlets.Bool(False).tag(sync=True)
    code = traitlets.Bool(False).tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)

    def __init__(self, text: str = "", *, heading: bool = False, code: bool = False, live: bool = False) -> None:
        super().__init__(text=text, heading=heading, code=code, live=live)

    def still(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what it leaves in a notebook."""
        yield "words", {"text": self.text}
