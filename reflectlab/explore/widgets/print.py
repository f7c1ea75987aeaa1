"""`PrintButton`: pages, printed from a frame of their own."""

from collections.abc import Callable
from typing import Any

import anywidget

from . import STYLE, script

Page = dict[str, Any]
"""A page: `title`, `heading`, a picture as `svg` with its `description`, and a table: `columns` and `rows`."""


class PrintButton(anywidget.AnyWidget):
    """A button that prints a page a learner.

    The pages are made when they are asked for and sent to the page once; they are not stored in the notebook.

    >>> PrintButton(list).pages()
    []
    """

    _esm = script("print.js")
    _css = STYLE

    def __init__(self, pages: Callable[[], list[Page]]) -> None:
        self.pages = pages
        super().__init__()
        self.on_msg(self._on_message)

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        if message == "print":
            self.send({"pages": self.pages()})
