"""`PrintButton`: pages, printed from a frame of their own, and files to be saved."""

from collections.abc import Callable, Sequence
from typing import Any

import traitlets

from ...errors import ReflectLabError
from ...language import ngettext
from . import STYLE, Worded, script

Page = dict[str, Any]
"""A page: `title`, `heading`, sentences that were `said`, a picture (`svg`, `description`), a table (`columns`,
`rows`), `notes` and a `step`."""

Wants = dict[str, Any]
"""What the page asks for, as text and as true or false."""


class PrintButton(Worded):
    """A button that prints a page a learner, and what else can be printed or saved.

    What is asked for is made then and sent to the page once; it is not stored in the notebook.

    >>> PrintButton(lambda wants: []).pages()
    []
    """

    _esm = script("print.js")
    _css = STYLE

    has_notes = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        pages: Callable[[Wants], list[Page]],
        file: Callable[[Wants, str], Sequence[Any]] | None = None,
        left_out: Callable[[Wants], int] | None = None,
        remark: Callable[[str], str] = lambda _: "",
        *,
        has_notes: bool = False,
    ) -> None:
        self._pages, self._file, self._left_out, self._remark = pages, file, left_out, remark
        super().__init__(has_notes=has_notes)
        self.on_msg(self._on_message)

    def pages(self, **wants: Any) -> list[Page]:
        """Return the pages that are asked for; by default one for each learner."""
        return self._pages(wants)

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        if not isinstance(message, dict):
            return
        asked = message.get("wants")
        wants: Wants = asked if isinstance(asked, dict) else {}
        try:
            left = self._left_out(wants) if self._left_out and wants else 0
            if message.get("do") == "print":
                self.send({"pages": self._pages(wants), "left": _left_out_in_words(left)})
            elif message.get("do") == "save" and self._file:
                kind = str(message.get("kind"))
                name, mime, content = self._file(wants, kind)
                said = {"left": _left_out_in_words(left), "remark": self._remark(kind)}
                self.send({"file": name, "kind": mime, **said}, buffers=[content])
        except ReflectLabError as error:
            self.send({"trouble": str(error)})


def _left_out_in_words(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "{number} note that names another child is left out.",
        "{number} notes that name other children are left out.",
        number,
    )
